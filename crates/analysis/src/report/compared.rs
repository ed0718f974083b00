//! Tables of several ensembles.

use super::html::{escape, table};
use super::numbers::{count, estimate, number, part};
use crate::measures::comparison::Contrast;
use crate::measures::{Family, Measures};

/// One row an ensemble: what it is and how many modes.
pub(super) fn overview(measures: &[Measures]) -> String {
    let text = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let rows: Vec<Vec<String>> = measures
        .iter()
        .enumerate()
        .map(|(k, m)| {
            vec![
                format!("<a href=\"#ensemble-{k}\">{}</a>", escape(&m.label)),
                text(m.about.particles.map(count)),
                text(m.about.density.map(number)),
                text(m.about.smoothness.map(count)),
                text(m.about.temperature.map(number)),
                text(m.about.sweeps.map(count)),
                escape(m.about.method.as_deref().unwrap_or("–")),
                format!("{} of {}", count(m.census.realizations), count(m.census.planned)),
                count(m.census.failed),
                count(m.census.sound),
                count(m.census.selected),
            ]
        })
        .collect();
    let header =
        ["ensemble", "N", "ρ", "q", "T", "sweeps", "spectrum", "glasses", "given up", "sound", "modes selected"];
    table(&header, &rows)
}

/// The numbers that are compared between ensembles.
pub(super) fn compared(measures: &[Measures]) -> String {
    let rows: Vec<Vec<String>> = measures
        .iter()
        .map(|m| {
            let exponent = |family: Family| {
                let found = m.density.families.iter().find(|density| density.family == family);
                found.map_or_else(String::new, |density| super::numbers::exponent(&density.fit))
            };
            vec![
                escape(&m.label),
                count(m.census.selected),
                part(m.fractions.group_b),
                part(m.fractions.group_a_double),
                exponent(Family::A),
                exponent(Family::B),
                part(m.reality.b.true_deeper),
                part(m.reality.b.cutoff_dominated),
                part(m.reality.b.confirmed),
            ]
        })
        .collect();
    let header = [
        "ensemble",
        "modes",
        "fraction B",
        "fraction A-double",
        "α of A",
        "α of B",
        "B: true profile deeper",
        "B: b₃ mostly from the cutoff",
        "B: confirmed",
    ];
    table(&header, &rows)
}

/// What differs from the first ensemble.
pub(super) fn differing(differences: &[Contrast]) -> String {
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|d| {
            vec![
                format!("{} less {}", escape(&d.ensemble), escape(&d.first)),
                estimate(d.group_b),
                estimate(d.group_a_double),
                estimate(d.true_deeper),
                estimate(d.cutoff_dominated),
            ]
        })
        .collect();
    let header =
        ["difference of", "fraction B", "fraction A-double", "B: true profile deeper", "B: b₃ mostly from the cutoff"];
    let mut html = table(&header, &rows);
    html.push_str(
        "<p class=\"note\">Newcombe's intervals of the difference of two fractions, modes taken as independent. Where \
         zero lies inside, the ensembles may be the same. A glass of another size has its phonons elsewhere: compare \
         different N at one ω, or at one fraction of the phonon, and mind which.</p>\n",
    );
    html
}
