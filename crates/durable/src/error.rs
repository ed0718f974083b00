//! What the operating system refused.

use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The operating system refused something that a file on disk takes.
#[derive(Debug, Error)]
#[error("{}: cannot {action}: {cause}", path.display())]
pub struct DurableError {
    /// File or folder.
    pub path: PathBuf,
    /// What was tried, as "write" or "rename".
    pub action: &'static str,
    /// Why not.
    #[source]
    pub cause: io::Error,
}

/// Names the file and what was tried.
pub(crate) trait WhileTrying<T> {
    fn while_trying(self, path: &Path, action: &'static str) -> Result<T, DurableError>;
}

impl<T> WhileTrying<T> for io::Result<T> {
    fn while_trying(self, path: &Path, action: &'static str) -> Result<T, DurableError> {
        self.map_err(|cause| DurableError { path: path.to_owned(), action, cause })
    }
}
