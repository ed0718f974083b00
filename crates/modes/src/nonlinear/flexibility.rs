//! H⁻¹ applied to eight force fields at once.

use super::translation::without_translation;
use crate::spectrum::factorization::{Factorization, LANES, OrderedMatrix, Row};

/// The factorization is that of H plus this, which makes up for the translations. One step of iterative
/// refinement with H itself takes it out again: what is left is of order (shift/λ)², λ the softest mode.
pub(super) const SHIFT: f64 = 1e-9;

/// H⁻¹ on what is orthogonal to the translations.
pub(super) struct Flexibility<'a> {
    matrix: &'a OrderedMatrix,
    factorization: Factorization<'a>,
    right: Vec<Row>,
    solution: Vec<Row>,
    product: Vec<Row>,
}

impl<'a> Flexibility<'a> {
    /// Of the matrix whose factorization, shifted by [`SHIFT`], this is.
    pub(super) fn new(matrix: &'a OrderedMatrix, factorization: Factorization<'a>) -> Self {
        let rows = || vec![[0.0; LANES]; matrix.size()];
        Flexibility { matrix, factorization, right: rows(), solution: rows(), product: rows() }
    }

    /// Replaces up to [`LANES`] force fields, each N × D of zero sum, by the displacements they cause,
    /// translation removed. Each is the same bits whatever its companions are.
    pub(super) fn solve<const D: usize>(&mut self, fields: &mut [Vec<[f64; D]>]) {
        debug_assert!(fields.len() <= LANES);
        for (row, &original) in self.right.iter_mut().zip(self.matrix.order()) {
            *row = [0.0; LANES];
            for (lane, field) in row.iter_mut().zip(fields.iter()) {
                *lane = field.as_flattened()[original];
            }
        }
        self.solution.copy_from_slice(&self.right);
        self.factorization.solve(&mut self.solution);
        self.take_out(fields);
        // The residual with H itself, of displacements that are free of translations.
        self.put_in(fields);
        self.matrix.apply(&self.solution, &mut self.product);
        for (product, right) in self.product.iter_mut().zip(&self.right) {
            for lane in 0..LANES {
                product[lane] = right[lane] - product[lane];
            }
        }
        self.factorization.solve(&mut self.product);
        for (solution, correction) in self.solution.iter_mut().zip(&self.product) {
            for lane in 0..LANES {
                solution[lane] += correction[lane];
            }
        }
        self.take_out(fields);
    }

    fn put_in<const D: usize>(&mut self, fields: &[Vec<[f64; D]>]) {
        for (row, &original) in self.solution.iter_mut().zip(self.matrix.order()) {
            for (lane, field) in row.iter_mut().zip(fields) {
                *lane = field.as_flattened()[original];
            }
        }
    }

    fn take_out<const D: usize>(&self, fields: &mut [Vec<[f64; D]>]) {
        for (row, &original) in self.solution.iter().zip(self.matrix.order()) {
            for (lane, field) in row.iter().zip(fields.iter_mut()) {
                field.as_flattened_mut()[original] = *lane;
            }
        }
        fields.iter_mut().for_each(|field| without_translation(field));
    }
}
