//! `glassmodes merge`: segments, slices and archives into one.

use super::exit::{CommandFailure, Exit};
use super::output::check_archive_path;
use crate::arguments::MergeArguments;
use crate::failures_of;
use crate::terminal::{note, say};
use archive::{MergeOptions, MergeReport, index_ranges, merge as merge_archives};

/// Merges, and says what is missing, duplicated, quarantined or damaged.
///
/// # Errors
/// [`CommandFailure::Archive`] when the sources do not belong together, cannot be read, or the result
/// cannot be written.
pub fn merge(arguments: &MergeArguments) -> Result<Exit, CommandFailure> {
    check_archive_path(&arguments.out)?;
    for source in &arguments.sources {
        if let Err(cause) = std::fs::metadata(source) {
            return Err(CommandFailure::File { path: source.clone(), cause });
        }
    }
    let options = MergeOptions { failures: failures_of::folders(&arguments.sources), ..MergeOptions::default() };
    let report = merge_archives(&arguments.sources, &arguments.out, &options)?;
    tell(&report);
    say(format_args!(
        "{} of {} realizations from {} files: {}",
        report.realizations,
        report.planned,
        report.sources,
        arguments.out.display()
    ));
    Ok(Exit::Complete)
}

fn tell(report: &MergeReport) {
    if !report.missing.is_empty() {
        note(format_args!("missing: {} ({})", report.missing.len(), index_ranges(&report.missing)));
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
    if report.git_commits.len() > 1 {
        note(format_args!("computed by several commits of the program: {}", report.git_commits.join(", ")));
    }
}
