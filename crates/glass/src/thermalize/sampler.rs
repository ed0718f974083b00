//! The sampler: trials by the batch, on the fastest instructions there are.

use super::displacement::Displacing;
use super::draws::{BATCH, DrawSettings, Draws, EIGHT, Kind};
use super::failure::ThermalizeFailure;
use super::lifted::Climbing;
use super::moves::{Acceptance, Moves};
use super::pair_kernel::PairKernel;
use super::settings::check_sampling;
use super::swap::Swapping;
use super::system::{ListMargins, System};
use super::trials::Trials;
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::for_shape;
use crate::instruction_set::InstructionSet;
use crate::interaction::{Potential, Shape};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
use crate::lanes::{Instructions, Portable};
use crate::random::EightStreams;
use std::any::Any;

/// Swap Monte Carlo of one configuration of D dimensions at one temperature.
#[derive(Debug, Clone)]
pub struct Sampler<const D: usize = 2> {
    system: System<D>,
    draws: DrawSettings,
    streams: EightStreams,
    acceptance: Acceptance,
    instruction_set: InstructionSet,
}

impl<const D: usize> Sampler<D> {
    /// A sampler that starts from `configuration`, on the fastest instructions of this machine.
    ///
    /// # Errors
    /// [`ThermalizeFailure`] names a setting out of range, or a configuration that cannot be
    /// sampled: one particle alone, or a diameter beyond 2.
    pub fn new(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
    ) -> Result<Self, ThermalizeFailure> {
        let (set, margins) = (InstructionSet::detect(), ListMargins::default());
        Sampler::with(configuration, potential, temperature, moves, streams, set, margins)
    }

    /// The same with chosen instructions and list margins. What is sampled depends on neither; the
    /// last bits of energies depend on the margins, which set the order of sums.
    ///
    /// # Errors
    /// As [`Sampler::new`], and if this machine lacks the instructions.
    pub fn with(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
        instruction_set: InstructionSet,
        margins: ListMargins,
    ) -> Result<Self, ThermalizeFailure> {
        let sampled = check_sampling(configuration, potential, temperature, moves)?;
        if !instruction_set.is_available() {
            return Err(ThermalizeFailure::InstructionSet(instruction_set));
        }
        Ok(Sampler {
            system: System::new(configuration, sampled, moves.swap, margins),
            draws: DrawSettings::new(configuration.particles(), temperature, moves),
            streams,
            acceptance: Acceptance::default(),
            instruction_set,
        })
    }

    fn run_sweeps(&mut self, sweeps: u64) {
        let potential = self.system.sampled.potential.clone();
        for_shape!(potential, shape => self.run_shape(shape, sweeps));
    }

    fn run_shape<S: Shape>(&mut self, shape: &S, sweeps: u64) {
        match self.instruction_set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => {
                if let Some(avx512) = Avx512::new() {
                    // SAFETY: the machine has AVX-512.
                    unsafe { run_avx512(self, avx512, shape, sweeps) }
                }
            }
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => {
                if let Some(avx2) = Avx2::new() {
                    // SAFETY: the machine has AVX2.
                    unsafe { run_avx2(self, avx2, shape, sweeps) }
                }
            }
            _ => self.run_on(Portable, shape, sweeps),
        }
    }

    #[inline(always)]
    fn run_on<I: Instructions, S: Shape>(&mut self, instructions: I, shape: &S, sweeps: u64) {
        let kernel = PairKernel::new(instructions, shape, &self.system.sampled);
        let mut draws = Draws::new();
        let particles = self.system.particles.len();
        let lifted = self.system.ladder.steps().is_some();
        for _ in 0..sweeps {
            for begin in (0..particles).step_by(BATCH) {
                draws.draw(instructions, &self.draws, &mut self.streams, begin, particles - begin);
                for eight in 0..draws.eights() {
                    self.system.prefetch(instructions, begin + BATCH + EIGHT * eight, EIGHT);
                    let mut made = 0;
                    while let Some(run) = draws.run(eight, made) {
                        match run.kind {
                            Kind::Displacements => {
                                self.acceptance.displacements += run.count as u64;
                                self.acceptance.displacements_accepted +=
                                    self.system.make::<Displacing<D>, I, S>(&kernel, &draws, &run);
                            }
                            Kind::Swaps => {
                                self.acceptance.swaps += run.count as u64;
                                self.acceptance.swaps_accepted += match lifted {
                                    true => self.system.make::<Climbing, I, S>(&kernel, &draws, &run),
                                    false => self.system.make::<Swapping, I, S>(&kernel, &draws, &run),
                                };
                            }
                        }
                        made += run.count;
                    }
                }
            }
        }
    }

    /// Diameter of each particle; N.
    pub fn diameters(&self) -> Vec<f64> {
        self.system.particles.iter().map(|particle| particle.diameter).collect()
    }
}

impl<const D: usize> Trials<D> for Sampler<D> {
    fn start(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
        set: InstructionSet,
    ) -> Result<Self, ThermalizeFailure> {
        Sampler::with(configuration, potential, temperature, moves, streams, set, ListMargins::default())
    }

    fn run(&mut self, sweeps: u64) {
        let sampler: &mut dyn Any = self;
        if let Some(plane) = sampler.downcast_mut() {
            run_in_plane(plane, sweeps);
        } else if let Some(space) = sampler.downcast_mut() {
            run_in_space(space, sweeps);
        }
    }

    /// From the energies kept up to date trial by trial.
    fn energy(&self) -> f64 {
        self.system.energy()
    }

    fn acceptance(&self) -> Acceptance {
        self.acceptance
    }

    fn configuration(&self) -> Result<Configuration<D>, InvalidConfiguration> {
        self.system.configuration()
    }

    fn into_streams(self) -> EightStreams {
        self.streams
    }
}

// These two have no parameters, so that they are compiled here, and not once more in every crate that samples.

fn run_in_plane(sampler: &mut Sampler<2>, sweeps: u64) {
    sampler.run_sweeps(sweeps);
}

fn run_in_space(sampler: &mut Sampler<3>, sweeps: u64) {
    sampler.run_sweeps(sweeps);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn run_avx512<const D: usize, S: Shape>(sampler: &mut Sampler<D>, avx512: Avx512, shape: &S, sweeps: u64) {
    sampler.run_on(avx512, shape, sweeps);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2<const D: usize, S: Shape>(sampler: &mut Sampler<D>, avx2: Avx2, shape: &S, sweeps: u64) {
    sampler.run_on(avx2, shape, sweeps);
}
