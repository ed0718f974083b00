//! Swap Monte Carlo: a seed becomes a glass at temperature T.

use crate::arguments::plan;
use crate::arrays::{numbers, points};
use crate::errors::failed;
use crate::inherent::AnyInherent;
use crate::interruptible::interruptible;
use crate::minima::Minimum;
use glass::quench::{QuenchFailure, QuenchSettings, quench};
use glass::random::Seed;
use glass::space::Dimension;
use glass::thermalize::{ThermalizeEvidence, ThermalizeFailure};
use numpy::{PyArray1, PyArray2};
use pyo3::prelude::{Bound, PyDictMethods, PyResult, Python, pyclass, pyfunction, pymethods};
use pyo3::types::PyDict;
use realization::particles::Particles;
use std::sync::Arc;

/// A glass of either dimension.
trait AnyGlass: Send + Sync {
    fn particles(&self) -> Particles;
    fn evidence(&self) -> &ThermalizeEvidence;
    fn quench(&self, settings: &QuenchSettings) -> Result<AnyInherent, QuenchFailure>;
}

impl<const D: usize> AnyGlass for glass::Glass<D> {
    fn particles(&self) -> Particles {
        Particles::of(self.configuration())
    }

    fn evidence(&self) -> &ThermalizeEvidence {
        self.evidence()
    }

    fn quench(&self, settings: &QuenchSettings) -> Result<AnyInherent, QuenchFailure> {
        Ok(Arc::new(quench(self.configuration(), self.potential(), settings)?))
    }
}

/// An equilibrated configuration and where its randomness came from.
#[pyclass(frozen, name = "Glass", module = "glassmodes._native")]
pub(crate) struct SampledGlass {
    glass: Arc<dyn AnyGlass>,
    seed: Seed,
    quench: QuenchSettings,
}

/// The glass `index` of the campaign that `keys` describe.
#[pyfunction]
pub(crate) fn make_glass(py: Python<'_>, keys: &Bound<'_, PyDict>, index: u64) -> PyResult<SampledGlass> {
    let plan = plan(keys)?;
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let settings = plan.quench;
    let glass = interruptible(py, move |wanted| -> Result<Arc<dyn AnyGlass>, ThermalizeFailure> {
        Ok(match plan.dimension {
            Dimension::Two => Arc::new(realization::make_glass::<2>(&plan, index, wanted)?),
            Dimension::Three => Arc::new(realization::make_glass::<3>(&plan, index, wanted)?),
        })
    })?;
    Ok(SampledGlass { glass: glass.map_err(failed)?, seed, quench: settings })
}

#[pymethods]
impl SampledGlass {
    /// N × d.
    fn positions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let particles = self.glass.particles();
        let dimension = particles.dimension();
        points(py, particles.positions, dimension)
    }

    /// N.
    fn diameters<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        numbers(py, self.glass.particles().diameters)
    }

    /// Sides of the box, d.
    fn box_sides(&self) -> Vec<f64> {
        self.glass.particles().box_sides
    }

    /// Columns and numbers of the evidence of equilibration.
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let evidence = self.glass.evidence();
        let columns = PyDict::new(py);
        columns.set_item("sweeps", numbers(py, evidence.sweeps.clone()))?;
        columns.set_item("energy", numbers(py, evidence.energy.clone()))?;
        columns.set_item("diameter_correlation", numbers(py, evidence.diameter_correlation.clone()))?;
        columns.set_item("configurational_temperature", numbers(py, evidence.configurational_temperature.clone()))?;
        columns.set_item("acceptance_displacement", evidence.acceptance_displacement)?;
        columns.set_item("acceptance_swap", evidence.acceptance_swap)?;
        Ok(columns)
    }

    /// The inherent structure below.
    fn quench(&self, py: Python<'_>) -> PyResult<Minimum> {
        let (glass, settings) = (Arc::clone(&self.glass), self.quench);
        let inherent = interruptible(py, move |_| glass.quench(&settings))?;
        Ok(Minimum::new(inherent.map_err(failed)?, self.seed, settings))
    }
}
