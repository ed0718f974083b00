//! Files that appear under their name complete and on disk, or not at all.

use crate::error::{ArchiveError, IoContext};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file under a temporary name beside its final one; removed unless it is committed.
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    temporary: PathBuf,
    committed: bool,
}

impl TemporaryFile {
    /// Chooses the temporary name of `path`, and clears away what an earlier process of the same
    /// number left there.
    pub(crate) fn beside(path: &Path) -> Result<TemporaryFile, ArchiveError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder_of(path).join(format!(".{name}.tmp-{}", std::process::id()));
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).while_trying(&temporary, "remove"),
            _ => Ok(TemporaryFile { temporary, committed: false }),
        }
    }

    /// A temporary file beside `path` that holds `bytes`.
    pub(crate) fn holding(path: &Path, bytes: &[u8]) -> Result<TemporaryFile, ArchiveError> {
        let temporary = TemporaryFile::beside(path)?;
        let mut file = File::create_new(temporary.path()).while_trying(temporary.path(), "create")?;
        file.write_all(bytes).while_trying(path, "write")?;
        Ok(temporary)
    }

    /// The temporary name.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Brings the finished file to disk and gives it its name.
    pub(crate) fn commit(mut self, path: &Path) -> Result<(), ArchiveError> {
        let file = File::open(&self.temporary).while_trying(&self.temporary, "open")?;
        file.sync_all().while_trying(&self.temporary, "bring to disk")?;
        drop(file);
        fs::rename(&self.temporary, path).while_trying(path, "rename to its final name")?;
        self.committed = true;
        sync_folder(folder_of(path))
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if !self.committed {
            // Best effort: the name says that it is nothing but a remnant.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Whether a file has the name of a temporary file.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.contains(".tmp-")
}

/// Writes `bytes` to `path` by way of a temporary name.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    TemporaryFile::holding(path, bytes)?.commit(path)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    File::open(folder).and_then(|folder| folder.sync_all()).while_trying(folder, "bring to disk")
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("name");
        write(&path, b"first").expect("writable");
        // The name is taken by a folder now: the last step, the rename, fails.
        fs::remove_file(&path).expect("exists");
        fs::create_dir(&path).expect("free");
        assert!(matches!(write(&path, b"second"), Err(ArchiveError::Io { .. })));
        let left: Vec<_> = fs::read_dir(folder.path()).expect("readable").collect();
        assert_eq!(left.len(), 1);
    }

    #[test]
    fn names_of_temporary_files_are_recognized() {
        let temporary = TemporaryFile::beside(Path::new("/tmp/segment.h5")).expect("a name");
        assert!(is_temporary(&temporary.path().file_name().expect("a file").to_string_lossy()));
        assert!(!is_temporary("segment-000001-0123456789abcdef.h5"));
    }
}
