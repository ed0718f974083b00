//! Random sequences of events: workers that die, freeze, return, fail and send damaged messages in any order, against the
//! invariants named in the head of `coordinator.rs`.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const TASKS: u64 = 30;

/// A worker as the coordinator cannot see it.
#[derive(Debug, Default)]
struct Remote {
    inbox: VecDeque<ToWorker>,
    outbox: VecDeque<ToCoordinator>,
    queue: VecDeque<TaskIndex>,
    running: VecDeque<TaskIndex>,
    dead: bool,
    /// The coordinator has given it up since it last answered an enquiry.
    forgotten: bool,
    asked: bool,
}

impl Remote {
    /// Whether it could still bring a result of its own accord.
    fn has(&self, task: TaskIndex) -> bool {
        let promised =
            self.inbox.iter().any(|message| matches!(message, ToWorker::Assign { tasks, .. } if tasks.contains(&task)));
        promised || self.queue.contains(&task) || self.running.contains(&task)
    }

    fn obey(&mut self) {
        match self.inbox.pop_front() {
            Some(ToWorker::Assign { tasks, .. }) => self.queue.extend(tasks),
            Some(ToWorker::Enquire { serial, release }) => {
                if release {
                    self.queue.clear();
                }
                let tasks = self.running.iter().chain(&self.queue).copied().collect();
                self.outbox.push_back(ToCoordinator::Holding { serial, tasks });
            }
            Some(ToWorker::Abandon { task, .. }) => {
                if let Some(position) = self.running.iter().position(|&running| running == task) {
                    self.running.remove(position);
                    let failure = Failure { kind: FailureKind::Deadline, reason: "late".to_owned(), again: true };
                    self.end(task, Err(failure));
                }
            }
            Some(ToWorker::Welcome { .. } | ToWorker::Alive | ToWorker::Goodbye { .. }) | None => {}
        }
    }

    fn begin(&mut self) {
        if self.running.len() < 2
            && let Some(task) = self.queue.pop_front()
        {
            self.running.push_back(task);
            self.outbox.push_back(ToCoordinator::Report(Report { started: vec![task], ended: Vec::new() }));
        }
    }

    fn end(&mut self, task: TaskIndex, result: Result<Vec<u8>, Failure>) {
        let ended = vec![Ended { task, seconds: 2.0, result }];
        self.outbox.push_back(ToCoordinator::Report(Report { started: Vec::new(), ended }));
    }

    fn finish(&mut self, well: bool) {
        if let Some(task) = self.running.pop_front() {
            let failure = Failure { kind: FailureKind::Panicked, reason: "panicked".to_owned(), again: true };
            self.end(task, if well { Ok(vec![task.0 as u8]) } else { Err(failure) });
        }
    }
}

/// The coordinator and its world.
struct World {
    coordinator: Coordinator,
    now: Duration,
    remotes: BTreeMap<WorkerId, Remote>,
    /// Records handed to the store and not kept yet.
    storing: Vec<u64>,
    /// How often each record was handed to the store, refused ones not counted.
    records: BTreeMap<u64, usize>,
    /// Attempts that ended badly.
    charges: BTreeMap<u64, u32>,
    /// Who had a task when another's late result for it was taken: outdone, but not told.
    outdone: BTreeSet<(WorkerId, u64)>,
    ending: Option<Ending>,
}

impl World {
    fn new(workers: u32) -> Self {
        let coordinator = Coordinator::new(rules(), (0..TASKS).collect(), &History::default(), workers as usize, None);
        let mut world = Self {
            coordinator,
            now: Duration::ZERO,
            remotes: (1..=workers).map(|id| (WorkerId(id), Remote::default())).collect(),
            storing: Vec::new(),
            records: BTreeMap::new(),
            charges: BTreeMap::new(),
            outdone: BTreeSet::new(),
            ending: None,
        };
        for id in 1..=workers {
            world.event(hello(WorkerId(id), 2));
        }
        world
    }

    fn event(&mut self, event: Event) {
        let over = self.ending.is_some();
        let actions = self.coordinator.on_event(event, self.now);
        assert!(!over || actions.is_empty(), "after the end: {actions:?}");
        for action in actions {
            match action {
                Action::Send { to, message } => {
                    if let ToWorker::Assign { tasks, .. } = &message {
                        for &task in tasks {
                            self.check_free(task, to);
                            assert!(self.charges.get(&task.0).is_none_or(|&charges| charges < 2), "{task} again");
                        }
                    }
                    let remote = self.remotes.get_mut(&to).expect("only known workers are written to");
                    if !remote.dead {
                        remote.inbox.push_back(message);
                    }
                }
                Action::Forget(id) => self.remotes.get_mut(&id).expect("known").forgotten = true,
                Action::Keep(finished) => {
                    let times = self.records.entry(finished.index).or_default();
                    *times += 1;
                    assert_eq!(*times, 1, "task {} is kept twice", finished.index);
                    self.storing.push(finished.index);
                    let holders = self.remotes.iter().filter(|(_, remote)| remote.has(TaskIndex(finished.index)));
                    self.outdone.extend(holders.map(|(id, _)| (*id, finished.index)));
                }
                Action::Record(Entry::Failed { index, attempt, .. }) => {
                    let charges = self.charges.entry(index).or_default();
                    *charges += 1;
                    assert_eq!(attempt, *charges);
                }
                Action::Flush | Action::Record(_) => {}
                Action::End(ending) => self.ending = Some(ending),
            }
        }
        let counts = self.coordinator.counts();
        let sum = counts.waiting + counts.assigned + counts.received + counts.kept + counts.quarantined;
        assert_eq!(sum, TASKS as usize);
    }

    /// Invariant 2: nobody else has this task, unless it is or was believed lost.
    fn check_free(&self, task: TaskIndex, to: WorkerId) {
        for (id, remote) in &self.remotes {
            let excused = remote.dead || remote.forgotten || *id == to || self.outdone.contains(&(*id, task.0));
            assert!(excused || !remote.has(task), "{task} goes to {to} while {id} has it");
        }
        let own = &self.remotes[&to];
        assert!(own.dead || !own.has(task), "{task} goes to {to} twice");
    }

    fn store(&mut self, reject: bool) {
        let mut kept = std::mem::take(&mut self.storing);
        if reject && let Some(index) = kept.pop() {
            self.records.remove(&index);
            self.event(Event::Kept(kept));
            self.event(Event::Rejected { index, reason: "NaN".to_owned() });
        } else {
            self.event(Event::Kept(kept));
        }
    }

    fn step(&mut self, what: u8, whom: u8) {
        let ids: Vec<WorkerId> = self.remotes.keys().copied().collect();
        let id = ids[whom as usize % ids.len()];
        let remote = self.remotes.get_mut(&id).expect("known");
        match what % 16 {
            0..=2 if !remote.dead => remote.obey(),
            3 | 4 if !remote.dead => remote.begin(),
            5 | 6 if !remote.dead => remote.finish(true),
            7 if !remote.dead && whom > 200 => remote.finish(false),
            8..=10 => {
                if let Some(message) = remote.outbox.pop_front() {
                    self.event(from(id, message));
                }
            }
            11 if whom > 230 => {
                // What was on its way may arrive or not.
                remote.dead = true;
                remote.inbox.clear();
                if whom.is_multiple_of(2) {
                    remote.outbox.clear();
                }
            }
            12 if whom > 220 && remote.outbox.pop_front().is_some() => {
                self.event(Event::Damaged { from: id, reason: "checksum".to_owned() });
            }
            13 => {
                self.now += Duration::from_secs(u64::from(whom % 4));
                for remote in self.remotes.values_mut().filter(|remote| !remote.dead) {
                    remote.outbox.push_back(ToCoordinator::Heartbeat);
                }
                self.event(Event::Tick);
            }
            14 => self.store(whom > 230),
            15 if whom > 253 => self.event(Event::Stop(StopReason::StopFile)),
            15 if whom > 251 => self.event(Event::Stop(StopReason::Terminated)),
            _ => {}
        }
    }

    /// From here on nothing bad happens.
    fn settle(&mut self) {
        for _ in 0..2000 {
            if self.ending.is_some() {
                return;
            }
            self.now += Duration::from_millis(500);
            let ids: Vec<WorkerId> = self.remotes.keys().copied().collect();
            for id in ids {
                loop {
                    let remote = self.remotes.get_mut(&id).expect("known");
                    if !remote.dead {
                        if !remote.asked {
                            remote.outbox.push_back(ToCoordinator::Heartbeat);
                            remote.asked = true;
                        }
                        remote.obey();
                        remote.begin();
                        if remote.inbox.is_empty() {
                            remote.finish(true);
                        }
                    }
                    let Some(message) = remote.outbox.pop_front() else { break };
                    self.event(from(id, message));
                }
                self.remotes.get_mut(&id).expect("known").asked = false;
            }
            self.store(false);
            self.event(Event::Tick);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_every_task_is_kept_once_or_given_up(
        workers in 1u32..5,
        steps in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..600),
    ) {
        let mut world = World::new(workers);
        for (what, whom) in steps {
            world.step(what, whom);
        }
        world.settle();
        match world.ending.clone() {
            Some(Ending::Complete(given_up)) => {
                for index in 0..TASKS {
                    let kept = world.records.contains_key(&index);
                    let quarantined = given_up.iter().any(|task| task.index == index);
                    prop_assert!(kept != quarantined, "task {}: kept {}, quarantined {}", index, kept, quarantined);
                }
                for task in given_up {
                    prop_assert!(task.attempts >= 2);
                }
            }
            Some(Ending::StoppedEarly(_)) => {}
            other => prop_assert!(false, "{:?}: {:?}", other, world.coordinator.counts()),
        }
        if world.ending.is_some() {
            world.event(Event::Tick);
            world.event(Event::Stop(StopReason::Interrupted));
        }
    }
}
