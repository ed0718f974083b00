//! Bring your own glass: extended XYZ, LAMMPS, archives (H5MD: `own_glass_h5md`); minima, rounded minima, anything to be quenched.

use archive::{Archive, compare_records};
use glassmodes_tests::{Campaign, Finished, glassmodes, run, small_campaign, write};
use std::path::{Path, PathBuf};

/// A small campaign that keeps the particles of every realization, finished, with one glass exported.
pub(crate) fn campaign() -> (Campaign, PathBuf) {
    let campaign = Campaign::new(&small_campaign(3));
    campaign.run("campaign", &[]).expect_code(0);
    let glass = campaign.path("glass.xyz");
    let archive = campaign.archive("campaign").display().to_string();
    let out = glass.display().to_string();
    run(glassmodes(["export", &archive, "--realization", "1", "--out", &out])).expect_code(0);
    (campaign, glass)
}

pub(crate) fn modes(campaign: &Campaign, glass: &Path, more: &[&str]) -> Finished {
    let config = campaign.path("campaign.toml").display().to_string();
    let (glass, out) = (glass.display().to_string(), campaign.path("own.h5").display().to_string());
    run(glassmodes(["modes", &glass, "--config", &config, "--out", &out].iter().chain(more)))
}

pub(crate) fn record(path: &Path, row: usize) -> archive::Record {
    Archive::open(path).and_then(|archive| archive.record(row)).expect("readable")
}

/// The parts of two records that follow from the particles alone.
pub(crate) fn assert_same_modes(first: &archive::Record, second: &archive::Record) {
    let mut second = second.clone();
    (second.index, second.chain, second.seed) = (first.index, first.chain, first.seed);
    second.thermalize = first.thermalize.clone();
    second.inherent.iterations = first.inherent.iterations;
    assert_eq!(compare_records(first, &second), []);
}

#[test]
fn an_exported_minimum_gives_the_same_modes_again() {
    let (campaign, glass) = campaign();
    let said = modes(&campaign, &glass, &[]).expect_code(0).expect_error("a minimum as given");
    assert!(said.out.contains("1 glass, "), "{}", said.out);
    let (own, original) = (campaign.path("own.h5"), campaign.archive("campaign"));
    assert_same_modes(&record(&original, 1), &record(&own, 0));
    // It can be verified: recomputed from the particles it keeps.
    let own = own.display().to_string();
    let said = run(glassmodes(["verify", &own])).expect_code(0).out;
    assert!(said.contains("recomputed to the same bits: realizations 0"), "{said}");
    // And be read again itself, as can the campaign's archive with all its glasses.
    let first = campaign.path("first.h5");
    std::fs::rename(&own, &first).expect("writable");
    modes(&campaign, &first, &[]).expect_code(0);
    let said = modes(&campaign, &original, &[]).expect_code(0);
    assert!(said.out.contains("3 glasses"), "{}", said.out);
    assert_same_modes(&record(&original, 2), &record(&campaign.path("own.h5"), 2));
}

/// A glass beside itself, quenched if the two together are no minimum: a box of different sides, in and out again.
#[test]
fn a_box_of_different_sides_goes_all_the_way() {
    let (campaign, glass) = campaign();
    let frame = record(&campaign.archive("campaign"), 1).frame.expect("kept");
    let [width, height] = [frame.box_sides[0], frame.box_sides[1]];
    let copies = [0.0, height].into_iter().flat_map(|up| {
        frame.points::<2>().iter().zip(&frame.diameters).map(move |([x, y], size)| format!("{x} {} {size}\n", y + up))
    });
    let text = format!(
        "{}\nLattice=\"{width} 0 0 {}\" Properties=pos:R:2:diameter:R:1\n{}",
        2 * frame.diameters.len(),
        2.0 * height,
        copies.collect::<String>()
    );
    let folder = glass.parent().expect("a folder");
    let long = write(folder, "long.xyz", &text);
    modes(&campaign, &long, &["--quench", "--set", "modes.snapshot_participation_max=1"]).expect_code(0);
    let own = campaign.path("own.h5");
    let found = record(&own, 0);
    assert_eq!(found.frame.as_ref().map(|frame| &frame.box_sides[..]), Some(&[width, 2.0 * height][..]));
    let word = own.display().to_string();
    run(glassmodes(["verify", &word])).expect_code(0).expect_out("recomputed to the same bits: realizations 0");
    let page = campaign.path("report").display().to_string();
    run(glassmodes(["report", &word, "--out", &page, "--pr-max", "1", "--omega-max", "100"])).expect_code(0);
    let picture = campaign.path("mode.svg");
    let out = picture.display().to_string();
    run(glassmodes(["picture", &word, "--mode", "0", "--out", &out])).expect_code(0);
    let picture = std::fs::read_to_string(picture).expect("written");
    assert!(picture.contains(&format!("{width:.1} by {:.1}", 2.0 * height)));
    let table = campaign.path("modes.csv");
    run(glassmodes(["export", &word, "--csv", &table.display().to_string()])).expect_code(0);
    let table = std::fs::read_to_string(table).expect("written");
    let column = table.lines().next().and_then(|names| names.split(',').position(|name| name == "box_length"));
    let column = column.expect("a column");
    assert!(table.lines().skip(1).all(|row| row.split(',').nth(column) == Some(&(2.0 * height).to_string())));
    let kept = campaign.path("kept.h5");
    std::fs::rename(&own, &kept).expect("writable");
    let kept = kept.display().to_string();
    for name in ["again.xyz", "again.data"] {
        let again = campaign.path(name);
        run(glassmodes(["export", &kept, "--realization", "0", "--out", &again.display().to_string()])).expect_code(0);
        modes(&campaign, &again, &["--set", "modes.snapshot_participation_max=1"])
            .expect_code(0)
            .expect_error("a minimum as given");
        assert_same_modes(&found, &record(&own, 0));
        std::fs::remove_file(&own).expect("there");
    }
    let sides = format!("{width},{}", 2.0 * height);
    let plain = text.lines().skip(2).enumerate().map(|(i, row)| {
        let words: Vec<&str> = row.split(' ').collect();
        format!("{i} {} {}\n", words[0], words[1])
    });
    let plain = format!("{}\nby hand\n{}", 2 * frame.diameters.len(), plain.collect::<String>());
    let sizes = frame.diameters.iter().chain(&frame.diameters).enumerate().map(|(i, size)| format!("{i}={size}"));
    let sizes = sizes.collect::<Vec<_>>().join(",");
    let plain = write(folder, "plain.xyz", &plain);
    modes(
        &campaign,
        &plain,
        &["--quench", "--box", &sides, "--diameters", &sizes, "--set", "modes.snapshot_participation_max=1"],
    )
    .expect_code(0);
    assert_same_modes(&found, &record(&own, 0));
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
    // Without the mode vectors: six columns.
    let plain = |line: &str| line.split(' ').take(6).collect::<Vec<_>>().join(" ");
    let header = text.lines().nth(1).and_then(|line| line.split(":mode_").next()).expect("a header");
    let mut lines: Vec<String> = text.lines().map(plain).collect();
    lines[1] = header.to_owned();
    let with = |row: usize, line: &str| {
        let mut lines = lines.clone();
        lines[row] = line.to_owned();
        lines.join("\n").into_bytes()
    };
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("letters", with(4, "A 1.0 2.0 0 0.5 1.0x"), ":5:17: the size of a particle `1.0x` is not a finite number"),
        ("infinite", with(2, "A inf 2.0 0 0.5 1.0"), ":3:3: x `inf` is not a finite number"),
        (
            "hilly",
            with(3, "A 1.0 2.0 0.5 0.5 1.0"),
            ":4:11: z is 0.5 where others have 0: the glass has three dimensions",
        ),
        ("short", with(3, "A 1.0 2.0 0"), ":4:12: 4 columns where Properties has 6"),
        ("many", with(0, "65"), ":67:1: the file ends after 64 of 65 particles"),
        ("few", with(0, "63"), ":66:1: `X "),
        (
            "leaning",
            with(1, &header.replacen("8 0 0 0 8", "8 1 0 0 8", 1)),
            ":2:10: Lattice `8 1 0 0 8 0 0 0 1` is no box of positive sides",
        ),
        ("open", with(1, &header.replace("T T F", "T F F")), "pbc `T F F`: the glass must be periodic along x and y"),
        ("empty", Vec::new(), ":1:1: the file has no frame"),
        ("binary", b"64\nLattice\xff".to_vec(), ":2:8: not text (UTF-8); accepted: extended XYZ, LAMMPS"),
    ];
    for (name, bytes, expected) in cases {
        let path = campaign.path(&format!("{name}.xyz"));
        std::fs::write(&path, bytes).expect("writable");
        let said = modes(&campaign, &path, &[]).expect_code(1);
        // The file, and the rows and columns of the text as an editor counts them.
        let end = said.err.split(&format!("{name}.xyz")).nth(1).unwrap_or_else(|| panic!("{}", said.err));
        assert!(end.contains(expected), "{name}: {}", said.err);
        assert!(!campaign.path("own.h5").exists(), "nothing is written then");
    }
    let missing = campaign.path("missing.xyz");
    modes(&campaign, &missing, &[]).expect_code(1).expect_error("missing.xyz: cannot be read: No such file");
    modes(&campaign, &campaign.path("campaign"), &[]).expect_code(1).expect_error("cannot be read: Is a directory");
}

/// Rows of extended XYZ in a box of this side.
fn rows(side: f64, particles: impl Iterator<Item = (f64, f64, f64)>) -> String {
    let rows: Vec<String> = particles.map(|(x, y, diameter)| format!("{x} {y} {diameter}")).collect();
    format!("{}\nLattice=\"{side} 0 0 {side}\" Properties=pos:R:2:diameter:R:1\n{}\n", rows.len(), rows.join("\n"))
}

#[test]
fn what_is_no_glass_is_called_what_it_is() {
    let (campaign, _) = campaign();
    let folder = campaign.path("");
    let lattice = |spacing: f64| (0..64).map(move |i| (spacing * f64::from(i % 8), spacing * f64::from(i / 8), 1.0));
    let coincident = lattice(1.0).enumerate().map(|(i, particle)| if i == 7 { (3.0, 0.0, 1.0) } else { particle });
    let foreign = lattice(7.0).enumerate().map(|(i, (x, y, _))| (x, y, if i == 0 { 11.3 } else { 5.1 }));
    for (name, text, words) in [
        ("coincident", rows(8.0, coincident), "frame 0: particles 3 and 7 are at the same place"),
        (
            "foreign",
            rows(56.0, foreign),
            "diameters from 5.1 to 11.3: with potential.non_additivity = 0.2 the mixed diameter of such a pair is not positive",
        ),
        ("loose", rows(16.0, lattice(2.0)), "frame 0: spectrum: not jammed: 64 particles without contacts"),
        ("long", "7".repeat(3_000_000), ":1:1: `777"),
        ("escape", "\u{1b}[2J\n".to_owned(), r"`\u{1b}[2J` is not a number of particles"),
    ] {
        let path = write(&folder, &format!("{name}.xyz"), &text);
        let said = modes(&campaign, &path, &["--quench"]).expect_code(1).expect_error(words);
        assert!(said.err.len() < 1000 && !said.err.contains('\u{1b}'), "{name}: {} bytes", said.err.len());
    }
}

#[test]
fn glasses_come_gzipped_and_through_pipes() {
    let (campaign, glass) = campaign();
    let run_in_bash = |line: &str| {
        let program = glassmodes_tests::binary().display().to_string();
        let config = campaign.path("campaign.toml").display().to_string();
        let mut command = std::process::Command::new("bash");
        command.current_dir(campaign.path("")).env("G", program).env("C", config).args(["-c", line]);
        run(command)
    };
    assert!(glass.is_file());
    for line in [
        "gzip -c glass.xyz > packed && $G modes packed --config $C --out own.h5",
        "$G modes <(cat glass.xyz) --config $C --out own.h5",
        "$G modes <(gzip -c glass.xyz) --config $C --out own.h5",
        "cat glass.xyz | $G modes /dev/stdin --config $C --out own.h5",
    ] {
        run_in_bash(line).expect_code(0);
        assert_same_modes(&record(&campaign.archive("campaign"), 1), &record(&campaign.path("own.h5"), 0));
    }
    run_in_bash("cat campaign/archive.h5 | $G modes /dev/stdin --out own.h5")
        .expect_code(1)
        .expect_error("HDF5 cannot be read from a pipe; write it to a file of its own first");
    run_in_bash("gzip -c campaign/archive.h5 > packed; $G modes packed --out own.h5")
        .expect_code(1)
        .expect_error("HDF5 cannot be read while gzipped");
    run_in_bash("gzip -c glass.xyz | head -c 500 > cut; $G modes cut --out own.h5")
        .expect_code(1)
        .expect_error("cut: cannot be read");
}

#[test]
fn lammps_files_of_a_glass_give_its_modes() {
    let (campaign, _) = campaign();
    let original = record(&campaign.archive("campaign"), 1);
    let frame = Archive::open(&campaign.archive("campaign")).and_then(|archive| archive.frame(1));
    let frame = frame.expect("readable").expect("its particles are kept");
    let (side, count) = (frame.box_sides[0], frame.diameters.len());
    let rows = |line: &dyn Fn(usize, [f64; 2], f64) -> String| -> String {
        let particles = frame.points().iter().zip(&frame.diameters).enumerate();
        particles.map(|(i, (&position, &diameter))| line(i, position, diameter) + "\n").collect()
    };
    let particles = rows(&|i, [x, y], diameter| format!("{} {x} {y} {diameter}", i + 1));
    let dump = format!(
        "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{count}\nITEM: BOX BOUNDS pp pp pp\n0 {side}\n0 {side}\n-0.5 0.5\n\
         ITEM: ATOMS id x y diameter\n{particles}"
    );
    let spheres = rows(&|i, [x, y], diameter| format!("{} 1 {diameter} 1 {x} {y} 0 0 -1 0", i + 1));
    let head =
        format!("a glass\n\n{count} atoms\n1 atom types\n\n0 {side} xlo xhi\n0 {side} ylo yhi\n-0.5 0.5 zlo zhi\n\n");
    let data = format!("{head}Atoms # sphere\n\n{spheres}");
    // Each particle a type of its own.
    let kinds = rows(&|i, [x, y], _| format!("{0} {0} {x} {y} 0", i + 1));
    let atomic = format!("{head}Atoms\n\n{kinds}");
    let diameters = rows(&|i, _, diameter| format!("{}={diameter}", i + 1));
    let diameters = diameters.trim_end().replace('\n', ",");
    let folder = campaign.path("");
    for (name, text, more) in [
        ("glass.dump", &dump, &[][..]),
        ("glass.data", &data, &[]),
        ("atomic.data", &atomic, &["--diameters", &diameters]),
    ] {
        let path = write(&folder, name, text);
        modes(&campaign, &path, more).expect_code(0).expect_error("a minimum as given");
        assert_same_modes(&original, &record(&campaign.path("own.h5"), 0));
    }
    let refused = modes(&campaign, &write(&folder, "untold.data", &atomic), &[]).expect_code(1);
    refused.expect_error(
        "untold.data:10:1: the atom style atomic has neither diameters nor radii; give the diameter of each type",
    );
    modes(&campaign, &campaign.path("glass.data"), &["--diameters", "1"])
        .expect_code(2)
        .expect_error("accepted: a diameter above 0 for each type, for example 1=1.0,2=1.4");
}

#[test]
fn what_is_exported_is_read_again_whatever_its_format() {
    let (campaign, _) = campaign();
    let archive = campaign.archive("campaign");
    let export = |realizations: &str, name: &str| {
        let (archive, out) = (archive.display().to_string(), campaign.path(name).display().to_string());
        run(glassmodes(["export", &archive, "--realization", realizations, "--out", &out]))
    };
    export("1", "glass.data").expect_code(0).expect_error("1 realization without mode vectors");
    modes(&campaign, &campaign.path("glass.data"), &[]).expect_code(0).expect_error("a minimum as given");
    assert_same_modes(&record(&archive, 1), &record(&campaign.path("own.h5"), 0));
    export("0-2", "glasses.lmp").expect_code(2).expect_error("a LAMMPS data file holds one glass, not 3");
    export("0-2", "glasses.gsd").expect_code(0).expect_error("3 realizations in single precision");
    let gsd = campaign.path("glasses.gsd");
    let chosen = modes(&campaign, &gsd, &["--frames", "1:"]).expect_code(0).expect_out("2 glasses");
    chosen.expect_error("glasses.gsd, frame 2: polished by Newton steps");
    modes(&campaign, &gsd, &["--frames", "3:"]).expect_code(1).expect_error("has none of the frames");
    modes(&campaign, &gsd, &["--box", "8"]).expect_code(1).expect_error("has a box of its own; leave --box out");
    modes(&campaign, &gsd, &["--frames", "1:2:0"]).expect_code(2).expect_error("FIRST:END:STEP");
    let plain = write(&campaign.path(""), "plain.xyz", "1\nby hand\nA 1 2\n");
    modes(&campaign, &plain, &["--box", "-1"]).expect_code(2).expect_error("accepted: a side above 0");
    modes(&campaign, &plain, &["--box", "8"]).expect_code(1).expect_error("plain XYZ says nothing of sizes");
    modes(&campaign, &plain, &[]).expect_code(1).expect_error("or give --box and --diameters");
}

#[test]
fn many_files_with_many_frames_become_one_archive() {
    let (campaign, glass) = campaign();
    let text = std::fs::read_to_string(&glass).expect("readable");
    let two = write(glass.parent().expect("a folder"), "two.xyz", &format!("{text}\n{text}"));
    let (two, archive) = (two.display().to_string(), campaign.archive("campaign").display().to_string());
    let said = modes(&campaign, &glass, &[&two, &archive]).expect_code(0);
    assert!(said.out.contains("6 glasses"), "{}", said.out);
    said.expect_error("two.xyz, frame 1: a minimum as given");
    let own = campaign.path("own.h5");
    let originals = [1, 1, 1, 0, 1, 2];
    for (row, original) in originals.into_iter().enumerate() {
        assert_same_modes(&record(&campaign.archive("campaign"), original), &record(&own, row));
    }
    run(glassmodes(["verify", &own.display().to_string(), "--recompute", "6"]))
        .expect_code(0)
        .expect_out("recomputed to the same bits: realizations 0–5");
}

#[test]
fn glasses_unlike_ours_are_checked_as_what_they_are() {
    let (campaign, glass) = campaign();
    // Half as large in every direction: a density that no campaign of ours may have.
    let halved = altered(&glass, "halved.xyz", |x| 0.5 * x);
    let text = std::fs::read_to_string(&halved).expect("readable");
    write(glass.parent().expect("a folder"), "halved.xyz", &text.replacen("8 0 0 0 8", "4 0 0 0 4", 1));
    modes(&campaign, &halved, &["--quench"]).expect_code(0);
    let own = campaign.path("own.h5").display().to_string();
    run(glassmodes(["verify", &own])).expect_code(0).expect_out("recomputed to the same bits: realizations 0");
    // In a unit in which only additive diameters are positive.
    let large = altered(&glass, "large.xyz", |x| 12.0 * x);
    let text = std::fs::read_to_string(&large).expect("readable");
    let large = write(glass.parent().expect("a folder"), "large.xyz", &text.replacen("8 0 0 0 8", "96 0 0 0 96", 1));
    modes(&campaign, &large, &["--quench"]).expect_code(1).expect_error("set it to what they were made with");
    modes(&campaign, &large, &["--quench", "--set", "potential.non_additivity=0"]).expect_code(0);
    std::fs::remove_file(&own).expect("there");
    // Without the particles nothing can be recomputed, and that is said.
    modes(&campaign, &halved, &["--quench", "--set", "modes.lowest=0", "--set", "modes.omega_max=1e-3"]).expect_code(0);
    run(glassmodes(["verify", &own])).expect_code(0).expect_out("its particles are not kept");

    let row = |i: usize| format!("A {} {} 0 1\n", i % 142, i / 142);
    let rows: String = (0..20_164).map(row).collect();
    let text = format!("20164\nLattice=\"142 0 0 142\" Properties=species:S:1:pos:R:3:diameter:R:1\n{rows}");
    let large = write(glass.parent().expect("a folder"), "large.xyz", &text);
    modes(&campaign, &large, &[])
        .expect_code(2)
        .expect_error("spectrum.method = \"dense\": a dense matrix of 20164 particles does not fit; accepted: \"low\"");
    modes(&campaign, &glass, &["--set", "modes.lowest=127"])
        .expect_code(2)
        .expect_error("--set modes.lowest=127: modes.lowest = 127: accepted: 0 to 126");
}

#[test]
fn of_glasses_made_elsewhere_nothing_is_said_that_only_a_configuration_says() {
    let (campaign, glass) = campaign();
    let own = campaign.path("own.h5").display().to_string();
    let box_length = |more: &[&str]| {
        modes(&campaign, &glass, more).expect_code(0);
        let table = campaign.path("realizations.csv");
        run(glassmodes(["export", &own, "--realizations-csv", &table.display().to_string()])).expect_code(0);
        let table = std::fs::read_to_string(table).expect("written");
        let mut cells = table.lines().map(|line| line.rsplit(',').next().unwrap_or_default().to_owned());
        assert_eq!(cells.next().as_deref(), Some("box_length"));
        cells.collect::<Vec<_>>()
    };
    assert_eq!(box_length(&[]), ["8"]);
    let page = campaign.path("report");
    run(glassmodes(["report", &own, "--out", &page.display().to_string()])).expect_code(0);
    let page = |file: &str| std::fs::read_to_string(page.join(file)).expect("written");
    let summary = page("summary.json");
    for key in ["temperature", "sweeps", "diameters"] {
        assert!(summary.contains(&format!("\"{key}\": null")), "{key} in {summary}");
    }
    assert!(page("index.html").contains("Diameters are not compared with P(σ)"));
    // The box is that of the particles, which are not kept here.
    assert_eq!(box_length(&["--set", "modes.lowest=0", "--set", "modes.omega_max=1e-3"]), [""]);
}

#[test]
fn an_archive_that_cannot_be_written_is_refused_before_anything_is_computed() {
    let (campaign, glass) = campaign();
    let glass = glass.display().to_string();
    let folder = campaign.path("").display().to_string();
    let to = |out: &str| run(glassmodes(["modes", &glass, "--out", out]));
    to(&folder).expect_code(2).expect_error("is a folder; name a file");
    to(&format!("{folder}/no/own.h5")).expect_code(2).expect_error("its folder is not there; make it first");
    to(&glass).expect_code(2).expect_error("is one of the inputs");
}
