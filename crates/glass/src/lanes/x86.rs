//! Eight lanes in x86-64 registers.
//!
//! Sound because a vector is only made by [`Avx2`] or [`Avx512`], and those only by `new`, which
//! asks the machine: every intrinsic below is called with a vector, or the proof itself, at hand.

use super::{Eight, Instructions, Lanes};
use crate::instruction_set::InstructionSet;
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

/// Proof that the machine has AVX2.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

/// Proof that the machine has AVX-512 F, DQ and VL.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(());

impl Avx2 {
    /// The proof, if the machine has it.
    pub fn new() -> Option<Self> {
        InstructionSet::Avx2.is_available().then_some(Avx2(()))
    }
}

impl Avx512 {
    /// The proof, if the machine has it.
    pub fn new() -> Option<Self> {
        InstructionSet::Avx512.is_available().then_some(Avx512(()))
    }
}

/// Two registers of four lanes.
#[derive(Debug, Clone, Copy)]
pub struct Halves(__m256d, __m256d);

/// One register of eight lanes.
#[derive(Debug, Clone, Copy)]
pub struct Whole(__m512d);

impl Instructions for Avx2 {
    type Vector = Halves;

    #[inline(always)]
    fn splat(self, value: f64) -> Halves {
        // SAFETY: `self` proves AVX2.
        let half = unsafe { _mm256_set1_pd(value) };
        Halves(half, half)
    }

    #[inline(always)]
    fn load(self, eight: &Eight) -> Halves {
        // SAFETY: `self` proves AVX2; both reads are within the eight numbers, aligned to 64 bytes.
        unsafe { Halves(_mm256_load_pd(eight.0.as_ptr()), _mm256_load_pd(eight.0.as_ptr().add(4))) }
    }
}

impl Instructions for Avx512 {
    type Vector = Whole;

    #[inline(always)]
    fn splat(self, value: f64) -> Whole {
        // SAFETY: `self` proves AVX-512.
        Whole(unsafe { _mm512_set1_pd(value) })
    }

    #[inline(always)]
    fn load(self, eight: &Eight) -> Whole {
        // SAFETY: `self` proves AVX-512; the read is the eight numbers, aligned to 64 bytes.
        Whole(unsafe { _mm512_load_pd(eight.0.as_ptr()) })
    }
}

impl Add for Halves {
    type Output = Halves;
    #[inline(always)]
    fn add(self, other: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe { Halves(_mm256_add_pd(self.0, other.0), _mm256_add_pd(self.1, other.1)) }
    }
}

impl Add for Whole {
    type Output = Whole;
    #[inline(always)]
    fn add(self, other: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_add_pd(self.0, other.0) })
    }
}

impl Sub for Halves {
    type Output = Halves;
    #[inline(always)]
    fn sub(self, other: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe { Halves(_mm256_sub_pd(self.0, other.0), _mm256_sub_pd(self.1, other.1)) }
    }
}

impl Sub for Whole {
    type Output = Whole;
    #[inline(always)]
    fn sub(self, other: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_sub_pd(self.0, other.0) })
    }
}

impl Mul for Halves {
    type Output = Halves;
    #[inline(always)]
    fn mul(self, other: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe { Halves(_mm256_mul_pd(self.0, other.0), _mm256_mul_pd(self.1, other.1)) }
    }
}

impl Mul for Whole {
    type Output = Whole;
    #[inline(always)]
    fn mul(self, other: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_mul_pd(self.0, other.0) })
    }
}

impl Div for Halves {
    type Output = Halves;
    #[inline(always)]
    fn div(self, other: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe { Halves(_mm256_div_pd(self.0, other.0), _mm256_div_pd(self.1, other.1)) }
    }
}

impl Div for Whole {
    type Output = Whole;
    #[inline(always)]
    fn div(self, other: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_div_pd(self.0, other.0) })
    }
}

/// Sum of four lanes: (0 + 2) + (1 + 3).
#[inline(always)]
fn sum_of_four(lanes: __m256d) -> f64 {
    // SAFETY: only called with lanes of a vector, which proves AVX2.
    unsafe {
        let two = _mm_add_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd::<1>(lanes));
        _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
    }
}

impl Lanes for Halves {
    #[inline(always)]
    fn store(self, eight: &mut Eight) {
        // SAFETY: the vector proves AVX2; both writes are within the eight numbers, aligned to 64 bytes.
        unsafe {
            _mm256_store_pd(eight.0.as_mut_ptr(), self.0);
            _mm256_store_pd(eight.0.as_mut_ptr().add(4), self.1);
        }
    }

    #[inline(always)]
    fn absolute(self) -> Halves {
        // SAFETY: the vector proves AVX2.
        unsafe {
            let sign = _mm256_set1_pd(-0.0);
            Halves(_mm256_andnot_pd(sign, self.0), _mm256_andnot_pd(sign, self.1))
        }
    }

    #[inline(always)]
    fn maximum(self, other: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe { Halves(_mm256_max_pd(self.0, other.0), _mm256_max_pd(self.1, other.1)) }
    }

    #[inline(always)]
    fn below(self, limit: Halves) -> u8 {
        // SAFETY: the vectors prove AVX2.
        unsafe {
            let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, limit.0));
            let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(self.1, limit.1));
            (low | high << 4) as u8
        }
    }

    #[inline(always)]
    fn where_below(self, value: Halves, limit: Halves) -> Halves {
        // SAFETY: the vectors prove AVX2.
        unsafe {
            Halves(
                _mm256_and_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(value.0, limit.0), self.0),
                _mm256_and_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(value.1, limit.1), self.1),
            )
        }
    }

    #[inline(always)]
    fn sum(self) -> f64 {
        // SAFETY: the vector proves AVX2.
        sum_of_four(unsafe { _mm256_add_pd(self.0, self.1) })
    }
}

impl Lanes for Whole {
    #[inline(always)]
    fn store(self, eight: &mut Eight) {
        // SAFETY: the vector proves AVX-512; the write is the eight numbers, aligned to 64 bytes.
        unsafe { _mm512_store_pd(eight.0.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn absolute(self) -> Whole {
        // SAFETY: the vector proves AVX-512.
        Whole(unsafe { _mm512_abs_pd(self.0) })
    }

    #[inline(always)]
    fn maximum(self, other: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_max_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn below(self, limit: Whole) -> u8 {
        // SAFETY: the vectors prove AVX-512.
        unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, limit.0) }
    }

    #[inline(always)]
    fn where_below(self, value: Whole, limit: Whole) -> Whole {
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_maskz_mov_pd(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(value.0, limit.0), self.0) })
    }

    #[inline(always)]
    fn sum(self) -> f64 {
        // SAFETY: the vector proves AVX-512, which includes AVX2.
        sum_of_four(unsafe { _mm256_add_pd(_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0)) })
    }
}
