//! Barrier of the quartic against that of the true profile.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash};
use crate::measures::Measures;
use archive::Group;

/// Draws the scatter.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&["realization", "omega", "group", "barrier_quartic", "barrier_true"]);
    let both: Vec<_> = measures.barriers.pairs.iter().filter(|pair| pair.actual > 0.0 && pair.quartic > 0.0).collect();
    for pair in &both {
        csv.row([
            pair.realization.into(),
            pair.omega.into(),
            archive::group::name(pair.group).into(),
            pair.quartic.into(),
            pair.actual.into(),
        ]);
    }
    let values = || both.iter().flat_map(|pair| [pair.quartic, pair.actual]);
    let x = Axis::log_around("barrier of the quartic  (ε)", values());
    let mut chart = Chart::new("", x, Axis::log_around("barrier of the true profile  (ε)", values()));
    chart.note = Some("no mode has a barrier in both".to_owned());
    if !both.is_empty() {
        let (low, high) = chart.x.ends();
        chart.thin_line("equal", [(low, low), (high, high)], style::reference(Dash::Dashed));
    }
    for group in [Group::ADouble, Group::B] {
        let points: Vec<(f64, f64)> =
            both.iter().filter(|pair| pair.group == group).map(|pair| (pair.quartic, pair.actual)).collect();
        chart.dots(archive::group::name(group), super::thinned(points), style::group(group));
    }
    let without = measures.barriers.pairs.len() - both.len();
    Figure::draw(
        "true-barriers",
        "Quartic barriers against true ones",
        format!(
            "Modes with a second minimum both in the quartic and in the true profile. {without} of {} second minima of \
             the quartic have no counterpart in the true profile.",
            measures.barriers.pairs.len()
        ),
        &[chart],
        1,
        csv,
    )
}
