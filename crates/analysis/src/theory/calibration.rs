//! Does a 95 % interval cover the truth 95 times of 100, and does a test at 5 % reject it 5 times? On samples of known
//! exponent, with independent modes and with modes that come in clusters, it is counted.

use crate::random::{binomial, exponential, stream, uniform};
use crate::statistics::interval::fraction;
use crate::statistics::power_law::SIGNIFICANCE;
use crate::statistics::{Estimate, PowerLawSample};
use rayon::prelude::*;
use serde::Serialize;

/// Repetitions of each case.
pub const REPETITIONS: u64 = 1000;

/// Glasses in each synthetic ensemble.
const GLASSES: u64 = 100;

/// How the modes of a glass depend on one another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modes {
    /// Up to two a glass, about 40 in all, independent.
    Independent,
    /// Up to ten a glass, about 250 in all; each has, with probability 0.7, the one frequency that its glass has for
    /// such modes, else one of its own. Every mode alone follows the power law.
    Clustered,
}

impl Modes {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Modes::Independent => "independent",
            Modes::Clustered => "in clusters",
        }
    }

    /// Most modes of a glass, the chance of each to be there, and its chance to have the frequency of its glass.
    fn parameters(self) -> (u64, f64, f64) {
        match self {
            Modes::Independent => (2, 0.2, 0.0),
            Modes::Clustered => (10, 0.25, 0.7),
        }
    }
}

/// How often the intervals covered, and how often the tests rejected what was true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// True exponent.
    pub alpha: f64,
    /// Whether modes are independent.
    pub modes: Modes,
    /// Ensembles drawn.
    pub repetitions: u64,
    /// Modes in one of them, on average.
    pub events_mean: f64,
    /// Mean of the estimate.
    pub alpha_mean: f64,
    /// Fraction covered by the interval that is exact for independent modes.
    pub exact: Estimate,
    /// Fraction covered by the bootstrap over realizations.
    pub bootstrap: Estimate,
    /// Fraction in which the p-value that is exact for independent modes is below 5 %.
    pub exact_rejects: Estimate,
    /// Fraction in which the p-value by the bootstrap over realizations is below 5 %.
    pub bootstrap_rejects: Estimate,
}

/// The calibration at α = 3 and α = 4, of independent modes and of clusters.
pub fn run(seed: u64) -> Vec<Calibration> {
    let cases = [Modes::Independent, Modes::Clustered];
    cases.iter().flat_map(|&modes| [3.0, 4.0].map(|alpha| calibrate(alpha, modes, seed))).collect()
}

/// What one ensemble says.
struct Outcome {
    events: f64,
    alpha: f64,
    exact: bool,
    bootstrap: bool,
    exact_rejects: bool,
    bootstrap_rejects: bool,
}

fn calibrate(alpha: f64, modes: Modes, seed: u64) -> Calibration {
    let seed = seed ^ alpha.to_bits() ^ modes as u64;
    let outcomes: Vec<Outcome> = (0..REPETITIONS)
        .into_par_iter()
        .map(|repetition| {
            let sample = ensemble(alpha, modes, seed, repetition);
            let estimate = sample.exponent();
            let bootstrap = sample.bootstrap(seed.wrapping_add(repetition));
            Outcome {
                events: sample.events() as f64,
                alpha: estimate.value,
                exact: estimate.interval().contains(alpha),
                bootstrap: bootstrap.interval().contains(alpha),
                exact_rejects: sample.p_value_independent(alpha) < SIGNIFICANCE,
                bootstrap_rejects: bootstrap.p_value(alpha) < SIGNIFICANCE,
            }
        })
        .collect();
    let mean = |part: fn(&Outcome) -> f64| outcomes.iter().map(part).sum::<f64>() / REPETITIONS as f64;
    let share = |part: fn(&Outcome) -> bool| fraction(outcomes.iter().filter(|o| part(o)).count() as u64, REPETITIONS);
    Calibration {
        alpha,
        modes,
        repetitions: REPETITIONS,
        events_mean: mean(|outcome| outcome.events),
        alpha_mean: mean(|outcome| outcome.alpha),
        exact: share(|outcome| outcome.exact),
        bootstrap: share(|outcome| outcome.bootstrap),
        exact_rejects: share(|outcome| outcome.exact_rejects),
        bootstrap_rejects: share(|outcome| outcome.bootstrap_rejects),
    }
}

/// Glasses with their modes below ω_c = 1.
fn ensemble(alpha: f64, modes: Modes, seed: u64, repetition: u64) -> PowerLawSample {
    let (most, there, shared) = modes.parameters();
    let mut stream = stream(seed, repetition);
    let mut events = Vec::new();
    for glass in 0..GLASSES {
        let common = exponential(&mut stream);
        for _ in 0..binomial(&mut stream, most, there) {
            let own = if uniform(&mut stream) < shared { common } else { exponential(&mut stream) };
            events.push((glass, own / (alpha + 1.0)));
        }
    }
    PowerLawSample::new(GLASSES, events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_reject_and_intervals_miss_the_truth_as_often_as_they_say() {
        for calibration in run(1) {
            // Standard deviation of 5 % of 1000: 0.7 %; three of them.
            let five_percent = 0.029..=0.071;
            assert!(five_percent.contains(&calibration.bootstrap_rejects.value), "{calibration:?}");
            assert!(five_percent.contains(&(1.0 - calibration.bootstrap.value)), "{calibration:?}");
            let exact = [calibration.exact_rejects.value, 1.0 - calibration.exact.value];
            match calibration.modes {
                Modes::Independent => assert!(exact.iter().all(|part| five_percent.contains(part)), "{calibration:?}"),
                // Var Σx is 2.1 times that of independent modes: 2Φ(−1.96/√2.1) = 0.18.
                Modes::Clustered => assert!(exact.iter().all(|part| (0.13..0.23).contains(part)), "{calibration:?}"),
            }
            // Four standard errors of the mean, (α + 1)/√(modes · 1000), √2.1 times as large in clusters.
            let error = (calibration.alpha + 1.0) * (2.1 / (calibration.events_mean * 1000.0)).sqrt();
            assert!((calibration.alpha_mean - calibration.alpha).abs() < 4.0 * error + 0.02, "{calibration:?}");
        }
    }
}
