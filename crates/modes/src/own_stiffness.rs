//! How stiffly each particle is held while all others stand still.
//!
//! The energy of particle i alone, moved by u, is ½ u·H_ii u with its own d × d block H_ii of the Hessian, so the
//! smallest eigenvalue κ_i of H_ii is its stiffness in its softest direction. A particle that hardly touches its
//! neighbours, r > 0.999 x_c σ, has κ_i near zero however many contacts it counts; it moves alone, at ω² ≈ κ_i, and
//! what its mode says is about the cutoff of the potential, not about the glass.

use glass::Hessian;
use glass::hessian::Block;

/// A particle is nearly free when κ_i is below this times the median of its glass.
pub const NEARLY_FREE: f64 = 1e-2;

/// κ of every particle of one inherent structure.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStiffness {
    of_particle: Vec<f64>,
    typical: f64,
}

impl OwnStiffness {
    /// Of each particle, from the diagonal blocks of `hessian`.
    pub fn of<const D: usize>(hessian: &Hessian<D>) -> OwnStiffness {
        let of_particle: Vec<f64> = hessian.diagonal_blocks().iter().map(smallest_eigenvalue).collect();
        let mut ascending = of_particle.clone();
        ascending.sort_unstable_by(f64::total_cmp);
        let middle = ascending.len() / 2;
        let typical = match ascending.len() {
            0 => f64::NAN,
            odd if odd % 2 == 1 => ascending[middle],
            _ => 0.5 * (ascending[middle - 1] + ascending[middle]),
        };
        OwnStiffness { of_particle, typical }
    }

    /// κ_i, one a particle; negative for a particle that its contacts push away.
    pub fn of_particle(&self) -> &[f64] {
        &self.of_particle
    }

    /// The median, which no few soft particles move.
    pub fn typical(&self) -> f64 {
        self.typical
    }

    /// Number of particles with κ_i < [`NEARLY_FREE`] times the median.
    pub fn nearly_free(&self) -> usize {
        self.of_particle.iter().filter(|&&own| own < NEARLY_FREE * self.typical).count()
    }
}

/// The smallest eigenvalue of a symmetric block.
fn smallest_eigenvalue<const D: usize>(block: &Block<D>) -> f64 {
    match block.as_flattened() {
        &[xx, xy, _, yy] => smaller_of_two(xx, xy, yy),
        _ => by_rotations(*block),
    }
}

/// The smaller eigenvalue of the symmetric block xx, xy, yy: det/λ_max where that is positive, which does not cancel
/// when one direction is much softer than the other.
fn smaller_of_two(xx: f64, xy: f64, yy: f64) -> f64 {
    let (mean, half) = (0.5 * (xx + yy), 0.5 * (xx - yy));
    let radius = (half * half + xy * xy).sqrt();
    if mean > 0.0 { (xx * yy - xy * xy) / (mean + radius) } else { mean - radius }
}

/// Rounds of rotations; five are enough for any block of three.
const ROUNDS: usize = 12;

/// The smallest eigenvalue by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5).
fn by_rotations<const D: usize>(mut block: Block<D>) -> f64 {
    for _ in 0..ROUNDS {
        for a in 0..D {
            for b in a + 1..D {
                if block[a][b] == 0.0 {
                    continue;
                }
                let theta = (block[b][b] - block[a][a]) / (2.0 * block[a][b]);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in &mut block {
                    (row[a], row[b]) = (cosine * row[a] - sine * row[b], sine * row[a] + cosine * row[b]);
                }
                for column in 0..D {
                    let (first, second) = (block[a][column], block[b][column]);
                    (block[a][column], block[b][column]) =
                        (cosine * first - sine * second, sine * first + cosine * second);
                }
            }
        }
    }
    (0..D).map(|axis| block[axis][axis]).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::samples::{hardly_held, minimum_in};
    use faer::Side;

    glass::test_on_each_instruction_set! {
        every_stiffness_is_the_eigenvalue_of_its_block,
        a_particle_held_by_three_infinitesimal_contacts_is_nearly_free,
    }

    fn every_stiffness_is_the_eigenvalue_of_its_block() {
        is_the_eigenvalue_of_its_block::<2>(1e-13);
        is_the_eigenvalue_of_its_block::<3>(1e-12);
    }

    fn is_the_eigenvalue_of_its_block<const D: usize>(tolerance: f64) {
        for q in [2, 3, 4] {
            let minimum = minimum_in::<D>(60 + u64::from(q), 80, q);
            let hessian = minimum.hessian();
            let (own, dense) = (OwnStiffness::of(hessian), hessian.to_dense());
            for (particle, &kappa) in own.of_particle().iter().enumerate() {
                let block = dense.submatrix(D * particle, D * particle, D, D);
                let eigenvalues = block.self_adjoint_eigenvalues(Side::Lower).expect("converges");
                assert!((kappa - eigenvalues[0]).abs() < tolerance * eigenvalues[D - 1], "{kappa} {eigenvalues:?}");
            }
            let below = own.of_particle().iter().filter(|&&kappa| kappa < own.typical()).count();
            assert_eq!(below, 40);
        }
    }

    fn a_particle_held_by_three_infinitesimal_contacts_is_nearly_free() {
        for q in [2, 3, 4] {
            // Its stiffness vanishes with the overlap δ as φ″ ∝ δ^(q−1).
            let kappa = [1e-3, 1e-4].map(|overlap| {
                let minimum = hardly_held(overlap, q);
                let hessian = minimum.hessian();
                let last = hessian.particles() - 1;
                let contacts = hessian.pairs().iter().filter(|pair| pair.second as usize == last).count();
                let own = OwnStiffness::of(hessian);
                assert_eq!((contacts, own.nearly_free()), (3, 1), "q = {q}, overlap {overlap}");
                own.of_particle()[last]
            });
            let power = (kappa[0] / kappa[1]).log10();
            assert!((power - f64::from(q - 1)).abs() < 0.05, "q = {q}: {power}");
            // Held as firmly as others, it is none.
            assert_eq!(OwnStiffness::of(hardly_held(0.2, q).hessian()).nearly_free(), 0, "q = {q}");
        }
    }
}
