//! `--set KEY=VALUE`: any key of the configuration, from the command line.

use super::error::ConfigError;
use toml::{Table, Value};

/// One override that was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Dotted key, `section.key`.
    pub key: String,
    /// As given, for messages.
    pub argument: String,
}

/// Puts `argument` = `SECTION.KEY=VALUE` into `table`. VALUE is read as TOML (`7`, `0.1`, `true`,
/// `"text"`); what is none is taken as text, so that `--set spectrum.method=low` needs no quotes.
///
/// # Errors
/// [`ConfigError::Set`] when there is no `=` or no section.
pub fn apply(table: &mut Table, argument: &str) -> Result<Set, ConfigError> {
    let malformed = || ConfigError::Set { argument: argument.to_owned() };
    let (key, text) = argument.split_once('=').ok_or_else(malformed)?;
    let (section, name) = key.trim().split_once('.').ok_or_else(malformed)?;
    if section.is_empty() || name.is_empty() || name.contains('.') {
        return Err(malformed());
    }
    let entry = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    let Value::Table(entries) = entry else { return Err(malformed()) };
    entries.insert(name.to_owned(), value(text.trim()));
    Ok(Set { key: format!("{section}.{name}"), argument: argument.to_owned() })
}

/// `text` as a TOML value, or as a string.
fn value(text: &str) -> Value {
    format!("value = {text}")
        .parse::<Table>()
        .ok()
        .filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_as_toml_and_fall_back_to_text() {
        assert_eq!(value("7"), Value::Integer(7));
        assert_eq!(value("1e-12"), Value::Float(1e-12));
        assert_eq!(value("true"), Value::Boolean(true));
        assert_eq!(value("low"), Value::String("low".into()));
        assert_eq!(value("\"7\""), Value::String("7".into()));
        // Nothing can be smuggled in behind a value.
        assert_eq!(value("7\nother = 8"), Value::String("7\nother = 8".into()));
    }

    #[test]
    fn malformed_arguments_are_refused() {
        let mut table = Table::new();
        for argument in ["seed", "seed=7", ".seed=7", "campaign.=7", "a.b.c=7", ""] {
            assert!(matches!(apply(&mut table, argument), Err(ConfigError::Set { .. })), "{argument}");
        }
        assert!(table.is_empty());
        assert_eq!(apply(&mut table, "campaign.seed = 7").expect("well formed").key, "campaign.seed");
        assert_eq!(table["campaign"]["seed"], Value::Integer(7));
    }
}
