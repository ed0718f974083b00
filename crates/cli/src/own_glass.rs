//! Glasses made elsewhere: read, brought to their minimum, never more than asked for.

mod list;

pub use list::GlassList;

use crate::arguments::ModesArguments;
use formats::FormatError;
use glass::configuration::InvalidConfiguration;
use glass::quench::{QuenchFailure, quench};
use glass::{Configuration, InherentStructure};
use realization::RealizationFailure;
use realization::config::{self, ConfigError, GlassesFound, Plan};
use realization::particles::Particles;
use std::fmt;
use std::path::PathBuf;
use thiserror::Error;

/// What `modes` does unless `--config` or `--set` say otherwise; `spectrum.omega_max` follows `modes.omega_max`. The
/// sections that make glasses must be there, and are not used.
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
method = "low"
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
    /// Particles, which make a configuration.
    pub particles: Particles,
    /// What they are.
    pub found: GlassesFound,
}

/// Why a glass from elsewhere is not used.
#[derive(Debug, Error)]
pub enum OwnGlassError {
    /// The file cannot be read.
    #[error(transparent)]
    Format(#[from] FormatError),
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
        "{}, frame {frame}: not a minimum of the {potential}: the largest force is {force:.2e}; add --quench, or choose \
         the potential it was made with (--set potential.kind=..., potential.smoothness=...)",
        path.display()
    )]
    NotAMinimum {
        /// File.
        path: PathBuf,
        /// Frame, from 0.
        frame: usize,
        /// As it is called.
        potential: String,
        /// Largest |F_i|.
        force: f64,
    },
    /// No record of its modes.
    #[error("{}, frame {frame}: {cause}", path.display())]
    Examination {
        /// File.
        path: PathBuf,
        /// Frame, from 0.
        frame: usize,
        /// Why not.
        cause: RealizationFailure,
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

/// The plan of `modes`: potential, quench, spectrum and modes of the configuration asked for, for glasses such as were
/// found.
///
/// # Errors
/// [`ConfigError`], as for every configuration.
pub fn plan(arguments: &ModesArguments, found: GlassesFound) -> Result<Plan, ConfigError> {
    let (text, file) = match &arguments.config {
        Some(path) => (config::read(path)?, path.display().to_string()),
        None => (DEFAULTS.to_owned(), "built-in configuration of modes".to_owned()),
    };
    config::parse_for_own_glasses(&text, &file, &arguments.overrides.sets, Some(found))
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
    Quenched {
        /// Force evaluations of the gradient stage.
        evaluations: u32,
    },
}

impl fmt::Display for Arrival {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arrival::AsGiven => write!(formatter, "a minimum as given"),
            Arrival::Polished { displacement } => {
                write!(formatter, "polished by Newton steps, largest displacement {displacement:.2e}")
            }
            Arrival::Quenched { evaluations } => write!(formatter, "quenched in {evaluations} force evaluations"),
        }
    }
}

/// The inherent structure of a glass of D dimensions from elsewhere: quenched if `search`, otherwise as given, or
/// polished when its forces are those of rounded coordinates.
///
/// # Errors
/// [`OwnGlassError::NotAMinimum`] with the largest force, or [`OwnGlassError::Quench`].
pub fn minimum<const D: usize>(
    own: &OwnGlass,
    plan: &Plan,
    search: bool,
) -> Result<(InherentStructure<D>, Arrival), OwnGlassError> {
    let (path, frame) = (own.path.clone(), own.frame);
    let potential = &plan.composition.potential;
    let configuration = own.particles.configuration::<D>();
    let configuration = configuration.map_err(|cause| OwnGlassError::Invalid { path: path.clone(), frame, cause })?;
    if search {
        return quench(&configuration, potential, &plan.quench)
            .map(|inherent| {
                let evaluations = inherent.iterations();
                (inherent, Arrival::Quenched { evaluations })
            })
            .map_err(|cause| OwnGlassError::Quench { path, frame, cause });
    }
    let tolerance = plan.quench.force_tolerance;
    let cause = match InherentStructure::accept(configuration.clone(), potential, tolerance) {
        Ok(inherent) if inherent.force_max() <= tolerance => return Ok((inherent, Arrival::AsGiven)),
        // Rounding explains its forces; other numbers next to these may have less.
        Ok(inherent) => return Ok(polished(configuration, plan).unwrap_or((inherent, Arrival::AsGiven))),
        Err(cause) => cause,
    };
    let QuenchFailure::NotConverged { force_max: force, .. } = cause else {
        return Err(OwnGlassError::Quench { path, frame, cause });
    };
    let refused = match cause.is_rounding() {
        true => OwnGlassError::Quench { path, frame, cause },
        false => OwnGlassError::NotAMinimum { path, frame, potential: potential.to_string(), force },
    };
    if force > FORCE_OF_ROUNDING {
        return Err(refused);
    }
    polished(configuration, plan).ok_or(refused)
}

/// The minimum that Newton steps reach without moving a particle further than rounding of coordinates explains.
fn polished<const D: usize>(configuration: Configuration<D>, plan: &Plan) -> Option<(InherentStructure<D>, Arrival)> {
    let potential = &plan.composition.potential;
    let (inherent, displacement) = InherentStructure::polish(configuration, potential, &plan.quench).ok()?;
    (displacement <= DISPLACEMENT_OF_ROUNDING).then_some((inherent, Arrival::Polished { displacement }))
}
