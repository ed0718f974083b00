//! The random numbers of a batch of trials, drawn before the trials are made.
//!
//! Two words of the streams serve one trial, whatever becomes of it: so the numbers do not depend on
//! what is accepted, and any sampler that takes its trials from here makes the same ones.
//!
//! Trials come in eights: eight displacements or eight swaps, of particles far apart in the batch and
//! so, numbered along a space-filling curve as they are, mostly far apart in space. What one of them
//! changes then hardly ever matters to the others, which [`super::ahead`] makes use of. Only in an eight
//! that the batch does not fill each trial is of its own kind: two particles alone would otherwise
//! exchange their diameters twice or not at all.

use super::logarithm::logarithm;
use super::moves::Moves;
use crate::lanes::Instructions;
use crate::random::EightStreams;

/// Most trials in one batch.
pub(super) const BATCH: usize = 256;

/// Trials in an eight.
pub(super) const EIGHT: usize = 8;

/// Most eights in one batch.
const EIGHTS: usize = BATCH / EIGHT;

/// Bits of the second word that decide between displacements and swaps; the other 40 make u.
const KIND_BITS: u32 = 24;

/// Bits of the first word that make each component of a displacement: half of them, or in three dimensions 21.
const fn bits_an_axis(dimension: usize) -> u32 {
    if dimension == 3 { 21 } else { 32 }
}

/// The bits of an axis, with the sign of the first of them.
#[inline(always)]
fn signed_bits<const D: usize>(word: u64, axis: usize) -> i32 {
    let (bits, axis) = (bits_an_axis(D), axis as u32);
    if D == 3 {
        ((word << (bits * axis)) as i64 >> (64 - bits)) as i32
    } else {
        (word >> (bits * (1 - axis))) as u32 as i32
    }
}

/// What trials are drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawSettings {
    pub(super) particles: usize,
    pub(super) temperature: f64,
    pub(super) max_displacement: f64,
    /// Trials are swaps if the [`KIND_BITS`] of the first of them are below this.
    swaps_below: u64,
}

impl DrawSettings {
    /// A swap fraction is honoured to 2⁻²⁵; 0 and 1 exactly.
    pub(super) fn new(particles: usize, temperature: f64, moves: Moves) -> Self {
        let swaps_below = (moves.swap_fraction * f64::from(1 << KIND_BITS)).round() as u64;
        DrawSettings { particles, temperature, max_displacement: moves.max_displacement, swaps_below }
    }
}

/// A trial displacement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Displacement<const D: usize = 2> {
    pub(super) particle: usize,
    /// Uniform in the square (−a, a)², or the cube (−a, a)³, a the largest displacement; symmetric to the last bit.
    pub(super) by: [f64; D],
    /// −T ln u: accepted if the energy rises by no more.
    pub(super) allowance: f64,
}

/// A trial exchange of two diameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Swap {
    pub(super) first: usize,
    /// Uniform among all others.
    pub(super) second: usize,
    /// −T ln u: accepted if the energy rises by no more.
    pub(super) allowance: f64,
}

/// What trials do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Displacements,
    Swaps,
}

/// Trials of one kind: `count` of `eight` from `first` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) kind: Kind,
    pub(super) eight: usize,
    pub(super) first: usize,
    pub(super) count: usize,
}

/// A batch of trials of consecutive particles, one each.
#[derive(Debug, Clone)]
pub(super) struct Draws<const D: usize = 2> {
    by: [[[f64; EIGHT]; EIGHTS]; D],
    allowance: [[f64; EIGHT]; EIGHTS],
    first_word: [[u64; EIGHT]; EIGHTS],
    second_word: [[u64; EIGHT]; EIGHTS],
    begin: usize,
    count: usize,
    eights: usize,
    /// Particles a swap can be tried with.
    others: u64,
    swaps_below: u64,
}

impl<const D: usize> Draws<D> {
    pub(super) fn new() -> Self {
        Draws {
            by: [[[0.0; EIGHT]; EIGHTS]; D],
            allowance: [[0.0; EIGHT]; EIGHTS],
            first_word: [[0; EIGHT]; EIGHTS],
            second_word: [[0; EIGHT]; EIGHTS],
            begin: 0,
            count: 0,
            eights: 0,
            others: 0,
            swaps_below: 0,
        }
    }

    /// Draws the trials of the particles `begin`, `begin + 1`, …, `begin + count − 1`, or of the
    /// first [`BATCH`] of them.
    ///
    /// Inlined into the kernels, so that the loops are vectorized for the instructions there are; what
    /// they compute does not depend on it.
    #[inline(always)]
    pub(super) fn draw<I: Instructions>(
        &mut self,
        instructions: I,
        settings: &DrawSettings,
        streams: &mut EightStreams,
        begin: usize,
        count: usize,
    ) {
        self.begin = begin;
        self.count = count.min(BATCH);
        self.eights = self.count.div_ceil(EIGHT);
        self.others = settings.particles as u64 - 1;
        self.swaps_below = settings.swaps_below;
        streams.fill(instructions, &mut self.first_word[..self.eights]);
        streams.fill(instructions, &mut self.second_word[..self.eights]);
        self.convert(settings);
    }

    #[inline(always)]
    fn convert(&mut self, settings: &DrawSettings) {
        let scale = settings.max_displacement / f64::from(1u32 << (bits_an_axis(D) - 1));
        for eight in 0..self.eights {
            for k in 0..EIGHT {
                let word = self.first_word[eight][k];
                for axis in 0..D {
                    self.by[axis][eight][k] = (f64::from(signed_bits::<D>(word, axis)) + 0.5) * scale;
                }
            }
        }
        for eight in 0..self.eights {
            for k in 0..EIGHT {
                // u = (bits + ½) 2⁻⁴⁰, never 0 or 1.
                let bits = self.second_word[eight][k] >> KIND_BITS;
                let u = f64::from_bits(0x3ff0_0000_0000_0000 | (bits << 12) | (1 << 11)) - 1.0;
                self.allowance[eight][k] = -settings.temperature * logarithm(u);
            }
        }
    }

    /// Number of eights in the batch.
    #[inline(always)]
    pub(super) fn eights(&self) -> usize {
        self.eights
    }

    /// Number of trials in `eight`: 8, or 7 and less where the batch does not fill all.
    #[inline(always)]
    fn trials(&self, eight: usize) -> usize {
        (self.count - eight).div_ceil(self.eights)
    }

    /// The trials of `eight` from `first` on that are of one kind; `None` after the last.
    #[inline(always)]
    pub(super) fn run(&self, eight: usize, first: usize) -> Option<Run> {
        let trials = self.trials(eight);
        if first >= trials {
            return None;
        }
        let bits = self.second_word[eight][first] & ((1 << KIND_BITS) - 1);
        let kind = if bits < self.swaps_below { Kind::Swaps } else { Kind::Displacements };
        Some(Run { kind, eight, first, count: if trials == EIGHT { EIGHT } else { 1 } })
    }

    /// The particle of trial `k` of `eight`: the eights interleave.
    #[inline(always)]
    fn particle(&self, eight: usize, k: usize) -> usize {
        self.begin + k * self.eights + eight
    }

    /// Trial `k` of a run of displacements.
    #[inline(always)]
    pub(super) fn displacement(&self, run: &Run, k: usize) -> Displacement<D> {
        let (eight, k) = (run.eight, run.first + k);
        Displacement {
            particle: self.particle(eight, k),
            by: std::array::from_fn(|axis| self.by[axis][eight][k]),
            allowance: self.allowance[eight][k],
        }
    }

    /// The step of trial `k` of a run of lifted swaps, uniform in 1 … `steps`, and its allowance.
    #[inline(always)]
    pub(super) fn climb(&self, run: &Run, k: usize, steps: u64) -> (usize, f64) {
        let (eight, k) = (run.eight, run.first + k);
        let step = 1 + ((u128::from(self.first_word[eight][k]) * u128::from(steps)) >> 64) as usize;
        (step, self.allowance[eight][k])
    }

    /// Trial `k` of a run of swaps.
    #[inline(always)]
    pub(super) fn swap(&self, run: &Run, k: usize) -> Swap {
        let (eight, k) = (run.eight, run.first + k);
        let first = self.particle(eight, k);
        let other = ((u128::from(self.first_word[eight][k]) * u128::from(self.others)) >> 64) as usize;
        Swap { first, second: other + usize::from(other >= first), allowance: self.allowance[eight][k] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Portable;
    use crate::random::{Seed, Stage};
    use crate::thermalize::moves::SwapProposal;

    fn settings(temperature: f64, swap_fraction: f64) -> DrawSettings {
        DrawSettings::new(
            1000,
            temperature,
            Moves { swap_fraction, max_displacement: 0.12, swap: SwapProposal::Uniform },
        )
    }

    fn all<const D: usize>(settings: &DrawSettings, batches: usize) -> (Vec<Displacement<D>>, Vec<Swap>) {
        let mut streams = Seed::of_realization(4, 4).eight_streams(Stage::Thermalize);
        let mut draws = Draws::new();
        let (mut displacements, mut swaps) = (Vec::new(), Vec::new());
        for _ in 0..batches {
            draws.draw(Portable, settings, &mut streams, 100, BATCH);
            for eight in 0..draws.eights() {
                let run = draws.run(eight, 0).expect("eight trials");
                assert_eq!(run.count, EIGHT);
                match run.kind {
                    Kind::Displacements => displacements.extend((0..EIGHT).map(|k| draws.displacement(&run, k))),
                    Kind::Swaps => swaps.extend((0..EIGHT).map(|k| draws.swap(&run, k))),
                }
                assert!(draws.run(eight, EIGHT).is_none());
            }
        }
        (displacements, swaps)
    }

    #[test]
    fn every_particle_has_one_trial_of_the_asked_kinds() {
        let (displacements, swaps) = all::<2>(&settings(0.1, 0.2), 400);
        let total = displacements.len() + swaps.len();
        assert_eq!(total, 400 * BATCH);
        // 12 800 eights: the standard error of the fraction is 3.5e-3; four sigma.
        assert!((swaps.len() as f64 / total as f64 - 0.2).abs() < 1.4e-2);
        let mut tried: Vec<usize> =
            displacements.iter().map(|d| d.particle).chain(swaps.iter().map(|s| s.first)).collect();
        tried.sort_unstable();
        assert!(tried.chunks(400).enumerate().all(|(k, chunk)| chunk.iter().all(|&i| i == 100 + k)));
        assert!(all::<2>(&settings(0.1, 0.0), 4).1.is_empty());
        assert!(all::<3>(&settings(0.1, 1.0), 4).0.is_empty());
    }

    #[test]
    fn batches_of_any_length_try_each_particle_once() {
        let mut streams = Seed::of_realization(4, 5).eight_streams(Stage::Thermalize);
        let mut draws = Draws::<2>::new();
        for count in 1..=BATCH {
            draws.draw(Portable, &settings(0.1, 0.0), &mut streams, 7, count);
            let mut tried = Vec::new();
            for eight in 0..draws.eights() {
                let mut made = 0;
                while let Some(run) = draws.run(eight, made) {
                    tried.extend((0..run.count).map(|k| draws.displacement(&run, k).particle));
                    made += run.count;
                }
            }
            tried.sort_unstable();
            assert!(tried.iter().copied().eq(7..7 + count), "{count}");
        }
    }

    #[test]
    fn displacements_partners_and_allowances_have_the_right_distributions() {
        have_the_right_distributions::<2>();
        have_the_right_distributions::<3>();
    }

    fn have_the_right_distributions<const D: usize>() {
        let (displacements, swaps) = all::<D>(&settings(0.25, 0.5), 800);
        let n = displacements.len() as f64;
        // Uniform in ±a: variance a²/3, standard error of the mean a/√(3n) = 2.2e-4: four sigma.
        for axis in 0..D {
            let mean = displacements.iter().map(|d| d.by[axis]).sum::<f64>() / n;
            let square = displacements.iter().map(|d| d.by[axis].powi(2)).sum::<f64>() / n;
            assert!(mean.abs() < 9e-4, "{mean}");
            // Standard error of the mean square: a² √(4/45)/√n = 1.3e-5: four sigma.
            assert!((square - 0.0048).abs() < 5.4e-5, "{square}");
            assert!(displacements.iter().all(|d| d.by[axis].abs() < 0.12));
        }
        // Exponential with mean T: standard error T/√n = 7.8e-4: four sigma.
        for mean in [
            displacements.iter().map(|d| d.allowance).sum::<f64>() / n,
            swaps.iter().map(|s| s.allowance).sum::<f64>() / swaps.len() as f64,
        ] {
            assert!((mean - 0.25).abs() < 3.2e-3, "{mean}");
        }
        assert!(swaps.iter().all(|s| s.second < 1000 && s.second != s.first));
        // Partners in ten equal ranges: chi-square with 9 degrees of freedom, p = 0.001 at 27.9.
        let mut counts = [0.0; 10];
        for swap in &swaps {
            counts[swap.second / 100] += 1.0;
        }
        let expected = swaps.len() as f64 / 10.0;
        let chi_square: f64 = counts.iter().map(|c| (c - expected) * (c - expected) / expected).sum();
        assert!(chi_square < 27.9, "{chi_square}");
    }
}
