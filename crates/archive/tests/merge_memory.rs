//! Merging takes bounded memory, however much is merged. (A test program of its own: the memory is the process's.)

#[path = "support/memory.rs"]
mod memory;

use archive::synthetic::SyntheticCampaign;
use archive::{MergeOptions, SegmentStore, merge};
use std::path::PathBuf;

#[test]
fn a_merge_of_many_slices_holds_a_band_of_rows_and_no_more() {
    const SLICES: u64 = 100;
    const RECORDS: u64 = 2000;
    let campaign = SyntheticCampaign::dense(256);
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut sources: Vec<PathBuf> = Vec::new();
    let mut written = 0;
    for slice in 0..SLICES {
        let source = folder.path().join(slice.to_string());
        let mut store = SegmentStore::open(&source, &campaign.provenance(RECORDS)).expect("a folder");
        let indices = RECORDS * slice / SLICES..RECORDS * (slice + 1) / SLICES;
        written += store.write_segment(&campaign.records(indices)).expect("written").expect("new").bytes;
        sources.push(source);
    }
    let out = folder.path().join("archive.h5");
    let options = MergeOptions { memory_bytes: 2 << 20, ..MergeOptions::default() };
    // A band, its copy on the way into the file, HDF5's caches of chunks, and what HDF5 and the heap take once and keep:
    // all of it with the first half of the slices already.
    let before = memory::restart_peak();
    merge(&sources[..SLICES as usize / 2], &out, &options).expect("merged");
    let of_half = memory::peak();
    let taken = of_half.saturating_sub(before);
    assert!(taken < 24 << 20, "merging half of {written} bytes took {taken} bytes");
    let report = merge(&sources, &out, &options).expect("merged");
    let grown = memory::peak() - of_half;
    assert_eq!((report.sources as u64, report.realizations as u64), (SLICES, RECORDS));
    let (more, allowed) = (written / 2, 6 << 20);
    assert!(more > 4 * allowed, "{more} bytes of segments prove nothing");
    assert!(grown < allowed, "merging {more} bytes more took {grown} bytes more");
}
