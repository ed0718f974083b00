//! What the engine itself costs: tasks that do nothing, and records of half a megabyte, through threads or (under
//! mpirun) MPI, into a store of files.
//!
//! ```text
//! cargo run --release --example overhead -- /dev/shm/overhead
//! cargo build --release --example overhead --features mpi
//! mpirun -n 2 target/release/examples/overhead /dev/shm/overhead
//! ```

#[path = "../tests/support/file_store.rs"]
mod file_store;

use campaign::{Finished, Launch, Outcome, Receipt, Session, Settings, Store, StoreError};
use file_store::FileStore;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const RECORD_BYTES: u64 = 500_000;

/// Segments only: gathering them at the end is not what is measured.
struct SegmentsOnly(FileStore);

impl Store for SegmentsOnly {
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        self.0.completed()
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        self.0.write_segment(records)
    }
}

/// Runs a campaign of `tasks` records of `bytes` and says how long it took; `None` on a worker.
fn measure(session: &mut Session, folder: &Path, tasks: u64, bytes: u64) -> Option<f64> {
    let folder = folder.join(bytes.to_string());
    if session.is_coordinator() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).ok()?;
    }
    let mut settings = Settings::new(&folder, (0..tasks).collect());
    settings.coordinator_works = Some(session.ranks() == 1);
    let begun = Instant::now();
    let task = move |index: u64| Ok(vec![index as u8; bytes as usize]);
    let outcome = session.run(&settings, task, || Ok(Box::new(SegmentsOnly(FileStore::open(&folder)?))), &mut ());
    let seconds = begun.elapsed().as_secs_f64();
    let complete = matches!(outcome, Ok(Outcome::Complete));
    if complete {
        let kept = FileStore::records(&folder).map_or(0, |records| records.len() as u64);
        assert_eq!(kept, tasks);
        let _ = std::fs::remove_dir_all(&folder);
    }
    complete.then_some(seconds)
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn main() -> ExitCode {
    let Ok(mut session) = Session::start(Launch::detect()) else { return ExitCode::FAILURE };
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/dev/shm/overhead".to_owned()));
    // A session serves one campaign, so each is a process of its own: the second argument chooses.
    let large = std::env::args().nth(2).is_some_and(|which| which == "large");
    let (tasks, bytes) = if large { (4_000, RECORD_BYTES) } else { (1_000_000, 0) };
    if let Some(seconds) = measure(&mut session, &folder, tasks, bytes) {
        let rate = tasks as f64 / seconds;
        println!("{} ranks, {bytes} bytes: {rate:.0} tasks/s, {:.0} MB/s", session.ranks(), rate * bytes as f64 * 1e-6);
    }
    ExitCode::from(session.leave(0))
}
