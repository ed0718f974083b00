//! Whether results can be written where they shall be, asked before anything is computed.

use super::exit::CommandFailure;
use std::path::Path;

/// Refuses `--out` if it is a folder, has none, or a name that HDF5 cannot take.
///
/// # Errors
/// [`CommandFailure::Usage`] says what to name instead.
pub(super) fn check_archive_path(out: &Path) -> Result<(), CommandFailure> {
    let refuse = |why: &str| Err(CommandFailure::Usage(format!("--out {}: {why}", out.display())));
    if out.to_str().is_none() {
        return refuse("is not UTF-8; name another file");
    }
    if out.is_dir() {
        return refuse("is a folder; name a file, for example archive.h5 in it");
    }
    if out.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return refuse("its folder is not there; make it first");
    }
    Ok(())
}

/// Refuses `--out` if it is a file where a folder is to be.
///
/// # Errors
/// [`CommandFailure::Usage`] says what to name instead.
pub(super) fn check_folder_path(out: &Path) -> Result<(), CommandFailure> {
    match out.exists() && !out.is_dir() {
        true => Err(CommandFailure::Usage(format!("--out {}: is a file; name a folder", out.display()))),
        false => Ok(()),
    }
}
