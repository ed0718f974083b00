//! The coordinator's decisions: a pure state machine.
//!
//! [`Coordinator::on_event`] takes what happened and the time since the start, and says what to do. It does no input or
//! output, reads no clock and knows no transport, so that tests and the simulation of 50 000 workers drive the very code
//! that runs a campaign.
//!
//! ```text
//!             all kept or given up
//!  Running ───────────────────────────► Closing ──► Ended      (Closing waits for the store)
//!     │  ▲                                ▲
//!     │  └── a record was refused ────────┤
//!     ├─ walltime, SIGUSR1, stop file ─► Draining               (running tasks are awaited)
//!     │                                   │
//!     └─ SIGTERM, SIGINT, no worker ───► Halting                (running tasks are given up)
//! ```
//!
//! Invariants, tested with random sequences of events:
//! 1. a task's record is kept at most once;
//! 2. a task is in the hands of two workers only if one of them is believed lost, or was and has returned;
//! 3. every task ends up kept or quarantined, unless the campaign stops early;
//! 4. nothing happens after the end.

mod book;
mod closing;
mod hand_out;
mod roster;
mod run_times;
#[cfg(test)]
mod tests;
mod watch;

use crate::ids::{TaskIndex, WorkerId};
use crate::ledger::{Entry, FinishedTask, History};
use crate::message::{Ended, Failure, FailureKind, Report, ToCoordinator, ToWorker};
use crate::outcome::StopReason;
use crate::settings::Rules;
use crate::store::{Finished, Quarantined};
use book::{Book, Place, State};
use roster::{Enquiry, InHand, Roster};
use run_times::RunTimes;
use std::collections::BTreeSet;
use std::time::Duration;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A message came from a worker.
    Message {
        /// From whom.
        from: WorkerId,
        /// Whether it works inside the coordinator's own process.
        local: bool,
        /// What it says.
        message: ToCoordinator,
    },
    /// A message came from a worker, but damaged.
    Damaged {
        /// From whom.
        from: WorkerId,
        /// What is wrong with it.
        reason: String,
    },
    /// The store has kept these.
    Kept(Vec<u64>),
    /// The store refuses this record.
    Rejected {
        /// Which.
        index: u64,
        /// Why.
        reason: String,
    },
    /// The store can keep nothing any more.
    StoreFailed {
        /// Why.
        reason: String,
    },
    /// Somebody asks to stop.
    Stop(StopReason),
    /// Time has passed. Expected several times in every heartbeat interval.
    Tick,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send this.
    Send {
        /// To whom.
        to: WorkerId,
        /// What.
        message: ToWorker,
    },
    /// This worker is lost: what is still on the way to it need not be waited for.
    Forget(WorkerId),
    /// Keep this record, soon.
    Keep(Finished),
    /// Keep now what was to be kept soon.
    Flush,
    /// Write this into the ledger, before anything is sent.
    Record(Entry),
    /// Leave.
    End(Ending),
}

/// How a campaign ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every task is kept, or quarantined with its reason.
    Complete(Vec<Quarantined>),
    /// The same command goes on from here.
    StoppedEarly(StopReason),
    /// The store failed.
    StoreFailed {
        /// What it said.
        reason: String,
    },
}

/// How far a campaign is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Waiting to be handed out.
    pub waiting: usize,
    /// In the hands of workers.
    pub assigned: usize,
    /// Reported, not yet safe.
    pub received: usize,
    /// Safe.
    pub kept: usize,
    /// Given up.
    pub quarantined: usize,
    /// Workers alive.
    pub workers: usize,
    /// Workers lost.
    pub lost: usize,
    /// Tasks that the living compute at once.
    pub threads: usize,
    /// Mean seconds of a task, if one has finished.
    pub mean_seconds: Option<f64>,
    /// Standard deviation of these over their mean.
    pub spread: f64,
}

#[derive(Clone, Debug)]
enum Phase {
    Running,
    Draining(StopReason),
    Halting {
        reason: StopReason,
        until: Duration,
    },
    /// `None`: as far as known, everything is done.
    Closing(Option<StopReason>),
    Ended,
}

/// The state machine.
#[derive(Debug)]
pub struct Coordinator {
    rules: Rules,
    /// When work must have ended.
    end: Option<Duration>,
    /// Workers that should report for duty.
    expected: usize,
    book: Book,
    roster: Roster,
    run_times: RunTimes,
    record_bytes: u64,
    phase: Phase,
    last_tick: Duration,
    /// Whether a flush was asked for since the last record came.
    flushed: bool,
    /// Workers that could have been given more.
    hungry: BTreeSet<WorkerId>,
    /// Whether something was put back that they could be given.
    supply: bool,
    run_suspect_out: Option<Place>,
}

impl Coordinator {
    /// A coordinator of these tasks (ascending; those already kept left out), with `expected` workers to come, which must
    /// end by `end`.
    pub fn new(rules: Rules, tasks: Vec<u64>, history: &History, expected: usize, end: Option<Duration>) -> Self {
        let tasks = tasks.into_iter().map(TaskIndex).collect();
        let mut run_times = RunTimes::new();
        for &seconds in history.run_times() {
            run_times.learn(seconds);
        }
        Self {
            book: Book::new(tasks, history, rules.attempts_max, rules.crashes_max),
            rules,
            end,
            expected,
            roster: Roster::default(),
            run_times,
            record_bytes: 0,
            phase: Phase::Running,
            last_tick: Duration::ZERO,
            flushed: false,
            hungry: BTreeSet::new(),
            supply: false,
            run_suspect_out: None,
        }
    }

    /// Tasks that earlier runs brought into quarantine.
    pub fn given_up(&self) -> Vec<Quarantined> {
        self.book.given_up()
    }

    /// How far the campaign is.
    pub fn counts(&self) -> Counts {
        Counts {
            waiting: self.book.waiting(),
            assigned: self.book.assigned(),
            received: self.book.received(),
            kept: self.book.kept(),
            quarantined: self.book.quarantined(),
            workers: self.roster.alive(),
            lost: self.roster.lost().count(),
            threads: self.roster.threads(),
            mean_seconds: self.run_times.mean(),
            spread: self.run_times.relative_spread(),
        }
    }

    /// Workers believed lost.
    pub fn lost_workers(&self) -> impl Iterator<Item = WorkerId> {
        self.roster.lost().map(|worker| worker.id)
    }

    /// What to do about this event, `now` after the start.
    pub fn on_event(&mut self, event: Event, now: Duration) -> Vec<Action> {
        let mut actions = Vec::new();
        if matches!(self.phase, Phase::Ended) {
            return actions;
        }
        match event {
            Event::Message { from, local, message } => self.on_message(from, local, message, now, &mut actions),
            Event::Damaged { from, .. } => {
                self.listen(from, now, &mut actions);
                self.enquire(from, false, &mut actions);
            }
            Event::Kept(indices) => {
                for index in indices {
                    if let Some(place) = self.book.place(TaskIndex(index)) {
                        self.book.set(place, State::Kept);
                    }
                }
            }
            Event::Rejected { index, reason } => {
                if let Some(place) = self.book.place(TaskIndex(index))
                    && self.book.state(place) == State::Received
                {
                    let failure = Failure { kind: FailureKind::Damaged, reason, again: true };
                    self.charge(place, None, failure, &mut actions);
                }
            }
            Event::StoreFailed { reason } => {
                self.phase = Phase::Ended;
                actions.push(Action::End(Ending::StoreFailed { reason }));
                return actions;
            }
            Event::Stop(reason) => self.stop(reason, now, &mut actions),
            Event::Tick => self.tick(now, &mut actions),
        }
        self.settle(now, &mut actions);
        actions
    }

    fn on_message(
        &mut self,
        from: WorkerId,
        local: bool,
        message: ToCoordinator,
        now: Duration,
        actions: &mut Vec<Action>,
    ) {
        if let ToCoordinator::Hello(hello) = message {
            if self.roster.get(from).is_none() {
                self.roster.join(from, &hello, local, now);
                actions.push(Action::Record(Entry::Joined {
                    worker: from.0,
                    host: hello.host,
                    pid: hello.pid,
                    threads: hello.threads,
                }));
            }
            let (heartbeat, silence) = (self.rules.heartbeat, self.rules.coordinator_silence);
            actions.push(Action::Send { to: from, message: ToWorker::Welcome { heartbeat, silence } });
            self.listen(from, now, actions);
            self.feed(from, now, actions);
            return;
        }
        if self.roster.get(from).is_none() {
            return;
        }
        self.listen(from, now, actions);
        match message {
            ToCoordinator::Hello(_) | ToCoordinator::Farewell => {}
            ToCoordinator::Report(report) => self.on_report(from, report, now, actions),
            ToCoordinator::Heartbeat => actions.push(Action::Send { to: from, message: ToWorker::Alive }),
            ToCoordinator::Garbled => self.enquire(from, false, actions),
            ToCoordinator::Holding { serial, tasks } => {
                let enquiry = self.roster.get(from).and_then(|worker| worker.enquiry);
                if let Some(enquiry) = enquiry.filter(|enquiry| enquiry.serial == serial) {
                    self.on_answer(from, enquiry, tasks, now, actions);
                    self.feed(from, now, actions);
                }
            }
        }
    }

    /// A worker spoke: it is alive, even if it was believed lost.
    fn listen(&mut self, from: WorkerId, now: Duration, actions: &mut Vec<Action>) {
        let Some(worker) = self.roster.get_mut(from) else { return };
        worker.heard = now;
        if !worker.alive {
            self.roster.revive(from, now);
            actions.push(Action::Record(Entry::Returned { worker: from.0 }));
            self.enquire(from, !matches!(self.phase, Phase::Running), actions);
        }
    }

    fn enquire(&mut self, to: WorkerId, release: bool, actions: &mut Vec<Action>) {
        let Some(worker) = self.roster.get_mut(to).filter(|worker| worker.alive) else { return };
        let release = release || worker.enquiry.is_some_and(|enquiry| enquiry.release);
        worker.serial = worker.serial.next();
        let serial = worker.serial;
        worker.enquiry = Some(Enquiry { serial, release });
        actions.push(Action::Send { to, message: ToWorker::Enquire { serial, release } });
    }

    fn on_report(&mut self, from: WorkerId, report: Report, now: Duration, actions: &mut Vec<Action>) {
        let mut finished = Vec::new();
        for ended in report.ended {
            self.on_ended(from, ended, &mut finished, actions);
        }
        if !finished.is_empty() {
            actions.push(Action::Record(Entry::Finished { worker: from.0, tasks: finished }));
        }
        let mut started = Vec::new();
        for task in report.started {
            let Some(place) = self.book.place(task) else { continue };
            let Some(worker) = self.roster.get_mut(from) else { continue };
            if let Some(held) = worker.in_hand.iter_mut().find(|held| held.place == place) {
                held.started = Some(now);
                held.overdue = false;
                started.push(task.0);
            }
        }
        if !started.is_empty() && self.chunk() == 1 {
            actions.push(Action::Record(Entry::Started { worker: from.0, tasks: started }));
        }
        self.feed(from, now, actions);
    }

    fn on_ended(&mut self, from: WorkerId, ended: Ended, finished: &mut Vec<FinishedTask>, actions: &mut Vec<Action>) {
        let Some(place) = self.book.place(ended.task) else { return };
        if let Some(worker) = self.roster.get_mut(from) {
            worker.take(place);
        }
        self.supply |= self.book.suspicion(place).is_some();
        match ended.result {
            Ok(record) => {
                if matches!(self.book.state(place), State::Received | State::Kept) {
                    return; // somebody else's came first
                }
                self.book.set(place, State::Received);
                self.run_times.learn(ended.seconds);
                self.record_bytes += record.len() as u64;
                self.flushed = false;
                let attempts = self.book.attempt(place);
                finished.push(FinishedTask { index: ended.task.0, attempt: attempts, seconds: ended.seconds });
                let index = ended.task.0;
                actions.push(Action::Keep(Finished { index, attempts, seconds: ended.seconds, record }));
            }
            Err(failure) => {
                if self.book.state(place) == State::Assigned(from) {
                    self.charge(place, Some(from), failure, actions);
                }
            }
        }
    }

    /// An attempt ended badly: try again, or give up.
    fn charge(&mut self, place: Place, worker: Option<WorkerId>, failure: Failure, actions: &mut Vec<Action>) {
        let index = self.book.index(place).0;
        let attempt = self.book.attempt(place);
        let Failure { kind, reason, again } = failure;
        let ended_badly = self.book.charge(place, &reason, kind == FailureKind::Lost);
        actions.push(Action::Record(Entry::Failed {
            worker: worker.map_or(0, |worker| worker.0),
            index,
            attempt,
            kind,
            reason: reason.clone(),
            again,
        }));
        if again && ended_badly < self.rules.attempts_max {
            self.put_back(place);
        } else {
            self.book.set(place, State::Quarantined);
            actions.push(Action::Record(Entry::Quarantined { index, attempts: attempt, reason }));
        }
    }

    /// A task must be computed again: by a living worker that has it in hand (one believed lost may have returned with
    /// it), or else by whoever comes next.
    fn put_back(&mut self, place: Place) {
        let holder = self.roster.living().find(|worker| worker.in_hand.iter().any(|held| held.place == place));
        match holder.map(|worker| worker.id) {
            Some(id) => self.book.set(place, State::Assigned(id)),
            None => {
                self.book.put_back(place);
                self.supply = true;
            }
        }
    }

    /// A worker told what it holds; everything else it was given is not with it any more.
    fn on_answer(
        &mut self,
        from: WorkerId,
        enquiry: Enquiry,
        tasks: Vec<TaskIndex>,
        now: Duration,
        actions: &mut Vec<Action>,
    ) {
        let held: BTreeSet<Place> = tasks.into_iter().filter_map(|task| self.book.place(task)).collect();
        let Some(worker) = self.roster.get_mut(from) else { return };
        worker.enquiry = None;
        let missing: Vec<InHand> = worker.in_hand.iter().filter(|hand| !held.contains(&hand.place)).copied().collect();
        worker.in_hand.retain(|hand| held.contains(&hand.place));
        let known: BTreeSet<Place> = worker.in_hand.iter().map(|hand| hand.place).collect();
        for &place in held.difference(&known) {
            worker.in_hand.push_back(InHand { place, started: Some(now), overdue: false });
        }
        for place in held {
            if let State::Waiting(_) = self.book.state(place) {
                self.book.set(place, State::Assigned(from));
            }
        }
        for hand in missing {
            if self.book.state(hand.place) != State::Assigned(from) {
                continue;
            }
            if enquiry.release && hand.started.is_none() {
                self.put_back(hand.place);
            } else {
                let reason = "its result, or the order to compute it, was damaged on the way".to_owned();
                let failure = Failure { kind: FailureKind::Damaged, reason, again: true };
                self.charge(hand.place, Some(from), failure, actions);
            }
        }
    }

    fn lose(&mut self, id: WorkerId, how: &str, actions: &mut Vec<Action>) {
        let Some(worker) = self.roster.get_mut(id).filter(|worker| worker.alive) else { return };
        worker.enquiry = None;
        let host = worker.host.clone();
        let running: Vec<Place> = worker.running();
        let in_hand = self.roster.bury(id);
        self.hungry.remove(&id);
        self.supply = true; // what only the lost one was to be given, others may take now
        let mine = |book: &Book, place: Place| book.state(place) == State::Assigned(id);
        let running: Vec<Place> = running.into_iter().filter(|&place| mine(&self.book, place)).collect();
        actions.push(Action::Forget(id));
        actions.push(Action::Record(Entry::Lost {
            worker: id.0,
            host: host.clone(),
            running: running.iter().map(|&place| self.book.index(place).0).collect(),
            reason: how.to_owned(),
        }));
        for &place in &running {
            let reason = format!("worker {id} on {host} was lost while running it ({how})");
            self.charge(place, Some(id), Failure { kind: FailureKind::Lost, reason, again: true }, actions);
        }
        for hand in in_hand {
            if mine(&self.book, hand.place) {
                self.put_back(hand.place);
            }
        }
    }
}
