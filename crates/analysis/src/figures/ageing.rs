//! How long a start is remembered: a study of its own, of glasses followed much longer than a campaign does.

use super::Figure;
use super::axis::Axis;
use super::chart::{Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::statistics::Estimate;

/// Means over the glasses followed, at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgeingPoint {
    /// Sweeps made at T.
    pub sweeps: u64,
    /// e(t) − e(plateau), seed by seed; ε per particle.
    pub energy: Estimate,
    /// e_IS(t) − e_IS(plateau), seed by seed; ε per particle.
    pub inherent_energy: Estimate,
    /// C_σ(t).
    pub diameter_correlation: Estimate,
}

/// Draws both differences and C_σ against sweeps, and marks `chosen`, the default number of sweeps.
pub fn draw(points: &[AgeingPoint], chosen: u64) -> Figure {
    let parts: [(&str, &str, fn(&AgeingPoint) -> Estimate); 3] = [
        ("at T", "⟨e(t) − e(plateau)⟩  (ε)", |point| point.energy),
        ("inherent structure", "⟨e_IS(t) − e_IS(plateau)⟩  (ε)", |point| point.inherent_energy),
        ("diameters", "⟨C_σ(t)⟩", |point| point.diameter_correlation),
    ];
    let mut csv = Csv::new(&["sweeps", "quantity", "mean", "low", "high"]);
    let mut charts = Vec::new();
    for (title, label, part) in parts {
        let values: Vec<(f64, Estimate)> = points.iter().map(|point| (point.sweeps as f64, part(point))).collect();
        for (sweeps, e) in &values {
            csv.row([(*sweeps).into(), title.into(), e.value.into(), e.low.into(), e.high.into()]);
        }
        let ends = values.iter().flat_map(|(_, e)| [e.low, e.high]);
        let y = Axis::around(label, ends.chain([0.0]), false);
        let mut chart = Chart::new(title, Axis::log_around("sweeps at T", values.iter().map(|v| v.0)), y);
        chart.note = Some("no glasses".to_owned());
        let band = values.iter().map(|(sweeps, e)| (*sweeps, e.low, e.high)).collect();
        chart.items.push(Item::Band { points: band, colour: style::PURPLE });
        let look = |colour, dash| Look { colour, ..style::reference(dash) };
        let mean = values.iter().map(|(sweeps, e)| (*sweeps, e.value));
        chart.line("mean over seeds, 95 % band", mean, look(style::PURPLE, Dash::Solid));
        if !values.is_empty() {
            chart.horizontal("", 0.0, look(style::GREY, Dash::Dashed));
            chart.vertical("default", chosen as f64, look(style::BLACK, Dash::Dotted));
        }
        charts.push(chart);
    }
    Figure::draw(
        "ageing",
        "How many sweeps equilibrium needs",
        "Each glass is compared with its own plateau, the mean over the last factor of three in time, so that the \
         spread between compositions cancels.",
        &charts,
        3,
        csv,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::format::Format;

    #[test]
    fn a_study_and_an_empty_one_are_drawn() {
        let estimate = |value: f64| Estimate { value, low: value - 0.1, high: value + 0.1 };
        let points: Vec<AgeingPoint> = [1, 10, 100]
            .map(|sweeps| AgeingPoint {
                sweeps,
                energy: estimate(1.0 / sweeps as f64),
                inherent_energy: estimate(0.5 / sweeps as f64),
                diameter_correlation: estimate(0.9),
            })
            .into();
        let figure = draw(&points, 30);
        assert_eq!(figure.csv.lines().count(), 1 + 3 * points.len());
        assert!(figure.svg(&Format::default()).expect("drawn").contains("⟨C_σ(t)⟩"));
        assert!(draw(&[], 30).svg(&Format::default()).is_none());
    }
}
