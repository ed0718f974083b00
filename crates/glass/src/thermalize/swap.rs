//! The trial that exchanges the diameters of two particles.

use super::ahead::Begun;
use super::draws::{Draws, Run};
use super::pair_kernel::PairKernel;
use super::system::{Changed, System};
use crate::lanes::{Eight, Instructions, Lanes};

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

/// One particle of a swap.
#[derive(Clone, Copy)]
struct Resized {
    particle: usize,
    diameter: f64,
    /// The other one, if it may be a neighbour: their own σ_ij stays as it is.
    partner: Option<usize>,
}

impl Swapping {
    #[inline(always)]
    fn grown(&self) -> Resized {
        Resized { particle: self.growing, diameter: self.large, partner: self.near.then_some(self.shrinking) }
    }

    #[inline(always)]
    fn shrunk(&self) -> Resized {
        Resized { particle: self.shrinking, diameter: self.small, partner: self.near.then_some(self.growing) }
    }
}

impl Begun for Swapping {
    #[inline(always)]
    fn begin(system: &System, draws: &Draws, run: &Run, k: usize) -> Self {
        let trial = draws.swap(run, k);
        let (first, second) = (system.particles[trial.first], system.particles[trial.second]);
        let first_grows = first.diameter <= second.diameter;
        let (growing, shrinking) = if first_grows { (trial.first, trial.second) } else { (trial.second, trial.first) };
        Swapping {
            growing,
            shrinking,
            small: f64::min(first.diameter, second.diameter),
            large: f64::max(first.diameter, second.diameter),
            near: system.may_be_neighbours(first.position, second.position),
            limit: first.energy + second.energy + trial.allowance,
        }
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
    fn first_energies<I: Instructions>(&self, system: &System, kernel: &PairKernel<I>) -> I::Vector {
        system.resized_energies(kernel, self.grown(), 0)
    }

    #[inline(always)]
    fn end<I: Instructions>(
        self,
        system: &mut System,
        kernel: &PairKernel<I>,
        _: I::Vector,
        energy_grown: f64,
    ) -> bool {
        let Swapping { growing, shrinking, small, large, limit, .. } = self;
        let (grown, shrunk) = (self.grown(), self.shrunk());
        let Some(mut energy_grown) = system.resized_energy(kernel, grown, 1, energy_grown, limit) else {
            return false;
        };
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
                boxes: [0, 0],
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

impl System {
    /// Whether one may be a neighbour of the other. Positions are at most a little outside the box.
    #[inline(always)]
    fn may_be_neighbours(&self, first: [f64; 2], second: [f64; 2]) -> bool {
        let length = self.side.length();
        let apart = |axis: usize| {
            let direct = (first[axis] - second[axis]).abs();
            f64::min(direct, (length - direct).abs())
        };
        let (x, y) = (apart(0), apart(1));
        x * x + y * y < self.neighbour_distance_max * self.neighbour_distance_max
    }

    /// φ of a resized particle with the neighbours of block `b`.
    #[inline(always)]
    fn resized_energies<I: Instructions>(&self, kernel: &PairKernel<I>, resized: Resized, b: usize) -> I::Vector {
        let block = self.slots.block(resized.particle, b);
        kernel.energies(block, self.resized_inverses(kernel, resized, b), self.particles[resized.particle].position)
    }

    /// `energy` and that of a resized particle with its known neighbours from block `b` on; `None` as soon
    /// as they exceed `limit`.
    #[inline(always)]
    fn resized_energy<I: Instructions>(
        &self,
        kernel: &PairKernel<I>,
        resized: Resized,
        b: usize,
        mut energy: f64,
        limit: f64,
    ) -> Option<f64> {
        for b in b..self.slots.blocks(resized.particle) {
            energy += self.resized_energies(kernel, resized, b).sum();
            if energy > limit {
                return None;
            }
        }
        Some(energy)
    }

    /// Gives a particle its new diameter wherever it is copied, and its neighbours their energies.
    #[inline(always)]
    fn resize<I: Instructions>(&mut self, kernel: &PairKernel<I>, resized: Resized) {
        let i = resized.particle;
        let position = self.particles[i].position;
        let filled = self.slots.filled(i);
        for b in 0..self.slots.blocks(i) {
            let block = self.slots.block(i, b);
            let before = kernel.energies(block, kernel.instructions.load(&block.inverse), position);
            let inverses = self.resized_inverses(kernel, resized, b);
            let (mut rise, mut inverse) = (Eight([0.0; 8]), Eight([0.0; 8]));
            (kernel.energies(block, inverses, position) - before).store(&mut rise);
            inverses.store(&mut inverse);
            let (links, lanes) = (*self.slots.links(i, b), (filled - 8 * b).min(8));
            self.slots.set_inverses(i, b, lanes, &inverse);
            for lane in 0..lanes {
                let neighbour = links.neighbour(lane);
                self.particles[neighbour].energy += rise.0[lane];
                self.watch.touch(neighbour);
                self.slots.resize_copy(&links, lane, resized.diameter, inverse.0[lane]);
            }
        }
    }

    /// Drops the neighbours that a particle much smaller than its reach does not need.
    #[inline(always)]
    fn tighten<I: Instructions>(&mut self, kernel: &PairKernel<I>, i: usize) {
        let (particle, mut reference) = (self.particles[i], *self.cells.reference(i));
        if reference.reach > particle.diameter + 3.0 * self.growth {
            reference.reach = particle.diameter + self.growth;
            let changed = Changed {
                particle: i,
                position: particle.position,
                diameter: particle.diameter,
                boxes: [0, 0],
                partner: None,
            };
            self.search(kernel, changed, reference);
            self.relink(i, reference);
        }
    }

    /// 1/σ_ij² of a resized particle with the neighbours in block `b`.
    #[inline(always)]
    fn resized_inverses<I: Instructions>(&self, kernel: &PairKernel<I>, resized: Resized, b: usize) -> I::Vector {
        let block = self.slots.block(resized.particle, b);
        let inverses = kernel.inverses(block, resized.diameter);
        let Some(partner) = resized.partner else { return inverses };
        let mut patched = Eight([0.0; 8]);
        inverses.store(&mut patched);
        for (lane, is_partner) in self.slots.links(resized.particle, b).lanes_of(partner).into_iter().enumerate() {
            if is_partner {
                patched.0[lane] = block.inverse.0[lane];
            }
        }
        kernel.instructions.load(&patched)
    }
}
