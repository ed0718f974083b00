//! A campaign under mpirun, interrupted at a random moment in a random way and resumed until it is
//! complete: nothing lost, nothing twice, the same archive as one that was never interrupted.
//!
//! The gate runs one trial of each kind; `GLASSMODES_KILL_TRIALS=200 cargo test -p glassmodes-tests
//! --test kill_trials -- --nocapture` runs as many as asked for (docs/reliability.md).

#![expect(clippy::print_stdout, reason = "the nightly run reads the counts")]

use glassmodes_tests::{Campaign, Running, longer_campaign, mpirun, run};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// How a running campaign is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Interruption {
    KillWorker,
    KillCoordinator,
    KillLauncher,
    Terminate,
    UserSignal,
    StopFile,
}

const KINDS: [Interruption; 6] = [
    Interruption::KillWorker,
    Interruption::KillCoordinator,
    Interruption::KillLauncher,
    Interruption::Terminate,
    Interruption::UserSignal,
    Interruption::StopFile,
];

const RANKS: u32 = 3;

#[test]
fn whatever_interrupts_a_campaign_resuming_gives_the_same_archive() {
    let trials: usize =
        std::env::var("GLASSMODES_KILL_TRIALS").ok().and_then(|count| count.parse().ok()).unwrap_or(KINDS.len());
    let campaign = Campaign::new(&longer_campaign());
    let started = Instant::now();
    run(mpirun(RANKS, &[], campaign.words("whole", &[]))).expect_code(0);
    let undisturbed = started.elapsed();

    let mut interrupted = BTreeMap::<Interruption, usize>::new();
    let mut resumes = 0;
    for trial in 0..trials {
        let kind = KINDS[trial % KINDS.len()];
        let out = format!("trial-{trial}");
        let folder = campaign.path(&out);
        let mut running = Running::start(&mut mpirun(RANKS, &[], campaign.words(&out, &[])));
        // A little beyond the end, so that the last steps (merging, leaving) are hit as well.
        let moment = undisturbed.mul_f64(1.1 * fraction(trial as u64));
        std::thread::sleep(moment);
        let what = format!("trial {trial}, {kind:?} after {moment:?}");
        if !running.has_ended() {
            interrupt(kind, &running, &folder);
            *interrupted.entry(kind).or_default() += 1;
        }
        let mut code = running.wait(60).code;
        if kind == Interruption::KillLauncher {
            // The ranks follow their launcher within a second or two.
            std::thread::sleep(Duration::from_millis(2500));
        }
        let durable = segments(&folder);
        let _ = std::fs::remove_file(folder.join("stop"));
        let mut tries = 0;
        while code != Some(0) {
            assert!(tries < 5, "{what}: does not complete, last exit code {code:?}");
            code = run(mpirun(RANKS, &[], campaign.words(&out, &[]))).code;
            tries += 1;
        }
        resumes += tries;
        for (name, bytes) in durable {
            if let Ok(now) = std::fs::read(folder.join("segments").join(&name)) {
                assert_eq!(now, bytes, "{what}: segment {name} was rewritten");
            }
        }
        let differences =
            archive::differences(&campaign.archive("whole"), &campaign.archive(&out)).expect("both readable");
        assert!(differences.is_empty(), "{what}: {differences:?}");
        std::fs::remove_dir_all(&folder).expect("removable");
    }
    println!("{trials} trials, interrupted while running: {interrupted:?}; {resumes} resumes; all archives identical");
    assert!(!interrupted.is_empty(), "no trial hit a running campaign");
}

/// A number in [0, 1) for each trial (Weyl sequence of the golden ratio: evenly spread moments).
fn fraction(trial: u64) -> f64 {
    (0.5 + trial as f64 * 0.618_033_988_749_895).fract()
}

fn interrupt(kind: Interruption, running: &Running, out: &Path) {
    let launcher = running.pid() as i32;
    match kind {
        Interruption::KillWorker => signal(rank_pid(launcher, 1), Signal::KILL),
        Interruption::KillCoordinator => signal(rank_pid(launcher, 0), Signal::KILL),
        Interruption::KillLauncher => signal(Some(launcher), Signal::KILL),
        Interruption::Terminate => signal(Some(launcher), Signal::TERM),
        Interruption::UserSignal => signal(Some(launcher), Signal::USR1),
        Interruption::StopFile => {
            // Before the campaign has made its folder there is nothing to stop.
            let _ = std::fs::write(out.join("stop"), "");
        }
    }
}

/// A process that has just ended is as good as interrupted.
fn signal(pid: Option<i32>, signal: Signal) {
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// The process of one MPI rank, by its parent and its environment.
fn rank_pid(launcher: i32, rank: usize) -> Option<i32> {
    let wanted = format!("OMPI_COMM_WORLD_RANK={rank}");
    std::fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok()).find(
        |pid| {
            let parent = std::fs::read_to_string(format!("/proc/{pid}/stat"))
                .ok()
                .and_then(|stat| stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<i32>().ok());
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            parent == Some(launcher) && environment.split(|&byte| byte == 0).any(|entry| entry == wanted.as_bytes())
        },
    )
}

/// Every finished segment, by name.
fn segments(out: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(out.join("segments")) else { return Vec::new() };
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().to_str()?.to_owned();
            name.ends_with(".h5").then(|| Some((name, std::fs::read(entry.path()).ok()?)))?
        })
        .collect()
}
