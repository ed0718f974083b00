//! The saddle at the border of the basin of an inherent structure, where a line of places leaves it.
//!
//! Of the places some fall back and the next does not. The ways of two neighbours stay together on the ridge between two
//! basins, pass a saddle, and part. Between them the line is divided again, at first where it begins, then where they
//! still were together: what is found borders the inherent structure, because one of the two falls back. (Ionova and
//! Carter, doi:10.1063/1.465100, walk along the ridge in like manner.)

use super::Outcome;
use super::fall::{End, Fall};
use super::ground::{Field, Ground, Surface, apart, difference, dot, moved};
use super::saddle::{self, Saddle};
use super::stiffness::Stiffness;
use glass::space::longest;

/// The ridge is divided again this many times, and a saddle looked for,
const ROUNDS: usize = 8;

/// where forces are no larger than this, but in the last rounds.
const FORCE_OF_NEWTON: f64 = 2.0;
const LAST_ROUNDS: usize = 3;

/// Halvings each time.
const HALVINGS: usize = 3;

/// Two ways are together where they are apart by less than this part of what they are in the end: where a saddle is
/// looked for,
const BESIDE: f64 = 0.3;

/// and where the line between them is divided again.
const TOGETHER: f64 = 0.1;

/// The most-moved particle is displaced by this from a saddle to see where it falls.
const ASIDE: f64 = 0.05;

/// Two neighbours of a line.
struct Ridge<const D: usize> {
    /// Falls back.
    inside: Fall<D>,
    /// Does not.
    outside: Fall<D>,
}

/// The saddle at the border of the basin on the way from the origin through the `places`, or `None` if all of them fall
/// back. `stiff` is wherever it was wanted last.
pub(super) fn saddle_beyond<const D: usize>(
    ground: &mut Ground<'_, D>,
    stiff: &mut Stiffness,
    places: impl Iterator<Item = Field<D>>,
) -> Result<Option<Saddle<D>>, Outcome> {
    let Some(mut ridge) = Ridge::on_line(ground, ground.origin(), places) else { return Ok(None) };
    let mut outcome = Outcome::NoSaddle;
    for round in 0..ROUNDS {
        ridge.narrow(ground);
        let top = ridge.top();
        if top.force <= FORCE_OF_NEWTON || round + LAST_ROUNDS >= ROUNDS {
            match saddle::near(ground, stiff, top.place, saddle::COARSE_TOLERANCE, &top.parting) {
                Ok(saddle) if borders_home(ground, &saddle) => return Ok(Some(saddle)),
                Ok(_) => outcome = Outcome::NotAdjacent,
                Err(failure) => outcome = failure,
            }
        }
        ridge.go_on();
    }
    Err(outcome)
}

/// Where two neighbours pass a saddle.
struct Top<const D: usize> {
    place: Field<D>,
    /// From the one to the other.
    parting: Field<D>,
    /// The largest on either.
    force: f64,
}

impl<const D: usize> Ridge<D> {
    /// Where a line of places begins not to fall back; `None` if all do.
    fn on_line(
        ground: &mut impl Surface<D>,
        origin: Field<D>,
        places: impl Iterator<Item = Field<D>>,
    ) -> Option<Ridge<D>> {
        let mut inside = Fall::at_home(origin);
        for place in places {
            let fall = Fall::from(ground, place);
            match fall.end {
                End::Home => inside = fall,
                End::Elsewhere => return Some(Ridge { inside, outside: fall }),
            }
        }
        None
    }

    /// Halves the line between the two a few times: the place in the middle takes that of one of them.
    fn narrow(&mut self, ground: &mut impl Surface<D>) {
        for _ in 0..HALVINGS {
            let start = self.inside.start();
            let middle = moved(start, &difference(self.outside.start(), start), 0.5);
            let fall = Fall::from(ground, middle);
            match fall.end {
                End::Home => self.inside = fall,
                End::Elsewhere => self.outside = fall,
            }
        }
    }

    /// Times, and how far the two are apart then.
    fn separations(&self) -> Vec<(f64, f64)> {
        let mut times: Vec<f64> = self.inside.times().chain(self.outside.times()).collect();
        times.sort_by(f64::total_cmp);
        times.into_iter().map(|time| (time, apart(&self.inside.at(time).0, &self.outside.at(time).0))).collect()
    }

    /// Where forces are least while the two are together.
    fn top(&self) -> Top<D> {
        let separations = self.separations();
        let last = separations[separations.len() - 1].1;
        let force = |time: f64| self.inside.at(time).1.max(self.outside.at(time).1);
        let together = separations.iter().filter(|(_, separation)| *separation <= BESIDE * last);
        let least = together.map(|&(time, _)| (time, force(time))).min_by(|a, b| a.1.total_cmp(&b.1));
        let (time, force) = least.unwrap_or_else(|| (0.0, force(0.0)));
        let (inside, outside) = (self.inside.at(time).0, self.outside.at(time).0);
        let parting = difference(&outside, &inside);
        Top { place: moved(&inside, &parting, 0.5), parting, force }
    }

    /// Goes to where the two were together last.
    fn go_on(&mut self) {
        let separations = self.separations();
        let last = separations[separations.len() - 1].1;
        let together = separations.iter().rfind(|(_, separation)| *separation <= TOGETHER * last);
        if let Some(&(time, _)) = together.filter(|(time, _)| *time > 0.0) {
            (self.inside, self.outside) = (self.inside.after(time), self.outside.after(time));
        }
    }
}

/// Whether one side of `saddle` falls to the origin.
fn borders_home<const D: usize>(ground: &mut impl Surface<D>, saddle: &Saddle<D>) -> bool {
    let aside = ASIDE / longest(&saddle.direction);
    // More often than not it is the side that points there.
    let aside = if dot(&saddle.place, &saddle.direction) > 0.0 { -aside } else { aside };
    let mut falls_back = |scale: f64| {
        let start = moved(&saddle.place, &saddle.direction, scale);
        Fall::from(ground, start).end == End::Home
    };
    falls_back(aside) || falls_back(-aside)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]

    use super::super::path::{DEEP, HIGH_SADDLE, LOW_SADDLE, MIDDLE, MuellerBrownAround, RIGHT};
    use super::*;

    #[test]
    fn the_ridge_leads_to_the_known_saddles() {
        let ways = [
            (MIDDLE, RIGHT, LOW_SADDLE),
            (RIGHT, MIDDLE, LOW_SADDLE),
            (MIDDLE, DEEP, HIGH_SADDLE),
            (DEEP, MIDDLE, HIGH_SADDLE),
        ];
        for (home, other, saddle) in ways {
            let mut surface = MuellerBrownAround::new(home);
            let (way, saddle) = (vec![surface.place(other)], vec![surface.place(saddle)]);
            let places = (1..=10).map(|part| moved(&[[0.0; 2]], &way, f64::from(part) / 10.0));
            let mut ridge = Ridge::on_line(&mut surface, vec![[0.0; 2]], places).expect("another basin");
            // In units of which the two minima are more than two apart.
            for _ in 0..ROUNDS {
                ridge.narrow(&mut surface);
                ridge.go_on();
            }
            let top = ridge.top();
            let missed = apart(&top.place, &saddle);
            assert!(missed < 0.2, "{home:?} to {other:?}: {:?} is {missed} from the saddle", top.place);
        }
    }

    #[test]
    fn a_line_inside_the_basin_has_no_ridge() {
        let mut surface = MuellerBrownAround::new(RIGHT);
        let places = (1..=5).map(|part| vec![[0.08 * f64::from(part), 0.0]]);
        assert!(Ridge::on_line(&mut surface, vec![[0.0; 2]], places).is_none());
    }
}
