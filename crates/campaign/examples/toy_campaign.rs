//! A campaign of toy tasks, to try the engine under a launcher:
//!
//! ```text
//! cargo build --example toy_campaign --features mpi
//! mpirun -n 4 target/debug/examples/toy_campaign DIR 100
//! ```
//!
//! The record of a task is a number that follows from its index. What else it does is told by environment variables:
//! `TOY_MILLISECONDS` it takes, and `TOY_POISON`, such as `7:panic,9:kill,12:hang,15:fail` (`kill` ends the process by
//! SIGKILL, `kill-once` only if no file `DIR/killed` tells that it did before, `allocate` takes memory without bound). `TOY_THREADS`, `TOY_WORKS` (0 or 1),
//! `TOY_SLICE`, `TOY_WALLTIME` (milliseconds) and `TOY_TIMEOUT` (milliseconds until silence means lost) set what a
//! program would take from its command line.

#[path = "../tests/support/file_store.rs"]
mod file_store;

use campaign::{Launch, Outcome, Session, Settings, Slice, Task, TaskFailure};
use file_store::FileStore;
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

struct Toy {
    directory: PathBuf,
    milliseconds: u64,
    poison: BTreeMap<u64, String>,
}

impl Task for Toy {
    fn compute(&self, index: u64) -> Result<Vec<u8>, TaskFailure> {
        let mut state = index ^ 0x5851_F42D_4C95_7F2D;
        for _ in 0..1000 {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F).rotate_left(17);
        }
        // Unequal times, so that orders of arrival differ.
        std::thread::sleep(Duration::from_micros(self.milliseconds * (500 + state % 1000)));
        match self.poison.get(&index).map(String::as_str) {
            Some("panic") => panic!("toy {index} panics"),
            Some("fail") => return Err(TaskFailure::certain(format!("toy {index} fails"))),
            Some("hang") => std::thread::sleep(Duration::from_secs(3600)),
            Some("kill") => kill(),
            Some("allocate") => allocate(),
            Some("kill-once") if std::fs::File::create_new(self.directory.join("killed")).is_ok() => kill(),
            _ => {}
        }
        Ok(format!("{state:016x}").into_bytes())
    }
}

/// Allocates until the limit that a cluster would set; then Rust ends the process by SIGABRT.
fn allocate() {
    let limit = Rlimit { current: Some(2 << 30), maximum: Some(2 << 30) };
    let _ = setrlimit(Resource::As, limit);
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(std::hint::black_box(Vec::with_capacity(16 << 20)));
    }
}

fn kill() {
    let _ = kill_process(getpid(), Signal::KILL);
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn main() -> ExitCode {
    let mut session = match Session::start(Launch::detect()) {
        Ok(session) => session,
        Err(error) => return failed(&error),
    };
    let mut arguments = std::env::args().skip(1);
    let (Some(directory), Some(tasks)) = (arguments.next(), arguments.next().and_then(|text| text.parse().ok())) else {
        return ExitCode::from(session.leave(2));
    };
    let directory = PathBuf::from(directory);
    let poison = std::env::var("TOY_POISON").unwrap_or_default();
    let poison = poison.split(',').filter_map(|pair| pair.split_once(':'));
    let poison = poison.filter_map(|(index, what)| Some((index.parse().ok()?, what.to_owned()))).collect();
    let milliseconds = number("TOY_MILLISECONDS").unwrap_or(0);
    let task = Toy { directory: directory.clone(), milliseconds, poison };

    let slice = std::env::var("TOY_SLICE").ok().and_then(|text| text.parse().ok()).unwrap_or(Slice::WHOLE);
    let mut settings = Settings::new(&directory, slice.range(tasks).collect());
    settings.threads = number("TOY_THREADS").unwrap_or(1) as usize;
    settings.coordinator_works = number("TOY_WORKS").map(|works| works == 1);
    settings.walltime = number("TOY_WALLTIME").map(Duration::from_millis);
    settings.segments.age = Duration::from_millis(200);
    settings.rules.deadline_floor = Duration::from_secs(1);
    if let Some(timeout) = number("TOY_TIMEOUT").map(Duration::from_millis) {
        settings.rules.heartbeat_timeout = timeout;
        settings.rules.heartbeat = timeout / 8;
    }
    let outcome = session.run(&settings, task, || Ok(Box::new(FileStore::open(&directory)?)), &mut ());
    let code = match outcome {
        Ok(Outcome::Worker) => 0,
        Ok(outcome) => {
            say(&outcome.to_string());
            outcome.exit_code()
        }
        Err(error) => {
            failed(&error);
            1
        }
    };
    ExitCode::from(session.leave(code))
}

#[expect(clippy::print_stdout, reason = "an example may speak")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "an example may speak")]
fn failed(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
