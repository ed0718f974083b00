//! Between processes: MPI, by the calling thread alone (`MPI_THREAD_FUNNELED`).
//!
//! Sends are immediate, and their buffers are kept until MPI is done with them; receives are matched probes that return
//! at once. Errors are returned instead of ending the program: a dead partner is noticed by its silence.

mod raw;

use super::{Arrival, Connection, Exchange};
use crate::frame::{FrameError, Framed};
use crate::ids::WorkerId;
use crate::message::{ToCoordinator, ToWorker};
use crate::outcome::CampaignError;
use mpi::Threading;
use mpi::environment::Universe;
use mpi::topology::Communicator;
use raw::{Arrived, Sending};
use std::collections::VecDeque;
use std::time::Duration;

const COORDINATOR: i32 = 0;
const TAG_TO_COORDINATOR: i32 = 1;
const TAG_TO_WORKER: i32 = 2;

/// How long a process that cannot finalize waits to be ended by the coordinator.
const WAIT_FOR_THE_END: Duration = Duration::from_secs(30);

/// All processes, seen from this one.
pub(crate) struct World {
    universe: Option<Universe>,
    rank: i32,
    size: i32,
    sending: VecDeque<(i32, Sending)>,
    /// Whether all processes are there to finalize together.
    orderly: bool,
    /// Whether goodbyes have been exchanged.
    dismissed: bool,
}

/// Name and version of the MPI library, on one line.
pub(crate) fn library() -> String {
    let version = mpi::environment::library_version().unwrap_or_default();
    version.trim_end_matches('\0').lines().next().unwrap_or_default().trim().to_owned()
}

impl World {
    pub(crate) fn initialize() -> Result<Self, CampaignError> {
        let (universe, _) = mpi::initialize_with_threading(Threading::Funneled).ok_or(CampaignError::MpiUnavailable)?;
        let world = universe.world();
        raw::return_errors();
        let (rank, size) = (world.rank(), world.size());
        Ok(Self { universe: Some(universe), rank, size, sending: VecDeque::new(), orderly: true, dismissed: false })
    }

    pub(crate) fn rank(&self) -> u32 {
        self.rank as u32
    }

    pub(crate) fn size(&self) -> u32 {
        self.size as u32
    }

    pub(crate) fn library_version(&self) -> String {
        library()
    }

    /// Goodbyes have been exchanged; `orderly` if all processes leave together.
    pub(crate) fn set_dismissed(&mut self, orderly: bool) {
        self.dismissed = true;
        self.orderly = orderly;
    }

    /// Leaves MPI alone, when nobody else is known to be there.
    pub(crate) fn finalize(mut self) {
        self.universe = None;
    }

    /// Leaves: together with all others, or, when one is missing, by ending them all.
    pub(crate) fn leave(mut self, exit_code: u8) {
        if !self.dismissed {
            // This process could not even begin; the others must not wait for it.
            self.orderly = if self.rank == COORDINATOR {
                crate::engine::dismiss_all(&mut self)
            } else {
                Connection::send(&mut &mut self, ToCoordinator::Farewell);
                true
            };
        }
        if self.orderly {
            self.deliver();
            self.universe = None;
        } else {
            self.end_all(exit_code);
        }
    }

    /// Waits until what was sent has been taken over by MPI.
    fn deliver(&mut self) {
        let begun = std::time::Instant::now();
        while !self.sending.is_empty() && begun.elapsed() < WAIT_FOR_THE_END {
            self.progress();
            std::thread::sleep(Duration::from_micros(50));
        }
    }

    fn end_all(&mut self, exit_code: u8) -> ! {
        if self.rank != COORDINATOR {
            std::thread::sleep(WAIT_FOR_THE_END);
        }
        raw::abort(i32::from(exit_code))
    }

    fn progress(&mut self) {
        self.sending.retain_mut(|(_, sending)| !sending.is_done());
    }

    fn post(&mut self, to: i32, tag: i32, bytes: Vec<u8>) {
        self.progress();
        if let Some(sending) = Sending::begin(bytes, to, tag) {
            self.sending.push_back((to, sending));
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if self.universe.is_some() {
            // Not left in order: a panic, or an error on the way. The others would wait for ever.
            self.end_all(if std::thread::panicking() { 101 } else { 1 });
        }
    }
}

impl Exchange for World {
    fn send(&mut self, to: WorkerId, message: ToWorker) {
        if let Some(rank) = i32::try_from(to.0).ok().filter(|rank| (1..self.size).contains(rank)) {
            self.post(rank, TAG_TO_WORKER, message.encode());
        }
    }

    fn try_receive(&mut self) -> Option<Arrival> {
        let Arrived { from, bytes } = match raw::receive(TAG_TO_COORDINATOR) {
            Some(arrived) => arrived,
            None => {
                self.progress();
                return None;
            }
        };
        let message = bytes.ok_or(FrameError::Truncated).and_then(ToCoordinator::decode);
        Some(Arrival { from: WorkerId(from as u32), local: false, message })
    }

    fn forget(&mut self, worker: WorkerId) {
        let (gone, kept) = self.sending.drain(..).partition(|(to, _)| WorkerId(*to as u32) == worker);
        self.sending = kept;
        let gone: VecDeque<(i32, Sending)> = gone;
        gone.into_iter().for_each(|(_, sending)| sending.forget());
    }

    fn wait(&mut self, longest: Duration) {
        std::thread::sleep(longest);
    }

    fn everybody(&self) -> Vec<WorkerId> {
        (1..self.size as u32).map(WorkerId).collect()
    }
}

impl Connection for &mut World {
    fn send(&mut self, message: ToCoordinator) {
        self.post(COORDINATOR, TAG_TO_COORDINATOR, message.encode());
    }

    fn try_receive(&mut self) -> Option<Result<ToWorker, FrameError>> {
        let Some(Arrived { bytes, .. }) = raw::receive(TAG_TO_WORKER) else {
            self.progress();
            return None;
        };
        Some(bytes.ok_or(FrameError::Truncated).and_then(ToWorker::decode))
    }

    fn pending_bytes(&mut self) -> usize {
        self.sending.iter().map(|(_, sending)| sending.bytes()).sum()
    }

    fn is_closed(&self) -> bool {
        false
    }
}
