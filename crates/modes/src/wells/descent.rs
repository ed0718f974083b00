//! From a saddle down both sides: the path of steepest descent, and the minima where it ends.

use super::Outcome;
use super::fall::{is_parabolic, longest_step, stages, step_down};
use super::ground::{Field, Ground, Surface, apart, difference, dot, moved, norm};
use super::saddle::Saddle;
use glass::quench::{QuenchSettings, quench};
use glass::space::longest;

/// Steps from one minimum to the other, if the way were straight and the saddle in the middle.
const STEPS_OF_LENGTH: f64 = 24.0;

/// Parts of a step, so that what is stiff has relaxed after each.
const PARTS: usize = 3;

/// Such parts down one side.
const PARTS_MAX: usize = 2000;

/// Forces in one step at most.
const STAGES_MAX: usize = 60;

/// A step takes no longer than this part of the time in which the force along the way changes by its size.
const PART_OF_TIME: f64 = 0.7;

/// A minimum is straight ahead where forces, falling, are below this and this part of what they were at most: the inherent
/// structure if its parabola explains them,
const FORCE_AT_END: f64 = 3e-4;
const PART_AT_END: f64 = 0.03;

/// as it may already where it is no higher than this.
const ENERGY_AT_END: f64 = 1e-4;

/// Places on the straight way there.
const PARTS_AT_END: [f64; 3] = [0.5, 0.75, 0.875];

/// A point of a path.
#[derive(Debug, Clone)]
pub(super) struct Node<const D: usize> {
    pub(super) place: Field<D>,
    pub(super) energy: f64,
    pub(super) force: Field<D>,
}

/// A path from the inherent structure to an adjacent minimum over one saddle.
pub(super) struct Route<const D: usize> {
    /// The minima first and last.
    nodes: Vec<Node<D>>,
    saddle_energy: f64,
    saddle_curvature: f64,
}

/// Why a saddle has no [`Route`].
#[derive(Debug, Clone)]
pub(super) enum Astray<const D: usize> {
    /// No side ends at the inherent structure; the one that ends nearer to it ends here.
    Between(Field<D>),
    /// Something else.
    Failed(Outcome),
}

/// Where a way down has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// To the origin.
    Home,
    /// To another minimum.
    Elsewhere,
}

impl<const D: usize> Route<D> {
    /// Down both sides of `saddle`; one must end at the origin. Ends at one of the `known` minima are theirs, others are
    /// quenched.
    pub(super) fn down_from(
        ground: &mut Ground<'_, D>,
        saddle: &Saddle<D>,
        known: &[Field<D>],
        settings: &QuenchSettings,
    ) -> Result<Route<D>, Astray<D>> {
        // Home first: more often than not it is the side that points there.
        let step = 2.0 * norm(&saddle.place) / STEPS_OF_LENGTH;
        let step = if dot(&saddle.place, &saddle.direction) > 0.0 { -step } else { step };
        let failed = |outcome| Astray::Failed(outcome);
        let one = down(ground, saddle, step).ok_or(failed(Outcome::NoSaddle))?;
        let other = down(ground, saddle, -step).ok_or(failed(Outcome::NoSaddle))?;
        let (mut first, mut last) = match (one, other) {
            ((one, Arrival::Home), (other, Arrival::Elsewhere)) => (one, other),
            ((one, Arrival::Elsewhere), (other, Arrival::Home)) => (other, one),
            ((one, Arrival::Elsewhere), (other, Arrival::Elsewhere)) => {
                let mut ends = [one, other].map(|side| side[side.len() - 1].place.clone());
                ends.sort_by(|a, b| norm(a).total_cmp(&norm(b)));
                let [nearer, _] = ends;
                return Err(Astray::Between(nearer));
            }
            _ => return Err(failed(Outcome::NotAdjacent)),
        };
        let origin = ground.origin();
        finish(ground, &mut first, Node { place: origin.clone(), energy: 0.0, force: origin.clone() });
        let minimum = minimum_below(ground, &last, known, settings).map_err(failed)?;
        if apart(&minimum.place, &last[last.len() - 1].place) > 4.0 * step.abs() {
            return Err(failed(Outcome::NoSaddle));
        }
        if ground.is_same(&minimum.place, &origin) {
            return Err(failed(Outcome::NotAdjacent));
        }
        finish(ground, &mut last, minimum);
        ground.evaluate(&saddle.place);
        let top = Node { place: saddle.place.clone(), energy: saddle.energy, force: ground.forces().to_vec() };
        let nodes = first.into_iter().rev().chain([top]).chain(last).collect();
        Ok(Route { nodes, saddle_energy: saddle.energy, saddle_curvature: saddle.curvature })
    }

    /// The minima and what is between, in order.
    pub(super) fn nodes(&self) -> &[Node<D>] {
        &self.nodes
    }

    /// Where the last minimum is.
    pub(super) fn end_place(&self) -> &[[f64; D]] {
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

/// Down the side to which `step` times the saddle's direction points, in steps no longer than it, until a minimum is
/// straight ahead; `None` if none comes.
pub(super) fn down<const D: usize>(
    ground: &mut impl Surface<D>,
    saddle: &Saddle<D>,
    step: f64,
) -> Option<(Vec<Node<D>>, Arrival)> {
    let reach = step.abs();
    let stiffest = ground.stiffness();
    let mut stiffness = stiffest;
    let mut nodes: Vec<Node<D>> = Vec::new();
    let mut place = moved(&saddle.place, &saddle.direction, 0.5 * step);
    let mut energy = ground.evaluate(&place);
    let mut force = ground.forces().to_vec();
    // Of the energy along the way.
    let mut curvature = saddle.curvature;
    let (mut parts, mut most) = (0, 0.0f64);
    for _ in 0..PARTS_MAX {
        let strength = norm(&force);
        let time = longest_step(stiffness, STAGES_MAX)
            .min(reach / (PARTS as f64 * strength))
            .min(PART_OF_TIME / curvature.abs());
        let there = step_down(ground, &place, &force, time, stages(time, stiffness));
        let lower = ground.evaluate(&there);
        // Not a number, where the step was far too long.
        if lower >= energy || lower.is_nan() {
            stiffness *= 2.5;
            continue;
        }
        curvature = (strength - norm(ground.forces())) / apart(&there, &place);
        if parts % PARTS == 0 {
            nodes.push(Node { place, energy, force });
        }
        parts += 1;
        (place, energy, force) = (there, lower, ground.forces().to_vec());
        stiffness = (0.9 * stiffness).max(stiffest);
        let largest = longest(&force);
        most = most.max(largest);
        let is_at_end = curvature > 0.0 && largest <= FORCE_AT_END.min(PART_AT_END * most);
        let energy_max = if is_at_end { f64::INFINITY } else { ENERGY_AT_END };
        let arrival = if is_parabolic(ground, &place, &force, energy, energy_max) {
            Some(Arrival::Home)
        } else {
            is_at_end.then_some(Arrival::Elsewhere)
        };
        if let Some(arrival) = arrival {
            nodes.push(Node { place, energy, force });
            return Some((nodes, arrival));
        }
    }
    None
}

/// The minimum where a way down ends.
fn minimum_below<const D: usize>(
    ground: &mut Ground<'_, D>,
    side: &[Node<D>],
    known: &[Field<D>],
    settings: &QuenchSettings,
) -> Result<Node<D>, Outcome> {
    let last = &side[side.len() - 1].place;
    let start = ground.configuration(last);
    let reached = quench(&start, ground.minimum().potential(), settings).map_err(|_| Outcome::NoQuench)?;
    let place = ground.place(reached.configuration());
    let place = known.iter().find(|known| ground.is_same(known, &place)).cloned().unwrap_or(place);
    let energy = ground.evaluate(&place);
    Ok(Node { place, energy, force: ground.origin() })
}

/// Ends a way down at its minimum, straight from where it came to last.
fn finish<const D: usize>(ground: &mut impl Surface<D>, side: &mut Vec<Node<D>>, minimum: Node<D>) {
    let from = side[side.len() - 1].place.clone();
    let way = difference(&minimum.place, &from);
    for part in PARTS_AT_END {
        let place = moved(&from, &way, part);
        let energy = ground.evaluate(&place);
        side.push(Node { place, energy, force: ground.forces().to_vec() });
    }
    side.push(minimum);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]

    use super::super::path::{LOW_SADDLE, MIDDLE, MuellerBrownAround};
    use super::*;

    /// Both ways down from the saddle, in steps so small that nothing else is needed: the slow twin.
    #[test]
    fn the_way_down_is_that_of_small_steps_along_the_forces() {
        let mut surface = MuellerBrownAround::new(MIDDLE);
        let place = vec![surface.place(LOW_SADDLE)];
        let (curvature, direction) = surface.lowest(&place);
        let saddle = Saddle { energy: surface.evaluate(&place), place, curvature, direction: vec![direction] };
        let (mut arrivals, mut ends) = (Vec::new(), Vec::new());
        for step in [0.2, -0.2] {
            let (nodes, arrival) = down(&mut surface, &saddle, step).expect("a minimum");
            let mut twin = vec![nodes[0].place[0]];
            for _ in 0..40_000 {
                let here = twin[twin.len() - 1];
                surface.evaluate(&[here]);
                let force = surface.forces()[0];
                twin.push([here[0] + 1e-2 * force[0], here[1] + 1e-2 * force[1]]);
            }
            for node in &nodes {
                let from = |other: &[f64; 2]| apart(&node.place, &[*other]);
                assert!(twin.iter().map(from).fold(f64::INFINITY, f64::min) < 0.05, "{:?}", node.place);
            }
            assert!(nodes.windows(2).all(|pair| pair[1].energy < pair[0].energy));
            arrivals.push(arrival);
            ends.push(apart(&nodes[nodes.len() - 1].place, &twin[twin.len() - 1..]));
        }
        assert!(arrivals.contains(&Arrival::Home) && arrivals.contains(&Arrival::Elsewhere), "{arrivals:?}");
        assert!(ends.iter().all(|end| *end < 0.1), "{ends:?}");
    }
}
