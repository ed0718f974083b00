//! Maximum likelihood for D(ω) ∝ ω^α on (0, ω_c].
//!
//! With x = ln(ω_c/ω) the density (α+1) ω^α/ω_c^{α+1} becomes that of an exponential variable of rate
//! θ = α + 1. So for n events with T = Σx:
//!
//! - ln L(α) = n ln(α+1) − (α+1) T + const, largest at α + 1 = n/T;
//! - 2θT is χ² with 2n degrees of freedom, hence E[(n−1)/T] = θ (the estimate without bias) and an exact
//!   interval, when the events are independent;
//! - each event may have its own ω_c: only x enters. A cut at a fraction of each realization's phonon is
//!   as good as one ω_c for all.
//!
//! Modes of one glass are not independent; so beside what is exact for independent ones stand an interval and
//! p-values by resampling whole realizations ([`super::bootstrap`]). Those count: with modes in clusters an exact test
//! at 5 % rejects the truth several times as often ([`crate::theory::calibration`]).

use super::bootstrap::{RESAMPLES, Resampled, Unit};
use super::goodness::{GoodnessOfFit, exponential_fit};
use super::interval::{CONFIDENCE, Interval};
use super::special::{gamma_cdf, gamma_quantile};
use super::{Estimate, interval};
use serde::Serialize;

/// Of fewer events no exponent is shown: its interval would be wider than what it is to decide between.
pub const EVENTS_MIN: u64 = 8;

/// Events x = ln(ω_c/ω) ≥ 0, grouped by realization.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerLawSample {
    realizations: u64,
    units: Vec<Unit>,
    logarithms: Vec<f64>,
}

impl PowerLawSample {
    /// From (realization, ln(ω_c/ω)) of each event, the events of a realization together; `realizations`
    /// counts those without events too. Events beyond their cut (negative or NaN) are left out.
    pub fn new(realizations: u64, events: impl IntoIterator<Item = (u64, f64)>) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        let mut logarithms = Vec::new();
        let mut current = None;
        for (realization, x) in events {
            if !(x >= 0.0 && x.is_finite()) {
                continue;
            }
            if current != Some(realization) {
                units.push(Unit { numerator: 0.0, denominator: 0.0 });
                current = Some(realization);
            }
            if let Some(unit) = units.last_mut() {
                unit.numerator += 1.0;
                unit.denominator += x;
            }
            logarithms.push(x);
        }
        PowerLawSample { realizations: realizations.max(units.len() as u64), units, logarithms }
    }

    /// Number of events n.
    pub fn events(&self) -> u64 {
        self.logarithms.len() as u64
    }

    /// Number of realizations, empty ones included.
    pub fn realizations(&self) -> u64 {
        self.realizations
    }

    /// T = Σ ln(ω_c/ω).
    fn sum(&self) -> f64 {
        self.units.iter().map(|unit| unit.denominator).sum()
    }

    /// α̂ = (n−1)/T − 1 with the exact interval from 2(α+1)T ~ χ²₂ₙ.
    pub fn exponent(&self) -> Estimate {
        let (n, sum) = (self.events() as f64, self.sum());
        if n < 2.0 || sum <= 0.0 {
            return Estimate::NONE;
        }
        let tail = 0.5 * (1.0 - CONFIDENCE);
        Estimate {
            value: (n - 1.0) / sum - 1.0,
            low: gamma_quantile(n, tail) / sum - 1.0,
            high: gamma_quantile(n, 1.0 - tail) / sum - 1.0,
        }
    }

    /// What resampling realizations says of α.
    pub fn bootstrap(&self, seed: u64) -> Bootstrap {
        self.resampled(seed, RESAMPLES)
    }

    fn resampled(&self, seed: u64, resamples: u64) -> Bootstrap {
        Bootstrap(Resampled::new(&self.units, self.realizations, seed, resamples))
    }

    /// ln L(`a`) − ln L(`b`).
    pub fn log_likelihood_ratio(&self, a: f64, b: f64) -> f64 {
        self.events() as f64 * ((a + 1.0) / (b + 1.0)).ln() - (a - b) * self.sum()
    }

    /// How often a sample of this size with exponent `alpha` lies at least as far out as this one
    /// (two-sided), exact when events are independent; NaN without events.
    pub fn p_value_independent(&self, alpha: f64) -> f64 {
        if self.events() == 0 {
            return f64::NAN;
        }
        let below = gamma_cdf(self.events() as f64, (alpha + 1.0) * self.sum());
        (2.0 * below.min(1.0 - below)).clamp(0.0, 1.0)
    }

    /// All of it.
    pub fn fit(&self, seed: u64) -> PowerLawFit {
        let exponent = self.exponent();
        let bootstrap = self.bootstrap(seed);
        PowerLawFit {
            events: self.events(),
            realizations: self.realizations,
            realizations_with_events: self.units.len() as u64,
            exponent,
            bootstrap: bootstrap.interval(),
            log_likelihood_ratio_4_over_3: self.log_likelihood_ratio(4.0, 3.0),
            p_value_3: bootstrap.p_value(3.0),
            p_value_4: bootstrap.p_value(4.0),
            p_value_3_independent: self.p_value_independent(3.0),
            p_value_4_independent: self.p_value_independent(4.0),
            goodness: exponential_fit(&self.logarithms, seed),
        }
    }
}

/// What resampling realizations says about an exponent.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap(Resampled);

impl Bootstrap {
    /// The interval of α.
    pub fn interval(&self) -> Interval {
        let Interval { low, high } = self.0.interval();
        Interval { low: low - 1.0, high: high - 1.0 }
    }

    /// Two-sided p of `alpha`.
    pub fn p_value(&self, alpha: f64) -> f64 {
        self.0.p_value(alpha + 1.0)
    }
}

/// What a sample says about its exponent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PowerLawFit {
    /// Number of events.
    pub events: u64,
    /// Number of realizations.
    pub realizations: u64,
    /// Those with an event.
    pub realizations_with_events: u64,
    /// α̂ without bias, with the exact interval for independent events.
    pub exponent: Estimate,
    /// The interval by resampling realizations.
    pub bootstrap: Interval,
    /// ln L(4) − ln L(3): positive favours 4.
    pub log_likelihood_ratio_4_over_3: f64,
    /// Two-sided p of α = 3 by resampling realizations; NaN with fewer than eight that have an event.
    pub p_value_3: f64,
    /// The same of α = 4.
    pub p_value_4: f64,
    /// Two-sided p of α = 3, exact for independent events.
    pub p_value_3_independent: f64,
    /// The same of α = 4.
    pub p_value_4_independent: f64,
    /// Whether a power law fits at all.
    pub goodness: GoodnessOfFit,
}

/// A p-value below this rejects.
pub const SIGNIFICANCE: f64 = 1.0 - CONFIDENCE;

impl PowerLawFit {
    /// The exponents 3 and 4 on which the two kinds of p-value disagree at [`SIGNIFICANCE`]: α, p by resampling, p for
    /// independent events.
    pub fn disagreements(&self) -> Vec<(f64, f64, f64)> {
        [(3.0, self.p_value_3, self.p_value_3_independent), (4.0, self.p_value_4, self.p_value_4_independent)]
            .into_iter()
            .filter(|(_, resampled, independent)| {
                !resampled.is_nan() && (*resampled < SIGNIFICANCE) != (*independent < SIGNIFICANCE)
            })
            .collect()
    }
}

/// A_g of D(ω) = A_g ω^α, where D is the number of modes per realization, per degree of freedom and per unit
/// of ω: A_g = n / (2N Σ_r ω_{c,r}^{α+1}/(α+1)) for `events` = n modes below the cuts `cuts` of the
/// realizations, with the Poisson interval of n. NaN when nothing was searched.
pub fn prefactor(events: u64, alpha: f64, cuts: impl IntoIterator<Item = f64>, degrees_of_freedom: f64) -> Estimate {
    let searched: f64 = cuts.into_iter().map(|cut| cut.powf(alpha + 1.0)).sum::<f64>() / (alpha + 1.0);
    let scale = 1.0 / (degrees_of_freedom * searched);
    if !(scale.is_finite() && scale > 0.0) {
        return Estimate::NONE;
    }
    Estimate::new(events as f64 * scale, interval::poisson(events).scaled(scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{binomial, exponential, stream};

    /// `realizations` glasses, each with up to three modes below ω_c, exponent `alpha`.
    fn synthetic(seed: u64, realizations: u64, alpha: f64) -> PowerLawSample {
        let mut stream = stream(seed, 0);
        let mut events = Vec::new();
        for realization in 0..realizations {
            for _ in 0..binomial(&mut stream, 3, 0.15) {
                events.push((realization, exponential(&mut stream) / (alpha + 1.0)));
            }
        }
        PowerLawSample::new(realizations, events)
    }

    #[test]
    fn exact_interval_covers_the_truth_with_few_tens_of_events() {
        // Standard deviation of the count √(0.95·0.05·10⁴) = 22: three of it. (Of one thousand it is 6.9, so
        // that an exact interval still leaves 930..=970 for 0.3 % of seeds; the first thousand here give 971.)
        for (alpha, first) in [(3.0, 0), (4.0, 1_000_000)] {
            let covered = (0..10_000)
                .filter(|&repetition| synthetic(first + repetition, 60, alpha).exponent().interval().contains(alpha))
                .count();
            assert!((9434..=9566).contains(&covered), "{covered} of 10000 at {alpha}");
        }
    }

    #[test]
    fn bootstrap_interval_covers_the_truth_with_few_tens_of_events() {
        let covered = (0..1000)
            .filter(|&repetition| {
                let sample = synthetic(5000 + repetition, 80, 4.0);
                sample.resampled(repetition, 500).interval().contains(4.0)
            })
            .count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn bootstrap_is_wider_than_the_exact_interval_when_modes_come_in_pairs() {
        // Every event twice: half the information, √2 the width.
        let single = synthetic(3, 4000, 4.0);
        let doubled = PowerLawSample {
            realizations: single.realizations,
            units: single
                .units
                .iter()
                .map(|u| Unit { numerator: 2.0 * u.numerator, denominator: 2.0 * u.denominator })
                .collect(),
            logarithms: single.logarithms.iter().flat_map(|&x| [x, x]).collect(),
        };
        let exact = doubled.exponent();
        let bootstrap = doubled.bootstrap(1).interval();
        let ratio = (bootstrap.high - bootstrap.low) / (exact.high - exact.low);
        assert!((1.25..1.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn the_estimate_has_no_bias_and_the_error_of_the_gamma_distribution() {
        let (mut sum, mut squares, repetitions) = (0.0, 0.0, 4000);
        for repetition in 0..repetitions {
            let mut stream = stream(40_000 + repetition, 0);
            let events = (0..10).map(|k| (k, exponential(&mut stream) / 5.0));
            let alpha = PowerLawSample::new(10, events).exponent().value;
            sum += alpha;
            squares += alpha * alpha;
        }
        let mean = sum / repetitions as f64;
        let deviation = (squares / repetitions as f64 - mean * mean).sqrt();
        // (n−1)/T has standard deviation θ/√(n−2) = 5/√8; four standard errors of its mean.
        let expected = 5.0 / 8f64.sqrt();
        assert!((mean - 4.0).abs() < 4.0 * expected / (repetitions as f64).sqrt(), "{mean}");
        assert!((deviation / expected - 1.0).abs() < 0.1, "{deviation} against {expected}");
    }

    #[test]
    fn likelihood_prefers_the_true_exponent() {
        let three = synthetic(1, 3000, 3.0).fit(1);
        let four = synthetic(2, 3000, 4.0).fit(1);
        assert!(three.log_likelihood_ratio_4_over_3 < -5.0 && four.log_likelihood_ratio_4_over_3 > 5.0);
        assert!(three.p_value_3 > 0.01 && three.p_value_3_independent > 0.01);
        assert!(four.p_value_4 > 0.01 && four.p_value_4_independent > 0.01);
        // The least that 2000 resamples can say is 0.001.
        assert!(three.p_value_4 < 1.1e-3 && three.p_value_4_independent < 1e-4);
        assert!(four.p_value_3 < 1.1e-3 && four.p_value_3_independent < 1e-4);
        assert!(three.goodness.p_value > 0.01 && four.goodness.p_value > 0.01);
    }

    #[test]
    fn prefactor_returns_the_density_it_was_drawn_from() {
        // 100 modes in 5 realizations of 200 degrees of freedom: n = R · 2N · A ω_c⁵/5.
        let estimate = prefactor(100, 4.0, [0.5; 5], 200.0);
        assert!((estimate.value * 0.5f64.powi(5) / 5.0 * 1000.0 - 100.0).abs() < 1e-9);
        assert!(estimate.low < estimate.value && estimate.value < estimate.high);
        assert!(prefactor(0, 4.0, [], 200.0).value.is_nan());
        assert!(prefactor(3, 4.0, [0.5], f64::NAN).value.is_nan());
    }

    #[test]
    fn samples_without_events_give_no_numbers_and_no_panic() {
        for events in [vec![], vec![(0, 0.3)], vec![(0, f64::NAN), (1, -1.0)]] {
            let fit = PowerLawSample::new(5, events).fit(1);
            assert!(fit.exponent.value.is_nan() && fit.bootstrap.low.is_nan());
        }
    }
}
