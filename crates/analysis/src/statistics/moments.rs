//! A sample in a few numbers.

use serde::Serialize;
use std::collections::BTreeMap;

/// Mean, error and quantiles of a sample; NaN where the sample is too small to tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Distribution {
    /// Finite values in the sample.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean: s/√n, or from the chains of [`Distribution::of_glasses`]; NaN below two of them.
    pub standard_error: f64,
    /// Standard deviation s.
    pub standard_deviation: f64,
    /// Smallest.
    pub minimum: f64,
    /// 5 % quantile.
    pub quantile_05: f64,
    /// Median.
    pub median: f64,
    /// 95 % quantile.
    pub quantile_95: f64,
    /// Largest.
    pub maximum: f64,
}

impl Distribution {
    /// Of the finite values among `values`.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mean = if sorted.is_empty() { f64::NAN } else { sorted.iter().sum::<f64>() / n };
        let standard_deviation = if sorted.len() < 2 {
            f64::NAN
        } else {
            (sorted.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt()
        };
        Distribution {
            count: sorted.len() as u64,
            mean,
            standard_error: standard_deviation / n.sqrt(),
            standard_deviation,
            minimum: sorted.first().copied().unwrap_or(f64::NAN),
            quantile_05: quantile(&sorted, 0.05),
            median: quantile(&sorted, 0.5),
            quantile_95: quantile(&sorted, 0.95),
            maximum: sorted.last().copied().unwrap_or(f64::NAN),
        }
    }
}

impl Distribution {
    /// Of the finite values among those of glasses, each with its chain of the sampling. Glasses of one chain
    /// resemble each other and chains do not: the squared error of the mean m is C/(C − 1) Σ_c (Σ_{i∈c} (xᵢ − m))²/n²,
    /// which for one glass a chain is s²/n.
    pub fn of_glasses(glasses: impl IntoIterator<Item = (u64, f64)>) -> Self {
        let glasses: Vec<(u64, f64)> = glasses.into_iter().filter(|(_, x)| x.is_finite()).collect();
        let alone = Distribution::of(glasses.iter().map(|(_, x)| *x));
        let mut chains: BTreeMap<u64, f64> = BTreeMap::new();
        for (chain, x) in glasses {
            *chains.entry(chain).or_default() += x - alone.mean;
        }
        let count = chains.len() as f64;
        let squares: f64 = chains.values().map(|deviation| deviation * deviation).sum();
        let standard_error =
            if chains.len() < 2 { f64::NAN } else { (count / (count - 1.0) * squares).sqrt() / alone.count as f64 };
        Distribution { standard_error, ..alone }
    }
}

/// The quantile of an ascending sample, linear between its values; NaN when it is empty.
pub fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = probability.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

/// Mean and mean square deviation of a stream of numbers, without keeping them (Welford,
/// doi:10.1080/00401706.1962.10490022).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Running {
    count: u64,
    mean: f64,
    deviations: f64,
}

impl Running {
    /// Of `count` numbers that were summed, and their squares.
    pub fn of_sums(count: u64, sum: f64, squares: f64) -> Running {
        let mean = sum / count as f64;
        Running { count, mean, deviations: if squares < sum * mean { 0.0 } else { squares - sum * mean } }
    }

    /// Takes one more number; one that is not finite is left out.
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            return;
        }
        self.count += 1;
        let before = x - self.mean;
        self.mean += before / self.count as f64;
        self.deviations += before * (x - self.mean);
    }

    /// Numbers taken.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean; NaN before the first number.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
    }

    /// Standard error of the mean; NaN below two numbers.
    pub fn standard_error(&self) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        (self.deviations / (self.count - 1) as f64 / self.count as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sample_has_its_moments_and_quantiles() {
        let d = Distribution::of([4.0, 1.0, f64::NAN, 3.0, 2.0, 5.0]);
        assert_eq!((d.count, d.mean, d.median, d.minimum, d.maximum), (5, 3.0, 3.0, 1.0, 5.0));
        assert!((d.standard_error - (2.5f64 / 5.0).sqrt()).abs() < 1e-15);
        assert!((d.quantile_95 - 4.8).abs() < 1e-12);
        assert!(Distribution::of([]).mean.is_nan());
    }

    #[test]
    fn copies_of_a_glass_in_its_chain_tell_nothing_new() {
        let values = [0.3, 1.7, -2.0, 4.0, 4.5];
        let alone = Distribution::of(values);
        let each = |copies: usize| {
            let chains = (0..).zip(values).flat_map(|glass| std::iter::repeat_n(glass, copies));
            Distribution::of_glasses(chains.chain([(7, f64::NAN)]))
        };
        for copies in [1, 20] {
            let found = each(copies);
            assert_eq!(found.count, 5 * copies as u64);
            assert!((found.mean - alone.mean).abs() < 1e-15);
            assert!((found.standard_error - alone.standard_error).abs() < 1e-15, "{copies}");
        }
        // As if they were independent.
        assert!(Distribution::of(values.iter().flat_map(|&x| [x; 20])).standard_error < 0.25 * alone.standard_error);
        assert!(Distribution::of_glasses([(3, 1.0), (3, 2.0)]).standard_error.is_nan());
    }

    #[test]
    fn the_error_of_a_mean_is_its_scatter_also_within_chains() {
        let mut stream = crate::random::stream(11, 0);
        let mut draw = || crate::random::uniform(&mut stream) - 0.5;
        let mut means = Running::default();
        let mut squares = Running::default();
        for _ in 0..400 {
            // Chains of different lengths, whose glasses share a part.
            let glasses: Vec<(u64, f64)> = (0..40)
                .flat_map(|chain| {
                    let shared = draw();
                    (0..1 + chain % 5).map(|_| (chain, shared + 0.5 * draw())).collect::<Vec<_>>()
                })
                .collect();
            let found = Distribution::of_glasses(glasses);
            means.add(found.mean);
            squares.add(found.standard_error.powi(2));
        }
        let scatter = means.standard_error() * 20.0;
        // The scatter of 400 means is known to 3.5 %.
        assert!((squares.mean().sqrt() / scatter - 1.0).abs() < 0.12, "{} {scatter}", squares.mean().sqrt());
    }

    #[test]
    fn running_moments_are_those_of_the_whole() {
        let values = [0.3, 1.7, -2.0, 4.0, 4.0];
        let mut running = Running::default();
        values.iter().for_each(|&x| running.add(x));
        let whole = Distribution::of(values);
        assert!((running.mean() - whole.mean).abs() < 1e-15);
        assert!((running.standard_error() - whole.standard_error).abs() < 1e-15);
        let squares = values.iter().map(|x| x * x).sum();
        let summed = Running::of_sums(5, values.iter().sum(), squares);
        assert!((summed.mean() - whole.mean).abs() < 1e-15);
        assert!((summed.standard_error() - whole.standard_error).abs() < 1e-14);
        assert!(Running::of_sums(0, 0.0, 0.0).mean().is_nan());
        // A sum that was not kept is not known.
        assert!(Running::of_sums(3, 1.0, f64::NAN).standard_error().is_nan());
    }
}
