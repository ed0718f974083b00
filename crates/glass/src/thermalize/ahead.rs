//! Trials looked at ahead, eight at a time.
//!
//! Whether a trial is accepted is hard to predict, and a processor that predicts it wrongly starts
//! anew behind it. So the energies that most decisions need, those with the first eight neighbours,
//! are computed for eight trials together, before the first of them is decided. Then they are decided
//! one by one, in their order. A trial whose particle an accepted one before it has touched is made
//! from the beginning (a lifted swap perhaps with another partner); so every decision is the one that trials one at a time would have made, to the
//! last bit.

use super::draws::{Draws, EIGHT, Run};
use super::pair_kernel::PairKernel;
use super::system::System;
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Lanes};

/// A trial that has begun: what decides it, but for the energies.
pub(super) trait Begun<const D: usize>: Copy + Default {
    /// Trial `k` of `run` as the system is now.
    fn begin(system: &System<D>, draws: &Draws<D>, run: &Run, k: usize) -> Self;

    /// The particles it changes if it is accepted.
    fn particles(&self) -> impl IntoIterator<Item = usize>;

    /// It is rejected if its energy exceeds this.
    fn limit(&self) -> f64;

    /// Asks for what trial `k` of `run` will look at, unless that has been asked for with its batch.
    #[inline(always)]
    fn prefetch<I: Instructions>(_: &System<D>, _: &Draws<D>, _: &Run, _: usize, _: I) {}

    /// The first terms of its energy: the neighbours of one block.
    fn first_energies<I: Instructions, S: Shape>(&self, system: &System<D>, kernel: &PairKernel<I, S>) -> I::Vector;

    /// What follows from its being rejected.
    #[inline(always)]
    fn rejected(&self, _: &mut System<D>, _: &Run, _: usize) {}

    /// Decides it, `energy` being the sum of its first `energies`, which do not exceed the limit, and makes
    /// it if it is accepted; whether it was.
    fn end<I: Instructions, S: Shape>(
        self,
        system: &mut System<D>,
        kernel: &PairKernel<I, S>,
        energies: I::Vector,
        energy: f64,
    ) -> bool;
}

impl<const D: usize> System<D> {
    /// Asks for what trials of `count` particles from `first` on will look at: of a large system it is in no
    /// cache when their batch comes.
    #[inline(always)]
    pub(super) fn prefetch<I: Instructions>(&self, instructions: I, first: usize, count: usize) {
        for particle in first..(first + count).min(self.particles.len()) {
            self.prefetch_particle(instructions, particle);
        }
    }

    /// Asks for a particle, its neighbours, and the reference they were searched around.
    #[inline(always)]
    pub(super) fn prefetch_particle<I: Instructions>(&self, instructions: I, particle: usize) {
        instructions.prefetch(&self.particles[particle]);
        instructions.prefetch(self.slots.block(particle, 0));
        instructions.prefetch(self.slots.links(particle, 0));
        instructions.prefetch(self.cells.reference(particle));
    }

    /// Makes the trials of `run`; how many were accepted.
    #[inline(always)]
    pub(super) fn make<T: Begun<D>, I: Instructions, S: Shape>(
        &mut self,
        kernel: &PairKernel<I, S>,
        draws: &Draws<D>,
        run: &Run,
    ) -> u64 {
        let mut begun = [T::default(); EIGHT];
        let mut energies = [kernel.instructions.splat(0.0); EIGHT];
        let mut limits = Eight([0.0; EIGHT]);
        for k in 0..run.count {
            T::prefetch(self, draws, run, k, kernel.instructions);
        }
        for k in 0..run.count {
            begun[k] = T::begin(self, draws, run, k);
            limits.0[k] = begun[k].limit();
            energies[k] = begun[k].first_energies(self, kernel);
            for particle in begun[k].particles() {
                self.watch.look(particle, k);
            }
        }
        let sums = I::Vector::sums(energies);
        let mut undecided = !kernel.instructions.load(&limits).below(sums) & first(run.count);
        let mut known = Eight([0.0; EIGHT]);
        sums.store(&mut known);
        self.watch.begin();
        let mut accepted = 0u8;
        while undecided != 0 {
            let k = undecided.trailing_zeros() as usize;
            undecided &= undecided - 1;
            if self.watch.is_outdated(k) {
                for particle in begun[k].particles() {
                    self.watch.look_away(particle, k);
                }
                begun[k] = T::begin(self, draws, run, k);
                for particle in begun[k].particles() {
                    self.watch.look(particle, k);
                }
                energies[k] = begun[k].first_energies(self, kernel);
                known.0[k] = energies[k].sum();
                if known.0[k] > begun[k].limit() {
                    continue;
                }
            }
            if begun[k].end(self, kernel, energies[k], known.0[k]) {
                accepted |= 1 << k;
                undecided |= self.watch.outdated_after(k);
            }
        }
        for trial in &begun[..run.count] {
            for particle in trial.particles() {
                self.watch.forget(particle);
            }
        }
        for (k, trial) in begun[..run.count].iter().enumerate().filter(|(k, _)| accepted >> k & 1 == 0) {
            trial.rejected(self, run, k);
        }
        u64::from(accepted.count_ones())
    }
}

/// A bit for each of the first `trials` trials.
#[inline(always)]
fn first(trials: usize) -> u8 {
    (0xff_u32 >> (EIGHT - trials)) as u8
}
