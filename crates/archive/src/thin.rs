//! Thin archives: what a report needs of each glass, without vectors, particles and series.
//!
//! Kept are the scalars of each realization, the eigenvalues below a frequency, the modes below it that are
//! localized enough, and the staircases summed over all glasses. A thin archive is an archive.

use crate::columns::{AxisLengths, Columns, Values};
use crate::provenance::Provenance;
use crate::schema::{self, Axis, Dataset, SCHEMA, Table};
use std::collections::BTreeMap;

/// Which modes a thin archive keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThinCuts {
    /// Eigenvalues and modes with ω below this are kept.
    pub modes_below: f64,
    /// Modes with participation ratios below this are kept.
    pub participation_below: f64,
}

impl Default for ThinCuts {
    /// All of them.
    fn default() -> Self {
        ThinCuts { modes_below: f64::INFINITY, participation_below: f64::INFINITY }
    }
}

impl ThinCuts {
    /// What is left by both.
    pub fn and(self, other: ThinCuts) -> ThinCuts {
        ThinCuts {
            modes_below: self.modes_below.min(other.modes_below),
            participation_below: self.participation_below.min(other.participation_below),
        }
    }

    /// Whether a mode is kept.
    pub fn keep(&self, omega: f64, participation: f64) -> bool {
        omega < self.modes_below && participation < self.participation_below
    }

    /// Eigenvalues of one spectrum, padded or not, that are kept.
    pub(crate) fn eigenvalues(&self, spectrum: &[f64]) -> usize {
        let below = self.modes_below * self.modes_below;
        spectrum.iter().take_while(|eigenvalue| **eigenvalue < below).count()
    }
}

/// Whether an archive with so many rows of a dataset is written without it.
pub(crate) fn goes_without(provenance: &Provenance, dataset: &Dataset, rows: usize) -> bool {
    (dataset.optional && rows == 0) || (provenance.thin.is_some() && !holds(dataset))
}

/// Whether thin archives have a dataset.
pub(crate) fn holds(dataset: &Dataset) -> bool {
    let short = dataset.inner.iter().all(|axis| *axis == Axis::Spectrum);
    short && !matches!(dataset.table, Table::Snapshots | Table::Frames)
}

/// Lengths of the axes in a thin archive whose longest spectrum has so many eigenvalues.
pub(crate) fn lengths(eigenvalues: usize) -> AxisLengths {
    AxisLengths { spectrum: eigenvalues, ..AxisLengths::default() }
}

/// What a thin archive keeps of these rows, in axes of `lengths`.
pub(crate) fn thinned(columns: &Columns, cuts: &ThinCuts, lengths: AxisLengths) -> Columns {
    let mut thin = Columns::empty(lengths);
    let modes: Vec<usize> = {
        let (omega, participation) = (columns.f64s(schema::MODE_OMEGA), columns.f64s(schema::MODE_PARTICIPATION));
        (0..omega.len()).filter(|&row| cuts.keep(omega[row], participation[row])).collect()
    };
    let rows = columns.rows(Table::Realizations);
    for dataset in SCHEMA.iter().filter(|dataset| holds(dataset)) {
        let (from, to) = (columns.get(dataset.path), thin.get_mut(dataset.path));
        match dataset.table {
            Table::Modes => modes.iter().for_each(|&row| to.append(from, row..row + 1, 1, 1)),
            _ if dataset.inner.is_empty() => to.append(from, 0..from.len(), 1, 1),
            _ => {}
        }
    }
    if let Values::I64(snapshots) = thin.get_mut(schema::MODE_SNAPSHOT) {
        snapshots.fill(-1);
    }
    for row in 0..rows {
        let kept = cuts.eigenvalues(columns.f64_row(schema::EIGENVALUES, row));
        for path in [schema::EIGENVALUES, schema::PARTICIPATION] {
            let numbers = &columns.f64_row(path, row)[..kept];
            let column = thin.f64s_mut(path);
            let end = column.len() + lengths.spectrum;
            column.extend(numbers);
            column.resize(end, f64::NAN);
        }
    }
    thin.f64s_mut(schema::OMEGA_COMPLETE).iter_mut().for_each(|omega| *omega = omega.min(cuts.modes_below));
    thin
}

/// One step of the staircases, summed over glasses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummedStep {
    /// ω of the shift.
    pub omega: f64,
    /// Modes below it, of all these glasses together.
    pub count: u64,
    /// How many glasses.
    pub glasses: u64,
}

/// Staircases summed over glasses, shift by shift.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaircaseSum {
    /// By the bits of ω, which ascend with it.
    steps: BTreeMap<u64, (u64, u64)>,
}

impl StaircaseSum {
    pub(crate) fn add(&mut self, step: SummedStep) {
        let (count, glasses) = self.steps.entry(step.omega.abs().to_bits()).or_default();
        *count += step.count;
        *glasses += step.glasses;
    }

    pub(crate) fn add_staircase(&mut self, staircase: &[(f64, u64)]) {
        staircase.iter().for_each(|&(omega, count)| self.add(SummedStep { omega, count, glasses: 1 }));
    }

    pub(crate) fn steps(&self) -> Vec<SummedStep> {
        let step = |(omega, (count, glasses)): (&u64, &(u64, u64))| SummedStep {
            omega: f64::from_bits(*omega),
            count: *count,
            glasses: *glasses,
        };
        self.steps.iter().map(step).collect()
    }

    pub(crate) fn columns(&self, lengths: AxisLengths) -> Columns {
        let mut columns = Columns::empty(lengths);
        for step in self.steps() {
            columns.u64s_mut(schema::STAIRCASE_SUM).push(step.count);
            columns.f64s_mut(schema::STAIRCASE_SUM_OMEGA).push(step.omega);
            columns.u64s_mut(schema::STAIRCASE_SUM_GLASSES).push(step.glasses);
        }
        columns
    }
}
