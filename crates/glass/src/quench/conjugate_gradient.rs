//! The gradient stage: nonlinear conjugate gradient.

use super::QuenchFailure;
use super::descent::Descent;
use super::vectors::{dot, length_max};
use crate::space::{plus, square};

/// Largest force with which a conjugate direction is any use. Above it (overlapping particles of a
/// random start, forces over many orders of magnitude) each particle follows its own force.
pub(super) const OVERLAP_FORCE: f64 = 1e3;

/// Longest displacement of a particle in one step while overlaps are undone.
const OVERLAP_DISPLACEMENT: f64 = 0.1;

/// A stiffness d·H·d/d·d to begin with; only the first step of the first search depends on it.
const FIRST_STIFFNESS: f64 = 400.0;

/// Nonlinear conjugate gradient of Polak and Ribière, with restart where β < 0 (PR+; Nocedal and
/// Wright, Numerical Optimization, eq. 5.45).
pub(super) struct ConjugateGradient<const D: usize> {
    direction: Vec<[f64; D]>,
    /// Forces where the direction was made.
    previous: Vec<[f64; D]>,
    stiffness: f64,
}

impl<const D: usize> ConjugateGradient<D> {
    pub(super) fn new(descent: &Descent<D>) -> Self {
        ConjugateGradient {
            direction: descent.forces.clone(),
            previous: descent.forces.clone(),
            stiffness: FIRST_STIFFNESS,
        }
    }

    /// Descends until max |F| ≤ `target`.
    pub(super) fn descend(&mut self, descent: &mut Descent<D>, target: f64) -> Result<(), QuenchFailure> {
        while descent.force_max() > target {
            let mut slope = dot(&descent.forces, &self.direction);
            let steepest = slope <= 0.0 || !slope.is_finite();
            if steepest {
                self.direction.copy_from_slice(&descent.forces);
                slope = dot(&descent.forces, &descent.forces);
            }
            self.previous.copy_from_slice(&descent.forces);
            let guess = slope / (self.stiffness * dot(&self.direction, &self.direction));
            match descent.search(&self.direction, slope, guess)? {
                Some(curvature) => {
                    let stiffness = curvature / dot(&self.direction, &self.direction);
                    if stiffness > 0.0 {
                        self.stiffness = stiffness;
                    }
                    self.turn(&descent.forces);
                }
                None if self.direction == descent.forces => return Err(descent.not_converged()),
                None => self.direction.copy_from_slice(&descent.forces),
            }
        }
        Ok(())
    }

    /// d ← F + β d with β = max(0, F·(F − F₀)/F₀·F₀).
    fn turn(&mut self, forces: &[[f64; D]]) {
        let overlap = dot(forces, &self.previous);
        let beta = ((dot(forces, forces) - overlap) / dot(&self.previous, &self.previous)).max(0.0);
        for (d, &f) in self.direction.iter_mut().zip(forces) {
            *d = plus(f, beta, *d);
        }
    }
}

/// Undoes the overlaps of a random start: steps along the forces, each particle's cut to a tenth of
/// a diameter, until max |F| ≤ `target`.
pub(super) fn separate_overlaps<const D: usize>(descent: &mut Descent<D>, target: f64) -> Result<(), QuenchFailure> {
    while descent.force_max() > target {
        let direction: Vec<[f64; D]> = descent
            .forces
            .iter()
            .map(|&f| {
                let length = square(f).sqrt();
                let scale =
                    if length > 0.0 { OVERLAP_DISPLACEMENT.min(length / FIRST_STIFFNESS) / length } else { 0.0 };
                f.map(|component| scale * component)
            })
            .collect();
        let slope = dot(&descent.forces, &direction);
        debug_assert!(length_max(&direction) <= 1.001 * OVERLAP_DISPLACEMENT);
        if descent.search(&direction, slope, 1.0)?.is_none() {
            return Err(descent.not_converged());
        }
    }
    Ok(())
}
