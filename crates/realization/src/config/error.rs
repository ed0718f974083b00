//! What can be wrong with a configuration, in words that say what to do.

use super::excerpt;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no plan.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {cause}")]
    Read {
        /// Path as given.
        file: String,
        /// The system's words.
        cause: String,
    },
    /// Not TOML.
    #[error("{file}:{line}:{column}: not valid TOML: {message}")]
    Syntax {
        /// Path as given.
        file: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The parser's words.
        message: String,
    },
    /// An argument of `--set` that is not KEY=VALUE.
    #[error("--set {argument}: expected SECTION.KEY=VALUE, for example --set campaign.seed=7")]
    Set {
        /// As given.
        argument: String,
    },
    /// Unknown key, missing key or wrong type.
    #[error("{origin}: {message}")]
    Shape {
        /// File, or the `--set` argument.
        origin: String,
        /// Which key and what was expected.
        message: String,
    },
    /// A value outside what is accepted.
    #[error("{origin}: {key} = {value}: {accepted}")]
    Value {
        /// File, or the `--set` argument.
        origin: String,
        /// Dotted key.
        key: String,
        /// As resolved.
        value: String,
        /// What would be accepted.
        accepted: String,
    },
}

impl ConfigError {
    pub(crate) fn syntax(file: &str, text: &str, cause: &toml::de::Error) -> Self {
        let start = cause.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..start).unwrap_or_default();
        let line = text.lines().nth(before.matches('\n').count()).unwrap_or_default().trim();
        ConfigError::Syntax {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|&c| c != '\n').count() + 1,
            message: format!("{} in `{}`", cause.message().replace('\n', " "), excerpt(line)),
        }
    }

    pub(crate) fn shape(origin: &Origin, cause: &toml::de::Error) -> Self {
        // toml ends its message with "in `section.key`".
        let display = cause.to_string();
        let place = display.lines().find_map(|line| line.strip_prefix("in `")).map(|rest| rest.trim_end_matches('`'));
        let words = in_plain_words(cause.message());
        // Of a key that is unknown or missing, serde names the section as the place and the key in its words.
        let names_key = ["unknown key `", "missing key `"].iter().find_map(|start| words.strip_prefix(start));
        let (key, message) = match (place, names_key.and_then(|rest| rest.split('`').next())) {
            (Some(section), Some(name)) => (format!("{section}.{name}"), format!("{words} in section [{section}]")),
            (None, Some(name)) => (name.to_owned(), words.replace("key `", "section `")),
            (Some(place), None) => (place.to_owned(), format!("{place}: {words}")),
            (None, None) => (String::new(), words),
        };
        ConfigError::Shape { origin: origin.of(&key), message }
    }
}

/// serde's message without the names of Rust types.
fn in_plain_words(message: &str) -> String {
    let mut words = message
        .replace("unknown field", "unknown key")
        .replace("missing field", "missing key")
        .replace("unknown variant", "unknown choice")
        .replace("invalid type: ", "wrong type: ")
        .replace("invalid value: ", "wrong value: ");
    for (rust, plain) in [
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected f64", "expected a number"),
        ("floating point", "number"),
        ("expected a string", "expected a text in quotes"),
        ("expected a map", "expected a section"),
    ] {
        words = words.replace(rust, plain);
    }
    // A section is a Rust struct to serde.
    match words.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a section, like [glass]"),
        None => words,
    }
}

/// Where a key's value came from: the file, or a `--set` argument.
#[derive(Debug, Clone)]
pub struct Origin {
    file: String,
    sets: BTreeMap<String, String>,
}

impl Origin {
    pub(crate) fn new(file: &str) -> Self {
        Origin { file: file.to_owned(), sets: BTreeMap::new() }
    }

    /// Says that the value of `key` is that of a `--set` argument.
    pub(crate) fn overridden(&mut self, key: String, argument: String) {
        self.sets.insert(key, argument);
    }

    /// The folder that a path in the value of `key` starts from: that of the file, or the current one for `--set`.
    pub(crate) fn folder_of(&self, key: &str) -> PathBuf {
        match self.sets.contains_key(key) {
            true => PathBuf::new(),
            false => Path::new(&self.file).parent().map(Path::to_owned).unwrap_or_default(),
        }
    }

    /// How messages name the origin of `key`.
    pub(crate) fn of(&self, key: &str) -> String {
        match self.sets.get(key) {
            Some(argument) => format!("--set {}", excerpt(argument)),
            None => self.file.clone(),
        }
    }
}
