//! The inertia of H − σ at eight shifts σ at once, by the multifrontal method.
//!
//! All shifts share the pattern of H, so each number of the elimination is eight numbers, one a shift:
//! every operation fills a vector register, however small the fronts are. L is not kept, for pivots
//! are all that counts. The slow, obvious twin is [`OrderedMatrix::factorize`], one shift at a time.
//!
//! No multiplication is fused with a subtraction and every sum has its order, so all instruction sets
//! give the same bits.

use super::factorization::OrderedMatrix;
use super::fronts::{FrontEntry, FrontRef};
use glass::InstructionSet;
#[cfg(target_arch = "x86_64")]
use glass::lanes::{Avx2, Avx512};
use glass::lanes::{Eight, Instructions, Lanes, Portable};

/// Shifts counted at once.
pub(crate) const SHIFTS: usize = 8;

/// Columns that are eliminated before the rest of a front is updated: their part of a large front
/// stays in the cache.
const PANEL: usize = 32;

/// What the pivots say of one shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Inertia {
    /// Number of eigenvalues below the shift.
    pub(crate) negative: usize,
    /// As [`super::factorization::Factorization::growth`].
    pub(crate) growth: f64,
}

/// Counts shift after shift, keeping its memory.
#[derive(Debug)]
pub(crate) struct Counter<'a> {
    matrix: &'a OrderedMatrix,
    instructions: InstructionSet,
    /// Blocks of each front: those of its own columns begin them, and divide them as they do rows.
    blocks: Vec<Vec<RowBlock>>,
    /// Fronts that wait for their parents.
    waiting: Vec<Vec<Eight>>,
    /// Memory of fronts that are done with.
    spare: Vec<Vec<Eight>>,
    progress: Progress,
}

/// What elimination leaves behind, row by row, and its scratch.
#[derive(Debug)]
struct Progress {
    /// D.
    pivots: Vec<Eight>,
    /// Σ_k L_ik² |D_k|.
    sizes: Vec<Eight>,
    /// 1/D of the columns of a panel.
    reciprocals: [Eight; PANEL],
    /// L of a few rows and the columns of a panel, column by column.
    scaled: [[Eight; 4]; PANEL],
}

/// Rows of a front that are worked on together, each stored up to the last of their columns.
#[derive(Debug, Clone, Copy)]
struct RowBlock {
    row: usize,
    rows: usize,
    /// Where the first row begins.
    start: usize,
}

impl RowBlock {
    /// Numbers of a row.
    fn width(self) -> usize {
        self.row + self.rows
    }

    /// Where the first column of a row stands, rows counted from the first of the block.
    fn start_of(self, row: usize) -> usize {
        self.start + row * self.width()
    }
}

const ZERO: Eight = Eight([0.0; SHIFTS]);

impl<'a> Counter<'a> {
    /// For `matrix`, on the fastest instructions of this machine.
    pub(crate) fn new(matrix: &'a OrderedMatrix) -> Self {
        Counter::with(matrix, InstructionSet::detect())
    }

    /// The same on chosen vector instructions, which this machine must have.
    pub(crate) fn with(matrix: &'a OrderedMatrix, instructions: InstructionSet) -> Self {
        // Tiles as large as registers hold.
        let edge = if instructions == InstructionSet::Avx512 { 4 } else { 2 };
        Counter {
            matrix,
            instructions,
            blocks: matrix.fronts().iter().map(|front| divide(front.columns, front.rows.len(), edge)).collect(),
            waiting: vec![Vec::new(); matrix.fronts().iter().len()],
            spare: Vec::new(),
            progress: Progress {
                pivots: vec![ZERO; matrix.size()],
                sizes: vec![ZERO; matrix.size()],
                reciprocals: [ZERO; PANEL],
                scaled: [[ZERO; 4]; PANEL],
            },
        }
    }

    /// The inertia of H − σ at each shift; `None` where a pivot is zero or not a number.
    pub(crate) fn inertias(&mut self, shifts: [f64; SHIFTS]) -> [Option<Inertia>; SHIFTS] {
        match self.instructions {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => {
                if let Some(avx512) = Avx512::new() {
                    // SAFETY: the machine has AVX-512.
                    unsafe { eliminate_avx512(self, avx512, &Eight(shifts)) }
                }
            }
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => {
                if let Some(avx2) = Avx2::new() {
                    // SAFETY: the machine has AVX2.
                    unsafe { eliminate_avx2(self, avx2, &Eight(shifts)) }
                }
            }
            _ => self.eliminate(Portable, &Eight(shifts)),
        }
        self.progress.inertias()
    }

    /// Goes through all fronts.
    #[inline(always)]
    fn eliminate<I: Instructions>(&mut self, instructions: I, shifts: &Eight) {
        let (fronts, values) = (self.matrix.fronts(), self.matrix.values());
        self.progress.sizes.fill(ZERO);
        for (number, front) in fronts.iter().enumerate() {
            let children = front.children.iter().map(|&child| Complement {
                values: std::mem::take(&mut self.waiting[child as usize]),
                blocks: &self.blocks[child as usize],
                places: fronts.get(child as usize).places,
                own: fronts.get(child as usize).columns,
                next: 0,
            });
            let mut sum = FrontSum { entries: front.entries, values, shifts, children: children.collect() };
            let mut dense = self.spare.pop().unwrap_or_default();
            self.progress.eliminate(instructions, &mut dense, front, &self.blocks[number], &mut sum);
            self.spare.extend(sum.children.into_iter().map(|child| child.values));
            if front.columns < front.rows.len() {
                self.waiting[number] = dense;
            } else {
                self.spare.push(dense);
            }
        }
    }
}

/// The terms of a front, which come row by row: H − σ, and what the children left.
struct FrontSum<'a> {
    /// What is left of the entries of H, by rows.
    entries: &'a [FrontEntry],
    values: &'a [f64],
    shifts: &'a Eight,
    children: Vec<Complement<'a>>,
}

/// The Schur complement that a child left in its front.
struct Complement<'a> {
    values: Vec<Eight>,
    blocks: &'a [RowBlock],
    /// Columns that were its own.
    own: usize,
    /// Position in the parent of each row that was not.
    places: &'a [u32],
    /// Row to come.
    next: usize,
}

impl FrontSum<'_> {
    /// Adds the terms of the next row.
    #[inline(always)]
    fn add<I: Instructions>(&mut self, instructions: I, row: usize, own: usize, to: &mut [Eight]) {
        while let Some((entry, rest)) = self.entries.split_first()
            && entry.row as usize == row
        {
            instructions.splat(self.values[entry.value as usize]).store(&mut to[entry.column as usize]);
            self.entries = rest;
        }
        if row < own {
            (instructions.load(&to[row]) - instructions.load(self.shifts)).store(&mut to[row]);
        }
        for child in &mut self.children {
            if child.places.get(child.next).is_none_or(|&place| place as usize != row) {
                continue;
            }
            while child.own + child.next >= child.blocks[0].width() {
                child.blocks = &child.blocks[1..];
            }
            let block = child.blocks[0];
            let start = block.start_of(child.own + child.next - block.row) + child.own;
            for (term, &column) in child.values[start..][..=child.next].iter().zip(child.places) {
                let place = &mut to[column as usize];
                (instructions.load(place) + instructions.load(term)).store(place);
            }
            child.next += 1;
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn eliminate_avx512(counter: &mut Counter<'_>, avx512: Avx512, shifts: &Eight) {
    counter.eliminate(avx512, shifts);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn eliminate_avx2(counter: &mut Counter<'_>, avx2: Avx2, shifts: &Eight) {
    counter.eliminate(avx2, shifts);
}

/// Where rows and columns of a front cross.
#[derive(Clone, Copy)]
struct Tile {
    rows: RowBlock,
    columns: RowBlock,
    /// First column of the panel …
    panel: usize,
    /// … and how many of its columns are eliminated before this tile.
    depth: usize,
}

impl Progress {
    /// Eliminates the own columns of a front, panel by panel: there it leaves W = L D, and the Schur
    /// complement in the other columns.
    #[inline(always)]
    fn eliminate<I: Instructions>(
        &mut self,
        instructions: I,
        dense: &mut Vec<Eight>,
        front: FrontRef<'_>,
        blocks: &[RowBlock],
        sum: &mut FrontSum<'_>,
    ) {
        let Some(last) = blocks.last() else { return };
        dense.resize(last.start_of(last.rows).max(dense.len()), ZERO);
        let own = blocks.iter().take_while(|block| block.row < front.columns).count();
        let mut first = 0;
        while first < own {
            let panel = blocks[first].row;
            let end = (first..own).find(|&b| blocks[b].row >= panel + PANEL).unwrap_or(own);
            for (b, block) in blocks.iter().enumerate().skip(first) {
                if first == 0 {
                    // Only now, so that the rows are still at hand when they are worked on.
                    dense[block.start..block.start_of(block.rows)].fill(ZERO);
                    for row in 0..block.rows {
                        let to = &mut dense[block.start_of(row)..][..block.width()];
                        sum.add(instructions, block.row + row, front.columns, to);
                    }
                }
                let (panel, rest) = (&blocks[first..end.min(b + 1)], blocks.get(end..=b).unwrap_or_default());
                match block.rows {
                    4 => self.eliminate_in_rows::<I, 4>(instructions, dense, front.rows, [panel, rest], *block),
                    2 => self.eliminate_in_rows::<I, 2>(instructions, dense, front.rows, [panel, rest], *block),
                    _ => self.eliminate_in_rows::<I, 1>(instructions, dense, front.rows, [panel, rest], *block),
                }
            }
            first = end;
        }
    }

    /// Eliminates a panel of columns in R rows, and subtracts what that brings from the other columns.
    #[inline(always)]
    fn eliminate_in_rows<I: Instructions, const R: usize>(
        &mut self,
        instructions: I,
        dense: &mut [Eight],
        numbers: &[u32],
        [panel, rest]: [&[RowBlock]; 2],
        rows: RowBlock,
    ) {
        let first = panel[0].row;
        for &columns in panel {
            let tile = Tile { rows, columns, panel: first, depth: columns.row - first };
            self.subtract::<I, R>(instructions, dense, tile);
            self.finish::<I, R>(instructions, dense, tile, numbers);
        }
        let depth = panel[panel.len() - 1].width() - first;
        for a in 0..R {
            let left_of_diagonal = depth.min(rows.row + a - first);
            let w = &dense[rows.start_of(a) + first..][..left_of_diagonal];
            let sum = &mut self.sizes[numbers[rows.row + a] as usize];
            let mut total = instructions.load(sum);
            for (w, l) in w.iter().zip(&self.scaled) {
                total = total + (instructions.load(w) * instructions.load(&l[a])).absolute();
            }
            total.store(sum);
        }
        for &columns in rest {
            self.subtract::<I, R>(instructions, dense, Tile { rows, columns, panel: first, depth });
        }
    }

    /// Subtracts L Wᵀ, over the columns of the panel before it, from a tile of R rows.
    #[inline(always)]
    fn subtract<I: Instructions, const R: usize>(&self, instructions: I, dense: &mut [Eight], tile: Tile) {
        match tile.columns.rows {
            _ if tile.depth == 0 => {}
            4 => subtract::<I, R, 4>(instructions, dense, tile, &self.scaled),
            2 => subtract::<I, R, 2>(instructions, dense, tile, &self.scaled),
            _ => subtract::<I, R, 1>(instructions, dense, tile, &self.scaled),
        }
    }

    /// Eliminates the columns of a tile within it, noting L, and pivots on the diagonal.
    #[inline(always)]
    fn finish<I: Instructions, const R: usize>(
        &mut self,
        instructions: I,
        dense: &mut [Eight],
        tile: Tile,
        numbers: &[u32],
    ) {
        let Tile { rows, columns, depth, .. } = tile;
        for c in 0..columns.rows {
            let (column, k) = (columns.row + c, depth + c);
            for a in 0..R {
                if rows.row + a < column {
                    continue;
                }
                let mut value = instructions.load(&dense[rows.start_of(a) + column]);
                for before in 0..c {
                    let w = instructions.load(&dense[columns.start_of(c) + columns.row + before]);
                    value = value - instructions.load(&self.scaled[depth + before][a]) * w;
                }
                value.store(&mut dense[rows.start_of(a) + column]);
                if rows.row + a == column {
                    value.store(&mut self.pivots[numbers[column] as usize]);
                    (instructions.splat(1.0) / value).store(&mut self.reciprocals[k]);
                } else {
                    (value * instructions.load(&self.reciprocals[k])).store(&mut self.scaled[k][a]);
                }
            }
        }
    }

    /// What the pivots say.
    fn inertias(&self) -> [Option<Inertia>; SHIFTS] {
        let mut inertias = [Some(Inertia { negative: 0, growth: 0.0 }); SHIFTS];
        for (pivots, sizes) in self.pivots.iter().zip(&self.sizes) {
            for (shift, sum) in inertias.iter_mut().enumerate() {
                let (pivot, size) = (pivots.0[shift], sizes.0[shift] + pivots.0[shift].abs());
                match sum {
                    Some(sum) if pivot != 0.0 && size.is_finite() => {
                        sum.negative += usize::from(pivot < 0.0);
                        sum.growth = sum.growth.max(size);
                    }
                    _ => *sum = None,
                }
            }
        }
        inertias
    }
}

/// Blocks of `edge` rows, then of what is left, first of the `own` rows, then of the others.
fn divide(own: usize, rows: usize, edge: usize) -> Vec<RowBlock> {
    let mut blocks = Vec::with_capacity(rows / edge + 4);
    let (mut row, mut start) = (0, 0);
    for end in [own, rows] {
        for rows in [edge, 2, 1] {
            while row + rows <= end {
                let block = RowBlock { row, rows, start };
                blocks.push(block);
                (row, start) = (block.width(), block.start_of(rows));
            }
        }
    }
    blocks
}

/// Subtracts L Wᵀ from R × C numbers held in registers; L is `scaled`.
#[inline(always)]
fn subtract<I: Instructions, const R: usize, const C: usize>(
    instructions: I,
    dense: &mut [Eight],
    tile: Tile,
    scaled: &[[Eight; 4]; PANEL],
) {
    let Tile { rows, columns, panel, depth } = tile;
    // Loops, not closures: what is called from a closure is compiled without the vector instructions.
    let mut sums = [[instructions.splat(0.0); C]; R];
    let mut w: [&[Eight]; C] = [&[]; C];
    for c in 0..C {
        w[c] = &dense[columns.start_of(c) + panel..][..depth];
        for a in 0..R {
            sums[a][c] = instructions.load(&dense[rows.start_of(a) + columns.row + c]);
        }
    }
    for (k, scaled) in scaled[..depth].iter().enumerate() {
        let mut l = [instructions.splat(0.0); R];
        for a in 0..R {
            l[a] = instructions.load(&scaled[a]);
        }
        for c in 0..C {
            let w = instructions.load(&w[c][k]);
            for a in 0..R {
                sums[a][c] = sums[a][c] - l[a] * w;
            }
        }
    }
    for a in 0..R {
        for c in 0..C {
            sums[a][c].store(&mut dense[rows.start_of(a) + columns.row + c]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::minimum;
    use super::*;
    use std::array::from_fn;

    /// Shifts all over a spectrum, and an eigenvalue of a leading block, where nothing can be said.
    fn shifts() -> Vec<[f64; SHIFTS]> {
        (0..6).map(|k| from_fn(|lane| 0.37 + 9.7 * (k * SHIFTS + lane) as f64)).collect()
    }

    #[test]
    fn counts_as_one_factorization_at_a_time() {
        for particles in [100, 333] {
            let hessian = minimum(particles, 6);
            let matrix = OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(hessian.positions())).expect("ordered");
            let mut counter = Counter::new(&matrix);
            for shifts in shifts() {
                for (shift, inertia) in shifts.into_iter().zip(counter.inertias(shifts)) {
                    let expected = matrix.factorize(shift).expect("no zero pivot");
                    let inertia = inertia.expect("no zero pivot");
                    assert_eq!(inertia.negative, expected.negative_pivots(), "{shift}");
                    assert!((inertia.growth / expected.growth() - 1.0).abs() < 1e-6, "{shift}");
                }
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let matrix = OrderedMatrix::new(minimum(256, 3).to_sparse().as_ref(), None::<&[[f64; 2]]>).expect("ordered");
        let mut portable = Counter::with(&matrix, InstructionSet::Portable);
        for set in InstructionSet::available() {
            let mut counter = Counter::with(&matrix, set);
            for shifts in shifts() {
                assert_eq!(counter.inertias(shifts), portable.inertias(shifts), "{set}");
            }
        }
    }

    #[test]
    fn a_pivot_of_zero_spoils_its_own_shift_only() {
        let size = 10;
        let entries: Vec<_> =
            (0..size).map(|row| faer::sparse::Triplet::new(row, row, if row == 4 { 3.0 } else { 1.0 })).collect();
        let diagonal = faer::sparse::SparseColMat::try_new_from_triplets(size, size, &entries).expect("valid");
        let matrix = OrderedMatrix::new(diagonal.as_ref(), None::<&[[f64; 2]]>).expect("ordered");
        let found = Counter::new(&matrix).inertias([0.5, 1.0, 2.0, 3.0, 4.0, f64::NAN, 2.5, -1.0]);
        let counts = found.map(|inertia| inertia.map(|inertia| inertia.negative));
        assert_eq!(counts, [Some(0), None, Some(9), None, Some(10), None, Some(9), Some(0)]);
    }
}
