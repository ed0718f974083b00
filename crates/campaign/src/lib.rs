//! Who computes what, when: a campaign of many independent tasks over threads or MPI, which survives interruptions.
//!
//! Blind to what is computed and how it is kept: generic over a [`Task`] and a [`Store`].
//!
//! ```text
//!  Session::start ─► run ─┬─ coordinator ── engine: lock, ledger, stop ──► Store (segments)
//!     (Launch)            │      │ ▲          coordinator: all decisions, a pure state machine
//!                         │      ▼ │ messages over a transport
//!                         └─ worker ────── pool of threads ──► Task::compute
//! ```

// The work and where it goes.
mod observer;
mod slice;
mod store;
mod task;
// The choices, and how it can end.
mod outcome;
mod settings;
// The process among others.
mod launch;
mod session;
// The decisions.
mod coordinator;
mod ids;
// Talking.
mod frame;
mod message;
mod transport;
// Working.
mod engine;
mod segments;
mod worker;
// What the campaign's folder remembers.
mod forecast;
mod ledger;
mod lock;
mod status;
mod stop;

pub use engine::OUTCOME_NAME;
pub use forecast::Forecast;
pub use launch::Launch;
pub use ledger::{Contents, Entry, FinishedTask, History, LEDGER_NAME, Line, Past, ranges, read_ledger};
pub use lock::{Holder, LOCK_NAME, LockError};
pub use observer::{Observer, Progress};
pub use outcome::{CampaignError, EXIT_FAILED, Outcome, StopReason};
pub use session::{FEW_RANKS, Session};
pub use settings::{Rules, SegmentSettings, Settings};
pub use slice::{Slice, SliceError};
pub use status::{Failed, Running, Status, Worker};
pub use stop::STOP_NAME;
pub use store::{Finished, Quarantined, Receipt, Store, StoreError};
pub use task::{RECORD_BYTES_MAX, Task, TaskFailure};

/// The state machine and its messages, for simulations and tests.
pub mod protocol {
    pub use crate::coordinator::{Action, Coordinator, Counts, Ending, Event};
    pub use crate::frame::{FrameError, Framed};
    pub use crate::ids::{Serial, TaskIndex, WorkerId};
    pub use crate::message::{Ended, Failure, FailureKind, Hello, Report, ToCoordinator, ToWorker};
}

/// Name of this machine.
pub(crate) fn this_host() -> String {
    hostname::get().map_or_else(|_| "unknown".to_owned(), |name| name.to_string_lossy().into_owned())
}
