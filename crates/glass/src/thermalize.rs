//! Swap Monte Carlo: a seed becomes an equilibrated glass at temperature T.

pub mod evidence;
mod failure;
pub mod logarithm;
pub mod moves;
pub mod plain;
pub mod settings;

mod ahead;
mod chain;
mod core;
mod displacement;
mod draws;
pub mod hot_start;
mod images;
mod ladder;
mod lifted;
mod neighbour_slots;
mod pair_kernel;
mod reference_cells;
mod sampled;
mod sampler;
mod slot_block;
mod swap;
mod system;
mod trials;
mod watch;

pub use chain::Chain;
pub use evidence::{ForceStatistics, ThermalizeEvidence};
pub use failure::ThermalizeFailure;
pub use moves::{Acceptance, Moves, SwapProposal};
pub use sampler::Sampler;
pub use settings::{Composition, SAMPLED_DIAMETER_MAX, ThermalizeSettings};
pub use system::ListMargins;
pub use trials::Trials;

use crate::configuration::Configuration;
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::random::Seed;

/// An equilibrated configuration at T; only a [`Chain`] makes one.
#[derive(Debug, Clone)]
pub struct Glass<const D: usize = 2> {
    configuration: Configuration<D>,
    potential: Potential,
    evidence: ThermalizeEvidence,
}

impl<const D: usize> Glass<D> {
    /// Positions and diameters after the last sweep.
    pub fn configuration(&self) -> &Configuration<D> {
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

/// A glass of D dimensions from a seed: random start, brought down from a hot liquid, then `settings.sweeps` sweeps
/// at T. The result depends on the arguments alone, to the last bit, whatever the machine.
///
/// # Errors
/// [`ThermalizeFailure`] for a composition that makes no configuration, a setting out of its range,
/// overlaps that no melting removed, or numbers that are not finite.
pub fn thermalize<const D: usize>(
    seed: Seed,
    composition: &Composition,
    settings: &ThermalizeSettings,
) -> Result<Glass<D>, ThermalizeFailure> {
    thermalize_with(seed, composition, settings, InstructionSet::detect())
}

/// The same on chosen vector instructions.
///
/// # Errors
/// As [`thermalize`], and if this machine lacks the instructions.
pub fn thermalize_with<const D: usize>(
    seed: Seed,
    composition: &Composition,
    settings: &ThermalizeSettings,
    set: InstructionSet,
) -> Result<Glass<D>, ThermalizeFailure> {
    thermalize_while(seed, composition, settings, set, &|| true)
}

/// The same, given up once `wanted` says that nobody waits for it any more.
///
/// # Errors
/// As [`thermalize_with`], and [`ThermalizeFailure::Unwanted`].
pub fn thermalize_while<const D: usize>(
    seed: Seed,
    composition: &Composition,
    settings: &ThermalizeSettings,
    set: InstructionSet,
    wanted: &dyn Fn() -> bool,
) -> Result<Glass<D>, ThermalizeFailure> {
    Chain::begin(seed, composition, settings, set)?.go_on(settings.sweeps, wanted)
}

#[cfg(test)]
mod tests {
    use super::hot_start::hot_start;
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Stage;

    /// So many particles of the paper's potential.
    pub(super) fn composition(particles: usize) -> Composition {
        let potential = Potential::new(2).expect("valid");
        Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential }
    }

    pub(super) fn settings(temperature: f64, sweeps: u64, swap: SwapProposal) -> ThermalizeSettings {
        ThermalizeSettings { temperature, sweeps, swap_fraction: 0.2, max_displacement: 0.12, swap }
    }

    #[test]
    fn a_glass_carries_its_evidence() {
        let settings = settings(0.1, 300, SwapProposal::Uniform);
        let glass = thermalize::<2>(Seed::of_realization(1, 0), &composition(200), &settings).expect("a glass");
        let evidence = glass.evidence();

        assert_eq!(evidence.sweeps.last(), Some(&300));
        assert!((0.15..0.3).contains(&evidence.acceptance_displacement));
        assert!((0.08..0.2).contains(&evidence.acceptance_swap));
    }

    #[test]
    fn questions_on_the_way_change_no_bit_and_a_no_ends_it() {
        let (composition, settings) = (composition(100), settings(0.3, 5000, SwapProposal::Lifted { range: 0.1 }));
        let (seed, set) = (Seed::of_realization(1, 0), InstructionSet::detect());
        let asked = std::cell::Cell::new(0);
        let until = |most: u32| {
            asked.set(0);
            thermalize_while(seed, &composition, &settings, set, &|| {
                asked.set(asked.get() + 1);
                asked.get() <= most
            })
        };
        let glass = until(u32::MAX).expect("a glass");
        assert!(asked.get() > 20);

        let random = Configuration::random(seed, 100, 1.0, DiameterChoice::Random).expect("valid");
        let (start, streams) =
            hot_start::<2>(random, &composition.potential, &settings, seed.eight_streams(Stage::Thermalize), set)
                .expect("a liquid");
        let moves = settings.moves();
        let margins = ListMargins::default();
        let mut sampler =
            Sampler::with(&start, &composition.potential, 0.3, moves, streams, set, margins).expect("valid");
        sampler.run(5000);
        assert_eq!(sampler.configuration().expect("valid"), *glass.configuration());

        assert_eq!(until(3).map(|_| ()), Err(ThermalizeFailure::Unwanted { sweeps: 3 }));
    }
}
