//! How fast one coordinator brings records of half a megabyte into segments: the engine, the records and the HDF5
//! segments of a real campaign (only the physics is left out), through threads or under mpirun.
//!
//! ```text
//! cargo build --release --package glassmodes --example segment_throughput
//! mpirun -n 2 target/release/examples/segment_throughput /dev/shm/throughput
//! ```

use archive::synthetic::SyntheticCampaign;
use campaign::{
    Finished, Launch, Outcome, Quarantined, Receipt, Session, Settings, Slice, Store, StoreError, TaskFailure, Tasks,
};
use glassmodes::folder::{CampaignFolder, Part};
use glassmodes::provenance;
use glassmodes::store::{RecordStore, failed};
use realization::config;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const RECORDS: u64 = 2000;

/// Segments only: gathering them at the end is not what is measured.
struct SegmentsOnly(RecordStore);

impl Store for SegmentsOnly {
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        self.0.completed()
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        self.0.write_segment(records)
    }

    fn complete(&mut self, _quarantined: &[Quarantined]) -> Result<(), StoreError> {
        Ok(())
    }
}

fn open(folder: &Path, tasks: Tasks) -> Result<Box<dyn Store>, StoreError> {
    let plan = config::load(Path::new("config/paper.toml"), &[]).map_err(|error| failed("read", error))?;
    let folder = CampaignFolder::prepare(folder, &plan, Part::Slice(Slice::WHOLE), &provenance::now())
        .map_err(|error| failed("begin", error))?;
    let origin = provenance::of(&plan, folder.created());
    Ok(Box::new(SegmentsOnly(RecordStore::new(folder, origin, move |index| tasks.contains(index)))))
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the figures are what this program is for")]
fn main() -> ExitCode {
    let Ok(mut session) = Session::start(Launch::detect()) else { return ExitCode::FAILURE };
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/dev/shm/throughput".to_owned()));
    // Four mode vectors of N = 4000 and the whole spectrum, as in the paper's campaign.
    let template = SyntheticCampaign { snapshots: 4, ..SyntheticCampaign::dense(4000) };
    let template = (0..100).map(|index| template.record(index)).max_by_key(|record| record.modes.len());
    let Some(template) = template else { return ExitCode::FAILURE };
    let bytes = postcard::to_allocvec(&template).map_or(0, |bytes| bytes.len());
    let task = move |index: u64| {
        let mut record = template.clone();
        record.index = index;
        postcard::to_allocvec(&record).map_err(|error| TaskFailure::certain(error.to_string()))
    };
    let mut settings = Settings::new(&folder, 0..RECORDS);
    settings.coordinator_works = Some(session.ranks() == 1);
    if session.is_coordinator() {
        let _ = std::fs::remove_dir_all(&folder);
        if let Err(error) = std::fs::create_dir_all(&folder) {
            eprintln!("error: {}: {error}", folder.display());
        }
    }
    let begun = Instant::now();
    let outcome = session.run(&settings, task, || open(&folder, settings.tasks), &mut ());
    let rate = RECORDS as f64 / begun.elapsed().as_secs_f64();
    match outcome {
        Ok(Outcome::Complete) => {
            let megabytes = rate * bytes as f64 * 1e-6;
            println!("{} ranks, {bytes} bytes: {rate:.0} records/s, {megabytes:.0} MB/s", session.ranks());
            let _ = std::fs::remove_dir_all(&folder);
        }
        Ok(_) => {}
        Err(error) => eprintln!("error: {error}"),
    }
    ExitCode::from(session.leave(0))
}
