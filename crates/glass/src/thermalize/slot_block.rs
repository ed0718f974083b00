//! Eight neighbour slots side by side.
//!
//! What an accepted displacement renews of a copy, x and y, lies in one cache line, and what a swap renews,
//! 1/σ_ij² and σ_j, in another: copies are scattered over memory, and each line costs.

use crate::lanes::{Eight, Four, Instructions};

/// Eight slots, each with position and size of a neighbour.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct Block {
    /// x and y of the first four, then of the others.
    positions: [[Four; 2]; 2],
    /// 1/σ_ij² and σ_j of the first four, then of the others.
    sizes: [[Four; 2]; 2],
}

/// Numbers in a block.
pub(super) const STRIDE: usize = 32;

/// From the place of a slot, [`STRIDE`] times its block and [`offset`], to each of its numbers.
pub(super) const X: usize = 0;
pub(super) const Y: usize = 4;
pub(super) const INVERSE: usize = 16;
pub(super) const DIAMETER: usize = 20;

/// Where the numbers of `lane` begin in its block.
#[inline(always)]
pub(super) fn offset(lane: usize) -> usize {
    lane / 4 * 8 + lane % 4
}

/// The lane whose numbers begin at `offset`.
#[inline(always)]
pub(super) fn lane_at(offset: usize) -> usize {
    offset / 8 * 4 + offset % 8
}

/// Coordinates of an empty slot: beyond every cutoff.
const FAR: f64 = 1e9;

/// x, y, 1/σ_ij² and σ_j of an empty slot.
pub(super) const EMPTY: [f64; 4] = [FAR, FAR, 1.0, 1.0];

impl Block {
    /// No neighbours.
    pub(super) const EMPTY: Block = Block {
        positions: [[Four([EMPTY[0]; 4]), Four([EMPTY[1]; 4])]; 2],
        sizes: [[Four([EMPTY[2]; 4]), Four([EMPTY[3]; 4])]; 2],
    };

    #[inline(always)]
    pub(super) fn x<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.positions[0][0], &self.positions[1][0])
    }

    #[inline(always)]
    pub(super) fn y<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.positions[0][1], &self.positions[1][1])
    }

    /// 1/σ_ij².
    #[inline(always)]
    pub(super) fn inverses<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.sizes[0][0], &self.sizes[1][0])
    }

    /// σ_j.
    #[inline(always)]
    pub(super) fn diameters<I: Instructions>(&self, instructions: I) -> I::Vector {
        instructions.join(&self.sizes[0][1], &self.sizes[1][1])
    }

    /// 1/σ_ij² of one slot.
    #[inline(always)]
    pub(super) fn inverse(&self, lane: usize) -> f64 {
        self.sizes[lane / 4][0].0[lane % 4]
    }

    /// Gives all slots new 1/σ_ij². What empty ones hold means nothing.
    #[inline(always)]
    pub(super) fn set_inverses(&mut self, inverses: &Eight) {
        self.sizes[0][0].0.copy_from_slice(&inverses.0[..4]);
        self.sizes[1][0].0.copy_from_slice(&inverses.0[4..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Lanes, Portable};

    #[test]
    fn a_block_is_its_numbers_where_the_offsets_say() {
        assert_eq!(size_of::<Block>(), STRIDE * size_of::<f64>());
        let mut block = Block::EMPTY;
        // SAFETY: a block is its numbers and nothing else.
        let numbers = unsafe { &mut *std::ptr::from_mut(&mut block).cast::<[f64; STRIDE]>() };
        for lane in 0..8 {
            for (kind, number) in [X, Y, INVERSE, DIAMETER].into_iter().zip([0.0, 100.0, 200.0, 300.0]) {
                numbers[offset(lane) + kind] = number + lane as f64;
            }
        }
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|lane| lane_at(offset(lane))), [0, 1, 2, 3, 4, 5, 6, 7]);
        let stored = |vector: <Portable as Instructions>::Vector| {
            let mut lanes = Eight([0.0; 8]);
            vector.store(&mut lanes);
            lanes.0
        };
        let expected = |first: f64| std::array::from_fn(|lane| first + lane as f64);
        assert_eq!(stored(block.x(Portable)), expected(0.0));
        assert_eq!(stored(block.y(Portable)), expected(100.0));
        assert_eq!(stored(block.diameters(Portable)), expected(300.0));
        assert_eq!(stored(block.inverses(Portable)), expected(200.0));
        assert_eq!(std::array::from_fn(|lane| block.inverse(lane)), expected(200.0));
        block.set_inverses(&Eight(expected(400.0)));
        assert_eq!(stored(block.inverses(Portable)), expected(400.0));
        assert_eq!(stored(block.diameters(Portable)), expected(300.0));
    }
}
