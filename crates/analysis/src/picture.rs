//! `glassmodes picture`: one mode of an archive, for a talk or a paper.

use crate::ensemble::Ensemble;
use crate::figures::convert::{ConvertError, convert};
use crate::figures::format::{FileKind, Format};
use crate::figures::gallery;
use crate::measures::portraits::Portrait;
use archive::{ArchiveError, Dimension};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// It has no such mode.
    #[error("{}: no mode {asked}: rows of /modes are counted from 0, and it has {modes}", path.display())]
    NoMode {
        /// The archive.
        path: PathBuf,
        /// Row that was asked for.
        asked: u64,
        /// Rows that there are.
        modes: usize,
    },
    /// The mode's vector was not kept.
    #[error(
        "{}: the vector of mode {asked} was not kept: glassmodes revisit makes its glass again (with \
         --set modes.snapshot_participation_max=1 every vector is kept)",
        path.display()
    )]
    NotKept {
        /// The archive.
        path: PathBuf,
        /// Row that was asked for.
        asked: u64,
    },
    /// Its glass is not one of the plane.
    #[error("{}: its glasses have three dimensions; pictures show two", path.display())]
    InSpace {
        /// The archive.
        path: PathBuf,
    },
    /// The picture cannot be written as that kind of file.
    #[error(transparent)]
    Convert(#[from] ConvertError),
}

/// The picture of the mode in `row` of /modes of the archive at `path`, as a file of `kind`.
///
/// # Errors
/// [`PictureError`].
pub fn picture(path: &Path, row: u64, kind: FileKind, format: &Format) -> Result<Vec<u8>, PictureError> {
    let ensemble = Ensemble::open(path)?;
    let modes = ensemble.modes.omega.len();
    let path = || path.to_owned();
    let there = usize::try_from(row).ok().filter(|row| *row < modes);
    let k = there.ok_or_else(|| PictureError::NoMode { path: path(), asked: row, modes })?;
    if ensemble.archive.dimension() == Dimension::Three {
        return Err(PictureError::InSpace { path: path() });
    }
    let portrait = Portrait::of(&ensemble, k)?;
    if portrait.glass.is_none() {
        return Err(PictureError::NotKept { path: path(), asked: row });
    }
    let svg = gallery::figure(&portrait, "mode".to_owned()).svg(format).unwrap_or_default();
    Ok(convert(&svg, kind)?)
}
