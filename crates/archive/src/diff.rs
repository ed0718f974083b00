//! Comparing results bit by bit, but for what depends on the course of a campaign.

pub mod tolerance;

use crate::columns::{Columns, Values};
use crate::difference::Difference;
use crate::error::ArchiveError;
use crate::indices::index_ranges;
use crate::reader::Archive;
use crate::record::Record;
use crate::rows::to_columns;
use crate::schema::{Dataset, INSTRUCTION_CLASS, SCHEMA};
use crate::thin::{self, thinned};
use modes::InstructionClass;
use std::path::Path;
use tolerance::Asked;

/// Attribute with the number of realizations of a campaign, and what is said of archives that hold others.
const REALIZATIONS: &str = "realizations";

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

/// How well a realization, made again, agrees with the one that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// To the last bit, timings and attempts aside.
    Bits,
    /// The glass to the last bit, the spectrum and what follows from it within [`tolerance`]: the two are of
    /// different instruction classes, or that of one is not known.
    AcrossClasses,
    /// They are not the same.
    Differ(Vec<Difference>),
}

impl Archive {
    /// Compares what is kept of the realization in row `row` with the same realization made again: bit by bit, or,
    /// if the machines round differently, within [`tolerance`]. Of a thin archive, as much as it keeps.
    ///
    /// # Errors
    /// [`ArchiveError`] if the row cannot be read, or `again` cannot be stored.
    pub fn agreement(&self, row: usize, again: &Record) -> Result<Agreement, ArchiveError> {
        let kept = self.columns(row..row + 1)?;
        let mut made = to_columns(std::slice::from_ref(again), &[])?;
        if let Some(cuts) = &self.provenance().thin {
            made = thinned(&made, cuts, thin::lengths(again.dimension, cuts.eigenvalues(&again.spectrum.eigenvalues)));
        }
        // The rows of an archive are as long as its longest.
        let lengths = kept.lengths.union(made.lengths);
        let [kept, made] = [kept, made].map(|columns| {
            let mut alone = Columns::empty(lengths);
            alone.append_realization(&columns, again.index);
            alone
        });
        let by_bits = compare_columns(&kept, &made);
        Ok(if by_bits.is_empty() {
            Agreement::Bits
        } else if round_differently(&kept, &made) {
            match differences_beyond(&kept, &made, tolerance::asked) {
                beyond if beyond.is_empty() => Agreement::AcrossClasses,
                beyond => Agreement::Differ(beyond),
            }
        } else {
            Agreement::Differ(by_bits)
        })
    }
}

/// The datasets in which the rows of one realization, computed twice, differ: bit by bit, or within [`tolerance`]
/// if the two are of different instruction classes.
pub(crate) fn compare_copies(first: &Columns, second: &Columns) -> Vec<Difference> {
    let across = round_differently(first, second);
    differences_beyond(first, second, |dataset| if across { tolerance::asked(dataset) } else { Asked::Bits })
}

fn round_differently(first: &Columns, second: &Columns) -> bool {
    let class = |columns: &Columns| match columns.get(INSTRUCTION_CLASS) {
        Values::Text(names) => names.first().map_or(InstructionClass::Unknown, |name| InstructionClass::of_name(name)),
        _ => unreachable!("names"),
    };
    !class(first).same_bits(class(second))
}

/// The datasets in which two sets of rows differ, bit by bit.
fn compare_columns(first: &Columns, second: &Columns) -> Vec<Difference> {
    differences_beyond(first, second, |_| Asked::Bits)
}

fn differences_beyond(first: &Columns, second: &Columns, asked: impl Fn(&Dataset) -> Asked) -> Vec<Difference> {
    let both = first.iter().zip(second.iter());
    both.filter(|((dataset, _), _)| !dataset.circumstance)
        // An archive of an earlier version does not know what came later: nothing to compare with.
        .filter(|((dataset, a), (_, b))| dataset.since == 1 || !(holds_nothing(a) || holds_nothing(b)))
        .filter_map(|((dataset, a), (_, b))| {
            let widths = (first.lengths.width(dataset), second.lengths.width(dataset));
            compare_values(dataset, (a, widths.0), (b, widths.1), 0, asked(dataset))
        })
        .collect()
}

/// Whether a column is as that of an archive without its dataset.
fn holds_nothing(values: &Values) -> bool {
    match values {
        Values::F64(values) => values.iter().all(|value| value.is_nan()),
        Values::U64(values) => values.iter().all(|&value| value == 0),
        Values::U32(values) => values.iter().all(|&value| value == 0),
        Values::Text(values) => values.iter().all(String::is_empty),
        Values::I64(_) | Values::I8(_) | Values::Group(_) | Values::Kind(_) => false,
    }
}

/// Compares the numbers of one dataset, with the lengths of their rows.
fn compare_values(
    dataset: &Dataset,
    a: (&Values, usize),
    b: (&Values, usize),
    start: usize,
    asked: Asked,
) -> Option<Difference> {
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
    let position = match (asked, a, b) {
        (Asked::Any, _, _) => None,
        (Asked::Close, Values::F64(a), Values::F64(b)) => a.iter().zip(b).position(|(a, b)| !tolerance::close(*a, *b)),
        _ => a.first_difference(b),
    }?;
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
    let (indices, others) = (first.indices()?, second.indices()?);
    if indices != others {
        // What follows would be this once for each dataset.
        let show = |indices: &[u64]| format!("{} of them ({})", indices.len(), index_ranges(indices));
        found.retain(|difference| !difference.object.ends_with(REALIZATIONS));
        let (first, second) = (show(indices), show(others));
        found.push(Difference { object: REALIZATIONS.to_owned(), position: None, first, second });
        return Ok(found);
    }
    for dataset in SCHEMA.iter().filter(|dataset| !dataset.circumstance) {
        let (a, b) = (first.shape(dataset)?, second.shape(dataset)?);
        if a != b {
            found.push(Difference {
                object: dataset.path.to_owned(),
                position: None,
                first: words(&a),
                second: words(&b),
            });
            continue;
        }
        let (Some(a), Some(_)) = (a, b) else { continue };
        let width: usize = a[1..].iter().product();
        let block = (BLOCK_BYTES / (dataset.element.bytes() * width.max(1))).max(1);
        for start in (0..a[0]).step_by(block) {
            let rows = start..(start + block).min(a[0]);
            let (a, b) = (first.values(dataset.path, rows.clone())?, second.values(dataset.path, rows)?);
            if let Some(difference) = compare_values(dataset, (&a, width), (&b, width), start, Asked::Bits) {
                found.push(difference);
                break;
            }
        }
    }
    Ok(found)
}

fn words(shape: &Option<Vec<usize>>) -> String {
    shape.as_ref().map_or_else(|| "absent".to_owned(), |shape| format!("shape {shape:?}"))
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
        (REALIZATIONS, a.realizations.to_string(), b.realizations.to_string()),
    ]
    .into_iter()
    .filter(|(_, a, b)| a != b)
    .map(|(name, first, second)| Difference { object: format!("attribute {name}"), position: None, first, second })
    .collect()
}
