//! Resampling whole realizations: modes of one glass are not independent, glasses are.

use super::interval::{CONFIDENCE, Interval};
use super::moments::quantile;
use super::special::normal_quantile;
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

/// Interval of a positive ratio Σ n_r / Σ d_r by the studentized bootstrap of its logarithm over `of`
/// realizations. `units` are those that add anything; the rest enters by how many of the drawn ones are
/// empty. [`Interval::NONE`] below eight units: so few resample to too few different samples.
///
/// Studentized, because percentiles under-cover with a few tens of events (Hall,
/// doi:10.1214/aos/1176350933). The result depends on `seed`, not on threads.
pub fn ratio_interval(units: &[Unit], of: u64, seed: u64, resamples: u64) -> Interval {
    let (value, error) = ratio(units.iter().copied(), of);
    let usable = value.is_finite() && value > 0.0 && error > 0.0;
    if units.len() < UNITS_MIN || !usable {
        return Interval::NONE;
    }
    let tail = 0.5 * (1.0 - CONFIDENCE);
    if units.len() > LARGE {
        let half = normal_quantile(1.0 - tail) * error;
        return Interval { low: (value.ln() - half).exp(), high: (value.ln() + half).exp() };
    }
    let filled = units.len() as f64 / of.max(units.len() as u64) as f64;
    let mut scores: Vec<f64> = (0..resamples)
        .into_par_iter()
        .map_init(Vec::new, |drawn: &mut Vec<Unit>, resample| {
            let mut stream = stream(seed, resample);
            let count = binomial(&mut stream, of, filled);
            drawn.clear();
            drawn.extend((0..count).map(|_| units[below(&mut stream, units.len())]));
            let (resampled, resampled_error) = ratio(drawn.iter().copied(), of);
            (resampled.ln() - value.ln()) / resampled_error
        })
        .filter(|score| score.is_finite())
        .collect();
    if scores.is_empty() {
        return Interval::NONE;
    }
    scores.sort_unstable_by(f64::total_cmp);
    Interval {
        low: (value.ln() - quantile(&scores, 1.0 - tail) * error).exp(),
        high: (value.ln() - quantile(&scores, tail) * error).exp(),
    }
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
        let interval = ratio_interval(&units, 4000, 9, RESAMPLES);
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
            pool.install(|| ratio_interval(&units, 300, 4, 500))
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn interval_covers_the_truth_when_most_realizations_are_empty() {
        let covered = (0..1000)
            .filter(|&repetition| {
                let units = sample(1000 + repetition, 120, 0.4);
                ratio_interval(&units, 120, repetition, 500).contains(5.0)
            })
            .count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn too_few_realizations_give_no_interval() {
        assert!(ratio_interval(&sample(3, UNITS_MIN - 1, 1.0), 50, 1, 100).low.is_nan());
        assert!(ratio_interval(&sample(3, UNITS_MIN, 1.0), 50, 1, 100).low.is_finite());
        assert!(ratio_interval(&[], 0, 1, 100).low.is_nan());
    }
}
