//! Files that LAMMPS, gsd, NumPy, ASE and OVITO wrote (`written/README.md`), read to the last digit they hold.

use formats::{Particles, ReadOptions, read};
use std::path::{Path, PathBuf};

fn written(name: &str) -> PathBuf {
    let kept = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/written");
    std::env::var_os("GLASSMODES_WRITTEN").map_or_else(kept, PathBuf::from).join(name)
}

/// All frames of a file.
fn frames(name: &str, diameters: &str) -> Vec<Particles> {
    let options = ReadOptions { diameters: diameters.parse().ok(), ..ReadOptions::default() };
    let frames = read(&written(name), &options).unwrap_or_else(|error| panic!("{error}"));
    frames.into_iter().map(|found| found.frame).collect()
}

/// The slow twin: `sphere.dump` by its columns, in the order of ids.
fn reference() -> Vec<Particles> {
    by_columns("sphere.dump", 2)
}

/// A dump of id, type, so many coordinates and, last, diameter.
fn by_columns(name: &str, axes: usize) -> Vec<Particles> {
    let text = std::fs::read_to_string(written(name)).expect("readable");
    let frames = text.split("ITEM: TIMESTEP").skip(1);
    frames
        .map(|frame| {
            let numbers = |line: &str| line.split_whitespace().map(|word| word.parse().expect("a number")).collect();
            let lines: Vec<&str> = frame.lines().collect();
            let ends = lines[5..5 + axes].iter().map(|line| numbers(line));
            let mut rows: Vec<Vec<f64>> = lines[9..].iter().map(|line| numbers(line)).collect();
            rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
            Particles {
                box_sides: ends.map(|ends: Vec<f64>| ends[1] - ends[0]).collect(),
                positions: rows.iter().flat_map(|row| &row[2..2 + axes]).copied().collect(),
                diameters: rows.iter().map(|row| row[row.len() - 1]).collect(),
            }
        })
        .collect()
}

/// Asserts that two frames are the same glass, up to periodic images and `digits` of coordinates.
fn assert_same(found: &Particles, expected: &Particles, digits: f64) {
    assert_eq!(found.positions.len(), expected.positions.len());
    let sides = expected.box_sides.iter();
    for (found, side) in found.box_sides.iter().zip(sides.clone()) {
        assert!((found - side).abs() <= digits, "{found} {side}");
    }
    for ((a, b), side) in found.positions.iter().zip(&expected.positions).zip(sides.cycle()) {
        let off = (a - b) - side * ((a - b) / side).round();
        assert!(off.abs() <= digits, "{a} {b}");
    }
    for (a, b) in found.diameters.iter().zip(&expected.diameters) {
        assert!((a - b).abs() <= digits, "{a} {b}");
    }
}

/// The particles in another order: that of x within the box.
fn by_place(frame: &Particles) -> Particles {
    let mut rows: Vec<_> = frame.points::<2>().iter().copied().zip(frame.diameters.iter().copied()).collect();
    rows.sort_by(|(a, _), (b, _)| a[0].rem_euclid(frame.box_sides[0]).total_cmp(&b[0].rem_euclid(frame.box_sides[0])));
    let (positions, diameters): (Vec<_>, _) = rows.into_iter().unzip();
    Particles { box_sides: frame.box_sides.clone(), positions: positions.into_flattened(), diameters }
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
        assert_same(found, expected, 5e-7 * expected.box_sides[0]);
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

/// A frame in single precision and around the origin, as HOOMD-blue has it.
fn single(frame: &Particles) -> Particles {
    let round = |x: f64| f64::from(x as f32);
    let place = |x: f64, side: f64| round(x - side * (x / side).round());
    let sides = frame.box_sides.iter().cycle();
    Particles {
        box_sides: frame.box_sides.iter().map(|&side| round(side)).collect(),
        positions: frame.positions.iter().zip(sides).map(|(&x, &side)| place(x, side)).collect(),
        diameters: frame.diameters.iter().map(|&diameter| round(diameter)).collect(),
    }
}

#[test]
fn files_of_gsd() {
    let expected: Vec<Particles> = reference().iter().map(single).collect();
    assert_eq!(frames("sphere.gsd", ""), expected);
    let typed = frames("types.gsd", "A=1,B=1.399999976158142");
    assert_eq!(typed, expected);
    let error = read(&written("types.gsd"), &ReadOptions::default()).expect_err("no diameters").to_string();
    assert!(error.contains("types.gsd: frame 0 has neither diameters nor radii; give the diameter"), "{error}");
    let options = ReadOptions { diameters: "A=1".parse().ok(), ..ReadOptions::default() };
    let error = read(&written("types.gsd"), &options).expect_err("no B").to_string();
    assert!(error.contains("frame 0, chunk particles/typeid, particle 4: type B has no diameter"), "{error}");
    // OVITO moves particles by its corner of the box.
    let found = frames("ovito.gsd", "");
    assert_eq!(found.len(), 3);
    let last = single(&reference()[2]);
    assert_eq!((&found[2].box_sides, found[2].positions.len()), (&last.box_sides, 32));
}

#[test]
fn archives_of_numpy() {
    assert_eq!(frames("frames.npz", ""), reference());
    let last = &reference()[2];
    let rounded = last.positions.iter().map(|&x| f64::from(x as f32)).collect();
    let expected = Particles { positions: rounded, ..last.clone() };
    assert_eq!(frames("types.npz", "Ni=1,P=1.4"), [expected]);
    let refused = |name: &str, diameters: &str| {
        let options = ReadOptions { diameters: diameters.parse().ok(), ..ReadOptions::default() };
        read(&written(name), &options).expect_err("incomplete").to_string()
    };
    let error = refused("types.npz", "");
    assert!(error.contains("types.npz: the file has neither diameters nor radii; give the diameter"), "{error}");
    let error = refused("types.npz", "Ni=1");
    assert!(error.contains("the array types particle 4: type P has no diameter"), "{error}");
    assert!(refused("frames.npz", "1=1").contains("has no types of particles; leave --diameters out"));
}

#[test]
fn frames_are_chosen_and_keep_their_numbers() {
    for name in ["sphere.gsd", "sphere.dump", "frames.npz"] {
        let numbers = |frames: &str| {
            let options = ReadOptions { frames: frames.parse().expect("well formed"), ..ReadOptions::default() };
            read(&written(name), &options).map(|found| found.iter().map(|one| one.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers("::2").expect("readable"), [0, 2]);
        assert_eq!(numbers("-1").expect("readable"), [2]);
        let error = numbers("3:").expect_err("three frames").to_string();
        assert!(error.contains("has none of the frames that --frames asks for"), "{error}");
    }
}

#[test]
fn gsd_that_is_written_is_read_as_it_was() {
    let (frames, vector) = (reference(), vec![[0.25, 0.0]; 16]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.gsd");
    let (mut written, mut bytes) = (formats::gsd::Frames::default(), Vec::new());
    for (number, frame) in frames.iter().enumerate() {
        // Not every frame has the same modes.
        let modes = [(2 + (number % 2) as u32, 0.5, &vector[..])];
        written.add(frame.sides::<2>(), frame.points(), &frame.diameters, &modes, 7 + number as u64);
    }
    written.write(&mut bytes).expect("written");
    std::fs::write(&path, &bytes).expect("writable");
    let found = read(&path, &ReadOptions::default()).expect("well formed");
    assert_eq!(found.len(), 3);
    for (found, frame) in found.iter().zip(&frames) {
        assert_eq!(found.frame, single(frame));
    }
    // What is cut short is refused by the part that is missing.
    for end in 0..bytes.len() {
        std::fs::write(&path, &bytes[..end]).expect("writable");
        assert!(read(&path, &ReadOptions::default()).is_err(), "{end}");
    }
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
        for (a, b) in found[0].positions.iter().zip(&expected.positions) {
            assert!((a - b).abs() <= 5.1e-11, "{a} {b}");
        }
    }
    // Without ids: in the order of the lines.
    assert_same(&by_place(&frames("ovito.xyz", "")[0]), &by_place(expected), 5.1e-11);
}

#[test]
fn data_that_is_written_is_read_to_the_same_bits() {
    let frame = &reference()[1];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.data");
    let mut bytes = Vec::new();
    formats::lammps::write_data(&mut bytes, frame.sides::<2>(), frame.points(), &frame.diameters, "a glass")
        .expect("written");
    std::fs::write(&path, &bytes).expect("writable");
    assert_eq!(read(&path, &ReadOptions::default()).expect("well formed")[0].frame, *frame);
}

/// Three dimensions, and sides that differ, by every program that has them.
#[test]
fn cuboids() {
    let expected = by_columns("cuboid.dump", 3);
    assert_eq!((expected.len(), expected[0].positions.len(), expected[0].box_sides.len()), (3, 72, 3));
    assert_eq!(frames("cuboid.dump", ""), expected);
    assert_eq!(frames("cuboid.npz", ""), expected);
    let sizes = "1=1,2=1.4";
    for (name, diameters, digits) in [("cuboid-unwrapped.dump.gz", "", 4e-15), ("cuboid-scaled.dump", sizes, 4e-15)] {
        let found = frames(name, diameters);
        assert_eq!(found.len(), 3);
        found.iter().zip(&expected).for_each(|(found, expected)| assert_same(found, expected, digits));
    }
    let single: Vec<Particles> = expected.iter().map(single).collect();
    assert_eq!(frames("cuboid.gsd", ""), single);
    // 16 digits; eight behind the point, and of radii seven; ten.
    for (name, diameters, digits) in [
        ("cuboid.data", "", 1e-15),
        ("cuboid.xyz", "Ni=1,P=1.4", 5.1e-9),
        ("ovito-cuboid.data", "", 1e-7),
        ("ovito-cuboid.dump", "", 1e-7),
    ] {
        let found = frames(name, diameters);
        assert_eq!(found.len(), 1, "{name}");
        assert_same(&found[0], &expected[2], digits);
    }
    // OVITO moves particles by its corner of the box.
    let found = frames("ovito-cuboid.gsd", "");
    let sides = |frames: &[Particles]| frames.iter().map(|frame| frame.box_sides.clone()).collect::<Vec<_>>();
    assert_eq!(sides(&found), sides(&single));
}

/// Particles on a few places of a box whose sides all differ.
fn oblong(sides: &[f64]) -> Particles {
    let part = |k: usize| (k * 37 % 101) as f64 / 101.0;
    let positions = (0..20 * sides.len()).map(|k| part(k) * sides[k % sides.len()]).collect();
    Particles { box_sides: sides.to_vec(), positions, diameters: (0..20).map(|k| 0.8 + 0.02 * f64::from(k)).collect() }
}

#[test]
fn boxes_of_different_sides_are_read_as_they_were_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read_again = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("writable");
        read(&path, &ReadOptions::default()).expect("well formed").remove(0).frame
    };
    write_and_read::<2>(&oblong(&[12.25, 7.0]), &read_again);
    write_and_read::<3>(&oblong(&[12.25, 7.0, 9.3]), &read_again);
}

fn write_and_read<const D: usize>(frame: &Particles, read_again: &dyn Fn(&str, Vec<u8>) -> Particles) {
    let (sides, points, diameters) = (frame.sides::<D>(), frame.points(), &frame.diameters);
    let mut xyz = Vec::new();
    formats::extended_xyz::write_frame(&mut xyz, sides, points, diameters, &[], "").expect("written");
    assert_eq!(read_again("glass.xyz", xyz), *frame);
    let mut data = Vec::new();
    formats::lammps::write_data(&mut data, sides, points, diameters, "a glass").expect("written");
    assert_eq!(read_again("glass.data", data), *frame);
    let (mut gsd, mut bytes) = (formats::gsd::Frames::default(), Vec::new());
    gsd.add(sides, points, diameters, &[], 0);
    gsd.write(&mut bytes).expect("written");
    assert_eq!(read_again("glass.gsd", bytes), single(frame));
}
