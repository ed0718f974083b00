//! Reports of archives with nonlinear modes and wells, and of archives without.

use analysis::{FrequencyCut, Selection, report};
use archive::record::Record;
use archive::synthetic::SyntheticCampaign;
use archive::{WriteStyle, write_archive};
use std::path::{Path, PathBuf};

/// k_B · 1 K of argon, in ε.
const KELVIN: f64 = 1.0 / 119.8;

fn records(searched: bool) -> Vec<Record> {
    let campaign = SyntheticCampaign { described: 8, searched, ..SyntheticCampaign::low(100) };
    let mut records = campaign.records(0..60);
    records.iter_mut().for_each(|record| record.spectrum.rattlers = 0);
    records
}

fn write(folder: &Path, name: &str, records: &[Record], sections: &str) -> PathBuf {
    let path = folder.join(format!("{name}.h5"));
    let mut provenance = SyntheticCampaign::low(100).provenance(records.len() as u64);
    provenance.config =
        format!("[campaign]\nname = \"{name}\"\n[glass]\nparticles = 100\n[modes]\nomega_max = 2.5\n{sections}");
    write_archive(&path, &provenance, records, &[], WriteStyle::Segment).expect("written");
    path
}

fn selection() -> Selection {
    Selection { participation_max: 0.4, omega_max: FrequencyCut::Omega(2.0), ..Selection::default() }
}

#[test]
fn the_section_counts_directions_ways_and_two_level_systems() {
    let folder = tempfile::tempdir().expect("a folder");
    let records = records(true);
    let sections = "[nonlinear]\nkinds = [\"cubic\"]\n[wells]\nsearch = true\nhbar = 0.03\n";
    let path = write(folder.path(), "searched", &records, sections);
    let out = folder.path().join("out");
    let summary = report(std::slice::from_ref(&path), &selection(), &out).expect("a report");
    let measures = &summary.ensembles[0];
    let (directions, wells) = (measures.directions.as_ref().expect("there"), measures.wells.as_ref().expect("there"));

    let names: Vec<&str> = directions.each.iter().map(|direction| direction.name).collect();
    assert_eq!(names, ["harmonic", "pseudo-harmonic", "cubic", "quartic"]);
    // The made-up nonlinear modes are the modes they started from; the first cubic search of a glass was given up.
    let [harmonic, pseudo, cubic, _] = &directions.each[..] else { panic!("four") };
    assert_eq!((pseudo.selected, pseudo.group_b), (harmonic.selected, harmonic.group_b));
    assert!(cubic.selected < harmonic.selected);
    let with_modes = records.iter().filter(|record| !record.modes.is_empty()).count() as u64;
    assert_eq!(cubic.given_up, with_modes);
    assert!((pseudo.softening.minimum - 1.0).abs() < 1e-12 && (pseudo.softening.maximum - 1.0).abs() < 1e-12);

    let ways: Vec<_> = records.iter().flat_map(|record| record.transitions.iter().skip(1)).collect();
    assert_eq!(wells.ways.len(), ways.len());
    let is_system = |splitting: f64, step: f64, curvature: f64| {
        let quantum = 0.03 * curvature.sqrt();
        splitting < KELVIN && splitting < 0.9 * quantum && step < splitting + 0.5 * quantum
    };
    let systems = ways.iter().filter(|way| is_system(way.splitting, way.energy_difference, way.curvature_start));
    let expected = systems.count() as u64;
    assert_eq!(wells.systems, expected);
    assert!(expected > 0 && (expected as usize) < ways.len());
    assert_eq!(wells.outcomes.iter().find(|outcome| outcome.0 == "no saddle"), Some(&("no saddle", with_modes)));

    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(page.contains("Where are the two-level systems?") && page.contains("1 K of argon"));
    assert!(!page.contains("NaN"));
    for figure in ["directions", "transitions"] {
        assert_eq!(page.matches(&format!("<figure id=\"{figure}\">")).count(), 1);
        let csv = std::fs::read_to_string(out.join(format!("{figure}.csv"))).expect("its data");
        assert!(csv.lines().count() > 10 && !csv.contains("NaN"));
    }
}

#[test]
fn where_each_glass_has_a_cut_of_its_own_all_exponents_have_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "searched", &records(true), "[wells]\nsearch = true\nhbar = 0.03\n");
    let selection = Selection { omega_max: FrequencyCut::OfPhonon(0.9), ..selection() };
    let summary = report(&[path], &selection, folder.path().join("out")).expect("a report");
    let measures = &summary.ensembles[0];
    let (directions, wells) = (measures.directions.as_ref().expect("there"), measures.wells.as_ref().expect("there"));
    assert!(measures.density.cuts_differ);
    let of_all = &measures.density.families[2].fit;
    // The made-up pseudo-harmonic modes are the modes that they started from.
    for direction in &directions.each[..2] {
        assert_eq!(direction.exponent.as_ref(), Some(of_all), "{}", direction.name);
    }
    let [with, without] = [&wells.exponent_with_way, &wells.exponent_without_way]
        .map(|exponent| exponent.as_ref().map_or(0, |fit| fit.events));
    assert!(with > 0);
    assert_eq!(with + without, of_all.events);
}

#[test]
fn pages_of_archives_without_them_say_nothing_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "plain", &records(false), "");
    let out = folder.path().join("out");
    let summary = report(std::slice::from_ref(&path), &selection(), &out).expect("a report");
    assert!(summary.ensembles[0].directions.is_none() && summary.ensembles[0].wells.is_none());
    for name in ["index.html", "summary.json"] {
        let text = std::fs::read_to_string(out.join(name)).expect("text");
        assert!(
            !text.contains("two-level systems?") && !text.contains("\"wells\"") && !text.contains("hbar"),
            "{name}"
        );
    }
}

#[test]
fn wells_that_were_searched_and_not_found_have_a_section_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "none", &records(false), "[wells]\nsearch = true\nhbar = 0.013\n");
    let out = folder.path().join("out");
    let summary = report(std::slice::from_ref(&path), &selection(), &out).expect("a report");
    let wells = summary.ensembles[0].wells.as_ref().expect("there");
    assert_eq!((wells.systems, wells.ways.len(), wells.material), (0, 0, "a Ni-P metallic glass"));
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(
        page.contains("0 two-level systems") && page.contains("no adjacent minimum found") && !page.contains("NaN")
    );
}
