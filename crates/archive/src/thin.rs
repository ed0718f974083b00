//! Thin archives: what a report needs of each glass, without vectors, particles and series.
//!
//! Kept are the scalars of each realization, the eigenvalues below a frequency, the modes below it that are
//! localized enough, and the staircases and series summed over all glasses. A thin archive is an archive.

pub(crate) mod cuts;
mod series;
mod staircase;

pub use cuts::ThinCuts;
pub use series::{SampleMoments, SummedSample};
pub use staircase::SummedStep;

pub(crate) use series::SeriesSum;
pub(crate) use staircase::StaircaseSum;

use crate::columns::{AxisLengths, Columns, Values};
use crate::provenance::Provenance;
use crate::schema::{self, Axis, Dataset, SCHEMA, Table};
use glass::space::Dimension;

/// Whether an archive in which a dataset would have this shape is written without it.
pub(crate) fn goes_without(provenance: &Provenance, dataset: &Dataset, shape: &[usize]) -> bool {
    (dataset.optional && shape.contains(&0)) || (provenance.thin.is_some() && !holds(dataset))
}

/// Whether thin archives have a dataset.
pub(crate) fn holds(dataset: &Dataset) -> bool {
    let short = dataset.inner.iter().all(|axis| matches!(axis, Axis::Spectrum | Axis::Quantities));
    short && !matches!(dataset.table, Table::Snapshots | Table::Frames)
}

/// Lengths of the axes in a thin archive of glasses of this dimension, whose longest spectrum has so many eigenvalues.
pub(crate) fn lengths(dimension: Dimension, eigenvalues: usize) -> AxisLengths {
    AxisLengths { dimension, spectrum: eigenvalues, ..AxisLengths::default() }
}

/// What a thin archive keeps of these rows, in axes of `lengths`.
pub(crate) fn thinned(columns: &Columns, cuts: &ThinCuts, lengths: AxisLengths) -> Columns {
    let mut thin = Columns::empty(lengths);
    let modes: Vec<usize> = {
        let (omega, participation) = (columns.f64s(schema::MODE_OMEGA), columns.f64s(schema::MODE_PARTICIPATION));
        (0..omega.len()).filter(|&row| cuts.keep(omega[row], participation[row])).collect()
    };
    let rows = columns.rows(Table::Realizations);
    for dataset in SCHEMA.iter().filter(|dataset| holds(dataset) && dataset.table.is_by_realization()) {
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
    // Modes that were left out are the source of nothing any more.
    let now = |source: i64| modes.binary_search(&(source as usize)).map_or(-1, |row| row as i64);
    for path in [schema::NONLINEAR_SOURCE, schema::TRANSITION_SOURCE] {
        if let Values::I64(sources) = thin.get_mut(path) {
            sources.iter_mut().for_each(|source| *source = now(*source));
        }
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

/// What thin archives keep of many glasses together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub(crate) staircase: StaircaseSum,
    pub(crate) series: SeriesSum,
}

impl Sums {
    /// How many glasses they are of.
    pub(crate) fn glasses(&self) -> u64 {
        let of_staircases = self.staircase.steps().into_iter().map(|step| step.glasses);
        let of_series = self.series.samples().into_iter().map(|sample| sample.energy.glasses);
        of_staircases.chain(of_series).max().unwrap_or(0)
    }

    pub(crate) fn columns(&self, lengths: AxisLengths) -> Columns {
        let mut columns = Columns::empty(lengths);
        self.staircase.fill(&mut columns);
        self.series.fill(&mut columns);
        columns
    }
}
