//! Every message between the coordinator and its workers.
//!
//! ```text
//!  coordinator                                    worker
//!      │ ◄──────────────────────────────────── Hello        once, first
//!      │ Welcome ────────────────────────────►              how often to speak
//!      │ Assign {serial, tasks, chunk} ──────►              a queue, computed in this order
//!      │ ◄──────────────────────────────────── Report       started, sent before a thread begins them
//!      │ ◄──────────────────────────────────── Report       ended: records, failures, caught panics
//!      │ ◄──────────────────────────────────── Heartbeat    when nothing else was said for a while
//!      │ Alive ──────────────────────────────►              answer to a heartbeat
//!      │
//!      │ Abandon {task} ─────────────────────►              its deadline has passed
//!      │ ◄──────────────────────────────────── Report       ended: deadline (unless it ended otherwise before)
//!      │
//!      │ ◄─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─  Garbled      a message arrived damaged
//!      │ Enquire {serial, release} ──────────►              also when a report arrived damaged, when a worker
//!      │ ◄──────────────────────────────────── Holding      believed lost speaks, and (release) to stop:
//!      │                                                    what it runs and has queued; `release` clears the queue
//!      │ Goodbye {orderly} ──────────────────►              the end
//!      │ ◄──────────────────────────────────── Farewell
//! ```
//!
//! Messages between two partners arrive in the order they were sent (MPI promises it, channels too). So an answer that
//! repeats an [`Enquire`](ToWorker::Enquire)'s serial tells the fate of everything assigned under a smaller serial.
//! The coordinator alone decides; a worker that it believes lost may still deliver, and its result is taken if nobody
//! else's was.

use crate::ids::{Serial, TaskIndex};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// From a worker to the coordinator.
#[derive(Clone, Debug, PartialEq)]
pub enum ToCoordinator {
    /// I am here.
    Hello(Hello),
    /// Tasks begun and tasks ended.
    Report(Report),
    /// I am still here.
    Heartbeat,
    /// Answer to [`ToWorker::Enquire`].
    Holding {
        /// The serial of the enquiry.
        serial: Serial,
        /// Every task in work or queued here.
        tasks: Vec<TaskIndex>,
    },
    /// A message to me arrived damaged.
    Garbled,
    /// Answer to [`ToWorker::Goodbye`]: nothing more will come from here.
    Farewell,
}

/// From the coordinator to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Answer to [`ToCoordinator::Hello`].
    Welcome {
        /// Speak at least this often.
        heartbeat: Duration,
        /// Leave when nothing came from the coordinator for so long.
        silence: Duration,
    },
    /// Compute these, in this order, after what is queued already.
    Assign {
        /// Position in the sequence.
        serial: Serial,
        /// What to compute.
        tasks: Vec<TaskIndex>,
        /// How many of them a thread may take at once (more than one only when they are very short).
        chunk: u32,
    },
    /// Say what you hold.
    Enquire {
        /// To be repeated in the answer.
        serial: Serial,
        /// Forget what is queued first; keep what is in work.
        release: bool,
    },
    /// Give up this task, which has run past its deadline.
    Abandon {
        /// Which.
        task: TaskIndex,
        /// The deadline.
        after: Duration,
    },
    /// Answer to a heartbeat.
    Alive,
    /// Leave.
    Goodbye {
        /// Whether every process is there to leave together (MPI_Finalize); otherwise wait for the end.
        orderly: bool,
    },
}

/// Who a worker is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Tasks it computes at once.
    pub threads: u32,
    /// Host it runs on.
    pub host: String,
    /// Process number there.
    pub pid: u32,
}

/// What happened on a worker since its last report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Handed to threads: begun, or waiting in a chunk behind one that is.
    pub started: Vec<TaskIndex>,
    /// Done with, one way or another.
    pub ended: Vec<Ended>,
}

/// The end of one task on a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Which.
    pub task: TaskIndex,
    /// Wall-clock seconds it ran.
    pub seconds: f64,
    /// Its record, or why there is none.
    pub result: Result<Vec<u8>, Failure>,
}

/// Why an attempt ended badly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// In which way.
    pub kind: FailureKind,
    /// In words.
    pub reason: String,
    /// Whether another attempt could end differently.
    pub again: bool,
}

/// In which way an attempt ended badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The task said so.
    Failed,
    /// It panicked.
    Panicked,
    /// It ran past its deadline.
    Deadline,
    /// Its result arrived damaged, or the store refused it.
    Damaged,
    /// Its worker was lost.
    Lost,
    /// The whole program ended while it ran.
    Crashed,
}
