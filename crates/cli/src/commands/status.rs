//! `glassmodes status`: how far a campaign is, from its ledger and lock alone.

use super::exit::{CommandFailure, Exit};
use crate::arguments::StatusArguments;
use crate::folder::{Begun, CampaignFolder, places};
use crate::progress::Unit;
use crate::terminal::{clear_screen, duration, reader_has_left, say};
use archive::segments::segment_files;
use campaign::{LEDGER_NAME, Presence, Status, presence, read_ledger};
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time between two looks of `--watch`.
const WATCH: Duration = Duration::from_secs(2);

/// Shows the status, once or until nobody works on the campaign any more.
///
/// # Errors
/// [`CommandFailure`] when there is no campaign, or its ledger cannot be read.
pub fn status(arguments: &StatusArguments) -> Result<Exit, CommandFailure> {
    loop {
        let parts = read(&arguments.campaign)?;
        let together = parts.iter().all(|part| part.status.config_hash == parts[0].status.config_hash);
        let total = together.then(|| Total::of(&parts));
        if arguments.json {
            let overview = Overview { total: total.as_ref(), parts: &parts };
            say(serde_json::to_string(&overview).unwrap_or_default());
        } else {
            if arguments.watch {
                clear_screen();
            }
            tell(&parts, total.as_ref());
        }
        let over = parts.iter().all(|part| part.coordinator_is == Presence::Gone);
        if !arguments.watch || over || reader_has_left() {
            return Ok(Exit::Complete);
        }
        std::thread::sleep(WATCH);
    }
}

/// So many of the latest attempts that ended badly are shown; `--json` has all.
const FAILED_SHOWN: usize = 5;

/// One folder with a ledger.
#[derive(Debug, Serialize)]
struct Part {
    folder: PathBuf,
    coordinator_is: Presence,
    disk_bytes: u64,
    /// What is counted.
    unit: Unit,
    #[serde(flatten)]
    status: Status,
}

impl Part {
    fn of(folder: &Path, coordinator_is: Presence) -> Result<Part, CommandFailure> {
        let contents = read_ledger(folder).map_err(CommandFailure::file(&folder.join(LEDGER_NAME)))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let mut status = Status::read(&contents, now);
        if coordinator_is == Presence::Gone {
            // Ended from outside: its ledger could not say so.
            status.active = false;
            status.running.clear();
            status.queued = 0;
            status.received = 0;
            status.forecast = None;
        }
        if !status.active && status.kept > 0 && is_emptied(folder) {
            status.kept = 0;
            status.outcome = Some("what was kept is gone; the same command computes it again".to_owned());
        }
        // The ledger of a list has positions in it.
        if let Some(places) = places(folder) {
            let failed = status.failed.iter_mut().map(|task| &mut task.index);
            let running = status.running.iter_mut().map(|task| &mut task.index);
            let quarantined = status.quarantined.iter_mut().map(|task| &mut task.index);
            failed.chain(running).chain(quarantined).for_each(|index| *index = places.index(*index).unwrap_or(*index));
        }
        // Of a list, of glasses made elsewhere, or where nothing is said of it, each is one.
        let unit = Begun::of(folder, &[]).map_or(Unit::Realization, |begun| Unit::of(&begun.plan));
        Ok(Part { folder: folder.to_owned(), coordinator_is, disk_bytes: size_of_folder(folder), unit, status })
    }

    fn has_archive(&self) -> bool {
        CampaignFolder::archive_in(&self.folder).is_file()
    }

    fn complete(&self) -> bool {
        let settled = self.status.kept.saturating_add(self.status.quarantined.len() as u64);
        !self.status.active && self.status.runs > 0 && settled >= self.status.total && self.has_archive()
    }
}

/// All parts together.
#[derive(Debug, Serialize)]
struct Total {
    total: u64,
    done: u64,
    running: usize,
    quarantined: usize,
    complete: bool,
    /// Realizations a second, of what is running.
    rate: Option<f64>,
    /// Seconds to go, lowest and highest likely; the slowest part decides.
    eta_seconds: Option<[f64; 3]>,
    disk_bytes: u64,
}

impl Total {
    fn of(parts: &[Part]) -> Total {
        let forecasts = || parts.iter().filter_map(|part| part.status.forecast);
        let latest = |of: fn(&campaign::Forecast) -> f64| forecasts().map(|forecast| of(&forecast)).fold(0.0, f64::max);
        let some = forecasts().next().is_some();
        Total {
            total: parts.iter().map(|part| part.status.total).fold(0, u64::saturating_add),
            done: parts.iter().map(|part| part.status.kept).fold(0, u64::saturating_add),
            running: parts.iter().map(|part| part.status.running.len()).sum(),
            quarantined: parts.iter().map(|part| part.status.quarantined.len()).sum(),
            complete: parts.iter().all(Part::complete),
            rate: some.then(|| forecasts().map(|forecast| forecast.rate).sum()),
            eta_seconds: some.then(|| [latest(|f| f.seconds), latest(|f| f.low), latest(|f| f.high)]),
            disk_bytes: parts.iter().map(|part| part.disk_bytes).sum(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Overview<'a> {
    /// Of one campaign; several have no sum.
    #[serde(flatten)]
    total: Option<&'a Total>,
    parts: &'a [Part],
}

/// The campaign in `folder`, or its slices in the folders below.
fn read(folder: &Path) -> Result<Vec<Part>, CommandFailure> {
    let mut folders = vec![folder.to_owned()];
    if !folder.join(LEDGER_NAME).exists() {
        folders.clear();
        for entry in std::fs::read_dir(folder).map_err(CommandFailure::file(folder))? {
            folders.push(entry.map_err(CommandFailure::file(folder))?.path());
        }
        folders.retain(|path| path.join(LEDGER_NAME).exists());
        folders.sort();
    }
    if folders.is_empty() {
        return Err(CommandFailure::Usage(format!(
            "{}: no campaign (there is no {LEDGER_NAME} in it or in a folder below)",
            folder.display()
        )));
    }
    let presences = presence(&folders);
    folders.iter().zip(presences).map(|(folder, presence)| Part::of(folder, presence)).collect()
}

fn tell(parts: &[Part], total: Option<&Total>) {
    for part in parts {
        say(format_args!("{}: {}", part.folder.display(), summary(part)));
        for running in &part.status.running {
            say(format_args!(
                "  {} {} on {}, process {}, for {}",
                part.unit,
                running.index,
                running.host,
                running.worker,
                duration(running.seconds)
            ));
        }
        for attempt in part.status.failed.iter().rev().take(FAILED_SHOWN).rev() {
            say(format_args!("  {} {} attempt {}: {}", part.unit, attempt.index, attempt.attempt, attempt.reason));
        }
        for task in &part.status.quarantined {
            let (index, attempts, reason) = (task.index, task.attempts, &task.reason);
            say(format_args!("  {} {index} quarantined, {attempts} attempts: {reason}", part.unit));
        }
    }
    let Some(total) = total else {
        return say("these are different campaigns, so they are not added up");
    };
    if parts.len() > 1 {
        let mut words = format!(
            "together: {} of {}{} done, {} running",
            total.done,
            total.total,
            parts[0].unit.counted(),
            total.running
        );
        if let Some([expected, low, high]) = total.eta_seconds {
            // Writing to a string cannot fail.
            let _ = write!(words, ", {} to go ({} to {})", duration(expected), duration(low), duration(high));
        }
        say(words);
    }
}

/// A part in one line.
fn summary(part: &Part) -> String {
    let status = &part.status;
    let mut words = vec![format!("{} of {}{} done", status.kept, status.total, part.unit.counted())];
    if status.received > 0 {
        words.push(format!("{} not yet safe", status.received));
    }
    if !status.quarantined.is_empty() {
        words.push(format!("{} quarantined", status.quarantined.len()));
    }
    if !status.failed.is_empty() {
        words.push(format!("{} attempts ended badly", status.failed.len()));
    }
    let lost = status.workers.iter().filter(|worker| worker.lost).count();
    if lost > 0 {
        words.push(format!("{lost} processes lost"));
    }
    words.push(match (status.active, &status.outcome) {
        (true, _) if part.coordinator_is == Presence::Frozen => frozen(status),
        (true, _) => format!("{} running", status.running.len()),
        (false, Some(outcome)) if status.exit_code == Some(0) && !part.has_archive() && status.kept > 0 => {
            format!("{outcome}, but archive.h5 is gone: the same command makes it again")
        }
        (false, Some(outcome)) => outcome.clone(),
        (false, None) => "ended from outside; the same command goes on".to_owned(),
    });
    if let Some(forecast) = status.forecast {
        words.push(format!("{:.3} a second", forecast.rate));
        let (expected, low, high) = (duration(forecast.seconds), duration(forecast.low), duration(forecast.high));
        words.push(format!("{expected} to go ({low} to {high})"));
    }
    words.push(format!("{:.1} MB on disk", part.disk_bytes as f64 / 1e6));
    if !status.damaged_lines.is_empty() {
        words.push(format!("{} unreadable lines in the ledger", status.damaged_lines.len()));
    }
    words.join(", ")
}

/// Whether nothing that was kept is there any more.
fn is_emptied(folder: &Path) -> bool {
    let segments = folder.join("segments");
    let no_segments = !segments.exists() || segment_files(&segments).is_ok_and(|segments| segments.is_empty());
    no_segments && !CampaignFolder::archive_in(folder).exists()
}

/// That nothing moves, and what to do about it.
fn frozen(status: &Status) -> String {
    match &status.coordinator {
        Some((host, pid)) => {
            format!("frozen: process {pid} on {host} is suspended (kill -CONT {pid} there lets it go on)")
        }
        None => "frozen: its coordinator is suspended".to_owned(),
    }
}

fn size_of_folder(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of_folder(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}
