//! Forward and backward substitution with supernodal factors, several vectors at once.
//!
//! Vectors are stored row by row, so each entry of L multiplies one cache line: no gather of single
//! numbers, and every lane sees the same operations in the same order whatever the width of the
//! machine's registers. Products and sums are rounded separately (no fused multiply-add), so all
//! paths give the same bits.

use faer::sparse::linalg::cholesky::supernodal::SymbolicSupernodalCholesky;
use glass::InstructionSet;

/// Right-hand sides solved at once: the numbers of one row fill a cache line.
pub(crate) const LANES: usize = 8;

/// One row of [`LANES`] vectors.
pub(crate) type Row = [f64; LANES];

/// Where the columns of L stand: supernodes, each a dense trapezoid.
#[derive(Debug)]
pub(crate) struct Supernodes {
    nodes: Vec<Supernode>,
    /// Rows of the trapezoids, one after the other; each begins with its own columns.
    rows: Vec<u32>,
}

#[derive(Debug)]
struct Supernode {
    columns: usize,
    /// In `rows`.
    rows: std::ops::Range<usize>,
    /// In the values, column-major.
    values: std::ops::Range<usize>,
}

impl Supernodes {
    /// As faer lays them out.
    pub(crate) fn new(symbolic: &SymbolicSupernodalCholesky<usize>) -> Self {
        let (mut nodes, mut rows) = (Vec::with_capacity(symbolic.n_supernodes()), Vec::new());
        for s in 0..symbolic.n_supernodes() {
            let (start, end) = (symbolic.supernode_begin()[s], symbolic.supernode_end()[s]);
            let first = rows.len();
            rows.extend((start..end).map(|row| row as u32));
            rows.extend(symbolic.supernode(s).pattern().iter().map(|&row| row as u32));
            let values = symbolic.col_ptr_for_val()[s]..symbolic.col_ptr_for_val()[s + 1];
            nodes.push(Supernode { columns: end - start, rows: first..rows.len(), values });
        }
        Supernodes { nodes, rows }
    }

    /// Each supernode: its number of columns, its rows (own columns first).
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (usize, &[u32])> {
        self.nodes.iter().map(|node| (node.columns, &self.rows[node.rows.clone()]))
    }

    /// Each supernode: its number of columns, its rows (own columns first), its values of `factor`.
    pub(crate) fn trapezoids<'a>(
        &'a self,
        factor: &'a [f64],
    ) -> impl DoubleEndedIterator<Item = (usize, &'a [u32], &'a [f64])> {
        self.nodes.iter().map(|node| (node.columns, &self.rows[node.rows.clone()], &factor[node.values.clone()]))
    }

    /// `vectors` ← (L D Lᵀ)⁻¹ `vectors`.
    pub(crate) fn solve(&self, factor: &[f64], vectors: &mut [Row]) {
        self.solve_with(InstructionSet::detect(), factor, vectors);
    }

    fn solve_with(&self, instruction_set: InstructionSet, factor: &[f64], vectors: &mut [Row]) {
        match instruction_set {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the machine has AVX-512.
            InstructionSet::Avx512 => unsafe { substitute_avx512(self, factor, vectors) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the machine has AVX2.
            InstructionSet::Avx2 => unsafe { substitute_avx2(self, factor, vectors) },
            _ => substitute(self, factor, vectors),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn substitute_avx512(supernodes: &Supernodes, factor: &[f64], vectors: &mut [Row]) {
    substitute(supernodes, factor, vectors);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn substitute_avx2(supernodes: &Supernodes, factor: &[f64], vectors: &mut [Row]) {
    substitute(supernodes, factor, vectors);
}

/// Columns go four at a time: a row is loaded and stored once for four entries of L.
#[inline(always)]
fn substitute(supernodes: &Supernodes, factor: &[f64], x: &mut [Row]) {
    for (columns, rows, values) in supernodes.trapezoids(factor) {
        let column = |j: usize| &values[j * rows.len()..(j + 1) * rows.len()];
        let mut j = 0;
        while j + 4 <= columns {
            let [a, b, c, d] = [column(j), column(j + 1), column(j + 2), column(j + 3)];
            let row = |k: usize| rows[j + k] as usize;
            let xa = x[row(0)];
            let xb = difference(x[row(1)], a[j + 1], xa);
            let xc = difference(difference(x[row(2)], a[j + 2], xa), b[j + 2], xb);
            let xd = difference(difference(difference(x[row(3)], a[j + 3], xa), b[j + 3], xb), c[j + 3], xc);
            (x[row(1)], x[row(2)], x[row(3)]) = (xb, xc, xd);
            j += 4;
            let entries = a[j..].iter().zip(&b[j..]).zip(c[j..].iter().zip(&d[j..]));
            for (&row, ((&a, &b), (&c, &d))) in rows[j..].iter().zip(entries) {
                let mut sum = difference(x[row as usize], a, xa);
                sum = difference(sum, b, xb);
                sum = difference(sum, c, xc);
                x[row as usize] = difference(sum, d, xd);
            }
        }
        while j < columns {
            let known = x[rows[j] as usize];
            let a = column(j);
            j += 1;
            for (&row, &a) in rows[j..].iter().zip(&a[j..]) {
                x[row as usize] = difference(x[row as usize], a, known);
            }
        }
    }
    for (columns, rows, values) in supernodes.trapezoids(factor).rev() {
        let column = |j: usize| &values[j * rows.len()..(j + 1) * rows.len()];
        let mut j = columns;
        while !j.is_multiple_of(4) {
            j -= 1;
            let a = column(j);
            let mut sum = quotient(x[rows[j] as usize], a[j]);
            for (&row, &a) in rows[j + 1..].iter().zip(&a[j + 1..]) {
                sum = difference(sum, a, x[row as usize]);
            }
            x[rows[j] as usize] = sum;
        }
        while j > 0 {
            let end = j;
            j -= 4;
            let [a, b, c, d] = [column(j), column(j + 1), column(j + 2), column(j + 3)];
            let row = |k: usize| rows[j + k] as usize;
            let (mut xa, mut xb) = (quotient(x[row(0)], a[j]), quotient(x[row(1)], b[j + 1]));
            let (mut xc, mut xd) = (quotient(x[row(2)], c[j + 2]), quotient(x[row(3)], d[j + 3]));
            let entries = a[end..].iter().zip(&b[end..]).zip(c[end..].iter().zip(&d[end..]));
            for (&row, ((&a, &b), (&c, &d))) in rows[end..].iter().zip(entries) {
                let known = x[row as usize];
                xa = difference(xa, a, known);
                xb = difference(xb, b, known);
                xc = difference(xc, c, known);
                xd = difference(xd, d, known);
            }
            xc = difference(xc, c[j + 3], xd);
            xb = difference(difference(xb, b[j + 3], xd), b[j + 2], xc);
            xa = difference(difference(difference(xa, a[j + 3], xd), a[j + 2], xc), a[j + 1], xb);
            (x[row(0)], x[row(1)], x[row(2)], x[row(3)]) = (xa, xb, xc, xd);
        }
    }
}

/// `vector` − `entry` · `known`.
#[inline(always)]
fn difference(vector: Row, entry: f64, known: Row) -> Row {
    let mut result = vector;
    for lane in 0..LANES {
        result[lane] -= entry * known[lane];
    }
    result
}

/// `vector` / `pivot`.
#[inline(always)]
fn quotient(vector: Row, pivot: f64) -> Row {
    vector.map(|number| number / pivot)
}

#[cfg(test)]
mod tests {
    use super::super::factorization::OrderedMatrix;
    use super::super::tests::minimum;
    use super::*;

    #[test]
    fn every_path_gives_the_same_bits() {
        let matrix = OrderedMatrix::new(minimum(100, 5).to_sparse().as_ref(), None::<&[[f64; 2]]>).expect("ordered");
        let factorization = matrix.factorize(3.0).expect("no zero pivot");
        let start: Vec<Row> =
            (0..200).map(|i| std::array::from_fn(|lane| ((i * 37 + lane * 11) % 101) as f64 / 101.0)).collect();
        for instruction_set in InstructionSet::available() {
            let (mut vectors, mut portable) = (start.clone(), start.clone());
            factorization.with_factor(|supernodes, factor| {
                supernodes.solve_with(instruction_set, factor, &mut vectors);
                substitute(supernodes, factor, &mut portable);
            });
            assert_eq!(vectors, portable, "{instruction_set}");
        }
    }
}
