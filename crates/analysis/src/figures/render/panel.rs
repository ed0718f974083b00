//! One panel: frame, grid, ticks with their labels, and what is drawn in it.

use crate::figures::chart::{Chart, Item, clip};
use crate::figures::style::{Colour, Look, Marker, WHITE};
use crate::figures::svg::{Anchor, Stroke, Svg, width_of};

pub(super) const FRAME: Colour = Colour(60, 60, 60);
const GRID: Colour = Colour(228, 228, 228);

/// Where positions along the axes lie in the picture.
struct Frame {
    left: f64,
    top: f64,
    wide: f64,
    high: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let part = |value: f64, span: (f64, f64)| (value - span.0) / (span.1 - span.0);
        (self.left + self.wide * part(x, self.x), self.top + self.high * (1.0 - part(y, self.y)))
    }
}

/// Draws `chart` into the rectangle of `size` at `corner`.
pub(super) fn draw(svg: &mut Svg, chart: &Chart, corner: (f64, f64), size: (f64, f64), font: f64) {
    let y_ticks = chart.y.ticks();
    let widest = y_ticks.iter().map(|tick| width_of(&tick.1, font)).fold(0.0, f64::max);
    let named = if chart.y.label.is_empty() { 0.0 } else { 1.7 * font };
    let (left, right) = (widest + named + font, 1.6 * font);
    let (top, bottom) = (if chart.title.is_empty() { 0.9 } else { 2.3 } * font, 3.4 * font);
    let frame = Frame {
        left: corner.0 + left,
        top: corner.1 + top,
        wide: size.0 - left - right,
        high: size.1 - top - bottom,
        x: chart.x.span(),
        y: chart.y.span(),
    };
    let (x_end, y_end) = (frame.left + frame.wide, frame.top + frame.high);
    let fitting = |words: &str, room: f64| font * (room / width_of(words, font)).min(1.0);
    let middle = frame.left + 0.5 * frame.wide;
    if !chart.title.is_empty() {
        let title = fitting(&chart.title, size.0 - font);
        // In the middle of the picture where it is longer than the axis.
        let x = if width_of(&chart.title, title) > frame.wide { corner.0 + 0.5 * size.0 } else { middle };
        svg.text((x, corner.1 + 1.3 * font), &chart.title, title, FRAME, Anchor::Middle);
    }
    let mut x_ticks: Vec<(f64, String)> = Vec::new();
    for (position, label) in chart.x.ticks() {
        let x = frame.place(position, frame.y.0).0;
        svg.path(&[(x, frame.top), (x, y_end)], Stroke::solid(GRID, 1.0));
        x_ticks.push((x, label));
    }
    for (x, label) in apart(x_ticks, |label| width_of(label, font) + 0.5 * font) {
        svg.text((x, y_end + 1.0 * font), &label, font, FRAME, Anchor::Middle);
    }
    let mut placed: Vec<(f64, String)> = Vec::new();
    for (position, label) in y_ticks {
        let y = frame.place(frame.x.0, position).1;
        svg.path(&[(frame.left, y), (x_end, y)], Stroke::solid(GRID, 1.0));
        placed.push((y, label));
    }
    for (y, label) in apart(placed, |_| 1.2 * font) {
        svg.text((frame.left - 0.4 * font, y), &label, font, FRAME, Anchor::End);
    }
    let label = fitting(&chart.x.label, size.0 - font);
    svg.text((middle, y_end + 2.5 * font), &chart.x.label, label, FRAME, Anchor::Middle);
    if !chart.y.label.is_empty() {
        let label = fitting(&chart.y.label, size.1 - 0.5 * font);
        // In the middle of the picture where it is longer than the axis.
        let y = if width_of(&chart.y.label, label) > frame.high {
            corner.1 + 0.5 * size.1
        } else {
            frame.top + 0.5 * frame.high
        };
        svg.turned((corner.0 + 0.9 * font, y), &chart.y.label, label, FRAME, Anchor::Middle, -90.0);
    }
    for item in &chart.items {
        draw_item(svg, chart, &frame, item);
    }
    // All four sides: data that touches an edge stays readable.
    let (x, y) = (frame.left, frame.top);
    svg.path(&[(x, y), (x_end, y), (x_end, y_end), (x, y_end), (x, y)], Stroke::solid(FRAME, 1.0));
}

/// Every so many of `ticks` that no two labels, as wide as `room` says, overlap.
pub(super) fn apart(ticks: Vec<(f64, String)>, room: impl Fn(&str) -> f64) -> Vec<(f64, String)> {
    let fits = |every: usize| {
        let kept: Vec<&(f64, String)> = ticks.iter().step_by(every).collect();
        kept.windows(2).all(|pair| (pair[1].0 - pair[0].0).abs() >= 0.5 * (room(&pair[0].1) + room(&pair[1].1)))
    };
    let every = (1..=ticks.len().max(1)).find(|&every| fits(every)).unwrap_or(1);
    ticks.into_iter().step_by(every).collect()
}

fn draw_item(svg: &mut Svg, chart: &Chart, frame: &Frame, item: &Item) {
    let position = |x: f64, y: f64| (chart.x.position(x), chart.y.position(y));
    let place = |at: (f64, f64)| frame.place(at.0, at.1);
    let inside = |value: f64, span: (f64, f64)| value.clamp(span.0, span.1);
    match item {
        Item::Line { points, look, width, .. } => {
            let placed: Vec<(f64, f64)> = points.iter().map(|(x, y)| position(*x, *y)).collect();
            for path in visible_paths(&placed, frame.x, frame.y) {
                let path: Vec<(f64, f64)> = path.into_iter().map(place).collect();
                svg.path(&path, Stroke { colour: look.colour, width: *width, dash: look.dash });
            }
        }
        Item::Points { points, look, size, .. } => {
            for (x, estimate) in points.iter().filter(|(x, y)| chart.shows(*x, y.value)) {
                let (x, y) = position(*x, estimate.value);
                let ends = (chart.y.position(estimate.low), chart.y.position(estimate.high));
                // A bar that ends below a logarithmic axis ends at its edge.
                let low = if estimate.low <= 0.0 { frame.y.0 } else { ends.0 };
                if !low.is_nan() && ends.1.is_finite() {
                    let bar = [(x, inside(low, frame.y)), (x, inside(ends.1, frame.y))].map(place);
                    svg.path(&bar, Stroke::solid(look.colour, 1.2));
                }
                draw_marker(svg, place((x, y)), *look, *size);
            }
        }
        Item::Band { points, colour } => {
            let finite: Vec<&(f64, f64, f64)> = points
                .iter()
                .filter(|(x, low, high)| low.is_finite() && high.is_finite() && chart.x.position(*x).is_finite())
                .collect();
            let upper = finite.iter().map(|(x, _, high)| position(*x, *high));
            let lower = finite.iter().rev().map(|(x, low, _)| position(*x, *low));
            let outline: Vec<(f64, f64)> = upper
                .chain(lower)
                .map(|(x, y)| (inside(x, frame.x), inside(if y.is_nan() { frame.y.0 } else { y }, frame.y)))
                .map(place)
                .collect();
            if outline.len() > 3 {
                svg.polygon(&outline, *colour, 0.25);
            }
        }
        Item::Boxes { boxes } => {
            for cell in boxes {
                let (a, b) = (position(cell.x.0, cell.y.0), position(cell.x.1, cell.y.1));
                let a = (inside(a.0, frame.x), inside(a.1, frame.y));
                let b = (inside(b.0, frame.x), inside(b.1, frame.y));
                if a.0 < b.0 && a.1 < b.1 {
                    let (from, to) = (place((a.0, b.1)), place((b.0, a.1)));
                    svg.rectangle(from, (to.0 - from.0, to.1 - from.1), cell.colour);
                }
            }
        }
        Item::Scale(_) => {}
    }
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

/// Draws one marker, `size` its radius in pixels.
pub(super) fn draw_marker(svg: &mut Svg, at: (f64, f64), look: Look, size: f64) {
    let around = |corners: &[(f64, f64)]| -> Vec<(f64, f64)> {
        corners.iter().map(|(x, y)| (at.0 + size * x, at.1 + size * y)).collect()
    };
    let square = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)];
    let line = Stroke::solid(look.colour, (0.4 * size).clamp(0.8, 2.0));
    match look.marker {
        Marker::Circle => svg.circle(at, size, look.colour, None),
        Marker::Triangle => svg.polygon(&around(&[(0.0, -1.25), (1.1, 0.75), (-1.1, 0.75)]), look.colour, 1.0),
        Marker::Cross => {
            svg.path(&around(&[(-1.0, -1.0), (1.0, 1.0)]), line);
            svg.path(&around(&[(-1.0, 1.0), (1.0, -1.0)]), line);
        }
        Marker::Square => svg.polygon(&around(&square), look.colour, 1.0),
        Marker::OpenSquare => {
            let mut corners = around(&square);
            svg.polygon(&corners, WHITE, 1.0);
            // Twice the first side: its corners are closed.
            corners.extend_from_within(..2);
            svg.path(&corners, line);
        }
        Marker::Diamond => {
            svg.polygon(&around(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]), look.colour, 1.0)
        }
    }
}
