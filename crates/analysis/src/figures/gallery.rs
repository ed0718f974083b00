//! What a mode looks like: the particles to scale, the arrows of the mode, and the energy along it.

use super::axis::Axis;
use super::chart::{Chart, Item, Scale};
use super::csv::Csv;
use super::format::Format;
use super::style::{BLACK, Colour, glow};
use super::svg::{Anchor, Stroke, Svg, width_of};
use super::{Drawing, Figure, portraits, render};
use crate::measures::Measures;
use crate::measures::portraits::Portrait;

/// Part of a mode's weight that the picture must hold, if the box is larger than [`SIDES`] allow.
const WEIGHT: f64 = 0.8;

/// Smallest and largest side of a picture, in the unit of length.
const SIDES: (f64, f64) = (14.0, 30.0);

/// Length of the longest arrow, as a part of the side.
const ARROW: f64 = 0.1;

/// Particles that move less than this part of what the fastest does have no arrow.
const STILL: f64 = 0.04;

const RIM: Colour = Colour(150, 150, 150);

/// One figure a mode of which the glass is kept.
pub fn draw(measures: &Measures) -> Vec<Figure> {
    let kept = measures.portraits.iter().filter(|portrait| portrait.glass.is_some());
    let mut figures: Vec<Figure> = Vec::new();
    for portrait in kept {
        let group = archive::group::name(portrait.group).to_lowercase();
        let number = 1 + figures.iter().filter(|figure| figure.name.starts_with(&format!("mode-{group}-"))).count();
        figures.push(figure(portrait, format!("mode-{group}-{number}")));
    }
    figures
}

/// The figure of one mode.
pub fn figure(portrait: &Portrait, name: String) -> Figure {
    let mut csv = Csv::new(&["particle", "x", "y", "diameter", "psi_x", "psi_y"]);
    if let Some((frame, vector)) = &portrait.glass {
        for (k, ((at, diameter), psi)) in frame.points::<2>().iter().zip(&frame.diameters).zip(vector).enumerate() {
            csv.row([(k as u64).into(), at[0].into(), at[1].into(), (*diameter).into(), psi[0].into(), psi[1].into()]);
        }
    }
    let single =
        if portrait.single_particle { " It is one nearly free particle, not a mode of the glass." } else { "" };
    Figure {
        kind: "mode",
        name,
        title: format!("Group {}", title(portrait)),
        caption: format!(
            "Realization {}, mode {} of its spectrum, seed {}.{single}",
            portrait.realization, portrait.mode, portrait.seed
        ),
        csv: csv.into_text(),
        drawing: Drawing::Mode(Box::new(portrait.clone())),
    }
}

fn title(portrait: &Portrait) -> String {
    format!("{}, PR = {:.3}", portraits::heading(portrait), portrait.participation)
}

/// The picture.
pub(super) fn svg(portrait: &Portrait, name: &str, format: &Format) -> String {
    let font = format.font();
    let width = format.width().unwrap_or(46.0 * font);
    let charts = portraits::charts(portrait);
    let beside = width >= 40.0 * font;
    let side = if beside { 0.46 * width } else { width } - 1.5 * font;
    let top = 2.2 * font;
    let mut svg = Svg::default();
    let words = title(portrait);
    let size = font * (width / width_of(&words, font)).min(1.0);
    svg.text((font, 1.2 * font), &words, size, BLACK, Anchor::Start);
    let legends = top + side + 0.6 * font;
    let below = legends + draw_particles(&mut svg, portrait, (0.75 * font, top), side, name, font);
    let (left, wide) = if beside { (side + 2.0 * font, width - side - 2.0 * font) } else { (0.0, width) };
    let mut y = if beside { top - 0.9 * font } else { below };
    let high = if beside { (side + 1.4 * font) / charts.len() as f64 } else { 0.62 * wide };
    for chart in &charts {
        render::panel(&mut svg, chart, (left, y), (wide, high), font);
        y += high;
    }
    let end = y + render::legend(&mut svg, &charts, (left, y), wide, font);
    svg.finish((width, below.max(end)), format.millimetres)
}

/// Draws the glass around the core of the mode into a square, and what its colours mean below; returns the height of
/// the latter.
fn draw_particles(svg: &mut Svg, portrait: &Portrait, corner: (f64, f64), side: f64, name: &str, font: f64) -> f64 {
    let Some((frame, vector)) = &portrait.glass else { return 0.0 };
    let [width, height] = [0, 1].map(|axis| frame.box_sides[axis]);
    let lengths = [width, height];
    let core = [0, 1].map(|axis| core(frame.points::<2>().iter().map(|at| at[axis]), vector, lengths[axis]));
    let shown = side_shown(frame.points(), vector, core, lengths);
    let unit = side / shown;
    let weight = |psi: &[f64; 2]| psi[0] * psi[0] + psi[1] * psi[1];
    let largest = vector.iter().map(weight).fold(f64::MIN_POSITIVE, f64::max);
    let amplified = ARROW * shown / largest.sqrt();
    // Every image of a particle that reaches into the picture: the box has no edge.
    let images = |at: [f64; 2], radius: f64| {
        let near = |axis: usize| nearest(at[axis] - core[axis], lengths[axis]);
        let (x, y) = (near(0), near(1));
        let reach = 0.5 * shown + radius;
        let [across, along] = lengths.map(|length| [-length, 0.0, length]);
        let all = across.into_iter().flat_map(move |dx| along.map(move |dy| (x + dx, y + dy)));
        all.filter(move |(x, y)| x.abs() < reach && y.abs() < reach)
            .map(move |(x, y)| (corner.0 + (x + 0.5 * shown) * unit, corner.1 + (0.5 * shown - y) * unit))
            .collect::<Vec<(f64, f64)>>()
    };
    svg.clip(corner, (side, side), name);
    for ((at, diameter), psi) in frame.points().iter().zip(&frame.diameters).zip(vector) {
        for place in images(*at, 0.5 * diameter) {
            let rim = Some(Stroke::solid(RIM, 0.6));
            svg.circle(place, 0.5 * diameter * unit, glow(weight(psi) / largest), rim);
        }
    }
    for (at, psi) in frame.points().iter().zip(vector) {
        if weight(psi) >= STILL * STILL * largest {
            for place in images(*at, ARROW * shown) {
                let (dx, dy) = (psi[0] * amplified * unit, -psi[1] * amplified * unit);
                draw_arrow(svg, place, (dx, dy), 0.08 * font);
            }
        }
    }
    svg.unclip();
    let (x, y) = corner;
    let outline = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)];
    svg.path(&outline, Stroke::solid(RIM, 1.0));
    let mut key = Chart::new("", Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0));
    key.items.push(Item::Scale(Scale {
        label: "|Ψ|²/max".to_owned(),
        low: 0.0,
        high: 1.0,
        linear: true,
        shades: glow,
    }));
    let below = y + side + 0.6 * font;
    let sides = if width == height { format!("{width:.1}") } else { format!("{width:.1} by {height:.1}") };
    let whole =
        if shown < width.max(height) { format!("{shown:.0} of {sides}") } else { format!("{sides}, all of it") };
    let words = format!("side {whole}; arrows × {amplified:.1}");
    let high = render::legend(svg, &[key], (x - 1.4 * font, below), side, font);
    svg.text((x, below + high + 0.4 * font), &words, 0.9 * font, BLACK, Anchor::Start);
    high + 1.4 * font
}

fn draw_arrow(svg: &mut Svg, from: (f64, f64), along: (f64, f64), width: f64) {
    let length = along.0.hypot(along.1);
    let (ux, uy) = (along.0 / length, along.1 / length);
    // Centred on the particle; the head is a third of a short arrow, and no longer than six widths.
    let head = (0.4 * length).min(6.0 * width);
    let (tail, tip) =
        ((from.0 - 0.5 * along.0, from.1 - 0.5 * along.1), (from.0 + 0.5 * along.0, from.1 + 0.5 * along.1));
    let neck = (tip.0 - head * ux, tip.1 - head * uy);
    svg.path(&[tail, neck], Stroke::solid(BLACK, width));
    let half = 0.45 * head;
    svg.polygon(&[tip, (neck.0 - half * uy, neck.1 + half * ux), (neck.0 + half * uy, neck.1 - half * ux)], BLACK, 1.0);
}

/// The mean of periodic coordinates, each weighted by how much its particle moves.
fn core(coordinates: impl Iterator<Item = f64>, vector: &[[f64; 2]], length: f64) -> f64 {
    let turn = std::f64::consts::TAU / length;
    let (sine, cosine) = coordinates.zip(vector).fold((0.0, 0.0), |(sine, cosine), (x, psi)| {
        let weight = psi[0] * psi[0] + psi[1] * psi[1];
        (sine + weight * (turn * x).sin(), cosine + weight * (turn * x).cos())
    });
    f64::atan2(sine, cosine) / turn
}

fn nearest(distance: f64, length: f64) -> f64 {
    distance - length * (distance / length).round()
}

/// Side of the square around the core that is drawn: the box, or as much of it as the mode takes.
fn side_shown(positions: &[[f64; 2]], vector: &[[f64; 2]], core: [f64; 2], lengths: [f64; 2]) -> f64 {
    let mut reach: Vec<(f64, f64)> = positions
        .iter()
        .zip(vector)
        .map(|(at, psi)| {
            let distance = |axis: usize| nearest(at[axis] - core[axis], lengths[axis]).abs();
            (distance(0).max(distance(1)), psi[0] * psi[0] + psi[1] * psi[1])
        })
        .collect();
    reach.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    let half = reach.iter().find(|(_, weight)| {
        sum += weight;
        sum >= WEIGHT
    });
    let side = 2.0 * half.map_or(f64::INFINITY, |half| half.0) + 4.0;
    side.clamp(SIDES.0, SIDES.1).min(lengths[0]).min(lengths[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_of_a_mode_across_the_edge_lies_on_the_edge() {
        let vector = [[0.7, 0.0], [0.7, 0.0], [0.0, 0.0]];
        let at = core([0.5, 9.5, 5.0].into_iter(), &vector, 10.0);
        assert!(nearest(at, 10.0).abs() < 1e-12, "{at}");
        let positions = [[0.5, 0.5], [39.5, 39.5], [5.0, 5.0]];
        assert_eq!(side_shown(&positions, &vector, [0.0; 2], [40.0; 2]), SIDES.0);
        assert_eq!(side_shown(&positions, &vector, [0.0; 2], [40.0, 10.0]), 10.0);
    }
}
