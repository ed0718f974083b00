//! Verification finds what is wrong and calls it by its name.

use archive::schema::{Element, SCHEMA};
use archive::synthetic::SyntheticCampaign;
use archive::verify::{Check, Severity};
use archive::{
    FailureRow, IndexRanges, Record, SegmentStore, VerifyOptions, VerifyReport, WriteStyle, differences, verify,
    write_archive,
};
use modes::Group;
use std::fs;
use std::path::{Path, PathBuf};

const PLANNED: u64 = 30;

fn archive_of(folder: &Path, records: &[Record]) -> PathBuf {
    let path = folder.join("archive.h5");
    let failures = [FailureRow { index: 29, attempts: 2, reason: "saddle".to_owned() }];
    let provenance = SyntheticCampaign::tiny().provenance(PLANNED);
    write_archive(&path, &provenance, records, &failures, WriteStyle::Archive).expect("written");
    path
}

fn checked(path: &Path) -> VerifyReport {
    verify(path, &VerifyOptions::default())
}

fn messages(report: &VerifyReport) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_archive_has_no_findings() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for campaign in [SyntheticCampaign::tiny(), SyntheticCampaign { shifts: 50, ..SyntheticCampaign::low(40) }] {
        let path = archive_of(folder.path(), &campaign.records(0..29));
        let report = checked(&path);
        assert_eq!(messages(&report), [] as [&str; 0]);
        assert!(report.is_sound() && report.is_complete());
        assert_eq!((report.realizations, &report.quarantined[..]), (29, &[29][..]));
        assert_eq!(report.datasets.len(), SCHEMA.len());
        for (dataset, found) in SCHEMA.iter().zip(&report.datasets) {
            assert!(found.sound && (found.shape.is_some() || dataset.optional), "{}", dataset.path);
        }
    }
}

#[test]
fn a_partial_archive_is_sound_and_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let report = checked(&archive_of(folder.path(), &SyntheticCampaign::tiny().records(0..20)));
    assert!(report.is_sound() && !report.is_complete());
    assert_eq!(report.missing, IndexRanges::of(20..29));
    let report = checked(&archive_of(folder.path(), &[]));
    assert!(report.is_sound());
    assert_eq!(report.missing.count(), 29);
}

#[test]
fn numbers_that_cannot_be_are_named_with_their_realization() {
    type Change = fn(&mut Record);
    let cases: [(&str, Severity, Change); 18] = [
        ("/realizations: an energy", Severity::Fault, |r| r.inherent.energy = f64::NAN),
        ("/realizations/force_max: forces above", Severity::Fault, |r| r.inherent.force_max = 2e-10),
        ("/realizations/force_max: forces above", Severity::Remark, |r| r.inherent.force_max = 2e-12),
        ("/spectrum/zero_modes: other zero modes", Severity::Remark, |r| r.spectrum.zero_modes = 3),
        ("/spectrum/negative_modes: negative", Severity::Remark, |r| r.spectrum.negative_modes = 1),
        ("/spectrum/eigenvalues: eigenvalues do not", Severity::Fault, |r| r.spectrum.eigenvalues.swap(20, 21)),
        ("/spectrum/omega_complete: the spectrum ends", Severity::Fault, |r| {
            r.spectrum.eigenvalues.pop();
            r.spectrum.participation.pop();
        }),
        ("/spectrum/staircase/count: disagrees", Severity::Fault, |r| r.spectrum.staircase_count[1] += 1),
        ("/modes/mode: no such", Severity::Fault, |r| r.modes[0].index = 99),
        ("/modes/b2: is not", Severity::Fault, |r| r.modes[0].b2 *= 1.0 + 1e-5),
        ("/modes/omega: is not", Severity::Fault, |r| r.modes[0].omega *= 1.0 + 1e-9),
        ("/modes/participation: is not", Severity::Fault, |r| r.modes[1].participation *= 0.9),
        ("/modes/beta: is not", Severity::Fault, |r| r.modes[0].b3 *= 1.1),
        ("/modes/group: is not", Severity::Fault, |r| {
            r.modes[0].group = if r.modes[0].group == Group::A { Group::B } else { Group::A };
        }),
        ("/snapshots/vector: not of unit norm", Severity::Fault, |r| {
            r.modes[0].vector.as_mut().expect("kept")[0] *= 1.01;
        }),
        ("/nonlinear/vector: not of unit norm", Severity::Fault, |r| {
            r.nonlinear[0].mode.vector.as_mut().expect("kept")[0] *= 1.01;
        }),
        ("/particles/glass/position/value: particles", Severity::Fault, |r| {
            r.frame.as_mut().expect("kept").positions[7] = -0.1;
        }),
        ("/particles/glass/box/edges/value: sides that differ", Severity::Fault, |r| {
            r.frame.as_mut().expect("kept").box_sides[1] *= 1.5;
        }),
    ];
    let folder = tempfile::tempdir().expect("temporary folder");
    let sound = SyntheticCampaign { searched: true, ..SyntheticCampaign::tiny() }.records(0..29);
    let fits = |r: &Record| r.modes.len() > 1 && r.modes[0].b4 > 0.0 && r.spectrum.staircase_count[1] < 24;
    let chosen = sound.iter().position(fits).expect("one has two modes");
    for (expected, severity, change) in cases {
        let mut records = sound.clone();
        change(&mut records[chosen]);
        let report = checked(&archive_of(folder.path(), &records));
        let found = report.findings.iter().find(|finding| finding.to_string().starts_with(expected));
        let found = found.unwrap_or_else(|| panic!("{expected}: {:?}", messages(&report)));
        assert!(found.message.ends_with(&format!("in 1 realization: {chosen}")), "{found}");
        assert_eq!((found.severity, found.check), (severity, Check::Physics));
        assert_eq!(report.is_sound(), severity == Severity::Remark);
    }
}

/// Changes the file as another program could.
fn tampered(folder: &Path, change: impl FnOnce(&hdf5::File)) -> VerifyReport {
    let path = archive_of(folder, &SyntheticCampaign::tiny().records(0..29));
    let file = hdf5::File::open_rw(&path).expect("writable");
    change(&file);
    file.close().expect("closed");
    checked(&path)
}

fn write<T: hdf5::H5Type + Clone>(file: &hdf5::File, path: &str, change: impl FnOnce(&mut Vec<T>)) {
    let dataset = file.dataset(path).expect("there");
    let mut values: Vec<T> = dataset.read_raw().expect("readable");
    change(&mut values);
    dataset.write_raw(&values).expect("writable");
}

#[test]
fn missing_and_misshapen_datasets_are_named_and_the_rest_is_checked() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let report = tampered(folder.path(), |file| {
        file.unlink("/modes/beta").expect("there");
        file.unlink("/realizations/pressure").expect("there");
        file.new_dataset_builder().with_data(&[0f32; 29]).create("/realizations/pressure").expect("created");
        file.unlink("/realizations/seed").expect("there");
        file.new_dataset_builder().with_data(&[0u64; 28]).create("/realizations/seed").expect("created");
        file.dataset("/modes/b3").expect("there").delete_attr("unit").expect("deleted");
        file.unlink("/particles/glass/diameter/step").expect("there");
    });
    let messages = messages(&report);
    let expected = [
        "/realizations/seed: has 28 rows, /realizations/index has 29",
        "/realizations/pressure: type is float32, expected float64",
        "/modes/b3: attribute unit",
        "/modes/beta: missing",
        "/particles/glass/diameter/step: missing",
    ];
    assert_eq!(messages.len(), expected.len(), "{messages:?}");
    for (message, expected) in messages.iter().zip(expected) {
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(report.datasets.iter().filter(|dataset| !dataset.sound).count(), 4);
    assert_eq!(report.realizations, 29);
}

/// Numbers that are not in the file are none of the archive's; a dataset made of itself has no end.
#[test]
fn storage_elsewhere_is_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = "/realizations/pressure";
    let report = tampered(folder.path(), |file| {
        file.unlink(path).expect("there");
        let builder = file.new_dataset::<f64>().shape(29).external("elsewhere.bin", 0, 8 * 29);
        builder.create(path).expect("created");
    });
    let expected = "/realizations/pressure: storage is external, expected numbers in the file itself";
    assert!(messages(&report).iter().any(|message| message == expected), "{:?}", messages(&report));
    let report = tampered(folder.path(), |file| {
        file.unlink(path).expect("there");
        let builder = file.new_dataset::<f64>().shape(29);
        builder.virtual_map(".", path, 29, .., 29, ..).create(path).expect("created");
    });
    let expected = "/realizations/pressure: storage is virtual, expected numbers in the file itself";
    assert!(messages(&report).iter().any(|message| message == expected), "{:?}", messages(&report));
}

#[test]
fn a_campaign_of_impossible_size_is_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let report = tampered(folder.path(), |file| {
        file.attr("realizations").expect("there").write_scalar(&(1u64 << 40)).expect("written");
    });
    assert!(messages(&report)[0].contains("`realizations` is 1099511627776"), "{:?}", messages(&report));
}

/// Everything that is kept is looked at: no column may hold nonsense.
#[test]
fn nonsense_in_any_column_is_a_fault() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut tried = 0;
    for dataset in SCHEMA.iter().filter(|dataset| dataset.element == Element::F64 && dataset.since == 1) {
        for nonsense in [f64::NAN, 1e308, f64::NEG_INFINITY] {
            // Not a number is what some are where there is nothing to compute, in all of a group at once.
            let report = tampered(folder.path(), |file| {
                write::<f64>(file, dataset.path, |values| {
                    let place = values.iter().position(|value| !value.is_nan()).expect("a number");
                    values[place] = nonsense;
                })
            });
            let silent = nonsense.is_nan() && MAY_BE_NAN.contains(&dataset.path);
            assert_eq!(report.is_sound(), silent, "{} {nonsense}: {:?}", dataset.path, messages(&report));
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Where a single NaN may be right: G < P is checked, shares of sums that vanish are not.
const MAY_BE_NAN: [&str; 2] = ["/modes/cutoff_share_b3", "/modes/cutoff_share_b4"];

#[test]
fn tables_that_disagree_are_told() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let cases: [(&str, fn(&hdf5::File)); 7] = [
        ("/realizations/index: the same index twice in 1 realization: 8", |file| {
            write::<u64>(file, "/realizations/index", |index| index[9] = 8);
        }),
        ("/realizations/index: ", |file| write::<u64>(file, "/realizations/index", |index| index.swap(3, 4))),
        ("/realizations/index: index beyond the campaign in 1 realization: 77", |file| {
            write::<u64>(file, "/realizations/index", |index| index[28] = 77);
        }),
        ("/failures/index: both finished and quarantined in 1 realization: 3", |file| {
            write::<u64>(file, "/failures/index", |index| index[0] = 3);
        }),
        ("/modes/realization: rows without a realization in 1 realization: 1000", |file| {
            write::<u64>(file, "/modes/realization", |index| *index.last_mut().expect("modes") = 1000);
        }),
        ("/modes/snapshot: points to the row of another mode", |file| {
            write::<i64>(file, "/modes/snapshot", |rows| {
                let (a, b) = (rows.iter().position(|&row| row == 2), rows.iter().position(|&row| row == 3));
                rows.swap(a.expect("kept"), b.expect("kept"));
            });
        }),
        ("/particles/glass/position/step: the same index twice", |file| {
            write::<u64>(file, "/particles/glass/position/step", |steps| steps[1] = steps[0]);
        }),
    ];
    for (expected, change) in cases {
        let report = tampered(folder.path(), change);
        assert!(messages(&report).iter().any(|message| message.starts_with(expected)), "{:?}", messages(&report));
        assert!(!report.is_sound());
    }
}

/// Whatever byte is wrong, the answer is a report. A byte that makes no fault is one that HDF5 does not
/// use: every number is still as it was.
#[test]
fn flipped_bytes_are_reported_not_crashed_on() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = archive_of(folder.path(), &SyntheticCampaign::tiny().records(0..29));
    let whole = fs::read(&path).expect("readable");
    let (mut tried, mut reported, mut by_dataset) = (0, 0, 0);
    for position in (0..whole.len()).step_by(whole.len() / 300) {
        let mut bytes = whole.clone();
        bytes[position] ^= 0x41;
        // A file of its own: HDF5 would know a file again that it could not close.
        let damaged = folder.path().join(format!("damaged-{position}.h5"));
        fs::write(&damaged, &bytes).expect("writable");
        let report = checked(&damaged);
        tried += 1;
        if report.is_sound() {
            assert_eq!(differences(&path, &damaged).expect("readable"), [], "byte {position}");
        } else {
            reported += 1;
            by_dataset += u32::from(!report.datasets.is_empty());
        }
    }
    assert!(reported * 10 > tried * 8 && by_dataset * 10 > tried * 7, "{reported}, {by_dataset} of {tried}");
}

#[test]
fn truncated_and_foreign_files_are_reported() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = archive_of(folder.path(), &SyntheticCampaign::tiny().records(0..29));
    let whole = fs::read(&path).expect("readable");
    for length in [0, 7, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).expect("writable");
        let report = checked(&path);
        assert!(!report.is_sound() && !report.is_complete());
    }
    let report = checked(&folder.path().join("nothing.h5"));
    assert!(messages(&report)[0].contains("No such file"), "{:?}", messages(&report));
}

#[test]
fn a_segment_is_verified_by_its_name_too() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut store = SegmentStore::open(folder.path(), &SyntheticCampaign::tiny().provenance(5)).expect("a folder");
    let path =
        store.write_segment(&SyntheticCampaign::tiny().records(0..5)).expect("written").expect("new").path.clone();
    assert!(checked(&path).is_sound());
    let mut bytes = fs::read(&path).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes).expect("writable");
    assert!(messages(&checked(&path))[0].contains("its content has hash"));
}
