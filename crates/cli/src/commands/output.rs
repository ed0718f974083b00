//! Whether results can be written where they shall be, asked before anything is computed.

use super::exit::CommandFailure;
use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Names of what is written into folders.
const KINDS_IN_FOLDERS: [&str; 6] = ["html", "svg", "png", "pdf", "csv", "json"];

/// Where an option says that results shall go.
pub(super) struct Output<'a> {
    /// The option, as "--out".
    pub(super) option: &'static str,
    /// Its value.
    pub(super) path: &'a Path,
}

impl<'a> Output<'a> {
    /// What `--out` says.
    pub(super) fn out(path: &'a Path) -> Self {
        Output { option: "--out", path }
    }

    /// Refuses what cannot become an archive: a folder, a device or pipe, a name that HDF5 cannot take, one of the
    /// `inputs`.
    ///
    /// # Errors
    /// [`CommandFailure::Usage`] says what to name instead.
    pub(super) fn check_archive(&self, inputs: &[PathBuf]) -> Result<(), CommandFailure> {
        if self.path.to_str().is_none() {
            return self.refuse("is not UTF-8; name another file");
        }
        match fs::metadata(self.path) {
            Ok(there) if there.is_dir() => self.refuse("is a folder; name a file, for example archive.h5 in it"),
            Ok(there) if !there.is_file() => {
                self.refuse(&format!("is {}, no regular file; name a file", what_it_is(&there)))
            }
            _ => self.check_text(inputs),
        }
    }

    /// The file itself, if need be at the end of links: what stands there is replaced, the links stay.
    pub(super) fn followed(&self) -> PathBuf {
        let mut path = self.path.to_owned();
        // Loops have been refused by the system before.
        for _ in 0..40 {
            let Ok(target) = fs::read_link(&path) else { break };
            path = path.parent().unwrap_or(Path::new("")).join(target);
        }
        path
    }

    /// Refuses what no text can be written to: a folder, a socket, a disk, one of the `inputs`. Pipes, terminals and
    /// the like are written to.
    ///
    /// # Errors
    /// [`CommandFailure::Usage`] says what to name instead.
    pub(super) fn check_text(&self, inputs: &[PathBuf]) -> Result<(), CommandFailure> {
        if let Ok(there) = fs::metadata(self.path) {
            let kind = there.file_type();
            if kind.is_dir() {
                return self.refuse("is a folder; name a file in it");
            }
            if kind.is_socket() || kind.is_block_device() {
                return self.refuse(&format!("is {}, no regular file; name a file", what_it_is(&there)));
            }
            if let Some(input) = inputs.iter().find(|input| is_same(&there, input)) {
                return self.refuse(&format!(
                    "is one of the inputs ({}), and would be replaced; name another file",
                    input.display()
                ));
            }
        } else if self.path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
            return self.refuse("its folder is not there; make it first");
        }
        Ok(())
    }

    /// Refuses a file where a folder is to be, and a folder in which one of the `inputs` has the name of a result.
    ///
    /// # Errors
    /// [`CommandFailure::Usage`] says what to name instead.
    pub(super) fn check_folder(&self, inputs: &[PathBuf]) -> Result<(), CommandFailure> {
        if self.path.exists() && !self.path.is_dir() {
            return self.refuse("is a file; name a folder");
        }
        for entry in fs::read_dir(self.path).into_iter().flatten().flatten() {
            let path = entry.path();
            let named_as_result =
                path.extension().is_some_and(|kind| KINDS_IN_FOLDERS.iter().any(|name| kind == *name));
            if !named_as_result {
                continue;
            }
            if fs::metadata(&path).is_ok_and(|there| inputs.iter().any(|input| is_same(&there, input))) {
                return self.refuse(&format!(
                    "{} is one of the inputs, and might be replaced; name another folder",
                    path.display()
                ));
            }
        }
        Ok(())
    }

    fn refuse(&self, why: &str) -> Result<(), CommandFailure> {
        Err(CommandFailure::Usage(format!("{} {}: {why}", self.option, self.path.display())))
    }
}

/// Whether a name leads to the same file, through whatever links.
fn is_same(there: &Metadata, path: &Path) -> bool {
    there.is_file() && fs::metadata(path).is_ok_and(|other| (other.dev(), other.ino()) == (there.dev(), there.ino()))
}

fn what_it_is(there: &Metadata) -> &'static str {
    let kind = there.file_type();
    match () {
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () if kind.is_block_device() || kind.is_char_device() => "a device",
        () => "something else",
    }
}
