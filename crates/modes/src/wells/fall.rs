//! Steepest descent from a place, dr/dt = F, until it is known whether it falls back to the inherent structure.
//!
//! By steps of Runge, Kutta and Legendre (Meyer, Balsara and Aslam, doi:10.1016/j.jcp.2013.08.021): s forces to a step are
//! stable over a time of (s² + s)/λ_max, so that what is stiff relaxes and what is soft follows the valley, at the cost of
//! about as many forces as conjugate gradients need. No factorization is asked for.

use super::ground::{Field, Surface, dot, length, moved};
use glass::space::{longest, minus, plus};

/// Forces above this are those of overlaps: each particle follows its own for a while, no further in one step than
/// [`OVERLAP_REACH`].
const OVERLAP: f64 = 300.0;
const OVERLAP_REACH: f64 = 0.1;
/// Forces over this stiffness are how far it goes else, ε/length².
const OVERLAP_STIFFNESS: f64 = 500.0;
const OVERLAP_STEPS: usize = 60;

/// Forces in one step at most.
const STAGES_MAX: usize = 40;

/// No particle should move much further in one step.
const REACH: f64 = 0.2;

/// Steps after which what has not fallen back counts as elsewhere.
const STEPS: usize = 200;

/// A place where forces are below this has fallen.
const STILL: f64 = 2e-4;

/// Where forces are below this, and point away from the inherent structure, nothing falls back; but for a saddle, where it
/// does no harm to find the border between.
const QUIET: f64 = 0.05;

/// Nothing falls longer, length²/ε.
const TIME_MAX: f64 = 40.0;

/// Force towards the inherent structure, and energy, may be off those of its parabola by this part,
const PARABOLIC: f64 = 0.4;

/// the energy no more than this,
const NEAR_ENERGY: f64 = 0.02;

/// and what is stiff must have had so long to relax, length²/ε.
const RELAXED: f64 = 1.0;

/// Below the energy of the inherent structure by this nothing falls back.
const BELOW: f64 = 1e-7;

/// Where a fall ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// In the inherent structure.
    Home,
    /// In another minimum, or nowhere yet.
    Elsewhere,
}

/// A point of a fall.
#[derive(Debug, Clone)]
struct Point<const D: usize> {
    time: f64,
    place: Field<D>,
    /// The largest.
    force: f64,
}

/// One way down.
#[derive(Debug, Clone)]
pub(super) struct Fall<const D: usize> {
    /// One at least.
    points: Vec<Point<D>>,
    pub(super) end: End,
}

impl<const D: usize> Fall<D> {
    /// Standing still in the inherent structure.
    pub(super) fn at_home(origin: Field<D>) -> Fall<D> {
        Fall { points: vec![Point { time: 0.0, place: origin, force: 0.0 }], end: End::Home }
    }

    /// From `start`.
    pub(super) fn from(ground: &mut impl Surface<D>, start: Field<D>) -> Fall<D> {
        let stiffest = ground.stiffness();
        let mut stiffness = stiffest;
        let mut place = without_overlaps(ground, start);
        let mut energy = ground.evaluate(&place);
        let mut force = ground.forces().to_vec();
        let mut time = 0.0;
        let mut fall = Fall { points: Vec::new(), end: End::Elsewhere };
        fall.points.push(Point { time, place: place.clone(), force: longest(&force) });
        for _ in 0..STEPS {
            let largest = longest(&force);
            let is_still = largest < STILL;
            if (time >= RELAXED || is_still) && is_parabolic(ground, &place, &force, energy, NEAR_ENERGY) {
                fall.end = End::Home;
                break;
            }
            let goes_away = time >= RELAXED && largest < QUIET && dot(&force, &place) > 0.0;
            if !largest.is_finite() || is_still || goes_away || energy < -BELOW || time > TIME_MAX {
                break;
            }
            let step = longest_step(stiffness, STAGES_MAX).min(REACH / largest);
            let there = step_down(ground, &place, &force, step, stages(step, stiffness));
            let lower = ground.evaluate(&there);
            if lower < energy {
                (place, energy, force, time) = (there, lower, ground.forces().to_vec(), time + step);
                fall.points.push(Point { time, place: place.clone(), force: longest(&force) });
                stiffness = (0.9 * stiffness).max(stiffest);
            } else {
                stiffness *= 2.5;
            }
        }
        fall
    }

    /// Where it begins.
    pub(super) fn start(&self) -> &Field<D> {
        &self.points[0].place
    }

    /// Times of its points.
    pub(super) fn times(&self) -> impl DoubleEndedIterator<Item = f64> {
        self.points.iter().map(|point| point.time)
    }

    /// Where it is, and the largest force there, at `time` after its beginning; straight between its points.
    pub(super) fn at(&self, time: f64) -> (Field<D>, f64) {
        let after = self.points.partition_point(|point| point.time < time);
        if after == 0 || after == self.points.len() {
            let point = &self.points[after.min(self.points.len() - 1)];
            return (point.place.clone(), point.force);
        }
        let (before, after) = (&self.points[after - 1], &self.points[after]);
        let part = (time - before.time) / (after.time - before.time);
        let place = before.place.iter().zip(&after.place);
        let place = place.map(|(&a, &b)| plus(a, part, minus(b, a))).collect();
        (place, before.force + part * (after.force - before.force))
    }

    /// From `time` on.
    pub(super) fn after(&self, time: f64) -> Fall<D> {
        let (place, force) = self.at(time);
        let later = self.points.iter().filter(|point| point.time > time);
        let later = later.map(|point| Point { time: point.time - time, ..point.clone() });
        let points = [Point { time: 0.0, place, force }].into_iter().chain(later).collect();
        Fall { points, end: self.end }
    }
}

/// Whether the parabola of the inherent structure explains energy and forces, so that what is here falls back; asked where
/// the energy is no more than `energy_max`.
pub(super) fn is_parabolic<const D: usize>(
    ground: &impl Surface<D>,
    place: &[[f64; D]],
    force: &[[f64; D]],
    energy: f64,
    energy_max: f64,
) -> bool {
    if energy > energy_max {
        return false;
    }
    let parabola = dot(place, &ground.pull(place));
    let is_near = |value: f64| (value - parabola).abs() <= PARABOLIC * parabola;
    is_near(-dot(force, place)) && is_near(2.0 * energy)
}

/// The longest step that `stages` forces can do where nothing is stiffer than `stiffness`.
pub(super) fn longest_step(stiffness: f64, stages: usize) -> f64 {
    (stages * stages + stages) as f64 / stiffness
}

/// Forces that a step of a time `step` needs there.
pub(super) fn stages(step: f64, stiffness: f64) -> usize {
    (((0.25 + step * stiffness).sqrt() - 0.5).ceil() as usize).max(2)
}

/// `place` after each particle has followed its own force until no overlaps are left.
fn without_overlaps<const D: usize>(ground: &mut impl Surface<D>, mut place: Field<D>) -> Field<D> {
    for _ in 0..OVERLAP_STEPS {
        ground.evaluate(&place);
        if longest(ground.forces()) <= OVERLAP {
            break;
        }
        for (r, f) in place.iter_mut().zip(ground.forces()) {
            let length = length(*f);
            if length > 0.0 {
                let scale = (OVERLAP_REACH / length).min(1.0 / OVERLAP_STIFFNESS);
                *r = plus(*r, scale, *f);
            }
        }
    }
    place
}

/// `place` a time `step` later, by `stages` forces, the first of which is `force`.
pub(super) fn step_down<const D: usize>(
    ground: &mut impl Surface<D>,
    place: &[[f64; D]],
    force: &[[f64; D]],
    step: f64,
    stages: usize,
) -> Field<D> {
    let part = 2.0 * step / (stages * stages + stages) as f64;
    let mut before: Field<D> = place.to_vec();
    let mut here = moved(place, force, part);
    for stage in 2..=stages {
        let j = stage as f64;
        let (mu, nu) = ((2.0 * j - 1.0) / j, (1.0 - j) / j);
        ground.evaluate(&here);
        for ((b, h), f) in before.iter_mut().zip(&here).zip(ground.forces()) {
            *b = std::array::from_fn(|axis| mu * h[axis] + nu * b[axis] + mu * part * f[axis]);
        }
        std::mem::swap(&mut before, &mut here);
    }
    here
}
