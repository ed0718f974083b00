//! A campaign under mpirun, interrupted at a random moment in a random way and resumed until it is
//! complete: nothing lost, nothing twice, the same archive as one that was never interrupted.
//!
//! The gate runs one trial of each kind; `GLASSMODES_KILL_TRIALS=200 cargo test -p glassmodes-tests
//! --test kill_trials -- --nocapture` runs as many as asked for (docs/reliability.md).

use glassmodes_tests::{Campaign, compare_archives, mpirun, small_campaign};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, ExitStatus};
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

const RANKS: usize = 3;

#[test]
fn whatever_interrupts_a_campaign_resuming_gives_the_same_archive() {
    let trials: usize =
        std::env::var("GLASSMODES_KILL_TRIALS").ok().and_then(|count| count.parse().ok()).unwrap_or(KINDS.len());
    let reference = small_campaign();
    let started = Instant::now();
    assert_eq!(reference.run_under(mpirun(RANKS)).code(), Some(0), "the uninterrupted campaign completes");
    let undisturbed = started.elapsed();

    let mut interrupted = BTreeMap::<Interruption, usize>::new();
    let mut resumes = 0;
    for trial in 0..trials {
        let kind = KINDS[trial % KINDS.len()];
        let campaign = small_campaign();
        let mut launcher = campaign.start_under(mpirun(RANKS));
        // A quarter beyond the end, so that the last steps (merging, leaving) are hit as well.
        let moment = undisturbed.mul_f64(1.25 * fraction(trial as u64));
        std::thread::sleep(moment);
        let still_running = launcher.try_wait().expect("the launcher can be asked").is_none();
        if still_running {
            interrupt(kind, &launcher, campaign.out());
            *interrupted.entry(kind).or_default() += 1;
        }
        let status = wait(&mut launcher, Duration::from_secs(60))
            .unwrap_or_else(|| panic!("trial {trial} ({kind:?} after {moment:?}): hung"));
        let durable = segments(campaign.out());
        let _ = std::fs::remove_file(campaign.out().join("stop"));

        let mut code = status.code();
        for _ in 0..5 {
            if code == Some(0) {
                break;
            }
            resumes += 1;
            code = campaign.run_under(mpirun(RANKS)).code();
        }
        assert_eq!(code, Some(0), "trial {trial} ({kind:?} after {moment:?}): does not complete");
        for (name, bytes) in durable {
            if let Ok(now) = std::fs::read(campaign.out().join("segments").join(&name)) {
                assert_eq!(now, bytes, "trial {trial} ({kind:?}): segment {name} was rewritten");
            }
        }
        compare_archives(&reference.archive(), &campaign.archive())
            .unwrap_or_else(|difference| panic!("trial {trial} ({kind:?} after {moment:?}): {difference}"));
    }
    println!("{trials} trials, interrupted while running: {interrupted:?}; {resumes} resumes; all archives identical");
    assert!(!interrupted.is_empty(), "no trial hit a running campaign");
}

/// A number in [0, 1) for each trial (Weyl sequence of the golden ratio: evenly spread moments).
fn fraction(trial: u64) -> f64 {
    (0.5 + trial as f64 * 0.618_033_988_749_895).fract()
}

fn interrupt(kind: Interruption, launcher: &Child, out: &Path) {
    let launcher_pid = launcher.id() as i32;
    match kind {
        Interruption::KillWorker => signal(rank_pid(launcher_pid, 1), Signal::KILL),
        Interruption::KillCoordinator => signal(rank_pid(launcher_pid, 0), Signal::KILL),
        Interruption::KillLauncher => signal(Some(launcher_pid), Signal::KILL),
        Interruption::Terminate => signal(Some(launcher_pid), Signal::TERM),
        Interruption::UserSignal => signal(Some(launcher_pid), Signal::USR1),
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

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().expect("the launcher can be asked") {
            // Ranks outlive a killed launcher for up to a second.
            if status.code().is_none() {
                std::thread::sleep(Duration::from_millis(1500));
            }
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
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
