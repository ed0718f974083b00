//! The campaign's own files, opened only where they are files: a pipe in their place would hang, and a link that leads
//! nowhere would never be there.

use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens what must be a regular file, without ever waiting.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let file = options.custom_flags(OFlags::NONBLOCK.bits() as i32).open(path).map_err(|error| {
        let leads_nowhere = error.kind() == io::ErrorKind::NotFound && path.is_symlink();
        if leads_nowhere { refused("is a link that leads nowhere") } else { error }
    })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(refused("is no regular file")) }
}

fn refused(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("it {what}; remove it"))
}

/// Reads a whole regular file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
