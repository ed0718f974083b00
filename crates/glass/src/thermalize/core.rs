//! The repulsive core, cut off where nothing can ever be.

use crate::interaction::Potential;

/// Within the core φ is at least this, in ε: up to [`TEMPERATURE_MAX`] the Boltzmann factor of a pair at its edge is
/// zero in double precision, and no trial climbs by more than 28.4 T.
const CORE_ENERGY: f64 = 5e4;

/// Highest temperature that can be sampled.
pub(super) const TEMPERATURE_MAX: f64 = 50.0;

/// The core of `potential`: for x² = r²/σ² below this the sampling takes φ as constant, so that the overlaps of a random
/// start have finite energies. It is the largest number of hundredths where φ reaches [`CORE_ENERGY`]; 0.16 for the
/// paper's potential, which is 6·10⁴ ε there. A shape without a hard core is finite everywhere and has none: 0.
///
/// Once the overlaps are gone it changes nothing.
pub(super) fn core(potential: &Potential) -> f64 {
    if !potential.has_hard_core() {
        return 0.0;
    }
    let hundredths = (1..).take_while(|&n| potential.value(f64::from(n) / 100.0) >= CORE_ENERGY).last();
    f64::from(hundredths.unwrap_or(0)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_has_no_weight_at_any_temperature() {
        for q in 2..=4 {
            let potential = Potential::new(q).expect("valid");
            assert_eq!(core(&potential), 0.16);
            assert_eq!((-potential.value(core(&potential)) / TEMPERATURE_MAX).exp(), 0.0);
        }
    }
}
