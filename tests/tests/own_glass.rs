//! Bring your own glass: extended XYZ, H5MD, archives; minima, rounded minima, anything to be quenched.

use archive::{Archive, compare_records};
use glassmodes_tests::{Campaign, Finished, glassmodes, run, small_campaign, write};
use std::path::{Path, PathBuf};

/// A small campaign that keeps the particles of every realization, finished, with one glass exported.
fn campaign() -> (Campaign, PathBuf) {
    let campaign = Campaign::new(&small_campaign(3));
    campaign.run("campaign", &[]).expect_code(0);
    let glass = campaign.path("glass.xyz");
    let archive = campaign.archive("campaign").display().to_string();
    let out = glass.display().to_string();
    run(glassmodes(["export", &archive, "--realization", "1", "--out", &out])).expect_code(0);
    (campaign, glass)
}

fn modes(campaign: &Campaign, glass: &Path, more: &[&str]) -> Finished {
    let config = campaign.path("campaign.toml").display().to_string();
    let (glass, out) = (glass.display().to_string(), campaign.path("own.h5").display().to_string());
    run(glassmodes(["modes", &glass, "--config", &config, "--out", &out].iter().chain(more)))
}

fn record(path: &Path, row: usize) -> archive::Record {
    Archive::open(path).and_then(|archive| archive.record(row)).expect("readable")
}

/// The parts of two records that follow from the particles alone.
fn assert_same_modes(first: &archive::Record, second: &archive::Record) {
    let mut second = second.clone();
    (second.index, second.seed) = (first.index, first.seed);
    second.thermalize = first.thermalize.clone();
    second.inherent.iterations = first.inherent.iterations;
    assert_eq!(compare_records(first, &second), []);
}

#[test]
fn an_exported_minimum_gives_the_same_modes_again() {
    let (campaign, glass) = campaign();
    let said = modes(&campaign, &glass, &[]).expect_code(0).expect_error("a minimum as given");
    assert!(said.out.contains("1 glasses"), "{}", said.out);
    let (own, original) = (campaign.path("own.h5"), campaign.archive("campaign"));
    assert_same_modes(&record(&original, 1), &record(&own, 0));
    // It can be verified: recomputed from the particles it keeps.
    let own = own.display().to_string();
    let said = run(glassmodes(["verify", &own])).expect_code(0).out;
    assert!(said.contains("recomputed to the same bits: realizations 0"), "{said}");
    // And be read again itself, as can the campaign's archive with all its glasses.
    modes(&campaign, Path::new(&own), &[]).expect_code(0);
    let said = modes(&campaign, &original, &[]).expect_code(0);
    assert!(said.out.contains("3 glasses"), "{}", said.out);
    assert_same_modes(&record(&original, 2), &record(&campaign.path("own.h5"), 2));
}

/// The file with every number below the header changed.
fn altered(glass: &Path, name: &str, change: impl Fn(f64) -> f64) -> PathBuf {
    let text = std::fs::read_to_string(glass).expect("readable");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for line in lines.iter_mut().skip(2) {
        let words = line.split(' ').map(|word| word.parse::<f64>().map_or(word.to_owned(), |x| change(x).to_string()));
        *line = words.collect::<Vec<_>>().join(" ");
    }
    write(glass.parent().expect("a folder"), name, &lines.join("\n"))
}

#[test]
fn a_glass_in_single_precision_is_polished() {
    let (campaign, glass) = campaign();
    let single = altered(&glass, "single.xyz", |x| f64::from(x as f32));
    let said = modes(&campaign, &single, &[]).expect_code(0).expect_error("polished by Newton steps");
    let displacement: f64 = said
        .err
        .split("largest displacement ")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .and_then(|number| number.parse().ok())
        .expect("a displacement is reported");
    // Coordinates up to 8 in 24 bits are off by up to 4.8e-7 / 2.
    assert!((1e-8..1e-4).contains(&displacement), "{displacement}");
    let (original, own) = (record(&campaign.archive("campaign"), 1), record(&campaign.path("own.h5"), 0));
    assert!(own.inherent.force_max <= 1e-12);
    for (a, b) in original.modes.iter().zip(&own.modes) {
        // Diameters are rounded as well, so the glass is slightly another.
        assert!((a.omega - b.omega).abs() < 1e-3 * a.omega, "{} {}", a.omega, b.omega);
    }
}

#[test]
fn what_is_no_minimum_is_refused_with_its_force_or_quenched() {
    let (campaign, glass) = campaign();
    let shake = |x: f64| if x.fract() == 0.0 { x } else { x * (1.0 + 0.01 * (1e3 * x).sin()) };
    let shaken = altered(&glass, "shaken.xyz", shake);
    modes(&campaign, &shaken, &[])
        .expect_code(1)
        .expect_error("shaken.xyz, frame 0: not a minimum")
        .expect_error("add --quench");
    assert!(!campaign.path("own.h5").exists(), "nothing is written then");
    modes(&campaign, &shaken, &["--quench"]).expect_code(0).expect_error("quenched in");
    assert!(record(&campaign.path("own.h5"), 0).inherent.force_max <= 1e-12);
    // Another potential than it was made with.
    modes(&campaign, &glass, &["--set", "potential.smoothness=4"]).expect_code(1).expect_error("smoothness 4");
}

#[test]
fn malformed_files_are_refused_with_line_and_column() {
    let (campaign, glass) = campaign();
    let text = std::fs::read_to_string(&glass).expect("readable");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[4] = "A 1.0 2.0 0 0.5 1.0x";
    let broken = write(glass.parent().expect("a folder"), "broken.xyz", &lines.join("\n"));
    modes(&campaign, &broken, &[]).expect_code(1).expect_error("broken.xyz:5:");
    let missing = campaign.path("missing.xyz");
    modes(&campaign, &missing, &[]).expect_code(1).expect_error("missing.xyz");
}
