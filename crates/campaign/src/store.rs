//! Where finished records go: the coordinator hands them over in segments.

use thiserror::Error;

/// A record on its way to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Campaign-wide index.
    pub index: u64,
    /// Which attempt succeeded: one more than the attempts that ended badly.
    pub attempts: u32,
    /// Wall-clock seconds of that attempt, measured by the worker.
    pub seconds: f64,
    /// The record as the task returned it.
    pub record: Vec<u8>,
}

/// A task that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Campaign-wide index.
    pub index: u64,
    /// Attempts that ended badly.
    pub attempts: u32,
    /// The last reason.
    pub reason: String,
}

/// What a segment took on disk; recorded in the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Bytes of the segment.
    pub bytes: u64,
}

/// Keeps records. Lives on the coordinator only, on a thread of its own, so that writing does not hold up the workers.
pub trait Store: Send {
    /// Indices that are already kept, read when the campaign resumes.
    fn completed(&mut self) -> Result<Vec<u64>, StoreError>;

    /// Keeps these records, in ascending order of index. When it returns, they must survive a crash of the machine:
    /// temporary name, fsync, rename, fsync of the directory. All or none of them are kept.
    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError>;

    /// Called once, when every task is kept or quarantined, while the lock is still held: the place to gather the
    /// segments into the final archive. Not called when the campaign stops early.
    fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
        let _ = quarantined;
        Ok(())
    }
}

/// Why records were not kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// This one record is damaged: it counts as a failed attempt, the others are offered again without it.
    #[error("record of task {index} is not acceptable: {reason}")]
    Rejected {
        /// Which record.
        index: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing can be kept any more (disk full, folder read-only, ...): the campaign stops.
    #[error("{message}")]
    Failed {
        /// What was attempted.
        message: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// The failure with all its causes in one line.
    pub fn full_text(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
