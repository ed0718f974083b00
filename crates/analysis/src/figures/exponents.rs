//! The exponent against the cut ω_c.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::{Family, Measures};
use crate::statistics::Estimate;

/// Draws α(ω_c) for each family.
pub fn draw(measures: &Measures) -> Figure {
    let density = &measures.density;
    let mut csv = Csv::new(&[
        "family",
        "omega_cut",
        "events",
        "alpha",
        "exact_low",
        "exact_high",
        "bootstrap_low",
        "bootstrap_high",
        "log_likelihood_ratio_4_over_3",
    ]);
    let mut charts = Vec::new();
    // One range for all panels: what lies above each other belongs together.
    let cuts: Vec<f64> = density.families.iter().flat_map(|f| f.scan.iter().map(|point| point.omega_cut)).collect();
    for family in &density.families {
        for point in &family.scan {
            csv.row([
                family.family.name().into(),
                point.omega_cut.into(),
                point.events.into(),
                point.exponent.value.into(),
                point.exponent.low.into(),
                point.exponent.high.into(),
                point.bootstrap.low.into(),
                point.bootstrap.high.into(),
                point.log_likelihood_ratio_4_over_3.into(),
            ]);
        }
        let name = match family.family {
            Family::A => "A",
            Family::B => "B",
            Family::All => "all localized modes",
        };
        let x = Axis::log_around(format!("ω_c  {}", super::OMEGA_UNIT), cuts.iter().copied());
        let mut chart = Chart::new(name, x, Axis::linear("α", 0.0, 8.0));
        chart.note = Some("too few modes to scan".to_owned());
        if !family.scan.is_empty() {
            let grey = |dash| Look { colour: style::GREY, ..style::reference(dash) };
            chart.horizontal("α = 3", 3.0, grey(Dash::Dashed));
            chart.horizontal("α = 4", 4.0, grey(Dash::Long));
            chart.vertical("ω_c of the fits", density.omega_cut, grey(Dash::Dotted));
        }
        let look = style::family(family.family);
        chart.items.push(super::chart::Item::Band {
            points: family.scan.iter().map(|p| (p.omega_cut, p.exponent.low, p.exponent.high)).collect(),
            colour: look.colour,
        });
        let points = family.scan.iter().map(|p| (p.omega_cut, Estimate::new(p.exponent.value, p.bootstrap)));
        chart.points(format!("α̂, {name}"), points, look);
        charts.push(chart);
    }
    Figure::draw(
        "exponents",
        "Exponent of D(ω) ∝ ω^α against the cut",
        "Maximum likelihood on (0, ω_c]. Bars: 95 % by resampling glasses (not modes). Band: exact interval for \
         independent modes; a bar or band that leaves the panel ends at its edge. All localized modes below ω_c enter, whatever the \
         cut of the selection; below eight modes no exponent is drawn.",
        &charts,
        2,
        csv,
    )
}
