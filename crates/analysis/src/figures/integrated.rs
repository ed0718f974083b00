//! Integrated density of states of all modes.

use super::Figure;
use super::axis::Axis;
use super::chart::{Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::beyond_debye::unit_ball;

/// Draws the fraction of modes below ω.
pub fn draw(measures: &Measures) -> Figure {
    let spectrum = &measures.spectrum;
    let mut csv = Csv::new(&["omega", "fraction_below", "standard_error"]);
    for point in &spectrum.integrated {
        csv.row([point.omega.into(), point.fraction.into(), point.standard_error.into()]);
    }
    let points: Vec<(f64, f64, f64)> = spectrum
        .integrated
        .iter()
        .filter(|point| point.fraction > 0.0)
        .map(|point| (point.omega, point.fraction, 1.96 * point.standard_error))
        .collect();
    let x = Axis::log_around(format!("ω  {}", super::OMEGA_UNIT), points.iter().map(|point| point.0));
    let y =
        Axis::log_around(format!("modes below ω / {}", measures.about.degrees()), points.iter().map(|point| point.1));
    let mut chart = Chart::new("", x, y);
    chart.note = Some("no spectra, or N unknown".to_owned());
    let colour = style::PURPLE;
    let band = points.iter().map(|(omega, value, half)| (*omega, (value - half).max(value * 1e-3), value + half));
    chart.items.push(Item::Band { points: band.collect(), colour });
    let source = if spectrum.by_inertia { "inertia counts" } else { "eigenvalues" };
    let label = format!("mean over glasses ({source}), 95 % band");
    chart.line(label, points.iter().map(|p| (p.0, p.1)), Look { colour, ..style::reference(Dash::Solid) });
    if let (Some(_), true) = (measures.about.particles, !points.is_empty()) {
        let (phonon, dimension) = (measures.bulk.omega_phonon.mean, measures.about.dimension);
        // Weyl's law with ω_phonon = 2πc/L: π(ω/ω_phonon)² transverse phonons, or twice 4π/3 (ω/ω_phonon)³, in a square or
        // a cube of the longest side.
        let degrees = measures.about.degrees_of_freedom() / measures.beyond_debye.box_ratio;
        let axes = dimension.axes() as i32;
        let debye = |omega: f64| f64::from(axes - 1) * unit_ball(dimension) * (omega / phonon).powi(axes) / degrees;
        let (low, high) = chart.x.ends();
        if phonon.is_finite() {
            let law = if axes == 2 { "π(ω/ω_phonon)²" } else { "8π/3 (ω/ω_phonon)³" };
            let label = format!("Debye, transverse phonons: {law}");
            chart.line(label, [(low, debye(low)), (high, debye(high))], style::reference(Dash::Dashed));
        }
    }
    Figure::draw(
        "integrated-density",
        "Integrated density of states",
        "Number of all modes below ω, localized or not, per degree of freedom; zero modes not counted.",
        &[chart],
        1,
        csv,
    )
}
