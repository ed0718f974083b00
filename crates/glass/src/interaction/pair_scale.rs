//! The units of a pair.

/// σ_ij and ε_ij.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairScale {
    /// σ_ij.
    pub diameter: f64,
    /// ε_ij.
    pub energy: f64,
}
