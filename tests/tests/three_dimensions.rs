//! A campaign in three dimensions as a user has it: run, verify, report, export, merge.

use crate::own_glass::assert_same_modes;
use archive::{Archive, Dimension, Record, VerifyOptions, verify};
use glassmodes_tests::{
    Campaign, Finished, assert_same_results, glassmodes, pythons, run, run_python, small_campaign, write,
};
use modes::wells::Outcome;
use std::path::{Path, PathBuf};

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
        assert!((100.0 / frame.box_sides.iter().product::<f64>() - 1.02).abs() < 1e-12);
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

    // A thin archive keeps no particles, and a cube of the density it says.
    let thin = campaign.path("thin.h5").display().to_string();
    run(glassmodes(["merge", &word, "--out", &thin, "--thin"])).expect_code(0);
    run(glassmodes(["verify", &thin, "--recompute", "1"])).expect_code(0).expect_out("recomputed to the same bits");
    let table = campaign.path("glasses.csv");
    run(glassmodes(["export", &thin, "--realizations-csv", &table.display().to_string()])).expect_code(0);
    let side = (100.0 / 1.02f64).cbrt().to_string();
    let rows = std::fs::read_to_string(table).expect("a table");
    assert!(rows.lines().next().is_some_and(|names| names.ends_with(",box_length")));
    assert!(rows.lines().skip(1).all(|row| row.ends_with(&format!(",{side}"))), "{rows}");

    let page = campaign.path("report").display().to_string();
    run(glassmodes(["report", &word, "--out", &page])).expect_code(0);
    let picture = campaign.path("mode.svg").display().to_string();
    run(glassmodes(["picture", &word, "--mode", "0", "--out", &picture]))
        .expect_code(2)
        .expect_error("its glasses have three dimensions; pictures show two");
}

#[test]
fn nonlinear_modes_and_wells_are_those_of_the_plane_with_one_axis_more() {
    let searches = ["--set", "nonlinear.kinds=['cubic', 'quartic']", "--set", "nonlinear.vectors=true"];
    let sets = searches.into_iter().chain(["--set", "wells.search=true"]).collect::<Vec<_>>();
    let few = in_space(2).replace("omega_max = 2.0", "omega_max = 1.0");
    let campaign = Campaign::new(&few);
    campaign.run("one", &[&sets[..], &["--threads", "1"]].concat()).expect_code(0);
    campaign.run("two", &[&sets[..], &["--threads", "2"]].concat()).expect_code(0);
    let (one, two) = (campaign.archive("one"), campaign.archive("two"));
    assert_same_results(&one, &two);
    let word = one.display().to_string();
    run(glassmodes(["verify", &word, "--recompute", "1"])).expect_code(0).expect_out("recomputed to the same bits");
    let archive = Archive::open(&one).expect("an archive");
    let ways = archive.transitions().expect("readable");
    assert!(ways.outcome.iter().any(|outcome| outcome == "found"));
    for record in archive.records(0..2).expect("readable") {
        let found = record.nonlinear.iter().filter(|search| search.is_converged());
        let vectors: Vec<&Vec<f64>> = found.filter_map(|search| search.mode.vector.as_ref()).collect();
        assert!(!vectors.is_empty());
        assert!(vectors.iter().all(|z| z.len() == 300 && (z.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12));
    }
    // What a file of the first of these glasses holds is searched as the glass was.
    let glass = campaign.path("glass.xyz");
    let out = glass.display().to_string();
    run(glassmodes(["export", &word, "--realization", "0", "--out", &out])).expect_code(0);
    modes(&campaign, &glass, &[&sets[..], &["--set", "modes.omega_max=1"]].concat()).expect_code(0);
    let (made, read) = (record(&one), record(&campaign.path("own.h5")));
    assert_eq!(made.nonlinear.len(), read.nonlinear.len());
    let barriers = |record: &Record| -> Vec<f64> {
        let found = record.transitions.iter().filter(|way| way.outcome == Outcome::Found);
        found.map(|way| way.barrier_forward).collect()
    };
    let (made, read) = (barriers(&made), barriers(&read));
    assert!(
        made.len() == read.len() && made.iter().zip(&read).all(|(a, b)| (a - b).abs() <= 1e-8),
        "{made:?} {read:?}"
    );

    let page = campaign.path("report").display().to_string();
    run(glassmodes(["report", &word, "--out", &page, "--pr-max", "1", "--omega-max", "2"])).expect_code(0);
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
    let (campaign, glass) = exported("glass.xyz");
    let text = std::fs::read_to_string(&glass).expect("written");
    let frame = record(&campaign.archive("campaign")).frame.expect("kept");
    let rows: Vec<Vec<&str>> = text.lines().skip(2).map(|line| line.split(' ').collect()).collect();
    for (row, position) in rows.iter().zip(frame.points::<3>()) {
        let found = [1, 2, 3].map(|column| row[column].parse::<f64>().expect("a number"));
        assert_eq!(found, *position);
    }
    assert!(text.lines().nth(1).is_some_and(|line| line.contains("pbc=\"T T T\"")));
}

/// A campaign of one glass, and that glass in a file of this name.
fn exported(name: &str) -> (Campaign, PathBuf) {
    let campaign = Campaign::new(&in_space(1));
    campaign.run("campaign", &[]).expect_code(0);
    let glass = export(&campaign, name);
    (campaign, glass)
}

fn export(campaign: &Campaign, name: &str) -> PathBuf {
    let glass = campaign.path(name);
    let (archive, out) = (campaign.archive("campaign").display().to_string(), glass.display().to_string());
    run(glassmodes(["export", &archive, "--realization", "0", "--out", &out])).expect_code(0);
    glass
}

fn modes(campaign: &Campaign, glass: &Path, more: &[&str]) -> Finished {
    let config = campaign.path("own.toml");
    // The dimension is that of the glass.
    std::fs::write(&config, in_space(1).replace("dimension = 3\n", "")).expect("writable");
    let words = [glass, &config, &campaign.path("own.h5")].map(|path| path.display().to_string());
    run(glassmodes(["modes", &words[0], "--config", &words[1], "--out", &words[2]].iter().chain(more)))
}

fn record(path: &Path) -> Record {
    Archive::open(path).and_then(|archive| archive.record(0)).expect("readable")
}

#[test]
fn what_is_exported_is_read_again_whatever_its_format() {
    let (campaign, xyz) = exported("glass.xyz");
    let (original, own) = (campaign.archive("campaign"), campaign.path("own.h5"));
    for glass in [xyz, export(&campaign, "glass.data"), original.clone()] {
        modes(&campaign, &glass, &[]).expect_code(0).expect_error("a minimum as given");
        let found = record(&own);
        assert_eq!(
            (found.dimension, &found.frame),
            (Dimension::Three, &record(&original).frame),
            "{}",
            glass.display()
        );
        assert_same_modes(&record(&original), &found);
    }
    let word = own.display().to_string();
    run(glassmodes(["verify", &word])).expect_code(0).expect_out("recomputed to the same bits: realizations 0");
    let page = campaign.path("report").display().to_string();
    run(glassmodes(["report", &word, "--out", &page])).expect_code(0);
    // In single precision.
    let gsd = export(&campaign, "glass.gsd");
    modes(&campaign, &gsd, &[]).expect_code(0).expect_error("polished by Newton steps");
    modes(&campaign, &gsd, &["--quench", "--set", "spectrum.method=sliced"]).expect_code(0).expect_error("quenched in");
    assert_eq!(record(&own).spectrum.eigenvalues.len(), 300);
}

#[test]
fn what_lies_in_space_is_told_by_its_coordinates() {
    let (campaign, xyz) = exported("glass.xyz");
    let original = record(&campaign.archive("campaign"));
    let frame = original.frame.clone().expect("kept");
    let side = frame.box_sides[0];
    let kinds: Vec<String> = frame.diameters.iter().enumerate().map(|(i, size)| format!("{i}={size}")).collect();
    let kinds = kinds.join(",");
    // Each particle a species of its own.
    let rows = |row: &dyn Fn(usize, [f64; 3]) -> String| {
        frame.points::<3>().iter().enumerate().map(|(i, &point)| row(i, point)).collect::<String>()
    };
    let folder = campaign.path("");
    let plain = format!("100\nby hand\n{}", rows(&|i, [x, y, z]| format!("{i} {x} {y} {z}\n")));
    let dump = format!(
        "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n100\nITEM: BOX BOUNDS pp pp pp\n0 {side}\n0 {side}\n0 {side}\n\
         ITEM: ATOMS id element xu yu zu\n{}",
        rows(&|i, [x, y, z]| format!("{} {i} {x} {y} {z}\n", i + 1))
    );
    let of = |name: &str, text: &str| write(&folder, name, text);
    for (name, text, more) in [
        ("plain.xyz", &plain, &["--diameters", &kinds, "--box", &side.to_string()][..]),
        ("glass.dump", &dump, &["--diameters", &kinds]),
    ] {
        modes(&campaign, &of(name, text), more).expect_code(0).expect_error("a minimum as given");
        assert_same_modes(&original, &record(&campaign.path("own.h5")));
    }

    let refused = |name: &str, text: &str, more: &[&str], code: i32, words: &str| {
        std::fs::remove_file(campaign.path("own.h5")).unwrap_or_default();
        modes(&campaign, &of(name, text), more).expect_code(code).expect_error(words);
        assert!(!campaign.path("own.h5").exists(), "nothing is written then");
    };
    let text = std::fs::read_to_string(&xyz).expect("readable");
    let third = format!("0 0 {side}\"");
    refused("flat.xyz", &text.replacen(&third, "0 0 0\"", 1), &[], 1, "the glass has three dimensions, but its box is");
    refused("open.xyz", &text.replacen("T T T", "T T F", 1), &[], 1, "but its box is not periodic along z");
    refused(
        "flat.dump",
        &dump.replacen(&format!("0 {side}\nITEM: ATOMS"), "0 0\nITEM: ATOMS", 1),
        &["--diameters", &kinds],
        1,
        "by 0; accepted: a box along the axes that is periodic along z too, or the same z",
    );
    let said = "glass.dimension=2: glass.dimension = 2: the glasses have 3 dimensions; accepted: 3, or leave it out";
    refused("two.xyz", &text, &["--set", "glass.dimension=2"], 2, said);
    let plane = "100\nLattice=\"12 0 0 0 12 0 0 0 12\" Properties=pos:R:3:diameter:R:1\n";
    let plane = (0..100).fold(plane.to_owned(), |text, i| {
        text + &format!("{} {} 3 1\n", 1.2 * f64::from(i % 10), 1.2 * f64::from(i / 10))
    });
    refused(
        "plane.xyz",
        &format!("{text}{plane}"),
        &["--quench"],
        2,
        "put glasses of different size or dimension into different archives",
    );
    refused("plane.xyz", &plane, &["--set", "glass.dimension=3"], 2, "the glasses have 2 dimensions; accepted: 2");
}

#[test]
fn arrays_and_elements_of_three_columns_are_glasses_of_three_dimensions() {
    let (campaign, _) = exported("glass.xyz");
    let original = record(&campaign.archive("campaign"));
    let program = r#"
import h5py, numpy
glass = h5py.File("campaign/archive.h5")["particles/glass"]
positions, diameters, side = glass["position/value"][0], glass["diameter/value"][0], glass["box/edges/value"][0, 0]
def arrays(name, positions, box):
    with open(name, "wb") as file:
        numpy.savez(file, positions=positions, diameters=diameters, box=box)
arrays("one-side", positions, side)
arrays("vectors", positions[None], numpy.diag([side] * 3))
arrays("flat", positions, [side, side, 0.0])
arrays("low", positions, [side, side, 1.0])
arrays("four", numpy.zeros((100, 4)), side)
def h5md(name, edges, boundary):
    with h5py.File(name, "w") as file:
        ours = file.create_group("particles/ours")
        ours["position"], ours["radius"] = positions, 0.5 * diameters
        box = ours.create_group("box")
        box.attrs["edges"], box.attrs["boundary"] = edges, boundary
h5md("cube.h5", numpy.diag([side] * 3), ["periodic"] * 3)
h5md("flat.h5", [side, side, 0.0], ["periodic"] * 3)
h5md("open.h5", [side] * 3, ["periodic", "periodic", "none"])
h5md("leaning.h5", [[side, 0, 0], [0, side, 0], [0, 1, side]], ["periodic"] * 3)
"#;
    for python in pythons(&["h5py", "numpy"]) {
        run_python(&python, &campaign.path(""), program);
        for name in ["one-side", "vectors", "cube.h5"] {
            modes(&campaign, &campaign.path(name), &[]).expect_code(0).expect_error("a minimum as given");
            assert_same_modes(&original, &record(&campaign.path("own.h5")));
        }
        for (name, words) in [
            ("flat", "the array positions frame 0, particle 1: z is"),
            ("low", "box side 1.0000 is less than twice the largest cutoff"),
            ("four", "accepted: N × 2 or N × 3, or frames × N × 2 or 3"),
            ("flat.h5", "/particles/ours/position particle 1: z is"),
            ("open.h5", "but its box is not periodic along z"),
            ("leaning.h5", "but its box is spanned along z by [0.0, 1.0, "),
        ] {
            modes(&campaign, &campaign.path(name), &[]).expect_code(1).expect_error(words);
        }
    }
}
