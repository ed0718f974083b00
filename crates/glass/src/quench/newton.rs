//! The last stage: Newton steps to the tolerance.

use super::descent::Descent;
use super::linear_solver::{NewtonSolution, solve_newton};
use super::rounding::{force_of_rounding, improve_rounding};
use super::vectors::{dot, length_max};
use super::{NewtonRefusal, QuenchFailure};
use crate::hessian::{Block, Hessian};

/// A Newton step must leave at most this part of the forces; if not, the minimum is not near enough.
const CONTRACTION: f64 = 0.5;

/// Residual of the Newton equation, relative to the forces.
const RESIDUAL: f64 = 1e-2;

const STEPS_MAX: u32 = 60;

/// Most line searches along Newton directions.
const SEARCHES_MAX: u32 = 200;

/// Most parts of Newton steps.
const CREEPS_MAX: u32 = 500;

/// What a part of a Newton step must take from the largest force, times the part. (Where a force vanishes like the
/// fourth power of a distance, a whole step takes 0.7 of it.)
const CREEP: f64 = 0.25;

/// The smallest part tried.
const CREEP_PART_MIN: f64 = 1e-3;

/// Forces that rounding of the positions explains: this times ε_machine L times the largest
/// stiffness.
const ROUNDING: f64 = 8.0;

/// Rounds of [`improve_rounding`], each followed by an evaluation.
const ROUNDING_ROUNDS: u32 = 20;

/// From one place to the next, the box is divided by these.
const ELSEWHERE: [f64; 3] = [7.0, 11.0, 13.0];

/// Places in the box at which that is tried.
const ROUNDING_PLACES: u32 = 20;

/// Looks of [`improve_rounding`] altogether: ten to forty seconds. At N = 4000 about ten are usual, and a particle that
/// hardly touches its neighbours may need millions; where positions are too coarse for the tolerance, it would go on
/// for hours.
const ROUNDING_LOOKS: u32 = 6_000_000;

/// Looks where rounding leaves more than [`TOO_COARSE`] tolerances: a tenth of a second.
const ROUNDING_LOOKS_IN_VAIN: u32 = 60_000;

/// What rounding leaves of a glass of N = 4000 at density 1 is 2.2 to 2.5 tolerances of 10⁻¹², and among the
/// neighbouring numbers there are always some with less; at density 1.5, N = 256 it is 8 to 12, and there are none.
const TOO_COARSE: f64 = 4.0;

/// Newton steps to the tolerance, no particle's step longer than `reach`, as long as each lowers the
/// energy and at least halves the forces. When it ends with a refusal, the state is the last good
/// one.
pub(super) fn newton<const D: usize>(
    descent: &mut Descent<D>,
    reach: f64,
    steps: &mut u32,
) -> Result<Result<(), NewtonRefusal>, QuenchFailure> {
    let first = *steps;
    while !descent.converged() {
        let hessian = descent.hessian();
        let NewtonSolution { displacement, complete } = solve_newton(&hessian, &descent.forces, RESIDUAL);
        if complete.is_err() {
            return Ok(complete);
        }
        let longest = length_max(&displacement);
        if longest.is_nan() || longest > reach {
            return Ok(Err(NewtonRefusal::TooLong(longest)));
        }
        let before = dot(&descent.forces, &descent.forces);
        let energy = descent.try_step(&displacement, 1.0)?;
        let after = dot(descent.trial_forces(), descent.trial_forces());
        let lower = energy <= descent.energy + descent.energy_rounding() && *steps - first < STEPS_MAX;
        let rounded = descent.force_max() <= rounding_force(descent, &hessian);
        // Among forces that rounding explains, a particle that hardly touches its neighbours may still
        // be on its way, unseen in the sum.
        let largest_contracts = || length_max(descent.trial_forces()) <= CONTRACTION * descent.force_max();
        if lower && (after <= CONTRACTION * CONTRACTION * before || rounded && largest_contracts()) {
            descent.accept(energy);
            *steps += 1;
        } else if rounded {
            let here = descent.positions.clone();
            return match settle(descent, &hessian) {
                Err(QuenchFailure::NotConverged { .. }) => {
                    descent.positions = here;
                    descent.evaluate_again()?;
                    creep(descent).map(Ok)
                }
                settled => settled.map(Ok),
            };
        } else {
            return Ok(Err(NewtonRefusal::NoContraction));
        }
    }
    Ok(Ok(()))
}

/// The tolerance where the minimum is no quadratic one: a particle that hardly touches its neighbours
/// any more has a stiffness that vanishes with its force, like (r_c − r)^{q−1}, and a negative one
/// across. Newton directions, cut short at negative curvature, with a line search, until the last
/// steps contract.
pub(super) fn newton_with_search<const D: usize>(
    descent: &mut Descent<D>,
    steps: &mut u32,
) -> Result<(), QuenchFailure> {
    for _ in 0..SEARCHES_MAX {
        if newton(descent, f64::INFINITY, steps)?.is_ok() {
            return Ok(());
        }
        let solution = solve_newton(&descent.hessian(), &descent.forces, RESIDUAL);
        let slope = dot(&descent.forces, &solution.displacement);
        if descent.search(&solution.displacement, slope, 1.0)?.is_none() {
            break;
        }
        *steps += 1;
    }
    Err(descent.not_converged())
}

/// The tolerance where settling did not reach it: a particle that hardly touches its neighbours is still on its way, by
/// Newton steps so long that their equation does not hold over them. Parts of such steps, each of which lessens the largest
/// force.
fn creep<const D: usize>(descent: &mut Descent<D>) -> Result<(), QuenchFailure> {
    for _ in 0..CREEPS_MAX {
        if descent.converged() {
            return Ok(());
        }
        let hessian = descent.hessian();
        let step = solve_newton(&hessian, &descent.forces, RESIDUAL).displacement;
        let mut part = 1.0;
        loop {
            let energy = descent.try_step(&step, part)?;
            let lower = energy <= descent.energy + descent.energy_rounding();
            if lower && length_max(descent.trial_forces()) <= (1.0 - CREEP * part) * descent.force_max() {
                descent.accept(energy);
                break;
            }
            part *= 0.5;
            if part < CREEP_PART_MIN {
                return settle(descent, &hessian);
            }
        }
    }
    Err(descent.not_converged())
}

/// Largest force that rounding of the positions explains.
fn rounding_force<const D: usize>(descent: &Descent<D>, hessian: &Hessian<D>) -> f64 {
    let largest = |block: &Block<D>| (0..D).map(|axis| block[axis][axis]).fold(0.0, f64::max);
    let stiffness = hessian.diagonal_blocks().iter().map(largest).fold(0.0, f64::max);
    ROUNDING * f64::EPSILON * descent.side.longest() * stiffness
}

/// Chooses among neighbouring floating-point positions until the tolerance is met; if that gets stuck,
/// elsewhere in the box, where every coordinate is rounded anew. If that does not help either, the forces that are left
/// are accepted if rounding explains them.
fn settle<const D: usize>(descent: &mut Descent<D>, hessian: &Hessian<D>) -> Result<(), QuenchFailure> {
    let (side, tolerance) = (descent.side, descent.settings.force_tolerance);
    let too_coarse = force_of_rounding(hessian, side.longest()) > TOO_COARSE * tolerance;
    let mut looks = if too_coarse { ROUNDING_LOOKS_IN_VAIN } else { ROUNDING_LOOKS };
    for _ in 0..ROUNDING_PLACES {
        for _ in 0..ROUNDING_ROUNDS {
            if !improve_rounding(&mut descent.positions, &descent.forces, hessian, side, tolerance, &mut looks) {
                break;
            }
            descent.evaluate_again()?;
            if descent.converged() {
                return Ok(());
            }
        }
        if looks == 0 {
            break;
        }
        // What no single particle can mend is spread over many: one more Newton step takes it away.
        descent.translate(std::array::from_fn(|axis| side.sides()[axis] / ELSEWHERE[axis]));
        descent.evaluate_again()?;
        let solution = solve_newton(hessian, &descent.forces, RESIDUAL);
        let energy = descent.try_step(&solution.displacement, 1.0)?;
        if energy <= descent.energy + descent.energy_rounding() {
            descent.accept(energy);
        }
        if descent.converged() {
            return Ok(());
        }
    }
    descent.converged_or_rounded()
}
