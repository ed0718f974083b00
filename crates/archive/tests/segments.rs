//! Segments: what is written is safe, what is not whole is recognized.

use archive::segments::{SegmentStore, segment_files};
use archive::synthetic::SyntheticCampaign;
use archive::{Archive, ArchiveError, WriteStyle, compare_records, write_archive};
use std::fs;
use std::path::Path;
use std::process::Command;

const CAMPAIGN: fn() -> SyntheticCampaign = SyntheticCampaign::tiny;

fn open(folder: &Path) -> SegmentStore {
    SegmentStore::open(folder, &CAMPAIGN().provenance(50)).expect("a folder of segments")
}

fn file_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_written_is_found_again() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let folder = folder.path().join("segments");
    let mut store = open(&folder);
    assert!(store.completed().is_empty() && store.write_segment(&[]).expect("nothing to do").is_none());
    store.write_segment(&CAMPAIGN().records([5, 2])).expect("written");
    store.write_segment(&CAMPAIGN().records([9])).expect("written");
    // Records that are safe already are left out.
    let third = store.write_segment(&CAMPAIGN().records([9, 11, 2])).expect("written").expect("11 is new");
    assert_eq!(third.indices, [11]);
    assert!(store.write_segment(&CAMPAIGN().records([9])).expect("nothing to do").is_none());

    let again = open(&folder);
    assert_eq!(again.completed(), store.completed());
    assert_eq!(again.segments(), store.segments());
    assert_eq!(again.recovery(), &Default::default());
    let indices: Vec<&[u64]> = again.segments().iter().map(|segment| &segment.indices[..]).collect();
    assert_eq!(indices, [&[2, 5][..], &[9], &[11]]);
    let read = Archive::open(&again.segments()[0].path).and_then(|segment| segment.record(1)).expect("readable");
    assert_eq!(compare_records(&read, &CAMPAIGN().record(5)), []);
}

#[test]
fn one_flipped_byte_anywhere_puts_a_segment_aside() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let folder = folder.path();
    let mut store = open(folder);
    store.write_segment(&CAMPAIGN().records([1])).expect("written");
    let path = store.write_segment(&CAMPAIGN().records([2])).expect("written").expect("new").path.clone();
    let whole = fs::read(&path).expect("readable");
    for position in [0, 11, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[position] ^= 0x10;
        fs::write(&path, &bytes).expect("writable");
        let store = open(folder);
        assert_eq!(store.completed().iter().collect::<Vec<_>>(), [&1], "byte {position}");
        let damaged = &store.recovery().damaged;
        assert_eq!(damaged.len(), 1);
        assert!(damaged[0].reason.contains("its content has hash"), "{}", damaged[0].reason);
        assert!(!path.exists() && damaged[0].path.to_string_lossy().ends_with(".h5.damaged"));
        fs::remove_file(&damaged[0].path).expect("there");
    }
    // Cut short, as by a file system that lost its last blocks.
    fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let mut store = open(folder);
    assert_eq!(store.recovery().damaged.len(), 1);
    // The number of a damaged segment is not given away again.
    let next = store.write_segment(&CAMPAIGN().records([2])).expect("written").expect("new");
    assert_eq!(next.sequence, 2);
    assert_eq!(segment_files(folder).expect("readable").len(), 2);
}

#[test]
fn temporary_files_are_removed_and_other_files_left_alone() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let folder = folder.path();
    open(folder).write_segment(&CAMPAIGN().records([1])).expect("written");
    let temporary = folder.join(".segment-000001-0011223344556677.h5.tmp-4242");
    fs::write(&temporary, "half").expect("writable");
    fs::write(folder.join("notes.txt"), "mine").expect("writable");
    assert_eq!(segment_files(folder).expect("readable").len(), 1);
    let store = open(folder);
    assert_eq!(store.recovery().temporary, [temporary]);
    assert_eq!(store.completed().len(), 1);
    let names = file_names(folder);
    assert_eq!((names.len(), &names[0][..]), (2, "notes.txt"));
}

#[test]
fn segments_of_another_campaign_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("temporary folder");
    open(folder.path()).write_segment(&CAMPAIGN().records([1])).expect("written");
    let mut other = CAMPAIGN().provenance(50);
    other.config_hash = "another".to_owned();
    match SegmentStore::open(folder.path(), &other) {
        Err(ArchiveError::Mixed { attribute, second, .. }) => {
            assert_eq!((attribute, &second[..]), ("config_hash", "another"))
        }
        result => panic!("not refused: {result:?}"),
    }
}

/// The limit on file sizes stands for a full disk: writes fail after so many bytes, for any user. The
/// test runs itself again under that limit, which is for whole processes.
#[test]
fn a_full_disk_is_an_error_that_leaves_no_trace() {
    const INSIDE: &str = "GLASSMODES_TEST_FULL_DISK";
    if std::env::var_os(INSIDE).is_some() {
        return with_a_full_disk();
    }
    let shell =
        "ulimit -f 600; trap '' XFSZ; exec \"$0\" --exact a_full_disk_is_an_error_that_leaves_no_trace --nocapture";
    let output = Command::new("bash")
        .args(["-c", shell])
        .arg(std::env::current_exe().expect("this program"))
        .env(INSIDE, "1")
        .output()
        .expect("bash");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn with_a_full_disk() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let segments = folder.path().join("segments");
    let mut store = open(&segments);
    store.write_segment(&CAMPAIGN().records([1])).expect("a small segment fits");
    let (names, completed) = (file_names(&segments), store.completed().clone());
    // 700 records of N = 12 take more than 600 kB.
    let large = CAMPAIGN().records(2..702);
    for _ in 0..2 {
        let error = store.write_segment(&large).expect_err("too large");
        assert!(matches!(&error, ArchiveError::Io { action: "write", .. }), "{error}");
        assert_eq!((file_names(&segments), store.completed()), (names.clone(), &completed));
    }
    let path = folder.path().join("archive.h5");
    let error = write_archive(&path, &CAMPAIGN().provenance(50), &large, &[], WriteStyle::Archive);
    assert!(error.is_err() && file_names(folder.path()) == ["segments"], "{error:?}");
    // The same store and the same process go on.
    store.write_segment(&CAMPAIGN().records([2])).expect("a small segment fits");
    assert_eq!(open(&segments).completed().len(), 2);
    write_archive(&path, &CAMPAIGN().provenance(50), &large[..2], &[], WriteStyle::Archive).expect("fits");
}
