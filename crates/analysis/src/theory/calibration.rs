//! Does a 95 % interval cover the truth 95 times of 100? On samples of known exponent, it is counted.

use crate::random::{binomial, exponential, stream};
use crate::statistics::interval::fraction;
use crate::statistics::{Estimate, PowerLawSample};
use rayon::prelude::*;
use serde::Serialize;

/// Repetitions for each exponent.
pub const REPETITIONS: u64 = 1000;

/// Glasses in each synthetic ensemble; with [`MODES_A_GLASS`] about 40 modes.
const GLASSES: u64 = 100;

/// Mean number of modes below ω_c of each.
const MODES_A_GLASS: f64 = 0.4;

/// How often the intervals covered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// True exponent.
    pub alpha: f64,
    /// Ensembles drawn.
    pub repetitions: u64,
    /// Modes in one of them, on average.
    pub events_mean: f64,
    /// Mean of the estimate.
    pub alpha_mean: f64,
    /// Fraction covered by the exact interval.
    pub exact: Estimate,
    /// Fraction covered by the bootstrap over realizations.
    pub bootstrap: Estimate,
}

/// The calibration at α = 3 and α = 4.
pub fn run(seed: u64) -> Vec<Calibration> {
    [3.0, 4.0].map(|alpha| calibrate(alpha, seed)).into()
}

fn calibrate(alpha: f64, seed: u64) -> Calibration {
    let seed = seed ^ alpha.to_bits();
    let repetitions: Vec<(f64, f64, bool, bool)> = (0..REPETITIONS)
        .into_par_iter()
        .map(|repetition| {
            let sample = ensemble(alpha, seed, repetition);
            let estimate = sample.exponent();
            let bootstrap = sample.bootstrap(seed.wrapping_add(repetition));
            (sample.events() as f64, estimate.value, estimate.interval().contains(alpha), bootstrap.contains(alpha))
        })
        .collect();
    let mean =
        |part: fn(&(f64, f64, bool, bool)) -> f64| repetitions.iter().map(part).sum::<f64>() / REPETITIONS as f64;
    let covered = |part: fn(&(f64, f64, bool, bool)) -> bool| {
        fraction(repetitions.iter().filter(|r| part(r)).count() as u64, REPETITIONS)
    };
    Calibration {
        alpha,
        repetitions: REPETITIONS,
        events_mean: mean(|r| r.0),
        alpha_mean: mean(|r| r.1),
        exact: covered(|r| r.2),
        bootstrap: covered(|r| r.3),
    }
}

/// Glasses with up to two modes below ω_c = 1 each.
fn ensemble(alpha: f64, seed: u64, repetition: u64) -> PowerLawSample {
    let mut stream = stream(seed, repetition);
    let mut events = Vec::new();
    for glass in 0..GLASSES {
        for _ in 0..binomial(&mut stream, 2, 0.5 * MODES_A_GLASS) {
            events.push((glass, exponential(&mut stream) / (alpha + 1.0)));
        }
    }
    PowerLawSample::new(GLASSES, events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_as_often_as_they_say() {
        for calibration in run(1) {
            for covered in [calibration.exact.value, calibration.bootstrap.value] {
                assert!((0.93..=0.97).contains(&covered), "{calibration:?}");
            }
            // Standard error of the mean: (α+1)/√(40·1000) = 0.025.
            assert!((calibration.alpha_mean - calibration.alpha).abs() < 0.1, "{calibration:?}");
        }
    }
}
