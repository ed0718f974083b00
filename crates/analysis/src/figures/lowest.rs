//! The lowest localized mode of each glass, on Weibull's scales.

use super::Figure;
use super::axis::Axis;
use super::chart::{Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;

/// Draws −ln S(ω), in which Weibull's law is a straight line of slope k = α + 1.
pub fn draw(measures: &Measures) -> Figure {
    let lowest = &measures.lowest;
    let mut csv = Csv::new(&["omega", "cumulative_hazard"]);
    for &(omega, hazard) in &lowest.hazard {
        csv.row([omega.into(), hazard.into()]);
    }
    let x = Axis::log_around(
        format!("ω of the lowest localized mode  {}", super::OMEGA_UNIT),
        lowest.hazard.iter().map(|step| step.0),
    );
    let mut chart =
        Chart::new("", x, Axis::log_around("cumulative hazard −ln S(ω)", lowest.hazard.iter().map(|step| step.1)));
    chart.note = Some("no selected modes".to_owned());
    chart.dots(
        "glasses (Nelson–Aalen)",
        super::thinned(lowest.hazard.clone()),
        style::family(crate::measures::Family::All),
    );
    if let Some(fit) = &lowest.fit {
        let (low, high) = chart.x.ends();
        let law = |omega: f64| (omega, fit.law.cumulative_hazard(omega));
        let look = Look { colour: style::PURPLE, ..style::reference(Dash::Solid) };
        let steps = |k: u32| low * (high / low).powf(f64::from(k) / 40.0);
        let band = |omega: f64| (omega, fit.law.hazard_band(omega).0, fit.law.hazard_band(omega).1);
        chart.items.push(Item::Band { points: (0..=40).map(steps).map(band).collect(), colour: style::PURPLE });
        let name =
            format!("Weibull: k = {:.2} ({:.2} to {:.2})", fit.law.shape.value, fit.law.shape.low, fit.law.shape.high);
        chart.line(name, [law(low), law(fit.omega_cut.min(high))], look);
        chart.vertical(
            format!("ω_c of the fit, p = {:.*}", if fit.p_value < 0.01 { 4 } else { 2 }, fit.p_value),
            fit.omega_cut,
            style::reference(Dash::Dotted),
        );
        let anchor = lowest.hazard.get(lowest.hazard.len() / 2).copied().unwrap_or((1.0, 1.0));
        for (k, dash) in [(4.0, Dash::Dashed), (5.0, Dash::Long)] {
            let law = |omega: f64| (omega, anchor.1 * (omega / anchor.0).powf(k));
            let look = Look { colour: style::GREY, ..style::reference(dash) };
            chart.thin_line(
                format!("slope {k}: D ∝ ω{}", if k == 4.0 { "³" } else { "⁴" }),
                [law(low), law(high)],
                look,
            );
        }
    }
    let counts = match &lowest.fit {
        Some(fit) => format!(
            "Fitted up to ω_c: {} glasses with a mode, {} censored there. Band: 95 % of k.",
            fit.law.observed, fit.law.censored
        ),
        None => "Too few modes for a fit.".to_owned(),
    };
    Figure::draw(
        "lowest",
        "Lowest localized mode of each glass",
        format!(
            "Cumulative hazard −ln S(ω), S the fraction of glasses whose lowest localized mode lies above ω. For \
             independent modes with D ∝ ω^α it is (ω/ω₀)^(α+1). {counts}"
        ),
        &[chart],
        1,
        csv,
    )
}
