//! The book of tasks: what state each is in, and which comes next.

use crate::ids::{TaskIndex, WorkerId};
use crate::ledger::history::{History, Past};
use crate::store::Quarantined;
use std::collections::{BTreeMap, BTreeSet};

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not handed out.
    Waiting(Queue),
    /// Handed to this worker, which is believed alive.
    Assigned(WorkerId),
    /// Its record is on the coordinator.
    Received,
    /// Its record is safe.
    Kept,
    /// Given up.
    Quarantined,
}

/// In which queue a waiting task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Never handed out in this run.
    Fresh,
    /// Handed out before, free of suspicion.
    Again,
    /// A worker was lost while running it: at most one such task at a time on a worker, so that the next loss tells.
    RankSuspect,
    /// The whole program ended at least twice while running it: at most one such task at a time altogether.
    RunSuspect,
}

/// A task by its place in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u32);

/// What a task did to its workers.
#[derive(Clone, Debug, Default)]
struct Trouble {
    ended_badly: u32,
    crashes: u32,
    reason: String,
    suspect: Option<Queue>,
}

/// All tasks of this run.
#[derive(Debug)]
pub(crate) struct Book {
    indices: Vec<TaskIndex>,
    states: Vec<State>,
    next_fresh: usize,
    again: BTreeSet<Place>,
    rank_suspects: BTreeSet<Place>,
    run_suspects: BTreeSet<Place>,
    troubles: BTreeMap<Place, Trouble>,
    waiting: usize,
    assigned: usize,
    received: usize,
    kept: usize,
    quarantined: usize,
}

impl Book {
    /// The book of these tasks (ascending), with what the ledger says of earlier runs.
    pub(crate) fn new(indices: Vec<TaskIndex>, history: &History, attempts_max: u32, crashes_max: u32) -> Self {
        let waiting = indices.len();
        let mut book = Self {
            states: vec![State::Waiting(Queue::Fresh); waiting],
            indices,
            next_fresh: 0,
            again: BTreeSet::new(),
            rank_suspects: BTreeSet::new(),
            run_suspects: BTreeSet::new(),
            troubles: BTreeMap::new(),
            waiting,
            assigned: 0,
            received: 0,
            kept: 0,
            quarantined: 0,
        };
        for (index, past) in history.tasks() {
            if let Some(place) = book.place(index) {
                book.inherit(place, past, attempts_max, crashes_max);
            }
        }
        book
    }

    fn inherit(&mut self, place: Place, past: &Past, attempts_max: u32, crashes_max: u32) {
        let suspect = if past.crashes >= 2 {
            Some(Queue::RunSuspect)
        } else if past.losses > 0 {
            Some(Queue::RankSuspect)
        } else {
            None
        };
        let trouble =
            Trouble { ended_badly: past.ended_badly, crashes: past.crashes, reason: past.reason.clone(), suspect };
        self.troubles.insert(place, trouble);
        if past.certain || past.ended_badly >= attempts_max || past.crashes >= crashes_max {
            self.set(place, State::Quarantined);
        } else if let Some(queue) = suspect {
            self.set(place, State::Waiting(queue));
        }
    }

    /// Where a task stands in the book, if it is in it.
    pub(crate) fn place(&self, task: TaskIndex) -> Option<Place> {
        self.indices.binary_search(&task).ok().map(|position| Place(position as u32))
    }

    pub(crate) fn index(&self, place: Place) -> TaskIndex {
        self.indices[place.0 as usize]
    }

    pub(crate) fn state(&self, place: Place) -> State {
        self.states[place.0 as usize]
    }

    /// Moves a task to another state; queues and counts follow.
    pub(crate) fn set(&mut self, place: Place, state: State) {
        let old = std::mem::replace(&mut self.states[place.0 as usize], state);
        *self.count(old) -= 1;
        *self.count(state) += 1;
        if let State::Waiting(queue) = old
            && let Some(queue) = self.queue(queue)
        {
            queue.remove(&place);
        }
        if let State::Waiting(queue) = state
            && let Some(queue) = self.queue(queue)
        {
            queue.insert(place);
        }
    }

    fn count(&mut self, state: State) -> &mut usize {
        match state {
            State::Waiting(_) => &mut self.waiting,
            State::Assigned(_) => &mut self.assigned,
            State::Received => &mut self.received,
            State::Kept => &mut self.kept,
            State::Quarantined => &mut self.quarantined,
        }
    }

    fn queue(&mut self, queue: Queue) -> Option<&mut BTreeSet<Place>> {
        match queue {
            Queue::Fresh => None,
            Queue::Again => Some(&mut self.again),
            Queue::RankSuspect => Some(&mut self.rank_suspects),
            Queue::RunSuspect => Some(&mut self.run_suspects),
        }
    }

    /// The lowest task that waits and is free of suspicion.
    pub(crate) fn next(&mut self) -> Option<Place> {
        while self.next_fresh < self.states.len() && self.states[self.next_fresh] != State::Waiting(Queue::Fresh) {
            self.next_fresh += 1;
        }
        let fresh = (self.next_fresh < self.states.len()).then_some(Place(self.next_fresh as u32));
        match (self.again.first().copied(), fresh) {
            (Some(again), Some(fresh)) => Some(again.min(fresh)),
            (again, fresh) => again.or(fresh),
        }
    }

    /// The lowest task under this suspicion.
    pub(crate) fn next_suspect(&self, queue: Queue) -> Option<Place> {
        match queue {
            Queue::RankSuspect => self.rank_suspects.first().copied(),
            Queue::RunSuspect => self.run_suspects.first().copied(),
            Queue::Fresh | Queue::Again => None,
        }
    }

    /// Under which suspicion a task is, waiting or not.
    pub(crate) fn suspicion(&self, place: Place) -> Option<Queue> {
        self.troubles.get(&place).and_then(|trouble| trouble.suspect)
    }

    /// Puts a task back, into the queue it belongs to.
    pub(crate) fn put_back(&mut self, place: Place) {
        let queue = self.suspicion(place).unwrap_or(Queue::Again);
        self.set(place, State::Waiting(queue));
    }

    /// Counts an attempt that ended badly; returns how many there are now, crashes of the program apart.
    pub(crate) fn charge(&mut self, place: Place, reason: &str, suspect: bool) -> u32 {
        let trouble = self.troubles.entry(place).or_default();
        trouble.ended_badly += 1;
        reason.clone_into(&mut trouble.reason);
        if suspect && trouble.suspect.is_none() {
            trouble.suspect = Some(Queue::RankSuspect);
        }
        trouble.ended_badly
    }

    /// The attempt at a task that is next or under way, counted from 1.
    pub(crate) fn attempt(&self, place: Place) -> u32 {
        self.troubles.get(&place).map_or(1, |trouble| trouble.ended_badly + trouble.crashes + 1)
    }

    /// Every task given up, ascending.
    pub(crate) fn given_up(&self) -> Vec<Quarantined> {
        self.troubles
            .iter()
            .filter(|(place, _)| self.state(**place) == State::Quarantined)
            .map(|(place, trouble)| Quarantined {
                index: self.index(*place).0,
                attempts: trouble.ended_badly + trouble.crashes,
                reason: trouble.reason.clone(),
            })
            .collect()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    pub(crate) fn assigned(&self) -> usize {
        self.assigned
    }

    pub(crate) fn received(&self) -> usize {
        self.received
    }

    pub(crate) fn kept(&self) -> usize {
        self.kept
    }

    pub(crate) fn quarantined(&self) -> usize {
        self.quarantined
    }
}
