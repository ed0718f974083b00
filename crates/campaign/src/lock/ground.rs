//! Whether the folder under a campaign is still the one it locked: anybody may rename it, replace it, or remove the lock.

use super::sight::Sight;
use super::{Holder, LOCK_NAME};
use rustix::fs::{AtFlags, Mode, OFlags, openat, unlinkat};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A locked folder, by its name and by what it is.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    directory: PathBuf,
    /// The folder itself, whatever its name is now.
    handle: Arc<File>,
    /// The content of our lock, and its device and inode.
    text: Arc<[u8]>,
    lock: (u64, u64),
}

/// What became of a locked folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing.
    Ours,
    /// Another folder, or none, has its name.
    Moved,
    /// The lock is not there any more.
    LockRemoved,
    /// The lock is there and empty, or not readable as one.
    LockDamaged,
    /// Another coordinator has locked it.
    TakenOver,
}

impl Ground {
    /// The folder at `directory`, locked by `file` with this content.
    pub(super) fn new(directory: &Path, text: Vec<u8>, file: &File) -> io::Result<Self> {
        let lock = file.metadata()?;
        Ok(Self {
            directory: directory.to_owned(),
            handle: Arc::new(File::open(directory)?),
            text: text.into(),
            lock: (lock.dev(), lock.ino()),
        })
    }

    /// The folder's name.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// What became of the folder. A file system that does not answer for a moment changes nothing.
    pub(crate) fn standing(&self) -> Standing {
        match (std::fs::metadata(&self.directory), self.handle.metadata()) {
            (Ok(named), Ok(held)) if (named.dev(), named.ino()) != (held.dev(), held.ino()) => return Standing::Moved,
            (Err(error), _) if error.kind() == io::ErrorKind::NotFound => return Standing::Moved,
            _ => {}
        }
        match Sight::of(&self.directory.join(LOCK_NAME)) {
            Ok(sight) if sight.content() == &*self.text => Standing::Ours,
            Ok(sight) if sight.holder().is_some() => Standing::TakenOver,
            Ok(_) => Standing::LockDamaged,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Standing::LockRemoved,
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Standing::LockDamaged,
            Err(_) => Standing::Ours,
        }
    }

    /// Removes our lock from the folder, whatever its name is now; another's is left alone.
    pub(super) fn remove_lock(&self) {
        if self.is_lock_ours().unwrap_or(false) {
            let _ = unlinkat(&self.handle, LOCK_NAME, AtFlags::empty());
        }
    }

    fn is_lock_ours(&self) -> io::Result<bool> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.handle, LOCK_NAME, flags, Mode::empty())?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(false);
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let emptied =
            (metadata.dev(), metadata.ino()) == self.lock && serde_json::from_slice::<Holder>(&content).is_err();
        Ok(content == *self.text || emptied)
    }
}
