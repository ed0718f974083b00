//! ω of the described modes against the phonon bands.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::phonons::bands;
use crate::measures::{Family, Measures};
use crate::statistics::Histogram;
use archive::Dimension;

/// Part of the glasses that must be described in a bin for it to be drawn.
const GLASSES_DESCRIBED: f64 = 0.05;

/// Draws the histogram of ω/ω_phonon of localized and of extended modes.
pub fn draw(measures: &Measures) -> Figure {
    let phonons = &measures.phonons;
    let mut csv = Csv::new(&["ratio_low", "ratio_high", "localized", "extended", "glasses"]);
    for bin in 0..phonons.localized.bins() {
        let (low, high) = phonons.localized.edges(bin);
        csv.row([
            low.into(),
            high.into(),
            phonons.localized.count(bin).into(),
            phonons.extended.count(bin).into(),
            phonons.glasses[bin].into(),
        ]);
    }
    // Where few glasses are described the rest of the curve would be theirs.
    let enough = GLASSES_DESCRIBED * phonons.glasses.iter().copied().fold(0.0, f64::max);
    let densities = |histogram: &Histogram| -> Vec<((f64, f64), f64)> {
        let described = (0..histogram.bins()).filter(|&bin| phonons.glasses[bin] > enough);
        described.map(|bin| (histogram.edges(bin), histogram.density(bin, phonons.glasses[bin]).value)).collect()
    };
    let (extended, localized) = (densities(&phonons.extended), densities(&phonons.localized));
    let highest = extended.iter().chain(&localized).map(|(_, density)| *density).fold(0.0, f64::max);
    let end = phonons.localized.edges(phonons.localized.bins() - 1).1;
    let y = Axis::around("modes per glass and unit of ω/ω_phonon", [0.0, highest], true);
    let mut chart = Chart::new("", Axis::linear("ω / ω_phonon", 0.0, end), y);
    chart.note = Some("no described modes".to_owned());
    if phonons.localized_count + phonons.extended_count > 0 {
        let dimension = measures.about.dimension;
        let sum = if dimension == Dimension::Three { "n² + m² + l²" } else { "n² + m²" };
        let shown = bands(dimension).iter().map(|square| square.sqrt()).filter(|band| *band < end);
        for (k, band) in shown.enumerate() {
            let label = if k == 0 { format!("transverse bands √({sum})") } else { String::new() };
            chart.vertical(label, band, Look { colour: style::GREY, ..style::reference(Dash::Dotted) });
        }
        chart.outline("extended: PR above the limit", extended, style::numbered(1));
        chart.outline("localized: PR below the limit", localized, style::family(Family::All));
    }
    Figure::draw(
        "phonons",
        "Modes against the phonon bands",
        "Described modes in units of each glass's own first transverse phonon (2π/L)√((G−P)/ρ). Longitudinal phonons \
         lie higher. Localized modes below the first band stand alone; within a band they mix with phonons. Each bin \
         counts the glasses that are described there; one that less than a twentieth of them reach is not drawn.",
        &[chart],
        1,
        csv,
    )
}
