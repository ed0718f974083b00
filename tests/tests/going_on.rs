//! Going on with a campaign: from its folder alone, from its archive alone, after stops, freezes and failures.

use archive::Archive;
use campaign::{Entry, read_ledger};
use glassmodes_tests::{
    Campaign, Running, assert_same_results, glassmodes, longer_campaign, mpirun, run, segments, small_campaign,
};
use rustix::process::Signal;
use std::path::Path;
use std::process::Command;

/// Realizations computed in the last run.
fn computed(folder: &Path) -> usize {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let last = lines.iter().rposition(|line| matches!(line.entry, Entry::RunStarted { .. })).expect("it ran");
    let finished = lines[last..].iter().map(|line| match &line.entry {
        Entry::Finished { tasks, .. } => tasks.len(),
        _ => 0,
    });
    finished.sum()
}

fn words<'a>(words: &[&'a str], folder: &'a Path) -> Vec<&'a str> {
    let folder = folder.to_str().expect("UTF-8");
    words.iter().map(|&word| if word == "DIR" { folder } else { word }).collect()
}

fn status(folder: &Path) -> String {
    run(glassmodes(words(&["status", "DIR"], folder))).expect_code(0).out
}

#[test]
fn a_folder_alone_is_enough_and_its_archive_alone_too() {
    let campaign = Campaign::new(&small_campaign(9));
    campaign.run("whole", &[]).expect_code(0);
    let folder = campaign.path("campaign");
    campaign.run("campaign", &["--set", "campaign.realizations=5"]).expect_code(0);
    run(glassmodes(words(&["run", "DIR"], &folder))).expect_code(0);
    assert_eq!(computed(&folder), 0);

    // Clean: the archive holds all, so the segments go.
    std::fs::write(folder.join(".archive.h5.tmp-77"), "left by a killed run").expect("written");
    run(glassmodes(words(&["clean", "DIR"], &folder))).expect_code(0);
    assert!(segments(&folder).is_empty() && !folder.join(".archive.h5.tmp-77").exists());
    assert!(status(&folder).contains("5 of 5 done, complete"));
    run(glassmodes(words(&["run", "DIR"], &folder))).expect_code(0);
    assert_eq!(computed(&folder), 0, "the archive counts");

    // Raised: only what is new is computed, and nothing of the archive is lost.
    run(glassmodes(words(&["run", "DIR", "--set", "campaign.realizations=9"], &folder))).expect_code(0);
    assert_eq!(computed(&folder), 4);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("campaign"));

    // The segments alone hold four by now; the archive is merged with them.
    let out = campaign.archive("campaign");
    let merge = ["merge", "DIR", "--out", out.to_str().expect("UTF-8")];
    run(glassmodes(words(&merge, &folder))).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &out);

    // What holds less does not replace it unasked.
    campaign.run("part", &["--set", "campaign.realizations=3"]).expect_code(0);
    let part = campaign.path("part");
    run(glassmodes(words(&merge, &part))).expect_code(1).expect_error("--force");
    assert_same_results(&campaign.archive("whole"), &out);
    let forced = campaign.path("forced.h5");
    std::fs::copy(&out, &forced).expect("copied");
    let merge = ["merge", "DIR", "--force", "--out", forced.to_str().expect("UTF-8")];
    run(glassmodes(words(&merge, &part))).expect_code(0);
    assert_eq!(Archive::open(&forced).expect("whole").indices().expect("readable").len(), 3);

    // A damaged archive makes nothing superfluous.
    let bytes = std::fs::read(&out).expect("readable");
    std::fs::write(&out, &bytes[..bytes.len() / 2]).expect("written");
    run(glassmodes(words(&["clean", "DIR"], &folder))).expect_code(2).expect_error("nothing is removed");
    assert!(!segments(&folder).is_empty());

    run(glassmodes(words(&["run", "DIR", "--out", "elsewhere"], &folder))).expect_code(2);
    run(glassmodes(words(&["run", "DIR"], &campaign.path("")))).expect_code(2).expect_error("no campaign was begun");
}

#[test]
fn what_is_gone_is_not_called_done() {
    let campaign = Campaign::new(&small_campaign(3));
    campaign.run("campaign", &[]).expect_code(0);
    let folder = campaign.path("campaign");
    std::fs::remove_file(folder.join("archive.h5")).expect("removed");
    assert!(status(&folder).contains("3 of 3 done, complete, but archive.h5 is gone"), "{}", status(&folder));
    std::fs::remove_dir_all(folder.join("segments")).expect("removed");
    assert!(status(&folder).contains("0 of 3 done, what was kept is gone"), "{}", status(&folder));
    run(glassmodes(words(&["run", "DIR"], &folder))).expect_code(0);
    assert_eq!(computed(&folder), 3);
}

#[test]
fn the_stop_file_holds_until_it_is_removed() {
    let campaign = Campaign::new(&small_campaign(3));
    let folder = campaign.path("campaign");
    campaign.run("campaign", &["--set", "campaign.realizations=2"]).expect_code(0);
    std::fs::write(folder.join("stop"), "").expect("written");
    for _ in 0..2 {
        campaign.run("campaign", &[]).expect_code(75).expect_error("remove");
        assert_eq!(computed(&folder), 0);
        assert_eq!(
            std::fs::read_to_string(folder.join("outcome")).expect("an outcome"),
            "75 stopped early: stop file\n"
        );
    }
    std::fs::remove_file(folder.join("stop")).expect("removed");
    campaign.run("campaign", &[]).expect_code(0);
}

#[test]
fn raising_a_sliced_campaign_moves_nothing() {
    let campaign = Campaign::new(&small_campaign(6));
    let folder = campaign.path("slice-2");
    campaign.run("slice-2", &["--slice", "2/3"]).expect_code(0);
    campaign.run("slice-2", &["--slice", "2/3", "--set", "campaign.realizations=12"]).expect_code(0);
    assert_eq!(computed(&folder), 2);
    let held = Archive::open(&campaign.archive("slice-2")).expect("whole");
    assert_eq!(held.indices().expect("readable").to_vec(), [1, 4, 7, 10]);
}

#[test]
fn unrelated_campaigns_are_not_added_up() {
    let campaign = Campaign::new(&small_campaign(2));
    campaign.run("both/one", &[]).expect_code(0);
    campaign.run("both/other", &["--set", "campaign.seed=12"]).expect_code(0);
    let said = status(&campaign.path("both"));
    assert!(said.contains("not added up") && !said.contains("together"), "{said}");
}

#[test]
fn what_was_given_up_can_be_tried_again() {
    let campaign = Campaign::new(&small_campaign(6));
    campaign.run("whole", &[]).expect_code(0);
    let folder = campaign.path("campaign");
    campaign.run("campaign", &["--set", "campaign.realizations=5"]).expect_code(0);
    // As if a fault of the program, mended since, had failed realization 5.
    let failed =
        r#"{"at":0.0,"entry":"failed","worker":0,"index":5,"attempt":1,"kind":"failed","reason":"oh","again":false}"#;
    let ledger = folder.join("ledger.jsonl");
    let text = std::fs::read_to_string(&ledger).expect("readable");
    std::fs::write(&ledger, format!("{text}{failed}\n")).expect("written");
    campaign.run("campaign", &[]).expect_code(3);
    run(glassmodes(words(&["retry", "DIR"], &folder))).expect_code(0);
    assert_eq!(computed(&folder), 1);
    assert!(status(&folder).contains("6 of 6 done, 1 attempts ended badly, complete"), "{}", status(&folder));
    assert_same_results(&campaign.archive("whole"), &campaign.archive("campaign"));
    run(glassmodes(words(&["retry", "DIR", "--set", "campaign.seed=3"], &folder))).expect_code(2);
}

#[test]
fn a_frozen_run_is_called_so_and_goes_on_when_it_is_thawed() {
    let campaign = Campaign::new(&longer_campaign());
    campaign.run("whole", &[]).expect_code(0);
    let folder = campaign.path("campaign");
    let mut running = Running::start(&mut glassmodes(campaign.words("campaign", &["--threads", "1"])));
    running.wait_for_segments(&folder, 2);
    running.signal(Signal::STOP);
    let said = status(&folder);
    assert!(said.contains("frozen") && said.contains("kill -CONT"), "{said}");
    campaign.run("campaign", &[]).expect_code(1).expect_error("is frozen");
    running.signal(Signal::CONT);
    running.wait(120).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("campaign"));
}

#[test]
fn ranks_that_were_given_different_campaigns_are_refused() {
    let campaign = Campaign::new(&small_campaign(4));
    let folder = campaign.path("campaign");
    for (argument, key) in [
        ("--set campaign.seed=$((100 + RANK))", "campaign.seed is 100 on rank 0, 101 on rank 1"),
        ("--slice $((1 + RANK))/2", "--slice is 1/2 on rank 0, 2/2 on rank 1"),
    ] {
        let mpirun = mpirun(2, &[], campaign.words("campaign", &[]));
        let all: Vec<String> = mpirun.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let program = all.iter().position(|word| word == "run").expect("glassmodes run") - 1;
        let line = format!("RANK=${{OMPI_COMM_WORLD_RANK:-$PMI_RANK}}; exec {} {argument}", all[program..].join(" "));
        let mut command = Command::new(mpirun.get_program());
        command.args(&all[..program]).args(["bash", "-c", &line]);
        for (name, value) in mpirun.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        run(command).expect_code(2).expect_error(key);
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0, "nothing is written");
    }
}
