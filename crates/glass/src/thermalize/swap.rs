//! The trial that exchanges the diameters of two particles.

use super::ahead::Begun;
use super::draws::{Draws, Run, Swap};
use super::pair_kernel::PairKernel;
use super::system::{Changed, System, TrialBlock};
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Lanes};
use crate::space::{minus, square};

/// A trial swap that has begun.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Swapping {
    growing: usize,
    shrinking: usize,
    small: f64,
    large: f64,
    /// Whether they may be neighbours.
    near: bool,
    limit: f64,
}

/// Places of the two particles in [`System::trials`].
const GROWN: usize = 0;
const SHRUNK: usize = 1;

/// One particle of a swap.
#[derive(Clone, Copy)]
struct Resized {
    particle: usize,
    /// Which of the two of [`System::trials`].
    which: usize,
    diameter: f64,
    /// The other one, if it may be a neighbour: their own σ_ij stays as it is.
    partner: Option<usize>,
}

impl Swapping {
    #[inline(always)]
    fn grown(&self) -> Resized {
        Resized {
            particle: self.growing,
            which: GROWN,
            diameter: self.large,
            partner: self.near.then_some(self.shrinking),
        }
    }

    #[inline(always)]
    fn shrunk(&self) -> Resized {
        Resized {
            particle: self.shrinking,
            which: SHRUNK,
            diameter: self.small,
            partner: self.near.then_some(self.growing),
        }
    }
}

impl Swapping {
    /// The exchange of the diameters of two particles, if the energy rises by no more than `allowance`.
    #[inline(always)]
    pub(super) fn of<const D: usize>(system: &System<D>, pair: [usize; 2], allowance: f64) -> Self {
        let [first, second] = pair.map(|particle| system.particles[particle]);
        let first_grows = first.diameter <= second.diameter;
        let (growing, shrinking) = if first_grows { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        Swapping {
            growing,
            shrinking,
            small: f64::min(first.diameter, second.diameter),
            large: f64::max(first.diameter, second.diameter),
            near: system.may_be_neighbours(first.position, second.position),
            limit: first.energy + second.energy + allowance,
        }
    }
}

impl<const D: usize> Begun<D> for Swapping {
    #[inline(always)]
    fn prefetch<I: Instructions>(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize, instructions: I) {
        let Swap { first, second, .. } = draws.swap(run, k);
        system.prefetch_particle(instructions, first);
        system.prefetch_particle(instructions, second);
    }

    #[inline(always)]
    fn begin(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize) -> Self {
        let Swap { first, second, allowance } = draws.swap(run, k);
        Swapping::of(system, [first, second], allowance)
    }

    #[inline(always)]
    fn particles(&self) -> impl IntoIterator<Item = usize> {
        [self.growing, self.shrinking]
    }

    #[inline(always)]
    fn limit(&self) -> f64 {
        self.limit
    }

    /// Those of the particle that grows. Growing costs the energy: most trials end here.
    #[inline(always)]
    fn first_energies<I: Instructions, S: Shape>(&self, system: &System<D>, kernel: &PairKernel<I, S>) -> I::Vector {
        let (grown, block) = (self.grown(), system.slots.block(self.growing, 0));
        kernel.energies(block, system.resized_inverses(kernel, grown, 0), system.particles[self.growing].position)
    }

    #[inline(always)]
    fn end<I: Instructions, S: Shape>(
        self,
        system: &mut System<D>,
        kernel: &PairKernel<I, S>,
        energies: I::Vector,
        energy_grown: f64,
    ) -> bool {
        let Swapping { growing, shrinking, small, large, limit, .. } = self;
        let (grown, shrunk) = (self.grown(), self.shrunk());
        energies.store(&mut system.trials[0][GROWN].energies);
        let Some(mut energy_grown) = system.resized_energy(kernel, grown, 1, energy_grown, limit) else {
            return false;
        };
        system.resized_inverses(kernel, grown, 0).store(&mut system.trials[0][GROWN].inverses);
        let Some(energy_shrunk) = system.resized_energy(kernel, shrunk, 0, 0.0, limit - energy_grown) else {
            return false;
        };

        let mut reference = *system.cells.reference(growing);
        let search = large > reference.reach;
        if search {
            reference.reach = large + system.growth;
            let changed = Changed {
                particle: growing,
                position: system.particles[growing].position,
                diameter: large,
                boxes: [0; D],
                partner: Some(shrinking),
            };
            energy_grown += system.search(kernel, changed, reference);
            if energy_grown + energy_shrunk > limit {
                return false;
            }
        }
        system.watch.touch(growing);
        system.watch.touch(shrinking);
        system.resize(kernel, grown);
        system.resize(kernel, shrunk);
        system.particles[growing].diameter = large;
        system.particles[shrinking].diameter = small;
        system.particles[growing].energy = energy_grown;
        system.particles[shrinking].energy = energy_shrunk;
        if search {
            system.relink(growing, reference);
        }
        system.tighten(kernel, shrinking);
        true
    }
}

impl<const D: usize> System<D> {
    /// Whether one may be a neighbour of the other. Positions are at most a little outside the box.
    #[inline(always)]
    fn may_be_neighbours(&self, first: [f64; D], second: [f64; D]) -> bool {
        let length = self.length();
        let apart = minus(first, second).map(|along| {
            let direct = along.abs();
            f64::min(direct, (length - direct).abs())
        });
        square(apart) < self.neighbour_distance_max * self.neighbour_distance_max
    }

    /// `energy` and that of a resized particle with its known neighbours from block `b` on, kept among the
    /// trials; `None` as soon as they exceed `limit`.
    #[inline(always)]
    fn resized_energy<I: Instructions, S: Shape>(
        &mut self,
        kernel: &PairKernel<I, S>,
        resized: Resized,
        b: usize,
        mut energy: f64,
        limit: f64,
    ) -> Option<f64> {
        for b in b..self.slots.blocks(resized.particle) {
            let block = self.slots.block(resized.particle, b);
            let inverses = self.resized_inverses(kernel, resized, b);
            let energies = kernel.energies(block, inverses, self.particles[resized.particle].position);
            let trial = &mut self.trials[b][resized.which];
            energies.store(&mut trial.energies);
            inverses.store(&mut trial.inverses);
            energy += energies.sum();
            if energy > limit {
                return None;
            }
        }
        Some(energy)
    }

    /// Gives a particle the diameter of the trial wherever it is copied, and its neighbours their energies.
    #[inline(always)]
    fn resize<I: Instructions, S: Shape>(&mut self, kernel: &PairKernel<I, S>, resized: Resized) {
        let i = resized.particle;
        let position = self.particles[i].position;
        for b in 0..self.slots.blocks(i) {
            let block = self.slots.block(i, b);
            let before = kernel.energies(block, block.inverses(kernel.instructions), position);
            let TrialBlock { energies, inverses } = self.trials[b][resized.which];
            let mut rise = Eight([0.0; 8]);
            (kernel.instructions.load(&energies) - before).store(&mut rise);
            let links = *self.slots.links(i, b);
            self.slots.set_inverses(i, b, &inverses);
            for lane in 0..8 {
                let neighbour = links.neighbour(lane);
                self.particles[neighbour].energy += rise.0[lane];
                self.watch.touch(neighbour);
                self.slots.resize_copy(&links, lane, resized.diameter, inverses.0[lane]);
            }
        }
    }

    /// Drops the neighbours that a particle much smaller than its reach does not need.
    #[inline(always)]
    fn tighten<I: Instructions, S: Shape>(&mut self, kernel: &PairKernel<I, S>, i: usize) {
        let (particle, mut reference) = (self.particles[i], *self.cells.reference(i));
        if reference.reach > particle.diameter + 3.0 * self.growth {
            reference.reach = particle.diameter + self.growth;
            let changed = Changed {
                particle: i,
                position: particle.position,
                diameter: particle.diameter,
                boxes: [0; D],
                partner: None,
            };
            self.search(kernel, changed, reference);
            self.relink(i, reference);
        }
    }

    /// 1/σ_ij² of a resized particle with the neighbours in block `b`.
    #[inline(always)]
    fn resized_inverses<I: Instructions, S: Shape>(
        &self,
        kernel: &PairKernel<I, S>,
        resized: Resized,
        b: usize,
    ) -> I::Vector {
        let block = self.slots.block(resized.particle, b);
        let inverses = kernel.inverses(block, resized.diameter);
        let Some(partner) = resized.partner else { return inverses };
        let mut patched = Eight([0.0; 8]);
        inverses.store(&mut patched);
        for (lane, is_partner) in self.slots.links(resized.particle, b).lanes_of(partner).into_iter().enumerate() {
            if is_partner {
                patched.0[lane] = block.inverse(lane);
            }
        }
        kernel.instructions.load(&patched)
    }
}
