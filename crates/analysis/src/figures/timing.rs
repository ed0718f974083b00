//! CPU seconds of the stages.

use super::Figure;
use super::axis::Axis;
use super::chart::{Cell, Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash};
use crate::measures::Measures;

/// Draws the median and the 5 to 95 % range of each stage.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&["stage", "count", "mean", "minimum", "quantile_05", "median", "quantile_95", "maximum"]);
    let stages = measures.timing.stages();
    for (stage, d) in stages {
        csv.row([
            stage.into(),
            d.count.into(),
            d.mean.into(),
            d.minimum.into(),
            d.quantile_05.into(),
            d.median.into(),
            d.quantile_95.into(),
            d.maximum.into(),
        ]);
    }
    let x =
        Axis::log_around("CPU seconds a realization", stages.iter().flat_map(|(_, d)| [d.quantile_05, d.quantile_95]));
    let mut chart = Chart::new("", x, Axis::rows("", &stages.map(|(stage, _)| stage)));
    chart.note = Some("no realizations".to_owned());
    for (k, (_, d)) in stages.iter().enumerate() {
        if d.count > 0 && d.quantile_05 > 0.0 {
            let row = (stages.len() - 1 - k) as f64;
            let cell = Cell { x: (d.quantile_05, d.quantile_95), y: (row - 0.25, row + 0.25), colour: style::PURPLE };
            chart.items.push(Item::Boxes { boxes: vec![cell] });
            let label = if k == 0 { "median" } else { "" };
            chart.line(label, [(d.median, row - 0.35), (d.median, row + 0.35)], style::reference(Dash::Solid));
        }
    }
    Figure::draw(
        "timing",
        "CPU time",
        "CPU seconds of the worker in each stage: 5 to 95 % of the realizations (boxes) and median (black).",
        &[chart],
        1,
        csv,
    )
}
