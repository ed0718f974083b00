//! Goodness of fit: Kolmogorov and Smirnov's distance of an exponential whose rate was fitted, and χ².

use super::special::gamma_cdf;
use crate::random::{exponential, stream};
use rayon::prelude::*;
use serde::Serialize;

/// Samples drawn from the null hypothesis.
const NULL_SAMPLES: u64 = 2000;

/// Above this size the null distribution of the scaled distance no longer changes noticeably.
const NULL_SIZE_MAX: usize = 1000;

/// Distance between sample and fit, and how often chance alone makes a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GoodnessOfFit {
    /// sup |F_n − F|.
    pub distance: f64,
    /// Fraction of null samples with a larger distance; NaN below three values.
    pub p_value: f64,
}

/// Tests that `values` (positive) are exponential, the mean taken from the sample itself.
///
/// The null distribution does not depend on the rate, so it is drawn: a parametric bootstrap, exact up
/// to the 2000 samples. Above 1000 values it is drawn at 1000 and scaled by Stephens' factor
/// √n + 0.26 + 0.5/√n (doi:10.1080/01621459.1974.10480196).
pub fn exponential_fit(values: &[f64], seed: u64) -> GoodnessOfFit {
    if values.len() < 3 {
        return GoodnessOfFit { distance: f64::NAN, p_value: f64::NAN };
    }
    let distance = distance(&mut values.to_vec());
    let size = values.len().min(NULL_SIZE_MAX);
    let scaled = stephens(distance, values.len());
    let larger = (0..NULL_SAMPLES)
        .into_par_iter()
        .filter(|&sample| {
            let mut stream = stream(seed, sample);
            let mut null: Vec<f64> = (0..size).map(|_| exponential(&mut stream)).collect();
            stephens(self::distance(&mut null), size) >= scaled
        })
        .count();
    // The sample itself counts as one of the null's: p is never zero.
    GoodnessOfFit { distance, p_value: (larger as f64 + 1.0) / (NULL_SAMPLES as f64 + 1.0) }
}

fn stephens(distance: f64, size: usize) -> f64 {
    let n = size as f64;
    (distance - 0.2 / n) * (n.sqrt() + 0.26 + 0.5 / n.sqrt())
}

fn distance(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let mut largest: f64 = 0.0;
    for (k, x) in values.iter().enumerate() {
        let expected = 1.0 - (-x / mean).exp();
        largest = largest.max((k as f64 + 1.0) / n - expected).max(expected - k as f64 / n);
    }
    largest
}

/// Pearson's χ² of counts against the ones expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChiSquare {
    /// Σ (n − e)²/e.
    pub value: f64,
    /// Bins less one: the total is given.
    pub degrees_of_freedom: u64,
    /// How often chance alone makes a larger one; NaN below two bins or without counts.
    pub p_value: f64,
}

/// Tests (count, probability) of bins that together hold everything.
pub fn chi_square(bins: &[(u64, f64)]) -> ChiSquare {
    let total = bins.iter().map(|bin| bin.0).sum::<u64>() as f64;
    let value = bins.iter().map(|&(count, part)| (count as f64 - part * total).powi(2) / (part * total)).sum();
    let degrees_of_freedom = (bins.len() as u64).saturating_sub(1);
    let usable = total > 0.0 && degrees_of_freedom > 0;
    let p_value = if usable { 1.0 - gamma_cdf(0.5 * degrees_of_freedom as f64, 0.5 * value) } else { f64::NAN };
    ChiSquare { value, degrees_of_freedom, p_value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::uniform;

    #[test]
    fn chi_square_rejects_true_distributions_as_often_as_stated_and_false_ones() {
        // Bins of width 0.1 of a uniform number; the second claim moves a tenth of one bin to the next, of 20 000 counts.
        let (mut rejected, mut found) = (0, 0);
        for repetition in 0..400 {
            let mut stream = stream(300 + repetition, 0);
            let mut bins = [(0, 0.1); 10];
            (0..20_000).for_each(|_| bins[(10.0 * uniform(&mut stream)) as usize].0 += 1);
            rejected += usize::from(chi_square(&bins).p_value < 0.1);
            (bins[0].1, bins[1].1) = (0.11, 0.09);
            found += usize::from(chi_square(&bins).p_value < 0.001);
        }
        // 40 expected of 400, standard deviation 6: three of them.
        assert!((22..=58).contains(&rejected), "{rejected} of 400");
        // The false claim shifts χ² by 20 000 · (0.01²/0.11 + 0.01²/0.09) = 40: found in 96 % of cases, 383 ± 4 of 400.
        assert!((371..=395).contains(&found), "{found} of 400");
        assert!(chi_square(&[(0, 0.5), (0, 0.5)]).p_value.is_nan() && chi_square(&[]).p_value.is_nan());
    }

    #[test]
    fn exponential_samples_are_rejected_as_often_as_stated() {
        let rejected = (0..200)
            .filter(|&repetition| {
                let mut stream = stream(700 + repetition, 0);
                let values: Vec<f64> = (0..40).map(|_| 3.0 * exponential(&mut stream)).collect();
                exponential_fit(&values, 1).p_value < 0.1
            })
            .count();
        // 20 expected of 200, standard deviation 4.2: three of them.
        assert!((8..=32).contains(&rejected), "{rejected} of 200");
    }

    #[test]
    fn uniform_samples_are_rejected() {
        let mut stream = stream(1, 0);
        let values: Vec<f64> = (0..2000).map(|_| uniform(&mut stream)).collect();
        assert!(exponential_fit(&values, 1).p_value < 0.01);
    }

    #[test]
    fn the_critical_value_is_the_tabulated_one() {
        // Stephens: the 5 % point of the scaled distance is 1.094 for every n.
        let mut scaled: Vec<f64> = (0..4000)
            .map(|sample| {
                let mut stream = stream(9, sample);
                let mut values: Vec<f64> = (0..50).map(|_| exponential(&mut stream)).collect();
                stephens(distance(&mut values), 50)
            })
            .collect();
        scaled.sort_unstable_by(f64::total_cmp);
        assert!((scaled[3800] - 1.094).abs() < 0.03, "{}", scaled[3800]);
    }
}
