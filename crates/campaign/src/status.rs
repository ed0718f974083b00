//! How a campaign stands, from its ledger alone.

use crate::forecast::{Forecast, Pace};
use crate::intervals::Intervals;
use crate::ledger::{Contents, Entry, Line};
use crate::message::FailureKind;
use crate::store::Quarantined;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a campaign stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Status {
    /// What identifies the configuration.
    pub config_hash: String,
    /// Tasks of the campaign (of this slice of it).
    pub total: u64,
    /// Tasks whose records are safe.
    pub kept: u64,
    /// Tasks whose records are on the coordinator and not yet safe.
    pub received: u64,
    /// Tasks in work, longest first.
    pub running: Vec<Running>,
    /// Tasks handed out ahead and not begun.
    pub queued: u64,
    /// Attempts that ended badly, all runs together, latest last.
    pub failed: Vec<Failed>,
    /// Tasks given up.
    #[serde(serialize_with = "serialize_quarantined")]
    pub quarantined: Vec<Quarantined>,
    /// Workers of the present run.
    pub workers: Vec<WorkerStatus>,
    /// Whether a coordinator is at work, as far as the ledger tells: it has not said that it ended.
    pub active: bool,
    /// How the last run ended, if it has.
    pub outcome: Option<String>,
    /// Exit code of the last run, if it has ended.
    pub exit_code: Option<u8>,
    /// Host and process of the last run's coordinator.
    pub coordinator: Option<(String, u32)>,
    /// When the last run began, in seconds since 1970.
    pub began: Option<f64>,
    /// Last line of the ledger, in seconds since 1970.
    pub last_sign: Option<f64>,
    /// When it will be done, while active.
    pub forecast: Option<Forecast>,
    /// Bytes of all segments as they were written.
    pub segment_bytes: u64,
    /// How many times a coordinator began.
    pub runs: u64,
    /// Numbers, from 1, of ledger lines that cannot be read.
    pub damaged_lines: Vec<usize>,
}

/// A task in work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Running {
    /// Which.
    pub index: u64,
    /// On which worker.
    pub worker: u32,
    /// On which host.
    pub host: String,
    /// Since when, in seconds since 1970.
    pub since: f64,
    /// For how many seconds.
    pub seconds: f64,
}

/// An attempt that ended badly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failed {
    /// Which task.
    pub index: u64,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// In which way.
    pub kind: FailureKind,
    /// In words.
    pub reason: String,
    /// When, in seconds since 1970.
    pub at: f64,
}

/// A worker of the present run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkerStatus {
    /// Which.
    pub worker: u32,
    /// On which host.
    pub host: String,
    /// Process number there.
    pub pid: u32,
    /// Tasks it computes at once.
    pub threads: u32,
    /// Whether it was lost.
    pub lost: bool,
    /// Tasks it has finished.
    pub finished: u64,
}

fn serialize_quarantined<S: serde::Serializer>(tasks: &[Quarantined], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Plain<'a> {
        index: u64,
        attempts: u32,
        reason: &'a str,
    }
    serializer.collect_seq(tasks.iter().map(|task| Plain {
        index: task.index,
        attempts: task.attempts,
        reason: &task.reason,
    }))
}

/// A task in the hands of a worker.
struct InHand {
    worker: u32,
    assigned: f64,
    started: Option<f64>,
}

/// What is followed through the ledger.
#[derive(Default)]
struct Reading {
    status: Status,
    kept: Intervals,
    received: BTreeSet<u64>,
    in_hand: BTreeMap<u64, InHand>,
    quarantined: BTreeMap<u64, Quarantined>,
    workers: BTreeMap<u32, WorkerStatus>,
    finished_in_run: u64,
    seconds: f64,
    squares: f64,
    times: u64,
}

impl Status {
    /// How the campaign stood at `now`, in seconds since 1970.
    pub fn read(contents: &Contents, now: f64) -> Self {
        let mut reading = Reading::default();
        for line in &contents.lines {
            reading.follow(line);
        }
        let mut status = reading.conclude(now);
        status.damaged_lines.clone_from(&contents.damaged);
        status
    }
}

impl Reading {
    fn follow(&mut self, line: &Line) {
        self.status.last_sign = Some(line.at);
        match &line.entry {
            Entry::RunStarted { host, pid, tasks, kept, config_hash, .. } => {
                self.status.config_hash.clone_from(config_hash);
                self.status.total = *tasks;
                self.status.began = Some(line.at);
                self.status.coordinator = Some((host.clone(), *pid));
                self.status.runs += 1;
                self.status.active = true;
                self.status.outcome = None;
                self.status.exit_code = None;
                self.kept = Intervals::default();
                kept.iter().for_each(|&[first, last]| self.kept.insert(first, last));
                self.received.clear();
                self.in_hand.clear();
                self.quarantined.clear();
                self.workers.clear();
                self.finished_in_run = 0;
            }
            Entry::Joined { worker, host, pid, threads } => {
                let (worker, host, pid, threads) = (*worker, host.clone(), *pid, *threads);
                self.workers.insert(worker, WorkerStatus { worker, host, pid, threads, lost: false, finished: 0 });
            }
            Entry::Assigned { worker, tasks } => {
                let in_hand = |&index: &u64| (index, InHand { worker: *worker, assigned: line.at, started: None });
                self.in_hand.extend(tasks.iter().map(in_hand));
            }
            Entry::Started { worker, tasks } => {
                for index in tasks {
                    if let Some(in_hand) = self.in_hand.get_mut(index).filter(|in_hand| in_hand.worker == *worker) {
                        in_hand.started = Some(line.at);
                    }
                }
            }
            Entry::Finished { worker, tasks } => {
                for task in tasks {
                    self.in_hand.remove(&task.index);
                    self.quarantined.remove(&task.index);
                    self.received.insert(task.index);
                    self.finished_in_run += 1;
                    self.times += 1;
                    self.seconds += task.seconds;
                    self.squares += task.seconds * task.seconds;
                }
                if let Some(worker) = self.workers.get_mut(worker) {
                    worker.finished += tasks.len() as u64;
                }
            }
            Entry::Failed { index, attempt, kind, reason, .. } => {
                self.in_hand.remove(index);
                self.received.remove(index);
                let (index, attempt, kind, reason) = (*index, *attempt, *kind, reason.clone());
                self.status.failed.push(Failed { index, attempt, kind, reason, at: line.at });
            }
            Entry::Lost { worker, .. } => {
                self.in_hand.retain(|_, in_hand| in_hand.worker != *worker);
                self.mark(*worker, true);
            }
            Entry::Returned { worker } => self.mark(*worker, false),
            Entry::Quarantined { index, attempts, reason } => {
                self.in_hand.remove(index);
                let task = Quarantined { index: *index, attempts: *attempts, reason: reason.clone() };
                self.quarantined.insert(*index, task);
            }
            Entry::Segment { kept, bytes, .. } => {
                self.status.segment_bytes = self.status.segment_bytes.saturating_add(*bytes);
                for &[first, last] in kept {
                    self.received.retain(|index| !(first..=last).contains(index));
                    self.kept.insert(first, last);
                }
            }
            Entry::Pardoned { tasks } => {
                for index in tasks {
                    self.quarantined.remove(index);
                }
            }
            Entry::Stopping { .. } => {}
            Entry::RunEnded { outcome, exit_code, .. } => {
                self.status.active = false;
                self.status.outcome = Some(outcome.clone());
                self.status.exit_code = Some(*exit_code);
                self.in_hand.clear();
                self.received.clear();
            }
        }
    }

    fn mark(&mut self, worker: u32, lost: bool) {
        if let Some(worker) = self.workers.get_mut(&worker) {
            worker.lost = lost;
        }
    }

    fn conclude(mut self, now: f64) -> Status {
        let mut status = self.status;
        status.kept = self.kept.count();
        status.received = self.received.len() as u64;
        status.quarantined = self.quarantined.into_values().collect();
        // Very short tasks have no `started` line: then what is longest with a worker is what it runs.
        let mut busy: BTreeMap<u32, u32> = BTreeMap::new();
        let unfinished = self.in_hand.len() as u64;
        for (index, in_hand) in std::mem::take(&mut self.in_hand) {
            let worker = self.workers.get(&in_hand.worker);
            let threads = worker.map_or(1, |worker| worker.threads);
            let busy = busy.entry(in_hand.worker).or_default();
            let since = match in_hand.started {
                Some(started) => started,
                None if *busy < threads && self.finished_in_run == 0 => in_hand.assigned,
                None => continue,
            };
            *busy += 1;
            let host = worker.map_or_else(String::new, |worker| worker.host.clone());
            status.running.push(Running { index, worker: in_hand.worker, host, since, seconds: now - since });
        }
        status.running.sort_by(|one, other| one.since.total_cmp(&other.since).then(one.index.cmp(&other.index)));
        status.queued = unfinished - status.running.len() as u64;
        status.workers = self.workers.into_values().collect();
        if status.active && self.times > 0 {
            let mean = self.seconds / self.times as f64;
            let variance = (self.squares / self.times as f64 - mean * mean).max(0.0);
            let alive = status.workers.iter().filter(|worker| !worker.lost);
            let received = status.received + status.quarantined.len() as u64;
            let done = status.kept.saturating_add(received);
            let pace = Pace {
                finished: self.finished_in_run,
                elapsed: now - status.began.unwrap_or(now),
                mean,
                spread: if mean > 0.0 { variance.sqrt() / mean } else { 0.0 },
                threads: alive.map(|worker| u64::from(worker.threads)).sum(),
                remaining: status.total.saturating_sub(done),
            };
            status.forecast = pace.forecast();
        }
        status
    }
}

#[cfg(test)]
mod tests;
