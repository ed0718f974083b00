//! Where a campaign's records are kept: segments while it runs, one archive when it is complete.

use crate::folder::CampaignFolder;
use crate::provenance::foreign;
use archive::{
    Archive, ArchiveError, FailureRow, MergeOptions, Present, Provenance, Record, SegmentStore, WriteStyle,
    index_ranges, merge, read_if_present, read_through, write_archive,
};
use campaign::{Finished, Quarantined, Receipt, Store, StoreError};
use std::collections::BTreeSet;
use tracing::{info, warn};

/// The records of one folder; lives on the coordinator.
pub struct RecordStore {
    folder: CampaignFolder,
    provenance: Provenance,
    /// Whether this folder is responsible for a realization.
    mine: Box<dyn Fn(u64) -> bool + Send>,
    /// Opened when the lock is held: opening clears away what a dead coordinator left.
    segments: Option<SegmentStore>,
}

impl RecordStore {
    /// The store of `folder` for the realizations that are `mine`; its archives get this provenance.
    pub fn new(folder: CampaignFolder, provenance: Provenance, mine: impl Fn(u64) -> bool + Send + 'static) -> Self {
        RecordStore { folder, provenance, mine: Box::new(mine), segments: None }
    }

    /// Whether the archive holds just what the segments hold, and these failures: a run that found nothing to do need
    /// not write it again.
    fn is_current(&mut self, failures: &[FailureRow]) -> Result<bool, StoreError> {
        let completed = self.segments()?.completed().clone();
        let is_this = |archive: &Archive| {
            let same_campaign = foreign(archive.provenance(), &self.provenance).is_none()
                && archive.provenance().realizations == self.provenance.realizations;
            let indices = archive.indices()?;
            // A thin one lacks what the segments hold.
            let whole = archive.provenance().thin.is_none();
            let holds_all = whole && completed.iter().all(|index| indices.binary_search(index).is_ok());
            let is_this = same_campaign && holds_all && archive.failures()? == failures;
            if is_this {
                read_through(archive)?;
            }
            Ok(is_this)
        };
        let read =
            read_if_present(&self.folder.archive(), is_this).map_err(|error| failed("read the archive", error))?;
        Ok(read.sound().unwrap_or(false))
    }

    /// Indices in the campaign's archive, if it has one: with the segments cleaned away, nothing else tells. A damaged
    /// one counts for nothing; one of another campaign is nobody's to replace. A thin one that alone holds something would
    /// make all of the next one thin.
    fn archived(&mut self) -> Result<Vec<u64>, StoreError> {
        let path = self.folder.archive();
        let read = |archive: &Archive| {
            if foreign(archive.provenance(), &self.provenance).is_some() {
                return Ok(None);
            }
            // What it holds is not computed again, so all of it is looked at.
            read_through(archive)?;
            Ok(Some((archive.indices()?.to_vec(), archive.provenance().thin.is_some())))
        };
        match read_if_present(&path, read).map_err(|error| failed("read the archive", error))? {
            Present::Absent => Ok(Vec::new()),
            Present::Sound(Some((indices, false))) => Ok(indices),
            Present::Sound(Some((indices, true))) => {
                let kept = self.segments()?.completed();
                let only_there: Vec<u64> = indices.iter().copied().filter(|index| !kept.contains(index)).collect();
                if only_there.is_empty() {
                    return Ok(indices);
                }
                let realizations = index_ranges(&only_there);
                let words = format!(
                    "it is thin, and realizations {realizations} are in no segment: all of the archive would become thin; \
                     move it away, and merge with it afterwards"
                );
                Err(failed(&format!("go on beside {}", path.display()), words))
            }
            Present::Sound(None) => {
                let words = "it is of another configuration or version of the program; move it away";
                Err(failed(&format!("go on beside {}", path.display()), words))
            }
            Present::Damaged(error) => {
                warn!(archive = %path.display(), reason = %error, "damaged: what only it holds is computed again");
                Ok(Vec::new())
            }
        }
    }

    fn segments(&mut self) -> Result<&mut SegmentStore, StoreError> {
        if self.segments.is_none() {
            let opened = SegmentStore::open(&self.folder.segments(), &self.provenance)
                .map_err(|error| failed("read the segments", error))?;
            for damaged in &opened.recovery().damaged {
                warn!(segment = %damaged.path.display(), reason = %damaged.reason, "damaged: what only it holds is computed again");
            }
            for temporary in &opened.recovery().temporary {
                warn!(file = %temporary.display(), "unfinished: removed");
            }
            self.segments = Some(opened);
        }
        self.segments.as_mut().ok_or_else(|| failed("read the segments", "not open"))
    }
}

impl Store for RecordStore {
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        let archived = self.archived()?;
        let mut indices: BTreeSet<u64> = self.segments()?.completed().clone();
        indices.extend(archived);
        Ok(indices.into_iter().collect())
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        let records = records.iter().map(decode).collect::<Result<Vec<Record>, _>>()?;
        let written = self.segments()?.write_segment(&records).map_err(|error| match error {
            ArchiveError::Record { index, problem } => StoreError::Rejected { index, reason: problem.to_string() },
            error => failed("write a segment", error),
        })?;
        let Some(segment) = written else { return Ok(Receipt::default()) };
        info!(segment = %segment.path.display(), records = segment.indices.len(), bytes = segment.bytes, "kept");
        Ok(Receipt { bytes: segment.bytes })
    }

    fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
        let failures: Vec<FailureRow> = quarantined.iter().map(failure_row).collect();
        let out = self.folder.archive();
        if self.is_current(&failures)? {
            info!(archive = %out.display(), "complete already, left alone");
            return Ok(());
        }
        let archived = self.archived()?;
        let segments = self.segments()?;
        let only_archived = archived.iter().any(|index| !segments.completed().contains(index));
        if segments.segments().is_empty() && !only_archived {
            return write_archive(&out, &self.provenance, &[], &failures, WriteStyle::Archive)
                .map_err(|error| failed("write the archive", error));
        }
        let options = MergeOptions { failures, ..MergeOptions::default() };
        let report = merge(&[self.folder.path().to_owned()], &out, &options)
            .map_err(|error| failed("write the archive", error))?;
        // A segment that was whole when it was written may have been damaged since.
        let lost: Vec<u64> = report.missing.iter().filter(|&index| (self.mine)(index)).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let damaged = report.damaged.iter().map(|segment| segment.reason.as_str()).collect::<Vec<_>>().join("; ");
        let words = format!("realizations {} are gone ({damaged}); run again to compute them", index_ranges(&lost));
        Err(failed("complete the archive", words))
    }
}

/// The record of one finished realization, checked against what it should be.
fn decode(finished: &Finished) -> Result<Record, StoreError> {
    let rejected = |reason: String| StoreError::Rejected { index: finished.index, reason };
    let mut record: Record =
        postcard::from_bytes(&finished.record).map_err(|error| rejected(format!("it cannot be read: {error}")))?;
    if record.index != finished.index {
        return Err(rejected(format!("it is that of realization {}", record.index)));
    }
    record.attempts = finished.attempts;
    Ok(record)
}

fn failure_row(task: &Quarantined) -> FailureRow {
    FailureRow { index: task.index, attempts: task.attempts, reason: task.reason.clone() }
}

/// A failure that ends the campaign: what was tried, and why it did not work.
pub fn failed(tried: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Failed { message: format!("cannot {tried}"), source: source.into() }
}
