//! How a campaign ends.

use crate::lock::LockError;
use crate::store::{Quarantined, StoreError};
use std::fmt;
use std::path::PathBuf;
use thiserror::Error;

/// How `run` ended, where it did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every task is kept.
    Complete,
    /// Every task is kept or quarantined, and some are quarantined.
    CompleteWithQuarantined(Vec<Quarantined>),
    /// What was reported is kept; the same command goes on from here.
    StoppedEarly(StopReason),
    /// This process was a worker; the coordinator knows how the campaign ended.
    Worker,
}

impl Outcome {
    /// 0 complete, 3 complete with quarantined tasks, 75 stopped early; 0 for a worker.
    pub fn exit_code(&self) -> u8 {
        match self {
            Outcome::Complete | Outcome::Worker => 0,
            Outcome::CompleteWithQuarantined(_) => 3,
            Outcome::StoppedEarly(_) => 75,
        }
    }
}

/// Exit code of a campaign that failed.
pub const EXIT_FAILED: u8 = 1;

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Complete => formatter.write_str("complete"),
            Outcome::CompleteWithQuarantined(tasks) => write!(formatter, "complete, {} quarantined", tasks.len()),
            Outcome::StoppedEarly(reason) => write!(formatter, "stopped early: {reason}"),
            Outcome::Worker => formatter.write_str("worker dismissed"),
        }
    }
}

/// Why a campaign stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// SIGTERM: about a second is left.
    Terminated,
    /// SIGINT.
    Interrupted,
    /// SIGUSR1: the allocation ends soon.
    UserSignal,
    /// The file `stop` appeared in the campaign's folder.
    StopFile,
    /// `--walltime` or the end of the allocation is too near for another task.
    Walltime,
    /// No worker is left.
    NoWorkers,
}

impl StopReason {
    /// Whether running tasks are given up (they are repeated by the next run) instead of awaited.
    pub fn at_once(self) -> bool {
        matches!(self, StopReason::Terminated | StopReason::Interrupted | StopReason::NoWorkers)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            StopReason::Terminated => "SIGTERM",
            StopReason::Interrupted => "SIGINT",
            StopReason::UserSignal => "SIGUSR1",
            StopReason::StopFile => "stop file",
            StopReason::Walltime => "walltime",
            StopReason::NoWorkers => "no worker left",
        })
    }
}

/// Why a campaign could not go on.
#[derive(Debug, Error)]
pub enum CampaignError {
    /// Another coordinator works here, or the lock cannot be taken.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store could not be opened or read.
    #[error("cannot open what is already computed")]
    StoreOpen(#[source] StoreError),
    /// The store failed while the campaign ran. What earlier segments hold is safe.
    #[error("records could not be kept, {unsaved} reported results must be computed again: {reason}")]
    StoreFailed {
        /// What the store said.
        reason: String,
        /// Results that were reported and are in no segment.
        unsaved: u64,
    },
    /// A file of the campaign's folder cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The lock was taken over by another coordinator while this one was held up.
    #[error("lost the lock of {}: another coordinator took it over; stopped so that nothing is written twice", directory.display())]
    LockLost {
        /// Which folder.
        directory: PathBuf,
    },
    /// Threads or signal handlers could not be set up.
    #[error("cannot {action}")]
    System {
        /// What was attempted.
        action: &'static str,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The indices to compute are not ascending.
    #[error("the indices to compute must ascend, but {previous} is followed by {next}")]
    Indices {
        /// An index.
        previous: u64,
        /// The one after it.
        next: u64,
    },
    /// Started by mpirun or srun with several ranks, but this build has no MPI.
    #[error(
        "started as one of {ranks} processes, but this build has no MPI (build with the feature `mpi`, or start one process)"
    )]
    BuiltWithoutMpi {
        /// How many processes the launcher started.
        ranks: u32,
    },
    /// The launcher started several processes which do not see one another.
    #[error(
        "the launcher started {tasks} processes, but MPI sees only one: use the mpirun of the MPI this program was built with, or srun with the right --mpi (Open MPI: --mpi=pmix, MPICH: --mpi=pmi2)"
    )]
    RanksUnconnected {
        /// How many processes the launcher started.
        tasks: u32,
    },
    /// MPI was already initialized in this process.
    #[error("MPI cannot be initialized: it is or was already in use in this process")]
    MpiUnavailable,
    /// On a worker: the coordinator has been silent for too long.
    #[error("the coordinator has been silent for {seconds:.0} s; gave up")]
    CoordinatorLost {
        /// How long.
        seconds: f64,
    },
}
