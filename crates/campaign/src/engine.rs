//! The coordinator at work: carries events to the state machine and its decisions out into the world.

mod farewell;
mod prepare;

#[cfg(feature = "mpi")]
pub(crate) use farewell::dismiss_all;

use crate::coordinator::{Action, Coordinator, Counts, Ending, Event};
use crate::forecast::Pace;
use crate::ids::WorkerId;
use crate::ledger::{Entry, Ledger, ranges};
use crate::lock::Lock;
use crate::message::{ToCoordinator, ToWorker};
use crate::observer::{Observer, Progress};
use crate::outcome::{CampaignError, EXIT_FAILED, Outcome};
use crate::segments::{Segments, Written};
use crate::settings::Settings;
use crate::stop::{STOP_NAME, Signals, StopWatch, time_left};
use crate::store::{Store, StoreError};
use crate::transport::{Arrival, Backoff, Exchange};
use farewell::{FAREWELLS, FAREWELLS_IN_HASTE, dismiss};
use prepare::Prepared;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// Name of the file that says how the last run ended: the program's own exit code and words, for job scripts, because
/// the launcher's exit code says something else after a lost rank.
pub const OUTCOME_NAME: &str = "outcome";

/// The state machine is told the time this often.
const TICK: Duration = Duration::from_millis(200);
/// The observer is told how far we are this often.
const PROGRESS: Duration = Duration::from_millis(250);
/// Most messages taken before the other duties get their turn.
const MESSAGES_A_TURN: usize = 256;

/// The coordinator's surroundings.
pub(crate) struct Engine<'a> {
    settings: &'a Settings,
    coordinator: Coordinator,
    exchange: &'a mut dyn Exchange,
    segments: Segments,
    ledger: Ledger,
    ledger_failed: bool,
    stop: StopWatch,
    observer: &'a mut dyn Observer,
    begun: Instant,
    ticked: Instant,
    shown: Instant,
    kept_before: u64,
    lock: Lock,
    /// Looks at the local worker: the error that ended it, if one did.
    local_failure: &'a mut dyn FnMut() -> Option<CampaignError>,
}

/// What the coordinator was asked to do and with whom.
pub(crate) struct Setting<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) ranks: u32,
    pub(crate) exchange: &'a mut dyn Exchange,
    pub(crate) observer: &'a mut dyn Observer,
    pub(crate) local_failure: &'a mut dyn FnMut() -> Option<CampaignError>,
}

/// How a coordinator left its workers.
pub(crate) struct Left {
    pub(crate) outcome: Result<Outcome, CampaignError>,
    /// Whether every worker said farewell.
    pub(crate) orderly: bool,
}

/// Runs a campaign to its end on the coordinator, dismisses the workers, and leaves the folder in order.
pub(crate) fn coordinate(
    setting: Setting<'_>,
    open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
) -> Left {
    let Setting { settings, ranks, exchange, observer, local_failure } = setting;
    let signals = match Signals::catch() {
        Ok(signals) => signals,
        Err(source) => {
            let error = CampaignError::System { action: "catch signals", source };
            return Left { outcome: Err(error), orderly: dismiss(exchange, FAREWELLS, &BTreeSet::new()) };
        }
    };
    match Engine::begin(settings, ranks, exchange, observer, local_failure, signals, open_store) {
        Ok(mut engine) => {
            let ended = engine.run();
            engine.leave(ended)
        }
        Err((error, exchange)) => Left { outcome: Err(error), orderly: dismiss(exchange, FAREWELLS, &BTreeSet::new()) },
    }
}

impl<'a> Engine<'a> {
    fn begin(
        settings: &'a Settings,
        ranks: u32,
        exchange: &'a mut dyn Exchange,
        observer: &'a mut dyn Observer,
        local_failure: &'a mut dyn FnMut() -> Option<CampaignError>,
        signals: Signals,
        open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
    ) -> Result<Self, (CampaignError, &'a mut dyn Exchange)> {
        let prepared = Prepared::new(settings, open_store);
        let Prepared { lock, ledger, history, segments, kept, remaining } = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Err((error, exchange)),
        };
        let job_end = std::env::var("SLURM_JOB_END_TIME").ok();
        let end = time_left(settings.walltime, job_end.as_deref(), settings.rules.margin);
        let expected = exchange.everybody().len();
        let coordinator = Coordinator::new(settings.rules, remaining, &history, expected, end);
        let now = Instant::now();
        let mut engine = Self {
            settings,
            coordinator,
            exchange,
            segments,
            ledger,
            ledger_failed: false,
            stop: StopWatch::new(signals, settings.directory.join(STOP_NAME)),
            observer,
            begun: now,
            ticked: now,
            shown: now,
            kept_before: kept.len() as u64,
            lock,
            local_failure,
        };
        engine.record(Entry::RunStarted {
            host: crate::this_host(),
            pid: std::process::id(),
            ranks,
            threads: settings.threads as u32,
            tasks: settings.indices.len() as u64,
            kept: ranges(kept),
            walltime: end.map(|end| end.as_secs_f64()),
            config_hash: settings.config_hash.clone(),
            version: settings.version.clone(),
        });
        for task in engine.coordinator.given_up() {
            let (index, attempts, reason) = (task.index, task.attempts, task.reason);
            engine.record(Entry::Quarantined { index, attempts, reason });
        }
        Ok(engine)
    }

    /// The loop: until the state machine says how it ends.
    fn run(&mut self) -> Result<Ending, CampaignError> {
        let mut backoff = Backoff::new();
        let mut ended = self.happened(Event::Tick);
        loop {
            if let Some(ending) = ended {
                return Ok(ending);
            }
            if self.segments.is_full() {
                // Workers wait with us: nothing is received, and no time passes for the state machine.
                if let Some(written) = self.segments.wait_answer(Duration::from_millis(100)) {
                    ended = self.written(written);
                }
            } else {
                let (events, outcome) = self.receive();
                ended = outcome;
                if events > 0 {
                    backoff.reset();
                } else {
                    self.exchange.wait(backoff.next());
                }
            }
            if ended.is_none() {
                ended = self.other_duties()?;
            }
        }
    }

    /// Takes messages; says how many there were.
    fn receive(&mut self) -> (usize, Option<Ending>) {
        for received in 0..MESSAGES_A_TURN {
            let Some(Arrival { from, local, message }) = self.exchange.try_receive() else { return (received, None) };
            let event = match message {
                Ok(message) => Event::Message { from, local, message },
                Err(error) => {
                    tracing::warn!(worker = from.0, %error, "a message arrived damaged");
                    Event::Damaged { from, reason: error.to_string() }
                }
            };
            let ended = self.happened(event);
            if ended.is_some() || self.segments.is_full() {
                return (received + 1, ended);
            }
        }
        (MESSAGES_A_TURN, None)
    }

    fn other_duties(&mut self) -> Result<Option<Ending>, CampaignError> {
        self.segments.write_if_due();
        if let Some(written) = self.segments.try_answer()
            && let Some(ending) = self.written(written)
        {
            return Ok(Some(ending));
        }
        if let Some(reason) = self.stop.poll()
            && let Some(ending) = self.happened(Event::Stop(reason))
        {
            return Ok(Some(ending));
        }
        if self.ticked.elapsed() >= TICK && !self.segments.is_full() {
            self.ticked = Instant::now();
            if !self.lock.refresh() {
                return Err(CampaignError::LockLost { directory: self.settings.directory.clone() });
            }
            if let Some(error) = (self.local_failure)() {
                return Err(error);
            }
            if let Some(ending) = self.happened(Event::Tick) {
                return Ok(Some(ending));
            }
        }
        if self.shown.elapsed() >= PROGRESS {
            self.show();
        }
        if self.ledger_failed {
            let reason = format!("the ledger {} cannot be written", self.ledger.path().display());
            return Ok(Some(Ending::StoreFailed { reason }));
        }
        Ok(None)
    }

    /// The store has said something.
    fn written(&mut self, written: Written) -> Option<Ending> {
        match written {
            Written::Segment { kept, rejected, bytes, seconds } => {
                if !kept.is_empty() {
                    self.record(Entry::Segment { kept: ranges(kept.iter().copied()), bytes, seconds });
                    self.ledger_failed |= self.ledger.sync().is_err();
                }
                let mut ended = self.happened(Event::Kept(kept));
                for (index, reason) in rejected {
                    if ended.is_none() {
                        ended = self.happened(Event::Rejected { index, reason });
                    }
                }
                ended
            }
            Written::Failed { reason } => self.happened(Event::StoreFailed { reason }),
            Written::Completed => None,
        }
    }

    /// Tells the state machine and does what it says.
    fn happened(&mut self, event: Event) -> Option<Ending> {
        let actions = self.coordinator.on_event(event, self.begun.elapsed());
        let mut ending = None;
        let mut sends = Vec::new();
        for action in actions {
            match action {
                Action::Send { to, message } => sends.push((to, message)),
                Action::Forget(worker) => self.exchange.forget(worker),
                Action::Keep(finished) => self.segments.gather(finished),
                Action::Flush => self.segments.flush(),
                Action::Record(entry) => self.record(entry),
                Action::End(end) => ending = Some(end),
            }
        }
        if !sends.is_empty() {
            // What is about to begin is in the ledger first, so that it can be blamed for what happens then.
            self.ledger_failed |= self.ledger.write_out().is_err();
            for (to, message) in sends {
                self.exchange.send(to, message);
            }
        }
        self.segments.write_if_due();
        ending
    }

    fn record(&mut self, entry: Entry) {
        let entry = self.ledger.append(entry);
        self.observer.entry(&entry);
    }

    fn show(&mut self) {
        self.shown = Instant::now();
        self.ledger_failed |= self.ledger.write_out().is_err();
        let progress = self.progress();
        self.observer.progress(&progress);
    }

    fn progress(&self) -> Progress {
        let counts: Counts = self.coordinator.counts();
        let elapsed = self.begun.elapsed().as_secs_f64();
        let pace = Pace {
            finished: (counts.kept + counts.received) as u64,
            elapsed,
            mean: counts.mean_seconds.unwrap_or(0.0),
            spread: counts.spread,
            threads: counts.threads as u64,
            remaining: (counts.waiting + counts.assigned) as u64,
        };
        Progress {
            total: self.settings.indices.len() as u64,
            kept: self.kept_before + counts.kept as u64,
            received: counts.received as u64,
            assigned: counts.assigned as u64,
            quarantined: counts.quarantined as u64,
            workers: counts.workers as u64,
            lost: counts.lost as u64,
            elapsed,
            forecast: pace.forecast(),
        }
    }

    /// The end of a run: the store completes, the ledger and the outcome file say how it ended, workers are dismissed.
    fn leave(mut self, ended: Result<Ending, CampaignError>) -> Left {
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
        let lock_lost = matches!(outcome, Err(CampaignError::LockLost { .. }));
        if !lock_lost {
            let (text, exit_code) = match &outcome {
                Ok(outcome) => (outcome.to_string(), outcome.exit_code()),
                Err(error) => (error.to_string(), EXIT_FAILED),
            };
            let unsaved = self.segments.unsaved() as u64;
            self.record(Entry::RunEnded { outcome: text.clone(), exit_code, unsaved });
            let ledger = self.ledger.sync();
            let written = write_outcome(&self.settings.directory, exit_code, &text);
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

    /// Waits until the store has completed, while workers are kept patient.
    fn await_store(&mut self) -> Result<(), CampaignError> {
        loop {
            match self.segments.wait_answer(Duration::from_millis(20)) {
                Some(Written::Failed { reason }) => return Err(CampaignError::StoreFailed { reason, unsaved: 0 }),
                Some(Written::Completed) => return Ok(()),
                Some(Written::Segment { .. }) | None => {}
            }
            while let Some(arrival) = self.exchange.try_receive() {
                if let Ok(ToCoordinator::Heartbeat) = arrival.message {
                    self.exchange.send(arrival.from, ToWorker::Alive);
                }
            }
            if !self.lock.refresh() {
                return Err(CampaignError::LockLost { directory: self.settings.directory.clone() });
            }
        }
    }

    /// The ledger failed, not the store: what was reported may still be kept.
    fn save_what_is_left(&mut self) {
        self.segments.flush();
        while self.segments.unsaved() > 0 {
            self.segments.write_if_due();
            match self.segments.wait_answer(Duration::from_secs(1)) {
                Some(Written::Failed { .. }) => return,
                Some(Written::Segment { .. } | Written::Completed) | None => self.segments.flush(),
            }
        }
    }
}

/// One line: the exit code, a blank, the outcome in words.
fn write_outcome(directory: &Path, exit_code: u8, text: &str) -> std::io::Result<()> {
    let temporary = directory.join(".outcome-new");
    std::fs::write(&temporary, format!("{exit_code} {text}\n"))?;
    std::fs::rename(temporary, directory.join(OUTCOME_NAME))
}
