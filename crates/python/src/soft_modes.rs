//! InherentStructure → Spectrum → descriptors, as columns.

use crate::arguments::plan_for;
use crate::arrays::{numbers, vectors};
use crate::errors::failed;
use crate::interruptible::interruptible_on;
use crate::minima::Minimum;
use glass::{Hessian, InherentStructure, Seed};
use modes::{Mode, ModeSettings, Spectrum, SpectrumSettings, describe};
use numpy::PyArray1;
use pyo3::prelude::{Bound, PyDictMethods, PyResult, Python, pyfunction};
use pyo3::types::PyDict;
use realization::RealizationFailure;
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
    let particles = inherent.configuration().particles();
    let found = interruptible_on(py, threads, move || Found::of(&inherent, seed, &spectrum, &settings))?;
    found.map_err(failed)?.columns(py, particles)
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
    let spectrum = interruptible_on(py, 1, move || Spectrum::compute(&inherent, seed, &settings))?;
    let (omega, count) = spectrum.map_err(failed)?.staircase().iter().copied().unzip();
    Ok((numbers(py, omega), numbers(py, count)))
}

fn plan_of(minimum: &Minimum, keys: &Bound<'_, PyDict>) -> PyResult<Plan> {
    let configuration = minimum.inherent.configuration();
    plan_for(keys, configuration.particles(), configuration.density())
}

struct Found {
    spectrum: Spectrum,
    modes: Vec<Mode>,
    residuals: Vec<f64>,
}

impl Found {
    fn of(
        inherent: &InherentStructure,
        seed: Seed,
        settings: &SpectrumSettings,
        described: &ModeSettings,
    ) -> Result<Found, RealizationFailure> {
        let spectrum = Spectrum::compute(inherent, seed, settings)?;
        let modes = describe(inherent, &spectrum, described)?;
        let hessian = inherent.hessian();
        let residuals = modes.iter().map(|mode| residual(hessian, mode)).collect();
        Ok(Found { spectrum, modes, residuals })
    }

    fn columns(self, py: Python<'_>, particles: usize) -> PyResult<Bound<'_, PyDict>> {
        let Found { spectrum, modes, residuals } = self;
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

        columns.set_item("eigenvalues", numbers(py, spectrum.eigenvalues().to_vec()))?;
        columns.set_item("eigenvalue_participation", numbers(py, spectrum.participation().to_vec()))?;
        columns.set_item("complete_below", spectrum.omega_complete())?;
        columns.set_item("zero_modes", spectrum.zero_modes())?;
        columns.set_item("rattlers", numbers(py, spectrum.rattlers().to_vec()))?;
        drop(spectrum);

        let profiles: [fn(&Mode) -> &Vec<f64>; 2] = [|mode| &mode.profile_s, |mode| &mode.profile_energy];
        for (name, of) in ["profile_s", "profile_energy"].into_iter().zip(profiles) {
            let rows: Vec<_> = modes.iter().map(|mode| numbers(py, of(mode).clone())).collect();
            columns.set_item(name, rows)?;
        }
        let components = modes.into_iter().filter_map(|mode| mode.vector).flatten();
        let mut flat = Vec::new();
        flat.extend(components);
        columns.set_item("vectors", vectors(py, flat, particles)?)?;
        Ok(columns)
    }
}

/// ‖HΨ − ω²Ψ‖.
fn residual(hessian: &Hessian, mode: &Mode) -> f64 {
    let vector = mode.vector.as_deref().unwrap_or_default();
    let mut product = vec![0.0; vector.len()];
    hessian.apply(vector, &mut product);
    let lambda = mode.omega * mode.omega;
    product.iter().zip(vector).map(|(h, v)| (h - lambda * v) * (h - lambda * v)).sum::<f64>().sqrt()
}
