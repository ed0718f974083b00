//! Energy, forces and pressure of particles anywhere.

use crate::arrays::points;
use crate::errors::refused;
use crate::given::Given;
use crate::interruptible::interruptible;
use glass::Potential;
use glass::energy::{self, force_max, pressure};
use glass::pairs::interacting_pairs;
use glass::space::Dimension;
use numpy::PyArray2;
use pyo3::prelude::{Bound, PyErr, PyResult, Python, pyfunction};
use pyo3::types::{PyAny, PyDict};
use realization::particles::Particles;

/// U/N, the forces, d coordinates a particle, and P.
type Evaluated = (f64, Vec<f64>, f64);

/// U/N, the forces N × d, and P of the given particles.
#[pyfunction]
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    positions: &Bound<'py, PyAny>,
    diameters: &Bound<'py, PyAny>,
    box_sides: Vec<f64>,
    keys: &Bound<'py, PyDict>,
) -> PyResult<(f64, Bound<'py, PyArray2<f64>>, f64)> {
    let Given { particles, dimension, plan } = Given::new(positions, diameters, box_sides, keys)?;
    let potential = plan.composition.potential.clone();
    let (energy, forces, pressure) = interruptible(py, move |_| match dimension {
        Dimension::Two => evaluated::<2>(&particles, &potential),
        Dimension::Three => evaluated::<3>(&particles, &potential),
    })??;
    Ok((energy, points(py, forces, dimension)?, pressure))
}

fn evaluated<const D: usize>(particles: &Particles, potential: &Potential) -> Result<Evaluated, PyErr> {
    let configuration = particles.configuration::<D>().map_err(refused)?;
    potential.check(&configuration).map_err(refused)?;
    let evaluation = energy::evaluate(&configuration, potential);
    if !(evaluation.energy.is_finite() && force_max(&evaluation.forces).is_finite()) {
        return Err(refused("energy or force is not finite: two particles are at the same place, or nearly"));
    }
    let pressure = pressure(&configuration, potential, &interacting_pairs(&configuration, potential, 0.0));
    Ok((evaluation.energy / configuration.particles() as f64, evaluation.forces.into_flattened(), pressure))
}
