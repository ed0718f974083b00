//! What every method hands back.

use faer::{Mat, MatRef};

/// Eigenpairs and their quality.
#[derive(Debug)]
pub(crate) struct Solution {
    /// λ, ascending.
    pub(crate) values: Vec<f64>,
    /// Participation ratio of each.
    pub(crate) participation: Vec<f64>,
    /// max ‖Hv − λv‖ over all.
    pub(crate) residual_max: f64,
    /// max |v_i·v_j − δ_ij| over the pairs compared.
    pub(crate) orthogonality_max: f64,
    /// Vectors of the lowest, in the original order of rows.
    pub(crate) vectors: Mat<f64>,
}

/// Which vectors outlive the calculation: always the lowest so many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    /// Those with λ below this …
    pub(crate) lambda: f64,
    /// … and at least this many.
    pub(crate) lowest: usize,
}

impl Kept {
    /// Whether the vector of eigenvalue `index` (ascending) = `value` is kept.
    pub(crate) fn wants(self, index: usize, value: f64) -> bool {
        index < self.lowest || value < self.lambda
    }
}

/// Rows from elimination order back to the original one.
pub(crate) fn original_order(vectors: MatRef<'_, f64>, order: &[usize]) -> Mat<f64> {
    let mut restored = Mat::zeros(vectors.nrows(), vectors.ncols());
    for k in 0..vectors.ncols() {
        let column = restored.col_as_slice_mut(k);
        for (row, &original) in order.iter().enumerate() {
            column[original] = vectors[(row, k)];
        }
    }
    restored
}
