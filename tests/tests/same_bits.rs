//! The same bits, whoever computes them and however often they are interrupted.

use archive::record::StageSeconds;
use archive::{Archive, compare_records};
use glass::InstructionSet;
use glassmodes_tests::{
    Campaign, Running, assert_same_results, glassmodes, longer_campaign, mpirun, root, run, small_campaign,
};
use realization::config;
use realization::realize;
use rustix::process::Signal;
use std::path::Path;
use std::time::Duration;

fn indices(archive: &Path) -> Vec<u64> {
    Archive::open(archive).expect("an archive").indices().expect("readable").to_vec()
}

#[test]
fn one_thread_and_two_give_the_same_bits() {
    let campaign = Campaign::new(&small_campaign(10));
    campaign.run("one", &["--threads", "1"]).expect_code(0);
    campaign.run("two", &["--threads", "2"]).expect_code(0);
    assert_eq!(indices(&campaign.archive("one")), (0..10).collect::<Vec<_>>());
    assert_same_results(&campaign.archive("one"), &campaign.archive("two"));
}

#[test]
fn every_instruction_set_gives_the_same_record() {
    let sets = ["thermalize.sweeps=300", "spectrum.staircase_shifts=40"].map(str::to_owned);
    let plan = config::load(&root().join("config/quick.toml"), &sets).expect("a configuration");
    let record = |set: InstructionSet| {
        let mut record = set.only(|| realize(&plan, 3).expect("a realization"))?;
        record.seconds = StageSeconds::default();
        Some(format!("{record:?}"))
    };
    let portable = record(InstructionSet::Portable).expect("every machine has it");
    assert!(portable.contains("staircase_count: ["));
    for set in InstructionSet::available() {
        // Text, for numbers that are none are equal in it; it holds every bit of the others.
        assert!(record(set).as_ref() == Some(&portable), "{set}");
    }
}

#[test]
fn slices_of_a_spectrum_on_one_thread_and_on_several_give_the_same_bits() {
    let config = small_campaign(1).replace("\"dense\"", "\"sliced\"").replace("\"low\"", "\"sliced\"");
    assert!(config.contains("\"sliced\""));
    let campaign = Campaign::new(&config);
    campaign.run("campaign", &[]).expect_code(0);
    let (glasses, config) = (campaign.archive("campaign"), campaign.path("campaign.toml"));
    let modes_on = |threads: &str| {
        let out = campaign.path(&format!("on-{threads}.h5"));
        let [glass_words, config_words, out_words] = [&glasses, &config, &out].map(|path| path.display().to_string());
        let mut command = glassmodes(["modes", &glass_words, "--config", &config_words, "--out", &out_words]);
        command.env("RAYON_NUM_THREADS", threads);
        run(command).expect_code(0);
        Archive::open(&out).and_then(|archive| archive.record(0)).expect("readable")
    };
    let alone = modes_on("1");
    assert_eq!(alone.spectrum.omega_complete, f64::INFINITY);
    assert_eq!(compare_records(&alone, &modes_on("3")), []);
    let original = Archive::open(&glasses).and_then(|archive| archive.record(0)).expect("readable");
    assert_eq!(original.spectrum.eigenvalues, alone.spectrum.eigenvalues);
}

#[test]
fn slices_merged_equal_one_run() {
    let campaign = Campaign::new(&small_campaign(11));
    campaign.run("whole", &[]).expect_code(0);
    campaign.run("slice-1", &["--slice", "1/2"]).expect_code(0);
    campaign.run("slice-2", &["--slice", "2/2"]).expect_code(0);
    let merged = campaign.path("merged.h5");
    let paths = |names: &[&str]| names.iter().map(|name| campaign.path(name).display().to_string()).collect::<Vec<_>>();
    let mut words = vec!["merge".to_owned()];
    words.extend(paths(&["slice-2", "slice-1"]));
    words.extend(["--out".to_owned(), merged.display().to_string()]);
    let said = run(glassmodes(&words)).expect_code(0);
    assert!(said.out.contains("11 of 11 realizations"), "{}", said.out);
    assert_same_results(&campaign.archive("whole"), &merged);

    // Again, with the result among the sources: nothing changes.
    words.insert(1, merged.display().to_string());
    run(glassmodes(&words)).expect_code(0).expect_error("in several sources, with the same results: 11");
    assert_same_results(&campaign.archive("whole"), &merged);

    // One slice alone: what is missing is named.
    let mut words = vec!["merge".to_owned()];
    words.extend(paths(&["slice-1"]));
    words.extend(["--out".to_owned(), campaign.path("half.h5").display().to_string()]);
    run(glassmodes(&words)).expect_code(0).expect_error("missing: 6 (5–10)");

    // A slice's folder belongs to its slice.
    campaign.run("slice-1", &["--slice", "2/2"]).expect_code(2).expect_error("--slice: 1/2 before, 2/2 now");
}

#[test]
fn a_killed_campaign_goes_on_to_the_same_bits() {
    let campaign = Campaign::new(&longer_campaign());
    campaign.run("whole", &[]).expect_code(0);
    // A fifth end without a word while the same realization is in work would quarantine it.
    for written in 1..=4 {
        let mut running = Running::start(&mut glassmodes(campaign.words("killed", &["--threads", "2"])));
        running.wait_for_segments(&campaign.path("killed"), written);
        running.signal_group(Signal::KILL);
        let ended = running.wait(10);
        assert_eq!(ended.code, None, "killed: {}", ended.err);
    }
    campaign.run("killed", &[]).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("killed"));
    // Complete: the same command has nothing to do and says so.
    let again = campaign.run("killed", &[]).expect_code(0);
    assert!(again.out.contains("24 of 24"), "{}", again.out);
}

#[test]
fn interrupted_in_order_it_ends_with_75_and_goes_on() {
    let campaign = Campaign::new(&longer_campaign());
    campaign.run("whole", &[]).expect_code(0);
    for signal in [Signal::INT, Signal::TERM, Signal::USR1] {
        let out = format!("stopped-{}", signal.as_raw());
        let mut running = Running::start(&mut glassmodes(campaign.words(&out, &["--threads", "1"])));
        running.wait_for_segments(&campaign.path(&out), 1);
        running.signal(signal);
        let stopped = running.wait(20).expect_code(75);
        assert!(stopped.err.contains("again"), "says how to go on: {}", stopped.err);
        campaign.run(&out, &[]).expect_code(0);
        assert_same_results(&campaign.archive("whole"), &campaign.archive(&out));
    }
}

#[test]
fn two_three_and_four_ranks_give_the_same_bits() {
    let campaign = Campaign::new(&small_campaign(10));
    campaign.run("threads", &["--threads", "2"]).expect_code(0);
    for ranks in [2, 3, 4] {
        let out = format!("ranks-{ranks}");
        run(mpirun(ranks, &[], campaign.words(&out, &[]))).expect_code(0);
        assert_same_results(&campaign.archive("threads"), &campaign.archive(&out));
    }
    // Ranks with threads, begun by ranks and finished by threads.
    run(mpirun(2, &[], campaign.words("mixed", &["--threads", "2", "--coordinator-works=false"]))).expect_code(0);
    assert_same_results(&campaign.archive("threads"), &campaign.archive("mixed"));
}

#[test]
fn a_campaign_of_killed_ranks_goes_on_to_the_same_bits() {
    let campaign = Campaign::new(&longer_campaign());
    campaign.run("whole", &[]).expect_code(0);
    let mut running = Running::start(&mut mpirun(3, &[], campaign.words("killed", &[])));
    running.wait_for_segments(&campaign.path("killed"), 1);
    running.signal_group(Signal::KILL);
    let ended = running.wait(20);
    assert_ne!(ended.code, Some(0), "{}", ended.out);
    // The ranks follow their launcher within a second or two.
    std::thread::sleep(Duration::from_millis(2500));
    run(mpirun(2, &[], campaign.words("killed", &[]))).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("killed"));
}
