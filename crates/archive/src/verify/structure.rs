//! Every dataset is there, as the schema says, and every number can be read.

use super::{Check, DatasetReport, VerifyReport};
use crate::columns::AxisLengths;
use crate::error::ArchiveError;
use crate::h5md;
use crate::reader::Archive;
use crate::schema::{Dataset, SCHEMA, Table};
use crate::storage;

/// Numbers read at a time, in bytes.
const BLOCK_BYTES: usize = 16 << 20;

pub(super) fn check(archive: &Archive, report: &mut VerifyReport) {
    // Each dataset is opened once: HDF5 may open a damaged one the second time, from its cache.
    let opened: Vec<_> = SCHEMA.iter().map(|dataset| (dataset, archive.shape(dataset))).collect();
    let expected = Expected::of(&opened);
    for (dataset, shape) in opened {
        let (shape, problem) = match shape {
            Ok(Some(shape)) => {
                let problem = expected.check(dataset, &shape).and_then(|()| read(archive, dataset, &shape)).err();
                (Some(shape), problem)
            }
            Ok(None) => (None, None),
            Err(error) => (None, Some(words(error))),
        };
        report.datasets.push(DatasetReport { path: dataset.path, shape, sound: problem.is_none() });
        if let Some(message) = problem {
            report.fault(Check::Structure, dataset.path, message);
        }
    }
    for link in h5md::links(archive.provenance()) {
        if !archive.exists(link) {
            report.fault(Check::Structure, link, "missing, H5MD readers ask for it");
        }
    }
}

type Opened = (&'static Dataset, Result<Option<Vec<usize>>, ArchiveError>);

/// Numbers of rows by the keys, lengths of the axes by the first dataset that has each.
struct Expected {
    /// As [`Table::ALL`]; unknown if the key is damaged, which is told there.
    rows: [Option<usize>; Table::ALL.len()],
    lengths: AxisLengths,
}

impl Expected {
    fn of(opened: &[Opened]) -> Expected {
        let sound = || opened.iter().filter_map(|(dataset, shape)| Some((*dataset, shape.as_ref().ok()?.as_ref()?)));
        let mut lengths = AxisLengths::default();
        for (dataset, shape) in sound().collect::<Vec<_>>().into_iter().rev() {
            for (axis, length) in dataset.inner.iter().zip(&shape[1..]) {
                lengths.set(*axis, *length);
            }
        }
        let rows = |table: Table| sound().find(|(dataset, _)| dataset.path == table.key()).map(|(_, shape)| shape[0]);
        Expected { rows: Table::ALL.map(rows), lengths }
    }

    fn check(&self, dataset: &Dataset, shape: &[usize]) -> Result<(), String> {
        match self.rows[dataset.table as usize] {
            Some(rows) if rows != shape[0] => Err(format!("has {} rows, {} has {rows}", shape[0], dataset.table.key())),
            _ if shape != self.lengths.shape(dataset, shape[0]) => {
                Err(format!("shape is {shape:?}, other datasets have {:?}", self.lengths.shape(dataset, shape[0])))
            }
            _ => Ok(()),
        }
    }
}

/// Reads the unit and every number.
fn read(archive: &Archive, dataset: &'static Dataset, shape: &[usize]) -> Result<(), String> {
    let Some(stored) = archive.stored(dataset).map_err(words)? else { return Ok(()) };
    let unit = storage::read_text_attribute(stored, "unit").map_err(|error| format!("attribute unit: {error}"))?;
    if unit != dataset.unit {
        return Err(format!("unit is {unit:?}, expected {:?}", dataset.unit));
    }
    let row_bytes = dataset.element.bytes() * shape[1..].iter().product::<usize>();
    let block = (BLOCK_BYTES / row_bytes.max(1)).max(1);
    let rows = if row_bytes == 0 { 0 } else { shape[0] };
    for start in (0..rows).step_by(block) {
        let end = (start + block).min(rows);
        let read = archive.values(dataset.path, start..end);
        read.map_err(|error| format!("rows {start} to {}: {}", end - 1, words(error)))?;
    }
    Ok(())
}

/// An error without the names of file and dataset, which stand beside it.
fn words(error: ArchiveError) -> String {
    match error {
        ArchiveError::Missing { .. } => "missing".to_owned(),
        ArchiveError::Hdf5 { cause, .. } => format!("cannot be read: {cause}"),
        ArchiveError::Layout { what, found, expected, .. } => format!("{what} is {found}, expected {expected}"),
        other => other.to_string(),
    }
}
