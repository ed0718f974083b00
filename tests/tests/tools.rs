//! What one does with a campaign: look at it, check it, export it, foresee it.

use archive::Archive;
use glassmodes_tests::{Campaign, Running, glassmodes, longer_campaign, run, small_campaign};
use std::path::Path;
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
    let campaign = Campaign::new(&longer_campaign().replace("sweeps = 30_000", "sweeps = 75_000"));
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
    running.wait(120).expect_code(0);
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
    assert!(said.contains("slice-1: 4 of 4 done") && said.contains("together: 7 of 7 done"), "{said}");
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

/// Whatever way an archive came about, it says with what it was computed.
#[test]
fn archives_of_segments_slices_merges_and_overrides_recompute() {
    let campaign = Campaign::new(&small_campaign(7));
    let sets = ["--set", "potential.smoothness=3", "--set", "campaign.segment_records=2"];
    // Four segments.
    campaign.run("whole", &sets).expect_code(0);
    campaign.run("slice-1", &[&sets[..], &["--slice", "1/2"]].concat()).expect_code(0);
    campaign.run("slice-2", &[&sets[..], &["--slice", "2/2"]].concat()).expect_code(0);
    let path = |name: &str| campaign.path(name).display().to_string();
    run(glassmodes(["merge", &path("slice-1"), &path("slice-2"), "--out", &path("merged.h5")])).expect_code(0);
    run(glassmodes(["merge", &path("merged.h5"), &path("whole"), "--out", &path("again.h5")])).expect_code(0);
    for archive in [path("whole/archive.h5"), path("merged.h5"), path("again.h5")] {
        run(glassmodes(["verify", &archive, "--recompute", "3"]))
            .expect_code(0)
            .expect_out("recomputed to the same bits: realizations 1, 2, 6");
        let opened = Archive::open(archive.as_ref()).expect("an archive");
        assert!(opened.provenance().config.contains("smoothness = 3"), "{archive}");
    }
}

#[test]
fn verify_names_the_damaged_datasets_and_reads_the_rest() {
    let (campaign, archive) = finished(3);
    let whole = std::fs::read(&archive).expect("readable");
    let mut named = std::collections::BTreeSet::new();
    for place in 1..20 {
        // A file of its own, and a hole of 64 bytes in it.
        let damaged = campaign.path(&format!("damaged-{place}.h5"));
        let mut bytes = whole.clone();
        let start = place * whole.len() / 20;
        bytes[start..start + 64].iter_mut().for_each(|byte| *byte ^= 0x55);
        std::fs::write(&damaged, bytes).expect("writable");
        let said = run(glassmodes(["verify", &damaged.display().to_string()]));
        if said.code == Some(0) {
            // A place that HDF5 does not use.
            assert!(said.out.contains("recomputed to the same bits"), "{}", said.out);
            continue;
        }
        let said = said.expect_code(1).expect_out("datasets can be read").expect_out("NOT sound").out;
        let faults = said.lines().filter_map(|line| line.strip_prefix("FAULT   "));
        named.extend(faults.filter_map(|fault| fault.split(':').next()).map(str::to_owned));
    }
    assert!(named.iter().filter(|object| object.len() > 1).count() >= 3, "{named:?}");
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
fn many_realizations_and_selected_modes_are_exported_at_once() {
    let (campaign, path) = finished(4);
    let glass = campaign.path("glasses.xyz");
    let out = glass.display().to_string();
    let frames = |text: &str| -> Vec<u64> {
        let of_frame = |line: &str| line.split("realization=").nth(1)?.split_whitespace().next()?.parse().ok();
        text.lines().filter_map(of_frame).collect()
    };
    run(glassmodes(["export", &path, "--realization", "0-1,3", "--out", &out])).expect_code(0);
    assert_eq!(frames(&std::fs::read_to_string(&glass).expect("written")), [0, 1, 3]);

    // The softest two of all selected modes, whatever glass they are in; nothing but these.
    let modes = Archive::open(Path::new(&path)).and_then(|archive| archive.modes()).expect("modes");
    let mut softest: Vec<usize> = (0..modes.omega.len()).filter(|&row| modes.participation[row] < 0.5).collect();
    softest.sort_by(|&a, &b| modes.omega[a].total_cmp(&modes.omega[b]));
    softest.truncate(2);
    let table = campaign.path("softest.csv");
    let selection = ["--pr-max", "0.5", "--omega-max", "100", "--softest", "2"];
    let words = ["export", &path, "--csv", &table.display().to_string(), "--out", &out];
    run(glassmodes(words.into_iter().chain(selection))).expect_code(0);
    let lines = std::fs::read_to_string(&table).expect("written");
    assert_eq!(lines.lines().count(), 3, "{lines}");
    let mut realizations: Vec<u64> = softest.iter().map(|&row| modes.realization[row]).collect();
    realizations.sort_unstable();
    realizations.dedup();
    let text = std::fs::read_to_string(&glass).expect("written");
    assert_eq!(frames(&text), realizations);
    assert_eq!(text.matches(":mode_").count(), softest.iter().filter(|&&row| modes.snapshot[row] >= 0).count());

    run(glassmodes(["export", &path, "--omega-max", "1e-9"])).expect_code(2).expect_error("no mode is selected");
    run(glassmodes(["export", &path, "--realization", "7-9"]))
        .expect_code(2)
        .expect_error("no such realization; it has 4");
    run(glassmodes(["export", &path])).expect_code(2).expect_error("nothing to export: name --realization");
}

#[test]
fn what_a_selection_finds_is_said_at_once() {
    let (campaign, path) = finished(2);
    let out = campaign.path("report").display().to_string();
    run(glassmodes(["report", &path, "--out", &out, "--omega-max", "1e-9"]))
        .expect_code(0)
        .expect_error("no mode is selected: of ");
    run(glassmodes(["report", &path, "--out", &out, "--omega-max", "1e9"]))
        .expect_code(0)
        .expect_error("2 of 2 glasses are not described as far as the selection reaches");
    run(glassmodes(["report", &path, "--out", &out, "--pr-max", "2"]))
        .expect_code(2)
        .expect_error("accepted: above 0, up to 1, for example 0.27");
}

#[test]
fn campaigns_that_do_not_belong_together_are_refused_with_their_keys() {
    let (campaign, path) = finished(2);
    campaign.run("other", &["--set", "campaign.seed=77", "--set", "thermalize.sweeps=100"]).expect_code(0);
    let out = campaign.path("both.h5");
    let words = ["merge", &path, &campaign.archive("other").display().to_string(), "--out", &out.display().to_string()];
    run(glassmodes(words))
        .expect_code(2)
        .expect_error("different campaigns; campaign.seed: 11 and 77; thermalize.sweeps: 200 and 100");
    assert!(!out.exists());
}

#[test]
fn archives_of_other_realizations_differ_in_one_line() {
    let (campaign, path) = finished(4);
    campaign.run("fewer", &["--set", "campaign.realizations=3"]).expect_code(0);
    let said = run(glassmodes(["verify", &path, "--same-as", &campaign.archive("fewer").display().to_string()]));
    let said = said.expect_code(1).out;
    let faults: Vec<&str> = said.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert_eq!(faults.len(), 1, "{said}");
    assert!(faults[0].ends_with("realizations: 4 of them (0–3) and 3 of them (0–2)"), "{said}");
}

#[test]
fn a_shipped_configuration_is_written_once() {
    let campaign = Campaign::new(&small_campaign(1));
    let file = campaign.path("begin.toml");
    let out = file.display().to_string();
    let listed = run(glassmodes(["init"])).expect_code(0).out;
    assert!(listed.lines().count() >= 6 && listed.contains("paper-fast"), "{listed}");
    run(glassmodes(["init", "laptop", "--out", &out])).expect_code(0);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/laptop.toml");
    assert_eq!(std::fs::read(&file).expect("written"), std::fs::read(shipped).expect("shipped"));
    run(glassmodes(["init", "laptop", "--out", &out])).expect_code(2).expect_error("is there; name another file");
    run(glassmodes(["init", "nothing"])).expect_code(2).expect_error("there are quick, laptop, wells");
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
fn what_a_plan_foresees_is_what_the_campaign_takes() {
    // Large enough to be timed.
    let text = small_campaign(24).replace("particles = 64", "particles = 200").replace("sweeps = 200", "sweeps = 600");
    let campaign = Campaign::new(&text);
    let config = campaign.path("campaign.toml").display().to_string();
    let said = run(glassmodes(["plan", &config, "--json"])).expect_code(0).out;
    let foreseen: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let number = |key: &str| foreseen[key].as_f64().unwrap_or_else(|| panic!("{key} in {said}"));
    campaign.run("campaign", &["--threads", "1", "--set", "campaign.segment_records=1000"]).expect_code(0);

    let bytes = std::fs::metadata(campaign.archive("campaign")).expect("complete").len() as f64;
    assert!((number("disk_bytes_archive") - bytes).abs() < 0.1 * bytes, "{bytes}: {said}");
    assert_eq!((number("realizations"), number("particles"), number("jobs")), (24.0, 200.0, 1.0));

    let table = Archive::open(&campaign.archive("campaign")).and_then(|archive| archive.realizations()).expect("one");
    let mean = |column: &[f64]| column.iter().sum::<f64>() / column.len() as f64;
    let seconds = mean(&table.seconds_thermalize)
        + mean(&table.seconds_quench)
        + mean(&table.seconds_spectrum)
        + mean(&table.seconds_modes);
    let ratio = number("core_seconds") / seconds;
    // On a quiet machine within a few percent (docs/guide.md); CPU seconds of a shared one vary by much more.
    assert!((0.5..2.0).contains(&ratio), "{ratio}: {said}");
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
        .expect_error("'--pr-max <PR>': accepted: above 0");
}
