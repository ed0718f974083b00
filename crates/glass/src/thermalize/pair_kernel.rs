//! The pair energy of one particle with eight neighbours.

use super::core::CORE;
use super::slot_block::Block;
use crate::lanes::{Instructions, Lanes};
use crate::potential::{CUTOFF, NON_ADDITIVITY, Potential};

/// Constants of the pair energy in registers.
#[derive(Clone, Copy)]
pub(super) struct PairKernel<I: Instructions> {
    pub(super) instructions: I,
    coefficients: [I::Vector; 5],
    cutoff_squared: I::Vector,
    core: I::Vector,
    one: I::Vector,
}

impl<I: Instructions> PairKernel<I> {
    #[inline(always)]
    pub(super) fn new(instructions: I, potential: &Potential) -> Self {
        PairKernel {
            instructions,
            coefficients: potential.coefficients().map(|c| instructions.splat(c)),
            cutoff_squared: instructions.splat(CUTOFF * CUTOFF),
            core: instructions.splat(CORE),
            one: instructions.splat(1.0),
        }
    }

    /// φ between a particle at `position` and the neighbours of `block`, whose 1/σ_ij² are
    /// `inverse`; zero in empty slots. The same operations as [`Potential::value`].
    #[inline(always)]
    pub(super) fn energies(&self, block: &Block, inverse: I::Vector, position: [f64; 2]) -> I::Vector {
        let dx = block.x(self.instructions) - self.instructions.splat(position[0]);
        let dy = block.y(self.instructions) - self.instructions.splat(position[1]);
        let x_squared = (dx * dx + dy * dy) * inverse;
        let outside_core = x_squared.maximum(self.core);
        let reciprocal = self.one / outside_core;
        let cubed = reciprocal * reciprocal * reciprocal;
        let c = &self.coefficients;
        // By Estrin's scheme: it is done before the division is.
        let squared = outside_core * outside_core;
        let smoothing = (c[0] + outside_core * c[1]) + squared * ((c[2] + outside_core * c[3]) + squared * c[4]);
        (cubed * cubed + smoothing).where_below(x_squared, self.cutoff_squared)
    }

    /// 1/σ_ij² of a particle of `diameter` with the neighbours of `block`.
    #[inline(always)]
    pub(super) fn inverses(&self, block: &Block, diameter: f64) -> I::Vector {
        let mixed =
            mixed_diameters(self.instructions, self.instructions.splat(diameter), block.diameters(self.instructions));
        self.one / (mixed * mixed)
    }
}

/// σ_ij in each lane, the same operations as [`crate::potential::pair_diameter`].
#[inline(always)]
pub(super) fn mixed_diameters<I: Instructions>(instructions: I, first: I::Vector, second: I::Vector) -> I::Vector {
    let non_additive = instructions.splat(1.0) - instructions.splat(NON_ADDITIVITY) * (first - second).absolute();
    instructions.splat(0.5) * (first + second) * non_additive
}
