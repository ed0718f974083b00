//! Each particle's neighbours, copied side by side so that eight of them are one load.
//!
//! A slot of particle i holds what an energy of i needs of one neighbour j: its position, in the
//! periodic image near i, 1/σ_ij² and σ_j. It also holds where j keeps its copy of i (the back
//! index), so that an accepted trial of i finds and updates the copies others have of it. Energies
//! are computed often and changes accepted seldom; so reading is made fast and writing pays for it.
//!
//! Slots of a particle are filled from the front, eight to a block. Blocks are added when some
//! particle needs more.

use super::images::{moved, opposite, shifts};
use crate::lanes::Eight;

/// Coordinates of an empty slot: beyond every cutoff.
const FAR: f64 = 1e9;

/// Eight slots. What displacements read comes first.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct Block {
    pub(super) x: Eight,
    pub(super) y: Eight,
    /// 1/σ_ij².
    pub(super) inverse: Eight,
    pub(super) diameter: Eight,
    pub(super) neighbour: [u32; 8],
    /// The neighbour's slot that holds this particle.
    back: [u16; 8],
    /// Image of the neighbour.
    image: [u8; 8],
}

const EMPTY: Block = Block {
    x: Eight([FAR; 8]),
    y: Eight([FAR; 8]),
    inverse: Eight([1.0; 8]),
    diameter: Eight([1.0; 8]),
    neighbour: [u32::MAX; 8],
    back: [0; 8],
    image: [0; 8],
};

/// Position and diameter of a particle that is to be copied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied {
    pub(super) particle: usize,
    pub(super) position: [f64; 2],
    pub(super) diameter: f64,
}

/// The slots of all particles.
#[derive(Debug, Clone)]
pub(super) struct NeighbourSlots {
    particles: usize,
    /// Block b of particle i at b N + i: the first blocks of all particles lie together.
    blocks: Vec<Block>,
    filled: Vec<u16>,
    shifts: [[f64; 2]; 9],
}

impl NeighbourSlots {
    pub(super) fn new(particles: usize, length: f64) -> Self {
        NeighbourSlots {
            particles,
            blocks: vec![EMPTY; 2 * particles],
            filled: vec![0; particles],
            shifts: shifts(length),
        }
    }

    /// Number of neighbours of `particle`.
    #[inline(always)]
    pub(super) fn filled(&self, particle: usize) -> usize {
        usize::from(self.filled[particle])
    }

    /// Number of blocks of `particle` that hold a neighbour.
    #[inline(always)]
    pub(super) fn blocks(&self, particle: usize) -> usize {
        self.filled(particle).div_ceil(8)
    }

    #[inline(always)]
    fn index(&self, particle: usize, block: usize) -> usize {
        block * self.particles + particle
    }

    /// Most blocks any particle can have before more are added.
    pub(super) fn blocks_max(&self) -> usize {
        self.blocks.len() / self.particles
    }

    /// Block `block` of `particle`.
    #[inline(always)]
    pub(super) fn block(&self, particle: usize, block: usize) -> &Block {
        &self.blocks[self.index(particle, block)]
    }

    /// Neighbour and image in `slot` of `particle`.
    #[inline(always)]
    pub(super) fn seen(&self, particle: usize, slot: usize) -> (u32, u8) {
        let block = self.block(particle, slot / 8);
        (block.neighbour[slot % 8], block.image[slot % 8])
    }

    /// What is added to a position to get `image`.
    #[inline(always)]
    pub(super) fn shift(&self, image: u8) -> [f64; 2] {
        self.shifts[usize::from(image)]
    }

    /// Moves the copy of `particle` that its neighbour in `slot` has to `position`.
    #[inline(always)]
    pub(super) fn move_copy(&mut self, particle: usize, slot: usize, position: [f64; 2]) {
        let block = &self.blocks[self.index(particle, slot / 8)];
        let lane = slot % 8;
        let (neighbour, back, image) = (block.neighbour[lane], block.back[lane], block.image[lane]);
        let [x, y] = self.shift(opposite(image));
        let there = self.index(neighbour as usize, usize::from(back / 8));
        let block = &mut self.blocks[there];
        block.x.0[usize::from(back % 8)] = position[0] + x;
        block.y.0[usize::from(back % 8)] = position[1] + y;
    }

    /// Moves `particle`, and with it all it sees, by whole boxes; what others see of it stays.
    pub(super) fn change_box(
        &mut self,
        particle: usize,
        across: i32,
        up: i32,
        position_of: impl Fn(usize) -> [f64; 2],
    ) {
        for slot in 0..self.filled(particle) {
            let (here, lane) = (self.index(particle, slot / 8), slot % 8);
            let block = &mut self.blocks[here];
            let image = moved(block.image[lane], across, up);
            let (neighbour, back) = (block.neighbour[lane] as usize, block.back[lane]);
            let ([x, y], position) = (self.shifts[usize::from(image)], position_of(neighbour));
            block.image[lane] = image;
            block.x.0[lane] = position[0] + x;
            block.y.0[lane] = position[1] + y;
            let there = self.index(neighbour, usize::from(back / 8));
            self.blocks[there].image[usize::from(back % 8)] = opposite(image);
        }
    }

    /// Gives the pair in `slot` of `particle` the new 1/σ_ij², and the neighbour's copy of
    /// `particle` its new diameter.
    pub(super) fn resize_copy(&mut self, particle: usize, slot: usize, diameter: f64, inverse: f64) {
        let here = self.index(particle, slot / 8);
        let block = &mut self.blocks[here];
        let lane = slot % 8;
        block.inverse.0[lane] = inverse;
        let (neighbour, back) = (block.neighbour[lane], block.back[lane]);
        let there = self.index(neighbour as usize, usize::from(back / 8));
        let block = &mut self.blocks[there];
        block.inverse.0[usize::from(back % 8)] = inverse;
        block.diameter.0[usize::from(back % 8)] = diameter;
    }

    /// Makes two particles neighbours: `image` is that of `second` seen by `first`.
    pub(super) fn link(&mut self, first: Copied, second: Copied, image: u8, inverse: f64) {
        let (slot_of_first, slot_of_second) = (self.filled(first.particle), self.filled(second.particle));
        self.append(first.particle, second, image, inverse, slot_of_second);
        self.append(second.particle, first, opposite(image), inverse, slot_of_first);
    }

    fn append(&mut self, particle: usize, neighbour: Copied, image: u8, inverse: f64, back: usize) {
        let slot = self.filled(particle);
        let index = self.index(particle, slot / 8);
        if index >= self.blocks.len() {
            self.blocks.resize(self.blocks.len() + self.particles, EMPTY);
        }
        let [x, y] = self.shift(image);
        let block = &mut self.blocks[index];
        let lane = slot % 8;
        block.x.0[lane] = neighbour.position[0] + x;
        block.y.0[lane] = neighbour.position[1] + y;
        block.inverse.0[lane] = inverse;
        block.diameter.0[lane] = neighbour.diameter;
        block.neighbour[lane] = neighbour.particle as u32;
        block.back[lane] = back as u16;
        block.image[lane] = image;
        self.filled[particle] += 1;
    }

    /// Ends the neighbourhood in `slot` of `particle`, on both sides.
    pub(super) fn unlink(&mut self, particle: usize, slot: usize) {
        let block = self.block(particle, slot / 8);
        let (neighbour, back) = (block.neighbour[slot % 8] as usize, usize::from(block.back[slot % 8]));
        self.vacate(neighbour, back);
        self.vacate(particle, slot);
    }

    /// Empties a slot by moving the last one into it.
    fn vacate(&mut self, particle: usize, slot: usize) {
        let last = self.filled(particle) - 1;
        let from = self.index(particle, last / 8);
        if slot != last {
            let lane = last % 8;
            let source = &self.blocks[from];
            let (x, y, inverse, diameter) =
                (source.x.0[lane], source.y.0[lane], source.inverse.0[lane], source.diameter.0[lane]);
            let (neighbour, back, image) = (source.neighbour[lane], source.back[lane], source.image[lane]);
            let to = self.index(particle, slot / 8);
            let block = &mut self.blocks[to];
            let lane = slot % 8;
            block.x.0[lane] = x;
            block.y.0[lane] = y;
            block.inverse.0[lane] = inverse;
            block.diameter.0[lane] = diameter;
            block.neighbour[lane] = neighbour;
            block.back[lane] = back;
            block.image[lane] = image;
            let there = self.index(neighbour as usize, usize::from(back / 8));
            self.blocks[there].back[usize::from(back % 8)] = slot as u16;
        }
        let block = &mut self.blocks[from];
        let lane = last % 8;
        block.x.0[lane] = FAR;
        block.y.0[lane] = FAR;
        block.inverse.0[lane] = 1.0;
        block.diameter.0[lane] = 1.0;
        block.neighbour[lane] = u32::MAX;
        self.filled[particle] -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stage, uniform};
    use std::collections::BTreeSet;

    fn copied(particle: usize) -> Copied {
        Copied { particle, position: [particle as f64, 0.5], diameter: 1.0 + particle as f64 / 100.0 }
    }

    /// What the slots say, as (particle, neighbour, image).
    fn links(slots: &NeighbourSlots, particles: usize) -> BTreeSet<(usize, usize, u8)> {
        let mut links = BTreeSet::new();
        for i in 0..particles {
            for slot in 0..slots.filled(i) {
                let block = slots.block(i, slot / 8);
                let lane = slot % 8;
                let (j, back) = (block.neighbour[lane] as usize, usize::from(block.back[lane]));
                assert_eq!(slots.seen(j, back), (i as u32, opposite(block.image[lane])));
                assert_eq!(usize::from(slots.block(j, back / 8).back[back % 8]), slot);
                assert_eq!(block.diameter.0[lane], copied(j).diameter);
                assert_eq!(block.x.0[lane], j as f64 + slots.shift(block.image[lane])[0]);
                links.insert((i, j, block.image[lane]));
            }
            for slot in slots.filled(i)..8 * slots.blocks(i) {
                assert_eq!(slots.block(i, slot / 8).x.0[slot % 8], FAR);
            }
        }
        links
    }

    #[test]
    fn links_and_back_indices_survive_any_history_and_blocks_grow() {
        let particles = 40;
        let mut slots = NeighbourSlots::new(particles, 50.0);
        let mut expected = BTreeSet::new();
        let mut stream = Seed::of_realization(2, 9).stream(Stage::Positions);
        let mut below = |limit: usize| (uniform(&mut stream) * limit as f64) as usize;
        for step in 0..4000 {
            let (i, j, image) = (below(particles), below(particles), below(9) as u8);
            // Grow to about 30 neighbours each, then shrink.
            if step % 4 != 3 && step < 2500 {
                if i != j && expected.insert((i, j, image)) {
                    expected.insert((j, i, opposite(image)));
                    slots.link(copied(i), copied(j), image, 0.7);
                }
            } else if slots.filled(i) > 0 {
                let slot = below(slots.filled(i));
                let (neighbour, image) = slots.seen(i, slot);
                slots.unlink(i, slot);
                expected.remove(&(i, neighbour as usize, image));
                expected.remove(&(neighbour as usize, i, opposite(image)));
            }
            if step % 100 == 0 {
                assert_eq!(links(&slots, particles), expected);
            }
        }
        assert_eq!(links(&slots, particles), expected);
        assert!(slots.blocks.len() > 3 * particles);
    }
}
