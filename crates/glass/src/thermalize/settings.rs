//! What is thermalized and how, and whether it can be.

use super::core::TEMPERATURE_MAX;
use super::failure::ThermalizeFailure;
use super::moves::{Moves, SwapProposal};
use super::sampled::Sampled;
use crate::configuration::Configuration;
use crate::diameters::DiameterChoice;
use crate::interaction::Potential;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::periodic::PeriodicBox;

    #[test]
    fn a_box_whose_sides_differ_is_not_sampled() {
        let potential = Potential::new(2).expect("valid");
        let moves = Moves { swap_fraction: 0.2, max_displacement: 0.1, swap: SwapProposal::Uniform };
        let positions = (0..64).map(|k| [f64::from(k % 8), f64::from(k / 8)]).collect::<Vec<_>>();
        let check = |sides: [f64; 2]| {
            let periodic_box = PeriodicBox::of_sides(sides).expect("positive");
            let configuration = Configuration::new(periodic_box, positions.clone(), vec![1.0; 64]).expect("valid");
            check_sampling(&configuration, &potential, 0.1, moves).map(|_| ())
        };
        assert_eq!(check([8.0; 2]), Ok(()));
        let failure = check([8.0, 9.0]).expect_err("oblong");
        assert_eq!(failure, ThermalizeFailure::Oblong { sides: vec![8.0, 9.0] });
        assert!(failure.to_string().contains("square or cube, and this box is [8.0, 9.0]"), "{failure}");
    }
}
