//! Why a file is not a list of glasses.

use archive::ArchiveError;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file is not a list of glasses.
#[derive(Debug, Error)]
pub enum FormatError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Read {
        /// File.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// HDF5 is read by jumping about in it.
    #[error("{}: {what}; write it to a file of its own first", path.display())]
    NotSeekable {
        /// File.
        path: PathBuf,
        /// "HDF5 cannot be read from a pipe", …
        what: &'static str,
    },
    /// More text than memory has room for.
    #[error("{}: holds more than {:.1} GB of text, more than memory has room for; split it", path.display(), *limit as f64 / 1e9)]
    TooLarge {
        /// File.
        path: PathBuf,
        /// Bytes that would be accepted.
        limit: u64,
    },
    /// Something in a text is not as the format says.
    #[error("{}:{line}:{column}: {what}", path.display())]
    Malformed {
        /// File.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong and what would be accepted.
        what: String,
    },
    /// Something in a binary file is not as its format says.
    #[error("{}: {part} {what}", path.display())]
    Part {
        /// File.
        path: PathBuf,
        /// Frame and chunk, array, or part of the container.
        part: String,
        /// What is wrong and what would be accepted.
        what: String,
    },
    /// The file cannot be read as HDF5.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file without a frame.
    #[error("{}: has no frame (an archive keeps particles only where it keeps a mode vector)", .0.display())]
    NoParticles(PathBuf),
    /// A group was asked for in a format without groups.
    #[error("{}: is no HDF5, and has no groups; leave --group out", .0.display())]
    NoGroups(PathBuf),
    /// A box was given for a file that has one.
    #[error("{}: is no plain XYZ, and has a box of its own; leave --box out", .0.display())]
    HasBox(PathBuf),
    /// Of the frames asked for the file has none.
    #[error("{}: has none of the frames that --frames asks for", .0.display())]
    NoFrames(PathBuf),
}
