//! A chain of swap Monte Carlo, from its seed on: glasses are taken from it one after the other.

use super::evidence::{ForceStatistics, ThermalizeEvidence, diameter_correlation, energy_per_particle, log_spaced};
use super::failure::ThermalizeFailure;
use super::hot_start::hot_start;
use super::settings::{Composition, ThermalizeSettings, check_sampling};
use super::trials::Trials;
use super::{Glass, Sampler};
use crate::configuration::Configuration;
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::random::{Seed, Stage};

/// Largest difference accepted between the energy kept while sampling and the one recomputed,
/// relative where energies exceed one. Rounding leaves about 1e-13 after 10⁵ sweeps.
const DRIFT_MAX: f64 = 1e-9;

/// Trials between two questions whether the glass is still wanted: a few hundredths of a second.
const TRIALS_AT_ONCE: u64 = 200_000;

/// A chain in D dimensions at temperature T, where it stands.
#[derive(Debug, Clone)]
pub struct Chain<const D: usize = 2> {
    sampler: Sampler<D>,
    potential: Potential,
    /// Diameter of each particle when the sampling at T began.
    diameters: Vec<f64>,
    /// Sweeps since then.
    made: u64,
}

impl<const D: usize> Chain<D> {
    /// A random start, brought down from a hot liquid to T; no sweep there yet. How far it goes is said by
    /// [`Chain::go_on`], not by `settings.sweeps`.
    ///
    /// # Errors
    /// [`ThermalizeFailure`] for a composition that makes no configuration, a setting out of its range, overlaps that no
    /// melting removed, or instructions that this machine lacks.
    pub fn begin(
        seed: Seed,
        composition: &Composition,
        settings: &ThermalizeSettings,
        set: InstructionSet,
    ) -> Result<Self, ThermalizeFailure> {
        let &Composition { particles, density, ref diameters, ref potential } = composition;
        let random = Configuration::<D>::scattered(seed, particles, density, diameters.clone())?;
        check_sampling(&random, potential, settings.temperature, settings.moves())?;
        let streams = seed.eight_streams(Stage::Thermalize);
        let (start, streams) = hot_start(random, potential, settings, streams, set)?;
        let sampler = Sampler::start(&start, potential, settings.temperature, settings.moves(), streams, set)?;
        Ok(Chain { sampler, potential: potential.clone(), diameters: start.diameters().to_vec(), made: 0 })
    }

    /// The glass `sweeps` sweeps further on, which is that of a chain of so many sweeps in one go, to the last bit. Its
    /// evidence is sampled at log-spaced times since the glass before; sweeps and C_σ count from the beginning of the
    /// chain. Given up once `wanted` says that nobody waits for it any more.
    ///
    /// # Errors
    /// [`ThermalizeFailure`] for numbers that are not finite, an energy that drifted, or a glass that is not wanted.
    pub fn go_on(&mut self, sweeps: u64, wanted: &dyn Fn() -> bool) -> Result<Glass<D>, ThermalizeFailure> {
        let (before, particles) = (self.made, self.diameters.len() as u64);
        let mut evidence = ThermalizeEvidence::default();
        for time in log_spaced(sweeps) {
            while self.made < before + time {
                if !wanted() {
                    return Err(ThermalizeFailure::Unwanted { sweeps: self.made });
                }
                let run = (before + time - self.made).min((TRIALS_AT_ONCE / particles).max(1));
                self.sampler.run(run);
                self.made += run;
            }
            let now = self.sampler.configuration()?;
            evidence.sweeps.push(self.made);
            evidence.energy.push(self.sampler.energy());
            evidence.diameter_correlation.push(diameter_correlation(&self.diameters, now.diameters()));
            evidence.configurational_temperature.push(ForceStatistics::of(&now, &self.potential).temperature());
        }
        evidence.acceptance_displacement = self.sampler.acceptance().of_displacements();
        evidence.acceptance_swap = self.sampler.acceptance().of_swaps();

        let configuration = self.sampler.configuration()?;
        let (cached, recomputed) = (self.sampler.energy(), energy_per_particle(&configuration, &self.potential));
        if (cached - recomputed).abs() <= DRIFT_MAX * recomputed.abs().max(1.0) {
            Ok(Glass { configuration, potential: self.potential.clone(), evidence })
        } else {
            Err(ThermalizeFailure::EnergyDrift { cached, recomputed })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermalize::tests::{composition, settings};
    use crate::thermalize::{SwapProposal, thermalize};

    #[test]
    fn a_glass_further_on_is_that_of_so_many_sweeps_in_one_go() {
        let (composition, settings) = (composition(100), settings(0.2, 0, SwapProposal::Lifted { range: 0.2 }));
        let seed = Seed::of_realization(1, 3);
        let mut chain = Chain::begin(seed, &composition, &settings, InstructionSet::detect()).expect("a chain");
        let mut before = 0;
        for (sweeps, in_all) in [(150, 150), (40, 190), (40, 230)] {
            let glass = chain.go_on(sweeps, &|| true).expect("a glass");
            let at_once = thermalize::<2>(seed, &composition, &ThermalizeSettings { sweeps: in_all, ..settings });
            let at_once = at_once.expect("a glass");
            assert_eq!(glass.configuration(), at_once.configuration());
            let (evidence, other) = (glass.evidence(), at_once.evidence());
            assert_eq!(evidence.energy.last(), other.energy.last());
            assert_eq!(evidence.diameter_correlation.last(), other.diameter_correlation.last());
            assert_eq!(evidence.acceptance_swap, other.acceptance_swap);
            assert_eq!((evidence.sweeps[0], evidence.sweeps.last()), (before + 1, Some(&in_all)));
            before = in_all;
        }
    }
}
