//! The Hessian H = ∂²U/∂r∂r of a configuration: sparse, symmetric, 2N × 2N.
//!
//! Degree of freedom 2i is the x, 2i + 1 the y coordinate of particle i.

mod cholesky;

pub use cholesky::{Cholesky, CholeskyFailure};

use crate::configuration::Configuration;
use crate::interaction::Potential;
use crate::pairs::{Pair, visit_pairs};
use crate::periodic::PeriodicBox;
use faer::Mat;
use faer::sparse::{SparseColMat, SymbolicSparseColMat};

/// ∂²U/∂r∂r as one 2 × 2 block a particle and one a pair.
#[derive(Debug, Clone)]
pub struct Hessian {
    positions: Vec<[f64; 2]>,
    pairs: Vec<Pair>,
    /// xx, xy, yy of the (i, i) blocks.
    diagonal: Vec<[f64; 3]>,
    /// xx, xy, yy of the (i, j) blocks, each symmetric and equal to its transpose at (j, i).
    off_diagonal: Vec<[f64; 3]>,
}

impl Hessian {
    /// The Hessian at `configuration`.
    ///
    /// With n the unit vector between a pair, its block is −[φ″ n nᵀ + (φ′/r)(1 − n nᵀ)]; the
    /// diagonal blocks are minus the sum of their rows, so that translations cost nothing.
    pub fn new(configuration: &Configuration, potential: &Potential) -> Self {
        let (positions, diameters) = (configuration.positions(), configuration.diameters());
        Hessian::at(configuration.periodic_box(), positions, diameters, potential)
    }

    /// The same from positions in [0, L) that are no configuration yet.
    pub(crate) fn at(side: PeriodicBox, positions: &[[f64; 2]], diameters: &[f64], potential: &Potential) -> Self {
        let mut pairs = Vec::with_capacity(4 * positions.len());
        let mut diagonal = vec![[0.0; 3]; positions.len()];
        let mut off_diagonal = Vec::with_capacity(4 * positions.len());
        visit_pairs(side, positions, diameters, potential, 0.0, |i, j, scale| {
            let x = side.minimum_image_inside(positions[j][0] - positions[i][0]);
            let y = side.minimum_image_inside(positions[j][1] - positions[i][1]);
            let distance = (x * x + y * y).sqrt();
            let d = potential.derivatives(distance, scale);
            let (nx, ny) = (x / distance, y / distance);
            let transverse = d.first / distance;
            let radial = d.second - transverse;
            let block = [radial * nx * nx + transverse, radial * nx * ny, radial * ny * ny + transverse];
            for k in 0..3 {
                diagonal[i][k] += block[k];
                diagonal[j][k] += block[k];
            }
            pairs.push(Pair { first: i as u32, second: j as u32 });
            off_diagonal.push([-block[0], -block[1], -block[2]]);
        });
        Hessian { positions: positions.to_vec(), pairs, diagonal, off_diagonal }
    }

    /// Number of particles N; the matrix has 2N rows.
    pub fn particles(&self) -> usize {
        self.diagonal.len()
    }

    /// Where the particles are, N × 2, in [0, L).
    pub fn positions(&self) -> &[[f64; 2]] {
        &self.positions
    }

    /// Interacting pairs, ascending.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// xx, xy, yy of each (i, i) block; N.
    pub fn diagonal_blocks(&self) -> &[[f64; 3]] {
        &self.diagonal
    }

    /// xx, xy, yy of each (i, j) block, as [`Hessian::pairs`].
    pub fn off_diagonal_blocks(&self) -> &[[f64; 3]] {
        &self.off_diagonal
    }

    /// `product` = H `vector`; both of length 2N.
    ///
    /// # Panics
    /// If a length differs from 2N.
    pub fn apply(&self, vector: &[f64], product: &mut [f64]) {
        assert!(vector.len() == 2 * self.particles() && product.len() == vector.len());
        for (i, d) in self.diagonal.iter().enumerate() {
            let (x, y) = (vector[2 * i], vector[2 * i + 1]);
            product[2 * i] = d[0] * x + d[1] * y;
            product[2 * i + 1] = d[1] * x + d[2] * y;
        }
        // Pairs with the same first particle are consecutive: its row is summed aside, which saves
        // waiting for memory at every pair.
        let mut current = 0;
        let mut sum = [0.0; 2];
        let mut own = [vector[0], vector[1]];
        for (pair, b) in self.pairs.iter().zip(&self.off_diagonal) {
            let (i, j) = (2 * pair.first as usize, 2 * pair.second as usize);
            if i != current {
                product[current] += sum[0];
                product[current + 1] += sum[1];
                (current, sum, own) = (i, [0.0; 2], [vector[i], vector[i + 1]]);
            }
            let other = [vector[j], vector[j + 1]];
            sum[0] += b[0] * other[0] + b[1] * other[1];
            sum[1] += b[1] * other[0] + b[2] * other[1];
            product[j] += b[0] * own[0] + b[1] * own[1];
            product[j + 1] += b[1] * own[0] + b[2] * own[1];
        }
        product[current] += sum[0];
        product[current + 1] += sum[1];
    }

    /// All entries, both triangles, in compressed columns with ascending rows.
    pub fn to_sparse(&self) -> SparseColMat<usize, f64> {
        let particles = self.particles();
        // Neighbours of each particle in ascending order: pairs are ascending, so those below i
        // arrive before those above.
        let mut blocks: Vec<Vec<(u32, [f64; 3])>> = vec![Vec::with_capacity(8); particles];
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            blocks[pair.second as usize].push((pair.first, block));
        }
        for (i, &block) in self.diagonal.iter().enumerate() {
            blocks[i].push((i as u32, block));
        }
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            blocks[pair.first as usize].push((pair.second, block));
        }
        let entries = 4 * (particles + 2 * self.pairs.len());
        let (mut column_starts, mut rows, mut values) =
            (vec![0usize], Vec::with_capacity(entries), Vec::with_capacity(entries));
        for column in &blocks {
            for axis in 0..2 {
                for &(j, block) in column {
                    rows.extend([2 * j as usize, 2 * j as usize + 1]);
                    values.extend([block[axis], block[axis + 1]]);
                }
                column_starts.push(rows.len());
            }
        }
        let symbolic = SymbolicSparseColMat::new_checked(2 * particles, 2 * particles, column_starts, None, rows);
        SparseColMat::new(symbolic, values)
    }

    /// The entries on and above the diagonal of H + `shift` · 1, in compressed columns with ascending
    /// rows: what a factorization reads.
    pub fn to_sparse_upper(&self, shift: f64) -> SparseColMat<usize, f64> {
        let particles = self.particles();
        // Neighbours below each particle in ascending order, as pairs are.
        let mut below: Vec<Vec<(u32, [f64; 3])>> = vec![Vec::with_capacity(8); particles];
        for (pair, &block) in self.pairs.iter().zip(&self.off_diagonal) {
            below[pair.second as usize].push((pair.first, block));
        }
        let entries = 3 * particles + 4 * self.pairs.len();
        let (mut column_starts, mut rows, mut values) =
            (vec![0usize], Vec::with_capacity(entries), Vec::with_capacity(entries));
        for (i, (column, diagonal)) in below.iter().zip(&self.diagonal).enumerate() {
            for axis in 0..2 {
                for &(j, block) in column {
                    rows.extend([2 * j as usize, 2 * j as usize + 1]);
                    values.extend([block[axis], block[axis + 1]]);
                }
                if axis == 1 {
                    rows.push(2 * i);
                    values.push(diagonal[1]);
                }
                rows.push(2 * i + axis);
                values.push(diagonal[2 * axis] + shift);
                column_starts.push(rows.len());
            }
        }
        let symbolic = SymbolicSparseColMat::new_checked(2 * particles, 2 * particles, column_starts, None, rows);
        SparseColMat::new(symbolic, values)
    }

    /// The full matrix, for small systems and for the dense eigensolver.
    pub fn to_dense(&self) -> Mat<f64> {
        let size = 2 * self.particles();
        let mut dense = Mat::zeros(size, size);
        let mut set = |i: usize, j: usize, block: &[f64; 3]| {
            for (row, column, entry) in [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)] {
                dense[(2 * i + row, 2 * j + column)] = block[entry];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    crate::test_on_each_instruction_set! {
        the_hessian_is_minus_the_derivative_of_the_forces,
    }

    fn the_hessian_is_minus_the_derivative_of_the_forces() {
        for smoothness in 2..=4 {
            let potential = Potential::new(smoothness).expect("valid");
            let seed = Seed::of_realization(3, u64::from(smoothness));
            let start = Configuration::random(seed, 64, 1.0, DiameterChoice::Random).expect("valid");
            let minimum = crate::quench::quench(&start, &potential, &Default::default()).expect("converges");
            // Off the minimum, so that forces contribute.
            let shake: Vec<[f64; 2]> = (0..64).map(|i| [f64::from(i * 37 % 64), f64::from(i * 23 % 64)]).collect();
            let configuration = minimum.configuration().displaced(&shake, 0.05 / 64.0);
            let dense = Hessian::new(&configuration, &potential).to_dense();
            // For q = 2, φ‴ jumps at the cutoff: a pair that crosses it within the step leaves an error
            // of the order step · φ‴, far below the bound.
            let step = 1e-6;
            for column in 0..128 {
                let mut unit = vec![[0.0; 2]; 64];
                unit[column / 2][column % 2] = 1.0;
                let forces = |scale| crate::energy::evaluate(&configuration.displaced(&unit, scale), &potential).forces;
                let (above, below) = (forces(step), forces(-step));
                for row in 0..128 {
                    let difference = -(above[row / 2][row % 2] - below[row / 2][row % 2]) / (2.0 * step);
                    let exact: f64 = dense[(row, column)];
                    assert!((difference - exact).abs() < 1e-6 * exact.abs().max(10.0), "{difference} {exact}");
                }
            }
        }
    }

    #[test]
    fn sparse_dense_and_product_agree_and_translations_cost_nothing() {
        let seed = Seed::of_realization(3, 0);
        let configuration = Configuration::random(seed, 64, 1.0, DiameterChoice::Random).expect("valid");
        // A random start overlaps strongly; scale down what is compared by the largest entry.
        let hessian = Hessian::new(&configuration, &Potential::new(2).expect("valid"));
        let (sparse, dense) = (hessian.to_sparse(), hessian.to_dense());
        let largest = dense.norm_max();
        assert_eq!(sparse.to_dense(), dense);
        let upper = hessian.to_sparse_upper(0.5).to_dense();
        for row in 0..128 {
            for column in 0..128 {
                let expected = dense[(row, column)] + if row == column { 0.5 } else { 0.0 };
                assert_eq!(upper[(row, column)], if row <= column { expected } else { 0.0 });
            }
        }
        assert_eq!(dense, dense.transpose().to_owned());
        let vector: Vec<f64> = (0..128).map(|k| ((k * 37 % 101) as f64).sin()).collect();
        let mut product = vec![0.0; 128];
        hessian.apply(&vector, &mut product);
        for row in 0..128 {
            let expected: f64 = (0..128).map(|k| dense[(row, k)] * vector[k]).sum();
            assert!((product[row] - expected).abs() < 1e-12 * largest);
        }
        let shift: Vec<f64> = (0..128).map(|k| if k % 2 == 0 { 0.6 } else { 0.8 }).collect();
        hessian.apply(&shift, &mut product);
        assert!(product.iter().all(|p| p.abs() < 1e-12 * largest));
    }
}
