//! A worker process: asks, computes, reports.
//!
//! One thread, the caller's, does all the talking (MPI allows no other); the computing threads are in [`pool`]. A task
//! is handed to a thread only after the report that it starts has been sent, so that the coordinator knows whom to blame
//! when the process dies.

mod pool;

use crate::agreement::Agreement;
use crate::clock::{AwakeClock, TALKING};
use crate::ids::{Serial, TaskIndex};
use crate::lock::{Known, Life};
use crate::message::{Ended, Failure, FailureKind, Hello, Report, ToCoordinator, ToWorker};
use crate::outcome::CampaignError;
use crate::task::Task;
use crate::transport::{Backoff, Connection};
use pool::Pool;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// Records larger than this travel alone, in their own buffer.
const LARGE_RECORD: usize = 32 << 10;
/// While so much is on its way to the coordinator, no new task is begun.
const PENDING_BYTES_MAX: usize = 256 << 20;
/// Until the coordinator says otherwise.
const HEARTBEAT: Duration = Duration::from_secs(2);
const SILENCE: Duration = Duration::from_secs(60);
/// After so many unanswered heartbeats the worker looks whether the coordinator's process is still there.
const HEARTBEATS_MISSED: u32 = 3;

/// How a worker's work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dismissed {
    /// Whether all processes leave together.
    pub(crate) orderly: bool,
}

struct Queued {
    task: TaskIndex,
    chunk: u32,
}

/// What one process brings to a campaign.
pub(crate) struct Hand<T> {
    /// The work.
    pub(crate) task: Arc<T>,
    /// Tasks computed at once.
    pub(crate) threads: usize,
    /// What this process was given to work on.
    pub(crate) agreement: Agreement,
}

struct Worker<C, T> {
    connection: C,
    clock: Arc<AwakeClock>,
    pool: Pool<T>,
    queue: VecDeque<Queued>,
    ended: Vec<Ended>,
    welcomed: bool,
    employed: bool,
    heartbeat: Duration,
    silence: Duration,
    heard: Duration,
    spoken: Duration,
    looked: Duration,
}

/// Works until dismissed. `look` tells what can be seen of the coordinator when it is silent.
pub(crate) fn work<C: Connection, T: Task>(
    connection: C,
    hand: Hand<T>,
    mut look: impl FnMut(Known) -> Life,
) -> Result<Dismissed, CampaignError> {
    let Hand { task, threads, agreement } = hand;
    let clock = Arc::new(AwakeClock::new(TALKING));
    let spawning = |source| CampaignError::System { action: "start the computing threads", source };
    let mut worker = Worker {
        connection,
        pool: Pool::new(task, threads, &clock).map_err(spawning)?,
        clock,
        queue: VecDeque::new(),
        ended: Vec::new(),
        welcomed: false,
        employed: false,
        heartbeat: HEARTBEAT,
        silence: SILENCE,
        heard: Duration::ZERO,
        spoken: Duration::ZERO,
        looked: Duration::ZERO,
    };
    let hello = Hello { threads: threads.max(1) as u32, host: crate::this_host(), pid: std::process::id(), agreement };
    worker.say(ToCoordinator::Hello(hello.clone()));
    let mut backoff = Backoff::new();
    loop {
        while let Some(message) = worker.connection.try_receive() {
            backoff.reset();
            worker.heard = worker.clock.now();
            match message {
                Ok(ToWorker::Goodbye { orderly }) => {
                    worker.say(ToCoordinator::Farewell);
                    return Ok(Dismissed { orderly });
                }
                Ok(message) => {
                    if matches!(message, ToWorker::Assign { .. }) && !worker.employed {
                        worker.employed = true;
                        look(Known::Employed); // to know later whom to look for
                    }
                    worker.obey(message).map_err(spawning)?;
                }
                Err(_) => worker.say(ToCoordinator::Garbled),
            }
        }
        worker.report_and_begin();
        if worker.since(worker.spoken) > worker.heartbeat {
            // A damaged greeting would leave us unknown for ever, so it is repeated until it is answered.
            worker.say(if worker.welcomed { ToCoordinator::Heartbeat } else { ToCoordinator::Hello(hello.clone()) });
        }
        if worker.connection.is_closed() || worker.is_forsaken(&mut look) {
            return Err(CampaignError::CoordinatorLost { seconds: worker.since(worker.heard).as_secs_f64() });
        }
        let ended = worker.pool.collect(backoff.next());
        if !ended.is_empty() {
            backoff.reset();
            worker.ended.extend(ended);
        }
    }
}

impl<C: Connection, T: Task> Worker<C, T> {
    /// Time awake since then.
    fn since(&self, then: Duration) -> Duration {
        self.clock.now().saturating_sub(then)
    }

    /// Whether the coordinator is gone: seen to be, or silent for too long where nothing can be seen of it. One that is
    /// suspended, or waits for a slow disk, is waited for.
    fn is_forsaken(&mut self, look: &mut impl FnMut(Known) -> Life) -> bool {
        let silent = self.since(self.heard);
        if silent <= HEARTBEATS_MISSED * self.heartbeat || self.since(self.looked) < self.heartbeat {
            return false;
        }
        self.looked = self.clock.now();
        let known = match (self.employed, self.welcomed) {
            (true, _) => Known::Employed,
            (_, true) => Known::Welcomed,
            _ => Known::NotYet,
        };
        match look(known) {
            Life::Dead => true,
            Life::Lives | Life::Suspended => false,
            Life::Unknown => silent > self.silence,
        }
    }

    fn say(&mut self, message: ToCoordinator) {
        self.spoken = self.clock.now();
        self.connection.send(message);
    }

    fn obey(&mut self, message: ToWorker) -> std::io::Result<()> {
        match message {
            ToWorker::Welcome { heartbeat, silence } => {
                self.welcomed = true;
                self.heartbeat = heartbeat;
                self.silence = silence;
            }
            ToWorker::Assign { serial: _, tasks, chunk } => {
                self.queue.extend(tasks.into_iter().map(|task| Queued { task, chunk }));
            }
            ToWorker::Enquire { serial, release } => self.answer(serial, release),
            ToWorker::Abandon { task, after } => {
                if let Some(behind) = self.pool.abandon(task)? {
                    for task in behind.into_iter().rev() {
                        self.queue.push_front(Queued { task, chunk: 1 });
                    }
                    let reason = format!("ran past its deadline of {:.0} s", after.as_secs_f64());
                    let failure = Failure { kind: FailureKind::Deadline, reason, again: true };
                    self.ended.push(Ended { task, seconds: after.as_secs_f64(), result: Err(failure) });
                }
            }
            ToWorker::Alive | ToWorker::Goodbye { .. } => {}
        }
        Ok(())
    }

    fn answer(&mut self, serial: Serial, release: bool) {
        // What has ended must be known before the answer, or it would seem to be lost.
        let ended = self.pool.collect(Duration::ZERO);
        self.ended.extend(ended);
        self.report(Vec::new());
        if release {
            self.queue.clear();
        }
        let mut tasks = self.pool.in_work();
        tasks.extend(self.queue.iter().map(|queued| queued.task));
        self.say(ToCoordinator::Holding { serial, tasks });
    }

    /// Sends what has ended and what begins now; then begins it.
    fn report_and_begin(&mut self) {
        let mut begin = Vec::new();
        let congested = self.connection.pending_bytes() > PENDING_BYTES_MAX;
        let free = if congested { 0 } else { self.pool.free() };
        for position in 0..free {
            let Some(first) = self.queue.pop_front() else { break };
            let fair = (self.queue.len() + 1).div_ceil(free - position);
            let mut tasks = vec![first.task];
            while tasks.len() < fair.min(first.chunk as usize)
                && self.queue.front().is_some_and(|next| next.chunk > 1)
                && let Some(next) = self.queue.pop_front()
            {
                tasks.push(next.task);
            }
            begin.push(tasks);
        }
        if begin.is_empty() && self.ended.is_empty() {
            return;
        }
        self.report(begin.iter().flatten().copied().collect());
        for tasks in begin {
            self.pool.begin(tasks);
        }
    }

    fn report(&mut self, started: Vec<TaskIndex>) {
        let is_large = |ended: &Ended| ended.result.as_ref().is_ok_and(|record| record.len() > LARGE_RECORD);
        let (large, small): (Vec<Ended>, Vec<Ended>) = std::mem::take(&mut self.ended).into_iter().partition(is_large);
        for ended in large {
            self.say(ToCoordinator::Report(Report { started: Vec::new(), ended: vec![ended] }));
        }
        if !small.is_empty() || !started.is_empty() {
            self.say(ToCoordinator::Report(Report { started, ended: small }));
        }
    }
}
