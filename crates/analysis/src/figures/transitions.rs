//! True wells: barriers against ω, and the splittings.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::wells::{Way, Wells};

/// Draws barriers against the ω of the mode behind each, and the distribution of the splittings.
pub fn draw(wells: &Wells) -> Figure {
    let mut csv = Csv::new(&[
        "realization",
        "omega",
        "quartic_barrier",
        "barrier",
        "energy_difference",
        "path_length",
        "splitting",
        "overlap",
        "two_level_system",
    ]);
    for way in &wells.ways {
        csv.row([
            way.realization.into(),
            way.omega.into(),
            way.quartic_barrier.into(),
            way.barrier.into(),
            way.energy_difference.into(),
            way.path_length.into(),
            way.splitting.into(),
            way.overlap.into(),
            u64::from(way.is_system).into(),
        ]);
    }
    let omegas = wells.ways.iter().map(|way| way.omega);
    let energies = wells.ways.iter().flat_map(|way| [way.barrier, way.quartic_barrier]);
    let x = Axis::log_around(format!("ω of the mode  {}", super::OMEGA_UNIT), omegas);
    let mut barriers = Chart::new("Barriers", x, Axis::log_around("barrier  (ε)", energies));
    barriers.note = Some("no adjacent minimum found".to_owned());
    let dots = |of: &dyn Fn(&Way) -> Option<f64>| -> Vec<(f64, f64)> {
        super::thinned(wells.ways.iter().filter_map(|way| Some((way.omega, of(way)?))).collect())
    };
    let unless = |wanted: bool| move |way: &Way| (way.is_system == wanted).then_some(way.barrier);
    barriers.dots("true, no two-level system", dots(&unless(false)), style::numbered(4));
    barriers.dots("true, two-level system", dots(&unless(true)), style::numbered(0));
    let quartic = |way: &Way| way.quartic_barrier.is_finite().then_some(way.quartic_barrier);
    barriers.dots("of the quartic along the mode", dots(&quartic), style::numbered(3));

    let splittings: Vec<f64> = wells.ways.iter().map(|way| way.splitting).collect();
    let x = Axis::log_around("E₁ − E₀  (ε)", splittings.iter().copied().chain([wells.temperature]));
    let mut levels = Chart::new("Splittings", x, Axis::linear("part of the ways with less", 0.0, 1.0));
    levels.note = Some("no adjacent minimum found".to_owned());
    if !splittings.is_empty() {
        levels.line("all ways", super::cumulative(splittings), style::reference(Dash::Solid));
        let grey = Look { colour: style::GREY, ..style::reference(Dash::Dashed) };
        levels.vertical(format!("1 K of {}", wells.material), wells.temperature, grey);
    }
    Figure::draw(
        "transitions",
        "Adjacent minima: barriers and splittings",
        "Left: energy of the saddle above the glass against ω of the harmonic mode behind it, true barriers beside those of \
         the quartic along that mode. Right: cumulative distribution of the tunnel splitting along the path of steepest \
         descent.",
        &[barriers, levels],
        2,
        csv,
    )
}
