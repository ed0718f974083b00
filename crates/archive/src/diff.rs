//! Comparing results bit by bit, but for what depends on the course of a campaign.

use crate::columns::{Columns, Values};
use crate::error::ArchiveError;
use crate::reader::Archive;
use crate::record::Record;
use crate::rows::to_columns;
use crate::schema::{Dataset, SCHEMA};
use std::fmt;
use std::path::Path;

/// One dataset in which two results differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Dataset or attribute.
    pub object: String,
    /// Position of the first difference, rows flattened; `None` if shapes or attributes differ.
    pub position: Option<usize>,
    /// One value.
    pub first: String,
    /// The other.
    pub second: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(formatter, "{}[{position}]: {} and {}", self.object, self.first, self.second),
            None => write!(formatter, "{}: {} and {}", self.object, self.first, self.second),
        }
    }
}

/// The datasets in which two records differ, timings and attempts aside; NaN equals NaN.
pub fn compare_records(first: &Record, second: &Record) -> Vec<Difference> {
    let columns = |record: &Record| to_columns(std::slice::from_ref(record), &[]);
    match (columns(first), columns(second)) {
        (Ok(first), Ok(second)) => compare_columns(&first, &second),
        (first, second) => {
            let show = |columns: Result<Columns, ArchiveError>| match columns {
                Ok(_) => "a sound record".to_owned(),
                Err(error) => error.to_string(),
            };
            vec![Difference { object: "record".to_owned(), position: None, first: show(first), second: show(second) }]
        }
    }
}

/// The datasets in which two sets of rows differ.
pub(crate) fn compare_columns(first: &Columns, second: &Columns) -> Vec<Difference> {
    let both = first.iter().zip(second.iter());
    both.filter(|((dataset, _), _)| !dataset.circumstance)
        .filter_map(|((dataset, a), (_, b))| {
            let widths = (first.lengths.width(dataset), second.lengths.width(dataset));
            compare_values(dataset, (a, widths.0), (b, widths.1), 0)
        })
        .collect()
}

/// Compares the numbers of one dataset, with the lengths of their rows.
fn compare_values(dataset: &Dataset, a: (&Values, usize), b: (&Values, usize), start: usize) -> Option<Difference> {
    let ((a, a_width), (b, b_width)) = (a, b);
    if a.len() != b.len() || a_width != b_width {
        let show = |values: &Values, width| format!("{} values in rows of {width}", values.len());
        return Some(Difference {
            object: dataset.path.to_owned(),
            position: None,
            first: show(a, a_width),
            second: show(b, b_width),
        });
    }
    let position = a.first_difference(b)?;
    Some(Difference {
        object: dataset.path.to_owned(),
        position: Some(start * a_width + position),
        first: a.show(position),
        second: b.show(position),
    })
}

/// What differs between two archives: every dataset bit by bit, and the attributes that say what was
/// computed, but not timings, attempts, dates and commits.
///
/// # Errors
/// [`ArchiveError`] if one of them cannot be read.
pub fn differences(first: &Path, second: &Path) -> Result<Vec<Difference>, ArchiveError> {
    const BLOCK_BYTES: usize = 16 << 20;
    let (first, second) = (Archive::open(first)?, Archive::open(second)?);
    let mut found = compare_provenance(&first, &second);
    for dataset in SCHEMA.iter().filter(|dataset| !dataset.circumstance) {
        let (a, b) = (first.shape(dataset)?, second.shape(dataset)?);
        if a != b {
            found.push(Difference {
                object: dataset.path.to_owned(),
                position: None,
                first: format!("shape {a:?}"),
                second: format!("shape {b:?}"),
            });
            continue;
        }
        let width: usize = a[1..].iter().product();
        let block = (BLOCK_BYTES / (dataset.element.bytes() * width.max(1))).max(1);
        for start in (0..a[0]).step_by(block) {
            let rows = start..(start + block).min(a[0]);
            let (a, b) = (first.values(dataset.path, rows.clone())?, second.values(dataset.path, rows)?);
            if let Some(difference) = compare_values(dataset, (&a, width), (&b, width), start) {
                found.push(difference);
                break;
            }
        }
    }
    Ok(found)
}

/// Whether two archives hold the same results, bit by bit, whatever way each came about.
///
/// # Errors
/// As [`differences`].
pub fn identical_but_for_timings(first: &Path, second: &Path) -> Result<bool, ArchiveError> {
    differences(first, second).map(|differences| differences.is_empty())
}

fn compare_provenance(first: &Archive, second: &Archive) -> Vec<Difference> {
    let (a, b) = (first.provenance(), second.provenance());
    [
        ("config_hash", a.config_hash.clone(), b.config_hash.clone()),
        ("software_version", a.software_version.clone(), b.software_version.clone()),
        ("realizations", a.realizations.to_string(), b.realizations.to_string()),
    ]
    .into_iter()
    .filter(|(_, a, b)| a != b)
    .map(|(name, first, second)| Difference { object: format!("attribute {name}"), position: None, first, second })
    .collect()
}
