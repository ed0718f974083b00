//! How good eigenpairs are, what they look like, and which are known beforehand.

use super::block::{column, inner};
use super::factorization::{LANES, OrderedMatrix, Row};
use faer::{Mat, MatRef};

/// λ = vᵀHv and ‖Hv − λv‖ of unit vectors.
pub(crate) struct Quality {
    pub(crate) values: Vec<f64>,
    pub(crate) residuals: Vec<f64>,
}

/// Normalizes `vectors` (elimination order) and measures them.
pub(crate) fn rayleigh_quotients(matrix: &OrderedMatrix, vectors: &mut Mat<f64>) -> Quality {
    let mut quality = Quality { values: Vec::new(), residuals: Vec::new() };
    let mut x: Vec<Row> = vec![[0.0; LANES]; matrix.size()];
    let mut hx = x.clone();
    for first in (0..vectors.ncols()).step_by(LANES) {
        let lanes = LANES.min(vectors.ncols() - first);
        for lane in 0..lanes {
            let norm = vectors.col(first + lane).norm_l2();
            for (row, x) in x.iter_mut().zip(column(vectors, first + lane)) {
                *x /= norm;
                row[lane] = *x;
            }
        }
        matrix.apply(&x, &mut hx);
        let (mut quotient, mut residual) = ([0.0; LANES], [0.0; LANES]);
        for (x, hx) in x.iter().zip(&hx) {
            for lane in 0..LANES {
                quotient[lane] += x[lane] * hx[lane];
            }
        }
        for (x, hx) in x.iter().zip(&hx) {
            for lane in 0..LANES {
                let rest = hx[lane] - quotient[lane] * x[lane];
                residual[lane] += rest * rest;
            }
        }
        quality.values.extend(&quotient[..lanes]);
        quality.residuals.extend(residual[..lanes].iter().map(|r| r.sqrt()));
    }
    quality
}

/// PR = 1/[N Σ_i (Ψ_i·Ψ_i)²] of a unit vector that has so many successive entries a particle.
pub(crate) fn participation_ratio(vector: &[f64], dimension: usize) -> f64 {
    let square = |psi: &[f64]| psi[1..].iter().fold(psi[0] * psi[0], |sum, component| sum + component * component);
    let sum: f64 = vector.chunks_exact(dimension).map(|psi| square(psi).powi(2)).sum();
    dimension as f64 / (vector.len() as f64 * sum)
}

/// The largest of numbers ≥ 0; not a number if one of them is not.
pub(crate) fn largest(numbers: impl IntoIterator<Item = f64>) -> f64 {
    numbers.into_iter().fold(0.0, |largest, x| if x > largest || x.is_nan() { x } else { largest })
}

/// max |v_i·v_j − δ_ij|.
pub(crate) fn deviation_from_orthonormal(vectors: MatRef<'_, f64>) -> f64 {
    let deviation = inner(vectors, vectors) - Mat::<f64>::identity(vectors.ncols(), vectors.ncols());
    largest_entry(&deviation)
}

/// max |a_i·b_j|.
pub(crate) fn largest_overlap(a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> f64 {
    largest_entry(&inner(a, b))
}

fn largest_entry(matrix: &Mat<f64>) -> f64 {
    largest((0..matrix.ncols()).flat_map(|j| matrix.col_as_slice(j)).map(|x| x.abs()))
}

/// Orthonormal zero modes that need no solver (elimination order): all motions of each particle
/// without a contact, and the translations of all others together. Empty unless H annihilates them.
pub(crate) fn evident_zero_modes(matrix: &OrderedMatrix) -> Mat<f64> {
    let (size, dimension) = (matrix.size(), matrix.dimension());
    let mut modes: Vec<Vec<f64>> = Vec::new();
    let mut translations = vec![vec![0.0; size]; dimension];
    for first in (0..size).step_by(dimension) {
        let rows = first..first + dimension;
        if rows.clone().all(|row| matrix.is_free(row)) {
            for row in rows {
                let mut mode = vec![0.0; size];
                mode[row] = 1.0;
                modes.push(mode);
            }
        } else {
            for (axis, row) in rows.enumerate() {
                translations[axis][row] = 1.0;
            }
        }
    }
    let mut x: Vec<Row> =
        (0..size).map(|row| std::array::from_fn(|k| translations.get(k).map_or(0.0, |moved| moved[row]))).collect();
    let mut hx = x.clone();
    matrix.apply(&x, &mut hx);
    x.clear();
    let force = largest(hx.iter().flatten().map(|h| h.abs()));
    let moving = translations[0].iter().sum::<f64>();
    if force <= 1e-13 * matrix.norm() && moving > 0.0 {
        for mut mode in translations {
            mode.iter_mut().for_each(|x| *x /= moving.sqrt());
            modes.push(mode);
        }
    }
    Mat::from_fn(size, modes.len(), |row, k| modes[k][row])
}
