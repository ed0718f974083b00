//! The last bits: forces below what rounding the positions leaves.
//!
//! A coordinate near L is a multiple of 2⁻⁴⁷ or so; rounding it changes forces by that times the
//! stiffness, 10⁻¹² at N = 4000. Newton steps, rounded anew each time, cannot get below. But among
//! the neighbouring numbers there are better choices, found by moving one coordinate or two at once.

use crate::hessian::{Block, Hessian};
use crate::periodic::PeriodicBox;
use crate::space::{plus, square};

/// What a change of Σ (|F|/tolerance)⁸ must be below to be made.
const CHANGE: f64 = -0.1;

/// Largest force that rounding every coordinate of a box of longest side `length` by up to half a unit in its last place
/// may leave: max over particles of Σ_j |H_ij| times that.
pub(super) fn force_of_rounding<const D: usize>(hessian: &Hessian<D>, length: f64) -> f64 {
    let half_unit = 0.5 * (length - length.next_down());
    let sum = |row: &[f64; D]| row.iter().map(|entry| entry.abs()).sum::<f64>();
    let largest = |block: &Block<D>| block.iter().map(sum).fold(0.0, f64::max);
    let mut stiffness: Vec<f64> = hessian.diagonal_blocks().iter().map(largest).collect();
    for (pair, block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
        stiffness[pair.first as usize] += largest(block);
        stiffness[pair.second as usize] += largest(block);
    }
    half_unit * stiffness.into_iter().fold(0.0, f64::max)
}

/// Weight of a force: (|F|/tolerance)⁸, so that the largest count.
fn penalty<const D: usize>(force: [f64; D], tolerance: f64) -> f64 {
    let ratio = square(force) / (tolerance * tolerance);
    (ratio * ratio) * (ratio * ratio)
}

/// A coordinate that takes the next number up or down.
#[derive(Clone, Copy)]
struct Step {
    particle: usize,
    axis: usize,
    up: bool,
}

/// Positions and the forces that the Hessian predicts for them.
struct Rounding<'a, const D: usize> {
    positions: &'a mut [[f64; D]],
    forces: Vec<[f64; D]>,
    /// The Hessian by rows of particles.
    rows: Vec<Vec<(usize, Block<D>)>>,
    side: PeriodicBox<D>,
    tolerance: f64,
}

/// Moves coordinates near particles whose force exceeds `tolerance` to the next number up or down, each
/// time the one (or, where none helps, the two) that most lowers Σ (|F|/tolerance)⁸, as the Hessian
/// predicts. Returns whether any moved; coordinates stay in the box. Each look for a better choice takes
/// one from `looks`; at zero it ends.
pub(super) fn improve_rounding<const D: usize>(
    positions: &mut [[f64; D]],
    forces: &[[f64; D]],
    hessian: &Hessian<D>,
    side: PeriodicBox<D>,
    tolerance: f64,
    looks: &mut u32,
) -> bool {
    let mut rows: Vec<Vec<(usize, Block<D>)>> =
        hessian.diagonal_blocks().iter().enumerate().map(|(i, &block)| vec![(i, block)]).collect();
    for (pair, &block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
        rows[pair.first as usize].push((pair.second as usize, block));
        rows[pair.second as usize].push((pair.first as usize, block));
    }
    let mut rounding = Rounding { positions, forces: forces.to_vec(), rows, side, tolerance };
    let mut moved = false;
    for i in 0..forces.len() {
        // Each round lowers the penalty by a tenth of one particle at its limit or more, so this ends; but a
        // force of eight times the tolerance has a penalty of 10⁷.
        while penalty(rounding.forces[i], tolerance) > 1.0 && *looks > 0 {
            *looks -= 1;
            if !(rounding.one_step(i) || rounding.two_steps(i)) {
                break;
            }
            moved = true;
        }
    }
    moved
}

impl<const D: usize> Rounding<'_, D> {
    /// Takes the best step near particle `i`, if one is good enough.
    fn one_step(&mut self, i: usize) -> bool {
        let Some((change, step)) = self.best_of(&self.steps_near(i)) else { return false };
        let good = change < CHANGE;
        if good {
            self.take(step);
        }
        good
    }

    /// Takes the best two steps near particle `i`, if they are good enough together.
    fn two_steps(&mut self, i: usize) -> bool {
        let steps = self.steps_near(i);
        let mut best = (CHANGE, None);
        for &first in &steps {
            let first_change = self.change(first);
            let before = (self.positions[first.particle], self.forces_near(first.particle));
            self.take(first);
            // Not straight back: that changes nothing.
            let others: Vec<Step> =
                steps.iter().copied().filter(|s| (s.particle, s.axis) != (first.particle, first.axis)).collect();
            if let Some((second_change, second)) = self.best_of(&others)
                && first_change + second_change < best.0
            {
                best = (first_change + second_change, Some((first, second)));
            }
            self.positions[first.particle] = before.0;
            for (k, force) in before.1 {
                self.forces[k] = force;
            }
        }
        let Some((first, second)) = best.1 else { return false };
        self.take(first);
        self.take(second);
        true
    }

    /// The steps of `i` and its neighbours.
    fn steps_near(&self, i: usize) -> Vec<Step> {
        let of = |particle: usize| (0..D).flat_map(move |axis| [false, true].map(|up| Step { particle, axis, up }));
        self.rows[i].iter().flat_map(|&(j, _)| of(j)).collect()
    }

    /// The step that most lowers the penalty (or least raises it), and by how much.
    fn best_of(&self, steps: &[Step]) -> Option<(f64, Step)> {
        let changes = steps.iter().map(|&step| (self.change(step), step));
        changes.filter(|(change, _)| !change.is_nan()).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// By how much a step changes the penalty; infinite for one that leaves the box.
    fn change(&self, step: Step) -> f64 {
        let (next, shift) = self.target(step);
        if !(0.0..self.side.sides()[step.axis]).contains(&next) {
            return f64::INFINITY;
        }
        let changes = self.rows[step.particle].iter().map(|&(k, block)| {
            penalty(displaced(self.forces[k], &block, step.axis, shift), self.tolerance)
                - penalty(self.forces[k], self.tolerance)
        });
        changes.sum()
    }

    fn take(&mut self, step: Step) {
        let (next, shift) = self.target(step);
        for &(k, block) in &self.rows[step.particle] {
            self.forces[k] = displaced(self.forces[k], &block, step.axis, shift);
        }
        self.positions[step.particle][step.axis] = next;
    }

    /// The number a step leads to, and how far that is.
    fn target(&self, step: Step) -> (f64, f64) {
        let from = self.positions[step.particle][step.axis];
        let next = if step.up { from.next_up() } else { from.next_down() };
        (next, next - from)
    }

    fn forces_near(&self, particle: usize) -> Vec<(usize, [f64; D])> {
        self.rows[particle].iter().map(|&(k, _)| (k, self.forces[k])).collect()
    }
}

/// The force after a neighbour (with this block of the Hessian) moved by `shift` along `axis`.
fn displaced<const D: usize>(force: [f64; D], block: &Block<D>, axis: usize, shift: f64) -> [f64; D] {
    plus(force, -shift, block[axis])
}
