//! What a sampler does: it makes trials, and says where they have led.

use super::failure::ThermalizeFailure;
use super::moves::{Acceptance, Moves};
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::random::EightStreams;

/// Swap Monte Carlo of one configuration of D dimensions at one temperature.
pub trait Trials<const D: usize>: Sized {
    /// A sampler that starts from `configuration`, on these vector instructions if it uses any.
    ///
    /// # Errors
    /// [`ThermalizeFailure`] names a setting out of range, or a configuration that cannot be
    /// sampled: one particle alone, or a diameter beyond 2; or instructions that this machine lacks.
    fn start(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
        set: InstructionSet,
    ) -> Result<Self, ThermalizeFailure>;

    /// Makes `sweeps` sweeps of N trials, one for each particle.
    fn run(&mut self, sweeps: u64);

    /// Potential energy per particle.
    fn energy(&self) -> f64;

    /// Trials made and accepted.
    fn acceptance(&self) -> Acceptance;

    /// The present configuration.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] if a number is not finite.
    fn configuration(&self) -> Result<Configuration<D>, InvalidConfiguration>;

    /// The random streams, to go on with.
    fn into_streams(self) -> EightStreams;
}
