//! Quarantined realizations of campaigns' folders, from their ledgers.

use crate::commands::exit::CommandFailure;
use archive::FailureRow;
use campaign::{LEDGER_NAME, Status, read_ledger};
use std::path::PathBuf;

/// What the ledgers of those `sources` that are folders say of realizations given up.
///
/// # Errors
/// [`CommandFailure::File`] for a ledger that cannot be read: what it says would be left out.
pub fn folders(sources: &[PathBuf]) -> Result<Vec<FailureRow>, CommandFailure> {
    let mut failures = Vec::new();
    for folder in sources.iter().filter(|source| source.is_dir()) {
        let contents = read_ledger(folder).map_err(CommandFailure::file(&folder.join(LEDGER_NAME)))?;
        let quarantined = Status::read(&contents, 0.0).quarantined.into_iter();
        failures.extend(quarantined.map(|task| FailureRow {
            index: task.index,
            attempts: task.attempts,
            reason: task.reason,
        }));
    }
    Ok(failures)
}
