//! Reports of archives of every size: sensible pages, valid figures, no numbers that are none.

mod support;

use analysis::{Counted, FrequencyCut, Selection, report};
use archive::record::Record;
use archive::{FailureRow, Group, MergeOptions, ThinCuts, merge};
use std::path::Path;
use support::{medium, selection, write};

/// Checks every file of a report; returns the page.
fn check(out: &Path) -> String {
    for entry in std::fs::read_dir(out).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let name = path.display();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("svg") => {
                check_svg(&name.to_string(), &text);
            }
            Some("csv") => {
                let columns = text.lines().next().expect("a header").split(',').count();
                assert!(columns > 1, "{name}");
                assert!(!text.contains("NaN") && !text.contains("inf"), "{name}");
            }
            Some("json") => {
                let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                assert!(value["ensembles"].is_array());
            }
            Some("html") => {
                assert!(!text.contains("NaN") && !text.contains(">inf"), "{name}");
                let name_space = "http://www.w3.org/2000/svg";
                assert!(!text.replace(name_space, "").contains("http"), "{name} refers to the network");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    std::fs::read_to_string(out.join("index.html")).expect("a page")
}

/// Tags open and close in order, text is escaped, and every number is one.
fn check_svg(name: &str, svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "{name}: stray > in {text}");
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}");
        } else if !tag.ends_with('/') {
            open.push(tag.split([' ', '\n']).next().expect("a name"));
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{name}: {open:?} left open");
    for bad in ["NaN", "inf", "-2147483648", "2147483647"] {
        assert!(!svg.contains(bad), "{name} contains {bad}");
    }
}

#[test]
fn an_empty_archive_gives_a_page_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "empty", 64, &[], &[]);
    let summary = report(&[path], &selection(), folder.path().join("out")).expect("a report");
    assert_eq!(summary.ensembles[0].census.realizations, 0);
    assert!(check(&folder.path().join("out")).contains("No realization in this archive yet"));
}

#[test]
fn names_stand_on_the_page_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "a<b & 'c'", 64, &[], &[]);
    report(&[path], &selection(), folder.path().join("out")).expect("a report");
    let page = check(&folder.path().join("out"));
    assert!(page.contains("<title>Quasi-localized modes: a&lt;b &amp; 'c'</title>"), "{page}");
    assert!(
        page.contains("<h1 id=\"top\">Quasi-localized modes: a&lt;b &amp; 'c'</h1>") && !page.contains("a<b"),
        "{page}"
    );
}

#[test]
fn a_tiny_archive_without_modes_of_some_groups_gives_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    for modes in [0, 1] {
        let mut record = medium(1).remove(0);
        record.modes.truncate(modes);
        let path = write(folder.path(), "tiny", 1, &[record], &[]);
        let out = folder.path().join(format!("out-{modes}"));
        let summary = report(&[path], &selection(), &out).expect("a report");
        assert_eq!(summary.ensembles[0].census.sound, 1);
        assert!(summary.ensembles[0].census.selected <= 1);
        check(&out);
    }
}

#[test]
fn a_partial_archive_says_what_is_missing_and_what_failed() {
    let folder = tempfile::tempdir().expect("a folder");
    let failures = [FailureRow { index: 60, attempts: 2, reason: "largest force 1e-3".to_owned() }];
    let path = write(folder.path(), "partial", 64, &medium(37), &failures);
    report(&[path], &selection(), folder.path().join("out")).expect("a report");
    let page = check(&folder.path().join("out"));
    assert!(page.contains("Partial: 37 of 64 realizations, 1 given up"));
}

#[test]
fn what_is_left_out_is_counted_and_the_counts_add_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut records = medium(60);
    records[3].spectrum.negative_modes = 1;
    records[4].spectrum.zero_modes = 4;
    records[5].inherent.force_max = 1e-3;
    records[6].elastic.omega_phonon = f64::NAN;
    records[7].spectrum.nearly_free = 1;
    // Two zero modes of a particle that touches nothing: a minimum, and not left out.
    (records[8].spectrum.nearly_free, records[8].spectrum.zero_modes) = (1, 4);
    let modes: usize = records.iter().map(|record| record.modes.len()).sum();
    let path = write(folder.path(), "mixed", 60, &records, &[]);
    for omega_max in [FrequencyCut::Omega(2.0), FrequencyCut::OfPhonon(0.5)] {
        for lowest_only in [false, true] {
            let selection = Selection { omega_max, lowest_only, ..selection() };
            let ensemble = analysis::Ensemble::open(&path).expect("an archive");
            let census = selection.select(&ensemble).census;
            let by_phonon = u64::from(matches!(omega_max, FrequencyCut::OfPhonon(_)));
            assert_eq!((census.saddles, census.extra_zero_modes, census.unconverged), (1, 1, 1));
            // A glass without a phonon is kept: its cut is the median of the others'.
            assert_eq!((census.with_nearly_free, census.without_phonon), (2, by_phonon));
            assert_eq!(census.sound, 57);
            let left_out = census.in_unsound + census.invalid + census.extended + census.above_cut + census.not_lowest;
            assert_eq!(left_out + census.selected, modes as u64);
            let groups = [Group::A, Group::ADouble, Group::B, Group::Unbounded];
            assert_eq!(groups.map(|group| census.of(group)).iter().sum::<u64>(), census.selected);
            if lowest_only {
                assert!(census.selected <= census.sound);
                continue;
            }
            // One group alone: as many of it as before, and the others counted.
            let of_b = Selection { group: Some(Group::B), ..selection }.select(&ensemble).census;
            assert_eq!((of_b.selected, of_b.group_b), (census.group_b, census.group_b));
            let left_out = of_b.in_unsound + of_b.invalid + of_b.extended + of_b.above_cut + of_b.other_group;
            assert_eq!(left_out + of_b.selected, modes as u64);
        }
    }
}

/// Glasses of which every third has a nearly free particle: its mode is the softest, in B, and from the cutoff.
fn with_nearly_free(count: usize) -> Vec<Record> {
    let mut records = medium(count as u64);
    records.retain(|record| !record.modes.is_empty());
    for record in records.iter_mut().step_by(3) {
        record.spectrum.nearly_free = 1;
        record.elastic.omega_phonon = f64::NAN;
        let mode = &mut record.modes[0];
        (mode.omega, mode.b2, mode.b3, mode.b4) = (0.01, 1e-4, -3.0, 100.0);
        (mode.b3_inside, mode.b4_inside) = (0.0, 1.0);
        (mode.participation, mode.group, mode.barrier) = (0.0101, Group::B, 1e-12);
        mode.own_stiffness = 1e-3 * record.spectrum.own_stiffness_typical;
    }
    records
}

#[test]
fn modes_of_nearly_free_particles_are_counted_with_and_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let records = with_nearly_free(120);
    let (all, free) = (records.len() as u64, records.len().div_ceil(3) as u64);
    let path = write(folder.path(), "free", 120, &records, &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let select = |counted| Selection { counted, ..selection() }.select(&ensemble);
    let [every, without_modes, without_glasses] = Counted::EACH.map(select);
    assert_eq!((every.census.sound, every.census.single_particle), (all, free));
    assert_eq!((without_modes.census.sound, without_modes.census.single_particle_left_out), (all, free));
    assert_eq!(without_modes.census.selected, every.census.selected - free);
    assert_eq!((without_glasses.census.sound, without_glasses.census.nearly_free_left_out), (all - free, free));

    let summary = report(&[path], &selection(), folder.path().join("out")).expect("a report");
    let classes = &summary.ensembles[0].classes;
    let groups_b: Vec<u64> = classes.ways.iter().map(|way| way.group_b).collect();
    assert_eq!(groups_b[0], groups_b[1] + free);
    assert!(classes.ways[0].barriers.minimum < 1e-11 && classes.ways[1].barriers.minimum > 1e-9);
    let (of_b, staying) = classes.inside.staying(Group::B);
    assert!(of_b == groups_b[0] && staying <= groups_b[1], "{:?}", classes.inside);
    let page = check(&folder.path().join("out"));
    assert!(page.contains("<figure id=\"nearly-free\">") && page.contains("without single-particle modes"));
}

/// Glasses of which each comes twice, as the two of one chain.
#[test]
fn glasses_of_one_chain_tell_as_much_as_there_are_chains() {
    let folder = tempfile::tempdir().expect("a folder");
    let twice = |chains: fn(u64) -> u64| -> Vec<Record> {
        let each = medium(60).into_iter().flat_map(|record| [record.clone(), record]);
        let again = each.zip(0..).map(|(record, index)| Record { index, chain: chains(index), ..record });
        again.collect()
    };
    let width = |name: &str, records: &[Record]| {
        let path = write(folder.path(), name, 120, records, &[]);
        let summary = report(&[path], &selection(), folder.path().join(name)).expect("a report");
        let census = summary.ensembles[0].census;
        let fit = &summary.ensembles[0].density.families[0].fit;
        assert_eq!((census.sound, fit.realizations), (120, census.chains));
        let of_mean = summary.ensembles[0].bulk.pressure.standard_error;
        let of_exponent = (fit.bootstrap.high - fit.bootstrap.low) / (fit.exponent.value + 1.0);
        (census.chains, of_exponent, of_mean, check(&folder.path().join(name)))
    };
    let (glasses, narrow, small, page) = width("apart", &twice(|index| index));
    let (chains, wide, large, said) = width("together", &twice(|index| index / 2));
    assert_eq!((glasses, chains), (120, 60));
    // The same twice: n − 1 are 119 or 59.
    assert!((large / small - (119.0f64 / 59.0).sqrt()).abs() < 1e-9, "{large} {small}");
    // What is there twice tells as much as what is there once: √2 wider, to the noise of resampling and small samples.
    assert!((wide / narrow - 2f64.sqrt()).abs() < 0.15, "{wide} {narrow}");
    assert!(
        said.contains("120 sound glasses were taken from 60 chains") && !page.contains("Several glasses of each chain")
    );
}

#[test]
fn a_glass_without_a_phonon_is_kept_and_its_effect_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let records = with_nearly_free(120);
    let path = write(folder.path(), "unstable", 120, &records, &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let by_phonon = Selection { omega_max: FrequencyCut::OfPhonon(0.5), ..selection() };
    let selected = by_phonon.select(&ensemble);
    assert_eq!(selected.census.sound, records.len() as u64);
    // The softest mode of all is among those that count.
    assert!(selected.rows.iter().any(|&row| ensemble.modes.omega[row as usize] == 0.01));
    let effects = analysis::Measures::of(&ensemble, &by_phonon, 1).expect("measures").classes.rules;
    let effect = effects.last().expect("the last rule");
    assert_eq!(effect.glasses, records.len().div_ceil(3) as u64);
    let [_, b] = effect.otherwise.expect("glasses of this rule");
    let all = analysis::Measures::of(&ensemble, &by_phonon, 1).expect("measures").density.families[1].fit.exponent;
    assert!(b.value.is_nan() || b.value > all.value, "{b:?} {all:?}");
}

/// The same numbers from a thin archive, as far as its cuts reach; where it has no data the page says so.
#[test]
fn a_thin_archive_gives_the_numbers_of_the_whole_within_its_cuts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut records = medium(200);
    for record in &mut records {
        // As in a campaign, there are a few kinds of shifts, up to a whole number.
        let top = if record.index % 3 == 1 { 8.0 } else { 7.0 };
        record.spectrum.staircase_omega = (1..=41).map(|k| top * f64::from(k) / 41.0).collect();
        let below = |omega: &f64| record.spectrum.eigenvalues.partition_point(|l| *l < omega * omega) as u64;
        record.spectrum.staircase_count = record.spectrum.staircase_omega.iter().map(below).collect();
    }
    let whole = write(folder.path(), "whole", 200, &records, &[]);
    let thin = folder.path().join("thin.h5");
    let cuts = ThinCuts { modes_below: 1.5, participation_below: 0.4 };
    let options = MergeOptions { thin: Some(cuts), ..MergeOptions::default() };
    merge(std::slice::from_ref(&whole), &thin, &options).expect("merged");
    let within = Selection { participation_max: 0.4, omega_max: FrequencyCut::Omega(1.5), ..Selection::default() };
    let of = |path: &Path| {
        let ensemble = analysis::Ensemble::open(path).expect("an archive");
        analysis::Measures::of(&ensemble, &within, 1).expect("measures")
    };
    let (all, kept) = (of(&whole), of(&thin));
    assert!(all.census.selected > 100);
    assert_eq!((all.census.selected, all.census.group_b), (kept.census.selected, kept.census.group_b));
    assert_eq!((all.bulk, all.timing, &all.barriers), (kept.bulk, kept.timing, &kept.barriers));
    assert_eq!(all.density.families[0].fit, kept.density.families[0].fit);
    assert_eq!(all.equilibrium.series.len(), kept.equilibrium.series.len());
    for (a, b) in all.equilibrium.series.iter().zip(&kept.equilibrium.series) {
        assert_eq!((a.sweeps, a.glasses), (b.sweeps, b.glasses));
        for (a, b) in [(a.energy, b.energy), (a.drift, b.drift), (a.diameter_correlation, b.diameter_correlation)] {
            let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(close(a.value, b.value) && close(a.low, b.low) && close(a.high, b.high), "{a:?} {b:?}");
        }
    }
    // Below the first shift of the others nothing is known of them; next to a shift that both kinds have the summed counts
    // of one cannot be told from those of the other, and their curve is straight over two steps.
    assert_eq!((all.spectrum.integrated.len(), kept.spectrum.integrated.len()), (41, 40));
    let mut same = 0;
    for (a, b) in all.spectrum.integrated.iter().skip(1).zip(&kept.spectrum.integrated) {
        assert_eq!(a.omega, b.omega);
        assert!((a.fraction - b.fraction).abs() < 0.01, "{a:?} {b:?}");
        let close = (a.fraction - b.fraction).abs() < 1e-12;
        same += usize::from(close);
    }
    assert!(same > 25, "{same}");
    assert_eq!(kept.spectrum.counted, 200);
    // The map has no more modes than the archive.
    assert!(kept.count_map.participation_max.iter().all(|limit| *limit <= 0.4));

    let out = folder.path().join("out");
    report(std::slice::from_ref(&thin), &within, &out).expect("a report");
    let page = check(&out);
    for sentence in ["Thin archive.", "No data for U(s)", "No data on the diameters"] {
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(!page.contains("No data on the way to equilibrium"));
    let refusal = |selection| report(std::slice::from_ref(&thin), &selection, &out).expect_err("too wide").to_string();
    let wide = Selection { participation_max: 0.5, ..within };
    assert!(refusal(wide).contains("keeps modes with participation ratios below 0.4 only"), "{}", refusal(wide));
    for omega_max in [FrequencyCut::Omega(1.6), FrequencyCut::OfPhonon(1.0)] {
        let wide = Selection { omega_max, ..within };
        assert!(refusal(wide).contains("keeps modes with omega below 1.5 only"), "{}", refusal(wide));
    }
    // What it says is accepted is.
    let words = refusal(Selection { omega_max: FrequencyCut::OfPhonon(1.0), ..within });
    let fraction = words.split("--omega-max-phonon ").nth(1).and_then(|rest| rest.split(' ').next()).expect("told");
    let narrow = FrequencyCut::OfPhonon(fraction.parse().expect("a number"));
    report(&[thin], &Selection { omega_max: narrow, ..within }, &out).expect("a report");
}

/// The paper's numbers are of all groups: one alone is set beside none of them.
#[test]
fn a_selection_of_one_group_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "group", 200, &medium(200), &[]);
    let out = folder.path().join("out");
    let selection = Selection { group: Some(Group::B), ..selection() };
    let summary = report(&[path], &selection, &out).expect("a report");
    assert!(summary.ensembles[0].against_cut.points.is_empty());
    let page = check(&out);
    assert_eq!(page.matches(", only group B").count(), 2);
    assert!(page.contains("whose numbers are of localized modes of all groups"));
}

#[test]
fn several_archives_are_compared_on_one_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths =
        [write(folder.path(), "first", 80, &medium(80), &[]), write(folder.path(), "second", 30, &medium(30), &[])];
    let out = folder.path().join("out");
    let summary = report(&paths, &selection(), &out).expect("a report");
    assert_eq!(summary.figures.iter().filter(|figure| figure.kind != "mode").count(), 2 * 21 + 4);
    let page = check(&out);
    assert!(page.contains("Ensembles compared") && page.contains("second less first"));
    let reality = &summary.ensembles[0].reality;
    assert_eq!(reality.cutoff_dominated[2], reality.b.cutoff_dominated);
    let [difference] = &summary.differences[..] else { panic!("{:?}", summary.differences) };
    let [first, second] = [0, 1].map(|k| summary.ensembles[k].fractions.group_b.value);
    assert!((difference.group_b.value - (second - first)).abs() < 1e-12);
    assert!(difference.group_b.low < second - first && second - first < difference.group_b.high);
    // Each figure stands on the page once.
    for figure in &summary.figures {
        assert_eq!(page.matches(&format!(" id=\"{}\">", figure.name)).count(), 1, "{}", figure.name);
    }
}

#[test]
fn a_report_is_the_same_whenever_it_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "again", 40, &medium(40), &[]);
    let read = |name: &str| {
        let out = folder.path().join(name);
        report(std::slice::from_ref(&path), &selection(), &out).expect("a report");
        std::fs::read_to_string(out.join("summary.json")).expect("text")
    };
    assert_eq!(read("one"), read("two"));
}

#[test]
fn the_theory_has_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    for samples in [0, 3000] {
        let result = analysis::theory::run(samples, 1, &mut |_, _, _| {});
        let out = folder.path().join(format!("theory-{samples}"));
        analysis::write_theory(&result, &out).expect("a page");
        for name in ["theory-density.svg", "theory-exponents.svg"] {
            check_svg(name, &std::fs::read_to_string(out.join(name)).expect("an image"));
        }
        let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
        assert!(page.contains("Calibration of the estimator") && !page.contains("NaN"));
    }
}
