//! Swap Monte Carlo: a seed becomes a glass at temperature T.

use crate::arguments::plan;
use crate::arrays::{numbers, points};
use crate::errors::failed;
use crate::interruptible::interruptible;
use crate::minima::Minimum;
use glass::quench::{QuenchSettings, quench};
use glass::random::Seed;
use glass::space::Dimension;
use numpy::{PyArray1, PyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::{Bound, PyDictMethods, PyResult, Python, pyclass, pyfunction, pymethods};
use pyo3::types::PyDict;
use std::sync::Arc;

/// An equilibrated configuration and where its randomness came from.
#[pyclass(frozen, module = "glassmodes._native")]
pub(crate) struct Glass {
    glass: Arc<glass::Glass>,
    seed: Seed,
    quench: QuenchSettings,
}

/// The glass `index` of the campaign that `keys` describe.
#[pyfunction]
pub(crate) fn make_glass(py: Python<'_>, keys: &Bound<'_, PyDict>, index: u64) -> PyResult<Glass> {
    let plan = plan(keys)?;
    if plan.dimension != Dimension::Two {
        return Err(PyValueError::new_err(
            "dimension = 3: glasses of two dimensions are made from Python; accepted: 2",
        ));
    }
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let settings = plan.quench;
    let glass = interruptible(py, move |wanted| realization::make_glass(&plan, index, wanted))?;
    let glass = glass.map_err(failed)?;
    Ok(Glass { glass: Arc::new(glass), seed, quench: settings })
}

#[pymethods]
impl Glass {
    /// N × 2.
    fn positions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        points(py, self.glass.configuration().positions().to_vec())
    }

    /// N.
    fn diameters<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        numbers(py, self.glass.configuration().diameters().to_vec())
    }

    /// L.
    fn box_length(&self) -> f64 {
        self.glass.configuration().periodic_box().length()
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
        let inherent = interruptible(py, move |_| quench(glass.configuration(), glass.potential(), &settings))?;
        Ok(Minimum::new(inherent.map_err(failed)?, self.seed, settings))
    }
}
