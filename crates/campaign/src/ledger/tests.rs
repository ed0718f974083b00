use super::*;
use crate::message::FailureKind;

fn assigned(worker: u32, tasks: &[u64]) -> Entry {
    Entry::Assigned { worker, tasks: tasks.to_vec() }
}

fn finished(index: u64) -> Entry {
    Entry::Finished { worker: 1, tasks: vec![FinishedTask { index, attempt: 1, seconds: 2.0 }] }
}

fn failed(index: u64, kind: FailureKind) -> Entry {
    Entry::Failed { worker: 1, index, attempt: 1, kind, reason: "so it is".to_owned(), again: true }
}

fn run_started() -> Entry {
    Entry::RunStarted {
        host: "here".to_owned(),
        pid: 7,
        ranks: 1,
        threads: 1,
        tasks: 10,
        kept: vec![],
        walltime: None,
        config_hash: "abc".to_owned(),
        version: "0".to_owned(),
    }
}

fn run_ended() -> Entry {
    Entry::RunEnded { outcome: "complete".to_owned(), exit_code: 0, unsaved: 0 }
}

fn lines(entries: Vec<Entry>) -> Vec<Line> {
    entries.into_iter().enumerate().map(|(at, entry)| Line { at: at as f64, entry }).collect()
}

fn pasts(entries: Vec<Entry>) -> Vec<(u64, Past)> {
    History::read(&lines(entries)).tasks().map(|(task, past)| (task.0, past.clone())).collect()
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let entries = vec![run_started(), assigned(1, &[0, 1]), finished(0), failed(1, FailureKind::Panicked), run_ended()];
    let (mut ledger, before) = Ledger::open(folder.path()).expect("a ledger");
    assert!(before.lines.is_empty());
    for entry in &entries {
        ledger.append(entry.clone());
    }
    ledger.sync().expect("it can be written");
    let contents = read_ledger(folder.path()).expect("it can be read");
    assert_eq!(contents.damaged, [0usize; 0]);
    assert_eq!(contents.lines.into_iter().map(|line| line.entry).collect::<Vec<_>>(), entries);
}

#[test]
fn an_absent_ledger_is_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(read_ledger(folder.path()).expect("it can be read").lines.is_empty());
}

#[test]
fn a_cut_off_line_is_reported_and_does_not_swallow_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(LEDGER_NAME);
    let (mut ledger, _) = Ledger::open(folder.path()).expect("a ledger");
    ledger.append(run_started());
    ledger.append(assigned(1, &[0, 1]));
    ledger.sync().expect("it can be written");
    let text = std::fs::read(&path).expect("it can be read");
    for cut in 1..40 {
        std::fs::write(&path, &text[..text.len() - cut]).expect("it can be written");
        let (mut ledger, before) = Ledger::open(folder.path()).expect("a ledger");
        ledger.append(finished(0));
        ledger.sync().expect("it can be written");
        let after = read_ledger(folder.path()).expect("it can be read");
        assert_eq!(after.lines.last().map(|line| &line.entry), Some(&finished(0)));
        let whole = cut == 1; // only the line's end is missing
        assert_eq!((before.damaged.is_empty(), before.lines.len()), (whole, if whole { 2 } else { 1 }), "{cut}");
    }
}

#[test]
fn noise_in_the_middle_is_skipped() {
    let text = serde_json::to_string(&Line { at: 1.0, entry: finished(3) }).expect("a line");
    let bytes =
        [text.as_bytes(), b"\n\xff\xfe{\n{\"at\":1.0,\"entry\":\"unknown\"}\n\n", text.as_bytes(), b"\n"].concat();
    let contents = parse(&bytes);
    assert_eq!((contents.lines.len(), contents.damaged), (2, vec![2, 3]));
}

#[test]
fn a_segment_names_its_records_briefly() {
    assert_eq!(ranges([0, 1, 2, 5, 7, 8]), [[0, 2], [5, 5], [7, 8]]);
    assert_eq!(ranges([]), [[0u64; 2]; 0]);
}

#[test]
fn attempts_are_remembered_across_runs() {
    let past = pasts(vec![
        run_started(),
        assigned(1, &[0, 1, 2]),
        failed(0, FailureKind::Failed),
        failed(1, FailureKind::Lost),
        run_ended(),
        run_started(),
        assigned(1, &[0]),
        failed(0, FailureKind::Failed),
        run_ended(),
    ]);
    assert_eq!(
        past.iter().map(|(index, past)| (*index, past.ended_badly, past.losses)).collect::<Vec<_>>(),
        [(0, 2, 0), (1, 1, 1)]
    );
}

#[test]
fn an_orderly_end_marks_nobody_and_a_sudden_one_what_was_in_work() {
    assert!(pasts(vec![run_started(), assigned(1, &[0, 1]), run_ended()]).is_empty());
    let past = pasts(vec![run_started(), assigned(1, &[0, 1]), finished(0)]);
    assert_eq!(past.iter().map(|(index, past)| (*index, past.crashes)).collect::<Vec<_>>(), [(1, 1)]);
    let twice = vec![run_started(), assigned(1, &[0, 1]), finished(0), run_started(), assigned(1, &[0, 1])];
    let past = pasts(twice);
    assert_eq!(past.iter().map(|(index, past)| (*index, past.crashes)).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
}

#[test]
fn what_a_lost_worker_had_is_not_in_work_any_more() {
    let lost = Entry::Lost { worker: 1, host: String::new(), running: vec![0], reason: String::new() };
    let past = pasts(vec![run_started(), assigned(1, &[0, 5]), assigned(2, &[7]), lost]);
    assert_eq!(past.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [7]);
}

#[test]
fn a_record_that_is_safe_clears_its_task_and_run_times_are_remembered() {
    let segment = Entry::Segment { kept: vec![[0, 3]], bytes: 1, seconds: 0.1 };
    let entries = lines(vec![run_started(), failed(2, FailureKind::Panicked), finished(2), segment, run_ended()]);
    let history = History::read(&entries);
    assert_eq!(history.tasks().count(), 0);
    assert_eq!(history.run_times(), [2.0]);
}
