//! Sources of one archive that disagree.

use crate::difference::Difference;
use std::fmt;
use std::path::PathBuf;

/// Two sources that disagree about a realization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The realization.
    pub index: u64,
    /// One file.
    pub first: PathBuf,
    /// The other.
    pub second: PathBuf,
    /// The first dataset in which they differ; positions count within the realization.
    pub difference: Difference,
}

impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (self.first.display(), self.second.display());
        write!(formatter, "realization {} of {first} and {second} ({})", self.index, self.difference)
    }
}
