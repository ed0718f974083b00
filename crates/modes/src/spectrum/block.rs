//! Orthonormal blocks: what block Lanczos extends its basis by.

use faer::linalg::matmul::matmul;
use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Accum, Mat, MatMut, MatRef, Par};
use glass::random::{Stream, uniform};

/// Below this part of its length, what is left of a vector is rounding.
const RANK_TOLERANCE: f64 = 1e-13;

/// Normalizing a block that lost more than this part of its length to the basis brings back what
/// orthogonality it lacked; it is projected again.
const CANCELLATION: f64 = 1e-3;

/// `left`ᵀ `right`.
pub(crate) fn inner(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Mat<f64> {
    let mut product = Mat::zeros(left.ncols(), right.ncols());
    matmul(product.as_mut(), Accum::Replace, left.transpose(), right, 1.0, Par::Seq);
    product
}

/// `left` `right`.
pub(crate) fn product(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Mat<f64> {
    let mut product = Mat::zeros(left.nrows(), right.ncols());
    matmul(product.as_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
    product
}

/// `block` −= `left` `right`.
pub(crate) fn subtract_product(block: MatMut<'_, f64>, left: MatRef<'_, f64>, right: MatRef<'_, f64>) {
    matmul(block, Accum::Add, left, right, -1.0, Par::Seq);
}

/// Removes the components of `block` along the orthonormal `basis` and returns them.
pub(crate) fn project_out(mut block: MatMut<'_, f64>, basis: MatRef<'_, f64>) -> Mat<f64> {
    let components = inner(basis, block.rb());
    subtract_product(block.rb_mut(), basis, components.as_ref());
    components
}

/// Column `j` of a matrix that owns its columns one after the other.
pub(crate) fn column(matrix: &mut Mat<f64>, j: usize) -> &mut [f64] {
    matrix.col_as_slice_mut(j)
}

/// Uniform numbers in [−½, ½).
pub(crate) fn random_block(rows: usize, columns: usize, stream: &mut Stream) -> Mat<f64> {
    let mut block = Mat::zeros(rows, columns);
    for j in 0..columns {
        column(&mut block, j).fill_with(|| uniform(stream) - 0.5);
    }
    block
}

/// Makes `block` orthonormal and orthogonal to `basis`: block = Q R + basis C, with Q left in
/// `block`; returns (C, R). `length` is what the columns were as long as before anything was
/// subtracted from them.
///
/// A column that depends on the others is replaced by a random one; its row of R is zero.
pub(crate) fn orthonormalize(
    block: &mut Mat<f64>,
    basis: MatRef<'_, f64>,
    length: f64,
    stream: &mut Stream,
) -> (Mat<f64>, Mat<f64>) {
    let mut components = project_out(block.as_mut(), basis);
    let untouched = block.clone();
    let Some(mut triangle) = cholesky_orthonormalize(block) else {
        *block = untouched;
        return (components, one_by_one(block, basis, length, stream));
    };
    if (0..triangle.ncols()).any(|j| triangle[(j, j)] < CANCELLATION * length) {
        let again = project_out(block.as_mut(), basis);
        components += product(again.as_ref(), triangle.as_ref());
        let Some(correction) = cholesky_orthonormalize(block) else {
            *block = untouched;
            return (components, one_by_one(block, basis, length, stream));
        };
        triangle = product(correction.as_ref(), triangle.as_ref());
    }
    (components, triangle)
}

/// Q R of a block by two rounds of Cholesky of its Gram matrix; `None` when it is not clearly of
/// full rank.
fn cholesky_orthonormalize(block: &mut Mat<f64>) -> Option<Mat<f64>> {
    let size = block.ncols();
    let mut total = Mat::<f64>::identity(size, size);
    for _ in 0..2 {
        let gram = inner(block.as_ref(), block.as_ref());
        let mut triangle = Mat::<f64>::zeros(size, size);
        for j in 0..size {
            for i in 0..=j {
                let rest = (0..i).fold(gram[(i, j)], |rest, k| rest - triangle[(k, i)] * triangle[(k, j)]);
                if i < j {
                    triangle[(i, j)] = rest / triangle[(i, i)];
                } else if rest > 1e-10 * gram[(j, j)] {
                    triangle[(j, j)] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        for j in 0..size {
            for k in 0..j {
                let factor = triangle[(k, j)];
                let (done, mut rest) = block.as_mut().split_at_col_mut(j);
                faer::zip!(rest.rb_mut().col_mut(0), done.rb().col(k)).for_each(|faer::unzip!(x, y)| *x -= factor * *y);
            }
            let scale = 1.0 / triangle[(j, j)];
            column(block, j).iter_mut().for_each(|x| *x *= scale);
        }
        total = product(triangle.as_ref(), total.as_ref());
    }
    Some(total)
}

/// The same column by column, for blocks that are, or nearly are, of lower rank.
fn one_by_one(block: &mut Mat<f64>, basis: MatRef<'_, f64>, length: f64, stream: &mut Stream) -> Mat<f64> {
    let (rows, size) = (block.nrows(), block.ncols());
    let mut triangle = Mat::<f64>::zeros(size, size);
    for j in 0..size {
        let mut replaced = false;
        loop {
            for _ in 0..3 {
                let (done, mut rest) = block.as_mut().split_at_col_mut(j);
                let mut current = rest.rb_mut().subcols_mut(0, 1);
                project_out(current.rb_mut(), basis);
                let components = project_out(current, done.rb());
                if !replaced {
                    for k in 0..j {
                        triangle[(k, j)] += components[(k, 0)];
                    }
                }
            }
            let norm = block.col(j).norm_l2();
            if norm > RANK_TOLERANCE * if replaced { (rows as f64).sqrt() } else { length } {
                triangle[(j, j)] = if replaced { 0.0 } else { norm };
                column(block, j).iter_mut().for_each(|x| *x /= norm);
                // Dividing a short vector by its length brings back what it lacked.
                for _ in 0..2 {
                    let (done, mut rest) = block.as_mut().split_at_col_mut(j);
                    let mut current = rest.rb_mut().subcols_mut(0, 1);
                    project_out(current.rb_mut(), basis);
                    project_out(current, done.rb());
                    let norm = block.col(j).norm_l2();
                    column(block, j).iter_mut().for_each(|x| *x /= norm);
                }
                break;
            }
            column(block, j).fill_with(|| uniform(stream) - 0.5);
            replaced = true;
        }
    }
    triangle
}
