//! Configuration: TOML as written by a person, resolved once into a [`Plan`].
//!
//! ```text
//! file ─► table ─► table with --set ─► RawConfig ─► Plan ─► config.toml (every key), hash
//!        (syntax)                      (types,      (ranges, cross-checks)
//!                                       unknown keys)
//! ```
//!
//! Every key, with unit, default and meaning: `config/README.md`.

pub mod compare;
mod diameters;
pub mod error;
mod excerpt;
pub mod glasses;
pub mod harvest;
pub mod interaction;
pub mod numbers_file;
pub mod overrides;
pub mod plan;
mod ranges;
pub mod raw;
mod table;

pub use compare::{ChangedKey, FREE_KEYS};
pub use error::ConfigError;
pub use excerpt::{excerpt, printable};
pub use glasses::Glasses;
pub use harvest::Harvest;
pub use plan::{CampaignSettings, Plan};

use crate::particles::Particles;
use error::Origin;
use glass::configuration::InvalidConfiguration;
use glass::space::Dimension;
use modes::SpectrumMethod;
use ranges::Ranges;
use raw::{RawConfig, SwapChoice};
use serde::Deserialize;
use std::path::Path;

/// The plan that the file at `path` and the `--set KEY=VALUE` arguments describe.
///
/// # Errors
/// [`ConfigError`] when the file cannot be read, is not TOML, has unknown keys, values of the wrong
/// type or outside what is accepted; the message names file, key, value and what would be accepted.
pub fn load(path: &Path, sets: &[String]) -> Result<Plan, ConfigError> {
    parse(&read(path)?, &path.display().to_string(), sets)
}

/// The text of the file at `path`.
///
/// # Errors
/// [`ConfigError::Read`].
pub fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Read {
        file: path.display().to_string(),
        cause: match cause.kind() {
            std::io::ErrorKind::InvalidData => "it is no text (UTF-8); a campaign is a TOML file".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder; name the campaign's TOML file".to_owned(),
            _ => cause.to_string(),
        },
    })
}

/// The swaps of new configurations that name none. Lifted ones pay where tens of thousands of sweeps are needed; there the
/// shipped campaigns ask for them.
const SWAPS: SwapChoice = SwapChoice::Uniform;

/// The plan that `text` describes; `file` is its name in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str, file: &str, sets: &[String]) -> Result<Plan, ConfigError> {
    let (mut raw, origin) = raw(text, file, sets)?;
    raw.thermalize.swap.get_or_insert(SWAPS);
    plan::resolve(&raw, Glasses::MadeHere, &origin)
}

/// The plan of a configuration that this program, or an earlier version of it, has stored: in the folder of
/// a campaign or in an archive, with these `--set` arguments. Where it names no kind of swaps they were uniform.
///
/// # Errors
/// As [`load`].
pub fn parse_stored(text: &str, file: &str, sets: &[String]) -> Result<Plan, ConfigError> {
    let (raw, origin) = raw(text, file, sets)?;
    plan::resolve(&raw, Glasses::MadeHere, &origin)
}

/// What is known of glasses made elsewhere, whatever a configuration says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlassesFound {
    /// In how many dimensions they are.
    pub dimension: Dimension,
    /// N.
    pub particles: usize,
    /// N/L^d.
    pub density: f64,
}

impl GlassesFound {
    /// What these particles are.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] if they make no configuration.
    pub fn of(particles: &Particles) -> Result<Self, InvalidConfiguration> {
        let dimension = particles.dimension();
        let density = match dimension {
            Dimension::Two => particles.configuration::<2>()?.density(),
            Dimension::Three => particles.configuration::<3>()?.density(),
        };
        Ok(GlassesFound { dimension, particles: particles.diameters.len(), density })
    }
}

/// The plan that `text` describes for glasses made elsewhere, of what was `found` if it is known already; otherwise what
/// the text says counts. A dimension that the text says must be theirs. Method "low" finds what is described: where there
/// is no `spectrum.omega_max` it is `modes.omega_max`.
///
/// # Errors
/// As [`load`].
pub fn parse_for_own_glasses(
    text: &str,
    file: &str,
    sets: &[String],
    found: Option<GlassesFound>,
) -> Result<Plan, ConfigError> {
    let (mut raw, origin) = raw(text, file, sets)?;
    if let Some(found) = found {
        let axes = found.dimension.axes() as u64;
        if let Some(said) = raw.glass.dimension.filter(|&said| said != axes) {
            let accepted = format!("the glasses have {axes} dimensions; accepted: {axes}, or leave it out");
            return Err(Ranges { origin: &origin }.refuse("glass.dimension", said, accepted));
        }
        raw.glass.dimension = Some(axes);
        raw.glass.particles = found.particles as u64;
        raw.glass.density = Some(found.density);
    }
    if raw.spectrum.method == SpectrumMethod::Low {
        raw.spectrum.omega_max.get_or_insert(raw.modes.omega_max);
    }
    plan::resolve(&raw, Glasses::MadeElsewhere, &origin)
}

fn raw(text: &str, file: &str, sets: &[String]) -> Result<(RawConfig, Origin), ConfigError> {
    let mut table: toml::Table = text.parse().map_err(|cause| ConfigError::syntax(file, text, &cause))?;
    let mut origin = Origin::new(file);
    for argument in sets {
        let set = overrides::apply(&mut table, argument)?;
        origin.overridden(set.key, set.argument);
    }
    let raw = RawConfig::deserialize(table).map_err(|cause| ConfigError::shape(&origin, &cause))?;
    Ok((raw, origin))
}
