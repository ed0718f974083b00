//! When a running campaign is interrupted: aimed at each part of its life, so that none goes untried.

use campaign::{Entry, read_ledger};
use glassmodes_tests::Running;
use std::path::Path;
use std::time::{Duration, Instant};

/// A part of a campaign's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Processes find one another; nothing is in the ledger.
    StartUp,
    /// Realizations are computed.
    Work,
    /// A segment is on its way to the disk.
    SegmentWrite,
    /// Everything is kept; the archive is written, processes leave.
    Closing,
}

impl Part {
    pub(crate) const ALL: [Part; 4] = [Part::StartUp, Part::Work, Part::SegmentWrite, Part::Closing];

    /// In which part the campaign in `folder` is.
    pub(crate) fn of(folder: &Path, realizations: usize) -> Part {
        let lines = read_ledger(folder).map(|contents| contents.lines).unwrap_or_default();
        if lines.is_empty() {
            Part::StartUp
        } else if kept(folder) == realizations {
            Part::Closing
        } else if segment_files(folder, is_unfinished) > 0 {
            Part::SegmentWrite
        } else {
            Part::Work
        }
    }
}

/// How long the ends of an undisturbed run take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Undisturbed {
    /// From the start to the first line of the ledger.
    pub(crate) start_up: Duration,
    /// From the last segment to the end.
    pub(crate) closing: Duration,
}

impl Undisturbed {
    /// Watches a run of so many realizations in `folder` to its end.
    pub(crate) fn watch(running: &mut Running, folder: &Path, realizations: usize) -> Undisturbed {
        let started = Instant::now();
        until(running, || !read_ledger(folder).is_ok_and(|contents| contents.lines.is_empty()));
        let start_up = started.elapsed();
        until(running, || kept(folder) == realizations);
        let kept = Instant::now();
        until(running, || false);
        Undisturbed { start_up, closing: kept.elapsed() }
    }
}

/// A part, and where in it: from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) part: Part,
    pub(crate) fraction: f64,
}

impl Moment {
    /// Waits for this moment, at most until the campaign has ended.
    pub(crate) fn wait_for(self, running: &mut Running, folder: &Path, realizations: usize, undisturbed: Undisturbed) {
        match self.part {
            Part::StartUp => std::thread::sleep(undisturbed.start_up.mul_f64(self.fraction)),
            Part::Work => {
                let wanted = (self.fraction * realizations as f64) as usize;
                until(running, || finished(folder) >= wanted);
                std::thread::sleep(Duration::from_micros((7919.0 * self.fraction) as u64));
            }
            Part::SegmentWrite => {
                let before = (self.fraction * realizations as f64 / RECORDS_A_SEGMENT as f64) as usize;
                until(running, || segment_files(folder, is_finished) >= before);
                until(running, || {
                    segment_files(folder, is_unfinished) > 0 || segment_files(folder, is_finished) > before
                });
            }
            Part::Closing => {
                until(running, || kept(folder) == realizations);
                std::thread::sleep(undisturbed.closing.mul_f64(self.fraction));
            }
        }
    }
}

/// `segment_records` of the test's campaign.
const RECORDS_A_SEGMENT: usize = 3;

fn until(running: &mut Running, mut holds: impl FnMut() -> bool) {
    while !holds() && !running.has_ended() {
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// Indices that the ledger calls safe.
fn kept(folder: &Path) -> usize {
    let lines = read_ledger(folder).map(|contents| contents.lines).unwrap_or_default();
    let segments = lines.iter().filter_map(|line| match &line.entry {
        Entry::Segment { kept, .. } => Some(kept),
        _ => None,
    });
    segments.flatten().map(|[first, last]| (last - first + 1) as usize).sum()
}

/// Records that the ledger knows to be with the coordinator.
fn finished(folder: &Path) -> usize {
    let lines = read_ledger(folder).map(|contents| contents.lines).unwrap_or_default();
    let finished = lines.iter().filter_map(|line| match &line.entry {
        Entry::Finished { tasks, .. } => Some(tasks.len()),
        _ => None,
    });
    finished.sum()
}

fn segment_files(folder: &Path, which: impl Fn(&str) -> bool) -> usize {
    let Ok(entries) = std::fs::read_dir(folder.join("segments")) else { return 0 };
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).filter(|name| which(name)).count()
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with('.')
}

fn is_finished(name: &str) -> bool {
    name.starts_with("segment-") && name.ends_with(".h5")
}
