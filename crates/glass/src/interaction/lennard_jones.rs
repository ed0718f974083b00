//! Lennard-Jones, smoothed at the cutoff; without a smoothing, cut in its minimum, it is [`super::wca`].
//!
//! With x < x_c, φ = 4(x⁻¹² − x⁻⁶) + Σ_{l=0}^{q} c_{2l} x^{2l}; zero beyond. The coefficients are those of the two inverse
//! powers ([`super::inverse_power`]), so φ and its first q derivatives vanish at the cutoff.

use super::inverse_power::{SMOOTHNESSES, smoothing, smoothing_derivatives};
use super::shape::{PairDerivatives, Shape, ShapeOver};
use crate::lanes::Number;
use thiserror::Error;

/// x_c of the literature.
pub const CUTOFF: f64 = 2.5;

/// Cutoffs that can be asked for: behind the minimum at 2^{1/6}.
pub const CUTOFFS: std::ops::RangeInclusive<f64> = 1.2..=5.0;

/// A Lennard-Jones potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LennardJones {
    pub(super) smoothness: u32,
    pub(super) cutoff: f64,
    /// Its least value.
    pub(super) deepest: f64,
    /// c₀, c₂, c₄, c₆, c₈; those beyond 2q are zero.
    pub(super) coefficients: [f64; 5],
}

/// A Lennard-Jones potential that is not defined.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum InvalidLennardJones {
    /// q.
    #[error("smoothness {0} is not one of 2, 3, 4")]
    Smoothness(u32),
    /// x_c.
    #[error("cutoff {0} is not from 1.2 to 5")]
    Cutoff(f64),
}

impl LennardJones {
    /// The shape whose first q = `smoothness` derivatives vanish at x_c = `cutoff`.
    ///
    /// # Errors
    /// [`InvalidLennardJones`] for a q other than 2, 3, 4 or an x_c outside [`CUTOFFS`].
    pub fn new(smoothness: u32, cutoff: f64) -> Result<Self, InvalidLennardJones> {
        if !SMOOTHNESSES.contains(&smoothness) {
            return Err(InvalidLennardJones::Smoothness(smoothness));
        }
        if !CUTOFFS.contains(&cutoff) {
            return Err(InvalidLennardJones::Cutoff(cutoff));
        }
        let (repulsion, attraction) = (smoothing(12, smoothness, cutoff), smoothing(6, smoothness, cutoff));
        let coefficients = std::array::from_fn(|l| 4.0 * (repulsion[l] - attraction[l]));
        let mut shape = LennardJones { smoothness, cutoff, deepest: 0.0, coefficients };
        shape.deepest = shape.least();
        Ok(shape)
    }

    /// φ where its slope changes sign, by bisection: it falls at x = 1, and rises to zero at the cutoff.
    fn least(&self) -> f64 {
        let (mut falling, mut rising) = (1.0, self.cutoff);
        for _ in 0..64 {
            let middle = 0.5 * (falling + rising);
            if self.derivatives(middle).first < 0.0 { falling = middle } else { rising = middle }
        }
        self.derivatives(falling).value
    }
}

impl Shape for LennardJones {
    type Over<N: Number> = LennardJonesOver<N>;

    #[inline(always)]
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> LennardJonesOver<N> {
        let c = &self.coefficients;
        LennardJonesOver {
            coefficients: c.map(&splat),
            slopes: [2.0 * c[1], 4.0 * c[2], 6.0 * c[3], 8.0 * c[4]].map(&splat),
            one: splat(1.0),
            four: splat(4.0),
            twenty_four: splat(24.0),
            two: splat(2.0),
        }
    }

    fn cutoff(&self) -> f64 {
        self.cutoff
    }

    fn smoothness(&self) -> u32 {
        self.smoothness
    }

    fn deepest(&self) -> f64 {
        self.deepest
    }

    fn has_hard_core(&self) -> bool {
        true
    }

    fn derivatives(&self, x: f64) -> PairDerivatives {
        let smoothing = smoothing_derivatives(&self.coefficients, x);
        let inverse = 1.0 / x;
        let inverse_cubed = inverse * inverse * inverse;
        let attraction = 4.0 * (inverse_cubed * inverse_cubed);
        let repulsion = attraction * (inverse_cubed * inverse_cubed);
        let (second, third) = (inverse * inverse, inverse_cubed);
        PairDerivatives {
            value: repulsion - attraction + smoothing[0],
            first: (6.0 * attraction - 12.0 * repulsion) * inverse + smoothing[1],
            second: (156.0 * repulsion - 42.0 * attraction) * second + smoothing[2],
            third: (336.0 * attraction - 2184.0 * repulsion) * third + smoothing[3],
            fourth: (32760.0 * repulsion - 3024.0 * attraction) * (second * second) + smoothing[4],
        }
    }
}

/// The constants of a Lennard-Jones potential in lanes.
#[derive(Debug, Clone, Copy)]
pub struct LennardJonesOver<N> {
    coefficients: [N; 5],
    /// 2c₂, 4c₄, 6c₆, 8c₈.
    slopes: [N; 4],
    one: N,
    two: N,
    four: N,
    twenty_four: N,
}

impl<N: Number> ShapeOver<N> for LennardJonesOver<N> {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        self.value_and_slope(x_squared).0
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        let (c, slopes) = (&self.coefficients, &self.slopes);
        let inverse = self.one / x_squared;
        let sixth = inverse * inverse * inverse;
        let smoothing = c[0] + x_squared * (c[1] + x_squared * (c[2] + x_squared * (c[3] + x_squared * c[4])));
        let rise = slopes[0] + x_squared * (slopes[1] + x_squared * (slopes[2] + x_squared * slopes[3]));
        let value = self.four * sixth * (sixth - self.one) + smoothing;
        (value, self.twenty_four * sixth * (self.one - self.two * sixth) * inverse + rise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distant_cutoff_leaves_the_textbook_potential() {
        let shape = LennardJones::new(2, 5.0).expect("valid");
        assert!((shape.deepest() + 1.0).abs() < 1e-2, "{}", shape.deepest());
        let minimum = shape.derivatives(2f64.powf(1.0 / 6.0));
        assert!((minimum.second - 57.146).abs() < 2e-2 && minimum.first.abs() < 1e-3, "{minimum:?}");
    }

    #[test]
    fn what_is_not_defined_is_refused() {
        assert_eq!(LennardJones::new(1, 2.5), Err(InvalidLennardJones::Smoothness(1)));
        assert_eq!(LennardJones::new(2, 1.0), Err(InvalidLennardJones::Cutoff(1.0)));
    }
}
