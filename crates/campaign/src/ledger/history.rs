//! What earlier runs tell about each task, so that bounded attempts stay bounded across runs.
//!
//! Whom to blame when the whole program ends without a `run_ended` line (SIGKILL, out of memory, power)? Everything
//! that was in work is equally suspect, and nearly always innocent: such ends come from outside. So:
//!
//! - the first such end charges nobody with anything but a mark;
//! - a task with two marks is a suspect of the run: at most one of these is in work at a time, amid unmarked ones;
//! - every such end of a later run marks one suspect more; with `crashes_max` marks (five) a task is quarantined. Killed
//!   by hand five times during one and the same task, it would be quarantined wrongly: the reason says what happened.
//!
//! A task whose record is kept is cleared. Runs that end in an orderly way mark nobody; workers that do not answer at the end of
//! one are lost, and a loss is charged to what they ran.

use super::entry::{Entry, Line};
use crate::ids::TaskIndex;
use crate::message::FailureKind;
use std::collections::BTreeMap;

/// What earlier runs tell about one task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Attempts that ended badly, crashes of the program apart.
    pub ended_badly: u32,
    /// Of these, those in which its worker was lost.
    pub losses: u32,
    /// Ends of the whole program while it was in work.
    pub crashes: u32,
    /// It failed in a way that every attempt would repeat.
    pub certain: bool,
    /// The last reason.
    pub reason: String,
}

/// What earlier runs tell about all tasks.
#[derive(Clone, Debug, Default)]
pub struct History {
    tasks: BTreeMap<TaskIndex, Past>,
    run_times: Vec<f64>,
}

/// Tasks handed out and not heard of since, with the worker that has them.
type InWork = BTreeMap<TaskIndex, u32>;

/// Run times remembered from earlier runs: enough to know the distribution.
const RUN_TIMES_MAX: usize = 1000;

impl History {
    /// Reads the ledger's lines in their order. A last run without an end is a crash: the caller is about to begin a new
    /// one and holds the lock.
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let mut history = History::default();
        let mut in_work = InWork::new();
        for line in lines {
            history.follow(&line.entry, &mut in_work);
        }
        history.crash(&mut in_work);
        history
    }

    fn follow(&mut self, entry: &Entry, in_work: &mut InWork) {
        match entry {
            Entry::RunStarted { .. } => self.crash(in_work),
            Entry::RunEnded { .. } => in_work.clear(),
            Entry::Assigned { worker, tasks } => in_work.extend(tasks.iter().map(|&index| (TaskIndex(index), *worker))),
            Entry::Lost { worker, .. } => in_work.retain(|_, holder| holder != worker),
            Entry::Finished { tasks, .. } => {
                for task in tasks {
                    in_work.remove(&TaskIndex(task.index));
                    if self.run_times.len() < RUN_TIMES_MAX {
                        self.run_times.push(task.seconds);
                    }
                }
            }
            Entry::Segment { kept, .. } => {
                for &[first, last] in kept {
                    self.tasks.retain(|task, _| !(first..=last).contains(&task.0));
                }
            }
            Entry::Failed { index, reason, again, kind, .. } => {
                in_work.remove(&TaskIndex(*index));
                let past = self.tasks.entry(TaskIndex(*index)).or_default();
                past.ended_badly += 1;
                past.losses += u32::from(*kind == FailureKind::Lost);
                past.certain |= !again;
                past.reason.clone_from(reason);
            }
            Entry::Joined { .. }
            | Entry::Started { .. }
            | Entry::Returned { .. }
            | Entry::Quarantined { .. }
            | Entry::Stopping { .. } => {}
        }
    }

    fn crash(&mut self, in_work: &mut InWork) {
        for (task, _) in std::mem::take(in_work) {
            let past = self.tasks.entry(task).or_default();
            past.crashes += 1;
            past.reason = format!(
                "the program ended without a word {} {} while it was in work",
                past.crashes,
                if past.crashes == 1 { "time" } else { "times" }
            );
        }
    }

    /// Every task with a past, ascending.
    pub fn tasks(&self) -> impl Iterator<Item = (TaskIndex, &Past)> {
        self.tasks.iter().map(|(task, past)| (*task, past))
    }

    /// Seconds that tasks took in earlier runs (the first thousand).
    pub fn run_times(&self) -> &[f64] {
        &self.run_times
    }
}
