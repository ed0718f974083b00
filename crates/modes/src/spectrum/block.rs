//! Orthonormal blocks: what block Lanczos extends its basis by.

use super::factorization::{LANES, Row};
use super::products::{Block, NOTHING, Square, add_products, inner};
use glass::random::{Stream, uniform};
use std::slice::from_ref;

/// Below this part of its length, what is left of a vector is rounding.
const RANK_TOLERANCE: f64 = 1e-13;

/// Normalizing a block that lost more than this part of its length to the basis brings back what
/// orthogonality it lacked; it is projected again.
const CANCELLATION: f64 = 1e-3;

/// 1.
pub(crate) fn identity() -> Square {
    let mut square = NOTHING;
    (0..LANES).for_each(|k| square[k][k] = 1.0);
    square
}

/// `square`ᵀ.
pub(crate) fn transposed(square: &Square) -> Square {
    std::array::from_fn(|a| std::array::from_fn(|b| square[b][a]))
}

/// `left` `right`.
pub(crate) fn product(left: &Square, right: &Square) -> Square {
    let entry = |a: usize, b: usize| (0..LANES).map(|k| left[a][k] * right[k][b]).sum();
    std::array::from_fn(|a| std::array::from_fn(|b| entry(a, b)))
}

/// `block` −= `basis` `coefficients`.
pub(crate) fn subtract_product(block: &mut Block, basis: &[Block], coefficients: &[Square]) {
    let negative = coefficients.iter().map(|square| square.map(|row| row.map(|x| -x))).collect();
    add_products(std::slice::from_mut(block), basis, &[negative]);
}

/// Removes the components of `block` along the orthonormal `basis` and returns them.
pub(crate) fn project_out(block: &mut Block, basis: &[Block]) -> Vec<Square> {
    let components = inner(basis, block);
    subtract_product(block, basis, &components);
    components
}

/// Uniform numbers in [−½, ½).
pub(crate) fn random_block(rows: usize, stream: &mut Stream) -> Block {
    (0..rows).map(|_| [(); LANES].map(|()| uniform(stream) - 0.5)).collect()
}

/// The length of each vector.
pub(crate) fn lengths(block: &[Row]) -> Row {
    let mut squares = [0.0; LANES];
    for row in block {
        for lane in 0..LANES {
            squares[lane] += row[lane] * row[lane];
        }
    }
    squares.map(f64::sqrt)
}

/// Makes `block` orthonormal and orthogonal to `basis`: block = Q R + basis C, with Q left in
/// `block`; returns (C, R). `length` is what the vectors were as long as before anything was
/// subtracted from them.
///
/// A vector that depends on the others is replaced by a random one; its row of R is zero.
pub(crate) fn orthonormalize(
    block: &mut Block,
    basis: &[Block],
    length: f64,
    stream: &mut Stream,
) -> (Vec<Square>, Square) {
    let mut components = project_out(block, basis);
    let Some(mut triangle) = cholesky_orthonormalize(block) else {
        return (components, one_by_one(block, basis, length, stream));
    };
    if (0..LANES).any(|j| triangle[j][j] < CANCELLATION * length) {
        let again = project_out(block, basis);
        for (sum, again) in components.iter_mut().zip(&again) {
            let more = product(again, &triangle);
            sum.iter_mut().flatten().zip(more.iter().flatten()).for_each(|(sum, more)| *sum += more);
        }
        let Some(correction) = cholesky_orthonormalize(block) else {
            // In terms of the block as it is, whose R is yet to be multiplied.
            let rest = one_by_one(block, basis, 1.0, stream);
            return (components, product(&rest, &triangle));
        };
        triangle = product(&correction, &triangle);
    }
    (components, triangle)
}

/// Q R of a block by two rounds of Cholesky of its Gram matrix; `None`, and the block as it was, when
/// it is not clearly of full rank.
fn cholesky_orthonormalize(block: &mut Block) -> Option<Square> {
    let first = triangle(block)?;
    let original = times(block, &inverse(&first));
    let Some(second) = triangle(block) else {
        *block = original;
        return None;
    };
    times(block, &inverse(&second));
    Some(product(&second, &first))
}

/// R of the Gram matrix Rᵀ R of a block, if that is clearly of full rank.
fn triangle(block: &Block) -> Option<Square> {
    let gram = inner(from_ref(block), block)[0];
    let mut triangle = NOTHING;
    for j in 0..LANES {
        for i in 0..=j {
            let rest = (0..i).fold(gram[i][j], |rest, k| rest - triangle[k][i] * triangle[k][j]);
            if i < j {
                triangle[i][j] = rest / triangle[i][i];
            } else if rest > 1e-10 * gram[j][j] {
                triangle[j][j] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(triangle)
}

/// Multiplies `block` by `square` and returns what it was.
fn times(block: &mut Block, square: &Square) -> Block {
    let original = std::mem::replace(block, vec![[0.0; LANES]; block.len()]);
    add_products(std::slice::from_mut(block), from_ref(&original), &[vec![*square]]);
    original
}

/// Of an upper triangle.
fn inverse(triangle: &Square) -> Square {
    let mut inverse = NOTHING;
    for j in 0..LANES {
        for i in (0..=j).rev() {
            let unit = f64::from(u8::from(i == j));
            let rest = (i + 1..=j).fold(unit, |rest, k| rest - triangle[i][k] * inverse[k][j]);
            inverse[i][j] = rest / triangle[i][i];
        }
    }
    inverse
}

/// The same vector by vector, for blocks that are, or nearly are, of lower rank.
fn one_by_one(block: &mut Block, basis: &[Block], length: f64, stream: &mut Stream) -> Square {
    let rows = block.len();
    let mut triangle = NOTHING;
    let mut done: Block = vec![[0.0; LANES]; rows];
    for j in 0..LANES {
        let mut current: Block = vec![[0.0; LANES]; rows];
        current.iter_mut().zip(&*block).for_each(|(to, from)| to[j] = from[j]);
        let mut replaced = false;
        loop {
            for _ in 0..3 {
                project_out(&mut current, basis);
                let components = project_out(&mut current, from_ref(&done))[0];
                if !replaced {
                    (0..j).for_each(|k| triangle[k][j] += components[k][j]);
                }
            }
            let norm = lengths(&current)[j];
            if norm > RANK_TOLERANCE * if replaced { (rows as f64).sqrt() } else { length } {
                triangle[j][j] = if replaced { 0.0 } else { norm };
                current.iter_mut().for_each(|row| row[j] /= norm);
                // Dividing a short vector by its length brings back what it lacked.
                for _ in 0..2 {
                    project_out(&mut current, basis);
                    project_out(&mut current, from_ref(&done));
                    let norm = lengths(&current)[j];
                    current.iter_mut().for_each(|row| row[j] /= norm);
                }
                break;
            }
            current.iter_mut().for_each(|row| row[j] = uniform(stream) - 0.5);
            replaced = true;
        }
        done.iter_mut().zip(&current).for_each(|(to, from)| to[j] = from[j]);
    }
    *block = done;
    triangle
}
