//! The whole spectrum, window by window.

use super::SpectrumFailure;
use super::factorization::OrderedMatrix;
use super::inertia::{Signature, above_all};
use super::low::windows_up_to;
use super::window::Window;

/// Windows over all eigenvalues.
///
/// # Errors
/// [`SpectrumFailure::Solver`] when a factorization fails.
pub(crate) fn all_windows(matrix: &OrderedMatrix, signature: Signature) -> Result<Vec<Window>, SpectrumFailure> {
    windows_up_to(matrix, signature, above_all(matrix)?, matrix.size())
}
