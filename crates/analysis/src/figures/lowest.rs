//! The lowest localized mode of each glass, on Weibull's scales.

use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use super::{Figure, FigureError};
use crate::measures::Measures;

/// Draws −ln S(ω), in which Weibull's law is a straight line of slope k = α + 1.
///
/// # Errors
/// [`FigureError`] when the drawing library fails.
pub fn draw(measures: &Measures) -> Result<Figure, FigureError> {
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
        let law = |omega: f64| (omega, fit.cumulative_hazard(omega));
        let look = Look { colour: style::PURPLE, ..style::reference(Dash::Solid) };
        chart.line(format!("Weibull: k = {:.2}", fit.shape.value), [law(low), law(high)], look);
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
        Some(fit) => format!("{} glasses with a mode, {} censored at their cut.", fit.observed, fit.censored),
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
