//! An archive that may not be there, or be damaged: what is only unreadable now must not be taken for either.

use crate::error::{ArchiveError, IoContext};
use crate::reader::Archive;
use std::fs::File;
use std::io;
use std::path::Path;

/// What is at a path where an archive may be.
#[derive(Debug)]
pub enum Present<T> {
    /// No file.
    Absent,
    /// A file whose bytes can all be read, and are no archive; why.
    Damaged(ArchiveError),
    /// An archive, and what was read of it.
    Sound(T),
}

impl<T> Present<T> {
    /// What was read, if there is an archive.
    pub fn sound(self) -> Option<T> {
        match self {
            Present::Sound(read) => Some(read),
            Present::Absent | Present::Damaged(_) => None,
        }
    }
}

/// What `read` reads of the archive at `path`. A file is called damaged only when `read` fails twice, with all bytes of
/// the file read between, so that a disk or server that fails for a moment makes no archive worthless.
///
/// # Errors
/// [`ArchiveError::Io`] if the file cannot be opened or read, and [`ArchiveError::NewerVersion`]: it may be sound.
pub fn read_if_present<T>(
    path: &Path,
    read: impl Fn(&Archive) -> Result<T, ArchiveError>,
) -> Result<Present<T>, ArchiveError> {
    let try_once = || Archive::open(path).and_then(|archive| read(&archive));
    match try_once() {
        Ok(read) => return Ok(Present::Sound(read)),
        Err(ArchiveError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => return Ok(Present::Absent),
        Err(error @ (ArchiveError::Io { .. } | ArchiveError::NewerVersion { .. })) => return Err(error),
        Err(_) => {}
    }
    // HDF5 does not tell a read that failed from content that makes no sense.
    File::open(path).and_then(|mut file| io::copy(&mut file, &mut io::sink())).while_trying(path, "read")?;
    match try_once() {
        Ok(read) => Ok(Present::Sound(read)),
        Err(error @ (ArchiveError::Io { .. } | ArchiveError::NewerVersion { .. })) => Err(error),
        Err(error) => Ok(Present::Damaged(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::SyntheticCampaign;
    use crate::{WriteStyle, write_archive};

    fn write(path: &Path) {
        let campaign = SyntheticCampaign::tiny();
        let records = campaign.records(0..2);
        write_archive(path, &campaign.provenance(2), &records, &[], WriteStyle::Archive).expect("written");
    }

    #[test]
    fn absent_damaged_and_sound_are_told_apart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("archive.h5");
        let look = || read_if_present(&path, Archive::len);
        assert!(matches!(look(), Ok(Present::Absent)));
        std::fs::write(&path, "no archive").expect("writable");
        assert!(matches!(look(), Ok(Present::Damaged(ArchiveError::NotAnArchive { .. }))));
        write(&path);
        assert_eq!(look().expect("readable").sound(), Some(2));
    }

    #[test]
    fn what_fails_once_is_not_damaged() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("archive.h5");
        write(&path);
        let failed = std::cell::Cell::new(false);
        let look = read_if_present(&path, |archive| {
            if !failed.replace(true) {
                return Err(ArchiveError::Missing { path: archive.path().to_owned(), object: "/for a moment".into() });
            }
            archive.len()
        });
        assert_eq!(look.expect("readable").sound(), Some(2));
    }
}
