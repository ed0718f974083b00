//! The workers and what each has in hand.

use super::book::Place;
use crate::ids::{Serial, WorkerId};
use crate::message::Hello;
use std::collections::VecDeque;
use std::time::Duration;

/// A task in a worker's hands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InHand {
    pub(crate) place: Place,
    /// When the worker said that it began.
    pub(crate) started: Option<Duration>,
    /// Whether the worker was told that its deadline has passed.
    pub(crate) overdue: bool,
}

/// One worker process.
#[derive(Clone, Debug)]
pub(crate) struct EnrolledWorker {
    pub(crate) id: WorkerId,
    pub(crate) host: String,
    pub(crate) threads: usize,
    /// Inside the coordinator's own process.
    pub(crate) local: bool,
    pub(crate) alive: bool,
    pub(crate) heard: Duration,
    pub(crate) in_hand: VecDeque<InHand>,
    pub(crate) serial: Serial,
    /// The enquiry it has not answered yet; it is given nothing before it has.
    pub(crate) enquiry: Option<Enquiry>,
}

/// A question that a worker has not answered yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Enquiry {
    pub(crate) serial: Serial,
    /// Whether the worker was also told to forget what it had queued.
    pub(crate) release: bool,
}

impl EnrolledWorker {
    /// Takes a task out of its hands; reports name the oldest first, so the search is short.
    pub(crate) fn take(&mut self, place: Place) -> Option<InHand> {
        let position = self.in_hand.iter().position(|held| held.place == place)?;
        self.in_hand.remove(position)
    }

    /// What it is running: what it said to have begun, or, before it said anything, as much as it can run at once.
    pub(crate) fn running(&self) -> Vec<Place> {
        let started: Vec<Place> =
            self.in_hand.iter().filter(|held| held.started.is_some()).map(|held| held.place).collect();
        if started.is_empty() {
            self.in_hand.iter().take(self.threads).map(|held| held.place).collect()
        } else {
            started
        }
    }
}

/// All workers that ever reported for duty, by number.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    workers: Vec<Option<EnrolledWorker>>,
    alive: usize,
    threads: usize,
    ever: usize,
}

impl Roster {
    /// Adds a worker; a second Hello from the same one replaces it.
    pub(crate) fn join(&mut self, id: WorkerId, hello: &Hello, local: bool, now: Duration) {
        self.bury(id);
        let position = id.0 as usize;
        if self.workers.len() <= position {
            self.workers.resize_with(position + 1, || None);
        }
        let threads = (hello.threads as usize).max(1);
        self.workers[position] = Some(EnrolledWorker {
            id,
            host: hello.host.clone(),
            threads,
            local,
            alive: true,
            heard: now,
            in_hand: VecDeque::new(),
            serial: Serial::default(),
            enquiry: None,
        });
        self.alive += 1;
        self.threads += threads;
        self.ever += 1;
    }

    pub(crate) fn get(&self, id: WorkerId) -> Option<&EnrolledWorker> {
        self.workers.get(id.0 as usize).and_then(Option::as_ref)
    }

    pub(crate) fn get_mut(&mut self, id: WorkerId) -> Option<&mut EnrolledWorker> {
        self.workers.get_mut(id.0 as usize).and_then(Option::as_mut)
    }

    /// Marks a worker as lost and returns what it had in hand.
    pub(crate) fn bury(&mut self, id: WorkerId) -> VecDeque<InHand> {
        let Some(worker) = self.get_mut(id).filter(|worker| worker.alive) else { return VecDeque::new() };
        worker.alive = false;
        let threads = worker.threads;
        let in_hand = std::mem::take(&mut worker.in_hand);
        self.alive -= 1;
        self.threads -= threads;
        in_hand
    }

    /// Marks a worker as alive again.
    pub(crate) fn revive(&mut self, id: WorkerId, now: Duration) {
        let Some(worker) = self.get_mut(id).filter(|worker| !worker.alive) else { return };
        worker.alive = true;
        worker.heard = now;
        let threads = worker.threads;
        self.alive += 1;
        self.threads += threads;
    }

    pub(crate) fn living(&self) -> impl Iterator<Item = &EnrolledWorker> {
        self.workers.iter().flatten().filter(|worker| worker.alive)
    }

    pub(crate) fn living_mut(&mut self) -> impl Iterator<Item = &mut EnrolledWorker> {
        self.workers.iter_mut().flatten().filter(|worker| worker.alive)
    }

    /// Workers alive.
    pub(crate) fn alive(&self) -> usize {
        self.alive
    }

    /// Workers that ever joined.
    pub(crate) fn ever(&self) -> usize {
        self.ever
    }

    /// Workers lost and not returned.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &EnrolledWorker> {
        self.workers.iter().flatten().filter(|worker| !worker.alive)
    }

    /// Tasks that the living compute at once.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }
}
