//! What the paper says, beside which ours is put. Its ranges of b₂ and b₄ are not among it: they stand in figures whose
//! data are not available.

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
    /// Of these in group A.
    pub group_a: u64,
    /// In group B.
    pub group_b: u64,
    /// Smallest barrier of group B, ε.
    pub barrier_smallest: f64,
    /// Largest.
    pub barrier_largest: f64,
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
            group_a: 278,
            group_b: crate::measures::counts::PAPER_GROUP_B,
            barrier_smallest: 3.4e-9,
            barrier_largest: crate::measures::counts::PAPER_LARGEST_BARRIER,
            exponent_a: 4.0,
            exponent_b: 3.0,
        }
    }

    /// Modes of a glass, on the mean.
    pub fn modes_per_glass(&self) -> f64 {
        self.modes as f64 / self.realizations as f64
    }
}
