//! What the state machine hears, and what it says.

use crate::ids::WorkerId;
use crate::ledger::Entry;
use crate::message::{ToCoordinator, ToWorker};
use crate::outcome::StopReason;
use crate::store::{Finished, Quarantined};
use std::time::Duration;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A message came from a worker.
    Message {
        /// From whom.
        from: WorkerId,
        /// Whether it works inside the coordinator's own process.
        local: bool,
        /// What it says.
        message: ToCoordinator,
    },
    /// A message came from a worker, but damaged.
    Damaged {
        /// From whom.
        from: WorkerId,
        /// What is wrong with it.
        reason: String,
    },
    /// The store has kept these.
    Kept(Vec<u64>),
    /// The store refuses this record.
    Rejected {
        /// Which.
        index: u64,
        /// Why.
        reason: String,
    },
    /// The store can keep nothing any more.
    StoreFailed {
        /// Why.
        reason: String,
    },
    /// Somebody asks to stop.
    Stop(StopReason),
    /// Time has passed. Expected several times in every heartbeat interval.
    Tick,
    /// The coordinator was suspended for so long, which `now` does not count.
    Slept(Duration),
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send this.
    Send {
        /// To whom.
        to: WorkerId,
        /// What.
        message: ToWorker,
    },
    /// This worker is lost: what is still on the way to it need not be waited for.
    Forget(WorkerId),
    /// Keep this record, soon.
    Keep(Finished),
    /// Keep now what was to be kept soon.
    Flush,
    /// Write this into the ledger, before anything is sent.
    Record(Entry),
    /// Leave.
    End(Ending),
}

/// How a campaign ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every task is kept, or quarantined with its reason.
    Complete(Vec<Quarantined>),
    /// The same command goes on from here.
    StoppedEarly(StopReason),
    /// The store failed.
    StoreFailed {
        /// What it said.
        reason: String,
    },
}

/// How far a campaign is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Waiting to be handed out.
    pub waiting: usize,
    /// In the hands of workers.
    pub assigned: usize,
    /// Reported, not yet safe.
    pub received: usize,
    /// Safe.
    pub kept: usize,
    /// Given up.
    pub quarantined: usize,
    /// Workers alive.
    pub workers: usize,
    /// Workers lost.
    pub lost: usize,
    /// Tasks that the living compute at once.
    pub threads: usize,
    /// Mean seconds of a task, if one has finished.
    pub mean_seconds: Option<f64>,
    /// Standard deviation of these over their mean.
    pub spread: f64,
}
