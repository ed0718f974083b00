//! The folder of a campaign.
//!
//! ```text
//! DIR/
//!   config.toml    the configuration as resolved, and which slice, which realizations, or which glasses
//!   segments/      what is finished
//!   ledger.jsonl   what happened
//!   archive.h5     all of it, when complete
//!   stop           put there by a person: end soon, and begin nothing until it is removed
//! ```

use crate::listed::{self, Places};
use crate::own_glass::GlassList;
use archive::MADE_ELSEWHERE;
use campaign::{LEDGER_NAME, LOCK_NAME, Slice};
use durable::{DurableError, Writers};
use realization::config::compare::deciding_differences;
use realization::config::{self, Plan};
use std::fs;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Starts of the lines before the configuration.
const OF_SLICE: &str = "# glassmodes run --slice ";
const BEGUN: &str = "# begun ";

/// Commands that work in such a folder.
const RUN: &str = "run";
const REVISIT: &str = "revisit";
const MODES: &str = "modes";

/// A folder that belongs to one campaign, or one slice of it.
#[derive(Debug, Clone)]
pub struct CampaignFolder {
    path: PathBuf,
    created: String,
}

/// Which realizations of a plan are computed in a folder.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Those of a slice, from their seeds.
    Slice(Slice),
    /// These alone, made again; ascending.
    Listed(&'a [u64]),
    /// Those of glasses made elsewhere.
    Glasses(&'a GlassList),
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
    /// No campaign was begun in it.
    #[error("{}: no campaign was begun here (there is no config.toml in it); name a configuration and --out", .0.display())]
    NotBegun(PathBuf),
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
    /// Other glasses than it was begun with.
    #[error("{change}: {} was begun with it; put it back, or remove that folder to begin anew", path.display())]
    OtherGlasses {
        /// The folder.
        path: PathBuf,
        /// The first difference, beginning with the file.
        change: String,
    },
    /// Other realizations than it was begun with.
    #[error(
        "{}: was begun with another selection of realizations; select the same, or remove that folder to begin anew",
        .0.display()
    )]
    OtherSelection(PathBuf),
    /// Commands that make glasses from seeds, that make some of them again, and that take them from files.
    #[error("{}: was begun by `glassmodes {command}`, and goes on with that command; name another folder", path.display())]
    OfAnotherCommand {
        /// The folder.
        path: PathBuf,
        /// What began it.
        command: &'static str,
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
    /// Whether this part of a plan may use the folder at `path`. It is made if there is none, so that it can be locked;
    /// nothing in it is touched.
    ///
    /// # Errors
    /// [`FolderError`] when it belongs to something else, to another configuration, slice, or other glasses, or cannot be
    /// made.
    pub fn check(path: &Path, plan: &Plan, part: Part<'_>) -> Result<(), FolderError> {
        if path.to_str().is_none() {
            return Err(FolderError::NotText(path.to_owned()));
        }
        durable::make_folder(path).map_err(|error| match fs::metadata(path) {
            Ok(metadata) if !metadata.is_dir() => FolderError::NotAFolder(path.to_owned()),
            _ => error.into(),
        })?;
        Self::begun(path, plan, part).map(|_| ())
    }

    /// The folder at `path` for this part of a plan: begun if new, gone on with if it is theirs. The caller holds its
    /// lock: of two runs that begin at once, one writes the configuration, and the other never gets here.
    ///
    /// # Errors
    /// As [`check`](Self::check), or when it cannot be written.
    pub fn prepare(path: &Path, plan: &Plan, part: Part<'_>, now: &str) -> Result<Self, FolderError> {
        let created = Self::begun(path, plan, part)?.unwrap_or_else(|| now.to_owned());
        let begun = format!("{BEGUN}{created}\n");
        let header = match part {
            Part::Slice(slice) => format!("{OF_SLICE}{slice}\n{begun}"),
            Part::Listed(indices) => format!("{}{begun}", listed::header(indices)),
            Part::Glasses(list) => list.inventory(&begun),
        };
        let text = format!("{header}{}", plan.to_toml());
        durable::remove_remnants(path, Writers::OnlyTheCaller, |_| true)?;
        let file = path.join("config.toml");
        if read_optional(&file)?.is_none_or(|present| present != text) {
            durable::write(&file, text.as_bytes())?;
        }
        let segments = path.join("segments");
        durable::make_folder(&segments)?;
        Ok(CampaignFolder { path: path.to_owned(), created })
    }

    /// When the campaign in the folder began, if it has; refused unless it is this one.
    fn begun(path: &Path, plan: &Plan, part: Part<'_>) -> Result<Option<String>, FolderError> {
        let file = path.join("config.toml");
        let Some(text) = read_optional(&file)? else {
            refuse_foreign(path)?;
            return Ok(None);
        };
        match part {
            Part::Slice(slice) => {
                let before = Begun::read(&file, &text, &[])?;
                before.allows(path, plan, slice)?;
                Ok(Some(before.created))
            }
            Part::Listed(indices) => begun_with_list(path, &text, plan, indices).map(Some),
            Part::Glasses(list) => begun_with_glasses(path, &text, plan, list).map(Some),
        }
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
    /// The campaign in the folder at `path`, with these `--set` arguments.
    ///
    /// # Errors
    /// [`FolderError`] when there is none, or its config.toml cannot be understood.
    pub fn of(path: &Path, sets: &[String]) -> Result<Self, FolderError> {
        let file = path.join("config.toml");
        let text = read_optional(&file)?.ok_or_else(|| FolderError::NotBegun(path.to_owned()))?;
        Self::read(&file, &text, sets)
    }

    /// Reads the text of a folder's config.toml; `file` is its name in messages.
    ///
    /// # Errors
    /// [`FolderError::Damaged`].
    pub fn read(file: &Path, text: &str, sets: &[String]) -> Result<Self, FolderError> {
        let damaged = |problem: String| FolderError::Damaged { path: file.to_owned(), problem };
        refuse_another_command(file.parent().unwrap_or(file), text, RUN)?;
        let slice = header(text, OF_SLICE)
            .and_then(|slice| slice.parse().ok())
            .ok_or_else(|| damaged("was not written by glassmodes run (its first line names no slice)".to_owned()))?;
        let created = header(text, BEGUN).unwrap_or_default().to_owned();
        let plan = config::parse_stored(text, "config.toml", sets).map_err(|error| damaged(error.to_string()))?;
        Ok(Begun { plan, slice, created })
    }

    /// Whether `plan` and `slice` go on with what was begun.
    fn allows(&self, path: &Path, plan: &Plan, slice: Slice) -> Result<(), FolderError> {
        let mut differences = differences(&self.plan, plan);
        let (before, now) = (self.plan.campaign.realizations, plan.campaign.realizations);
        if now < before {
            differences.push(format!("campaign.realizations: {before} before, {now} now (it can only be raised)"));
        }
        if slice != self.slice {
            differences.push(format!("--slice: {} before, {slice} now", self.slice));
        }
        unless_changed(path, &differences)
    }
}

/// When the folder at `path` was begun, if that was with this plan for these glasses.
fn begun_with_glasses(path: &Path, text: &str, plan: &Plan, list: &GlassList) -> Result<String, FolderError> {
    refuse_another_command(path, text, MODES)?;
    let file = path.join("config.toml");
    let before = config::parse_for_own_glasses(text, "config.toml", &[], None)
        .map_err(|error| FolderError::Damaged { path: file, problem: error.to_string() })?;
    // Other glasses may be of other density: what is said is which file.
    if let Some(change) = list.first_change(text) {
        return Err(FolderError::OtherGlasses { path: path.to_owned(), change });
    }
    unless_changed(path, &differences(&before, plan))?;
    Ok(header(text, BEGUN).unwrap_or_default().to_owned())
}

/// When the folder at `path` was begun, if that was with this plan for these realizations.
fn begun_with_list(path: &Path, text: &str, plan: &Plan, indices: &[u64]) -> Result<String, FolderError> {
    refuse_another_command(path, text, REVISIT)?;
    let file = path.join("config.toml");
    let before = config::parse_stored(text, "config.toml", &[])
        .map_err(|error| FolderError::Damaged { path: file, problem: error.to_string() })?;
    if text.lines().next() != listed::header(indices).lines().next() {
        return Err(FolderError::OtherSelection(path.to_owned()));
    }
    unless_changed(path, &differences(&before, plan))?;
    Ok(header(text, BEGUN).unwrap_or_default().to_owned())
}

/// The realizations of the positions that the engine counts in the folder at `path`, if `revisit` works there.
pub fn places(path: &Path) -> Option<Places> {
    Places::of(&read_optional(&path.join("config.toml")).ok()??)
}

/// Refuses a folder, by the text of its config.toml, that another command than this has begun.
fn refuse_another_command(path: &Path, text: &str, this: &str) -> Result<(), FolderError> {
    let command = match text {
        text if text.starts_with(MADE_ELSEWHERE) => MODES,
        text if text.starts_with(listed::MARKER) => REVISIT,
        _ => RUN,
    };
    if command == this {
        return Ok(());
    }
    Err(FolderError::OfAnotherCommand { path: path.to_owned(), command })
}

/// What decides the results and differs, in words.
fn differences(before: &Plan, now: &Plan) -> Vec<String> {
    deciding_differences(&before.to_toml(), &now.to_toml()).iter().map(ToString::to_string).collect()
}

fn unless_changed(path: &Path, differences: &[String]) -> Result<(), FolderError> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(FolderError::Changed { path: path.to_owned(), differences: differences.join("; ") })
}

/// The rest of the line that begins so.
fn header<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(start))
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
    name.split('.').next() == Some(LOCK_NAME) || name.starts_with(".clock-") || durable::is_temporary(name)
}

fn read_optional(file: &Path) -> Result<Option<String>, FolderError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(io("read", file)(cause)),
    }
}

impl From<DurableError> for FolderError {
    fn from(DurableError { path, action, cause }: DurableError) -> Self {
        FolderError::Io { path, action, cause }
    }
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FolderError {
    move |cause| FolderError::Io { path: path.to_owned(), action, cause }
}
