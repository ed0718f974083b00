//! Several glasses of one chain: the same bits, whoever computes them and however often they are interrupted.

use archive::Archive;
use glassmodes_tests::{
    Campaign, Running, assert_same_results, glassmodes, longer_campaign, mpirun, run, small_campaign,
};
use rustix::process::Signal;
use std::path::Path;

/// Three glasses of each chain, 40 sweeps apart.
fn harvested(text: &str) -> String {
    let harvest = "[thermalize]\nharvest = { count = 3, sweeps = 40 }";
    text.replace("[thermalize]", harvest)
}

fn open(archive: &Path) -> Archive {
    Archive::open(archive).expect("an archive")
}

#[test]
fn the_first_of_a_chain_is_the_glass_without_harvest_and_all_know_their_chain() {
    let campaign = Campaign::new(&harvested(&small_campaign(9)));
    campaign.run("campaign", &["--threads", "2"]).expect_code(0).expect_out("9 of 9");
    let table = open(&campaign.archive("campaign")).realizations().expect("readable");
    assert_eq!(table.index, (0..9).collect::<Vec<_>>());
    assert_eq!(table.chain, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    let plain = Campaign::new(&small_campaign(3));
    plain.run("campaign", &[]).expect_code(0);
    let one_each = open(&plain.archive("campaign")).realizations().expect("readable");
    assert_eq!(one_each.chain, [0, 1, 2]);
    for chain in 0..3 {
        assert_eq!(table.energy_inherent[3 * chain], one_each.energy_inherent[chain]);
        assert_eq!(table.energy_thermal[3 * chain], one_each.energy_thermal[chain]);
        assert_ne!(table.energy_thermal[3 * chain + 1], one_each.energy_thermal[chain]);
    }
    let series = open(&campaign.archive("campaign")).series(0..3).expect("readable");
    assert_eq!(series.iter().map(|glass| glass.sweeps.last().copied()).collect::<Vec<_>>(), [200, 240, 280].map(Some));
    assert_eq!((series[1].sweeps[0], series[2].sweeps[0]), (201, 241));

    // Made again one by one.
    let archive = campaign.archive("campaign").display().to_string();
    run(glassmodes(["verify", &archive, "--recompute", "9"])).expect_code(0).expect_out("same bits: realizations 0–8");
    let again = campaign.path("again.h5").display().to_string();
    let words = ["revisit", &archive, "--out", &again, "--pr-max", "1", "--omega-max", "2.5"];
    run(glassmodes(words)).expect_code(0);
    let (all, again) = (open(Path::new(&archive)), open(Path::new(&again)));
    let indices = again.indices().expect("readable").to_vec();
    assert!(indices.len() > 5 && indices.iter().any(|index| index % 3 == 2));
    for (row, &index) in indices.iter().enumerate() {
        let before = all.record(index as usize).expect("there");
        assert_eq!(archive::compare_records(&before, &again.record(row).expect("there")), []);
    }
    // Its exponents come from chains.
    let out = campaign.path("report").display().to_string();
    run(glassmodes(["report", &archive, "--out", &out, "--pr-max", "1", "--omega-max", "2.5"])).expect_code(0);
    let page = std::fs::read_to_string(campaign.path("report").join("index.html")).expect("a page");
    assert!(page.contains("The 9 sound glasses were taken from 3 chains"));
}

#[test]
fn threads_ranks_and_slices_change_no_bit() {
    let campaign = Campaign::new(&harvested(&small_campaign(12)));
    campaign.run("one", &["--threads", "1"]).expect_code(0);
    campaign.run("two", &["--threads", "2"]).expect_code(0);
    assert_same_results(&campaign.archive("one"), &campaign.archive("two"));
    run(mpirun(3, &[], campaign.words("ranks", &[]))).expect_code(0);
    assert_same_results(&campaign.archive("one"), &campaign.archive("ranks"));

    campaign.run("slice-1", &["--slice", "1/3"]).expect_code(0);
    // A slice has whole chains.
    assert_eq!(open(&campaign.archive("slice-1")).indices().expect("readable"), [0, 1, 2, 9, 10, 11]);
    campaign.run("slice-2", &["--slice", "2/3"]).expect_code(0);
    campaign.run("slice-3", &["--slice", "3/3"]).expect_code(0);
    let path = |name: &str| campaign.path(name).display().to_string();
    let merged = path("merged.h5");
    let words = ["merge", &path("slice-3"), &path("slice-1"), &path("slice-2"), "--out", &merged];
    run(glassmodes(words)).expect_code(0).expect_out("12 of 12 realizations");
    assert_same_results(&campaign.archive("one"), Path::new(&merged));

    // Raised by chains; what is there stays.
    campaign.run("one", &["--set", "campaign.realizations=15"]).expect_code(0).expect_out("15 of 15");
    campaign.run("one", &["--set", "campaign.realizations=16"]).expect_code(2).expect_error("a multiple of that");
}

#[test]
fn stopped_or_killed_it_goes_on_to_the_same_bits() {
    let campaign = Campaign::new(&harvested(&longer_campaign()));
    campaign.run("whole", &[]).expect_code(0);
    for signal in [Signal::TERM, Signal::KILL] {
        let out = format!("interrupted-{}", signal.as_raw());
        let mut running = Running::start(&mut glassmodes(campaign.words(&out, &["--threads", "1"])));
        running.wait_for_segments(&campaign.path(&out), 2);
        running.signal(signal);
        let code = running.wait(20).code;
        assert_eq!(code, (signal == Signal::TERM).then_some(75));
        let folder = campaign.path(&out).display().to_string();
        run(glassmodes(["status", &folder])).expect_code(0).expect_out("of 8 chains done");
        campaign.run(&out, &[]).expect_code(0);
        assert_same_results(&campaign.archive("whole"), &campaign.archive(&out));
    }
}

#[test]
fn a_chain_that_gives_up_is_set_aside_whole() {
    let campaign = Campaign::new(
        &harvested(&small_campaign(6)).replace("[spectrum]", "[quench]\nevaluations_max = 3\n[spectrum]"),
    );
    let said = campaign.run("campaign", &[]).expect_code(3);
    assert!(said.err.contains("chain 1 is quarantined"), "{}", said.err);
    let failures = open(&campaign.archive("campaign")).failures().expect("readable");
    assert_eq!(failures.iter().map(|row| row.index).collect::<Vec<_>>(), (0..6).collect::<Vec<_>>());
    assert!(failures[5].reason.starts_with("realization 3 of the chain: quench: "), "{}", failures[5].reason);
    let folder = campaign.path("campaign").display().to_string();
    run(glassmodes(["retry", &folder])).expect_code(3);
}

#[test]
fn a_merge_of_slices_names_the_realizations_of_chains_that_gave_up() {
    let text = harvested(&small_campaign(12));
    let campaign = Campaign::new(&text);
    campaign.run("all", &[]).expect_code(0);
    let steps = open(&campaign.archive("all")).realizations().expect("readable").quench_iterations;
    let (least, most) = (*steps.iter().min().expect("twelve"), *steps.iter().max().expect("twelve"));
    // Newton's steps come on top of these.
    let limits = (least..most + 30).step_by(5);
    let some_gave_up = limits.filter_map(|limit| {
        let text = text.replace("[spectrum]", &format!("[quench]\nevaluations_max = {limit}\n[spectrum]"));
        let campaign = Campaign::new(&text);
        let slices = [("slice-1", "1/2"), ("slice-2", "2/2")];
        // What each slice's own archive says.
        let mut given_up: Vec<u64> = Vec::new();
        for (name, slice) in slices {
            let code = campaign.run(name, &["--slice", slice]).code;
            assert!(code == Some(0) || code == Some(3), "{code:?}");
            let failures = open(&campaign.archive(name)).failures().expect("readable");
            given_up.extend(failures.iter().map(|row| row.index));
        }
        given_up.sort_unstable();
        (1..12).contains(&given_up.len()).then_some((campaign, slices.map(|(name, _)| name), given_up))
    });
    let (campaign, slices, given_up) = some_gave_up.into_iter().next().expect("a limit that not all chains can keep");
    let path = |name: &str| campaign.path(name).display().to_string();
    let words = ["merge", &path(slices[0]), &path(slices[1]), "--out", &path("merged.h5")];
    run(glassmodes(words)).expect_code(0);
    let merged = open(&campaign.path("merged.h5"));
    assert_eq!(merged.failures().expect("readable").iter().map(|row| row.index).collect::<Vec<_>>(), given_up);
    let kept: Vec<u64> = (0..12).filter(|index| !given_up.contains(index)).collect();
    assert_eq!(merged.indices().expect("readable"), kept);
}

#[test]
fn glasses_made_elsewhere_are_of_no_chain() {
    let campaign = Campaign::new(&harvested(&small_campaign(3)));
    campaign.run("campaign", &[]).expect_code(0);
    let path = |name: &str| campaign.path(name).display().to_string();
    let archive = campaign.archive("campaign").display().to_string();
    run(glassmodes(["modes", &archive, "--config", &path("campaign.toml"), "--out", &path("own.h5")]))
        .expect_code(2)
        .expect_error("thermalize.harvest = { count = 3, sweeps = 40 }: accepted: no such key");
    let plain = campaign.path("plain.toml");
    std::fs::write(&plain, small_campaign(3)).expect("written");
    let plain = plain.display().to_string();
    run(glassmodes(["modes", &archive, "--config", &plain, "--out", &path("own.h5")])).expect_code(0);
    let own = open(&campaign.path("own.h5")).realizations().expect("readable");
    assert_eq!(own.chain, own.index);
}
