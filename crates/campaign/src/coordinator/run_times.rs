//! The distribution of run times, learned as tasks finish.

/// Bins per factor of e: neighbouring bins differ by 5 %.
const BINS_PER_E: f64 = 20.0;
/// Shortest time that is told apart from shorter ones, in seconds.
const SHORTEST: f64 = 1e-6;
/// Enough for 10⁸ s.
const BINS: usize = 650;

/// A histogram of run times with logarithmic bins: constant memory, quantiles to 5 %.
#[derive(Clone, Debug)]
pub(crate) struct RunTimes {
    counts: Vec<u32>,
    total: u64,
    sum: f64,
    sum_of_squares: f64,
    /// Quantiles in use, recomputed only after the number of run times has grown by 5 %.
    quantile_95: f64,
    recompute_at: u64,
}

impl RunTimes {
    /// Nothing seen yet.
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; BINS], total: 0, sum: 0.0, sum_of_squares: 0.0, quantile_95: 0.0, recompute_at: 0 }
    }

    /// Learns one run time, in seconds.
    pub(crate) fn learn(&mut self, seconds: f64) {
        if !seconds.is_finite() || seconds < 0.0 {
            return;
        }
        let bin = ((seconds.max(SHORTEST) / SHORTEST).ln() * BINS_PER_E) as usize;
        self.counts[bin.min(BINS - 1)] += 1;
        self.total += 1;
        self.sum += seconds;
        self.sum_of_squares += seconds * seconds;
        if self.total >= self.recompute_at {
            self.quantile_95 = self.quantile(0.95);
            self.recompute_at = self.total + self.total / 20 + 1;
        }
    }

    /// How many were seen.
    pub(crate) fn count(&self) -> u64 {
        self.total
    }

    /// Their mean, in seconds.
    pub(crate) fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum / self.total as f64)
    }

    /// Standard deviation over mean.
    pub(crate) fn relative_spread(&self) -> f64 {
        let Some(mean) = self.mean().filter(|mean| *mean > 0.0) else { return 0.0 };
        (self.sum_of_squares / self.total as f64 / (mean * mean) - 1.0).max(0.0).sqrt()
    }

    /// The time that 95 % of tasks do not exceed, within a bin's width (rounded up), in seconds.
    pub(crate) fn quantile_95(&self) -> Option<f64> {
        (self.total > 0).then_some(self.quantile_95)
    }

    fn quantile(&self, fraction: f64) -> f64 {
        let wanted = (self.total as f64 * fraction).ceil() as u64;
        let mut seen = 0;
        for (bin, &count) in self.counts.iter().enumerate() {
            seen += u64::from(count);
            if seen >= wanted {
                return SHORTEST * ((bin + 1) as f64 / BINS_PER_E).exp();
            }
        }
        SHORTEST * (BINS as f64 / BINS_PER_E).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_a_bin() {
        let mut run_times = RunTimes::new();
        assert_eq!(run_times.quantile_95(), None);
        for k in 1..=1000 {
            run_times.learn(f64::from(k) * 0.01);
        }
        let quantile = run_times.quantile(0.95);
        assert!((9.5..9.5 * 1.06).contains(&quantile), "{quantile}");
        let in_use = run_times.quantile_95().expect("seen");
        assert!((9.0..10.0).contains(&in_use), "{in_use}");
        assert!((run_times.mean().expect("seen") - 5.005).abs() < 1e-9);
        assert!((run_times.relative_spread() - 1.0 / 3f64.sqrt()).abs() < 1e-2);
    }

    #[test]
    fn extremes_are_held() {
        let mut run_times = RunTimes::new();
        for seconds in [0.0, 1e-12, 1e30, f64::NAN, f64::INFINITY, -1.0] {
            run_times.learn(seconds);
        }
        assert_eq!(run_times.count(), 3);
        assert!(run_times.quantile_95().expect("seen") > 1e7);
    }
}
