//! When will it be done?

use serde::{Deserialize, Serialize};

/// What is known about the work of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pace {
    /// Tasks finished in this run.
    pub(crate) finished: u64,
    /// Seconds in which that was done.
    pub(crate) elapsed: f64,
    /// Mean seconds of a task.
    pub(crate) mean: f64,
    /// Standard deviation of these over their mean.
    pub(crate) spread: f64,
    /// Tasks computed at once.
    pub(crate) threads: u64,
    /// Tasks still to finish.
    pub(crate) remaining: u64,
}

/// When a run will be done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Tasks per second.
    pub rate: f64,
    /// Seconds until all are done.
    pub seconds: f64,
    /// Seconds that will hardly be undercut.
    pub low: f64,
    /// Seconds that will hardly be exceeded.
    pub high: f64,
}

impl Pace {
    /// The forecast, once a task has finished.
    ///
    /// The rate is finished/elapsed once every thread has finished a few tasks, before that threads/mean. The mean of n
    /// times of relative spread s is known to s/√n, so the interval is the central value times 1 ± 2 max(s, 0.1)/√n,
    /// and at the upper end the last tasks run on for up to mean·(1 + 2s) while other threads have nothing left to do.
    pub(crate) fn forecast(&self) -> Option<Forecast> {
        if self.finished == 0 || self.elapsed <= 0.0 || self.mean <= 0.0 {
            return None;
        }
        let observed = self.finished as f64 / self.elapsed;
        let expected = self.threads.max(1) as f64 / self.mean;
        let rate = if self.finished >= 4 * self.threads { observed } else { expected };
        let seconds = self.remaining as f64 / rate;
        let error = 2.0 * self.spread.max(0.1) / (self.finished as f64).sqrt();
        let tail = if self.remaining == 0 { 0.0 } else { self.mean * (1.0 + 2.0 * self.spread) };
        Some(Forecast { rate, seconds, low: seconds / (1.0 + error), high: seconds * (1.0 + error) + tail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn a_steady_run_ends_when_it_says() {
        let pace = Pace { finished: 100, elapsed: 100.0, mean: 4.0, spread: 0.3, threads: 4, remaining: 900 };
        let forecast = pace.forecast().expect("tasks have finished");
        assert!((forecast.seconds - 900.0).abs() < 1e-9);
        assert!((forecast.rate - 1.0).abs() < 1e-12);
        assert!(forecast.low < 900.0 && forecast.low > 840.0);
        assert!(forecast.high > 900.0 && forecast.high < 970.0);
    }

    #[test]
    fn nothing_is_said_before_a_task_has_finished() {
        let pace = Pace { finished: 0, elapsed: 10.0, mean: 0.0, spread: 0.0, threads: 4, remaining: 9 };
        assert_eq!(pace.forecast(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        /// The true end of a run of exponential times, seen from its middle, lies in the interval: here with the
        /// deterministic run whose remaining tasks take as long as those before.
        #[test]
        fn the_interval_holds_the_expectation(finished in 1u64..10_000, threads in 1u64..100, spread in 0.0..2.0) {
            let mean = 3.0;
            let elapsed = finished as f64 * mean / threads as f64;
            let pace = Pace { finished, elapsed, mean, spread, threads, remaining: 500 };
            let forecast = pace.forecast().expect("tasks have finished");
            let truth = 500.0 * mean / threads as f64;
            prop_assert!(forecast.low <= truth && truth <= forecast.high);
            prop_assert!(forecast.low > 0.0 && forecast.high.is_finite());
        }
    }
}
