//! A campaign for one archive: it lies in a folder beside it, OUT.unfinished, which the finished archive replaces.

use super::exit::{CommandFailure, Exit};
use super::run::stopped;
use crate::folder::CampaignFolder;
use crate::terminal::note;
use campaign::Outcome;
use std::path::{Path, PathBuf};

/// An archive to be, and the folder in which it is computed.
pub(super) struct Unfinished {
    out: PathBuf,
    folder: PathBuf,
}

/// How far a campaign came.
pub(super) enum Ending {
    /// There is no archive yet, or this process knows nothing of it.
    Exit(Exit),
    /// The archive is in its place.
    Archive {
        /// How many are not in it, but in its `/failures`.
        left_out: usize,
        /// And what the exit code is by that.
        exit: Exit,
    },
}

impl Unfinished {
    /// Of the archive `out`.
    pub(super) fn of(out: PathBuf) -> Self {
        let mut name = out.as_os_str().to_owned();
        name.push(".unfinished");
        Unfinished { out, folder: PathBuf::from(name) }
    }

    /// The archive.
    pub(super) fn out(&self) -> &Path {
        &self.out
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says what of `tasks` was left out, as `named`, and moves the archive to its place if there is one.
    ///
    /// # Errors
    /// [`CommandFailure::NothingLeft`] if all of it was left out; there is no archive and no folder then.
    pub(super) fn end(
        &self,
        outcome: &Outcome,
        tasks: usize,
        named: impl Fn(u64) -> String,
    ) -> Result<Ending, CommandFailure> {
        let quarantined = match outcome {
            Outcome::Worker => return Ok(Ending::Exit(Exit::Complete)),
            Outcome::StoppedEarly(reason) => return Ok(Ending::Exit(stopped(&self.folder, *reason))),
            Outcome::Complete => &[][..],
            Outcome::CompleteWithQuarantined(quarantined) => quarantined,
        };
        for task in quarantined {
            note(format_args!("quarantined: {}: {}", named(task.index), task.reason));
        }
        let left_out = quarantined.len();
        if left_out < tasks {
            let archive = CampaignFolder::archive_in(&self.folder);
            std::fs::rename(archive, &self.out).map_err(CommandFailure::file(&self.out))?;
        }
        std::fs::remove_dir_all(&self.folder).map_err(CommandFailure::file(&self.folder))?;
        match left_out {
            0 => Ok(Ending::Archive { left_out, exit: Exit::Complete }),
            _ if left_out < tasks => Ok(Ending::Archive { left_out, exit: Exit::LeftOut }),
            _ => Err(CommandFailure::NothingLeft { out: self.out.clone(), tasks }),
        }
    }
}
