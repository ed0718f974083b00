//! Colours, markers and lines: the same group looks the same everywhere, and differs in grey too.

use crate::measures::Family;
use archive::Group;
use std::fmt;

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

pub(crate) const WHITE: Colour = Colour(255, 255, 255);

/// Okabe and Ito's colours, which differ for colour-blind readers and in luminance.
/// These three are the groups' and nothing else's.
const BLUE: Colour = Colour(0, 114, 178);
const SKY: Colour = Colour(86, 180, 233);
const VERMILION: Colour = Colour(213, 94, 0);
const GREEN: Colour = Colour(0, 158, 115);
pub(crate) const PURPLE: Colour = Colour(150, 80, 130);
const ORANGE: Colour = Colour(230, 159, 0);
const BROWN: Colour = Colour(120, 75, 30);
pub(crate) const GREY: Colour = Colour(120, 120, 120);
pub(crate) const BLACK: Colour = Colour(30, 30, 30);

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
    pub(crate) colour: Colour,
    pub(crate) marker: Marker,
    pub(crate) dash: Dash,
}

const fn look(colour: Colour, marker: Marker, dash: Dash) -> Look {
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
pub(crate) fn shade(part: f64) -> Colour {
    const STOPS: [Colour; 5] =
        [Colour(222, 235, 247), Colour(170, 203, 228), Colour(95, 160, 205), Colour(30, 100, 165), Colour(8, 40, 95)];
    mixed(&STOPS, part)
}

/// Colour of a particle that has `part` ∈ [0, 1] of what the particle that moves most has: black arrows are seen on it.
pub(crate) fn glow(part: f64) -> Colour {
    const STOPS: [Colour; 4] =
        [Colour(246, 246, 244), Colour(254, 232, 170), Colour(253, 190, 90), Colour(240, 130, 50)];
    mixed(&STOPS, part)
}

fn mixed(stops: &[Colour], part: f64) -> Colour {
    let position = part.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let below = (position as usize).min(stops.len() - 2);
    let t = position - below as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + t * (f64::from(b) - f64::from(a))).round() as u8;
    let (from, to) = (stops[below], stops[below + 1]);
    Colour(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}
