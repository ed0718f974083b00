//! A file under a temporary name, until it is whole.

use crate::error::{DurableError, WhileTrying};
use crate::folder::{folder_of, sync_folder};
use crate::regular::check_regular;
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::IntoRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What stands between the name that a file is to get and the number of the process that writes it.
const MARK: &str = ".tmp-";

/// Bytes of a name that its temporary name repeats: file systems allow 255.
const NAME_BYTES: usize = 200;

/// A file under a temporary name beside its final one; removed unless it is committed.
#[derive(Debug)]
pub struct TemporaryFile {
    temporary: PathBuf,
    target: PathBuf,
    /// Open, and locked, as long as the temporary name is in use: so that others see that we live.
    holder: File,
    committed: bool,
}

impl TemporaryFile {
    /// An empty file beside `path`, or beside what `path` links to.
    ///
    /// # Errors
    /// [`DurableError`] if `path` is there and no regular file, or its folder cannot be written.
    pub fn beside(path: &Path) -> Result<TemporaryFile, DurableError> {
        check_regular(path).while_trying(path, "replace")?;
        let target = match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => followed(path).while_trying(path, "follow")?,
            _ => path.to_owned(),
        };
        let mut number = 0;
        loop {
            let temporary = folder_of(&target).join(temporary_name(&target, number));
            number += 1;
            let created = OpenOptions::new().read(true).write(true).create_new(true).open(&temporary);
            match created {
                Ok(holder) if holds(&holder, &temporary) => {
                    return Ok(TemporaryFile { temporary, target, holder, committed: false });
                }
                // Who sweeps took it for abandoned before it was locked.
                Ok(_) => {}
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause).while_trying(&temporary, "create"),
            }
        }
    }

    /// A temporary file beside `path` that holds `bytes`: on disk, closed, and read back.
    ///
    /// # Errors
    /// As [`TemporaryFile::beside`]; [`DurableError`] if the disk refuses or gives back something else.
    pub fn holding(path: &Path, bytes: &[u8]) -> Result<TemporaryFile, DurableError> {
        let mut temporary = TemporaryFile::beside(path)?;
        let writer = OpenOptions::new().write(true).open(temporary.path());
        let mut writer = writer.while_trying(temporary.path(), "open for writing")?;
        writer.write_all(bytes).while_trying(path, "write")?;
        writer.sync_all().while_trying(path, "bring to disk")?;
        close(writer).while_trying(path, "close")?;
        match holds_bytes(&mut temporary.holder, bytes).while_trying(path, "read back")? {
            true => Ok(temporary),
            false => {
                Err(io::Error::other("the disk gives back something else than was written")).while_trying(path, "write")
            }
        }
    }

    /// The temporary name.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// Brings to disk what others have written under the temporary name.
    ///
    /// # Errors
    /// [`DurableError`] if the disk refuses.
    pub fn sync(&self) -> Result<(), DurableError> {
        self.holder.sync_all().while_trying(&self.temporary, "bring to disk")
    }

    /// Gives the finished file, which is on disk, its name.
    ///
    /// # Errors
    /// [`DurableError`] if the system refuses.
    pub fn commit(self) -> Result<(), DurableError> {
        let target = self.target.clone();
        self.commit_as(&target)
    }

    /// Gives the finished file, which is on disk, another name of the same folder.
    ///
    /// # Errors
    /// As [`TemporaryFile::commit`].
    pub fn commit_as(mut self, path: &Path) -> Result<(), DurableError> {
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
pub fn is_temporary(name: &str) -> bool {
    name_within(name).is_some()
}

/// The name that a temporary file was to get, as far as its own repeats it.
pub(crate) fn name_within(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.rsplit_once(MARK).map(|(name, _)| name)
}

/// As much of a file's name as its temporary name repeats.
pub(crate) fn shortened(path: &Path) -> String {
    let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut end = name.len().min(NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name
}

fn temporary_name(target: &Path, number: u32) -> String {
    format!(".{}{MARK}{}-{number}", shortened(target), std::process::id())
}

/// Where a link leads, if need be to a file that is not there yet.
fn followed(link: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(link) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let next = folder_of(link).join(fs::read_link(link)?);
            // A loop of links is another error, so this ends.
            if next.is_symlink() { followed(&next) } else { Ok(next) }
        }
        found => found,
    }
}

/// Locks a file just made, and looks whether it still has its name. Where there are no locks it is held all the same.
fn holds(file: &File, path: &Path) -> bool {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => is_same(file, path),
        Err(error) => error != rustix::io::Errno::WOULDBLOCK,
    }
}

/// Whether `path` names this open file.
pub(crate) fn is_same(file: &File, path: &Path) -> bool {
    let of = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => of(open) == of(named),
        _ => false,
    }
}

/// Closes a file; the error that closing by `drop` would hide.
fn close(file: File) -> io::Result<()> {
    // SAFETY: the descriptor is ours alone, and given up here.
    match unsafe { libc::close(file.into_raw_fd()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn holds_bytes(file: &mut File, mut expected: &[u8]) -> io::Result<bool> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(expected.is_empty()),
            Ok(read) if expected.starts_with(&buffer[..read]) => expected = &expected[read..],
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable");
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("name");
        let temporary = TemporaryFile::holding(&path, b"second").expect("writable");
        // The name is taken by a folder meanwhile: the last step, the rename, fails.
        fs::create_dir(&path).expect("free");
        assert_eq!(temporary.commit().expect_err("taken").action, "rename to its final name");
        assert_eq!(write(&path, b"third").expect_err("taken").action, "open for writing");
        assert_eq!(names(folder.path()), ["name"]);
    }

    #[test]
    fn two_at_once_have_names_of_their_own() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("x".repeat(255));
        let first = TemporaryFile::holding(&path, b"first").expect("writable");
        let second = TemporaryFile::holding(&path, b"second").expect("writable");
        assert!(first.path() != second.path() && names(folder.path()).iter().all(|name| is_temporary(name)));
        second.commit().expect("renamed");
        first.commit().expect("renamed");
        assert_eq!(fs::read(&path).expect("readable"), b"first");
        assert!(!is_temporary("segment-000001-0123456789abcdef.h5"));
    }

    #[test]
    fn links_are_followed_and_kept() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("there")).expect("free");
        std::os::unix::fs::symlink("there/target", at("second")).expect("free");
        std::os::unix::fs::symlink("second", at("first")).expect("free");
        for text in ["made", "replaced"] {
            write(&at("first"), text.as_bytes()).expect("writable");
            assert_eq!(fs::read_to_string(at("there/target")).expect("readable"), text);
        }
        assert!(at("first").is_symlink() && at("second").is_symlink() && !at("there/target").is_symlink());
        std::os::unix::fs::symlink("loop", at("loop")).expect("free");
        write(&at("loop"), b"").expect_err("leads nowhere");
    }

    #[test]
    fn a_pipe_is_written_into_and_not_replaced() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = tempfile::tempdir().expect("temporary folder");
        let pipe = folder.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).expect("readable")
        });
        write(&pipe, b"text").expect("written");
        assert_eq!(reader.join().expect("read"), b"text");
        assert_eq!(TemporaryFile::beside(&pipe).expect_err("no regular file").action, "replace");
        assert_eq!(names(folder.path()), ["pipe"]);
    }
}
