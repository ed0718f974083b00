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
//!
//! Ten squares, and a store that only looks at them:
//!
//! ```
//! use campaign::{Finished, Launch, Outcome, Receipt, Session, Settings, Store, StoreError};
//!
//! struct Shown;
//! impl Store for Shown {
//!     fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
//!         Ok(Vec::new())
//!     }
//!     fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
//!         assert!(records.iter().all(|finished| finished.record == (finished.index * finished.index).to_le_bytes()));
//!         Ok(Receipt::default())
//!     }
//! }
//!
//! let folder = tempfile::tempdir()?;
//! let square = |index: u64| Ok((index * index).to_le_bytes().to_vec());
//! let mut session = Session::start(Launch::Alone)?;
//! let outcome = session.run(&Settings::new(folder.path(), 0..10), square, || Ok(Box::new(Shown)), &mut ())?;
//! assert_eq!(outcome, Outcome::Complete);
//! assert_eq!(session.leave(outcome.exit_code()), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// The work and where it goes.
mod intervals;
mod observer;
mod slice;
mod store;
mod task;
mod tasks;
// The choices, and how it can end.
mod agreement;
mod outcome;
mod settings;
// The process among others.
mod clock;
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
mod segment_writer;
mod worker;
// What the campaign's folder remembers.
mod forecast;
mod ledger;
mod lock;
mod status;
mod stop;

pub use agreement::Agreement;
pub use engine::OUTCOME_NAME;
pub use forecast::Forecast;
pub use launch::Launch;
pub use ledger::{Contents, Entry, FinishedTask, History, LEDGER_NAME, Line, Past, ranges, read_ledger};
pub use lock::{Holder, LOCK_NAME, LockError, LockTimes, Presence, presence, while_locked};
pub use observer::{Observer, Progress};
pub use outcome::{CampaignError, Outcome, StopReason};
pub use session::{FEW_RANKS, Session};
pub use settings::{Rules, SegmentSettings, Settings};
pub use slice::{Slice, SliceError};
pub use status::{Failed, Running, Status, WorkerStatus};
pub use stop::STOP_NAME;
pub use store::{Finished, Quarantined, Receipt, Store, StoreError};
pub use task::{RECORD_BYTES_MAX, Task, TaskFailure};
pub use tasks::Tasks;

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
