//! Glasses as they lie on disk, in two and three dimensions: LAMMPS dumps and data, GSD, NPZ, extended and plain XYZ
//! (each as such, gzipped, or from a pipe), H5MD, and archives of this program, which are H5MD as well.
//!
//! ```text
//! path ─► source ─┬─ HDF5 ─► archive::read_h5md ─────────┬─► frames
//!                 ├─ GSD ──► gsd ────────────────────────┤
//!                 ├─ NPZ ──► npz ────────────────────────┤
//!                 └─ text ─► lammps::dump, lammps::data, ┤
//!                            extended_xyz, plain_xyz ────┘
//! ```
//!
//! [`read`] is the one entry: which format a file has is told by its first bytes, never by its name. Nothing
//! that a file claims is believed before it is compared with what it holds. How many dimensions a glass has follows from its
//! coordinates, by one rule for all formats: [`realization::particles`].
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("glass.xyz");
//! let text = "1\nLattice=\"4 0 0 0 4 0 0 0 1\" Properties=species:S:1:pos:R:3:diameter:R:1\nA 1 2 0 1.5\n";
//! std::fs::write(&path, text)?;
//! let frames = formats::read(&path, &formats::ReadOptions::default())?;
//! let frame = &frames[0].frame;
//! assert_eq!((&frame.box_sides[..], frame.points::<2>(), frame.diameters[0]), (&[4.0; 2][..], &[[1.0, 2.0]][..], 1.5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
pub mod extended_xyz;
mod frames;
pub mod gsd;
pub mod lammps;
mod masses;
mod npz;
mod numbered;
mod part;
mod plain_xyz;
mod read_seek;
mod sizes;
mod source;
mod text;

pub use archive::record::Particles;
pub use error::FormatError;
pub use frames::{FrameRange, InvalidFrameRange};
pub use numbered::NumberedFrame;
pub use sizes::{Diameters, InvalidDiameters};

use masses::Masses;
use realization::particles::FoundBox;
use source::Content;
use std::path::Path;
use text::Fault;

/// What to read of a file that holds several things, and what it does not say itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadOptions {
    /// H5MD: the group below `/particles`. Without it there must be one glass only.
    pub group: Option<String>,
    /// How large each type of particles is, whatever the file says of diameters. Without it the file must say.
    pub diameters: Option<Diameters>,
    /// The box of plain XYZ. All other formats have one.
    pub periodic_box: Option<FoundBox>,
    /// Which frames; without it all.
    pub frames: FrameRange,
}

/// The frames of the file at `path` that are asked for, at least one.
///
/// # Errors
/// [`FormatError`] names the file and where in it: line and column (text), chunk (GSD), array (NPZ) or dataset (HDF5), what is
/// wrong, and what would be accepted.
pub fn read(path: &Path, options: &ReadOptions) -> Result<Vec<NumberedFrame>, FormatError> {
    let content = source::open(path)?;
    if options.group.is_some() && !matches!(content, Content::Hdf5) {
        return Err(FormatError::NoGroups(path.to_owned()));
    }
    if options.periodic_box.is_some() && !matches!(&content, Content::Text(_)) {
        return Err(FormatError::HasBox(path.to_owned()));
    }
    let in_part = |(part, what)| FormatError::Part { path: path.to_owned(), part, what };
    let mut masses = Masses::default();
    let mut frames = match content {
        Content::Hdf5 => {
            let diameter_of = options.diameters.as_ref().map(|given| |species: &str| given.of(species));
            let diameter_of = diameter_of.as_ref().map(|of| of as archive::DiameterOfSpecies<'_>);
            let glasses = archive::read_h5md(path, options.group.as_deref(), diameter_of)?;
            if glasses.frames.is_empty() {
                return Err(FormatError::NoParticles(path.to_owned()));
            }
            let mut frames = chosen(glasses.frames, options.frames);
            frames.iter_mut().for_each(|frame| frame.masses_differ = glasses.masses_differ);
            frames
        }
        Content::Gsd(file) => gsd::frames(file, options, &mut masses).map_err(in_part)?,
        Content::Npz(file) => npz::frames(file, options, &mut masses).map_err(in_part)?,
        Content::Text(bytes) => chosen(text_frames(path, &bytes, options, &mut masses)?, options.frames),
    };
    frames.iter_mut().for_each(|frame| frame.masses_differ |= masses.differ());
    if frames.is_empty() { Err(FormatError::NoFrames(path.to_owned())) } else { Ok(frames) }
}

fn chosen(frames: Vec<Particles>, range: FrameRange) -> Vec<NumberedFrame> {
    let mut numbers = range.numbers(frames.len()).peekable();
    let numbered = frames.into_iter().enumerate().filter(|(number, _)| numbers.next_if_eq(number).is_some());
    numbered.map(|(number, frame)| NumberedFrame { number, frame, masses_differ: false }).collect()
}

/// All frames of a text in whichever format it is.
fn text_frames(
    path: &Path,
    bytes: &[u8],
    options: &ReadOptions,
    masses: &mut Masses,
) -> Result<Vec<Particles>, FormatError> {
    let in_file = |fault: Fault| fault.in_file(path);
    let text = text::text(bytes).map_err(in_file)?;
    let is_dump = text.trim_start().starts_with(lammps::dump::BEGIN);
    let is_data = !is_dump && lammps::data::is_data(text);
    let frames = match &options.periodic_box {
        Some(_) if is_dump || is_data || !plain_xyz::is_plain(text) => {
            return Err(FormatError::HasBox(path.to_owned()));
        }
        Some(found_box) => plain_xyz::parse(text, found_box, options.diameters.as_ref()),
        None if is_dump => lammps::dump::parse(text, options, masses),
        None if is_data => lammps::data::parse(text, options, masses),
        None => extended_xyz::parse(text, options, masses),
    };
    frames.map_err(in_file)
}
