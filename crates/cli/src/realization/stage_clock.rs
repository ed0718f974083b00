//! CPU seconds of this thread, stage by stage: what a realization costs, however busy the machine is.

use rustix::time::{ClockId, clock_gettime};

/// The thread's CPU time at the last lap.
#[derive(Debug, Clone, Copy)]
pub struct StageClock {
    last: f64,
}

impl StageClock {
    /// Starts now.
    pub fn start() -> Self {
        StageClock { last: thread_seconds() }
    }

    /// CPU seconds since the start or the last lap.
    pub fn lap(&mut self) -> f64 {
        let now = thread_seconds();
        let lap = now - self.last;
        self.last = now;
        lap
    }
}

fn thread_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_counts_and_sleep_does_not() {
        let mut clock = StageClock::start();
        std::thread::sleep(std::time::Duration::from_millis(60));
        assert!(clock.lap() < 0.03);
        let mut sum = 0.0f64;
        while clock.last + 0.02 > thread_seconds() {
            sum += 1.0;
        }
        assert!(sum > 0.0 && clock.lap() >= 0.02);
    }
}
