//! `glassmodes merge --thin`: what every command makes of a thin archive.

use archive::Archive;
use glassmodes_tests::{Campaign, assert_same_results, glassmodes, run, small_campaign};
use std::path::Path;

const CUTS: [&str; 5] = ["--thin", "--modes-below", "1.5", "--participation-below", "0.4"];

/// A campaign with staircases.
fn campaign() -> Campaign {
    Campaign::new(&small_campaign(12).replace("\"dense\"", "\"dense\"\nstaircase_shifts = 40"))
}

fn words<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn parts_made_thin_are_the_thin_whole() {
    let campaign = campaign();
    campaign.run("whole", &[]).expect_code(0);
    let whole = text(&campaign.path("whole"));
    let expected = text(&campaign.path("expected.h5"));
    run(glassmodes(words(&["merge", &whole, "--out", &expected], &CUTS))).expect_code(0);
    let mut parts = Vec::new();
    for slice in 1..=3 {
        let folder = text(&campaign.path(&format!("slice-{slice}")));
        campaign.run(&format!("slice-{slice}"), &["--slice", &format!("{slice}/3")]).expect_code(0);
        let part = text(&campaign.path(&format!("part-{slice}.h5")));
        run(glassmodes(words(&["merge", &folder, "--out", &part], &CUTS))).expect_code(0);
        parts.push((folder, part));
    }
    let [(_, a), (b, thin_b), (_, c)] = &parts[..] else { panic!("three") };
    // Thin parts alone, and together with one that is not.
    for sources in [[c, a, thin_b], [b, c, a]] {
        let joined = campaign.path("joined.h5");
        let out = text(&joined);
        let sources = sources.map(String::as_str);
        run(glassmodes([&["merge"], &sources[..], &["--out", &out]].concat())).expect_code(0);
        assert_same_results(&joined, Path::new(&expected));
        run(glassmodes(["verify", &out, "--recompute", "3", "--same-as", &expected]))
            .expect_code(0)
            .expect_out("recomputed to the same bits")
            .expect_out("sound, complete, 12 realizations");
    }
}

#[test]
fn what_is_not_there_is_told_and_not_counted() {
    let campaign = campaign();
    campaign.run("whole", &[]).expect_code(0);
    let [folder, archive] = [campaign.path("whole"), campaign.archive("whole")].map(|path| text(&path));
    let [thin, out] = ["thin.h5", "report"].map(|name| text(&campaign.path(name)));
    run(glassmodes(words(&["merge", &folder, "--out", &thin], &CUTS))).expect_code(0);

    run(glassmodes(["export", &thin, "--realization", "3"]))
        .expect_code(2)
        .expect_error("is thin and keeps no particles and no mode vectors");
    for (selection, words) in [
        (["--pr-max", "0.5", "--omega-max", "1.2"], "participation ratios below 0.4 only"),
        (["--pr-max", "0.3", "--omega-max", "2"], "omega below 1.5 only"),
        (["--pr-max", "0.3", "--omega-max-phonon", "3"], "omega below 1.5 only"),
    ] {
        for command in [vec!["report", &thin, "--out", &out], vec!["revisit", &thin, "--out", &out]] {
            run(glassmodes([&command[..], &selection].concat())).expect_code(2).expect_error(words);
            assert!(!Path::new(&out).exists());
        }
    }
    let within = ["--pr-max", "0.4", "--omega-max", "1.5"];
    run(glassmodes([&["report", &thin, "--out", &out], &within[..]].concat())).expect_code(0);
    let page = std::fs::read_to_string(campaign.path("report/index.html")).expect("a page");
    assert!(page.contains("Thin archive.") && page.contains("No data on the diameters"));

    // A campaign's own archive is not made thin, and no segment goes on the word of a thin one.
    let before = std::fs::read(&archive).expect("readable");
    run(glassmodes(words(&["merge", &folder, "--out", &archive], &CUTS))).expect_code(1).expect_error("or --force");
    assert!(std::fs::read(&archive).expect("readable") == before);
    std::fs::copy(&thin, &archive).expect("copied");
    run(glassmodes(["clean", &folder])).expect_code(2).expect_error("is thin and lacks what the segments hold");
    campaign.run("whole", &[]).expect_code(0);
    assert_eq!(Archive::open(Path::new(&archive)).expect("an archive").provenance().thin, None);
    run(glassmodes(["clean", &folder])).expect_code(0);

    // Nor does one become thin because a thin one alone holds something.
    std::fs::copy(&thin, &archive).expect("copied");
    for more in [&[][..], &["--set", "campaign.realizations=15"]] {
        campaign.run("whole", more).expect_code(1).expect_error("it is thin, and realizations 0–11 are in no segment");
        assert!(std::fs::read(&archive).expect("readable") == std::fs::read(&thin).expect("readable"));
    }
}
