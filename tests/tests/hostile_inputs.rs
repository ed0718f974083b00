//! Files and arguments of others, mutated: refused or read, never a panic, an abort or a hang.
//!
//! `GLASSMODES_MUTATIONS` multiplies how many are tried, for nights.

#![expect(clippy::print_stderr, reason = "says how many were tried")]

use clap::Parser;
use formats::ReadOptions;
use glassmodes::arguments::Arguments;
use glassmodes_tests::{Campaign, glassmodes, run, small_campaign};
use std::path::Path;
use std::time::{Duration, Instant};

/// Longer than any of these small inputs may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Words that programs have stumbled over.
const WORDS: [&str; 24] = [
    "18446744073709551615",
    "18446744073709551614",
    "-1",
    "0",
    "1e400",
    "1e-320",
    "nan",
    "inf",
    "\0",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "=",
    ":",
    "\\",
    "\n",
    "\r",
    "é",
    "\u{1b}[2J",
    "99999999999999999999999999",
    "pos:R:4294967295",
];

/// Steele, Lea and Flood's SplitMix64: numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % end.max(1) as u64) as usize
    }

    /// `bytes` with a few changes: bits, bytes, words, parts left out, doubled or moved, the end cut off.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + self.below(40)).min(bytes.len());
            match self.below(8) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                2 | 3 => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].bytes())),
                4 => drop(bytes.splice(at..end, WORDS[self.below(WORDS.len())].bytes())),
                5 => drop(bytes.drain(at..end)),
                6 => {
                    let part = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    drop(bytes.splice(to..to, part));
                }
                _ if self.below(4) == 0 => bytes.truncate(at),
                _ => {}
            }
        }
        bytes
    }
}

/// How many to try, for so many in the gate.
fn count(gate: usize) -> usize {
    let factor = std::env::var("GLASSMODES_MUTATIONS").ok().and_then(|factor| factor.parse().ok());
    gate * factor.unwrap_or(1)
}

/// Runs what must neither panic nor take long; says how many were accepted.
fn try_all(name: &str, tries: usize, mut one: impl FnMut(usize) -> bool) {
    let mut accepted = 0;
    for number in 0..tries {
        let begin = Instant::now();
        accepted += usize::from(one(number));
        assert!(begin.elapsed() < PATIENCE, "{name} number {number} takes {:?}", begin.elapsed());
    }
    eprintln!("{name}: {tries} tried, {accepted} accepted");
}

const XYZ: &str = "3\nLattice=\"5 0 0 0 5 0 0 0 1\" pbc=[T, T, F] Properties=species:S:1:pos:R:3:radius:R:1 a={1 2} b=\"x\\\"y\"\n\
    A 0.5 1.5 0 0.5\nB 2.5 1e0 0.0 0.6\nA 3.5D0 1 0 0.5\n1\nProperties=pos:R:2:diameter:R:1 Lattice=[[4, 0], [0, 4]]\n1 2 1.25\n";

fn read(path: &Path, bytes: &[u8]) -> bool {
    std::fs::write(path, bytes).expect("writable");
    match formats::read(path, &ReadOptions::default()) {
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
        "modes g.xyz --out a.h5 --group ours --quench --set spectrum.omega_max=0.5",
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
    let whole = campaign.path("whole.h5");
    write_h5md(&whole).expect("written");
    let bytes = std::fs::read(&whole).expect("readable");
    let path = campaign.path("glass.h5");
    let mut numbers = Numbers(5);
    try_all("H5MD", count(100), |number| {
        // The numbers at the end are of no interest: what says where they are is.
        let mutated = match numbers.below(3) {
            0 => numbers.mutated(&bytes),
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

/// Nine particles in a square, in HDF5's oldest format, which has no checksums.
fn write_h5md(path: &Path) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    let group = file.create_group("particles/ours")?;
    let edges = group.create_group("box")?.new_attr::<f64>().shape(2).create("edges")?;
    edges.write_raw(&[9.0, 9.0])?;
    let places: Vec<f64> = (0..9).flat_map(|i| [3.0 * f64::from(i % 3), 3.0 * f64::from(i / 3)]).collect();
    let position = group.new_dataset::<f64>().shape((9, 2)).chunk((9, 2)).deflate(1).create("position")?;
    position.write_raw(&places)?;
    group.new_dataset::<f64>().shape(9).create("diameter")?.write_raw(&[1.0; 9])
}
