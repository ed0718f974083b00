//! A campaign on threads or under mpirun, interrupted in every way in every part of its life, and run again until it is
//! complete: nothing lost, nothing twice, the same archive as one that was never interrupted.
//!
//! The gate runs one trial of each kind; `bash ci/kill-trials.sh 1000` runs as many as asked for (docs/reliability.md).

#![expect(clippy::print_stdout, reason = "the nightly run reads the counts")]

mod interruption;
mod moment;

use archive::Archive;
use campaign::{Entry, read_ledger};
use glassmodes_tests::{Campaign, Running, glassmodes, longer_campaign, mpirun, run, segments};
use interruption::Interruption;
use moment::{Moment, Part, Undisturbed};
use rustix::process::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const REALIZATIONS: usize = 24;

#[test]
fn whatever_interrupts_a_campaign_resuming_gives_the_same_archive() {
    let kinds = Interruption::ALL.len();
    let asked = std::env::var("GLASSMODES_KILL_TRIALS").ok().and_then(|count| count.parse().ok());
    let each = asked.unwrap_or(kinds).div_ceil(kinds);
    let mut interrupted = BTreeMap::<(Interruption, Part), usize>::new();
    let mut on_ranks = BTreeMap::<u32, usize>::new();
    let (mut tried, mut resumes) = (0, 0);
    for (number, kind) in Interruption::ALL.into_iter().enumerate() {
        let campaign = Campaign::new(&campaign_for(kind));
        let [alone, together] = ["whole", "whole-3"].map(|out| {
            let mut whole = Running::start(&mut start(&campaign, out, if out == "whole" { 1 } else { 3 }));
            let undisturbed = Undisturbed::watch(&mut whole, &campaign.path(out), REALIZATIONS);
            whole.wait(120).expect_code(0);
            undisturbed
        });
        // A trial counts when the interruption came before the campaign's end.
        let (mut counted, mut tries) = (0, 0);
        while counted < each {
            assert!(tries < 4 * each + 8, "{kind:?}: too few of {tries} come in time: {interrupted:?}");
            let part = Part::ALL[(number + tries) % Part::ALL.len()];
            let moment = Moment { part, fraction: fraction(tried as u64) };
            let ranks = kind.ranks_min() + (number + tries / Part::ALL.len()) as u32 % (5 - kind.ranks_min());
            let undisturbed = if ranks == 1 { alone } else { together };
            let (counts, again) = trial(&campaign, &format!("trial-{tried}"), (kind, ranks), moment, undisturbed);
            if let Some(part) = counts {
                *on_ranks.entry(ranks).or_default() += 1;
                *interrupted.entry((kind, part)).or_default() += 1;
                counted += 1;
            }
            resumes += again;
            tries += 1;
            tried += 1;
        }
    }
    let trials: usize = interrupted.values().sum();
    println!("{tried} campaigns, {trials} of them interrupted, {resumes} resumes, every archive the same:");
    for ((kind, part), count) in interrupted {
        println!("  {kind:?} during {part:?}: {count}");
    }
    for (ranks, count) in on_ranks {
        println!("  {}: {count}", if ranks == 1 { "on threads".to_owned() } else { format!("on {ranks} ranks") });
    }
}

/// The stop file is looked for every half second, so work must last longer than that.
fn campaign_for(kind: Interruption) -> String {
    let sweeps = if kind == Interruption::StopFile { "sweeps = 100_000" } else { "sweeps = 15_000" };
    longer_campaign().replace("sweeps = 30_000", sweeps)
}

/// A campaign in one process with two threads, or on several ranks.
fn start(campaign: &Campaign, out: &str, ranks: u32) -> Command {
    match ranks {
        1 => glassmodes(campaign.words(out, &["--threads", "2"])),
        ranks => mpirun(ranks, &[], campaign.words(out, &[])),
    }
}

/// Interrupts one campaign and resumes it until it is complete. Says in which part it was interrupted, if it was, and how
/// often it was resumed.
fn trial(
    campaign: &Campaign,
    out: &str,
    (kind, ranks): (Interruption, u32),
    moment: Moment,
    undisturbed: Undisturbed,
) -> (Option<Part>, usize) {
    let folder = campaign.path(out);
    let mut running = Running::start(&mut start(campaign, out, ranks));
    moment.wait_for(&mut running, &folder, REALIZATIONS, undisturbed);
    let part = Part::of(&folder, REALIZATIONS);
    let what = format!("{out}, {kind:?} of {ranks} during {part:?} ({moment:?})");
    if !running.has_ended() {
        kind.happen(&running, &folder, ranks);
    }
    if matches!(part, Part::StartUp)
        && matches!(kind, Interruption::KillWorker | Interruption::KillCoordinator)
        && !running.ends_within(30)
    {
        // Open MPI's mpirun itself hangs at times when a rank dies while it connects ("PMIX ERROR: UNREACHABLE").
        println!("{what}: mpirun hangs and is killed");
        running.signal_group(Signal::KILL);
    }
    let mut code = running.wait(120).code;
    if kind == Interruption::KillLauncher && ranks > 1 {
        // The ranks follow their launcher within a second or two.
        std::thread::sleep(Duration::from_millis(2500));
    }
    let interrupted = (code != Some(0)).then_some(part);
    let durable = contents(&folder);
    let _ = std::fs::remove_file(folder.join("stop"));
    let mut resumes = 0;
    while code != Some(0) {
        assert!(resumes < 5, "{what}: does not complete, last exit code {code:?}");
        code = run(start(campaign, out, ranks)).code;
        resumes += 1;
    }
    nothing_lost(&folder, &durable, resumes, &what);
    let differences = archive::differences(&campaign.archive("whole"), &campaign.archive(out)).expect("both readable");
    assert!(differences.is_empty(), "{what}: {differences:?}");
    std::fs::remove_dir_all(&folder).expect("removable");
    (interrupted, resumes)
}

/// What was durable at the interruption is still there, byte by byte, and was not computed again; no realization stands
/// in two segments.
fn nothing_lost(folder: &Path, durable: &[(PathBuf, Vec<u8>)], resumes: usize, what: &str) {
    let mut safe = BTreeSet::new();
    for (path, bytes) in durable {
        let name = path.display();
        let now = std::fs::read(path).unwrap_or_else(|error| panic!("{what}: {name} is gone: {error}"));
        assert!(now == *bytes, "{what}: {name} was rewritten");
        safe.extend(indices(path));
    }
    let kept: Vec<u64> = segments(folder).iter().flat_map(|path| indices(path)).collect();
    assert_eq!(kept.len(), REALIZATIONS, "{what}: {kept:?}");
    assert_eq!(kept.iter().collect::<BTreeSet<_>>().len(), REALIZATIONS, "{what}: twice: {kept:?}");
    if resumes > 0 {
        let lines = read_ledger(folder).expect("a ledger").lines;
        let runs: Vec<usize> =
            (0..lines.len()).filter(|&k| matches!(lines[k].entry, Entry::RunStarted { .. })).collect();
        let resumed = runs[runs.len() - resumes];
        let again: Vec<u64> = lines[resumed..]
            .iter()
            .flat_map(|line| match &line.entry {
                Entry::Finished { tasks, .. } => tasks.iter().map(|task| task.index).collect(),
                _ => Vec::new(),
            })
            .filter(|index| safe.contains(index))
            .collect();
        assert!(again.is_empty(), "{what}: computed again although safe: {again:?}");
    }
}

fn indices(segment: &Path) -> Vec<u64> {
    Archive::open(segment).expect("a whole segment").indices().expect("readable").to_vec()
}

/// A number in [0, 1) for each trial (Weyl sequence of the golden ratio: evenly spread moments).
fn fraction(trial: u64) -> f64 {
    (0.5 + trial as f64 * 0.618_033_988_749_895).fract()
}

/// Every finished segment with its content.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    segments(folder).into_iter().filter_map(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes))).collect()
}
