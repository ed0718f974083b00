//! The coordinator at work: carries events to the state machine and its decisions out into the world.

mod farewell;
mod leaving;
mod prepare;
mod roll_call;

#[cfg(feature = "mpi")]
pub(crate) use farewell::dismiss_all;

use crate::clock::{AwakeClock, TALKING};
use crate::coordinator::{Action, Coordinator, Counts, Ending, Event};
use crate::forecast::Pace;
use crate::ledger::{Entry, History, Ledger, ranges};
use crate::lock::{LOCK_NAME, Lock, Standing};
use crate::message::ToWorker;
use crate::observer::{Observer, Progress};
use crate::outcome::{CampaignError, Outcome};
use crate::segment_writer::{SegmentWriter, Written};
use crate::settings::Settings;
use crate::stop::{STOP_NAME, Signals, StopWatch, time_left};
use crate::store::{Store, StoreError};
use crate::transport::{Arrival, Backoff, Exchange};
use farewell::{FAREWELLS, dismiss};
use prepare::Prepared;
use roll_call::{Early, agreed, meanwhile, roll_call};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Name of the file that says how the last run ended: the program's own exit code and words, for job scripts, because
/// the launcher's exit code says something else after a lost rank.
pub const OUTCOME_NAME: &str = "outcome";

/// The state machine is told the time this often.
const TICK: Duration = Duration::from_millis(200);
/// The observer is told how far we are this often.
const PROGRESS: Duration = Duration::from_millis(250);
/// A sleep shorter than this is not worth a word.
const LONG_SLEEP: Duration = Duration::from_secs(10);
/// Most messages taken before the other duties get their turn.
const MESSAGES_A_TURN: usize = 256;

/// The coordinator's surroundings.
pub(crate) struct Engine<'a> {
    settings: &'a Settings,
    coordinator: Coordinator,
    exchange: &'a mut dyn Exchange,
    segments: SegmentWriter,
    ledger: Ledger,
    ledger_failed: bool,
    stop: StopWatch,
    observer: &'a mut dyn Observer,
    /// What came before the state machine was there.
    early: Early,
    clock: AwakeClock,
    /// Sleep that the state machine knows of.
    slept: Duration,
    ticked: Instant,
    shown: Instant,
    comforted: Instant,
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
    open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError> + Send,
) -> Left {
    let begun = Instant::now();
    let Setting { settings, ranks, exchange, observer, local_failure } = setting;
    let signals = match Signals::catch() {
        Ok(signals) => signals,
        Err(source) => {
            let error = CampaignError::System { action: "catch signals", source };
            return Left { outcome: Err(error), orderly: dismiss(exchange, FAREWELLS, &BTreeSet::new()) };
        }
    };
    match Engine::begin(settings, ranks, exchange, observer, local_failure, (begun, signals), open_store) {
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
        (begun, signals): (Instant, Signals),
        open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError> + Send,
    ) -> Result<Self, (CampaignError, &'a mut dyn Exchange)> {
        let mut early = Early::new();
        let prepared = roll_call(exchange, settings, &mut early)
            .and_then(|()| meanwhile(exchange, &settings.rules, &mut early, || Prepared::new(settings, open_store)));
        let Prepared { lock, ledger, mut history, segments, kept } = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Err((error, exchange)),
        };
        let job_end = std::env::var("SLURM_JOB_END_TIME").ok();
        // Waiting for the others, for a lock and for the store is part of it.
        let walltime = settings.walltime.map(|walltime| walltime.saturating_sub(begun.elapsed()));
        let end = time_left(walltime, job_end.as_deref(), settings.rules.margin);
        let expected = exchange.everybody().len();
        let coordinator =
            |history: &History| Coordinator::new(settings.rules, settings.tasks, &kept, history, expected, end);
        let mut pardoned = Vec::new();
        if settings.retry {
            pardoned.extend(coordinator(&history).given_up().iter().map(|task| task.index));
            pardoned.iter().for_each(|&index| history.pardon(index));
        }
        let coordinator = coordinator(&history);
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
            early,
            clock: AwakeClock::new(TALKING),
            slept: Duration::ZERO,
            ticked: now,
            shown: now,
            comforted: now,
            kept_before: kept.len() as u64,
            lock,
            local_failure,
        };
        engine.record(Entry::RunStarted {
            host: crate::this_host(),
            pid: std::process::id(),
            ranks,
            threads: settings.threads as u32,
            tasks: settings.tasks.count(),
            kept: ranges(kept),
            walltime: end.map(|end| end.as_secs_f64()),
            config_hash: settings.config_hash.clone(),
            version: settings.version.clone(),
        });
        if !pardoned.is_empty() {
            engine.record(Entry::Pardoned { tasks: pardoned });
        }
        for task in engine.coordinator.given_up() {
            let (index, attempts, reason) = (task.index, task.attempts, task.reason);
            engine.record(Entry::Quarantined { index, attempts, reason });
        }
        Ok(engine)
    }

    /// The loop: until the state machine says how it ends.
    fn run(&mut self) -> Result<Ending, CampaignError> {
        let mut backoff = Backoff::new();
        let mut ended = match self.stop.poll() {
            Some(reason) => self.happened(Event::Stop(reason)),
            None => self.happened(Event::Tick),
        };
        loop {
            if let Some(ending) = ended {
                return Ok(ending);
            }
            if self.segments.is_full() {
                // Workers wait with us: nothing is received, and no time passes for the state machine.
                let written = self.segments.wait_answer(Duration::from_millis(100));
                self.clock.pass_over();
                self.comfort();
                if let Some(written) = written {
                    ended = self.written(written)?;
                }
            } else {
                let (events, outcome) = self.receive()?;
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
    fn receive(&mut self) -> Result<(usize, Option<Ending>), CampaignError> {
        for received in 0..MESSAGES_A_TURN {
            let Some(arrival) = self.early.pop_front().or_else(|| self.exchange.try_receive()) else {
                return Ok((received, None));
            };
            agreed(&self.settings.agreement, [&arrival])?;
            let Arrival { from, local, message } = arrival;
            let event = match message {
                Ok(message) => Event::Message { from, local, message },
                Err(error) => {
                    tracing::warn!(worker = from.0, %error, "a message arrived damaged");
                    Event::Damaged { from, reason: error.to_string() }
                }
            };
            let ended = self.happened(event);
            if ended.is_some() || self.segments.is_full() {
                return Ok((received + 1, ended));
            }
        }
        Ok((MESSAGES_A_TURN, None))
    }

    fn other_duties(&mut self) -> Result<Option<Ending>, CampaignError> {
        self.segments.write_if_due();
        if let Some(written) = self.segments.try_answer()
            && let Some(ending) = self.written(written)?
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
            match self.lock.refresh() {
                Standing::Ours => {}
                standing => return Err(self.astray(standing)),
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
    fn written(&mut self, written: Written) -> Result<Option<Ending>, CampaignError> {
        Ok(match written {
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
            Written::Astray(standing) => return Err(self.astray(standing)),
            Written::Completed => None,
        })
    }

    /// The folder is not ours any more.
    fn astray(&self, standing: Standing) -> CampaignError {
        let directory = self.lock.ground().directory().to_owned();
        let lock = directory.join(LOCK_NAME);
        match standing {
            Standing::Moved => CampaignError::FolderMoved { directory },
            Standing::LockRemoved => CampaignError::LockGone { lock, what: "removed" },
            Standing::LockDamaged => CampaignError::LockGone { lock, what: "emptied or overwritten" },
            Standing::Ours | Standing::TakenOver => CampaignError::LockLost { directory },
        }
    }

    /// Workers that cannot be heard now are told that we are still here.
    fn comfort(&mut self) {
        if self.comforted.elapsed() >= self.settings.rules.heartbeat {
            self.comforted = Instant::now();
            for worker in self.exchange.everybody() {
                self.exchange.send(worker, ToWorker::Alive);
            }
        }
    }

    /// Tells the state machine and does what it says.
    fn happened(&mut self, event: Event) -> Option<Ending> {
        let (now, slept) = (self.clock.now(), self.clock.slept());
        let mut actions = Vec::new();
        if slept > self.slept {
            let news = slept.saturating_sub(std::mem::replace(&mut self.slept, slept));
            if news > LONG_SLEEP {
                tracing::warn!(seconds = news.as_secs(), "was suspended, or held up by the disk; goes on");
            }
            actions = self.coordinator.on_event(Event::Slept(news), now);
        }
        actions.extend(self.coordinator.on_event(event, now));
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
        let elapsed = self.clock.now().as_secs_f64();
        let pace = Pace {
            finished: (counts.kept + counts.received) as u64,
            elapsed,
            mean: counts.mean_seconds.unwrap_or(0.0),
            spread: counts.spread,
            threads: counts.threads as u64,
            remaining: (counts.waiting + counts.assigned) as u64,
        };
        Progress {
            total: self.settings.tasks.count(),
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
}
