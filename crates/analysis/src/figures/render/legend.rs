//! What lines, markers and shades mean: entries side by side, in as many rows as they take.

use super::panel::{FRAME, draw_marker};
use crate::figures::axis::Axis;
use crate::figures::chart::{Chart, Item, Scale};
use crate::figures::style::Look;
use crate::figures::svg::{Anchor, Stroke, Svg, width_of};

enum Sample {
    Line(Look, f64),
    Marker(Look),
    Scale(Scale),
}

/// Entries with the places where they stand.
pub(crate) struct Legend {
    entries: Vec<(String, Sample, (f64, f64))>,
    height: f64,
    width: f64,
    font: f64,
}

/// Length of a sample, and of a scale, in units of the font.
const SAMPLE: f64 = 2.4;
const SCALE: f64 = 18.0;
const LINE: f64 = 1.5;

impl Legend {
    /// Entries of all `charts`, each label once, within `width`.
    pub(super) fn of(charts: &[Chart], width: f64, font: f64) -> Legend {
        let mut found: Vec<(String, Sample)> = Vec::new();
        for item in charts.iter().flat_map(|chart| &chart.items) {
            let (label, sample) = match item {
                Item::Line { label, look, width, points } if !label.is_empty() && !points.is_empty() => {
                    (label, Sample::Line(*look, *width))
                }
                Item::Points { label, look, points, .. } if !label.is_empty() && !points.is_empty() => {
                    (label, Sample::Marker(*look))
                }
                Item::Scale(scale) => (&scale.label, Sample::Scale(scale.clone())),
                _ => continue,
            };
            if found.iter().all(|(known, _)| known != label) {
                found.push((label.clone(), sample));
            }
        }
        let (left, mut x, mut y) = (1.5 * font, 1.5 * font, 0.75 * LINE * font);
        let mut entries = Vec::new();
        for (label, sample) in found {
            let is_scale = matches!(sample, Sample::Scale(_));
            let wide = width_of(&label, font) + if is_scale { SCALE + 3.5 } else { SAMPLE + 2.2 } * font;
            if x > left && x + wide > width {
                (x, y) = (left, y + LINE * font);
            }
            entries.push((label, sample, (x, y)));
            x += wide;
            if is_scale {
                // Its numbers stand below it.
                (x, y) = (left, y + 2.0 * LINE * font);
            }
        }
        let height = if entries.is_empty() { 0.0 } else { y + if x > left { LINE * font } else { 0.0 } };
        Legend { entries, height, width, font }
    }

    pub(super) fn height(&self) -> f64 {
        self.height
    }

    pub(super) fn draw(&self, svg: &mut Svg, top: f64) {
        self.draw_at(svg, (0.0, top));
    }

    pub(super) fn draw_at(&self, svg: &mut Svg, corner: (f64, f64)) {
        let font = self.font;
        for (label, sample, at) in &self.entries {
            let (x, y) = (corner.0 + at.0, corner.1 + at.1);
            let text = |svg: &mut Svg, x: f64| svg.text((x, y), label, font, FRAME, Anchor::Start);
            match sample {
                Sample::Line(look, width) => {
                    let stroke = Stroke { colour: look.colour, width: *width, dash: look.dash };
                    svg.path(&[(x, y), (x + SAMPLE * font, y)], stroke);
                    text(svg, x + (SAMPLE + 0.5) * font);
                }
                Sample::Marker(look) => {
                    draw_marker(svg, (x + 0.5 * SAMPLE * font, y), *look, 4.0);
                    text(svg, x + (SAMPLE + 0.5) * font);
                }
                Sample::Scale(scale) => {
                    text(svg, x);
                    let left = x + width_of(label, font) + font;
                    draw_scale(svg, scale, (left, y), (SCALE * font).min(self.width - at.0 - (left - x) - font), font);
                }
            }
        }
    }
}

fn draw_scale(svg: &mut Svg, scale: &Scale, at: (f64, f64), wide: f64, font: f64) {
    let steps = 40;
    let part = |k: usize| k as f64 / steps as f64;
    for k in 0..steps {
        let value = scale.value(part(k) + 0.5 / steps as f64);
        // A little overlap: no gaps between neighbours.
        let size = (wide / steps as f64 + 0.3, 1.1 * font);
        svg.rectangle((at.0 + part(k) * wide, at.1 - 0.55 * font), size, scale.shade(value));
    }
    let axis = scale.axis();
    let (low, high) = axis.span();
    let place = |position: f64| at.0 + wide * (position - low) / (high - low);
    let ticks: Vec<(f64, String)> = axis.ticks().into_iter().map(|(p, label)| (place(p), label)).collect();
    for (x, label) in super::panel::apart(ticks, |label| width_of(label, font) + 0.6 * font) {
        svg.text((x, at.1 + 1.3 * font), &label, 0.9 * font, FRAME, Anchor::Middle);
    }
}

impl Scale {
    fn axis(&self) -> Axis {
        if self.linear { Axis::linear("", self.low, self.high) } else { Axis::logarithmic("", self.low, self.high) }
    }

    fn value(&self, part: f64) -> f64 {
        if self.linear {
            self.low + part * (self.high - self.low)
        } else {
            self.low * (self.high / self.low).powf(part)
        }
    }
}
