//! Eight numbers at a time, the same bits on every machine.
//!
//! A kernel is written once, over [`Instructions`], and compiled for each instruction set inside a
//! function with the matching `#[target_feature]`. Every operation acts on lanes alone, except the
//! sum, whose order is fixed: ((0+4)+(2+6)) + ((1+5)+(3+7)). Nothing is fused.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

use std::ops::{Add, Div, Mul, Sub};

/// Eight numbers as they lie in memory: one cache line.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Eight(pub [f64; 8]);

/// Four numbers as they lie in memory: half a cache line.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(32))]
pub struct Four(pub [f64; 4]);

/// Proof that the machine has an instruction set; makes vectors, which therefore prove it too.
pub trait Instructions: Copy {
    /// Eight lanes in registers.
    type Vector: Lanes;

    /// Eight words in registers.
    type Words: Words;

    /// All lanes `value`.
    fn splat(self, value: f64) -> Self::Vector;

    /// The lanes of `eight`.
    fn load(self, eight: &Eight) -> Self::Vector;

    /// The lanes of `low`, then those of `high`.
    fn join(self, low: &Four, high: &Four) -> Self::Vector;

    /// The words of `eight`.
    fn words(self, eight: &[u64; 8]) -> Self::Words;

    /// Asks for the cache lines of `value`, which will be needed soon.
    fn prefetch<T>(self, value: &T);
}

/// A number, or a vector of them: what an interaction is written over.
pub trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    /// The square root, correctly rounded; no number where that of a negative one is asked for.
    fn square_root(self) -> Self;

    /// `function` of each number.
    fn each(self, function: impl Fn(f64) -> f64) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn square_root(self) -> f64 {
        self.sqrt()
    }

    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> f64 {
        function(self)
    }
}

/// Eight lanes and what can be done with them. Bit k of a mask is lane k.
pub trait Lanes: Number {
    /// The lanes in memory.
    fn store(self, eight: &mut Eight);

    /// |lane|.
    fn absolute(self) -> Self;

    /// The larger of both in each lane; none may be NaN.
    fn maximum(self, other: Self) -> Self;

    /// Which lanes are below those of `limit`.
    fn below(self, limit: Self) -> u8;

    /// `self` where `value` is below `limit`, zero elsewhere.
    fn where_below(self, value: Self, limit: Self) -> Self;

    /// Sum of the lanes, in the fixed order.
    fn sum(self) -> f64;

    /// The sum of each of eight vectors, in the fixed order; lane k is that of vector k.
    fn sums(of: [Self; 8]) -> Self;
}

/// Eight words of 64 bits and what a random number generator does with them.
pub trait Words: Copy {
    /// The words in memory.
    fn store(self, eight: &mut [u64; 8]);

    /// Sums modulo 2⁶⁴.
    fn plus(self, other: Self) -> Self;

    /// Bits that are set in one of both.
    fn xor(self, other: Self) -> Self;

    /// Shifted to the left.
    fn shifted<const BITS: u32>(self) -> Self;

    /// Rotated to the left.
    fn rotated<const BITS: u32>(self) -> Self;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stage, Stream, uniform};

    /// Every operation once, on numbers of all magnitudes.
    fn all_operations<I: Instructions>(instructions: I, stream: &mut Stream) -> Vec<u64> {
        let mut eight = || {
            let mut lanes = Eight([0.0; 8]);
            lanes.0.fill_with(|| (uniform(stream) - 0.5) * 10f64.powi((uniform(stream) * 12.0) as i32 - 6));
            lanes
        };
        let (first, second) = (eight(), eight());
        let (a, b) = (instructions.load(&first), instructions.load(&second));
        let half = |begin: usize| Four(std::array::from_fn(|lane| second.0[begin + lane]));
        let mut joined = Eight([0.0; 8]);
        instructions.join(&half(0), &half(4)).store(&mut joined);
        assert_eq!(joined, second);
        let limit = instructions.splat(0.01);
        let mut bits = vec![u64::from(a.below(b)), a.sum().to_bits(), (a * b - a).sum().to_bits()];
        let several = [a, b, a + b, a - b, a * b, a / b, b - a, b * b];
        let mut sums = Eight([0.0; 8]);
        I::Vector::sums(several).store(&mut sums);
        assert_eq!(sums.0, several.map(I::Vector::sum));
        let root = a.absolute().square_root();
        for vector in [a + b, a - b, a * b, a / b, a.absolute(), root, a.maximum(b), a.where_below(b, limit)] {
            let mut stored = Eight([0.0; 8]);
            vector.store(&mut stored);
            bits.extend(stored.0.map(f64::to_bits));
        }
        bits
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let stream = || Seed::of_realization(8, 8).stream(Stage::Thermalize);
        let (mut first, mut second, mut third) = (stream(), stream(), stream());
        for _ in 0..2000 {
            let expected = all_operations(Portable, &mut first);
            #[cfg(target_arch = "x86_64")]
            {
                if let Some(avx2) = Avx2::new() {
                    assert_eq!(all_operations(avx2, &mut second), expected);
                }
                if let Some(avx512) = Avx512::new() {
                    assert_eq!(all_operations(avx512, &mut third), expected);
                }
            }
            #[cfg(not(target_arch = "x86_64"))]
            let _ = (&expected, &mut second, &mut third);
        }
    }

    #[test]
    fn masks_and_sums_are_what_they_say() {
        let lanes = Portable.load(&Eight([1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0]));
        assert_eq!(lanes.below(Portable.splat(0.0)), 0b1010_1010);
        assert_eq!(lanes.sum(), -4.0);
        assert_eq!(lanes.where_below(lanes, Portable.splat(0.0)).sum(), -20.0);
        assert_eq!(lanes.absolute().sum(), 36.0);
    }
}
