//! Eigenpairs window by window: each window is solved on its own, in any order or at once, and the
//! inertia at the borders proves that nothing is missing and nothing is there twice.

use super::SpectrumFailure;
use super::checks::{deviation_from_orthonormal, evident_zero_modes, largest, largest_overlap, participation_ratio};
use super::factorization::OrderedMatrix;
use super::inertia::divide;
use super::lanczos::{Eigenpairs, window_eigenpairs};
use super::solution::{Kept, Solution, original_order};
use super::window::Window;
use faer::{Mat, MatRef};
use glass::random::Stream;
use rand_core::{Rng, SeedableRng};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

/// Eigenpairs that one Krylov space is asked for: reorthogonalization costs more with more, the
/// factorization and the vectors that do not converge cost more a pair with fewer.
const WINDOW_COUNT: usize = 80;

/// Vectors of each window compared with those of the next.
const COMPARED: usize = 2;

/// What is left of a window when its vectors are gone.
struct Summary {
    values: Vec<f64>,
    participation: Vec<f64>,
    residual_max: f64,
    orthogonality_max: f64,
    /// The lowest and the highest vectors of the window.
    edges: [Mat<f64>; 2],
    /// The vectors to be kept, in the original order of rows.
    kept: Mat<f64>,
}

/// All eigenpairs of the windows `areas`, which touch, each divided as needed.
///
/// # Errors
/// [`SpectrumFailure::Incomplete`], [`SpectrumFailure::Solver`].
pub(crate) fn solve_windows(
    matrix: &OrderedMatrix,
    areas: &[Window],
    kept: Kept,
    block_steps_max: usize,
    parallel: bool,
    stream: &mut Stream,
) -> Result<Solution, SpectrumFailure> {
    let mut windows = Vec::new();
    for &area in areas {
        // A space can hardly give more than a tenth of all its vectors.
        divide(matrix, area, WINDOW_COUNT.min((matrix.size() / 8).max(1)), &mut windows)?;
    }
    let zero_modes = evident_zero_modes(matrix);
    let tasks: Vec<(Window, u64)> = windows.into_iter().map(|window| (window, stream.next_u64())).collect();
    let solve = |&(window, seed): &(Window, u64)| {
        let holds_zero = window.low < 0.0 && window.high > 0.0;
        let known = if holds_zero { zero_modes.as_ref() } else { zero_modes.subcols(0, 0) };
        let pairs = window_eigenpairs(matrix, window, known, block_steps_max, &mut Stream::seed_from_u64(seed))?;
        Ok(summarize(matrix, window, &pairs, kept))
    };
    let summaries: Vec<Summary> = if parallel {
        tasks.par_iter().map(solve).collect::<Result<_, SpectrumFailure>>()?
    } else {
        tasks.iter().map(solve).collect::<Result<_, SpectrumFailure>>()?
    };
    Ok(join(&summaries))
}

fn summarize(matrix: &OrderedMatrix, window: Window, pairs: &Eigenpairs, kept: Kept) -> Summary {
    let vectors = pairs.vectors.as_ref();
    let count = pairs.values.len();
    let participation =
        (0..count).map(|k| participation_ratio(pairs.vectors.col_as_slice(k), matrix.dimension())).collect();
    let keep = pairs.values.iter().enumerate().take_while(|&(k, &value)| kept.wants(window.below + k, value)).count();
    let edge = COMPARED.min(count);
    Summary {
        values: pairs.values.clone(),
        participation,
        residual_max: largest(pairs.residuals.iter().copied()),
        orthogonality_max: deviation_from_orthonormal(vectors),
        edges: [vectors.subcols(0, edge).to_owned(), vectors.subcols(count - edge, edge).to_owned()],
        kept: original_order(vectors.subcols(0, keep), matrix.order()),
    }
}

fn join(summaries: &[Summary]) -> Solution {
    let across = summaries.windows(2).map(|pair| largest_overlap(pair[0].edges[1].as_ref(), pair[1].edges[0].as_ref()));
    let inside = summaries.iter().map(|summary| summary.orthogonality_max);
    let kept: Vec<MatRef<'_, f64>> = summaries.iter().map(|summary| summary.kept.as_ref()).collect();
    Solution {
        values: summaries.iter().flat_map(|summary| summary.values.iter().copied()).collect(),
        participation: summaries.iter().flat_map(|summary| summary.participation.iter().copied()).collect(),
        residual_max: largest(summaries.iter().map(|summary| summary.residual_max)),
        orthogonality_max: largest(inside.chain(across)),
        vectors: concatenate(&kept),
    }
}

fn concatenate(parts: &[MatRef<'_, f64>]) -> Mat<f64> {
    let rows = parts.first().map_or(0, |part| part.nrows());
    let mut whole = Mat::zeros(rows, parts.iter().map(|part| part.ncols()).sum());
    let mut first = 0;
    for part in parts {
        whole.as_mut().subcols_mut(first, part.ncols()).copy_from(part);
        first += part.ncols();
    }
    whole
}
