//! Trials looked at ahead, eight at a time.
//!
//! Whether a trial is accepted is hard to predict, and a processor that predicts it wrongly starts
//! anew behind it. So the energies that most decisions need, those with the first eight neighbours,
//! are computed for eight trials together, before the first of them is decided. Then they are decided
//! one by one, in their order. A trial whose particle an accepted one before it has touched is made
//! from the beginning; so every decision is the one that trials one at a time would have made, to the
//! last bit.

use super::displacement::Displacing;
use super::draws::{Draws, EIGHT, Run};
use super::pair_kernel::PairKernel;
use super::swap::Swapping;
use super::system::System;
use crate::lanes::{Eight, Instructions, Lanes};

/// Which of the trials looked at ahead an accepted one has touched.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// For each particle a bit for every trial that has looked at it.
    looked_at_by: Vec<u8>,
    /// Trials that have looked at a particle changed since.
    outdated: u8,
}

impl Watch {
    pub(super) fn new(particles: usize) -> Self {
        Watch { looked_at_by: vec![0; particles], outdated: 0 }
    }

    /// Trial `k` has looked at `particle` and its neighbours.
    #[inline(always)]
    fn look(&mut self, particle: usize, k: usize) {
        self.looked_at_by[particle] |= 1 << k;
    }

    /// `particle` or one of its neighbours has changed.
    #[inline(always)]
    pub(super) fn touch(&mut self, particle: usize) {
        self.outdated |= self.looked_at_by[particle];
    }

    #[inline(always)]
    fn is_outdated(&self, k: usize) -> bool {
        self.outdated >> k & 1 == 1
    }

    /// The trials after `k` that are outdated.
    #[inline(always)]
    fn outdated_after(&self, k: usize) -> u8 {
        self.outdated & !(2u8 << k).wrapping_sub(1)
    }

    #[inline(always)]
    fn forget(&mut self, particle: usize) {
        self.looked_at_by[particle] = 0;
    }
}

impl System {
    /// Makes the displacements of `run`; how many were accepted.
    #[inline(always)]
    pub(super) fn displacements<I: Instructions>(&mut self, kernel: &PairKernel<I>, draws: &Draws, run: &Run) -> u64 {
        let mut begun = [Displacing::default(); EIGHT];
        let mut energies = [kernel.instructions.splat(0.0); EIGHT];
        let mut limits = Eight([0.0; EIGHT]);
        for k in 0..run.count {
            begun[k] = self.begin_displacement(&draws.displacement(run, k));
            limits.0[k] = begun[k].limit;
            energies[k] = self.first_energies(kernel, &begun[k]);
            self.watch.look(begun[k].particle, k);
        }
        let sums = I::Vector::sums(energies);
        let mut undecided = !kernel.instructions.load(&limits).below(sums) & first(run.count);
        let mut known = Eight([0.0; EIGHT]);
        sums.store(&mut known);
        self.watch.outdated = 0;
        let mut accepted = 0;
        while undecided != 0 {
            let k = undecided.trailing_zeros() as usize;
            undecided &= undecided - 1;
            if self.watch.is_outdated(k) {
                begun[k] = self.begin_displacement(&draws.displacement(run, k));
                energies[k] = self.first_energies(kernel, &begun[k]);
                known.0[k] = energies[k].sum();
                if known.0[k] > begun[k].limit {
                    continue;
                }
            }
            energies[k].store(&mut self.trial_energies[0]);
            if self.end_displacement(kernel, &begun[k], known.0[k]) {
                accepted += 1;
                undecided |= self.watch.outdated_after(k);
            }
        }
        for trial in &begun[..run.count] {
            self.watch.forget(trial.particle);
        }
        accepted
    }

    /// Makes the swaps of `run`; how many were accepted.
    #[inline(always)]
    pub(super) fn swaps<I: Instructions>(&mut self, kernel: &PairKernel<I>, draws: &Draws, run: &Run) -> u64 {
        let mut begun = [Swapping::default(); EIGHT];
        let mut energies = [kernel.instructions.splat(0.0); EIGHT];
        let mut limits = Eight([0.0; EIGHT]);
        for k in 0..run.count {
            begun[k] = self.begin_swap(&draws.swap(run, k));
            limits.0[k] = begun[k].limit;
            energies[k] = self.first_energies_grown(kernel, &begun[k]);
            self.watch.look(begun[k].growing, k);
            self.watch.look(begun[k].shrinking, k);
        }
        let sums = I::Vector::sums(energies);
        let mut undecided = !kernel.instructions.load(&limits).below(sums) & first(run.count);
        let mut known = Eight([0.0; EIGHT]);
        sums.store(&mut known);
        self.watch.outdated = 0;
        let mut accepted = 0;
        while undecided != 0 {
            let k = undecided.trailing_zeros() as usize;
            undecided &= undecided - 1;
            if self.watch.is_outdated(k) {
                begun[k] = self.begin_swap(&draws.swap(run, k));
                known.0[k] = self.first_energies_grown(kernel, &begun[k]).sum();
                if known.0[k] > begun[k].limit {
                    continue;
                }
            }
            if self.end_swap(kernel, &begun[k], known.0[k]) {
                accepted += 1;
                undecided |= self.watch.outdated_after(k);
            }
        }
        for k in 0..run.count {
            let swap = draws.swap(run, k);
            self.watch.forget(swap.first);
            self.watch.forget(swap.second);
        }
        accepted
    }
}

/// A bit for each of the first `trials` trials.
#[inline(always)]
fn first(trials: usize) -> u8 {
    (0xff_u32 >> (EIGHT - trials)) as u8
}
