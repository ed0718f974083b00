//! Quarantined realizations of campaigns' folders, from their ledgers.

use archive::FailureRow;
use campaign::{LEDGER_NAME, Status, read_ledger};
use std::path::PathBuf;
use tracing::warn;

/// What the ledgers of those `sources` that are folders say of realizations given up.
pub fn folders(sources: &[PathBuf]) -> Vec<FailureRow> {
    let mut failures = Vec::new();
    for folder in sources.iter().filter(|source| source.join(LEDGER_NAME).is_file()) {
        match read_ledger(folder) {
            Ok(contents) => {
                let quarantined = Status::read(&contents, 0.0).quarantined.into_iter();
                failures.extend(quarantined.map(|task| FailureRow {
                    index: task.index,
                    attempts: task.attempts,
                    reason: task.reason,
                }));
            }
            Err(error) => warn!(folder = %folder.display(), %error, "its ledger cannot be read"),
        }
    }
    failures
}
