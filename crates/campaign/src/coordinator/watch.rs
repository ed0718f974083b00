//! What time alone brings about: workers fall silent, tasks run past their deadline, the walltime comes.

use super::{Action, Coordinator, Phase};
use crate::ids::WorkerId;
use crate::ledger::Entry;
use crate::message::ToWorker;
use crate::outcome::StopReason;
use std::time::Duration;

impl Coordinator {
    pub(super) fn tick(&mut self, now: Duration, actions: &mut Vec<Action>) {
        let gap = now.saturating_sub(self.last_tick);
        self.last_tick = now;
        if gap > self.rules.heartbeat_timeout / 2 {
            // The coordinator itself was held up (suspended, a slow disk): nobody else is to blame for that time.
            for worker in self.roster.living_mut() {
                worker.heard = (worker.heard + gap).min(now);
                for held in &mut worker.in_hand {
                    held.started = held.started.map(|started| (started + gap).min(now));
                }
            }
        }
        self.find_silent(now, actions);
        self.find_overdue(now, actions);
        if self.end.is_some_and(|end| now >= end)
            && let Phase::Running | Phase::Draining(_) = self.phase
        {
            let reason = StopReason::Walltime;
            actions.push(Action::Record(Entry::Stopping { reason: format!("{reason}: running tasks are given up") }));
            self.begin_stop(reason, true, now, actions);
        }
    }

    fn find_silent(&mut self, now: Duration, actions: &mut Vec<Action>) {
        let timeout = self.rules.heartbeat_timeout;
        let silent: Vec<(WorkerId, Duration)> = self
            .roster
            .living()
            .map(|worker| (worker.id, now.saturating_sub(worker.heard)))
            .filter(|(_, silence)| *silence > timeout)
            .collect();
        for (id, silence) in silent {
            self.lose(id, &format!("silent for {:.1} s", silence.as_secs_f64()), actions);
        }
    }

    /// How long a task may run.
    fn deadline(&self) -> Duration {
        match self.run_times.quantile_95() {
            Some(quantile) if self.run_times.count() >= 3 => {
                Duration::try_from_secs_f64(self.rules.deadline_factor * quantile)
                    .unwrap_or(Duration::MAX)
                    .max(self.rules.deadline_floor)
            }
            _ => self.rules.deadline_first,
        }
    }

    fn find_overdue(&mut self, now: Duration, actions: &mut Vec<Action>) {
        let deadline = self.deadline();
        for worker in self.roster.living_mut() {
            for held in &mut worker.in_hand {
                let overdue = held.started.is_some_and(|started| now.saturating_sub(started) > deadline);
                if overdue && !held.overdue {
                    held.overdue = true;
                    let task = self.book.index(held.place);
                    actions.push(Action::Send { to: worker.id, message: ToWorker::Abandon { task, after: deadline } });
                }
            }
        }
    }
}
