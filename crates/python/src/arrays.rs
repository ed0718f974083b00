//! numpy arrays to particles, and back.

use crate::errors::refused;
use glass::configuration::InvalidConfiguration;
use glass::space::{AXES, Dimension};
use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayDescrMethods, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray,
    PyUntypedArrayMethods, dtype,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::{Bound, PyAnyMethods, PyResult, PyTypeMethods, Python};
use pyo3::types::PyAny;
use realization::particles::Particles;

/// Particles from arrays: positions N × d in the box, diameters N, both float64 and C-contiguous; of the box one side, if
/// all are the same, or d.
///
/// # Errors
/// `TypeError` for what is no array of float64, `ValueError` for shapes, order in memory and values.
pub(crate) fn particles(
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    mut sides: Vec<f64>,
) -> PyResult<Particles> {
    let positions = floats("positions", positions, 2)?;
    let (count, axes) = (positions.shape()[0], positions.shape()[1]);
    if Dimension::of(axes).is_none() {
        return Err(refused(format!(
            "positions have shape ({count}, {axes}); accepted: ({count}, 2) or ({count}, 3), two or three dimensions"
        )));
    }
    if count == 0 {
        return Err(refused(InvalidConfiguration::Empty));
    }
    if let [side] = sides[..] {
        sides = vec![side; axes];
    }
    if sides.len() != axes {
        return Err(refused(format!(
            "box has {} sides, positions have {axes} columns; accepted: one side, or {axes}",
            sides.len()
        )));
    }
    let diameters = floats("diameters", diameters, 1)?;
    let diameters = diameters.as_slice()?.to_vec();
    if diameters.len() != count {
        return Err(refused(InvalidConfiguration::Lengths { positions: count, diameters: diameters.len() }));
    }
    let positions = positions.as_slice()?.to_vec();
    for (particle, point) in positions.chunks_exact(axes).enumerate() {
        for ((axis, &coordinate), length) in AXES.into_iter().zip(point).zip(&sides) {
            if coordinate < 0.0 || coordinate > *length {
                return Err(refused(format!(
                    "particle {particle}: {axis} = {coordinate} is outside the box, 0 to {length}; \
                     numpy.mod(positions, box) brings all particles in"
                )));
            }
        }
    }
    Ok(Particles { box_sides: sides, positions, diameters })
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
        let expected = if dimensions == 1 { "(N,)" } else { "(N, 2) or (N, 3)" };
        return Err(refused(format!("{name}: an array of shape {expected} is expected, not {:?}", untyped.shape())));
    }
    if !untyped.is_c_contiguous() {
        return Err(refused(format!("{name}: not C-contiguous; numpy.ascontiguousarray({name}) copies it so")));
    }
    Ok(array.cast::<numpy::PyArrayDyn<f64>>()?.readonly())
}

/// Points of `dimension` coordinates, K × d; nothing is copied.
pub(crate) fn points(py: Python<'_>, values: Vec<f64>, dimension: Dimension) -> PyResult<Bound<'_, PyArray2<f64>>> {
    let shape = [values.len() / dimension.axes(), dimension.axes()];
    values.into_pyarray(py).reshape(shape)
}

/// Vectors of so many particles, K × N × d; nothing is copied.
pub(crate) fn vectors(
    py: Python<'_>,
    values: Vec<f64>,
    particles: usize,
    dimension: Dimension,
) -> PyResult<Bound<'_, PyArray3<f64>>> {
    let shape = [values.len() / (dimension.axes() * particles), particles, dimension.axes()];
    values.into_pyarray(py).reshape(shape)
}

/// Numbers, K; nothing is copied.
pub(crate) fn numbers<T: numpy::Element>(py: Python<'_>, values: Vec<T>) -> Bound<'_, PyArray1<T>> {
    values.into_pyarray(py)
}
