//! What is known around an inherent structure, and how it grows by one direction.

use super::descent::{Astray, Route};
use super::ground::{self, Field, Ground, apart, moved};
use super::saddle::{self, Saddle};
use super::stiffness::Stiffness;
use super::{Outcome, SearchedDirection, WellFailure, ridge};
use glass::InherentStructure;
use glass::quench::QuenchSettings;
use glass::space::longest;

/// A patch holds what is within this of its most-moved particles,
const PATCH_RADIUS: f64 = 5.0;

/// as many of which are taken as give it so many particles: at first, and where that fails.
const fn patch_particles(dimension: usize) -> [usize; 2] {
    if dimension == 3 { [500, 1000] } else { [200, 500] }
}

/// and as give it so many where a saddle relaxes before all particles are free.
const fn patch_between(dimension: usize) -> usize {
    if dimension == 3 { 2000 } else { 900 }
}

/// Places along one direction, up to where the most-moved particle has moved one mean diameter,
const PLACES: [f64; 6] = [0.1, 0.22, 0.36, 0.52, 0.75, 1.0];

/// and on the straight way to a minimum in between.
const PLACES_BETWEEN: [f64; 6] = [0.15, 0.3, 0.45, 0.6, 0.8, 1.0];

/// Minima in between that are searched towards, each nearer than the last.
const BETWEEN_MAX: usize = 4;

/// The inherent structure, and what was found next to it.
pub(super) struct Surroundings<'a, const D: usize> {
    pub(super) ground: Ground<'a, D>,
    /// Wherever it was wanted last.
    stiff: Stiffness,
    /// Saddles that were gone down from, and what came of it.
    saddles: Vec<(Field<D>, Fate<D>)>,
    /// Adjacent minima,
    minima: Vec<Field<D>>,
    /// and the lowest saddle to each that is known, above the inherent structure.
    barriers: Vec<f64>,
}

/// The way to an adjacent minimum: to a new one, or a lower one than was known.
pub(super) struct Way<const D: usize> {
    /// Which minimum, counted as they are found.
    pub(super) neighbour: usize,
    pub(super) route: Route<D>,
}

/// What came of a saddle.
#[derive(Clone)]
enum Fate<const D: usize> {
    /// The way over it is known.
    Known,
    /// There is no way over it.
    Astray(Astray<D>),
}

/// The particles that one search moves.
struct Patch<'a, const D: usize> {
    ground: Ground<'a, D>,
    stiff: Stiffness,
}

impl<'a, const D: usize> Surroundings<'a, D> {
    /// Nothing yet.
    pub(super) fn of(minimum: &'a InherentStructure<D>) -> Result<Self, WellFailure> {
        let ground = Ground::new(minimum);
        let stiff = Stiffness::at(&ground, &ground.origin())?;
        Ok(Surroundings { ground, stiff, saddles: Vec::new(), minima: Vec::new(), barriers: Vec::new() })
    }

    /// The ways to minima that are new, or lower ones than were known, and the searches that failed, both ways of a
    /// direction.
    pub(super) fn search(
        &mut self,
        searched: &SearchedDirection<D>,
        quench: &QuenchSettings,
    ) -> Result<Vec<(i8, Result<Way<D>, Outcome>)>, WellFailure> {
        let mut patch = self.patch(&searched.vector, patch_particles(D)[0])?;
        let mut larger: Option<Patch<'a, D>> = None;
        let mut ways = Vec::new();
        for direction in [1i8, -1] {
            let mut way = self.way_along(&mut patch, searched, direction, quench)?;
            if matches!(way, Some(Err(_))) {
                let larger = match &mut larger {
                    Some(larger) => larger,
                    none => none.insert(self.patch(&searched.vector, patch_particles(D)[1])?),
                };
                way = self.way_along(larger, searched, direction, quench)?;
            }
            ways.extend(way.map(|way| (direction, way)));
        }
        Ok(ways)
    }

    /// About `particles` particles around those that `vector` moves most.
    fn patch(&self, vector: &[[f64; D]], particles: usize) -> Result<Patch<'a, D>, WellFailure> {
        let minimum = self.ground.minimum();
        let members = ground::around_most_moved(minimum.configuration(), vector, PATCH_RADIUS, particles);
        let ground = Ground::around(minimum, members);
        let stiff = Stiffness::at(&ground, &ground.origin())?;
        Ok(Patch { ground, stiff })
    }

    /// The way out of the basin along a direction; nothing if there is none, or none that is new.
    fn way_along(
        &mut self,
        patch: &mut Patch<'_, D>,
        searched: &SearchedDirection<D>,
        direction: i8,
        quench: &QuenchSettings,
    ) -> Result<Option<Result<Way<D>, Outcome>>, WellFailure> {
        let vector = patch.ground.cut(&searched.vector);
        let diameters = self.ground.minimum().configuration().diameters();
        let furthest = diameters.iter().sum::<f64>() / (diameters.len() as f64 * longest(&vector));
        let second = Some(searched.second_minimum).filter(|s| *s < furthest);
        let mut places: Vec<f64> = PLACES.iter().map(|part| part * furthest).chain(second).collect();
        places.sort_by(f64::total_cmp);
        places.iter_mut().for_each(|s| *s *= f64::from(direction));

        let mut saddle = match patch.saddle_through(&vector, &places) {
            Ok(None) => return Ok(None),
            Ok(Some(saddle)) => saddle,
            Err(outcome) => return Ok(Some(Err(outcome))),
        };
        for _ in 0..=BETWEEN_MAX {
            let nearer = match self.way_over(saddle, quench) {
                Ok(way) => return Ok(way.map(Ok)),
                Err(Astray::Failed(outcome)) => return Ok(Some(Err(outcome))),
                Err(Astray::Between(nearer)) => nearer,
            };
            let mut patch = self.patch(&nearer, patch_particles(D)[0])?;
            let place = patch.ground.cut(&nearer);
            saddle = match patch.saddle_through(&place, &PLACES_BETWEEN) {
                Ok(Some(saddle)) => saddle,
                Ok(None) => return Ok(Some(Err(Outcome::NotAdjacent))),
                Err(outcome) => return Ok(Some(Err(outcome))),
            };
        }
        Ok(Some(Err(Outcome::NotAdjacent)))
    }

    /// The saddle near one of a patch where more particles are free, but not all.
    fn grown(&self, start: Start<D>) -> Result<Start<D>, Outcome> {
        if self.ground.particles() < 2 * patch_between(D) {
            return Ok(start);
        }
        let mut patch = self.patch(&start.place, patch_between(D)).map_err(|_| Outcome::NoSaddle)?;
        let [place, direction] = [&start.place, &start.direction].map(|field| patch.ground.cut(field));
        let saddle = saddle::near(&mut patch.ground, &mut patch.stiff, place, saddle::COARSE_TOLERANCE, &direction)?;
        Ok(patch.lifted(&saddle))
    }

    /// The way over the saddle near one of a patch, if it leads to a minimum that is not known, or is lower than the one known.
    fn way_over(&mut self, of_patch: Start<D>, quench: &QuenchSettings) -> Result<Option<Way<D>>, Astray<D>> {
        let Start { place, direction } = self.grown(of_patch).map_err(Astray::Failed)?;
        let saddle = saddle::near(&mut self.ground, &mut self.stiff, place, saddle::FORCE_TOLERANCE, &direction)
            .map_err(Astray::Failed)?;
        let is_known = |known: &&(Field<D>, Fate<D>)| apart(&known.0, &saddle.place) <= ground::SAME_PLACE;
        if let Some((_, fate)) = self.saddles.iter().find(is_known) {
            return match fate {
                Fate::Known => Ok(None),
                Fate::Astray(astray) => Err(astray.clone()),
            };
        }
        let route = Route::down_from(&mut self.ground, &saddle, &self.minima, quench);
        let fate = route.as_ref().map_or_else(|astray| Fate::Astray(astray.clone()), |_| Fate::Known);
        self.saddles.push((saddle.place, fate));
        let route = route?;
        let known = self.minima.iter().position(|known| self.ground.is_same(known, route.end_place()));
        let neighbour = match known {
            Some(neighbour) if self.barriers[neighbour] <= route.saddle_energy() => return Ok(None),
            Some(neighbour) => neighbour,
            None => {
                self.minima.push(route.end_place().to_vec());
                self.barriers.push(f64::INFINITY);
                self.minima.len() - 1
            }
        };
        self.barriers[neighbour] = route.saddle_energy();
        Ok(Some(Way { neighbour, route }))
    }
}

/// A saddle of a patch, as all particles of the glass see it.
struct Start<const D: usize> {
    place: Field<D>,
    direction: Field<D>,
}

impl<const D: usize> Patch<'_, D> {
    /// The saddle where the `places` times `vector` leave the basin, if they do.
    fn saddle_through(&mut self, vector: &[[f64; D]], places: &[f64]) -> Result<Option<Start<D>>, Outcome> {
        let origin = self.ground.origin();
        let places = places.iter().map(|s| moved(&origin, vector, *s));
        let saddle = ridge::saddle_beyond(&mut self.ground, &mut self.stiff, places)?;
        Ok(saddle.map(|saddle| self.lifted(&saddle)))
    }

    fn lifted(&self, saddle: &Saddle<D>) -> Start<D> {
        let [place, direction] = [&saddle.place, &saddle.direction].map(|field| self.ground.lifted(field));
        Start { place, direction }
    }
}
