//! How a campaign is run: everything that is a choice, with its default.

use std::path::PathBuf;
use std::time::Duration;

/// What to compute, where, and when to give up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the campaign: lock, ledger, stop file and outcome are kept here. It must exist.
    pub directory: PathBuf,
    /// Indices to compute, ascending, each once; what the store has already is left out by the engine.
    pub indices: Vec<u64>,
    /// Written into the ledger: whatever identifies the configuration.
    pub config_hash: String,
    /// Written into the ledger: the program's version.
    pub version: String,
    /// Tasks that each process computes at once.
    pub threads: usize,
    /// Whether rank 0 computes too; by default with at most 16 ranks.
    pub coordinator_works: Option<bool>,
    /// Time from now in which to finish; the end of a SLURM allocation is respected by itself.
    pub walltime: Option<Duration>,
    /// What the coordinator decides by.
    pub rules: Rules,
    /// When records are written.
    pub segments: SegmentSettings,
}

/// When records are handed to the store: after `records`, `bytes` or `age`, whichever comes first.
#[derive(Clone, Copy, Debug)]
pub struct SegmentSettings {
    /// Records in a segment.
    pub records: usize,
    /// Bytes in a segment.
    pub bytes: usize,
    /// Age of the oldest record that is not yet kept.
    pub age: Duration,
    /// While a segment is being written, records up to this many bytes wait; beyond it workers wait, too.
    pub waiting_bytes: usize,
}

impl Default for SegmentSettings {
    fn default() -> Self {
        Self { records: 1000, bytes: 64 << 20, age: Duration::from_secs(30), waiting_bytes: 256 << 20 }
    }
}

/// The constants of the coordinator's decisions.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Attempts that may end badly (failure, panic, deadline, damaged result, worker lost) before a task is
    /// quarantined.
    pub attempts_max: u32,
    /// Ends of the whole program without a word at which a task may have been in work before it is quarantined.
    pub crashes_max: u32,
    /// A worker speaks at least this often.
    pub heartbeat: Duration,
    /// A worker silent for so long is lost.
    pub heartbeat_timeout: Duration,
    /// A coordinator silent for so long is lost: the worker leaves.
    pub coordinator_silence: Duration,
    /// Workers must have reported for duty by then.
    pub join_timeout: Duration,
    /// No deadline is shorter.
    pub deadline_floor: Duration,
    /// The deadline is this many times the 95 % quantile of the run times seen so far.
    pub deadline_factor: f64,
    /// The deadline until three run times have been seen.
    pub deadline_first: Duration,
    /// After a request to stop at once, reports are accepted for so long.
    pub grace: Duration,
    /// A worker is given ahead what it computes in this time, so that asking costs it nothing.
    pub ahead: Duration,
    /// When the walltime or the allocation ends, work ends this much earlier, for the last segment.
    pub margin: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            attempts_max: 2,
            crashes_max: 5,
            heartbeat: Duration::from_secs(2),
            heartbeat_timeout: Duration::from_secs(30),
            coordinator_silence: Duration::from_secs(300),
            join_timeout: Duration::from_secs(120),
            deadline_floor: Duration::from_secs(60),
            deadline_factor: 10.0,
            deadline_first: Duration::from_secs(6 * 3600),
            grace: Duration::from_millis(500),
            ahead: Duration::from_millis(50),
            margin: Duration::from_secs(20),
        }
    }
}

impl Settings {
    /// The defaults for these indices in this folder: one thread per process, no walltime.
    pub fn new(directory: impl Into<PathBuf>, indices: Vec<u64>) -> Self {
        Self {
            directory: directory.into(),
            indices,
            config_hash: String::new(),
            version: String::new(),
            threads: 1,
            coordinator_works: None,
            walltime: None,
            rules: Rules::default(),
            segments: SegmentSettings::default(),
        }
    }
}
