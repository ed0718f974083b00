//! All modes below ω_max, certified.

use super::SpectrumFailure;
use super::factorization::OrderedMatrix;
use super::inertia::{Signature, below_all, border, count_below};
use super::window::Window;

/// Windows from the lowest eigenvalue to ω_max, or as far up as it takes to have `lowest` modes
/// above zero. The highest border stands in a gap, so that the count there is beyond doubt.
///
/// # Errors
/// [`SpectrumFailure::Solver`] when a factorization fails.
pub(crate) fn low_windows(
    matrix: &OrderedMatrix,
    signature: Signature,
    omega_max: f64,
    lowest: usize,
) -> Result<Vec<Window>, SpectrumFailure> {
    // Far below the softest mode of any glass seen, far above what the zero modes disturb.
    let smallest = 1e-5 * matrix.norm();
    let unstable_or_zero = signature.negative + signature.zero;
    let wanted = (unstable_or_zero + lowest).min(matrix.size());
    let mut wish = (omega_max * omega_max).max(smallest);
    loop {
        wish = wish.min(1.01 * matrix.norm());
        let below = count_below(matrix, wish, 1e-5 * wish)?;
        if below >= wanted {
            let (high, below) = border(matrix, wish, below, wish / (below + 1) as f64)?;
            return windows_up_to(matrix, signature, high, below);
        }
        // As if they filled λ evenly, as in two dimensions; in three they are more above. A tenth more makes it likely.
        let found = below.saturating_sub(unstable_or_zero) as f64;
        wish *= (1.1 * (lowest as f64 + 1.0) / found.max(0.5)).clamp(1.2, 8.0);
    }
}

/// Everything below `high`: unstable modes apart from the others.
pub(crate) fn windows_up_to(
    matrix: &OrderedMatrix,
    signature: Signature,
    high: f64,
    below_high: usize,
) -> Result<Vec<Window>, SpectrumFailure> {
    let zero = -signature.tolerance;
    let mut windows = Vec::new();
    if signature.negative > 0 {
        let low = below_all(matrix)?;
        windows.push(Window { low, high: zero, below: 0, count: signature.negative, neighbours: [false, true] });
    }
    windows.push(Window {
        low: zero,
        high,
        below: signature.negative,
        count: below_high - signature.negative,
        neighbours: [signature.negative > 0, below_high < matrix.size()],
    });
    Ok(windows)
}
