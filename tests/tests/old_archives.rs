//! Archives of earlier versions stay readable: each format version has left one here for good.
//!
//! A file in `old-archives` is never written anew.

use archive::{Archive, VerifyOptions, VerifyReport, verify};
use glass::space::Dimension;
use modes::Group;
use std::path::{Path, PathBuf};

/// What `verify` says of an archive with which nothing is wrong.
fn whole(path: &Path) -> VerifyReport {
    let report = verify(path, &VerifyOptions::default());
    assert_eq!(report.findings, []);
    assert!(report.is_sound() && report.is_complete());
    report
}

/// Two glasses of each of two chains, three dimensions, N = 125, as version 0.3.0 made them.
fn version_3() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("old-archives/version-3.h5")
}

#[test]
fn version_3_is_sound_and_knows_its_chains_and_its_dimension() {
    whole(&version_3());
    let archive = Archive::open(&version_3()).expect("an archive");
    assert_eq!((&archive.provenance().software_version[..], archive.provenance().format_version), ("0.3.0", 3));
    assert_eq!(archive.dimension(), Dimension::Three);
    let realizations = archive.realizations().expect("readable");
    assert_eq!((&realizations.index[..], &realizations.chain[..]), (&[0, 1, 2, 3][..], &[0, 0, 1, 1][..]));
    assert_eq!(realizations.energy_inherent[3], 0.11468730992278459);
    assert_eq!(archive.snapshot(0).expect("readable").len(), 3 * 125);
}

/// Three glasses of N = 20, with cubic modes and wells, as version 0.2.0 made them.
fn version_2() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("old-archives/version-2.h5")
}

#[test]
fn version_2_is_sound_and_each_of_its_glasses_is_of_its_own_chain() {
    whole(&version_2());
    let archive = Archive::open(&version_2()).expect("an archive");
    assert_eq!((&archive.provenance().software_version[..], archive.provenance().format_version), ("0.2.0", 2));
    let realizations = archive.realizations().expect("readable");
    assert_eq!((&realizations.index[..], &realizations.chain[..]), (&[0, 1, 2][..], &[0, 1, 2][..]));
    assert_eq!(archive.record(2).expect("readable").chain, 2);
    assert_eq!(realizations.energy_inherent[1], 0.15526889214645678);
    assert_eq!(archive.nonlinear().expect("readable").kind.len(), 6);
}

/// Made-up records of N = 12, 29 of 30 realizations, one quarantined.
fn version_1() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("old-archives/version-1.h5")
}

#[test]
fn version_1_is_sound_and_complete() {
    let report = whole(&version_1());
    assert_eq!((report.realizations, &report.quarantined[..]), (29, &[29][..]));
}

#[test]
fn the_numbers_of_version_1_are_what_they_were() {
    let archive = Archive::open(&version_1()).expect("an archive");
    let provenance = archive.provenance();
    assert_eq!((&provenance.software_version[..], provenance.realizations), ("0.1.0", 30));
    assert!(provenance.config.contains("particles = 12"));

    let realizations = archive.realizations().expect("readable");
    assert_eq!(realizations.index, (0..29).collect::<Vec<_>>());
    assert_eq!(realizations.seed[..2], [17505688782589741848, 761191811020173619]);
    assert_eq!(realizations.shear_modulus[7], 13.228151169404804);
    let (eigenvalues, participation) = archive.spectrum(7).expect("readable");
    assert_eq!((eigenvalues.len(), participation.len(), eigenvalues[2]), (24, 24, 0.19887184721815937));
    let staircase = archive.staircases(7..8).expect("readable").remove(0);
    assert_eq!(staircase.iter().map(|step| step.1).collect::<Vec<_>>(), [10, 15, 20, 23]);

    let modes = archive.modes().expect("readable");
    assert_eq!((modes.omega.len(), modes.b3[10]), (127, -101.620162316019));
    assert_eq!(modes.group[..6], [Group::Unbounded, Group::ADouble, Group::A, Group::ADouble, Group::A, Group::B]);
    assert_eq!((modes.realization[11], modes.snapshot[11], modes.snapshot[10]), (2, 2, -1));
    assert_eq!(archive.snapshot(3).expect("readable")[11], 0.021438308705960984);
    let frame = archive.frame(28).expect("readable").expect("kept");
    assert_eq!((frame.diameters.len(), frame.positions[22]), (12, 0.8003347737185941));
    assert_eq!(archive.frame(29).expect("readable"), None);

    let record = archive.record(28).expect("readable");
    assert_eq!(record.frame.as_ref(), Some(&frame));
    let failures = archive.failures().expect("readable");
    assert_eq!((failures[0].index, failures[0].attempts, &failures[0].reason[..]), (29, 2, "saddle"));
}
