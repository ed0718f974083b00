//! `glassmodes status`: how far a campaign is, from its ledger and lock alone.

use super::exit::{CommandFailure, Exit};
use crate::arguments::StatusArguments;
use crate::coordinator_alive::{Coordinator, look};
use crate::terminal::{duration, reader_has_left, say};
use campaign::{LEDGER_NAME, Status, read_ledger};
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time between two looks of `--watch`.
const WATCH: Duration = Duration::from_secs(2);

/// Shows the status, once or until the campaign is complete.
///
/// # Errors
/// [`CommandFailure`] when there is no campaign, or its ledger cannot be read.
pub fn status(arguments: &StatusArguments) -> Result<Exit, CommandFailure> {
    loop {
        let parts = read(&arguments.campaign)?;
        let total = Total::of(&parts);
        if arguments.json {
            let overview = Overview { total: &total, parts: &parts };
            say(serde_json::to_string(&overview).unwrap_or_default());
        } else {
            tell(&parts, &total);
        }
        if !arguments.watch || total.complete || reader_has_left() {
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
    coordinator_is: Coordinator,
    disk_bytes: u64,
    #[serde(flatten)]
    status: Status,
}

impl Part {
    fn of(folder: &Path) -> Result<Part, CommandFailure> {
        let contents = read_ledger(folder).map_err(CommandFailure::file(&folder.join(LEDGER_NAME)))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let mut status = Status::read(&contents, now);
        let coordinator_is = look(folder);
        if coordinator_is == Coordinator::Gone {
            // Ended from outside: its ledger could not say so.
            status.active = false;
            status.running.clear();
            status.queued = 0;
            status.received = 0;
            status.forecast = None;
        }
        Ok(Part { folder: folder.to_owned(), coordinator_is, disk_bytes: size_of_folder(folder), status })
    }

    fn complete(&self) -> bool {
        let settled = self.status.kept + self.status.quarantined.len() as u64;
        !self.status.active && self.status.runs > 0 && settled >= self.status.total
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
            total: parts.iter().map(|part| part.status.total).sum(),
            done: parts.iter().map(|part| part.status.kept).sum(),
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
    #[serde(flatten)]
    total: &'a Total,
    parts: &'a [Part],
}

/// The campaign in `folder`, or its slices in the folders below.
fn read(folder: &Path) -> Result<Vec<Part>, CommandFailure> {
    if folder.join(LEDGER_NAME).exists() {
        return Ok(vec![Part::of(folder)?]);
    }
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CommandFailure::file(folder))? {
        let path = entry.map_err(CommandFailure::file(folder))?.path();
        if path.join(LEDGER_NAME).exists() {
            parts.push(Part::of(&path)?);
        }
    }
    if parts.is_empty() {
        return Err(CommandFailure::Usage(format!(
            "{}: no campaign (there is no {LEDGER_NAME} in it or in a folder below)",
            folder.display()
        )));
    }
    parts.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(parts)
}

fn tell(parts: &[Part], total: &Total) {
    for part in parts {
        say(format_args!("{}: {}", part.folder.display(), summary(part)));
        for running in &part.status.running {
            say(format_args!(
                "  realization {} on {}, process {}, for {}",
                running.index,
                running.host,
                running.worker,
                duration(running.seconds)
            ));
        }
        for attempt in part.status.failed.iter().rev().take(FAILED_SHOWN).rev() {
            say(format_args!("  realization {} attempt {}: {}", attempt.index, attempt.attempt, attempt.reason));
        }
        for task in &part.status.quarantined {
            say(format_args!("  realization {} quarantined, {} attempts: {}", task.index, task.attempts, task.reason));
        }
    }
    if parts.len() > 1 {
        let mut words = format!("together: {} of {} done, {} running", total.done, total.total, total.running);
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
    let mut words = vec![format!("{} of {} done", status.kept, status.total)];
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
        (true, _) => format!("{} running", status.running.len()),
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

fn size_of_folder(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of_folder(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}
