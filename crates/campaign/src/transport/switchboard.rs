//! The coordinator's whole exchange: the worker in its own process, if any, and those in other processes, if any.

use super::threads::ThreadExchange;
use super::{Arrival, Exchange};
use crate::ids::WorkerId;
use crate::message::ToWorker;
use std::time::Duration;

/// Joins a [`ThreadExchange`] with an exchange that reaches other processes.
pub(crate) struct Switchboard<'a> {
    local: Option<ThreadExchange>,
    remote: Option<&'a mut dyn Exchange>,
    /// Whose turn it is to be heard first.
    remote_first: bool,
}

/// Number of the worker in the coordinator's own process.
pub(crate) const LOCAL: WorkerId = WorkerId(0);

impl<'a> Switchboard<'a> {
    pub(crate) fn new(local: Option<ThreadExchange>, remote: Option<&'a mut dyn Exchange>) -> Self {
        Self { local, remote, remote_first: false }
    }
}

impl Exchange for Switchboard<'_> {
    fn send(&mut self, to: WorkerId, message: ToWorker) {
        if to == LOCAL {
            if let Some(local) = &mut self.local {
                local.send(to, message);
            }
        } else if let Some(remote) = &mut self.remote {
            remote.send(to, message);
        }
    }

    fn try_receive(&mut self) -> Option<Arrival> {
        self.remote_first = !self.remote_first;
        let Self { local, remote, remote_first } = self;
        let mut from_local = || local.as_mut().and_then(Exchange::try_receive);
        let mut from_remote = || remote.as_mut().and_then(|remote| remote.try_receive());
        if *remote_first { from_remote().or_else(from_local) } else { from_local().or_else(from_remote) }
    }

    fn forget(&mut self, worker: WorkerId) {
        if let Some(remote) = self.remote.as_mut().filter(|_| worker != LOCAL) {
            remote.forget(worker);
        }
    }

    fn wait(&mut self, longest: Duration) {
        match (&mut self.local, &mut self.remote) {
            // The local worker wakes us at once; remote ones are looked for when the pause ends.
            (Some(local), _) => local.wait(longest),
            (None, Some(remote)) => remote.wait(longest),
            (None, None) => std::thread::sleep(longest),
        }
    }

    fn everybody(&self) -> Vec<WorkerId> {
        let local = self.local.iter().flat_map(Exchange::everybody);
        let remote = self.remote.iter().flat_map(|remote| remote.everybody());
        local.chain(remote).collect()
    }
}
