//! Charts become SVG.
//!
//! Text is never placed over data: legends stand below the panels. The file knows no fonts, so widths of text are
//! estimated, generously.

mod legend;
mod panel;

use super::chart::Chart;
use super::format::Format;
use super::svg::Svg;
use legend::Legend;

/// Width and height of a panel when it stands alone, and when it is one of several, in units of the default font.
const ALONE: (f64, f64) = (47.0, 33.0);
const SEVERAL: (f64, f64) = (35.0, 27.0);

/// Narrower panels, in units of the font, stand below each other.
const NARROWEST: f64 = 24.0;

/// Draws `charts` in rows of `columns`, the legend below.
pub(crate) fn svg(charts: &[Chart], columns: usize, format: &Format) -> String {
    let font = format.font();
    let size = if charts.len() == 1 { ALONE } else { SEVERAL };
    let columns = columns.clamp(1, charts.len().max(1));
    let (columns, wide) = match format.width() {
        None => (columns, size.0 * font),
        Some(width) if width / columns as f64 >= NARROWEST * font => (columns, width / columns as f64),
        Some(width) => (1, width),
    };
    let high = wide * size.1 / size.0;
    let rows = charts.len().div_ceil(columns).max(1);
    let width = wide * columns as f64;
    let legend = Legend::of(charts, width, font);
    let panels_high = high * rows as f64;
    let mut svg = Svg::default();
    for (k, chart) in charts.iter().enumerate() {
        let corner = (wide * (k % columns) as f64, high * (k / columns) as f64);
        panel::draw(&mut svg, chart, corner, (wide, high), font);
    }
    legend.draw(&mut svg, panels_high);
    svg.finish((width, panels_high + legend.height()), format.millimetres)
}

/// One chart in a part of another picture.
pub(crate) fn panel(svg: &mut Svg, chart: &Chart, corner: (f64, f64), size: (f64, f64), font: f64) {
    panel::draw(svg, chart, corner, size, font);
}

/// The legend of `charts` as a part of another picture; returns its height.
pub(crate) fn legend(svg: &mut Svg, charts: &[Chart], corner: (f64, f64), width: f64, font: f64) -> f64 {
    let legend = Legend::of(charts, width, font);
    legend.draw_at(svg, corner);
    legend.height()
}
