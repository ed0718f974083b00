//! The paper's Fig. 4: P(b₃).

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::{Csv, Field};
use super::style;
use crate::measures::{GROUPS, Measures};
use crate::statistics::moments::quantile;
use crate::statistics::{Estimate, Histogram};
use archive::Group;

/// Draws the density of |b₃| by group, near zero and over its whole range.
pub fn draw(measures: &Measures) -> Figure {
    let groups: Vec<(Group, &[f64])> =
        GROUPS.iter().zip(&measures.shape.groups).map(|(group, shape)| (*group, &shape.b3_values[..])).collect();
    let mut all: Vec<f64> = groups.iter().flat_map(|(_, values)| values.iter().copied()).collect();
    all.sort_unstable_by(f64::total_cmp);
    let bins = (2.0 * (all.len() as f64).sqrt()).clamp(10.0, 40.0) as usize;
    // The tail would squeeze the rest, and modes of single particles reach a hundred times as far as the others.
    let end = (1.5 * quantile(&all, 0.95)).min(10.0 * quantile(&all, 0.5));
    let end = if end > 0.0 { end } else { 1.0 };
    let near = of_groups(&groups, || Histogram::linear(0.0, end, bins));
    let positive = || all.iter().copied().filter(|&value| value > 0.0 && value.is_finite());
    let quarter_decade = |value: f64| (4.0 * value.log10()).floor();
    let first = quarter_decade(positive().next().unwrap_or(0.1));
    let last = quarter_decade(positive().next_back().unwrap_or(1.0)) + 1.0;
    let edge = |quarter: f64| 10f64.powf(quarter / 4.0);
    let far = of_groups(&groups, || Histogram::logarithmic(edge(first), edge(last), (last - first) as usize));

    let mut csv = Csv::new(&["group", "scale", "b3_low", "b3_high", "count", "density", "low", "high"]);
    // All groups per all modes: their areas are their fractions.
    let norm = all.len() as f64;
    for (scale, histograms) in [("linear", &near), ("logarithmic", &far)] {
        for (group, histogram) in histograms {
            for bin in 0..histogram.bins() {
                csv.row(row(*group, scale, histogram, bin, norm));
            }
        }
    }

    let (x, y) = ("|b₃|  (ε/length³)", "P(|b₃|)  (length³/ε)");
    let densities = near.iter().flat_map(|(_, h)| (0..h.bins()).map(|bin| h.density(bin, norm).value));
    let height = Axis::around(y, densities.collect::<Vec<f64>>().into_iter().chain([0.0]), true);
    let mut near_zero = Chart::new("Near zero", Axis::linear(x, 0.0, end), height);
    let heights = far.iter().flat_map(|(_, h)| points(h, norm)).flat_map(|(_, density)| [density.low, density.high]);
    let height = Axis::log_around(y, heights.collect::<Vec<f64>>());
    let mut everywhere = Chart::new("All", Axis::logarithmic(x, edge(first), edge(last)), height);
    for ((group, near), (_, far)) in near.iter().zip(&far) {
        if near.total() > 0 {
            near_zero.steps(archive::group::name(*group), near, norm, style::group(*group));
            everywhere.points(archive::group::name(*group), points(far, norm), style::group(*group));
        }
    }
    let mut charts = [near_zero, everywhere];
    for chart in &mut charts {
        chart.note = Some("no selected modes".to_owned());
    }
    let beyond = all.iter().filter(|value| **value >= end).count();
    Figure::draw(
        "cubic",
        "Cubic coefficient b₃",
        format!(
            "Density of |b₃| of the selected modes by group; the areas are the fractions of the groups. Near zero, where \
             {beyond} of {} modes lie beyond the axis, and in bins of a quarter of a decade over the whole range, with \
             95 % Poisson intervals. The paper's Fig. 4.",
            all.len()
        ),
        &charts,
        2,
        csv,
    )
}

fn of_groups(groups: &[(Group, &[f64])], empty: impl Fn() -> Histogram) -> Vec<(Group, Histogram)> {
    let fill = |values: &[f64]| {
        let mut histogram = empty();
        histogram.extend(values.iter().copied());
        histogram
    };
    groups.iter().map(|(group, values)| (*group, fill(values))).collect()
}

/// The densities of the bins that hold something.
fn points(histogram: &Histogram, norm: f64) -> impl Iterator<Item = (f64, Estimate)> {
    (0..histogram.bins())
        .filter(|&bin| histogram.count(bin) > 0)
        .map(move |bin| (histogram.centre(bin), histogram.density(bin, norm)))
}

fn row(group: Group, scale: &str, histogram: &Histogram, bin: usize, norm: f64) -> [Field; 8] {
    let ((low, high), density) = (histogram.edges(bin), histogram.density(bin, norm));
    [
        archive::group::name(group).into(),
        scale.into(),
        low.into(),
        high.into(),
        histogram.count(bin).into(),
        density.value.into(),
        density.low.into(),
        density.high.into(),
    ]
}
