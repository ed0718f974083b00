//! Rows of several numbers: numbers first, then nothing but padding, in all datasets that go together alike.

use super::{Check, Offenders, Severity, VerifyReport};
use crate::columns::Values;
use crate::error::ArchiveError;
use crate::reader::Archive;
use crate::schema::{self, SCHEMA, Table};

/// Nothing in units of the model is larger.
pub(super) const LARGEST: f64 = 1e100;

/// Rows read at a time.
const BLOCK: usize = 256;

/// Datasets whose rows are equally long; the first says how long.
const TOGETHER: [&[&str]; 4] = [
    &[schema::SERIES_SWEEPS, schema::SERIES_ENERGY, schema::SERIES_CORRELATION, schema::SERIES_TEMPERATURE],
    &[schema::EIGENVALUES, schema::PARTICIPATION],
    &[schema::STAIRCASE_OMEGA],
    &[schema::PROFILE_S, schema::PROFILE_ENERGY],
];

pub(super) fn check(archive: &Archive, report: &mut VerifyReport) {
    for paths in TOGETHER {
        if !report.can_read(paths) {
            continue;
        }
        match check_together(archive, paths) {
            Ok(offenders) => report.findings.extend(offenders.iter().filter_map(Offenders::finding)),
            Err(error) => report.fault(Check::Consistency, paths[0], error.to_string()),
        }
    }
}

fn check_together(archive: &Archive, paths: &[&'static str]) -> Result<Vec<Offenders>, ArchiveError> {
    let table = SCHEMA.iter().find(|dataset| dataset.path == paths[0]).map_or(Table::Realizations, |first| first.table);
    let key = archive.key(table)?;
    let rule = "a number that cannot be, or one after the end of its row";
    let mut offenders: Vec<Offenders> =
        paths.iter().map(|path| Offenders::new(Severity::Fault, Check::Physics, path, rule)).collect();
    for start in (0..key.len()).step_by(BLOCK) {
        let rows = start..(start + BLOCK).min(key.len());
        let mut lengths: Vec<usize> = Vec::new();
        for (path, wrong) in paths.iter().zip(&mut offenders) {
            let Values::F64(values) = archive.values(path, rows.clone())? else { continue };
            let width = values.len() / rows.len();
            for (row, index) in key[rows.clone()].iter().enumerate() {
                let numbers = &values[row * width..(row + 1) * width];
                if lengths.len() == row {
                    lengths.push(numbers.iter().position(|value| value.is_nan()).unwrap_or(width));
                }
                let (before, after) = numbers.split_at(lengths[row].min(width));
                let sound =
                    before.iter().all(|value| value.abs() <= LARGEST) && after.iter().all(|value| value.is_nan());
                wrong.note(*index, !sound);
            }
        }
    }
    Ok(offenders)
}
