//! What is written is read again, bit by bit.

use archive::schema::{FORMAT_VERSION, SCHEMA};
use archive::synthetic::SyntheticCampaign;
use archive::{
    Agreement, Archive, ArchiveError, FailureRow, InstructionClass, Record, RecordProblem, VerifyOptions, WriteStyle,
    verify, write_archive,
};
use std::path::PathBuf;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("temporary folder")
}

fn written(records: &[Record], failures: &[FailureRow], style: WriteStyle) -> (tempfile::TempDir, PathBuf) {
    let folder = folder();
    let path = folder.path().join("archive.h5");
    let provenance = SyntheticCampaign::tiny().provenance(100);
    write_archive(&path, &provenance, records, failures, style).expect("written");
    (folder, path)
}

/// Equal bits, which `==` cannot tell because NaN differs from itself.
fn assert_same(a: &Record, b: &Record) {
    assert_eq!(archive::compare_records(a, b), []);
    assert_eq!((a.attempts, a.seconds), (b.attempts, b.seconds));
}

#[test]
fn records_come_back_bit_by_bit_in_ascending_order() {
    let campaign = SyntheticCampaign::tiny();
    for style in [WriteStyle::Segment, WriteStyle::Archive] {
        let records = campaign.records([7, 3, 12, 90]);
        let (_folder, path) = written(&records, &[], style);
        let archive = Archive::open(&path).expect("an archive");
        assert_eq!(archive.indices().expect("readable"), [3, 7, 12, 90]);
        for (row, index) in [3, 7, 12, 90].into_iter().enumerate() {
            assert_same(&archive.record(row).expect("readable"), &campaign.record(index));
        }
        assert_eq!(archive.provenance(), &campaign.provenance(100));
    }
}

#[test]
fn records_of_different_lengths_share_an_archive() {
    let campaign = SyntheticCampaign::tiny();
    let mut short = campaign.record(0);
    short.spectrum.eigenvalues.truncate(5);
    short.spectrum.participation.truncate(5);
    short.spectrum.staircase_omega.clear();
    short.spectrum.staircase_count.clear();
    short.thermalize = Default::default();
    short.modes.clear();
    short.frame = None;
    let mut profile = campaign.records(1..20).into_iter().find(|r| r.frame.is_some()).expect("one has a mode");
    for mode in &mut profile.modes {
        mode.profile_s.truncate(2);
        mode.profile_energy.truncate(2);
    }
    let records = [short, profile, campaign.record(30)];
    let (_folder, path) = written(&records, &[], WriteStyle::Archive);
    let read = Archive::open(&path).and_then(|archive| archive.records(0..3)).expect("readable");
    for (a, b) in read.iter().zip(&records) {
        assert_same(a, b);
    }
}

#[test]
fn special_values_survive() {
    let mut record = SyntheticCampaign::tiny().records(0..20).into_iter().find(|r| !r.modes.is_empty()).expect("one");
    record.seed = u64::MAX;
    record.index = u64::MAX - 1;
    record.inherent.pressure = -0.0;
    record.elastic.shear_modulus = f64::NEG_INFINITY;
    record.spectrum.participation[0] = f64::NAN;
    record.spectrum.residual_max = f64::MIN_POSITIVE / 4.0;
    record.modes[0].beta = f64::NAN;
    let (_folder, path) = written(std::slice::from_ref(&record), &[], WriteStyle::Archive);
    let read = Archive::open(&path).and_then(|archive| archive.record(0)).expect("readable");
    assert_same(&read, &record);
    assert!(read.inherent.pressure.is_sign_negative());
}

#[test]
fn an_archive_may_be_empty_or_hold_failures_alone() {
    let failures = vec![
        FailureRow { index: 4, attempts: 2, reason: "panicked: \u{2014} at \"x\"\nsecond line".to_owned() },
        FailureRow { index: 9, attempts: 1, reason: String::new() },
    ];
    let (_folder, path) = written(&[], &failures, WriteStyle::Archive);
    let archive = Archive::open(&path).expect("an archive");
    assert!(archive.is_empty().expect("readable"));
    assert_eq!(archive.failures().expect("readable"), failures);
    assert_eq!(archive.realizations().expect("readable"), Default::default());
    assert_eq!(archive.modes().expect("readable"), Default::default());
}

#[test]
fn tables_and_pieces_agree_with_the_records() {
    let records = SyntheticCampaign::tiny().records(0..40);
    let (_folder, path) = written(&records, &[], WriteStyle::Archive);
    let archive = Archive::open(&path).expect("an archive");
    let table = archive.realizations().expect("readable");
    let modes = archive.modes().expect("readable");
    let series = archive.series(0..40).expect("readable");
    let staircases = archive.staircases(0..40).expect("readable");
    let mut mode_row = 0;
    for (row, record) in records.iter().enumerate() {
        assert_eq!(table.shear_modulus[row], record.elastic.shear_modulus);
        assert_eq!(table.energy_thermal[row], record.thermalize.energy[4]);
        assert_eq!(table.orthogonality_max[row], record.spectrum.orthogonality_max);
        assert_eq!(series[row].diameter_correlation, record.thermalize.diameter_correlation);
        let (eigenvalues, participation) = archive.spectrum(row).expect("readable");
        assert_eq!((&eigenvalues, &participation), (&record.spectrum.eigenvalues, &record.spectrum.participation));
        let shifts: Vec<f64> = staircases[row].iter().map(|(omega, _)| *omega).collect();
        assert_eq!(shifts, record.spectrum.staircase_omega);
        assert_eq!(archive.frame(record.index).expect("readable"), record.frame);
        for mode in &record.modes {
            assert_eq!((modes.realization[mode_row], modes.mode[mode_row]), (record.index, mode.index));
            assert_eq!((modes.b3[mode_row], modes.group[mode_row]), (mode.b3, mode.group));
            match usize::try_from(modes.snapshot[mode_row]) {
                Err(_) => assert_eq!(mode.vector, None),
                Ok(snapshot) => {
                    assert_eq!(Some(archive.snapshot(snapshot).expect("readable")), mode.vector);
                    let profile = (mode.profile_s.clone(), mode.profile_energy.clone());
                    assert_eq!(archive.profile(snapshot).expect("readable"), profile);
                }
            }
            mode_row += 1;
        }
    }
    assert_eq!(mode_row, modes.omega.len());
    assert!(modes.snapshot.iter().any(|&row| row >= 0), "the test sees snapshots");
}

#[test]
fn records_that_rows_cannot_hold_are_refused_by_index() {
    let campaign = SyntheticCampaign::tiny();
    let with_vector = campaign.records(0..20).into_iter().find(|r| r.frame.is_some()).expect("one");
    type Change = fn(&mut Record);
    let cases: [(Change, RecordProblem); 4] = [
        (
            |r| r.spectrum.participation.truncate(3),
            RecordProblem::Lengths { first: "eigenvalues", first_count: 24, second: "participation", second_count: 3 },
        ),
        (|r| r.spectrum.eigenvalues[4] = f64::NAN, RecordProblem::NotANumber { what: "eigenvalue", position: 4 }),
        (|r| r.modes[0].vector = None, RecordProblem::ProfileWithoutVector { mode: 2 }),
        (|r| r.modes[0].vector = Some(vec![0.5; 4]), RecordProblem::Particles { found: 2, expected: 12 }),
    ];
    let folder = folder();
    let path = folder.path().join("archive.h5");
    for (change, expected) in cases {
        let mut record = with_vector.clone();
        change(&mut record);
        let error = write_archive(&path, &campaign.provenance(20), &[record], &[], WriteStyle::Segment);
        match error.expect_err("not storable") {
            ArchiveError::Record { index, problem } => assert_eq!((index, problem), (with_vector.index, expected)),
            other => panic!("another error: {other}"),
        }
    }
    let twice = [with_vector.clone(), with_vector];
    let error = write_archive(&path, &campaign.provenance(20), &twice, &[], WriteStyle::Segment);
    assert!(matches!(error, Err(ArchiveError::Record { problem: RecordProblem::Duplicate, .. })));
    assert!(!path.exists());
}

#[test]
fn a_configuration_too_long_for_an_attribute_is_refused() {
    let folder = folder();
    let mut provenance = SyntheticCampaign::tiny().provenance(1);
    provenance.config = "x".repeat(64_000);
    let path = folder.path().join("archive.h5");
    write_archive(&path, &provenance, &[], &[], WriteStyle::Archive).expect("fits");
    assert_eq!(Archive::open(&path).expect("an archive").provenance(), &provenance);
    provenance.config.push('x');
    let error = write_archive(&path, &provenance, &[], &[], WriteStyle::Archive);
    assert!(matches!(error, Err(ArchiveError::ConfigTooLong { bytes: 64_001, .. })));
}

#[test]
fn what_is_no_archive_is_told() {
    let folder = folder();
    let path = folder.path().join("archive.h5");
    let error = Archive::open(&path).expect_err("not there").to_string();
    assert!(error.contains("archive.h5") && error.contains("No such file"), "{error}");
    std::fs::write(&path, "just text").expect("writable");
    let error = Archive::open(&path).expect_err("text").to_string();
    assert!(error.contains("is not a glassmodes archive"), "{error}");
    std::fs::remove_file(&path).expect("there");
    let file = hdf5::File::create(&path).expect("writable");
    let error = Archive::open(&path).expect_err("no attributes").to_string();
    assert!(error.contains("is not a glassmodes archive") || error.contains("unable"), "{error}");
    drop(file);
}

#[test]
fn newer_versions_and_missing_datasets_are_named() {
    let (_folder, path) = written(&SyntheticCampaign::tiny().records(0..3), &[], WriteStyle::Archive);
    let file = hdf5::File::open_rw(&path).expect("writable");
    file.unlink("/modes/beta").expect("there");
    file.unlink("/spectrum").expect("there");
    file.close().expect("closed");
    let archive = Archive::open(&path).expect("an archive");
    let error = archive.modes().expect_err("beta is missing").to_string();
    assert!(error.ends_with("archive.h5: /modes/beta is missing"), "{error}");
    let error = archive.spectrum(0).expect_err("missing").to_string();
    assert!(error.ends_with("/spectrum/eigenvalues is missing"), "{error}");
    drop(archive);
    let file = hdf5::File::open_rw(&path).expect("writable");
    file.attr("format_version").expect("there").write_scalar(&(FORMAT_VERSION + 1)).expect("written");
    file.close().expect("closed");
    let error = Archive::open(&path).expect_err("newer");
    assert!(matches!(error, ArchiveError::NewerVersion { supported: FORMAT_VERSION, .. }), "{error}");
}

/// An archive of version 1 has none of the datasets that came later, and says nothing of what they would hold.
#[test]
fn what_came_later_is_read_as_not_computed() {
    let records = SyntheticCampaign::tiny().records(0..9);
    let (_folder, path) = written(&records, &[], WriteStyle::Archive);
    let file = hdf5::File::open_rw(&path).expect("writable");
    let later: Vec<_> = SCHEMA.iter().filter(|dataset| dataset.since > 1 && !dataset.optional).collect();
    later.iter().for_each(|dataset| file.unlink(dataset.path).expect("there"));
    file.close().expect("closed");
    // In the present version they are missing.
    let error = Archive::open(&path).expect("an archive").realizations().expect_err("missing").to_string();
    assert!(error.ends_with("is missing"), "{error}");

    let file = hdf5::File::open_rw(&path).expect("writable");
    file.attr("format_version").expect("there").write_scalar(&1u32).expect("written");
    file.close().expect("closed");
    let archive = Archive::open(&path).expect("an archive");
    assert_eq!(archive.provenance().format_version, 1);
    assert_eq!(archive.realizations().expect("readable").instruction_class, [const { String::new() }; 9]);
    for (row, expected) in records.iter().enumerate() {
        let record = archive.record(row).expect("readable");
        assert_eq!(record.instruction_class, InstructionClass::Unknown);
        assert_eq!(record.chain, record.index);
        assert_eq!(record.spectrum.eigenvalues, expected.spectrum.eigenvalues);
    }
    assert!(verify(&path, &VerifyOptions::default()).is_sound());
    // A merge brings it to the latest version.
    let merged = path.with_file_name("merged.h5");
    archive::merge(&[path], &merged, &archive::MergeOptions::default()).expect("merged");
    assert_eq!(Archive::open(&merged).expect("an archive").provenance().format_version, FORMAT_VERSION);
    assert!(verify(&merged, &VerifyOptions::default()).is_sound());
}

/// A campaign may run on nodes of several kinds: copies of one realization agree to rounding then.
#[test]
fn copies_from_other_instruction_classes_agree_to_rounding() {
    let record = SyntheticCampaign::tiny().record(3);
    let (_folder, path) = written(&[record.clone(), SyntheticCampaign::tiny().record(4)], &[], WriteStyle::Archive);
    let archive = Archive::open(&path).expect("an archive");
    let changed = |change: &dyn Fn(&mut Record)| {
        let mut other = record.clone();
        change(&mut other);
        archive.agreement(0, &other).expect("readable")
    };
    let elsewhere = |r: &mut Record| r.instruction_class = InstructionClass::Sse2;
    let rounded = |r: &mut Record| r.spectrum.eigenvalues[5] *= 1.0 + 1e-12;
    assert_eq!(changed(&elsewhere), Agreement::Bits);
    assert!(matches!(changed(&rounded), Agreement::Differ(found) if found[0].object == "/spectrum/eigenvalues"));
    let across = |change: &dyn Fn(&mut Record)| {
        changed(&|r| {
            elsewhere(r);
            rounded(r);
            change(r);
        })
    };
    assert_eq!(across(&|_| {}), Agreement::AcrossClasses);
    assert!(matches!(across(&|r| r.inherent.energy *= 1.0 + 1e-15), Agreement::Differ(_)));
    assert!(matches!(across(&|r| r.spectrum.eigenvalues[7] *= 1.0 + 1e-5), Agreement::Differ(_)));
}

#[test]
fn rows_beyond_the_end_are_refused() {
    let (_folder, path) = written(&SyntheticCampaign::tiny().records(0..3), &[], WriteStyle::Archive);
    let archive = Archive::open(&path).expect("an archive");
    for result in [archive.spectrum(3).map(|_| ()), archive.record(3).map(|_| ()), archive.snapshot(99).map(|_| ())] {
        assert!(matches!(result, Err(ArchiveError::OutOfRange { .. })));
    }
}

/// With nonlinear modes, and one glass without.
fn with_nonlinear() -> Vec<Record> {
    let campaign = SyntheticCampaign { searched: true, ..SyntheticCampaign::tiny() };
    let mut records = campaign.records([7, 3, 12, 90, 41, 42, 43]);
    records[1].nonlinear.clear();
    records[1].transitions.clear();
    records
}

#[test]
fn nonlinear_modes_come_back_with_the_modes_they_started_from() {
    for style in [WriteStyle::Segment, WriteStyle::Archive] {
        let mut records = with_nonlinear();
        let (_folder, path) = written(&records, &[], style);
        records.sort_by_key(|record| record.index);
        let archive = Archive::open(&path).expect("an archive");
        let read = archive.records(0..records.len()).expect("readable");
        for (read, record) in read.iter().zip(&records) {
            assert_same(read, record);
            let sources = |record: &Record| record.nonlinear.iter().map(|z| (z.kind, z.source, z.mode.group)).collect();
            let (there, here): (Vec<_>, Vec<_>) = (sources(read), sources(record));
            assert_eq!(there, here);
            let vectors = |record: &Record| record.nonlinear.iter().map(|z| z.mode.vector.clone()).collect::<Vec<_>>();
            assert_eq!(vectors(read), vectors(record));
            let ways = |record: &Record| {
                record.transitions.iter().map(|t| (t.source, t.along, t.direction, t.outcome)).collect()
            };
            let (there, here): (Vec<_>, Vec<_>) = (ways(read), ways(record));
            assert_eq!(there, here);
        }
        let all = || records.iter().flat_map(|record| &record.nonlinear);
        assert!(all().any(|z| z.mode.vector.is_some()) && all().any(|z| z.mode.vector.is_none()));
        let transitions = archive.transitions().expect("readable");
        let with_modes = records.iter().filter(|record| !record.transitions.is_empty()).count();
        assert_eq!(transitions.outcome.iter().filter(|outcome| *outcome == "no saddle").count(), with_modes);
        let (table, modes) = (archive.nonlinear().expect("readable"), archive.modes().expect("readable"));
        assert_eq!(table.kind.len(), records.iter().map(|record| record.nonlinear.len()).sum::<usize>());
        for (row, &source) in table.source.iter().enumerate() {
            let source = usize::try_from(source).expect("a row");
            assert_eq!(modes.realization[source], table.realization[row]);
            assert!(table.kappa[row].is_nan() || table.kappa[row].to_bits() == modes.b2[source].to_bits());
        }
        let report = verify(&path, &VerifyOptions::default());
        assert!(report.is_sound(), "{:?}", report.findings);
    }
}

#[test]
fn an_archive_without_nonlinear_modes_has_no_place_for_them() {
    let (_folder, path) = written(&SyntheticCampaign::tiny().records(0..5), &[], WriteStyle::Archive);
    let archive = Archive::open(&path).expect("an archive");
    assert!(archive.nonlinear().expect("readable").kind.is_empty());
    assert!(archive.transitions().expect("readable").outcome.is_empty());
    let bytes = std::fs::read(&path).expect("readable");
    assert!(!bytes.windows(9).any(|bytes| bytes == b"nonlinear" || bytes == b"transitio"));
}

#[test]
fn a_search_from_a_mode_that_is_not_there_is_refused() {
    let mut records = with_nonlinear();
    let record = records.iter_mut().find(|record| !record.nonlinear.is_empty()).expect("one");
    record.nonlinear[0].source = record.modes.len();
    let problem = RecordProblem::NoSuchMode { source_mode: record.modes.len(), modes: record.modes.len() };
    let (index, folder) = (record.index, folder());
    let provenance = SyntheticCampaign::tiny().provenance(100);
    let refused = write_archive(&folder.path().join("a.h5"), &provenance, &records, &[], WriteStyle::Archive);
    match refused {
        Err(ArchiveError::Record { index: of, problem: found }) => assert_eq!((of, found), (index, problem)),
        other => panic!("{other:?}"),
    }
}
