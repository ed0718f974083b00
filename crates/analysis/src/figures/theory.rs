//! Figures of `glassmodes theory`.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::theory::{Minima, TheoryResult};

/// Draws D(ω) of each choice of minima, each distribution scaled to the law it should follow at ω_c.
pub fn density(result: &TheoryResult) -> Figure {
    let mut csv = Csv::new(&["distribution", "minima", "omega", "count", "density_over_law", "low", "high"]);
    let mut charts = Vec::new();
    for (k, minima) in Minima::EACH.into_iter().enumerate() {
        let exponent = minima.exponent();
        let mut chart = Chart::new(
            minima.name(),
            Axis::logarithmic("ω", 0.03, crate::theory::OMEGA_KEPT),
            Axis::logarithmic(format!("D(ω) / (A ω{})", if exponent == 3.0 { "³" } else { "⁴" }), 0.3, 3.0),
        );
        chart.note = Some("no minima drawn".to_owned());
        for (j, distribution) in result.distributions.iter().enumerate() {
            let measured = &distribution.minima[k];
            let (histogram, fit) = (&measured.histogram, &measured.fit);
            // A from the number of modes below ω_c, as if the law held up to there.
            let prefactor = fit.events as f64 * (exponent + 1.0) / result.omega_cut.powf(exponent + 1.0);
            let points = (0..histogram.bins()).filter(|&bin| histogram.count(bin) > 0).map(|bin| {
                let scale = prefactor * histogram.centre(bin).powf(exponent);
                (histogram.centre(bin), histogram.density(bin, scale))
            });
            for (omega, density) in points.clone() {
                let count = histogram.bin_of(omega).map_or(0, |bin| histogram.count(bin));
                csv.row([
                    distribution.coefficients.name().into(),
                    minima.name().into(),
                    omega.into(),
                    count.into(),
                    density.value.into(),
                    density.low.into(),
                    density.high.into(),
                ]);
            }
            chart.points(distribution.coefficients.name(), points, style::numbered(j));
        }
        let grey = |dash| Look { colour: style::GREY, ..style::reference(dash) };
        chart.horizontal("the law", 1.0, grey(Dash::Dashed));
        chart.vertical("ω_c of the fits", result.omega_cut, grey(Dash::Dotted));
        charts.push(chart);
    }
    Figure::draw(
        "theory-density",
        "Soft minima of random quartics",
        "D(ω) divided by the law it should follow: flat means the law holds. All minima: ω³ (eq. 7); only the lower of \
         two: ω⁴ (eq. 9); only the higher: ω³ with a correction of relative order ω. 95 % Poisson intervals.",
        &charts,
        2,
        csv,
    )
}

/// Draws α(ω_c) of each choice of minima.
pub fn exponents(result: &TheoryResult) -> Figure {
    let mut csv = Csv::new(&["distribution", "minima", "omega_cut", "alpha", "low", "high"]);
    let mut charts = Vec::new();
    for (k, minima) in Minima::EACH.into_iter().enumerate() {
        let exponent = minima.exponent();
        let x = Axis::logarithmic("ω_c", 0.06, 0.7);
        let mut chart = Chart::new(minima.name(), x, Axis::linear("α̂", exponent - 1.0, exponent + 1.0));
        chart.note = Some("no minima drawn".to_owned());
        chart.horizontal("expected", exponent, Look { colour: style::GREY, ..style::reference(Dash::Dashed) });
        for (j, distribution) in result.distributions.iter().enumerate() {
            let shifted = |cut: f64| cut * (1.0 + 0.02 * (j as f64 - 1.5));
            for &(cut, alpha) in &distribution.minima[k].scan {
                csv.row([
                    distribution.coefficients.name().into(),
                    minima.name().into(),
                    cut.into(),
                    alpha.value.into(),
                    alpha.low.into(),
                    alpha.high.into(),
                ]);
            }
            let points = distribution.minima[k].scan.iter().map(|&(cut, alpha)| (shifted(cut), alpha));
            chart.points(distribution.coefficients.name(), points, style::numbered(j));
        }
        charts.push(chart);
    }
    Figure::draw(
        "theory-exponents",
        "Exponent against the cut",
        "Maximum likelihood on (0, ω_c], 95 % by resampling draws; points of the four distributions are shifted sideways \
         a little. The higher minima alone approach 3 only slowly.",
        &charts,
        2,
        csv,
    )
}
