//! The book of tasks: what state each is in, and which comes next.

use crate::ids::{TaskIndex, WorkerId};
use crate::intervals::Intervals;
use crate::ledger::history::{History, Past};
use crate::store::Quarantined;
use crate::tasks::Tasks;
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

/// A task by its place in the book: its position among the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u64);

/// What a task did to its workers.
#[derive(Clone, Debug, Default)]
struct Trouble {
    ended_badly: u32,
    crashes: u32,
    reason: String,
    suspect: Option<Queue>,
}

/// All tasks of this run. Room is taken only by those between their first handing out and their end.
#[derive(Debug)]
pub(crate) struct Book {
    tasks: Tasks,
    /// Places of what is safe, since this run or an earlier one.
    safe: Intervals,
    /// Every other place that is not as fresh as it was in the beginning.
    states: BTreeMap<Place, State>,
    next_fresh: u64,
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
    /// The book of these tasks, without those already kept, with what the ledger says of earlier runs.
    pub(crate) fn new(tasks: Tasks, kept: &[u64], history: &History, attempts_max: u32, crashes_max: u32) -> Self {
        let mut safe = Intervals::default();
        for place in kept.iter().filter_map(|&index| tasks.position(index)) {
            safe.insert(place, place);
        }
        let waiting = usize::try_from(tasks.count() - safe.count()).unwrap_or(usize::MAX);
        let mut book = Self {
            tasks,
            safe,
            states: BTreeMap::new(),
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
            if let Some(place) = book.place(index).filter(|place| book.state(*place) != State::Kept) {
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
        self.tasks.position(task.0).map(Place)
    }

    pub(crate) fn index(&self, place: Place) -> TaskIndex {
        // A place is made from an index only.
        TaskIndex(self.tasks.index(place.0).unwrap_or(u64::MAX))
    }

    pub(crate) fn state(&self, place: Place) -> State {
        match self.states.get(&place) {
            Some(&state) => state,
            None if self.safe.contains(place.0) => State::Kept,
            None => State::Waiting(Queue::Fresh),
        }
    }

    /// Moves a task to another state; queues and counts follow.
    pub(crate) fn set(&mut self, place: Place, state: State) {
        let old = self.state(place);
        if old == State::Kept {
            return; // what is safe stays so
        }
        if state == State::Kept {
            self.states.remove(&place);
            self.safe.insert(place.0, place.0);
        } else {
            self.states.insert(place, state);
        }
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
        while self.next_fresh < self.tasks.count() {
            match self.safe.end_of(self.next_fresh) {
                Some(end) => self.next_fresh = end.saturating_add(1),
                None if self.states.contains_key(&Place(self.next_fresh)) => self.next_fresh += 1,
                None => break,
            }
        }
        let fresh = (self.next_fresh < self.tasks.count()).then_some(Place(self.next_fresh));
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
