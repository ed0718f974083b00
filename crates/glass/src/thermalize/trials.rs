//! What makes the trials of a sampling, to those who only run it.

use super::moves::{Acceptance, Moves};
use super::settings::ThermalizeFailure;
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::random::EightStreams;

/// Swap Monte Carlo of one configuration of D dimensions at one temperature.
pub trait Trials<const D: usize>: Sized {
    /// One that starts from `configuration`, on these vector instructions if it uses any.
    fn start(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
        set: InstructionSet,
    ) -> Result<Self, ThermalizeFailure>;

    /// Makes `sweeps` sweeps of N trials.
    fn run(&mut self, sweeps: u64);

    /// Potential energy per particle.
    fn energy(&self) -> f64;

    /// Trials made and accepted.
    fn acceptance(&self) -> Acceptance;

    /// The present configuration.
    fn configuration(&self) -> Result<Configuration<D>, InvalidConfiguration>;

    /// The random streams, to go on with.
    fn into_streams(self) -> EightStreams;
}
