//! The quartic U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 along a mode, its class and its second minimum.
//!
//! Where b₂ > 0 and b₄ > 0 one number decides the shape, β = b₃/√(3b₂b₄):
//!
//! - U′ = s(b₂ + b₃s/2 + b₄s²/6) vanishes beside s = 0 where b₄s² + 3b₃s + 6b₂ = 0, at
//!   s = [−3b₃ ± √(9b₃² − 24b₂b₄)]/(2b₄). Two such points exist iff 9b₃² > 24b₂b₄, β² > 8/9. Their
//!   product 6b₂/b₄ is positive, so both lie on the side of −b₃; the nearer is the barrier, the
//!   farther a minimum. At β² = 8/9 they merge to an inflection: no minimum.
//! - U vanishes beside s = 0 where b₂/2 + b₃s/6 + b₄s²/24 = 0, for real s iff b₃² ≥ 3b₂b₄, β² ≥ 1. So
//!   the second minimum is deeper than the first iff β² > 1; at β² = 1 both are at U = 0.
//!
//! (Kumar, Procaccia, Singh, arXiv:2102.12368, eq. 8, calls |β| ≤ 1 group A and |β| > 1 group B.)

use super::Group;
use thiserror::Error;

/// A maximum and the minimum beyond it, seen from s = 0, where U = 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondMinimum {
    /// s of the barrier.
    pub barrier_at: f64,
    /// U there.
    pub barrier: f64,
    /// s of the minimum beyond.
    pub at: f64,
    /// U there, negative when it is deeper than s = 0.
    pub energy: f64,
}

/// A fourth-order expansion about a minimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartic {
    b2: f64,
    b3: f64,
    b4: f64,
}

/// The expansion is not one about a minimum.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[error("b2 = {b2:e}, b3 = {b3:e}, b4 = {b4:e} is not the expansion about a minimum")]
pub struct NotAMinimum {
    /// b₂, not positive or not finite.
    pub b2: f64,
    /// b₃.
    pub b3: f64,
    /// b₄.
    pub b4: f64,
}

impl Quartic {
    /// The quartic with these derivatives at s = 0.
    ///
    /// # Errors
    /// [`NotAMinimum`] unless b₂ > 0 and all three are finite.
    pub fn new(b2: f64, b3: f64, b4: f64) -> Result<Self, NotAMinimum> {
        if b2 > 0.0 && b2.is_finite() && b3.is_finite() && b4.is_finite() {
            Ok(Quartic { b2, b3, b4 })
        } else {
            Err(NotAMinimum { b2, b3, b4 })
        }
    }

    /// b₂.
    pub fn b2(&self) -> f64 {
        self.b2
    }

    /// U(s).
    pub fn energy(&self, s: f64) -> f64 {
        s * s * (self.b2 / 2.0 + s * (self.b3 / 6.0 + s * (self.b4 / 24.0)))
    }

    /// β = b₃/√(3b₂b₄); NaN when b₄ ≤ 0.
    pub fn beta(&self) -> f64 {
        if self.b4 > 0.0 { self.b3 / (3.0 * self.b2 * self.b4).sqrt() } else { f64::NAN }
    }

    /// The class by β; the borders |β| = √(8/9) and |β| = 1 belong to the class below them. A b₄ so
    /// small that β² overflows counts as zero.
    pub fn group(&self) -> Group {
        let beta = self.beta().abs();
        if !discriminant(beta).is_finite() {
            Group::Unbounded
        } else if beta > 1.0 {
            Group::B
        } else if discriminant(beta) > 0.0 {
            Group::ADouble
        } else {
            Group::A
        }
    }

    /// The second minimum and the barrier before it, for the groups [`Group::ADouble`] and
    /// [`Group::B`].
    ///
    /// In terms of β: s = −sign(b₃) ½√(3b₂/b₄) (3|β| ± √(9β² − 8)) and
    /// U(s) = s²b₂/16 · [4 − |β|(3|β| ± √(9β² − 8))], + at the minimum. The factor of the barrier is
    /// taken as 8/(3|β| + √(9β² − 8)), which does not cancel for large β.
    pub fn second_minimum(&self) -> Option<SecondMinimum> {
        if !matches!(self.group(), Group::ADouble | Group::B) {
            return None;
        }
        let beta = self.beta().abs();
        let far = 3.0 * beta + discriminant(beta).sqrt();
        let near = 8.0 / far;
        let unit = -self.b3.signum() * 0.5 * (3.0 * self.b2 / self.b4).sqrt();
        let energy = |factor: f64| (unit * factor) * (unit * factor) * self.b2 / 16.0 * (4.0 - beta * factor);
        Some(SecondMinimum { barrier_at: unit * near, barrier: energy(near), at: unit * far, energy: energy(far) })
    }

    /// √(12b₂/|b₄|): where the quartic term is as large as the harmonic one, which at |β| = 1 is the
    /// place of the second minimum; infinite when b₄ = 0.
    pub fn scale(&self) -> f64 {
        (12.0 * self.b2 / self.b4.abs()).sqrt()
    }
}

/// 9β² − 8: positive iff the quartic has a second minimum.
fn discriminant(beta: f64) -> f64 {
    9.0 * beta * beta - 8.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Stationary points beside 0 by a scan of U over a fine grid: barrier and second minimum.
    fn scan(quartic: &Quartic, range: f64, points: usize) -> Option<(f64, f64, f64, f64)> {
        for side in [-1.0, 1.0] {
            let energy = |k: usize| quartic.energy(side * range * k as f64 / points as f64);
            let Some(top) = (1..points).find(|&k| energy(k) > energy(k - 1) && energy(k) >= energy(k + 1)) else {
                continue;
            };
            let Some(bottom) = (top + 1..points).find(|&k| energy(k) <= energy(k - 1) && energy(k) < energy(k + 1))
            else {
                continue;
            };
            let at = |k: usize| side * range * k as f64 / points as f64;
            return Some((at(top), energy(top), at(bottom), energy(bottom)));
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20210212), ..ProptestConfig::default() })]

        #[test]
        fn features_agree_with_a_scan(b2 in 1e-3f64..10.0, beta in -2.5f64..2.5, b4 in 1e-2f64..1e4) {
            // Within 2 % of β² = 8/9 the barrier is lower than the scan resolves.
            prop_assume!((beta * beta * 9.0 / 8.0 - 1.0).abs() > 0.02);
            let quartic = Quartic::new(b2, beta * (3.0 * b2 * b4).sqrt(), b4).expect("a minimum");
            let points = 4000;
            // Beyond the second minimum: 3|β| + √(9β² − 8) < 15 times ½√(3b₂/b₄).
            let range = 8.0 * (3.0 * b2 / b4).sqrt();
            match (quartic.second_minimum(), scan(&quartic, range, points)) {
                (Some(exact), Some((top, barrier, bottom, depth))) => {
                    let step = range / points as f64;
                    prop_assert!((exact.barrier_at - top).abs() <= step);
                    prop_assert!((exact.at - bottom).abs() <= step);
                    // A stationary value misses by at most |U″| step²/2 with |U″| < 60 b₂ here.
                    let bound = 30.0 * b2 * step * step;
                    prop_assert!(exact.barrier >= barrier - 1e-12 * barrier && exact.barrier - barrier <= bound);
                    prop_assert!(exact.energy <= depth + 1e-12 * depth.abs() && depth - exact.energy <= bound);
                    let expected = if exact.energy < 0.0 { Group::B } else { Group::ADouble };
                    prop_assert_eq!(quartic.group(), expected);
                    // The features are values of U itself.
                    prop_assert!((quartic.energy(exact.at) - exact.energy).abs() <= 1e-11 * exact.barrier.max(exact.energy.abs()));
                    prop_assert!((quartic.energy(exact.barrier_at) - exact.barrier).abs() <= 1e-11 * exact.barrier);
                }
                (None, None) => prop_assert_eq!(quartic.group(), Group::A),
                (exact, scanned) => prop_assert!(false, "{:?} but the scan gives {:?}", exact, scanned),
            }
        }

        #[test]
        fn the_sign_of_b3_mirrors_the_features(b2 in 1e-3f64..10.0, b3 in 1e-3f64..1e3, b4 in 1e-2f64..1e4) {
            let (left, right) = (Quartic::new(b2, b3, b4).expect("minimum"), Quartic::new(b2, -b3, b4).expect("minimum"));
            prop_assert_eq!(left.group(), right.group());
            prop_assert_eq!(left.beta(), -right.beta());
            if let (Some(l), Some(r)) = (left.second_minimum(), right.second_minimum()) {
                prop_assert!(l.at < 0.0 && l.barrier_at < 0.0);
                prop_assert_eq!((l.at, l.energy, l.barrier), (-r.at, r.energy, r.barrier));
            }
        }
    }

    #[test]
    fn borders_belong_to_the_class_below() {
        // b₂ = 3, b₄ = 4: √(3b₂b₄) = 6 and β = b₃/6 are exact.
        let at = |b3: f64| Quartic::new(3.0, b3, 4.0).expect("a minimum");
        assert_eq!(at(6.0).group(), Group::ADouble);
        assert_eq!(at(6.0).second_minimum().expect("two minima").energy, 0.0);
        assert_eq!(at(6.0f64.next_up()).group(), Group::B);
        assert_eq!(at(-6.0).group(), Group::ADouble);
        // √(8/9) is irrational: one step of rounding either side decides.
        let border = 6.0 * (8.0f64 / 9.0).sqrt();
        assert_eq!(at(border * (1.0 - 1e-15)).group(), Group::A);
        assert_eq!(at(border * (1.0 - 1e-15)).second_minimum(), None);
        assert_eq!(at(border * (1.0 + 1e-15)).group(), Group::ADouble);
        assert_eq!(at(0.0).group(), Group::A);
    }

    #[test]
    fn a_symmetric_double_well_has_its_known_features() {
        // U = k (s(s − 1))²/2 about s = 0: b₂ = k, b₃ = −6k, b₄ = 12k; barrier k/32 at ½, second
        // minimum at 1 with U = 0.
        let quartic = Quartic::new(2.0, -12.0, 24.0).expect("a minimum");
        assert_eq!(quartic.beta(), -1.0);
        let second = quartic.second_minimum().expect("two minima");
        assert!((second.at - 1.0).abs() < 1e-15 && second.energy.abs() < 1e-16);
        assert!((second.barrier_at - 0.5).abs() < 1e-15 && (second.barrier - 2.0 / 32.0).abs() < 1e-16);
        assert!((quartic.scale() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn what_has_no_second_minimum_says_so() {
        for (b3, b4) in [(1.0, 0.0), (1.0, -1.0), (0.0, 0.0), (1.0, 1e-320)] {
            let quartic = Quartic::new(1e-4, b3, b4).expect("a minimum");
            assert_eq!(quartic.group(), Group::Unbounded, "b3 = {b3}, b4 = {b4}");
            assert_eq!(quartic.second_minimum(), None);
        }
        assert!(Quartic::new(1.0, 1.0, -1.0).expect("a minimum").beta().is_nan());
        for b2 in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Quartic::new(b2, 1.0, 1.0).is_err());
        }
        assert!(Quartic::new(1.0, f64::NAN, 1.0).is_err());
    }
}
