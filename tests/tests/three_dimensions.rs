//! A campaign in three dimensions as a user has it: run, verify, report, export, merge.

use archive::{Archive, Dimension, VerifyOptions, verify};
use glassmodes_tests::{Campaign, assert_same_results, glassmodes, run, small_campaign};

fn in_space(realizations: u64) -> String {
    small_campaign(realizations)
        .replace("particles = 64", "dimension = 3\nparticles = 100\ndensity = 1.02")
        .replace("temperature = 0.1", "temperature = 0.2")
        .replace("sweeps = 200", "sweeps = 50\nswap = \"lifted\"")
        .replace("omega_max = 2.5", "omega_max = 2.0\nlowest = 3\nsnapshot_participation_max = 1.0")
}

#[test]
fn a_campaign_is_the_same_on_any_threads_and_is_what_it_says() {
    let campaign = Campaign::new(&in_space(4));
    campaign.run("one", &["--threads", "1"]).expect_code(0);
    campaign.run("two", &["--threads", "2"]).expect_code(0);
    let (one, two) = (campaign.archive("one"), campaign.archive("two"));
    assert_same_results(&one, &two);

    let archive = Archive::open(&one).expect("an archive");
    assert_eq!(archive.dimension(), Dimension::Three);
    let records = archive.records(0..4).expect("readable");
    for record in &records {
        let frame = record.frame.as_ref().expect("vectors are kept");
        assert_eq!((record.dimension, frame.positions.len(), frame.diameters.len()), (Dimension::Three, 300, 100));
        assert!((100.0 / frame.box_length.powi(3) - 1.02).abs() < 1e-12);
        assert_eq!((record.spectrum.eigenvalues.len(), record.spectrum.zero_modes), (300, 3));
        assert!(record.modes.len() >= 3);
        for mode in &record.modes {
            let vector = mode.vector.as_ref().expect("kept");
            assert_eq!(vector.len(), 300);
            assert!((vector.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((mode.b2 / mode.omega.powi(2) - 1.0).abs() < 1e-6);
        }
    }
    let report = verify(&one, &VerifyOptions::default());
    assert!(report.is_sound(), "{:?}", report.findings);
    let word = one.display().to_string();
    run(glassmodes(["verify", &word, "--recompute", "2"])).expect_code(0).expect_out("recomputed to the same bits");

    let page = campaign.path("report").display().to_string();
    run(glassmodes(["report", &word, "--out", &page])).expect_code(0);
    let picture = campaign.path("mode.svg").display().to_string();
    run(glassmodes(["picture", &word, "--mode", "0", "--out", &picture]))
        .expect_code(2)
        .expect_error("its glasses have three dimensions; pictures show two");
}

#[test]
fn glasses_are_harvested_and_made_again_one_by_one() {
    let harvest = "[thermalize]\nharvest = { count = 2, sweeps = 20 }";
    let campaign = Campaign::new(&in_space(4).replace("[thermalize]", harvest));
    campaign.run("campaign", &[]).expect_code(0).expect_out("4 of 4");
    let table = Archive::open(&campaign.archive("campaign")).expect("an archive").realizations().expect("readable");
    assert_eq!(table.chain, [0, 0, 1, 1]);
    let word = campaign.archive("campaign").display().to_string();
    run(glassmodes(["verify", &word, "--recompute", "4"])).expect_code(0).expect_out("same bits: realizations 0–3");
}

#[test]
fn glasses_are_exported_with_all_their_coordinates() {
    let campaign = Campaign::new(&in_space(1));
    campaign.run("campaign", &[]).expect_code(0);
    let word = campaign.archive("campaign").display().to_string();
    let glass = campaign.path("glass.xyz");
    let name = glass.display().to_string();
    run(glassmodes(["export", &word, "--realization", "0", "--out", &name])).expect_code(0);
    let text = std::fs::read_to_string(&glass).expect("written");
    let record = Archive::open(&campaign.archive("campaign")).expect("an archive").record(0).expect("readable");
    let frame = record.frame.expect("kept");
    let rows: Vec<Vec<&str>> = text.lines().skip(2).map(|line| line.split(' ').collect()).collect();
    for (row, position) in rows.iter().zip(frame.points::<3>()) {
        let found = [1, 2, 3].map(|column| row[column].parse::<f64>().expect("a number"));
        assert_eq!(found, *position);
    }
    assert!(text.lines().nth(1).is_some_and(|line| line.contains("pbc=\"T T T\"")));
    let data = campaign.path("glass.data");
    run(glassmodes(["export", &word, "--realization", "0", "--out", &data.display().to_string()])).expect_code(0);
    assert!(std::fs::read_to_string(data).expect("written").contains("zlo zhi"));
    run(glassmodes(["export", &word, "--realization", "0", "--out", &campaign.path("a.gsd").display().to_string()]))
        .expect_code(0);
    // Glasses made elsewhere are read in the plane, and say so.
    let own = campaign.path("own.h5").display().to_string();
    run(glassmodes(["modes", &name, "--out", &own])).expect_code(1).expect_error("the glass has three dimensions");
}
