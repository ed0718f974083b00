//! Evidence of equilibrium: series over sweeps, and distributions at the end.

use super::Figure;
use super::axis::Axis;
use super::chart::{Chart, Item};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;
use crate::measures::equilibrium::{SeriesPoint, diameter_density};
use crate::statistics::{Estimate, Histogram};
use archive::diameters::diameter_range;

/// Draws ⟨e⟩, ⟨e(end) − e(t)⟩, ⟨C_σ⟩ and the configurational temperature against sweeps.
pub fn series(measures: &Measures) -> Figure {
    let mut csv = Csv::new(&[
        "sweeps",
        "glasses",
        "energy",
        "energy_low",
        "energy_high",
        "drift",
        "drift_low",
        "drift_high",
        "diameter_correlation",
        "configurational_temperature",
    ]);
    let points: Vec<&SeriesPoint> = measures.equilibrium.series.iter().filter(|point| point.sweeps > 0).collect();
    for point in &points {
        csv.row([
            point.sweeps.into(),
            point.glasses.into(),
            point.energy.value.into(),
            point.energy.low.into(),
            point.energy.high.into(),
            point.drift.value.into(),
            point.drift.low.into(),
            point.drift.high.into(),
            point.diameter_correlation.value.into(),
            point.configurational_temperature.value.into(),
        ]);
    }
    let parts: [(&str, &str, fn(&SeriesPoint) -> Estimate); 4] = [
        ("⟨e⟩", "⟨e⟩  (ε per particle)", |point| point.energy),
        ("change still to come", "⟨e(end) − e(t)⟩  (ε)", |point| point.drift),
        ("diameters", "⟨C_σ(t)⟩", |point| point.diameter_correlation),
        ("temperature", "⟨|∇U|²⟩/⟨∇²U⟩", |point| point.configurational_temperature),
    ];
    let grey = |dash| Look { colour: style::GREY, ..style::reference(dash) };
    let mut charts = Vec::new();
    for (k, (title, label, part)) in parts.into_iter().enumerate() {
        let values: Vec<(f64, Estimate)> = points.iter().map(|point| (point.sweeps as f64, part(point))).collect();
        let ends = values.iter().flat_map(|(_, e)| [e.value, e.low, e.high]);
        let reference = match k {
            1 => Some(0.0),
            2 => Some((-1.0f64).exp()),
            3 => measures.about.temperature,
            _ => None,
        };
        let y = Axis::around(label, ends.chain(reference), false);
        let mut chart = Chart::new(title, Axis::log_around("sweeps at T", values.iter().map(|v| v.0)), y);
        chart.note = Some("no series".to_owned());
        let band = values.iter().map(|(sweeps, e)| (*sweeps, e.low, e.high)).collect();
        chart.items.push(Item::Band { points: band, colour: style::PURPLE });
        let mean = values.iter().map(|(sweeps, e)| (*sweeps, e.value));
        let look = Look { colour: style::PURPLE, ..style::reference(Dash::Solid) };
        chart.line("mean over glasses, 95 % band", mean.clone(), look);
        if let (Some(value), false) = (reference, values.is_empty()) {
            chart.horizontal("plateau; 1/e; T asked for", value, grey(Dash::Dashed));
        }
        charts.push(chart);
    }
    Figure::draw(
        "equilibrium-series",
        "Equilibration",
        "Means over glasses at log-spaced times with 95 % bands. In ⟨e(end) − e(t)⟩ each glass is compared with itself, \
         so that the spread between compositions cancels: on the plateau it is zero within its band.",
        &charts,
        2,
        csv,
    )
}

/// Draws the distributions of energies and of diameters.
pub fn distributions(measures: &Measures) -> Figure {
    let equilibrium = &measures.equilibrium;
    let mut csv = Csv::new(&["quantity", "low", "high", "count", "density"]);
    let mut charts = Vec::new();
    for (name, label, values) in [
        ("energy_thermal", "e at T  (ε per particle)", &equilibrium.energies_thermal),
        ("energy_inherent", "e of the inherent structure  (ε)", &equilibrium.energies_inherent),
    ] {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        let mut chart = Chart::new("", Axis::around(label, finite(), false), Axis::linear("density", 0.0, 1.0));
        chart.note = Some("no glasses".to_owned());
        if low < high {
            let bins = ((values.len() as f64).sqrt() as usize).clamp(4, 40);
            let mut histogram = Histogram::linear(low, high * (1.0 + 1e-12 * high.signum()), bins);
            histogram.extend(finite());
            record(&mut csv, name, &histogram);
            draw_density(&mut chart, "glasses", &histogram);
        }
        charts.push(chart);
    }
    let range = diameter_range(measures.about.dimension.axes());
    let histogram = &equilibrium.diameters;
    let (low, _) = histogram.edges(0);
    let (_, high) = histogram.edges(histogram.bins() - 1);
    let mut chart = Chart::new(
        "",
        Axis::linear("diameter σ  (length)", low, high),
        Axis::linear("P(σ)", 0.0, diameter_density(low, range)),
    );
    let drawn = equilibrium.diameters_are_drawn;
    chart.note = Some(if drawn { "no frames kept" } else { "not drawn from P(σ)" }.to_owned());
    if histogram.total() > 0 {
        record(&mut csv, "diameter", histogram);
        draw_density(&mut chart, "", histogram);
        let curve = (0..=80).map(|k| low + (high - low) * f64::from(k) / 80.0).map(|s| (s, diameter_density(s, range)));
        chart.line("P(σ) ∝ σ⁻³", curve, style::reference(Dash::Dashed));
    }
    charts.push(chart);
    Figure::draw(
        "equilibrium-distributions",
        "Energies and diameters",
        format!(
            "Energy per particle of all glasses, last sampled at T and at their inherent structures{}.",
            if drawn {
                format!("; diameters of {} kept frames against the distribution asked for", equilibrium.frames)
            } else {
                String::new()
            }
        ),
        &charts,
        2,
        csv,
    )
}

fn record(csv: &mut Csv, name: &str, histogram: &Histogram) {
    for bin in 0..histogram.bins() {
        let (low, high) = histogram.edges(bin);
        let density = histogram.density(bin, histogram.total() as f64).value;
        csv.row([name.into(), low.into(), high.into(), histogram.count(bin).into(), density.into()]);
    }
}

fn draw_density(chart: &mut Chart, label: &str, histogram: &Histogram) {
    let norm = histogram.total() as f64;
    let highest = (0..histogram.bins()).map(|bin| histogram.density(bin, norm).value);
    let label_of_axis = chart.y.label.clone();
    chart.y = Axis::around(label_of_axis, highest.chain([0.0]), true);
    chart.steps(label, histogram, norm, Look { colour: style::PURPLE, ..style::reference(Dash::Solid) });
}
