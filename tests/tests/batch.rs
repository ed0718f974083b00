//! `glassmodes modes` of many glasses: a campaign, whatever becomes of a glass, a process or a file.

use archive::Archive;
use glassmodes_tests::{
    Campaign, Finished, Running, assert_same_results, glassmodes, mpirun, run, segments, small_campaign, write,
};
use rustix::process::Signal;
use std::path::Path;

/// Three glasses of 64 particles in one archive, one of them as extended XYZ, one far from any minimum, and a file
/// that is none.
fn glasses() -> Campaign {
    let campaign = Campaign::new(&small_campaign(3));
    campaign.run("campaign", &[]).expect_code(0);
    let (archive, glass) = (campaign.archive("campaign"), campaign.path("glass.xyz"));
    let (archive, out) = (archive.display().to_string(), glass.display().to_string());
    run(glassmodes(["export", &archive, "--realization", "1", "--out", &out])).expect_code(0);
    let row = |i: u32| format!("{} {} 1\n", 2 * (i % 8), 2 * (i / 8));
    let rows: String = (0..64).map(row).collect();
    let loose = format!("64\nLattice=\"16 0 0 16\" Properties=pos:R:2:diameter:R:1\n{rows}");
    let folder = campaign.path("");
    write(&folder, "loose.xyz", &loose);
    write(&folder, "torn.xyz", &loose[..200]);
    campaign
}

fn words(campaign: &Campaign, files: &[&str], out: &str, more: &[&str]) -> Vec<String> {
    let path = |name: &str| campaign.path(name).display().to_string();
    let mut words = vec!["modes".to_owned()];
    words.extend(files.iter().map(|name| path(name)));
    words.extend(["--config".into(), path("campaign.toml"), "--out".into(), path(out)]);
    words.extend(more.iter().map(ToString::to_string));
    words
}

fn modes(campaign: &Campaign, files: &[&str], out: &str, more: &[&str]) -> Finished {
    run(glassmodes(words(campaign, files, out, more)))
}

/// Glasses that a command has examined.
fn examined(said: &Finished) -> usize {
    said.err.matches(" described").count()
}

/// Enough glasses to be interrupted among them: three a file.
const MANY: [&str; 50] = ["campaign/archive.h5"; 50];
const SEGMENTS: [&str; 4] = ["--set", "campaign.segment_records=4", "--threads", "1"];

#[test]
fn bad_glasses_are_set_aside_and_the_good_ones_kept() {
    let campaign = glasses();
    let files = ["glass.xyz", "loose.xyz", "campaign/archive.h5", "torn.xyz", "glass.xyz"];
    let said = modes(&campaign, &files, "own.h5", &[]).expect_code(3).expect_out("5 of 7 glasses");
    let archive = Archive::open(&campaign.path("own.h5")).expect("an archive");
    assert_eq!(archive.indices().expect("readable"), [0, 2, 3, 4, 6]);
    let failures = archive.failures().expect("readable");
    assert_eq!(failures.iter().map(|failure| failure.index).collect::<Vec<_>>(), [1, 5]);
    for (failure, words) in failures.iter().zip(["loose.xyz, frame 0: spectrum: not jammed", "torn.xyz:"]) {
        assert!(failure.reason.contains(words), "{}", failure.reason);
        assert!(said.err.contains(&format!("quarantined: glass {}: {}", failure.index, failure.reason)));
    }
    // Which file and frame an index is stands in the archive.
    let config = &archive.provenance().config;
    for (indices, file) in [("0", "glass.xyz"), ("2-4", "archive.h5"), ("5", "torn.xyz"), ("6", "glass.xyz")] {
        let line = config.lines().find(|line| line.starts_with(&format!("# realizations {indices}: ")));
        assert!(line.is_some_and(|line| line.ends_with(file)), "{indices} {file} in {config}");
    }
    assert!(!campaign.path("own.h5.unfinished").exists());
    run(glassmodes(["verify", &campaign.path("own.h5").display().to_string(), "--recompute", "9"]))
        .expect_code(0)
        .expect_out("recomputed to the same bits: realizations 0, 2–4, 6");

    // The same again does nothing, and says what is missing.
    let before = std::fs::read(campaign.path("own.h5")).expect("readable");
    let again = modes(&campaign, &files, "own.h5", &[]).expect_code(3).expect_out("done before and left alone");
    assert_eq!(examined(&again), 0);
    again.expect_error("quarantined: glass 1: ");
    assert!(std::fs::read(campaign.path("own.h5")).expect("readable") == before);
    // Other glasses under the same names do not.
    std::fs::copy(campaign.path("glass.xyz"), campaign.path("loose.xyz")).expect("writable");
    let other = modes(&campaign, &files, "own.h5", &[]).expect_code(3).expect_out("6 of 7 glasses");
    assert_eq!(examined(&other), 6);

    // Nothing is left: no archive, no folder.
    for files in [&["torn.xyz"][..], &["torn.xyz", "torn.xyz"]] {
        modes(&campaign, files, "none.h5", &[]).expect_code(1).expect_error("torn.xyz:");
    }
    modes(&campaign, &["glass.xyz"], "none.h5", &["--set", "potential.smoothness=4"])
        .expect_code(1)
        .expect_error("glass.xyz, frame 0: not a minimum")
        .expect_error("nothing is left: 1 of 1");
    assert!(!campaign.path("none.h5").exists() && !campaign.path("none.h5.unfinished").exists());
    // A file that is not there says nothing of its glasses.
    modes(&campaign, &["glass.xyz", "absent.xyz"], "none.h5", &[]).expect_code(1).expect_error("absent.xyz: cannot be");
    assert!(!campaign.path("none.h5.unfinished").exists());
}

#[test]
fn killed_or_stopped_the_same_command_goes_on_to_the_same_bits() {
    let campaign = glasses();
    modes(&campaign, &MANY, "whole.h5", &SEGMENTS).expect_code(0).expect_out("150 glasses");
    let folder = campaign.path("own.h5.unfinished");
    for signal in [Signal::KILL, Signal::TERM, Signal::INT] {
        let before = segments(&folder).len();
        let mut running = Running::start(&mut glassmodes(words(&campaign, &MANY, "own.h5", &SEGMENTS)));
        running.wait_for_segments(&folder, before + 1);
        running.signal(signal);
        let ended = running.wait(60);
        assert_eq!(ended.code, (signal != Signal::KILL).then_some(75), "{}", ended.err);
        assert!(folder.exists() && !campaign.path("own.h5").exists());
    }
    let kept: usize =
        segments(&folder).iter().map(|path| Archive::open(path).and_then(|s| s.len()).expect("whole")).sum();
    assert!(kept >= 12, "{kept}");
    run(glassmodes(["status", &folder.display().to_string()])).expect_out("150");
    let said = modes(&campaign, &MANY, "own.h5", &SEGMENTS).expect_code(0).expect_out("150 glasses");
    assert_eq!(examined(&said), 150 - kept);
    assert_same_results(&campaign.path("whole.h5"), &campaign.path("own.h5"));
    assert!(!folder.exists());
}

#[test]
fn what_was_begun_goes_on_with_the_same_glasses_only() {
    let campaign = glasses();
    let mut files = vec!["glass.xyz"];
    files.extend(MANY);
    let mut running = Running::start(&mut glassmodes(words(&campaign, &files, "own.h5", &SEGMENTS)));
    let folder = campaign.path("own.h5.unfinished");
    running.wait_for_segments(&folder, 1);
    running.signal(Signal::TERM);
    running.wait(60).expect_code(75);
    let glass = campaign.path("glass.xyz");
    let before = std::fs::read_to_string(&glass).expect("readable");
    std::fs::copy(campaign.path("loose.xyz"), &glass).expect("writable");
    modes(&campaign, &files, "own.h5", &SEGMENTS)
        .expect_code(2)
        .expect_error("glass.xyz: holds other glasses than before")
        .expect_error("own.h5.unfinished was begun");
    std::fs::write(&glass, before).expect("writable");
    let with = |more: &[&str]| modes(&campaign, &files, "own.h5", &[&SEGMENTS[..], more].concat());
    with(&["--quench"]).expect_code(2).expect_error("--quench: was given before or now, not both");
    with(&["--set", "modes.omega_max=1"]).expect_code(2).expect_error("modes.omega_max: 2.5 before, 1.0 now");
    // It is not a campaign of seeds, nor is one of those of glasses.
    for command in ["run", "retry", "clean"] {
        let refused = run(glassmodes([command, &folder.display().to_string()])).expect_code(2);
        refused.expect_error("was begun by `glassmodes modes`");
    }
    std::fs::rename(&folder, campaign.path("aside")).expect("ours");
    std::fs::rename(campaign.path("campaign"), &folder).expect("ours");
    modes(&campaign, &["glass.xyz"], "own.h5", &[]).expect_code(2).expect_error("was begun by `glassmodes run`");
    std::fs::rename(&folder, campaign.path("campaign")).expect("ours");
    std::fs::rename(campaign.path("aside"), &folder).expect("ours");
    with(&[]).expect_code(0).expect_out("151 glasses");
}

#[test]
fn ranks_share_the_glasses_and_give_the_same_bits_as_threads() {
    let campaign = glasses();
    let files = ["glass.xyz", "loose.xyz", "campaign/archive.h5", "torn.xyz", "campaign/archive.h5"];
    for threads in ["1", "2"] {
        let out = format!("threads-{threads}.h5");
        modes(&campaign, &files, &out, &["--threads", threads]).expect_code(3).expect_out("7 of 9 glasses");
    }
    let said = run(mpirun(3, &[], words(&campaign, &files, "ranks.h5", &[]))).expect_code(3);
    assert!(said.out.contains("7 of 9 glasses"), "{}", said.out);
    assert_eq!(examined(&said), 7, "each once: {}", said.err);
    for other in ["threads-1.h5", "threads-2.h5"] {
        assert_same_results(&campaign.path("ranks.h5"), &campaign.path(other));
    }
    let again = run(mpirun(3, &[], words(&campaign, &files, "ranks.h5", &[]))).expect_code(3);
    assert!(again.out.contains("done before") && examined(&again) == 0, "{}", again.err);
}

#[test]
fn soft_modes_alone_are_found_unless_the_whole_spectrum_is_asked_for() {
    let campaign = glasses();
    let (glass, out) = (campaign.path("glass.xyz").display().to_string(), campaign.path("own.h5"));
    let out_words = out.display().to_string();
    let plain = |more: &[&str]| {
        let words = ["modes", &glass, "--out", &out_words];
        run(glassmodes(words.iter().chain(more))).expect_code(0);
        let archive = Archive::open(&out).expect("an archive");
        (archive.record(0).expect("readable"), archive.provenance().config.clone())
    };
    let (low, config) = plain(&[]);
    assert!(config.contains("method = \"low\"\nomega_max = 1.0\n"), "{config}");
    assert!(low.spectrum.omega_complete >= 1.0 && low.spectrum.eigenvalues.len() < 128);
    let (dense, config) = plain(&["--set", "spectrum.method=dense"]);
    assert!(config.contains("method = \"dense\"\n"), "{config}");
    assert_eq!(dense.spectrum.eigenvalues.len(), 128);
    let described = |record: &archive::Record| record.modes.iter().map(|mode| mode.index).collect::<Vec<_>>();
    assert_eq!(described(&low), described(&dense));
    let (low, config) = plain(&["--set", "modes.omega_max=3"]);
    assert!(config.contains("method = \"low\"\nomega_max = 3.0\n"), "{config}");
    assert!(low.spectrum.omega_complete >= 3.0 && low.modes.len() > 3);
}

#[test]
fn a_dense_spectrum_that_does_not_fit_is_refused_before_it_is_begun() {
    let campaign = Campaign::new("");
    let row = |i: usize| format!("{} {} 1\n", i % 141, i / 141);
    let rows: String = (0..19_881).map(row).collect();
    let text = format!("19881\nLattice=\"141 0 0 141\" Properties=pos:R:2:diameter:R:1\n{rows}");
    let glass = write(&campaign.path(""), "large.xyz", &text).display().to_string();
    let out = campaign.path("own.h5").display().to_string();
    let command = || glassmodes(["modes", &glass, "--quench", "--set", "spectrum.method=dense", "--out", &out]);
    if archive::memory_available() > 50_000_000_000 {
        return;
    }
    let said = run(command()).expect_code(2).expect_error("19881 particles take 50.6 GB of memory");
    said.expect_error("accepted: --set spectrum.method=low");
    assert!(!Path::new(&format!("{out}.unfinished")).exists());
}
