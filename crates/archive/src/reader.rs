//! Reading an archive.

use crate::columns::{AxisLengths, Columns, Values, range_of};
use crate::error::{ArchiveError, Context};
use crate::provenance::{self, Provenance};
use crate::record::{Frame, Record};
use crate::rows;
use crate::scalars::{AnyScalar, OF_MODE, OF_REALIZATION};
use crate::schema::{self, Axis, Dataset, SCHEMA, Table};
use crate::storage;
use crate::tables::{FailureRow, ModeTable, RealizationTable};
use glass::thermalize::ThermalizeEvidence;
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
    datasets: Vec<OnceLock<hdf5::Dataset>>,
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
        // HDF5's own words for a file that is not there or not readable are of little help.
        if let Err(cause) = std::fs::File::open(path) {
            return Err(ArchiveError::Io { path: path.to_owned(), action: "open", cause });
        }
        let file = storage::open(path)
            .map_err(|error| ArchiveError::NotAnArchive { path: path.to_owned(), reason: error.to_string() })?;
        let provenance = provenance::read(&file, path)?;
        Ok(Archive {
            path: path.to_owned(),
            file,
            provenance,
            datasets: SCHEMA.iter().map(|_| OnceLock::new()).collect(),
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
        let mut table = RealizationTable::default();
        self.fill(OF_REALIZATION, Table::Realizations, &mut table)?;
        Ok(table)
    }

    /// The described modes.
    ///
    /// # Errors
    /// See [`Archive::len`]; [`ArchiveError::Layout`] for a code that stands for no group.
    pub fn modes(&self) -> Result<ModeTable, ArchiveError> {
        let mut table = ModeTable { realization: self.key(Table::Modes)?.to_vec(), ..ModeTable::default() };
        self.fill(OF_MODE, Table::Modes, &mut table)?;
        let rows = 0..table.realization.len();
        if let Values::Group(codes) = self.values(schema::MODE_GROUP, rows.clone())? {
            table.group = codes
                .iter()
                .map(|code| code.group().ok_or_else(|| self.value(schema::MODE_GROUP, code, "a code of 0 to 3")))
                .collect::<Result<_, _>>()?;
        }
        if let Values::I64(snapshots) = self.values(schema::MODE_SNAPSHOT, rows)? {
            table.snapshot = snapshots;
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

    /// The mode vector in row `row` of `/snapshots`, N × 2, unit norm.
    ///
    /// # Errors
    /// As [`Archive::spectrum`].
    pub fn snapshot(&self, row: usize) -> Result<Vec<[f64; 2]>, ArchiveError> {
        self.check(Table::Snapshots, &(row..row + 1))?;
        let columns = self.some_columns(&[schema::SNAPSHOT_VECTOR], row..row + 1)?;
        Ok(rows::pairs(columns.f64_row(schema::SNAPSHOT_VECTOR, 0)))
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
    pub fn frame(&self, index: u64) -> Result<Option<Frame>, ArchiveError> {
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

    /// All that belongs to a range of realizations, but for failures. Snapshot rows count from the
    /// first one of the range.
    pub(crate) fn columns(&self, rows: Range<usize>) -> Result<Columns, ArchiveError> {
        self.check(Table::Realizations, &rows)?;
        let mut columns = Columns::empty(self.lengths()?);
        if rows.is_empty() {
            return Ok(columns);
        }
        let indices = self.indices()?;
        let (first, last) = (indices[rows.start], indices[rows.end - 1]);
        let mut ranges = Vec::new();
        for table in Table::ALL {
            let keys = self.key(table)?;
            let start = keys.partition_point(|&key| key < first);
            let end = keys.partition_point(|&key| key <= last);
            ranges.push(if table == Table::Failures { 0..0 } else { start..end });
        }
        for dataset in SCHEMA {
            let range = ranges[dataset.table as usize].clone();
            *columns.get_mut(dataset.path) = self.values(dataset.path, range)?;
        }
        if let Values::Group(codes) = columns.get(schema::MODE_GROUP)
            && let Some(code) = codes.iter().find(|code| code.group().is_none())
        {
            return Err(self.value(schema::MODE_GROUP, code, "a code of 0 to 3"));
        }
        let (first_snapshot, snapshots) =
            (ranges[Table::Snapshots as usize].start as i64, columns.rows(Table::Snapshots));
        columns.shift_snapshots(0, -first_snapshot);
        if let Values::I64(rows) = columns.get(schema::MODE_SNAPSHOT)
            && let Some(row) = rows.iter().find(|&&row| row < -1 || row >= snapshots as i64)
        {
            return Err(self.value(schema::MODE_SNAPSHOT, row + first_snapshot, "a row of /snapshots"));
        }
        Ok(columns)
    }

    /// Lengths of the axes, from the shapes of the datasets.
    pub(crate) fn lengths(&self) -> Result<AxisLengths, ArchiveError> {
        let mut lengths = AxisLengths::default();
        for dataset in SCHEMA.iter().filter(|dataset| !dataset.inner.is_empty()) {
            for (axis, length) in dataset.inner.iter().zip(&self.shape(dataset)?[1..]) {
                lengths.set(*axis, *length);
            }
        }
        Ok(lengths)
    }

    /// Key of a table: the realization of each row, ascending.
    pub(crate) fn key(&self, table: Table) -> Result<&[u64], ArchiveError> {
        let cell = &self.keys[table as usize];
        if let Some(keys) = cell.get() {
            return Ok(keys);
        }
        let dataset = self.schema(table.key());
        let rows = self.shape(dataset)?[0];
        let Values::U64(keys) = self.values(table.key(), 0..rows)? else { unreachable!("keys are u64") };
        if !keys.is_sorted() {
            return Err(self.value(table.key(), "an unordered index", "ascending indices"));
        }
        Ok(cell.get_or_init(|| keys))
    }

    /// The shape of a dataset, checked to have as many axes as the schema says.
    pub(crate) fn shape(&self, dataset: &'static Dataset) -> Result<Vec<usize>, ArchiveError> {
        let shape = self.stored(dataset)?.get_shape().context(&self.path, dataset.path)?;
        let plane = dataset.inner.last() != Some(&Axis::Plane) || shape.last() == Some(&2);
        if shape.len() != 1 + dataset.inner.len() || !plane || !self.is_plausible(dataset, &shape) {
            return Err(ArchiveError::Layout {
                path: self.path.clone(),
                dataset: dataset.path,
                what: "shape",
                found: format!("{shape:?}"),
                expected: dataset.shape(),
            });
        }
        Ok(shape)
    }

    /// Whether so many numbers can be in a file of this size, so that a damaged shape is told before
    /// memory is asked for. Deflate gains a factor of at most 1032.
    fn is_plausible(&self, dataset: &Dataset, shape: &[usize]) -> bool {
        const ROW_BYTES_MAX: usize = 1 << 30;
        const SLACK: u64 = 1 << 20;
        let product = |lengths: &[usize]| {
            lengths.iter().try_fold(dataset.element.bytes(), |product, &length| product.checked_mul(length))
        };
        let bytes_max = self.file.size().saturating_mul(1032).saturating_add(SLACK);
        product(&shape[1..]).is_some_and(|bytes| bytes <= ROW_BYTES_MAX)
            && product(shape).is_some_and(|bytes| bytes as u64 <= bytes_max)
    }

    /// The open dataset, checked to be of the schema's type.
    pub(crate) fn stored(&self, dataset: &'static Dataset) -> Result<&hdf5::Dataset, ArchiveError> {
        let cell = &self.datasets[schema::position(dataset.path).expect("a path of the schema")];
        if let Some(stored) = cell.get() {
            return Ok(stored);
        }
        let stored = self.file.dataset(dataset.path).map_err(|cause| {
            let (path, object) = (self.path.clone(), dataset.path.to_owned());
            // A damaged group does not find its datasets either, for another reason.
            match cause.contains_minor(hdf5::MinorErrorCode::NotFound) {
                true => ArchiveError::Missing { path, object },
                false => ArchiveError::Hdf5 { path, object, cause },
            }
        })?;
        let found = stored.dtype().and_then(|stored| stored.to_descriptor()).context(&self.path, dataset.path)?;
        let expected = storage::descriptor(dataset.element);
        if found != expected {
            return Err(ArchiveError::Layout {
                path: self.path.clone(),
                dataset: dataset.path,
                what: "type",
                found: found.to_string(),
                expected: expected.to_string(),
            });
        }
        Ok(cell.get_or_init(|| stored))
    }

    /// Rows of one dataset.
    pub(crate) fn values(&self, path: &'static str, rows: Range<usize>) -> Result<Values, ArchiveError> {
        let dataset = self.schema(path);
        let shape = self.shape(dataset)?;
        if rows.end > shape[0] {
            return Err(ArchiveError::OutOfRange {
                path: self.path.clone(),
                table: dataset.path,
                row: rows.end - 1,
                rows: shape[0],
            });
        }
        storage::read_rows(self.stored(dataset)?, dataset.element, rows).context(&self.path, dataset.path)
    }

    fn schema(&self, path: &str) -> &'static Dataset {
        &SCHEMA[schema::position(path).expect("a path of the schema")]
    }

    /// Whether every link on the way exists; HDF5 calls it an error if an earlier one does not.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let ends = path.match_indices('/').skip(1).map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().all(|end| self.file.link_exists(&path[1..end]))
    }

    fn some_columns(&self, paths: &[&'static str], rows: Range<usize>) -> Result<Columns, ArchiveError> {
        let mut lengths = AxisLengths::default();
        for path in paths {
            let dataset = self.schema(path);
            for (axis, length) in dataset.inner.iter().zip(&self.shape(dataset)?[1..]) {
                lengths.set(*axis, *length);
            }
        }
        let mut columns = Columns::empty(lengths);
        for path in paths {
            *columns.get_mut(path) = self.values(path, rows.clone())?;
        }
        Ok(columns)
    }

    fn fill<Row, Columns>(
        &self,
        scalars: &[AnyScalar<Row, Columns>],
        table: Table,
        columns: &mut Columns,
    ) -> Result<(), ArchiveError> {
        let rows = 0..self.key(table)?.len();
        for scalar in scalars {
            match (scalar, self.values(scalar.path(), rows.clone())?) {
                (AnyScalar::F64(scalar), Values::F64(values)) => *(scalar.column)(columns) = values,
                (AnyScalar::U64(scalar), Values::U64(values)) => *(scalar.column)(columns) = values,
                (AnyScalar::U32(scalar), Values::U32(values)) => *(scalar.column)(columns) = values,
                _ => unreachable!("types of the schema"),
            }
        }
        Ok(())
    }

    fn check(&self, table: Table, rows: &Range<usize>) -> Result<(), ArchiveError> {
        let count = self.key(table)?.len();
        if rows.end <= count {
            return Ok(());
        }
        Err(ArchiveError::OutOfRange { path: self.path.clone(), table: table.name(), row: rows.end - 1, rows: count })
    }

    fn value(&self, dataset: &'static str, found: impl ToString, expected: &str) -> ArchiveError {
        ArchiveError::Layout {
            path: self.path.clone(),
            dataset,
            what: "value",
            found: found.to_string(),
            expected: expected.to_owned(),
        }
    }
}
