//! The potential as the sampling has it.

use super::core::core;
use super::failure::ThermalizeFailure;
use crate::interaction::mixing::non_additive;
use crate::interaction::{Mixing, Potential};

/// What the sampling asks of a potential, once: it is purely repulsive, of non-additive diameters.
#[derive(Debug, Clone)]
pub(super) struct Sampled {
    pub(super) potential: Potential,
    pub(super) cutoff: f64,
    pub(super) core: f64,
    pub(super) non_additivity: f64,
}

impl Sampled {
    /// Refuses a mixture, and an attractive potential, whose known neighbours are no bound of the energy.
    pub(super) fn new(potential: &Potential) -> Result<Self, ThermalizeFailure> {
        let &Mixing::NonAdditive(non_additivity) = potential.mixing() else {
            return Err(ThermalizeFailure::Mixture);
        };
        let sampled =
            Sampled { potential: potential.clone(), cutoff: potential.cutoff(), core: core(potential), non_additivity };
        match potential.deepest() {
            deepest if deepest < 0.0 => Err(ThermalizeFailure::Attractive { deepest }),
            _ => Ok(sampled),
        }
    }

    /// φ as a function of x² = (r/σ_ij)².
    pub(super) fn energy(&self, x_squared: f64) -> f64 {
        self.potential.value(x_squared.max(self.core))
    }

    /// σ_ij.
    #[inline(always)]
    pub(super) fn diameter(&self, first: f64, second: f64) -> f64 {
        non_additive(first, second, self.non_additivity)
    }

    /// 1/σ_ij².
    #[inline(always)]
    pub(super) fn inverse_square(&self, first: f64, second: f64) -> f64 {
        let mixed = self.diameter(first, second);
        1.0 / (mixed * mixed)
    }
}
