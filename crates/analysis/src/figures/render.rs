//! Charts become SVG, by plotters.
//!
//! Text is never placed over data: legends stand in a column of their own, beside the panels. The SVG
//! backend knows no fonts, so widths of text are estimated, generously.

use super::axis::TickedRange;
use super::chart::{Chart, Item, Scale, clip};
use super::style::{Dash, Look, Marker};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Context<'a, 'b> = ChartContext<'b, SVGBackend<'a>, Cartesian2d<TickedRange, TickedRange>>;
type Drawing = DrawingAreaErrorKind<std::io::Error>;

/// Width and height of a panel when it stands alone, and when it is one of several.
const ALONE: (u32, u32) = (620, 440);
const SEVERAL: (u32, u32) = (450, 350);

/// In the unit of plotters' SVG backend, 1.24 of which are a pixel.
const TEXT: f64 = 16.0;

/// Between lines of the legend, in pixels.
const LINE: i32 = 18;
const FRAME: RGBColor = RGBColor(60, 60, 60);
const GRID: RGBColor = RGBColor(228, 228, 228);

/// An entry of the legend.
enum Entry {
    Line(String, Look, u32),
    Marker(String, Look),
    Scale(Scale),
}

impl Entry {
    fn label(&self) -> &str {
        match self {
            Entry::Line(label, ..) | Entry::Marker(label, _) => label,
            Entry::Scale(scale) => &scale.label,
        }
    }

    fn height(&self) -> i32 {
        let lines = wrapped(self.label()).len() as i32;
        match self {
            Entry::Scale(_) => LINE * lines + 6 * 18 + 12,
            _ => LINE * lines + 6,
        }
    }
}

/// Draws `charts` in rows of `columns`, the legend on the right.
pub(crate) fn svg(charts: &[Chart], columns: usize) -> Result<String, Box<dyn Error + Send + Sync>> {
    let entries = legend(charts);
    let rows = charts.len().div_ceil(columns).max(1) as u32;
    let panel = if charts.len() == 1 { ALONE } else { SEVERAL };
    let widest = entries.iter().flat_map(|entry| wrapped(entry.label())).map(|line| line.chars().count()).max();
    let legend_width = widest.map_or(10, |characters| 52 + (8.0 * characters as f64) as u32);
    let legend_height: i32 = 24 + entries.iter().map(Entry::height).sum::<i32>();
    let width = panel.0 * columns as u32;
    let height = (panel.1 * rows).max(legend_height as u32);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (width + legend_width, height)).into_drawing_area();
        root.fill(&WHITE)?;
        let (left, right) = root.split_horizontally(width);
        let (panels, _) = left.split_vertically(panel.1 * rows);
        for (area, chart) in panels.split_evenly((rows as usize, columns)).iter().zip(charts) {
            draw_chart(area, chart)?;
        }
        draw_legend(&right, &entries)?;
        root.present()?;
    }
    Ok(text)
}

fn draw_chart(area: &Area<'_>, chart: &Chart) -> Result<(), Drawing> {
    let mut builder = ChartBuilder::on(area);
    builder.margin(8).margin_right(20).x_label_area_size(54).y_label_area_size(88);
    if !chart.title.is_empty() {
        builder.caption(&chart.title, ("sans-serif", TEXT + 1.0).into_font().color(&FRAME));
    }
    let mut context = builder.build_cartesian_2d(TickedRange::from(&chart.x), TickedRange::from(&chart.y))?;
    context
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(FRAME)
        .label_style(("sans-serif", TEXT))
        .axis_desc_style(("sans-serif", TEXT + 1.0))
        .x_desc(chart.x.label.as_str())
        .y_desc(chart.y.label.as_str())
        .draw()?;
    for item in &chart.items {
        draw_item(&mut context, chart, item)?;
    }
    draw_frame(&mut context, chart)?;
    if chart.is_empty() {
        let note = chart.note.as_deref().unwrap_or("no data");
        let (x, y) = context.plotting_area().dim_in_pixel();
        let style = TextStyle::from(("sans-serif", TEXT + 1.0).into_font())
            .color(&FRAME)
            .pos(Pos::new(HPos::Center, VPos::Center));
        context.plotting_area().strip_coord_spec().draw_text(note, &style, (x as i32 / 2, y as i32 / 2))?;
    }
    Ok(())
}

/// All four sides: data that touches an edge stays readable.
fn draw_frame(context: &mut Context<'_, '_>, chart: &Chart) -> Result<(), Drawing> {
    let ((x0, x1), (y0, y1)) = (chart.x.span(), chart.y.span());
    context.draw_series([PathElement::new(vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], FRAME)])?;
    Ok(())
}

fn draw_item(context: &mut Context<'_, '_>, chart: &Chart, item: &Item) -> Result<(), Drawing> {
    let (x_span, y_span) = (chart.x.span(), chart.y.span());
    let place = |x: f64, y: f64| (chart.x.position(x), chart.y.position(y));
    match item {
        Item::Line { points, look, width, .. } => {
            let placed: Vec<(f64, f64)> = points.iter().map(|(x, y)| place(*x, *y)).collect();
            for path in visible_paths(&placed, x_span, y_span) {
                draw_path(context, path, *look, *width)?;
            }
        }
        Item::Points { points, look, .. } => {
            for (x, estimate) in points.iter().filter(|(x, y)| chart.shows(*x, y.value)) {
                let (x, y) = place(*x, estimate.value);
                let ends = (chart.y.position(estimate.low), chart.y.position(estimate.high));
                // A bar that ends below a logarithmic axis ends at its edge.
                let low = if estimate.low <= 0.0 { y_span.0 } else { ends.0 };
                if !low.is_nan() && ends.1.is_finite() {
                    let bar = vec![(x, low.clamp(y_span.0, y_span.1)), (x, ends.1.clamp(y_span.0, y_span.1))];
                    context.draw_series([PathElement::new(bar, look.colour.stroke_width(1))])?;
                }
                draw_marker(context, (x, y), *look)?;
            }
        }
        Item::Band { points, colour } => {
            let clamped = |x: f64, y: f64| (x.clamp(x_span.0, x_span.1), y.clamp(y_span.0, y_span.1));
            let finite: Vec<&(f64, f64, f64)> = points
                .iter()
                .filter(|(x, low, high)| low.is_finite() && high.is_finite() && chart.x.position(*x).is_finite())
                .collect();
            let upper = finite.iter().map(|(x, _, high)| place(*x, *high));
            let lower = finite.iter().rev().map(|(x, low, _)| place(*x, *low));
            let outline: Vec<(f64, f64)> = upper.chain(lower).map(|(x, y)| clamped(x, y)).collect();
            if outline.len() > 3 && outline.iter().all(|(x, y)| x.is_finite() && y.is_finite()) {
                context.draw_series([Polygon::new(outline, colour.mix(0.25))])?;
            }
        }
        Item::Boxes { boxes } => {
            for cell in boxes {
                let a = place(cell.x.0, cell.y.0);
                let b = place(cell.x.1, cell.y.1);
                let inside = |v: f64, span: (f64, f64)| v.clamp(span.0, span.1);
                let a = (inside(a.0, x_span), inside(a.1, y_span));
                let b = (inside(b.0, x_span), inside(b.1, y_span));
                if a.0 < b.0 && a.1 < b.1 {
                    context.draw_series([Rectangle::new([a, b], cell.colour.filled())])?;
                }
            }
        }
        Item::Scale(_) => {}
    }
    Ok(())
}

/// The parts of a line inside the frame, joined where they touch.
fn visible_paths(points: &[(f64, f64)], x: (f64, f64), y: (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let mut paths: Vec<Vec<(f64, f64)>> = Vec::new();
    for pair in points.windows(2) {
        let finite = |p: (f64, f64)| p.0.is_finite() && p.1.is_finite();
        if !finite(pair[0]) || !finite(pair[1]) {
            continue;
        }
        let Some((from, to)) = clip(pair[0], pair[1], x, y) else { continue };
        match paths.last_mut() {
            Some(path) if path.last() == Some(&from) => path.push(to),
            _ => paths.push(vec![from, to]),
        }
    }
    paths
}

fn draw_path(context: &mut Context<'_, '_>, path: Vec<(f64, f64)>, look: Look, width: u32) -> Result<(), Drawing> {
    let style = look.colour.stroke_width(width);
    match dashes(look.dash) {
        None => context.draw_series([PathElement::new(path, style)]).map(|_| ()),
        Some((dash, gap)) => context.draw_series(DashedLineSeries::new(path, dash, gap, style)).map(|_| ()),
    }
}

/// Lengths of dash and gap in pixels.
fn dashes(dash: Dash) -> Option<(u32, u32)> {
    match dash {
        Dash::Solid => None,
        Dash::Dashed => Some((7, 5)),
        Dash::Dotted => Some((2, 4)),
        Dash::Long => Some((14, 5)),
    }
}

fn draw_marker(context: &mut Context<'_, '_>, at: (f64, f64), look: Look) -> Result<(), Drawing> {
    let filled = look.colour.filled();
    match look.marker {
        Marker::Circle => context.draw_series([Circle::new(at, 4, filled)]).map(|_| ()),
        Marker::Triangle => context.draw_series([TriangleMarker::new(at, 5, filled)]).map(|_| ()),
        Marker::Cross => context.draw_series([Cross::new(at, 4, look.colour.stroke_width(2))]).map(|_| ()),
        Marker::Square => {
            context.draw_series([EmptyElement::at(at) + Rectangle::new([(-3, -3), (4, 4)], filled)]).map(|_| ())
        }
        Marker::OpenSquare => {
            let square = EmptyElement::at(at)
                + Rectangle::new([(-4, -4), (4, 4)], WHITE.filled())
                + Rectangle::new([(-4, -4), (4, 4)], look.colour.stroke_width(2));
            context.draw_series([square]).map(|_| ())
        }
        Marker::Diamond => {
            let outline = vec![(0, -5), (5, 0), (0, 5), (-5, 0)];
            context.draw_series([EmptyElement::at(at) + Polygon::new(outline, filled)]).map(|_| ())
        }
    }
}

/// Entries of all charts, each label once.
fn legend(charts: &[Chart]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for item in charts.iter().flat_map(|chart| &chart.items) {
        let entry = match item {
            Item::Line { label, look, width, points } if !label.is_empty() && !points.is_empty() => {
                Entry::Line(label.clone(), *look, *width)
            }
            Item::Points { label, look, points } if !label.is_empty() && !points.is_empty() => {
                Entry::Marker(label.clone(), *look)
            }
            Item::Scale(scale) => Entry::Scale(scale.clone()),
            _ => continue,
        };
        if entries.iter().all(|known| known.label() != entry.label()) {
            entries.push(entry);
        }
    }
    entries
}

fn draw_legend(area: &Area<'_>, entries: &[Entry]) -> Result<(), Drawing> {
    let style = TextStyle::from(("sans-serif", TEXT).into_font()).color(&FRAME).pos(Pos::new(HPos::Left, VPos::Center));
    let mut y = 24;
    for entry in entries {
        match entry {
            Entry::Line(_, look, width) => {
                let stroke = look.colour.stroke_width(*width);
                let path = vec![(4, y), (34, y)];
                match dashes(look.dash) {
                    None => area.draw(&PathElement::new(path, stroke))?,
                    Some((dash, gap)) => {
                        for start in (4..34).step_by((dash + gap) as usize) {
                            let end = (start + dash as i32).min(34);
                            area.draw(&PathElement::new(vec![(start, y), (end, y)], stroke))?;
                        }
                    }
                }
            }
            Entry::Marker(_, look) => draw_legend_marker(area, (19, y), *look)?,
            Entry::Scale(_) => {}
        }
        let offset = if matches!(entry, Entry::Scale(_)) { 4 } else { 42 };
        let lines = wrapped(entry.label());
        for (k, line) in lines.iter().enumerate() {
            area.draw_text(line, &style, (offset, y + LINE * k as i32))?;
        }
        if let Entry::Scale(scale) = entry {
            let top = y + LINE * lines.len() as i32 - 2;
            for step in 0..6 {
                let part = f64::from(step) / 5.0;
                let value = scale.low * (scale.high / scale.low).powf(part);
                let row = top + 18 * step;
                let colour = scale.shade(value);
                area.draw(&Rectangle::new([(6, row), (32, row + 16)], colour.filled()))?;
                area.draw_text(&short(value), &style, (42, row + 8))?;
            }
        }
        y += entry.height();
    }
    Ok(())
}

fn draw_legend_marker(area: &Area<'_>, at: (i32, i32), look: Look) -> Result<(), Drawing> {
    let filled = look.colour.filled();
    match look.marker {
        Marker::Circle => area.draw(&Circle::new(at, 4, filled)),
        Marker::Triangle => area.draw(&TriangleMarker::new(at, 5, filled)),
        Marker::Cross => area.draw(&Cross::new(at, 4, look.colour.stroke_width(2))),
        Marker::Square => area.draw(&Rectangle::new([(at.0 - 3, at.1 - 3), (at.0 + 4, at.1 + 4)], filled)),
        Marker::OpenSquare => {
            let (from, to) = ((at.0 - 4, at.1 - 4), (at.0 + 4, at.1 + 4));
            area.draw(&Rectangle::new([from, to], look.colour.stroke_width(2)))
        }
        Marker::Diamond => {
            let outline = [(0, -5), (5, 0), (0, 5), (-5, 0)].map(|(x, y)| (at.0 + x, at.1 + y));
            area.draw(&Polygon::new(outline.to_vec(), filled))
        }
    }
}

/// A number of a scale in two digits.
fn short(value: f64) -> String {
    if (0.01..100_000.0).contains(&value) {
        let decimals = (1.0 - value.log10().floor()).max(0.0) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        let exponent = value.log10().floor();
        format!("{:.0}·10{}", value / 10f64.powf(exponent), super::axis::superscript(exponent as i32))
    }
}

/// Lines of at most about 26 characters.
fn wrapped(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 26 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
