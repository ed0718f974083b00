//! Swap Monte Carlo: a seed becomes an equilibrated glass at temperature T.

pub mod evidence;
pub mod logarithm;
pub mod moves;
pub mod plain;
pub mod settings;

mod core;
mod displacement;
mod draws;
mod images;
mod neighbour_slots;
mod pair_kernel;
mod reference_cells;
mod sampler;
mod swap;
mod system;

pub use evidence::{ForceStatistics, ThermalizeEvidence};
pub use moves::{Acceptance, Moves};
pub use sampler::Sampler;
pub use settings::{Composition, ThermalizeFailure, ThermalizeSettings};
pub use system::ListMargins;

use crate::configuration::Configuration;
use crate::potential::Potential;
use crate::random::{Seed, Stage};
use evidence::{diameter_correlation, log_spaced};
use plain::PlainSampler;

/// An equilibrated configuration at T; only [`thermalize`] makes one.
#[derive(Debug, Clone)]
pub struct Glass {
    configuration: Configuration,
    potential: Potential,
    evidence: ThermalizeEvidence,
}

impl Glass {
    /// Positions and diameters after the last sweep.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The potential it was sampled with.
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// Evidence of equilibration.
    pub fn evidence(&self) -> &ThermalizeEvidence {
        &self.evidence
    }
}

/// A glass from a seed: random start, brought down from a hot liquid, then `settings.sweeps` sweeps
/// at T.
///
/// # Errors
/// [`ThermalizeFailure`] when the composition or the settings make none.
pub fn thermalize(
    seed: Seed,
    composition: &Composition,
    settings: &ThermalizeSettings,
) -> Result<Glass, ThermalizeFailure> {
    let mut configuration =
        Configuration::random(seed, composition.particles, composition.density, composition.diameters)?;
    let mut stream = seed.stream(Stage::Thermalize);
    let mut temperature = f64::max(settings.temperature, 4.0);
    while temperature > settings.temperature {
        let mut sampler =
            PlainSampler::new(&configuration, &composition.potential, temperature, settings.moves(), stream)?;
        sampler.run(100);
        configuration = sampler.configuration()?;
        stream = sampler.into_stream();
        temperature *= 0.5;
    }
    let mut sampler =
        PlainSampler::new(&configuration, &composition.potential, settings.temperature, settings.moves(), stream)?;
    let mut evidence = ThermalizeEvidence::default();
    let start = configuration.diameters().to_vec();
    let mut made = 0;
    for sweeps in log_spaced(settings.sweeps) {
        sampler.run(sweeps - made);
        made = sweeps;
        configuration = sampler.configuration()?;
        evidence.sweeps.push(sweeps);
        evidence.energy.push(sampler.energy());
        evidence.diameter_correlation.push(diameter_correlation(&start, configuration.diameters()));
        evidence
            .configurational_temperature
            .push(ForceStatistics::of(&configuration, &composition.potential).temperature());
    }
    evidence.acceptance_displacement = sampler.acceptance().of_displacements();
    evidence.acceptance_swap = sampler.acceptance().of_swaps();
    Ok(Glass { configuration, potential: composition.potential, evidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;

    #[test]
    fn a_glass_carries_its_evidence() {
        let composition = Composition {
            particles: 200,
            density: 1.0,
            diameters: DiameterChoice::Random,
            potential: Potential::new(2).expect("valid"),
        };
        let settings = ThermalizeSettings { temperature: 0.1, sweeps: 300, swap_fraction: 0.2, max_displacement: 0.12 };
        let glass = thermalize(Seed::of_realization(1, 0), &composition, &settings).expect("a glass");
        let evidence = glass.evidence();

        assert_eq!(evidence.sweeps.last(), Some(&300));
        assert!((0.15..0.3).contains(&evidence.acceptance_displacement));
        assert!((0.08..0.2).contains(&evidence.acceptance_swap));
    }
}
