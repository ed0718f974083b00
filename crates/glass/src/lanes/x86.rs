//! Eight lanes in x86-64 registers.
//!
//! Sound because a vector is only made by [`Avx2`] or [`Avx512`], and those only by `new`, which
//! asks the machine: every intrinsic below is called with a vector, or the proof itself, at hand.

use super::{Eight, Four, Instructions, Lanes, Number, Words};
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

/// Two registers of four words.
#[derive(Debug, Clone, Copy)]
pub struct WordHalves(__m256i, __m256i);

/// One register of eight words.
#[derive(Debug, Clone, Copy)]
pub struct WordWhole(__m512i);

impl Instructions for Avx2 {
    type Vector = Halves;
    type Words = WordHalves;

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

    #[inline(always)]
    fn join(self, low: &Four, high: &Four) -> Halves {
        // SAFETY: `self` proves AVX2; each read is four numbers, aligned to 32 bytes.
        unsafe { Halves(_mm256_load_pd(low.0.as_ptr()), _mm256_load_pd(high.0.as_ptr())) }
    }

    #[inline(always)]
    fn words(self, eight: &[u64; 8]) -> WordHalves {
        // SAFETY: `self` proves AVX2; both reads are within the eight words.
        unsafe {
            let at = eight.as_ptr().cast::<__m256i>();
            WordHalves(_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1)))
        }
    }

    #[inline(always)]
    fn prefetch<T>(self, value: &T) {
        prefetch(value);
    }
}

impl Instructions for Avx512 {
    type Vector = Whole;
    type Words = WordWhole;

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

    #[inline(always)]
    fn join(self, low: &Four, high: &Four) -> Whole {
        // SAFETY: `self` proves AVX-512; each read is four numbers, aligned to 32 bytes.
        unsafe {
            let low = _mm512_castpd256_pd512(_mm256_load_pd(low.0.as_ptr()));
            Whole(_mm512_insertf64x4::<1>(low, _mm256_load_pd(high.0.as_ptr())))
        }
    }

    #[inline(always)]
    fn words(self, eight: &[u64; 8]) -> WordWhole {
        // SAFETY: `self` proves AVX-512; the read is the eight words.
        WordWhole(unsafe { _mm512_loadu_si512(eight.as_ptr().cast()) })
    }

    #[inline(always)]
    fn prefetch<T>(self, value: &T) {
        prefetch(value);
    }
}

/// Asks for all cache lines of `value`.
#[inline(always)]
fn prefetch<T>(value: &T) {
    for offset in (0..size_of::<T>()).step_by(64) {
        // SAFETY: within `value`; and nothing is read.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast::<i8>().add(offset)) }
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

impl Number for Halves {
    #[inline(always)]
    fn square_root(self) -> Halves {
        // SAFETY: the vector proves AVX2.
        unsafe { Halves(_mm256_sqrt_pd(self.0), _mm256_sqrt_pd(self.1)) }
    }

    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Halves {
        let mut eight = Eight([0.0; 8]);
        self.store(&mut eight);
        eight.0 = eight.0.map(function);
        // SAFETY: the vector proves AVX2; both reads are within the eight numbers, aligned to 64 bytes.
        unsafe { Halves(_mm256_load_pd(eight.0.as_ptr()), _mm256_load_pd(eight.0.as_ptr().add(4))) }
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

    #[inline(always)]
    fn sums(of: [Halves; 8]) -> Halves {
        Halves(sums_of_four([of[0], of[1], of[2], of[3]]), sums_of_four([of[4], of[5], of[6], of[7]]))
    }
}

/// The sum of each of four vectors, in the fixed order.
#[inline(always)]
fn sums_of_four([a, b, c, d]: [Halves; 4]) -> __m256d {
    // SAFETY: the vectors prove AVX2.
    unsafe {
        // Of each vector the sums 0+4, 1+5, 2+6, 3+7.
        let (a, b) = (_mm256_add_pd(a.0, a.1), _mm256_add_pd(b.0, b.1));
        let (c, d) = (_mm256_add_pd(c.0, c.1), _mm256_add_pd(d.0, d.1));
        // Then (0+4)+(2+6) and (1+5)+(3+7) of two vectors side by side.
        let even = _mm256_add_pd(_mm256_permute2f128_pd::<0x20>(a, c), _mm256_permute2f128_pd::<0x31>(a, c));
        let odd = _mm256_add_pd(_mm256_permute2f128_pd::<0x20>(b, d), _mm256_permute2f128_pd::<0x31>(b, d));
        _mm256_add_pd(_mm256_unpacklo_pd(even, odd), _mm256_unpackhi_pd(even, odd))
    }
}

impl Number for Whole {
    #[inline(always)]
    fn square_root(self) -> Whole {
        // SAFETY: the vector proves AVX-512.
        Whole(unsafe { _mm512_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Whole {
        let mut eight = Eight([0.0; 8]);
        self.store(&mut eight);
        eight.0 = eight.0.map(function);
        // SAFETY: the vector proves AVX-512; the read is the eight numbers, aligned to 64 bytes.
        Whole(unsafe { _mm512_load_pd(eight.0.as_ptr()) })
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

    #[inline(always)]
    fn sums(of: [Whole; 8]) -> Whole {
        let even = pairs_added(halves_added(of[0], of[2]), halves_added(of[4], of[6]));
        let odd = pairs_added(halves_added(of[1], of[3]), halves_added(of[5], of[7]));
        // SAFETY: the vectors prove AVX-512.
        Whole(unsafe { _mm512_add_pd(_mm512_unpacklo_pd(even, odd), _mm512_unpackhi_pd(even, odd)) })
    }
}

/// 0+4, 1+5, 2+6, 3+7 of two vectors, side by side.
#[inline(always)]
fn halves_added(a: Whole, b: Whole) -> __m512d {
    // SAFETY: the vectors prove AVX-512.
    unsafe {
        let low = _mm512_shuffle_f64x2::<0b01_00_01_00>(a.0, b.0);
        _mm512_add_pd(low, _mm512_shuffle_f64x2::<0b11_10_11_10>(a.0, b.0))
    }
}

/// (0+4)+(2+6) and (1+5)+(3+7) of four vectors, from what [`halves_added`] makes of them.
#[inline(always)]
fn pairs_added(a: __m512d, b: __m512d) -> __m512d {
    // SAFETY: only called with lanes of vectors, which prove AVX-512.
    unsafe {
        let first = _mm512_shuffle_f64x2::<0b10_00_10_00>(a, b);
        _mm512_add_pd(first, _mm512_shuffle_f64x2::<0b11_01_11_01>(a, b))
    }
}

impl Words for WordHalves {
    #[inline(always)]
    fn store(self, eight: &mut [u64; 8]) {
        // SAFETY: the words prove AVX2; both writes are within the eight words.
        unsafe {
            let at = eight.as_mut_ptr().cast::<__m256i>();
            _mm256_storeu_si256(at, self.0);
            _mm256_storeu_si256(at.add(1), self.1);
        }
    }

    #[inline(always)]
    fn plus(self, other: WordHalves) -> WordHalves {
        // SAFETY: the words prove AVX2.
        unsafe { WordHalves(_mm256_add_epi64(self.0, other.0), _mm256_add_epi64(self.1, other.1)) }
    }

    #[inline(always)]
    fn xor(self, other: WordHalves) -> WordHalves {
        // SAFETY: the words prove AVX2.
        unsafe { WordHalves(_mm256_xor_si256(self.0, other.0), _mm256_xor_si256(self.1, other.1)) }
    }

    #[inline(always)]
    fn shifted<const BITS: u32>(self) -> WordHalves {
        // SAFETY: the words prove AVX2.
        unsafe {
            let bits = _mm_cvtsi32_si128(BITS as i32);
            WordHalves(_mm256_sll_epi64(self.0, bits), _mm256_sll_epi64(self.1, bits))
        }
    }

    #[inline(always)]
    fn rotated<const BITS: u32>(self) -> WordHalves {
        // SAFETY: the words prove AVX2.
        unsafe {
            let (left, right) = (_mm_cvtsi32_si128(BITS as i32), _mm_cvtsi32_si128(64 - BITS as i32));
            WordHalves(
                _mm256_or_si256(_mm256_sll_epi64(self.0, left), _mm256_srl_epi64(self.0, right)),
                _mm256_or_si256(_mm256_sll_epi64(self.1, left), _mm256_srl_epi64(self.1, right)),
            )
        }
    }
}

impl Words for WordWhole {
    #[inline(always)]
    fn store(self, eight: &mut [u64; 8]) {
        // SAFETY: the words prove AVX-512; the write is the eight words.
        unsafe { _mm512_storeu_si512(eight.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn plus(self, other: WordWhole) -> WordWhole {
        // SAFETY: the words prove AVX-512.
        WordWhole(unsafe { _mm512_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn xor(self, other: WordWhole) -> WordWhole {
        // SAFETY: the words prove AVX-512.
        WordWhole(unsafe { _mm512_xor_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn shifted<const BITS: u32>(self) -> WordWhole {
        // SAFETY: the words prove AVX-512.
        WordWhole(unsafe { _mm512_sll_epi64(self.0, _mm_cvtsi32_si128(BITS as i32)) })
    }

    #[inline(always)]
    fn rotated<const BITS: u32>(self) -> WordWhole {
        // SAFETY: the words prove AVX-512.
        WordWhole(unsafe { _mm512_rolv_epi64(self.0, _mm512_set1_epi64(i64::from(BITS))) })
    }
}
