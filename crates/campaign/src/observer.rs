//! What a campaign lets its program see while it runs.

use crate::forecast::Forecast;
use crate::ledger::Entry;

/// Is told how the campaign goes; called on the coordinator only, by the thread that called `run`.
pub trait Observer {
    /// How far the campaign is: a few times a second at most, and at the end.
    fn progress(&mut self, progress: &Progress) {
        let _ = progress;
    }

    /// Something happened that the ledger records.
    fn entry(&mut self, entry: &Entry) {
        let _ = entry;
    }
}

/// Sees nothing.
impl Observer for () {}

/// How far a campaign is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Tasks this coordinator is responsible for.
    pub total: u64,
    /// Records that are safe, from earlier runs too.
    pub kept: u64,
    /// Records reported but not yet safe.
    pub received: u64,
    /// In the hands of workers.
    pub assigned: u64,
    /// Given up.
    pub quarantined: u64,
    /// Workers alive.
    pub workers: u64,
    /// Workers lost.
    pub lost: u64,
    /// Seconds since this run began.
    pub elapsed: f64,
    /// When it will be done, once that can be said.
    pub forecast: Option<Forecast>,
}
