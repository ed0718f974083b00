//! Where a quench from the second minimum of the quartic ends.

use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use super::{Figure, FigureError};
use crate::measures::Measures;
use crate::measures::reality::SAME_STRUCTURE;
use archive::Group;

/// Draws energy against distance of the inherent structures reached.
///
/// # Errors
/// [`FigureError`] when the drawing library fails.
pub fn draw(measures: &Measures) -> Result<Figure, FigureError> {
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
    let energies = elsewhere.iter().map(|mode| mode.landing_energy).chain([0.0]);
    let mut chart = Chart::new("", x, Axis::around("energy of the structure reached  (ε)", energies, false));
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
             second minimum reaches. {back} of {} fell back to where they came from and are not shown.",
            modes.len()
        ),
        &[chart],
        1,
        csv,
    )
}
