//! Eight lanes as an array.

use super::{Eight, Four, Instructions, Lanes, Number, Words};
use std::ops::{Add, Div, Mul, Sub};

/// What every machine has.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

/// Eight words in an array.
#[derive(Debug, Clone, Copy)]
pub struct WordArray([u64; 8]);

impl WordArray {
    #[inline(always)]
    fn each(self, operation: impl Fn(usize, u64) -> u64) -> WordArray {
        WordArray(std::array::from_fn(|lane| operation(lane, self.0[lane])))
    }
}

impl Words for WordArray {
    #[inline(always)]
    fn store(self, eight: &mut [u64; 8]) {
        *eight = self.0;
    }

    #[inline(always)]
    fn plus(self, other: WordArray) -> WordArray {
        self.each(|lane, word| word.wrapping_add(other.0[lane]))
    }

    #[inline(always)]
    fn xor(self, other: WordArray) -> WordArray {
        self.each(|lane, word| word ^ other.0[lane])
    }

    #[inline(always)]
    fn shifted<const BITS: u32>(self) -> WordArray {
        self.each(|_, word| word << BITS)
    }

    #[inline(always)]
    fn rotated<const BITS: u32>(self) -> WordArray {
        self.each(|_, word| word.rotate_left(BITS))
    }
}

/// Eight lanes in an array.
#[derive(Debug, Clone, Copy)]
pub struct Array([f64; 8]);

impl Instructions for Portable {
    type Vector = Array;
    type Words = WordArray;

    #[inline(always)]
    fn splat(self, value: f64) -> Array {
        Array([value; 8])
    }

    #[inline(always)]
    fn load(self, eight: &Eight) -> Array {
        Array(eight.0)
    }

    #[inline(always)]
    fn join(self, low: &Four, high: &Four) -> Array {
        Array(std::array::from_fn(|lane| if lane < 4 { low.0[lane] } else { high.0[lane - 4] }))
    }

    #[inline(always)]
    fn words(self, eight: &[u64; 8]) -> WordArray {
        WordArray(*eight)
    }

    #[inline(always)]
    fn prefetch<T>(self, _: &T) {}
}

impl Array {
    #[inline(always)]
    fn with(self, other: Array, operation: impl Fn(f64, f64) -> f64) -> Array {
        Array(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }
}

impl Add for Array {
    type Output = Array;
    #[inline(always)]
    fn add(self, other: Array) -> Array {
        self.with(other, |a, b| a + b)
    }
}

impl Sub for Array {
    type Output = Array;
    #[inline(always)]
    fn sub(self, other: Array) -> Array {
        self.with(other, |a, b| a - b)
    }
}

impl Mul for Array {
    type Output = Array;
    #[inline(always)]
    fn mul(self, other: Array) -> Array {
        self.with(other, |a, b| a * b)
    }
}

impl Div for Array {
    type Output = Array;
    #[inline(always)]
    fn div(self, other: Array) -> Array {
        self.with(other, |a, b| a / b)
    }
}

impl Number for Array {
    #[inline(always)]
    fn square_root(self) -> Array {
        Array(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Array {
        Array(self.0.map(function))
    }
}

impl Lanes for Array {
    #[inline(always)]
    fn store(self, eight: &mut Eight) {
        eight.0 = self.0;
    }

    #[inline(always)]
    fn absolute(self) -> Array {
        Array(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn maximum(self, other: Array) -> Array {
        self.with(other, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn below(self, limit: Array) -> u8 {
        (0..8).fold(0, |mask, lane| mask | (u8::from(self.0[lane] < limit.0[lane]) << lane))
    }

    #[inline(always)]
    fn where_below(self, value: Array, limit: Array) -> Array {
        Array(std::array::from_fn(|lane| if value.0[lane] < limit.0[lane] { self.0[lane] } else { 0.0 }))
    }

    #[inline(always)]
    fn sum(self) -> f64 {
        let a = &self.0;
        ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]))
    }

    #[inline(always)]
    fn sums(of: [Array; 8]) -> Array {
        Array(of.map(Array::sum))
    }
}
