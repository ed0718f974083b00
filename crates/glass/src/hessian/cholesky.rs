//! Sparse Cholesky factorization of the Hessian.

use super::Hessian;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::SparseColMat;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::{Conj, MatMut, Par, Side};
use thiserror::Error;

/// L Lᵀ = H + shift · 1, reordered for little fill (approximate minimum degree). Sequential, so the
/// bits do not depend on the number of threads; they may depend on the machine's vector width.
#[derive(Debug)]
pub struct Cholesky {
    symbolic: SymbolicCholesky<usize>,
    values: Vec<f64>,
}

/// Why there is no factorization.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum CholeskyFailure {
    /// An eigenvalue of H is below −shift.
    #[error("the Hessian is not positive definite: negative pivot {pivot}")]
    NotPositiveDefinite {
        /// Position of the pivot in the order of elimination.
        pivot: usize,
    },
    /// No room for the factor.
    #[error("not enough memory for the factor of the Hessian")]
    Memory,
}

impl Cholesky {
    /// Factorizes H + `shift` · 1. The shift makes up for the zero modes (the translations, and any
    /// rattlers).
    ///
    /// # Errors
    /// [`CholeskyFailure::NotPositiveDefinite`] when H has an eigenvalue below −`shift`: a saddle.
    pub fn new<const D: usize>(hessian: &Hessian<D>, shift: f64) -> Result<Self, CholeskyFailure> {
        Self::of_upper(&hessian.to_sparse_upper(shift))
    }

    /// Of a matrix whose upper triangle this is.
    fn of_upper(upper: &SparseColMat<usize, f64>) -> Result<Self, CholeskyFailure> {
        let symbolic = factorize_symbolic_cholesky(
            upper.symbolic(),
            Side::Upper,
            SymmetricOrdering::Amd,
            CholeskySymbolicParams::default(),
        )
        .map_err(|_| CholeskyFailure::Memory)?;
        let mut values = vec![0.0; symbolic.len_val()];
        let scratch = symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Default::default());
        let mut memory = MemBuffer::try_new(scratch).map_err(|_| CholeskyFailure::Memory)?;
        symbolic
            .factorize_numeric_llt(
                &mut values,
                upper.as_ref(),
                Side::Upper,
                Default::default(),
                Par::Seq,
                MemStack::new(&mut memory),
                Default::default(),
            )
            .map_err(|faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index }| {
                CholeskyFailure::NotPositiveDefinite { pivot: index }
            })?;
        Ok(Cholesky { symbolic, values })
    }

    /// Replaces each of the `columns` right-hand sides, one behind the other in `right`, by
    /// (H + shift)⁻¹ times it.
    ///
    /// # Errors
    /// [`CholeskyFailure::Memory`].
    ///
    /// # Panics
    /// If `right` has not DN · `columns` entries.
    pub fn solve(&self, right: &mut [f64], columns: usize) -> Result<(), CholeskyFailure> {
        let scratch = self.symbolic.solve_in_place_scratch::<f64>(columns, Par::Seq);
        let mut memory = MemBuffer::try_new(scratch).map_err(|_| CholeskyFailure::Memory)?;
        let right = MatMut::from_column_major_slice_mut(right, self.symbolic.nrows(), columns);
        LltRef::new(&self.symbolic, &self.values).solve_in_place_with_conj(
            Conj::No,
            right,
            Par::Seq,
            MemStack::new(&mut memory),
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Configuration, Potential, Seed, diameters::DiameterChoice};

    #[test]
    fn solves_what_it_factorized_and_refuses_what_is_indefinite() {
        let seed = Seed::of_realization(3, 5);
        let configuration = Configuration::random(seed, 100, 1.0, DiameterChoice::Random).expect("valid");
        let hessian = Hessian::new(&configuration, &Potential::new(2).expect("valid"));
        // A random start is no minimum: overlapping pairs push against the transverse direction.
        assert!(matches!(Cholesky::new(&hessian, 1e-9), Err(CholeskyFailure::NotPositiveDefinite { .. })));
        // A shift beyond the largest entry's row sum makes any matrix positive definite.
        let size = 200;
        let dense = hessian.to_dense();
        let shift = 2.0 * (0..size).map(|k| (0..size).map(|l| dense[(l, k)].abs()).sum()).fold(0.0, f64::max);
        let factor = Cholesky::new(&hessian, shift).expect("diagonally dominant");
        let right: Vec<f64> = (0..2 * size).map(|k| ((k * 31 % 17) as f64) - 8.0).collect();
        let mut solution = right.clone();
        factor.solve(&mut solution, 2).expect("memory");
        for column in 0..2 {
            let (x, b) = (&solution[column * size..][..size], &right[column * size..][..size]);
            let mut product = vec![0.0; size];
            hessian.apply(x, &mut product);
            assert!((0..size).all(|k| (product[k] + shift * x[k] - b[k]).abs() < 1e-11));
        }
    }
}
