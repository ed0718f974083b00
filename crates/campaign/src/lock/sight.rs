//! A lock file as it looks at one moment.

use super::Holder;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A lock is shorter than this.
const BYTES_MAX: u64 = 1 << 16;

/// A lock file as it looks at one moment. If it looks different later, somebody has touched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    content: Vec<u8>,
    file: (u64, u64),
    /// Seconds and nanoseconds, by the clock of the machine that keeps the file.
    touched: (i64, i64),
}

impl Sight {
    /// Looks at the lock at `path`. It is opened each time: that makes a network file system ask its server.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let file = durable::open_regular(path, OpenOptions::new().read(true))?;
        let mut content = Vec::new();
        file.take(BYTES_MAX).read_to_end(&mut content)?;
        let metadata = std::fs::metadata(path)?;
        Ok(Self { content, file: (metadata.dev(), metadata.ino()), touched: (metadata.mtime(), metadata.mtime_nsec()) })
    }

    /// Who holds it, if that can be read.
    pub(super) fn holder(&self) -> Option<Holder> {
        serde_json::from_slice(&self.content).ok()
    }

    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Whether both are the same lock, touched or not.
    pub(super) fn is_same_file(&self, other: &Sight) -> bool {
        self.content == other.content && self.file == other.file
    }

    /// Seconds since 1970 of the last touch, by the clock of the machine that keeps the file.
    pub(super) fn touched(&self) -> i64 {
        self.touched.0
    }
}
