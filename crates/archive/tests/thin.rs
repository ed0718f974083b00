//! Thin archives keep what a report needs, in a few hundred bytes a glass.

use archive::synthetic::SyntheticCampaign;
use archive::{
    Agreement, Archive, ArchiveError, MergeOptions, Record, SummedStep, ThinCuts, VerifyOptions, WriteStyle,
    differences, merge, verify, write_archive,
};
use glass::Seed;
use glass::random::{Stage, uniform};
use modes::Mode;
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
            let step = steps.entry(omega.to_bits()).or_insert(SummedStep { omega, count: 0, squares: 0, glasses: 0 });
            step.count += count;
            step.squares += count * count;
            step.glasses += 1;
        }
    }
    steps.into_values().collect()
}

/// Sum and sum of squares of what `of` finds in each record, in units of 2⁻⁴⁰.
fn moments(records: &[Record], of: impl Fn(&Record) -> f64) -> (f64, f64) {
    const UNITS: f64 = (1u64 << 40) as f64;
    let sum = |value: &dyn Fn(f64) -> f64| {
        records.iter().map(|record| (value(of(record)) * UNITS).round()).sum::<f64>() / UNITS
    };
    (sum(&|value| value), sum(&|value| value * value))
}

/// Records of N = 4000 as the paper's ensemble has them: four phonons near ω = 0.31 and a dozen eigenvalues in all below
/// 0.45, of which two are localized; a fifth of a mode a glass is below both cuts. Every mode is described.
fn realistic() -> Vec<Record> {
    let campaign = SyntheticCampaign { eigenvalues: 14, described: 12, ..campaign() };
    let mut stream = Seed::of_realization(7, 0).stream(Stage::Thermalize);
    let mut between = |low: f64, high: f64| low + (high - low) * uniform(&mut stream);
    let mut records = campaign.records(0..PLANNED);
    for record in &mut records {
        let phonon = between(0.29, 0.33);
        let mut found: Vec<(f64, f64)> =
            (0..2).map(|_| (0.45 * between(0.0, 1.0).powf(0.2), between(0.02, 0.35))).collect();
        found.extend((0..4).map(|_| (phonon * between(0.93, 1.0), between(0.3, 0.65))));
        found.extend((0..6).map(|_| (between(0.38, 0.45), between(0.2, 0.65))));
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let spectrum = &mut record.spectrum;
        spectrum.eigenvalues = [between(-1e-13, 0.0), between(0.0, 1e-13)].into();
        spectrum.participation = [between(0.4, 0.6), between(0.4, 0.6)].into();
        spectrum.eigenvalues.extend(found.iter().map(|(omega, _)| omega * omega));
        spectrum.participation.extend(found.iter().map(|(_, participation)| *participation));
        (spectrum.omega_complete, spectrum.own_stiffness_typical) = (0.45, between(280.0, 320.0));
        // Shifts end at the first whole number above all modes, which a few glasses share.
        let top = between(18.0, 21.0).floor();
        spectrum.staircase_omega = (1..=200).map(|k| top * f64::from(k) / 200.0).collect();
        let below = |omega: &f64| spectrum.eigenvalues.partition_point(|lambda| *lambda < omega * omega) as u64;
        spectrum.staircase_count = spectrum.staircase_omega.iter().map(below).collect();
        for mode in &mut record.modes {
            take(mode, spectrum.eigenvalues[mode.index as usize], spectrum.participation[mode.index as usize]);
        }
    }
    records
}

/// Gives a mode another eigenvalue and stretches its quartic along s, so that β stays.
fn take(mode: &mut Mode, eigenvalue: f64, participation: f64) {
    let scale = eigenvalue / mode.b2;
    (mode.b2, mode.omega, mode.participation) = (eigenvalue, eigenvalue.sqrt(), participation);
    [&mut mode.b3, &mut mode.b3_inside].into_iter().for_each(|b3| *b3 *= scale.sqrt());
    let lengths = [&mut mode.separation, &mut mode.true_separation, &mut mode.landing_distance];
    lengths.into_iter().for_each(|length| *length *= scale.sqrt());
    let energies = [&mut mode.barrier, &mut mode.depth, &mut mode.true_barrier, &mut mode.true_depth];
    energies.into_iter().chain([&mut mode.landing_energy]).for_each(|energy| *energy *= scale * scale);
    mode.beta = if mode.b4 > 0.0 { mode.b3 / (3.0 * mode.b2 * mode.b4).sqrt() } else { f64::NAN };
}

#[test]
fn a_thin_archive_is_an_archive_of_a_few_hundred_bytes_a_glass() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let records = realistic();
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

    let series = thin.summed_series().expect("readable");
    assert_eq!(series, whole.summed_series().expect("readable"));
    let sweeps: Vec<u64> = series.iter().map(|sample| sample.sweeps).collect();
    assert_eq!(sweeps, records[0].thermalize.sweeps);
    let drift = |record: &Record| record.thermalize.energy[24] - record.thermalize.energy[3];
    assert_eq!(series[3].drift.glasses, PLANNED);
    assert_eq!((series[3].drift.sum, series[3].drift.squares), moments(&records, drift));
    let correlation = |record: &Record| record.thermalize.diameter_correlation[3];
    let found = series[3].diameter_correlation;
    assert_eq!((found.sum, found.squares), moments(&records, correlation));

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

/// Sums cannot be taken apart: of thin archives that have glasses in common only one counts in them, and that is said.
#[test]
fn sums_that_leave_glasses_out_are_told_and_replace_none_of_more() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let records = SyntheticCampaign::low(40).records(0..60);
    let place = |name: &str| folder.path().join(name);
    let [whole, first, second] = [0..60, 0..40, 30..60].map(|range| {
        let (whole, out) = (place("whole.h5"), place(&format!("{}-{}.h5", range.start, range.end)));
        let provenance = SyntheticCampaign::low(40).provenance(PLANNED);
        write_archive(&whole, &provenance, &records[range], &[], WriteStyle::Archive).expect("written");
        thin(&[whole], &out);
        out
    });
    let overlapping = [first, second];
    let out = place("out.h5");
    let report = merge(&overlapping, &out, &MergeOptions::default()).expect("merged");
    assert_eq!((report.realizations, report.unsummed), (60, 20));
    assert!(Archive::open(&out).expect("an archive").summed_staircase().expect("readable")[0].glasses <= 40);
    let refused = merge(&overlapping, &whole, &MergeOptions::default());
    assert!(matches!(refused, Err(ArchiveError::KeepsMore { .. })), "{refused:?}");
    for sources in [[out.clone(), whole.clone()], [whole.clone(), out]] {
        let again = place("again.h5");
        let report = merge(&sources, &again, &MergeOptions::default()).expect("merged");
        assert_eq!(report.unsummed, 0);
        assert_eq!(differences(&whole, &again).expect("readable"), []);
    }
}

/// A campaign's archive is not replaced by what is left of it, and a wider thin one not by a narrower.
#[test]
fn what_would_be_left_out_is_not_lost() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let place = |name: &str| folder.path().join(name);
    let records = SyntheticCampaign::low(40).records(0..5);
    let whole = place("whole.h5");
    let provenance = SyntheticCampaign::low(40).provenance(5);
    write_archive(&whole, &provenance, &records, &[], WriteStyle::Archive).expect("written");
    let sources = std::slice::from_ref(&whole);
    let options = |thin, force| MergeOptions { thin: Some(thin), force, ..MergeOptions::default() };
    let refused = |out: &Path, options: &MergeOptions| {
        let before = std::fs::read(out).expect("readable");
        assert!(matches!(merge(sources, out, options), Err(ArchiveError::KeepsMore { .. })));
        assert!(std::fs::read(out).expect("readable") == before);
    };
    refused(&whole, &options(ThinCuts::default(), false));
    let out = place("thin.h5");
    let wide = ThinCuts { modes_below: 0.4, ..CUTS };
    merge(sources, &out, &options(wide, false)).expect("merged");
    refused(&out, &options(CUTS, false));
    merge(sources, &out, &options(wide, false)).expect("again");
    merge(sources, &out, &options(CUTS, true)).expect("forced");
    assert_eq!(Archive::open(&out).expect("an archive").provenance().thin, Some(CUTS));
}

/// Whatever is kept is checked: cuts, sums, scalars.
#[test]
fn nonsense_in_a_thin_archive_is_a_fault() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let place = |name: &str| folder.path().join(name);
    let records = &realistic()[..40];
    let (whole, sound) = (written(place("whole.h5"), records), place("sound.h5"));
    thin(&[whole], &sound);
    assert!(verify(&sound, &VerifyOptions::default()).is_sound());
    let tampered = |tamper: &dyn Fn(&hdf5::File)| {
        let path = place("tampered.h5");
        std::fs::copy(&sound, &path).expect("copied");
        let file = hdf5::File::open_rw(&path).expect("opened");
        tamper(&file);
        file.close().expect("closed");
        verify(&path, &VerifyOptions::default()).findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let cases: [(&str, &dyn Fn(&hdf5::File)); 6] = [
        ("/spectrum/staircase_sum: disagrees with the eigenvalues below it", &|file| {
            change::<u64>(file, "spectrum/staircase_sum", |counts| counts[3] += 100);
            change::<u64>(file, "spectrum/staircase_sum_squares", |squares| squares[3] += 1_000_000);
        }),
        ("/spectrum/staircase_sum: is no sum of staircases of these glasses", &|file| {
            change::<u64>(file, "spectrum/staircase_sum_glasses", |glasses| glasses[3] += 40);
        }),
        ("/realizations/series_sum: is no sum of series of these glasses", &|file| {
            change::<u64>(file, "realizations/series_sum_sweeps", |sweeps| sweeps.swap(0, 1));
        }),
        ("/spectrum/omega_complete: is beyond the cut of this thin archive in 1 realization: 9", &|file| {
            change::<f64>(file, "spectrum/omega_complete", |omega| omega[9] = 0.45);
        }),
        ("/modes/omega: a mode beyond the cuts of this thin archive", &|file| {
            change::<f64>(file, "modes/participation", |participation| participation[0] = 0.5);
        }),
        ("/realizations/pressure: no number it can be in 1 realization: 2", &|file| {
            change::<f64>(file, "realizations/pressure", |pressure| pressure[2] = f64::NAN);
        }),
    ];
    for (expected, tamper) in cases {
        let found = tampered(tamper);
        assert!(found.iter().any(|finding| finding.starts_with(expected)), "{expected}: {found:?}");
    }
}

fn change<T: hdf5::H5Type>(file: &hdf5::File, path: &str, change: impl Fn(&mut Vec<T>)) {
    let stored = file.dataset(path).expect("there");
    let mut values = stored.read_raw::<T>().expect("readable");
    change(&mut values);
    stored.write_raw(&values).expect("written");
}

#[test]
fn nonlinear_modes_are_kept_and_know_whether_their_source_is() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let campaign = SyntheticCampaign { searched: true, ..campaign() };
    let records = campaign.records(0..40);
    let whole = written(folder.path().join("whole.h5"), &records);
    let (once, twice) = (folder.path().join("once.h5"), folder.path().join("twice.h5"));
    thin(std::slice::from_ref(&whole), &once);
    thin(std::slice::from_ref(&once), &twice);
    assert_eq!(differences(&once, &twice).expect("readable"), []);

    let (all, kept) = (Archive::open(&whole).expect("an archive"), Archive::open(&once).expect("an archive"));
    let (modes, modes_kept) = (all.modes().expect("readable"), kept.modes().expect("readable"));
    let (all, table) = (all.nonlinear().expect("readable"), kept.nonlinear().expect("readable"));
    assert_eq!((&all.realization, &all.kind, &all.iterations), (&table.realization, &table.kind, &table.iterations));
    let mut left_out = 0;
    for (row, &source) in table.source.iter().enumerate() {
        let before = all.source[row] as usize;
        let keeps = CUTS.keep(modes.omega[before], modes.participation[before]);
        assert_eq!(source >= 0, keeps);
        left_out += usize::from(!keeps);
        assert!(!keeps || modes_kept.omega[source as usize].to_bits() == modes.omega[before].to_bits());
    }
    assert!(left_out > 0 && left_out < table.source.len());
    for (row, record) in records.iter().enumerate() {
        assert_eq!(kept.agreement(row, record).expect("readable"), Agreement::Bits);
    }
    let report = verify(&once, &VerifyOptions::default());
    assert!(report.is_sound(), "{:?}", report.findings);
}
