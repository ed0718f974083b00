//! How far a campaign is: a function of its ledger and the time.

use campaign::ledger::{Entry, Line};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How far a campaign (or one slice of it) is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Status {
    /// Realizations this folder is responsible for.
    pub total: u64,
    /// Safe in a segment.
    pub done: u64,
    /// Finished, not yet safe.
    pub unsaved: u64,
    /// Given up, with the reason.
    pub quarantined: Vec<QuarantinedStatus>,
    /// Attempts that ended badly, in all runs.
    pub failed_attempts: u64,
    /// Processes lost, in all runs.
    pub lost_processes: u64,
    /// In work now.
    pub running: Vec<RunningStatus>,
    /// What the campaign is doing.
    pub state: State,
    /// How the last run ended, if it did.
    pub outcome: Option<String>,
    /// Runs so far.
    pub runs: u64,
    /// Realizations a second, over the current or last run.
    pub rate: Option<f64>,
    /// Mean seconds of a realization.
    pub seconds_mean: Option<f64>,
    /// Seconds until all is done, and a 95 % interval, if it runs.
    pub eta_seconds: Option<[f64; 3]>,
    /// Bytes on disk.
    pub disk_bytes: u64,
    /// Lines of the ledger that cannot be read.
    pub damaged_lines: u64,
}

/// What a campaign is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No run has begun.
    #[default]
    New,
    /// A coordinator works.
    Running,
    /// Stopped or ended from outside; the same command resumes.
    Stopped,
    /// All done or quarantined.
    Complete,
}

/// A realization that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantinedStatus {
    /// Which.
    pub index: u64,
    /// After how many attempts.
    pub attempts: u32,
    /// Why.
    pub reason: String,
}

/// A realization in work.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunningStatus {
    /// Which.
    pub index: u64,
    /// On which process.
    pub worker: u32,
    /// On which host.
    pub host: String,
    /// For how many seconds.
    pub seconds: f64,
}

impl Status {
    /// The status at `now` (seconds since 1970) of a campaign with this ledger; `alive` says whether a
    /// coordinator holds the folder's lock.
    pub fn of(lines: &[Line], now: f64, alive: bool) -> Status {
        let mut tale = Tale::default();
        for line in lines {
            tale.follow(line);
        }
        tale.told(now, alive)
    }

    /// Nothing is left to do.
    pub fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Several slices as one.
    pub fn sum(parts: &[Status]) -> Status {
        let mut sum = Status::default();
        for part in parts {
            sum.total += part.total;
            sum.done += part.done;
            sum.unsaved += part.unsaved;
            sum.failed_attempts += part.failed_attempts;
            sum.lost_processes += part.lost_processes;
            sum.runs += part.runs;
            sum.disk_bytes += part.disk_bytes;
            sum.damaged_lines += part.damaged_lines;
            sum.quarantined.extend(part.quarantined.iter().cloned());
            sum.running.extend(part.running.iter().cloned());
            if part.state == State::Running {
                sum.rate = Some(sum.rate.unwrap_or(0.0) + part.rate.unwrap_or(0.0));
            }
        }
        // The last slice decides when all is done.
        let last = |k: usize| {
            let times = parts.iter().filter_map(|part| part.eta_seconds).map(|eta| eta[k]);
            times.fold(0.0, f64::max)
        };
        if parts.iter().any(|part| part.eta_seconds.is_some()) {
            sum.eta_seconds = Some([last(0), last(1), last(2)]);
        }
        let all = |state: State| parts.iter().all(|part| part.state == state);
        sum.state = match () {
            () if parts.iter().any(|part| part.state == State::Running) => State::Running,
            () if all(State::Complete) => State::Complete,
            () if all(State::New) => State::New,
            () => State::Stopped,
        };
        sum
    }
}

/// The ledger as it is read.
#[derive(Default)]
struct Tale {
    status: Status,
    kept: BTreeSet<u64>,
    quarantined: BTreeMap<u64, QuarantinedStatus>,
    run: Run,
    ended: bool,
}

/// The current or last run.
#[derive(Default)]
struct Run {
    began: f64,
    last: f64,
    hosts: BTreeMap<u32, (String, u32)>,
    running: BTreeMap<u64, (u32, f64)>,
    received: BTreeSet<u64>,
    seconds: Vec<f64>,
}

impl Tale {
    fn follow(&mut self, line: &Line) {
        self.run.last = line.at;
        match &line.entry {
            Entry::RunStarted { tasks, kept, .. } => {
                self.run = Run { began: line.at, last: line.at, ..Run::default() };
                self.ended = false;
                self.status.runs += 1;
                self.status.total = *tasks;
                self.status.outcome = None;
                // What the store has is the truth: a segment may have been lost since.
                self.kept = kept.iter().flat_map(|&[first, last]| first..=last).collect();
                self.quarantined.clear();
            }
            Entry::Joined { worker, host, threads, .. } => {
                self.run.hosts.insert(*worker, (host.clone(), *threads));
            }
            Entry::Started { worker, tasks } => {
                self.run.running.extend(tasks.iter().map(|&index| (index, (*worker, line.at))));
            }
            Entry::Finished { tasks, .. } => {
                for task in tasks {
                    self.run.running.remove(&task.index);
                    self.run.received.insert(task.index);
                    self.run.seconds.push(task.seconds);
                }
            }
            Entry::Failed { index, .. } => {
                self.run.running.remove(index);
                self.status.failed_attempts += 1;
            }
            Entry::Lost { worker, .. } => {
                self.run.hosts.remove(worker);
                self.run.running.retain(|_, (holder, _)| holder != worker);
                self.status.lost_processes += 1;
            }
            Entry::Quarantined { index, attempts, reason } => {
                let status = QuarantinedStatus { index: *index, attempts: *attempts, reason: reason.clone() };
                self.quarantined.insert(*index, status);
            }
            Entry::Segment { kept, .. } => {
                for index in kept.iter().flat_map(|&[first, last]| first..=last) {
                    self.run.received.remove(&index);
                    self.kept.insert(index);
                }
            }
            Entry::RunEnded { outcome, .. } => {
                self.ended = true;
                self.status.outcome = Some(outcome.clone());
                self.run.running.clear();
            }
            Entry::Assigned { .. } | Entry::Returned { .. } | Entry::Stopping { .. } => {}
        }
    }

    fn told(self, now: f64, alive: bool) -> Status {
        let Tale { mut status, kept, quarantined, run, ended } = self;
        status.done = kept.len() as u64;
        status.quarantined = quarantined.into_values().collect();
        let settled = status.done + status.quarantined.len() as u64;
        status.state = match () {
            () if status.runs == 0 => State::New,
            () if !ended && alive => State::Running,
            () if settled >= status.total => State::Complete,
            () => State::Stopped,
        };
        if !run.seconds.is_empty() {
            let (mean, spread) = mean_and_spread(&run.seconds);
            status.seconds_mean = Some(mean);
            let end = if status.state == State::Running { now } else { run.last };
            status.rate = Some(run.seconds.len() as f64 / (end - run.began).max(1e-3));
            if status.state == State::Running {
                let threads: u32 = run.hosts.values().map(|(_, threads)| threads).sum();
                status.eta_seconds = Some(eta(
                    status.total.saturating_sub(settled + run.received.len() as u64) as f64,
                    mean,
                    spread,
                    run.seconds.len() as f64,
                    f64::from(threads.max(1)),
                ));
            }
        }
        if status.state == State::Running {
            status.unsaved = run.received.len() as u64;
            status.running = run
                .running
                .into_iter()
                .map(|(index, (worker, since))| RunningStatus {
                    index,
                    worker,
                    host: run.hosts.get(&worker).map(|(host, _)| host.clone()).unwrap_or_default(),
                    seconds: (now - since).max(0.0),
                })
                .collect();
        }
        status
    }
}

fn mean_and_spread(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    (mean, variance.sqrt())
}

/// Seconds until `left` tasks are done on `threads`, with a 95 % interval: from the error of the mean
/// known from `seen` tasks, and from the sum of what is left.
fn eta(left: f64, mean: f64, spread: f64, seen: f64, threads: f64) -> [f64; 3] {
    let expected = left * mean / threads;
    let error = 1.96 * spread * (left * left / seen + left).sqrt() / threads;
    [expected, (expected - error).max(0.0), expected + error]
}

#[cfg(test)]
mod tests {
    use super::*;
    use campaign::ledger::FinishedTask;

    fn line(at: f64, entry: Entry) -> Line {
        Line { at, entry }
    }

    fn started(at: f64, tasks: u64, kept: Vec<[u64; 2]>) -> Line {
        line(
            at,
            Entry::RunStarted {
                host: "h".into(),
                pid: 1,
                ranks: 1,
                threads: 2,
                tasks,
                kept,
                walltime: None,
                config_hash: String::new(),
                version: String::new(),
            },
        )
    }

    fn finished(at: f64, index: u64) -> Line {
        line(at, Entry::Finished { worker: 0, tasks: vec![FinishedTask { index, attempt: 1, seconds: 2.0 }] })
    }

    #[test]
    fn a_ledger_tells_how_far_it_is() {
        let mut lines = vec![
            started(100.0, 10, vec![]),
            line(100.0, Entry::Joined { worker: 0, host: "node7".into(), pid: 5, threads: 2 }),
            line(101.0, Entry::Started { worker: 0, tasks: vec![0, 1] }),
            finished(103.0, 0),
            finished(103.0, 1),
            line(103.0, Entry::Started { worker: 0, tasks: vec![2, 3] }),
            line(104.0, Entry::Segment { kept: vec![[0, 0]], bytes: 10, seconds: 0.1 }),
            line(105.0, Entry::Quarantined { index: 3, attempts: 2, reason: "poison".into() }),
        ];
        let status = Status::of(&lines, 110.0, true);
        assert_eq!((status.total, status.done, status.unsaved), (10, 1, 1));
        assert_eq!(status.state, State::Running);
        assert_eq!(status.running[0], RunningStatus { index: 2, worker: 0, host: "node7".into(), seconds: 7.0 });
        assert_eq!(status.rate, Some(0.2));
        // Seven are left, at two seconds each on two threads.
        assert_eq!(status.eta_seconds, Some([7.0, 7.0, 7.0]));

        // The coordinator is gone without a word.
        assert_eq!(Status::of(&lines, 110.0, false).state, State::Stopped);

        lines.push(started(200.0, 10, vec![[0, 0], [2, 9]]));
        lines.push(line(201.0, Entry::Quarantined { index: 1, attempts: 2, reason: "poison".into() }));
        lines.push(line(202.0, Entry::RunEnded { outcome: "complete".into(), exit_code: 3, unsaved: 0 }));
        let status = Status::of(&lines, 300.0, false);
        assert_eq!((status.done, status.runs, status.state), (9, 2, State::Complete));
        assert_eq!(status.quarantined.len(), 1);
    }

    #[test]
    fn slices_add_up_and_the_slowest_decides() {
        let part = |done, eta: f64, state| Status {
            total: 10,
            done,
            state,
            rate: Some(1.0),
            eta_seconds: (state == State::Running).then_some([eta; 3]),
            ..Status::default()
        };
        let sum = Status::sum(&[part(10, 0.0, State::Complete), part(3, 7.0, State::Running)]);
        assert_eq!((sum.total, sum.done, sum.state, sum.rate), (20, 13, State::Running, Some(1.0)));
        assert_eq!(sum.eta_seconds, Some([7.0; 3]));
    }
}
