//! Nonlinear modes and wells as a user has them: `run`, `revisit` and `modes` with their keys, `verify`, `merge`.

use archive::{Archive, VerifyOptions, verify};
use glassmodes_tests::{Campaign, assert_same_results, glassmodes, run, small_campaign};
use std::path::Path;

/// What switches all of it on.
const SEARCHED: &str = "[nonlinear]\nkinds = [\"pseudo-harmonic\", \"cubic\", \"quartic\"]\n[wells]\nsearch = true\n";

fn plain(realizations: u64) -> String {
    small_campaign(realizations).replace("omega_max = 2.5", "omega_max = 1.6")
}

/// Nonlinear modes and transitions of an archive, row for row, that NaN equals NaN.
fn searched(path: &Path) -> Vec<String> {
    let archive = Archive::open(path).expect("an archive");
    let records = archive.records(0..archive.len().expect("readable")).expect("readable");
    records.iter().map(|record| format!("{} {:?} {:?}", record.index, record.nonlinear, record.transitions)).collect()
}

#[test]
fn a_campaign_keeps_them_the_same_on_any_threads_and_in_any_slices() {
    let campaign = Campaign::new(&(plain(6) + SEARCHED));
    campaign.run("one", &["--threads", "1"]).expect_code(0);
    campaign.run("two", &["--threads", "2"]).expect_code(0);
    let (one, two) = (campaign.archive("one"), campaign.archive("two"));
    assert_same_results(&one, &two);

    let archive = Archive::open(&one).expect("an archive");
    let (nonlinear, ways) = (archive.nonlinear().expect("readable"), archive.transitions().expect("readable"));
    assert!(!nonlinear.kind.is_empty() && ways.outcome.iter().any(|outcome| outcome == "found"));
    assert!(nonlinear.kappa.iter().zip(&nonlinear.source).all(|(kappa, &source)| {
        let lowest = archive.modes().expect("readable").b2[source as usize];
        kappa.is_nan() || *kappa > 0.1 * lowest
    }));
    let report = verify(&one, &VerifyOptions::default());
    assert!(report.is_sound(), "{:?}", report.findings);
    let word = one.display().to_string();
    run(glassmodes(["verify", &word, "--recompute", "2"])).expect_code(0).expect_out("recomputed to the same bits");

    let [modes, transitions] = ["z.csv", "ways.csv"].map(|name| campaign.path(name));
    let [modes_word, ways_word] = [&modes, &transitions].map(|path| path.display().to_string());
    run(glassmodes(["export", &word, "--nonlinear-csv", &modes_word, "--transitions-csv", &ways_word])).expect_code(0);
    for (path, rows, column) in [(modes, nonlinear.kind.len(), "kappa"), (transitions, ways.outcome.len(), "splitting")]
    {
        let text = std::fs::read_to_string(path).expect("a table");
        let fields: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(fields.len(), rows + 1);
        assert!(fields.iter().all(|count| *count == fields[0]) && text.lines().next().unwrap_or("").contains(column));
    }

    let thin = campaign.path("thin.h5").display().to_string();
    run(glassmodes(["merge", &word, "--thin", "--modes-below", "0.9", "--out", &thin])).expect_code(0);
    run(glassmodes(["verify", &thin, "--recompute", "2"])).expect_code(0).expect_out("recomputed to the same bits");
}

#[test]
fn revisit_and_modes_add_them_to_glasses_that_had_none() {
    let searched_in_run = Campaign::new(&(plain(3) + SEARCHED));
    searched_in_run.run("campaign", &[]).expect_code(0);
    let expected = searched(&searched_in_run.archive("campaign"));

    let campaign = Campaign::new(&plain(3));
    campaign.run("campaign", &[]).expect_code(0);
    let archive = campaign.archive("campaign");
    let word = archive.display().to_string();
    assert!(searched(&archive).iter().all(|row| row.ends_with("[] []")));
    let sets = ["--set", "nonlinear.kinds=['pseudo-harmonic', 'cubic', 'quartic']", "--set", "wells.search=true"];

    let again = campaign.path("again.h5");
    let out = again.display().to_string();
    let selection = ["--pr-max", "1", "--omega-max", "100"];
    let words = ["revisit", &word, "--out", &out].into_iter().chain(selection).chain(sets);
    run(glassmodes(words)).expect_code(0);
    // Of the glasses with a mode below modes.omega_max.
    let made = searched(&again);
    assert!(!made.is_empty() && made.iter().all(|row| expected.contains(row)));

    // The same minima from the archive, without their seeds.
    let own = campaign.path("own.h5");
    let out = own.display().to_string();
    let config = campaign.path("campaign.toml").display().to_string();
    let words = ["modes", &word, "--out", &out, "--config", &config].into_iter().chain(sets);
    run(glassmodes(words)).expect_code(0);
    let ways = |path: &Path| Archive::open(path).and_then(|archive| archive.transitions()).expect("readable");
    let (made, described) = (ways(&searched_in_run.archive("campaign")), ways(&own));
    assert_eq!((made.outcome, made.along), (described.outcome, described.along));
    let close = |a: &f64, b: &f64| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9;
    assert!(made.barrier_forward.iter().zip(&described.barrier_forward).all(|(a, b)| close(a, b)));
}

#[test]
fn vectors_of_localized_nonlinear_modes_are_kept_where_asked_for() {
    let keys = "[nonlinear]\nkinds = [\"pseudo-harmonic\"]\nvectors = true\n";
    let campaign = Campaign::new(&(plain(3).replace("[modes]", "[modes]\nsnapshot_participation_max = 0.23") + keys));
    campaign.run("campaign", &[]).expect_code(0);
    let path = campaign.archive("campaign");
    let archive = Archive::open(&path).expect("an archive");
    let modes = archive.nonlinear().expect("readable");
    let mut kept = [0, 0];
    for (row, participation) in modes.participation.iter().enumerate() {
        let vector = archive.nonlinear_vector(row).expect("readable");
        assert_eq!(vector.is_some(), *participation <= 0.23, "row {row}, participation ratio {participation}");
        kept[usize::from(vector.is_some())] += 1;
    }
    assert!(kept[0] > 0 && kept[1] > 0, "{kept:?}");
    let word = path.display().to_string();
    run(glassmodes(["verify", &word, "--recompute", "1"])).expect_code(0).expect_out("recomputed to the same bits");
    let thin = campaign.path("thin.h5").display().to_string();
    run(glassmodes(["merge", &word, "--thin", "--out", &thin])).expect_code(0);
    let thin = Archive::open(thin.as_ref()).expect("an archive");
    assert_eq!(thin.nonlinear_vector(0).expect("readable"), None);
}
