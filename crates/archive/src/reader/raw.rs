//! Rows of datasets as they are stored, checked against the schema.

use super::Archive;
use crate::columns::{AxisLengths, Columns, QUANTITIES, Values};
use crate::error::{ArchiveError, Context};
use crate::kind::KindCode;
use crate::scalars::{AnyScalar, Scalars};
use crate::schema::{self, Axis, Dataset, SCHEMA, Table};
use crate::storage;
use crate::thin;
use modes::Group;
use modes::nonlinear::Kind;
use std::collections::BTreeSet;
use std::fmt::Debug;
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
            let theirs = table.is_by_realization() && table != Table::Failures;
            ranges.push(if theirs { start..end } else { 0..0 });
        }
        for dataset in SCHEMA {
            let range = ranges[dataset.table as usize].clone();
            *columns.get_mut(dataset.path) = self.values(dataset.path, range)?;
        }
        for path in schema::GROUPS {
            self.groups(path, columns.get(path))?;
        }
        self.kinds(columns.get(schema::NONLINEAR_KIND))?;
        for reference in &schema::REFERENCES {
            let (first, count) = (ranges[reference.to as usize].start as i64, columns.rows(reference.to));
            columns.shift(reference, 0, -first);
            if let Values::I64(rows) = columns.get(reference.path)
                && let Some(row) = rows.iter().find(|&&row| row < -1 || row >= count as i64)
            {
                return Err(self.value(reference.path, row + first, reference.meaning));
            }
        }
        Ok(columns)
    }

    /// The classes that codes of the dataset at `path` stand for.
    pub(super) fn groups(&self, path: &'static str, codes: &Values) -> Result<Vec<Group>, ArchiveError> {
        let Values::Group(codes) = codes else { return Ok(Vec::new()) };
        codes.iter().map(|code| code.group().ok_or_else(|| self.value(path, code, "a code of 0 to 3"))).collect()
    }

    /// The kinds of nonlinear modes that codes stand for.
    pub(super) fn kinds(&self, codes: &Values) -> Result<Vec<Kind>, ArchiveError> {
        let Values::Kind(codes) = codes else { return Ok(Vec::new()) };
        let kind =
            |code: &KindCode| code.kind().ok_or_else(|| self.value(schema::NONLINEAR_KIND, code, "a code of 0 to 2"));
        codes.iter().map(kind).collect()
    }

    /// Lengths of the axes, on which all datasets agree.
    ///
    /// # Errors
    /// [`ArchiveError::Layout`] names the first dataset that is longer or shorter than one before it.
    pub(crate) fn lengths(&self) -> Result<AxisLengths, ArchiveError> {
        if let Some(lengths) = self.lengths.get() {
            return Ok(*lengths);
        }
        let mut lengths = AxisLengths { dimension: self.dimension(), ..AxisLengths::default() };
        let mut known = BTreeSet::new();
        for dataset in SCHEMA.iter().filter(|dataset| !dataset.inner.is_empty()) {
            let Some(shape) = self.shape(dataset)? else { continue };
            for (axis, length) in dataset.inner.iter().zip(&shape[1..]) {
                if known.insert(axis.symbol()) {
                    lengths.set(*axis, *length);
                } else if lengths.of(*axis) != *length {
                    return Err(self.layout(dataset, &shape, lengths.shape(dataset, shape[0])));
                }
            }
        }
        Ok(*self.lengths.get_or_init(|| lengths))
    }

    /// Key of a table: the realization of each row, ascending.
    pub(crate) fn key(&self, table: Table) -> Result<&[u64], ArchiveError> {
        let cell = &self.keys[table as usize];
        if let Some(keys) = cell.get() {
            return Ok(keys);
        }
        let dataset = self.schema(table.key());
        let rows = self.shape(dataset)?.map_or(0, |shape| shape[0]);
        let Values::U64(keys) = self.values(table.key(), 0..rows)? else { unreachable!("keys are u64") };
        if table.is_by_realization() && !keys.is_sorted() {
            return Err(self.value(table.key(), "an unordered index", "ascending indices"));
        }
        Ok(cell.get_or_init(|| keys))
    }

    /// The shape of a dataset, checked to have as many axes as the schema says; none if the archive may go
    /// without it and does.
    pub(crate) fn shape(&self, dataset: &'static Dataset) -> Result<Option<Vec<usize>>, ArchiveError> {
        let Some(stored) = self.stored(dataset)? else { return Ok(None) };
        let shape = stored.get_shape().context(&self.path, dataset.path)?;
        let fixed = match dataset.inner.last() {
            Some(Axis::Space) => shape.last() == Some(&self.dimension().axes()),
            Some(Axis::Quantities) => shape.last() == Some(&QUANTITIES),
            _ => true,
        };
        if shape.len() != 1 + dataset.inner.len() || !fixed || !self.is_plausible(dataset, &shape) {
            return Err(self.layout(dataset, &shape, dataset.shape()));
        }
        Ok(Some(shape))
    }

    /// Whether the archive has a dataset; it may be without optional and later ones.
    pub(crate) fn holds(&self, path: &'static str) -> Result<bool, ArchiveError> {
        Ok(self.stored(self.schema(path))?.is_some())
    }

    fn layout(&self, dataset: &Dataset, found: &[usize], expected: impl Debug) -> ArchiveError {
        ArchiveError::Layout {
            path: self.path.clone(),
            dataset: dataset.path,
            what: "shape",
            found: format!("{found:?}"),
            expected: format!("{expected:?}"),
        }
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

    /// Whether the archive may be without this dataset: it came with a later format, is optional, or is none of a
    /// thin archive.
    fn may_lack(&self, dataset: &Dataset) -> bool {
        dataset.optional
            || dataset.since > self.provenance.format_version
            || (self.provenance.thin.is_some() && !thin::holds(dataset))
    }

    /// The open dataset, checked to be of the schema's type and all there; none if the archive may go without it and does.
    pub(crate) fn stored(&self, dataset: &'static Dataset) -> Result<Option<&hdf5::Dataset>, ArchiveError> {
        let cell = &self.datasets[schema::position(dataset.path).expect("a path of the schema")];
        if let Some(stored) = cell.get() {
            return Ok(stored.as_ref());
        }
        if self.may_lack(dataset) && !self.exists(dataset.path) {
            return Ok(cell.get_or_init(|| None).as_ref());
        }
        let stored = self.file.dataset(dataset.path).map_err(|cause| {
            let (path, object) = (self.path.clone(), dataset.path.to_owned());
            // A damaged group does not find its datasets either, for another reason.
            match cause.contains_minor(hdf5::MinorErrorCode::NotFound) {
                true => ArchiveError::Missing { path, object },
                false => ArchiveError::Hdf5 { path, object, cause },
            }
        })?;
        // Numbers that lie elsewhere, or in the dataset itself without end, are none of this archive's.
        if let Some(found) = storage::elsewhere(&stored).context(&self.path, dataset.path)? {
            return Err(ArchiveError::Layout {
                path: self.path.clone(),
                dataset: dataset.path,
                what: "storage",
                found: found.to_owned(),
                expected: "numbers in the file itself".to_owned(),
            });
        }
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
        let (found, expected) = storage::parts(&stored).context(&self.path, dataset.path)?;
        if found != expected {
            return Err(ArchiveError::Layout {
                path: self.path.clone(),
                dataset: dataset.path,
                what: "stored parts",
                found: found.to_string(),
                expected: expected.to_string(),
            });
        }
        Ok(cell.get_or_init(|| Some(stored)).as_ref())
    }

    /// Rows of one dataset; blank ones if the archive is without it.
    pub(crate) fn values(&self, path: &'static str, rows: Range<usize>) -> Result<Values, ArchiveError> {
        let dataset = self.schema(path);
        let (Some(stored), Some(shape)) = (self.stored(dataset)?, self.shape(dataset)?) else {
            if path == schema::CHAIN {
                // Before there were chains of several glasses, each was of its own.
                return self.values(schema::INDEX, rows);
            }
            return Ok(Values::blank(dataset.element, rows.len() * self.lengths()?.width(dataset)));
        };
        if rows.end > shape[0] {
            return Err(ArchiveError::OutOfRange {
                path: self.path.clone(),
                table: dataset.path,
                row: rows.end - 1,
                rows: shape[0],
            });
        }
        storage::read_rows(stored, dataset.element, rows).context(&self.path, dataset.path)
    }

    pub(super) fn schema(&self, path: &str) -> &'static Dataset {
        &SCHEMA[schema::position(path).expect("a path of the schema")]
    }

    /// Whether every link on the way exists; HDF5 calls it an error if an earlier one does not.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let ends = path.match_indices('/').skip(1).map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().all(|end| self.file.link_exists(&path[1..end]))
    }

    pub(crate) fn some_columns(&self, paths: &[&'static str], rows: Range<usize>) -> Result<Columns, ArchiveError> {
        let mut columns = Columns::empty(self.lengths()?);
        for path in paths {
            *columns.get_mut(path) = self.values(path, rows.clone())?;
        }
        Ok(columns)
    }

    pub(super) fn fill<Row, Columns>(
        &self,
        scalars: &'static Scalars<Row, Columns>,
        table: Table,
        columns: &mut Columns,
    ) -> Result<(), ArchiveError> {
        let rows = 0..self.key(table)?.len();
        for (dataset, way) in scalars.iter() {
            match (way, self.values(dataset.path, rows.clone())?) {
                (AnyScalar::F64(scalar), Values::F64(values)) => *(scalar.column)(columns) = values,
                (AnyScalar::U64(scalar), Values::U64(values)) => *(scalar.column)(columns) = values,
                (AnyScalar::U32(scalar), Values::U32(values)) => *(scalar.column)(columns) = values,
                (AnyScalar::Name(scalar), Values::Text(values)) => *(scalar.column)(columns) = values,
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
