//! What is damaged is reported and computed again, and nothing else.

use campaign::{Entry, LOCK_NAME, read_ledger};
use glassmodes_tests::{
    Campaign, Running, assert_same_results, glassmodes, longer_campaign, run, segments, small_campaign,
};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Twelve realizations in several segments, and the archive. How many depends on how fast they are written.
fn finished() -> Campaign {
    let campaign = Campaign::new(&small_campaign(12));
    campaign.run("whole", &[]).expect_code(0);
    campaign.run("damaged", &["--threads", "1"]).expect_code(0);
    assert!(segments(&campaign.path("damaged")).len() > 1);
    campaign
}

/// Realizations that the last run computed, ascending.
fn computed_by_the_last_run(folder: &Path) -> Vec<u64> {
    let lines = read_ledger(folder).expect("a ledger").lines;
    let last = lines.iter().rposition(|line| matches!(line.entry, Entry::RunStarted { .. })).expect("it ran");
    let mut computed = Vec::new();
    for line in &lines[last..] {
        if let Entry::Finished { tasks, .. } = &line.entry {
            computed.extend(tasks.iter().map(|task| task.index));
        }
    }
    computed.sort_unstable();
    computed
}

fn indices(segment: &Path) -> Vec<u64> {
    archive::Archive::open(segment).expect("a segment").indices().expect("readable").to_vec()
}

/// Damages the second segment; the next run must compute its realizations again if no archive holds them, no others, and
/// give the same archive.
fn only_this_is_computed_again(damage: impl Fn(&Path), reported: Option<&str>) {
    for keep_archive in [false, true] {
        let campaign = finished();
        let folder = campaign.path("damaged");
        let victim = segments(&folder)[1].clone();
        let lost = indices(&victim);
        damage(&victim);
        if !keep_archive {
            fs::remove_file(campaign.archive("damaged")).expect("removable");
        }
        let again = campaign.run("damaged", &[]).expect_code(0);
        if let Some(words) = reported {
            let again = again.expect_error("damaged: what only it holds is computed again").expect_error(words);
            assert!(again.err.contains(&victim.file_name().expect("a name").to_string_lossy().into_owned()));
        }
        let expected = if keep_archive { Vec::new() } else { lost };
        assert_eq!(computed_by_the_last_run(&folder), expected);
        assert_same_results(&campaign.archive("whole"), &campaign.archive("damaged"));
    }
}

#[test]
fn a_truncated_segment() {
    let truncate = |path: &Path| {
        let bytes = fs::read(path).expect("readable");
        fs::write(path, &bytes[..bytes.len() / 2]).expect("writable");
    };
    only_this_is_computed_again(truncate, Some("its content has hash"));
}

#[test]
fn a_flipped_byte_in_a_segment() {
    let flip = |path: &Path| {
        let mut bytes = fs::read(path).expect("readable");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs::write(path, bytes).expect("writable");
    };
    only_this_is_computed_again(flip, Some("its content has hash"));
}

#[test]
fn a_deleted_segment() {
    only_this_is_computed_again(|path| fs::remove_file(path).expect("removable"), None);
}

#[test]
fn a_ledger_cut_off_and_one_with_noise_in_it() {
    let campaign = finished();
    let folder = campaign.path("damaged");
    let lost = indices(&segments(&folder)[1]);
    fs::remove_file(&segments(&folder)[1]).expect("removable");
    fs::remove_file(campaign.archive("damaged")).expect("removable");
    let ledger = folder.join("ledger.jsonl");
    let mut bytes = fs::read(&ledger).expect("readable");
    bytes.truncate(bytes.len() - 10);
    let second_line = 1 + bytes.iter().position(|&byte| byte == b'\n').expect("lines");
    bytes[second_line + 5] = 0xff;
    fs::write(&ledger, bytes).expect("writable");
    let status = run(glassmodes(["status", &folder.display().to_string()])).expect_code(0).out;
    assert!(status.contains("2 unreadable lines in the ledger"), "{status}");
    campaign.run("damaged", &[]).expect_code(0).expect_error("lines of the ledger cannot be read");
    assert_eq!(computed_by_the_last_run(&folder), lost);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("damaged"));
}

#[test]
fn a_lost_ledger_costs_no_result() {
    let campaign = finished();
    let folder = campaign.path("damaged");
    fs::remove_file(folder.join("ledger.jsonl")).expect("removable");
    let before = fs::read(campaign.archive("damaged")).expect("readable");
    campaign.run("damaged", &[]).expect_code(0);
    assert!(computed_by_the_last_run(&folder).is_empty());
    assert_eq!(fs::read(campaign.archive("damaged")).expect("readable"), before);
}

#[test]
fn an_archive_that_is_complete_is_left_alone_and_one_that_is_damaged_is_made_again() {
    let campaign = finished();
    let archive = campaign.archive("damaged");
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).expect("there");
    let before = written(&archive);
    campaign.run("damaged", &[]).expect_code(0);
    assert_eq!(written(&archive), before);
    fs::write(&archive, "no archive").expect("writable");
    campaign.run("damaged", &[]).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &archive);
}

#[test]
fn a_second_run_into_the_same_folder_is_refused_and_changes_nothing() {
    let campaign = Campaign::new(&longer_campaign());
    let folder = campaign.path("shared");
    let mut first = Running::start(&mut glassmodes(campaign.words("shared", &["--threads", "1"])));
    while !(folder.join(LOCK_NAME).exists() && folder.join("config.toml").exists()) {
        assert!(!first.has_ended(), "ended before it could be disturbed");
        std::thread::sleep(Duration::from_millis(2));
    }
    let configuration = fs::read(folder.join("config.toml")).expect("readable");
    let holder = format!("process {}", first.pid());
    campaign
        .run("shared", &["--set", "campaign.segment_records=7"])
        .expect_code(1)
        .expect_error("is in use: a coordinator runs on")
        .expect_error(&holder);
    assert_eq!(fs::read(folder.join("config.toml")).expect("readable"), configuration);
    first.wait(120).expect_code(0);
    campaign.run("whole", &[]).expect_code(0);
    assert_same_results(&campaign.archive("whole"), &campaign.archive("shared"));
}

#[test]
fn of_two_runs_that_begin_at_once_one_has_the_folder() {
    let campaign = Campaign::new(&longer_campaign());
    let records = |count: &str| ["--set".to_owned(), format!("campaign.segment_records={count}")];
    let start = |count| {
        let mut words = campaign.words("shared", &[]);
        words.extend(records(count));
        Running::start(&mut glassmodes(words))
    };
    let runs = [("3", start("3")), ("5", start("5"))];
    let ends = runs.map(|(count, running)| (count, running.wait(120)));
    let winners: Vec<&str> = ends.iter().filter(|(_, end)| end.code == Some(0)).map(|(count, _)| *count).collect();
    let losers: Vec<&str> =
        ends.iter().filter(|(_, end)| end.code == Some(1)).map(|(_, end)| end.err.as_str()).collect();
    assert_eq!((winners.len(), losers.len()), (1, 1), "{ends:?}");
    assert!(losers[0].contains("is in use"), "{losers:?}");
    let configuration = fs::read_to_string(campaign.path("shared").join("config.toml")).expect("readable");
    assert!(configuration.contains(&format!("segment_records = {}", winners[0])), "{configuration}");
}
