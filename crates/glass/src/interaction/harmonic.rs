//! Harmonic repulsive spheres: φ = ½(1 − x)² for x < 1; zero beyond (O'Hern, Silbert, Liu, Nagel,
//! doi:10.1103/PhysRevE.68.011306, α = 2).
//!
//! φ′ is continuous where spheres touch, φ″ jumps.

use super::shape::{PairDerivatives, Shape, ShapeOver};
use crate::lanes::Number;

/// Harmonic spheres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Harmonic;

impl Shape for Harmonic {
    type Over<N: Number> = HarmonicOver<N>;

    #[inline(always)]
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> HarmonicOver<N> {
        HarmonicOver { one: splat(1.0), half: splat(0.5) }
    }

    fn cutoff(&self) -> f64 {
        1.0
    }

    fn smoothness(&self) -> u32 {
        1
    }

    fn deepest(&self) -> f64 {
        0.0
    }

    fn has_hard_core(&self) -> bool {
        false
    }

    fn derivatives(&self, x: f64) -> PairDerivatives {
        let overlap = 1.0 - x;
        PairDerivatives { value: 0.5 * overlap * overlap, first: -overlap, second: 1.0, third: 0.0, fourth: 0.0 }
    }
}

/// The constants of harmonic spheres in lanes.
#[derive(Debug, Clone, Copy)]
pub struct HarmonicOver<N> {
    one: N,
    half: N,
}

impl<N: Number> ShapeOver<N> for HarmonicOver<N> {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        let overlap = self.one - x_squared.square_root();
        self.half * overlap * overlap
    }

    /// −(1 − x)/x = 1 − 1/x.
    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        let x = x_squared.square_root();
        let overlap = self.one - x;
        (self.half * overlap * overlap, (x - self.one) / x)
    }
}
