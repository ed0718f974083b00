//! Glasses with nearly free particles, and modes that are one such particle: known by its stiffness, not by a count of
//! contacts.
//!
//! A particle that its neighbours touch only at the very end of the potential has a mode of its own, of any frequency
//! down to zero, and |β| far above 1 wholly from the cutoff. Such modes are as localized as can be, and they are none
//! of the glass; whether they count is asked of everything that is measured.

use crate::ensemble::Ensemble;
use archive::{NEARLY_FREE, RealizationTable};
use serde::Serialize;

/// Modes with N·PR below this have most of their weight on one particle. Measured at N = 400, T = 0.1, q = 4: modes of
/// nearly free particles have 1.0 to 3.4, all others at least 5.8 (docs/physics.md).
pub const SINGLE_PARTICLE: f64 = 4.0;

/// Which modes and glasses count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// All: the paper does not say that it removed any.
    #[default]
    All,
    /// All but the modes of single nearly free particles.
    WithoutSingleParticles,
    /// Only glasses without a nearly free particle.
    WithoutNearlyFreeGlasses,
}

impl Counted {
    /// The three, in the order of tables.
    pub const EACH: [Counted; 3] = [Counted::All, Counted::WithoutSingleParticles, Counted::WithoutNearlyFreeGlasses];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Counted::All => "all modes (the paper's way)",
            Counted::WithoutSingleParticles => "without single-particle modes",
            Counted::WithoutNearlyFreeGlasses => "without glasses that have a nearly free particle",
        }
    }
}

/// Number of nearly free particles of a glass: by stiffness, or by contacts in an archive that knows no stiffness.
pub fn nearly_free(table: &RealizationTable, row: usize) -> u32 {
    if table.own_stiffness_typical[row].is_nan() { table.rattlers[row] } else { table.nearly_free[row] }
}

/// Whether a mode is one nearly free particle: N·PR < [`SINGLE_PARTICLE`], and the particle that moves most is nearly
/// free, if the archive knows.
pub fn is_single_particle(ensemble: &Ensemble, mode: usize, realization: usize) -> bool {
    let particles = ensemble.about.particles.map_or(f64::NAN, |particles| particles as f64);
    let typical = ensemble.realizations.own_stiffness_typical[realization];
    let own = ensemble.modes.own_stiffness[mode];
    ensemble.modes.participation[mode] * particles < SINGLE_PARTICLE
        && (own.is_nan() || typical.is_nan() || own < NEARLY_FREE * typical)
}
