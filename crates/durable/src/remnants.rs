//! Temporary files whose writers were killed.

use crate::error::{DurableError, WhileTrying};
use crate::folder::folder_of;
use crate::temporary::{is_same, name_within, shortened};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Who may be writing to a folder. It matters on file systems without locks only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    /// Nobody but the caller: what is not locked is abandoned.
    OnlyTheCaller,
    /// Others, too: what cannot be locked may be theirs.
    Others,
}

/// Removes the temporary files in `folder` that no living process holds; says which those were. `picked` is asked by
/// the name that each was to get.
///
/// # Errors
/// [`DurableError`] if the folder cannot be listed, or one of the files not be removed.
pub fn remove_remnants(
    folder: &Path,
    writers: Writers,
    picked: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, DurableError> {
    let mut removed = Vec::new();
    for entry in fs::read_dir(folder).while_trying(folder, "list")? {
        let entry = entry.while_trying(folder, "list")?;
        if !name_within(&entry.file_name().to_string_lossy()).is_some_and(&picked) {
            continue;
        }
        let path = entry.path();
        match remove_if_abandoned(&path, writers) {
            Ok(true) => removed.push(path),
            Ok(false) => {}
            // Its writer was done, or somebody else sweeps, too.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(cause).while_trying(&path, "remove"),
        }
    }
    removed.sort();
    Ok(removed)
}

/// Removes what earlier writers of the file at `path` have left beside it.
///
/// # Errors
/// As [`remove_remnants`].
pub fn remove_remnants_of(path: &Path) -> Result<(), DurableError> {
    let name = shortened(path);
    remove_remnants(folder_of(path), Writers::Others, |of| of == name).map(|_| ())
}

fn remove_if_abandoned(path: &Path, writers: Writers) -> io::Result<bool> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(false);
    }
    let file = match OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(path) {
        Ok(file) => file,
        // Somebody else's.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(false),
        Err(error) => return Err(error),
    };
    let abandoned = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => is_same(&file, path),
        Err(rustix::io::Errno::WOULDBLOCK) => false,
        Err(_) => writers == Writers::OnlyTheCaller,
    };
    if abandoned {
        fs::remove_file(path)?;
    }
    Ok(abandoned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TemporaryFile;

    #[test]
    fn what_is_being_written_stays_and_what_was_abandoned_goes() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        let living = TemporaryFile::holding(&at("archive.h5"), b"half").expect("writable");
        // As a killed process leaves them: also one of an earlier version, and one of another file.
        for name in [".archive.h5.tmp-4242-0", ".archive.h5.tmp-4242", ".other.h5.tmp-4242-0", "notes.tmp-1"] {
            fs::write(at(name), "half").expect("writable");
        }
        fs::create_dir(at(".archive.h5.tmp-folder")).expect("free");
        remove_remnants_of(&at("archive.h5")).expect("swept");
        assert!(!at(".archive.h5.tmp-4242-0").exists() && !at(".archive.h5.tmp-4242").exists());
        let removed = remove_remnants(folder.path(), Writers::OnlyTheCaller, |_| true).expect("swept");
        assert_eq!(removed, [at(".other.h5.tmp-4242-0")]);
        assert!(at("notes.tmp-1").exists() && at(".archive.h5.tmp-folder").exists());
        living.commit().expect("left alone");
        assert_eq!(fs::read(at("archive.h5")).expect("readable"), b"half");
    }
}
