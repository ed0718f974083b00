//! The lines of the ledger.

use crate::message::FailureKind;
use serde::{Deserialize, Serialize};

/// One line: when, and what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Seconds since 1970.
    pub at: f64,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What the ledger tells. Task indices are campaign-wide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A coordinator begins or resumes.
    RunStarted {
        /// Its host.
        host: String,
        /// Its process number.
        pid: u32,
        /// Processes, this one included.
        ranks: u32,
        /// Tasks that each computes at once.
        threads: u32,
        /// Tasks this coordinator is responsible for, done or not.
        tasks: u64,
        /// Those the store holds already, as ranges, both ends included.
        kept: Vec<[u64; 2]>,
        /// Seconds until it must end.
        walltime: Option<f64>,
        /// Configuration.
        config_hash: String,
        /// Version of the program.
        version: String,
    },
    /// A worker reported for duty.
    Joined {
        /// Which.
        worker: u32,
        /// Its host.
        host: String,
        /// Its process number.
        pid: u32,
        /// Tasks it computes at once.
        threads: u32,
    },
    /// Tasks were handed to a worker; written before it hears of them.
    Assigned {
        /// To whom.
        worker: u32,
        /// Which.
        tasks: Vec<u64>,
    },
    /// A worker began tasks. Not written for very short ones.
    Started {
        /// Who.
        worker: u32,
        /// Which.
        tasks: Vec<u64>,
    },
    /// A worker delivered records; they are safe once a `segment` line holds them.
    Finished {
        /// Who.
        worker: u32,
        /// Which.
        tasks: Vec<FinishedTask>,
    },
    /// An attempt ended badly.
    Failed {
        /// Where.
        worker: u32,
        /// Which task.
        index: u64,
        /// Which attempt, counted from 1.
        attempt: u32,
        /// In which way.
        kind: FailureKind,
        /// In words.
        reason: String,
        /// Whether it may be tried again.
        again: bool,
    },
    /// A worker is gone, and with it an attempt at each task it was running.
    Lost {
        /// Which.
        worker: u32,
        /// Its host.
        host: String,
        /// What it was running.
        running: Vec<u64>,
        /// How that was noticed.
        reason: String,
    },
    /// A worker believed lost spoke again.
    Returned {
        /// Which.
        worker: u32,
    },
    /// A task is given up.
    Quarantined {
        /// Which.
        index: u64,
        /// Attempts that ended badly.
        attempts: u32,
        /// The last reason.
        reason: String,
    },
    /// These records are safe.
    Segment {
        /// Which, as ranges, both ends included.
        kept: Vec<[u64; 2]>,
        /// Bytes on disk.
        bytes: u64,
        /// Seconds the writing took.
        seconds: f64,
    },
    /// No more tasks are begun.
    Stopping {
        /// Why.
        reason: String,
    },
    /// The coordinator leaves; without this line it was ended from outside.
    RunEnded {
        /// In words.
        outcome: String,
        /// Exit code of the program.
        exit_code: u8,
        /// Results that were reported and could not be kept.
        unsaved: u64,
    },
}

/// A task in a `finished` line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinishedTask {
    /// Which.
    pub index: u64,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// Seconds it took.
    pub seconds: f64,
}

/// Ascending indices as ranges, both ends included.
pub fn ranges(indices: impl IntoIterator<Item = u64>) -> Vec<[u64; 2]> {
    let mut ranges: Vec<[u64; 2]> = Vec::new();
    for index in indices {
        match ranges.last_mut() {
            Some([_, last]) if index == *last + 1 => *last = index,
            _ => ranges.push([index, index]),
        }
    }
    ranges
}
