//! Glasses made elsewhere: read, brought to their minimum, never more than asked for.

use crate::arguments::ModesArguments;
use crate::extended_xyz::{ExtendedXyzError, read_glasses};
use archive::{ArchiveError, read_h5md};
use glass::configuration::InvalidConfiguration;
use glass::quench::{QuenchFailure, quench};
use glass::{Configuration, InherentStructure, PeriodicBox};
use realization::config::{self, ConfigError, Plan};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// First line of the configuration kept in an archive of glasses made elsewhere: its realizations
/// cannot be made again from their seeds.
pub const MARKER: &str = "# glasses made elsewhere:";

/// What `modes` does unless `--config` or `--set` say otherwise. The sections that make glasses must
/// be there, and are not used.
const DEFAULTS: &str = r#"
[campaign]
name = "own glass"
realizations = 1
seed = 1
[glass]
particles = 4000
[thermalize]
temperature = 0.1
sweeps = 1
[spectrum]
method = "dense"
[modes]
omega_max = 1.0
"#;

/// Forces up to this may come from coordinates rounded to single precision: at L = 100 they are off
/// by 4·10⁻⁶, and contacts are stiff.
const FORCE_OF_ROUNDING: f64 = 1e-2;

/// A minimum is polished, not searched for: further away it would be another one.
const DISPLACEMENT_OF_ROUNDING: f64 = 1e-3;

/// One glass of a file.
#[derive(Debug, Clone)]
pub struct OwnGlass {
    /// The file.
    pub path: PathBuf,
    /// Which of its frames, from 0.
    pub frame: usize,
    /// Particles.
    pub configuration: Configuration,
}

/// Why a glass from elsewhere is not used.
#[derive(Debug, Error)]
pub enum OwnGlassError {
    /// The file cannot be read as extended XYZ.
    #[error(transparent)]
    ExtendedXyz(#[from] ExtendedXyzError),
    /// The file cannot be read as HDF5.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file without a frame.
    #[error("{}: has no frame (an archive keeps particles only where it keeps a mode vector)", .0.display())]
    NoParticles(PathBuf),
    /// The particles make no configuration.
    #[error("{}, frame {frame}: {cause}", path.display())]
    Invalid {
        /// File.
        path: PathBuf,
        /// Frame, from 0.
        frame: usize,
        /// What is wrong.
        cause: InvalidConfiguration,
    },
    /// Not a minimum of this potential.
    #[error(
        "{}, frame {frame}: not a minimum of the potential with smoothness {smoothness}: the largest force is \
         {force:.2e}; add --quench, or choose the potential it was made with (--set potential.smoothness=...)",
        path.display()
    )]
    NotAMinimum {
        /// File.
        path: PathBuf,
        /// Frame, from 0.
        frame: usize,
        /// q.
        smoothness: u32,
        /// Largest |F_i|.
        force: f64,
    },
    /// The quench asked for did not converge.
    #[error("{}, frame {frame}: {cause}", path.display())]
    Quench {
        /// File.
        path: PathBuf,
        /// Frame, from 0.
        frame: usize,
        /// Why not.
        cause: QuenchFailure,
    },
}

/// The plan of `modes`: potential, quench, spectrum and modes of the configuration asked for, for
/// glasses of this many particles and density.
///
/// # Errors
/// [`ConfigError`], as for every configuration.
pub fn plan(arguments: &ModesArguments, particles: usize, density: f64) -> Result<Plan, ConfigError> {
    let (text, file) = match &arguments.config {
        Some(path) => (config::read(path)?, path.display().to_string()),
        None => (DEFAULTS.to_owned(), "built-in configuration of modes".to_owned()),
    };
    config::parse_for_own_glasses(&text, &file, &arguments.overrides.sets, Some((particles, density)))
}

/// All glasses of a file: extended XYZ, H5MD, or an archive of this program.
///
/// # Errors
/// [`OwnGlassError`] names file, line and column (extended XYZ) or dataset (HDF5), and frame.
pub fn read(path: &Path) -> Result<Vec<OwnGlass>, OwnGlassError> {
    let frames = if is_hdf5(path) { read_hdf5(path)? } else { read_extended_xyz(path)? };
    frames
        .into_iter()
        .enumerate()
        .map(|(frame, (length, positions, diameters))| {
            PeriodicBox::new(length)
                .map_err(InvalidConfiguration::from)
                .and_then(|side| Configuration::new(side, positions, diameters))
                .map(|configuration| OwnGlass { path: path.to_owned(), frame, configuration })
                .map_err(|cause| OwnGlassError::Invalid { path: path.to_owned(), frame, cause })
        })
        .collect()
}

/// L, positions, diameters.
type RawFrame = (f64, Vec<[f64; 2]>, Vec<f64>);

fn read_extended_xyz(path: &Path) -> Result<Vec<RawFrame>, OwnGlassError> {
    Ok(read_glasses(path)?.into_iter().map(|glass| (glass.box_length, glass.positions, glass.diameters)).collect())
}

/// An archive of this program is an H5MD file, too.
fn read_hdf5(path: &Path) -> Result<Vec<RawFrame>, OwnGlassError> {
    let frames = read_h5md(path)?;
    if frames.is_empty() {
        return Err(OwnGlassError::NoParticles(path.to_owned()));
    }
    Ok(frames.into_iter().map(|frame| (frame.box_length, frame.positions, frame.diameters)).collect())
}

fn is_hdf5(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"\x89HDF\r\n\x1a\n"
}

/// How a glass came to its minimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrival {
    /// It was there.
    AsGiven,
    /// Newton steps undid the rounding of its coordinates.
    Polished {
        /// Largest displacement of a particle.
        displacement: f64,
    },
    /// It was quenched.
    Quenched,
}

/// The inherent structure of a glass from elsewhere: quenched if `search`, otherwise as given, or
/// polished when its forces are those of rounded coordinates.
///
/// # Errors
/// [`OwnGlassError::NotAMinimum`] with the largest force, or [`OwnGlassError::Quench`].
pub fn minimum(own: &OwnGlass, plan: &Plan, search: bool) -> Result<(InherentStructure, Arrival), OwnGlassError> {
    let (path, frame) = (own.path.clone(), own.frame);
    let potential = &plan.composition.potential;
    if search {
        return quench(&own.configuration, potential, &plan.quench)
            .map(|inherent| (inherent, Arrival::Quenched))
            .map_err(|cause| OwnGlassError::Quench { path, frame, cause });
    }
    let force = match InherentStructure::accept(own.configuration.clone(), potential, plan.quench.force_tolerance) {
        Ok(inherent) => return Ok((inherent, Arrival::AsGiven)),
        Err(QuenchFailure::NotConverged { force_max, .. }) => force_max,
        Err(cause) => return Err(OwnGlassError::Quench { path, frame, cause }),
    };
    let refused = OwnGlassError::NotAMinimum { path, frame, smoothness: potential.smoothness(), force };
    if force > FORCE_OF_ROUNDING {
        return Err(refused);
    }
    match InherentStructure::polish(own.configuration.clone(), potential, &plan.quench) {
        Ok((inherent, displacement)) if displacement <= DISPLACEMENT_OF_ROUNDING => {
            Ok((inherent, Arrival::Polished { displacement }))
        }
        _ => Err(refused),
    }
}
