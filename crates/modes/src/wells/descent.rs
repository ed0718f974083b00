//! From a saddle down both sides: the path of steepest descent, and the minima where it ends.
//!
//! dr/dt = F, by linearly implicit Euler steps (1/h + H) d = F: stiff directions lie in the valley after each, so that
//! steps may be as long as the valley is straight. Near a minimum h grows and the steps become Newton's.

use super::Outcome;
use super::ground::{Field, Ground, difference, longest, moved, norm, without_translation};
use super::saddle::Saddle;
use super::stiffness::Stiffness;
use glass::InherentStructure;
use glass::quench::{QuenchSettings, quench};

/// Steps from one end of the string to the other, roughly.
const STEPS_OF_LENGTH: f64 = 24.0;

/// Steps down one side.
const STEPS_MAX: usize = 400;

/// The minimum is where forces are below this; the quench does the rest.
const FORCE_AT_END: f64 = 1e-5;

/// 1/h at most and at least, ε/length².
const INVERSE_TIME: [f64; 2] = [1e-6, 1e6];

/// A point of a path.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Field,
    pub(super) energy: f64,
    pub(super) force: Field,
}

/// One side of a saddle: from it to a minimum.
struct Side {
    nodes: Vec<Node>,
    minimum: InherentStructure,
}

/// A path from minimum to minimum over one saddle.
pub(super) struct Route {
    /// The minima first and last.
    nodes: Vec<Node>,
    ends: [InherentStructure; 2],
    saddle_energy: f64,
    saddle_curvature: f64,
}

impl Route {
    /// Down both sides of `saddle`, in steps of a part of `length`.
    pub(super) fn down_from(
        ground: &mut Ground<'_>,
        stiff: &mut Stiffness,
        saddle: &Saddle,
        length: f64,
        settings: &QuenchSettings,
    ) -> Result<Route, Outcome> {
        let step = length / STEPS_OF_LENGTH;
        let left = Side::down(ground, stiff, saddle, -step, settings)?;
        let right = Side::down(ground, stiff, saddle, step, settings)?;
        ground.evaluate(&saddle.place);
        let top = Node { place: saddle.place.clone(), energy: saddle.energy, force: ground.forces().to_vec() };
        let nodes = left.nodes.into_iter().rev().chain([top]).chain(right.nodes).collect();
        Ok(Route {
            nodes,
            ends: [left.minimum, right.minimum],
            saddle_energy: saddle.energy,
            saddle_curvature: saddle.curvature,
        })
    }

    /// The path turned so that it begins at the origin, or else the end that is nearer to it.
    pub(super) fn begun_at_origin(mut self, ground: &Ground<'_>) -> Result<Route, Field> {
        if ground.is_origin(&self.ends[0]) {
            return Ok(self);
        }
        if ground.is_origin(&self.ends[1]) {
            self.nodes.reverse();
            self.ends.reverse();
            return Ok(self);
        }
        let mut places = self.ends.map(|end| ground.place(end.configuration()));
        places.sort_by(|a, b| norm(a).total_cmp(&norm(b)));
        let [nearer, _] = places;
        Err(nearer)
    }

    /// The minima and what is between, in order.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Where the last minimum is.
    pub(super) fn end_place(&self) -> &[[f64; 2]] {
        &self.nodes[self.nodes.len() - 1].place
    }

    /// Of the saddle above the origin.
    pub(super) fn saddle_energy(&self) -> f64 {
        self.saddle_energy
    }

    /// λ of the saddle.
    pub(super) fn saddle_curvature(&self) -> f64 {
        self.saddle_curvature
    }
}

impl Side {
    /// Down the side to which `step` times the saddle's direction points, in steps no longer than it.
    fn down(
        ground: &mut Ground<'_>,
        stiff: &mut Stiffness,
        saddle: &Saddle,
        step: f64,
        settings: &QuenchSettings,
    ) -> Result<Side, Outcome> {
        let reach = step.abs();
        let mut nodes: Vec<Node> = Vec::new();
        let mut place = moved(&saddle.place, &saddle.direction, 0.5 * step);
        let mut energy = ground.evaluate(&place);
        let mut inverse_time = 4.0 * saddle.curvature.abs();
        for _ in 0..STEPS_MAX {
            let force = ground.forces().to_vec();
            nodes.push(Node { place: place.clone(), energy, force: force.clone() });
            if longest(&force) <= FORCE_AT_END {
                break;
            }
            stiff.go(ground, &place).map_err(|_| Outcome::NoSaddle)?;
            inverse_time = (0.4 * inverse_time).max(INVERSE_TIME[0]);
            let next = loop {
                if inverse_time > INVERSE_TIME[1] {
                    return Err(Outcome::NoSaddle);
                }
                let factors = stiff.matrix.factorize(-inverse_time).ok().filter(|f| f.negative_pivots() == 0);
                let steps = factors.map(|factors| stiff.solve(&factors, &[&force]));
                let mut excess = 2.0;
                if let Some([next]) = steps.as_deref() {
                    let length = norm(next);
                    if length <= reach {
                        let there = moved(&place, next, 1.0);
                        let lower = ground.evaluate(&there);
                        if lower < energy {
                            break (there, lower);
                        }
                    }
                    excess = (1.1 * length / reach).clamp(1.3, 20.0);
                }
                inverse_time *= excess;
            };
            (place, energy) = next;
        }
        let reached = quench(&ground.configuration(&place), ground.minimum().potential(), settings)
            .map_err(|_| Outcome::NoQuench)?;
        let mut end = ground.place(reached.configuration());
        without_translation(&mut end);
        // The path must end where it is known to.
        if norm(&difference(&end, &place)) > 4.0 * reach {
            return Err(Outcome::NoSaddle);
        }
        let energy = ground.evaluate(&end);
        let force = ground.origin();
        // What is nearer to the minimum than rounding tells nothing.
        while nodes.len() > 1 && nodes.last().is_some_and(|node| norm(&difference(&node.place, &end)) < 1e-3 * reach) {
            nodes.pop();
        }
        nodes.push(Node { place: end, energy, force });
        Ok(Side { nodes, minimum: reached })
    }
}
