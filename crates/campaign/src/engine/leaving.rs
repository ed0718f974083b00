//! The end of a run: what is left is kept, the ledger and the outcome file say how it ended, workers are dismissed.

use super::farewell::{FAREWELLS, FAREWELLS_IN_HASTE, dismiss};
use super::{Engine, Left, OUTCOME_NAME};
use crate::coordinator::Ending;
use crate::ids::WorkerId;
use crate::ledger::Entry;
use crate::lock::Standing;
use crate::message::{ToCoordinator, ToWorker};
use crate::outcome::{CampaignError, Outcome, StopReason};
use crate::segment_writer::Written;
use std::collections::BTreeSet;
use std::time::Duration;

impl Engine<'_> {
    /// Leaves everything in order.
    pub(super) fn leave(mut self, ended: Result<Ending, CampaignError>) -> Left {
        let mut haste = false;
        let mut outcome = match ended {
            Ok(Ending::Complete(quarantined)) => {
                let outcome = if quarantined.is_empty() {
                    Outcome::Complete
                } else {
                    Outcome::CompleteWithQuarantined(quarantined.clone())
                };
                self.segments.complete(quarantined);
                self.await_store().map(|()| outcome)
            }
            Ok(Ending::StoppedEarly(StopReason::Failing)) => Err(self.nearly_all_fail()),
            Ok(Ending::StoppedEarly(reason)) => {
                haste = reason.at_once();
                Ok(Outcome::StoppedEarly(reason))
            }
            Ok(Ending::StoreFailed { reason }) => {
                if self.ledger_failed {
                    self.save_what_is_left();
                }
                Err(CampaignError::StoreFailed { reason, unsaved: self.segments.unsaved() as u64 })
            }
            Err(error) => Err(error),
        };
        if !matches!(outcome, Err(CampaignError::LockLost { .. })) {
            let (text, exit_code) = match &outcome {
                Ok(outcome) => (outcome.to_string(), outcome.exit_code()),
                Err(error) => (error.to_string(), error.exit_code()),
            };
            let unsaved = self.segments.unsaved() as u64;
            self.record(Entry::RunEnded { outcome: text.clone(), exit_code, unsaved });
            // The ledger is open, wherever its folder is now; a file made by name would be somebody else's.
            let moved = matches!(outcome, Err(CampaignError::FolderMoved { .. }));
            let ledger = self.ledger.sync();
            let written = if moved { Ok(()) } else { self.write_outcome(exit_code, &text) };
            if let (Ok(_), Err(source)) = (&outcome, ledger.and(written)) {
                let path = self.settings.directory.clone();
                outcome = Err(CampaignError::File { action: "note the end of the run in", path, source });
            }
        }
        self.show();
        let Self { exchange, coordinator, lock, .. } = self;
        drop(lock);
        let gone: BTreeSet<WorkerId> = coordinator.lost_workers().collect();
        let patience = if haste { FAREWELLS_IN_HASTE } else { FAREWELLS };
        Left { outcome, orderly: dismiss(exchange, patience, &gone) }
    }

    fn nearly_all_fail(&self) -> CampaignError {
        let failed = self.coordinator.given_up();
        let counts = self.coordinator.counts();
        let reason = failed.last().map(|task| task.reason.clone()).unwrap_or_default();
        CampaignError::NearlyAllFail { failed: failed.len(), of: failed.len() + counts.kept + counts.received, reason }
    }

    /// Waits until the store has completed, while workers are kept patient.
    fn await_store(&mut self) -> Result<(), CampaignError> {
        loop {
            match self.segments.wait_answer(Duration::from_millis(20)) {
                Some(Written::Failed { reason }) => return Err(CampaignError::StoreFailed { reason, unsaved: 0 }),
                Some(Written::Completed) => return Ok(()),
                Some(Written::Astray(standing)) => return Err(self.astray(standing)),
                Some(Written::Segment { .. }) | None => {}
            }
            while let Some(arrival) = self.exchange.try_receive() {
                if let Ok(ToCoordinator::Heartbeat) = arrival.message {
                    self.exchange.send(arrival.from, ToWorker::Alive);
                }
            }
            match self.lock.refresh() {
                Standing::Ours => {}
                standing => return Err(self.astray(standing)),
            }
        }
    }

    /// The ledger failed, not the store: what was reported may still be kept.
    fn save_what_is_left(&mut self) {
        self.segments.flush();
        while self.segments.unsaved() > 0 {
            self.segments.write_if_due();
            match self.segments.wait_answer(Duration::from_secs(1)) {
                Some(Written::Failed { .. } | Written::Astray(_)) => return,
                Some(Written::Segment { .. } | Written::Completed) | None => self.segments.flush(),
            }
        }
    }

    /// One line: the exit code, a blank, the outcome in words.
    fn write_outcome(&self, exit_code: u8, text: &str) -> std::io::Result<()> {
        let path = self.settings.directory.join(OUTCOME_NAME);
        durable::write(&path, format!("{exit_code} {text}\n").as_bytes()).map_err(|error| error.cause)
    }
}
