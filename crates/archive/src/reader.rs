//! Reading an archive.

mod raw;

use crate::columns::{AxisLengths, Values, range_of};
use crate::error::ArchiveError;
use crate::provenance::{self, Provenance};
use crate::record::{Particles, Record};
use crate::rows;
use crate::schema::{self, SCHEMA, Table};
use crate::storage::{self, in_plain_words};
use crate::tables::{
    FailureRow, ModeTable, NonlinearTable, OF_MODE, OF_NONLINEAR, OF_REALIZATION, OF_TRANSITION, RealizationTable,
    TransitionTable,
};
use crate::thin::{SeriesSum, StaircaseSum, SummedSample, SummedStep, Sums};
use glass::space::Dimension;
use glass::thermalize::ThermalizeEvidence;
use std::fs::OpenOptions;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// An archive or segment, open for reading. Nothing is read before it is asked for.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    file: hdf5::File,
    provenance: Provenance,
    /// Opened once, so that HDF5 keeps the last chunks read; as [`SCHEMA`].
    datasets: Vec<OnceLock<Option<hdf5::Dataset>>>,
    lengths: OnceLock<AxisLengths>,
    /// Keys of the tables, as [`Table::ALL`].
    keys: [OnceLock<Vec<u64>>; Table::ALL.len()],
}

impl Archive {
    /// Opens the archive at `path`.
    ///
    /// # Errors
    /// [`ArchiveError::Io`] if there is no such file, [`ArchiveError::NotAnArchive`] if it is
    /// something else or too damaged, [`ArchiveError::NewerVersion`].
    pub fn open(path: &Path) -> Result<Archive, ArchiveError> {
        let not_an_archive =
            |reason: &str| ArchiveError::NotAnArchive { path: path.to_owned(), reason: reason.to_owned() };
        // HDF5's own words for a file that is not there or not readable are of little help.
        match durable::open_regular(path, OpenOptions::new().read(true)) {
            Err(_) if path.is_dir() => {
                return Err(not_an_archive("it is a folder; a campaign's archive is the archive.h5 in it"));
            }
            Err(cause) => return Err(ArchiveError::Io { path: path.to_owned(), action: "open", cause }),
            Ok(_) => {}
        }
        let file = storage::open(path).map_err(|error| not_an_archive(&in_plain_words(&error)))?;
        let provenance = provenance::read(&file, path)?;
        Ok(Archive {
            path: path.to_owned(),
            file,
            provenance,
            datasets: SCHEMA.iter().map(|_| OnceLock::new()).collect(),
            lengths: OnceLock::new(),
            keys: Default::default(),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Dimension of space.
    pub fn dimension(&self) -> Dimension {
        self.provenance.dimension
    }

    /// Number of realizations R.
    ///
    /// # Errors
    /// As all below: [`ArchiveError::Missing`], [`ArchiveError::Layout`] or [`ArchiveError::Hdf5`]
    /// name the dataset that cannot be read.
    pub fn len(&self) -> Result<usize, ArchiveError> {
        self.indices().map(<[u64]>::len)
    }

    /// Whether there is no realization.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn is_empty(&self) -> Result<bool, ArchiveError> {
        self.indices().map(<[u64]>::is_empty)
    }

    /// Campaign-wide indices of the realizations, ascending.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn indices(&self) -> Result<&[u64], ArchiveError> {
        self.key(Table::Realizations)
    }

    /// The row of realization `index`, if it is here.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn row_of(&self, index: u64) -> Result<Option<usize>, ArchiveError> {
        Ok(self.indices()?.binary_search(&index).ok())
    }

    /// The columns of one number a realization.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn realizations(&self) -> Result<RealizationTable, ArchiveError> {
        let mut table = RealizationTable { dimension: self.dimension(), ..RealizationTable::default() };
        self.fill(&OF_REALIZATION, Table::Realizations, &mut table)?;
        Ok(table)
    }

    /// The described modes.
    ///
    /// # Errors
    /// See [`Archive::len`]; [`ArchiveError::Layout`] for a code that stands for no group.
    pub fn modes(&self) -> Result<ModeTable, ArchiveError> {
        let mut table = ModeTable { realization: self.key(Table::Modes)?.to_vec(), ..ModeTable::default() };
        self.fill(&OF_MODE, Table::Modes, &mut table)?;
        let rows = 0..table.realization.len();
        table.group = self.groups(schema::MODE_GROUP, &self.values(schema::MODE_GROUP, rows.clone())?)?;
        if let Values::I64(snapshots) = self.values(schema::MODE_SNAPSHOT, rows)? {
            table.snapshot = snapshots;
        }
        Ok(table)
    }

    /// The nonlinear modes, and the searches for them that were given up; no row where none were searched.
    ///
    /// # Errors
    /// See [`Archive::len`]; [`ArchiveError::Layout`] for a code that stands for no group or kind.
    pub fn nonlinear(&self) -> Result<NonlinearTable, ArchiveError> {
        let mut table =
            NonlinearTable { realization: self.key(Table::Nonlinear)?.to_vec(), ..NonlinearTable::default() };
        self.fill(&OF_NONLINEAR, Table::Nonlinear, &mut table)?;
        let rows = 0..table.realization.len();
        table.group = self.groups(schema::NONLINEAR_GROUP, &self.values(schema::NONLINEAR_GROUP, rows.clone())?)?;
        table.kind = self.kinds(&self.values(schema::NONLINEAR_KIND, rows.clone())?)?;
        if let Values::I64(sources) = self.values(schema::NONLINEAR_SOURCE, rows)? {
            table.source = sources;
        }
        Ok(table)
    }

    /// The ways to adjacent minima, and the searches for some that failed; no row where none were searched.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn transitions(&self) -> Result<TransitionTable, ArchiveError> {
        let mut table =
            TransitionTable { realization: self.key(Table::Transitions)?.to_vec(), ..TransitionTable::default() };
        self.fill(&OF_TRANSITION, Table::Transitions, &mut table)?;
        let rows = 0..table.realization.len();
        if let Values::I64(sources) = self.values(schema::TRANSITION_SOURCE, rows.clone())? {
            table.source = sources;
        }
        if let Values::I8(directions) = self.values(schema::TRANSITION_DIRECTION, rows)? {
            table.direction = directions;
        }
        Ok(table)
    }

    /// Eigenvalues and participation ratios of the realization in row `row`, ascending.
    ///
    /// # Errors
    /// See [`Archive::len`]; [`ArchiveError::OutOfRange`].
    pub fn spectrum(&self, row: usize) -> Result<(Vec<f64>, Vec<f64>), ArchiveError> {
        Ok(self.spectra(row..row + 1)?.swap_remove(0))
    }

    /// The spectra of several rows, read at once.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn spectra(&self, rows: Range<usize>) -> Result<Vec<(Vec<f64>, Vec<f64>)>, ArchiveError> {
        self.check(Table::Realizations, &rows)?;
        let columns = self.some_columns(&[schema::EIGENVALUES, schema::PARTICIPATION], rows.clone())?;
        let one = |row| {
            let eigenvalues = rows::without_padding(columns.f64_row(schema::EIGENVALUES, row));
            let participation = &columns.f64_row(schema::PARTICIPATION, row)[..eigenvalues.len()];
            (eigenvalues.to_vec(), participation.to_vec())
        };
        Ok((0..rows.len()).map(one).collect())
    }

    /// The inertia counts of several rows: pairs of ω and the number of modes below it.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn staircases(&self, rows: Range<usize>) -> Result<Vec<Vec<(f64, u64)>>, ArchiveError> {
        self.check(Table::Realizations, &rows)?;
        let columns = self.some_columns(&[schema::STAIRCASE_OMEGA, schema::STAIRCASE_COUNT], rows.clone())?;
        let one = |row| {
            let shifts = rows::without_padding(columns.f64_row(schema::STAIRCASE_OMEGA, row)).iter().copied();
            shifts.zip(columns.u64_row(schema::STAIRCASE_COUNT, row).iter().copied()).collect()
        };
        Ok((0..rows.len()).map(one).collect())
    }

    /// The staircases summed over glasses: as a thin archive keeps them, or else of all rows.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn summed_staircase(&self) -> Result<Vec<SummedStep>, ArchiveError> {
        Ok(self.sums(|_| true)?.staircase.steps())
    }

    /// The thermalization series summed over glasses: as a thin archive keeps them, or else of all rows.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn summed_series(&self) -> Result<Vec<SummedSample>, ArchiveError> {
        Ok(self.sums(|_| true)?.series.samples())
    }

    /// What a thin archive keeps summed; of any other the sums over those rows that `take` wants.
    pub(crate) fn sums(&self, mut take: impl FnMut(usize) -> bool) -> Result<Sums, ArchiveError> {
        const BLOCK: usize = 1000;
        let mut sums = Sums::default();
        if self.provenance.thin.is_some() {
            let steps = [
                schema::STAIRCASE_SUM,
                schema::STAIRCASE_SUM_OMEGA,
                schema::STAIRCASE_SUM_GLASSES,
                schema::STAIRCASE_SUM_SQUARES,
            ];
            let kept = self.some_columns(&steps, 0..self.key(Table::Staircase)?.len())?;
            StaircaseSum::take(&kept).into_iter().for_each(|step| sums.staircase.add(step));
            let times =
                [schema::SERIES_SUM_SWEEPS, schema::SERIES_SUM_GLASSES, schema::SERIES_SUM, schema::SERIES_SUM_SQUARES];
            let kept = self.some_columns(&times, 0..self.key(Table::Series)?.len())?;
            sums.series.add(&SeriesSum::take(&kept));
            return Ok(sums);
        }
        for start in (0..self.len()?).step_by(BLOCK) {
            let rows = start..(start + BLOCK).min(self.len()?);
            let both = self.staircases(rows.clone())?.into_iter().zip(self.series(rows.clone())?);
            for (_, (staircase, series)) in rows.zip(both).filter(|(row, _)| take(*row)) {
                sums.staircase.add_staircase(&staircase);
                sums.series.add_series(&series);
            }
        }
        Ok(sums)
    }

    /// The thermalization series of several rows; the acceptances are left at zero (they are in
    /// [`RealizationTable`]).
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn series(&self, rows: Range<usize>) -> Result<Vec<ThermalizeEvidence>, ArchiveError> {
        self.check(Table::Realizations, &rows)?;
        let paths =
            [schema::SERIES_SWEEPS, schema::SERIES_ENERGY, schema::SERIES_CORRELATION, schema::SERIES_TEMPERATURE];
        let columns = self.some_columns(&paths, rows.clone())?;
        let one = |row| {
            let mut series = ThermalizeEvidence::default();
            rows::take_series(&columns, row, &mut series);
            series
        };
        Ok((0..rows.len()).map(one).collect())
    }

    /// The mode vector in row `row` of `/snapshots`, unit norm: d components a particle, one particle after the other.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn snapshot(&self, row: usize) -> Result<Vec<f64>, ArchiveError> {
        self.check(Table::Snapshots, &(row..row + 1))?;
        let columns = self.some_columns(&[schema::SNAPSHOT_VECTOR], row..row + 1)?;
        Ok(columns.f64_row(schema::SNAPSHOT_VECTOR, 0).to_vec())
    }

    /// The direction in row `row` of `/nonlinear`, as [`Archive::snapshot`] gives those of modes; none if it is not kept.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn nonlinear_vector(&self, row: usize) -> Result<Option<Vec<f64>>, ArchiveError> {
        self.check(Table::Nonlinear, &(row..row + 1))?;
        let columns = self.some_columns(&[schema::NONLINEAR_VECTOR], row..row + 1)?;
        Ok(rows::take_direction(&columns, 0))
    }

    /// The true profile beside the vector in row `row` of `/snapshots`: displacements and energies.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn profile(&self, row: usize) -> Result<(Vec<f64>, Vec<f64>), ArchiveError> {
        self.check(Table::Snapshots, &(row..row + 1))?;
        let columns = self.some_columns(&[schema::PROFILE_S, schema::PROFILE_ENERGY], row..row + 1)?;
        Ok(rows::take_profile(&columns, 0))
    }

    /// The glass of realization `index`, if it is kept.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn frame(&self, index: u64) -> Result<Option<Particles>, ArchiveError> {
        let Some(row) = range_of(self.key(Table::Frames)?, index).next() else {
            return Ok(None);
        };
        let paths = [schema::BOX_EDGES, schema::POSITIONS, schema::DIAMETERS];
        Ok(Some(rows::take_frame(&self.some_columns(&paths, row..row + 1)?, 0)))
    }

    /// The quarantined realizations.
    ///
    /// # Errors
    /// See [`Archive::len`].
    pub fn failures(&self) -> Result<Vec<FailureRow>, ArchiveError> {
        let rows = 0..self.key(Table::Failures)?.len();
        let paths = [schema::FAILURE_INDEX, schema::FAILURE_ATTEMPTS, schema::FAILURE_REASON];
        Ok(rows::to_failures(&self.some_columns(&paths, rows)?))
    }

    /// The realization in row `row`, the very bits that were written.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn record(&self, row: usize) -> Result<Record, ArchiveError> {
        Ok(self.records(row..row + 1)?.swap_remove(0))
    }

    /// The realizations in several rows.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn records(&self, rows: Range<usize>) -> Result<Vec<Record>, ArchiveError> {
        let count = rows.len();
        let columns = self.columns(rows)?;
        Ok((0..count).map(|row| rows::to_record(&columns, row)).collect())
    }
}
