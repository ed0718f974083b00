//! What is thermalized, how, and what can be wrong with it.

use super::core::TEMPERATURE_MAX;
use super::moves::{Moves, SwapProposal};
use super::system::Sampled;
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::diameters::DiameterChoice;
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use thiserror::Error;

/// What is thermalized: N, density, diameters, potential.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// Number of particles N.
    pub particles: usize,
    /// Number density ρ.
    pub density: f64,
    /// How diameters are chosen.
    pub diameters: DiameterChoice,
    /// Pair potential.
    pub potential: Potential,
}

/// How it is thermalized.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThermalizeSettings {
    /// T, in units of ε.
    pub temperature: f64,
    /// Sweeps at T; one sweep is N trials.
    pub sweeps: u64,
    /// Fraction of trials that exchange two diameters.
    pub swap_fraction: f64,
    /// Largest displacement along each axis.
    pub max_displacement: f64,
    /// Whom swaps are tried with.
    pub swap: SwapProposal,
}

impl ThermalizeSettings {
    /// Kinds and sizes of the trials.
    pub fn moves(&self) -> Moves {
        Moves { swap_fraction: self.swap_fraction, max_displacement: self.max_displacement, swap: self.swap }
    }
}

/// Largest diameter for which the mixed diameter grows with both diameters, as the lists assume: 1/(2η), and some room.
/// It holds up to [`NON_ADDITIVITY_MAX`](crate::interaction::mixing::NON_ADDITIVITY_MAX).
pub const SAMPLED_DIAMETER_MAX: f64 = 2.0;

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

/// What the sampling asks of `potential`, if `configuration` can be sampled so.
pub(super) fn check_sampling<const D: usize>(
    configuration: &Configuration<D>,
    potential: &Potential,
    temperature: f64,
    moves: Moves,
) -> Result<Sampled, ThermalizeFailure> {
    potential.check(configuration)?;
    let sampled = Sampled::new(potential)?;
    check_temperature(temperature)?;
    let setting = |name, value, accepted| Err(ThermalizeFailure::Setting { name, value, accepted });
    if !(0.0..=1.0).contains(&moves.swap_fraction) {
        return setting("swap_fraction", moves.swap_fraction, "a fraction from 0 to 1");
    }
    if !(moves.max_displacement > 0.0 && moves.max_displacement.is_finite()) {
        return setting("max_displacement", moves.max_displacement, "a positive length");
    }
    if let SwapProposal::Lifted { range } = moves.swap
        && !(range > 0.0 && range <= 1.0)
    {
        return setting("swap_range", range, "a fraction of the particles, above 0 and at most 1");
    }
    if !configuration.periodic_box().is_equilateral() {
        return Err(ThermalizeFailure::Oblong { sides: configuration.periodic_box().sides().to_vec() });
    }
    let length = configuration.periodic_box().longest();
    if moves.max_displacement > length / 8.0 {
        return Err(ThermalizeFailure::DisplacementTooLarge { value: moves.max_displacement, length });
    }
    if configuration.particles() < 2 {
        return Err(ThermalizeFailure::SingleParticle);
    }
    let largest = configuration.diameters().iter().copied().fold(0.0, f64::max);
    if largest > SAMPLED_DIAMETER_MAX {
        return setting("diameter", largest, "at most 2, up to which the mixed diameter grows with both");
    }
    Ok(sampled)
}

/// Whether `temperature` can be sampled.
pub(super) fn check_temperature(temperature: f64) -> Result<(), ThermalizeFailure> {
    if temperature > 0.0 && temperature <= TEMPERATURE_MAX {
        Ok(())
    } else {
        Err(ThermalizeFailure::Setting {
            name: "temperature",
            value: temperature,
            accepted: "a temperature above 0 and up to 50",
        })
    }
}
