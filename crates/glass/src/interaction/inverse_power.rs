//! An inverse power law, smoothed at the cutoff.
//!
//! With x < x_c, φ = x⁻ᵏ + Σ_{l=0}^{q} c_{2l} x^{2l}; zero beyond. The coefficients make φ and its first q derivatives
//! vanish at the cutoff (Gutiérrez, Karmakar, Pollack, Procaccia, doi:10.1209/0295-5075/111/56009; Kumar, Procaccia,
//! Singh, arXiv:2102.12368, eqs. 1 and 2, have k = 12, q = 2, x_c = 1.25).

use super::shape::{PairDerivatives, Shape, ShapeOver, power};
use crate::lanes::Number;
use thiserror::Error;

/// k of the paper.
pub const EXPONENT: u32 = 12;

/// x_c of the paper.
pub const CUTOFF: f64 = 1.25;

/// Exponents that can be asked for: even ones between.
pub const EXPONENTS: std::ops::RangeInclusive<u32> = 4..=36;

/// Numbers of derivatives that can be made to vanish at the cutoff.
pub const SMOOTHNESSES: std::ops::RangeInclusive<u32> = 2..=4;

/// Cutoffs that can be asked for.
pub const CUTOFFS: std::ops::RangeInclusive<f64> = 1.0..=4.0;

/// x⁻ᵏ with q derivatives continuous at the cutoff. `K` is k, or 0 where it is known at run time only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InversePower<const K: u32 = 0> {
    exponent: u32,
    smoothness: u32,
    cutoff: f64,
    /// c₀, c₂, c₄, c₆, c₈; those beyond 2q are zero.
    coefficients: [f64; 5],
}

/// An inverse power that is not defined.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum InvalidInversePower {
    /// q.
    #[error("smoothness {0} is not one of 2, 3, 4")]
    Smoothness(u32),
    /// k.
    #[error("exponent {0} is not an even number from 4 to 36")]
    Exponent(u32),
    /// x_c.
    #[error("cutoff {0} is not from 1 to 4")]
    Cutoff(f64),
}

impl InversePower {
    /// The shape of exponent k, whose first q = `smoothness` derivatives vanish at the cutoff.
    ///
    /// # Errors
    /// [`InvalidInversePower`] for a k outside [`EXPONENTS`], a q outside [`SMOOTHNESSES`], an x_c outside [`CUTOFFS`].
    pub fn new(exponent: u32, smoothness: u32, cutoff: f64) -> Result<Self, InvalidInversePower> {
        if !SMOOTHNESSES.contains(&smoothness) {
            return Err(InvalidInversePower::Smoothness(smoothness));
        }
        if !EXPONENTS.contains(&exponent) || !exponent.is_multiple_of(2) {
            return Err(InvalidInversePower::Exponent(exponent));
        }
        if !CUTOFFS.contains(&cutoff) {
            return Err(InvalidInversePower::Cutoff(cutoff));
        }
        let coefficients = smoothing(exponent, smoothness, cutoff);
        Ok(InversePower { exponent, smoothness, cutoff, coefficients })
    }

    /// The same with its exponent known when it is compiled, if it is this one.
    pub(super) fn of_exponent<const K: u32>(self) -> Option<InversePower<K>> {
        let InversePower { exponent, smoothness, cutoff, coefficients } = self;
        (exponent == K).then_some(InversePower { exponent, smoothness, cutoff, coefficients })
    }
}

impl<const K: u32> InversePower<K> {
    /// k.
    #[inline(always)]
    pub fn exponent(&self) -> u32 {
        if K > 0 { K } else { self.exponent }
    }

    /// c₀, c₂, c₄, c₆, c₈ (zero beyond 2q).
    pub fn coefficients(&self) -> &[f64; 5] {
        &self.coefficients
    }
}

/// c₀ … c₈ that make x⁻ᵏ + Σ c_{2l} x^{2l} and its first q derivatives vanish at x_c, for even k:
/// c_{2l} = (−1)^{l+1} / [(2q−2l)!! (2l)!!] · (k+2q)!! / [(k−2)!! (k+2l)] · x_c^{−(k+2l)}.
pub(super) fn smoothing(exponent: u32, smoothness: u32, cutoff: f64) -> [f64; 5] {
    let (k, q) = (exponent as i32, smoothness as i32);
    let mut coefficients = [0.0; 5];
    for l in 0..=q {
        let sign = if l % 2 == 0 { -1.0 } else { 1.0 };
        let prefactor = double_factorial(k + 2 * q)
            / (double_factorial(2 * q - 2 * l)
                * double_factorial(2 * l)
                * double_factorial(k - 2)
                * f64::from(k + 2 * l));
        coefficients[l as usize] = sign * prefactor / cutoff.powi(k + 2 * l);
    }
    coefficients
}

/// n!! for even n ≥ 0.
fn double_factorial(n: i32) -> f64 {
    (1..=n / 2).map(|half| f64::from(2 * half)).product()
}

/// Σ c_{2l} x^{2l} and its derivatives.
#[inline]
pub(super) fn smoothing_derivatives(c: &[f64; 5], x: f64) -> [f64; 5] {
    let x2 = x * x;
    [
        c[0] + x2 * (c[1] + x2 * (c[2] + x2 * (c[3] + x2 * c[4]))),
        x * (2.0 * c[1] + x2 * (4.0 * c[2] + x2 * (6.0 * c[3] + x2 * 8.0 * c[4]))),
        2.0 * c[1] + x2 * (12.0 * c[2] + x2 * (30.0 * c[3] + x2 * 56.0 * c[4])),
        x * (24.0 * c[2] + x2 * (120.0 * c[3] + x2 * 336.0 * c[4])),
        24.0 * c[2] + x2 * (360.0 * c[3] + x2 * 1680.0 * c[4]),
    ]
}

impl<const K: u32> Shape for InversePower<K> {
    type Over<N: Number> = InversePowerOver<N, K>;

    #[inline(always)]
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> InversePowerOver<N, K> {
        let c = &self.coefficients;
        InversePowerOver {
            exponent: self.exponent(),
            coefficients: c.map(&splat),
            slopes: [2.0 * c[1], 4.0 * c[2], 6.0 * c[3], 8.0 * c[4]].map(&splat),
            minus_exponent: splat(-f64::from(self.exponent())),
            one: splat(1.0),
        }
    }

    fn cutoff(&self) -> f64 {
        self.cutoff
    }

    fn smoothness(&self) -> u32 {
        self.smoothness
    }

    fn deepest(&self) -> f64 {
        0.0
    }

    fn has_hard_core(&self) -> bool {
        true
    }

    fn derivatives(&self, x: f64) -> PairDerivatives {
        let k = f64::from(self.exponent());
        let x2 = x * x;
        let inverse = 1.0 / x;
        let repulsion = 1.0 / (1..self.exponent() / 2).fold(x2, |power, _| power * x2);
        let c = &self.coefficients;
        let smoothing = smoothing_derivatives(c, x);
        PairDerivatives {
            value: repulsion + c[0] + x2 * (c[1] + x2 * (c[2] + x2 * (c[3] + x2 * c[4]))),
            first: -k * repulsion * inverse + smoothing[1],
            second: k * (k + 1.0) * repulsion * inverse * inverse + smoothing[2],
            third: -(k * (k + 1.0) * (k + 2.0)) * repulsion * inverse * inverse * inverse + smoothing[3],
            fourth: k * (k + 1.0) * (k + 2.0) * (k + 3.0) * repulsion * inverse * inverse * inverse * inverse
                + smoothing[4],
        }
    }
}

/// The constants of an inverse power in lanes.
#[derive(Debug, Clone, Copy)]
pub struct InversePowerOver<N, const K: u32> {
    exponent: u32,
    coefficients: [N; 5],
    /// 2c₂, 4c₄, 6c₆, 8c₈.
    slopes: [N; 4],
    minus_exponent: N,
    one: N,
}

impl<N: Number, const K: u32> InversePowerOver<N, K> {
    #[inline(always)]
    fn half_exponent(&self) -> u32 {
        if K > 0 { K / 2 } else { self.exponent / 2 }
    }
}

impl<N: Number, const K: u32> ShapeOver<N> for InversePowerOver<N, K> {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        let c = &self.coefficients;
        power(self.one / x_squared, self.half_exponent())
            + (c[0] + x_squared * (c[1] + x_squared * (c[2] + x_squared * (c[3] + x_squared * c[4]))))
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        let (c, slopes) = (&self.coefficients, &self.slopes);
        let inverse = self.one / x_squared;
        let repulsion = power(inverse, self.half_exponent());
        let value =
            repulsion + (c[0] + x_squared * (c[1] + x_squared * (c[2] + x_squared * (c[3] + x_squared * c[4]))));
        let smoothing = slopes[0] + x_squared * (slopes[1] + x_squared * (slopes[2] + x_squared * slopes[3]));
        (value, self.minus_exponent * repulsion * inverse + smoothing)
    }

    /// By Estrin's scheme: the polynomial is done before the division is.
    #[inline(always)]
    fn value_sampled(&self, x_squared: N) -> N {
        let c = &self.coefficients;
        let repulsion = power(self.one / x_squared, self.half_exponent());
        let squared = x_squared * x_squared;
        repulsion + ((c[0] + x_squared * c[1]) + squared * ((c[2] + x_squared * c[3]) + squared * c[4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_round_to_the_papers_digits() {
        let c = *InversePower::new(EXPONENT, 2, CUTOFF).expect("valid").coefficients();
        assert_eq!(format!("{:.5}", c[0]), "-1.92415");
        assert_eq!(format!("{:.5}", c[1]), "2.11106");
        assert_eq!(format!("{:.6}", c[2]), "-0.591097");
        assert!((c[0] + 28.0 / CUTOFF.powi(12)).abs() < 1e-14);
        assert!((c[1] - 48.0 / CUTOFF.powi(14)).abs() < 1e-14);
        assert!((c[2] + 21.0 / CUTOFF.powi(16)).abs() < 1e-14);
    }

    #[test]
    fn coefficients_of_the_tenth_power_round_to_lerners_digits() {
        // Lerner, doi:10.1016/j.jnoncrysol.2019.119570: k = 10, q = 3, x_c = 1.48.
        let c = *InversePower::new(10, 3, 1.48).expect("valid").coefficients();
        let published = [-1.1106337662511798, 1.2676152372297065, -0.4960406072849212, 0.0660511826415732];
        for (ours, theirs) in c.iter().zip(published) {
            assert!((ours - theirs).abs() < 1e-14, "{ours} {theirs}");
        }
    }

    #[test]
    fn what_is_not_defined_is_refused() {
        assert_eq!(InversePower::new(12, 5, 1.25), Err(InvalidInversePower::Smoothness(5)));
        assert_eq!(InversePower::new(11, 2, 1.25), Err(InvalidInversePower::Exponent(11)));
        assert_eq!(InversePower::new(12, 2, 0.9), Err(InvalidInversePower::Cutoff(0.9)));
    }
}
