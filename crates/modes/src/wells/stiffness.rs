//! Hessians around an inherent structure, in one elimination order: how the free particles answer to forces.

use super::ground::{Field, Ground, length};
use crate::spectrum::SpectrumFailure;
use crate::spectrum::factorization::{Factorization, LANES, OrderedMatrix, Row};
use faer::sparse::{SparseColMat, Triplet};
use glass::Hessian;
use glass::pairs::{Pair, interacting_pairs};

/// Pairs this much beyond the cutoff get a place in the pattern,
const MARGIN: f64 = 0.35;

/// where particles are further than this from the inherent structure.
const MOVED: f64 = 0.1;

/// A Hessian that can be factorized at shifts, at one place after another: in the same elimination order as long as no
/// new pairs interact.
pub(super) struct Stiffness {
    pub(super) matrix: OrderedMatrix,
    /// Pairs of free particles that interact where this was made first, ascending.
    bare: Vec<Pair>,
    /// Those that the pattern has a place for, ascending.
    pairs: Vec<Pair>,
}

impl Stiffness {
    /// At `place`.
    pub(super) fn at<const D: usize>(ground: &Ground<'_, D>, place: &[[f64; D]]) -> Result<Self, SpectrumFailure> {
        let hessian = ground.hessian(place);
        let bare = free_pairs(ground, hessian.pairs());
        let matrix = ordered(ground, &hessian, &bare)?;
        Ok(Stiffness { matrix, pairs: bare.clone(), bare })
    }

    /// Goes to `place`.
    pub(super) fn go<const D: usize>(
        &mut self,
        ground: &Ground<'_, D>,
        place: &[[f64; D]],
    ) -> Result<(), SpectrumFailure> {
        let hessian = ground.hessian(place);
        if self.matrix.refill(&hessian) {
            return Ok(());
        }
        // Pairs that are about to interact get a place too, where particles have moved.
        let near = interacting_pairs(&ground.configuration(place), ground.minimum().potential(), MARGIN);
        let has_moved = |i: u32| length(place[i as usize]) > MOVED;
        let near = free_pairs(ground, &near).into_iter();
        let near = near.filter(|pair| has_moved(pair.first) || has_moved(pair.second));
        let here = free_pairs(ground, hessian.pairs());
        let known = if self.pairs.len() > self.bare.len() + ground.particles() / 2 { &self.bare } else { &self.pairs };
        let mut pairs: Vec<Pair> = known.iter().copied().chain(here).chain(near).collect();
        pairs.sort_unstable_by_key(|pair| (pair.first, pair.second));
        pairs.dedup();
        self.matrix = ordered(ground, &hessian, &pairs)?;
        self.pairs = pairs;
        Ok(())
    }

    /// (H − σ)⁻¹ applied to up to [`LANES`] force fields, whose translations are left out where all particles are free.
    pub(super) fn solve<const D: usize>(
        &self,
        ground: &Ground<'_, D>,
        factorization: &Factorization<'_>,
        fields: &[&[[f64; D]]],
    ) -> Vec<Field<D>> {
        let mut rows = self.rows(fields);
        factorization.solve(&mut rows);
        let mut solutions = self.fields(&rows, fields.len());
        solutions.iter_mut().for_each(|solution| ground.without_translation(solution));
        solutions
    }

    /// H applied to up to [`LANES`] fields.
    pub(super) fn product<const D: usize>(&self, fields: &[&[[f64; D]]]) -> Vec<Field<D>> {
        let rows = self.rows(fields);
        let mut product = vec![[0.0; LANES]; rows.len()];
        self.matrix.apply(&rows, &mut product);
        self.fields(&product, fields.len())
    }

    /// The fields side by side in elimination order.
    fn rows<const D: usize>(&self, fields: &[&[[f64; D]]]) -> Vec<Row> {
        debug_assert!(fields.len() <= LANES);
        let mut rows: Vec<Row> = vec![[0.0; LANES]; self.matrix.size()];
        for (row, &original) in rows.iter_mut().zip(self.matrix.order()) {
            for (lane, field) in row.iter_mut().zip(fields) {
                *lane = field.as_flattened()[original];
            }
        }
        rows
    }

    /// The first `count` lanes of `rows`.
    fn fields<const D: usize>(&self, rows: &[Row], count: usize) -> Vec<Field<D>> {
        let mut fields = vec![vec![[0.0; D]; self.matrix.size() / D]; count];
        for (row, &original) in rows.iter().zip(self.matrix.order()) {
            for (lane, field) in row.iter().zip(&mut fields) {
                field.as_flattened_mut()[original] = *lane;
            }
        }
        fields
    }
}

/// Those of `pairs` of which both particles are free.
fn free_pairs<const D: usize>(ground: &Ground<'_, D>, pairs: &[Pair]) -> Vec<Pair> {
    pairs.iter().copied().filter(|pair| (pair.second as usize) < ground.particles()).collect()
}

/// The part of `hessian` that the free particles have, with places for `pairs`.
fn ordered<const D: usize>(
    ground: &Ground<'_, D>,
    hessian: &Hessian<D>,
    pairs: &[Pair],
) -> Result<OrderedMatrix, SpectrumFailure> {
    let particles = ground.particles();
    let mut entries = Vec::with_capacity(D * D * (particles + 2 * pairs.len()));
    let blocks = pairs.iter().map(|pair| [pair.first as usize, pair.second as usize]);
    for [i, j] in (0..particles).map(|i| [i, i]).chain(blocks.clone()).chain(blocks.map(|[i, j]| [j, i])) {
        entries.extend((0..D * D).map(|k| Triplet::new(D * i + k / D, D * j + k % D, 0.0)));
    }
    let pattern = SparseColMat::try_new_from_triplets(D * particles, D * particles, &entries)
        .map_err(|cause| SpectrumFailure::solver("pattern", cause))?;
    let mut matrix = OrderedMatrix::new(pattern.as_ref(), Some(&hessian.positions()[..particles]))?;
    if matrix.refill(hessian) { Ok(matrix) } else { Err(SpectrumFailure::solver("pattern", "a pair has no place")) }
}
