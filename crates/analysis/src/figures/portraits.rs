//! The paper's Fig. 1: U(s) along a few modes of group A and of group B.

use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash};
use super::{Figure, FigureError};
use crate::measures::portraits::Portrait;
use crate::measures::{Family, Measures};

/// Points of a quartic.
const POINTS: usize = 160;

/// Draws the quartics, and the true profiles over them.
///
/// # Errors
/// [`FigureError`] when the drawing library fails.
pub fn draw(measures: &Measures) -> Result<Figure, FigureError> {
    let mut csv = Csv::new(&["family", "realization", "mode", "curve", "s", "energy"]);
    let mut charts = Vec::new();
    for portrait in &measures.portraits {
        let family = portrait.family.name();
        let (low, high) = window(portrait);
        let quartic: Vec<(f64, f64)> = (0..=POINTS)
            .map(|k| low + (high - low) * k as f64 / POINTS as f64)
            .map(|s| (s, portrait.quartic(s)))
            .collect();
        let profile: Vec<(f64, f64)> = portrait
            .profile_s
            .iter()
            .copied()
            .zip(portrait.profile_energy.iter().copied())
            .filter(|(s, _)| (low..=high).contains(s))
            .collect();
        for (curve, points) in [("quartic", &quartic), ("true", &profile)] {
            for &(s, energy) in points {
                csv.row([
                    family.into(),
                    portrait.realization.into(),
                    u64::from(portrait.mode).into(),
                    curve.into(),
                    s.into(),
                    energy.into(),
                ]);
            }
        }
        let title = format!(
            "{}: ω = {:.3}, |β| = {:.3}, glass {}",
            if portrait.family == Family::A { "A" } else { "B" },
            portrait.omega,
            portrait.beta.abs(),
            portrait.realization
        );
        let x = Axis::linear("s (length)", low, high);
        let mut chart = Chart::new(title, x, Axis::around("U(s) − U(0)  (ε)", quartic.iter().map(|p| p.1), true));
        let label = if portrait.family == Family::A { "quartic, A" } else { "quartic, B" };
        chart.line(label, quartic, style::family(portrait.family));
        chart.line("true profile", profile, style::reference(Dash::Dotted));
        charts.push(chart);
    }
    if charts.is_empty() {
        let mut chart =
            Chart::new("", Axis::linear("s (length)", -1.0, 1.0), Axis::linear("U(s) − U(0)  (ε)", 0.0, 1.0));
        chart.note = Some("no selected mode has its profile kept".to_owned());
        charts.push(chart);
    }
    let columns = charts.len().min(2);
    Figure::draw(
        "portraits",
        "Energy along a mode, U(s)",
        "The quartic b₂s²/2 + b₃s³/6 + b₄s⁴/24 of the softest selected modes of group A and of group B (lines), and the \
         energy that the potential itself has along the mode (dotted). The paper's Fig. 1 shows the quartic.",
        &charts,
        columns,
        csv,
    )
}

/// The range of s that shows the minimum at 0 and what the quartic has besides: its other stationary points
/// if there are any, with some room.
fn window(portrait: &Portrait) -> (f64, f64) {
    let [b2, b3, b4] = portrait.b;
    let discriminant = 9.0 * b3 * b3 - 24.0 * b2 * b4;
    let width = if b4 > 0.0 { (12.0 * b2 / b4).sqrt() } else { 1.0 };
    let (mut low, mut high) = (-width, width);
    if discriminant > 0.0 && b4 > 0.0 {
        for sign in [-1.0, 1.0] {
            let s = (-3.0 * b3 + sign * discriminant.sqrt()) / (2.0 * b4);
            low = low.min(s);
            high = high.max(s);
        }
        let room = 0.25 * (high - low);
        if low < -width {
            low -= room
        }
        if high > width {
            high += room
        }
    }
    (low, high)
}
