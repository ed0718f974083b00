//! The Hessian H = ∂²U/∂r∂r of a configuration in D dimensions: sparse, symmetric, DN × DN.
//!
//! Degree of freedom Di is the x, Di + 1 the y, Di + 2 (in three dimensions) the z coordinate of particle i.

mod cholesky;

pub use cholesky::{Cholesky, CholeskyFailure};

use crate::configuration::Configuration;
use crate::interaction::Potential;
use crate::pairs::{Pair, visit_pairs};
use crate::periodic::PeriodicBox;
use crate::space::{dot, square};
use faer::Mat;
use faer::sparse::{SparseColMat, SymbolicSparseColMat};

/// A symmetric D × D block of the Hessian.
pub type Block<const D: usize> = [[f64; D]; D];

/// ∂²U/∂r∂r as one D × D block a particle and one a pair.
#[derive(Debug, Clone)]
pub struct Hessian<const D: usize = 2> {
    positions: Vec<[f64; D]>,
    pairs: Vec<Pair>,
    /// The (i, i) blocks.
    diagonal: Vec<Block<D>>,
    /// The (i, j) blocks, each symmetric and equal to its transpose at (j, i).
    off_diagonal: Vec<Block<D>>,
}

impl<const D: usize> Hessian<D> {
    /// The Hessian at `configuration`.
    ///
    /// With n the unit vector between a pair, its block is −[φ″ n nᵀ + (φ′/r)(1 − n nᵀ)]; the
    /// diagonal blocks are minus the sum of their rows, so that translations cost nothing.
    pub fn new(configuration: &Configuration<D>, potential: &Potential) -> Self {
        let (positions, diameters) = (configuration.positions(), configuration.diameters());
        Hessian::at(configuration.periodic_box(), positions, diameters, potential)
    }

    /// The same from positions in [0, L) that are no configuration yet.
    pub(crate) fn at(side: PeriodicBox<D>, positions: &[[f64; D]], diameters: &[f64], potential: &Potential) -> Self {
        let mut pairs = Vec::with_capacity(4 * positions.len());
        let mut diagonal = vec![[[0.0; D]; D]; positions.len()];
        let mut off_diagonal = Vec::with_capacity(4 * positions.len());
        visit_pairs(side, positions, diameters, potential, 0.0, |i, j, scale| {
            let apart = side.separation_inside(positions[i], positions[j]);
            let distance = square(apart).sqrt();
            let d = potential.derivatives(distance, scale);
            let normal = apart.map(|component| component / distance);
            let transverse = d.first / distance;
            let radial = d.second - transverse;
            let mut block = [[0.0; D]; D];
            for a in 0..D {
                for b in a..D {
                    let entry = radial * normal[a] * normal[b];
                    let entry = if a == b { entry + transverse } else { entry };
                    (block[a][b], block[b][a]) = (entry, entry);
                }
            }
            for a in 0..D {
                for b in 0..D {
                    diagonal[i][a][b] += block[a][b];
                    diagonal[j][a][b] += block[a][b];
                }
            }
            pairs.push(Pair { first: i as u32, second: j as u32 });
            off_diagonal.push(block.map(|row| row.map(|entry| -entry)));
        });
        Hessian { positions: positions.to_vec(), pairs, diagonal, off_diagonal }
    }

    /// Number of particles N; the matrix has DN rows.
    pub fn particles(&self) -> usize {
        self.diagonal.len()
    }

    /// Where the particles are, N × D, in [0, L).
    pub fn positions(&self) -> &[[f64; D]] {
        &self.positions
    }

    /// Interacting pairs, ascending.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Each (i, i) block; N.
    pub fn diagonal_blocks(&self) -> &[Block<D>] {
        &self.diagonal
    }

    /// Each (i, j) block, as [`Hessian::pairs`].
    pub fn off_diagonal_blocks(&self) -> &[Block<D>] {
        &self.off_diagonal
    }

    /// `product` = H `vector`; both of length DN.
    ///
    /// # Panics
    /// If a length differs from DN.
    pub fn apply(&self, vector: &[f64], product: &mut [f64]) {
        assert!(vector.len() == D * self.particles() && product.len() == vector.len());
        let ((vector, _), (product, _)) = (vector.as_chunks::<D>(), product.as_chunks_mut::<D>());
        for ((row, &own), d) in product.iter_mut().zip(vector).zip(&self.diagonal) {
            *row = d.map(|row| dot(row, own));
        }
        // Pairs with the same first particle are consecutive: its row is summed aside, which saves
        // waiting for memory at every pair.
        let mut current = 0;
        let mut sum = [0.0; D];
        let Some(&(mut own)) = vector.first() else { return };
        for (pair, b) in self.pairs.iter().zip(&self.off_diagonal) {
            let (i, j) = (pair.first as usize, pair.second as usize);
            if i != current {
                add(&mut product[current], sum);
                (current, sum, own) = (i, [0.0; D], vector[i]);
            }
            let other = vector[j];
            add(&mut sum, b.map(|row| dot(row, other)));
            add(&mut product[j], b.map(|row| dot(row, own)));
        }
        add(&mut product[current], sum);
    }

    /// All entries, both triangles, in compressed columns with ascending rows.
    pub fn to_sparse(&self) -> SparseColMat<usize, f64> {
        let particles = self.particles();
        // Neighbours of each particle in ascending order: pairs are ascending, so those below i
        // arrive before those above.
        let mut blocks: Vec<Vec<(u32, Block<D>)>> = vec![Vec::with_capacity(8); particles];
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            blocks[pair.second as usize].push((pair.first, block));
        }
        for (i, &block) in self.diagonal.iter().enumerate() {
            blocks[i].push((i as u32, block));
        }
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            blocks[pair.first as usize].push((pair.second, block));
        }
        let entries = D * D * (particles + 2 * self.pairs.len());
        let (mut column_starts, mut rows, mut values) =
            (vec![0usize], Vec::with_capacity(entries), Vec::with_capacity(entries));
        for column in &blocks {
            for axis in 0..D {
                for &(j, block) in column {
                    rows.extend((0..D).map(|row| D * j as usize + row));
                    values.extend(block[axis]);
                }
                column_starts.push(rows.len());
            }
        }
        let symbolic = SymbolicSparseColMat::new_checked(D * particles, D * particles, column_starts, None, rows);
        SparseColMat::new(symbolic, values)
    }

    /// The entries on and above the diagonal of H + `shift` · 1, in compressed columns with ascending
    /// rows: what a factorization reads.
    pub fn to_sparse_upper(&self, shift: f64) -> SparseColMat<usize, f64> {
        let particles = self.particles();
        // Neighbours below each particle in ascending order, as pairs are.
        let mut below: Vec<Vec<(u32, Block<D>)>> = vec![Vec::with_capacity(8); particles];
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            below[pair.second as usize].push((pair.first, block));
        }
        let entries = D * D * (particles + self.pairs.len());
        let (mut column_starts, mut rows, mut values) =
            (vec![0usize], Vec::with_capacity(entries), Vec::with_capacity(entries));
        for (i, (column, diagonal)) in below.iter().zip(&self.diagonal).enumerate() {
            for axis in 0..D {
                for &(j, block) in column {
                    rows.extend((0..D).map(|row| D * j as usize + row));
                    values.extend(block[axis]);
                }
                rows.extend((0..=axis).map(|row| D * i + row));
                values.extend(&diagonal[axis][..axis]);
                values.push(diagonal[axis][axis] + shift);
                column_starts.push(rows.len());
            }
        }
        let symbolic = SymbolicSparseColMat::new_checked(D * particles, D * particles, column_starts, None, rows);
        SparseColMat::new(symbolic, values)
    }

    /// The full matrix, for small systems and for the dense eigensolver.
    pub fn to_dense(&self) -> Mat<f64> {
        let size = D * self.particles();
        let mut dense = Mat::zeros(size, size);
        let mut set = |i: usize, j: usize, block: &Block<D>| {
            for row in 0..D {
                for column in 0..D {
                    dense[(D * i + row, D * j + column)] = block[row][column];
                }
            }
        };
        for (i, block) in self.diagonal.iter().enumerate() {
            set(i, i, block);
        }
        for (pair, block) in self.pairs.iter().zip(&self.off_diagonal) {
            set(pair.first as usize, pair.second as usize, block);
            set(pair.second as usize, pair.first as usize, block);
        }
        dense
    }
}

#[inline(always)]
fn add<const D: usize>(sum: &mut [f64; D], term: [f64; D]) {
    for axis in 0..D {
        sum[axis] += term[axis];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    crate::test_on_each_instruction_set! {
        the_hessian_is_minus_the_derivative_of_the_forces,
        the_hessian_is_minus_the_derivative_of_the_forces_in_space,
    }

    fn the_hessian_is_minus_the_derivative_of_the_forces() {
        is_minus_the_derivative_of_the_forces::<2>(64);
    }

    fn the_hessian_is_minus_the_derivative_of_the_forces_in_space() {
        is_minus_the_derivative_of_the_forces::<3>(70);
    }

    fn is_minus_the_derivative_of_the_forces<const D: usize>(particles: usize) {
        for smoothness in 2..=4 {
            let potential = Potential::new(smoothness).expect("valid");
            let seed = Seed::of_realization(3, u64::from(smoothness));
            let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
            let minimum = crate::quench::quench(&start, &potential, &Default::default()).expect("converges");
            // Off the minimum, so that forces contribute.
            let shift = |i: usize, axis: usize| (i * [37, 23, 29][axis] % 64) as f64;
            let shake: Vec<[f64; D]> = (0..particles).map(|i| std::array::from_fn(|axis| shift(i, axis))).collect();
            let configuration = minimum.configuration().displaced(&shake, 0.05 / 64.0);
            let dense = Hessian::new(&configuration, &potential).to_dense();
            // For q = 2, φ‴ jumps at the cutoff: a pair that crosses it within the step leaves an error
            // of the order step · φ‴, far below the bound.
            let step = 1e-6;
            for column in 0..D * particles {
                let mut unit = vec![[0.0; D]; particles];
                unit[column / D][column % D] = 1.0;
                let forces = |scale| crate::energy::evaluate(&configuration.displaced(&unit, scale), &potential).forces;
                let (above, below) = (forces(step), forces(-step));
                for row in 0..D * particles {
                    let difference = -(above[row / D][row % D] - below[row / D][row % D]) / (2.0 * step);
                    let exact: f64 = dense[(row, column)];
                    assert!((difference - exact).abs() < 1e-6 * exact.abs().max(10.0), "{difference} {exact}");
                }
            }
        }
    }

    #[test]
    fn sparse_dense_and_product_agree_and_translations_cost_nothing() {
        agree_and_translations_cost_nothing::<2>();
        agree_and_translations_cost_nothing::<3>();
    }

    fn agree_and_translations_cost_nothing<const D: usize>() {
        let (seed, size) = (Seed::of_realization(3, 0), 70 * D);
        let configuration = Configuration::<D>::scattered(seed, 70, 1.0, DiameterChoice::Random).expect("valid");
        // A random start overlaps strongly; scale down what is compared by the largest entry.
        let hessian = Hessian::new(&configuration, &Potential::new(2).expect("valid"));
        let (sparse, dense) = (hessian.to_sparse(), hessian.to_dense());
        let largest = dense.norm_max();
        assert_eq!(sparse.to_dense(), dense);
        let upper = hessian.to_sparse_upper(0.5).to_dense();
        for row in 0..size {
            for column in 0..size {
                let expected = dense[(row, column)] + if row == column { 0.5 } else { 0.0 };
                assert_eq!(upper[(row, column)], if row <= column { expected } else { 0.0 });
            }
        }
        assert_eq!(dense, dense.transpose().to_owned());
        let vector: Vec<f64> = (0..size).map(|k| ((k * 37 % 101) as f64).sin()).collect();
        let mut product = vec![0.0; size];
        hessian.apply(&vector, &mut product);
        for row in 0..size {
            let expected: f64 = (0..size).map(|k| dense[(row, k)] * vector[k]).sum();
            assert!((product[row] - expected).abs() < 1e-12 * largest);
        }
        let shift: Vec<f64> = (0..size).map(|k| [0.6, 0.8, -0.3][k % D]).collect();
        hessian.apply(&shift, &mut product);
        assert!(product.iter().all(|p| p.abs() < 1e-12 * largest));
    }
}
