//! Within one process: channels. Messages move as they are; nothing is copied and nothing can be damaged.

use super::{Arrival, Connection, Exchange};
use crate::frame::FrameError;
use crate::ids::WorkerId;
use crate::message::{ToCoordinator, ToWorker};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::Duration;

/// The coordinator's end.
pub(crate) struct ThreadExchange {
    inbox: Receiver<(WorkerId, ToCoordinator)>,
    /// Kept so that the inbox never closes.
    outlet: Sender<(WorkerId, ToCoordinator)>,
    workers: Vec<(WorkerId, Sender<ToWorker>)>,
    /// What `wait` has already taken out of the inbox.
    waiting: VecDeque<(WorkerId, ToCoordinator)>,
}

/// A worker's end.
pub(crate) struct ThreadConnection {
    id: WorkerId,
    outlet: Sender<(WorkerId, ToCoordinator)>,
    inbox: Receiver<ToWorker>,
    closed: bool,
}

impl ThreadExchange {
    pub(crate) fn new() -> Self {
        let (outlet, inbox) = channel();
        Self { inbox, outlet, workers: Vec::new(), waiting: VecDeque::new() }
    }

    /// A new worker's end.
    pub(crate) fn connect(&mut self, id: WorkerId) -> ThreadConnection {
        let (sender, inbox) = channel();
        self.workers.push((id, sender));
        ThreadConnection { id, outlet: self.outlet.clone(), inbox, closed: false }
    }
}

impl Exchange for ThreadExchange {
    fn send(&mut self, to: WorkerId, message: ToWorker) {
        if let Some((_, sender)) = self.workers.iter().find(|(id, _)| *id == to) {
            let _ = sender.send(message); // a worker that has left hears nothing
        }
    }

    fn try_receive(&mut self) -> Option<Arrival> {
        let (from, message) = self.waiting.pop_front().or_else(|| self.inbox.try_recv().ok())?;
        Some(Arrival { from, local: true, message: Ok(message) })
    }

    fn forget(&mut self, _worker: WorkerId) {}

    fn wait(&mut self, longest: Duration) {
        if self.waiting.is_empty() {
            match self.inbox.recv_timeout(longest) {
                Ok(arrival) => self.waiting.push_back(arrival),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        }
    }

    fn everybody(&self) -> Vec<WorkerId> {
        self.workers.iter().map(|(id, _)| *id).collect()
    }
}

impl Connection for ThreadConnection {
    fn send(&mut self, message: ToCoordinator) {
        self.closed |= self.outlet.send((self.id, message)).is_err();
    }

    fn try_receive(&mut self) -> Option<Result<ToWorker, FrameError>> {
        match self.inbox.try_recv() {
            Ok(message) => Some(Ok(message)),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.closed = true;
                None
            }
        }
    }

    fn pending_bytes(&mut self) -> usize {
        0
    }

    fn is_closed(&self) -> bool {
        self.closed
    }
}
