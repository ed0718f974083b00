//! Eight neighbour slots side by side.
//!
//! What an accepted displacement renews of a copy, its position, lies side by side, and so does what a swap renews,
//! 1/σ_ij² and σ_j: copies are scattered over memory, and each cache line costs. In the plane each is one line.

use crate::lanes::{Eight, Four, Instructions};

/// Four slots, each with position and size of a neighbour.
#[derive(Debug, Clone)]
#[repr(C)]
struct Half<const D: usize> {
    position: [Four; D],
    /// 1/σ_ij².
    inverse: Four,
    /// σ_j.
    diameter: Four,
}

impl<const D: usize> Half<D> {
    const EMPTY: Half<D> = {
        let Slot { inverse, diameter, .. } = Slot::<D>::EMPTY;
        Half { position: [Four([FAR; 4]); D], inverse: Four([inverse; 4]), diameter: Four([diameter; 4]) }
    };
}

/// Eight slots.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct SlotBlock<const D: usize> {
    halves: [Half<D>; 2],
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot<const D: usize> {
    pub(super) position: [f64; D],
    /// 1/σ_ij².
    pub(super) inverse: f64,
    /// σ_j.
    pub(super) diameter: f64,
}

/// Coordinates of an empty slot: beyond every cutoff.
const FAR: f64 = 1e9;

impl<const D: usize> Slot<D> {
    pub(super) const EMPTY: Slot<D> = Slot { position: [FAR; D], inverse: 1.0, diameter: 1.0 };
}

/// Places of numbers, counted from the beginning of the first block: that of a slot is [`SlotBlock::STRIDE`] times its block
/// and [`SlotBlock::offset`]; these are from there on.
impl<const D: usize> SlotBlock<D> {
    /// Numbers in a block.
    pub(super) const STRIDE: usize = 2 * Self::HALF;

    /// Numbers in one of its halves.
    const HALF: usize = 4 * (D + 2);

    pub(super) const INVERSE: usize = 4 * D;
    pub(super) const DIAMETER: usize = 4 * (D + 1);

    /// From the place of a slot to its coordinate along `axis`.
    #[inline(always)]
    pub(super) fn coordinate(axis: usize) -> usize {
        4 * axis
    }

    /// Where the numbers of `lane` begin in its block.
    #[inline(always)]
    pub(super) fn offset(lane: usize) -> usize {
        lane / 4 * Self::HALF + lane % 4
    }

    /// The lane whose numbers begin at `offset`.
    #[inline(always)]
    pub(super) fn lane_at(offset: usize) -> usize {
        offset / Self::HALF * 4 + offset % Self::HALF
    }
}

impl<const D: usize> SlotBlock<D> {
    /// No neighbours.
    pub(super) const EMPTY: SlotBlock<D> = SlotBlock { halves: [Half::EMPTY; 2] };

    /// Coordinates along `axis`.
    #[inline(always)]
    pub(super) fn coordinates<I: Instructions>(&self, instructions: I, axis: usize) -> I::Vector {
        instructions.join(&self.halves[0].position[axis], &self.halves[1].position[axis])
    }

    /// 1/σ_ij².
    #[inline(always)]
    pub(super) fn inverses<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.halves[0].inverse, &self.halves[1].inverse)
    }

    /// σ_j.
    #[inline(always)]
    pub(super) fn diameters<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.halves[0].diameter, &self.halves[1].diameter)
    }

    /// 1/σ_ij² of one slot.
    #[inline(always)]
    pub(super) fn inverse(&self, lane: usize) -> f64 {
        self.halves[lane / 4].inverse.0[lane % 4]
    }

    /// Gives all slots new 1/σ_ij². What empty ones hold means nothing.
    #[inline(always)]
    pub(super) fn set_inverses(&mut self, inverses: &Eight) {
        self.halves[0].inverse.0.copy_from_slice(&inverses.0[..4]);
        self.halves[1].inverse.0.copy_from_slice(&inverses.0[4..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Lanes, Portable};

    fn is_its_numbers_where_the_offsets_say<const D: usize>() {
        assert_eq!(size_of::<SlotBlock<D>>(), SlotBlock::<D>::STRIDE * size_of::<f64>());
        let mut block = SlotBlock::<D>::EMPTY;
        let start = std::ptr::from_mut(&mut block).cast::<f64>();
        // SAFETY: a block is its numbers and nothing else.
        let numbers = unsafe { std::slice::from_raw_parts_mut(start, SlotBlock::<D>::STRIDE) };
        for lane in 0..8 {
            let place = SlotBlock::<D>::offset(lane);
            for axis in 0..D {
                numbers[place + SlotBlock::<D>::coordinate(axis)] = (100 * axis + lane) as f64;
            }
            numbers[place + SlotBlock::<D>::DIAMETER] = (300 + lane) as f64;
            numbers[place + SlotBlock::<D>::INVERSE] = (400 + lane) as f64;
            assert_eq!(SlotBlock::<D>::lane_at(place), lane);
        }
        let stored = |vector: <Portable as Instructions>::Vector| {
            let mut lanes = Eight([0.0; 8]);
            vector.store(&mut lanes);
            lanes.0
        };
        let expected = |first: usize| std::array::from_fn(|lane| (first + lane) as f64);
        for axis in 0..D {
            assert_eq!(stored(block.coordinates(Portable, axis)), expected(100 * axis));
        }
        assert_eq!(stored(block.diameters(Portable)), expected(300));
        assert_eq!(stored(block.inverses(Portable)), expected(400));
        assert_eq!(std::array::from_fn(|lane| block.inverse(lane)), expected(400));
        block.set_inverses(&Eight(expected(500)));
        assert_eq!(stored(block.inverses(Portable)), expected(500));
        assert_eq!(stored(block.diameters(Portable)), expected(300));
    }

    #[test]
    fn a_block_is_its_numbers_where_the_offsets_say() {
        is_its_numbers_where_the_offsets_say::<2>();
        is_its_numbers_where_the_offsets_say::<3>();
    }
}
