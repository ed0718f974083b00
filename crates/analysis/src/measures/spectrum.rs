//! All modes of all spectra, read in blocks: participation ratio against ω, and how many lie below ω.

use super::staircases;
use crate::ensemble::Ensemble;
use crate::statistics::Histogram;
use crate::statistics::moments::Running;
use archive::ArchiveError;
use serde::Serialize;

/// Rows read at once; a dense row of N = 4000 is 128 kB.
const BLOCK: usize = 128;

/// Frequencies are counted on [0.01, 100] in log bins.
const OMEGA_BINS: usize = 160;

/// Participation ratios in steps of 0.02.
const PARTICIPATION_BINS: usize = 50;

/// All spectra of the archive together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WholeSpectrum {
    /// Realizations read.
    pub realizations: u64,
    /// Modes read, zero modes not counted.
    pub modes: u64,
    /// Lowest ω of any of them.
    pub omega_lowest: f64,
    /// Highest ω of any of them.
    pub omega_highest: f64,
    /// Modes in each bin of ω, as `map`'s rows.
    #[serde(skip)]
    pub omega: Histogram,
    /// `map[omega bin][participation bin]`.
    #[serde(skip)]
    pub map: Vec<[u64; PARTICIPATION_BINS]>,
    /// Mean number of modes below ω, per degree of freedom.
    pub integrated: Vec<IntegratedPoint>,
    /// Realizations in that mean: a thin archive merged from overlapping ones may have counts of fewer than it has.
    pub counted: u64,
    /// Whether `integrated` comes from inertia counts (else from eigenvalues).
    pub by_inertia: bool,
}

/// One point of the integrated density of states.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IntegratedPoint {
    /// ω.
    pub omega: f64,
    /// Modes below ω, zero modes not counted, per degree of freedom.
    pub fraction: f64,
    /// Standard error over realizations.
    pub standard_error: f64,
}

impl WholeSpectrum {
    /// Reads all spectra of `ensemble` once.
    ///
    /// # Errors
    /// [`ArchiveError`] when they cannot be read.
    pub fn of(ensemble: &Ensemble) -> Result<WholeSpectrum, ArchiveError> {
        let mut whole = WholeSpectrum {
            realizations: 0,
            modes: 0,
            omega_lowest: f64::INFINITY,
            omega_highest: 0.0,
            omega: Histogram::logarithmic(0.01, 100.0, OMEGA_BINS),
            map: vec![[0; PARTICIPATION_BINS]; OMEGA_BINS],
            integrated: Vec::new(),
            counted: 0,
            by_inertia: false,
        };
        let mut counter = IntegratedCounter::default();
        for first in (0..ensemble.len()).step_by(BLOCK) {
            let rows = first..ensemble.len().min(first + BLOCK);
            let staircases = ensemble.archive.staircases(rows.clone())?;
            for (row, (eigenvalues, participation)) in rows.clone().zip(ensemble.archive.spectra(rows.clone())?) {
                let table = &ensemble.realizations;
                let zeros = u64::from(table.negative_modes[row]) + u64::from(table.zero_modes[row]);
                whole.add(&eigenvalues, &participation, zeros as usize);
                counter.add(
                    &staircases[row - first],
                    &eigenvalues,
                    ensemble.realizations.omega_complete[row],
                    ensemble.realizations.zero_modes[row],
                );
            }
        }
        let degrees_of_freedom = ensemble.about.degrees_of_freedom();
        (whole.integrated, whole.counted, whole.by_inertia) = match summed(ensemble, degrees_of_freedom)? {
            Some((points, glasses)) => (points, glasses, true),
            None => {
                let (points, by_inertia) = counter.finish(degrees_of_freedom);
                (points, whole.realizations, by_inertia)
            }
        };
        if whole.modes == 0 {
            whole.omega_lowest = f64::NAN;
            whole.omega_highest = f64::NAN;
        }
        Ok(whole)
    }

    /// The range of a participation bin.
    pub fn participation_edges(bin: usize) -> (f64, f64) {
        (bin as f64 / PARTICIPATION_BINS as f64, (bin + 1) as f64 / PARTICIPATION_BINS as f64)
    }

    /// Adds the modes of a glass, but for its `zeros` lowest, which are unstable or none.
    fn add(&mut self, eigenvalues: &[f64], participation: &[f64], zeros: usize) {
        self.realizations += 1;
        for (&lambda, &ratio) in eigenvalues.iter().zip(participation).skip(zeros) {
            if lambda.is_nan() || lambda <= 0.0 {
                continue;
            }
            let omega = lambda.sqrt();
            self.modes += 1;
            self.omega_lowest = self.omega_lowest.min(omega);
            self.omega_highest = self.omega_highest.max(omega);
            self.omega.add(omega);
            if let Some(column) = self.omega.bin_of(omega)
                && ratio >= 0.0
            {
                let bin = ((ratio * PARTICIPATION_BINS as f64) as usize).min(PARTICIPATION_BINS - 1);
                self.map[column][bin] += 1;
            }
        }
    }
}

/// From the inertia counts that a thin archive keeps summed, at the shifts of the commonest staircases, and of how many
/// glasses they are; none if it has none.
fn summed(ensemble: &Ensemble, degrees_of_freedom: f64) -> Result<Option<(Vec<IntegratedPoint>, u64)>, ArchiveError> {
    if ensemble.about.thin.is_none() {
        return Ok(None);
    }
    let zero_modes = &ensemble.realizations.zero_modes;
    let zero_modes = zero_modes.iter().map(|&count| f64::from(count)).sum::<f64>() / zero_modes.len() as f64;
    let point = |(omega, below): (f64, Running)| IntegratedPoint {
        omega,
        fraction: (below.mean() - zero_modes) / degrees_of_freedom,
        // Of glasses with as many zero modes each, which nearly all have.
        standard_error: below.standard_error() / degrees_of_freedom,
    };
    let steps = ensemble.archive.summed_staircase()?;
    let below = staircases::combined(&steps, ensemble.about.shifts.unwrap_or(0));
    let glasses = below.iter().map(|(_, below)| below.count()).max().unwrap_or(0);
    Ok((!below.is_empty()).then(|| (below.into_iter().map(point).collect(), glasses)))
}

/// Mean of the number of modes below each ω of a grid.
#[derive(Debug, Default)]
struct IntegratedCounter {
    grid: Vec<f64>,
    below: Vec<Running>,
    by_inertia: bool,
}

impl IntegratedCounter {
    /// The grid is that of the first realization: its shifts, or log-spaced up to its end.
    fn add(&mut self, staircase: &[(f64, u64)], eigenvalues: &[f64], complete: f64, zero_modes: u32) {
        if self.grid.is_empty() {
            self.by_inertia = !staircase.is_empty();
            self.grid = if self.by_inertia {
                staircase.iter().map(|(omega, _)| *omega).collect()
            } else {
                let last = eigenvalues.last().copied().unwrap_or(0.0).max(0.0).sqrt();
                let end = if complete.is_finite() { complete } else { last };
                (1..=80).map(|k| end * (0.01f64).powf(1.0 - f64::from(k) / 80.0)).filter(|omega| *omega > 0.0).collect()
            };
            self.below = vec![Running::default(); self.grid.len()];
        }
        for (omega, below) in self.grid.iter().zip(&mut self.below) {
            let count = if self.by_inertia {
                interpolated(staircase, *omega)
            } else if *omega <= complete {
                eigenvalues.partition_point(|lambda| *lambda < omega * omega) as f64
            } else {
                f64::NAN
            };
            below.add(count - f64::from(zero_modes));
        }
    }

    fn finish(self, degrees_of_freedom: f64) -> (Vec<IntegratedPoint>, bool) {
        let points = self.grid.iter().zip(&self.below).map(|(&omega, below)| IntegratedPoint {
            omega,
            fraction: below.mean() / degrees_of_freedom,
            standard_error: below.standard_error() / degrees_of_freedom,
        });
        (points.collect(), self.by_inertia)
    }
}

/// The count at ω, linear between the shifts; NaN outside them.
fn interpolated(staircase: &[(f64, u64)], omega: f64) -> f64 {
    let above = staircase.partition_point(|(shift, _)| *shift < omega);
    match (above.checked_sub(1).map(|k| staircase[k]), staircase.get(above)) {
        (_, Some(&(shift, count))) if shift == omega => count as f64,
        (Some((low, below)), Some(&(high, count))) => {
            below as f64 + (count as f64 - below as f64) * (omega - low) / (high - low)
        }
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_between_shifts_are_linear_and_outside_unknown() {
        let staircase = [(0.1, 2), (0.2, 4), (0.4, 10)];
        assert_eq!(interpolated(&staircase, 0.2), 4.0);
        assert!((interpolated(&staircase, 0.3) - 7.0).abs() < 1e-12);
        assert!(interpolated(&staircase, 0.05).is_nan() && interpolated(&staircase, 0.5).is_nan());
    }
}
