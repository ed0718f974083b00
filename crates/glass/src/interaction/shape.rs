//! What a shape of the interaction is to the kernels.

use super::pair_scale::PairScale;
use crate::lanes::Number;

/// φ as a function of x = r/σ_ij, in units of ε_ij. Every function is asked inside the cutoff only, or its answer beyond
/// is thrown away.
pub trait Shape {
    /// The same over lanes.
    type Over<N: Number>: ShapeOver<N>;

    /// The constants of φ as numbers of another kind, each made by `splat`.
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> Self::Over<N>;

    /// x_c, beyond which φ is zero.
    fn cutoff(&self) -> f64;

    /// q: φ and this many derivatives are continuous at the cutoff.
    fn smoothness(&self) -> u32;

    /// The least value of φ; 0 for a purely repulsive shape.
    fn deepest(&self) -> f64;

    /// Whether φ grows beyond all bounds as x → 0.
    fn has_hard_core(&self) -> bool;

    /// φ and its derivatives with respect to x.
    fn derivatives(&self, x: f64) -> PairDerivatives;

    /// φ at x².
    #[inline(always)]
    fn value(&self, x_squared: f64) -> f64 {
        self.over(|constant| constant).value(x_squared)
    }

    /// φ and φ′(x)/x at x².
    #[inline(always)]
    fn value_and_slope(&self, x_squared: f64) -> (f64, f64) {
        self.over(|constant| constant).value_and_slope(x_squared)
    }
}

/// φ over numbers, or over lanes of them.
pub trait ShapeOver<N: Number>: Clone {
    /// φ at x².
    fn value(&self, x_squared: N) -> N;

    /// φ and φ′(x)/x at x².
    fn value_and_slope(&self, x_squared: N) -> (N, N);

    /// φ at x², its terms in the order that is quickest where each waits for the next: what the sampling takes. To
    /// rounding it is [`ShapeOver::value`].
    #[inline(always)]
    fn value_sampled(&self, x_squared: N) -> N {
        self.value(x_squared)
    }
}

/// φ and its derivatives with respect to r at one separation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairDerivatives {
    /// φ
    pub value: f64,
    /// φ′
    pub first: f64,
    /// φ″
    pub second: f64,
    /// φ‴
    pub third: f64,
    /// φ⁗
    pub fourth: f64,
}

impl PairDerivatives {
    /// Those beyond the cutoff.
    pub const ZERO: PairDerivatives = PairDerivatives { value: 0.0, first: 0.0, second: 0.0, third: 0.0, fourth: 0.0 };

    /// From x and units of ε_ij to r.
    #[inline]
    pub(super) fn scaled(self, PairScale { diameter, energy }: PairScale) -> Self {
        let scale = 1.0 / diameter;
        PairDerivatives {
            value: self.value * energy,
            first: self.first * scale * energy,
            second: self.second * scale * scale * energy,
            third: self.third * scale * scale * scale * energy,
            fourth: self.fourth * scale * scale * scale * scale * energy,
        }
    }
}

/// `base` to the power `exponent` ≥ 1, by squaring: base³ is (base · base) · base, base⁶ the square of that.
#[inline(always)]
pub(super) fn power<N: Number>(base: N, exponent: u32) -> N {
    let mut power = base;
    let mut bit = 31 - exponent.leading_zeros();
    while bit > 0 {
        bit -= 1;
        power = power * power;
        if exponent >> bit & 1 == 1 {
            power = power * base;
        }
    }
    power
}
