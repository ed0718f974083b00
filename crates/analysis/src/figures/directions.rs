//! Four directions: P(β) of each, and how much stiffer the nonlinear ones are.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::directions::Directions;
use crate::measures::shape::BETA_MAX;

/// Draws the distributions of |β| and κ/λ against ω.
pub fn draw(directions: &Directions) -> Figure {
    let mut csv = Csv::new(&["direction", "omega", "kappa_over_lambda", "beta_low", "beta_high", "count"]);
    let densities = directions.each.iter().flat_map(|direction| {
        let norm = direction.beta.total() as f64;
        (0..direction.beta.bins()).map(move |bin| direction.beta.density(bin, norm).value)
    });
    let highest: Vec<f64> = densities.filter(|density| density.is_finite()).chain([0.0]).collect();
    let mut beta = Chart::new("P(|β|)", Axis::linear("|β|", 0.0, BETA_MAX), Axis::around("P(|β|)", highest, true));
    let points = || directions.each.iter().skip(1).flat_map(|direction| &direction.against_omega);
    let x = Axis::log_around(format!("ω of the direction  {}", super::OMEGA_UNIT), points().map(|point| point.0));
    let y = Axis::log_around("κ/λ", points().map(|point| point.1).chain([1.0]));
    let mut softening = Chart::new("Curvature against that of the harmonic mode", x, y);
    beta.note = Some("no direction selected".to_owned());
    softening.note = Some("no nonlinear mode selected".to_owned());
    for (k, direction) in directions.each.iter().enumerate() {
        let look = style::numbered(k);
        if direction.beta.total() > 0 {
            beta.steps(direction.name, &direction.beta, direction.beta.total() as f64, look);
        }
        for bin in 0..direction.beta.bins() {
            let (low, high) = direction.beta.edges(bin);
            let empty = f64::NAN;
            csv.row([
                direction.name.into(),
                empty.into(),
                empty.into(),
                low.into(),
                high.into(),
                direction.beta.count(bin).into(),
            ]);
        }
        if k > 0 {
            softening.dots(direction.name, super::thinned(direction.against_omega.clone()), look);
            for &(omega, ratio) in &direction.against_omega {
                let empty = f64::NAN;
                csv.row([direction.name.into(), omega.into(), ratio.into(), empty.into(), empty.into(), empty.into()]);
            }
        }
    }
    let grey = Look { colour: style::GREY, ..style::reference(Dash::Dashed) };
    if beta.items.iter().any(|_| true) {
        beta.vertical("|β| = 1: second minimum is deeper", 1.0, grey);
    }
    if points().next().is_some() {
        softening.horizontal("as soft as the mode", 1.0, grey);
    }
    Figure::draw(
        "directions",
        "The quartic along four directions",
        "Left: density of |β| along the selected harmonic modes and along the nonlinear modes searched from them, each \
         selected by its own ω and PR. Right: curvature κ of each nonlinear mode over the eigenvalue λ of the mode its \
         search started from; 1 where the two are the same direction.",
        &[beta, softening],
        2,
        csv,
    )
}
