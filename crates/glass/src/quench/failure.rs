//! Why there is no inherent structure: evidence, kept with the realization.

use crate::configuration::InvalidConfiguration;
use thiserror::Error;

/// Why there is no inherent structure.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum QuenchFailure {
    /// The forces stayed above the tolerance. In large boxes positions are too coarse for 10⁻¹².
    #[error(
        "largest force {force_max:.3e} still above quench.force_tolerance = {tolerance:.1e} after {iterations} \
         evaluations{}", remedy(*force_max, *tolerance, *rounding)
    )]
    NotConverged {
        /// Largest |F_i| reached.
        force_max: f64,
        /// What was asked for.
        tolerance: f64,
        /// What rounding the positions leaves in such a box.
        rounding: f64,
        /// Force evaluations made.
        iterations: u32,
    },
    /// The particles cannot interact so.
    #[error(transparent)]
    Configuration(#[from] InvalidConfiguration),
    /// Two particles are at the same place.
    #[error("particles {first} and {second} are at the same place (counted from 0)")]
    Coincident {
        /// One of them, from 0.
        first: usize,
        /// The other, larger.
        second: usize,
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

/// A force larger than what rounding leaves by more than this has another cause.
const BEYOND_ROUNDING: f64 = 10.0;

impl QuenchFailure {
    /// Whether nothing stands in the way of the tolerance but the rounding of positions.
    pub fn is_rounding(&self) -> bool {
        match *self {
            QuenchFailure::NotConverged { force_max, tolerance, rounding, .. } => {
                is_rounding(force_max, tolerance, rounding)
            }
            _ => false,
        }
    }
}

fn is_rounding(force_max: f64, tolerance: f64, rounding: f64) -> bool {
    rounding > tolerance && force_max <= BEYOND_ROUNDING * rounding
}

/// The tolerance to ask for, the next power of ten, where rounding is in the way.
fn remedy(force_max: f64, tolerance: f64, rounding: f64) -> String {
    if !is_rounding(force_max, tolerance, rounding) {
        return String::new();
    }
    let attainable = 10f64.powf(force_max.max(rounding).log10().ceil());
    format!(
        ": rounding the positions leaves forces of about {rounding:.0e} in so large or dense a glass; ask for \
         quench.force_tolerance = {attainable:.0e}"
    )
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
