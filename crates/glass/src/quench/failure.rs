//! Why there is no inherent structure: evidence, kept with the realization.

use thiserror::Error;

/// Why there is no inherent structure.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum QuenchFailure {
    /// The forces stayed above the tolerance. In large boxes positions are too coarse for 10⁻¹².
    #[error(
        "largest force {force_max:.3e} still above force_tolerance = {tolerance:.1e} after {iterations} evaluations: \
         in a box of many thousand particles ask for 1e-11"
    )]
    NotConverged {
        /// Largest |F_i| reached.
        force_max: f64,
        /// What was asked for.
        tolerance: f64,
        /// Force evaluations made.
        iterations: u32,
    },
    /// Energy or force is not a number: particles coincide, or nearly.
    #[error("energy or force is not finite after {iterations} evaluations")]
    NotFinite {
        /// Force evaluations made.
        iterations: u32,
    },
    /// The forces vanish, but the Hessian has a negative eigenvalue.
    #[error("a saddle: largest force {force_max:.3e}, but the Hessian is not positive definite")]
    Saddle {
        /// Largest |F_i| there.
        force_max: f64,
    },
    /// What was to be polished is not near a minimum.
    #[error("not near a minimum, largest force {force_max:.3e}: {refusal}")]
    NotNearMinimum {
        /// Largest |F_i| at the start.
        force_max: f64,
        /// What went wrong.
        refusal: NewtonRefusal,
    },
    /// No room to factorize the Hessian.
    #[error("not enough memory to factorize the Hessian")]
    Memory,
}

/// Why Newton's method was given up.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum NewtonRefusal {
    /// The Hessian is not positive definite.
    #[error("negative curvature")]
    NegativeCurvature,
    /// The Newton equation was not solved to its residual.
    #[error("the Newton equation is singular")]
    NoSolution,
    /// A particle would move further than allowed.
    #[error("a particle would move by {0:.3e}")]
    TooLong(f64),
    /// A step raised the energy or did not halve the forces.
    #[error("Newton steps do not contract")]
    NoContraction,
}
