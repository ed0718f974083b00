//! Rows of datasets as they are stored, checked against the schema.

use super::Archive;
use crate::columns::{AxisLengths, Columns, Values};
use crate::error::{ArchiveError, Context};
use crate::scalars::AnyScalar;
use crate::schema::{self, Axis, Dataset, SCHEMA, Table};
use crate::storage;
use std::ops::Range;

impl Archive {
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

    pub(super) fn schema(&self, path: &str) -> &'static Dataset {
        &SCHEMA[schema::position(path).expect("a path of the schema")]
    }

    /// Whether every link on the way exists; HDF5 calls it an error if an earlier one does not.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let ends = path.match_indices('/').skip(1).map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().all(|end| self.file.link_exists(&path[1..end]))
    }

    pub(super) fn some_columns(&self, paths: &[&'static str], rows: Range<usize>) -> Result<Columns, ArchiveError> {
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

    pub(super) fn fill<Row, Columns>(
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

    pub(super) fn check(&self, table: Table, rows: &Range<usize>) -> Result<(), ArchiveError> {
        let count = self.key(table)?.len();
        if rows.end <= count {
            return Ok(());
        }
        Err(ArchiveError::OutOfRange { path: self.path.clone(), table: table.name(), row: rows.end - 1, rows: count })
    }

    pub(super) fn value(&self, dataset: &'static str, found: impl ToString, expected: &str) -> ArchiveError {
        ArchiveError::Layout {
            path: self.path.clone(),
            dataset,
            what: "value",
            found: found.to_string(),
            expected: expected.to_owned(),
        }
    }
}
