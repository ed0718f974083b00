//! What can go wrong with an archive, and where.

use crate::conflict::Conflict;
use durable::DurableError;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why an archive could not be written, read or merged. Every message names the file.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The operating system refused.
    #[error("{}: cannot {action}: {cause}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What was tried, as "write" or "rename".
        action: &'static str,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The file does not hold what was written to it, and so did not get its name.
    #[error(
        "{}: {object} cannot be read back as it was written, so the disk or its network lost something; nothing was kept, \
         try again: {problem}",
        path.display()
    )]
    NotAsWritten {
        /// File, by the name it was to get.
        path: PathBuf,
        /// Dataset or group; "/" for the file itself.
        object: String,
        /// What came back.
        problem: String,
    },
    /// What an archive holds cannot be read, or disagrees with its checksum.
    #[error("{}, {object}: {problem}", path.display())]
    Unsound {
        /// The archive.
        path: PathBuf,
        /// Dataset, group or attribute.
        object: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A segment whose content is not what its name says: the only damage there is to segments.
    #[error("{}: its content has hash {found}, its name says {expected}", path.display())]
    Damaged {
        /// Segment.
        path: PathBuf,
        /// Hash of its content.
        found: String,
        /// Hash in its name.
        expected: String,
    },
    /// The HDF5 library refused.
    #[error("{}: {object}: {cause}", path.display())]
    Hdf5 {
        /// File.
        path: PathBuf,
        /// Dataset, group or attribute; "/" for the file itself.
        object: String,
        /// HDF5's words.
        #[source]
        cause: hdf5::Error,
    },
    /// An archive would be replaced by one that holds less.
    #[error(
        "{} holds realizations {realizations}, which none of the sources has: name it among the sources to keep them, give another --out, or --force",
        path.display()
    )]
    HoldsMore {
        /// The archive.
        path: PathBuf,
        /// What would be lost.
        realizations: String,
    },
    /// An archive would be replaced by a thinner one.
    #[error(
        "{} keeps vectors, series, their sums or modes that the thin result would leave out: give another --out, or --force",
        path.display()
    )]
    KeepsMore {
        /// The archive.
        path: PathBuf,
    },
    /// The file is something else, or too damaged to tell.
    #[error("{} is not a glassmodes archive: {reason}", path.display())]
    NotAnArchive {
        /// File.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file was written by a later version of this program.
    #[error("{} has format version {version}, this program reads up to {supported}: use a newer glassmodes", path.display())]
    NewerVersion {
        /// File.
        path: PathBuf,
        /// Its format version.
        version: u32,
        /// The newest one understood here.
        supported: u32,
    },
    /// A dataset or attribute that every archive has is not there.
    #[error("{}: {object} is missing", path.display())]
    Missing {
        /// File.
        path: PathBuf,
        /// Dataset or attribute.
        object: String,
    },
    /// A dataset has another shape or type than the schema says.
    #[error("{}: {dataset} has {what} {found}, expected {expected}", path.display())]
    Layout {
        /// File.
        path: PathBuf,
        /// Dataset.
        dataset: &'static str,
        /// "shape", "type" or "value".
        what: &'static str,
        /// As found.
        found: String,
        /// As the schema says.
        expected: String,
    },
    /// A row beyond the end was asked for.
    #[error("{}: {table} has {rows} rows, row {row} was asked for", path.display())]
    OutOfRange {
        /// File.
        path: PathBuf,
        /// Table.
        table: &'static str,
        /// Row asked for.
        row: usize,
        /// Rows there are.
        rows: usize,
    },
    /// A record that rows of this schema cannot hold.
    #[error("realization {index} cannot be stored: {problem}")]
    Record {
        /// Its index.
        index: u64,
        /// What is wrong with it.
        problem: RecordProblem,
    },
    /// HDF5 keeps attributes below 64 kB.
    #[error("the resolved configuration has {bytes} bytes, an archive holds at most {limit}")]
    ConfigTooLong {
        /// Length of the TOML text.
        bytes: usize,
        /// Most that fits.
        limit: usize,
    },
    /// Two sources do not belong to the same campaign.
    #[error("{} and {} have different {attribute}: {first:?} and {second:?}", first_path.display(), second_path.display())]
    Mixed {
        /// Attribute that differs.
        attribute: &'static str,
        /// One file.
        first_path: PathBuf,
        /// Its value.
        first: String,
        /// Another file.
        second_path: PathBuf,
        /// Its value.
        second: String,
    },
    /// Sources hold different results for the same realization.
    #[error("the sources disagree about {}", .conflicts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Conflict {
        /// One entry for each pair of files that disagree about a realization, ascending.
        conflicts: Vec<Conflict>,
    },
    /// A file of particles that are no glass.
    #[error("{}: {object} {problem}", path.display())]
    Glass {
        /// File.
        path: PathBuf,
        /// Dataset or group.
        object: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Nothing to merge.
    #[error("no archive or segment found in {}", .sources.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoSource {
        /// Where was looked.
        sources: Vec<PathBuf>,
    },
}

impl From<DurableError> for ArchiveError {
    fn from(DurableError { path, action, cause }: DurableError) -> Self {
        ArchiveError::Io { path, action, cause }
    }
}

/// What is wrong with a record.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum RecordProblem {
    /// The same index twice.
    #[error("its index occurs twice")]
    Duplicate,
    /// Two lists that go together differ in length.
    #[error("{first_count} values of {first} but {second_count} of {second}")]
    Lengths {
        /// One list.
        first: &'static str,
        /// Its length.
        first_count: usize,
        /// The other.
        second: &'static str,
        /// Its length.
        second_count: usize,
    },
    /// NaN marks the end of a row, so it cannot be a value there.
    #[error("{what} number {position} is NaN")]
    NotANumber {
        /// Which list.
        what: &'static str,
        /// Position in it.
        position: usize,
    },
    /// All vectors and frames of an archive have the same number of particles.
    #[error("it has {found} particles, the others have {expected}")]
    Particles {
        /// In this record.
        found: usize,
        /// In the archive.
        expected: usize,
    },
    /// A profile is stored beside the vector it belongs to.
    #[error("mode {mode} has a profile but no vector")]
    ProfileWithoutVector {
        /// Position in the spectrum.
        mode: u32,
    },
    /// What starts from a mode names one that is described.
    #[error("a search started from described mode {source_mode} of {modes}")]
    NoSuchMode {
        /// Its place among the described modes, from 0.
        source_mode: usize,
        /// How many there are.
        modes: usize,
    },
}

/// Names the file and the object in an error of the HDF5 library.
pub(crate) trait Context<T> {
    fn context(self, path: &Path, object: &str) -> Result<T, ArchiveError>;
}

impl<T> Context<T> for hdf5::Result<T> {
    fn context(self, path: &Path, object: &str) -> Result<T, ArchiveError> {
        self.map_err(|cause| ArchiveError::Hdf5 { path: path.to_owned(), object: object.to_owned(), cause })
    }
}

/// Names the file and what was tried in an error of the operating system.
pub(crate) trait IoContext<T> {
    fn while_trying(self, path: &Path, action: &'static str) -> Result<T, ArchiveError>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn while_trying(self, path: &Path, action: &'static str) -> Result<T, ArchiveError> {
        self.map_err(|cause| ArchiveError::Io { path: path.to_owned(), action, cause })
    }
}
