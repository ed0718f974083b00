//! Particles that arrays give, and the plan of what is done with them.

use crate::arguments::plan_for;
use crate::arrays::particles;
use crate::errors::refused;
use glass::space::Dimension;
use pyo3::prelude::{Bound, PyResult};
use pyo3::types::{PyAny, PyDict};
use realization::config::{GlassesFound, Plan};
use realization::particles::Particles;

/// Both, as they were accepted.
pub(crate) struct Given {
    pub(crate) particles: Particles,
    pub(crate) dimension: Dimension,
    pub(crate) plan: Plan,
}

impl Given {
    /// Positions N × d in the box, diameters N, the sides of the box, and configuration keys.
    ///
    /// # Errors
    /// `TypeError` and `ValueError` for what is not accepted, as [`particles`] and [`plan_for`] have them.
    pub(crate) fn new(
        positions: &Bound<'_, PyAny>,
        diameters: &Bound<'_, PyAny>,
        box_sides: Vec<f64>,
        keys: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let particles = particles(positions, diameters, box_sides)?;
        let found = GlassesFound::of(&particles).map_err(refused)?;
        Ok(Given { particles, dimension: found.dimension, plan: plan_for(keys, found)? })
    }
}
