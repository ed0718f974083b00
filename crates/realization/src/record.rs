//! One row of the archive: all that is kept of one realization.

pub use crate::particles::Particles;

use glass::InherentStructure;
use glass::space::Dimension;
use glass::thermalize::ThermalizeEvidence;
use modes::nonlinear::NonlinearMode;
use modes::wells::Transition;
use modes::{ElasticConstants, InstructionClass, Mode};
use serde::{Deserialize, Serialize};

/// All that an archive keeps of one finished realization.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Index in the campaign.
    pub index: u64,
    /// Chain its glass was taken from; its own index unless several were taken from one.
    pub chain: u64,
    /// Derived seed.
    pub seed: u64,
    /// Dimension of space.
    pub dimension: Dimension,
    /// How often it was started.
    pub attempts: u32,
    /// Evidence of equilibration.
    pub thermalize: ThermalizeEvidence,
    /// The minimum.
    pub inherent: InherentSummary,
    /// Moduli.
    pub elastic: ElasticConstants,
    /// Its normal modes.
    pub spectrum: SpectrumSummary,
    /// Described modes, ascending in ω.
    pub modes: Vec<Mode>,
    /// Nonlinear modes searched from them, and searches given up; none unless asked for.
    pub nonlinear: Vec<NonlinearMode>,
    /// Ways to the minima next to this one, and searches for some that failed; none unless asked for.
    pub transitions: Vec<Transition>,
    /// The glass, kept when the vector of a mode is.
    pub frame: Option<Particles>,
    /// CPU seconds of each stage.
    pub seconds: StageSeconds,
    /// Where its spectrum was computed.
    pub instruction_class: InstructionClass,
}

/// The inherent structure in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct InherentSummary {
    /// Potential energy per particle.
    pub energy: f64,
    /// Pressure.
    pub pressure: f64,
    /// Largest |F_i|.
    pub force_max: f64,
    /// Force evaluations of the gradient stage.
    pub iterations: u32,
}

impl InherentSummary {
    /// Those of `inherent`.
    pub fn of<const D: usize>(inherent: &InherentStructure<D>) -> Self {
        InherentSummary {
            energy: inherent.energy(),
            pressure: inherent.pressure(),
            force_max: inherent.force_max(),
            iterations: inherent.iterations(),
        }
    }
}

/// Eigenvalues and how they are known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SpectrumSummary {
    /// λ ascending, Goldstone modes included.
    pub eigenvalues: Vec<f64>,
    /// Participation ratios.
    pub participation: Vec<f64>,
    /// Complete up to this ω; ∞ for a full spectrum.
    pub omega_complete: f64,
    /// Zero modes, the Goldstone modes included.
    pub zero_modes: u32,
    /// Negative eigenvalues (a saddle).
    pub negative_modes: u32,
    /// Particles without enough contacts.
    pub rattlers: u32,
    /// Median over the particles of the stiffness of each alone (`modes::own_stiffness`).
    pub own_stiffness_typical: f64,
    /// Particles with less than 0.01 of that.
    pub nearly_free: u32,
    /// max ‖Hv − λv‖ of the pairs found.
    pub residual_max: f64,
    /// max |VᵀV − 1|.
    pub orthogonality_max: f64,
    /// ω of the inertia counts.
    pub staircase_omega: Vec<f64>,
    /// Number of modes below each.
    pub staircase_count: Vec<u64>,
}

/// CPU seconds of the worker, by stage.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct StageSeconds {
    /// Swap Monte Carlo.
    pub thermalize: f64,
    /// Quench.
    pub quench: f64,
    /// Eigenpairs.
    pub spectrum: f64,
    /// Descriptors and moduli.
    pub modes: f64,
}
