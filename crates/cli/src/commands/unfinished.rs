//! A campaign for one archive: it lies in a folder beside it, OUT.unfinished, which the finished archive replaces.

use super::exit::{CommandFailure, Exit};
use super::run::stopped;
use crate::folder::CampaignFolder;
use crate::terminal::note;
use archive::{Archive, FailureRow, Provenance, read_if_present, read_through};
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

    /// What is left out of the archive, if it is just what would be computed: `indices`, ascending, by this program. Any
    /// other is replaced.
    pub(super) fn done_before(
        &self,
        origin: &Provenance,
        indices: impl IntoIterator<Item = u64>,
    ) -> Option<Vec<FailureRow>> {
        let indices: Vec<u64> = indices.into_iter().collect();
        let read = |archive: &Archive| {
            let there = archive.provenance();
            let same = there.thin.is_none()
                && there.config == origin.config
                && there.software_version == origin.software_version
                && there.git_commit == origin.git_commit;
            let failures = archive.failures()?;
            let mut known = archive.indices()?.to_vec();
            known.extend(failures.iter().map(|row| row.index));
            known.sort_unstable();
            if !same || known != indices {
                return Ok(None);
            }
            read_through(archive)?;
            Ok(Some(failures))
        };
        read_if_present(&self.out, read).ok()?.sound().flatten()
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
