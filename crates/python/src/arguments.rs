//! Arguments as configuration keys: what Python gives becomes a [`Plan`] as a TOML file would.

use crate::errors::refused;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::{Bound, PyAnyMethods, PyErr, PyResult, PyTypeMethods};
use pyo3::types::{PyAny, PyBool, PyDict, PyDictMethods, PyInt, PyList, PyString, PyStringMethods, PyTuple};
use realization::config::{ConfigError, GlassesFound, Plan, parse, parse_for_own_glasses};
use toml::{Table, Value};

/// What messages call the configuration.
const NAME: &str = "arguments";

/// Sections that must be there and that no argument speaks of.
const DEFAULTS: &str = r#"
[campaign]
name = "python"
realizations = 1
seed = 1
[glass]
particles = 4000
[thermalize]
temperature = 0.1
sweeps = 1
[spectrum]
method = "sliced"
[modes]
omega_max = 1.0
"#;

/// The plan of a glass made here. `keys` maps `section.key` to a value; `None` stands for the default.
///
/// # Errors
/// `ValueError` in the words of the configuration, `TypeError` for what is no number and no text.
pub(crate) fn plan(keys: &Bound<'_, PyDict>) -> PyResult<Plan> {
    parse(&text(keys)?, NAME, &[]).map_err(exception)
}

/// The plan for a glass that is there already.
///
/// # Errors
/// As [`plan`].
pub(crate) fn plan_for(keys: &Bound<'_, PyDict>, found: GlassesFound) -> PyResult<Plan> {
    parse_for_own_glasses(&text(keys)?, NAME, &[], Some(found)).map_err(exception)
}

fn exception(error: ConfigError) -> PyErr {
    refused(error)
}

fn text(keys: &Bound<'_, PyDict>) -> PyResult<String> {
    let mut table: Table = DEFAULTS.parse().map_err(refused)?;
    for (key, value) in keys.iter() {
        if value.is_none() {
            continue;
        }
        let key = key.cast::<PyString>()?.to_cow()?.into_owned();
        let (section, name) = key.split_once('.').ok_or_else(|| refused(format!("{key}: not a section.key")))?;
        let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(name.to_owned(), toml_value(&key, &value)?);
        }
    }
    toml::to_string(&table).map_err(refused)
}

fn toml_value(key: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(entries) = value.cast::<PyDict>() {
        let mut table = Table::new();
        for (name, entry) in entries.iter() {
            let name = name.extract::<String>()?;
            table.insert(name.clone(), within_table(&format!("{key}.{name}"), &entry)?);
        }
        return Ok(Value::Table(table));
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Value::Boolean(truth.extract()?));
    }
    if let Ok(whole) = value.extract::<i64>() {
        return Ok(Value::Integer(whole));
    }
    if value.is_instance_of::<PyInt>() {
        return Err(refused(format!("{key}: more than 64 bits")));
    }
    if let Ok(text) = value.extract::<String>() {
        return Ok(Value::String(text));
    }
    match value.extract::<f64>() {
        Ok(number) => Ok(Value::Float(number)),
        Err(_) => {
            let kind = value.get_type();
            Err(PyTypeError::new_err(format!("{key}: a number or a text is expected, not {}", kind.name()?)))
        }
    }
}

/// The same for an entry of a table, which may be a list: names and rows of a mixture.
fn within_table(key: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let entries = value.try_iter()?.map(|entry| within_table(key, &entry?));
        return Ok(Value::Array(entries.collect::<PyResult<_>>()?));
    }
    toml_value(key, value)
}
