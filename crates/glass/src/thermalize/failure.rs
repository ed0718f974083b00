//! Why the sampling gave up.

use crate::configuration::InvalidConfiguration;
use crate::instruction_set::InstructionSet;
use thiserror::Error;

/// Why there is no glass.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum ThermalizeFailure {
    /// The composition makes no configuration, or the sampling left none.
    #[error(transparent)]
    Configuration(#[from] InvalidConfiguration),
    /// A box whose sides differ: cells and images of the sampler are those of a square or cube.
    #[error(
        "glasses are sampled in a square or cube, and this box is {sides:?}: make them elsewhere, and give them to `glassmodes modes`"
    )]
    Oblong {
        /// Its sides.
        sides: Vec<f64>,
    },
    /// A setting outside its range.
    #[error("{name} = {value} is not {accepted}")]
    Setting {
        /// Name of the setting.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// A displacement so large that a particle could meet another's images.
    #[error(
        "max_displacement = {value} is more than an eighth of the box side, {length}/8: displace less or use more particles"
    )]
    DisplacementTooLarge {
        /// Largest displacement asked for.
        value: f64,
        /// Box side L.
        length: f64,
    },
    /// The early rejection of trials needs φ ≥ 0.
    #[error(
        "swap Monte Carlo samples purely repulsive potentials only, and this one is attractive (least value {deepest:.3} ε): \
         make its glasses elsewhere and give them to `glassmodes modes`"
    )]
    Attractive {
        /// Least value of φ.
        deepest: f64,
    },
    /// σ_ij does not follow from the diameters by a rule.
    #[error(
        "swap Monte Carlo samples diameters that mix by a rule, no table of species: make the glasses of a mixture \
         elsewhere and give them to `glassmodes modes`"
    )]
    Mixture,
    /// Fewer than two particles.
    #[error("one particle alone has nobody to interact or exchange diameters with")]
    SingleParticle,
    /// Instructions that this machine lacks.
    #[error("this machine has no {0}")]
    InstructionSet(InstructionSet),
    /// Overlaps of the random start were left after the hot liquid.
    #[error("{pairs} pairs still overlap after {sweeps} hot sweeps")]
    Overlaps {
        /// Pairs within the core.
        pairs: usize,
        /// Sweeps made.
        sweeps: u64,
    },
    /// Its caller said that the glass is not wanted any more.
    #[error("given up on request after {sweeps} sweeps")]
    Unwanted {
        /// Sweeps made.
        sweeps: u64,
    },
    /// The energy kept while sampling is not that of the configuration: an error of this program.
    #[error("energy per particle is {recomputed} but {cached} was kept while sampling")]
    EnergyDrift {
        /// Energy per particle as updated trial by trial.
        cached: f64,
        /// Energy per particle from the configuration.
        recomputed: f64,
    },
}
