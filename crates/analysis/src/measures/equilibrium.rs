//! Evidence that the glasses are equilibrated, ensemble by ensemble.

mod halves;
mod verdict;

pub use halves::{Change, Halves};
pub use verdict::{Equilibrated, Verdict};

use crate::ensemble::Ensemble;
use crate::statistics::goodness::{ChiSquare, chi_square};
use crate::statistics::moments::Running;
use crate::statistics::{Distribution, Estimate, Histogram};
use archive::{ArchiveError, SampleMoments, SummedSample, diameters};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read at once.
const BLOCK: usize = 512;

/// Frames whose diameters are looked at.
const FRAMES_MAX: usize = 500;

/// Series over sweeps, and distributions at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Equilibrium {
    /// Means at each sampled time.
    pub series: Vec<SeriesPoint>,
    /// Mean of e(end) − e(t), glass by glass, t the sample nearest to half of all sweeps: the plateau test. Where several
    /// glasses were taken from each chain, of its first.
    pub drift_half: Drift,
    /// The same from a quarter.
    pub drift_quarter: Drift,
    /// How the later glasses of a chain differ from its earlier ones, where there are several.
    pub halves: Option<Halves>,
    /// Sweeps before the first glass of a chain; NaN if not known.
    pub sweeps_before: f64,
    /// Chains of the sampling, which are what is independent.
    pub chains: u64,
    /// Accepted displacements.
    pub acceptance_displacement: Distribution,
    /// Accepted swaps.
    pub acceptance_swap: Distribution,
    /// C_σ at the end.
    pub diameter_correlation: Distribution,
    /// Configurational temperature at the end.
    pub configurational_temperature: Distribution,
    /// Sweeps after which ⟨C_σ⟩ has fallen to 1/e, interpolated in ln t; absent when it has not.
    pub sweeps_to_decorrelate: Option<f64>,
    /// Mean configurational temperature at the end less T, in standard errors; NaN when T is not known.
    pub configurational_temperature_z: f64,
    /// Whether diameters are of P(σ); those of glasses made elsewhere and of a file are not.
    #[serde(skip)]
    pub diameters_are_drawn: bool,
    /// Frames whose diameters were counted; 0 where they are not of P(σ).
    pub frames: u64,
    /// Their diameters against P(σ) ∝ σ⁻³.
    pub diameters_chi_square: ChiSquare,
    /// Diameters on [σ_min, σ_max].
    #[serde(skip)]
    pub diameters: Histogram,
    /// Energy per particle, last sampled at T, of each glass.
    #[serde(skip)]
    pub energies_thermal: Vec<f64>,
    /// Energy per particle of each inherent structure.
    #[serde(skip)]
    pub energies_inherent: Vec<f64>,
}

/// One time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SeriesPoint {
    /// Sweeps at T.
    pub sweeps: u64,
    /// Glasses sampled then.
    pub glasses: u64,
    /// ⟨e⟩ per particle, with its 95 % interval over glasses.
    pub energy: Estimate,
    /// ⟨C_σ⟩.
    pub diameter_correlation: Estimate,
    /// Configurational temperature.
    pub configurational_temperature: Estimate,
    /// ⟨e(end) − e(t)⟩, glass by glass: the spread between compositions cancels.
    pub drift: Estimate,
}

/// A change of the mean energy towards the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Drift {
    /// From this many sweeps.
    pub from_sweeps: u64,
    /// ⟨e(end) − e(t)⟩.
    pub change: Estimate,
    /// In standard errors; a plateau has |z| < 2 in 95 of 100 cases.
    pub z: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    energy: Running,
    correlation: Running,
    temperature: Running,
    drift: Running,
}

impl Equilibrium {
    /// Reads all series of `ensemble` once, or their sums if it is thin, and the diameters of up to 500 kept frames.
    ///
    /// # Errors
    /// [`ArchiveError`] when they cannot be read.
    pub fn of(ensemble: &Ensemble) -> Result<Equilibrium, ArchiveError> {
        let mut moments = summed(ensemble)?;
        for first in (0..ensemble.len()).step_by(BLOCK) {
            for series in ensemble.archive.series(first..ensemble.len().min(first + BLOCK))? {
                let last = series.energy.last().copied().unwrap_or(f64::NAN);
                let value = |column: &[f64], k: usize| column.get(k).copied().unwrap_or(f64::NAN);
                for (k, &sweeps) in series.sweeps.iter().enumerate() {
                    let at = moments.entry(sweeps).or_default();
                    at.energy.add(value(&series.energy, k));
                    at.correlation.add(value(&series.diameter_correlation, k));
                    at.temperature.add(value(&series.configurational_temperature, k));
                    at.drift.add(last - value(&series.energy, k));
                }
            }
        }
        let series: Vec<SeriesPoint> = moments
            .iter()
            .map(|(&sweeps, at)| SeriesPoint {
                sweeps,
                glasses: at.energy.count(),
                energy: estimate(&at.energy),
                diameter_correlation: estimate(&at.correlation),
                configurational_temperature: estimate(&at.temperature),
                drift: estimate(&at.drift),
            })
            .collect();
        let range = diameters::diameter_range(ensemble.about.dimension.axes());
        // What is drawn is the default.
        let choice = ensemble.about.diameters.as_deref().unwrap_or("random");
        let made_elsewhere = ensemble.archive.provenance().made_elsewhere();
        let diameters_are_drawn = !made_elsewhere && matches!(choice, "random" | "quantile");
        let (diameters, frames) = diameters_of(ensemble, range, diameters_are_drawn)?;
        let table = &ensemble.realizations;
        let of = |column: &[f64]| Distribution::of_glasses(ensemble.by_chain(column));
        let temperature = of(&table.configurational_temperature);
        let asked_for = ensemble.about.temperature.unwrap_or(f64::NAN);
        Ok(Equilibrium {
            drift_half: drift(&moments, 2),
            drift_quarter: drift(&moments, 4),
            halves: Halves::of(ensemble),
            sweeps_before: ensemble.about.sweeps.map_or(f64::NAN, |sweeps| sweeps as f64),
            chains: table.chain.iter().collect::<BTreeSet<_>>().len() as u64,
            sweeps_to_decorrelate: decorrelation(&series),
            series,
            acceptance_displacement: of(&table.acceptance_displacement),
            acceptance_swap: of(&table.acceptance_swap),
            diameter_correlation: of(&table.diameter_correlation),
            configurational_temperature: temperature,
            configurational_temperature_z: (temperature.mean - asked_for) / temperature.standard_error,
            diameters_are_drawn,
            frames,
            diameters_chi_square: against_their_density(&diameters, range),
            diameters,
            energies_thermal: table.energy_thermal.clone(),
            energies_inherent: table.energy_inherent.clone(),
        })
    }
}

/// What a thin archive has in place of series.
fn summed(ensemble: &Ensemble) -> Result<BTreeMap<u64, Moments>, ArchiveError> {
    if ensemble.about.thin.is_none() {
        return Ok(BTreeMap::new());
    }
    let running = |of: SampleMoments| Running::of_sums(of.glasses, of.sum, of.squares);
    let moments = |sample: SummedSample| Moments {
        energy: running(sample.energy),
        correlation: running(sample.diameter_correlation),
        temperature: running(sample.configurational_temperature),
        drift: running(sample.drift),
    };
    Ok(ensemble.archive.summed_series()?.into_iter().map(|sample| (sample.sweeps, moments(sample))).collect())
}

fn estimate(running: &Running) -> Estimate {
    Change::of(running).change
}

/// From the sample nearest (in ln t) to the end divided by `part`. The end is that of the first glass of each chain, where
/// nothing can still change.
fn drift(moments: &BTreeMap<u64, Moments>, part: u64) -> Drift {
    // Of one glass there is no error.
    let ends = |at: &Moments| at.drift.mean() == 0.0 && at.drift.standard_error().max(0.0) == 0.0;
    let first = moments.iter().find(|(_, at)| ends(at)).or(moments.last_key_value());
    let end = first.map_or(0, |(&sweeps, _)| sweeps);
    let target = (end as f64 / part as f64).max(1.0).ln();
    let nearest = moments
        .iter()
        .filter(|(sweeps, _)| **sweeps < end && **sweeps > 0)
        .min_by(|a, b| ((*a.0 as f64).ln() - target).abs().total_cmp(&((*b.0 as f64).ln() - target).abs()));
    match nearest {
        Some((&from_sweeps, at)) => {
            let Change { change, z } = Change::of(&at.drift);
            Drift { from_sweeps, change, z }
        }
        None => Drift { from_sweeps: 0, change: Estimate::NONE, z: f64::NAN },
    }
}

fn decorrelation(series: &[SeriesPoint]) -> Option<f64> {
    let threshold = (-1.0f64).exp();
    series.windows(2).find_map(|pair| {
        let (before, after) = (pair[0].diameter_correlation.value, pair[1].diameter_correlation.value);
        (before > threshold && after <= threshold && pair[0].sweeps > 0).then(|| {
            let part = (before - threshold) / (before - after);
            let (start, end) = ((pair[0].sweeps as f64).ln(), (pair[1].sweeps as f64).ln());
            (start + part * (end - start)).exp()
        })
    })
}

/// The density of diameters that is asked for between the smallest and the largest: P(σ) = 2σ⁻³/(σ_min⁻² − σ_max⁻²).
pub fn diameter_density(diameter: f64, [smallest, largest]: [f64; 2]) -> f64 {
    let norm = smallest.powi(-2) - largest.powi(-2);
    2.0 * diameter.powi(-3) / norm
}

/// χ² of counted diameters.
fn against_their_density(diameters: &Histogram, [smallest, largest]: [f64; 2]) -> ChiSquare {
    let norm = smallest.powi(-2) - largest.powi(-2);
    let bins = (0..diameters.bins()).map(|bin| {
        let (low, high) = diameters.edges(bin);
        (diameters.count(bin), (low.powi(-2) - high.powi(-2)) / norm)
    });
    chi_square(&bins.collect::<Vec<_>>())
}

fn diameters_of(ensemble: &Ensemble, [low, high]: [f64; 2], drawn: bool) -> Result<(Histogram, u64), ArchiveError> {
    // The ends belong to the distribution.
    let mut histogram = Histogram::linear(low * (1.0 - 1e-12), high * (1.0 + 1e-12), 30);
    if !drawn {
        return Ok((histogram, 0));
    }
    let table = &ensemble.modes;
    let mut kept: Vec<u64> =
        (0..table.snapshot.len()).filter(|&row| table.snapshot[row] >= 0).map(|row| table.realization[row]).collect();
    kept.dedup();
    let mut frames = 0;
    for realization in kept.into_iter().take(FRAMES_MAX) {
        if let Some(frame) = ensemble.archive.frame(realization)? {
            histogram.extend(frame.diameters);
            frames += 1;
        }
    }
    Ok((histogram, frames))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diameter_density_is_normalized() {
        for range in [2, 3].map(diameters::diameter_range) {
            let ([low, high], steps) = (range, 10_000);
            let step = (high - low) / steps as f64;
            let sum: f64 = (0..steps).map(|k| diameter_density(low + (k as f64 + 0.5) * step, range) * step).sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn diameters_drawn_from_their_density_agree_with_it_and_others_do_not() {
        let [low, high] = diameters::diameter_range(2);
        let empty = Histogram::linear(low * (1.0 - 1e-12), high * (1.0 + 1e-12), 30);
        let p_value = |inverse: &dyn Fn(f64) -> f64| {
            let mut histogram = empty.clone();
            let mut stream = crate::random::stream(6, 0);
            histogram.extend((0..40_000).map(|_| inverse(crate::random::uniform(&mut stream))));
            against_their_density(&histogram, [low, high]).p_value
        };
        let drawn = p_value(&|u| (low.powi(-2) - u * (low.powi(-2) - high.powi(-2))).powf(-0.5));
        assert!(drawn > 0.01, "{drawn}");
        // σ⁻⁴ in place of σ⁻³.
        let steeper = p_value(&|u| (low.powi(-3) - u * (low.powi(-3) - high.powi(-3))).powf(-1.0 / 3.0));
        assert!(steeper < 1e-6, "{steeper}");
    }

    #[test]
    fn correlation_falls_to_its_eth_part_between_samples() {
        let point = |sweeps, correlation| SeriesPoint {
            sweeps,
            glasses: 1,
            energy: Estimate::NONE,
            diameter_correlation: Estimate { value: correlation, low: 0.0, high: 1.0 },
            configurational_temperature: Estimate::NONE,
            drift: Estimate::NONE,
        };
        let series = [point(1, 1.0), point(100, 0.5), point(10_000, 0.1)];
        let sweeps = decorrelation(&series).expect("it falls");
        // (0.5 − 1/e)/0.4 = 0.330 of two decades above 100.
        assert!((sweeps / 100.0 / 10f64.powf(2.0 * 0.3303) - 1.0).abs() < 1e-3, "{sweeps}");
        assert!(decorrelation(&series[..2]).is_none());
    }
}
