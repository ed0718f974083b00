//! How much memory and time it takes to merge a large campaign, with made-up records:
//!
//! ```text
//! cargo run --release --package glassmodes-archive --example merge_scale -- FOLDER SLICES RECORDS PARTICLES dense|low
//! ```
//!
//! makes `SLICES` folders of segments with `RECORDS` records altogether, merges them into `FOLDER/archive.h5`, and says
//! how the peak of the resident memory grew by that. What is there already from an earlier call is merged as it is.

#[path = "../tests/support/memory.rs"]
mod memory;

use archive::synthetic::SyntheticCampaign;
use archive::{ArchiveError, MergeOptions, SegmentStore, merge};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Records in a segment.
const SEGMENT: usize = 60;

fn make(folder: &Path, slices: u64, records: u64, campaign: &SyntheticCampaign) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut folders = Vec::new();
    for slice in 0..slices {
        let folder = folder.join(format!("slice-{slice}"));
        let segments = folder.join("segments");
        if !segments.is_dir() {
            let mut store = SegmentStore::open(&segments, &campaign.provenance(records))?;
            let indices: Vec<u64> = (records * slice / slices..records * (slice + 1) / slices).collect();
            for part in indices.chunks(SEGMENT) {
                store.write_segment(&campaign.records(part.iter().copied()))?;
            }
        }
        folders.push(folder);
    }
    Ok(folders)
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn measured(folder: &Path, slices: u64, records: u64, campaign: &SyntheticCampaign) -> Result<(), ArchiveError> {
    let folders = make(folder, slices, records, campaign)?;
    let before = memory::restart_peak();
    let begun = Instant::now();
    let out = folder.join("archive.h5");
    let report = merge(&folders, &out, &MergeOptions::default())?;
    let seconds = begun.elapsed().as_secs_f64();
    let peak = memory::peak();
    let bytes = std::fs::metadata(&out).map_or(0, |metadata| metadata.len());
    println!(
        "{} records of {} files, {:.2} GB: {seconds:.0} s, peak {:.0} MB, before {:.0} MB",
        report.realizations,
        report.sources,
        bytes as f64 / 1e9,
        peak as f64 / 1e6,
        before as f64 / 1e6,
    );
    Ok(())
}

#[expect(clippy::print_stderr, reason = "an example may speak")]
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, slices, records, particles, method] = words.as_slice() else {
        eprintln!("merge_scale FOLDER SLICES RECORDS PARTICLES dense|low");
        return ExitCode::from(2);
    };
    let numbers = (slices.parse(), records.parse(), particles.parse());
    let (Ok(slices), Ok(records), Ok(particles)) = numbers else {
        eprintln!("SLICES, RECORDS and PARTICLES are numbers");
        return ExitCode::from(2);
    };
    let campaign =
        if method == "dense" { SyntheticCampaign::dense(particles) } else { SyntheticCampaign::low(particles) };
    match measured(Path::new(folder), slices, records, &campaign) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
