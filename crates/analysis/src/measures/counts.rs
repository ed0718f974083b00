//! How many modes of each group.

use crate::selection::Census;
use crate::statistics::interval::{fraction, poisson};
use crate::statistics::{Estimate, Interval};
use serde::Serialize;

/// The paper has 403 modes in 60 000 realizations.
pub const PAPER_MODES: u64 = 403;

/// Realizations of the paper.
pub const PAPER_REALIZATIONS: u64 = 60_000;

/// Particles of each.
pub const PAPER_PARTICLES: u64 = 4000;

/// Largest participation ratio of one of the paper's modes.
pub const PAPER_PARTICIPATION_MAX: f64 = 0.27;

/// Of the paper's modes, in group B.
pub const PAPER_GROUP_B: u64 = 125;

/// Largest barrier that the paper reports in group B.
pub const PAPER_LARGEST_BARRIER: f64 = 4.0e-4;

/// Fractions of the selected modes, with Wilson's intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fractions {
    /// A, one minimum.
    pub group_a: Estimate,
    /// A with a second, higher minimum.
    pub group_a_double: Estimate,
    /// B.
    pub group_b: Estimate,
    /// b₄ ≤ 0.
    pub unbounded: Estimate,
    /// Selected modes a sound glass, with the Poisson interval.
    pub per_glass: Estimate,
    /// Selected modes per million particles; unknown where N is.
    pub per_million_particles: Estimate,
}

impl Fractions {
    /// From the counts, of glasses of `particles` particles.
    pub fn of(census: &Census, particles: Option<u64>) -> Fractions {
        let of = |count| fraction(count, census.selected);
        let per_glass = if census.sound == 0 {
            Estimate::NONE
        } else {
            let scale = 1.0 / census.sound as f64;
            let Interval { low, high } = poisson(census.selected).scaled(scale);
            Estimate { value: census.selected as f64 * scale, low, high }
        };
        Fractions {
            per_million_particles: per_glass.scaled(1e6 / particles.map_or(f64::NAN, |n| n as f64)),
            group_a: of(census.group_a),
            group_a_double: of(census.group_a_double),
            group_b: of(census.group_b),
            unbounded: of(census.unbounded),
            per_glass,
        }
    }
}
