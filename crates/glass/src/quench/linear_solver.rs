//! The Newton equation H δ = F, by linear conjugate gradient.
//!
//! Not by factorization, which would be about as fast: the sums here have a fixed order, so that an
//! inherent structure is the same bits on every machine, which a library's kernels do not promise.

use super::NewtonRefusal;
use super::vectors::{dot, remove_translation};
use crate::hessian::Hessian;

/// How far the Newton equation was solved.
pub(super) struct NewtonSolution {
    /// δ, downhill in any case (F·δ > 0), translations left out.
    pub(super) displacement: Vec<[f64; 2]>,
    /// Whether ‖H δ − F‖ ≤ residual · ‖F‖. If not, δ is what minimizes the quadratic energy over the
    /// directions of positive curvature met before (Dembo and Steihaug, doi:10.1007/BF02592055).
    pub(super) complete: Result<(), NewtonRefusal>,
}

/// Solves to `residual`; preconditioned by the inverse diagonal blocks of H.
pub(super) fn solve_newton(hessian: &Hessian, forces: &[[f64; 2]], residual: f64) -> NewtonSolution {
    let particles = forces.len();
    let mut rest = forces.to_vec();
    remove_translation(&mut rest);
    let target = residual * residual * dot(&rest, &rest);
    let inverses: Vec<[f64; 3]> = hessian.diagonal_blocks().iter().map(inverse_block).collect();
    let precondition = |rest: &[[f64; 2]], out: &mut [[f64; 2]]| {
        for ((o, r), m) in out.iter_mut().zip(rest).zip(&inverses) {
            *o = [m[0] * r[0] + m[1] * r[1], m[1] * r[0] + m[2] * r[1]];
        }
    };
    let mut displacement = vec![[0.0; 2]; particles];
    let mut scaled = vec![[0.0; 2]; particles];
    let mut product = vec![[0.0; 2]; particles];
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
            for axis in 0..2 {
                displacement[i][axis] += step * direction[i][axis];
                rest[i][axis] -= step * product[i][axis];
            }
        }
        precondition(&rest, &mut scaled);
        let next = dot(&rest, &scaled);
        let ratio = next / power;
        power = next;
        for (d, s) in direction.iter_mut().zip(&scaled) {
            *d = [s[0] + ratio * d[0], s[1] + ratio * d[1]];
        }
    }
    remove_translation(&mut displacement);
    NewtonSolution { displacement, complete }
}

/// The inverse of a 2 × 2 block, or nothing to precondition with where it is not positive definite
/// (a particle without neighbours).
fn inverse_block(block: &[f64; 3]) -> [f64; 3] {
    let [xx, xy, yy] = *block;
    let determinant = xx * yy - xy * xy;
    if xx > 0.0 && determinant > 1e-12 * xx * yy {
        [yy / determinant, -xy / determinant, xx / determinant]
    } else {
        [1.0, 0.0, 1.0]
    }
}
