//! Products of tall, thin matrices: what keeps a Krylov basis orthonormal.
//!
//! Eight vectors stand side by side, row by row, as substitution wants them ([`Block`]); a basis is a
//! list of such blocks. Rows are taken a few at a time, those that are used again from the nearest cache, so
//! each product reads the basis once, in order. Products and sums are rounded separately and each sum
//! has its order: all instruction sets give the same bits.

use super::factorization::{LANES, Row};
use glass::InstructionSet;
#[cfg(target_arch = "x86_64")]
use glass::lanes::{Avx2, Avx512};
use glass::lanes::{Eight, Instructions, Lanes, Portable};

/// Eight vectors side by side.
pub(crate) type Block = Vec<Row>;

/// A small matrix, row by row.
pub(crate) type Square = [Row; LANES];

pub(crate) const NOTHING: Square = [[0.0; LANES]; LANES];

/// Rows taken at a time.
const CHUNK: usize = 128;

/// `blocks`ᵀ `right`, block by block.
pub(crate) fn inner(blocks: &[Block], right: &[Row]) -> Vec<Square> {
    inner_with(InstructionSet::detect(), blocks, right)
}

/// `targets`[t] += Σ_j `blocks`[j] `coefficients`[t][j].
pub(crate) fn add_products(targets: &mut [Block], blocks: &[Block], coefficients: &[Vec<Square>]) {
    add_products_with(InstructionSet::detect(), targets, blocks, coefficients);
}

fn inner_with(instruction_set: InstructionSet, blocks: &[Block], right: &[Row]) -> Vec<Square> {
    let mut sums = vec![NOTHING; blocks.len()];
    match instruction_set {
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => {
            if let Some(avx512) = Avx512::new() {
                // SAFETY: the machine has AVX-512.
                unsafe { inner_avx512(avx512, blocks, right, &mut sums) }
            }
        }
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => {
            if let Some(avx2) = Avx2::new() {
                // SAFETY: the machine has AVX2.
                unsafe { inner_avx2(avx2, blocks, right, &mut sums) }
            }
        }
        _ => inner_by_halves(Portable, blocks, right, &mut sums),
    }
    sums
}

fn add_products_with(
    instruction_set: InstructionSet,
    targets: &mut [Block],
    blocks: &[Block],
    coefficients: &[Vec<Square>],
) {
    match instruction_set {
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => {
            if let Some(avx512) = Avx512::new() {
                // SAFETY: the machine has AVX-512.
                unsafe { add_avx512(avx512, targets, blocks, coefficients) }
            }
        }
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => {
            if let Some(avx2) = Avx2::new() {
                // SAFETY: the machine has AVX2.
                unsafe { add_avx2(avx2, targets, blocks, coefficients) }
            }
        }
        _ => add::<Portable, 4>(Portable, targets, blocks, coefficients),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn inner_avx512(avx512: Avx512, blocks: &[Block], right: &[Row], sums: &mut [Square]) {
    for start in (0..right.len()).step_by(CHUNK) {
        let rows = start..right.len().min(start + CHUNK);
        for (block, sum) in blocks.iter().zip(sums.iter_mut()) {
            inner_of_columns::<Avx512, 0, 8>(avx512, &block[rows.clone()], &right[rows.clone()], sum);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn inner_avx2(avx2: Avx2, blocks: &[Block], right: &[Row], sums: &mut [Square]) {
    inner_by_halves(avx2, blocks, right, sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn add_avx512(avx512: Avx512, targets: &mut [Block], blocks: &[Block], coefficients: &[Vec<Square>]) {
    add::<Avx512, 8>(avx512, targets, blocks, coefficients);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2(avx2: Avx2, targets: &mut [Block], blocks: &[Block], coefficients: &[Vec<Square>]) {
    add::<Avx2, 4>(avx2, targets, blocks, coefficients);
}

/// Four columns of each block at a time, as the registers hold no more.
#[inline(always)]
fn inner_by_halves<I: Instructions>(instructions: I, blocks: &[Block], right: &[Row], sums: &mut [Square]) {
    for start in (0..right.len()).step_by(CHUNK) {
        let rows = start..right.len().min(start + CHUNK);
        for (block, sum) in blocks.iter().zip(sums.iter_mut()) {
            inner_of_columns::<I, 0, 4>(instructions, &block[rows.clone()], &right[rows.clone()], sum);
            inner_of_columns::<I, 4, 4>(instructions, &block[rows.clone()], &right[rows.clone()], sum);
        }
    }
}

/// `sum` += `left`ᵀ `right`, for K columns of `left` from FIRST on.
#[inline(always)]
fn inner_of_columns<I: Instructions, const FIRST: usize, const K: usize>(
    instructions: I,
    left: &[Row],
    right: &[Row],
    sum: &mut Square,
) {
    let mut sums = [instructions.splat(0.0); K];
    for k in 0..K {
        sums[k] = instructions.load(&Eight(sum[FIRST + k]));
    }
    for (left, right) in left.iter().zip(right) {
        let right = instructions.load(&Eight(*right));
        for k in 0..K {
            sums[k] = sums[k] + instructions.splat(left[FIRST + k]) * right;
        }
    }
    for k in 0..K {
        sum[FIRST + k] = stored(sums[k]);
    }
}

#[inline(always)]
fn stored(vector: impl Lanes) -> Row {
    let mut eight = Eight([0.0; LANES]);
    vector.store(&mut eight);
    eight.0
}

/// R rows at a time in registers.
#[inline(always)]
fn add<I: Instructions, const R: usize>(
    instructions: I,
    targets: &mut [Block],
    blocks: &[Block],
    coefficients: &[Vec<Square>],
) {
    let size = targets.first().map_or(0, Vec::len);
    for start in (0..size).step_by(CHUNK) {
        let rows = start..size.min(start + CHUNK);
        for (target, coefficients) in targets.iter_mut().zip(coefficients) {
            for (block, square) in blocks.iter().zip(coefficients) {
                let (targets, last_targets) = target[rows.clone()].as_chunks_mut::<R>();
                let (lefts, last_lefts) = block[rows.clone()].as_chunks::<R>();
                for (target, left) in targets.iter_mut().zip(lefts) {
                    add_to_rows(instructions, target, left, square);
                }
                for (target, left) in last_targets.as_chunks_mut::<1>().0.iter_mut().zip(last_lefts.as_chunks::<1>().0)
                {
                    add_to_rows(instructions, target, left, square);
                }
            }
        }
    }
}

#[inline(always)]
fn add_to_rows<I: Instructions, const R: usize>(
    instructions: I,
    target: &mut [Row; R],
    left: &[Row; R],
    square: &Square,
) {
    let mut sums = [instructions.splat(0.0); R];
    for r in 0..R {
        sums[r] = instructions.load(&Eight(target[r]));
    }
    for k in 0..LANES {
        let right = instructions.load(&Eight(square[k]));
        for r in 0..R {
            sums[r] = sums[r] + instructions.splat(left[r][k]) * right;
        }
    }
    for r in 0..R {
        target[r] = stored(sums[r]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(rows: usize, number: usize) -> Block {
        (0..rows)
            .map(|i| std::array::from_fn(|k| ((i * 37 + k * 11 + number * 29) % 101) as f64 / 101.0 - 0.5))
            .collect()
    }

    #[test]
    fn products_are_what_loops_give_with_the_same_bits_on_each_instruction_set() {
        for rows in [0, 1, 7, 300] {
            let (blocks, right) = ([block(rows, 1), block(rows, 2)], block(rows, 3));
            let mut sums = vec![NOTHING; 2];
            for (sum, left) in sums.iter_mut().zip(&blocks) {
                for (left, right) in left.iter().zip(&right) {
                    for k in 0..LANES {
                        for l in 0..LANES {
                            sum[k][l] += left[k] * right[l];
                        }
                    }
                }
            }
            let mut added = right.clone();
            for (block, sum) in blocks.iter().zip(&sums) {
                for (target, left) in added.iter_mut().zip(block) {
                    for k in 0..LANES {
                        for l in 0..LANES {
                            target[l] += left[k] * sum[k][l];
                        }
                    }
                }
            }
            for set in InstructionSet::available() {
                assert_eq!(inner_with(set, &blocks, &right), sums, "{set}");
                let mut targets = [right.clone(), right.clone()];
                add_products_with(set, &mut targets, &blocks, &[sums.clone(), sums.clone()]);
                assert!(targets.iter().all(|target| *target == added), "{set}");
            }
        }
    }
}
