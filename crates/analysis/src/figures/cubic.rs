//! The paper's Fig. 4: P(b₃).

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style;
use crate::measures::{GROUPS, Measures};
use crate::statistics::Histogram;
use crate::statistics::moments::quantile;
use archive::Group;

/// Draws the density of |b₃| by group.
pub fn draw(measures: &Measures) -> Figure {
    let groups: Vec<(Group, &[f64])> =
        GROUPS.iter().zip(&measures.shape.groups).map(|(group, shape)| (*group, &shape.b3_values[..])).collect();
    let mut all: Vec<f64> = groups.iter().flat_map(|(_, values)| values.iter().copied()).collect();
    all.sort_unstable_by(f64::total_cmp);
    // The tail would squeeze the rest; what lies beyond is in the caption.
    let end = 1.5 * quantile(&all, 0.95);
    let end = if end > 0.0 { end } else { 1.0 };
    let bins = (2.0 * (all.len() as f64).sqrt()).clamp(10.0, 40.0) as usize;
    let mut csv = Csv::new(&["group", "b3_low", "b3_high", "count", "density", "low", "high"]);
    let histograms: Vec<(Group, Histogram)> = groups
        .iter()
        .map(|(group, values)| {
            let mut histogram = Histogram::linear(0.0, end, bins);
            histogram.extend(values.iter().copied());
            (*group, histogram)
        })
        .collect();
    // All groups per all modes: their areas are their fractions.
    let norm = all.len() as f64;
    for (group, histogram) in &histograms {
        for bin in 0..histogram.bins() {
            let ((low, high), density) = (histogram.edges(bin), histogram.density(bin, norm));
            csv.row([
                archive::group::name(*group).into(),
                low.into(),
                high.into(),
                histogram.count(bin).into(),
                density.value.into(),
                density.low.into(),
                density.high.into(),
            ]);
        }
    }
    let densities = histograms.iter().flat_map(|(_, h)| (0..h.bins()).map(|bin| h.density(bin, norm).value));
    let y = Axis::around("P(|b₃|)  (length³/ε)", densities.collect::<Vec<f64>>().into_iter().chain([0.0]), true);
    let mut chart = Chart::new("", Axis::linear("|b₃|  (ε/length³)", 0.0, end), y);
    chart.note = Some("no selected modes".to_owned());
    for (group, histogram) in &histograms {
        if histogram.total() > 0 {
            chart.steps(archive::group::name(*group), histogram, norm, style::group(*group));
        }
    }
    let beyond = all.iter().filter(|value| **value >= end).count();
    Figure::draw(
        "cubic",
        "Cubic coefficient b₃",
        format!(
            "Density of |b₃| of the selected modes by group; the areas are the fractions of the groups. {beyond} of {} \
             modes lie beyond the axis. The paper's Fig. 4.",
            all.len()
        ),
        &[chart],
        1,
        csv,
    )
}
