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
pub mod error;
pub mod overrides;
pub mod plan;
mod ranges;
pub mod raw;

pub use compare::{Difference, FREE_KEYS};
pub use error::ConfigError;
pub use plan::{CampaignSettings, Plan};

use error::Origin;
use raw::RawConfig;
use serde::Deserialize;
use std::path::Path;

/// The plan that the file at `path` and the `--set KEY=VALUE` arguments describe.
///
/// # Errors
/// [`ConfigError`] when the file cannot be read, is not TOML, has unknown keys, values of the wrong
/// type or outside what is accepted; the message names file, key, value and what would be accepted.
pub fn load(path: &Path, sets: &[String]) -> Result<Plan, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| ConfigError::Read { file: path.display().to_string(), cause: cause.to_string() })?;
    parse(&text, &path.display().to_string(), sets)
}

/// The plan that `text` describes; `file` is its name in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str, file: &str, sets: &[String]) -> Result<Plan, ConfigError> {
    let mut table: toml::Table = text.parse().map_err(|cause| ConfigError::syntax(file, text, &cause))?;
    let mut origin = Origin::new(file);
    for argument in sets {
        let set = overrides::apply(&mut table, argument)?;
        origin.overridden(set);
    }
    let raw = RawConfig::deserialize(table).map_err(|cause| ConfigError::shape(&origin, &cause))?;
    plan::resolve(&raw, &origin)
}
