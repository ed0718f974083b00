//! Where to factorize H − σ.

use super::SpectrumFailure;
use super::factorization::{Factorization, LANES, OrderedMatrix, Row};
use super::window::Window;
use glass::random::{Stream, uniform};

/// Places tried for a sound factorization.
const ATTEMPTS: usize = 60;

/// Largest θ accepted at a shift, times the mean level spacing: eigenvalues nearer than 1/50 of it are
/// avoided. The rounding of (H − σ)⁻¹ is that of its largest θ.
const SHIFT_NEARNESS: f64 = 50.0;

/// Shifts tried, and from one to the next, in mean level spacings.
const SHIFTS: usize = 40;
const SHIFT_STEP: f64 = 0.23;

/// Whether factors that grew so much in the making are good to `resolution`: eigenvalues further than
/// that from σ are on the right side of it.
pub(crate) fn is_sound(growth: f64, resolution: f64) -> bool {
    16.0 * f64::EPSILON * growth <= resolution
}

/// L D Lᵀ = H − σ at a σ within `slack` of `shift`, good to `resolution` (see [`is_sound`]).
///
/// # Errors
/// [`SpectrumFailure::Solver`] when no shift tried gives a sound factorization.
pub(crate) fn sound_factorization(
    matrix: &OrderedMatrix,
    shift: f64,
    slack: f64,
    resolution: f64,
) -> Result<Factorization<'_>, SpectrumFailure> {
    for attempt in 0..ATTEMPTS {
        // 0, +1, −1, +2, −2, … of 2·ATTEMPTS parts of the slack.
        let side = if attempt % 2 == 1 { 1.0 } else { -1.0 };
        let step = side * attempt.div_ceil(2) as f64 / ATTEMPTS as f64;
        if let Ok(factorization) = matrix.factorize(shift + 2.0 * slack * step)
            && is_sound(factorization.growth(), resolution)
        {
            return Ok(factorization);
        }
    }
    Err(SpectrumFailure::solver("factorization", format_args!("every shift tried near {shift:e} has tiny pivots")))
}

/// A shift where θ separates the window from the rest: its middle, or towards the only neighbours;
/// but not next to an eigenvalue, whose large θ would cost the others their last digits.
///
/// # Errors
/// [`SpectrumFailure::Solver`] when no place is found.
pub(crate) fn shifted_factorization<'a>(
    matrix: &'a OrderedMatrix,
    window: Window,
    stream: &mut Stream,
) -> Result<Factorization<'a>, SpectrumFailure> {
    let fraction = match window.neighbours {
        [false, true] => 0.8,
        [true, false] => 0.2,
        _ => 0.5,
    };
    let width = window.high - window.low;
    let spacing = width / window.count as f64;
    let mut shift = window.low + fraction * width;
    for _ in 0..SHIFTS {
        let factorization = sound_factorization(matrix, shift, 0.1 * spacing, 1e-3 * spacing)?;
        // A random unit vector has 1/√n of any of n eigenvectors, so it grows by about θ_max/√n.
        let mut vectors: Vec<Row> = (0..matrix.size()).map(|_| [(); LANES].map(|()| uniform(stream) - 0.5)).collect();
        let before: f64 = vectors.iter().flatten().map(|x| x * x).sum();
        factorization.solve(&mut vectors);
        let after: f64 = vectors.iter().flatten().map(|x| x * x).sum();
        let largest = (after / before * matrix.size() as f64).sqrt();
        if largest * spacing < SHIFT_NEARNESS {
            return Ok(factorization);
        }
        shift += SHIFT_STEP * spacing;
    }
    Err(SpectrumFailure::solver("shift", format_args!("an eigenvalue next to every place tried in {window:?}")))
}
