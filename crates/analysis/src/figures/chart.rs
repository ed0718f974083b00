//! A chart as data: axes and what is drawn on them, before anything is drawn.

use super::axis::Axis;
use super::style::{Colour, Dash, Look, WHITE, shade};
use crate::statistics::{Estimate, Histogram};

/// One panel.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) title: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) items: Vec<Item>,
    /// Shown in the middle when there is nothing to draw.
    pub(crate) note: Option<String>,
}

/// Something drawn. Coordinates are values, not positions; what is not finite or outside is left out.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Line { label: String, points: Vec<(f64, f64)>, look: Look, width: f64 },
    Points { label: String, points: Vec<(f64, Estimate)>, look: Look, size: f64 },
    Band { points: Vec<(f64, f64, f64)>, colour: Colour },
    Boxes { boxes: Vec<Cell> },
    Scale(Scale),
}

/// A filled rectangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    pub(crate) colour: Colour,
}

/// What shades mean, for the legend.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) label: String,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Else logarithmic.
    pub(crate) linear: bool,
    pub(crate) shades: fn(f64) -> Colour,
}

impl Scale {
    /// A logarithmic scale from light to dark.
    pub(crate) fn logarithmic(label: &str, low: f64, high: f64) -> Scale {
        Scale { label: label.to_owned(), low, high, linear: false, shades: shade }
    }

    /// The shade of `value`.
    pub(crate) fn shade(&self, value: f64) -> Colour {
        (self.shades)(if self.linear {
            (value - self.low) / (self.high - self.low)
        } else {
            (value / self.low).ln() / (self.high / self.low).ln()
        })
    }
}

impl Chart {
    pub(crate) fn new(title: impl Into<String>, x: Axis, y: Axis) -> Chart {
        Chart { title: title.into(), x, y, items: Vec::new(), note: None }
    }

    /// Draws a line; an empty label keeps it out of the legend.
    pub(crate) fn line(&mut self, label: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>, look: Look) {
        self.items.push(Item::Line { label: label.into(), points: points.into_iter().collect(), look, width: 2.0 });
    }

    /// Draws a line with a white edge, to be seen on light and on dark.
    pub(crate) fn outlined(&mut self, label: impl Into<String>, points: Vec<(f64, f64)>, look: Look) {
        let edge = Look { colour: WHITE, dash: Dash::Solid, ..look };
        self.items.push(Item::Line { label: String::new(), points: points.clone(), look: edge, width: 5.0 });
        self.line(label, points, look);
    }

    /// Draws a thin line.
    pub(crate) fn thin_line(
        &mut self,
        label: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
        look: Look,
    ) {
        self.items.push(Item::Line { label: label.into(), points: points.into_iter().collect(), look, width: 1.2 });
    }

    /// Draws points with error bars.
    pub(crate) fn points(
        &mut self,
        label: impl Into<String>,
        points: impl IntoIterator<Item = (f64, Estimate)>,
        look: Look,
    ) {
        self.items.push(Item::Points { label: label.into(), points: points.into_iter().collect(), look, size: 4.0 });
    }

    /// Draws points without error bars.
    pub(crate) fn dots(&mut self, label: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>, look: Look) {
        let bare = |(x, y)| (x, Estimate { value: y, low: f64::NAN, high: f64::NAN });
        self.points(label, points.into_iter().map(bare), look);
    }

    /// Draws small points without error bars, of which there are many.
    pub(crate) fn specks(&mut self, label: impl Into<String>, points: Vec<(f64, f64)>, look: Look) {
        self.dots(label, points, look);
        if let Some(Item::Points { size, .. }) = self.items.last_mut() {
            *size = 2.2;
        }
    }

    /// Draws a vertical line over the whole height.
    pub(crate) fn vertical(&mut self, label: impl Into<String>, x: f64, look: Look) {
        let (low, high) = self.y.ends();
        self.thin_line(label, [(x, low), (x, high)], look);
    }

    /// Draws a horizontal line over the whole width.
    pub(crate) fn horizontal(&mut self, label: impl Into<String>, y: f64, look: Look) {
        let (low, high) = self.x.ends();
        self.thin_line(label, [(low, y), (high, y)], look);
    }

    /// Draws the outline of a histogram's density.
    pub(crate) fn steps(&mut self, label: impl Into<String>, histogram: &Histogram, norm: f64, look: Look) {
        let bins = (0..histogram.bins()).map(|bin| (histogram.edges(bin), histogram.density(bin, norm).value));
        self.outline(label, bins, look);
    }

    /// Draws the outline of bins, each with its edges and its height.
    pub(crate) fn outline(
        &mut self,
        label: impl Into<String>,
        bins: impl IntoIterator<Item = ((f64, f64), f64)>,
        look: Look,
    ) {
        let floor = self.y.ends().0;
        let heights = bins.into_iter().map(|((low, high), height)| (low, high, height.max(floor)));
        let mut points: Vec<(f64, f64)> =
            heights.flat_map(|(low, high, height)| [(low, height), (high, height)]).collect();
        if let (Some(&(first, _)), Some(&(last, _))) = (points.first(), points.last()) {
            points.insert(0, (first, floor));
            points.push((last, floor));
        }
        self.line(label, points, look);
    }

    /// Whether nothing would be seen.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.iter().all(|item| match item {
            Item::Line { points, .. } => !points.iter().any(|(x, y)| self.shows(*x, *y)),
            Item::Points { points, .. } => !points.iter().any(|(x, y)| self.shows(*x, y.value)),
            Item::Band { points, .. } => points.is_empty(),
            Item::Boxes { boxes } => boxes.is_empty(),
            Item::Scale(_) => true,
        })
    }

    /// Whether a point lies within both axes.
    pub(crate) fn shows(&self, x: f64, y: f64) -> bool {
        let inside = |axis: &Axis, value: f64| {
            let (low, high) = axis.span();
            let position = axis.position(value);
            let room = 1e-9 * (high - low);
            position >= low - room && position <= high + room
        };
        inside(&self.x, x) && inside(&self.y, y)
    }
}

/// The part of the segment from `a` to `b` inside the rectangle of `x` and `y` spans (Liang and Barsky,
/// doi:10.1145/357332.357333).
pub(crate) fn clip(a: (f64, f64), b: (f64, f64), x: (f64, f64), y: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (step, room) in [(-dx, a.0 - x.0), (dx, x.1 - a.0), (-dy, a.1 - y.0), (dy, y.1 - a.1)] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |t: f64| ((a.0 + t * dx).clamp(x.0, x.1), (a.1 + t * dy).clamp(y.0, y.1));
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_cut_at_the_frame() {
        let unit = (0.0, 1.0);
        assert_eq!(clip((-1.0, 0.5), (2.0, 0.5), unit, unit), Some(((0.0, 0.5), (1.0, 0.5))));
        assert_eq!(clip((0.2, 0.2), (0.4, 0.4), unit, unit), Some(((0.2, 0.2), (0.4, 0.4))));
        assert_eq!(clip((-1.0, 2.0), (2.0, 2.0), unit, unit), None);
        assert_eq!(clip((0.5, -1.0), (0.5, 3.0), unit, unit), Some(((0.5, 0.0), (0.5, 1.0))));
    }
}
