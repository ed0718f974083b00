//! Colours, markers and lines: the same group looks the same everywhere, and differs in grey too.

use crate::measures::Family;
use archive::Group;
use plotters::style::RGBColor;

/// Okabe and Ito's colours, which differ for colour-blind readers and in luminance.
/// These three are the groups' and nothing else's.
const BLUE: RGBColor = RGBColor(0, 114, 178);
const SKY: RGBColor = RGBColor(86, 180, 233);
const VERMILION: RGBColor = RGBColor(213, 94, 0);
const GREEN: RGBColor = RGBColor(0, 158, 115);
pub(crate) const PURPLE: RGBColor = RGBColor(150, 80, 130);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const BROWN: RGBColor = RGBColor(120, 75, 30);
pub(crate) const GREY: RGBColor = RGBColor(120, 120, 120);
pub(crate) const BLACK: RGBColor = RGBColor(30, 30, 30);

/// Shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Triangle,
    Square,
    /// Hollow: in grey, the one difference from a filled marker that small sizes keep.
    OpenSquare,
    Diamond,
    Cross,
}

/// Kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dash {
    Solid,
    Dashed,
    Dotted,
    Long,
}

/// How something looks, as points or as a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) colour: RGBColor,
    pub(crate) marker: Marker,
    pub(crate) dash: Dash,
}

const fn look(colour: RGBColor, marker: Marker, dash: Dash) -> Look {
    Look { colour, marker, dash }
}

/// A group of modes.
pub(crate) fn group(group: Group) -> Look {
    match group {
        Group::A => look(BLUE, Marker::Circle, Dash::Solid),
        Group::ADouble => look(SKY, Marker::Triangle, Dash::Long),
        Group::B => look(VERMILION, Marker::OpenSquare, Dash::Dashed),
        Group::Unbounded => look(GREY, Marker::Cross, Dash::Dotted),
    }
}

/// A family of groups: A and B as their groups, all of them black.
pub(crate) fn family(family: Family) -> Look {
    match family {
        Family::A => group(Group::A),
        Family::B => group(Group::B),
        Family::All => look(BLACK, Marker::Diamond, Dash::Dotted),
    }
}

/// The k-th of several ensembles or distributions; none of the colours of groups comes first.
pub(crate) fn numbered(k: usize) -> Look {
    const LOOKS: [Look; 6] = [
        look(BLACK, Marker::Circle, Dash::Solid),
        look(GREEN, Marker::Square, Dash::Dashed),
        look(PURPLE, Marker::Triangle, Dash::Long),
        look(ORANGE, Marker::Diamond, Dash::Dotted),
        look(GREY, Marker::Cross, Dash::Solid),
        look(BROWN, Marker::Circle, Dash::Dashed),
    ];
    LOOKS[k % LOOKS.len()]
}

/// A fit or a reference line.
pub(crate) fn reference(dash: Dash) -> Look {
    look(BLACK, Marker::Circle, dash)
}

/// Colour of `part` ∈ [0, 1] of a scale from light to dark: monotonic in grey.
pub(crate) fn shade(part: f64) -> RGBColor {
    const STOPS: [(f64, f64, f64); 5] =
        [(240.0, 246.0, 252.0), (180.0, 208.0, 230.0), (95.0, 160.0, 205.0), (30.0, 100.0, 165.0), (8.0, 40.0, 95.0)];
    let position = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (position as usize).min(STOPS.len() - 2);
    let t = position - below as f64;
    let mix = |a: f64, b: f64| (a + t * (b - a)).round() as u8;
    let (from, to) = (STOPS[below], STOPS[below + 1]);
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}
