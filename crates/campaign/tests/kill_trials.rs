//! Random interruptions of a campaign under a real mpirun, each followed by the same command again: nothing may be lost,
//! nothing computed twice may be kept twice, and the result must be that of an undisturbed run.
//!
//! `KILL_TRIALS=200 cargo test -p glassmodes-campaign --features mpi --test kill_trials` makes more of them.

#[path = "support/file_store.rs"]
mod file_store;
#[path = "support/launcher.rs"]
mod launcher;

use campaign::{Entry, read_ledger};
use file_store::FileStore;
use launcher::{
    coordinator_pid, finish, kept, mpirun, outcome, reference, result, start, turn, wait_for, wait_until_gone,
    wait_until_kept, worker_pid,
};
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::time::{Duration, Instant};

const TASKS: u64 = 60;

#[derive(Clone, Copy, Debug)]
enum Accident {
    WorkerKilled,
    WorkerKilledAndSurvived,
    CoordinatorKilled,
    LauncherKilled,
    Terminated,
    UserSignal,
    StopFile,
}

const ACCIDENTS: [Accident; 7] = [
    Accident::WorkerKilled,
    Accident::WorkerKilledAndSurvived,
    Accident::CoordinatorKilled,
    Accident::LauncherKilled,
    Accident::Terminated,
    Accident::UserSignal,
    Accident::StopFile,
];

/// SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A process number that the ledger will name soon, unless the run ends before.
fn soon(folder: &Path, pid: impl Fn(&Path) -> Option<Pid>) -> Option<Pid> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) && outcome(folder).is_empty() {
        if let Some(pid) = pid(folder) {
            return Some(pid);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}

/// Interrupts a run at a random moment; how many records were kept then.
fn interrupt(folder: &Path, accident: Accident, seed: &mut u64) -> usize {
    let survive = matches!(accident, Accident::WorkerKilledAndSurvived);
    let ranks = 2 + (random(seed) % 3) as usize;
    let mut run = start(
        mpirun(ranks, survive)
            .arg(folder)
            .arg(TASKS.to_string())
            .env("TOY_MILLISECONDS", "40")
            .env("TOY_WORKS", if ranks == 2 { "1" } else { "0" })
            .env("TOY_TIMEOUT", "2000"),
    );
    std::thread::sleep(Duration::from_millis(random(seed) % 1800));
    let kill = |pid: Pid, signal| {
        let _ = kill_process(pid, signal); // it may have ended
    };
    let victim = 1 + (random(seed) % (ranks as u64 - 1)) as u32;
    match accident {
        Accident::WorkerKilled | Accident::WorkerKilledAndSurvived => {
            if let Some(pid) = soon(folder, |folder| worker_pid(folder, victim)) {
                kill(pid, Signal::KILL);
            }
        }
        Accident::CoordinatorKilled => {
            if let Some(pid) = soon(folder, coordinator_pid) {
                kill(pid, Signal::KILL);
            }
        }
        Accident::LauncherKilled => kill(Pid::from_child(&run), Signal::KILL),
        Accident::Terminated => kill(Pid::from_child(&run), Signal::TERM),
        Accident::UserSignal => kill(Pid::from_child(&run), Signal::USR1),
        Accident::StopFile => std::fs::write(folder.join("stop"), "").expect("a stop file"),
    }
    wait_for(&mut run, 120);
    if let Some(pid) = coordinator_pid(folder) {
        wait_until_gone(pid);
    }
    if survive {
        assert_eq!(outcome(folder), "0 complete", "a lost worker does not end the run");
    }
    kept(folder)
}

#[test]
fn interrupted_anywhere_and_run_again_the_result_is_the_same() {
    let _turn = turn();
    let trials: u64 = std::env::var("KILL_TRIALS").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
    let mut seed = std::env::var("KILL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let expected = reference(TASKS);
    for trial in 0..trials {
        let accident = ACCIDENTS[trial as usize % ACCIDENTS.len()];
        let folder = tempfile::tempdir().expect("a folder");
        let before = interrupt(folder.path(), accident, &mut seed);
        let kept_then = FileStore::records(folder.path()).expect("records");
        let ranks = 1 + (random(&mut seed) % 4) as usize;
        let again = finish(mpirun(ranks, false).arg(folder.path()).arg(TASKS.to_string()));
        let words = String::from_utf8_lossy(&again.stderr);
        let what = format!("trial {trial}, {accident:?} with {before} of {TASKS} kept, then {ranks} ranks: {words}");
        assert_eq!(again.status.code(), Some(0), "{what}");
        assert_eq!(result(folder.path()), expected, "{what}");
        let after = FileStore::records(folder.path()).expect("records");
        assert!(kept_then.iter().all(|(index, record)| after.get(index) == Some(record)), "{what}");
        // What was kept before is not computed again.
        let lines = read_ledger(folder.path()).expect("a ledger").lines;
        let last_run = lines.iter().rposition(|line| matches!(line.entry, Entry::RunStarted { .. })).expect("it ran");
        let again: usize = lines[last_run..]
            .iter()
            .map(|line| match &line.entry {
                Entry::Finished { tasks, .. } => tasks.len(),
                _ => 0,
            })
            .sum();
        assert_eq!(again + kept_then.len(), TASKS as usize, "{what}");
    }
}

#[test]
fn interrupted_again_and_again_a_campaign_gets_done() {
    let _turn = turn();
    let expected = reference(TASKS);
    let folder = tempfile::tempdir().expect("a folder");
    for round in 1..=4 {
        let mut run = start(mpirun(3, false).arg(folder.path()).arg(TASKS.to_string()).env("TOY_MILLISECONDS", "60"));
        wait_until_kept(folder.path(), 12 * round);
        run.kill().expect("it is our child");
        run.wait().expect("it is our child");
        wait_until_gone(coordinator_pid(folder.path()).expect("it ran"));
    }
    let again = finish(mpirun(2, false).arg(folder.path()).arg(TASKS.to_string()));
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(result(folder.path()), expected);
}
