//! What was written is read back before it gets its name: HDF5 may have lost what a disk refused.

use crate::columns::{AxisLengths, Rows, Values};
use crate::error::{ArchiveError, Context};
use crate::h5md;
use crate::provenance::Provenance;
use crate::reader::Archive;
use crate::schema::{Dataset, Element, FORMAT_VERSION, SCHEMA};
use crate::storage;
use crate::thin;
use std::path::Path;

/// Chunks of a dataset that are read at once.
const CHUNKS: usize = 16;

/// A checksum (CRC-32) of all numbers of each dataset, in the order of their rows.
#[derive(Debug, Clone)]
pub(crate) struct Checksums {
    /// As [`SCHEMA`].
    of: Vec<crc32fast::Hasher>,
}

impl Checksums {
    pub(crate) fn new() -> Checksums {
        Checksums { of: SCHEMA.iter().map(|_| crc32fast::Hasher::new()).collect() }
    }

    /// Adds the next rows of dataset number `position` of the schema.
    pub(crate) fn add(&mut self, position: usize, rows: &Values) {
        add(&mut self.of[position], SCHEMA[position].element, rows);
    }
}

/// Whether the file at `written` holds what was given to its writer; it is to be `path`.
///
/// # Errors
/// [`ArchiveError::NotAsWritten`] names what it does not.
pub(crate) fn check(
    written: &Path,
    path: &Path,
    provenance: &Provenance,
    rows: Rows,
    lengths: AxisLengths,
    checksums: &Checksums,
) -> Result<(), ArchiveError> {
    let differs = |object: &str, problem: String| ArchiveError::NotAsWritten {
        path: path.to_owned(),
        object: object.to_owned(),
        problem,
    };
    let archive = Archive::open(written).map_err(|error| differs("/", error.to_string()))?;
    if archive.provenance() != &(Provenance { format_version: FORMAT_VERSION, ..provenance.clone() }) {
        return Err(differs("/", "the attributes are others".to_owned()));
    }
    if let Some(link) = h5md::links(provenance).iter().find(|link| !archive.exists(link)) {
        return Err(differs(link, "it is not there".to_owned()));
    }
    for (dataset, checksum) in SCHEMA.iter().zip(&checksums.of) {
        let rows = rows.of(dataset.table);
        let shape = lengths.shape(dataset, rows);
        if thin::goes_without(provenance, dataset, &shape) {
            continue;
        }
        match is_as_written(&archive, dataset, &shape, checksum) {
            Ok(true) => {}
            Ok(false) => return Err(differs(dataset.path, "its numbers or attributes are others".to_owned())),
            Err(error) => return Err(differs(dataset.path, error.to_string())),
        }
    }
    Ok(())
}

fn is_as_written(
    archive: &Archive,
    dataset: &'static Dataset,
    shape: &[usize],
    expected: &crc32fast::Hasher,
) -> Result<bool, ArchiveError> {
    let (Some(stored), Some(found)) = (archive.stored(dataset)?, archive.shape(dataset)?) else { return Ok(false) };
    if found != shape {
        return Ok(false);
    }
    for (name, text) in [("unit", dataset.unit), ("description", dataset.meaning)] {
        if storage::read_text_attribute(stored, name).context(archive.path(), dataset.path)? != text {
            return Ok(false);
        }
    }
    let mut found = crc32fast::Hasher::new();
    for start in (0..shape[0]).step_by(CHUNKS * storage::chunk(dataset, shape)[0]) {
        let end = shape[0].min(start + CHUNKS * storage::chunk(dataset, shape)[0]);
        add(&mut found, dataset.element, &archive.values(dataset.path, start..end)?);
    }
    Ok(found.finalize() == expected.clone().finalize())
}

fn add(checksum: &mut crc32fast::Hasher, element: Element, rows: &Values) {
    match rows {
        Values::F64(values) => add_numbers(checksum, values, |value| value.to_le_bytes()),
        Values::U64(values) => add_numbers(checksum, values, |value| value.to_le_bytes()),
        Values::U32(values) => add_numbers(checksum, values, |value| value.to_le_bytes()),
        Values::I64(values) => add_numbers(checksum, values, |value| value.to_le_bytes()),
        Values::I8(values) => add_numbers(checksum, values, |value| value.to_le_bytes()),
        Values::Group(values) => add_numbers(checksum, values, |value| [value.byte()]),
        Values::Kind(values) => add_numbers(checksum, values, |value| [value.byte()]),
        Values::Text(values) => {
            for text in values {
                checksum.update(storage::as_stored(text, element).as_bytes());
                checksum.update(&[0]);
            }
        }
    }
}

/// Adds numbers a block at a time.
fn add_numbers<T: Copy, const BYTES: usize>(
    checksum: &mut crc32fast::Hasher,
    values: &[T],
    bytes_of: impl Fn(T) -> [u8; BYTES],
) {
    let mut block = [[0; BYTES]; 512];
    for values in values.chunks(block.len()) {
        for (bytes, &value) in block.iter_mut().zip(values) {
            *bytes = bytes_of(value);
        }
        checksum.update(block[..values.len()].as_flattened());
    }
}
