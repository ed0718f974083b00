//! The last bits: forces below what rounding the positions leaves.
//!
//! A coordinate near L is a multiple of 2⁻⁴⁷ or so; rounding it changes forces by that times the
//! stiffness, 10⁻¹² at N = 4000. Newton steps, rounded anew each time, cannot get below. But among
//! the neighbouring numbers there are better choices, found by moving single coordinates.

use crate::hessian::Hessian;

/// Weight of a force: (|F|/tolerance)⁸, so that the largest count.
fn penalty(force: [f64; 2], tolerance: f64) -> f64 {
    let ratio = (force[0] * force[0] + force[1] * force[1]) / (tolerance * tolerance);
    (ratio * ratio) * (ratio * ratio)
}

/// Moves coordinates near particles whose force exceeds `tolerance` to the next number up or down,
/// one at a time, each time the one that most lowers Σ (|F|/tolerance)⁸, as the Hessian predicts.
/// Returns whether any moved; coordinates stay in [0, `length`).
pub(super) fn improve_rounding(
    positions: &mut [[f64; 2]],
    forces: &[[f64; 2]],
    hessian: &Hessian,
    length: f64,
    tolerance: f64,
) -> bool {
    let mut rows: Vec<Vec<(usize, [f64; 3])>> =
        hessian.diagonal_blocks().iter().enumerate().map(|(i, &block)| vec![(i, block)]).collect();
    for (pair, &block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
        rows[pair.first as usize].push((pair.second as usize, block));
        rows[pair.second as usize].push((pair.first as usize, block));
    }
    let mut forces = forces.to_vec();
    let mut moved = false;
    for i in 0..positions.len() {
        // Each move lowers the penalty by a tenth of one particle at its limit or more, so this ends.
        while penalty(forces[i], tolerance) > 1.0 {
            let mut best = (-0.1, None);
            for &(j, _) in &rows[i] {
                for axis in 0..2 {
                    for next in [positions[j][axis].next_up(), positions[j][axis].next_down()] {
                        if !(0.0..length).contains(&next) {
                            continue;
                        }
                        let shift = next - positions[j][axis];
                        let change: f64 = rows[j]
                            .iter()
                            .map(|&(k, block)| {
                                penalty(displaced(forces[k], &block, axis, shift), tolerance)
                                    - penalty(forces[k], tolerance)
                            })
                            .sum();
                        if change < best.0 {
                            best = (change, Some((j, axis, next)));
                        }
                    }
                }
            }
            let (_, Some((j, axis, next))) = best else { break };
            let shift = next - positions[j][axis];
            for &(k, block) in &rows[j] {
                forces[k] = displaced(forces[k], &block, axis, shift);
            }
            positions[j][axis] = next;
            moved = true;
        }
    }
    moved
}

/// The force after a neighbour (with this block of the Hessian) moved by `shift` along `axis`.
fn displaced(force: [f64; 2], block: &[f64; 3], axis: usize, shift: f64) -> [f64; 2] {
    [force[0] - block[axis] * shift, force[1] - block[axis + 1] * shift]
}
