//! Hessians around an inherent structure, in one elimination order: how the particles answer to forces.

use super::ground::{Field, Ground, without_translation};
use crate::spectrum::SpectrumFailure;
use crate::spectrum::factorization::{Factorization, LANES, OrderedMatrix, Row};
use faer::sparse::{SparseColMat, Triplet};
use glass::pairs::{Pair, interacting_pairs};

/// Pairs this much beyond the cutoff are about to interact,
const MARGIN: f64 = 0.15;

/// where particles are further than this from the inherent structure.
const MOVED: f64 = 0.05;

/// A Hessian that can be factorized at shifts, at one place after another: in the same elimination order as long as no
/// new pairs interact.
pub(super) struct Stiffness {
    pub(super) matrix: OrderedMatrix,
    /// Pairs that the pattern has a place for, ascending.
    pairs: Vec<Pair>,
}

impl Stiffness {
    /// At `place`.
    pub(super) fn at(ground: &Ground<'_>, place: &[[f64; 2]]) -> Result<Self, SpectrumFailure> {
        let hessian = ground.hessian(place);
        let matrix = OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(hessian.positions()))?;
        Ok(Stiffness { matrix, pairs: hessian.pairs().to_vec() })
    }

    /// Goes to `place`.
    pub(super) fn go(&mut self, ground: &Ground<'_>, place: &[[f64; 2]]) -> Result<(), SpectrumFailure> {
        let hessian = ground.hessian(place);
        if self.matrix.refill(&hessian) {
            return Ok(());
        }
        // Pairs that are about to interact get a place too, where particles have moved.
        let near = interacting_pairs(&ground.configuration(place), ground.minimum().potential(), MARGIN);
        let has_moved = |i: u32| place[i as usize][0].hypot(place[i as usize][1]) > MOVED;
        let near = near.into_iter().filter(|pair| has_moved(pair.first) || has_moved(pair.second));
        let bare = ground.minimum().hessian();
        let known =
            if self.pairs.len() > bare.pairs().len() + ground.particles() / 4 { bare.pairs() } else { &self.pairs };
        let mut pairs: Vec<Pair> = known.iter().chain(hessian.pairs()).copied().chain(near).collect();
        pairs.sort_unstable_by_key(|pair| (pair.first, pair.second));
        pairs.dedup();
        self.pairs = pairs;
        let mut entries = Vec::with_capacity(4 * (ground.particles() + 2 * self.pairs.len()));
        let blocks = self.pairs.iter().map(|pair| [pair.first as usize, pair.second as usize]);
        for [i, j] in (0..ground.particles()).map(|i| [i, i]).chain(blocks.clone()).chain(blocks.map(|[i, j]| [j, i])) {
            entries.extend([(0, 0), (0, 1), (1, 0), (1, 1)].map(|(a, b)| Triplet::new(2 * i + a, 2 * j + b, 0.0)));
        }
        let size = 2 * ground.particles();
        let pattern = SparseColMat::try_new_from_triplets(size, size, &entries)
            .map_err(|cause| SpectrumFailure::solver("pattern", cause))?;
        self.matrix = OrderedMatrix::new(pattern.as_ref(), Some(hessian.positions()))?;
        if self.matrix.refill(&hessian) {
            Ok(())
        } else {
            Err(SpectrumFailure::solver("pattern", "a pair has no place"))
        }
    }

    /// (H − σ)⁻¹ applied to up to [`LANES`] force fields, whose translations are left out.
    pub(super) fn solve(&self, factorization: &Factorization<'_>, fields: &[&[[f64; 2]]]) -> Vec<Field> {
        debug_assert!(fields.len() <= LANES);
        let mut rows: Vec<Row> = vec![[0.0; LANES]; self.matrix.size()];
        for (row, &original) in rows.iter_mut().zip(self.matrix.order()) {
            for (lane, field) in row.iter_mut().zip(fields) {
                *lane = field[original / 2][original % 2];
            }
        }
        factorization.solve(&mut rows);
        let mut solutions = vec![vec![[0.0; 2]; self.matrix.size() / 2]; fields.len()];
        for (row, &original) in rows.iter().zip(self.matrix.order()) {
            for (lane, solution) in row.iter().zip(&mut solutions) {
                solution[original / 2][original % 2] = *lane;
            }
        }
        solutions.iter_mut().for_each(|solution| without_translation(solution));
        solutions
    }

    /// `vector`·H·`vector`.
    pub(super) fn along(&self, vector: &[[f64; 2]]) -> f64 {
        let mut rows: Vec<Row> = vec![[0.0; LANES]; self.matrix.size()];
        for (row, &original) in rows.iter_mut().zip(self.matrix.order()) {
            row[0] = vector[original / 2][original % 2];
        }
        let mut product = rows.clone();
        self.matrix.apply(&rows, &mut product);
        rows.iter().zip(&product).map(|(row, product)| row[0] * product[0]).sum()
    }
}
