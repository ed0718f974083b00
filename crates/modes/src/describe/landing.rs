//! Where one ends up beyond a barrier: the inherent structure below the second minimum of a mode.

use glass::configuration::Configuration;
use glass::quench::{InherentStructure, QuenchFailure, QuenchSettings, quench};
use glass::space::{minus, plus, square};

/// An inherent structure seen from another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Landing {
    /// Its total energy minus that of q₀.
    pub energy: f64,
    /// Its Euclidean distance from q₀, translation removed. About zero (below 10⁻⁵, say) when the
    /// quench fell back to q₀: then the mode's second minimum is no second well of the full energy.
    pub distance: f64,
}

/// Quenches from q₀ + sΨ, with q₀ = `minimum` and Ψ = `mode` (N × D).
///
/// # Errors
/// [`QuenchFailure`] when that does not converge.
///
/// # Panics
/// If `mode` has not one vector for each particle.
pub fn land<const D: usize>(
    minimum: &InherentStructure<D>,
    mode: &[[f64; D]],
    s: f64,
    settings: &QuenchSettings,
) -> Result<Landing, QuenchFailure> {
    let start = minimum.configuration().displaced(mode, s);
    let reached = quench(&start, minimum.potential(), settings)?;
    let particles = minimum.configuration().particles() as f64;
    Ok(Landing {
        energy: (reached.energy() - minimum.energy()) * particles,
        distance: distance(minimum.configuration(), reached.configuration()),
    })
}

/// √(Σ|d_i − d̄|²) of the displacements d_i between two configurations of the same particles, each to
/// its nearest image; d̄ is their mean.
pub fn distance<const D: usize>(from: &Configuration<D>, to: &Configuration<D>) -> f64 {
    let side = from.periodic_box();
    let displacements: Vec<[f64; D]> =
        from.positions().iter().zip(to.positions()).map(|(&a, &b)| side.separation(a, b)).collect();
    let count = displacements.len() as f64;
    let mean = displacements.iter().fold([0.0; D], |sum, &d| plus(sum, 1.0, d)).map(|sum| sum / count);
    displacements.iter().map(|&d| square(minus(d, mean))).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{double_well, minimum, modes};
    use super::*;
    use glass::Potential;

    glass::test_on_each_instruction_set! {
        distance_ignores_translation_and_box_borders,
        a_small_push_falls_back,
        a_push_into_the_second_well_stays_there,
    }

    fn distance_ignores_translation_and_box_borders() {
        let minimum = minimum(40, 64, 2);
        let from = minimum.configuration();
        assert!(distance(from, &from.displaced(&vec![[0.6, -0.8]; 64], 1.0)) < 1e-13);
        // Two particles move apart by 0.1 each: the mean stays.
        let mut moves = vec![[0.0; 2]; 64];
        (moves[3], moves[5]) = ([0.1, 0.0], [-0.1, 0.0]);
        assert!((distance(from, &from.displaced(&moves, 1.0)) - 0.02f64.sqrt()).abs() < 1e-13);
    }

    fn a_small_push_falls_back() {
        let minimum = minimum(41, 64, 2);
        let mode = modes(&minimum).remove(0).vector;
        let landing = land(&minimum, &mode, 1e-3, &QuenchSettings::default()).expect("converges");
        assert!(landing.energy.abs() < 1e-12 && landing.distance < 1e-9, "{landing:?}");
    }

    fn a_push_into_the_second_well_stays_there() {
        let here = double_well();
        let mode = modes(&here).remove(0).vector;
        // The well lies at s = ±0.126 (which sign is the solver's choice), where U is lower by 6·10⁻⁴.
        let landings = [-0.126, 0.126].map(|s| land(&here, &mode, s, &QuenchSettings::default()).expect("converges"));
        let there = landings.iter().find(|landing| landing.distance > 1e-5).expect("one side is another well");
        assert!(landings.iter().any(|landing| landing.distance < 1e-9), "{landings:?}");
        assert!((0.1..0.2).contains(&there.distance), "{there:?}");
        assert!(there.energy < -6e-4 && there.energy > -2e-3, "{there:?}");
        // Potential of the landing is that of the start, so the energies compare.
        assert_eq!(here.potential(), &Potential::new(2).expect("valid"));
    }
}
