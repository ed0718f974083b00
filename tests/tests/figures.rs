//! `report --format` and `picture` as a user has them: kinds and sizes of files, what is removed and what is refused.

use archive::Archive;
use glassmodes_tests::{Campaign, Finished, glassmodes, run, small_campaign};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every mode of this campaign counts.
const ALL: [&str; 4] = ["--pr-max", "1", "--omega-max", "2.5"];

/// A finished campaign that keeps every vector.
fn campaign() -> (Campaign, String) {
    let campaign = Campaign::new(&(small_campaign(6) + "snapshot_participation_max = 1.0\n"));
    campaign.run("campaign", &[]).expect_code(0);
    let archive = campaign.archive("campaign").display().to_string();
    (campaign, archive)
}

fn report(archive: &str, out: &Path, more: &[&str]) -> Finished {
    run(glassmodes([&["report", archive, "--out", &out.display().to_string()], more].concat()))
}

fn picture(archive: &str, mode: &str, out: &Path, more: &[&str]) -> Finished {
    run(glassmodes([&["picture", archive, "--mode", mode, "--out", &out.display().to_string()], more].concat()))
}

/// Names of the files that end so.
fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let of_kind = entries.filter(|path| path.extension().is_some_and(|kind| kind == ending));
    of_kind.filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned())).collect()
}

/// A row of /modes whose vector is kept.
fn kept(archive: &str) -> String {
    let modes = Archive::open(Path::new(archive)).expect("an archive").modes().expect("readable");
    modes.snapshot.iter().position(|&snapshot| snapshot >= 0).expect("one is kept").to_string()
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Width of a PNG in pixels, from its header.
fn png_width(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[16], bytes[17], bytes[18], bytes[19]])
}

#[test]
fn each_figure_is_written_as_every_kind_and_as_wide_as_asked() {
    let (campaign, archive) = campaign();
    let out = campaign.path("report");
    let size = ["--format", "svg,png,pdf", "--width-mm", "86", "--font-size", "8"];
    report(&archive, &out, &[&size[..], &ALL].concat()).expect_code(0);
    let svg = names(&out, "svg");
    assert!(svg.len() > 15, "{svg:?}");
    assert!(svg == names(&out, "png") && svg == names(&out, "pdf"));
    assert!(names(&out, "csv").is_superset(&svg));
    let page = fs::read_to_string(out.join("index.html")).expect("a page");
    for name in &svg {
        let file = |kind: &str| fs::read(out.join(format!("{name}.{kind}"))).expect("readable");
        let text = String::from_utf8(file("svg")).expect("text");
        assert!(text.starts_with("<svg ") && text.contains("width=\"86mm\""), "{name}: {}", &text[..200]);
        assert!(is_png(&file("png")) && file("pdf").starts_with(b"%PDF-"), "{name}");
        for kind in ["svg", "png", "pdf", "csv"] {
            assert!(page.contains(&format!("href=\"{name}.{kind}\"")), "{name}.{kind} is not on the page");
        }
    }
    for (option, value) in
        [("--format", "gif"), ("--format", ""), ("--width-mm", "5"), ("--font-size", "nan"), ("--width-mm", "-86")]
    {
        report(&archive, &out, &[option, value]).expect_code(2).expect_error(option);
    }
}

#[test]
fn a_report_removes_the_figures_of_the_one_before_and_nothing_else() {
    let (campaign, archive) = campaign();
    let out = campaign.path("report");
    report(&archive, &out, &[&["--format", "svg,png"], &ALL[..]].concat()).expect_code(0);
    let before = names(&out, "svg");
    assert!(before.iter().any(|name| name.starts_with("mode-")), "{before:?}");
    for name in ["notes.txt", "mine.svg", "mine.png"] {
        fs::write(out.join(name), "mine").expect("writable");
    }
    // Of no mode at all: no pictures of modes, and fewer figures.
    report(&archive, &out, &["--omega-max", "1e-6"]).expect_code(0);
    let after = names(&out, "svg");
    assert!(after.iter().all(|name| name == "mine" || before.contains(name)) && after.len() < before.len());
    assert!(!after.iter().any(|name| name.starts_with("mode-")), "{after:?}");
    assert_eq!(names(&out, "png"), BTreeSet::from(["mine".to_owned()]));
    assert_eq!(names(&out, "csv").iter().filter(|name| name.starts_with("mode-")).count(), 0);
    assert_eq!(fs::read_to_string(out.join("notes.txt")).expect("there"), "mine");
}

#[test]
fn the_page_of_something_else_is_not_replaced() {
    let (campaign, archive) = campaign();
    let out = campaign.path("site");
    fs::create_dir(&out).expect("writable");
    fs::write(out.join("index.html"), "<title>My group</title>").expect("writable");
    report(&archive, &out, &[])
        .expect_code(2)
        .expect_error("no page of glassmodes")
        .expect_error("name another folder");
    let theory = ["theory", "--samples", "1000", "--out", &out.display().to_string()];
    run(glassmodes(theory)).expect_code(2).expect_error("no page of glassmodes");
    assert_eq!(fs::read_to_string(out.join("index.html")).expect("there"), "<title>My group</title>");
    assert_eq!(fs::read_dir(&out).expect("a folder").count(), 1);
}

#[test]
fn the_page_begins_with_the_numbers_of_its_summary_and_the_command_of_each_picture_works() {
    let (campaign, archive) = campaign();
    let out = campaign.path("report");
    report(&archive, &out, &ALL).expect_code(0);
    let page = fs::read_to_string(out.join("index.html")).expect("a page");
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).expect("readable")).expect("JSON");
    let census = &summary["ensembles"][0]["census"];
    let verdict = page.split("<dl class=\"verdict\">").nth(1).and_then(|rest| rest.split("</dl>").next());
    let verdict = verdict.expect("a verdict");
    let lines = verdict.matches("<dt>").count();
    assert!((5..=8).contains(&lines), "{lines} lines: {verdict}");
    let (sound, selected) = (census["sound"].as_u64(), census["selected"].as_u64());
    let (sound, selected) = (sound.expect("a number"), selected.expect("a number"));
    assert!(verdict.contains(&format!("<dt>Glasses</dt><dd><b>{sound}</b> count")), "{verdict}");
    assert!(verdict.contains(&format!("<dt>Modes</dt><dd><b>{selected}</b> selected of")), "{verdict}");
    assert!(verdict.contains("<dt>Equilibrium</dt>") && verdict.contains("<dt>Left out</dt>"), "{verdict}");
    let first = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(first("class=\"verdict\"") < first("class=\"gallery\"") && first("class=\"gallery\"") < first("<details"));

    let commands: Vec<&str> =
        page.split("<code>glassmodes picture ").skip(1).filter_map(|rest| rest.split("</code>").next()).collect();
    let pictures = names(&out, "svg").iter().filter(|name| name.starts_with("mode-")).count();
    assert!(pictures > 0 && commands.len() == pictures, "{commands:?}");
    let words: Vec<&str> = std::iter::once("picture").chain(commands[0].split(' ')).collect();
    let mut command = glassmodes(&words);
    command.current_dir(campaign.path(""));
    run(command).expect_code(0);
    assert!(fs::read(campaign.path(words[words.len() - 1])).expect("written").starts_with(b"%PDF-"));
}

#[test]
fn a_mode_is_drawn_as_every_kind_and_what_cannot_be_is_refused() {
    let (campaign, archive) = campaign();
    let row = kept(&archive);
    let file = |name: &str| campaign.path(name);
    for kind in ["svg", "png", "pdf"] {
        picture(&archive, &row, &file(&format!("mode.{kind}")), &[])
            .expect_code(0)
            .expect_error(&format!("mode {row}"));
    }
    let svg = fs::read_to_string(file("mode.svg")).expect("text");
    let circles = svg.matches("<circle").count();
    assert!(circles >= 64 && svg.contains("PR = ") && svg.contains("ω = "), "{circles} circles");
    assert!(is_png(&fs::read(file("mode.png")).expect("there")));
    assert!(fs::read(file("mode.pdf")).expect("there").starts_with(b"%PDF-"));
    // Twice as wide is twice as many pixels.
    let widths = ["60", "120"].map(|width| {
        let out: PathBuf = file(&format!("wide-{width}.png"));
        picture(&archive, &row, &out, &["--width-mm", width]).expect_code(0);
        png_width(&fs::read(out).expect("there"))
    });
    assert!(widths[1].abs_diff(2 * widths[0]) <= 2, "{widths:?}");
    // The same mode is the same picture.
    picture(&archive, &row, &file("again.svg"), &[]).expect_code(0);
    assert_eq!(svg, fs::read_to_string(file("again.svg")).expect("text"));

    let modes = Archive::open(Path::new(&archive)).expect("an archive").modes().expect("readable").omega.len();
    picture(&archive, &modes.to_string(), &file("no.svg"), &[])
        .expect_code(2)
        .expect_error(&format!("no mode {modes}"))
        .expect_error("counted from 0");
    picture(&archive, &row, &file("mode.gif"), &[]).expect_code(2).expect_error("ends in .svg, .png or .pdf");
    let thin = file("thin.h5").display().to_string();
    run(glassmodes(["merge", &archive, "--out", &thin, "--thin", "--modes-below", "2"])).expect_code(0);
    picture(&thin, "0", &file("no.svg"), &[]).expect_code(2).expect_error("was not kept");
    assert!(!file("no.svg").exists() && !file("mode.gif").exists());
}

#[test]
fn tables_say_which_glasses_a_report_counts() {
    let (campaign, archive) = campaign();
    let [modes, realizations] = ["modes.csv", "realizations.csv"].map(|name| campaign.path(name));
    let [first, second] = [&modes, &realizations].map(|path| path.display().to_string());
    run(glassmodes(["export", &archive, "--csv", &first, "--realizations-csv", &second])).expect_code(0);
    let table = |path: &Path| {
        let text = fs::read_to_string(path).expect("a table");
        let rows: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        rows
    };
    let (modes, realizations) = (table(&modes), table(&realizations));
    let column = |rows: &[Vec<String>], name: &str| {
        let k = rows[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("no {name}"));
        rows[1..].iter().map(|row| row[k].clone()).collect::<Vec<String>>()
    };
    let rows: Vec<String> = (0..modes.len() - 1).map(|row| row.to_string()).collect();
    assert_eq!(column(&modes, "row"), rows);
    for (of_modes, unit) in [("particles", 64.0), ("box_length", 8.0)] {
        for cells in [column(&modes, of_modes), column(&realizations, of_modes)] {
            assert!(cells.iter().all(|cell| (cell.parse::<f64>().expect("a number") - unit).abs() < 1e-9), "{cells:?}");
        }
    }
    // Whatever a mode's table says of its glass, the glass's own says too.
    let indices = column(&realizations, "index");
    for name in ["sound", "omega_phonon", "zero_modes", "negative_modes"] {
        let (of_modes, of_glasses) = (column(&modes, name), column(&realizations, name));
        for (cell, index) in of_modes.iter().zip(column(&modes, "realization")) {
            let glass = indices.iter().position(|other| *other == index).expect("its glass");
            assert_eq!(cell, &of_glasses[glass], "{name} of {index}");
        }
    }
    // As many sound ones as the report counts.
    let out = campaign.path("report");
    report(&archive, &out, &ALL).expect_code(0);
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).expect("readable")).expect("JSON");
    let sound = |rows: &[Vec<String>]| column(rows, "sound").iter().filter(|cell| *cell == "true").count() as u64;
    assert_eq!(summary["ensembles"][0]["census"]["sound"], sound(&realizations));
    assert_eq!(summary["ensembles"][0]["census"]["selected"], sound(&modes));
}
