//! Who is given what: in ascending order, as much ahead as hides the asking, and nothing that cannot finish.

use super::book::{Place, Queue, State};
use super::roster::InHand;
use super::{Action, Coordinator, Phase};
use crate::ids::WorkerId;
use crate::ledger::Entry;
use crate::message::ToWorker;
use crate::outcome::StopReason;
use std::time::Duration;

/// Most tasks that a thread is given ahead.
const AHEAD_MAX: usize = 1024;
/// Most tasks that a thread takes at once.
const CHUNK_MAX: f64 = 256.0;
/// A thread takes as many tasks at once as it computes in this time.
const CHUNK_SECONDS: f64 = 0.005;
/// Records of tasks given ahead to a thread may together have so many bytes.
const AHEAD_BYTES: f64 = 32.0 * 1024.0 * 1024.0;
/// Tasks longer than this are not given ahead at all: asking costs nothing beside them.
const AHEAD_SECONDS: f64 = 60.0;
/// A task is begun only if this many times the 95 % quantile of the run times is left.
const SAFETY: f64 = 1.1;

impl Coordinator {
    /// Tasks that a thread may take at once.
    pub(super) fn chunk(&self) -> u32 {
        self.run_times.mean().map_or(1, |mean| (CHUNK_SECONDS / mean.max(1e-9)).clamp(1.0, CHUNK_MAX) as u32)
    }

    /// Tasks that a worker may have in hand: one for each thread, and some ahead. The fewer wait, the fewer are given
    /// ahead, so that all workers end together.
    fn credit(&self, threads: usize, now: Duration) -> usize {
        let Some(mean) = self.run_times.mean().filter(|mean| *mean <= AHEAD_SECONDS) else { return threads };
        let hide_asking = (self.rules.ahead.as_secs_f64() / mean.max(1e-9)).ceil();
        let record_bytes = self.record_bytes as f64 / self.run_times.count().max(1) as f64;
        let bounded =
            hide_asking.min((AHEAD_BYTES / record_bytes.max(1.0)).ceil()).clamp(1.0, AHEAD_MAX as f64) as usize;
        let fair = self.book.waiting() / (2 * self.roster.threads().max(1));
        let in_time = self.rounds_left(now).map_or(usize::MAX, |rounds| rounds.saturating_sub(1));
        threads * (1 + bounded.min(fair).min(in_time))
    }

    /// How many tasks one after another still fit before the end; `None` if there is no end, or no run time is known.
    fn rounds_left(&self, now: Duration) -> Option<usize> {
        let left = self.end?.saturating_sub(now).as_secs_f64();
        let needed = SAFETY * self.run_times.quantile_95()?;
        Some((left / needed.max(1e-9)) as usize)
    }

    /// Gives a worker what it has room for.
    pub(super) fn feed(&mut self, id: WorkerId, now: Duration, actions: &mut Vec<Action>) {
        if !matches!(self.phase, Phase::Running) {
            return;
        }
        let Some(worker) = self.roster.get(id).filter(|worker| worker.alive && worker.enquiry.is_none()) else {
            return;
        };
        let room = self.credit(worker.threads, now).saturating_sub(worker.in_hand.len());
        if room == 0 {
            self.hungry.remove(&id);
            return;
        }
        if self.book.waiting() > 0 && self.rounds_left(now) == Some(0) {
            self.stop(StopReason::Walltime, now, actions);
            return;
        }
        let mut given = 0;
        while given < room
            && let Some(place) = self.suspect_for(id)
        {
            self.give(id, vec![place], 1, actions);
            given += 1;
        }
        let mut places = Vec::new();
        while given < room
            && let Some(place) = self.book.next()
        {
            self.book.set(place, State::Assigned(id));
            places.push(place);
            given += 1;
        }
        if !places.is_empty() {
            let chunk = self.chunk();
            self.give(id, places, chunk, actions);
        }
        if given < room {
            self.hungry.insert(id);
        } else {
            self.hungry.remove(&id);
        }
    }

    /// The next suspect that this worker may be given.
    fn suspect_for(&mut self, id: WorkerId) -> Option<Place> {
        if let Some(place) = self.book.next_suspect(Queue::RunSuspect) {
            let out = self.run_suspect_out.is_some_and(|out| matches!(self.book.state(out), State::Assigned(_)));
            if !out {
                self.run_suspect_out = Some(place);
                return Some(place);
            }
        }
        let place = self.book.next_suspect(Queue::RankSuspect)?;
        let worker = self.roster.get(id)?;
        // Inside the coordinator's own process a poisonous task would end the whole program.
        let spared = worker.local && self.roster.alive() > 1;
        let has_one = worker.in_hand.iter().any(|held| self.book.suspicion(held.place) == Some(Queue::RankSuspect));
        (!spared && !has_one).then_some(place)
    }

    fn give(&mut self, id: WorkerId, places: Vec<Place>, chunk: u32, actions: &mut Vec<Action>) {
        let Some(worker) = self.roster.get_mut(id) else { return };
        worker.serial = worker.serial.next();
        let serial = worker.serial;
        worker.in_hand.extend(places.iter().map(|&place| InHand { place, started: None, overdue: false }));
        for &place in &places {
            self.book.set(place, State::Assigned(id));
        }
        let tasks: Vec<_> = places.into_iter().map(|place| self.book.index(place)).collect();
        actions
            .push(Action::Record(Entry::Assigned { worker: id.0, tasks: tasks.iter().map(|task| task.0).collect() }));
        actions.push(Action::Send { to: id, message: ToWorker::Assign { serial, tasks, chunk } });
    }

    /// Offers what was put back to the workers that could have been given more.
    pub(super) fn feed_hungry(&mut self, now: Duration, actions: &mut Vec<Action>) {
        if !std::mem::take(&mut self.supply) {
            return;
        }
        let hungry: Vec<WorkerId> = self.hungry.iter().copied().collect();
        for id in hungry {
            if self.book.waiting() == 0 {
                return;
            }
            let waiting = self.book.waiting();
            self.feed(id, now, actions);
            let only_suspects = self.book.next().is_none();
            if only_suspects && waiting == self.book.waiting() && !self.is_local(id) && !self.holds_suspect(id) {
                return;
            }
        }
    }

    fn is_local(&self, id: WorkerId) -> bool {
        self.roster.get(id).is_some_and(|worker| worker.local)
    }

    fn holds_suspect(&self, id: WorkerId) -> bool {
        let suspect = |held: &InHand| self.book.suspicion(held.place).is_some();
        self.roster.get(id).is_some_and(|worker| worker.in_hand.iter().any(suspect))
    }
}
