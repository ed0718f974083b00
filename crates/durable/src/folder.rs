//! Folders, and the names in them, on disk.

use crate::error::{DurableError, WhileTrying};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes the names in a folder survive the death of the machine. File systems that cannot do that for
/// folders (CIFS, some FUSE: EINVAL or ENOTSUP) do without.
///
/// # Errors
/// [`DurableError`] if the disk refuses.
pub fn sync_folder(folder: &Path) -> Result<(), DurableError> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(cause) if matches!(cause.raw_os_error(), Some(libc::EINVAL | libc::ENOTSUP)) => Ok(()),
        done => done.while_trying(folder, "bring to disk"),
    }
}

/// Makes a folder and those above it, as far as they are not there, and brings their names to disk.
///
/// # Errors
/// [`DurableError`] names the folder that cannot be made.
pub fn make_folder(folder: &Path) -> Result<(), DurableError> {
    let above = folder_of(folder);
    let made = match fs::create_dir(folder) {
        // In /proc a folder cannot be made for the same reason, though there is one above it.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound && !above.is_dir() => {
            make_folder(above)?;
            fs::create_dir(folder)
        }
        made => made,
    };
    match made {
        Ok(()) => sync_folder(above),
        Err(_) if folder.is_dir() => Ok(()),
        Err(cause) => Err(cause).while_trying(folder, "make the folder"),
    }
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_with_those_above_them_and_files_are_in_the_way() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let deep = folder.path().join("a/b/c");
        make_folder(&deep).expect("made");
        make_folder(&deep).expect("there already");
        fs::write(deep.join("file"), "").expect("writable");
        for path in ["file", "file/d"] {
            let error = make_folder(&deep.join(path)).expect_err("a file is in the way");
            assert!(error.to_string().contains("/c/file"), "{error}");
        }
        assert_eq!(folder_of(Path::new("name")), Path::new("."));
    }
}
