//! A sample in a few numbers.

use serde::Serialize;

/// Mean, error and quantiles of a sample; NaN where the sample is too small to tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Distribution {
    /// Finite values in the sample.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean, s/√n; NaN below two values.
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
