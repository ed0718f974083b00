//! Each particle's neighbours, copied side by side so that eight of them are one load.
//!
//! A slot of particle i holds what an energy of i needs of one neighbour j: its position, in the
//! periodic image near i, 1/σ_ij² and σ_j. A link beside it tells who j is and where j keeps its copy
//! of i, so that an accepted trial of i finds and updates the copies others have of it. Energies
//! are computed often and changes accepted seldom; so reading is made fast and writing pays for it.
//!
//! Slots of a particle are filled from the front, eight to a block. Blocks are added when some
//! particle needs more.

use super::images::{moved, opposite, shifts};
use super::slot_block::{Block, DIAMETER, EMPTY, INVERSE, STRIDE, X, Y, lane_at, offset};
use crate::lanes::Eight;

/// Who is in the slots of a block. There is room for nearly 2²⁶ particles of two blocks each.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Links {
    /// The neighbour and, in the four highest bits, its image.
    seen: [u32; 8],
    /// Where the neighbour's copy of this particle begins: [`STRIDE`] times its block, and its offset there.
    there: [u32; 8],
}

const IMAGE_SHIFT: u32 = 28;

impl Links {
    /// The neighbour in `lane`.
    #[inline(always)]
    pub(super) fn neighbour(&self, lane: usize) -> usize {
        (self.seen[lane] & ((1 << IMAGE_SHIFT) - 1)) as usize
    }

    /// Its image.
    #[inline(always)]
    fn image(&self, lane: usize) -> u8 {
        (self.seen[lane] >> IMAGE_SHIFT) as u8
    }

    #[inline(always)]
    fn there(&self, lane: usize) -> usize {
        self.there[lane] as usize
    }

    /// Lanes that hold `neighbour`, in any image.
    #[inline(always)]
    pub(super) fn lanes_of(&self, neighbour: usize) -> [bool; 8] {
        std::array::from_fn(|lane| self.neighbour(lane) == neighbour)
    }
}

/// The neighbours that an empty block of `particle` has: itself, with a copy in nobody's block. So an accepted
/// trial, which adds nothing to the energies of empty slots, need not ask which ones are.
fn no_links(particle: usize) -> Links {
    Links { seen: [packed(particle, 0); 8], there: [0; 8] }
}

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
    /// Block b of particle i at 1 + b N + i: the first blocks of all particles lie together. The block before
    /// them is nobody's: what it holds means nothing.
    blocks: Vec<Block>,
    /// Those of block k at k.
    links: Vec<Links>,
    filled: Vec<u16>,
    shifts: [[f64; 2]; 9],
}

impl NeighbourSlots {
    pub(super) fn new(particles: usize, length: f64) -> Self {
        let mut slots = NeighbourSlots {
            particles,
            blocks: Vec::new(),
            links: Vec::new(),
            filled: vec![0; particles],
            shifts: shifts(length),
        };
        (slots.blocks, slots.links) = (vec![Block::EMPTY], vec![no_links(0)]);
        slots.add_blocks();
        slots.add_blocks();
        slots
    }

    /// Room for eight more neighbours of each particle.
    fn add_blocks(&mut self) {
        self.blocks.resize(self.blocks.len() + self.particles, Block::EMPTY);
        self.links.extend((0..self.particles).map(no_links));
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
        1 + block * self.particles + particle
    }

    /// Most blocks any particle can have before more are added.
    pub(super) fn blocks_max(&self) -> usize {
        (self.blocks.len() - 1) / self.particles
    }

    /// Block `block` of `particle`.
    #[inline(always)]
    pub(super) fn block(&self, particle: usize, block: usize) -> &Block {
        &self.blocks[self.index(particle, block)]
    }

    /// Who is in block `block` of `particle`.
    #[inline(always)]
    pub(super) fn links(&self, particle: usize, block: usize) -> &Links {
        &self.links[self.index(particle, block)]
    }

    /// Neighbour and image in `slot` of `particle`.
    #[inline(always)]
    pub(super) fn seen(&self, particle: usize, slot: usize) -> (u32, u8) {
        let links = self.links(particle, slot / 8);
        (links.neighbour(slot % 8) as u32, links.image(slot % 8))
    }

    /// What is added to a position to get `image`.
    #[inline(always)]
    pub(super) fn shift(&self, image: u8) -> [f64; 2] {
        self.shifts[usize::from(image)]
    }

    /// All numbers of all blocks, [`STRIDE`] a block.
    #[inline(always)]
    fn numbers(&self) -> &[f64] {
        let length = STRIDE * self.blocks.len();
        // SAFETY: a block is four times eight numbers and nothing else, as its test says.
        unsafe { std::slice::from_raw_parts(self.blocks.as_ptr().cast(), length) }
    }

    /// The same, to write to.
    #[inline(always)]
    fn numbers_mut(&mut self) -> &mut [f64] {
        let length = STRIDE * self.blocks.len();
        // SAFETY: as in `numbers`; and nothing else is borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.blocks.as_mut_ptr().cast(), length) }
    }

    /// Moves the copy of a particle that the neighbour in `lane` of its `links` has to `position`.
    #[inline(always)]
    pub(super) fn move_copy(&mut self, links: &Links, lane: usize, position: [f64; 2]) {
        let [x, y] = self.shift(opposite(links.image(lane)));
        let there = links.there(lane);
        let numbers = self.numbers_mut();
        numbers[there + Y] = position[1] + y;
        numbers[there + X] = position[0] + x;
    }

    /// Gives the copy of a particle that the neighbour in `lane` of its `links` has a new diameter and
    /// the new 1/σ_ij².
    #[inline(always)]
    pub(super) fn resize_copy(&mut self, links: &Links, lane: usize, diameter: f64, inverse: f64) {
        let there = links.there(lane);
        let numbers = self.numbers_mut();
        numbers[there + DIAMETER] = diameter;
        numbers[there + INVERSE] = inverse;
    }

    /// Gives the pairs of block `block` of `particle` the new 1/σ_ij².
    #[inline(always)]
    pub(super) fn set_inverses(&mut self, particle: usize, block: usize, inverses: &Eight) {
        let index = self.index(particle, block);
        self.blocks[index].set_inverses(inverses);
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
            let links = self.links[here];
            let (neighbour, there) = (links.neighbour(lane), links.there(lane));
            let image = moved(links.image(lane), across, up);
            let ([x, y], position) = (self.shift(image), position_of(neighbour));
            self.links[here].seen[lane] = packed(neighbour, image);
            let place = STRIDE * here + offset(lane);
            let numbers = self.numbers_mut();
            numbers[place + X] = position[0] + x;
            numbers[place + Y] = position[1] + y;
            self.links[there / STRIDE].seen[lane_at(there % STRIDE)] = packed(particle, opposite(image));
        }
    }

    /// Makes two particles neighbours: `image` is that of `second` seen by `first`.
    pub(super) fn link(&mut self, first: Copied, second: Copied, image: u8, inverse: f64) {
        let place = |slots: &Self, particle: usize| {
            let slot = slots.filled(particle);
            STRIDE * slots.index(particle, slot / 8) + offset(slot % 8)
        };
        let (place_of_second, place_of_first) = (place(self, first.particle), place(self, second.particle));
        self.append(first.particle, second, image, inverse, place_of_first);
        self.append(second.particle, first, opposite(image), inverse, place_of_second);
    }

    fn append(&mut self, particle: usize, neighbour: Copied, image: u8, inverse: f64, there: usize) {
        let (slot, lane) = (self.filled(particle), self.filled(particle) % 8);
        let index = self.index(particle, slot / 8);
        if index >= self.blocks.len() {
            self.add_blocks();
        }
        let [x, y] = self.shift(image);
        let [at_x, at_y] = neighbour.position;
        self.write(STRIDE * index + offset(lane), [at_x + x, at_y + y, inverse, neighbour.diameter]);
        self.links[index].seen[lane] = packed(neighbour.particle, image);
        self.links[index].there[lane] = there as u32;
        self.filled[particle] += 1;
    }

    /// Writes x, y, 1/σ_ij² and σ_j of a slot.
    #[inline(always)]
    fn write(&mut self, place: usize, slot: [f64; 4]) {
        let numbers = self.numbers_mut();
        for (kind, number) in [X, Y, INVERSE, DIAMETER].into_iter().zip(slot) {
            numbers[place + kind] = number;
        }
    }

    /// Ends the neighbourhood in `slot` of `particle`, on both sides.
    pub(super) fn unlink(&mut self, particle: usize, slot: usize) {
        let links = self.links(particle, slot / 8);
        let (neighbour, there) = (links.neighbour(slot % 8), links.there(slot % 8));
        self.vacate(neighbour, (there / STRIDE - 1) / self.particles * 8 + lane_at(there % STRIDE));
        self.vacate(particle, slot);
    }

    /// Empties a slot by moving the last one into it.
    fn vacate(&mut self, particle: usize, slot: usize) {
        let last = self.filled(particle) - 1;
        let (from, last_lane) = (self.index(particle, last / 8), last % 8);
        let last_place = STRIDE * from + offset(last_lane);
        if slot != last {
            let (to, lane) = (self.index(particle, slot / 8), slot % 8);
            let numbers = self.numbers();
            let moved = [X, Y, INVERSE, DIAMETER].map(|kind| numbers[last_place + kind]);
            self.write(STRIDE * to + offset(lane), moved);
            let (seen, there) = (self.links[from].seen[last_lane], self.links[from].there[last_lane]);
            self.links[to].seen[lane] = seen;
            self.links[to].there[lane] = there;
            let there = there as usize;
            self.links[there / STRIDE].there[lane_at(there % STRIDE)] = (STRIDE * to + offset(lane)) as u32;
        }
        self.write(last_place, EMPTY);
        self.links[from].seen[last_lane] = packed(particle, 0);
        self.links[from].there[last_lane] = 0;
        self.filled[particle] -= 1;
    }
}

#[inline(always)]
fn packed(neighbour: usize, image: u8) -> u32 {
    neighbour as u32 | u32::from(image) << IMAGE_SHIFT
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
                let (link, lane) = (slots.links(i, slot / 8), slot % 8);
                let (j, image, there) = (link.neighbour(lane), link.image(lane), link.there(lane));
                let back = &slots.links[there / STRIDE];
                assert_eq!((there / STRIDE - 1) % particles, j);
                assert_eq!(back.seen[lane_at(there % STRIDE)], packed(i, opposite(image)));
                let place = STRIDE * slots.index(i, slot / 8) + offset(lane);
                assert_eq!(back.there(lane_at(there % STRIDE)), place);
                assert_eq!(slots.numbers()[place + DIAMETER], copied(j).diameter);
                assert_eq!(slots.numbers()[place + X], j as f64 + slots.shift(image)[0]);
                links.insert((i, j, image));
            }
            for slot in slots.filled(i)..8 * slots.blocks(i) {
                let place = STRIDE * slots.index(i, slot / 8) + offset(slot % 8);
                assert_eq!(slots.numbers()[place + X], EMPTY[0]);
                let link = slots.links(i, slot / 8);
                assert_eq!((link.neighbour(slot % 8), link.there(slot % 8)), (i, 0));
            }
        }
        links
    }

    #[test]
    fn a_slot_is_written_where_its_block_is() {
        let mut slots = NeighbourSlots::new(2, 50.0);
        slots.link(copied(0), copied(1), 4, 0.7);
        let numbers = [X, Y, INVERSE, DIAMETER].map(|kind| slots.numbers()[2 * STRIDE + kind]);
        assert_eq!(numbers, [0.0, 0.5, 0.7, 1.0]);
        assert_eq!(slots.block(1, 0).inverse(0), 0.7);
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
