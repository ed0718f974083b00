//! From random positions to a liquid at T.
//!
//! 1. *Melt*: at [`HOT`] (or T, if higher), where nothing is glassy, until no pair overlaps within
//!    the core any more; the sampled φ is finite there, and every trial that parts two particles is
//!    accepted. Trials go as far as the core reaches: ten times fewer sweeps than with steps of
//!    0.12, which diffuse about in a core as flat as this one.
//! 2. *Cool*: [`COOLING_SWEEPS`] sweeps at each of [`HOT`], HOT/2, HOT/4, … down to T.
//!
//! Each stage starts from a new sampler: the energies it caches are computed anew, so nothing of
//! the size of the first overlaps is left in their last digits.

use super::Sampler;
use super::core::core;
use super::failure::ThermalizeFailure;
use super::moves::Moves;
use super::settings::ThermalizeSettings;
use super::trials::Trials;
use crate::configuration::Configuration;
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::pairs::interacting_pairs;
use crate::random::EightStreams;
use crate::space::square;

/// Temperature of the melt, forty times that of the paper's glass.
pub const HOT: f64 = 4.0;

/// Sweeps at each temperature on the way down.
pub const COOLING_SWEEPS: u64 = 20;

/// Sweeps of the melt between two looks for overlaps, and most of them.
const MELTING_SWEEPS: u64 = 10;
const MELTING_SWEEPS_MAX: u64 = 500 * MELTING_SWEEPS;

/// A liquid ready to be sampled at `settings.temperature`, and the streams to go on with.
pub(super) fn hot_start<const D: usize>(
    mut configuration: Configuration<D>,
    potential: &Potential,
    settings: &ThermalizeSettings,
    mut streams: EightStreams,
    set: InstructionSet,
) -> Result<(Configuration<D>, EightStreams), ThermalizeFailure> {
    let mut stage = |configuration: &mut Configuration<D>, temperature, moves, sweeps| {
        let mut sampler = Sampler::start(configuration, potential, temperature, moves, streams.clone(), set)?;
        sampler.run(sweeps);
        *configuration = sampler.configuration()?;
        streams = sampler.into_streams();
        Ok::<(), ThermalizeFailure>(())
    };
    let moves = settings.moves();
    let core = core(potential);
    // As far as the core around a particle of diameter 1 reaches.
    let melting = Moves { max_displacement: moves.max_displacement.max(core.sqrt()), ..moves };
    let mut temperature = f64::max(HOT, settings.temperature);
    let mut sweeps = 0;
    while overlaps(&configuration, potential, core) > 0 {
        if sweeps >= MELTING_SWEEPS_MAX {
            return Err(ThermalizeFailure::Overlaps { pairs: overlaps(&configuration, potential, core), sweeps });
        }
        stage(&mut configuration, temperature, melting, MELTING_SWEEPS)?;
        sweeps += MELTING_SWEEPS;
    }
    while temperature > settings.temperature {
        stage(&mut configuration, temperature, moves, COOLING_SWEEPS)?;
        temperature *= 0.5;
    }
    Ok((configuration, streams))
}

/// Number of pairs within the core.
fn overlaps<const D: usize>(configuration: &Configuration<D>, potential: &Potential, core: f64) -> usize {
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    interacting_pairs(configuration, potential, 0.0)
        .iter()
        .filter(|pair| {
            let (i, j) = (pair.first as usize, pair.second as usize);
            let distance_squared = square(side.separation(positions[i], positions[j]));
            let sigma = potential.scale(diameters[i], diameters[j]).diameter;
            distance_squared < core * (sigma * sigma)
        })
        .count()
}
