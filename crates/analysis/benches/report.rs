//! How long a report takes: `cargo bench -p glassmodes-analysis`.
//!
//! Archives of a whole campaign's size are made by the example `synthetic_archive`.

use analysis::{Ensemble, Measures, Selection, report};
use archive::synthetic::SyntheticCampaign;
use archive::{WriteStyle, write_archive};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::path::PathBuf;
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// An archive of `count` realizations of N = 4000, lowest modes and staircase.
fn archive_of(count: u64) -> (TempDir, PathBuf) {
    let campaign = SyntheticCampaign::low(4000);
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("archive.h5");
    write_archive(&path, &campaign.provenance(count), &campaign.records(0..count), &[], WriteStyle::Archive)
        .expect("written");
    (folder, path)
}

#[divan::bench(args = [100, 1000], sample_count = 5, sample_size = 1)]
fn measure(bencher: Bencher, realizations: u64) {
    let (_folder, path) = archive_of(realizations);
    bencher.counter(ItemsCount::new(realizations)).bench_local(|| {
        let ensemble = Ensemble::open(&path).expect("an archive");
        Measures::of(&ensemble, &Selection::default(), 1).expect("measured")
    });
}

#[divan::bench(args = [100, 1000], sample_count = 5, sample_size = 1)]
fn measure_and_draw(bencher: Bencher, realizations: u64) {
    let (folder, path) = archive_of(realizations);
    let out = folder.path().join("report");
    bencher.counter(ItemsCount::new(realizations)).bench_local(|| {
        report(std::slice::from_ref(&path), &Selection::default(), &out).expect("a report");
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn theory() -> usize {
    analysis::theory::run(100_000, 1, &mut |_, _, _| {}).distributions.len()
}
