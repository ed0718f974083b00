//! `glassmodes revisit`: the same bits again, described in full; refused where they would be others.

use archive::{Archive, compare_records};
use glassmodes::listed;
use glassmodes_tests::{
    Campaign, Running, assert_same_results, glassmodes, longer_campaign, mpirun, run, segments, small_campaign,
};
use rustix::process::Signal;
use std::path::{Path, PathBuf};

/// A campaign and its archive.
fn finished(text: &str, realizations: &str) -> (Campaign, String) {
    let campaign = Campaign::new(text);
    campaign.run("campaign", &["--set", realizations]).expect_code(0);
    let archive = campaign.archive("campaign").display().to_string();
    (campaign, archive)
}

/// Realizations with a mode of PR < 0.5 below ω = 1.2.
const SELECTION: [&str; 4] = ["--pr-max", "0.5", "--omega-max", "1.2"];

fn revisit(archive: &str, out: &Path, more: &[&str]) -> std::process::Command {
    let out = out.display().to_string();
    let mut words = vec!["revisit", archive, "--out", &out];
    words.extend(SELECTION);
    words.extend(more);
    glassmodes(words)
}

/// Asserts that each realization of `part` is that of `archive`, bit by bit; their indices.
fn same_realizations(archive: &str, part: &Path) -> Vec<u64> {
    let (all, part) = (Archive::open(Path::new(archive)).expect("an archive"), Archive::open(part).expect("another"));
    let indices = part.indices().expect("readable").to_vec();
    for (row, &index) in indices.iter().enumerate() {
        let before = all.row_of(index).expect("readable").expect("there");
        let differences = compare_records(&all.record(before).expect("one"), &part.record(row).expect("other"));
        assert!(differences.is_empty(), "{differences:?}");
    }
    indices
}

#[test]
fn the_selected_realizations_are_made_again_to_the_same_bits() {
    let (campaign, archive) = finished(&small_campaign(8), "campaign.realizations=8");
    let out = campaign.path("again.h5");
    run(revisit(&archive, &out, &["--threads", "2"])).expect_code(0).expect_out("realizations made again");
    let modes = Archive::open(Path::new(&archive)).expect("an archive").modes().expect("readable");
    let mut wanted: Vec<u64> = (0..modes.omega.len())
        .filter(|&row| modes.participation[row] < 0.5 && modes.omega[row] <= 1.2)
        .map(|row| modes.realization[row])
        .collect();
    wanted.dedup();
    assert!(!wanted.is_empty() && wanted.len() < 8);
    assert_eq!(same_realizations(&archive, &out), wanted);
    // It is no sample of the ensemble, and says so.
    let selected_by = |archive: &Path| Archive::open(archive).expect("an archive").provenance().selected_by.clone();
    assert_eq!(selected_by(&out).as_deref(), Some("--pr-max 0.5 --omega-max 1.2"));
    assert_eq!(selected_by(Path::new(&archive)), None);
    let report = campaign.path("report").display().to_string();
    run(glassmodes(["report", &out.display().to_string(), "--out", &report])).expect_code(0);
    let page = std::fs::read_to_string(campaign.path("report").join("index.html")).expect("a page");
    assert!(page.contains("Selected: only glasses with a mode within --pr-max 0.5 --omega-max 1.2."));
    // Nothing is left beside it, and the same command again does nothing.
    assert!(!campaign.path("again.h5.unfinished").exists());
    run(revisit(&archive, &out, &[])).expect_code(0).expect_out("made again before and left alone");
    // In full: every vector of every mode.
    let whole = campaign.path("whole.h5");
    run(revisit(&archive, &whole, &["--set", "modes.snapshot_participation_max=1"])).expect_code(0);
    let whole = Archive::open(&whole).expect("an archive");
    assert!(whole.modes().expect("readable").snapshot.iter().all(|&row| row >= 0));
}

#[test]
fn another_glass_another_program_and_nothing_selected_are_refused() {
    let (campaign, archive) = finished(&small_campaign(4), "campaign.realizations=4");
    let out = campaign.path("again.h5");
    run(revisit(&archive, &out, &["--set", "thermalize.sweeps=7"]))
        .expect_code(2)
        .expect_error("thermalize.sweeps")
        .expect_error("accepted: keys of [spectrum], [modes], [nonlinear] and [wells]");
    run(revisit(&archive, &out, &["--group", "C"])).expect_code(2).expect_error("A, A-double, B or unbounded");
    let empty = ["--pr-max", "0.001", "--omega-max", "0.001"];
    let out_text = out.display().to_string();
    let words = ["revisit", &archive, "--out", &out_text].into_iter().chain(empty);
    run(glassmodes(words)).expect_code(2).expect_error("no mode is selected");
    {
        // As if a program that rounds differently had made it.
        let file = hdf5::File::open_rw(&archive).expect("an archive");
        let energies = file.dataset("realizations/energy_inherent").expect("in the schema");
        let mut values: Vec<f64> = energies.read_raw().expect("readable");
        values.iter_mut().for_each(|value| *value += 1e-15);
        energies.write_raw(&values).expect("writable");
    }
    run(revisit(&archive, &out, &[]))
        .expect_code(1)
        .expect_error("energy_inherent is")
        .expect_error("this program makes other bits than glassmodes");
    assert!(!out.exists());
}

/// A campaign of three glasses a chain that takes a second or so.
fn harvested() -> String {
    let harvest = "[thermalize]\nharvest = { count = 3, sweeps = 40 }";
    longer_campaign().replace("30_000", "100_000").replace("[thermalize]", harvest)
}

/// Begins to make some of `archive` again and stops after the first segment; the folder.
fn begun(campaign: &Campaign, archive: &str) -> PathBuf {
    let (out, folder) = (campaign.path("again.h5"), campaign.path("again.h5.unfinished"));
    let mut running = Running::start(&mut revisit(archive, &out, &["--threads", "1"]));
    running.wait_for_segments(&folder, 1);
    running.signal(Signal::TERM);
    running.wait(120).expect_code(75).expect_error("run the same command again");
    assert!(!out.exists() && folder.exists());
    folder
}

#[test]
fn stopped_early_the_same_command_goes_on_and_no_other() {
    let (campaign, archive) = finished(&harvested(), "campaign.realizations=24");
    let folder = begun(&campaign, &archive);
    let (folder_text, out) = (folder.display().to_string(), campaign.path("again.h5"));
    // What was held against one position would be held against another.
    let out_text = out.display().to_string();
    run(glassmodes(["revisit", &archive, "--out", &out_text, "--pr-max", "1", "--omega-max", "2.5"]))
        .expect_code(2)
        .expect_error("again.h5.unfinished: was begun with another selection of realizations; select the same");
    run(revisit(&archive, &out, &["--set", "modes.snapshot_participation_max=1"]))
        .expect_code(2)
        .expect_error("modes.snapshot_participation_max: 0.3 before, 1.0 now");
    for command in ["run", "retry", "clean"] {
        run(glassmodes([command, &folder_text])).expect_code(2).expect_error("was begun by `glassmodes revisit`");
    }
    run(revisit(&archive, &out, &[])).expect_code(0).expect_out("realizations made again");
    assert!(!folder.exists());
    assert!(same_realizations(&archive, &out).len() > 4);
}

#[test]
fn a_position_in_the_list_is_called_by_its_realization() {
    let (campaign, archive) = finished(&harvested(), "campaign.realizations=24");
    let folder = begun(&campaign, &archive);
    let (folder_text, out) = (folder.display().to_string(), campaign.path("again.h5"));
    let config = std::fs::read_to_string(folder.join("config.toml")).expect("readable");
    let places = listed::Places::of(&config).expect("a list");
    let kept: Vec<u64> = segments(&folder)
        .iter()
        .flat_map(|path| Archive::open(path).and_then(|held| Ok(held.indices()?.to_vec())).expect("whole"))
        .collect();
    let given_up =
        |position: &u64| places.index(*position).is_some_and(|index| index != *position && !kept.contains(&index));
    let position = (0..24).find(given_up).expect("not the first ones alone");
    let index = places.index(position).expect("there");
    let ledger = folder.join("ledger.jsonl");
    let text = std::fs::read_to_string(&ledger).expect("readable");
    let why = format!(r#""index":{position},"reason":"as if it had been given up""#);
    let failed = format!(r#"{{"at":0.0,"entry":"failed","worker":0,"attempt":1,"kind":"failed","again":false,{why}}}"#);
    let quarantined = format!(r#"{{"at":0.0,"entry":"quarantined","attempts":1,{why}}}"#);
    std::fs::write(&ledger, format!("{text}{failed}\n{quarantined}\n")).expect("written");
    let status = run(glassmodes(["status", &folder_text])).expect_code(0).out;
    assert!(status.contains(&format!("realization {index} attempt 1: as if")), "{status}");
    assert!(status.contains(&format!("realization {index} quarantined")) && !status.contains("chain"), "{status}");
    let merged = campaign.path("merged.h5");
    run(glassmodes(["merge", &folder_text, "--out", &merged.display().to_string()])).expect_code(0);
    let failures = Archive::open(&merged).expect("an archive").failures().expect("readable");
    assert_eq!(failures.iter().map(|row| row.index).collect::<Vec<_>>(), [index]);
    run(revisit(&archive, &out, &[]))
        .expect_code(3)
        .expect_error(&format!("realization {index} is quarantined"))
        .expect_error(&format!("quarantined: realization {index}: as if"));
    assert!(!same_realizations(&archive, &out).contains(&index));
}

#[test]
fn a_segment_that_goes_meanwhile_leaves_no_archive_without_it() {
    let (campaign, archive) = finished(&harvested(), "campaign.realizations=24");
    let (out, folder) = (campaign.path("again.h5"), campaign.path("again.h5.unfinished"));
    let mut running = Running::start(&mut revisit(&archive, &out, &["--threads", "1"]));
    running.wait_for_segments(&folder, 1);
    std::fs::remove_file(&segments(&folder)[0]).expect("removable");
    running.wait(120).expect_code(1).expect_error("are gone").expect_error("run again to compute them");
    assert!(!out.exists() && folder.exists());
    run(revisit(&archive, &out, &[])).expect_code(0);
    assert!(!folder.exists());
    same_realizations(&archive, &out);
}

#[test]
fn ranks_make_them_again_too() {
    let (campaign, archive) = finished(&small_campaign(8), "campaign.realizations=8");
    let words = |out: &Path| {
        let out = out.display().to_string();
        let words = ["revisit", &archive, "--out", &out].into_iter().chain(SELECTION);
        mpirun(2, &[], words.map(str::to_owned).collect::<Vec<String>>())
    };
    run(words(&campaign.path("ranks.h5"))).expect_code(0).expect_error("the first gave the same bits");
    run(revisit(&archive, &campaign.path("threads.h5"), &[])).expect_code(0);
    assert_same_results(&campaign.path("ranks.h5"), &campaign.path("threads.h5"));
}
