//! What each ω_max finds, beside the paper's numbers.

use super::Figure;
use super::axis::Axis;
use super::chart::{Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::against_cut::CutPoint;
use crate::measures::{Family, Measures};
use crate::report::paper::Paper;
use crate::statistics::Estimate;

/// Draws the number of modes, the fraction of B, its largest barrier and the exponents against ω_max.
pub fn draw(measures: &Measures) -> Figure {
    let points = &measures.against_cut.points;
    let mut csv = Csv::new(&[
        "omega_max",
        "modes",
        "group_b",
        "modes_in_60000_glasses_of_4000",
        "fraction_b",
        "fraction_b_low",
        "fraction_b_high",
        "barrier_largest",
        "p_count",
        "p_fraction",
        "p_barrier",
    ]);
    for point in points {
        csv.row([
            point.omega_max.into(),
            point.modes.into(),
            point.group_b.into(),
            point.per_paper.value.into(),
            point.fraction_b.value.into(),
            point.fraction_b.low.into(),
            point.fraction_b.high.into(),
            point.barrier_largest.into(),
            point.p_count.into(),
            point.p_fraction.into(),
            point.p_barrier.into(),
        ]);
    }
    let paper = Paper::numbers();
    let x = || Axis::log_around(format!("ω_max  {}", super::OMEGA_UNIT), points.iter().map(|point| point.omega_max));
    let counts = points.iter().flat_map(|p| [p.per_paper.value, paper.modes as f64]);
    let mut modes = Chart::new("Modes", x(), Axis::log_around("in 60 000 glasses of N = 4000", counts));
    estimates(&mut modes, points, |point| point.per_paper);
    beside(&mut modes, points, &format!("the paper: {}", paper.modes), paper.modes as f64, Dash::Dashed);

    let published = paper.group_b as f64 / paper.modes as f64;
    let mut fraction = Chart::new("Group B", x(), Axis::linear("fraction of the modes", 0.0, 1.0));
    estimates(&mut fraction, points, |point| point.fraction_b);
    beside(&mut fraction, points, &format!("the paper: {published:.3}"), published, Dash::Dashed);

    let barriers = points.iter().flat_map(|point| [point.barrier_largest, paper.barrier_largest]);
    let mut barrier =
        Chart::new("Largest barrier of B", x(), Axis::log_around("barrier of the quartic  (ε)", barriers));
    let largest: Vec<(f64, f64)> = points
        .iter()
        .filter(|point| point.barrier_largest > 0.0)
        .map(|point| (point.omega_max, point.barrier_largest))
        .collect();
    if largest.is_empty() {
        barrier.note = Some("no mode of group B".to_owned());
    } else {
        barrier.line("this ensemble", largest, style::family(Family::B));
        beside(&mut barrier, points, "the paper: 4.0·10⁻⁴", paper.barrier_largest, Dash::Dashed);
    }

    let mut exponents = Chart::new("Exponents", x(), Axis::linear("α of D(ω) ∝ ω^α", 0.0, 8.0));
    exponents.note = Some("too few modes for an exponent".to_owned());
    for family in measures.density.families.iter().filter(|density| density.family != Family::All) {
        let scan = family.scan.iter().map(|p| (p.omega_cut, Estimate::new(p.exponent.value, p.bootstrap)));
        exponents.points(family.family.name(), scan, style::family(family.family));
    }
    if !exponents.is_empty() {
        beside(&mut exponents, points, "the paper, A: 4", paper.exponent_a, Dash::Dashed);
        beside(&mut exponents, points, "the paper, B: 3", paper.exponent_b, Dash::Dotted);
    }
    Figure::draw(
        "against-cut",
        "Which ω_max gives the paper's numbers at once",
        format!(
            "Localized modes of sound glasses up to each ω_max (bands: 95 %; bars: 95 % by resampling glasses). {} Each \
             number is compared with the paper's exactly, two-sided, at 5 %, from eight modes on: counts a particle, \
             fractions, and how many barriers lie above the paper's largest.",
            answer(measures)
        ),
        &[modes, fraction, barrier, exponents],
        2,
        csv,
    )
}

/// Which cuts agree with the paper, in words.
pub(crate) fn answer(measures: &Measures) -> String {
    let found = &measures.against_cut;
    if found.points.is_empty() {
        return "There is nothing to compare with the paper, whose numbers are of localized modes of all groups."
            .to_owned();
    }
    let ranges = |runs: &[(f64, f64)]| {
        let each: Vec<String> = runs
            .iter()
            .map(|(low, high)| if low == high { format!("{low:.4}") } else { format!("{low:.4} to {high:.4}") })
            .collect();
        if each.is_empty() { "no ω_max".to_owned() } else { format!("ω_max = {}", each.join(" and ")) }
    };
    format!(
        "As many modes a particle as the paper: {}. Its fraction of B, 0.310: {}. Its largest barrier, 4.0·10⁻⁴: {}. All \
         three at once: {}.",
        ranges(&found.count_agrees),
        ranges(&found.fraction_agrees),
        ranges(&found.barrier_agrees),
        ranges(&found.all_agree)
    )
}

/// A line with the band of its intervals.
fn estimates(chart: &mut Chart, points: &[CutPoint], of: fn(&CutPoint) -> Estimate) {
    chart.note = Some("no localized modes, or N unknown".to_owned());
    let colour = style::PURPLE;
    let band = points.iter().map(|point| (point.omega_max, of(point).low, of(point).high));
    chart.items.push(Item::Band { points: band.collect(), colour });
    let line = points.iter().map(|point| (point.omega_max, of(point).value));
    chart.line("this ensemble", line, Look { colour, ..style::reference(Dash::Solid) });
}

/// A number of the paper, where there is something beside it.
fn beside(chart: &mut Chart, points: &[CutPoint], label: &str, value: f64, dash: Dash) {
    if !points.is_empty() {
        chart.horizontal(label, value, style::reference(dash));
    }
}
