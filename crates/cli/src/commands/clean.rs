//! `glassmodes clean`: removes what a campaign's verified archive makes superfluous.

use super::exit::{CommandFailure, Exit};
use crate::arguments::CleanArguments;
use crate::folder::{Begun, CampaignFolder};
use crate::provenance;
use crate::terminal::say;
use archive::{Archive, SegmentStore, VerifyOptions, index_ranges, verify};
use campaign::{OUTCOME_NAME, while_locked};
use std::path::{Path, PathBuf};

/// Verifies the archive, compares what it holds with the segments, and removes these and what interrupted runs have left,
/// all of it while nobody else may work in the folder.
///
/// # Errors
/// [`CommandFailure`] when a coordinator works there, the archive is not sound, or a segment holds more; nothing is
/// removed then.
pub fn clean(arguments: &CleanArguments) -> Result<Exit, CommandFailure> {
    let folder = &arguments.campaign;
    let begun = Begun::of(folder, &[])?;
    while_locked(folder, |_| {
        let superfluous = superfluous(folder, &begun)?;
        let mut bytes = 0;
        for path in &superfluous {
            bytes += std::fs::metadata(path).map_or(0, |file| file.len());
            std::fs::remove_file(path).map_err(CommandFailure::file(path))?;
        }
        let files = superfluous.len();
        say(format_args!(
            "removed {files} files, {:.1} MB; {} holds all",
            bytes as f64 / 1e6,
            archive_of(folder).display()
        ));
        Ok(Exit::Complete)
    })?
}

fn archive_of(folder: &Path) -> PathBuf {
    CampaignFolder::archive_in(folder)
}

/// The files that may go, after the archive has been verified.
fn superfluous(folder: &Path, begun: &Begun) -> Result<Vec<PathBuf>, CommandFailure> {
    let path = archive_of(folder);
    if !path.is_file() {
        let words = format!("{}: there is no archive yet; run the campaign to its end first", folder.display());
        return Err(CommandFailure::Usage(words));
    }
    let report = verify(&path, &VerifyOptions { force_tolerance: begun.plan.quench.force_tolerance });
    if !report.is_sound() {
        let words = format!("{}: is not sound (glassmodes verify says why); nothing is removed", path.display());
        return Err(CommandFailure::Usage(words));
    }
    let segments = folder.join("segments");
    let mut files = Vec::new();
    if segments.is_dir() {
        let archived = Archive::open(&path)?;
        if archived.provenance().thin.is_some() {
            let words = format!(
                "{}: is thin and lacks what the segments hold; move it away and run the campaign",
                path.display()
            );
            return Err(CommandFailure::Usage(words));
        }
        let archived = archived.indices()?;
        let origin = provenance::of(&begun.plan, &begun.created);
        let kept = SegmentStore::open(&segments, &origin)?;
        let only_there: Vec<u64> =
            kept.completed().iter().copied().filter(|index| archived.binary_search(index).is_err()).collect();
        if !only_there.is_empty() {
            let realizations = index_ranges(&only_there);
            let words =
                format!("{}: does not hold realizations {realizations}; run the campaign first", path.display());
            return Err(CommandFailure::Usage(words));
        }
        files.extend(entries(&segments)?);
    }
    files.extend(entries(folder)?.into_iter().filter(|path| is_left_behind(path)));
    Ok(files)
}

/// Whether an interrupted run has left this file.
fn is_left_behind(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    durable::is_temporary(&name) || name.starts_with(&format!(".{OUTCOME_NAME}-"))
}

/// The files in a folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, CommandFailure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CommandFailure::file(folder))? {
        let path = entry.map_err(CommandFailure::file(folder))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
