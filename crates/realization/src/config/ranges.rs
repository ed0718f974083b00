//! Which values are accepted: one check a kind of number, all with the same words.

use super::error::{ConfigError, Origin};
use std::fmt::Display;

/// Checks values against what is accepted, naming key and origin when they fail.
pub(super) struct Ranges<'a> {
    pub(super) origin: &'a Origin,
}

impl Ranges<'_> {
    /// The error of `key` = `value`.
    pub(super) fn refuse(&self, key: &str, value: impl Display, accepted: impl Into<String>) -> ConfigError {
        ConfigError::Value {
            origin: self.origin.of(key),
            key: key.to_owned(),
            value: value.to_string(),
            accepted: accepted.into(),
        }
    }

    /// A whole number in [low, high].
    pub(super) fn whole(&self, key: &str, value: u64, low: u64, high: u64) -> Result<u64, ConfigError> {
        if (low..=high).contains(&value) {
            Ok(value)
        } else if high == u64::MAX {
            Err(self.refuse(key, value, format!("accepted: {low} or more")))
        } else {
            Err(self.refuse(key, value, format!("accepted: {low} to {high}")))
        }
    }

    /// A finite number above zero, at most `high`.
    pub(super) fn positive(&self, key: &str, value: f64, high: f64) -> Result<f64, ConfigError> {
        if value > 0.0 && value <= high {
            Ok(value)
        } else {
            Err(self.refuse(key, short(value), format!("accepted: above 0, at most {}", short(high))))
        }
    }

    /// A number in [low, high].
    pub(super) fn between(&self, key: &str, value: f64, low: f64, high: f64) -> Result<f64, ConfigError> {
        if (low..=high).contains(&value) {
            Ok(value)
        } else {
            Err(self.refuse(key, short(value), format!("accepted: {} to {}", short(low), short(high))))
        }
    }
}

/// A number as a person writes it: 0.45, but 1e-13.
fn short(number: f64) -> String {
    let plain = number.to_string();
    if plain.len() > 9 { format!("{number:e}") } else { plain }
}
