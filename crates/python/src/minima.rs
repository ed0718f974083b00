//! Inherent structures: quenched here, or minima already.

use crate::arguments::plan_for;
use crate::arrays::{configuration, numbers, points};
use crate::errors::failed;
use crate::interruptible::interruptible;
use glass::energy::evaluate;
use glass::quench::{QuenchFailure, QuenchSettings, quench as descend};
use glass::random::Seed;
use glass::{Configuration, InherentStructure, Potential};
use modes::ElasticConstants;
use numpy::{PyArray1, PyArray2};
use pyo3::prelude::{Bound, PyResult, Python, pyclass, pyfunction, pymethods};
use pyo3::types::{PyAny, PyDict};
use std::sync::Arc;

/// An inherent structure, and the seed from which the solver of its spectrum starts.
#[pyclass(frozen, module = "glassmodes._native")]
pub(crate) struct Minimum {
    pub(crate) inherent: Arc<InherentStructure>,
    pub(crate) seed: Seed,
    pub(crate) quench: QuenchSettings,
}

impl Minimum {
    pub(crate) fn new(inherent: InherentStructure, seed: Seed, quench: QuenchSettings) -> Self {
        Minimum { inherent: Arc::new(inherent), seed, quench }
    }
}

/// The inherent structure below the given particles.
#[pyfunction]
pub(crate) fn quench(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_length: f64,
    keys: &Bound<'_, PyDict>,
) -> PyResult<Minimum> {
    of_particles(py, positions, diameters, box_length, keys, descend)
}

/// The given particles, which are at a minimum already.
#[pyfunction]
pub(crate) fn accept(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_length: f64,
    keys: &Bound<'_, PyDict>,
) -> PyResult<Minimum> {
    of_particles(py, positions, diameters, box_length, keys, |particles, potential, settings| {
        InherentStructure::accept(particles.clone(), potential, settings.force_tolerance)
    })
}

fn of_particles(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_length: f64,
    keys: &Bound<'_, PyDict>,
    way: fn(&Configuration, &Potential, &QuenchSettings) -> Result<InherentStructure, QuenchFailure>,
) -> PyResult<Minimum> {
    let particles = configuration(positions, diameters, box_length)?;
    let plan = plan_for(keys, particles.particles(), particles.density())?;
    let (potential, settings) = (plan.composition.potential.clone(), plan.quench);
    let inherent = interruptible(py, move |_| way(&particles, &potential, &settings))?.map_err(failed)?;
    // As for the first glass of a file on the command line.
    Ok(Minimum::new(inherent, Seed::of_realization(plan.campaign.seed, 0), settings))
}

#[pymethods]
impl Minimum {
    /// N × 2.
    fn positions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        points(py, self.inherent.configuration().positions().to_vec())
    }

    /// N.
    fn diameters<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        numbers(py, self.inherent.configuration().diameters().to_vec())
    }

    /// L.
    fn box_length(&self) -> f64 {
        self.inherent.configuration().periodic_box().length()
    }

    /// U/N.
    fn energy(&self) -> f64 {
        self.inherent.energy()
    }

    /// P.
    fn pressure(&self) -> f64 {
        self.inherent.pressure()
    }

    /// Largest |F_i|.
    fn force_max(&self) -> f64 {
        self.inherent.force_max()
    }

    /// Force evaluations of the gradient stage.
    fn iterations(&self) -> u32 {
        self.inherent.iterations()
    }

    /// F_i, N × 2.
    fn forces<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        points(py, evaluate(self.inherent.configuration(), self.inherent.potential()).forces)
    }

    /// H as compressed columns, which for a symmetric matrix are its compressed rows: starts, indices,
    /// values.
    fn hessian<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<f64>>)> {
        let inherent = Arc::clone(&self.inherent);
        let (starts, indices, values) = interruptible(py, move |_| {
            let (symbolic, values) = inherent.hessian().to_sparse().into_parts();
            let whole = |indices: &[usize]| indices.iter().map(|&index| index as i64).collect::<Vec<i64>>();
            (whole(symbolic.col_ptr()), whole(symbolic.row_idx()), values)
        })?;
        Ok((numbers(py, starts), numbers(py, indices), numbers(py, values)))
    }

    /// G, K and ω of the first transverse phonon.
    fn elastic_constants(&self, py: Python<'_>) -> PyResult<(f64, f64, f64)> {
        let inherent = Arc::clone(&self.inherent);
        let elastic = interruptible(py, move |_| ElasticConstants::compute(&inherent))?.map_err(failed)?;
        Ok((elastic.shear_modulus, elastic.bulk_modulus, elastic.omega_phonon))
    }
}
