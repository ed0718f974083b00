//! All eigenpairs by faer's dense self-adjoint solver: the reference.
//!
//! The three steps of faer's `self_adjoint_evd` (Householder tridiagonalization, divide and conquer,
//! back-transformation) are called one by one, so that the reflectors stay where the matrix was and
//! workspace is given back between steps: at most [`MATRICES`] n × n matrices exist at once, 2.0 GB at
//! n = 8000 instead of 2.6.

use super::SpectrumFailure;
use super::checks::{Quality, deviation_from_orthonormal, largest, participation_ratio, rayleigh_quotients};
use super::factorization::OrderedMatrix;
use super::solution::{Kept, Solution, original_order};
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::evd::tridiag::{tridiag_in_place, tridiag_in_place_scratch};
use faer::linalg::evd::tridiagonal_self_adjoint_evd;
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj,
};
use faer::linalg::qr::no_pivoting::factor::recommended_block_size;
use faer::linalg::temp_mat_scratch;
use faer::{Conj, Mat, Par, Spec};

/// Matrices n × n that exist at once: the reflectors, the vectors, and twice that for the divide and conquer.
pub(crate) const MATRICES: usize = 4;

/// Columns compared with each other; successive groups overlap by half.
const COMPARED: usize = 64;

/// All eigenpairs of `matrix`.
///
/// # Errors
/// [`SpectrumFailure::Solver`] when the divide and conquer does not converge.
pub(crate) fn dense(matrix: &OrderedMatrix, kept: Kept) -> Result<Solution, SpectrumFailure> {
    let (values, vectors) = self_adjoint_eigenpairs(matrix.to_dense())?;
    Ok(measure(matrix, values, &vectors, kept))
}

/// Ascending eigenvalues and orthonormal eigenvectors; `matrix` is consumed as workspace.
pub(crate) fn self_adjoint_eigenpairs(mut matrix: Mat<f64>) -> Result<(Vec<f64>, Mat<f64>), SpectrumFailure> {
    let size = matrix.nrows();
    let block = recommended_block_size::<f64>(size, size);
    let mut reflectors = Mat::<f64>::zeros(block, size - 1);
    let scratch = tridiag_in_place_scratch::<f64>(size, Par::Seq, Spec::default());
    let mut memory = MemBuffer::new(scratch);
    tridiag_in_place(matrix.as_mut(), reflectors.as_mut(), Par::Seq, MemStack::new(&mut memory), Spec::default());

    let mut diagonal = Diag::<f64>::zeros(size);
    let mut subdiagonal = Diag::<f64>::zeros(size);
    for k in 0..size {
        diagonal[k] = matrix[(k, k)];
        if k + 1 < size {
            subdiagonal[k] = matrix[(k + 1, k)];
        }
    }
    let mut values = Diag::<f64>::zeros(size);
    let mut vectors = Mat::<f64>::zeros(size, size);
    // faer keeps the size of this workspace to itself; these are the terms of its source.
    let scratch = StackReq::all_of(&[
        temp_mat_scratch::<f64>(size, 1).array(9),
        StackReq::new::<usize>(size).array(4),
        temp_mat_scratch::<f64>(size, size).array(2),
    ]);
    let mut memory = MemBuffer::new(scratch);
    tridiagonal_self_adjoint_evd(
        diagonal.as_ref(),
        subdiagonal.as_ref(),
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut memory),
        Spec::default(),
    )
    .map_err(|cause| SpectrumFailure::solver("dense eigensolver", format_args!("{cause:?}")))?;
    drop(memory);

    let scratch = apply_block_householder_sequence_on_the_left_in_place_scratch::<f64>(size - 1, block, size);
    apply_block_householder_sequence_on_the_left_in_place_with_conj(
        matrix.submatrix(1, 0, size - 1, size - 1),
        reflectors.as_ref(),
        Conj::No,
        vectors.as_mut().subrows_mut(1, size - 1),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
    );
    Ok(((0..size).map(|k| values[k]).collect(), vectors))
}

/// Residuals and participation of all; orthogonality of each vector to its neighbours, and of all
/// that are kept.
fn measure(matrix: &OrderedMatrix, values: Vec<f64>, vectors: &Mat<f64>, kept: Kept) -> Solution {
    let size = values.len();
    let keep = values.iter().enumerate().take_while(|&(k, &value)| kept.wants(k, value)).count();
    let kept_vectors = original_order(vectors.subcols(0, keep), matrix.order());
    let mut orthogonality_max = deviation_from_orthonormal(kept_vectors.as_ref());
    let mut residual_max = 0.0;
    for first in (0..size).step_by(COMPARED / 2) {
        let group = vectors.subcols(first, COMPARED.min(size - first));
        orthogonality_max = largest([orthogonality_max, deviation_from_orthonormal(group)]);
        let mut copy = group.subcols(0, (COMPARED / 2).min(size - first)).to_owned();
        let Quality { residuals, .. } = rayleigh_quotients(matrix, &mut copy);
        residual_max = largest(residuals.into_iter().chain([residual_max]));
    }
    let participation = (0..size).map(|k| participation_ratio(vectors.col_as_slice(k), matrix.dimension())).collect();
    Solution { values, participation, residual_max, orthogonality_max, vectors: kept_vectors }
}
