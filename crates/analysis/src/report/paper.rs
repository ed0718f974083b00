//! What the paper says, beside which ours is put. Its ranges of b₂ and b₄ and its barriers are not among it: they
//! stand in figures and text that could not be checked, and a number from memory is none.

use serde::Serialize;

/// Numbers of Kumar, Procaccia and Singh, arXiv:2102.12368.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Paper {
    /// Where they stand.
    pub reference: &'static str,
    /// Realizations.
    pub realizations: u64,
    /// Particles of each.
    pub particles: u64,
    /// Smoothness of the potential.
    pub smoothness: u64,
    /// Quasi-localized modes found.
    pub modes: u64,
    /// Largest participation ratio of one.
    pub participation_max: f64,
    /// Exponent of group A.
    pub exponent_a: f64,
    /// Exponent of group B.
    pub exponent_b: f64,
}

impl Paper {
    /// The numbers.
    pub fn numbers() -> Paper {
        Paper {
            reference: "arXiv:2102.12368",
            realizations: crate::measures::counts::PAPER_REALIZATIONS,
            particles: crate::measures::counts::PAPER_PARTICLES,
            smoothness: 2,
            modes: crate::measures::counts::PAPER_MODES,
            participation_max: crate::measures::counts::PAPER_PARTICIPATION_MAX,
            exponent_a: 4.0,
            exponent_b: 3.0,
        }
    }
}
