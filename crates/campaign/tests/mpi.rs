//! Whole campaigns under a real mpirun: the example `toy_campaign`, in several processes, with and without accidents.

#[path = "support/file_store.rs"]
mod file_store;
#[path = "support/launcher.rs"]
mod launcher;

use campaign::{Entry, Status, read_ledger};
use file_store::FileStore;
use launcher::{
    coordinator_pid, finish, kept, mpirun, outcome, reference, result, start, toy, turn, wait_for, wait_until_gone,
    wait_until_kept, worker_pid,
};
use rustix::process::{Pid, Signal, kill_process};
use std::process::Command;

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
    kill_process(worker_pid(folder.path(), 1).expect("it has joined"), Signal::KILL).expect("it runs");
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
    for poison in ["20:kill", "20:allocate"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut run = start(
            mpirun(4, true)
                .arg(folder.path())
                .arg("80")
                .env("TOY_MILLISECONDS", "30")
                .env("TOY_WORKS", "0")
                .env("TOY_POISON", poison)
                .env("TOY_TIMEOUT", "1500"),
        );
        wait_for(&mut run, 120);
        assert_eq!(outcome(folder.path()), "3 complete, 1 quarantined", "{poison}");
        let status = Status::read(&read_ledger(folder.path()).expect("a ledger"), 0.0);
        assert_eq!((status.kept, status.quarantined.len()), (79, 1));
        assert_eq!((status.quarantined[0].index, status.quarantined[0].attempts), (20, 2));
        assert!(status.quarantined[0].reason.contains("was lost while running it"), "{:?}", status.quarantined);
    }
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
    wait_until_gone(coordinator_pid(folder.path()).expect("it ran")); // ranks are gone about a second after their mpirun
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
