//! Damage of every kind to every file of a finished campaign: nothing is sound that is not, nothing that is safe elsewhere
//! is lost, and where the damaged file decides, the program says which one it is.
//!
//! The gate tries a few; `bash ci/damage-trials.sh 1500` as many as asked for (docs/reliability.md).

#![expect(clippy::print_stderr, reason = "counts the trials")]

use archive::{Archive, VerifyOptions, identical_but_for_timings, verify};
use glassmodes_tests::hostile::Numbers;
use glassmodes_tests::{Finished, Running, glassmodes, run, segments, small_campaign, write};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which file is damaged, and what else there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    /// One of the segments; the archive is there.
    Segment,
    /// One of the segments; the archive is not.
    SegmentAlone,
    /// The archive; the segments are there.
    Archive,
    /// The archive; the segments are not.
    ArchiveAlone,
    Ledger,
    Configuration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    FlippedBit,
    FlippedBits,
    CutOff,
    Emptied,
    ZeroedBlock,
    NoiseBlock,
    ExchangedBlocks,
    Lengthened,
    OtherContent,
    Removed,
}

use Damage::{
    CutOff, Emptied, ExchangedBlocks, FlippedBit, FlippedBits, Lengthened, NoiseBlock, OtherContent, Removed,
    ZeroedBlock,
};
use Victim::{ArchiveAlone, Configuration, Ledger, Segment, SegmentAlone};

const VICTIMS: [Victim; 6] = [Segment, SegmentAlone, Victim::Archive, ArchiveAlone, Ledger, Configuration];
const DAMAGES: [Damage; 10] = [
    FlippedBit,
    FlippedBits,
    CutOff,
    Emptied,
    ZeroedBlock,
    NoiseBlock,
    ExchangedBlocks,
    Lengthened,
    OtherContent,
    Removed,
];

/// A sector of a disk.
const BLOCK: usize = 512;

impl Damage {
    /// Damages the file; `other` is another file of the campaign.
    fn happen(self, path: &Path, other: &Path, numbers: &mut Numbers) {
        let mut bytes = fs::read(path).expect("readable");
        let at = numbers.below(bytes.len());
        let block = |at: usize, length: usize| at..(at + BLOCK).min(length);
        match self {
            FlippedBit => bytes[at] ^= 1 << numbers.below(8),
            FlippedBits => (0..16).for_each(|_| {
                let at = numbers.below(bytes.len());
                bytes[at] ^= 1 << numbers.below(8);
            }),
            CutOff => bytes.truncate(at),
            Emptied => bytes.clear(),
            ZeroedBlock => {
                let range = block(at, bytes.len());
                bytes[range].fill(0);
            }
            NoiseBlock => {
                let range = block(at, bytes.len());
                bytes[range].fill_with(|| numbers.below(256) as u8);
            }
            ExchangedBlocks => {
                let half = bytes.len() / 2;
                let (first, second) = bytes.split_at_mut(half);
                let length = BLOCK.min(half);
                let (a, b) = (numbers.below(half + 1 - length), numbers.below(second.len() + 1 - length));
                first[a..a + length].swap_with_slice(&mut second[b..b + length]);
            }
            Lengthened => bytes.extend((0..BLOCK).map(|_| numbers.below(256) as u8)),
            OtherContent => bytes = fs::read(other).expect("readable"),
            Removed => return fs::remove_file(path).expect("removable"),
        }
        fs::write(path, bytes).expect("writable");
    }
}

/// A finished campaign, and the folder in which it is damaged.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Stage {
        let stage = Stage { folder: tempfile::tempdir().expect("a temporary folder") };
        let origin = stage.path("origin");
        fs::create_dir(&origin).expect("writable");
        write(&origin, "small.toml", &small_campaign(9).replace("sweeps = 200", "sweeps = 20"));
        let mut command = glassmodes(["run", "small.toml", "--out", "campaign", "--threads", "1"]);
        command.current_dir(&origin);
        run(command).expect_code(0);
        assert!(segments(&origin.join("campaign")).len() > 1);
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn whole(&self) -> PathBuf {
        self.path("origin/campaign/archive.h5")
    }

    /// A new copy of the campaign, without what this trial does not have; the file to be damaged, and another.
    fn prepare(&self, victim: Victim, numbers: &mut Numbers) -> (PathBuf, PathBuf) {
        let _ = fs::remove_dir_all(self.path("work"));
        let copied = Command::new("cp").arg("-r").arg(self.path("origin")).arg(self.path("work")).status();
        assert!(copied.expect("cp runs").success());
        let campaign = self.path("work/campaign");
        let parts = segments(&campaign);
        let (one, next) = (numbers.below(parts.len()), 1 + numbers.below(parts.len() - 1));
        let (segment, other) = (parts[one].clone(), parts[(one + next) % parts.len()].clone());
        let archive = campaign.join("archive.h5");
        match victim {
            Segment => (segment, other),
            SegmentAlone => {
                fs::remove_file(archive).expect("removable");
                (segment, other)
            }
            Victim::Archive => (archive, other),
            ArchiveAlone => {
                // One of the segments stays beside the folder: other content to be damaged with.
                let aside = self.path("work/other.h5");
                fs::copy(&other, &aside).expect("writable");
                fs::remove_dir_all(campaign.join("segments")).expect("removable");
                (archive, aside)
            }
            Ledger => (campaign.join("ledger.jsonl"), campaign.join("config.toml")),
            Configuration => (campaign.join("config.toml"), campaign.join("ledger.jsonl")),
        }
    }

    fn run(&self, words: &[&str]) -> Finished {
        let mut command = glassmodes(words);
        command.current_dir(self.path("work"));
        Running::start(&mut command).wait(60)
    }

    /// What is wrong after a trial, if anything.
    fn trial(&self, victim: Victim, damage: Damage, numbers: &mut Numbers) -> Option<String> {
        let (path, other) = self.prepare(victim, numbers);
        let before = fs::read(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        damage.happen(&path, &other, numbers);

        if damage != Removed && matches!(victim, Segment | SegmentAlone | Victim::Archive | ArchiveAlone) {
            let told = self.run(&["verify", &path.display().to_string()]);
            if let Some(crash) = crash(&told) {
                return Some(format!("verify: {crash}"));
            }
            // Damage may meet what HDF5 never reads. A segment that is another one is seen by its name.
            if told.code == Some(0) && !self.same_content(victim, &path, &before) {
                return Some(format!("{name} is called sound"));
            }
        }

        let merged = self.run(&["merge", "campaign", "--out", "merged.h5"]);
        if let Some(fault) = crash(&merged).or_else(|| self.fault_of_merge(&merged)) {
            return Some(format!("merge: {fault}"));
        }

        let mut again = self.run(&["run", "small.toml", "--out", "campaign", "--threads", "2"]);
        if let Some(crash) = crash(&again) {
            return Some(format!("run: {crash}"));
        }
        if again.code != Some(0) {
            if !again.err.contains(&name) && !again.err.contains("campaign") {
                return Some(format!("run: exit code {:?} without saying what is wrong:\n{}", again.code, again.err));
            }
            // Refused: with the file as it was, the campaign is what it was.
            fs::write(&path, before).expect("writable");
            again = self.run(&["run", "small.toml", "--out", "campaign", "--threads", "2"]);
        }
        if again.code != Some(0) {
            return Some(format!("run: not completed, exit code {:?}:\n{}", again.code, again.err));
        }
        let archive = self.path("work/campaign/archive.h5");
        if !identical_but_for_timings(&self.whole(), &archive).unwrap_or(false) {
            return Some("the archive is another one with exit code 0".to_owned());
        }
        if !verify(&archive, &VerifyOptions::default()).is_sound() {
            return Some("the archive is not sound with exit code 0".to_owned());
        }
        None
    }

    /// Whether the damaged file reads as it did before.
    fn same_content(&self, victim: Victim, path: &Path, before: &[u8]) -> bool {
        let undamaged = self.path("undamaged.h5");
        fs::write(&undamaged, before).expect("writable");
        let differences = archive::differences(&undamaged, path);
        let all = |path: &Path| Archive::open(path).and_then(|archive| Ok(archive.indices()?.to_vec())).ok();
        // Another segment in place of the archive is a sound archive of fewer: whose it is, run and merge must know.
        differences.is_ok_and(|found| found.is_empty())
            || (matches!(victim, Victim::Archive | ArchiveAlone)
                && all(path).is_some_and(|found| found.len() < 9)
                && verify(path, &VerifyOptions::default()).is_sound())
    }

    /// What a merge made is all of it (0), or less and it says so (3), or nothing.
    fn fault_of_merge(&self, merged: &Finished) -> Option<String> {
        let out = self.path("work/merged.h5");
        match merged.code {
            Some(0) if !identical_but_for_timings(&self.whole(), &out).unwrap_or(false) => {
                let complete = merged.out.contains("9 of 9");
                let sound = verify(&out, &VerifyOptions::default()).is_sound();
                (complete || !sound).then(|| format!("another archive with exit code 0: {}", merged.out))
            }
            Some(3) if !verify(&out, &VerifyOptions::default()).is_sound() => {
                Some("an archive that is not sound with exit code 3".to_owned())
            }
            _ => None,
        }
    }
}

fn crash(finished: &Finished) -> Option<String> {
    let crashed = finished.code.is_none() || finished.err.contains("panicked");
    crashed.then(|| format!("crashed:\n{}", finished.err))
}

#[test]
fn damage_is_noticed_and_costs_nothing_that_is_safe_elsewhere() {
    let asked = std::env::var("GLASSMODES_DAMAGE").ok().and_then(|count| count.parse().ok());
    let trials: usize = asked.unwrap_or(VICTIMS.len() * 2);
    let stage = Stage::new();
    let mut numbers = Numbers(20_261_128);
    let mut counts = BTreeMap::<Victim, usize>::new();
    let mut wrong = Vec::new();
    for number in 0..trials {
        let victim = VICTIMS[number % VICTIMS.len()];
        let damage = DAMAGES[(number / VICTIMS.len() + number) % DAMAGES.len()];
        *counts.entry(victim).or_default() += 1;
        if let Some(fault) = stage.trial(victim, damage, &mut numbers) {
            let words = format!("trial {number}, {damage:?} of {victim:?}: {fault}");
            eprintln!("wrong: {words}");
            wrong.push(words);
        }
    }
    counts.iter().for_each(|(victim, count)| eprintln!("{victim:?}: damaged {count} times"));
    eprintln!("{trials} times damaged, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
