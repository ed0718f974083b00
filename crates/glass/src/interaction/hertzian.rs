//! Hertzian repulsive spheres: φ = ⅖(1 − x)^{5/2} for x < 1; zero beyond (O'Hern, Silbert, Liu, Nagel,
//! doi:10.1103/PhysRevE.68.011306, α = 5/2).
//!
//! φ″ is continuous where spheres touch; φ‴ diverges there as −¾(1 − x)^{−1/2}, φ⁗ as (1 − x)^{−3/2}.

use super::shape::{PairDerivatives, Shape, ShapeOver};
use crate::lanes::Number;

/// Hertzian spheres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hertzian;

impl Shape for Hertzian {
    type Over<N: Number> = HertzianOver<N>;

    #[inline(always)]
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> HertzianOver<N> {
        HertzianOver { one: splat(1.0), two_fifths: splat(0.4) }
    }

    fn cutoff(&self) -> f64 {
        1.0
    }

    fn smoothness(&self) -> u32 {
        2
    }

    fn deepest(&self) -> f64 {
        0.0
    }

    fn has_hard_core(&self) -> bool {
        false
    }

    fn derivatives(&self, x: f64) -> PairDerivatives {
        let overlap = 1.0 - x;
        let root = overlap.sqrt();
        PairDerivatives {
            value: 0.4 * overlap * overlap * root,
            first: -overlap * root,
            second: 1.5 * root,
            third: -0.75 / root,
            fourth: -0.375 / (overlap * root),
        }
    }
}

/// The constants of Hertzian spheres in lanes.
#[derive(Debug, Clone, Copy)]
pub struct HertzianOver<N> {
    one: N,
    two_fifths: N,
}

impl<N: Number> ShapeOver<N> for HertzianOver<N> {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        let overlap = self.one - x_squared.square_root();
        self.two_fifths * overlap * overlap * overlap.square_root()
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        let x = x_squared.square_root();
        let overlap = self.one - x;
        let root = overlap.square_root();
        (self.two_fifths * overlap * overlap * root, (x - self.one) * root / x)
    }
}
