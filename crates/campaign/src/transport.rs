//! How messages travel: two small traits, and the ways that implement them.
//!
//! Neither side ever blocks: sending queues, receiving polls. (A blocking MPI receive burns a core, and a blocking send
//! to a dead rank hangs for ever.)

#[cfg(feature = "mpi")]
pub(crate) mod mpi;
pub(crate) mod switchboard;
pub(crate) mod threads;

use crate::frame::FrameError;
use crate::ids::WorkerId;
use crate::message::{ToCoordinator, ToWorker};
use std::time::Duration;

/// The coordinator's end: many workers.
pub(crate) trait Exchange {
    /// Sends without waiting. To a worker that is gone, nothing happens.
    fn send(&mut self, to: WorkerId, message: ToWorker);
    /// The next message that has arrived, if any.
    fn try_receive(&mut self) -> Option<Arrival>;
    /// Stops waiting for what is on its way to a lost worker.
    fn forget(&mut self, worker: WorkerId);
    /// Returns when a message may have arrived, at the latest after this time.
    fn wait(&mut self, longest: Duration);
    /// Everybody who could ever speak, whether or not they have.
    fn everybody(&self) -> Vec<WorkerId>;
}

/// A worker's end: one coordinator.
pub(crate) trait Connection {
    /// Sends without waiting.
    fn send(&mut self, message: ToCoordinator);
    /// The next message that has arrived, if any.
    fn try_receive(&mut self) -> Option<Result<ToWorker, FrameError>>;
    /// Bytes that are still on their way.
    fn pending_bytes(&mut self) -> usize;
    /// Whether the coordinator can never be heard again.
    fn is_closed(&self) -> bool;
}

/// A message as it arrived at the coordinator.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) from: WorkerId,
    /// From inside the coordinator's own process.
    pub(crate) local: bool,
    pub(crate) message: Result<ToCoordinator, FrameError>,
}

/// Pauses that grow while nothing happens: 50 µs when busy, so that answers are quick; 10 ms when idle, so that waiting
/// costs less than a percent of a core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    const SHORTEST: Duration = Duration::from_micros(50);
    const LONGEST: Duration = Duration::from_millis(10);

    pub(crate) fn new() -> Self {
        Self(Self::SHORTEST)
    }

    /// Something happened.
    pub(crate) fn reset(&mut self) {
        self.0 = Self::SHORTEST;
    }

    /// The pause to make now.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 5 / 4).min(Self::LONGEST);
        pause
    }
}
