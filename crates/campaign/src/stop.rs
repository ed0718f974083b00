//! Requests to stop: signals, the stop file, the end of the allocated time.
//!
//! | request | running tasks |
//! |---|---|
//! | SIGTERM (mpirun and SLURM leave about a second) | given up; what was reported is kept at once |
//! | SIGINT | the same; a second one ends the program on the spot |
//! | SIGUSR1, the file `stop`, the walltime | awaited, nothing new is begun; given up when the walltime comes |

use crate::outcome::StopReason;
use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Name of the file whose appearance stops a campaign. One that is there when a campaign begins is removed.
pub const STOP_NAME: &str = "stop";

/// The file system is asked this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Signals, caught and remembered from when this is made until it is dropped.
#[derive(Debug)]
pub(crate) struct Signals {
    flags: [(StopReason, Arc<AtomicBool>); 3],
    registered: Vec<SigId>,
}

impl Signals {
    pub(crate) fn catch() -> io::Result<Self> {
        let flag = || Arc::new(AtomicBool::new(false));
        let (terminated, interrupted, user) = (flag(), flag(), flag());
        let registered = vec![
            signal_hook::flag::register_conditional_shutdown(SIGINT, 128 + SIGINT, Arc::clone(&interrupted))?,
            signal_hook::flag::register(SIGINT, Arc::clone(&interrupted))?,
            signal_hook::flag::register(SIGTERM, Arc::clone(&terminated))?,
            signal_hook::flag::register(SIGUSR1, Arc::clone(&user))?,
        ];
        let flags = [
            (StopReason::Terminated, terminated),
            (StopReason::Interrupted, interrupted),
            (StopReason::UserSignal, user),
        ];
        Ok(Self { flags, registered })
    }

    /// On a worker: signals that the launcher sends to everybody are for the coordinator to judge.
    #[cfg(feature = "mpi")]
    pub(crate) fn leave_to_coordinator() -> io::Result<Self> {
        let ignored = || Arc::new(AtomicBool::new(false));
        let registered = vec![
            signal_hook::flag::register(SIGINT, ignored())?,
            signal_hook::flag::register(SIGTERM, ignored())?,
            signal_hook::flag::register(SIGUSR1, ignored())?,
        ];
        let flags = [StopReason::Terminated, StopReason::Interrupted, StopReason::UserSignal];
        Ok(Self { flags: flags.map(|reason| (reason, ignored())), registered })
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.registered.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}

/// Watches for requests; each is told once.
#[derive(Debug)]
pub(crate) struct StopWatch {
    signals: Signals,
    told: Vec<StopReason>,
    stop_file: PathBuf,
    looked: Instant,
}

impl StopWatch {
    pub(crate) fn new(signals: Signals, stop_file: PathBuf) -> Self {
        Self { signals, told: Vec::new(), stop_file, looked: Instant::now() }
    }

    pub(crate) fn poll(&mut self) -> Option<StopReason> {
        let mut asked: Vec<StopReason> = self
            .signals
            .flags
            .iter()
            .filter(|(_, flag)| flag.load(Ordering::Relaxed))
            .map(|(reason, _)| *reason)
            .collect();
        if self.looked.elapsed() >= LOOK_EVERY {
            self.looked = Instant::now();
            if self.stop_file.exists() {
                asked.push(StopReason::StopFile);
            }
        }
        let reason = asked.into_iter().find(|reason| !self.told.contains(reason))?;
        self.told.push(reason);
        Some(reason)
    }
}

/// How long work may go on: until the walltime or the end of the SLURM allocation (`SLURM_JOB_END_TIME`, in seconds since
/// 1970), whichever comes first, less the margin (at most a tenth of the time).
pub(crate) fn time_left(walltime: Option<Duration>, job_end: Option<&str>, margin: Duration) -> Option<Duration> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let job_end = job_end.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    let allocation = job_end.map(|end| end.saturating_sub(now));
    let left = match (walltime, allocation) {
        (Some(walltime), Some(allocation)) => walltime.min(allocation),
        (walltime, allocation) => walltime.or(allocation)?,
    };
    Some(left - margin.min(left / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_end_counts() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let margin = Duration::from_secs(20);
        let hour = Duration::from_secs(3600);
        assert_eq!(time_left(None, None, margin), None);
        assert_eq!(time_left(None, Some("soon"), margin), None);
        assert_eq!(time_left(Some(hour), None, margin), Some(hour - margin));
        assert_eq!(time_left(Some(Duration::from_secs(10)), None, margin), Some(Duration::from_secs(9)));
        let end = (now + 600).to_string();
        let left = time_left(Some(hour), Some(&end), margin).expect("both are given").as_secs_f64();
        assert!((578.0..581.0).contains(&left), "{left}");
        assert_eq!(time_left(None, Some("1000"), margin), Some(Duration::ZERO));
    }

    #[test]
    fn a_stop_file_is_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let signals = Signals::catch().expect("signals");
        let mut watch = StopWatch::new(signals, folder.path().join(STOP_NAME));
        watch.looked = Instant::now() - LOOK_EVERY;
        assert_eq!(watch.poll(), None);
        std::fs::write(folder.path().join(STOP_NAME), "").expect("a file");
        watch.looked = Instant::now() - LOOK_EVERY;
        assert_eq!(watch.poll(), Some(StopReason::StopFile));
        watch.looked = Instant::now() - LOOK_EVERY;
        assert_eq!(watch.poll(), None);
    }
}
