//! The random numbers of a batch of trials, drawn before the trials are made.
//!
//! Two words of the stream serve one trial, whatever becomes of it: so the numbers do not depend on
//! what is accepted, and any sampler that takes its trials from here makes the same ones.

use super::logarithm::logarithm;
use super::moves::Moves;
use crate::random::Stream;
use rand_xoshiro::rand_core::Rng;

/// Most trials in one batch.
pub(super) const BATCH: usize = 256;

/// Bits of the second word that decide between displacement and swap; the other 40 make u.
const KIND_BITS: u32 = 24;

/// What trials are drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawSettings {
    pub(super) particles: usize,
    pub(super) temperature: f64,
    pub(super) max_displacement: f64,
    /// A trial is a swap if its [`KIND_BITS`] are below this.
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
pub(super) struct Displacement {
    pub(super) particle: usize,
    /// Uniform in the square (−a, a)², a the largest displacement; symmetric to the last bit.
    pub(super) by: [f64; 2],
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

/// A batch of trials: consecutive particles, one trial each. The displacements come first, then the
/// swaps, each in the order of the particles.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    displacements: usize,
    swaps: usize,
    displaced: [u32; BATCH],
    swapped: [u32; BATCH],
    x: [f64; BATCH],
    y: [f64; BATCH],
    allowance: [f64; BATCH],
    first_word: [u64; BATCH],
    second_word: [u64; BATCH],
    begin: usize,
    /// Particles a swap can be tried with.
    others: u64,
}

impl Draws {
    pub(super) fn new() -> Self {
        Draws {
            displacements: 0,
            swaps: 0,
            displaced: [0; BATCH],
            swapped: [0; BATCH],
            x: [0.0; BATCH],
            y: [0.0; BATCH],
            allowance: [0.0; BATCH],
            first_word: [0; BATCH],
            second_word: [0; BATCH],
            begin: 0,
            others: 0,
        }
    }

    /// Draws the trials of the particles `begin`, `begin + 1`, …, `begin + count − 1`.
    ///
    /// Inlined into the kernels, so that the loops are vectorized for the instructions there are; what
    /// they compute does not depend on it.
    #[inline(always)]
    pub(super) fn draw(&mut self, settings: &DrawSettings, stream: &mut Stream, begin: usize, count: usize) {
        let count = count.min(BATCH);
        self.begin = begin;
        for k in 0..count {
            self.first_word[k] = stream.next_u64();
            self.second_word[k] = stream.next_u64();
        }
        self.convert(settings);
        (self.displacements, self.swaps) = (0, 0);
        self.others = settings.particles as u64 - 1;
        for k in 0..count {
            let kind = self.second_word[k] & ((1 << KIND_BITS) - 1);
            let swap = kind < settings.swaps_below;
            // Both lists are written and one is lengthened: no branch that could be mispredicted.
            self.displaced[self.displacements] = k as u32;
            self.swapped[self.swaps] = k as u32;
            self.displacements += usize::from(!swap);
            self.swaps += usize::from(swap);
        }
    }

    #[inline(always)]
    fn convert(&mut self, settings: &DrawSettings) {
        let scale = settings.max_displacement / f64::from(1u32 << 31);
        for k in 0..BATCH {
            let word = self.first_word[k];
            self.x[k] = (f64::from((word >> 32) as u32 as i32) + 0.5) * scale;
            self.y[k] = (f64::from(word as u32 as i32) + 0.5) * scale;
        }
        for k in 0..BATCH {
            // u = (bits + ½) 2⁻⁴⁰, never 0 or 1.
            let bits = self.second_word[k] >> KIND_BITS;
            let u = f64::from_bits(0x3ff0_0000_0000_0000 | (bits << 12) | (1 << 11)) - 1.0;
            self.allowance[k] = -settings.temperature * logarithm(u);
        }
    }

    /// Number of displacements in the batch.
    #[inline(always)]
    pub(super) fn displacements(&self) -> usize {
        self.displacements
    }

    /// Number of swaps in the batch.
    #[inline(always)]
    pub(super) fn swaps(&self) -> usize {
        self.swaps
    }

    /// The `m`-th displacement.
    #[inline(always)]
    pub(super) fn displacement(&self, m: usize) -> Displacement {
        let k = self.displaced[m] as usize;
        Displacement { particle: self.begin + k, by: [self.x[k], self.y[k]], allowance: self.allowance[k] }
    }

    /// The `m`-th swap.
    #[inline(always)]
    pub(super) fn swap(&self, m: usize) -> Swap {
        let k = self.swapped[m] as usize;
        let first = self.begin + k;
        let other = ((u128::from(self.first_word[k]) * u128::from(self.others)) >> 64) as usize;
        Swap { first, second: other + usize::from(other >= first), allowance: self.allowance[k] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stage};

    fn settings(temperature: f64, swap_fraction: f64) -> DrawSettings {
        DrawSettings::new(1000, temperature, Moves { swap_fraction, max_displacement: 0.12 })
    }

    fn all(settings: &DrawSettings, batches: usize) -> (Vec<Displacement>, Vec<Swap>) {
        let mut stream = Seed::of_realization(4, 4).stream(Stage::Thermalize);
        let mut draws = Draws::new();
        let (mut displacements, mut swaps) = (Vec::new(), Vec::new());
        for _ in 0..batches {
            draws.draw(settings, &mut stream, 100, BATCH);
            displacements.extend((0..draws.displacements()).map(|m| draws.displacement(m)));
            swaps.extend((0..draws.swaps()).map(|m| draws.swap(m)));
        }
        (displacements, swaps)
    }

    #[test]
    fn every_particle_has_one_trial_of_the_asked_kinds() {
        let (displacements, swaps) = all(&settings(0.1, 0.2), 400);
        let total = displacements.len() + swaps.len();
        assert_eq!(total, 400 * BATCH);
        // 102 400 trials: the standard error of the fraction is 1.25e-3; four sigma.
        assert!((swaps.len() as f64 / total as f64 - 0.2).abs() < 5e-3);
        let mut tried: Vec<usize> =
            displacements.iter().map(|d| d.particle).chain(swaps.iter().map(|s| s.first)).collect();
        tried.sort_unstable();
        assert!(tried.chunks(400).enumerate().all(|(k, chunk)| chunk.iter().all(|&i| i == 100 + k)));
        assert!(all(&settings(0.1, 0.0), 4).1.is_empty());
        assert!(all(&settings(0.1, 1.0), 4).0.is_empty());
    }

    #[test]
    fn displacements_partners_and_allowances_have_the_right_distributions() {
        let (displacements, swaps) = all(&settings(0.25, 0.5), 800);
        let n = displacements.len() as f64;
        // Uniform in ±a: variance a²/3, standard error of the mean a/√(3n) = 2.2e-4: four sigma.
        for axis in 0..2 {
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
