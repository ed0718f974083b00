//! Files and arguments of others, mutated: refused or read, never a panic, an abort or a hang.
//!
//! `GLASSMODES_MUTATIONS` multiplies how many are tried, for nights.

use clap::Parser;
use formats::ReadOptions;
use glassmodes::arguments::Arguments;
use glassmodes_tests::hostile::{Numbers, count, try_all};
use glassmodes_tests::{Campaign, glassmodes, run, small_campaign};
use std::path::Path;

const XYZ: &str = "3\nLattice=\"5 0 0 0 5 0 0 0 1\" pbc=[T, T, F] Properties=species:S:1:pos:R:3:radius:R:1 a={1 2} b=\"x\\\"y\"\n\
    A 0.5 1.5 0 0.5\nB 2.5 1e0 0.0 0.6\nA 3.5D0 1 0 0.5\n1\nProperties=pos:R:2:diameter:R:1 Lattice=[[4, 0], [0, 4]]\n1 2 1.25\n\
    2\nLattice=\"5 0 0 0 5 0 0 0 5\" pbc=\"T T T\" Properties=species:S:1:pos:R:3:radius:R:1\nA 1 2 3 0.5\nB 4 3 1.5 0.7\n";

const DUMP: &str = "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n-2 2\n-2 2\n-0.5 0.5\n\
    ITEM: ATOMS id type xs y z radius\n2 1 0.5 1.5 0 0.5\n1 2 0.75 1e0 0 0.6\nITEM: TIMESTEP\n8\nITEM: NUMBER OF ATOMS\n1\n\
    ITEM: BOX BOUNDS abc origin pp pp pp\n4 0 0 -2\n0 4 0 -2\n0 0 1 -0.5\nITEM: ATOMS xu yu diameter\n-7 9 1.5\n\
    ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n-2 2\n-2 2\n0 4\nITEM: ATOMS type x y zs radius\n1 0 1 0.5 0.5\n2 1 0 0.25 0.6\n";

/// In three dimensions.
const CUBE: &str = "by hand\n\n2 atoms\n2 atom types\n-2 2 xlo xhi\n-2 2 ylo yhi\n-1 3 zlo zhi\n\n\
    Atoms # sphere\n\n2 2 1.4 1 1 0 0 0 -1 0\n1 1 1.0 1 -1.5 0.5 2.5\n";

const DATA: &str = "by hand\n\n2 atoms\n2 atom types\n-2 2 xlo xhi\n-2 2 ylo yhi\n-0.5 0.5 zlo zhi\n0 0 0 xy xz yz\n\n\
    Masses\n\n1 1\n2 1\n\nAtoms # sphere\n\n2 2 1.4 1 1 0 0 0 -1 0\n1 1 1.0 1 -1.5 0.5 0 # the first\n\nVelocities\n\n1 0 0 0\n";

fn read(path: &Path, bytes: &[u8]) -> bool {
    read_with(path, bytes, &ReadOptions::default())
}

fn read_with(path: &Path, bytes: &[u8], options: &ReadOptions) -> bool {
    std::fs::write(path, bytes).expect("writable");
    match formats::read(path, options) {
        Ok(_) => true,
        Err(error) => {
            let said = error.to_string();
            let said = said.replace(&path.display().to_string(), "");
            assert!(said.chars().count() < 500 && !said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
            false
        }
    }
}

#[test]
fn mutated_extended_xyz_is_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.xyz");
    let mut numbers = Numbers(1);
    try_all("extended XYZ", count(3000), |_| read(&path, &numbers.mutated(XYZ.as_bytes())));
}

#[test]
fn mutated_lammps_files_are_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.lammps");
    let typed = ReadOptions { diameters: "1=1,2=1.4".parse().ok(), ..ReadOptions::default() };
    let mut numbers = Numbers(6);
    for text in [DUMP, DATA, CUBE] {
        assert!(read(&path, text.as_bytes()));
        try_all("LAMMPS", count(2000), |number| {
            let options = if number % 2 == 0 { &typed } else { &ReadOptions::default() };
            read_with(&path, &numbers.mutated(text.as_bytes()), options)
        });
    }
}

#[test]
fn mutated_gsd_files_are_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.gsd");
    let mut frames = formats::gsd::Frames::default();
    let vector = [[0.6, 0.0], [0.0, -0.8]];
    for step in 0..3 {
        frames.add([4.0; 2], &[[0.5, 1.5], [3.0, 2.0]], &[1.0, 1.4], &[(2, 0.3, &vector)], step);
    }
    let vector = [[0.6, 0.0, 0.0], [0.0, 0.0, -0.8]];
    frames.add([4.0; 3], &[[0.5, 1.5, 1.0], [3.0, 2.0, 0.0]], &[1.0, 1.4], &[(2, 0.3, &vector)], 3);
    let mut bytes = Vec::new();
    frames.write(&mut bytes).expect("written");
    assert!(read(&path, &bytes));
    let mut numbers = Numbers(7);
    try_all("GSD", count(2000), |number| {
        // Half of them in the header, the names and the index.
        let mut mutated = numbers.mutated(&bytes);
        if number % 2 == 0 && mutated.len() > 256 {
            let at = if number % 4 == 0 { numbers.below(256) } else { mutated.len() - 1 - numbers.below(256) };
            mutated[at] = [0, 1, 2, 0x7f, 0x80, 0xff, numbers.below(256) as u8][numbers.below(7)];
        }
        read(&path, &mutated)
    });
}

#[test]
fn mutated_npz_files_are_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.npz");
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/formats/tests/written");
    let typed = ReadOptions { diameters: "Ni=1,P=1.4".parse().ok(), ..ReadOptions::default() };
    let mut numbers = Numbers(9);
    for (name, options) in [("frames.npz", ReadOptions::default()), ("types.npz", typed)] {
        let bytes = std::fs::read(written.join(name)).expect("readable");
        assert!(read_with(&path, &bytes, &options));
        try_all("NPZ", count(1000), |_| read_with(&path, &numbers.mutated(&bytes), &options));
    }
}

#[test]
fn mutated_plain_xyz_is_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("glass.xyz");
    let options = ReadOptions {
        diameters: "A=1,B=1.4".parse().ok(),
        periodic_box: realization::particles::FoundBox::of_sides(&[4.0]).ok(),
        ..ReadOptions::default()
    };
    let mut numbers = Numbers(8);
    let text = b"2\nby hand\nA 0.5 1.5 0\nB 1e0 2 0.0\n\n1\n\nA -0.5 1.5\n2\nin space\nA 0.5 1.5 0\nB 1e0 2 3.0\n";
    try_all("plain XYZ", count(2000), |_| read_with(&path, &numbers.mutated(text), &options));
}

#[test]
fn mutated_gzipped_files_are_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (plain, path) = (folder.path().join("glass.xyz"), folder.path().join("glass.xyz.gz"));
    std::fs::write(&plain, XYZ).expect("writable");
    assert!(std::process::Command::new("gzip").arg(&plain).status().expect("gzip runs").success());
    let packed = std::fs::read(&path).expect("packed");
    let mut numbers = Numbers(2);
    try_all("gzipped", count(1000), |_| read(&path, &numbers.mutated(&packed)));
}

#[test]
fn mutated_configurations_are_resolved_or_refused() {
    let text = small_campaign(3);
    let mut numbers = Numbers(3);
    try_all("configurations", count(2000), |_| {
        let mutated = String::from_utf8_lossy(&numbers.mutated(text.as_bytes())).into_owned();
        realization::config::parse(&mutated, "campaign.toml", &[]).is_ok()
    });
}

#[test]
fn mutated_command_lines_are_understood_or_refused() {
    let lines = [
        "run c.toml --out d --slice 2/4 --threads 3 --set campaign.seed=7 --walltime 01:02:03",
        "modes g.xyz --out a.h5 --group ours --diameters 1=1.0,2=1.4 --quench --set spectrum.omega_max=0.5",
        "export a.h5 --realization 3 --out g.xyz --csv m.csv",
        "plan c.toml --ranks 64 --emit-script j.slurm",
        "report a.h5 --out d --pr-max 0.2 --omega-max 0.3",
    ];
    let mut numbers = Numbers(4);
    try_all("command lines", count(2000), |number| {
        let line = numbers.mutated(lines[number % lines.len()].as_bytes());
        let line = String::from_utf8_lossy(&line).into_owned();
        Arguments::try_parse_from(std::iter::once("glassmodes").chain(line.split(' '))).is_ok()
    });
}

/// In processes of their own: what HDF5 does with damaged files may end the process.
#[test]
fn mutated_h5md_is_read_or_refused() {
    let campaign = Campaign::new("");
    let files = [2, 3].map(|axes| {
        let whole = campaign.path(&format!("whole-{axes}.h5"));
        write_h5md(&whole, axes).expect("written");
        std::fs::read(&whole).expect("readable")
    });
    let path = campaign.path("glass.h5");
    let mut numbers = Numbers(5);
    try_all("H5MD", count(100), |number| {
        let bytes = &files[number % 2];
        // The numbers at the end are of no interest: what says where they are is.
        let mutated = match numbers.below(3) {
            0 => numbers.mutated(bytes),
            _ => {
                let mut changed = bytes.clone();
                for _ in 0..=numbers.below(3) {
                    let at = numbers.below(bytes.len());
                    changed[at] = [0, 1, 2, 0x7f, 0x80, 0xff, numbers.below(256) as u8][numbers.below(7)];
                }
                changed
            }
        };
        std::fs::write(&path, mutated).expect("writable");
        let words = ["modes", &path.display().to_string(), "--out", &campaign.path("out.h5").display().to_string()];
        let ended = run(glassmodes(words));
        assert!(matches!(ended.code, Some(0..=3)), "number {number}: {:?}: {}", ended.code, ended.err);
        assert!(!ended.err.contains("panicked"), "number {number}: {}", ended.err);
        ended.code == Some(0)
    });
}

/// Nine particles in a square, or in a cube, in HDF5's oldest format, which has no checksums.
fn write_h5md(path: &Path, axes: usize) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    let group = file.create_group("particles/ours")?;
    let edges = group.create_group("box")?.new_attr::<f64>().shape(axes).create("edges")?;
    edges.write_raw(&[9.0, 9.0, 9.0][..axes])?;
    let place = |i: u32| [i % 3, i / 3, i % 4].map(|step| 3.0 * f64::from(step)).into_iter().take(axes);
    let places: Vec<f64> = (0..9).flat_map(place).collect();
    let position = group.new_dataset::<f64>().shape((9, axes)).chunk((9, axes)).deflate(1).create("position")?;
    position.write_raw(&places)?;
    group.new_dataset::<f64>().shape(9).create("diameter")?.write_raw(&[1.0; 9])
}
