//! What a mode looks like: the energy along it.

use serde::{Deserialize, Serialize};

/// Shape of the quartic U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 along a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Group {
    /// |β| ≤ √(8/9): one minimum.
    A = 0,
    /// √(8/9) < |β| ≤ 1: a second, higher minimum.
    ADouble = 1,
    /// |β| > 1: a second, deeper minimum.
    B = 2,
    /// b₄ ≤ 0.
    Unbounded = 3,
}

/// One described mode; plain data, as the archive stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mode {
    /// Position in the spectrum, ascending from 0, Goldstone modes included.
    pub index: u32,
    /// ω = √λ.
    pub omega: f64,
    /// Participation ratio.
    pub participation: f64,
    /// Second derivative of U along the mode.
    pub b2: f64,
    /// Third derivative.
    pub b3: f64,
    /// Fourth derivative.
    pub b4: f64,
    /// b₃/√(3 b₂ b₄); NaN when b₄ ≤ 0 or b₂ ≤ 0.
    pub beta: f64,
    /// Class of the quartic.
    pub group: Group,
    /// Barrier of the quartic towards its second minimum; NaN without one.
    pub barrier: f64,
    /// U of the second minimum of the quartic, negative when it is deeper; NaN without one.
    pub depth: f64,
    /// |s| of the second minimum of the quartic; NaN without one.
    pub separation: f64,
    /// Barrier of the true profile U(q₀ + sΨ) − U(q₀); NaN without a second minimum.
    pub true_barrier: f64,
    /// True energy of the second minimum of the profile; NaN without one.
    pub true_depth: f64,
    /// |s| of the second minimum of the profile; NaN without one.
    pub true_separation: f64,
    /// Part of b₃ that comes from pairs within 2 % of the cutoff: their sum over the whole sum.
    pub cutoff_share_b3: f64,
    /// The same of b₄.
    pub cutoff_share_b4: f64,
    /// Energy (total, relative to q₀) of the inherent structure reached from the second minimum; NaN
    /// without one.
    pub landing_energy: f64,
    /// Euclidean distance of that inherent structure from q₀, translation removed; NaN without one.
    pub landing_distance: f64,
    /// s at which the true profile was sampled; empty unless the mode is kept as a snapshot.
    pub profile_s: Vec<f64>,
    /// U(q₀ + sΨ) − U(q₀) there.
    pub profile_energy: Vec<f64>,
    /// Ψ, N × 2, unit norm, if kept.
    pub vector: Option<Vec<[f64; 2]>>,
}
