//! Writing an archive: all at once, or block by block.

use crate::columns::{AxisLengths, Columns, Rows, Values};
use crate::durable::{self, TemporaryFile};
use crate::error::{ArchiveError, Context};
use crate::h5md;
use crate::image::ImageBuffer;
use crate::provenance::{self, Provenance};
use crate::record::Record;
use crate::rows::to_columns;
use crate::schema::{MODE_SNAPSHOT, SCHEMA, Table};
use crate::storage::{self, WriteStyle};
use crate::tables::FailureRow;
use std::path::{Path, PathBuf};

/// Writes `records` and `failures`, in any order, to a new archive at `path`.
///
/// The file is written under a temporary name in the same folder, brought to disk and renamed:
/// `path` holds the whole archive or what it held before. All rows are in memory at once; use
/// [`merge`](crate::merge::merge) for what does not fit.
///
/// # Errors
/// [`ArchiveError::Record`] for a record that cannot be stored; [`ArchiveError::Io`] or
/// [`ArchiveError::Hdf5`] when the disk refuses. The temporary file is gone then.
pub fn write_archive(
    path: &Path,
    provenance: &Provenance,
    records: &[Record],
    failures: &[FailureRow],
    style: WriteStyle,
) -> Result<(), ArchiveError> {
    let columns = to_columns(records, failures)?;
    let (rows, lengths) = (columns.table_rows(), columns.lengths);
    let fill = |writer: &mut ArchiveWriter| writer.append(&columns);
    match style {
        WriteStyle::Segment => {
            let mut buffer = ImageBuffer::default();
            durable::write(path, segment_bytes(path, provenance, rows, lengths, &mut buffer, fill)?)
        }
        WriteStyle::Archive => write_compressed(path, provenance, rows, lengths, fill),
    }
}

/// The bytes of a segment, in `buffer`; `path` is only named in errors.
///
/// HDF5 works in memory, so a full disk is the failure of one write, which leaves the HDF5 library
/// alone: it does not get over one.
pub(crate) fn segment_bytes<'a>(
    path: &Path,
    provenance: &Provenance,
    rows: Rows,
    lengths: AxisLengths,
    buffer: &'a mut ImageBuffer,
    fill: impl FnOnce(&mut ArchiveWriter) -> Result<(), ArchiveError>,
) -> Result<&'a [u8], ArchiveError> {
    let file = buffer.create().context(path, "/")?;
    fill(&mut ArchiveWriter::create(&file, path, provenance, rows, lengths, WriteStyle::Segment)?)?;
    buffer.close(file).context(path, "/")
}

/// Writes an archive of known size, block by block, and gives it its name when all is on disk.
pub(crate) fn write_compressed(
    path: &Path,
    provenance: &Provenance,
    rows: Rows,
    lengths: AxisLengths,
    fill: impl FnOnce(&mut ArchiveWriter) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let temporary = TemporaryFile::beside(path)?;
    let file = storage::create(temporary.path()).context(path, "/")?;
    let mut writer = ArchiveWriter::create(&file, path, provenance, rows, lengths, WriteStyle::Archive)?;
    fill(&mut writer)?;
    drop(writer);
    file.close().context(path, "/")?;
    temporary.commit(path)
}

/// An archive of known size that is filled block by block.
pub(crate) struct ArchiveWriter {
    path: PathBuf,
    /// As [`SCHEMA`].
    datasets: Vec<hdf5::Dataset>,
    lengths: AxisLengths,
    written: Rows,
}

impl ArchiveWriter {
    /// Lays out all datasets for `rows` rows in an empty file.
    pub(crate) fn create(
        file: &hdf5::File,
        path: &Path,
        provenance: &Provenance,
        rows: Rows,
        lengths: AxisLengths,
        style: WriteStyle,
    ) -> Result<ArchiveWriter, ArchiveError> {
        provenance::write(file, path, provenance)?;
        let mut datasets = Vec::with_capacity(SCHEMA.len());
        for dataset in SCHEMA {
            let stored = storage::create_dataset(file, dataset, rows.of(dataset.table), &lengths, style);
            datasets.push(stored.context(path, dataset.path)?);
        }
        h5md::write(file, path, provenance)?;
        Ok(ArchiveWriter { path: path.to_owned(), datasets, lengths, written: Rows::default() })
    }

    /// Appends rows whose axes are as long as those of the file.
    pub(crate) fn append(&mut self, columns: &Columns) -> Result<(), ArchiveError> {
        debug_assert_eq!(columns.lengths, self.lengths);
        for ((dataset, values), stored) in columns.iter().zip(&self.datasets) {
            let start = self.written.of(dataset.table);
            let before = self.written.of(Table::Snapshots) as i64;
            let written = match values {
                Values::I64(snapshots) if dataset.path == MODE_SNAPSHOT && before > 0 => {
                    let moved = snapshots.iter().map(|&row| if row < 0 { row } else { row + before });
                    storage::write_rows(stored, start, &Values::I64(moved.collect()))
                }
                _ => storage::write_rows(stored, start, values),
            };
            written.context(&self.path, dataset.path)?;
        }
        for table in Table::ALL {
            self.written.add(table, columns.rows(table));
        }
        Ok(())
    }
}
