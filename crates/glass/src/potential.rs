//! The pair potential: an inverse power law, smoothed at the cutoff.
//!
//! With x = r/σ_ij and x < [`CUTOFF`], φ = x⁻¹² + Σ_{l=0}^{q} c_{2l} x^{2l}; zero beyond. The
//! coefficients make φ and its first q derivatives vanish at the cutoff (Gutiérrez, Karmakar,
//! Pollack, Procaccia, doi:10.1209/0295-5075/111/56009; Kumar, Procaccia, Singh, arXiv:2102.12368,
//! eqs. 1 and 2, have q = 2).

use thiserror::Error;

/// x_c: the potential is zero for r ≥ x_c σ_ij.
pub const CUTOFF: f64 = 1.25;

/// Non-additivity of the mixed diameters.
pub const NON_ADDITIVITY: f64 = 0.2;

/// Exponent k of the repulsion.
pub const REPULSION_EXPONENT: i32 = 12;

/// Most derivatives that can be made to vanish at the cutoff.
pub const SMOOTHNESS_MAX: u32 = 4;

/// σ_ij = ½(σ_i + σ_j)(1 − 0.2|σ_i − σ_j|).
#[inline]
pub fn pair_diameter(first: f64, second: f64) -> f64 {
    0.5 * (first + second) * (1.0 - NON_ADDITIVITY * (first - second).abs())
}

/// The pair potential with q derivatives continuous at the cutoff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Potential {
    smoothness: u32,
    /// c₀, c₂, c₄, c₆, c₈; those beyond 2q are zero.
    coefficients: [f64; 5],
}

/// A smoothness the model is not defined for.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("smoothness {0} is not one of 2, 3, 4")]
pub struct InvalidSmoothness(pub u32);

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

impl Potential {
    /// The potential whose first `smoothness` = q derivatives vanish at the cutoff, q = 2, 3, 4:
    /// c_{2l} = (−1)^{l+1} / [(2q−2l)!! (2l)!!] · (k+2q)!! / [(k−2)!! (k+2l)] · x_c^{−(k+2l)}.
    ///
    /// # Errors
    /// [`InvalidSmoothness`] for any other q.
    pub fn new(smoothness: u32) -> Result<Self, InvalidSmoothness> {
        if !(2..=SMOOTHNESS_MAX).contains(&smoothness) {
            return Err(InvalidSmoothness(smoothness));
        }
        let q = smoothness as i32;
        let k = REPULSION_EXPONENT;
        let mut coefficients = [0.0; 5];
        for l in 0..=q {
            let sign = if l % 2 == 0 { -1.0 } else { 1.0 };
            let prefactor = double_factorial(k + 2 * q)
                / (double_factorial(2 * q - 2 * l)
                    * double_factorial(2 * l)
                    * double_factorial(k - 2)
                    * f64::from(k + 2 * l));
            coefficients[l as usize] = sign * prefactor / CUTOFF.powi(k + 2 * l);
        }
        Ok(Potential { smoothness, coefficients })
    }

    /// q.
    pub fn smoothness(&self) -> u32 {
        self.smoothness
    }

    /// c₀, c₂, c₄, c₆, c₈ (zero beyond 2q).
    pub fn coefficients(&self) -> &[f64; 5] {
        &self.coefficients
    }

    /// φ as a function of x² = (r/σ_ij)²; zero from the cutoff on.
    #[inline]
    pub fn value(&self, x_squared: f64) -> f64 {
        if x_squared >= CUTOFF * CUTOFF {
            return 0.0;
        }
        let inverse = 1.0 / x_squared;
        let inverse_cubed = inverse * inverse * inverse;
        let c = &self.coefficients;
        inverse_cubed * inverse_cubed
            + (c[0] + x_squared * (c[1] + x_squared * (c[2] + x_squared * (c[3] + x_squared * c[4]))))
    }

    /// φ′(r)/r from x² and 1/σ_ij²; zero from the cutoff on. The force on i from j is
    /// −(φ′/r)(r_i − r_j).
    #[inline]
    pub fn slope_over_distance(&self, x_squared: f64, inverse_diameter_squared: f64) -> f64 {
        if x_squared >= CUTOFF * CUTOFF {
            return 0.0;
        }
        let inverse = 1.0 / x_squared;
        let inverse_cubed = inverse * inverse * inverse;
        let c = &self.coefficients;
        let repulsion = -12.0 * (inverse_cubed * inverse_cubed) * inverse;
        let smoothing = 2.0 * c[1] + x_squared * (4.0 * c[2] + x_squared * (6.0 * c[3] + x_squared * (8.0 * c[4])));
        (repulsion + smoothing) * inverse_diameter_squared
    }

    /// φ, φ′, φ″, φ‴, φ⁗ at separation `distance` of a pair with mixed diameter `diameter`; all zero
    /// from the cutoff on.
    pub fn derivatives(&self, distance: f64, diameter: f64) -> PairDerivatives {
        let x = distance / diameter;
        if x >= CUTOFF {
            return PairDerivatives { value: 0.0, first: 0.0, second: 0.0, third: 0.0, fourth: 0.0 };
        }
        let (x2, c) = (x * x, &self.coefficients);
        let inverse = 1.0 / x;
        let repulsion = 1.0 / (x2 * x2 * x2 * x2 * x2 * x2);
        let scale = 1.0 / diameter;
        let value = repulsion + c[0] + x2 * (c[1] + x2 * (c[2] + x2 * (c[3] + x2 * c[4])));
        let first =
            -12.0 * repulsion * inverse + x * (2.0 * c[1] + x2 * (4.0 * c[2] + x2 * (6.0 * c[3] + x2 * 8.0 * c[4])));
        let second = 156.0 * repulsion * inverse * inverse
            + (2.0 * c[1] + x2 * (12.0 * c[2] + x2 * (30.0 * c[3] + x2 * 56.0 * c[4])));
        let third = -2184.0 * repulsion * inverse * inverse * inverse
            + x * (24.0 * c[2] + x2 * (120.0 * c[3] + x2 * 336.0 * c[4]));
        let fourth = 32760.0 * repulsion * inverse * inverse * inverse * inverse
            + (24.0 * c[2] + x2 * (360.0 * c[3] + x2 * 1680.0 * c[4]));
        PairDerivatives {
            value,
            first: first * scale,
            second: second * scale * scale,
            third: third * scale * scale * scale,
            fourth: fourth * scale * scale * scale * scale,
        }
    }
}

/// n!! for even n ≥ 0.
fn double_factorial(n: i32) -> f64 {
    (1..=n / 2).map(|half| f64::from(2 * half)).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_round_to_the_papers_digits() {
        let c = *Potential::new(2).expect("valid").coefficients();
        assert_eq!(format!("{:.5}", c[0]), "-1.92415");
        assert_eq!(format!("{:.5}", c[1]), "2.11106");
        assert_eq!(format!("{:.6}", c[2]), "-0.591097");
        assert!((c[0] + 28.0 / CUTOFF.powi(12)).abs() < 1e-14);
        assert!((c[1] - 48.0 / CUTOFF.powi(14)).abs() < 1e-14);
        assert!((c[2] + 21.0 / CUTOFF.powi(16)).abs() < 1e-14);
    }

    #[test]
    fn first_q_derivatives_vanish_at_the_cutoff_and_the_next_does_not() {
        // Just inside, so that the branch for x ≥ x_c is not what is tested. Measured against the
        // repulsive term alone, which the smoothing terms must cancel (up to 10³ for φ⁗).
        let inside = CUTOFF.next_down();
        for q in 2..=4u32 {
            let d = Potential::new(q).expect("valid").derivatives(inside, 1.0);
            let values = [d.value, d.first, d.second, d.third, d.fourth];
            let repulsion = [1.0, 12.0, 156.0, 2184.0, 32760.0].map(|factor| factor / CUTOFF.powi(12));
            for order in 0..=q as usize {
                assert!(
                    values[order].abs() < 1e-12 * repulsion[order].max(1.0),
                    "q = {q}, derivative {order}: {}",
                    values[order]
                );
            }
            if q < 4 {
                assert!(values[q as usize + 1].abs() > 1.0, "q = {q}: {:?}", values);
            }
        }
        // For q = 4 the fifth derivative, by a one-sided difference of the fourth, does not vanish.
        let potential = Potential::new(4).expect("valid");
        let step = 1e-4;
        let fifth = -potential.derivatives(CUTOFF - step, 1.0).fourth / step;
        assert!(fifth.abs() > 1e3, "{fifth}");
    }

    #[test]
    fn derivatives_match_finite_differences() {
        for q in 2..=4u32 {
            let potential = Potential::new(q).expect("valid");
            for (distance, diameter) in [(0.9, 1.0), (1.3, 1.2), (1.7, 1.5)] {
                let h = 1e-5;
                let (below, here, above) = (
                    potential.derivatives(distance - h, diameter),
                    potential.derivatives(distance, diameter),
                    potential.derivatives(distance + h, diameter),
                );
                for (low, exact, high) in [
                    (below.value, here.first, above.value),
                    (below.first, here.second, above.first),
                    (below.second, here.third, above.second),
                    (below.third, here.fourth, above.third),
                ] {
                    let difference = (high - low) / (2.0 * h);
                    assert!((difference - exact).abs() < 1e-6 * exact.abs().max(1.0), "{difference} {exact}");
                }
                let x2 = (distance / diameter) * (distance / diameter);
                assert!((potential.value(x2) - here.value).abs() < 1e-13 * here.value.max(1.0));
                let slope = potential.slope_over_distance(x2, 1.0 / (diameter * diameter)) * distance;
                assert!((slope - here.first).abs() < 1e-12 * here.first.abs().max(1.0));
            }
        }
    }

    #[test]
    fn mixed_diameters_are_symmetric_and_non_additive() {
        assert_eq!(pair_diameter(1.0, 1.5), pair_diameter(1.5, 1.0));
        assert!((pair_diameter(1.0, 1.5) - 1.25 * 0.9).abs() < 1e-15);
        assert_eq!(Potential::new(5), Err(InvalidSmoothness(5)));
    }
}
