//! `glassmodes clean`: removes what a campaign's verified archive makes superfluous.

use super::exit::{CommandFailure, Exit};
use crate::arguments::CleanArguments;
use crate::chains::Chains;
use crate::folder::{Begun, CampaignFolder};
use crate::provenance;
use crate::terminal::say;
use archive::{Archive, SegmentStore, VerifyOptions, index_ranges, verify};
use campaign::{LOCK_NAME, OUTCOME_NAME, while_locked};
use durable::Writers;
use std::path::{Path, PathBuf};

/// Verifies the archive, compares what it holds with the segments, and removes these and what interrupted runs have left,
/// all of it while nobody else may work in the folder. What came meanwhile, or is none of these, stays.
///
/// # Errors
/// [`CommandFailure`] when a coordinator works there, the archive is not sound or of another campaign, or may lack what a
/// segment holds or held; nothing is removed then.
pub fn clean(arguments: &CleanArguments) -> Result<Exit, CommandFailure> {
    let folder = &arguments.campaign;
    let begun = Begun::of(folder, &[])?;
    while_locked(folder, |still_ours| {
        let superfluous = superfluous(folder, &begun)?;
        let (mut files, mut bytes) = (0, 0);
        for path in &superfluous {
            if !still_ours() {
                let lock = folder.join(LOCK_NAME);
                let cause = "it is not ours any more: another coordinator has the folder, or it was moved; run again";
                return Err(CommandFailure::File { path: lock, cause: std::io::Error::other(cause) });
            }
            let size = size(path);
            std::fs::remove_file(path).map_err(CommandFailure::file(path))?;
            (files, bytes) = (files + 1, bytes + size);
        }
        // A `merge` into the folder may be writing there.
        let temporary: Vec<(PathBuf, u64)> =
            entries(folder, durable::is_temporary)?.into_iter().map(|path| (path.clone(), size(&path))).collect();
        let removed = durable::remove_remnants(folder, Writers::Others, |_| true)?;
        files += removed.len();
        bytes += temporary.iter().filter(|(path, _)| removed.contains(path)).map(|(_, size)| size).sum::<u64>();
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

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
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
    let archived = Archive::open(&path)?;
    let origin = provenance::of(&begun.plan, &begun.created);
    if let Some(difference) = provenance::foreign(archived.provenance(), &origin) {
        let words =
            format!("{}: is not of this campaign, {difference}; move it away and run the campaign", path.display());
        return Err(CommandFailure::Usage(words));
    }
    let segments = folder.join("segments");
    let mut files = Vec::new();
    if segments.is_dir() {
        if archived.provenance().thin.is_some() {
            let words = format!(
                "{}: is thin and lacks what the segments hold; move it away and run the campaign",
                path.display()
            );
            return Err(CommandFailure::Usage(words));
        }
        let kept = SegmentStore::open(&segments, &origin)?;
        let indices = archived.indices()?;
        let only_there: Vec<u64> =
            kept.completed().iter().copied().filter(|index| indices.binary_search(index).is_err()).collect();
        if !only_there.is_empty() {
            let realizations = index_ranges(&only_there);
            let words =
                format!("{}: does not hold realizations {realizations}; run the campaign first", path.display());
            return Err(CommandFailure::Usage(words));
        }
        files.extend(kept.segments().iter().map(|segment| segment.path.clone()));
        let damaged = entries(&segments, |name| name.ends_with(".damaged"))?;
        if let Some(first) = damaged.first()
            && !is_complete(&archived, begun)?
        {
            let words = format!(
                "{}: is damaged, and nobody knows what it held; {} lacks planned realizations, so run the campaign to its \
                 end first",
                first.display(),
                path.display()
            );
            return Err(CommandFailure::Usage(words));
        }
        files.extend(damaged);
    }
    files.extend(entries(folder, |name| name.starts_with(&format!(".{OUTCOME_NAME}-")))?);
    Ok(files)
}

/// Whether every realization of the folder's slice is in the archive, or was given up.
fn is_complete(archived: &Archive, begun: &Begun) -> Result<bool, CommandFailure> {
    let chains = Chains::of(&begun.plan, begun.slice);
    let given_up = archived.failures()?;
    let settled = archived.indices()?.iter().copied().chain(given_up.iter().map(|row| row.index));
    let settled = settled.filter(|&index| chains.hold(index)).count() as u64;
    Ok(settled >= chains.tasks.count() * chains.length)
}

/// The files in a folder with such a name.
fn entries(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, CommandFailure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CommandFailure::file(folder))? {
        let entry = entry.map_err(CommandFailure::file(folder))?;
        if wanted(&entry.file_name().to_string_lossy()) && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
