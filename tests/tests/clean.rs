//! `glassmodes clean`: nothing goes that the archive may lack, and nothing that it does not know.

use glassmodes_tests::{Campaign, Finished, assert_same_results, glassmodes, run, segments, small_campaign};
use std::fs;
use std::path::{Path, PathBuf};

fn clean(campaign: &Campaign) -> Finished {
    run(glassmodes(["clean", &campaign.path("campaign").display().to_string()]))
}

/// Nine realizations, on one thread.
fn finished() -> Campaign {
    let campaign = Campaign::new(&small_campaign(9));
    campaign.run("campaign", &["--threads", "1"]).expect_code(0);
    campaign
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("segments")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("listed").path()).collect();
    files.sort();
    files
}

#[test]
fn the_archive_of_another_campaign_makes_nothing_superfluous() {
    let campaign = finished();
    campaign.run("other", &["--set", "campaign.seed=12"]).expect_code(0);
    fs::copy(campaign.archive("other"), campaign.archive("campaign")).expect("copied");
    let before = files(&campaign.path("campaign"));
    clean(&campaign).expect_code(2).expect_error("archive.h5: is not of this campaign, config_hash is");
    assert_eq!(files(&campaign.path("campaign")), before);
}

#[test]
fn a_damaged_segment_stays_until_the_archive_is_complete() {
    let campaign = finished();
    let folder = campaign.path("campaign");
    let whole = campaign.path("whole.h5");
    fs::copy(campaign.archive("campaign"), &whole).expect("copied");
    campaign.run("part", &["--set", "campaign.realizations=4"]).expect_code(0);
    fs::copy(campaign.archive("part"), campaign.archive("campaign")).expect("copied");
    // All of what the archive lacks is damaged.
    for segment in segments(&folder) {
        let held = archive::Archive::open(&segment).expect("a segment").indices().expect("readable").to_vec();
        if held.iter().any(|&index| index >= 4) {
            let bytes = fs::read(&segment).expect("readable");
            fs::write(&segment, &bytes[..bytes.len() / 2]).expect("written");
        }
    }
    for _ in 0..2 {
        clean(&campaign).expect_code(2).expect_error(".h5.damaged: is damaged").expect_error("run the campaign");
        assert!(files(&folder).iter().any(|path| path.extension().is_some_and(|ending| ending == "damaged")));
    }
    fs::copy(&whole, campaign.archive("campaign")).expect("copied");
    clean(&campaign).expect_code(0).expect_out("holds all");
    assert!(files(&folder).is_empty());
    assert_same_results(&whole, &campaign.archive("campaign"));
}

#[test]
fn what_was_not_compared_stays() {
    let campaign = finished();
    let notes = campaign.path("campaign").join("segments").join("notes.txt");
    fs::write(&notes, "somebody's").expect("written");
    clean(&campaign).expect_code(0);
    assert_eq!(files(&campaign.path("campaign")), [notes]);
}
