//! How the program ends.

use crate::folder::FolderError;
use crate::own_glass::OwnGlassError;
use analysis::{PictureError, ReportError};
use archive::ArchiveError;
use campaign::CampaignError;
use durable::DurableError;
use realization::RealizationFailure;
use realization::config::ConfigError;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use thiserror::Error;

/// Exit codes, as scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All there, all well.
    Complete = 0,
    /// Failed.
    Failed = 1,
    /// Wrong arguments or configuration.
    Usage = 2,
    /// Done, but for what was left out and is listed: quarantined realizations, damaged segments.
    LeftOut = 3,
    /// Stopped early; the same command again resumes (EX_TEMPFAIL of sysexits.h).
    Stopped = 75,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command gave up.
#[derive(Debug, Error)]
pub enum CommandFailure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Arguments that make no sense here and now.
    #[error("{0}")]
    Usage(String),
    /// The campaign's folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The campaign engine.
    #[error("{}", with_causes(.0))]
    Campaign(#[from] CampaignError),
    /// The folder is in use.
    #[error("{}", with_causes(.0))]
    Lock(#[from] campaign::LockError),
    /// An archive.
    #[error("{}", with_causes(.0))]
    Archive(#[from] ArchiveError),
    /// A file that could not be written.
    #[error(transparent)]
    Write(#[from] DurableError),
    /// A report.
    #[error("{}", with_causes(.0))]
    Report(#[from] ReportError),
    /// A picture cannot be drawn.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A glass made elsewhere.
    #[error(transparent)]
    OwnGlass(#[from] OwnGlassError),
    /// Nothing that was given is a glass.
    #[error("{0}")]
    NoGlass(String),
    /// A campaign of which everything was quarantined.
    #[error("{}: not written, as nothing is left: {tasks} of {tasks} were quarantined", out.display())]
    NothingLeft {
        /// The archive that is not there.
        out: PathBuf,
        /// How many there were.
        tasks: usize,
    },
    /// One realization.
    #[error("realization {index}: {failure}")]
    Realization {
        /// Which.
        index: u64,
        /// Why not.
        failure: RealizationFailure,
    },
    /// A realization made again is another one.
    #[error("{0}")]
    NotTheSame(String),
    /// A file or folder.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        cause: std::io::Error,
    },
}

impl CommandFailure {
    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            CommandFailure::Config(_) | CommandFailure::Usage(_) => Exit::Usage,
            CommandFailure::Report(ReportError::Wider(_) | ReportError::Foreign(_)) => Exit::Usage,
            CommandFailure::Picture(
                PictureError::NoMode { .. } | PictureError::NotKept { .. } | PictureError::InSpace { .. },
            ) => Exit::Usage,
            CommandFailure::Campaign(error) if error.exit_code() == Exit::Usage as u8 => Exit::Usage,
            CommandFailure::Folder(FolderError::Io { .. }) => Exit::Failed,
            CommandFailure::Folder(_) => Exit::Usage,
            _ => Exit::Failed,
        }
    }

    /// For `map_err` after an operation on `path`.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> CommandFailure {
        move |cause| CommandFailure::File { path: path.to_owned(), cause }
    }
}

/// An error and its causes in one line, each cause once.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = next.source();
    }
    text
}
