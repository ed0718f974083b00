//! The paper's Fig. 3: P(β).

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;

/// Draws the density of |β|.
pub fn draw(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&["beta_low", "beta_high", "count", "density", "low", "high"]);
    let histogram = &measures.shape.beta;
    let norm = histogram.total() as f64;
    let bins = || 0..histogram.bins();
    for bin in bins() {
        let ((low, high), density) = (histogram.edges(bin), histogram.density(bin, norm));
        csv.row([
            low.into(),
            high.into(),
            histogram.count(bin).into(),
            density.value.into(),
            density.low.into(),
            density.high.into(),
        ]);
    }
    let highest = bins().map(|bin| histogram.density(bin, norm)).map(|d| d.high).filter(|high| high.is_finite());
    let y = Axis::around("P(|β|)", highest.chain([0.0]), true);
    let mut chart = Chart::new("", Axis::linear("|β|", 0.0, crate::measures::shape::BETA_MAX), y);
    chart.note = Some("no selected mode with b₄ > 0".to_owned());
    if histogram.total() > 0 {
        chart.steps("", histogram, norm, style::reference(Dash::Solid));
        let points = bins().filter(|&bin| histogram.count(bin) > 0);
        let (double, single) = ((8.0f64 / 9.0).sqrt(), 1.0);
        let of = |low: f64, high: f64| {
            points
                .clone()
                .map(|bin| (histogram.centre(bin), histogram.density(bin, norm)))
                .filter(move |(beta, _)| (low..high).contains(beta))
        };
        chart.points("A", of(0.0, double), style::group(archive::Group::A));
        chart.points("A-double", of(double, single), style::group(archive::Group::ADouble));
        chart.points("B", of(single, f64::INFINITY), style::group(archive::Group::B));
        let grey = |dash| Look { colour: style::GREY, ..style::reference(dash) };
        chart.vertical("|β| = √(8/9): second minimum appears", double, grey(Dash::Dotted));
        chart.vertical("|β| = 1: second minimum is deeper", single, grey(Dash::Dashed));
    }
    Figure::draw(
        "beta",
        "Asymmetry β = b₃/√(3b₂b₄)",
        format!(
            "Density of |β| of the selected modes with b₄ > 0 (the sign is that of an arbitrary eigenvector sign); 95 % \
             Poisson intervals. {} lie beyond |β| = 2. The paper's Fig. 3.",
            measures.shape.beta_beyond
        ),
        &[chart],
        1,
        csv,
    )
}
