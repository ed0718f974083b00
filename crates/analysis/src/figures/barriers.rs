//! Barriers between the two minima: how they are distributed.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::barriers::BarrierPair;
use archive::Group;

/// Draws the fraction of barriers below ΔU, of the quartic and of the true profile.
pub fn draw(measures: &Measures) -> Figure {
    let pairs = &measures.barriers.pairs;
    let mut csv = Csv::new(&["realization", "omega", "group", "barrier_quartic", "barrier_true"]);
    for pair in pairs {
        csv.row([
            pair.realization.into(),
            pair.omega.into(),
            archive::group::name(pair.group).into(),
            pair.quartic.into(),
            pair.actual.into(),
        ]);
    }
    let x = Axis::log_around("barrier ΔU  (ε)", pairs.iter().flat_map(|pair| [pair.quartic, pair.actual]));
    let mut chart = Chart::new("", x, Axis::linear("fraction of barriers below", 0.0, 1.0));
    chart.note = Some("no selected mode has a second minimum".to_owned());
    for group in [Group::ADouble, Group::B] {
        let name = archive::group::name(group);
        let sorted = |value: fn(&BarrierPair) -> f64| {
            super::cumulative(pairs.iter().filter(|pair| pair.group == group).map(value).collect())
        };
        chart.line(
            format!("quartic, {name}"),
            sorted(|pair| pair.quartic),
            Look { dash: Dash::Solid, ..style::group(group) },
        );
        chart.line(
            format!("true, {name}"),
            sorted(|pair| pair.actual),
            Look { dash: Dash::Dotted, ..style::group(group) },
        );
    }
    Figure::draw(
        "barriers",
        "Barriers",
        "Cumulative distribution of the barrier towards the second minimum, of the quartic (solid) and of the true \
         profile along the mode where it has a second minimum (dotted).",
        &[chart],
        1,
        csv,
    )
}
