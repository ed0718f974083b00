//! How σ_ij and ε_ij of a pair follow from its diameters.

use super::pair_scale::PairScale;
use super::species::Species;
use std::sync::Arc;

/// Non-additivity of the paper's diameters.
pub const NON_ADDITIVITY: f64 = 0.2;

/// Non-additivities above this shrink σ_ij as a diameter grows within the sampled range of diameters.
pub const NON_ADDITIVITY_MAX: f64 = 0.2;

/// How σ_ij and ε_ij follow from two diameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Mixing {
    /// σ_ij = ½(σ_i + σ_j)(1 − η|σ_i − σ_j|) and ε_ij = 1, with this η from 0 to [`NON_ADDITIVITY_MAX`].
    NonAdditive(f64),
    /// σ_ab and ε_ab of the two species.
    Species(Arc<Species>),
}

impl Mixing {
    /// σ_ij and ε_ij of particles of these diameters.
    #[inline]
    pub fn scale(&self, first: f64, second: f64) -> PairScale {
        match self {
            Mixing::NonAdditive(non_additivity) => {
                PairScale { diameter: non_additive(first, second, *non_additivity), energy: 1.0 }
            }
            Mixing::Species(species) => species.scale(first, second),
        }
    }

    /// The largest σ_ij of particles of these diameters. A non-additive one never exceeds the larger of the two.
    pub fn largest(&self, diameters: &[f64]) -> f64 {
        match self {
            Mixing::NonAdditive(_) => diameters.iter().copied().fold(0.0, f64::max),
            Mixing::Species(species) => species.largest(),
        }
    }
}

/// σ_ij = ½(σ_i + σ_j)(1 − η|σ_i − σ_j|).
#[inline(always)]
pub(crate) fn non_additive(first: f64, second: f64, non_additivity: f64) -> f64 {
    0.5 * (first + second) * (1.0 - non_additivity * (first - second).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_diameters_are_symmetric_and_non_additive() {
        let mixing = Mixing::NonAdditive(NON_ADDITIVITY);
        assert_eq!(mixing.scale(1.0, 1.5), mixing.scale(1.5, 1.0));
        assert!((mixing.scale(1.0, 1.5).diameter - 1.25 * 0.9).abs() < 1e-15);
        assert_eq!(Mixing::NonAdditive(0.0).scale(1.0, 1.5), PairScale { diameter: 1.25, energy: 1.0 });
    }
}
