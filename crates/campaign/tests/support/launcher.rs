//! The toy campaign under a real mpirun.

use crate::file_store::FileStore;
use campaign::{Entry, Store, read_ledger};
use rustix::process::Pid;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// One campaign at a time: more ranks than cores already share them.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn toy() -> &'static Path {
    static TOY: OnceLock<PathBuf> = OnceLock::new();
    TOY.get_or_init(|| {
        // From the top, where all packages decide the features: with others everything would be compiled again.
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--example", "toy_campaign"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the example toy_campaign does not build");
        let test = std::env::current_exe().expect("this test has a path");
        test.ancestors().nth(2).expect("it lies in target/debug/deps").join("examples/toy_campaign")
    })
}

/// mpirun with so many ranks; arguments of mpirun itself may follow.
pub(crate) fn mpirun(ranks: usize, survive: bool) -> Command {
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

pub(crate) fn finish(command: &mut Command) -> Output {
    command.output().expect("mpirun is installed (ci/install-deps.sh installs it)")
}

pub(crate) fn start(command: &mut Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mpirun is installed (ci/install-deps.sh installs it)")
}

pub(crate) fn wait_for(child: &mut Child, seconds: u64) -> Option<i32> {
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
pub(crate) fn reference(tasks: u64) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Command::new(toy()).arg(folder.path()).arg(tasks.to_string()).output().expect("the toy runs");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    result(folder.path())
}

pub(crate) fn result(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("result")).expect("a result")
}

pub(crate) fn outcome(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("outcome")).unwrap_or_default().trim().to_owned()
}

pub(crate) fn kept(folder: &Path) -> usize {
    FileStore::open(folder).and_then(|mut store| store.completed()).map_or(0, |indices| indices.len())
}

/// Waits until so many records are kept.
pub(crate) fn wait_until_kept(folder: &Path, records: usize) {
    let begun = Instant::now();
    while kept(folder) < records {
        assert!(begun.elapsed() < Duration::from_secs(60), "only {} records were kept in a minute", kept(folder));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until a process has ended, whether or not anybody reaps it: in a container without an init nobody does.
pub(crate) fn wait_until_gone(pid: Pid) {
    let stat = PathBuf::from(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    // The state stands behind the name, which may hold anything.
    let runs = || {
        std::fs::read_to_string(&stat)
            .is_ok_and(|text| !text.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])))
    };
    let begun = Instant::now();
    while runs() {
        assert!(begun.elapsed() < Duration::from_secs(60), "process {} does not end", pid.as_raw_nonzero());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Process number of the last run's coordinator, once the ledger knows it.
pub(crate) fn coordinator_pid(folder: &Path) -> Option<Pid> {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let pid = lines.iter().rev().find_map(|line| match &line.entry {
        Entry::RunStarted { pid, .. } => Some(*pid),
        _ => None,
    });
    Pid::from_raw(pid? as i32)
}

/// Process number of a worker, once the ledger knows it.
pub(crate) fn worker_pid(folder: &Path, wanted: u32) -> Option<Pid> {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let pid = lines.iter().rev().find_map(|line| match &line.entry {
        Entry::Joined { worker, pid, .. } if *worker == wanted => Some(*pid),
        _ => None,
    });
    Pid::from_raw(pid? as i32)
}
