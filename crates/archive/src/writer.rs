//! Writing an archive: all at once, or block by block.

use crate::columns::{AxisLengths, Columns, Rows, Values};
use crate::error::{ArchiveError, Context};
use crate::h5md;
use crate::image::ImageBuffer;
use crate::provenance::{self, Provenance};
use crate::read_back::{self, Checksums};
use crate::record::Record;
use crate::rows::to_columns;
use crate::schema::{REFERENCES, SCHEMA, Table};
use crate::storage::{self, WriteStyle};
use crate::tables::FailureRow;
use crate::thin;
use durable::TemporaryFile;
use std::path::{Path, PathBuf};

/// Writes `records` and `failures`, in any order, to a new archive at `path`.
///
/// The file is written under a temporary name in the same folder, brought to disk, read back and renamed:
/// `path` holds the whole archive or what it held before. All rows are in memory at once; use
/// [`merge`](crate::merge::merge) for what does not fit.
///
/// # Errors
/// [`ArchiveError::Record`] for a record that cannot be stored; [`ArchiveError::Io`] or
/// [`ArchiveError::Hdf5`] when the disk refuses, [`ArchiveError::NotAsWritten`] when it loses something. The temporary file is gone then.
pub fn write_archive(
    path: &Path,
    provenance: &Provenance,
    records: &[Record],
    failures: &[FailureRow],
    style: WriteStyle,
) -> Result<(), ArchiveError> {
    let mut columns = to_columns(records, failures)?;
    if records.is_empty() {
        // Of failures alone nothing else says how many dimensions there are.
        columns.lengths.dimension = provenance.dimension;
    }
    let provenance = &provenance.of_records(records);
    let (rows, lengths) = (columns.table_rows(), columns.lengths);
    let fill = |writer: &mut ArchiveWriter| writer.append(&columns);
    match style {
        WriteStyle::Segment => {
            let mut buffer = ImageBuffer::default();
            let bytes = segment_bytes(path, provenance, rows, lengths, &mut buffer, fill)?;
            Ok(TemporaryFile::holding(path, bytes)?.commit()?)
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

/// Writes an archive of known size, block by block, and gives it its name when all is on disk and was read back.
///
/// HDF5 does not get over a failed write: after an error this process should read and write no more archives.
pub(crate) fn write_compressed(
    path: &Path,
    provenance: &Provenance,
    rows: Rows,
    lengths: AxisLengths,
    fill: impl FnOnce(&mut ArchiveWriter) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let lengths = AxisLengths { dimension: provenance.dimension, ..lengths };
    durable::remove_remnants_of(path)?;
    let temporary = TemporaryFile::beside(path)?;
    let file = storage::create(temporary.path()).context(path, "/")?;
    let mut writer = ArchiveWriter::create(&file, path, provenance, rows, lengths, WriteStyle::Archive)?;
    fill(&mut writer)?;
    // Closing the datasets hides what goes wrong then: nothing may be left to do.
    file.flush().context(path, "/")?;
    let checksums = writer.checksums;
    drop(writer.datasets);
    file.close().context(path, "/")?;
    temporary.sync()?;
    read_back::check(temporary.path(), path, provenance, rows, lengths, &checksums)?;
    Ok(temporary.commit()?)
}

/// An archive of known size that is filled block by block.
pub(crate) struct ArchiveWriter {
    path: PathBuf,
    /// As [`SCHEMA`]; none for what the archive goes without.
    datasets: Vec<Option<hdf5::Dataset>>,
    lengths: AxisLengths,
    written: Rows,
    checksums: Checksums,
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
        let lengths = AxisLengths { dimension: provenance.dimension, ..lengths };
        provenance::write(file, path, provenance)?;
        let mut datasets = Vec::with_capacity(SCHEMA.len());
        for dataset in SCHEMA {
            let rows = rows.of(dataset.table);
            datasets.push(if thin::goes_without(provenance, dataset, &lengths.shape(dataset, rows)) {
                None
            } else {
                let stored = storage::create_dataset(file, dataset, rows, &lengths, style);
                Some(stored.context(path, dataset.path)?)
            });
        }
        if provenance.thin.is_none() {
            h5md::write(file, path, provenance)?;
        }
        Ok(ArchiveWriter {
            path: path.to_owned(),
            datasets,
            lengths,
            written: Rows::default(),
            checksums: Checksums::new(),
        })
    }

    /// Appends rows whose axes are as long as those of the file.
    pub(crate) fn append(&mut self, columns: &Columns) -> Result<(), ArchiveError> {
        debug_assert_eq!(columns.lengths, self.lengths);
        for (position, (dataset, values)) in columns.iter().enumerate() {
            let Some(stored) = &self.datasets[position] else { continue };
            let moved;
            let values = match values {
                Values::I64(rows) => {
                    let to = REFERENCES.iter().find(|reference| reference.path == dataset.path);
                    let before = to.map_or(0, |reference| self.written.of(reference.to) as i64);
                    moved = Values::I64(rows.iter().map(|&row| if row < 0 { row } else { row + before }).collect());
                    &moved
                }
                _ => values,
            };
            let start = self.written.of(dataset.table);
            let written = storage::write_rows(stored, dataset.element, start, values);
            written.context(&self.path, dataset.path)?;
            self.checksums.add(position, values);
        }
        for table in Table::ALL {
            self.written.add(table, columns.rows(table));
        }
        Ok(())
    }
}
