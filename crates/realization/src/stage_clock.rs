//! CPU seconds of this thread, or of the whole process, stage by stage: what a realization costs,
//! however busy the machine is.

use rustix::time::{ClockId, clock_gettime};

/// The CPU time at the last lap.
#[derive(Debug, Clone, Copy)]
pub struct StageClock {
    clock: ClockId,
    last: f64,
}

impl StageClock {
    /// Starts now, for what this thread does.
    pub fn start() -> Self {
        StageClock { clock: ClockId::ThreadCPUTime, last: seconds(ClockId::ThreadCPUTime) }
    }

    /// Starts now, for what all threads of the process do.
    pub fn of_process() -> Self {
        StageClock { clock: ClockId::ProcessCPUTime, last: seconds(ClockId::ProcessCPUTime) }
    }

    /// CPU seconds since the start or the last lap.
    pub fn lap(&mut self) -> f64 {
        let now = seconds(self.clock);
        let lap = now - self.last;
        self.last = now;
        lap
    }
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
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
        while clock.last + 0.02 > seconds(ClockId::ThreadCPUTime) {
            sum += 1.0;
        }
        assert!(sum > 0.0 && clock.lap() >= 0.02);
    }

    #[test]
    fn work_of_other_threads_counts_for_the_process() {
        let (mut own, mut all) = (StageClock::start(), StageClock::of_process());
        std::thread::spawn(|| {
            let mut clock = StageClock::start();
            let mut busy = 0.0;
            while busy < 0.03 {
                busy += clock.lap();
            }
        })
        .join()
        .expect("the thread ends");
        assert!(all.lap() >= 0.03 && own.lap() < 0.02);
    }
}
