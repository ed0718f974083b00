//! What a campaign computes: a task per index, whose result is an opaque record.

use thiserror::Error;

/// The work of a campaign. `compute` must be a pure function of `index`: the same record, bit for bit (timings apart),
/// on every worker and at every attempt.
///
/// Several threads call it at once. A panic is caught and counts as a failed attempt. A computation that exceeds the
/// learned deadline is given up; its thread cannot be ended and is replaced by a new one.
pub trait Task: Send + Sync + 'static {
    /// The record of task `index`, at most [`RECORD_BYTES_MAX`] bytes.
    fn compute(&self, index: u64) -> Result<Vec<u8>, TaskFailure>;
}

/// Largest record that travels in one message (MPI counts are 32-bit).
pub const RECORD_BYTES_MAX: usize = 1 << 30;

/// Stack of a computing thread: linear algebra likes to recurse.
pub(crate) const STACK_BYTES: usize = 16 << 20;

/// Why a task has no record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct TaskFailure {
    /// One line for `/failures` and for the person who reads it.
    pub reason: String,
    /// Whether another attempt could end differently. A result that follows from the index alone cannot.
    pub again: bool,
}

impl TaskFailure {
    /// A failure that every attempt would repeat, such as a minimization that does not converge: quarantined at once.
    pub fn certain(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again: false }
    }

    /// A failure of the moment, such as a scratch file that could not be written: tried again.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again: true }
    }
}

impl<F: Fn(u64) -> Result<Vec<u8>, TaskFailure> + Send + Sync + 'static> Task for F {
    fn compute(&self, index: u64) -> Result<Vec<u8>, TaskFailure> {
        self(index)
    }
}
