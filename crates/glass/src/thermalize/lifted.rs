//! The lifted swap: a walker tries to exchange the diameter of its active particle with one a few ranks above.

use super::ahead::Begun;
use super::draws::{Draws, Run};
use super::pair_kernel::PairKernel;
use super::swap::Swapping;
use super::system::System;
use crate::interaction::Shape;
use crate::lanes::Instructions;

/// A trial climb that has begun.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Climbing {
    swap: Swapping,
    /// The active particle and its partner.
    pair: [usize; 2],
}

/// The walker whose turn trial `k` of `run` is.
#[inline(always)]
fn walker(run: &Run, k: usize) -> usize {
    run.first + k
}

/// The active particle and the partner of trial `k` of `run`, and its allowance.
#[inline(always)]
fn pair<const D: usize>(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize) -> ([usize; 2], f64) {
    let (step, allowance) = draws.climb(run, k, system.ladder.steps().unwrap_or(1));
    (system.ladder.pair(walker(run, k), step), allowance)
}

impl<const D: usize> Begun<D> for Climbing {
    #[inline(always)]
    fn prefetch<I: Instructions>(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize, instructions: I) {
        for particle in pair(system, draws, run, k).0 {
            system.prefetch_particle(instructions, particle);
        }
    }

    #[inline(always)]
    fn begin(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize) -> Self {
        let (pair, allowance) = pair(system, draws, run, k);
        Climbing { swap: Swapping::of(system, pair, allowance), pair }
    }

    #[inline(always)]
    fn particles(&self) -> impl IntoIterator<Item = usize> {
        self.pair
    }

    #[inline(always)]
    fn limit(&self) -> f64 {
        Begun::<D>::limit(&self.swap)
    }

    #[inline(always)]
    fn first_energies<I: Instructions, S: Shape>(&self, system: &System<D>, kernel: &PairKernel<I, S>) -> I::Vector {
        self.swap.first_energies(system, kernel)
    }

    #[inline(always)]
    fn rejected(&self, system: &mut System<D>, run: &Run, k: usize) {
        system.ladder.activate(walker(run, k), self.pair[1]);
    }

    #[inline(always)]
    fn end<I: Instructions, S: Shape>(
        self,
        system: &mut System<D>,
        kernel: &PairKernel<I, S>,
        energies: I::Vector,
        energy: f64,
    ) -> bool {
        let accepted = self.swap.end(system, kernel, energies, energy);
        if accepted {
            system.ladder.exchange(self.pair[0], self.pair[1]);
        }
        accepted
    }
}
