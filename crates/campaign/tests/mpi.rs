//! Whole campaigns under a real mpirun: the example `toy_campaign`, in several processes, with and without accidents.

#[path = "support/file_store.rs"]
mod file_store;

use campaign::{Entry, Status, Store, read_ledger};
use file_store::FileStore;
use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// One campaign at a time: more ranks than cores already share them.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn toy() -> &'static Path {
    static TOY: OnceLock<PathBuf> = OnceLock::new();
    TOY.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "glassmodes-campaign", "--example", "toy_campaign"])
            .args(["--features", "mpi"])
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the example toy_campaign does not build");
        let test = std::env::current_exe().expect("this test has a path");
        test.ancestors().nth(2).expect("it lies in target/debug/deps").join("examples/toy_campaign")
    })
}

/// mpirun with so many ranks; arguments of mpirun itself may follow.
fn mpirun(ranks: usize, survive: bool) -> Command {
    let mut command = Command::new("mpirun");
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1").args([
        "--oversubscribe",
        "--bind-to",
        "none",
        "-n",
        &ranks.to_string(),
    ]);
    if survive {
        command.args(["--mca", "orte_abort_on_non_zero_status", "0"]);
    }
    command.arg(toy());
    command
}

fn finish(command: &mut Command) -> Output {
    command.output().expect("mpirun is installed (ci/install-deps.sh installs it)")
}

fn start(command: &mut Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mpirun is installed (ci/install-deps.sh installs it)")
}

fn wait_for(child: &mut Child, seconds: u64) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return Some(status.code().unwrap_or(-1));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it is our child");
    panic!("mpirun did not end within {seconds} s");
}

/// The result of an undisturbed run on threads.
fn reference(tasks: u64) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Command::new(toy()).arg(folder.path()).arg(tasks.to_string()).output().expect("the toy runs");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    result(folder.path())
}

fn result(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("result")).expect("a result")
}

fn outcome(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("outcome")).unwrap_or_default().trim().to_owned()
}

fn kept(folder: &Path) -> usize {
    FileStore::open(folder).and_then(|mut store| store.completed()).map_or(0, |indices| indices.len())
}

/// Waits until so many records are kept.
fn wait_until_kept(folder: &Path, records: usize) {
    let begun = Instant::now();
    while kept(folder) < records {
        assert!(begun.elapsed() < Duration::from_secs(60), "only {} records were kept in a minute", kept(folder));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until the coordinator's process has ended.
fn wait_until_gone(folder: &Path) {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let pid = lines.iter().rev().find_map(|line| match &line.entry {
        Entry::RunStarted { pid, .. } => Some(*pid),
        _ => None,
    });
    let process = PathBuf::from(format!("/proc/{}", pid.expect("a run has started")));
    let begun = Instant::now();
    while process.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the coordinator outlives its launcher");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Process number of a worker, from the ledger.
fn worker_pid(folder: &Path, wanted: u32) -> Pid {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let pid = lines.iter().rev().find_map(|line| match &line.entry {
        Entry::Joined { worker, pid, .. } if *worker == wanted => Some(*pid),
        _ => None,
    });
    Pid::from_raw(pid.expect("the worker has joined") as i32).expect("not zero")
}

#[test]
fn every_number_of_ranks_gives_the_same_result() {
    let _turn = turn();
    let expected = reference(60);
    for (ranks, works) in [(1, "1"), (2, "1"), (2, "0"), (3, "0"), (4, "1")] {
        let folder = tempfile::tempdir().expect("a folder");
        let run = finish(
            mpirun(ranks, false).arg(folder.path()).arg("60").env("TOY_WORKS", works).env("TOY_MILLISECONDS", "5"),
        );
        assert_eq!(run.status.code(), Some(0), "{ranks} ranks: {}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(String::from_utf8_lossy(&run.stdout), "complete\n");
        assert_eq!(result(folder.path()), expected, "{ranks} ranks");
        let status = Status::read(&read_ledger(folder.path()).expect("a ledger"), 0.0);
        let workers = if works == "1" { ranks } else { ranks - 1 };
        assert_eq!((status.kept, status.workers.len()), (60, workers));
    }
}

#[test]
fn a_killed_worker_costs_only_what_it_ran() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = start(
        mpirun(3, true)
            .arg(folder.path())
            .arg("120")
            .env("TOY_MILLISECONDS", "60")
            .env("TOY_WORKS", "0")
            .env("TOY_TIMEOUT", "1500"),
    );
    wait_until_kept(folder.path(), 10);
    kill_process(worker_pid(folder.path(), 1), Signal::KILL).expect("it runs");
    assert_ne!(wait_for(&mut run, 120), Some(0), "the launcher tells of the lost rank");
    assert_eq!(outcome(folder.path()), "0 complete");
    assert_eq!(result(folder.path()), reference(120));
    let lines = read_ledger(folder.path()).expect("a ledger").lines;
    let lost: Vec<usize> = lines
        .iter()
        .filter_map(|line| match &line.entry {
            Entry::Lost { worker: 1, running, .. } => Some(running.len()),
            _ => None,
        })
        .collect();
    assert_eq!(lost, [1], "one loss, one task with it");
    assert_eq!(lines.iter().filter(|line| matches!(line.entry, Entry::RunStarted { .. })).count(), 1);
}

#[test]
fn a_poisonous_task_is_quarantined_after_two_ranks_and_the_rest_finishes() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = start(
        mpirun(4, true)
            .arg(folder.path())
            .arg("80")
            .env("TOY_MILLISECONDS", "30")
            .env("TOY_WORKS", "0")
            .env("TOY_POISON", "20:kill")
            .env("TOY_TIMEOUT", "1500"),
    );
    wait_for(&mut run, 120);
    assert_eq!(outcome(folder.path()), "3 complete, 1 quarantined");
    let status = Status::read(&read_ledger(folder.path()).expect("a ledger"), 0.0);
    assert_eq!((status.kept, status.quarantined.len()), (79, 1));
    assert_eq!((status.quarantined[0].index, status.quarantined[0].attempts), (20, 2));
    assert!(status.quarantined[0].reason.contains("was lost while running it"), "{:?}", status.quarantined);
}

#[test]
fn panics_and_hangs_are_quarantined_under_mpi() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let run = finish(
        mpirun(3, false)
            .arg(folder.path())
            .arg("60")
            .env("TOY_MILLISECONDS", "10")
            .env("TOY_POISON", "5:panic,25:hang,40:fail"),
    );
    assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(outcome(folder.path()), "3 complete, 3 quarantined");
    assert_eq!(kept(folder.path()), 57);
}

#[test]
fn where_the_launcher_ends_the_job_the_next_run_resumes() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let run = |survive| {
        let mut command = mpirun(3, survive);
        command.arg(folder.path()).arg("100").env("TOY_MILLISECONDS", "40").env("TOY_POISON", "30:kill-once");
        command
    };
    let mut first = start(run(false).env("TOY_WORKS", "0"));
    assert_ne!(wait_for(&mut first, 60), Some(0));
    let before = kept(folder.path());
    assert!(before > 0 && before < 100, "{before}");
    let second = finish(&mut run(false));
    assert_eq!(second.status.code(), Some(0), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(result(folder.path()), reference(100));
}

#[test]
fn a_killed_launcher_loses_nothing_that_was_kept() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = start(mpirun(3, false).arg(folder.path()).arg("100").env("TOY_MILLISECONDS", "40"));
    wait_until_kept(folder.path(), 10);
    first.kill().expect("it is our child");
    first.wait().expect("it is our child");
    wait_until_gone(folder.path()); // ranks are gone about a second after their mpirun
    let before = FileStore::records(folder.path()).expect("records");
    let second = finish(mpirun(2, false).arg(folder.path()).arg("100").env("TOY_MILLISECONDS", "10"));
    assert_eq!(second.status.code(), Some(0), "{}", String::from_utf8_lossy(&second.stderr));
    let after = FileStore::records(folder.path()).expect("records");
    assert!(before.iter().all(|(index, kept)| after.get(index) == Some(kept)));
    assert_eq!(result(folder.path()), reference(100));
}

#[test]
fn signals_to_mpirun_stop_early_and_keep_what_was_reported() {
    let _turn = turn();
    for (signal, reason) in [(Signal::TERM, "SIGTERM"), (Signal::USR1, "SIGUSR1")] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = start(mpirun(3, false).arg(folder.path()).arg("100").env("TOY_MILLISECONDS", "40"));
        wait_until_kept(folder.path(), 10);
        kill_process(Pid::from_child(&first), signal).expect("it runs");
        wait_for(&mut first, 60);
        assert_eq!(outcome(folder.path()), format!("75 stopped early: {reason}"));
        let lines = read_ledger(folder.path()).expect("a ledger").lines;
        assert!(!lines.iter().any(|line| matches!(line.entry, Entry::Lost { .. } | Entry::Failed { .. })));
        let reported: usize = lines
            .iter()
            .map(|line| match &line.entry {
                Entry::Finished { tasks, .. } => tasks.len(),
                _ => 0,
            })
            .sum();
        assert_eq!(kept(folder.path()), reported, "all that was reported is kept");
        let second = finish(mpirun(2, false).arg(folder.path()).arg("100").env("TOY_MILLISECONDS", "10"));
        assert_eq!(second.status.code(), Some(0), "{}", String::from_utf8_lossy(&second.stderr));
        assert_eq!(result(folder.path()), reference(100));
    }
}

#[test]
fn slices_cover_the_campaign() {
    let _turn = turn();
    let mut lines: Vec<String> = Vec::new();
    for slice in ["1/3", "2/3", "3/3"] {
        let folder = tempfile::tempdir().expect("a folder");
        let run = finish(mpirun(2, false).arg(folder.path()).arg("50").env("TOY_SLICE", slice));
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        lines.extend(result(folder.path()).lines().map(str::to_owned));
    }
    assert_eq!(lines, reference(50).lines().collect::<Vec<_>>());
}

#[test]
fn processes_that_do_not_see_one_another_are_refused() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    // srun without PMI leaves these variables and no others
    let run = Command::new(toy())
        .arg(folder.path())
        .arg("5")
        .env("SLURM_STEP_NUM_TASKS", "4")
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .output()
        .expect("the toy runs");
    assert_eq!(run.status.code(), Some(1));
    let words = String::from_utf8_lossy(&run.stderr);
    assert!(words.contains("the launcher started 4 processes, but MPI sees only one"), "{words}");
    assert!(!folder.path().join("ledger.jsonl").exists());
}
