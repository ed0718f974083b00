//! The Newton equation H δ = F, by linear conjugate gradient.
//!
//! Not by factorization, which would be about as fast: the sums here have a fixed order, so that an
//! inherent structure is the same bits on every machine, which a library's kernels do not promise.

use super::NewtonRefusal;
use super::vectors::{dot, remove_translation};
use crate::hessian::{Block, Hessian};
use crate::space::{dot as inner, plus};

/// How far the Newton equation was solved.
pub(super) struct NewtonSolution<const D: usize> {
    /// δ, downhill in any case (F·δ > 0), translations left out.
    pub(super) displacement: Vec<[f64; D]>,
    /// Whether ‖H δ − F‖ ≤ residual · ‖F‖. If not, δ is what minimizes the quadratic energy over the
    /// directions of positive curvature met before (Dembo and Steihaug, doi:10.1007/BF02592055).
    pub(super) complete: Result<(), NewtonRefusal>,
}

/// Solves to `residual`; preconditioned by the inverse diagonal blocks of H.
pub(super) fn solve_newton<const D: usize>(
    hessian: &Hessian<D>,
    forces: &[[f64; D]],
    residual: f64,
) -> NewtonSolution<D> {
    let particles = forces.len();
    let mut rest = forces.to_vec();
    remove_translation(&mut rest);
    let target = residual * residual * dot(&rest, &rest);
    let inverses: Vec<Block<D>> = hessian.diagonal_blocks().iter().map(inverse_block).collect();
    let precondition = |rest: &[[f64; D]], out: &mut [[f64; D]]| {
        for ((o, &r), m) in out.iter_mut().zip(rest).zip(&inverses) {
            *o = m.map(|row| inner(row, r));
        }
    };
    let mut displacement = vec![[0.0; D]; particles];
    let mut scaled = vec![[0.0; D]; particles];
    let mut product = vec![[0.0; D]; particles];
    precondition(&rest, &mut scaled);
    let mut direction = scaled.clone();
    let mut power = dot(&rest, &scaled);
    let mut complete = Err(NewtonRefusal::NoSolution);
    for iteration in 0..4 * particles + 100 {
        if dot(&rest, &rest) <= target {
            complete = Ok(());
            break;
        }
        hessian.apply(direction.as_flattened(), product.as_flattened_mut());
        let curvature = dot(&direction, &product);
        if curvature.is_nan() || curvature <= 0.0 {
            if iteration == 0 {
                displacement.copy_from_slice(&direction);
            }
            complete = Err(NewtonRefusal::NegativeCurvature);
            break;
        }
        let step = power / curvature;
        for i in 0..particles {
            for axis in 0..D {
                displacement[i][axis] += step * direction[i][axis];
                rest[i][axis] -= step * product[i][axis];
            }
        }
        precondition(&rest, &mut scaled);
        let next = dot(&rest, &scaled);
        let ratio = next / power;
        power = next;
        for (d, &s) in direction.iter_mut().zip(&scaled) {
            *d = plus(s, ratio, *d);
        }
    }
    remove_translation(&mut displacement);
    NewtonSolution { displacement, complete }
}

/// The inverse of a block by its cofactors, or the identity, nothing to precondition with, where it is not positive
/// definite (a particle without neighbours).
fn inverse_block<const D: usize>(block: &Block<D>) -> Block<D> {
    let minor = |a: usize, b: usize| {
        let [first, second] = [(a + 1) % D, (a + 2) % D];
        let [left, right] = [(b + 1) % D, (b + 2) % D];
        block[first][left] * block[second][right] - block[first][right] * block[second][left]
    };
    // In two dimensions the cofactor is the entry across, and the minor of any the determinant.
    let (positive, cofactor): (bool, Block<D>) = if D == 2 {
        let across = |a: usize, b: usize| if a == b { block[1 - a][1 - a] } else { -block[0][1] };
        (block[0][0] > 0.0, std::array::from_fn(|a| std::array::from_fn(|b| across(a, b))))
    } else {
        let positive = block[0][0] > 0.0 && minor(D - 1, D - 1) > 0.0;
        (positive, std::array::from_fn(|a| std::array::from_fn(|b| minor(a, b))))
    };
    let determinant =
        if D == 2 { block[0][0] * block[1][1] - block[0][1] * block[0][1] } else { inner(block[0], cofactor[0]) };
    let diagonal = (1..D).fold(block[0][0], |product, axis| product * block[axis][axis]);
    if positive && determinant > 1e-12 * diagonal {
        cofactor.map(|row| row.map(|entry| entry / determinant))
    } else {
        std::array::from_fn(|a| std::array::from_fn(|b| if a == b { 1.0 } else { 0.0 }))
    }
}
