//! Several ensembles on one figure.

use super::Figure;
use super::axis::Axis;
use super::chart::Chart;
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::density::ScanPoint;
use crate::measures::{Family, Measures};
use crate::statistics::Estimate;
use std::collections::BTreeSet;

/// Fewer modes than this make a histogram of a few high bars, beside which no other is seen.
const HISTOGRAM_MODES_MIN: u64 = 10;

/// Draws P(|β|) of all ensembles with enough modes, or of all if none has.
pub fn beta(measures: &[Measures]) -> Figure {
    let mut csv = Csv::new(&["ensemble", "beta_low", "beta_high", "count", "density", "low", "high"]);
    let density = |m: &Measures, bin: usize| m.shape.beta.density(bin, m.shape.beta.total() as f64);
    let most = measures.iter().map(|m| m.shape.beta.total()).max().unwrap_or(0);
    let drawn = |m: &&Measures| m.shape.beta.total() >= most.clamp(1, HISTOGRAM_MODES_MIN);
    let all =
        measures.iter().filter(drawn).flat_map(|m| (0..m.shape.beta.bins()).map(move |bin| density(m, bin).value));
    let y = Axis::around("P(|β|)", all.filter(|d| d.is_finite()).chain([0.0]).collect::<Vec<_>>(), true);
    let mut chart = Chart::new("", Axis::linear("|β|", 0.0, crate::measures::shape::BETA_MAX), y);
    chart.note = Some("no selected mode with b₄ > 0".to_owned());
    for (k, m) in measures.iter().enumerate() {
        for bin in 0..m.shape.beta.bins() {
            let ((low, high), d) = (m.shape.beta.edges(bin), density(m, bin));
            csv.row([
                m.label.as_str().into(),
                low.into(),
                high.into(),
                m.shape.beta.count(bin).into(),
                d.value.into(),
                d.low.into(),
                d.high.into(),
            ]);
        }
        if drawn(&m) {
            chart.steps(m.label.clone(), &m.shape.beta, m.shape.beta.total() as f64, style::numbered(k));
        }
    }
    if !chart.items.is_empty() {
        chart.vertical("|β| = 1", 1.0, Look { colour: style::GREY, ..style::reference(Dash::Dotted) });
    }
    Figure::draw(
        "comparison-beta",
        "P(|β|) of all ensembles",
        "Density of |β| of the selected modes with b₄ > 0. Ensembles of fewer than ten such modes are in the table only.",
        &[chart],
        1,
        csv,
    )
}

/// Draws fractions of all ensembles: group B, and what became of it.
pub fn fractions(measures: &[Measures]) -> Figure {
    let mut csv = Csv::new(&["ensemble", "quantity", "value", "low", "high"]);
    let labels: Vec<&str> = measures.iter().map(|m| m.label.as_str()).collect();
    let parts: [(&str, fn(&Measures) -> Estimate); 4] = [
        ("group B, of all selected modes", |m| m.fractions.group_b),
        ("true profile deeper, of group B", |m| m.reality.b.true_deeper),
        ("b₃ mostly from the cutoff, of group B", |m| m.reality.b.cutoff_dominated),
        ("another inherent structure, of group B", |m| m.reality.b.landed_elsewhere),
    ];
    let charts: Vec<Chart> = parts
        .into_iter()
        .map(|(name, part)| {
            let high = measures.iter().map(|m| part(m).high).filter(|high| high.is_finite()).fold(0.05, f64::max);
            let mut chart = Chart::new(name, Axis::linear("fraction", 0.0, high.min(1.0)), Axis::numbers(labels.len()));
            chart.note = Some("no modes".to_owned());
            for (k, m) in measures.iter().enumerate() {
                let value = part(m);
                csv.row([
                    m.label.as_str().into(),
                    name.into(),
                    value.value.into(),
                    value.low.into(),
                    value.high.into(),
                ]);
                let row = (measures.len() - 1 - k) as f64;
                let look = style::numbered(k);
                if value.value.is_finite() {
                    chart.thin_line("", [(value.low, row), (value.high, row)], Look { dash: Dash::Solid, ..look });
                    chart.dots(format!("{}: {}", k + 1, m.label), [(value.value, row)], look);
                }
            }
            chart
        })
        .collect();
    Figure::draw(
        "comparison-fractions",
        "Group B in all ensembles",
        "Fractions with Wilson's 95 % intervals, one row an ensemble.",
        &charts,
        2,
        csv,
    )
}

/// Draws D(ω) of all localized modes of all ensembles.
pub fn density(measures: &[Measures]) -> Figure {
    let mut csv = Csv::new(&["ensemble", "family", "omega", "count", "density", "low", "high"]);
    let mut charts = Vec::new();
    for family in [Family::A, Family::B] {
        let bins = |m: &Measures| {
            let of_family = m.density.families.iter().filter(|density| density.family == family);
            of_family.flat_map(|density| density.bins.clone()).filter(|bin| bin.count > 0).collect::<Vec<_>>()
        };
        let all: Vec<_> = measures.iter().flat_map(bins).collect();
        let dimensions: BTreeSet<usize> = measures.iter().map(|m| m.about.dimension.axes()).collect();
        let degrees = if dimensions.len() == 1 { measures[0].about.degrees() } else { "dN".to_owned() };
        let x = Axis::log_around(format!("ω  {}", super::OMEGA_UNIT), all.iter().map(|bin| bin.omega));
        let y = Axis::log_around(
            format!("D(ω)  (1/[{degrees} ω])"),
            all.iter().flat_map(|bin| super::around_bar(bin.density)),
        );
        let mut chart = Chart::new(family.name(), x, y);
        chart.note = Some("no localized modes".to_owned());
        for (k, m) in measures.iter().enumerate() {
            for bin in bins(m) {
                csv.row([
                    m.label.as_str().into(),
                    family.name().into(),
                    bin.omega.into(),
                    bin.count.into(),
                    bin.density.value.into(),
                    bin.density.low.into(),
                    bin.density.high.into(),
                ]);
            }
            chart.points(m.label.clone(), bins(m).into_iter().map(|bin| (bin.omega, bin.density)), style::numbered(k));
        }
        charts.push(chart);
    }
    Figure::draw(
        "comparison-density",
        "D(ω) of all ensembles",
        "Localized modes per glass, per degree of freedom and per unit of ω, 95 % Poisson intervals.",
        &charts,
        2,
        csv,
    )
}

/// Draws α(ω_c) of A and of B, one panel an ensemble.
pub fn exponents(measures: &[Measures]) -> Figure {
    let mut csv = Csv::new(&["ensemble", "family", "omega_cut", "events", "alpha", "bootstrap_low", "bootstrap_high"]);
    let families = |m: &Measures| -> Vec<(Family, Vec<ScanPoint>)> {
        let drawn = m.density.families.iter().filter(|density| density.family != Family::All);
        drawn.map(|density| (density.family, density.scan.clone())).collect()
    };
    let cuts: Vec<f64> =
        measures.iter().flat_map(families).flat_map(|(_, scan)| scan).map(|point| point.omega_cut).collect();
    let mut charts = Vec::new();
    for m in measures {
        let x = Axis::log_around(format!("ω_c  {}", super::OMEGA_UNIT), cuts.iter().copied());
        let mut chart = Chart::new(m.label.clone(), x, Axis::linear("α", 0.0, 8.0));
        chart.note = Some("too few modes to scan".to_owned());
        if families(m).iter().any(|(_, scan)| !scan.is_empty()) {
            let grey = |dash| Look { colour: style::GREY, ..style::reference(dash) };
            chart.horizontal("α = 3", 3.0, grey(Dash::Dashed));
            chart.horizontal("α = 4", 4.0, grey(Dash::Long));
        }
        for (family, scan) in families(m) {
            for point in &scan {
                csv.row([
                    m.label.as_str().into(),
                    family.name().into(),
                    point.omega_cut.into(),
                    point.events.into(),
                    point.exponent.value.into(),
                    point.bootstrap.low.into(),
                    point.bootstrap.high.into(),
                ]);
            }
            let points = scan.iter().map(|p| (p.omega_cut, Estimate::new(p.exponent.value, p.bootstrap)));
            chart.points(family.name(), points, style::family(family));
        }
        charts.push(chart);
    }
    Figure::draw(
        "comparison-exponents",
        "Exponents of all ensembles against the cut",
        "Maximum likelihood of α on (0, ω_c] over all localized modes, with 95 % bars by resampling glasses; one panel an \
         ensemble, all with the same axes.",
        &charts,
        2,
        csv,
    )
}
