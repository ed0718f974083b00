//! Block Lanczos on (H − σ)⁻¹ with full reorthogonalization: every eigenpair inside a window.
//!
//! The eigenvalues of (H − σ)⁻¹ that lie in the window, θ = 1/(λ − σ), are its largest in magnitude,
//! and come first (Ericsson and Ruhe, doi:10.1090/S0025-5718-1980-0583502-2; Grimes, Lewis and
//! Simon, doi:10.1137/S0895479888151111). How many there are is known from the inertia: the
//! iteration ends when it has them all.

use super::SpectrumFailure;
use super::block::{column, inner, orthonormalize, product, project_out, random_block, subtract_product};
use super::checks::{Quality, rayleigh_quotients};
use super::dense::self_adjoint_eigenpairs;
use super::factorization::{Factorization, LANES, OrderedMatrix, Row};
use super::shift::shifted_factorization;
use super::window::Window;
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Spec};
use glass::random::Stream;

/// Vectors that a block holds. Wider blocks read the basis less often, narrower ones converge with
/// fewer vectors; degenerate levels of up to this multiplicity come in one pass.
const BLOCK: usize = 4;

/// A Ritz vector x of (H − σ)⁻¹ has converged when ‖(H − σ)⁻¹x − θx‖ is below this part of |θ|.
const CONVERGED: f64 = 1e-12;

/// Above this growth, solutions are refined.
const GROWTH_UNREFINED: f64 = 1e4;

/// Matrices with fewer rows to find vectors in are solved densely.
const SMALL: usize = 16 * BLOCK;

/// Blocks added between two looks at the Ritz values.
const BLOCKS_BETWEEN_CHECKS: usize = 3;

/// Eigenpairs in elimination order, ascending.
#[derive(Debug, Clone)]
pub(crate) struct Eigenpairs {
    pub(crate) values: Vec<f64>,
    /// Unit vectors, one a column.
    pub(crate) vectors: Mat<f64>,
    /// ‖Hv − λv‖ of each.
    pub(crate) residuals: Vec<f64>,
}

/// All eigenpairs of `window`, of which the orthonormal `known` are some.
///
/// # Errors
/// [`SpectrumFailure::Incomplete`] when `steps_max` blocks did not bring them all;
/// [`SpectrumFailure::Solver`] when H − σ cannot be factorized.
pub(crate) fn window_eigenpairs(
    matrix: &OrderedMatrix,
    window: Window,
    known: MatRef<'_, f64>,
    steps_max: usize,
    stream: &mut Stream,
) -> Result<Eigenpairs, SpectrumFailure> {
    if matrix.size() - known.ncols() < SMALL {
        return pairs_inside(matrix, window);
    }
    let mut found = known.to_owned();
    let mut steps_left = steps_max;
    if found.ncols() < window.count {
        let factorization = shifted_factorization(matrix, window, stream)?;
        let mut start = random_block(matrix.size(), BLOCK, stream);
        while found.ncols() < window.count {
            if steps_left == 0 {
                return Err(incomplete(window, found.ncols()));
            }
            let needed = window.count - found.ncols();
            let mut krylov = Krylov::new(matrix, &factorization, found.as_ref(), start, needed, stream);
            let batch = krylov.converge(window, needed, &mut steps_left, stream);
            if batch.found.ncols() > needed {
                return Err(incomplete(window, found.ncols() + batch.found.ncols()));
            }
            start = batch.restart;
            found = beside(found.as_ref(), batch.found.as_ref());
        }
    }
    Ok(sorted(matrix, found))
}

/// By the dense solver, where a Krylov space has no room.
fn pairs_inside(matrix: &OrderedMatrix, window: Window) -> Result<Eigenpairs, SpectrumFailure> {
    let (values, vectors) = self_adjoint_eigenpairs(matrix.to_dense())?;
    let first = values.partition_point(|&value| value <= window.low);
    let count = values.partition_point(|&value| value <= window.high) - first;
    if count != window.count {
        return Err(incomplete(window, count));
    }
    Ok(sorted(matrix, vectors.subcols(first, count).to_owned()))
}

fn incomplete(window: Window, found: usize) -> SpectrumFailure {
    let (found, counted) = (window.below + found, window.below + window.count);
    SpectrumFailure::Incomplete { omega: window.high.max(0.0).sqrt(), found, counted }
}

fn beside(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Mat<f64> {
    let mut both = Mat::zeros(left.nrows(), left.ncols() + right.ncols());
    both.as_mut().subcols_mut(0, left.ncols()).copy_from(left);
    both.as_mut().subcols_mut(left.ncols(), right.ncols()).copy_from(right);
    both
}

fn sorted(matrix: &OrderedMatrix, mut vectors: Mat<f64>) -> Eigenpairs {
    let Quality { values, residuals } = rayleigh_quotients(matrix, &mut vectors);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    Eigenpairs {
        vectors: Mat::from_fn(vectors.nrows(), order.len(), |i, k| vectors[(i, order[k])]),
        residuals: order.iter().map(|&k| residuals[k]).collect(),
        values: order.iter().map(|&k| values[k]).collect(),
    }
}

/// What one Krylov space gave.
struct Batch {
    /// Converged vectors inside the window, one a column.
    found: Mat<f64>,
    /// Where to go on: what had not converged.
    restart: Mat<f64>,
}

/// V = [locked | Q₁ Q₂ …] orthonormal, and T = Qᵀ (H − σ)⁻¹ Q, block tridiagonal.
struct Krylov<'a> {
    matrix: &'a OrderedMatrix,
    factorization: &'a Factorization<'a>,
    basis: Mat<f64>,
    locked: usize,
    /// Columns of Q that T covers; the block after them is the next.
    size: usize,
    capacity: usize,
    projected: Mat<f64>,
    /// (H − σ)⁻¹ Q_j = … + Q_{j+1} `coupling`.
    coupling: Mat<f64>,
    /// Gram matrix of that last term.
    leftover: Mat<f64>,
    rows: [Vec<Row>; 3],
}

impl<'a> Krylov<'a> {
    fn new(
        matrix: &'a OrderedMatrix,
        factorization: &'a Factorization<'a>,
        locked: MatRef<'_, f64>,
        mut start: Mat<f64>,
        needed: usize,
        stream: &mut Stream,
    ) -> Self {
        let size = matrix.size();
        let room = size - locked.ncols();
        // The last, incomplete block of a space that fills up is left to a restart.
        let capacity = (3 * needed + 30 * BLOCK).min(room) / BLOCK * BLOCK;
        let length = start.col(0).norm_l2();
        orthonormalize(&mut start, locked, length, stream);
        let mut basis = Mat::zeros(size, locked.ncols() + capacity + BLOCK);
        basis.as_mut().subcols_mut(0, locked.ncols()).copy_from(locked);
        basis.as_mut().subcols_mut(locked.ncols(), BLOCK).copy_from(&start);
        Krylov {
            matrix,
            factorization,
            basis,
            locked: locked.ncols(),
            size: 0,
            capacity,
            projected: Mat::zeros(capacity + BLOCK, capacity + BLOCK),
            coupling: Mat::zeros(BLOCK, BLOCK),
            leftover: Mat::zeros(BLOCK, BLOCK),
            rows: [(); 3].map(|()| vec![[0.0; LANES]; size]),
        }
    }

    /// Extends the space until the `needed` eigenpairs of `window` have converged, it is full, it
    /// stands still, or no steps are left.
    fn converge(&mut self, window: Window, needed: usize, steps_left: &mut usize, stream: &mut Stream) -> Batch {
        // What windows of real glasses were seen to take; too early a look costs little.
        let mut look = (2 * needed + 20 * BLOCK).min(self.capacity);
        let mut converged_before = usize::MAX;
        loop {
            self.extend(stream);
            *steps_left -= 1;
            let ends = self.size == self.capacity || *steps_left == 0;
            if !(ends || self.size >= look) {
                continue;
            }
            look = self.size + BLOCKS_BETWEEN_CHECKS * BLOCK;
            let ritz = Ritz::new(self, window);
            // All that is there has converged, and the count says there is more: a level of higher
            // multiplicity than the block, which this space will never show.
            let stands_still = ritz.open.is_empty() && ritz.converged.len() == converged_before;
            converged_before = ritz.converged.len();
            if ritz.converged.len() >= needed || ends || stands_still {
                return Batch { found: ritz.vectors(self, &ritz.converged), restart: self.restart(&ritz, stream) };
            }
        }
    }

    /// One block more: Q_{j+1} from (H − σ)⁻¹ Q_j.
    fn extend(&mut self, stream: &mut Stream) {
        let current = self.locked + self.size;
        let mut block = self.solve(current);
        let length = (0..BLOCK).map(|j| block.col(j).norm_l2()).fold(0.0, f64::max);
        // The terms that are not small first: what the rest of the basis then takes out is rounding.
        if self.size > 0 {
            let previous = self.basis.subcols(current - BLOCK, BLOCK);
            subtract_product(block.as_mut(), previous, self.coupling.transpose());
        }
        let mut diagonal = project_out(block.as_mut(), self.basis.subcols(current, BLOCK));
        let before = self.basis.subcols(0, current + BLOCK);
        if current + 2 * BLOCK <= self.matrix.size() {
            let (components, triangle) = orthonormalize(&mut block, before, length, stream);
            diagonal += components.subrows(current, BLOCK);
            self.leftover = inner(triangle.as_ref(), triangle.as_ref());
            self.coupling = triangle;
        } else {
            // Nothing is left to span: the remainder itself stands for the next block.
            diagonal += project_out(block.as_mut(), before).subrows(current, BLOCK);
            self.leftover = inner(block.as_ref(), block.as_ref());
            self.coupling = Mat::identity(BLOCK, BLOCK);
        }
        let (here, next) = (self.size, self.size + BLOCK);
        for a in 0..BLOCK {
            for b in 0..BLOCK {
                self.projected[(here + a, here + b)] = 0.5 * (diagonal[(a, b)] + diagonal[(b, a)]);
                self.projected[(next + a, here + b)] = self.coupling[(a, b)];
                self.projected[(here + b, next + a)] = self.coupling[(a, b)];
            }
        }
        self.basis.as_mut().subcols_mut(current + BLOCK, BLOCK).copy_from(&block);
        self.size = next;
    }

    /// (H − σ)⁻¹ of the block at column `first`; refined once when the factors, which come without
    /// pivoting, are not good to the last digits.
    fn solve(&mut self, first: usize) -> Mat<f64> {
        let [right, solution, product] = &mut self.rows;
        for lane in 0..BLOCK {
            for (row, &x) in right.iter_mut().zip(column(&mut self.basis, first + lane).iter()) {
                row[lane] = x;
            }
        }
        solution.copy_from_slice(right);
        self.factorization.solve(solution);
        if self.factorization.growth() > GROWTH_UNREFINED {
            self.matrix.apply(solution, product);
            let shift = self.factorization.shift();
            for ((b, x), hx) in right.iter().zip(solution.iter()).zip(product.iter_mut()) {
                for lane in 0..LANES {
                    hx[lane] = b[lane] - (hx[lane] - shift * x[lane]);
                }
            }
            self.factorization.solve(product);
            for (x, correction) in solution.iter_mut().zip(product.iter()) {
                for lane in 0..LANES {
                    x[lane] += correction[lane];
                }
            }
        }
        let mut block = Mat::zeros(self.matrix.size(), BLOCK);
        for lane in 0..BLOCK {
            for (x, row) in column(&mut block, lane).iter_mut().zip(solution.iter()) {
                *x = row[lane];
            }
        }
        block
    }

    /// The Ritz vectors of the window that have not converged, filled up at random.
    fn restart(&self, ritz: &Ritz, stream: &mut Stream) -> Mat<f64> {
        let mut block = random_block(self.matrix.size(), BLOCK, stream);
        let open = ritz.vectors(self, &ritz.open[..ritz.open.len().min(BLOCK - 1)]);
        block.as_mut().subcols_mut(0, open.ncols()).copy_from(open);
        block
    }
}

/// Eigenpairs of T whose λ = σ + 1/θ lies in the window.
struct Ritz {
    /// θ of all of T, and its eigenvectors.
    values: Vec<f64>,
    vectors: Mat<f64>,
    converged: Vec<usize>,
    open: Vec<usize>,
}

impl Ritz {
    fn new(krylov: &Krylov<'_>, window: Window) -> Self {
        let size = krylov.size;
        let (values, vectors) = small_eigenpairs(krylov.projected.submatrix(0, 0, size, size));
        let last = vectors.subrows(size - BLOCK, BLOCK);
        let weighted = product(krylov.leftover.as_ref(), last);
        let (mut converged, mut open) = (Vec::new(), Vec::new());
        for (k, &theta) in values.iter().enumerate() {
            let lambda = krylov.factorization.shift() + 1.0 / theta;
            if window.low < lambda && lambda <= window.high {
                let residual = (0..BLOCK).map(|a| last[(a, k)] * weighted[(a, k)]).sum::<f64>().max(0.0).sqrt();
                if residual <= CONVERGED * theta.abs() { converged.push(k) } else { open.push(k) }
            }
        }
        Ritz { values, vectors, converged, open }
    }

    /// x + (residual)/θ = (H − σ)⁻¹x/θ of the eigenpairs `chosen`: the remainder, which H would
    /// amplify most, is thereby taken out.
    fn vectors(&self, krylov: &Krylov<'_>, chosen: &[usize]) -> Mat<f64> {
        let size = krylov.size;
        let mut coefficients = Mat::zeros(size + BLOCK, chosen.len());
        for (c, &k) in chosen.iter().enumerate() {
            coefficients.as_mut().col_mut(c).subrows_mut(0, size).copy_from(self.vectors.col(k));
        }
        let tail = product(krylov.coupling.as_ref(), coefficients.subrows(size - BLOCK, BLOCK));
        for (c, &k) in chosen.iter().enumerate() {
            for a in 0..BLOCK {
                coefficients[(size + a, c)] = tail[(a, c)] / self.values[k];
            }
        }
        let space = krylov.basis.subcols(krylov.locked, size + BLOCK);
        let mut vectors = Mat::zeros(krylov.matrix.size(), chosen.len());
        matmul(vectors.as_mut(), Accum::Replace, space, coefficients.as_ref(), 1.0, Par::Seq);
        vectors
    }
}

/// All eigenpairs of a small dense symmetric matrix.
fn small_eigenpairs(matrix: MatRef<'_, f64>) -> (Vec<f64>, Mat<f64>) {
    let size = matrix.nrows();
    let (mut values, mut vectors) = (Diag::zeros(size), Mat::zeros(size, size));
    let scratch = self_adjoint_evd_scratch::<f64>(size, ComputeEigenvectors::Yes, Par::Seq, Spec::default());
    let solved = self_adjoint_evd(
        matrix,
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Spec::default(),
    );
    // Without convergence nothing counts as found, and the space grows or starts anew.
    match solved {
        Ok(()) => ((0..size).map(|k| values[k]).collect(), vectors),
        Err(_) => (vec![0.0; size], Mat::zeros(size, size)),
    }
}
