//! Merging: one result whatever the way, nothing lost, nothing twice, nothing mixed.

use archive::synthetic::SyntheticCampaign;
use archive::{
    Archive, ArchiveError, FailureRow, IndexRanges, MergeOptions, MergeReport, Provenance, Record, SegmentStore,
    WriteStyle, compare_records, differences, identical_but_for_timings, merge, write_archive,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PLANNED: u64 = 60;

fn campaign() -> SyntheticCampaign {
    SyntheticCampaign { searched: true, ..SyntheticCampaign::tiny() }
}

/// All records of the campaign in one go, by no merge.
fn reference(path: &Path) {
    let records = campaign().records(0..PLANNED);
    write_archive(path, &campaign().provenance(PLANNED), &records, &[], WriteStyle::Archive).expect("written");
}

fn segments(folder: &Path, parts: &[&[u64]]) {
    let mut store = SegmentStore::open(&folder.join("segments"), &campaign().provenance(PLANNED)).expect("a folder");
    for part in parts {
        store.write_segment(&campaign().records(part.iter().copied())).expect("written");
    }
}

fn archive(path: &Path, records: &[Record], failures: &[FailureRow]) -> PathBuf {
    write_archive(path, &campaign().provenance(PLANNED), records, failures, WriteStyle::Archive).expect("written");
    path.to_owned()
}

fn merged(sources: &[PathBuf], out: &Path) -> MergeReport {
    merge(sources, out, &MergeOptions::default()).expect("merged")
}

fn failure(index: u64, attempts: u32) -> FailureRow {
    FailureRow { index, attempts, reason: format!("did not converge, {attempts} times") }
}

#[test]
fn any_way_to_cut_a_campaign_gives_the_same_archive() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let expected = folder.path().join("expected.h5");
    reference(&expected);
    let out = folder.path().join("out.h5");
    for (way, order) in [(1, 7), (2, 11), (3, 13)] {
        // Indices in a scattered order, in segments of different sizes, in several folders.
        let scattered: Vec<u64> = (0..PLANNED).map(|k| k * order % PLANNED).collect();
        let parts: Vec<&[u64]> = scattered.chunks(4 * way).collect();
        let folders: Vec<PathBuf> = (0..way).map(|k| folder.path().join(format!("campaign-{way}-{k}"))).collect();
        for (k, folder) in folders.iter().enumerate() {
            segments(folder, &parts.iter().skip(k).step_by(way).copied().collect::<Vec<_>>());
        }
        // Bands of all realizations, of a few, of one.
        for memory_bytes in [1 << 30, 200_000, 1] {
            let report = merge(&folders, &out, &MergeOptions { memory_bytes, ..Default::default() }).expect("merged");
            assert_eq!(differences(&expected, &out).expect("readable"), []);
            assert_eq!(Archive::open(&out).expect("an archive").provenance(), &campaign().provenance(PLANNED));
            assert_eq!((report.realizations, report.sources), (60, parts.len()));
            assert_eq!((report.missing, report.duplicates), (IndexRanges::default(), vec![]));
            let provenance = Archive::open(&out).expect("an archive").provenance().clone();
            assert_eq!(provenance, campaign().provenance(PLANNED));
        }
    }
}

#[test]
fn the_configuration_of_the_largest_plan_is_kept_whatever_the_order() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let part = |k: u64, planned: u64| {
        let config = format!("realizations = {planned}\n");
        let provenance = Provenance { realizations: planned, config, ..campaign().provenance(PLANNED) };
        let path = folder.path().join(format!("part-{k}.h5"));
        write_archive(&path, &provenance, &campaign().records(k..k + 1), &[], WriteStyle::Archive).expect("written");
        path
    };
    let parts = [part(0, 40), part(1, PLANNED), part(2, 40), part(3, PLANNED)];
    let out = folder.path().join("out.h5");
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
        merged(&order.map(|k| parts[k].clone()), &out);
        let provenance = Archive::open(&out).expect("an archive").provenance().clone();
        assert_eq!((provenance.realizations, &provenance.config[..]), (PLANNED, "realizations = 60\n"));
    }
}

#[test]
fn merging_again_changes_nothing() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let campaign = folder.path().join("campaign");
    segments(&campaign, &[&[3, 1], &[2], &[50, 40]]);
    let out = campaign.join("archive.h5");
    let first = merged(std::slice::from_ref(&campaign), &out);
    let bytes = fs::read(&out).expect("readable");
    // HDF5 counts its times in whole seconds: none may be among the bytes.
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(merged(std::slice::from_ref(&campaign), &out), first);
    assert!(fs::read(&out).expect("readable") == bytes, "the second merge made other bytes");
    // The result with its own sources, into itself.
    let report = merged(&[out.clone(), campaign], &out);
    assert!(fs::read(&out).expect("readable") == bytes, "the third merge made other bytes");
    assert_eq!(report.duplicates, [1, 2, 3, 40, 50]);
    assert_eq!(report.missing.count(), 55);
}

#[test]
fn partial_archives_add_up_and_what_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let a = archive(&folder.path().join("a.h5"), &campaign().records(0..20), &[]);
    let b = archive(&folder.path().join("b.h5"), &campaign().records((18..59).filter(|i| *i != 30)), &[]);
    let out = folder.path().join("out.h5");
    let report = merged(&[b, a], &out);
    assert_eq!((report.missing, report.duplicates), (IndexRanges::of([30, 59]), vec![18, 19]));
    let out = Archive::open(&out).expect("an archive");
    let expected: Vec<u64> = (0..59).filter(|i| *i != 30).collect();
    assert_eq!(out.indices().expect("readable"), expected);
    assert_eq!(compare_records(&out.record(30).expect("readable"), &campaign().record(31)), []);
}

#[test]
fn of_an_extended_campaign_the_longest_configuration_is_kept() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let part = |name: &str, planned: u64, index: u64| {
        let provenance = Provenance { config: format!("planned = {planned}"), ..campaign().provenance(PLANNED) };
        let provenance = Provenance { realizations: planned, ..provenance };
        let path = folder.path().join(name);
        write_archive(&path, &provenance, &campaign().records([index]), &[], WriteStyle::Archive).expect("written");
        path
    };
    let parts = [part("a.h5", 10, 0), part("b.h5", 30, 1), part("c.h5", 30, 2), part("d.h5", 20, 3)];
    let out = folder.path().join("out.h5");
    for rotation in 0..parts.len() {
        let mut parts = parts.clone();
        parts.rotate_left(rotation);
        assert_eq!(merged(&parts, &out).planned, 30);
        assert_eq!(Archive::open(&out).expect("an archive").provenance().config, "planned = 30");
    }
}

#[test]
fn timings_and_attempts_may_differ_results_may_not() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut records = campaign().records(0..20);
    let a = archive(&folder.path().join("a.h5"), &records, &[]);
    for record in &mut records {
        record.attempts += 1;
        record.seconds.quench *= 2.0;
    }
    let b = archive(&folder.path().join("b.h5"), &records, &[]);
    assert!(identical_but_for_timings(&a, &b).expect("readable"));
    let out = folder.path().join("out.h5");
    assert_eq!(merged(&[a.clone(), b], &out).duplicates.len(), 20);

    records[4].elastic.shear_modulus = records[4].elastic.shear_modulus.next_up();
    let mode = records.iter().position(|record| record.index > 10 && record.modes.len() > 1).expect("one");
    records[mode].modes[1].b3 *= -1.0;
    let c = archive(&folder.path().join("c.h5"), &records, &[]);
    let before = fs::read(&out).expect("readable");
    match merge(&[a.clone(), c.clone()], &out, &MergeOptions { memory_bytes: 1, ..Default::default() }) {
        Err(ArchiveError::Conflict { conflicts }) => {
            let indices: Vec<u64> = conflicts.iter().map(|conflict| conflict.index).collect();
            assert_eq!(indices, [4, mode as u64]);
            assert_eq!(conflicts[0].difference.object, "/realizations/shear_modulus");
            assert_eq!((&conflicts[1].difference.object[..], conflicts[1].difference.position), ("/modes/b3", Some(1)));
        }
        other => panic!("no conflict: {other:?}"),
    }
    assert_eq!(fs::read(&out).expect("readable"), before, "the old result stays");
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 4, "no temporary file stays");
    assert_eq!(differences(&a, &c).expect("readable").len(), 2);
}

#[test]
fn mixed_campaigns_are_refused_by_what_differs() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let a = archive(&folder.path().join("a.h5"), &campaign().records(0..2), &[]);
    let b = folder.path().join("b.h5");
    let provenance = campaign().provenance(PLANNED);
    let cases = [
        ("config_hash", Provenance { config_hash: "other".to_owned(), ..provenance.clone() }),
        ("software_version", Provenance { software_version: "9.9.9".to_owned(), ..provenance.clone() }),
    ];
    for (expected, provenance) in cases {
        write_archive(&b, &provenance, &campaign().records(2..4), &[], WriteStyle::Archive).expect("written");
        match merge(&[a.clone(), b.clone()], &folder.path().join("out.h5"), &MergeOptions::default()) {
            Err(ArchiveError::Mixed { attribute, second_path, .. }) => {
                assert_eq!((attribute, second_path), (expected, b.clone()));
            }
            other => panic!("not refused: {other:?}"),
        }
    }
    let larger = SyntheticCampaign::dense(13).records(2..20);
    write_archive(&b, &provenance, &larger, &[], WriteStyle::Archive).expect("written");
    let first = archive(&folder.path().join("a.h5"), &campaign().records(0..20), &[]);
    let error = merge(&[first, b], &folder.path().join("out.h5"), &MergeOptions::default());
    assert!(matches!(error, Err(ArchiveError::Mixed { attribute: "number of particles", .. })), "{error:?}");
}

#[test]
fn a_campaign_may_have_been_extended() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let a = archive(&folder.path().join("a.h5"), &campaign().records(0..2), &[]);
    let b = folder.path().join("b.h5");
    // The same campaign, though its configuration says more.
    let config_hash = campaign().provenance(PLANNED).config_hash;
    let longer = Provenance { config_hash, ..campaign().provenance(PLANNED + 1) };
    write_archive(&b, &longer, &campaign().records(2..4), &[], WriteStyle::Archive).expect("written");
    for sources in [[a.clone(), b.clone()], [b.clone(), a.clone()]] {
        let report = merge(&sources, &folder.path().join("out.h5"), &MergeOptions::default()).expect("merged");
        assert_eq!((report.realizations, report.planned), (4, PLANNED + 1));
    }
}

#[test]
fn commits_may_differ_and_are_listed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let a = archive(&folder.path().join("a.h5"), &campaign().records(0..2), &[]);
    let b = folder.path().join("b.h5");
    let mut provenance = campaign().provenance(PLANNED);
    provenance.git_commit = "1234567".to_owned();
    provenance.created = "2024-12-24T00:00:00Z".to_owned();
    write_archive(&b, &provenance, &campaign().records(2..4), &[], WriteStyle::Archive).expect("written");
    let out = folder.path().join("out.h5");
    assert_eq!(merged(&[a.clone(), b], &out).git_commits, ["0000000", "1234567"]);
    assert_eq!(merged(&[out.clone(), a], &out).git_commits, ["0000000", "1234567"]);
    let merged = Archive::open(&out).expect("an archive").provenance().clone();
    assert_eq!((&merged.git_commit[..], &merged.created[..]), ("0000000, 1234567", "2024-12-24T00:00:00Z"));
}

#[test]
fn failures_are_merged_and_go_when_finished_elsewhere() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let a = archive(&folder.path().join("a.h5"), &campaign().records(0..3), &[failure(5, 2), failure(4, 2)]);
    let b = archive(&folder.path().join("b.h5"), &campaign().records(5..7), &[failure(4, 3), failure(2, 1)]);
    let out = folder.path().join("out.h5");
    let options = MergeOptions { failures: vec![failure(59, 2), failure(4, 1)], ..Default::default() };
    let report = merge(&[a, b], &out, &options).expect("merged");
    assert_eq!(report.failures, [failure(4, 3), failure(59, 2)]);
    assert_eq!(report.missing.iter().take(2).collect::<Vec<_>>(), [3, 7]);
    assert!(report.missing.iter().all(|index| index != 59));
    assert_eq!(Archive::open(&out).and_then(|out| out.failures()).expect("readable"), report.failures);
}

#[test]
fn sources_of_different_widths_are_padded() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut records = campaign().records(0..30);
    for record in &mut records[..15] {
        record.spectrum.eigenvalues.truncate(6);
        record.spectrum.participation.truncate(6);
        record.spectrum.staircase_omega.truncate(1);
        record.spectrum.staircase_count.truncate(1);
        record.modes.clear();
        record.nonlinear.clear();
        record.transitions.clear();
        record.frame = None;
    }
    let a = archive(&folder.path().join("a.h5"), &records[..15], &[]);
    let b = archive(&folder.path().join("b.h5"), &records[15..], &[]);
    let expected = archive(&folder.path().join("expected.h5"), &records, &[]);
    let out = folder.path().join("out.h5");
    merged(&[b, a], &out);
    assert_eq!(differences(&expected, &out).expect("readable"), []);
}

#[test]
fn damaged_segments_are_left_out_and_reported() {
    let folder = tempfile::tempdir().expect("temporary folder");
    segments(folder.path(), &[&[0, 1], &[2, 3], &[4]]);
    let store = SegmentStore::open(&folder.path().join("segments"), &campaign().provenance(PLANNED)).expect("a folder");
    let path = store.segments()[1].path.clone();
    let mut bytes = fs::read(&path).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("writable");
    let out = folder.path().join("out.h5");
    let report = merged(&[folder.path().to_owned()], &out);
    assert_eq!(report.damaged.len(), 1);
    assert_eq!(report.damaged[0].path, path);
    assert_eq!((report.realizations, report.missing.iter().take(3).collect()), (3, vec![2, 3, 5]));
    // The campaign's archive beside them has what the damaged one had.
    archive(&folder.path().join("archive.h5"), &campaign().records(0..5), &[]);
    let report = merged(&[folder.path().to_owned()], &out);
    assert_eq!((report.damaged.len(), report.realizations), (1, 5));
}

#[test]
fn an_archive_of_selected_realizations_says_so_and_their_merge_with_the_others_does_not() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (records, out) = (campaign().records(0..4), folder.path().join("out.h5"));
    let path = |name: &str| folder.path().join(name);
    let selected = |name: &str, selection: &str, records: &[Record]| {
        let provenance = Provenance { selected_by: Some(selection.to_owned()), ..campaign().provenance(PLANNED) };
        write_archive(&path(name), &provenance, records, &[], WriteStyle::Segment).expect("written");
        path(name)
    };
    let (first, second) = (selected("b.h5", "--group B", &records[1..2]), selected("a.h5", "--lowest", &records[2..3]));
    let selected_by = |sources: &[&PathBuf]| {
        let sources: Vec<PathBuf> = sources.iter().map(|source| (*source).clone()).collect();
        merge(&sources, &out, &MergeOptions { force: true, ..Default::default() }).expect("merged");
        Archive::open(&out).expect("an archive").provenance().selected_by.clone()
    };
    assert_eq!(selected_by(&[&first]).as_deref(), Some("--group B"));
    assert_eq!(selected_by(&[&second, &first]).as_deref(), Some("--group B; --lowest"));
    let (part, whole) = (archive(&path("part.h5"), &records[..2], &[]), archive(&path("whole.h5"), &records, &[]));
    // Of one realization its being selected decided that it is here.
    assert_eq!(selected_by(&[&part, &first, &second]).as_deref(), Some("--lowest"));
    assert_eq!(selected_by(&[&first, &part]), None);
    assert_eq!(selected_by(&[&first, &second, &whole]), None);
}

#[test]
fn nothing_to_merge_is_an_error() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let out = folder.path().join("out.h5");
    let sources = [folder.path().to_owned()];
    assert!(matches!(merge(&sources, &out, &MergeOptions::default()), Err(ArchiveError::NoSource { .. })));
    let sources = [folder.path().join("nothing.h5")];
    assert!(matches!(merge(&sources, &out, &MergeOptions::default()), Err(ArchiveError::Io { .. })));
}
