//! Thin archives keep what a report needs, in a few hundred bytes a glass.

use archive::synthetic::SyntheticCampaign;
use archive::{
    Agreement, Archive, MergeOptions, Record, SummedStep, ThinCuts, VerifyOptions, WriteStyle, differences, merge,
    verify, write_archive,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const PLANNED: u64 = 600;
const CUTS: ThinCuts = ThinCuts { modes_below: 0.3, participation_below: 0.3 };

fn campaign() -> SyntheticCampaign {
    SyntheticCampaign { snapshots: 0, ..SyntheticCampaign::low(4000) }
}

fn written(path: PathBuf, records: &[Record]) -> PathBuf {
    write_archive(&path, &campaign().provenance(PLANNED), records, &[], WriteStyle::Segment).expect("written");
    path
}

fn thin(sources: &[PathBuf], out: &Path) {
    merge(sources, out, &MergeOptions { thin: Some(CUTS), ..MergeOptions::default() }).expect("merged");
}

fn sum(records: &[Record]) -> Vec<SummedStep> {
    let mut steps: BTreeMap<u64, SummedStep> = BTreeMap::new();
    for record in records {
        for (&omega, &count) in record.spectrum.staircase_omega.iter().zip(&record.spectrum.staircase_count) {
            let step = steps.entry(omega.to_bits()).or_insert(SummedStep { omega, count: 0, glasses: 0 });
            step.count += count;
            step.glasses += 1;
        }
    }
    steps.into_values().collect()
}

#[test]
fn a_thin_archive_is_an_archive_of_a_few_hundred_bytes_a_glass() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // Staircases of a campaign share their shifts.
    let mut records = campaign().records(0..PLANNED);
    for record in &mut records {
        record.spectrum.staircase_omega = (1..=200).map(|k| 0.01 * f64::from(k)).collect();
        let eigenvalues = &record.spectrum.eigenvalues;
        let below = |omega: &f64| eigenvalues.partition_point(|lambda| *lambda < omega * omega) as u64;
        record.spectrum.staircase_count = record.spectrum.staircase_omega.iter().map(below).collect();
    }
    let whole = written(folder.path().join("whole.h5"), &records);
    let out = folder.path().join("thin.h5");
    thin(std::slice::from_ref(&whole), &out);
    let bytes = std::fs::metadata(&out).expect("there").len() as f64 / PLANNED as f64;
    assert!(bytes <= 400.0, "{bytes} bytes a glass");

    let report = verify(&out, &VerifyOptions::default());
    assert!(report.findings.is_empty() && report.is_complete(), "{:?}", report.findings);
    let (whole, thin) = (Archive::open(&whole).expect("an archive"), Archive::open(&out).expect("an archive"));
    assert_eq!(thin.provenance().thin, Some(CUTS));
    assert_eq!(thin.summed_staircase().expect("readable"), sum(&records));
    assert_eq!(whole.summed_staircase().expect("readable"), sum(&records));

    let (all, kept) = (whole.realizations().expect("readable"), thin.realizations().expect("readable"));
    assert_eq!((&all.index, &all.energy_thermal, &all.rattlers), (&kept.index, &kept.energy_thermal, &kept.rattlers));
    assert!(kept.omega_complete.iter().all(|omega| *omega == CUTS.modes_below));
    let (all, kept) = (whole.modes().expect("readable"), thin.modes().expect("readable"));
    let chosen: Vec<usize> = (0..all.omega.len()).filter(|&k| CUTS.keep(all.omega[k], all.participation[k])).collect();
    assert!(chosen.len() > 20 && chosen.len() < all.omega.len());
    assert_eq!(chosen.iter().map(|&k| all.b3[k]).collect::<Vec<_>>(), kept.b3);
    assert!(kept.snapshot.iter().all(|row| *row == -1));
    for (row, record) in records.iter().enumerate() {
        let below = record.spectrum.eigenvalues.iter().filter(|lambda| **lambda < 0.09).count();
        assert_eq!(thin.spectrum(row).expect("readable").0, record.spectrum.eigenvalues[..below]);
        assert_eq!(thin.agreement(row, record).expect("readable"), Agreement::Bits);
    }
    let mut other = records[7].clone();
    other.thermalize.energy[24] += 1e-12;
    assert!(
        matches!(thin.agreement(7, &other), Ok(Agreement::Differ(found)) if found[0].object == "/realizations/energy_thermal")
    );
    assert!(thin.series(0..2).expect("readable").iter().all(|series| series.sweeps.is_empty()));
    assert_eq!(thin.frame(0).expect("readable"), None);
}

#[test]
fn thin_parts_make_the_thin_whole() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let records = SyntheticCampaign::low(40).records(0..60);
    let place = |name: &str| folder.path().join(name);
    let [whole, first, second] = [&records[..], &records[..25], &records[25..]].map(|part| {
        let path = place(&format!("{}.h5", part.len()));
        let provenance = SyntheticCampaign::low(40).provenance(PLANNED);
        write_archive(&path, &provenance, part, &[], WriteStyle::Archive).expect("written");
        path
    });
    let (expected, a, b) = (place("expected.h5"), place("a.h5"), place("b.h5"));
    thin(std::slice::from_ref(&whole), &expected);
    thin(&[first], &a);
    thin(&[second], &b);
    // Thin parts, with what they were made of, again with one of them: always the same, each glass once in the sums.
    for sources in [vec![a.clone(), b.clone()], vec![whole, a.clone()], vec![expected.clone(), b.clone()], vec![b, a]] {
        let out = place("out.h5");
        merge(&sources, &out, &MergeOptions::default()).expect("merged");
        assert_eq!(differences(&expected, &out).expect("readable"), []);
        assert!(verify(&out, &VerifyOptions::default()).is_sound());
    }
}
