//! Columns of an archive, as analysis reads them.

use modes::Group;

/// `/realizations` and the per-realization columns of `/spectrum`; one entry each, ascending index.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RealizationTable {
    /// Campaign-wide index.
    pub index: Vec<u64>,
    /// Derived seed.
    pub seed: Vec<u64>,
    /// Last sampled energy per particle at T.
    pub energy_thermal: Vec<f64>,
    /// Energy per particle at the minimum.
    pub energy_inherent: Vec<f64>,
    /// Pressure at the minimum.
    pub pressure: Vec<f64>,
    /// Largest |F_i|.
    pub force_max: Vec<f64>,
    /// G.
    pub shear_modulus: Vec<f64>,
    /// K.
    pub bulk_modulus: Vec<f64>,
    /// First transverse phonon.
    pub omega_phonon: Vec<f64>,
    /// Accepted displacements.
    pub acceptance_displacement: Vec<f64>,
    /// Accepted swaps.
    pub acceptance_swap: Vec<f64>,
    /// C_σ at the last sweep.
    pub diameter_correlation: Vec<f64>,
    /// Configurational temperature at the last sweep.
    pub configurational_temperature: Vec<f64>,
    /// Force evaluations.
    pub quench_iterations: Vec<u32>,
    /// How often started.
    pub attempts: Vec<u32>,
    /// CPU seconds.
    pub seconds_thermalize: Vec<f64>,
    /// CPU seconds.
    pub seconds_quench: Vec<f64>,
    /// CPU seconds.
    pub seconds_spectrum: Vec<f64>,
    /// CPU seconds.
    pub seconds_modes: Vec<f64>,
    /// Spectrum complete up to this ω.
    pub omega_complete: Vec<f64>,
    /// Zero modes (2 in a sound glass).
    pub zero_modes: Vec<u32>,
    /// Negative eigenvalues (0 at a minimum).
    pub negative_modes: Vec<u32>,
    /// Rattlers.
    pub rattlers: Vec<u32>,
    /// Largest ‖Hv − λv‖.
    pub residual_max: Vec<f64>,
    /// Largest |VᵀV − 1|.
    pub orthogonality_max: Vec<f64>,
}

/// `/modes`: one entry a described mode, ascending in (realization, ω).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModeTable {
    /// Index of the realization in the campaign.
    pub realization: Vec<u64>,
    /// Position in its spectrum, Goldstone modes included.
    pub mode: Vec<u32>,
    /// ω.
    pub omega: Vec<f64>,
    /// Participation ratio.
    pub participation: Vec<f64>,
    /// b₂.
    pub b2: Vec<f64>,
    /// b₃.
    pub b3: Vec<f64>,
    /// b₄.
    pub b4: Vec<f64>,
    /// β.
    pub beta: Vec<f64>,
    /// Class.
    pub group: Vec<Group>,
    /// Barrier of the quartic.
    pub barrier: Vec<f64>,
    /// Second minimum of the quartic.
    pub depth: Vec<f64>,
    /// Its distance.
    pub separation: Vec<f64>,
    /// Barrier of the true profile.
    pub true_barrier: Vec<f64>,
    /// Second minimum of the true profile.
    pub true_depth: Vec<f64>,
    /// Its distance.
    pub true_separation: Vec<f64>,
    /// Part of b₃ from pairs near the cutoff.
    pub cutoff_share_b3: Vec<f64>,
    /// Part of b₄ from pairs near the cutoff.
    pub cutoff_share_b4: Vec<f64>,
    /// Energy of the inherent structure beyond the second minimum.
    pub landing_energy: Vec<f64>,
    /// Its distance.
    pub landing_distance: Vec<f64>,
    /// Row in /snapshots, −1 if the vector is not kept.
    pub snapshot: Vec<i64>,
}

/// `/failures`: one quarantined realization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRow {
    /// Index of the realization in the campaign.
    pub index: u64,
    /// How often it was started.
    pub attempts: u32,
    /// Why it was given up.
    pub reason: String,
}
