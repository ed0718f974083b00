//! SVG as text: shapes with coordinates in pixels, hundredths of them kept.

use super::style::{Colour, Dash};
use std::fmt::Write as _;

/// Where a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// Colour and width of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) dash: Dash,
}

impl Stroke {
    /// A line without gaps.
    pub(crate) fn solid(colour: Colour, width: f64) -> Stroke {
        Stroke { colour, width, dash: Dash::Solid }
    }
}

/// A picture that is being drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Svg {
    body: String,
    clips: usize,
}

impl Svg {
    /// A path through `points`; nothing for fewer than two.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        if points.len() > 1 {
            self.trace(points, "");
            let _ = writeln!(self.body, " fill=\"none\"{}/>", stroke_of(stroke));
        }
    }

    /// A filled polygon.
    pub(crate) fn polygon(&mut self, corners: &[(f64, f64)], fill: Colour, opacity: f64) {
        if corners.len() > 2 {
            self.trace(corners, "Z");
            let opacity = if opacity < 1.0 { format!(" fill-opacity=\"{opacity}\"") } else { String::new() };
            let _ = writeln!(self.body, " fill=\"{fill}\"{opacity}/>");
        }
    }

    fn trace(&mut self, points: &[(f64, f64)], end: &str) {
        self.body.push_str("<path d=\"");
        for (k, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.body, "{}{} {}", if k == 0 { "M" } else { "L" }, short(*x), short(*y));
        }
        let _ = write!(self.body, "{end}\"");
    }

    /// A filled rectangle from its upper left corner.
    pub(crate) fn rectangle(&mut self, at: (f64, f64), size: (f64, f64), fill: Colour) {
        let [x, y, width, height] = [at.0, at.1, size.0, size.1].map(short);
        let _ =
            writeln!(self.body, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>");
    }

    /// A disk, with a rim or without.
    pub(crate) fn circle(&mut self, at: (f64, f64), radius: f64, fill: Colour, rim: Option<Stroke>) {
        let [x, y, radius] = [at.0, at.1, radius].map(short);
        let rim = rim.map(stroke_of).unwrap_or_default();
        let _ = writeln!(self.body, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\"{rim}/>");
    }

    /// A line of text whose middle height is at `at`.
    pub(crate) fn text(&mut self, at: (f64, f64), words: &str, size: f64, colour: Colour, anchor: Anchor) {
        self.turned(at, words, size, colour, anchor, 0.0);
    }

    /// The same, turned clockwise by `degrees` about `at`.
    pub(crate) fn turned(
        &mut self,
        at: (f64, f64),
        words: &str,
        size: f64,
        colour: Colour,
        anchor: Anchor,
        degrees: f64,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let turn = if degrees == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({degrees} {} {})\"", short(at.0), short(at.1))
        };
        let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // Some converters do not know dominant-baseline: a third of the size below the middle is the base line.
        let (x, y, size) = (short(at.0), short(at.1 + 0.35 * size), short(size));
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{turn}>{words}</text>"
        );
    }

    /// Draws only within a rectangle until [`Svg::unclip`]; `name` tells the pictures of one page apart.
    pub(crate) fn clip(&mut self, at: (f64, f64), size: (f64, f64), name: &str) {
        let [x, y, width, height] = [at.0, at.1, size.0, size.1].map(short);
        self.clips += 1;
        let id = format!("{name}-clip-{}", self.clips);
        let _ = writeln!(
            self.body,
            "<clipPath id=\"{id}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></clipPath>\n\
             <g clip-path=\"url(#{id})\">"
        );
    }

    /// Ends [`Svg::clip`].
    pub(crate) fn unclip(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// The file: `size` in pixels, or as wide as `millimetres` says.
    pub(crate) fn finish(self, size: (f64, f64), millimetres: Option<f64>) -> String {
        let [width, height] = [size.0, size.1].map(short);
        let shown = match millimetres {
            Some(wide) => format!("width=\"{}mm\" height=\"{}mm\"", short(wide), short(wide * size.1 / size.0)),
            None => format!("width=\"{width}\" height=\"{height}\""),
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {shown} viewBox=\"0 0 {width} {height}\" \
             font-family=\"DejaVu Sans, Arial, sans-serif\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.body
        )
    }
}

fn stroke_of(stroke: Stroke) -> String {
    let dash = match stroke.dash {
        Dash::Solid => "",
        Dash::Dashed => " stroke-dasharray=\"7 5\"",
        Dash::Dotted => " stroke-dasharray=\"2 4\"",
        Dash::Long => " stroke-dasharray=\"14 5\"",
    };
    format!(" stroke=\"{}\" stroke-width=\"{}\"{dash}", stroke.colour, short(stroke.width))
}

/// A coordinate to a hundredth of a pixel.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Width of `words`, estimated: the file knows no fonts.
pub(crate) fn width_of(words: &str, size: f64) -> f64 {
    0.6 * size * words.chars().count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::style::BLACK;

    #[test]
    fn coordinates_keep_hundredths_and_text_is_escaped() {
        let mut svg = Svg::default();
        svg.path(&[(0.123_4, 1.0), (2.5, 3.999)], Stroke::solid(BLACK, 1.5));
        svg.text((1.0, 1.0), "a < b & c", 10.0, BLACK, Anchor::Start);
        let text = svg.finish((10.0, 5.0), Some(86.0));
        assert!(text.contains("M0.12 1L2.5 4") && text.contains("a &lt; b &amp; c"), "{text}");
        assert!(text.contains("width=\"86mm\" height=\"43mm\" viewBox=\"0 0 10 5\""), "{text}");
    }
}
