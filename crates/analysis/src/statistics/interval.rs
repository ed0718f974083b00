//! Intervals of confidence and the exact ones of counts and fractions.

use super::special::{gamma_quantile, normal_quantile};
use serde::Serialize;

/// Confidence of every interval of this crate.
pub const CONFIDENCE: f64 = 0.95;

/// An interval that covers the truth with probability [`CONFIDENCE`]. NaN where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Of something that cannot be estimated.
    pub const NONE: Interval = Interval { low: f64::NAN, high: f64::NAN };

    /// Whether `value` lies in it.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Both ends times a positive `factor`.
    pub fn scaled(self, factor: f64) -> Self {
        Interval { low: self.low * factor, high: self.high * factor }
    }
}

/// A value with its interval of 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// Best value; NaN where there is none.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

impl Estimate {
    /// Of something that cannot be estimated.
    pub const NONE: Estimate = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };

    /// A value and its interval.
    pub fn new(value: f64, interval: Interval) -> Self {
        Estimate { value, low: interval.low, high: interval.high }
    }

    /// All three times a positive `factor`.
    pub fn scaled(self, factor: f64) -> Self {
        Estimate { value: self.value * factor, low: self.low * factor, high: self.high * factor }
    }

    /// The interval alone.
    pub fn interval(&self) -> Interval {
        Interval { low: self.low, high: self.high }
    }
}

/// The mean of a Poisson variable seen once as `count`: Garwood's exact interval
/// (doi:10.1093/biomet/28.3-4.437).
pub fn poisson(count: u64) -> Interval {
    let tail = 0.5 * (1.0 - CONFIDENCE);
    let low = if count == 0 { 0.0 } else { gamma_quantile(count as f64, tail) };
    Interval { low, high: gamma_quantile(count as f64 + 1.0, 1.0 - tail) }
}

/// The fraction `successes`/`trials` with Wilson's interval (doi:10.1080/01621459.1927.10502953).
pub fn fraction(successes: u64, trials: u64) -> Estimate {
    if trials == 0 {
        return Estimate::NONE;
    }
    let z = normal_quantile(0.5 * (1.0 + CONFIDENCE));
    let (n, p) = (trials as f64, successes as f64 / trials as f64);
    let denominator = 1.0 + z * z / n;
    let centre = (p + z * z / (2.0 * n)) / denominator;
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / denominator;
    Estimate { value: p, low: (centre - half).max(0.0).min(p), high: (centre + half).min(1.0).max(p) }
}

/// The difference of two independent fractions, `a` − `b`, with Newcombe's interval from Wilson's of each (his
/// method 10, doi:10.1002/(sici)1097-0258(19980430)17:8%3C873::aid-sim779%3E3.0.co;2-i).
pub fn difference(a: Estimate, b: Estimate) -> Estimate {
    let value = a.value - b.value;
    Estimate {
        value,
        low: value - (a.value - a.low).hypot(b.high - b.value),
        high: value + (a.high - a.value).hypot(b.value - b.low),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{binomial, stream};

    #[test]
    fn poisson_interval_has_the_published_ends() {
        // Garwood's table: 0 → (0, 3.689), 10 → (4.795, 18.39).
        assert!((poisson(0).high - 3.6889).abs() < 1e-4);
        assert!((poisson(10).low - 4.7954).abs() < 1e-4);
        assert!((poisson(10).high - 18.3904).abs() < 1e-4);
    }

    #[test]
    fn wilson_interval_covers_the_truth() {
        let mut stream = stream(3, 0);
        let covered =
            (0..1000).filter(|_| fraction(binomial(&mut stream, 200, 0.1), 200).interval().contains(0.1)).count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn difference_has_the_published_ends_and_covers_the_truth() {
        // Newcombe's table II: 56/70 − 48/80 → (0.0524, 0.3339), 9/10 − 3/10 → (0.1705, 0.8090).
        let published = difference(fraction(56, 70), fraction(48, 80));
        assert!((published.low - 0.0524).abs() < 1e-4 && (published.high - 0.3339).abs() < 1e-4, "{published:?}");
        let published = difference(fraction(9, 10), fraction(3, 10));
        assert!((published.low - 0.1705).abs() < 1e-4 && (published.high - 0.8090).abs() < 1e-4, "{published:?}");
        let mut stream = stream(4, 0);
        let mut draw = |trials, probability| fraction(binomial(&mut stream, trials, probability), trials);
        let covered =
            (0..1000).filter(|_| difference(draw(150, 0.12), draw(300, 0.05)).interval().contains(0.07)).count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn fractions_without_trials_are_unknown_and_extremes_stay_inside() {
        assert!(fraction(0, 0).value.is_nan());
        assert_eq!(fraction(0, 5).low, 0.0);
        assert_eq!(fraction(5, 5).high, 1.0);
    }
}
