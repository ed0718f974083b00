//! How a running campaign is interrupted.

use glassmodes_tests::Running;
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;

/// How a running campaign is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Interruption {
    KillWorker,
    KillCoordinator,
    KillLauncher,
    Terminate,
    UserSignal,
    StopFile,
}

impl Interruption {
    pub(crate) const ALL: [Interruption; 6] = [
        Interruption::KillWorker,
        Interruption::KillCoordinator,
        Interruption::KillLauncher,
        Interruption::Terminate,
        Interruption::UserSignal,
        Interruption::StopFile,
    ];

    /// Interrupts the campaign of this mpirun in `folder`.
    pub(crate) fn happen(self, running: &Running, folder: &Path) {
        let launcher = running.pid() as i32;
        match self {
            Interruption::KillWorker => signal(rank_pid(launcher, 1), Signal::KILL),
            Interruption::KillCoordinator => signal(rank_pid(launcher, 0), Signal::KILL),
            Interruption::KillLauncher => signal(Some(launcher), Signal::KILL),
            Interruption::Terminate => signal(Some(launcher), Signal::TERM),
            Interruption::UserSignal => signal(Some(launcher), Signal::USR1),
            Interruption::StopFile => {
                // Before the campaign has made its folder there is nothing to stop.
                let _ = std::fs::write(folder.join("stop"), "");
            }
        }
    }
}

/// A process that has just ended, or is not there yet, is no victim: the trial then does not count.
fn signal(pid: Option<i32>, signal: Signal) {
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// The process of one MPI rank, by its parent and its environment.
fn rank_pid(launcher: i32, rank: usize) -> Option<i32> {
    let wanted = format!("OMPI_COMM_WORLD_RANK={rank}");
    std::fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok()).find(
        |pid| {
            let parent = std::fs::read_to_string(format!("/proc/{pid}/stat"))
                .ok()
                .and_then(|stat| stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<i32>().ok());
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            parent == Some(launcher) && environment.split(|&byte| byte == 0).any(|entry| entry == wanted.as_bytes())
        },
    )
}
