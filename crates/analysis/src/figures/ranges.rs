//! Ranges of b₂ and b₄ in the groups.

use super::Figure;
use super::axis::Axis;
use super::chart::{Cell, Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash};
use crate::measures::{GROUPS, Measures};
use crate::statistics::Distribution;
use archive::Group;

/// Draws smallest to largest, 5 to 95 %, and the median of b₂ and b₄, one row a group.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv =
        Csv::new(&["coefficient", "group", "count", "minimum", "quantile_05", "median", "quantile_95", "maximum"]);
    let mut charts = Vec::new();
    for (name, label) in [("b2", "b₂  (ε/length²)"), ("b4", "b₄  (ε/length⁴)")] {
        let rows: Vec<(Group, Distribution)> = GROUPS
            .iter()
            .zip(&measures.shape.groups)
            .map(|(group, shape)| (*group, if name == "b2" { shape.b2 } else { shape.b4 }))
            .collect();
        for (group, d) in &rows {
            csv.row([
                name.into(),
                archive::group::name(*group).into(),
                d.count.into(),
                d.minimum.into(),
                d.quantile_05.into(),
                d.median.into(),
                d.quantile_95.into(),
                d.maximum.into(),
            ]);
        }
        // b₄ ≤ 0 has no place on a logarithmic axis: unbounded modes are in the table.
        let shown: Vec<&(Group, Distribution)> = rows.iter().filter(|(_, d)| d.count > 0 && d.minimum > 0.0).collect();
        let x = Axis::log_around(label, shown.iter().flat_map(|(_, d)| [d.minimum, d.maximum]));
        let mut chart = Chart::new("", x, Axis::rows("", &["A", "A-double", "B", "unbounded"]));
        chart.note = Some("no selected modes".to_owned());
        for (group, d) in shown {
            let (row, look) = (3.0 - f64::from(*group as u8), style::group(*group));
            let cell = Cell { x: (d.quantile_05, d.quantile_95), y: (row - 0.22, row + 0.22), colour: look.colour };
            chart.items.push(Item::Boxes { boxes: vec![cell] });
            chart.line("", [(d.minimum, row), (d.maximum, row)], look);
            chart.dots("", [(d.minimum, row), (d.maximum, row)], look);
            chart.line("", [(d.median, row - 0.3), (d.median, row + 0.3)], style::reference(Dash::Solid));
        }
        charts.push(chart);
    }
    Figure::draw(
        "ranges",
        "Ranges of b₂ and b₄",
        "Smallest to largest value (markers), 5 to 95 % (boxes) and median (black) of the selected modes of each group. \
         Groups without modes, or with b₄ ≤ 0, have no row entry; their numbers are in the table.",
        &charts,
        2,
        csv,
    )
}
