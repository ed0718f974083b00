//! Files that LAMMPS, ASE and OVITO wrote (`written/README.md`), read to the last digit they hold.

use archive::record::Frame;
use formats::{ReadOptions, read};
use std::path::{Path, PathBuf};

fn written(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/written").join(name)
}

/// All frames of a file.
fn frames(name: &str, diameters: &str) -> Vec<Frame> {
    let options = ReadOptions { diameters: diameters.parse().ok(), ..ReadOptions::default() };
    read(&written(name), &options).unwrap_or_else(|error| panic!("{error}"))
}

/// The slow twin: `sphere.dump` by its columns, in the order of ids.
fn reference() -> Vec<Frame> {
    let text = std::fs::read_to_string(written("sphere.dump")).expect("readable");
    let frames = text.split("ITEM: TIMESTEP").skip(1);
    frames
        .map(|frame| {
            let numbers = |line: &str| line.split_whitespace().map(|word| word.parse().expect("a number")).collect();
            let lines: Vec<&str> = frame.lines().collect();
            let ends: Vec<f64> = numbers(lines[5]);
            let mut rows: Vec<Vec<f64>> = lines[9..].iter().map(|line| numbers(line)).collect();
            rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
            Frame {
                box_length: ends[1] - ends[0],
                positions: rows.iter().map(|row| [row[2], row[3]]).collect(),
                diameters: rows.iter().map(|row| row[7]).collect(),
            }
        })
        .collect()
}

/// Asserts that two frames are the same glass, up to periodic images and `digits` of coordinates.
fn assert_same(found: &Frame, expected: &Frame, digits: f64) {
    let side = expected.box_length;
    assert!((found.box_length - side).abs() <= digits, "{} {side}", found.box_length);
    assert_eq!(found.positions.len(), expected.positions.len());
    for (a, b) in found.positions.as_flattened().iter().zip(expected.positions.as_flattened()) {
        let off = (a - b) - side * ((a - b) / side).round();
        assert!(off.abs() <= digits, "{a} {b}");
    }
    for (a, b) in found.diameters.iter().zip(&expected.diameters) {
        assert!((a - b).abs() <= digits, "{a} {b}");
    }
}

/// The particles in another order: that of x within the box.
fn by_place(frame: &Frame) -> Frame {
    let mut rows: Vec<_> = frame.positions.iter().copied().zip(frame.diameters.iter().copied()).collect();
    rows.sort_by(|(a, _), (b, _)| a[0].rem_euclid(frame.box_length).total_cmp(&b[0].rem_euclid(frame.box_length)));
    let (positions, diameters) = rows.into_iter().unzip();
    Frame { box_length: frame.box_length, positions, diameters }
}

#[test]
fn dumps_of_lammps() {
    let expected = reference();
    assert_eq!(expected.len(), 3);
    assert_eq!(frames("sphere.dump", ""), expected);
    // Three numbers of 17 digits make a coordinate.
    for (found, expected) in frames("unwrapped.dump.gz", "").iter().zip(&expected) {
        assert_same(found, expected, 4e-15);
    }
    // Six digits.
    let scaled = frames("scaled.dump", "1=1,2=1.4");
    assert_eq!(scaled.len(), 3);
    for (found, expected) in scaled.iter().zip(&expected) {
        assert_same(found, expected, 5e-7 * expected.box_length);
    }
    // Without ids: in the order of the lines.
    let unnumbered = frames("scaled-unwrapped.dump", "").remove(0);
    // What LAMMPS's own scaling rounds away.
    assert_same(&by_place(&unnumbered), &by_place(&expected[0]), 1e-12);
}

#[test]
fn data_files_of_lammps() {
    let expected = &reference()[2];
    let spheres = frames("sphere.data", "");
    assert_eq!(spheres.len(), 1);
    // 16 digits.
    assert_same(&spheres[0], expected, 1e-15);
    assert_eq!(spheres[0].diameters, expected.diameters);
    let atomic = frames("atomic.data", "1=1,2=1.4").remove(0);
    assert_eq!(atomic.diameters, expected.diameters);
    for style in ["charge", "molecular", "full"] {
        assert_eq!(frames(&format!("{style}.data"), "1=1,2=1.4")[0], atomic, "{style}");
    }
    let error = read(&written("atomic.data"), &ReadOptions::default()).expect_err("no diameters").to_string();
    assert!(error.contains("atomic.data:20:1: the atom style atomic has neither diameters nor radii"), "{error}");
}

#[test]
fn files_of_ase() {
    let expected = &reference()[2];
    for (name, diameters, digits) in [("ase.data", "1=1,2=1.4", 1e-15), ("ase.xyz", "Ni=1,P=1.4", 5.1e-9)] {
        let found = frames(name, diameters);
        assert_eq!(found.len(), 1);
        assert_same(&found[0], expected, digits);
    }
    let error = read(&written("ase.xyz"), &ReadOptions::default()).expect_err("no diameters").to_string();
    assert!(error.contains("neither diameters nor radii; give the diameter of each type"), "{error}");
}

#[test]
fn files_of_ovito() {
    let expected = &reference()[2];
    for name in ["ovito.dump", "ovito.data"] {
        let found = frames(name, "");
        assert_eq!(found.len(), 1);
        // Ten digits; radii in single precision.
        assert_same(&found[0], expected, 1e-7);
        for (a, b) in found[0].positions.as_flattened().iter().zip(expected.positions.as_flattened()) {
            assert!((a - b).abs() <= 5.1e-11, "{a} {b}");
        }
    }
    // Without ids: in the order of the lines.
    assert_same(&by_place(&frames("ovito.xyz", "")[0]), &by_place(expected), 5.1e-11);
}
