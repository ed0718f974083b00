//! Normal modes of an inherent structure, with evidence of what was found and how well.

use faer::Mat;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How the eigenpairs are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpectrumMethod {
    /// All 2N by faer's dense self-adjoint solver: the reference.
    Dense,
    /// All 2N by spectrum slicing: shift-invert block Lanczos per slice, inertia at the borders.
    Sliced,
    /// All below `omega_max`, by shift-invert block Lanczos, certified by inertia.
    Low,
}

/// What is asked of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectrumSettings {
    /// Method.
    pub method: SpectrumMethod,
    /// `low` finds every mode with ω below this.
    pub omega_max: f64,
    /// Number of shifts of the integrated density of states by inertia; 0 for none.
    pub staircase_shifts: usize,
}

/// Eigenpairs of the Hessian, ascending; only this module makes one.
#[derive(Debug, Clone)]
pub struct Spectrum {
    /// λ = ω², the two Goldstone modes included.
    eigenvalues: Vec<f64>,
    /// Participation ratio of each.
    participation: Vec<f64>,
    /// Eigenvectors, 2N × (number kept): those of the lowest modes, unit norm, columns as eigenvalues.
    vectors: Mat<f64>,
    /// Every mode with ω below this is among them (∞: all 2N).
    omega_complete: f64,
    /// Zero modes (Goldstone first).
    zero_modes: usize,
    negative: usize,
    residual_max: f64,
    orthogonality_max: f64,
    /// (ω, number of modes below ω) from inertia counts.
    staircase: Vec<(f64, u64)>,
}

/// Why there is no spectrum.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum SpectrumFailure {
    /// A factorization or the dense solver gave up.
    #[error("{stage} failed: {cause}")]
    Solver {
        /// What was being done.
        stage: &'static str,
        /// faer's words.
        cause: String,
    },
    /// The count of modes found disagrees with the inertia.
    #[error("found {found} modes below omega = {omega}, but the inertia counts {counted}")]
    Incomplete {
        /// ω up to which was counted.
        omega: f64,
        /// Modes found.
        found: usize,
        /// Negative pivots.
        counted: usize,
    },
    /// An eigenpair is worse than the bound.
    #[error("largest residual {residual:.2e} exceeds {bound:.1e}")]
    Residual {
        /// max ‖Hv − λv‖.
        residual: f64,
        /// Bound.
        bound: f64,
    },
}
