//! How a campaign comes to its end: by request, or because all is done.

use super::roster::Roster;
use super::{Action, Coordinator, Ending, Phase};
use crate::ids::WorkerId;
use crate::ledger::Entry;
use crate::outcome::StopReason;
use std::time::Duration;

impl Coordinator {
    pub(super) fn stop(&mut self, reason: StopReason, now: Duration, actions: &mut Vec<Action>) {
        match self.phase {
            Phase::Running => {}
            Phase::Draining(_) if reason.at_once() => {}
            _ => return,
        }
        actions.push(Action::Record(Entry::Stopping { reason: reason.to_string() }));
        self.begin_stop(reason, reason.at_once(), now, actions);
    }

    /// Everything reported is written at once; workers forget what they have not begun.
    pub(super) fn begin_stop(&mut self, reason: StopReason, at_once: bool, now: Duration, actions: &mut Vec<Action>) {
        self.phase =
            if at_once { Phase::Halting { reason, until: now + self.rules.grace } } else { Phase::Draining(reason) };
        if self.book.received() > 0 {
            actions.push(Action::Flush);
        }
        let living: Vec<WorkerId> = self.roster.living().map(|worker| worker.id).collect();
        for id in living {
            self.enquire(id, true, actions);
        }
    }

    /// Draws the conclusions after an event: feeds the hungry, changes phase, ends.
    pub(super) fn settle(&mut self, now: Duration, actions: &mut Vec<Action>) {
        self.feed_hungry(now, actions);
        loop {
            let unfinished = self.book.waiting() + self.book.assigned();
            match self.phase {
                Phase::Running if unfinished == 0 => self.phase = Phase::Closing(None),
                Phase::Running if self.deserted(now) => self.stop(StopReason::NoWorkers, now, actions),
                Phase::Draining(reason) if self.book.assigned() == 0 => self.phase = Phase::Closing(Some(reason)),
                Phase::Halting { reason, until } => {
                    let unanswered = |roster: &Roster| -> Vec<WorkerId> {
                        roster.living().filter(|worker| worker.enquiry.is_some()).map(|worker| worker.id).collect()
                    };
                    if now < until && !unanswered(&self.roster).is_empty() {
                        return;
                    }
                    for id in unanswered(&self.roster) {
                        self.lose(id, "no answer at the end of the run", actions);
                    }
                    self.phase = Phase::Closing(Some(reason));
                }
                Phase::Closing(None) if unfinished > 0 => {
                    self.phase = Phase::Running;
                    self.supply = true;
                    self.feed_hungry(now, actions);
                }
                Phase::Closing(_) if self.book.received() > 0 => {
                    if !self.flushed {
                        self.flushed = true;
                        actions.push(Action::Flush);
                    }
                    return;
                }
                Phase::Closing(reason) => {
                    self.phase = Phase::Ended;
                    actions.push(Action::End(match reason {
                        Some(reason) if unfinished > 0 => Ending::StoppedEarly(reason),
                        _ => Ending::Complete(self.book.given_up()),
                    }));
                    return;
                }
                Phase::Running | Phase::Draining(_) | Phase::Ended => return,
            }
        }
    }

    /// Whether nobody is left to compute, and nobody is awaited.
    fn deserted(&self, now: Duration) -> bool {
        self.roster.alive() == 0 && (self.roster.ever() >= self.expected || now >= self.rules.join_timeout)
    }
}
