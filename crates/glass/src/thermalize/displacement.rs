//! The trial that displaces one particle.

use super::ahead::Begun;
use super::draws::{Draws, Run};
use super::pair_kernel::PairKernel;
use super::reference_cells::Reference;
use super::system::{Changed, Particle, System};
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Lanes};
use crate::space::{minus, plus};

/// A trial displacement that has begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Displacing<const D: usize> {
    particle: usize,
    position: [f64; D],
    limit: f64,
}

impl<const D: usize> Default for Displacing<D> {
    fn default() -> Self {
        Displacing { particle: 0, position: [0.0; D], limit: 0.0 }
    }
}

impl<const D: usize> Begun<D> for Displacing<D> {
    #[inline(always)]
    fn begin(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize) -> Self {
        let trial = draws.displacement(run, k);
        let old = system.particles[trial.particle];
        Displacing {
            particle: trial.particle,
            position: plus(old.position, 1.0, trial.by),
            limit: old.energy + trial.allowance,
        }
    }

    #[inline(always)]
    fn particles(&self) -> impl IntoIterator<Item = usize> {
        [self.particle]
    }

    #[inline(always)]
    fn limit(&self) -> f64 {
        self.limit
    }

    #[inline(always)]
    fn first_energies<I: Instructions, S: Shape>(&self, system: &System<D>, kernel: &PairKernel<I, S>) -> I::Vector {
        let block = system.slots.block(self.particle, 0);
        kernel.energies(block, block.inverses(kernel.instructions), self.position)
    }

    #[inline(always)]
    fn end<I: Instructions, S: Shape>(
        self,
        system: &mut System<D>,
        kernel: &PairKernel<I, S>,
        energies: I::Vector,
        mut energy: f64,
    ) -> bool {
        let Displacing { particle: i, position, limit } = self;
        energies.store(&mut system.trials[0][0].energies);
        for b in 1..system.slots.blocks(i) {
            let block = system.slots.block(i, b);
            let energies = kernel.energies(block, block.inverses(kernel.instructions), position);
            energies.store(&mut system.trials[b][0].energies);
            energy += energies.sum();
            if energy > limit {
                return false;
            }
        }
        if system.drift_squared(i, position) <= system.drift_squared_max {
            system.move_to(kernel, i, position, energy);
            return true;
        }
        system.displace_far(kernel, i, position, energy, limit)
    }
}

impl<const D: usize> System<D> {
    /// The rest of a trial that ends beyond the reach of the known neighbours.
    #[inline(always)]
    fn displace_far<I: Instructions, S: Shape>(
        &mut self,
        kernel: &PairKernel<I, S>,
        i: usize,
        position: [f64; D],
        energy_of_known: f64,
        limit: f64,
    ) -> bool {
        let around = self.next_reference(i, position);
        let length = self.length();
        let boxes = around.map(|coordinate| if coordinate < 0.0 { 1 } else { -i32::from(coordinate >= length) });
        let shift = boxes.map(|count| f64::from(count) * length);
        let position = plus(position, 1.0, shift);
        let Particle { diameter, .. } = self.particles[i];
        let reference = Reference { position: plus(around, 1.0, shift), reach: diameter + self.growth };
        let changed = Changed { particle: i, position, diameter, boxes, partner: None };
        let energy = energy_of_known + self.search(kernel, changed, reference);
        if energy > limit {
            return false;
        }
        if boxes != [0; D] {
            self.change_box(i, boxes);
        }
        self.move_to(kernel, i, position, energy);
        self.relink(i, reference);
        true
    }

    /// Where to search around: not the new position but two thirds of the way from the old reference.
    /// A caged particle soon comes back, and so leaves the reach of its reference less often (by a
    /// fifth, measured). After a displacement too large for that, the position.
    #[inline(always)]
    fn next_reference(&self, i: usize, position: [f64; D]) -> [f64; D] {
        const BACK: f64 = 1.0 / 3.0;
        let old = self.cells.reference(i).position;
        if BACK * BACK * self.drift_squared(i, position) < 0.5 * self.drift_squared_max {
            plus(position, BACK, minus(old, position))
        } else {
            position
        }
    }

    #[cold]
    fn change_box(&mut self, i: usize, boxes: [i32; D]) {
        let length = self.length();
        let particles = &mut self.particles;
        for axis in 0..D {
            particles[i].position[axis] += f64::from(boxes[axis]) * length;
        }
        self.slots.change_box(i, boxes, |j| particles[j].position);
    }

    /// Moves a particle to where its pair energies are the first of `trials`, their sum `energy`.
    #[inline(always)]
    fn move_to<I: Instructions, S: Shape>(
        &mut self,
        kernel: &PairKernel<I, S>,
        i: usize,
        position: [f64; D],
        energy: f64,
    ) {
        let old = self.particles[i].position;
        for b in 0..self.slots.blocks(i) {
            let block = self.slots.block(i, b);
            let before = kernel.energies(block, block.inverses(kernel.instructions), old);
            let mut rise = Eight([0.0; 8]);
            (kernel.instructions.load(&self.trials[b][0].energies) - before).store(&mut rise);
            let links = *self.slots.links(i, b);
            for lane in 0..8 {
                let neighbour = links.neighbour(lane);
                self.particles[neighbour].energy += rise.0[lane];
                self.watch.touch(neighbour);
                self.slots.move_copy(&links, lane, position);
            }
        }
        self.particles[i].position = position;
        self.particles[i].energy = energy;
    }
}
