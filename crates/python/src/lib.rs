//! `glassmodes._native`: the pure crates for Python, as thin as can be. What users see, with its
//! documentation, is the package in `glassmodes/`.
//!
//! ```text
//! make_glass ─► SampledGlass ─► quench ─► Minimum ─► soft_modes ─► columns
//! ```
//!
//! Arguments are configuration keys and go through `realization::config`, so that defaults, ranges and
//! messages are those of the command line.

// In the order of the flow.
mod arguments;
mod arrays;
mod errors;
mod given;
mod interruptible;

mod evaluation;
mod glasses;
mod inherent;
mod minima;
mod soft_modes;

use pyo3::prelude::pymodule;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::errors::RealizationError;
    #[pymodule_export]
    use crate::evaluation::evaluate;
    #[pymodule_export]
    use crate::glasses::{SampledGlass, make_glass};
    #[pymodule_export]
    use crate::minima::{Minimum, accept, quench};
    #[pymodule_export]
    use crate::soft_modes::{density_of_states, soft_modes};
}
