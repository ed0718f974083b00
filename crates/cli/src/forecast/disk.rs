//! Bytes on disk, from the sizes of files with the records of the calibration.

use super::Layout;
use crate::provenance;
use archive::{ArchiveError, Record, WriteStyle, write_archive};
use realization::config::Plan;
use std::path::Path;

/// What the files of a campaign take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disk {
    segment: Cost,
    archive: Cost,
}

/// Bytes of a file with one realization, and of each further one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost {
    first: f64,
    further: f64,
}

impl Disk {
    /// Writes the records into `folder`, as segment and as archive, alone and together.
    ///
    /// # Errors
    /// [`ArchiveError`] when they cannot be written there.
    pub fn measure(plan: &Plan, records: &[Record], folder: &Path) -> Result<Disk, ArchiveError> {
        let origin = provenance::of(plan, &provenance::now());
        let cost = |style: WriteStyle| {
            let size = |name: &str, records: &[Record]| {
                let path = folder.join(name);
                write_archive(&path, &origin, records, &[], style)?;
                let measured = std::fs::metadata(&path);
                measured
                    .map_err(|cause| ArchiveError::Io { path, action: "measure", cause })
                    .map(|file| file.len() as f64)
            };
            let alone = records.iter().map(|record| size("alone.h5", std::slice::from_ref(record)));
            let first = alone.sum::<Result<f64, _>>()? / records.len() as f64;
            let others = records.len() - 1;
            let further = if others == 0 { 0.0 } else { (size("together.h5", records)? - first) / others as f64 };
            Ok::<Cost, ArchiveError>(Cost { first, further })
        };
        Ok(Disk { segment: cost(WriteStyle::Segment)?, archive: cost(WriteStyle::Archive)? })
    }

    /// Bytes of the archive of `realizations`.
    pub fn archive(&self, realizations: u64) -> f64 {
        self.archive.of(realizations, 1)
    }

    /// Bytes of the segments of the campaign, so laid out: each is full, or the time was up.
    pub fn segments(&self, plan: &Plan, layout: &Layout) -> f64 {
        let (campaign, slices) = (&plan.campaign, u64::from(layout.slices));
        let full = campaign.realizations.div_ceil(slices).div_ceil(campaign.segment_records);
        let in_time = (3600.0 * layout.hours / campaign.segment_seconds).ceil() as u64;
        let segments = slices * full.max(in_time);
        self.segment.of(campaign.realizations, segments.clamp(1, campaign.realizations))
    }
}

impl Cost {
    fn of(&self, realizations: u64, files: u64) -> f64 {
        files as f64 * self.first + (realizations - files) as f64 * self.further
    }
}
