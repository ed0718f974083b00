//! InherentStructure → Spectrum → descriptors, as columns.

use crate::arguments::plan_for;
use crate::arrays::{numbers, vectors};
use crate::errors::failed;
use crate::inherent::FoundModes;
use crate::interruptible::interruptible_on;
use crate::minima::Minimum;
use glass::space::Dimension;
use modes::{Mode, ModeSettings, SpectrumSettings};
use numpy::PyArray1;
use pyo3::prelude::{Bound, PyDictMethods, PyResult, Python, pyfunction};
use pyo3::types::PyDict;
use realization::config::Plan;
use std::sync::Arc;

/// The modes of `minimum` that `keys` ask for: a dictionary of columns.
#[pyfunction]
pub(crate) fn soft_modes<'py>(
    py: Python<'py>,
    minimum: &Bound<'py, Minimum>,
    keys: &Bound<'py, PyDict>,
    threads: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let minimum = minimum.get();
    let plan = plan_of(minimum, keys)?;
    let spectrum = SpectrumSettings { parallel_windows: threads > 1, ..plan.spectrum };
    // Every vector is kept: what is not wanted is not asked for.
    let settings = ModeSettings { snapshot_participation_max: f64::INFINITY, quench: minimum.quench, ..plan.modes };
    let (inherent, seed) = (Arc::clone(&minimum.inherent), minimum.seed);
    let found = interruptible_on(py, threads, move || inherent.modes(seed, &spectrum, &settings))?;
    columns(py, found.map_err(failed)?, plan.composition.particles, plan.dimension)
}

/// ω and the number of modes below it at `spectrum.staircase_shifts` even steps, by inertia.
#[pyfunction]
pub(crate) fn density_of_states<'py>(
    py: Python<'py>,
    minimum: &Bound<'py, Minimum>,
    keys: &Bound<'py, PyDict>,
) -> PyResult<(Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<u64>>)> {
    let minimum = minimum.get();
    let settings = plan_of(minimum, keys)?.spectrum;
    let (inherent, seed) = (Arc::clone(&minimum.inherent), minimum.seed);
    let staircase = interruptible_on(py, 1, move || inherent.staircase(seed, &settings))?;
    let (omega, count) = staircase.map_err(failed)?.into_iter().unzip();
    Ok((numbers(py, omega), numbers(py, count)))
}

fn plan_of(minimum: &Minimum, keys: &Bound<'_, PyDict>) -> PyResult<Plan> {
    plan_for(keys, minimum.inherent.found())
}

fn columns(py: Python<'_>, found: FoundModes, particles: usize, dimension: Dimension) -> PyResult<Bound<'_, PyDict>> {
    let FoundModes { eigenvalues, participation, complete_below, zero_modes, rattlers, modes, residuals } = found;
    let columns = PyDict::new(py);
    let column = |name: &str, of: fn(&Mode) -> f64| {
        columns.set_item(name, numbers(py, modes.iter().map(of).collect::<Vec<f64>>()))
    };
    column("omega", |mode| mode.omega)?;
    column("participation", |mode| mode.participation)?;
    column("b2", |mode| mode.b2)?;
    column("b3", |mode| mode.b3)?;
    column("b4", |mode| mode.b4)?;
    column("beta", |mode| mode.beta)?;
    column("barrier", |mode| mode.barrier)?;
    column("depth", |mode| mode.depth)?;
    column("separation", |mode| mode.separation)?;
    column("true_barrier", |mode| mode.true_barrier)?;
    column("true_depth", |mode| mode.true_depth)?;
    column("true_separation", |mode| mode.true_separation)?;
    column("cutoff_share_b3", |mode| mode.cutoff_share_b3)?;
    column("cutoff_share_b4", |mode| mode.cutoff_share_b4)?;
    column("landing_energy", |mode| mode.landing_energy)?;
    column("landing_distance", |mode| mode.landing_distance)?;
    columns.set_item("group", numbers(py, modes.iter().map(|mode| mode.group as u8).collect()))?;
    columns.set_item("mode", numbers(py, modes.iter().map(|mode| mode.index).collect()))?;
    columns.set_item("residuals", numbers(py, residuals))?;

    columns.set_item("eigenvalues", numbers(py, eigenvalues))?;
    columns.set_item("eigenvalue_participation", numbers(py, participation))?;
    columns.set_item("complete_below", complete_below)?;
    columns.set_item("zero_modes", zero_modes)?;
    columns.set_item("rattlers", numbers(py, rattlers))?;

    let profiles: [fn(&Mode) -> &Vec<f64>; 2] = [|mode| &mode.profile_s, |mode| &mode.profile_energy];
    for (name, of) in ["profile_s", "profile_energy"].into_iter().zip(profiles) {
        let rows: Vec<_> = modes.iter().map(|mode| numbers(py, of(mode).clone())).collect();
        columns.set_item(name, rows)?;
    }
    let components = modes.into_iter().filter_map(|mode| mode.vector).flatten();
    let mut flat = Vec::new();
    flat.extend(components);
    columns.set_item("vectors", vectors(py, flat, particles, dimension)?)?;
    Ok(columns)
}
