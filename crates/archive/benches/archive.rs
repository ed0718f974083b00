//! How fast segments are written and archives read: `cargo bench -p glassmodes-archive`.
//!
//! `TMPDIR` chooses the file system.

use archive::synthetic::SyntheticCampaign;
use archive::{Archive, MergeOptions, Record, SegmentStore, WriteStyle, merge, write_archive};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// Full spectra of N = 4000 with four mode vectors each: about half a megabyte a record.
fn records(count: u64) -> Vec<Record> {
    let campaign = SyntheticCampaign { snapshots: 4, ..SyntheticCampaign::dense(4000) };
    campaign.records(0..count)
}

#[divan::bench(args = [1, 16, 64], sample_count = 10, sample_size = 1)]
fn write_segment(bencher: Bencher, count: u64) {
    let records = records(count);
    let folder = tempfile::tempdir().expect("temporary folder");
    let provenance = SyntheticCampaign::dense(4000).provenance(count);
    // One store, as a campaign has it: what it keeps from one segment for the next counts.
    let mut store = SegmentStore::open(folder.path(), &provenance).expect("a folder");
    let bytes = store.write_segment(&records).expect("written").expect("new").bytes;
    let mut number = 0;
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| {
            number += 1;
            let renumbered = |record: &Record| Record { index: record.index + number * count, ..record.clone() };
            records.iter().map(renumbered).collect::<Vec<Record>>()
        })
        .bench_local_refs(|records| store.write_segment(records).map(|_| ()).expect("written"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn merge_segments(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let provenance = SyntheticCampaign::dense(4000).provenance(128);
    let mut store = SegmentStore::open(&folder.path().join("segments"), &provenance).expect("a folder");
    let records = records(128);
    let bytes: u64 =
        records.chunks(16).map(|part| store.write_segment(part).expect("written").expect("new").bytes).sum();
    let (sources, out) = ([folder.path().to_owned()], folder.path().join("archive.h5"));
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| merge(&sources, &out, &MergeOptions::default()).expect("merged"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_spectra(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("archive.h5");
    let provenance = SyntheticCampaign::dense(4000).provenance(128);
    write_archive(&path, &provenance, &records(128), &[], WriteStyle::Archive).expect("written");
    bencher.counter(BytesCount::new(128u64 * 8000 * 16)).bench_local(|| {
        let archive = Archive::open(&path).expect("an archive");
        (0..128).map(|row| archive.spectrum(row).expect("readable").0.len()).sum::<usize>()
    });
}
