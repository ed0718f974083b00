//! Where a quench from the second minimum of the quartic ends.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::reality::SAME_STRUCTURE;
use crate::statistics::moments::quantile;
use archive::Group;

/// Draws energy against distance of the inherent structures reached.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&[
        "realization",
        "mode",
        "group",
        "omega",
        "beta",
        "depth_quartic",
        "depth_true",
        "landing_energy",
        "landing_distance",
        "cutoff_share_b3",
        "cutoff_share_b4",
    ]);
    let modes = &measures.reality.modes;
    for mode in modes {
        csv.row([
            mode.realization.into(),
            u64::from(mode.mode).into(),
            archive::group::name(mode.group).into(),
            mode.omega.into(),
            mode.beta.into(),
            mode.depth.into(),
            mode.true_depth.into(),
            mode.landing_energy.into(),
            mode.landing_distance.into(),
            mode.share_b3.into(),
            mode.share_b4.into(),
        ]);
    }
    let elsewhere: Vec<_> = modes.iter().filter(|mode| mode.landing_distance > SAME_STRUCTURE).collect();
    let back = modes.iter().filter(|mode| mode.landing_distance <= SAME_STRUCTURE).count();
    let x = Axis::log_around("distance  (length)", elsewhere.iter().map(|mode| mode.landing_distance));
    let (low, high) = most_of(elsewhere.iter().map(|mode| mode.landing_energy));
    let y = Axis::around("energy of the structure reached  (ε)", [low, high, 0.0], false);
    let mut chart = Chart::new("", x, y);
    let beyond = elsewhere.iter().filter(|mode| !(low..=high).contains(&mode.landing_energy)).count();
    chart.note = Some(if modes.is_empty() {
        "no selected mode has a second minimum".to_owned()
    } else {
        format!("{back} of {} fell back, none went elsewhere", modes.len())
    });
    for group in [Group::ADouble, Group::B] {
        let points: Vec<(f64, f64)> = elsewhere
            .iter()
            .filter(|mode| mode.group == group)
            .map(|mode| (mode.landing_distance, mode.landing_energy))
            .collect();
        chart.dots(archive::group::name(group), super::thinned(points), style::group(group));
    }
    if !elsewhere.is_empty() {
        chart.horizontal("as deep as the start", 0.0, Look { colour: style::GREY, ..style::reference(Dash::Dashed) });
    }
    Figure::draw(
        "landing",
        "Inherent structures beyond the second minimum",
        format!(
            "Energy and Euclidean distance, from the start, of the inherent structure that a quench from the quartic's \
             second minimum reaches. {back} of {} fell back to where they came from and are not shown; {beyond} lie beyond the \
             axis, which is that of the bulk of them (the table has all).",
            modes.len()
        ),
        &[chart],
        1,
        csv,
    )
}

/// The range of the bulk of `values`: three times the distance between the quartiles beyond them, no outlier further out.
fn most_of(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return (0.0, 0.0) };
    let [low, high] = [0.25, 0.75].map(|probability| quantile(&sorted, probability));
    let reach = 3.0 * (high - low);
    if reach > 0.0 { (first.max(low - reach), last.min(high + reach)) } else { (*first, *last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_outlier_does_not_rule_the_scale() {
        let (low, high) = most_of([1.0, 2.0, 3.0, 4.0, 1e6].into_iter());
        assert!(low == 1.0 && high < 20.0, "{low} {high}");
        assert_eq!(most_of([5.0, 5.0].into_iter()), (5.0, 5.0));
        assert_eq!(most_of(std::iter::empty()), (0.0, 0.0));
    }
}
