//! Time as a process lives it.
//!
//! A process that was suspended (SIGSTOP, a preempted job, a closed lid) must not take its own sleep for the silence of
//! others. It cannot see that it slept, but it looks at the clock many times a second, so a look that comes much later
//! than the one before tells.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Counts the time while its process was awake.
#[derive(Debug)]
pub(crate) struct AwakeClock {
    time: Mutex<Time>,
}

/// Time by the looks at the clock.
#[derive(Clone, Copy, Debug)]
struct Time {
    /// More than this does not pass between two looks of a process that is awake.
    longest: Duration,
    looked: Duration,
    awake: Duration,
    slept: Duration,
}

impl Time {
    /// Looks at the clock when it shows `now`.
    fn look(&mut self, now: Duration) {
        let gap = now.saturating_sub(self.looked);
        self.looked = now;
        self.awake += gap.min(self.longest);
        self.slept += gap.saturating_sub(self.longest);
    }

    /// What passed since the last look was no time of ours.
    fn pass_over(&mut self, now: Duration) {
        self.slept += now.saturating_sub(self.looked);
        self.looked = now;
    }
}

/// A thread that talks, awake, looks at the clock far more often than this.
pub(crate) const TALKING: Duration = Duration::from_millis(250);

impl AwakeClock {
    /// A clock that somebody looks at, while the process is awake, at least every `longest`.
    pub(crate) fn new(longest: Duration) -> Self {
        let looked = since_boot();
        Self { time: Mutex::new(Time { longest, looked, awake: Duration::ZERO, slept: Duration::ZERO }) }
    }

    /// Time awake since the clock was made.
    pub(crate) fn now(&self) -> Duration {
        self.with(Time::look).awake
    }

    /// Time asleep, as far as the looks have told.
    pub(crate) fn slept(&self) -> Duration {
        self.with(Time::look).slept
    }

    /// Counts what passed since the last look as sleep.
    pub(crate) fn pass_over(&self) {
        self.with(Time::pass_over);
    }

    fn with(&self, look: fn(&mut Time, Duration)) -> Time {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut time, since_boot());
        *time
    }
}

/// Time since the machine was started, its own sleep included: the clock that time limits follow.
fn since_boot() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_late_look_is_sleep() {
        let mut time = Time { longest: SECOND, looked: 5 * SECOND, awake: Duration::ZERO, slept: Duration::ZERO };
        time.look(5 * SECOND + SECOND / 2);
        assert_eq!((time.awake, time.slept), (SECOND / 2, Duration::ZERO));
        time.look(316 * SECOND);
        assert_eq!((time.awake, time.slept), (SECOND * 3 / 2, SECOND * 619 / 2));
        time.look(300 * SECOND); // a clock that goes back
        assert_eq!(time.awake, SECOND * 3 / 2);
        time.pass_over(300 * SECOND + SECOND / 2);
        assert_eq!(time.slept, 310 * SECOND);
    }

    #[test]
    fn the_clock_runs() {
        let clock = AwakeClock::new(SECOND);
        std::thread::sleep(Duration::from_millis(20));
        assert!(clock.now() >= Duration::from_millis(20));
    }
}
