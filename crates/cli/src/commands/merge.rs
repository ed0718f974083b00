//! `glassmodes merge`: segments, slices and archives into one.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::MergeArguments;
use crate::failures_of;
use crate::terminal::{note, say, several};
use archive::segments::{is_segment, segment_files};
use archive::{ArchiveError, MergeOptions, MergeReport, ThinCuts, index_ranges, merge as merge_archives, open_segment};
use realization::config::compare::deciding_differences;
use std::path::PathBuf;

/// Merges, and says what is missing, duplicated or quarantined; exit code 3 if a damaged segment had to be left out.
///
/// # Errors
/// [`CommandFailure::Archive`] when the sources do not belong together, cannot be read, or the result
/// cannot be written.
pub fn merge(arguments: &MergeArguments) -> Result<Exit, CommandFailure> {
    let output = Output::out(&arguments.out);
    output.check_archive(&inputs(&arguments.sources))?;
    for source in &arguments.sources {
        if let Err(cause) = std::fs::metadata(source) {
            return Err(CommandFailure::File { path: source.clone(), cause });
        }
    }
    let options = MergeOptions {
        failures: failures_of::folders(&arguments.sources)?,
        force: arguments.force,
        thin: arguments.thin.then(|| ThinCuts {
            modes_below: arguments.modes_below.unwrap_or(f64::INFINITY),
            participation_below: arguments.participation_below.unwrap_or(f64::INFINITY),
        }),
        ..MergeOptions::default()
    };
    let report = merge_archives(&arguments.sources, &output.followed(), &options).map_err(with_keys)?;
    tell(&report);
    say(format_args!(
        "{} of {} from {}: {}",
        report.realizations,
        several(report.planned, "realization", "realizations"),
        several(report.sources, "file", "files"),
        arguments.out.display()
    ));
    Ok(if report.damaged.is_empty() { Exit::Complete } else { Exit::LeftOut })
}

/// Of sources with different configurations, the keys that differ instead of their hashes.
fn with_keys(error: ArchiveError) -> CommandFailure {
    let ArchiveError::Mixed { attribute: "config_hash", first_path, second_path, .. } = &error else {
        return error.into();
    };
    let (Ok(first), Ok(second)) = (open_segment(first_path), open_segment(second_path)) else { return error.into() };
    let keys: Vec<String> = deciding_differences(&first.provenance().config, &second.provenance().config)
        .iter()
        .map(|key| format!("{}: {} and {}", key.key, key.before, key.after))
        .collect();
    if keys.is_empty() {
        return error.into();
    }
    CommandFailure::Usage(format!(
        "{} and {} are of different campaigns; {}",
        first_path.display(),
        second_path.display(),
        keys.join("; ")
    ))
}

/// What must not be replaced: segments, whose names say what they hold, and what else a campaign lives from. An archive
/// may be, as the result holds all that it held.
fn inputs(sources: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = sources.iter().filter(|source| is_segment(source)).cloned().collect();
    for source in sources.iter().filter(|source| source.is_dir()) {
        files.extend(segment_files(&source.join("segments")).unwrap_or_default());
        files.extend(["config.toml", "ledger.jsonl"].map(|name| source.join(name)));
    }
    files
}

fn tell(report: &MergeReport) {
    if !report.missing.is_empty() {
        note(format_args!("missing: {} ({})", report.missing.count(), report.missing));
    }
    if !report.duplicates.is_empty() {
        note(format_args!(
            "in several sources, with the same results: {} ({})",
            report.duplicates.len(),
            index_ranges(&report.duplicates)
        ));
    }
    for failure in &report.failures {
        note(format_args!(
            "quarantined after {} attempts: realization {}: {}",
            failure.attempts, failure.index, failure.reason
        ));
    }
    for damaged in &report.damaged {
        note(format_args!("damaged, left out: {}: {}", damaged.path.display(), damaged.reason));
    }
    if report.unsummed > 0 {
        note(format_args!(
            "the sums of staircases and series leave out {} of them: thin archives that have some in common cannot be taken \
             apart; merge the archives that they came from",
            several(report.unsummed, "realization", "realizations")
        ));
    }
    if report.git_commits.len() > 1 {
        note(format_args!("computed by several commits of the program: {}", report.git_commits.join(", ")));
    }
}
