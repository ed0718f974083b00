//! From the ridge to its saddle: Newton steps that climb along one direction and fall along all others.
//!
//! Where H has one negative eigenvalue and no more, H d = F does that and converges quadratically; elsewhere d is turned
//! round along the lowest eigenvectors. Inertia counts the eigenvalues.

use super::Outcome;
use super::ground::{Field, Ground, Surface, dot, moved, norm};
use super::stiffness::Stiffness;
use crate::spectrum::factorization::LANES;
use faer::{Mat, Side};
use glass::space::{longest, plus};

/// Largest force left at a saddle,
pub(super) const FORCE_TOLERANCE: f64 = 1e-9;

/// and at one that more particles are to be let go from.
pub(super) const COARSE_TOLERANCE: f64 = 1e-5;

/// Newton steps.
const STEPS: usize = 50;

/// No particle moves further in one step, nor along one soft direction.
const REACH: f64 = 0.1;

/// A step after which forces are larger by this factor is shortened by that, so often at most.
const GROWTH: f64 = 2.0;
const SHORTER: f64 = 0.4;
const SHORTER_MAX: usize = 4;

/// An eigenvalue nearer to zero than this cannot be told from a translation, ε/length².
const ZERO: f64 = 1e-7;

/// Eigenvectors that are followed: the lowest.
const LOWEST: usize = LANES;

/// Inverse iterations for them: at first, and where they are known from one step before.
const SWEEPS: usize = 4;
const SWEEPS_AGAIN: usize = 2;

/// The shift of these iterations is this much below the lowest eigenvalue of which is known, and further by a part of it,
const BELOW: f64 = 1.0;
const FURTHER: f64 = 0.3;

/// and deeper as often as there is an eigenvalue below it.
const TRIALS: usize = 8;

/// A point of vanishing force with one negative eigenvalue.
pub(super) struct Saddle<const D: usize> {
    pub(super) place: Field<D>,
    /// Above the origin.
    pub(super) energy: f64,
    /// λ < 0.
    pub(super) curvature: f64,
    /// Its eigenvector, unit norm.
    pub(super) direction: Field<D>,
}

/// The saddle near `place`, to the force `tolerance`; `direction` is about that of its descent.
pub(super) fn near<const D: usize>(
    ground: &mut Ground<'_, D>,
    stiff: &mut Stiffness,
    mut place: Field<D>,
    tolerance: f64,
    direction: &[[f64; D]],
) -> Result<Saddle<D>, Outcome> {
    let mut lowest = Lowest::around(ground, direction);
    for _ in 0..STEPS {
        let energy = ground.evaluate(&place);
        stiff.go(ground, &place).map_err(|_| Outcome::NoSaddle)?;
        let factors = stiff.matrix.factorize(-ZERO).map_err(|_| Outcome::NoSaddle)?;
        let negative = factors.negative_pivots();
        let is_there = longest(ground.forces()) <= tolerance;
        if is_there && negative != 1 {
            return Err(Outcome::NotOneNegative);
        }
        if is_there || negative != 1 {
            lowest.look(ground, stiff).ok_or(Outcome::NoSaddle)?;
        }
        if is_there {
            let (curvature, direction) = (lowest.values[0], lowest.vectors.swap_remove(0));
            let saddle = Saddle { place, energy, curvature, direction };
            return if curvature < 0.0 { Ok(saddle) } else { Err(Outcome::NotOneNegative) };
        }
        let newton = stiff.solve(ground, &factors, &[ground.forces()]).pop().ok_or(Outcome::NoSaddle)?;
        let step = if negative == 1 { newton } else { lowest.turned(newton, ground.forces()) };
        if !longest(&step).is_finite() {
            return Err(Outcome::NoSaddle);
        }
        place = shortened(ground, &place, &step);
    }
    Err(Outcome::NoSaddle)
}

/// `place` moved by as much of `step` as reaches no further than it may and does not let the forces, which are those at
/// `place`, grow much.
fn shortened<const D: usize>(ground: &mut impl Surface<D>, place: &[[f64; D]], step: &[[f64; D]]) -> Field<D> {
    let before = norm(ground.forces());
    let mut part = (REACH / longest(step)).min(1.0);
    let mut there = moved(place, step, part);
    for _ in 0..SHORTER_MAX {
        ground.evaluate(&there);
        if norm(ground.forces()) <= GROWTH * before {
            break;
        }
        part *= SHORTER;
        there = moved(place, step, part);
    }
    there
}

/// The lowest eigenvectors of H, about.
struct Lowest<const D: usize> {
    /// Orthonormal.
    vectors: Vec<Field<D>>,
    /// v·H·v of each, ascending.
    values: Vec<f64>,
}

impl<const D: usize> Lowest<D> {
    /// `direction` and others that know nothing.
    fn around(ground: &Ground<'_, D>, direction: &[[f64; D]]) -> Self {
        let other = |lane: usize| {
            let component = |i: usize, factor: usize, modulus: usize| ((i * factor + 11 * lane) % modulus) as f64;
            let axis_of = |i: usize, axis: usize| component(i, [37, 53, 71][axis], 101 + 2 * axis) - 50.0 - axis as f64;
            (0..ground.particles()).map(|i| std::array::from_fn(|axis| axis_of(i, axis))).collect::<Field<D>>()
        };
        let vectors = [direction.to_vec()].into_iter().chain((1..LOWEST).map(other)).collect();
        Lowest { vectors, values: Vec::new() }
    }

    /// Goes to where `stiff` is.
    fn look(&mut self, ground: &Ground<'_, D>, stiff: &Stiffness) -> Option<()> {
        let sweeps = if self.values.is_empty() { SWEEPS } else { SWEEPS_AGAIN };
        orthonormalize(&mut self.vectors)?;
        self.turn_to_axes(stiff)?;
        let mut shift = (1.0 + FURTHER) * self.values[0].min(0.0) - BELOW;
        let shifted =
            |shift: &f64| stiff.matrix.factorize(*shift).ok().filter(|factors| factors.negative_pivots() == 0);
        let factors = (0..TRIALS).find_map(|_| {
            let factors = shifted(&shift);
            shift *= 2.0;
            factors
        })?;
        for _ in 0..sweeps {
            let fields: Vec<&[[f64; D]]> = self.vectors.iter().map(Vec::as_slice).collect();
            self.vectors = stiff.solve(ground, &factors, &fields);
            orthonormalize(&mut self.vectors)?;
        }
        self.turn_to_axes(stiff)
    }

    /// Becomes the eigenvectors of H within what these span.
    fn turn_to_axes(&mut self, stiff: &Stiffness) -> Option<()> {
        let fields: Vec<&[[f64; D]]> = self.vectors.iter().map(Vec::as_slice).collect();
        let products = stiff.product(&fields);
        let entry = |a: usize, b: usize| 0.5 * (dot(fields[a], &products[b]) + dot(fields[b], &products[a]));
        let eigen = Mat::from_fn(LOWEST, LOWEST, entry).self_adjoint_eigen(Side::Lower).ok()?;
        let combined = |k: usize| {
            let mut sum = vec![[0.0; D]; self.vectors[0].len()];
            for (a, vector) in self.vectors.iter().enumerate() {
                let weight = eigen.U()[(a, k)];
                for (s, v) in sum.iter_mut().zip(vector) {
                    *s = plus(*s, weight, *v);
                }
            }
            sum
        };
        let vectors = (0..LOWEST).map(combined).collect();
        self.values = (0..LOWEST).map(|k| eigen.S()[k]).collect();
        self.vectors = vectors;
        Some(())
    }

    /// The `newton` step H⁻¹F turned so that it climbs along the lowest eigenvector and falls along the others.
    fn turned(&self, newton: Field<D>, forces: &[[f64; D]]) -> Field<D> {
        let mut step = newton;
        for (k, (vector, value)) in self.vectors.iter().zip(&self.values).enumerate() {
            let sign = if k == 0 { -1.0 } else { 1.0 };
            let most = REACH / longest(vector);
            let wanted = (sign * dot(vector, forces) / value.abs()).clamp(-most, most);
            step = moved(&step, vector, wanted - dot(&step, vector));
        }
        step
    }
}

/// By Gram and Schmidt, twice; `None` if they are not independent.
fn orthonormalize<const D: usize>(vectors: &mut [Field<D>]) -> Option<()> {
    for k in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(k);
        let vector = &mut rest[0];
        let scale = 1.0 / norm(vector);
        vector.as_flattened_mut().iter_mut().for_each(|x| *x *= scale);
        for other in before.iter().chain(before.iter()) {
            *vector = moved(vector, other, -dot(vector, other));
        }
        let length = norm(vector);
        if length.is_nan() || length <= 1e-10 {
            return None;
        }
        vector.as_flattened_mut().iter_mut().for_each(|x| *x /= length);
    }
    Some(())
}
