//! The paper's Fig. 1: U(s) along a few modes of each group.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::portraits::Portrait;

/// Points of a quartic.
const POINTS: usize = 240;

/// A barrier below this part of the whole range of energies is drawn once more, larger.
const SMALL: f64 = 0.05;

/// Of fewer kept points than these in a panel no line is drawn.
const RESOLVED: usize = 9;

/// Draws the quartics, and the true profiles over them.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&["group", "realization", "mode", "curve", "s", "energy"]);
    let mut charts = Vec::new();
    for portrait in &measures.portraits {
        let (low, high) = window(portrait);
        for (curve, points) in [("quartic", quartic(portrait, low, high)), ("true", profile(portrait))] {
            for (s, energy) in points {
                csv.row([
                    archive::group::name(portrait.group).into(),
                    portrait.realization.into(),
                    u64::from(portrait.mode).into(),
                    curve.into(),
                    s.into(),
                    energy.into(),
                ]);
            }
        }
        let mut chart = whole(portrait);
        chart.title = format!("{}, glass {}, mode {}", heading(portrait), portrait.realization, portrait.mode);
        charts.push(chart);
    }
    if charts.is_empty() {
        let mut chart = Chart::new("", Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0));
        chart.note = Some("no selected mode has its profile kept".to_owned());
        charts.push(chart);
    }
    Figure::draw(
        "portraits",
        "Energy along a mode, U(s)",
        "The quartic b₂s²/2 + b₃s³/6 + b₄s⁴/24 of the softest selected modes of each group (lines), and the energy that \
         the potential itself has along the mode (dotted; points where few of them were kept). The paper's Fig. 1 shows the quartic.",
        &charts,
        2,
        csv,
    )
}

/// Group, ω and β.
pub(super) fn heading(portrait: &Portrait) -> String {
    let (group, omega, beta) = (archive::group::name(portrait.group), portrait.omega, portrait.beta.abs());
    let beta = if beta.is_finite() { format!("{beta:.2}") } else { "–".to_owned() };
    format!("{group}: ω = {omega:.3}, |β| = {beta}")
}

/// U(s) with all stationary points, and, where a barrier is too small to be seen in it, the barrier alone.
pub(super) fn charts(portrait: &Portrait) -> Vec<Chart> {
    let whole = whole(portrait);
    let (low, high) = whole.y.ends();
    let mut charts = vec![whole];
    let tops = [quartic_top(portrait), true_top(portrait)].into_iter().flatten();
    let smallest = tops.min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((top, barrier)) = smallest.filter(|(_, barrier)| *barrier < SMALL * (high - low)) {
        let (from, to) = if top > 0.0 { (-0.7 * top, 1.5 * top) } else { (1.5 * top, -0.7 * top) };
        let mut chart = near(portrait, (from, to), (-0.3 * barrier, 1.6 * barrier));
        chart.title = "the barrier, larger".to_owned();
        charts.push(chart);
    }
    charts
}

/// Where the quartic's barrier is, and how high.
fn quartic_top(portrait: &Portrait) -> Option<(f64, f64)> {
    let [top, _] = portrait.stationary()?;
    Some((top, portrait.quartic(top)))
}

/// The highest kept point of the true profile on the way to its deepest.
fn true_top(portrait: &Portrait) -> Option<(f64, f64)> {
    let (deepest, _) = deepest(portrait)?;
    let between = profile(portrait).into_iter().filter(|(s, _)| s * deepest > 0.0 && s.abs() < deepest.abs());
    between.filter(|point| point.1 > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
}

fn whole(portrait: &Portrait) -> Chart {
    let (low, high) = window(portrait);
    let inside = |s: f64| (low..=high).contains(&s);
    let energies = quartic(portrait, low, high).into_iter().chain(profile(portrait)).filter(|(s, _)| inside(*s));
    let (deepest, highest) = energies
        .map(|(_, energy)| energy)
        .fold((0.0, 0.0), |(a, b): (f64, f64), energy| (a.min(energy), b.max(energy)));
    let barriers = [portrait.barrier, portrait.true_barrier].into_iter().filter(|barrier| barrier.is_finite());
    // The walls beyond the minima rise without end: as high as the depths and barriers is enough.
    let enough = barriers.fold(0.3 * -deepest, |most, barrier| most.max(1.8 * barrier));
    let highest = if enough > 0.0 { highest.min(enough) } else { highest };
    let room = 0.06 * (highest - deepest);
    near(portrait, (low, high), (deepest - room, highest + room))
}

fn near(portrait: &Portrait, s: (f64, f64), energy: (f64, f64)) -> Chart {
    let mut chart =
        Chart::new("", Axis::linear("s (length)", s.0, s.1), Axis::linear("U(s) − U(0)  (ε)", energy.0, energy.1));
    let look = style::group(portrait.group);
    chart.horizontal("", 0.0, Look { colour: style::GREY, ..style::reference(Dash::Dotted) });
    chart.line(format!("quartic, {}", archive::group::name(portrait.group)), quartic(portrait, s.0, s.1), look);
    let known = profile(portrait);
    let shown = known.iter().filter(|(at, _)| (s.0..=s.1).contains(at)).count();
    // A line between points that are further apart than what it is to show would tell what nobody has computed.
    if shown < RESOLVED {
        chart.dots("true energy, where it is known", known, style::reference(Dash::Solid));
    } else {
        chart.line("true energy", known, style::reference(Dash::Dotted));
    }
    chart
}

fn quartic(portrait: &Portrait, low: f64, high: f64) -> Vec<(f64, f64)> {
    (0..=POINTS)
        .map(|k| low + (high - low) * k as f64 / POINTS as f64)
        .map(|s| (s, portrait.quartic(s)))
        .filter(|(_, energy)| energy.is_finite())
        .collect()
}

fn profile(portrait: &Portrait) -> Vec<(f64, f64)> {
    portrait.profile_s.iter().copied().zip(portrait.profile_energy.iter().copied()).collect()
}

/// The range of s that shows the minimum at 0, what the quartic has besides, and the deepest place of the true profile.
fn window(portrait: &Portrait) -> (f64, f64) {
    let [b2, _, b4] = portrait.b;
    let width = (12.0 * b2 / b4.abs()).sqrt();
    let width = if width.is_finite() && width > 0.0 { width } else { 1.0 };
    let mut ends = (-width, width);
    let mut show = |s: f64| ends = (ends.0.min(1.3 * s), ends.1.max(1.3 * s));
    for s in portrait.stationary().into_iter().flatten() {
        show(s);
    }
    if let Some((s, _)) = deepest(portrait) {
        show(s);
    }
    ends
}

/// The deepest kept point of the true profile, if one is deeper than the glass itself.
fn deepest(portrait: &Portrait) -> Option<(f64, f64)> {
    profile(portrait).into_iter().filter(|point| point.1 < 0.0).min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::chart::Item;
    use archive::Group;

    /// A quartic with its barrier of 0.0098 at s = 0.28, and the true profile at `points` places.
    fn portrait(points: i32) -> Portrait {
        let step = 2.0 / f64::from(points / 2);
        let profile_s: Vec<f64> = (-points / 2..=points / 2).map(|k| step * f64::from(k)).collect();
        let mut portrait = Portrait {
            group: Group::B,
            row: 0,
            realization: 0,
            seed: 1,
            mode: 2,
            omega: 0.5,
            participation: 0.1,
            single_particle: false,
            beta: -0.96,
            b: [1.0, -5.0, 12.0],
            barrier: f64::NAN,
            true_barrier: f64::NAN,
            profile_s,
            profile_energy: Vec::new(),
            glass: None,
        };
        portrait.profile_energy = portrait.profile_s.iter().map(|s| portrait.quartic(*s)).collect();
        portrait
    }

    #[test]
    fn a_profile_coarser_than_the_barrier_is_points_and_not_a_line() {
        let of = |points: i32| {
            let chart = near(&portrait(points), (-0.3, 0.5), (-0.01, 0.02));
            chart.items.into_iter().filter_map(|item| match item {
                Item::Line { label, .. } | Item::Points { label, .. } => Some(label),
                _ => None,
            })
        };
        assert!(of(8).any(|label| label == "true energy, where it is known"));
        assert!(of(400).any(|label| label == "true energy"));
    }

    #[test]
    fn a_barrier_too_small_to_be_seen_is_drawn_once_more() {
        let mut soft = portrait(400);
        assert_eq!(charts(&soft).len(), 1);
        // b₃ so large that the second minimum lies far below.
        soft.b = [1.0, -20.0, 12.0];
        soft.profile_energy = soft.profile_s.iter().map(|s| soft.quartic(*s)).collect();
        let both = charts(&soft);
        assert_eq!(both.len(), 2);
        assert!(both[1].y.ends().1 < 0.1 * both[0].y.ends().1 - 0.05 * both[0].y.ends().0);
        // So it is where only the potential itself has a second minimum.
        soft.b = [1.0, 0.0, 12.0];
        assert_eq!((quartic_top(&soft), charts(&soft).len()), (None, 2));
    }
}
