//! How much of b₃ and b₄ comes from pairs near the cutoff.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style;
use crate::measures::{GROUPS, Measures};

/// Draws the cumulative distribution of the shares by group.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&["coefficient", "group", "share", "fraction_below"]);
    let mut charts = Vec::new();
    for (name, label, shares) in [("b3", "b₃", &measures.reality.share_b3), ("b4", "b₄", &measures.reality.share_b4)]
    {
        let x = Axis::linear(format!("|share of {label} from pairs near the cutoff|"), 0.0, 1.5);
        let mut chart = Chart::new(label, x, Axis::linear("fraction of modes below", 0.0, 1.0));
        chart.note = Some("no selected modes".to_owned());
        for group in GROUPS {
            let steps = super::cumulative(shares[group as usize].clone());
            for &(share, fraction) in &steps {
                csv.row([name.into(), archive::group::name(group).into(), share.into(), fraction.into()]);
            }
            chart.line(archive::group::name(group), steps, style::group(group));
        }
        charts.push(chart);
    }
    Figure::draw(
        "cutoff-share",
        "What pairs near the cutoff contribute",
        "Cumulative distribution of the part of b₃ and b₄ that comes from pairs within 2 % of the cutoff, where with \
         small q the derivatives that b₃ and b₄ use jump. A share can exceed 1 when other pairs cancel.",
        &charts,
        2,
        csv,
    )
}
