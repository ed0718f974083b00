//! What one does with a campaign: look at it, check it, export it, foresee it.

use archive::Archive;
use glassmodes_tests::{Campaign, Running, glassmodes, longer_campaign, run, small_campaign};
use std::time::Duration;

fn finished(realizations: u64) -> (Campaign, String) {
    let campaign = Campaign::new(&small_campaign(realizations));
    campaign.run("campaign", &[]).expect_code(0);
    let archive = campaign.archive("campaign").display().to_string();
    (campaign, archive)
}

#[test]
fn a_finished_campaign_says_what_it_found() {
    let campaign = Campaign::new(&small_campaign(5));
    let said = campaign.run("campaign", &[]).expect_code(0).out;
    for words in ["5 of 5 realizations", "core-seconds a realization", "A-double", "archive.h5"] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn status_tells_how_far_it_is_while_it_runs_and_afterwards() {
    let campaign = Campaign::new(&longer_campaign().replace("sweeps = 6000", "sweeps = 30_000"));
    let folder = campaign.path("campaign").display().to_string();
    run(glassmodes(["status", &folder])).expect_code(1);
    let mut running = Running::start(&mut glassmodes(campaign.words("campaign", &["--threads", "1"])));
    let mut seen = false;
    while !running.has_ended() && !seen {
        std::thread::sleep(Duration::from_millis(20));
        let said = run(glassmodes(["status", &folder, "--json"]));
        if said.code == Some(0) {
            let status: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
            seen = status["running"].as_u64() == Some(1) && status["total"].as_u64() == Some(24);
        }
    }
    assert!(seen, "never seen running");
    running.wait(60).expect_code(0);
    let said = run(glassmodes(["status", &folder, "--watch"])).expect_code(0).out;
    assert!(said.contains("24 of 24 done, complete"), "{said}");
    let said = run(glassmodes(["status", &folder, "--json"])).expect_code(0).out;
    let status: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((status["done"].as_u64(), status["complete"].as_bool()), (Some(24), Some(true)));
}

#[test]
fn status_adds_up_slices() {
    let campaign = Campaign::new(&small_campaign(7));
    campaign.run("slices/slice-1", &["--slice", "1/2"]).expect_code(0);
    campaign.run("slices/slice-2", &["--slice", "2/2"]).expect_code(0);
    let folder = campaign.path("slices").display().to_string();
    let said = run(glassmodes(["status", &folder])).expect_code(0).out;
    assert!(said.contains("slice-1: 3 of 3 done") && said.contains("together: 7 of 7 done"), "{said}");
}

#[test]
fn verify_finds_a_number_that_was_changed() {
    let (_campaign, archive) = finished(2);
    {
        let file = hdf5::File::open_rw(&archive).expect("an archive");
        let energies = file.dataset("realizations/energy_inherent").expect("in the schema");
        let mut values: Vec<f64> = energies.read_raw().expect("readable");
        values[1] += 1e-12;
        energies.write_raw(&values).expect("writable");
    }
    let said = run(glassmodes(["verify", &archive, "--recompute", "2"])).expect_code(1).out;
    assert!(said.contains("FAULT   realization 1, recomputed, differs: /realizations/energy_inherent"), "{said}");
    let said = run(glassmodes(["verify", &archive, "--recompute", "2", "--json"])).expect_code(1).out;
    let verdict: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(verdict["sound"].as_bool(), Some(false));
}

#[test]
fn verify_describes_a_damaged_archive() {
    let (campaign, archive) = finished(3);
    let bytes = std::fs::read(&archive).expect("readable");
    let cut = campaign.path("cut.h5");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("writable");
    run(glassmodes(["verify", &cut.display().to_string()])).expect_code(1);
    let text = campaign.path("campaign.toml");
    let said = run(glassmodes(["verify", &text.display().to_string()])).expect_code(1).out;
    assert!(said.contains("not a glassmodes archive") && said.contains("NOT sound"), "{said}");
}

#[test]
fn exports_hold_what_the_archive_holds() {
    let (campaign, path) = finished(4);
    let (table, glass) = (campaign.path("modes.csv"), campaign.path("glass.xyz"));
    let (table_name, glass_name) = (table.display().to_string(), glass.display().to_string());
    run(glassmodes(["export", &path, "--csv", &table_name, "--realization", "2", "--out", &glass_name])).expect_code(0);

    let archive = Archive::open(path.as_ref()).expect("an archive");
    let modes = archive.modes().expect("readable");
    let table = std::fs::read_to_string(table).expect("written");
    let header: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|column| *column == name).expect("a column");
    assert_eq!(table.lines().count(), 1 + modes.omega.len());
    for (row, line) in table.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), header.len());
        // Written so that reading gives the same bits.
        assert_eq!(cells[column("omega")].parse(), Ok(modes.omega[row]));
        assert_eq!(cells[column("b4")].parse(), Ok(modes.b4[row]));
        assert_eq!(cells[column("barrier")].is_empty(), modes.barrier[row].is_nan());
    }

    let glass = std::fs::read_to_string(glass).expect("written");
    let kept = (0..modes.omega.len()).filter(|&row| modes.realization[row] == 2 && modes.snapshot[row] >= 0);
    for row in kept {
        assert!(glass.contains(&format!(":mode_{}:R:3", modes.mode[row])));
    }
    assert_eq!(glass.lines().count(), 64 + 2);

    run(glassmodes(["export", &path, "--realization", "9"]))
        .expect_code(2)
        .expect_error("no realization 9; it has 4 from 0 to 3");
}

#[test]
fn a_plan_foresees_the_campaign_and_writes_its_script() {
    let campaign = Campaign::new(&small_campaign(1000));
    let (config, script) = (campaign.path("campaign.toml").display().to_string(), campaign.path("job.slurm"));
    let words = ["plan", &config, "--ranks", "8", "--emit-script", &script.display().to_string()];
    let said = run(glassmodes(words)).expect_code(0).out;
    for words in ["core-hours:", "memory of a process:", "on 8 processes:", "1000 realizations of 64 particles"] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let script = std::fs::read_to_string(script).expect("written");
    assert!(script.contains("--ntasks=8") && script.contains("scontrol requeue"), "{script}");
    let syntax = std::process::Command::new("bash").args(["-n", "-c", &script]).status().expect("bash runs");
    assert!(syntax.success());
}

#[test]
fn a_report_of_one_realization_and_of_two_archives_is_a_page() {
    let (campaign, archive) = finished(1);
    let out = campaign.path("report");
    run(glassmodes(["report", &archive, &archive, "--out", &out.display().to_string()])).expect_code(0);
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(page.contains("</html>"));
    let summary = std::fs::read_to_string(out.join("summary.json")).expect("a summary");
    serde_json::from_str::<serde_json::Value>(&summary).expect("JSON");
    run(glassmodes(["report", &archive, "--out", &out.display().to_string(), "--pr-max", "0"]))
        .expect_code(2)
        .expect_error("--pr-max 0: accepted: above 0");
}
