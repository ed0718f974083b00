//! The pair energy of one particle with eight neighbours.

use super::sampled::Sampled;
use super::slot_block::SlotBlock;
use crate::interaction::{Shape, ShapeOver};
use crate::lanes::{Instructions, Lanes};

/// Constants of the pair energy in registers.
pub(super) struct PairKernel<I: Instructions, S: Shape> {
    pub(super) instructions: I,
    shape: S::Over<I::Vector>,
    pub(super) cutoff: I::Vector,
    cutoff_squared: I::Vector,
    core: I::Vector,
    one: I::Vector,
    half: I::Vector,
    non_additivity: I::Vector,
}

impl<I: Instructions, S: Shape> PairKernel<I, S> {
    #[inline(always)]
    pub(super) fn new(instructions: I, shape: &S, sampled: &Sampled) -> Self {
        PairKernel {
            instructions,
            shape: shape.over(|constant| instructions.splat(constant)),
            cutoff: instructions.splat(sampled.cutoff),
            cutoff_squared: instructions.splat(sampled.cutoff * sampled.cutoff),
            core: instructions.splat(sampled.core),
            one: instructions.splat(1.0),
            half: instructions.splat(0.5),
            non_additivity: instructions.splat(sampled.non_additivity),
        }
    }

    /// φ between a particle at `position` and the neighbours of `block`, whose 1/σ_ij² are
    /// `inverse`; zero in empty slots.
    #[inline(always)]
    pub(super) fn energies<const D: usize>(
        &self,
        block: &SlotBlock<D>,
        inverse: I::Vector,
        position: [f64; D],
    ) -> I::Vector {
        let apart = |axis: usize| block.coordinates(self.instructions, axis) - self.instructions.splat(position[axis]);
        let x = apart(0);
        let mut distance_squared = x * x;
        for axis in 1..D {
            let along = apart(axis);
            distance_squared = distance_squared + along * along;
        }
        let x_squared = distance_squared * inverse;
        self.shape.value_sampled(x_squared.maximum(self.core)).where_below(x_squared, self.cutoff_squared)
    }

    /// 1/σ_ij² of a particle of `diameter` with the neighbours of `block`.
    #[inline(always)]
    pub(super) fn inverses<const D: usize>(&self, block: &SlotBlock<D>, diameter: f64) -> I::Vector {
        let mixed = self.mixed_diameters(self.instructions.splat(diameter), block.diameters(self.instructions));
        self.one / (mixed * mixed)
    }

    /// σ_ij in each lane, the same operations as [`crate::interaction::mixing::non_additive`].
    #[inline(always)]
    pub(super) fn mixed_diameters(&self, first: I::Vector, second: I::Vector) -> I::Vector {
        self.half * (first + second) * (self.one - self.non_additivity * (first - second).absolute())
    }
}
