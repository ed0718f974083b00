//! The folder of a campaign.
//!
//! ```text
//! DIR/
//!   config.toml    the configuration as resolved, and which slice
//!   segments/      what is finished
//!   ledger.jsonl   what happened
//!   archive.h5     all of it, when complete
//!   stop           put there by a person: end soon, to be resumed
//! ```

use campaign::{LEDGER_NAME, LOCK_NAME, Slice};
use realization::config::compare::deciding_differences;
use realization::config::{self, Plan};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A folder that belongs to one campaign, or one slice of it.
#[derive(Debug, Clone)]
pub struct CampaignFolder {
    path: PathBuf,
    created: String,
}

/// Why a folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// It holds something else.
    #[error("{}: holds {found} and no config.toml, so it is no campaign's folder; name a new or empty one", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of its entries.
        found: String,
    },
    /// It is no folder.
    #[error("{}: is not a folder; name a new or empty one", .0.display())]
    NotAFolder(PathBuf),
    /// HDF5 cannot take its name.
    #[error("{}: is not UTF-8; name another folder", .0.display())]
    NotText(PathBuf),
    /// The configuration changed.
    #[error(
        "{}: was begun with another configuration; {differences}. Name a new folder, or go back to the old values",
        path.display()
    )]
    Changed {
        /// The folder.
        path: PathBuf,
        /// Differing keys, with both values.
        differences: String,
    },
    /// Its config.toml cannot be understood.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The system refused.
    #[error("{}: cannot {action}: {cause}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Why not.
        cause: std::io::Error,
    },
}

impl CampaignFolder {
    /// Whether this plan and slice may use the folder at `path`. It is made if there is none, so that it can be locked;
    /// nothing in it is touched.
    ///
    /// # Errors
    /// [`FolderError`] when it belongs to something else, to another configuration or slice, or cannot be made.
    pub fn check(path: &Path, plan: &Plan, slice: Slice) -> Result<(), FolderError> {
        if path.to_str().is_none() {
            return Err(FolderError::NotText(path.to_owned()));
        }
        fs::create_dir_all(path).map_err(|cause| match fs::metadata(path) {
            Ok(metadata) if !metadata.is_dir() => FolderError::NotAFolder(path.to_owned()),
            _ => io("make the folder", path)(cause),
        })?;
        Self::begun(path, plan, slice).map(|_| ())
    }

    /// The folder at `path` for this plan and slice: begun if new, gone on with if it is theirs. The caller holds its
    /// lock: of two runs that begin at once, one writes the configuration, and the other never gets here.
    ///
    /// # Errors
    /// [`FolderError`] when it belongs to something else, to another configuration or slice, or
    /// cannot be written.
    pub fn prepare(path: &Path, plan: &Plan, slice: Slice, now: &str) -> Result<Self, FolderError> {
        let created = Self::begun(path, plan, slice)?.unwrap_or_else(|| now.to_owned());
        let text = format!("# glassmodes run --slice {slice}\n# begun {created}\n{}", plan.to_toml());
        write_durably(&path.join("config.toml"), &text)?;
        let segments = path.join("segments");
        fs::create_dir_all(&segments).map_err(io("make the folder", &segments))?;
        Ok(CampaignFolder { path: path.to_owned(), created })
    }

    /// When the campaign in the folder began, if it has; refused unless it is this one.
    fn begun(path: &Path, plan: &Plan, slice: Slice) -> Result<Option<String>, FolderError> {
        let file = path.join("config.toml");
        let Some(text) = read_optional(&file)? else {
            refuse_foreign(path)?;
            return Ok(None);
        };
        let before = Begun::read(&file, &text)?;
        before.allows(path, plan, slice)?;
        Ok(Some(before.created))
    }

    /// DIR.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the campaign began, RFC 3339.
    pub fn created(&self) -> &str {
        &self.created
    }

    /// DIR/segments.
    pub fn segments(&self) -> PathBuf {
        self.path.join("segments")
    }

    /// DIR/archive.h5.
    pub fn archive(&self) -> PathBuf {
        Self::archive_in(&self.path)
    }

    /// Where a campaign's archive is in its folder.
    pub fn archive_in(folder: &Path) -> PathBuf {
        folder.join("archive.h5")
    }
}

/// What a folder's config.toml says of the run that began it.
pub struct Begun {
    /// The plan it was begun with.
    pub plan: Plan,
    /// And the slice.
    pub slice: Slice,
    /// When, RFC 3339.
    pub created: String,
}

impl Begun {
    /// Reads the text of a folder's config.toml; `file` is its name in messages.
    ///
    /// # Errors
    /// [`FolderError::Damaged`].
    pub fn read(file: &Path, text: &str) -> Result<Self, FolderError> {
        let damaged = |problem: String| FolderError::Damaged { path: file.to_owned(), problem };
        let header = |start: &str| text.lines().find_map(|line| line.strip_prefix(start));
        let slice = header("# glassmodes run --slice ")
            .and_then(|slice| slice.parse().ok())
            .ok_or_else(|| damaged("was not written by glassmodes run (its first line names no slice)".to_owned()))?;
        let created = header("# begun ").unwrap_or_default().to_owned();
        let plan = config::parse(text, "config.toml", &[]).map_err(|error| damaged(error.to_string()))?;
        Ok(Begun { plan, slice, created })
    }

    /// Whether `plan` and `slice` go on with what was begun.
    fn allows(&self, path: &Path, plan: &Plan, slice: Slice) -> Result<(), FolderError> {
        let mut differences: Vec<String> =
            deciding_differences(&self.plan.to_toml(), &plan.to_toml()).iter().map(ToString::to_string).collect();
        let (before, now) = (self.plan.campaign.realizations, plan.campaign.realizations);
        if now < before {
            differences.push(format!("campaign.realizations: {before} before, {now} now (it can only be raised)"));
        }
        if slice != self.slice {
            differences.push(format!("--slice: {} before, {slice} now", self.slice));
        }
        if differences.is_empty() {
            Ok(())
        } else {
            Err(FolderError::Changed { path: path.to_owned(), differences: differences.join("; ") })
        }
    }
}

/// An empty folder may be used; one with anything in it belongs to somebody.
fn refuse_foreign(path: &Path) -> Result<(), FolderError> {
    for entry in fs::read_dir(path).map_err(io("read the folder", path))? {
        let entry = entry.map_err(io("read the folder", path))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !(is_before_the_beginning(&name)
            || name == LEDGER_NAME && entry.metadata().is_ok_and(|ledger| ledger.len() == 0))
        {
            return Err(FolderError::Foreign { path: path.to_owned(), found: name.into_owned() });
        }
    }
    Ok(())
}

/// Whether a run makes such a file before it writes its config.toml: the lock, and what a run that ended then left.
fn is_before_the_beginning(name: &str) -> bool {
    name.split('.').next() == Some(LOCK_NAME) || name.starts_with(".clock-") || name.starts_with("config.toml.tmp")
}

fn read_optional(file: &Path) -> Result<Option<String>, FolderError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(io("read", file)(cause)),
    }
}

/// Temporary name, sync, rename, sync of the folder: the file is complete or not there.
fn write_durably(file: &Path, text: &str) -> Result<(), FolderError> {
    if fs::read_to_string(file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    let temporary = file.with_extension(format!("toml.tmp{}", std::process::id()));
    let write = || {
        let mut out = fs::File::create(&temporary)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(&temporary, file)?;
        file.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    };
    write().map_err(|cause| {
        let _ = fs::remove_file(&temporary);
        io("write", file)(cause)
    })
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FolderError {
    move |cause| FolderError::Io { path: path.to_owned(), action, cause }
}
