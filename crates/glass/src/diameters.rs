//! Diameters: P(σ) ∝ σ⁻³ between [`DIAMETER_MIN`] and [`DIAMETER_MAX`].

use crate::random::{Stream, uniform};
use serde::{Deserialize, Serialize};

/// σ_max = 1.45/0.9.
pub const DIAMETER_MAX: f64 = 1.45 / 0.9;

/// σ_min = σ_max/2.219.
pub const DIAMETER_MIN: f64 = DIAMETER_MAX / 2.219;

/// How the diameters of a realization are chosen from P(σ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DiameterChoice {
    /// Drawn independently (the paper): compositions differ between realizations.
    Random,
    /// The quantiles at (i + ½)/N: every realization has the same composition.
    Quantile,
}

/// `particles` diameters, by `choice`. Only `Random` draws from `stream`.
pub fn choose_diameters(particles: usize, choice: DiameterChoice, stream: &mut Stream) -> Vec<f64> {
    (0..particles)
        .map(|i| match choice {
            DiameterChoice::Random => quantile(uniform(stream)),
            DiameterChoice::Quantile => quantile((i as f64 + 0.5) / particles as f64),
        })
        .collect()
}

/// The diameter below which the fraction `probability` of P(σ) lies:
/// σ = [σ_min⁻² − p(σ_min⁻² − σ_max⁻²)]^{−1/2}.
pub fn quantile(probability: f64) -> f64 {
    let (low, high) = (1.0 / (DIAMETER_MIN * DIAMETER_MIN), 1.0 / (DIAMETER_MAX * DIAMETER_MAX));
    (1.0 / (low - probability * (low - high)).sqrt()).clamp(DIAMETER_MIN, DIAMETER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stage};

    #[test]
    fn quantiles_span_the_range_and_invert_the_distribution() {
        assert!((quantile(0.0) - DIAMETER_MIN).abs() < 1e-14);
        assert!((quantile(1.0) - DIAMETER_MAX).abs() < 1e-14);
        // Cumulative distribution of σ⁻³: (σ_min⁻² − σ⁻²)/(σ_min⁻² − σ_max⁻²).
        let (low, high) = (DIAMETER_MIN.powi(-2), DIAMETER_MAX.powi(-2));
        for p in [0.1, 0.5, 0.9] {
            assert!(((low - quantile(p).powi(-2)) / (low - high) - p).abs() < 1e-13);
        }
    }

    #[test]
    fn the_mean_of_random_diameters_agrees_with_the_distribution() {
        let mut stream = Seed::of_realization(11, 0).stream(Stage::Diameters);
        let diameters = choose_diameters(100_000, DiameterChoice::Random, &mut stream);
        let mean = diameters.iter().sum::<f64>() / diameters.len() as f64;
        // ⟨σ⟩ = 2 σ_min σ_max/(σ_min + σ_max); spread 0.21, so the standard error is 7e-4: four sigma.
        let expected = 2.0 * DIAMETER_MIN * DIAMETER_MAX / (DIAMETER_MIN + DIAMETER_MAX);
        assert!((mean - expected).abs() < 2.8e-3, "{mean} {expected}");
    }
}
