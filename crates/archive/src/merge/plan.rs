//! What a merge will hold: read from the indices of its sources alone.

use super::{MergeOptions, MergeReport, combine, git_commits};
use crate::columns::{AxisLengths, Rows, range_of};
use crate::error::ArchiveError;
use crate::indices::IndexRanges;
use crate::provenance::Provenance;
use crate::reader::Archive;
use crate::schema::{SCHEMA, Table};
use crate::segments::{DamagedSegment, is_segment, open_segment, refuse_mixed};
use crate::tables::FailureRow;
use crate::thin::{self, Sums, ThinCuts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One realization in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RealizationInSource {
    pub(super) index: u64,
    /// Number of the source.
    pub(super) source: usize,
    modes: u32,
    snapshots: u32,
    frames: u32,
    nonlinear: u32,
    transitions: u32,
}

pub(super) struct MergePlan {
    pub(super) files: Vec<PathBuf>,
    pub(super) provenance: Provenance,
    pub(super) lengths: AxisLengths,
    /// Rows of the result.
    pub(super) rows: Rows,
    /// Of a thin result.
    pub(super) sums: Sums,
    /// Ascending in index, then in source.
    entries: Vec<RealizationInSource>,
    failures: Vec<FailureRow>,
    damaged: Vec<DamagedSegment>,
    git_commits: Vec<String>,
    /// How many realizations the sums were taken from.
    summed: usize,
}

impl MergePlan {
    /// Reads the indices of all files, one open at a time.
    pub(super) fn read(files: &[PathBuf], options: &MergeOptions) -> Result<MergePlan, ArchiveError> {
        let mut read = Read { thin: options.thin, ..Read::default() };
        read.take_up_thin(files)?;
        read.failures.extend(options.failures.iter().cloned());
        for file in files {
            match open_segment(file) {
                Ok(archive) => read.take_up(&archive)?,
                Err(error @ ArchiveError::Damaged { .. }) => {
                    read.damaged.push(DamagedSegment { path: file.clone(), reason: error.to_string() });
                }
                Err(error) => return Err(error),
            }
        }
        if read.files.is_empty() {
            return Err(ArchiveError::NoSource { sources: files.to_vec() });
        }
        read.entries.sort_by_key(|entry| (entry.index, entry.source));
        let selected_by = selected_by(&read.provenances, &read.entries);
        let failures = remaining_failures(read.failures, &read.entries);
        let mut rows = Rows::default();
        for copies in read.entries.chunk_by(|a, b| a.index == b.index) {
            rows.add(Table::Realizations, 1);
            rows.add(Table::Modes, copies[0].modes as usize);
            rows.add(Table::Snapshots, copies[0].snapshots as usize);
            rows.add(Table::Frames, copies[0].frames as usize);
            rows.add(Table::Nonlinear, copies[0].nonlinear as usize);
            rows.add(Table::Transitions, copies[0].transitions as usize);
        }
        rows.add(Table::Failures, failures.len());
        rows.add(Table::Staircase, read.sums.staircase.len());
        rows.add(Table::Series, read.sums.series.len());
        Ok(MergePlan {
            files: read.files,
            provenance: Provenance { thin: read.thin, selected_by, ..combine(&read.provenances) },
            lengths: read.lengths,
            rows,
            entries: read.entries,
            sums: read.sums,
            failures,
            damaged: read.damaged,
            git_commits: git_commits(&read.provenances),
            summed: read.summed.len(),
        })
    }

    /// Whether a realization will be in the result.
    pub(super) fn holds(&self, index: u64) -> bool {
        self.entries.binary_search_by_key(&index, |entry| entry.index).is_ok()
    }

    /// Runs of entries whose rows take up to half of `memory_bytes`: they are in memory twice, as read
    /// and in order. Copies of one realization stay together.
    pub(super) fn bands(&self, memory_bytes: usize) -> Vec<&[RealizationInSource]> {
        let sizes = RowSizes::of(&self.lengths);
        let (mut bands, mut start, mut end, mut bytes) = (Vec::new(), 0, 0, 0);
        for copies in self.entries.chunk_by(|a, b| a.index == b.index) {
            let more: usize = copies.iter().map(|entry| sizes.entry(entry)).sum();
            if bytes + more > memory_bytes / 2 && end > start {
                bands.push(&self.entries[start..end]);
                (start, bytes) = (end, 0);
            }
            end += copies.len();
            bytes += more;
        }
        if end > start {
            bands.push(&self.entries[start..end]);
        }
        bands
    }

    /// What is known before rows are read; duplicates are added then.
    pub(super) fn report(&self) -> MergeReport {
        let kept = self.entries.iter().map(|entry| entry.index);
        let present: BTreeSet<u64> = kept.chain(self.failures.iter().map(|failure| failure.index)).collect();
        MergeReport {
            sources: self.files.len(),
            realizations: self.rows.of(Table::Realizations),
            planned: self.provenance.realizations,
            missing: IndexRanges::below_without(self.provenance.realizations, present),
            duplicates: Vec::new(),
            failures: self.failures.clone(),
            damaged: self.damaged.clone(),
            git_commits: self.git_commits.clone(),
            unsummed: match self.provenance.thin {
                Some(_) => self.rows.of(Table::Realizations).saturating_sub(self.summed),
                None => 0,
            },
        }
    }
}

#[derive(Default)]
struct Read {
    files: Vec<PathBuf>,
    provenances: Vec<Provenance>,
    lengths: AxisLengths,
    entries: Vec<RealizationInSource>,
    failures: Vec<FailureRow>,
    damaged: Vec<DamagedSegment>,
    /// What the result keeps, if it is thin.
    thin: Option<ThinCuts>,
    sums: Sums,
    /// Realizations in those sums.
    summed: BTreeSet<u64>,
}

impl Read {
    /// The cuts and sums of those sources that are thin. A sum cannot be taken apart: of two that have glasses in
    /// common, the one of more glasses counts.
    fn take_up_thin(&mut self, files: &[PathBuf]) -> Result<(), ArchiveError> {
        let mut sums = Vec::new();
        for file in files.iter().filter(|file| !is_segment(file)) {
            let archive = open_segment(file)?;
            if let Some(cuts) = archive.provenance().thin {
                self.thin = Some(self.thin.unwrap_or_default().and(cuts));
                sums.push((archive.indices()?.to_vec(), archive.sums(|_| true)?));
            }
        }
        // Whatever the order of the files. Of the same glasses, that with the sums of more of them.
        let glasses = |sums: &Sums| std::cmp::Reverse(sums.glasses());
        sums.sort_by_cached_key(|(indices, sums)| (std::cmp::Reverse(indices.len()), indices.clone(), glasses(sums)));
        for (indices, sums) in sums {
            if indices.iter().all(|index| !self.summed.contains(index)) {
                self.summed.extend(indices);
                self.add(sums);
            }
        }
        Ok(())
    }

    fn add(&mut self, sums: Sums) {
        sums.staircase.steps().into_iter().for_each(|step| self.sums.staircase.add(step));
        self.sums.series.add(&sums.series);
    }

    /// Adds the staircases and series of glasses that are in no sum yet, and says how many eigenvalues a thin result needs.
    fn sum_up(&mut self, archive: &Archive, cuts: &ThinCuts) -> Result<usize, ArchiveError> {
        const BLOCK: usize = 1000;
        let indices = archive.indices()?;
        let mut longest = 0;
        for start in (0..indices.len()).step_by(BLOCK) {
            let rows = start..(start + BLOCK).min(indices.len());
            let spectra = archive.spectra(rows)?;
            longest = spectra.iter().map(|(eigenvalues, _)| cuts.eigenvalues(eigenvalues)).fold(longest, usize::max);
        }
        if archive.provenance().thin.is_none() {
            let sums = archive.sums(|row| self.summed.insert(indices[row]))?;
            self.add(sums);
        }
        Ok(longest)
    }

    fn take_up(&mut self, archive: &Archive) -> Result<(), ArchiveError> {
        let (path, source) = (archive.path(), self.files.len());
        let cuts = self.thin;
        let lengths = match &cuts {
            Some(cuts) => thin::lengths(archive.dimension(), self.sum_up(archive, cuts)?),
            None => archive.lengths()?,
        };
        if let (Some(first), Some(provenance)) = (self.files.first(), self.provenances.first()) {
            refuse_mixed((first, provenance), (path, archive.provenance()))?;
            refuse_mixed_particles((first, self.lengths), (path, lengths))?;
        }
        let [indices, modes, snapshots, frames] = [
            archive.indices()?,
            archive.key(Table::Modes)?,
            archive.key(Table::Snapshots)?,
            archive.key(Table::Frames)?,
        ];
        let [nonlinear, transitions] = [archive.key(Table::Nonlinear)?, archive.key(Table::Transitions)?];
        let kept: Vec<u64>;
        let [modes, snapshots, frames] = match &cuts {
            Some(cuts) => {
                let table = archive.modes()?;
                let keep = |row: &usize| cuts.keep(table.omega[*row], table.participation[*row]);
                kept = (0..modes.len()).filter(keep).map(|row| modes[row]).collect();
                [kept.as_slice(), &[], &[]]
            }
            None => [modes, snapshots, frames],
        };
        self.entries.extend(indices.iter().map(|&index| RealizationInSource {
            index,
            source,
            modes: range_of(modes, index).len() as u32,
            snapshots: range_of(snapshots, index).len() as u32,
            frames: range_of(frames, index).len() as u32,
            nonlinear: range_of(nonlinear, index).len() as u32,
            transitions: range_of(transitions, index).len() as u32,
        }));
        self.failures.extend(archive.failures()?);
        self.lengths = self.lengths.union(lengths);
        self.files.push(path.to_owned());
        // Thousands of copies of one configuration are of no use: that of the longest campaign is kept.
        let mut provenance = archive.provenance().clone();
        if self.provenances.iter().all(|known| known.realizations < provenance.realizations) {
            self.provenances.iter_mut().for_each(|known| known.config.clear());
        } else {
            provenance.config.clear();
        }
        self.provenances.push(provenance);
        Ok(())
    }
}

/// What decided that realizations are in the result which are in sources of selected ones alone; `entries` ascend in index.
fn selected_by(provenances: &[Provenance], entries: &[RealizationInSource]) -> Option<String> {
    let of_source = |entry: &RealizationInSource| provenances[entry.source].selected_by.as_deref();
    let only_there = entries.chunk_by(|a, b| a.index == b.index).map(|copies| copies.iter().map(of_source));
    let selections: BTreeSet<&str> =
        only_there.filter_map(|copies| copies.collect::<Option<Vec<&str>>>()).flatten().collect();
    (!selections.is_empty()).then(|| selections.into_iter().collect::<Vec<&str>>().join("; "))
}

fn refuse_mixed_particles(first: (&Path, AxisLengths), second: (&Path, AxisLengths)) -> Result<(), ArchiveError> {
    let (first_count, second_count) = (first.1.particles, second.1.particles);
    if first_count == 0 || second_count == 0 || first_count == second_count {
        return Ok(());
    }
    Err(ArchiveError::Mixed {
        attribute: "number of particles",
        first_path: first.0.to_owned(),
        first: first_count.to_string(),
        second_path: second.0.to_owned(),
        second: second_count.to_string(),
    })
}

/// Failures of realizations that no source has finished, one each: the one with most attempts.
fn remaining_failures(failures: Vec<FailureRow>, entries: &[RealizationInSource]) -> Vec<FailureRow> {
    let mut remaining: BTreeMap<u64, FailureRow> = BTreeMap::new();
    for failure in failures {
        if entries.binary_search_by_key(&failure.index, |entry| entry.index).is_ok() {
            continue;
        }
        let known = remaining.entry(failure.index).or_insert_with(|| failure.clone());
        if failure.attempts > known.attempts {
            *known = failure;
        }
    }
    remaining.into_values().collect()
}

/// Bytes of one row of each table in memory.
struct RowSizes {
    bytes: [usize; Table::ALL.len()],
}

impl RowSizes {
    fn of(lengths: &AxisLengths) -> RowSizes {
        let mut bytes = [0; Table::ALL.len()];
        for dataset in SCHEMA {
            bytes[dataset.table as usize] += dataset.element.bytes() * lengths.width(dataset);
        }
        RowSizes { bytes }
    }

    fn entry(&self, entry: &RealizationInSource) -> usize {
        let of = |table: Table| self.bytes[table as usize];
        of(Table::Realizations)
            + entry.modes as usize * of(Table::Modes)
            + entry.snapshots as usize * of(Table::Snapshots)
            + entry.frames as usize * of(Table::Frames)
            + entry.nonlinear as usize * of(Table::Nonlinear)
            + entry.transitions as usize * of(Table::Transitions)
    }
}
