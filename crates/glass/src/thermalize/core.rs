//! The repulsive core, cut off where nothing can ever be.

use crate::potential::Potential;

/// Below x² = r²/σ² = 0.16 the sampling takes φ as constant, φ(0.4) ≈ 6·10⁴ ε, so that the overlaps
/// of a random start have finite energies.
///
/// Once they are gone it changes nothing: up to [`TEMPERATURE_MAX`] the Boltzmann factor of a pair
/// at the edge of the core is zero in double precision, and no trial climbs by more than 28.4 T.
pub(super) const CORE: f64 = 0.16;

/// Highest temperature that can be sampled.
pub(super) const TEMPERATURE_MAX: f64 = 50.0;

/// φ of the sampling as a function of x² = (r/σ_ij)².
#[inline]
pub(super) fn pair_energy(potential: &Potential, x_squared: f64) -> f64 {
    potential.value(x_squared.max(CORE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_has_no_weight_at_any_temperature() {
        for q in 2..=4 {
            let core = Potential::new(q).expect("valid").value(CORE);
            assert_eq!((-core / TEMPERATURE_MAX).exp(), 0.0);
        }
    }
}
