//! Whole campaigns on threads, in this process: the same coordinator, messages and store as under MPI.

#[path = "support/file_store.rs"]
mod file_store;

use campaign::{
    CampaignError, Entry, Finished, Launch, LockError, Observer, Outcome, Progress, Quarantined, Receipt, Session,
    Settings, Status, StopReason, Store, StoreError, Task, TaskFailure, read_ledger,
};
use file_store::FileStore;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn record(index: u64) -> Vec<u8> {
    format!("{:016x}", index.wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes()
}

fn run(settings: &Settings, task: impl Task) -> Result<Outcome, CampaignError> {
    let folder = settings.directory.clone();
    Session::start(Launch::Alone).expect("a session").run(
        settings,
        task,
        || Ok(Box::new(FileStore::open(&folder)?)),
        &mut (),
    )
}

fn settings(folder: &Path, tasks: u64, threads: usize) -> Settings {
    let mut settings = Settings::new(folder, 0..tasks);
    settings.threads = threads;
    settings
}

fn assert_complete(folder: &Path, tasks: impl Iterator<Item = u64>) {
    let records = FileStore::records(folder).expect("records");
    let expected: BTreeSet<u64> = tasks.collect();
    assert_eq!(records.keys().copied().collect::<BTreeSet<_>>(), expected);
    for (index, (bytes, copies)) in records {
        assert_eq!(bytes, record(index));
        assert_eq!(copies, 1, "{index} is kept twice");
    }
}

#[test]
fn every_number_of_threads_gives_the_same_result() {
    let mut results = Vec::new();
    for threads in [1, 2, 5] {
        let folder = tempfile::tempdir().expect("a folder");
        let outcome = run(&settings(folder.path(), 3000, threads), |index| Ok(record(index))).expect("a campaign");
        assert_eq!(outcome, Outcome::Complete);
        assert_complete(folder.path(), 0..3000);
        results.push(std::fs::read_to_string(folder.path().join("result")).expect("a result"));
        assert_eq!(std::fs::read_to_string(folder.path().join("outcome")).expect("an outcome"), "0 complete\n");
        assert!(!folder.path().join("lock").exists());
    }
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn nothing_to_do_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(run(&settings(folder.path(), 0, 2), |index| Ok(record(index))).expect("a campaign"), Outcome::Complete);
}

#[test]
fn running_again_computes_exactly_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let counted = Arc::new(AtomicU64::new(0));
    let counting = |counted: &Arc<AtomicU64>| {
        let counted = Arc::clone(counted);
        move |index: u64| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(record(index))
        }
    };
    run(&settings(folder.path(), 100, 2), counting(&counted)).expect("a campaign");
    run(&settings(folder.path(), 100, 2), counting(&counted)).expect("a campaign");
    assert_eq!(counted.load(Ordering::Relaxed), 100);
    run(&settings(folder.path(), 150, 2), counting(&counted)).expect("a campaign");
    assert_eq!(counted.load(Ordering::Relaxed), 150);
    for segment in std::fs::read_dir(folder.path().join("segments")).expect("segments").take(1) {
        std::fs::remove_file(segment.expect("a segment").path()).expect("removed");
    }
    run(&settings(folder.path(), 150, 2), counting(&counted)).expect("a campaign");
    assert!(counted.load(Ordering::Relaxed) > 150);
    assert_complete(folder.path(), 0..150);
}

#[test]
fn failures_are_quarantined_with_their_reasons() {
    let folder = tempfile::tempdir().expect("a folder");
    let attempts: Arc<Mutex<Vec<u64>>> = Arc::default();
    let seen = Arc::clone(&attempts);
    let outcome = run(&settings(folder.path(), 60, 2), move |index| {
        seen.lock().expect("not poisoned").push(index);
        match index {
            7 => Err(TaskFailure::certain("did not converge")),
            13 => panic!("index {index} is unlucky"),
            21 => Err(TaskFailure::passing("no space in scratch")),
            33 => Ok(b"unacceptable".to_vec()),
            _ => Ok(record(index)),
        }
    });
    let Ok(Outcome::CompleteWithQuarantined(tasks)) = outcome else { panic!("{outcome:?}") };
    let quarantined = |index, attempts, reason: &str| Quarantined { index, attempts, reason: reason.to_owned() };
    assert_eq!(
        tasks,
        [
            quarantined(7, 1, "did not converge"),
            quarantined(13, 2, "panicked: index 13 is unlucky"),
            quarantined(21, 2, "no space in scratch"),
            quarantined(33, 2, "it says so itself"),
        ]
    );
    let times = |index| attempts.lock().expect("not poisoned").iter().filter(|&&seen| seen == index).count();
    assert_eq!([7, 13, 21, 33, 8].map(times), [1, 2, 2, 2, 1]);
    assert_complete(folder.path(), (0..60).filter(|index| ![7, 13, 21, 33].contains(index)));
    let again = run(&settings(folder.path(), 60, 2), |_| panic!("nothing is left to compute"));
    assert!(matches!(again, Ok(Outcome::CompleteWithQuarantined(same)) if same == tasks));
    let ledger = read_ledger(folder.path()).expect("a ledger");
    let status = Status::read(&ledger, 0.0);
    assert_eq!((status.kept, status.total, status.quarantined, status.exit_code), (56, 60, tasks, Some(3)));
}

#[test]
fn a_passing_failure_is_tried_again_and_the_attempts_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Arc::new(AtomicU64::new(0));
    struct Remember(Arc<Mutex<Vec<(u64, u32)>>>, FileStore);
    impl Store for Remember {
        fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
            self.1.completed()
        }
        fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
            let attempts = records.iter().map(|finished| (finished.index, finished.attempts));
            self.0.lock().expect("not poisoned").extend(attempts);
            self.1.write_segment(records)
        }
    }
    let attempts: Arc<Mutex<Vec<(u64, u32)>>> = Arc::default();
    let store = Remember(Arc::clone(&attempts), FileStore::open(folder.path()).expect("a store"));
    let task = move |index: u64| match index {
        3 if first.fetch_add(1, Ordering::Relaxed) == 0 => Err(TaskFailure::passing("once")),
        _ => Ok(record(index)),
    };
    let settings = settings(folder.path(), 10, 1);
    let mut session = Session::start(Launch::Alone).expect("a session");
    let outcome = session.run(&settings, task, || Ok(Box::new(store)), &mut ()).expect("a campaign");
    assert_eq!(outcome, Outcome::Complete);
    let mut attempts = attempts.lock().expect("not poisoned").clone();
    attempts.sort_unstable();
    assert_eq!(attempts, (0..10).map(|index| (index, if index == 3 { 2 } else { 1 })).collect::<Vec<_>>());
}

#[test]
fn what_hangs_is_given_up_and_its_thread_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(folder.path(), 40, 1);
    settings.rules.deadline_floor = Duration::from_millis(300);
    let outcome = run(&settings, |index| {
        if index == 20 {
            std::thread::sleep(Duration::from_secs(3600));
        }
        Ok(record(index))
    });
    let Ok(Outcome::CompleteWithQuarantined(tasks)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((tasks.len(), tasks[0].index, tasks[0].attempts), (1, 20, 2));
    assert!(tasks[0].reason.starts_with("ran past its deadline"), "{}", tasks[0].reason);
    assert_complete(folder.path(), (0..40).filter(|&index| index != 20));
}

#[test]
fn a_stop_file_drains_and_the_next_run_finishes() {
    let folder = tempfile::tempdir().expect("a folder");
    let stop = folder.path().join("stop");
    let begun = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&begun);
    let outcome = run(&settings(folder.path(), 200, 2), move |index| {
        if count.fetch_add(1, Ordering::Relaxed) == 20 {
            std::fs::write(&stop, "").expect("a stop file");
        }
        std::thread::sleep(Duration::from_millis(20));
        Ok(record(index))
    });
    assert_eq!(outcome.expect("a campaign"), Outcome::StoppedEarly(StopReason::StopFile));
    let kept = FileStore::records(folder.path()).expect("records").len() as u64;
    assert_eq!(kept, begun.load(Ordering::Relaxed), "what had begun was awaited and kept");
    assert!(kept < 200);
    assert_eq!(std::fs::read_to_string(folder.path().join("outcome")).expect("it"), "75 stopped early: stop file\n");
    let again = run(&settings(folder.path(), 200, 2), |_| panic!("nothing is begun while the file is there"));
    assert_eq!(again.expect("a campaign"), Outcome::StoppedEarly(StopReason::StopFile));
    std::fs::remove_file(folder.path().join("stop")).expect("nobody else removed it");
    let outcome = run(&settings(folder.path(), 200, 2), |index| Ok(record(index))).expect("a campaign");
    assert_eq!(outcome, Outcome::Complete);
    assert_complete(folder.path(), 0..200);
}

#[test]
fn a_campaign_whose_first_tasks_fail_stops_and_says_why_and_goes_on_when_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let task = |index: u64| if index < 90 { Err(TaskFailure::certain("no glass")) } else { Ok(record(index)) };
    let refused = run(&settings(folder.path(), 200, 2), task).expect_err("all fail");
    assert!(refused.to_string().contains(" failed, the last with: no glass"), "{refused}");
    assert_eq!(std::fs::read_to_string(folder.path().join("outcome")).expect("it"), format!("1 {refused}\n"));
    let outcome = run(&settings(folder.path(), 200, 2), task).expect("a campaign");
    assert!(matches!(outcome, Outcome::CompleteWithQuarantined(tasks) if tasks.len() == 90));
    assert_complete(folder.path(), 90..200);
}

/// Something happens to the folder while a campaign runs in it: how the campaign ends, and what its ledger says.
fn disturbed(accident: impl Fn(&Path) + Send + Sync + 'static) -> (tempfile::TempDir, CampaignError) {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("campaign");
    std::fs::create_dir(&folder).expect("a folder");
    let mut settings = settings(&folder, 500, 2);
    settings.segments.records = 20;
    settings.lock.refresh = Duration::from_millis(300);
    let error = run(&settings, move |index| {
        std::thread::sleep(Duration::from_millis(10));
        if index == 50 {
            accident(&folder);
        }
        Ok(record(index))
    });
    (parent, error.expect_err("it cannot go on"))
}

fn last_entry(folder: &Path) -> Entry {
    read_ledger(folder).expect("a ledger").lines.pop().expect("a line").entry
}

#[test]
fn a_lock_that_is_removed_or_emptied_ends_the_campaign_in_order() {
    type Accident = fn(&Path);
    let accidents: [(Accident, &str); 2] = [
        (|folder| std::fs::remove_file(folder.join("lock")).expect("removed"), "removed"),
        (|folder| std::fs::write(folder.join("lock"), "").expect("emptied"), "emptied"),
    ];
    for (accident, what) in accidents {
        let (parent, error) = disturbed(accident);
        let folder = parent.path().join("campaign");
        assert!(matches!(error, CampaignError::LockGone { .. }) && error.to_string().contains(what), "{error}");
        assert!(matches!(last_entry(&folder), Entry::RunEnded { exit_code: 1, .. }));
        assert!(!folder.join("lock").exists());
        assert_eq!(run(&settings(&folder, 500, 2), |index| Ok(record(index))).expect("it"), Outcome::Complete);
        assert_complete(&folder, 0..500);
    }
}

#[test]
fn nothing_is_written_into_a_folder_that_took_the_place_of_the_campaigns() {
    let (parent, error) = disturbed(|folder| {
        std::fs::rename(folder, folder.with_extension("moved")).expect("renamed");
        std::fs::create_dir(folder).expect("another");
    });
    let (foreign, moved) = (parent.path().join("campaign"), parent.path().join("campaign.moved"));
    assert!(matches!(error, CampaignError::FolderMoved { .. }), "{error}");
    assert_eq!(std::fs::read_dir(&foreign).expect("it is there").count(), 0);
    assert!(matches!(last_entry(&moved), Entry::RunEnded { exit_code: 1, .. }));
    assert!(!moved.join("lock").exists());
    assert!(!FileStore::records(&moved).expect("records").is_empty());
    assert_eq!(run(&settings(&moved, 500, 2), |index| Ok(record(index))).expect("a campaign"), Outcome::Complete);
    assert_complete(&moved, 0..500);
}

#[test]
fn nothing_is_begun_that_the_walltime_does_not_allow() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(folder.path(), 200, 1);
    settings.walltime = Some(Duration::from_millis(1500));
    let begun = Instant::now();
    let outcome = run(&settings, |index| {
        std::thread::sleep(Duration::from_millis(100));
        Ok(record(index))
    });
    assert_eq!(outcome.expect("a campaign"), Outcome::StoppedEarly(StopReason::Walltime));
    assert!(begun.elapsed() < Duration::from_millis(1500));
    let kept = FileStore::records(folder.path()).expect("records").len();
    assert!((5..15).contains(&kept), "{kept}");
    let ledger = read_ledger(folder.path()).expect("a ledger");
    assert!(!ledger.lines.iter().any(|line| matches!(line.entry, Entry::Failed { .. } | Entry::Lost { .. })));
}

#[test]
fn a_failing_store_stops_the_campaign_and_loses_nothing_written() {
    struct Full(FileStore, usize);
    impl Store for Full {
        fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
            self.0.completed()
        }
        fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
            self.1 += 1;
            if self.1 > 2 {
                let source = std::io::Error::from_raw_os_error(28).into();
                return Err(StoreError::Failed { message: "cannot write segment 3".to_owned(), source });
            }
            self.0.write_segment(records)
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(folder.path(), 100, 2);
    settings.segments.records = 10;
    let store = Full(FileStore::open(folder.path()).expect("a store"), 0);
    let task = |index: u64| {
        std::thread::sleep(Duration::from_millis(2));
        Ok(record(index))
    };
    let mut session = Session::start(Launch::Alone).expect("a session");
    let failure = session.run(&settings, task, || Ok(Box::new(store)), &mut ()).expect_err("the disk is full");
    let CampaignError::StoreFailed { reason, unsaved } = &failure else { panic!("{failure}") };
    assert_eq!(reason, "cannot write segment 3: No space left on device (os error 28)");
    assert!(*unsaved >= 10);
    assert!(FileStore::records(folder.path()).expect("records").len() >= 20);
    assert!(std::fs::read_to_string(folder.path().join("outcome")).expect("it").starts_with("1 records could not"));
    run(&settings, task).expect("a campaign");
    assert_complete(folder.path(), 0..100);
}

#[test]
fn a_second_coordinator_is_refused_and_told_who_holds_the_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let (tell, told) = std::sync::mpsc::channel();
    let first = std::thread::spawn(move || {
        run(&settings(&path, 1, 1), move |index| {
            tell.send(()).expect("somebody listens");
            std::thread::sleep(Duration::from_millis(500));
            Ok(record(index))
        })
    });
    told.recv().expect("the first runs");
    let refused = run(&settings(folder.path(), 1, 1), |index| Ok(record(index))).expect_err("it is locked");
    let CampaignError::Lock(LockError::Held { holder, .. }) = &refused else { panic!("{refused}") };
    assert_eq!(holder.pid, std::process::id());
    assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
    assert_eq!(first.join().expect("no panic").expect("a campaign"), Outcome::Complete);
}

#[test]
fn the_observer_sees_progress_to_the_end() {
    #[derive(Default)]
    struct Watch {
        last: Progress,
        joined: usize,
    }
    impl Observer for Watch {
        fn progress(&mut self, progress: &Progress) {
            assert!(progress.kept >= self.last.kept);
            self.last = *progress;
        }
        fn entry(&mut self, entry: &Entry) {
            self.joined += usize::from(matches!(entry, Entry::Joined { .. }));
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(folder.path(), 50, 2);
    let mut watch = Watch::default();
    let store = FileStore::open(folder.path()).expect("a store");
    let task = |index: u64| {
        std::thread::sleep(Duration::from_millis(20));
        Ok(record(index))
    };
    let mut session = Session::start(Launch::Alone).expect("a session");
    session.run(&settings, task, || Ok(Box::new(store)), &mut watch).expect("a campaign");
    assert_eq!((watch.last.kept, watch.last.total, watch.joined), (50, 50, 1));
    assert!(watch.last.forecast.is_some_and(|forecast| forecast.rate > 10.0));
}

#[test]
fn while_the_store_opens_the_lock_is_touched_and_the_walltime_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(folder.path(), 1, 1);
    settings.lock.refresh = Duration::from_millis(20);
    settings.walltime = Some(Duration::from_secs(100));
    let lock = folder.path().join("lock");
    let touched = || std::fs::metadata(&lock).and_then(|file| file.modified()).expect("it is locked");
    let opening = Mutex::new(Duration::ZERO);
    let open_store = || -> Result<Box<dyn Store>, StoreError> {
        let (begun, before) = (Instant::now(), touched());
        while touched() == before && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_ne!(touched(), before, "it lies there like that of a dead process");
        *opening.lock().expect("not poisoned") = begun.elapsed();
        Ok(Box::new(FileStore::open(folder.path())?))
    };
    let mut session = Session::start(Launch::Alone).expect("a session");
    session.run(&settings, |index: u64| Ok(record(index)), open_store, &mut ()).expect("a campaign");
    let lines = read_ledger(folder.path()).expect("a ledger").lines;
    let Entry::RunStarted { walltime: Some(left), .. } = lines[0].entry else { panic!("{lines:?}") };
    // Less a tenth, the margin.
    let most = 0.9 * (100.0 - opening.into_inner().expect("not poisoned").as_secs_f64());
    assert!(left <= most + 1e-6, "{left} s of {most}");
}

#[test]
fn the_store_opens_on_a_stack_like_that_of_a_task() {
    /// Takes 64 kB of stack for each of `levels`.
    fn deep(levels: usize) -> usize {
        let block = std::hint::black_box([1_u8; 64 << 10]);
        if levels == 0 { 0 } else { usize::from(block[levels]) + deep(levels - 1) }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let open_store = || -> Result<Box<dyn Store>, StoreError> {
        assert_eq!(deep(128), 128);
        Ok(Box::new(FileStore::open(folder.path())?))
    };
    let mut session = Session::start(Launch::Alone).expect("a session");
    let settings = settings(folder.path(), 1, 1);
    session.run(&settings, |index: u64| Ok(record(index)), open_store, &mut ()).expect("a campaign");
}
