//! Group B with and without nearly free particles: its fraction, and its barriers.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style;
use crate::measures::Measures;

/// Draws the fraction of B against ω_max, and how its barriers are distributed, for each way of counting.
pub fn draw(measures: &Measures) -> Figure {
    let ways = &measures.classes.ways;
    let mut csv = Csv::new(&["counted", "omega_max", "modes", "fraction_b", "low", "high", "barrier"]);
    let omegas = ways.iter().flat_map(|way| way.fraction_below.iter().map(|point| point.0));
    let x = Axis::log_around(format!("ω_max  {}", super::OMEGA_UNIT), omegas);
    let mut fractions = Chart::new("", x, Axis::linear("fraction of group B below ω_max", 0.0, 1.0));
    fractions.note = Some("too few localized modes".to_owned());
    let x = Axis::log_around(
        "barrier of the quartic, group B  (ε)",
        ways.iter().flat_map(|way| way.barrier_values.clone()),
    );
    let mut barriers = Chart::new("", x, Axis::linear("fraction of barriers below", 0.0, 1.0));
    barriers.note = Some("no selected mode of group B".to_owned());
    for (k, way) in ways.iter().enumerate() {
        let (name, look) = (way.counted.name(), style::numbered(k));
        for &(omega, modes, part) in &way.fraction_below {
            let none = f64::NAN.into();
            csv.row([
                name.into(),
                omega.into(),
                modes.into(),
                part.value.into(),
                part.low.into(),
                part.high.into(),
                none,
            ]);
        }
        for &barrier in &way.barrier_values {
            let none = || f64::NAN.into();
            csv.row([name.into(), none(), none(), none(), none(), none(), barrier.into()]);
        }
        // Bars of one way are enough to see how sure a fraction is.
        if k == 0 {
            fractions.points("", way.fraction_below.iter().map(|point| (point.0, point.2)), look);
        }
        fractions.line(name, way.fraction_below.iter().map(|point| (point.0, point.2.value)), look);
        barriers.line("", super::cumulative(way.barrier_values.clone()), look);
    }
    Figure::draw(
        "nearly-free",
        "Group B with and without nearly free particles",
        "Left: the fraction of group B among the localized modes up to ω_max, whatever the selection's cut, with Wilson's \
         95 % bars for all modes. Right: the barriers of the selected modes of group B. A particle that its neighbours \
         hardly touch is a mode of its own, of any frequency, with |β| far above 1 and next to no barrier.",
        &[fractions, barriers],
        2,
        csv,
    )
}
