//! Participation ratio against ω: the described modes as dots by group, all modes of all spectra as shades.

use super::Figure;
use super::axis::Axis;
use super::chart::{Cell, Chart, Item, Scale};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::spectrum::WholeSpectrum;
use archive::Group;

/// Draws the modes in the plane of ω and PR, the selection's limit over them.
pub fn draw(measures: &Measures, participation_max: f64) -> Figure {
    let spectrum = &measures.spectrum;
    let mut csv = Csv::new(&["omega_low", "omega_high", "participation_low", "participation_high", "count"]);
    let largest = spectrum.map.iter().flatten().copied().max().unwrap_or(0);
    let scale = Scale::logarithmic("modes per cell", 1.0, (largest as f64).max(2.0));
    let mut boxes = Vec::new();
    for (column, counts) in spectrum.map.iter().enumerate() {
        let x = spectrum.omega.edges(column);
        let mut row = 0;
        while row < counts.len() {
            // Neighbouring cells of equal count are one box: smaller files.
            let mut end = row + 1;
            while end < counts.len() && counts[end] == counts[row] {
                end += 1;
            }
            if counts[row] > 0 {
                let y = (WholeSpectrum::participation_edges(row).0, WholeSpectrum::participation_edges(end - 1).1);
                boxes.push(Cell { x, y, colour: scale.shade(counts[row] as f64) });
                for cell in row..end {
                    let y = WholeSpectrum::participation_edges(cell);
                    csv.row([x.0.into(), x.1.into(), y.0.into(), y.1.into(), counts[cell].into()]);
                }
            }
            row = end;
        }
    }
    let shape = &measures.shape;
    let dots = || shape.described.iter().flatten().map(|dot| dot.0);
    let x = Axis::log_around(
        format!("ω  {}", super::OMEGA_UNIT),
        dots().chain([spectrum.omega_lowest, spectrum.omega_highest]),
    );
    let mut chart = Chart::new("", x, Axis::linear("participation ratio", 0.0, 1.0));
    chart.note = Some("no spectra".to_owned());
    if !boxes.is_empty() {
        chart.items.push(Item::Boxes { boxes });
        chart.items.push(Item::Scale(scale));
    }
    // The rare ones last: they are seen.
    for group in [Group::A, Group::Unbounded, Group::ADouble, Group::B] {
        let points = super::thinned(shape.described[group as usize].clone());
        let label = format!("{}, {} described", archive::group::name(group), shape.described[group as usize].len());
        chart.specks(label, points, style::group(group));
    }
    if !shape.single_particles.is_empty() {
        let look = Look { marker: style::Marker::Cross, ..style::reference(Dash::Solid) };
        chart.dots("one nearly free particle", super::thinned(shape.single_particles.clone()), look);
    }
    if !chart.is_empty() {
        let (low, high) = chart.x.ends();
        let line = [(low, participation_max), (high, participation_max)];
        chart.outlined(format!("PR = {participation_max}"), line.into(), style::reference(Dash::Solid));
        if measures.bulk.omega_phonon.mean.is_finite() {
            let line = Look { colour: style::BLACK, ..style::reference(Dash::Dashed) };
            chart.vertical("mean first transverse phonon", measures.bulk.omega_phonon.mean, line);
        }
    }
    Figure::draw(
        "participation",
        "Participation ratio against ω",
        format!(
            "Dots: the described modes of the glasses that count, coloured by group (at most {} of each). Shades: all {} modes of {} \
             spectra, whatever the selection; zero modes not shown. A localized mode has PR ~ 1/N, a plane wave 2/3.",
            super::POINTS_MAX,
            spectrum.modes,
            spectrum.realizations
        ),
        &[chart],
        1,
        csv,
    )
}
