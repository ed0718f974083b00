//! Failures as exceptions, in the words of the command line.

use glass::thermalize::ThermalizeFailure;
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::PyErr;
use realization::RealizationFailure;
use std::fmt::Display;

create_exception!(
    glassmodes,
    RealizationError,
    PyRuntimeError,
    "A stage gave up: no glass, no minimum or no spectrum follows from these arguments, and trying again is no use."
);

/// An argument that is not accepted.
pub(crate) fn refused(cause: impl Display) -> PyErr {
    PyValueError::new_err(cause.to_string())
}

/// A stage that gave up, or an argument that only the stage could judge.
pub(crate) fn failed(failure: impl Into<RealizationFailure>) -> PyErr {
    use ThermalizeFailure::{Configuration, DisplacementTooLarge, Setting, SingleParticle};
    match failure.into() {
        RealizationFailure::Thermalize(
            cause @ (Configuration(_) | Setting { .. } | DisplacementTooLarge { .. } | SingleParticle),
        ) => refused(cause),
        failure => RealizationError::new_err(failure.to_string()),
    }
}
