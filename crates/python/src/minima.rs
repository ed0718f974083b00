//! Inherent structures: quenched here, or minima already.

use crate::arrays::{numbers, points};
use crate::errors::{failed, refused};
use crate::given::Given;
use crate::inherent::{AnyInherent, CompressedColumns};
use crate::interruptible::interruptible;
use glass::quench::{QuenchSettings, quench as descend};
use glass::random::Seed;
use glass::space::Dimension;
use glass::{InherentStructure, Potential};
use numpy::{PyArray1, PyArray2};
use pyo3::prelude::{Bound, PyErr, PyResult, Python, pyclass, pyfunction, pymethods};
use pyo3::types::{PyAny, PyDict};
use realization::particles::Particles;
use std::sync::Arc;

/// An inherent structure, and the seed from which the solver of its spectrum starts.
#[pyclass(frozen, module = "glassmodes._native")]
pub(crate) struct Minimum {
    pub(crate) inherent: AnyInherent,
    pub(crate) seed: Seed,
    pub(crate) quench: QuenchSettings,
}

impl Minimum {
    pub(crate) fn new(inherent: AnyInherent, seed: Seed, quench: QuenchSettings) -> Self {
        Minimum { inherent, seed, quench }
    }
}

/// How particles come to their minimum.
#[derive(Clone, Copy)]
enum Way {
    Quenched,
    AsGiven,
}

impl Way {
    fn of<const D: usize>(
        self,
        particles: &Particles,
        potential: &Potential,
        settings: &QuenchSettings,
    ) -> Result<AnyInherent, PyErr> {
        let configuration = particles.configuration::<D>().map_err(refused)?;
        potential.check(&configuration).map_err(refused)?;
        let inherent = match self {
            Way::Quenched => descend(&configuration, potential, settings),
            Way::AsGiven => InherentStructure::accept(configuration, potential, settings.force_tolerance),
        };
        Ok(Arc::new(inherent.map_err(failed)?))
    }
}

/// The inherent structure below the given particles.
#[pyfunction]
pub(crate) fn quench(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_sides: Vec<f64>,
    keys: &Bound<'_, PyDict>,
) -> PyResult<Minimum> {
    of_particles(py, positions, diameters, box_sides, keys, Way::Quenched)
}

/// The given particles, which are at a minimum already.
#[pyfunction]
pub(crate) fn accept(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_sides: Vec<f64>,
    keys: &Bound<'_, PyDict>,
) -> PyResult<Minimum> {
    of_particles(py, positions, diameters, box_sides, keys, Way::AsGiven)
}

fn of_particles(
    py: Python<'_>,
    positions: &Bound<'_, PyAny>,
    diameters: &Bound<'_, PyAny>,
    box_sides: Vec<f64>,
    keys: &Bound<'_, PyDict>,
    way: Way,
) -> PyResult<Minimum> {
    let Given { particles, dimension, plan } = Given::new(positions, diameters, box_sides, keys)?;
    let (potential, settings) = (plan.composition.potential.clone(), plan.quench);
    let inherent = interruptible(py, move |_| match dimension {
        Dimension::Two => way.of::<2>(&particles, &potential, &settings),
        Dimension::Three => way.of::<3>(&particles, &potential, &settings),
    })??;
    // As for the first glass of a file on the command line.
    Ok(Minimum::new(inherent, Seed::of_realization(plan.campaign.seed, 0), settings))
}

#[pymethods]
impl Minimum {
    /// N × d.
    fn positions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        points(py, self.inherent.particles().positions, self.inherent.dimension())
    }

    /// N.
    fn diameters<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        numbers(py, self.inherent.particles().diameters)
    }

    /// Sides of the box, d.
    fn box_sides(&self) -> Vec<f64> {
        self.inherent.particles().box_sides
    }

    /// U/N.
    fn energy(&self) -> f64 {
        self.inherent.summary().energy
    }

    /// P.
    fn pressure(&self) -> f64 {
        self.inherent.summary().pressure
    }

    /// Largest |F_i|.
    fn force_max(&self) -> f64 {
        self.inherent.summary().force_max
    }

    /// Force evaluations of the gradient stage.
    fn iterations(&self) -> u32 {
        self.inherent.summary().iterations
    }

    /// F_i, N × d.
    fn forces<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        points(py, self.inherent.forces(), self.inherent.dimension())
    }

    /// H as compressed columns, which for a symmetric matrix are its compressed rows: starts, indices,
    /// values.
    fn hessian<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<f64>>)> {
        let inherent = Arc::clone(&self.inherent);
        let CompressedColumns { starts, indices, values } = interruptible(py, move |_| inherent.hessian())?;
        Ok((numbers(py, starts), numbers(py, indices), numbers(py, values)))
    }

    /// G, K and ω of the first transverse phonon.
    fn elastic_constants(&self, py: Python<'_>) -> PyResult<(f64, f64, f64)> {
        let inherent = Arc::clone(&self.inherent);
        let elastic = interruptible(py, move |_| inherent.elastic_constants())?.map_err(failed)?;
        Ok((elastic.shear_modulus, elastic.bulk_modulus, elastic.omega_phonon))
    }
}
