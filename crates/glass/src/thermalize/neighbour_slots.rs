//! Each particle's neighbours, copied side by side so that eight of them are one load.
//!
//! A slot of particle i holds what an energy of i needs of one neighbour j: its position, in the
//! periodic image near i, 1/σ_ij² and σ_j. A link beside it tells who j is and where j keeps its copy
//! of i, so that an accepted trial of i finds and updates the copies others have of it. Energies
//! are computed often and changes accepted seldom; so reading is made fast and writing pays for it.
//!
//! Slots of a particle are filled from the front, eight to a block. Blocks are added when some
//! particle needs more.

use super::images::{IMAGE_BITS, IMAGES, moved, opposite, shifts};
use super::slot_block::{Slot, SlotBlock};
use crate::lanes::Eight;
use crate::space::plus;

/// Who is in the slots of a block. There is room for 2³² numbers in all blocks: in the plane 6·10⁷ particles of two
/// blocks each, in space 2·10⁷ of five.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Links {
    /// The neighbour and, in the five highest bits, its image.
    seen: [u32; 8],
    /// Where the neighbour's copy of this particle begins: [`SlotBlock::STRIDE`] times its block, and its offset there.
    there: [u32; 8],
}

const IMAGE_SHIFT: u32 = u32::BITS - IMAGE_BITS;

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
pub(super) struct Copied<const D: usize> {
    pub(super) particle: usize,
    pub(super) position: [f64; D],
    pub(super) diameter: f64,
}

/// The slots of all particles.
#[derive(Debug, Clone)]
pub(super) struct NeighbourSlots<const D: usize> {
    particles: usize,
    /// Block b of particle i at 1 + b N + i: the first blocks of all particles lie together. The block before
    /// them is nobody's: what it holds means nothing.
    blocks: Vec<SlotBlock<D>>,
    /// Those of block k at k.
    links: Vec<Links>,
    filled: Vec<u16>,
    shifts: [[f64; D]; IMAGES],
}

impl<const D: usize> NeighbourSlots<D> {
    pub(super) fn new(particles: usize, length: f64) -> Self {
        let mut slots = NeighbourSlots {
            particles,
            blocks: Vec::new(),
            links: Vec::new(),
            filled: vec![0; particles],
            shifts: shifts(length),
        };
        (slots.blocks, slots.links) = (vec![SlotBlock::EMPTY], vec![no_links(0)]);
        slots.add_blocks();
        slots.add_blocks();
        slots
    }

    /// Room for eight more neighbours of each particle.
    fn add_blocks(&mut self) {
        self.blocks.resize(self.blocks.len() + self.particles, SlotBlock::EMPTY);
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
    pub(super) fn block(&self, particle: usize, block: usize) -> &SlotBlock<D> {
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
    pub(super) fn shift(&self, image: u8) -> [f64; D] {
        self.shifts[usize::from(image)]
    }

    /// All numbers of all blocks, [`SlotBlock::STRIDE`] a block.
    #[inline(always)]
    fn numbers(&self) -> &[f64] {
        let length = SlotBlock::<D>::STRIDE * self.blocks.len();
        // SAFETY: a block is so many numbers and nothing else, as its test says.
        unsafe { std::slice::from_raw_parts(self.blocks.as_ptr().cast(), length) }
    }

    /// The same, to write to.
    #[inline(always)]
    fn numbers_mut(&mut self) -> &mut [f64] {
        let length = SlotBlock::<D>::STRIDE * self.blocks.len();
        // SAFETY: as in `numbers`; and nothing else is borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.blocks.as_mut_ptr().cast(), length) }
    }

    /// Where the numbers of `lane` of the block at `index` begin.
    #[inline(always)]
    fn place(index: usize, lane: usize) -> usize {
        SlotBlock::<D>::STRIDE * index + SlotBlock::<D>::offset(lane)
    }

    /// Index of the block in which the numbers at `place` begin, and their lane.
    #[inline(always)]
    fn at(place: usize) -> (usize, usize) {
        (place / SlotBlock::<D>::STRIDE, SlotBlock::<D>::lane_at(place % SlotBlock::<D>::STRIDE))
    }

    /// Moves the copy of a particle that the neighbour in `lane` of its `links` has to `position`.
    #[inline(always)]
    pub(super) fn move_copy(&mut self, links: &Links, lane: usize, position: [f64; D]) {
        let image = plus(position, 1.0, self.shift(opposite::<D>(links.image(lane))));
        self.set_position(links.there(lane), image);
    }

    /// Gives the copy of a particle that the neighbour in `lane` of its `links` has a new diameter and
    /// the new 1/σ_ij².
    #[inline(always)]
    pub(super) fn resize_copy(&mut self, links: &Links, lane: usize, diameter: f64, inverse: f64) {
        let there = links.there(lane);
        let numbers = self.numbers_mut();
        numbers[there + SlotBlock::<D>::DIAMETER] = diameter;
        numbers[there + SlotBlock::<D>::INVERSE] = inverse;
    }

    /// Gives the pairs of block `block` of `particle` the new 1/σ_ij².
    #[inline(always)]
    pub(super) fn set_inverses(&mut self, particle: usize, block: usize, inverses: &Eight) {
        let index = self.index(particle, block);
        self.blocks[index].set_inverses(inverses);
    }

    /// Moves `particle`, and with it all it sees, by whole boxes; what others see of it stays.
    pub(super) fn change_box(&mut self, particle: usize, boxes: [i32; D], position_of: impl Fn(usize) -> [f64; D]) {
        for slot in 0..self.filled(particle) {
            let (here, lane) = (self.index(particle, slot / 8), slot % 8);
            let links = self.links[here];
            let (neighbour, (there, lane_there)) = (links.neighbour(lane), Self::at(links.there(lane)));
            let image = moved(links.image(lane), boxes);
            self.links[here].seen[lane] = packed(neighbour, image);
            self.set_position(Self::place(here, lane), plus(position_of(neighbour), 1.0, self.shift(image)));
            self.links[there].seen[lane_there] = packed(particle, opposite::<D>(image));
        }
    }

    /// Makes two particles neighbours: `image` is that of `second` seen by `first`.
    pub(super) fn link(&mut self, first: Copied<D>, second: Copied<D>, image: u8, inverse: f64) {
        let place = |slots: &Self, particle: usize| {
            let slot = slots.filled(particle);
            Self::place(slots.index(particle, slot / 8), slot % 8)
        };
        let (place_of_second, place_of_first) = (place(self, first.particle), place(self, second.particle));
        self.append(first.particle, second, image, inverse, place_of_first);
        self.append(second.particle, first, opposite::<D>(image), inverse, place_of_second);
    }

    fn append(&mut self, particle: usize, neighbour: Copied<D>, image: u8, inverse: f64, there: usize) {
        let (slot, lane) = (self.filled(particle), self.filled(particle) % 8);
        let index = self.index(particle, slot / 8);
        if index >= self.blocks.len() {
            self.add_blocks();
        }
        let position = plus(neighbour.position, 1.0, self.shift(image));
        self.write(Self::place(index, lane), Slot { position, inverse, diameter: neighbour.diameter });
        self.links[index].seen[lane] = packed(neighbour.particle, image);
        self.links[index].there[lane] = there as u32;
        self.filled[particle] += 1;
    }

    #[inline(always)]
    fn set_position(&mut self, place: usize, position: [f64; D]) {
        let numbers = self.numbers_mut();
        // From the last axis on: the first look at the slice holds for the others.
        for axis in (0..D).rev() {
            numbers[place + SlotBlock::<D>::coordinate(axis)] = position[axis];
        }
    }

    #[inline(always)]
    fn write(&mut self, place: usize, slot: Slot<D>) {
        let numbers = self.numbers_mut();
        numbers[place + SlotBlock::<D>::DIAMETER] = slot.diameter;
        numbers[place + SlotBlock::<D>::INVERSE] = slot.inverse;
        self.set_position(place, slot.position);
    }

    #[inline(always)]
    fn read(&self, place: usize) -> Slot<D> {
        let numbers = self.numbers();
        Slot {
            position: std::array::from_fn(|axis| numbers[place + SlotBlock::<D>::coordinate(axis)]),
            inverse: numbers[place + SlotBlock::<D>::INVERSE],
            diameter: numbers[place + SlotBlock::<D>::DIAMETER],
        }
    }

    /// Ends the neighbourhood in `slot` of `particle`, on both sides.
    pub(super) fn unlink(&mut self, particle: usize, slot: usize) {
        let links = self.links(particle, slot / 8);
        let (neighbour, (there, lane_there)) = (links.neighbour(slot % 8), Self::at(links.there(slot % 8)));
        self.vacate(neighbour, (there - 1) / self.particles * 8 + lane_there);
        self.vacate(particle, slot);
    }

    /// Empties a slot by moving the last one into it.
    fn vacate(&mut self, particle: usize, slot: usize) {
        let last = self.filled(particle) - 1;
        let (from, last_lane) = (self.index(particle, last / 8), last % 8);
        let last_place = Self::place(from, last_lane);
        if slot != last {
            let (to, lane) = (self.index(particle, slot / 8), slot % 8);
            let place = Self::place(to, lane);
            self.write(place, self.read(last_place));
            let (seen, there) = (self.links[from].seen[last_lane], self.links[from].there[last_lane]);
            self.links[to].seen[lane] = seen;
            self.links[to].there[lane] = there;
            let (there, lane_there) = Self::at(there as usize);
            self.links[there].there[lane_there] = place as u32;
        }
        self.write(last_place, Slot::EMPTY);
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

    fn copied<const D: usize>(particle: usize) -> Copied<D> {
        let mut position = [0.5; D];
        position[0] = particle as f64;
        Copied { particle, position, diameter: 1.0 + particle as f64 / 100.0 }
    }

    /// What the slots say, as (particle, neighbour, image).
    fn links<const D: usize>(slots: &NeighbourSlots<D>, particles: usize) -> BTreeSet<(usize, usize, u8)> {
        let mut links = BTreeSet::new();
        for i in 0..particles {
            for slot in 0..slots.filled(i) {
                let (link, lane) = (slots.links(i, slot / 8), slot % 8);
                let (j, image) = (link.neighbour(lane), link.image(lane));
                let (there, lane_there) = NeighbourSlots::<D>::at(link.there(lane));
                let back = &slots.links[there];
                assert_eq!((there - 1) % particles, j);
                assert_eq!(back.seen[lane_there], packed(i, opposite::<D>(image)));
                let place = NeighbourSlots::<D>::place(slots.index(i, slot / 8), lane);
                assert_eq!(back.there(lane_there), place);
                let Copied { position, diameter, .. } = copied::<D>(j);
                let position = plus(position, 1.0, slots.shift(image));
                assert_eq!(slots.read(place), Slot { position, inverse: 0.7, diameter });
                links.insert((i, j, image));
            }
            for slot in slots.filled(i)..8 * slots.blocks(i) {
                let place = NeighbourSlots::<D>::place(slots.index(i, slot / 8), slot % 8);
                assert_eq!(slots.read(place), Slot::EMPTY);
                let link = slots.links(i, slot / 8);
                assert_eq!((link.neighbour(slot % 8), link.there(slot % 8)), (i, 0));
            }
        }
        links
    }

    #[test]
    fn a_slot_is_written_where_its_block_is() {
        let mut slots = NeighbourSlots::<2>::new(2, 50.0);
        slots.link(copied(0), copied(1), 4, 0.7);
        assert_eq!(slots.read(2 * SlotBlock::<2>::STRIDE), Slot { position: [0.0, 0.5], inverse: 0.7, diameter: 1.0 });
        assert_eq!(slots.block(1, 0).inverse(0), 0.7);
    }

    #[test]
    fn links_and_back_indices_survive_any_history_and_blocks_grow() {
        links_survive_any_history::<2>();
        links_survive_any_history::<3>();
    }

    fn links_survive_any_history<const D: usize>() {
        let particles = 40;
        let mut slots = NeighbourSlots::<D>::new(particles, 50.0);
        let mut expected = BTreeSet::new();
        let mut stream = Seed::of_realization(2, 9).stream(Stage::Positions);
        let mut below = |limit: usize| (uniform(&mut stream) * limit as f64) as usize;
        for step in 0..4000 {
            let (i, j, image) = (below(particles), below(particles), below(3usize.pow(D as u32)) as u8);
            // Grow to about 30 neighbours each, then shrink.
            if step % 4 != 3 && step < 2500 {
                if i != j && expected.insert((i, j, image)) {
                    expected.insert((j, i, opposite::<D>(image)));
                    slots.link(copied(i), copied(j), image, 0.7);
                }
            } else if slots.filled(i) > 0 {
                let slot = below(slots.filled(i));
                let (neighbour, image) = slots.seen(i, slot);
                slots.unlink(i, slot);
                expected.remove(&(i, neighbour as usize, image));
                expected.remove(&(neighbour as usize, i, opposite::<D>(image)));
            }
            if step % 100 == 0 {
                assert_eq!(links(&slots, particles), expected);
            }
        }
        assert_eq!(links(&slots, particles), expected);
        assert!(slots.blocks.len() > 3 * particles);
    }
}
