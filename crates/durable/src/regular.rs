//! Regular files, told from what has only their names: opening a pipe would wait for ever.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Whether `path`, links followed, is a regular file or nothing yet.
///
/// # Errors
/// The system's; [`io::ErrorKind::InvalidInput`] says what it is instead.
pub fn check_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) => refuse_others(&metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// As [`check_regular`]; [`io::ErrorKind::NotFound`].
pub fn open_regular(path: &Path) -> io::Result<File> {
    // A device may do something when it is opened, so it is looked at first; it may have changed in between.
    check_regular(path)?;
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    refuse_others(&file.metadata()?)?;
    Ok(file)
}

fn refuse_others(metadata: &fs::Metadata) -> io::Result<()> {
    match (metadata.is_file(), metadata.is_dir()) {
        (true, _) => Ok(()),
        (_, true) => Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "is no regular file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    #[test]
    fn pipes_and_folders_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let pipe = folder.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        for (path, words) in [(pipe.as_path(), "no regular file"), (folder.path(), "is a folder")] {
            let error = open_regular(path).expect_err("refused");
            assert!(error.to_string().contains(words), "{error}");
        }
        let absent = open_regular(&folder.path().join("absent")).expect_err("not there");
        assert_eq!(absent.kind(), io::ErrorKind::NotFound);
        fs::write(folder.path().join("file"), "text").expect("writable");
        open_regular(&folder.path().join("file")).expect("a file");
    }
}
