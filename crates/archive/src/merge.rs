//! Many segments and archives become one.
//!
//! First the indices of all sources are read, one source after the other; that says what the result
//! holds and how large it is. Then the rows are copied in *bands*: runs of ascending indices whose
//! rows fit into memory together. Each band opens the sources that have a part of it, one at a time.

mod plan;

use crate::columns::Columns;
use crate::conflict::Conflict;
use crate::diff::compare_copies;
use crate::difference::Difference;
use crate::error::{ArchiveError, IoContext};
use crate::indices::{IndexRanges, index_ranges};
use crate::present::{Present, read_if_present};
use crate::provenance::{LIST, Provenance, united};
use crate::reader::Archive;
use crate::rows::to_columns;
use crate::schema::FORMAT_VERSION;
use crate::segments::{DamagedSegment, open_segment, segment_files};
use crate::tables::FailureRow;
use crate::thin::{ThinCuts, thinned};
use crate::writer::write_compressed;
use plan::{MergePlan, RealizationInSource};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How to merge.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeOptions {
    /// Rows held in memory at a time, in bytes, roughly.
    pub memory_bytes: usize,
    /// Quarantined realizations that no source holds, as from a ledger.
    pub failures: Vec<FailureRow>,
    /// Whether an archive may be replaced by one that lacks realizations of it, or keeps less of each.
    pub force: bool,
    /// Whether to leave out what a report does not need, and which modes to keep then. The result is thin
    /// anyway if a source is.
    pub thin: Option<ThinCuts>,
}

impl Default for MergeOptions {
    fn default() -> Self {
        MergeOptions { memory_bytes: 256 << 20, failures: Vec::new(), force: false, thin: None }
    }
}

/// What a merge found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeReport {
    /// Files merged.
    pub sources: usize,
    /// Realizations in the result.
    pub realizations: usize,
    /// Realizations of the whole campaign.
    pub planned: u64,
    /// Planned realizations that no source has, quarantined ones aside; ascending.
    pub missing: IndexRanges,
    /// Realizations that several sources have, with the same results; ascending. One copy is kept.
    pub duplicates: Vec<u64>,
    /// Quarantined realizations.
    pub failures: Vec<FailureRow>,
    /// Segments left out because they are damaged.
    pub damaged: Vec<DamagedSegment>,
    /// Commits the sources were computed with; more than one is no error, but worth a thought.
    pub git_commits: Vec<String>,
    /// Of a thin result, realizations that its sums of staircases and series leave out: those of thin sources that have some
    /// in common with a larger one.
    pub unsummed: usize,
}

/// Merges `sources` into a new archive at `out`, compressed, realizations ascending.
///
/// A source is an archive, a segment, or a folder: a campaign's (its `segments` are taken, and its `archive.h5` if that
/// holds more) or one of segments. The campaign may be running: what is safe is taken. The
/// result does not depend on the order in which realizations were finished, and merging it with its
/// sources again changes nothing. `out` may be one of the sources.
///
/// Copies of one realization must agree, timings and attempts aside, within [`tolerance`](crate::diff::tolerance) if
/// they are of different instruction classes; one of them is kept. A
/// realization finished in one source removes its failure in another. Segments whose content is not what
/// their name says are left out and reported; any other that cannot be read is an error.
///
/// # Errors
/// [`ArchiveError::NoSource`]; [`ArchiveError::HoldsMore`] if an archive at `out` has realizations that no source has,
/// [`ArchiveError::KeepsMore`] if it keeps what a thin result would leave out (both unless [`MergeOptions::force`]); [`ArchiveError::Mixed`] names two files of different campaigns or
/// versions; [`ArchiveError::Conflict`] names the realizations about which sources disagree; or a
/// source cannot be read, or the result not written. `out` is as before then.
pub fn merge(sources: &[PathBuf], out: &Path, options: &MergeOptions) -> Result<MergeReport, ArchiveError> {
    let (files, damaged) = source_files(sources)?;
    let plan = MergePlan::read(&files, options)?;
    if !options.force {
        refuse_loss(out, &plan)?;
    }
    let mut report = plan.report();
    report.damaged.extend(damaged);
    write_compressed(out, &plan.provenance, plan.rows, plan.lengths, |writer| {
        let mut sources = OpenSource::default();
        let mut conflicts = Vec::new();
        for band in plan.bands(options.memory_bytes) {
            let columns = gather(&plan, band, &mut sources, &mut report.duplicates, &mut conflicts)?;
            if conflicts.is_empty() {
                writer.append(&columns)?;
            }
        }
        if !conflicts.is_empty() {
            return Err(ArchiveError::Conflict { conflicts });
        }
        let mut failures = to_columns(&[], &report.failures)?;
        failures.lengths = plan.lengths;
        writer.append(&failures)?;
        writer.append(&plan.sums.columns(plan.lengths))
    })?;
    Ok(report)
}

/// Refuses to replace an archive by one that lacks realizations of it, or keeps less of each. A damaged one holds nothing.
fn refuse_loss(out: &Path, plan: &MergePlan) -> Result<(), ArchiveError> {
    let only_there = |present: &Archive| {
        let same = present.provenance().config_hash == plan.provenance.config_hash;
        let held = present.indices()?;
        let lost = held.iter().copied().filter(|&index| !(same && plan.holds(index))).collect::<Vec<u64>>();
        let kept = present.provenance().thin.unwrap_or_default();
        let thinner = match plan.provenance.thin {
            Some(cuts) if present.provenance().thin.is_some() => {
                cuts.narrower_than(&kept) || plan.sums.glasses() < present.sums(|_| true)?.glasses()
            }
            Some(_) => true,
            None => false,
        };
        Ok((lost, thinner && !held.is_empty()))
    };
    let (lost, thinner) = read_if_present(out, only_there)?.sound().unwrap_or_default();
    if !lost.is_empty() {
        return Err(ArchiveError::HoldsMore { path: out.to_owned(), realizations: index_ranges(&lost) });
    }
    if thinner {
        return Err(ArchiveError::KeepsMore { path: out.to_owned() });
    }
    Ok(())
}

/// The files that `sources` stand for, and archives of folders that are damaged.
fn source_files(sources: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<DamagedSegment>), ArchiveError> {
    let (mut files, mut damaged) = (Vec::new(), Vec::new());
    for source in sources {
        if !is_folder(source)? {
            files.push(source.clone());
            continue;
        }
        let (segments, archive) = (source.join("segments"), source.join("archive.h5"));
        let found = segment_files(if is_folder(&segments)? { &segments } else { source })?;
        match read_if_present(&archive, |archive| holds_more(archive, &found))? {
            Present::Sound(true) => files.push(archive),
            Present::Sound(false) | Present::Absent => {}
            Present::Damaged(error) => damaged.push(DamagedSegment { path: archive, reason: error.to_string() }),
        }
        files.extend(found);
    }
    match damaged.first() {
        Some(archive) if files.is_empty() => {
            Err(ArchiveError::NotAnArchive { path: archive.path.clone(), reason: archive.reason.clone() })
        }
        _ if files.is_empty() => Err(ArchiveError::NoSource { sources: sources.to_vec() }),
        _ => Ok((files, damaged)),
    }
}

/// Whether a campaign's archive has realizations that none of its segments has, as after these were cleaned away and the
/// campaign was raised, or one was damaged, or if there are no segments. Segments that cannot be read, or are not what they
/// were, hold nothing, and are for the merge to complain of.
fn holds_more(archive: &Archive, segments: &[PathBuf]) -> Result<bool, ArchiveError> {
    let mut held = BTreeSet::new();
    for segment in segments.iter().filter_map(|path| open_segment(path).ok()) {
        held.extend(segment.indices().map(<[u64]>::to_vec).unwrap_or_default());
    }
    Ok(segments.is_empty() || archive.indices()?.iter().any(|index| !held.contains(index)))
}

/// Whether there is a folder at `path`; what cannot be told is an error, so that nothing is left out.
fn is_folder(path: &Path) -> Result<bool, ArchiveError> {
    match std::fs::metadata(path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
        metadata => Ok(metadata.while_trying(path, "look at")?.is_dir()),
    }
}

/// The last source read stays open: neighbouring bands often need it again.
#[derive(Default)]
struct OpenSource {
    open: Option<(usize, Archive)>,
}

impl OpenSource {
    /// Rows of source number `source` with indices from `first` to `last`.
    fn read(&mut self, plan: &MergePlan, source: usize, first: u64, last: u64) -> Result<Columns, ArchiveError> {
        if self.open.as_ref().is_none_or(|(number, _)| *number != source) {
            self.open = None;
            self.open = Some((source, Archive::open(&plan.files[source])?));
        }
        let Some((_, archive)) = &self.open else { unreachable!("opened above") };
        let indices = archive.indices()?;
        let start = indices.partition_point(|&index| index < first);
        let end = indices.partition_point(|&index| index <= last);
        let columns = archive.columns(start..end)?;
        Ok(match &plan.provenance.thin {
            Some(cuts) => thinned(&columns, cuts, plan.lengths),
            None => columns,
        })
    }
}

/// The rows of one band, one copy of each realization.
fn gather(
    plan: &MergePlan,
    band: &[RealizationInSource],
    sources: &mut OpenSource,
    duplicates: &mut Vec<u64>,
    conflicts: &mut Vec<Conflict>,
) -> Result<Columns, ArchiveError> {
    let mut gathered = Columns::empty(plan.lengths);
    let (Some(first), Some(last)) = (band.first(), band.last()) else {
        return Ok(gathered);
    };
    let mut pieces: BTreeMap<usize, Columns> = BTreeMap::new();
    for entry in band {
        if let std::collections::btree_map::Entry::Vacant(vacant) = pieces.entry(entry.source) {
            vacant.insert(sources.read(plan, entry.source, first.index, last.index)?);
        }
    }
    for copies in band.chunk_by(|a, b| a.index == b.index) {
        let (kept, others) = (copies[0], &copies[1..]);
        gathered.append_realization(&pieces[&kept.source], kept.index);
        if !others.is_empty() {
            duplicates.push(kept.index);
        }
        for other in others {
            let difference = first_difference(plan, &pieces[&kept.source], &pieces[&other.source], kept.index);
            conflicts.extend(difference.map(|difference| Conflict {
                index: kept.index,
                first: plan.files[kept.source].clone(),
                second: plan.files[other.source].clone(),
                difference,
            }));
        }
    }
    Ok(gathered)
}

fn first_difference(plan: &MergePlan, first: &Columns, second: &Columns, index: u64) -> Option<Difference> {
    let alone = |columns: &Columns| {
        let mut alone = Columns::empty(plan.lengths);
        alone.append_realization(columns, index);
        alone
    };
    compare_copies(&alone(first), &alone(second)).into_iter().next()
}

/// Provenance of the whole from that of its parts, which agree in what was computed.
fn combine(provenances: &[Provenance]) -> Provenance {
    // A campaign may have been extended: its longest plan counts. Of several the first, which alone has
    // kept its configuration.
    let longest = provenances.iter().rev().max_by_key(|provenance| provenance.realizations);
    let mut combined = longest.cloned().unwrap_or_default();
    combined.git_commit = git_commits(provenances).join(LIST);
    let classes = provenances.iter().map(|provenance| provenance.instruction_class.as_str());
    combined.instruction_class = united(classes).join(LIST);
    combined.format_version = FORMAT_VERSION;
    // The campaign began when its first part did.
    if let Some(earliest) = provenances.iter().map(|provenance| &provenance.created).min() {
        combined.created.clone_from(earliest);
    }
    combined
}

fn git_commits(provenances: &[Provenance]) -> Vec<String> {
    united(provenances.iter().map(|provenance| provenance.git_commit.as_str()))
}
