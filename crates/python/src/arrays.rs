//! numpy arrays to particles, and back.

use crate::errors::refused;
use glass::{Configuration, PeriodicBox};
use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayDescrMethods, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray,
    PyUntypedArrayMethods, dtype,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::{Bound, PyAnyMethods, PyResult, PyTypeMethods, Python};
use pyo3::types::PyAny;

/// Coordinates of a point.
const DIMENSION: usize = 2;

/// Particles from arrays: positions N × 2 in [0, box], diameters N, both float64 and C-contiguous.
///
/// # Errors
/// `TypeError` for what is no array of float64, `ValueError` for shapes, order in memory and values.
pub(crate) fn configuration(
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    length: f64,
) -> PyResult<Configuration> {
    let positions = floats("positions", positions, 2)?;
    let shape = positions.shape();
    if shape[1] != DIMENSION {
        return Err(refused(format!(
            "positions have shape ({}, {}); accepted: ({}, 2), two dimensions",
            shape[0], shape[1], shape[0]
        )));
    }
    let diameters = floats("diameters", diameters, 1)?;
    let side = PeriodicBox::new(length).map_err(refused)?;
    let (points, []) = positions.as_slice()?.as_chunks::<DIMENSION>() else {
        return Err(refused("positions are not pairs of coordinates"));
    };
    for (particle, point) in points.iter().enumerate() {
        for (axis, &coordinate) in ["x", "y"].into_iter().zip(point) {
            if coordinate < 0.0 || coordinate > length {
                return Err(refused(format!(
                    "particle {particle}: {axis} = {coordinate} is outside the box, 0 to {length}; \
                     numpy.mod(positions, box) brings all particles in"
                )));
            }
        }
    }
    Configuration::new(side, points.to_vec(), diameters.as_slice()?.to_vec()).map_err(refused)
}

/// An array of float64, C-contiguous, of so many dimensions.
fn floats<'py>(name: &str, array: &Bound<'py, PyAny>, dimensions: usize) -> PyResult<PyReadonlyArrayDyn<'py, f64>> {
    let Ok(untyped) = array.cast::<PyUntypedArray>() else {
        let kind = array.get_type();
        return Err(PyTypeError::new_err(format!(
            "{name}: a numpy array of float64 is expected, not {}",
            kind.name()?
        )));
    };
    let kind = untyped.dtype();
    if !kind.is_equiv_to(&dtype::<f64>(array.py())) {
        return Err(PyTypeError::new_err(format!(
            "{name}: float64 is expected, not {kind}; {name}.astype(numpy.float64) converts"
        )));
    }
    if untyped.ndim() != dimensions {
        let expected = if dimensions == 1 { "(N,)" } else { "(N, 2)" };
        return Err(refused(format!("{name}: an array of shape {expected} is expected, not {:?}", untyped.shape())));
    }
    if !untyped.is_c_contiguous() {
        return Err(refused(format!("{name}: not C-contiguous; numpy.ascontiguousarray({name}) copies it so")));
    }
    Ok(array.cast::<numpy::PyArrayDyn<f64>>()?.readonly())
}

/// Points, K × 2; nothing is copied.
pub(crate) fn points(py: Python<'_>, points: Vec<[f64; DIMENSION]>) -> PyResult<Bound<'_, PyArray2<f64>>> {
    let shape = [points.len(), DIMENSION];
    points.into_flattened().into_pyarray(py).reshape(shape)
}

/// Vectors, K × N × 2; nothing is copied.
pub(crate) fn vectors(py: Python<'_>, values: Vec<f64>, particles: usize) -> PyResult<Bound<'_, PyArray3<f64>>> {
    let shape = [values.len() / (DIMENSION * particles), particles, DIMENSION];
    values.into_pyarray(py).reshape(shape)
}

/// Numbers, K; nothing is copied.
pub(crate) fn numbers<T: numpy::Element>(py: Python<'_>, values: Vec<T>) -> Bound<'_, PyArray1<T>> {
    values.into_pyarray(py)
}
