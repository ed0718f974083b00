//! True wells: the minima next to an inherent structure, the saddles between, and how a particle tunnels.
//!
//! ```text
//! minimum, directions ─► patch ─► ridge ─► saddle ─► descent to both sides ─► V(s) ─► splitting E₁ − E₀
//!                                falls    inertia   adjacent minima          barriers
//! ```
//!
//! A transition connects an inherent structure with a minimum *adjacent* to it: steepest descent from one saddle,
//! of one negative eigenvalue, ends in the one and in the other. What happens is localized: the ridge at which a
//! direction leaves the basin, and its saddle, are looked for in a patch of a few hundred particles, the others standing
//! still; saddle, path and minima are then those of the whole glass.

mod descent;
mod fall;
mod ground;
mod line;
mod ridge;
mod saddle;
mod stiffness;
mod surroundings;

#[cfg(test)]
mod path;
pub mod splitting;

#[cfg(test)]
mod tests;

use crate::describe::{Mode, orientation};
use crate::nonlinear::{Kind, NonlinearMode};
use crate::spectrum::{Spectrum, SpectrumFailure};
use descent::Route;
use glass::InherentStructure;
use glass::quench::QuenchSettings;
use glass::space::square;
use ground::{Field, Ground, dot, norm};
use line::Line;
use serde::{Deserialize, Serialize};
use surroundings::Surroundings;
use thiserror::Error;

/// Whether wells are searched, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WellSettings {
    /// Whether.
    pub search: bool,
    /// ħ̃ = ħ/(σ√(mε)).
    pub hbar: f64,
    /// How minima are reached.
    pub quench: QuenchSettings,
}

/// Which direction led to a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Along {
    /// A harmonic mode.
    #[default]
    Harmonic,
    /// A nonlinear mode.
    Nonlinear(Kind),
}

impl Along {
    /// All of them.
    pub const ALL: [Along; 4] = [
        Along::Harmonic,
        Along::Nonlinear(Kind::PseudoHarmonic),
        Along::Nonlinear(Kind::Cubic),
        Along::Nonlinear(Kind::Quartic),
    ];

    /// Its name in archives and reports.
    pub fn name(self) -> &'static str {
        match self {
            Along::Harmonic => "harmonic",
            Along::Nonlinear(kind) => kind.name(),
        }
    }
}

/// What came of the search for the way to a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Outcome {
    /// Saddle, path and splitting are known.
    #[default]
    Found,
    /// The quench of the minimum behind the saddle did not converge.
    NoQuench,
    /// No point of vanishing force was reached between the minima.
    NoSaddle,
    /// The point of vanishing force has not exactly one negative eigenvalue.
    NotOneNegative,
    /// The saddles found do not border the inherent structure.
    NotAdjacent,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 5] =
        [Outcome::Found, Outcome::NoQuench, Outcome::NoSaddle, Outcome::NotOneNegative, Outcome::NotAdjacent];

    /// Its name in archives and reports.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Found => "found",
            Outcome::NoQuench => "no quench",
            Outcome::NoSaddle => "no saddle",
            Outcome::NotOneNegative => "not one negative",
            Outcome::NotAdjacent => "not adjacent",
        }
    }
}

/// The way from an inherent structure to a minimum adjacent to it, or a search for one that failed. What is not
/// known is NaN.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transition {
    /// Position, among the described harmonic modes, of the one it was found along, directly or by a nonlinear mode
    /// searched from it.
    pub source: usize,
    /// Which direction that was.
    pub along: Along,
    /// +1 or −1: with the direction, as `describe::orientation` turns it, or against.
    pub direction: i8,
    /// What came of it.
    pub outcome: Outcome,
    /// Total energy of the adjacent minimum against the inherent structure.
    pub energy_difference: f64,
    /// Energy of the saddle above the inherent structure.
    pub barrier_forward: f64,
    /// The same above the adjacent minimum.
    pub barrier_backward: f64,
    /// Length of the path of steepest descent from minimum to minimum, all masses 1.
    pub path_length: f64,
    /// Euclidean distance of the minima.
    pub distance: f64,
    /// Participation ratio of the displacement between the minima.
    pub participation: f64,
    /// √−λ of the saddle's negative eigenvalue.
    pub saddle_omega: f64,
    /// Curvature along the path at the inherent structure.
    pub curvature_start: f64,
    /// The same at the adjacent minimum.
    pub curvature_end: f64,
    /// E₁ − E₀ along the path.
    pub splitting: f64,
    /// An estimate of its error, from the last halving of the grid.
    pub splitting_change: f64,
    /// |z·d| of the direction with the unit displacement between the minima.
    pub overlap: f64,
}

impl Transition {
    /// A way of which nothing is known but where it was looked for.
    pub fn unknown(source: usize, along: Along) -> Transition {
        let nan = f64::NAN;
        Transition {
            source,
            along,
            direction: 0,
            outcome: Outcome::Found,
            energy_difference: nan,
            barrier_forward: nan,
            barrier_backward: nan,
            path_length: nan,
            distance: nan,
            participation: nan,
            saddle_omega: nan,
            curvature_start: nan,
            curvature_end: nan,
            splitting: nan,
            splitting_change: nan,
            overlap: nan,
        }
    }
}

/// Why the wells of an inherent structure are unknown.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum WellFailure {
    /// The Hessian could not be factorized.
    #[error("wells: {0}")]
    Factorization(#[from] SpectrumFailure),
    /// The vector of a mode was not kept.
    #[error("wells: the vector of mode {index} was not kept, so nothing can be searched along it")]
    VectorMissing {
        /// Position in the spectrum.
        index: usize,
    },
}

/// A direction that is searched both ways.
#[derive(Debug, Clone, PartialEq)]
struct SearchedDirection<const D: usize> {
    /// Position of its harmonic mode among the described ones.
    source: usize,
    along: Along,
    /// |s| of the second minimum along it, which is looked at too; NaN without one.
    second_minimum: f64,
    /// Unit vector, N × D.
    vector: Field<D>,
}

/// The minima next to `minimum` along its described harmonic `modes` and the `nonlinear` ones, both ways of each, and
/// the ways there. Each neighbour is listed once, by the first direction that leads to it and over the lowest saddle that was
/// found; failures are listed too.
///
/// # Errors
/// [`WellFailure`] when the Hessian of `minimum` cannot be factorized, or a vector was not kept.
pub fn transitions<const D: usize>(
    minimum: &InherentStructure<D>,
    spectrum: &Spectrum<D>,
    modes: &[Mode],
    nonlinear: &[NonlinearMode],
    settings: &WellSettings,
) -> Result<Vec<Transition>, WellFailure> {
    if !settings.search {
        return Ok(Vec::new());
    }
    let mut surroundings = Surroundings::of(minimum)?;
    let mut found: Vec<Transition> = Vec::new();
    // The row of each neighbour.
    let mut rows: Vec<usize> = Vec::new();
    for searched in &directions(spectrum, modes, nonlinear)? {
        for (direction, way) in surroundings.search(searched, &settings.quench)? {
            let mut transition = Transition { direction, ..Transition::unknown(searched.source, searched.along) };
            match way {
                Ok(way) => {
                    describe(&mut transition, &surroundings.ground, &way.route, searched, settings.hbar);
                    if let Some(&row) = rows.get(way.neighbour) {
                        let Transition { source, along, direction, overlap, .. } = found[row];
                        found[row] = Transition { source, along, direction, overlap, ..transition };
                        continue;
                    }
                    rows.push(found.len());
                }
                Err(outcome) => transition.outcome = outcome,
            }
            found.push(transition);
        }
    }
    Ok(found)
}

fn describe<const D: usize>(
    transition: &mut Transition,
    ground: &Ground<'_, D>,
    route: &Route<D>,
    searched: &SearchedDirection<D>,
    hbar: f64,
) {
    let end = route.end_place();
    let distance = norm(end);
    let line = Line::of(route);
    let fourth: f64 = end.iter().map(|&moved| square(moved).powi(2)).sum();
    let levels = line.levels(hbar).ok();
    transition.energy_difference = line.end_energy();
    transition.barrier_forward = route.saddle_energy();
    transition.barrier_backward = route.saddle_energy() - line.end_energy();
    transition.path_length = line.length();
    transition.distance = distance;
    transition.participation = distance.powi(4) / (ground.particles() as f64 * fourth);
    transition.saddle_omega = (-route.saddle_curvature()).sqrt();
    [transition.curvature_start, transition.curvature_end] = line.curvatures();
    transition.splitting = levels.map_or(f64::NAN, |levels| levels.splitting);
    transition.splitting_change = levels.map_or(f64::NAN, |levels| levels.change);
    transition.overlap = (dot(&searched.vector, end) / distance).abs();
    transition.outcome = Outcome::Found;
}

/// Directions that overlap more than this lead to the same neighbours: only the first is searched.
const SAME_DIRECTION: f64 = 0.99;

fn directions<const D: usize>(
    spectrum: &Spectrum<D>,
    modes: &[Mode],
    nonlinear: &[NonlinearMode],
) -> Result<Vec<SearchedDirection<D>>, WellFailure> {
    let mut directions: Vec<SearchedDirection<D>> = Vec::new();
    let mut add = |source: usize, along: Along, mode: &Mode, mut vector: Field<D>| {
        let sign = orientation::orientation(&vector);
        vector.as_flattened_mut().iter_mut().for_each(|component| *component *= sign);
        crate::nonlinear::without_translation(&mut vector);
        if directions.iter().all(|known| dot(&known.vector, &vector).abs() <= SAME_DIRECTION) {
            let second_minimum = if mode.true_separation.is_nan() { mode.separation } else { mode.true_separation };
            directions.push(SearchedDirection { source, along, second_minimum, vector });
        }
    };
    for (source, mode) in modes.iter().enumerate() {
        let index = mode.index as usize;
        let vector = spectrum.vector(index).ok_or(WellFailure::VectorMissing { index })?;
        add(source, Along::Harmonic, mode, vector);
    }
    for search in nonlinear.iter().filter(|search| search.is_converged()) {
        let index = search.mode.index as usize;
        let vector = search.mode.displacements().map(<[_]>::to_vec).ok_or(WellFailure::VectorMissing { index })?;
        add(search.source, Along::Nonlinear(search.kind), &search.mode, vector);
    }
    Ok(directions)
}
