//! Glasses as they lie on disk, in two dimensions: LAMMPS dumps and data, extended XYZ (plain, gzipped, or from a
//! pipe), H5MD, and archives of this program, which are H5MD as well.
//!
//! ```text
//! path ─► source ─┬─ HDF5 ─► archive::read_h5md ─────────┬─► frames
//!                 └─ text ─► lammps::dump, lammps::data, ┤
//!                            extended_xyz ───────────────┘
//! ```
//!
//! [`read`] is the one entry: which format a file has is told by its first bytes, never by its name. Nothing
//! that a file claims is believed before it is compared with what it holds.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("glass.xyz");
//! let text = "1\nLattice=\"4 0 0 0 4 0 0 0 1\" Properties=species:S:1:pos:R:3:diameter:R:1\nA 1 2 0 1.5\n";
//! std::fs::write(&path, text)?;
//! let frames = formats::read(&path, &formats::ReadOptions::default())?;
//! assert_eq!((frames[0].box_length, frames[0].positions[0], frames[0].diameters[0]), (4.0, [1.0, 2.0], 1.5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
pub mod extended_xyz;
mod lammps;
mod plane;
mod sizes;
mod source;
mod text;

pub use archive::record::Frame;
pub use error::FormatError;
pub use sizes::{Diameters, InvalidDiameters};

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
}

/// All frames of the file at `path`, at least one.
///
/// # Errors
/// [`FormatError`] names the file and where in it: line and column (text) or dataset (HDF5), what is
/// wrong, and what would be accepted.
pub fn read(path: &Path, options: &ReadOptions) -> Result<Vec<Frame>, FormatError> {
    match source::open(path)? {
        Content::Hdf5 => {
            let diameter_of = options.diameters.as_ref().map(|given| |species: &str| given.of(species));
            let diameter_of = diameter_of.as_ref().map(|of| of as archive::DiameterOfSpecies<'_>);
            let frames = archive::read_h5md(path, options.group.as_deref(), diameter_of)?;
            if frames.is_empty() { Err(FormatError::NoParticles(path.to_owned())) } else { Ok(frames) }
        }
        Content::Text(_) if options.group.is_some() => Err(FormatError::NoGroups(path.to_owned())),
        Content::Text(bytes) => text_frames(&bytes, options).map_err(|fault| fault.in_file(path)),
    }
}

/// The frames of a text in whichever format it is.
fn text_frames(bytes: &[u8], options: &ReadOptions) -> Result<Vec<Frame>, Fault> {
    let text = text::text(bytes)?;
    if text.trim_start().starts_with(lammps::dump::BEGIN) {
        lammps::dump::parse(text, options)
    } else if lammps::data::is_data(text) {
        lammps::data::parse(text, options)
    } else {
        extended_xyz::parse(text, options)
    }
}
