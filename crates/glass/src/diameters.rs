//! Diameters: P(σ) ∝ σ⁻³ within [`diameter_range`], or given.

use crate::random::{Stream, uniform};
use std::sync::Arc;

/// σ_max/σ_min.
pub const DIAMETER_RATIO: f64 = 2.219;

/// σ_max in two dimensions, 1.45/0.9.
pub const DIAMETER_MAX: f64 = 1.45 / 0.9;

/// σ_min in two dimensions, σ_max/2.219.
pub const DIAMETER_MIN: f64 = DIAMETER_MAX / DIAMETER_RATIO;

/// σ_min and σ_max in so many dimensions: in two those of the paper, in three such that the mean,
/// 2 σ_min σ_max/(σ_min + σ_max), is 1 (Ninarello, Berthier and Coslovich, doi:10.1103/PhysRevX.7.021039).
pub const fn diameter_range(dimension: usize) -> [f64; 2] {
    match dimension {
        3 => [0.5 * (1.0 + DIAMETER_RATIO) / DIAMETER_RATIO, 0.5 * (1.0 + DIAMETER_RATIO)],
        _ => [DIAMETER_MIN, DIAMETER_MAX],
    }
}

/// How the diameters of a realization are chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum DiameterChoice {
    /// Drawn independently (the paper): compositions differ between realizations.
    Random,
    /// The quantiles at (i + ½)/N: every realization has the same composition.
    Quantile,
    /// These, one a particle, in an order drawn for each realization.
    Given(Arc<[f64]>),
}

impl DiameterChoice {
    /// No diameter is larger in so many dimensions.
    pub fn largest(&self, dimension: usize) -> f64 {
        match self {
            DiameterChoice::Random | DiameterChoice::Quantile => diameter_range(dimension)[1],
            DiameterChoice::Given(diameters) => diameters.iter().copied().fold(0.0, f64::max),
        }
    }
}

/// `particles` diameters in so many dimensions, by `choice`; as many as there are if they are given. `Quantile` draws
/// nothing from `stream`.
pub fn choose_diameters(particles: usize, choice: &DiameterChoice, dimension: usize, stream: &mut Stream) -> Vec<f64> {
    let quantile = |probability| quantile(probability, diameter_range(dimension));
    match choice {
        DiameterChoice::Random => (0..particles).map(|_| quantile(uniform(stream))).collect(),
        DiameterChoice::Quantile => (0..particles).map(|i| quantile((i as f64 + 0.5) / particles as f64)).collect(),
        DiameterChoice::Given(diameters) => shuffled(diameters, stream),
    }
}

/// `values` in an order drawn from `stream`, each order as likely (Fisher and Yates).
fn shuffled(values: &[f64], stream: &mut Stream) -> Vec<f64> {
    let mut shuffled = values.to_vec();
    for last in (1..shuffled.len()).rev() {
        // A uniform number below 1 times a count stays below the count.
        let other = (uniform(stream) * (last + 1) as f64) as usize;
        shuffled.swap(last, other.min(last));
    }
    shuffled
}

/// The diameter below which the fraction `probability` of P(σ) between these two lies:
/// σ = [σ_min⁻² − p(σ_min⁻² − σ_max⁻²)]^{−1/2}.
pub fn quantile(probability: f64, [smallest, largest]: [f64; 2]) -> f64 {
    let (low, high) = (1.0 / (smallest * smallest), 1.0 / (largest * largest));
    (1.0 / (low - probability * (low - high)).sqrt()).clamp(smallest, largest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stage};

    #[test]
    fn quantiles_span_the_range_and_invert_the_distribution() {
        for dimension in [2, 3] {
            let range = diameter_range(dimension);
            assert!((range[1] / range[0] - 2.219).abs() < 1e-14);
            assert!((quantile(0.0, range) - range[0]).abs() < 1e-14);
            assert!((quantile(1.0, range) - range[1]).abs() < 1e-14);
            // Cumulative distribution of σ⁻³: (σ_min⁻² − σ⁻²)/(σ_min⁻² − σ_max⁻²).
            let [low, high] = range.map(|diameter| diameter.powi(-2));
            for p in [0.1, 0.5, 0.9] {
                assert!(((low - quantile(p, range).powi(-2)) / (low - high) - p).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn the_mean_of_random_diameters_agrees_with_the_distribution() {
        for (dimension, expected) in [(2, 2.0 * DIAMETER_MIN * DIAMETER_MAX / (DIAMETER_MIN + DIAMETER_MAX)), (3, 1.0)]
        {
            let mut stream = Seed::of_realization(11, 0).stream(Stage::Diameters);
            let diameters = choose_diameters(100_000, &DiameterChoice::Random, dimension, &mut stream);
            let mean = diameters.iter().sum::<f64>() / diameters.len() as f64;
            // ⟨σ⟩ = 2 σ_min σ_max/(σ_min + σ_max); spread 0.21, so the standard error is 7e-4: four sigma.
            assert!((mean - expected).abs() < 2.8e-3, "{mean} {expected}");
        }
    }

    #[test]
    fn given_diameters_are_all_there_in_another_order_for_each_realization() {
        let given: Vec<f64> = (0..64).map(|k| 0.7 + 0.01 * f64::from(k)).collect();
        let choice = DiameterChoice::Given(given.clone().into());
        assert_eq!(choice.largest(2), given[63]);
        let drawn = |index| {
            let mut stream = Seed::of_realization(12, index).stream(Stage::Diameters);
            choose_diameters(64, &choice, 2, &mut stream)
        };
        let (one, other) = (drawn(0), drawn(1));
        assert!(one != given && one != other && one == drawn(0));
        for mut diameters in [one, other] {
            diameters.sort_unstable_by(f64::total_cmp);
            assert_eq!(diameters, given);
        }
    }
}
