//! Resampling whole realizations: modes of one glass are not independent, glasses are.

use super::interval::{CONFIDENCE, Interval};
use super::moments::quantile;
use super::special::{normal_cdf, normal_quantile};
use crate::random::{below, binomial, stream};
use rayon::prelude::*;

/// Resamples of every bootstrap interval.
pub const RESAMPLES: u64 = 2000;

/// Above this many realizations the scores are normal to within the noise of the resampling, and the
/// interval is the analytic one.
const LARGE: usize = 20_000;

/// Fewest realizations with something to add that are worth resampling.
const UNITS_MIN: usize = 8;

/// What one realization adds to a ratio Σ numerator / Σ denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// To the numerator.
    pub numerator: f64,
    /// To the denominator.
    pub denominator: f64,
}

/// The ratio of sums over `units` and the standard error of its logarithm, by linearization:
/// Var(ln r) ≈ R/(R−1) Σ (n_r − r d_r)²/(Σ n_r)².
fn ratio(units: impl Iterator<Item = Unit> + Clone, of: u64) -> (f64, f64) {
    let (mut numerator, mut denominator) = (0.0, 0.0);
    for unit in units.clone() {
        numerator += unit.numerator;
        denominator += unit.denominator;
    }
    let value = numerator / denominator;
    let squares: f64 = units.map(|unit| (unit.numerator - value * unit.denominator).powi(2)).sum();
    let correction = if of > 1 { of as f64 / (of - 1) as f64 } else { f64::NAN };
    (value, (squares * correction).sqrt() / numerator)
}

/// Relative standard error of Σ numerator / Σ denominator, over `of` realizations of which `units` are
/// those that add anything.
pub fn ratio_relative_error(units: &[Unit], of: u64) -> f64 {
    ratio(units.iter().copied(), of).1
}

/// A positive ratio Σ n_r / Σ d_r, and how resampling whole realizations scatters it.
///
/// The scatter is that of the studentized logarithm (ln r* − ln r)/error*, because percentiles under-cover with a few
/// tens of events (Hall, doi:10.1214/aos/1176350933). The interval and the p-value come from the same scores: a
/// ratio lies outside the interval just when its p-value is below 1 − [`CONFIDENCE`], to within one resample.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// ln r.
    logarithm: f64,
    /// Its standard error by linearization.
    error: f64,
    scores: Scores,
}

#[derive(Debug, Clone, PartialEq)]
enum Scores {
    /// So few realizations resample to too few different samples.
    TooFew,
    Normal,
    /// Ascending.
    Drawn(Vec<f64>),
}

impl Resampled {
    /// Resamples `of` realizations. `units` are those that add anything; the rest enters by how many of the drawn
    /// ones are empty. Below eight units there is neither interval nor p-value. The result depends on `seed`, not on
    /// threads.
    pub fn new(units: &[Unit], of: u64, seed: u64, resamples: u64) -> Resampled {
        let (value, error) = ratio(units.iter().copied(), of);
        let logarithm = value.ln();
        let usable = logarithm.is_finite() && error > 0.0 && error.is_finite();
        let scores = if units.len() < UNITS_MIN || !usable {
            Scores::TooFew
        } else if units.len() > LARGE {
            Scores::Normal
        } else {
            drawn(units, of, seed, resamples, logarithm)
        };
        Resampled { logarithm, error, scores }
    }

    /// The ratios that a sample like this does not refute.
    pub fn interval(&self) -> Interval {
        let tail = 0.5 * (1.0 - CONFIDENCE);
        let score = |probability: f64| match &self.scores {
            Scores::TooFew => f64::NAN,
            Scores::Normal => normal_quantile(probability),
            Scores::Drawn(scores) => quantile(scores, probability),
        };
        let at = |probability: f64| (self.logarithm - score(probability) * self.error).exp();
        Interval { low: at(1.0 - tail), high: at(tail) }
    }

    /// How often a sample like this lies at least as far from `ratio`, were that the truth (two-sided); NaN where
    /// there is no interval. Never below 2/(resamples + 1): the sample counts as one of its resamples.
    pub fn p_value(&self, ratio: f64) -> f64 {
        let score = (self.logarithm - ratio.ln()) / self.error;
        let one_side = match &self.scores {
            Scores::TooFew => return f64::NAN,
            Scores::Normal => normal_cdf(-score.abs()),
            Scores::Drawn(scores) => {
                let below = scores.partition_point(|drawn| *drawn < score);
                let above = scores.len() - scores.partition_point(|drawn| *drawn <= score);
                (below.min(above) as f64 + 1.0) / (scores.len() as f64 + 1.0)
            }
        };
        (2.0 * one_side).min(1.0)
    }
}

fn drawn(units: &[Unit], of: u64, seed: u64, resamples: u64, logarithm: f64) -> Scores {
    let filled = units.len() as f64 / of.max(units.len() as u64) as f64;
    let mut scores: Vec<f64> = (0..resamples)
        .into_par_iter()
        .map_init(Vec::new, |drawn: &mut Vec<Unit>, resample| {
            let mut stream = stream(seed, resample);
            let count = binomial(&mut stream, of, filled);
            drawn.clear();
            drawn.extend((0..count).map(|_| units[below(&mut stream, units.len())]));
            let (resampled, error) = ratio(drawn.iter().copied(), of);
            (resampled.ln() - logarithm) / error
        })
        .filter(|score| score.is_finite())
        .collect();
    scores.sort_unstable_by(f64::total_cmp);
    if scores.is_empty() { Scores::TooFew } else { Scores::Drawn(scores) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{exponential, uniform};

    fn sample(seed: u64, realizations: usize, filled: f64) -> Vec<Unit> {
        let mut stream = stream(seed, u64::MAX);
        (0..realizations)
            .map(|_| (uniform(&mut stream), Unit { numerator: 1.0, denominator: exponential(&mut stream) / 5.0 }))
            .filter(|(draw, _)| *draw < filled)
            .map(|(_, unit)| unit)
            .collect()
    }

    #[test]
    fn bootstrap_agrees_with_the_analytic_error() {
        // ln of a rate from n exponential waits has standard error 1/√n.
        let units = sample(1, 4000, 1.0);
        let interval = Resampled::new(&units, 4000, 9, RESAMPLES).interval();
        let half = 0.5 * (interval.high / interval.low).ln();
        let analytic = 1.96 / 4000f64.sqrt();
        // The relative error of a bootstrapped width from 2000 resamples is about 3 %.
        assert!((half / analytic - 1.0).abs() < 0.08, "{half} against {analytic}");
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
        let units = sample(2, 300, 0.3);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| Resampled::new(&units, 300, 4, 500))
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn interval_covers_the_truth_when_most_realizations_are_empty() {
        let covered = (0..1000)
            .filter(|&repetition| {
                let units = sample(1000 + repetition, 120, 0.4);
                Resampled::new(&units, 120, repetition, 500).interval().contains(5.0)
            })
            .count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn too_few_realizations_give_no_interval() {
        let few = |units: &[Unit], of| Resampled::new(units, of, 1, 100);
        assert!(few(&sample(3, UNITS_MIN - 1, 1.0), 50).interval().low.is_nan());
        assert!(few(&sample(3, UNITS_MIN - 1, 1.0), 50).p_value(4.0).is_nan());
        assert!(few(&sample(3, UNITS_MIN, 1.0), 50).interval().low.is_finite());
        assert!(few(&[], 0).interval().low.is_nan());
    }

    #[test]
    fn p_values_and_intervals_say_the_same() {
        for repetition in 0..50 {
            let resampled = Resampled::new(&sample(7000 + repetition, 100, 0.4), 100, repetition, 999);
            let interval = resampled.interval();
            for (ratio, rejected) in [
                (interval.low * 0.999, true),
                (interval.low * 1.001, false),
                (interval.high * 0.999, false),
                (interval.high * 1.001, true),
            ] {
                let p = resampled.p_value(ratio);
                // A score near the quantile may lie on either side: one resample is 0.002 of p.
                assert!(if rejected { p < 0.054 } else { p > 0.046 }, "{p} at {ratio} of {interval:?}");
            }
            assert!(resampled.p_value(resampled.logarithm.exp()) > 0.8);
        }
    }

    #[test]
    fn the_normal_limit_joins_the_resampling() {
        let units = sample(9, 6000, 1.0);
        let resampled = Resampled::new(&units, 6000, 1, RESAMPLES);
        let normal = Resampled { scores: Scores::Normal, ..resampled.clone() };
        for ratio in [4.85, 5.0, 5.15] {
            let (p, q) = (resampled.p_value(ratio), normal.p_value(ratio));
            // Standard error of p from 2000 resamples: √(p/1000).
            assert!((p - q).abs() < 4.0 * (q / 1000.0).sqrt() + 0.01, "{p} against {q} at {ratio}");
        }
    }
}
