//! Regular files, told from what has only their names: opening a pipe would wait for ever, and a link that leads nowhere
//! would never be there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Whether `path`, links followed, is a regular file or nothing yet.
///
/// # Errors
/// The system's; [`io::ErrorKind::InvalidInput`] for what is something else.
pub fn check_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) => refuse_others(&metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Opens what must be a regular file, without ever waiting.
///
/// # Errors
/// As [`check_regular`], and the system's.
pub fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // A device may do something when it is opened, so it is looked at first; it may have changed in between.
    check_regular(path)?;
    let file = options.custom_flags(libc::O_NONBLOCK).open(path).map_err(|error| {
        let leads_nowhere = error.kind() == io::ErrorKind::NotFound && path.is_symlink();
        if leads_nowhere { refused("is a link that leads nowhere") } else { error }
    })?;
    refuse_others(&file.metadata()?)?;
    Ok(file)
}

/// Reads a whole regular file.
///
/// # Errors
/// As [`open_regular`].
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn refuse_others(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_file() { Ok(()) } else { Err(refused("is no regular file")) }
}

fn refused(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("it {what}; remove it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    #[test]
    fn pipes_folders_and_links_to_nothing_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let [pipe, link, file] = ["pipe", "link", "file"].map(|name| folder.path().join(name));
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        std::os::unix::fs::symlink("nothing", &link).expect("free");
        for (path, words) in
            [(&pipe, "no regular file"), (&folder.path().to_owned(), "no regular file"), (&link, "nowhere")]
        {
            let error = read_regular(path).expect_err("refused");
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(read_regular(&file).expect_err("not there").kind(), io::ErrorKind::NotFound);
        fs::write(&file, "text").expect("writable");
        assert_eq!(read_regular(&file).expect("a file"), b"text");
    }
}
