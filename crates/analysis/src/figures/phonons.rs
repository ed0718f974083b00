//! ω of the described modes against the phonon bands.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::phonons::BANDS;
use crate::measures::{Family, Measures};

/// Draws the histogram of ω/ω_phonon of localized and of extended modes.
pub fn draw(measures: &Measures) -> Figure {
    let phonons = &measures.phonons;
    let mut csv = Csv::new(&["ratio_low", "ratio_high", "localized", "extended"]);
    for bin in 0..phonons.localized.bins() {
        let (low, high) = phonons.localized.edges(bin);
        csv.row([low.into(), high.into(), phonons.localized.count(bin).into(), phonons.extended.count(bin).into()]);
    }
    let sound = measures.census.sound as f64;
    let densities = [&phonons.localized, &phonons.extended]
        .into_iter()
        .flat_map(|histogram| (0..histogram.bins()).map(|bin| histogram.density(bin, sound).value));
    let highest = densities.filter(|density| density.is_finite()).fold(0.0, f64::max);
    let end = phonons.localized.edges(phonons.localized.bins() - 1).1;
    let y = Axis::around("modes per glass and unit of ω/ω_phonon", [0.0, highest], true);
    let mut chart = Chart::new("", Axis::linear("ω / ω_phonon", 0.0, end), y);
    chart.note = Some("no described modes".to_owned());
    if phonons.localized_count + phonons.extended_count > 0 {
        for (k, band) in BANDS.into_iter().filter(|band| *band < end).enumerate() {
            let label = if k == 0 { "transverse bands √(n² + m²)" } else { "" };
            chart.vertical(label, band, Look { colour: style::GREY, ..style::reference(Dash::Dotted) });
        }
        chart.steps("extended: PR above the limit", &phonons.extended, sound, style::numbered(1));
        chart.steps("localized: PR below the limit", &phonons.localized, sound, style::family(Family::All));
    }
    Figure::draw(
        "phonons",
        "Modes against the phonon bands",
        "Described modes in units of each glass's own first transverse phonon (2π/L)√((G−P)/ρ). Longitudinal phonons \
         lie higher. Localized modes below the first band stand alone; within a band they mix with phonons.",
        &[chart],
        1,
        csv,
    )
}
