//! `glassmodes status`: how far a campaign is, from its ledger alone.

use super::exit::{CommandFailure, Exit};
use crate::arguments::StatusArguments;
use crate::status::{State, Status};
use crate::terminal::{duration, say};
use campaign::ledger::{LEDGER_NAME, read_ledger};
use serde::Serialize;
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
        let overview = Overview::of(&arguments.campaign)?;
        if arguments.json {
            say(serde_json::to_string(&overview).unwrap_or_default());
        } else {
            overview.tell();
        }
        if !arguments.watch || overview.whole.is_complete() {
            return Ok(Exit::Complete);
        }
        std::thread::sleep(WATCH);
    }
}

/// A campaign, and its slices if it has any.
#[derive(Debug, Serialize)]
struct Overview {
    #[serde(flatten)]
    whole: Status,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slices: Vec<Slice>,
}

#[derive(Debug, Serialize)]
struct Slice {
    folder: PathBuf,
    #[serde(flatten)]
    status: Status,
}

impl Overview {
    fn of(folder: &Path) -> Result<Overview, CommandFailure> {
        if folder.join(LEDGER_NAME).exists() {
            return Ok(Overview { whole: of_folder(folder)?, slices: Vec::new() });
        }
        let mut slices = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(CommandFailure::file(folder))? {
            let path = entry.map_err(CommandFailure::file(folder))?.path();
            if path.join(LEDGER_NAME).exists() {
                slices.push(Slice { status: of_folder(&path)?, folder: path });
            }
        }
        if slices.is_empty() {
            return Err(CommandFailure::Usage(format!(
                "{}: holds no campaign (no {LEDGER_NAME} here or one folder below)",
                folder.display()
            )));
        }
        slices.sort_by(|a, b| a.folder.cmp(&b.folder));
        let parts: Vec<Status> = slices.iter().map(|slice| slice.status.clone()).collect();
        Ok(Overview { whole: Status::sum(&parts), slices })
    }

    fn tell(&self) {
        for slice in &self.slices {
            say(format_args!("{}: {}", slice.folder.display(), summary(&slice.status)));
        }
        say(summary(&self.whole));
        for running in &self.whole.running {
            let (index, host) = (running.index, &running.host);
            say(format_args!(
                "  realization {index} on {host}, process {}, for {}",
                running.worker,
                duration(running.seconds)
            ));
        }
        for task in &self.whole.quarantined {
            say(format_args!("  quarantined: realization {}, {} attempts: {}", task.index, task.attempts, task.reason));
        }
    }
}

fn of_folder(folder: &Path) -> Result<Status, CommandFailure> {
    let contents = read_ledger(folder).map_err(CommandFailure::file(&folder.join(LEDGER_NAME)))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let mut status = Status::of(&contents.lines, now, campaign::lock::is_held(folder));
    status.damaged_lines = contents.damaged.len() as u64;
    status.disk_bytes = size_of_folder(folder);
    Ok(status)
}

/// One line.
fn summary(status: &Status) -> String {
    let mut words = format!("{} of {} done", status.done, status.total);
    let mut add = |more: String| {
        words.push_str(", ");
        words.push_str(&more);
    };
    if status.unsaved > 0 {
        add(format!("{} not yet safe", status.unsaved));
    }
    if !status.quarantined.is_empty() {
        add(format!("{} quarantined", status.quarantined.len()));
    }
    if status.lost_processes > 0 {
        add(format!("{} processes lost", status.lost_processes));
    }
    match (status.state, &status.outcome) {
        (State::New, _) => add("not begun".to_owned()),
        (State::Running, _) => add(format!("{} running", status.running.len())),
        (State::Complete, _) => add("complete".to_owned()),
        (State::Stopped, Some(outcome)) => add(outcome.clone()),
        (State::Stopped, None) => add("ended from outside; the same command resumes".to_owned()),
    }
    if let Some(rate) = status.rate.filter(|_| status.state == State::Running) {
        add(format!("{rate:.3} a second"));
    }
    if let Some([expected, low, high]) = status.eta_seconds {
        add(format!("{} to go ({} to {})", duration(expected), duration(low), duration(high)));
    }
    add(format!("{:.1} MB on disk", status.disk_bytes as f64 / 1e6));
    if status.damaged_lines > 0 {
        add(format!("{} damaged lines in the ledger", status.damaged_lines));
    }
    words
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
