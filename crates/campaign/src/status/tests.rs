use super::*;
use crate::ledger::FinishedTask;

fn contents(entries: Vec<(f64, Entry)>) -> Contents {
    Contents { lines: entries.into_iter().map(|(at, entry)| Line { at, entry }).collect(), damaged: vec![3] }
}

fn run_started(kept: Vec<[u64; 2]>) -> Entry {
    Entry::RunStarted {
        host: "head".to_owned(),
        pid: 7,
        ranks: 2,
        threads: 2,
        tasks: 100,
        kept,
        walltime: None,
        config_hash: String::new(),
        version: String::new(),
    }
}

fn joined(worker: u32) -> Entry {
    Entry::Joined { worker, host: format!("node-{worker}"), pid: 70 + worker, threads: 2 }
}

fn finished(worker: u32, indices: std::ops::Range<u64>, seconds: f64) -> Entry {
    let tasks = indices.map(|index| FinishedTask { index, attempt: 1, seconds }).collect();
    Entry::Finished { worker, tasks }
}

#[test]
fn a_running_campaign() {
    let status = Status::read(
        &contents(vec![
            (0.0, run_started(vec![[0, 9]])),
            (0.0, joined(1)),
            (0.0, joined(2)),
            (0.0, Entry::Assigned { worker: 1, tasks: vec![10, 11, 12] }),
            (0.0, Entry::Assigned { worker: 2, tasks: vec![13, 14, 15] }),
            (1.0, Entry::Started { worker: 1, tasks: vec![10, 11] }),
            (2.0, Entry::Started { worker: 2, tasks: vec![13, 14] }),
            (9.0, finished(1, 10..11, 8.0)),
            (9.0, Entry::Started { worker: 1, tasks: vec![12] }),
            (10.0, Entry::Segment { kept: vec![[10, 10]], bytes: 500, seconds: 0.1 }),
            (11.0, finished(2, 13..14, 9.0)),
            (
                11.0,
                Entry::Failed {
                    worker: 2,
                    index: 14,
                    attempt: 1,
                    kind: FailureKind::Panicked,
                    reason: "oh".to_owned(),
                    again: true,
                },
            ),
        ]),
        20.0,
    );
    assert_eq!((status.total, status.kept, status.received, status.queued), (100, 11, 1, 1));
    let running: Vec<_> = status.running.iter().map(|task| (task.index, task.host.as_str(), task.seconds)).collect();
    assert_eq!(running, [(11, "node-1", 19.0), (12, "node-1", 11.0)]);
    assert_eq!((status.failed.len(), status.failed[0].index), (1, 14));
    assert!(status.active && status.outcome.is_none());
    assert_eq!((status.segment_bytes, status.last_sign, status.damaged_lines), (500, Some(11.0), vec![3]));
    let forecast = status.forecast.expect("tasks have finished");
    assert!((forecast.rate - 4.0 / 8.5).abs() < 1e-12, "four threads, 8.5 s a task");
    assert!(forecast.low < forecast.seconds && forecast.seconds < forecast.high);
}

#[test]
fn a_lost_worker_runs_nothing_until_it_returns() {
    let mut entries = vec![
        (0.0, run_started(vec![])),
        (0.0, joined(1)),
        (0.0, Entry::Assigned { worker: 1, tasks: vec![0, 1] }),
        (0.0, Entry::Started { worker: 1, tasks: vec![0] }),
        (9.0, Entry::Lost { worker: 1, host: String::new(), running: vec![0], reason: String::new() }),
    ];
    let status = Status::read(&contents(entries.clone()), 10.0);
    assert_eq!((status.running.len(), status.workers[0].lost), (0, true));
    entries.push((11.0, Entry::Returned { worker: 1 }));
    assert!(!Status::read(&contents(entries), 12.0).workers[0].lost);
}

#[test]
fn the_end_of_a_run_and_the_beginning_of_the_next() {
    let quarantined = Entry::Quarantined { index: 5, attempts: 2, reason: "no".to_owned() };
    let mut entries = vec![
        (0.0, run_started(vec![])),
        (1.0, finished(0, 0..3, 1.0)),
        (1.0, Entry::Segment { kept: vec![[0, 2]], bytes: 10, seconds: 0.0 }),
        (2.0, quarantined.clone()),
        (3.0, Entry::RunEnded { outcome: "stopped early: SIGTERM".to_owned(), exit_code: 75, unsaved: 0 }),
    ];
    let status = Status::read(&contents(entries.clone()), 9.0);
    assert_eq!((status.active, status.exit_code, status.kept, status.forecast), (false, Some(75), 3, None));
    assert_eq!(status.quarantined.len(), 1);
    // a segment was deleted meanwhile: the new run says what is really there
    entries.extend([(10.0, run_started(vec![[0, 0]])), (10.0, quarantined)]);
    let status = Status::read(&contents(entries), 11.0);
    assert_eq!((status.active, status.exit_code, status.kept, status.runs), (true, None, 1, 2));
    assert_eq!(status.quarantined.len(), 1);
}

#[test]
fn an_empty_ledger_says_nothing() {
    let status = Status::read(&Contents::default(), 0.0);
    assert_eq!(status, Status::default());
}

#[test]
fn it_can_be_read_by_machines() {
    let status = Status::read(&contents(vec![(0.0, run_started(vec![]))]), 1.0);
    let json = serde_json::to_value(&status).expect("plain data");
    assert_eq!(json["total"], 100);
    assert_eq!(json["coordinator"][0], "head");
}
