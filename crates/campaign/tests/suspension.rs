//! Processes that are suspended and continued, or whose coordinator is: under a real mpirun, with short intervals.

#[path = "support/file_store.rs"]
mod file_store;
#[path = "support/launcher.rs"]
mod launcher;

use campaign::{Entry, Presence, Status, presence, read_ledger};
use launcher::{
    coordinator_pid, finish, mpirun, outcome, reference, result, start, toy, turn, wait_for, wait_until_gone,
    wait_until_kept, worker_pid,
};
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Milliseconds of silence that count as death; what is suspended is so for much longer.
const TIMEOUT: &str = "1000";
const SUSPENDED: Duration = Duration::from_millis(4000);

fn signal(pids: &[Pid], signal: Signal) {
    for &pid in pids {
        kill_process(pid, signal).expect("it runs");
    }
}

fn suspend(pids: &[Pid]) {
    signal(pids, Signal::STOP);
    std::thread::sleep(SUSPENDED);
    signal(pids, Signal::CONT);
}

/// Nobody was lost and nothing failed; the result is that of an undisturbed run.
#[track_caller]
fn assert_undisturbed(folder: &Path, tasks: u64) {
    assert_eq!(outcome(folder), "0 complete");
    assert_eq!(result(folder), reference(tasks));
    let lines = read_ledger(folder).expect("a ledger").lines;
    let disturbed = |entry: &Entry| matches!(entry, Entry::Failed { .. } | Entry::Lost { .. } | Entry::Returned { .. });
    assert!(!lines.iter().any(|line| disturbed(&line.entry)), "{lines:?}");
    let runs = lines.iter().filter(|line| matches!(line.entry, Entry::RunStarted { .. })).count();
    assert_eq!(runs, 1);
    // Nor did the sleep make any task seem long.
    let longest = lines.iter().filter_map(|line| match &line.entry {
        Entry::Finished { tasks, .. } => tasks.iter().map(|task| task.seconds).reduce(f64::max),
        _ => None,
    });
    assert!(longest.fold(0.0, f64::max) < SUSPENDED.as_secs_f64() / 2.0);
}

#[test]
fn a_run_on_threads_goes_on_when_it_is_continued() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = Command::new(toy())
        .arg(folder.path())
        .arg("60")
        .env("TOY_MILLISECONDS", "40")
        .env("TOY_THREADS", "2")
        .env("TOY_TIMEOUT", TIMEOUT)
        .stdout(Stdio::null())
        .spawn()
        .expect("the toy runs");
    wait_until_kept(folder.path(), 10);
    suspend(&[Pid::from_child(&run)]);
    assert_eq!(wait_for(&mut run, 60), Some(0));
    assert_undisturbed(folder.path(), 60);
}

/// A campaign of three ranks that survive one another; the process numbers of rank 0 to 2.
fn three_ranks(folder: &Path) -> (std::process::Child, [Pid; 3]) {
    let run = start(
        mpirun(3, true)
            .arg(folder)
            .arg("150")
            .env("TOY_MILLISECONDS", "40")
            .env("TOY_WORKS", "0")
            .env("TOY_TIMEOUT", TIMEOUT),
    );
    wait_until_kept(folder, 10);
    let pids = [coordinator_pid(folder), worker_pid(folder, 1), worker_pid(folder, 2)];
    (run, pids.map(|pid| pid.expect("it has joined")))
}

#[test]
fn a_run_of_several_ranks_goes_on_when_all_are_continued() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut run, pids) = three_ranks(folder.path());
    suspend(&pids);
    assert_eq!(wait_for(&mut run, 60), Some(0));
    assert_undisturbed(folder.path(), 150);
}

#[test]
fn workers_wait_for_a_frozen_coordinator() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut run, [coordinator, ..]) = three_ranks(folder.path());
    signal(&[coordinator], Signal::STOP);
    let begun = Instant::now();
    while presence(&[folder.path().to_owned()]) != [Presence::Frozen] {
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody says that it is frozen");
    }
    let second = finish(Command::new(toy()).arg(folder.path()).arg("150"));
    let words = String::from_utf8_lossy(&second.stderr);
    assert!(second.status.code() == Some(1) && words.contains("is frozen"), "{words}");
    std::thread::sleep(SUSPENDED);
    signal(&[coordinator], Signal::CONT);
    assert_eq!(wait_for(&mut run, 60), Some(0));
    assert_undisturbed(folder.path(), 150);
}

#[test]
fn workers_leave_a_killed_coordinator_after_three_heartbeats() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut run, [coordinator, workers @ ..]) = three_ranks(folder.path());
    signal(&[coordinator], Signal::KILL);
    let killed = Instant::now();
    workers.into_iter().for_each(wait_until_gone);
    assert!(killed.elapsed() < Duration::from_secs(20), "they stayed for {:?}", killed.elapsed());
    wait_for(&mut run, 60);
    let again = finish(mpirun(2, false).arg(folder.path()).arg("150"));
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(result(folder.path()), reference(150));
}

#[test]
fn ranks_that_were_given_different_campaigns_are_refused_before_anything_is_written() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("exec {} {} 20", toy().display(), folder.path().display());
    let mut command = mpirun(3, false);
    let mut words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    words.pop(); // the program itself
    let mut run = Command::new("mpirun");
    run.args(words).args(["bash", "-c", &format!("export TOY_GIVEN=$((OMPI_COMM_WORLD_RANK / 2)); {script}")]);
    for (name, value) in command.env("TOY_TIMEOUT", TIMEOUT).get_envs() {
        run.env(name, value.unwrap_or_default());
    }
    let run = finish(&mut run);
    let words = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{words}");
    assert!(words.contains("toy.given is 0 on rank 0, 1 on rank 2"), "{words}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    assert_eq!(Status::read(&read_ledger(folder.path()).expect("an empty one"), 0.0), Status::default());
}
