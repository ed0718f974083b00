//! D(ω) of all modes, Debye's, and their difference.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::beyond_debye::BeyondPoint;

/// Draws D, D_Debye and D_G.
pub fn draw(measures: &Measures) -> Figure {
    let found = &measures.beyond_debye;
    let mut csv = Csv::new(&["omega", "density", "debye", "beyond_debye"]);
    for point in &found.points {
        csv.row([point.omega.into(), point.density.into(), point.debye.into(), point.beyond.into()]);
    }
    let of = |value: fn(&BeyondPoint) -> f64| {
        found.points.iter().map(move |point| (point.omega, value(point))).filter(|(_, value)| *value > 0.0)
    };
    let x = Axis::log_around(format!("ω  {}", super::OMEGA_UNIT), found.points.iter().map(|point| point.omega));
    let all = of(|p| p.density).chain(of(|p| p.debye)).chain(of(|p| p.beyond).filter(|p| p.0 >= found.omega_low));
    let mut chart = Chart::new("", x, Axis::log_around("D per degree of freedom", all.map(|(_, value)| value)));
    chart.note = Some("no counts of all modes, no moduli, or N unknown".to_owned());
    let look = |colour, dash| Look { colour, ..style::reference(dash) };
    chart.line("D, all modes", of(|point| point.density), look(style::BLACK, Dash::Solid));
    chart.line("D_Debye", of(|point| point.debye), look(style::GREY, Dash::Dashed));
    chart.dots("D_G = D − D_Debye", of(|point| point.beyond), look(style::PURPLE, Dash::Solid));
    let words = match found.exponent {
        Some(exponent) => {
            chart.vertical("range of the exponent", found.omega_low, look(style::GREY, Dash::Dotted));
            chart.vertical("", found.omega_high, look(style::GREY, Dash::Dotted));
            format!(
                "D_G ∝ ω^{:.2} [{:.2}, {:.2}] between ω = {:.3} and {:.3}, by least squares in logarithms; the interval \
                 takes modes as independent.",
                exponent.value, exponent.low, exponent.high, found.omega_low, found.omega_high
            )
        }
        None => "Too few points lie between the first bands of phonons and the peak for an exponent.".to_owned(),
    };
    Figure::draw(
        "beyond-debye",
        "Beyond Debye's law",
        format!(
            "All modes, localized or not. D_Debye: Weyl's law for transverse and longitudinal sound with the moduli of each \
             glass. {words} Below the range single bands of phonons stand out of the smooth law; where D is below Debye's, \
             there is no point."
        ),
        &[chart],
        1,
        csv,
    )
}
