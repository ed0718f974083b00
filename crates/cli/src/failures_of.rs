//! Quarantined realizations of campaigns' folders, from their ledgers.

use crate::chains::Chains;
use crate::commands::exit::CommandFailure;
use crate::folder::{Begun, FolderError, places};
use archive::FailureRow;
use campaign::{LEDGER_NAME, Status, read_ledger};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What the ledgers of those `sources` that are folders say of realizations given up.
///
/// # Errors
/// [`CommandFailure::File`] for a ledger that cannot be read: what it says would be left out. As [`Begun::of`] for a
/// campaign that cannot be understood, where one was given up.
pub fn folders(sources: &[PathBuf]) -> Result<Vec<FailureRow>, CommandFailure> {
    let mut failures = Vec::new();
    for folder in sources.iter().filter(|source| source.is_dir()) {
        let contents = read_ledger(folder).map_err(CommandFailure::file(&folder.join(LEDGER_NAME)))?;
        for task in Status::read(&contents, 0.0).quarantined {
            let of_task = |index| FailureRow { index, attempts: task.attempts, reason: task.reason.clone() };
            failures.extend(realizations(folder, task.index)?.map(of_task));
        }
    }
    Ok(failures)
}

/// The realizations that a task of the campaign in `folder` makes.
fn realizations(folder: &Path, task: u64) -> Result<Range<u64>, FolderError> {
    // Of realizations made again (`revisit`) they are positions in a list; of glasses made elsewhere they are realizations,
    // as in a folder of segments alone.
    if let Some(places) = places(folder) {
        return Ok(places.index(task).map_or(0..0, |index| index..index + 1));
    }
    match Begun::of(folder, &[]) {
        Ok(begun) => Ok(Chains::of(&begun.plan, begun.slice).realizations(task)),
        Err(FolderError::NotBegun(_) | FolderError::OfAnotherCommand { .. }) => Ok(task..task + 1),
        Err(error) => Err(error),
    }
}
