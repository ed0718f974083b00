//! LDLᵀ of H − σ: the inverse that shift-invert Lanczos applies, and the inertia that certifies it.
//!
//! Everything sparse happens in one elimination order, found once a Hessian: particles by nested
//! dissection, all coordinates of a particle side by side. [`OrderedMatrix`] holds the matrix in that
//! order, and what every shift shares.

use super::SpectrumFailure;
use super::dissection::{Bonds, dissect};
use super::fronts::Fronts;
use super::substitution::Supernodes;
pub(crate) use super::substitution::{LANES, Row};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::linalg::amd;
use faer::sparse::linalg::cholesky::supernodal::{SymbolicSupernodalCholesky, factorize_supernodal_numeric_ldlt};
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, SymbolicCholesky, SymbolicCholeskyRaw, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::linalg::{SupernodalThreshold, cholesky::supernodal};
use faer::sparse::{SparseColMat, SparseColMatRef, SymbolicSparseColMat, SymbolicSparseColMatRef};
use faer::{Mat, Par, Side, Spec};
use glass::Hessian;

/// A symmetric sparse matrix in elimination order, with as many rows a particle as there are dimensions.
#[derive(Debug)]
pub(crate) struct OrderedMatrix {
    dimension: usize,
    /// Original row of each row.
    order: Vec<usize>,
    /// Row of each original row.
    position: Vec<usize>,
    /// Lower triangle, compressed columns with ascending rows: the diagonal comes first.
    lower: SparseColMat<usize, f64>,
    symbolic: SymbolicCholesky<usize>,
    supernodes: Supernodes,
    fronts: Fronts,
    norm: f64,
    /// Rows that are zero.
    free: Vec<bool>,
}

impl OrderedMatrix {
    /// Orders `matrix`, which holds both triangles and its whole diagonal: by the `positions` of the
    /// particles, or by approximate minimum degree if they are nowhere.
    ///
    /// # Errors
    /// [`SpectrumFailure::Solver`] when there is no memory for the ordering.
    pub(crate) fn new<const D: usize>(
        matrix: SparseColMatRef<'_, usize, f64>,
        positions: Option<&[[f64; D]]>,
    ) -> Result<Self, SpectrumFailure> {
        let bonds = bonds(matrix.symbolic(), D);
        let particles = match positions {
            Some(positions) => dissect(&bonds, positions),
            None => by_minimum_degree(bonds)?,
        };
        Self::in_order(matrix, &particles, D)
    }

    /// With the particles eliminated one after the other.
    fn in_order(
        matrix: SparseColMatRef<'_, usize, f64>,
        particles: &[usize],
        dimension: usize,
    ) -> Result<Self, SpectrumFailure> {
        let size = matrix.nrows();
        let order: Vec<usize> =
            particles.iter().flat_map(|i| (0..dimension).map(move |axis| dimension * i + axis)).collect();
        let mut position = vec![0; size];
        for (row, &original) in order.iter().enumerate() {
            position[original] = row;
        }
        let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
        // A matrix of zeros has a norm too, so that everything measured by it stays above zero.
        let (mut norm, mut free) = (1e-280f64, vec![false; size]);
        let mut column: Vec<(usize, f64)> = Vec::new();
        for (j, &original) in order.iter().enumerate() {
            column.clear();
            let entries = matrix.row_idx_of_col(original).zip(matrix.val_of_col(original));
            let mut sum = 0.0;
            for (i, &value) in entries {
                sum += value.abs();
                if position[i] >= j {
                    column.push((position[i], value));
                }
            }
            norm = norm.max(sum);
            free[j] = sum == 0.0;
            column.sort_unstable_by_key(|&(i, _)| i);
            rows.extend(column.iter().map(|&(i, _)| i));
            values.extend(column.iter().map(|&(_, value)| value));
            starts.push(rows.len());
        }
        let pattern = SymbolicSparseColMat::new_checked(size, size, starts, None, rows);
        let parameters = CholeskySymbolicParams {
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SUPERNODAL,
            ..Default::default()
        };
        // Without an ordering of its own, faer reads the upper triangle whatever side is named.
        let upper = pattern.to_row_major().map_err(|cause| SpectrumFailure::solver("symbolic factorization", cause))?;
        let symbolic = factorize_symbolic_cholesky(
            upper.as_ref().transpose(),
            Side::Upper,
            SymmetricOrdering::Identity,
            parameters,
        )
        .map_err(|cause| SpectrumFailure::solver("symbolic factorization", cause))?;
        let supernodes = Supernodes::new(supernodal(&symbolic));
        let fronts = Fronts::new(pattern.as_ref(), &supernodes);
        let lower = SparseColMat::new(pattern, values);
        Ok(OrderedMatrix { dimension, order, position, lower, symbolic, supernodes, fronts, norm, free })
    }

    /// Rows of each particle.
    pub(crate) fn dimension(&self) -> usize {
        self.dimension
    }

    /// Becomes another Hessian of the same particles, or of these and more after them that stand still, in the same
    /// order: whether all pairs that interact there have a place in the pattern. If not, the matrix is of no use any more.
    pub(crate) fn refill<const D: usize>(&mut self, hessian: &Hessian<D>) -> bool {
        let (pattern, values) = self.lower.parts_mut();
        values.fill(0.0);
        let mut sums = vec![0.0f64; self.order.len()];
        let particles = self.order.len() / D;
        let mut entry = |row: usize, column: usize, value: f64| {
            sums[row] += value.abs();
            if row != column {
                sums[column] += value.abs();
            }
            let (row, column) =
                (self.position[row].max(self.position[column]), self.position[row].min(self.position[column]));
            let range = pattern.col_range(column);
            match pattern.row_idx()[range.clone()].binary_search(&row) {
                Ok(place) => values[range.start + place] = value,
                Err(_) => return false,
            }
            true
        };
        for (i, block) in hessian.diagonal_blocks().iter().enumerate().take(particles) {
            for (a, row) in block.iter().enumerate() {
                for (b, &value) in row[..=a].iter().enumerate() {
                    entry(D * i + a, D * i + b, value);
                }
            }
        }
        for (pair, block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
            let (i, j) = (pair.first as usize, pair.second as usize);
            if j >= particles {
                continue;
            }
            for (a, row) in block.iter().enumerate() {
                for (b, &value) in row.iter().enumerate() {
                    if !entry(D * i + a, D * j + b, value) {
                        return false;
                    }
                }
            }
        }
        self.norm = sums.iter().copied().fold(1e-280, f64::max);
        for (free, &original) in self.free.iter_mut().zip(&self.order) {
            *free = sums[original] == 0.0;
        }
        true
    }

    /// Number of rows.
    pub(crate) fn size(&self) -> usize {
        self.order.len()
    }

    /// Original row of each row.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// ‖H‖_∞: no eigenvalue is larger in magnitude.
    pub(crate) fn norm(&self) -> f64 {
        self.norm
    }

    /// Values of the lower triangle, to which the entries of [`OrderedMatrix::fronts`] refer.
    pub(crate) fn values(&self) -> &[f64] {
        self.lower.val()
    }

    /// What counting goes through.
    pub(crate) fn fronts(&self) -> &Fronts {
        &self.fronts
    }

    /// The full matrix, in elimination order.
    pub(crate) fn to_dense(&self) -> Mat<f64> {
        let mut dense = Mat::zeros(self.size(), self.size());
        for j in 0..self.size() {
            for (i, &value) in self.lower.row_idx_of_col(j).zip(self.lower.val_of_col(j)) {
                dense[(i, j)] = value;
                dense[(j, i)] = value;
            }
        }
        dense
    }

    /// Whether `row` of H is zero.
    pub(crate) fn is_free(&self, row: usize) -> bool {
        self.free[row]
    }

    /// L D Lᵀ = H − `shift`, without pivoting.
    ///
    /// # Errors
    /// [`Breakdown`] when a pivot is exactly zero or not a number: `shift` is an eigenvalue of a
    /// leading block; another shift will do.
    pub(crate) fn factorize(&self, shift: f64) -> Result<Factorization<'_>, Breakdown> {
        let mut values = self.lower.val().to_vec();
        for &start in &self.lower.col_ptr()[..self.size()] {
            values[start] -= shift;
        }
        let shifted = SparseColMatRef::new(self.lower.symbolic(), &values);
        let symbolic = supernodal(&self.symbolic);
        let mut factor = vec![0.0; symbolic.len_val()];
        let scratch =
            supernodal::factorize_supernodal_numeric_ldlt_scratch::<usize, f64>(symbolic, Par::Seq, Spec::default());
        factorize_supernodal_numeric_ldlt(
            &mut factor,
            shifted,
            Default::default(),
            symbolic,
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(scratch)),
            Spec::default(),
        )
        .map_err(|_| Breakdown)?;
        Factorization::new(self, shift, factor)
    }

    /// `product` = H `vectors`, row by row.
    pub(crate) fn apply(&self, vectors: &[Row], product: &mut [Row]) {
        product.fill([0.0; LANES]);
        for j in 0..self.size() {
            let x = vectors[j];
            let mut sum = [0.0; LANES];
            for (i, &value) in self.lower.row_idx_of_col(j).zip(self.lower.val_of_col(j)) {
                if i == j {
                    for lane in 0..LANES {
                        sum[lane] += value * x[lane];
                    }
                } else {
                    for lane in 0..LANES {
                        sum[lane] += value * vectors[i][lane];
                        product[i][lane] += value * x[lane];
                    }
                }
            }
            for lane in 0..LANES {
                product[j][lane] += sum[lane];
            }
        }
    }
}

fn supernodal(symbolic: &SymbolicCholesky<usize>) -> &SymbolicSupernodalCholesky<usize> {
    match symbolic.raw() {
        SymbolicCholeskyRaw::Supernodal(symbolic) => symbolic,
        SymbolicCholeskyRaw::Simplicial(_) => unreachable!("a supernodal factorization was asked for"),
    }
}

/// The shift hit an eigenvalue of a leading block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Breakdown;

/// Which particles interact, themselves included.
fn bonds(pattern: SymbolicSparseColMatRef<'_, usize>, dimension: usize) -> Bonds {
    let (mut starts, mut neighbours) = (vec![0], Vec::new());
    for i in 0..pattern.nrows() / dimension {
        let columns = dimension * i..dimension * (i + 1);
        let rows = columns.flat_map(|column| pattern.row_idx_of_col(column));
        let mut column: Vec<usize> = rows.map(|row| row / dimension).collect();
        column.sort_unstable();
        column.dedup();
        neighbours.extend(column);
        starts.push(neighbours.len());
    }
    Bonds { starts, neighbours }
}

/// Particles by approximate minimum degree.
pub(super) fn by_minimum_degree(bonds: Bonds) -> Result<Vec<usize>, SpectrumFailure> {
    let (particles, entries) = (bonds.particles(), bonds.neighbours.len());
    let graph = SymbolicSparseColMat::new_checked(particles, particles, bonds.starts, None, bonds.neighbours);
    let (mut order, mut inverse) = (vec![0usize; particles], vec![0usize; particles]);
    let mut memory = MemBuffer::new(amd::order_scratch::<usize>(particles, entries));
    amd::order(&mut order, &mut inverse, graph.as_ref(), Default::default(), MemStack::new(&mut memory))
        .map_err(|cause| SpectrumFailure::solver("elimination order", cause))?;
    Ok(order)
}

/// L D Lᵀ = H − σ.
#[derive(Debug)]
pub(crate) struct Factorization<'a> {
    matrix: &'a OrderedMatrix,
    shift: f64,
    /// Supernodes, column-major: unit lower L with D on the diagonal.
    factor: Vec<f64>,
    negative_pivots: usize,
    growth: f64,
}

impl<'a> Factorization<'a> {
    fn new(matrix: &'a OrderedMatrix, shift: f64, factor: Vec<f64>) -> Result<Self, Breakdown> {
        let mut negative_pivots = 0;
        let mut sizes = vec![0.0f64; matrix.size()];
        for (columns, rows, values) in matrix.supernodes.trapezoids(&factor) {
            for (j, column) in values.chunks_exact(rows.len()).enumerate().take(columns) {
                let pivot = column[j].abs();
                if !(pivot.is_finite() && pivot > 0.0) {
                    return Err(Breakdown);
                }
                negative_pivots += usize::from(column[j] < 0.0);
                sizes[rows[j] as usize] += pivot;
                for (&row, &entry) in rows[j + 1..].iter().zip(&column[j + 1..]) {
                    sizes[row as usize] += entry * entry * pivot;
                }
            }
        }
        let growth = sizes.iter().copied().fold(0.0, f64::max);
        if !growth.is_finite() {
            return Err(Breakdown);
        }
        Ok(Factorization { matrix, shift, factor, negative_pivots, growth })
    }

    /// σ.
    pub(crate) fn shift(&self) -> f64 {
        self.shift
    }

    /// Number of eigenvalues below σ (Sylvester's law of inertia).
    pub(crate) fn negative_pivots(&self) -> usize {
        self.negative_pivots
    }

    /// max_i Σ_k L_ik² |D_k|: the size of what was added and subtracted to make H_ii − σ. The factors
    /// are exact for a matrix within a few ε·growth of H − σ.
    pub(crate) fn growth(&self) -> f64 {
        self.growth
    }

    /// `vectors` ← (H − σ)⁻¹ `vectors`, in place.
    pub(crate) fn solve(&self, vectors: &mut [Row]) {
        assert_eq!(vectors.len(), self.matrix.size());
        self.matrix.supernodes.solve(&self.factor, vectors);
    }
}

#[cfg(test)]
impl Factorization<'_> {
    /// Hands out what a solve works on.
    pub(crate) fn with_factor(&self, solve: impl FnOnce(&Supernodes, &[f64])) {
        solve(&self.matrix.supernodes, &self.factor);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::minimum;
    use super::*;

    #[test]
    fn products_and_solutions_agree_with_the_dense_matrix() {
        let hessian = minimum(100, 6);
        let ordered = |positions: Option<&[[f64; 2]]>| {
            OrderedMatrix::new(hessian.to_sparse().as_ref(), positions).expect("ordered")
        };
        for matrix in [ordered(Some(hessian.positions())), ordered(None)] {
            agrees_with_the_dense_matrix(&matrix);
        }
    }

    fn agrees_with_the_dense_matrix(matrix: &OrderedMatrix) {
        let dense = matrix.to_dense();
        let size = matrix.size();
        let right: Vec<Row> =
            (0..size).map(|i| std::array::from_fn(|lane| ((i * 31 + lane * 17) % 89) as f64 / 89.0 - 0.5)).collect();
        let mut product = right.clone();
        matrix.apply(&right, &mut product);
        for shift in [-1.0, 0.5, 20.0, 300.0] {
            let factorization = matrix.factorize(shift).expect("no zero pivot");
            let mut solution = right.clone();
            factorization.solve(&mut solution);
            let error = f64::EPSILON * factorization.growth();
            for lane in 0..LANES {
                let largest = solution.iter().fold(0.0f64, |largest, row| largest.max(row[lane].abs()));
                for i in 0..size {
                    let row = |vector: &[Row]| (0..size).map(|j| dense[(i, j)] * vector[j][lane]).sum::<f64>();
                    assert!((row(&right) - product[i][lane]).abs() < 1e-12 * matrix.norm());
                    let left = row(&solution) - shift * solution[i][lane];
                    assert!((left - right[i][lane]).abs() < 100.0 * error * largest, "{shift}");
                }
            }
        }
    }

    #[test]
    fn a_refilled_matrix_is_the_one_made_anew() {
        let structure = super::super::tests::structure(100, 6);
        let shake: Vec<[f64; 2]> = (0..100).map(|i| [f64::from(i * 37 % 64), f64::from(i * 23 % 64)]).collect();
        let at = |scale| Hessian::new(&structure.configuration().displaced(&shake, scale), structure.potential());
        let (first, second) = (at(0.0), at(1e-7));
        assert_eq!(first.pairs(), second.pairs(), "a small shake keeps the pairs");
        let ordered = |hessian: &Hessian| {
            OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(first.positions())).expect("ordered")
        };
        let (mut refilled, anew) = (ordered(&first), ordered(&second));
        assert!(refilled.to_dense() != anew.to_dense() && refilled.refill(&second));
        assert_eq!(refilled.to_dense(), anew.to_dense());
        assert!((refilled.norm() / anew.norm() - 1.0).abs() < 1e-14);
        // Pairs that the pattern has no place for.
        assert!(!refilled.refill(&at(1e-2)));
    }

    #[test]
    fn the_order_is_a_permutation_that_keeps_particles_together() {
        let hessian = minimum(100, 6);
        let matrix = OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(hessian.positions())).expect("ordered");
        let mut order = matrix.order().to_vec();
        assert!(order.chunks_exact(2).all(|pair| pair[0] % 2 == 0 && pair[1] == pair[0] + 1));
        order.sort_unstable();
        assert!(order.into_iter().eq(0..200));
    }
}
