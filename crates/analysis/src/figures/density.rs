//! The paper's Fig. 2: D(ω) of groups A and B, double logarithmic, with fits.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::{Family, Measures};

/// Draws D(ω).
pub fn draw(measures: &Measures) -> Figure {
    let (density, degrees) = (&measures.density, measures.about.degrees());
    let mut csv = Csv::new(&["family", "omega_low", "omega_high", "omega", "count", "density", "low", "high"]);
    let shown = [Family::A, Family::B];
    let families = || density.families.iter().filter(|family| shown.contains(&family.family));
    let filled = || families().flat_map(|family| family.bins.iter().filter(|bin| bin.count > 0));
    let x = Axis::log_around(format!("ω  {}", super::OMEGA_UNIT), filled().flat_map(|bin| [bin.low, bin.high]));
    let y =
        Axis::log_around(format!("D(ω)  (1/[{degrees} ω])"), filled().flat_map(|bin| super::around_bar(bin.density)));
    let mut chart = Chart::new("", x, y);
    chart.note = Some("no localized modes".to_owned());
    for family in families() {
        let look = style::family(family.family);
        let filled = family.bins.iter().filter(|bin| bin.count > 0);
        chart.points(family.family.name(), filled.map(|bin| (bin.omega, bin.density)), look);
        for bin in &family.bins {
            csv.row([
                family.family.name().into(),
                bin.low.into(),
                bin.high.into(),
                bin.omega.into(),
                bin.count.into(),
                bin.density.value.into(),
                bin.density.low.into(),
                bin.density.high.into(),
            ]);
        }
        let (alpha, prefactor) = (family.fit.exponent.value, family.prefactor_fit.value);
        // A fit without an interval, to a few glasses, is none to show.
        if alpha.is_finite() && prefactor.is_finite() && family.fit.bootstrap.low.is_finite() {
            let start = family.bins.iter().find(|bin| bin.count > 0).map_or(f64::NAN, |bin| bin.low);
            let law = |omega: f64| (omega, prefactor * omega.powf(alpha));
            let name = if family.family == Family::A { "A" } else { "B" };
            let interval = family.fit.bootstrap;
            let label = format!("fit {name}: α = {alpha:.2} [{:.2}, {:.2}]", interval.low, interval.high);
            chart.line(label, [law(start), law(density.omega_cut)], look);
        }
    }
    if density.omega_cut.is_finite() {
        let look = Look { colour: style::GREY, ..style::reference(Dash::Dotted) };
        chart.vertical("ω_c of the fits", density.omega_cut, look);
    }
    Figure::draw(
        "density-of-states",
        "Density of localized modes, D(ω)",
        format!(
            "Modes with PR below the selection's limit, per glass, per degree of freedom ({degrees}) and per unit of ω; error \
             bars are 95 % Poisson intervals. Lines: maximum likelihood on (0, ω_c], not fits to the points. The paper's \
             Fig. 2 has D ∝ ω⁴ for A and ω³ for B."
        ),
        &[chart],
        1,
        csv,
    )
}
