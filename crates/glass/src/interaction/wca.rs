//! Weeks, Chandler and Andersen (doi:10.1063/1.1674820): Lennard-Jones cut in its minimum and lifted to zero.
//!
//! With x < 2^{1/6}, φ = 4(x⁻¹² − x⁻⁶) + 1; zero beyond. φ′ is continuous at the cutoff, φ″ jumps.

use super::lennard_jones::LennardJones;

/// x_c = 2^{1/6}, where the slope vanishes.
pub const CUTOFF: f64 = 1.122_462_048_309_373;

/// The shape.
pub const WCA: LennardJones =
    LennardJones { smoothness: 1, cutoff: CUTOFF, deepest: 0.0, coefficients: [1.0, 0.0, 0.0, 0.0, 0.0] };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interaction::Shape;

    #[test]
    fn the_cutoff_is_the_minimum_of_lennard_jones() {
        assert!((CUTOFF.powi(6) - 2.0).abs() < 1e-14);
        assert!((WCA.derivatives(1.0).value - 1.0).abs() < 1e-15);
    }
}
