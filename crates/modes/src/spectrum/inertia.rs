//! Counting eigenvalues below a shift, and what follows: windows, borders, the staircase.

use super::SpectrumFailure;
use super::counting::{Counter, SHIFTS};
use super::factorization::OrderedMatrix;
use super::shift::{is_sound, sound_factorization};
use super::window::Window;

/// Distance kept between a border and the nearest eigenvalue, in mean level spacings. Vectors on
/// both sides come from different bases: they are orthogonal to residual/gap.
const CLEARANCE: f64 = 0.05;

/// Tries to place a border in a gap.
const ATTEMPTS: usize = 60;

/// A window narrower than this part of ‖H‖ holds a degenerate level: it is not divided.
const DEGENERATE: f64 = 1e-6;

/// Number of eigenvalues below `shift`; those within `resolution` of it may fall on either side.
pub(crate) fn count_below(matrix: &OrderedMatrix, shift: f64, resolution: f64) -> Result<usize, SpectrumFailure> {
    Ok(sound_factorization(matrix, shift, 0.5 * resolution, resolution)?.negative_pivots())
}

/// A border in the first gap above `wish`, below which are `below` eigenvalues, that leaves
/// [`CLEARANCE`] × `spacing` on both sides; and the number of eigenvalues below it.
pub(crate) fn border(
    matrix: &OrderedMatrix,
    wish: f64,
    below: usize,
    spacing: f64,
) -> Result<(f64, usize), SpectrumFailure> {
    let clearance = CLEARANCE * spacing;
    let (mut place, mut below) = (wish, below);
    for _ in 0..ATTEMPTS {
        let above = count_below(matrix, place + 2.0 * clearance, 0.5 * clearance)?;
        if above == below {
            return Ok((place + clearance, above));
        }
        (place, below) = (place + 2.0 * clearance, above);
    }
    Err(SpectrumFailure::solver("windows", format_args!("no gap found above lambda = {wish:e}")))
}

/// A shift above every eigenvalue, at most 1 % of ‖H‖ above the largest.
pub(crate) fn above_all(matrix: &OrderedMatrix) -> Result<f64, SpectrumFailure> {
    let norm = matrix.norm();
    bisect(matrix, [0.0, 1.001 * norm], 0.01 * norm, |count| count == matrix.size()).map(|[_, high]| high)
}

/// A shift below every eigenvalue, at most 1 % of |λ_min| below the lowest, which is negative.
pub(crate) fn below_all(matrix: &OrderedMatrix) -> Result<f64, SpectrumFailure> {
    let mut low = -matrix.norm() * 1.001;
    // The lowest may be anything from rounding to ‖H‖: find its order of magnitude first.
    while count_below(matrix, 0.5 * low, 1e-9 * low.abs())? == 0 {
        low *= 0.5;
    }
    bisect(matrix, [low, 0.5 * low], 0.01 * low.abs(), |count| count > 0).map(|[low, _]| low)
}

/// Halves [low, high] until it is no wider than `width`; `reached` is false at low, true at high.
fn bisect(
    matrix: &OrderedMatrix,
    [mut low, mut high]: [f64; 2],
    width: f64,
    reached: impl Fn(usize) -> bool,
) -> Result<[f64; 2], SpectrumFailure> {
    while high - low > width {
        let middle = 0.5 * (low + high);
        if reached(count_below(matrix, middle, 0.01 * width)?) { high = middle } else { low = middle }
    }
    Ok([low, high])
}

/// Divides `window` into windows of at most `count_max` eigenvalues, ascending, borders in gaps. Only
/// a degenerate level may be larger.
pub(crate) fn divide(
    matrix: &OrderedMatrix,
    window: Window,
    count_max: usize,
    windows: &mut Vec<Window>,
) -> Result<(), SpectrumFailure> {
    if window.count <= count_max || window.high - window.low <= DEGENERATE * matrix.norm() {
        if window.count > 0 {
            windows.push(window);
        }
        return Ok(());
    }
    let pieces = window.count.div_ceil(count_max);
    let width = window.high - window.low;
    let wish = window.low + width * ((pieces / 2) as f64 / pieces as f64);
    let spacing = width / window.count as f64;
    let (middle, below) = border(matrix, wish, count_below(matrix, wish, 0.5 * CLEARANCE * spacing)?, spacing)?;
    if !(window.low < middle && middle < window.high) {
        return Err(SpectrumFailure::solver("windows", format_args!("no gap in {window:?}")));
    }
    let [has_below, has_above] = window.neighbours;
    let count = below - window.below;
    let lower = Window { high: middle, count, neighbours: [has_below, true], ..window };
    let upper = Window {
        low: middle,
        below,
        count: window.count - count,
        neighbours: [has_below || below > 0, has_above],
        ..window
    };
    divide(matrix, lower, count_max, windows)?;
    divide(matrix, upper, count_max, windows)
}

/// The integrated density of states: (ω_k, number of modes with ω below ω_k) at `shifts` values
/// ω_k = k·ω_top/`shifts`, k = 1 … `shifts`, where ω_top is the first whole number above all modes.
/// Where H − ω_k² has no sound factorization, ω_k is one nearby. Unstable modes (λ < 0) count as
/// below every ω.
pub(crate) fn staircase(matrix: &OrderedMatrix, shifts: usize) -> Result<Vec<(f64, u64)>, SpectrumFailure> {
    if shifts == 0 {
        return Ok(Vec::new());
    }
    let top = above_all(matrix)?.sqrt().ceil();
    let omegas: Vec<f64> = (1..=shifts).map(|k| top * k as f64 / shifts as f64).collect();
    let resolution = 1e-9 * matrix.norm();
    // Growth can be large for as much as 1e-5 ‖H‖ around a shift (seen once in 75 000).
    let slack = |omega: f64| f64::min(1e-3 * matrix.norm(), 0.1 * omega * top / shifts as f64);
    let mut counter = Counter::new(matrix);
    let mut steps = Vec::with_capacity(shifts);
    for omegas in omegas.chunks(SHIFTS) {
        // What is left over of the last eight is counted for nothing.
        let squares = std::array::from_fn(|lane| omegas[lane.min(omegas.len() - 1)].powi(2));
        for (&omega, inertia) in omegas.iter().zip(counter.inertias(squares)) {
            steps.push(match inertia {
                Some(inertia) if is_sound(inertia.growth, resolution) => (omega, inertia.negative as u64),
                _ => {
                    let factorization = sound_factorization(matrix, omega * omega, slack(omega), resolution)?;
                    let used =
                        if factorization.shift() == omega * omega { omega } else { factorization.shift().sqrt() };
                    (used, factorization.negative_pivots() as u64)
                }
            });
        }
    }
    Ok(steps)
}

/// How many eigenvalues are negative, and how many are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Signature {
    /// |λ| below this is zero.
    pub(crate) tolerance: f64,
    pub(crate) negative: usize,
    pub(crate) zero: usize,
}

/// |λ| below this part of ‖H‖_∞ is zero: a thousand times the rounding of a Goldstone mode.
pub(crate) const ZERO_TOLERANCE: f64 = 1e-11;

impl Signature {
    /// By inertia at ∓ the tolerance.
    pub(crate) fn of(matrix: &OrderedMatrix) -> Result<Self, SpectrumFailure> {
        let tolerance = ZERO_TOLERANCE * matrix.norm();
        let negative = count_below(matrix, -tolerance, 0.5 * tolerance)?;
        let zero = count_below(matrix, tolerance, 0.5 * tolerance)? - negative;
        Ok(Signature { tolerance, negative, zero })
    }
}
