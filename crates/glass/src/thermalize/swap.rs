//! The trial that exchanges the diameters of two particles.

use super::draws::Swap;
use super::neighbour_slots::Block;
use super::pair_kernel::PairKernel;
use super::system::{Changed, System};
use crate::lanes::{Eight, Instructions, Lanes};

/// One particle of a swap.
#[derive(Clone, Copy)]
struct Resized {
    particle: usize,
    diameter: f64,
    /// The other one, if it may be a neighbour: their own σ_ij stays as it is.
    partner: Option<usize>,
}

impl System {
    /// Makes one trial swap; whether it was accepted.
    #[inline(always)]
    pub(super) fn swap<I: Instructions>(&mut self, kernel: &PairKernel<I>, trial: &Swap) -> bool {
        let (mut growing, mut shrinking) = (trial.first, trial.second);
        if self.particles[growing].diameter > self.particles[shrinking].diameter {
            std::mem::swap(&mut growing, &mut shrinking);
        }
        let (small, large) = (self.particles[growing], self.particles[shrinking]);
        let limit = small.energy + large.energy + trial.allowance;
        let near = self.may_be_neighbours(small.position, large.position);
        let grown = Resized { particle: growing, diameter: large.diameter, partner: near.then_some(shrinking) };
        let shrunk = Resized { particle: shrinking, diameter: small.diameter, partner: near.then_some(growing) };
        // Growing costs the energy: most trials end here.
        let Some(mut energy_grown) = self.resized_energy(kernel, grown, limit) else { return false };
        let Some(energy_shrunk) = self.resized_energy(kernel, shrunk, limit - energy_grown) else { return false };

        let mut reference = *self.cells.reference(growing);
        let search = large.diameter > reference.reach;
        if search {
            reference.reach = large.diameter + self.growth;
            let changed = Changed {
                particle: growing,
                position: small.position,
                diameter: large.diameter,
                boxes: [0, 0],
                partner: Some(shrinking),
            };
            energy_grown += self.search(kernel, changed, reference);
            if energy_grown + energy_shrunk > limit {
                return false;
            }
        }
        self.resize(kernel, grown);
        self.resize(kernel, shrunk);
        self.particles[growing].diameter = large.diameter;
        self.particles[shrinking].diameter = small.diameter;
        self.particles[growing].energy = energy_grown;
        self.particles[shrinking].energy = energy_shrunk;
        if search {
            self.relink(growing, reference);
        }
        self.tighten(kernel, shrinking);
        true
    }

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

    /// The energy of a resized particle with its known neighbours; `None` as soon as it exceeds `limit`.
    #[inline(always)]
    fn resized_energy<I: Instructions>(&self, kernel: &PairKernel<I>, resized: Resized, limit: f64) -> Option<f64> {
        let position = self.particles[resized.particle].position;
        let mut energy = 0.0;
        for b in 0..self.slots.blocks(resized.particle) {
            let block = self.slots.block(resized.particle, b);
            let inverses = resized_inverses(kernel, block, resized);
            energy += kernel.energies(block, inverses, position).sum();
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
            let inverses = resized_inverses(kernel, block, resized);
            let (mut rise, mut inverse) = (Eight([0.0; 8]), Eight([0.0; 8]));
            (kernel.energies(block, inverses, position) - before).store(&mut rise);
            inverses.store(&mut inverse);
            for slot in 8 * b..filled.min(8 * b + 8) {
                let neighbour = self.slots.block(i, b).neighbour[slot % 8] as usize;
                self.particles[neighbour].energy += rise.0[slot % 8];
                self.slots.resize_copy(i, slot, resized.diameter, inverse.0[slot % 8]);
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
}

/// 1/σ_ij² of a resized particle with the neighbours in `block`.
#[inline(always)]
fn resized_inverses<I: Instructions>(kernel: &PairKernel<I>, block: &Block, resized: Resized) -> I::Vector {
    let inverses = kernel.inverses(block, resized.diameter);
    let Some(partner) = resized.partner else { return inverses };
    let mut patched = Eight([0.0; 8]);
    inverses.store(&mut patched);
    for lane in 0..8 {
        if block.neighbour[lane] as usize == partner {
            patched.0[lane] = block.inverse.0[lane];
        }
    }
    kernel.instructions.load(&patched)
}
