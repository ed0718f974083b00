//! From the ridge to its saddle: Newton steps that climb along one direction and fall along all others.
//!
//! (H − σ) d = F with exactly one eigenvalue below σ does that; where H itself has one negative eigenvalue, σ = 0
//! and the steps converge quadratically. Inertia counts the eigenvalues.

use super::Outcome;
use super::ground::{Field, Ground, dot, longest, moved, norm};
use super::stiffness::Stiffness;

/// Largest force left at a saddle.
pub(super) const FORCE_TOLERANCE: f64 = 1e-9;

/// Newton steps.
const STEPS: usize = 40;

/// No particle moves further in one step.
const REACH: f64 = 0.1;

/// An eigenvalue nearer to zero than this cannot be told from a translation, ε/length².
const ZERO: f64 = 1e-7;

/// Halvings of the interval in which a shift is looked for.
const HALVINGS: usize = 40;

/// Inverse iterations for the direction of descent, before and after the shift is set by its curvature.
const ITERATIONS: [usize; 2] = [4, 3];

/// The last shift is this part of the curvature below it.
const NEARNESS: f64 = 1e-3;

/// A point of vanishing force with one negative eigenvalue.
pub(super) struct Saddle {
    pub(super) place: Field,
    /// Above the origin.
    pub(super) energy: f64,
    /// λ < 0.
    pub(super) curvature: f64,
    /// Its eigenvector, unit norm.
    pub(super) direction: Field,
}

/// The saddle near `place`.
pub(super) fn near(ground: &mut Ground<'_>, stiff: &mut Stiffness, mut place: Field) -> Result<Saddle, Outcome> {
    let mut climbing = None;
    for _ in 0..STEPS {
        let energy = ground.evaluate(&place);
        stiff.go(ground, &place).map_err(|_| Outcome::NoSaddle)?;
        if longest(ground.forces()) <= FORCE_TOLERANCE {
            let (curvature, direction) = descent_direction(stiff).ok_or(Outcome::NotOneNegative)?;
            return Ok(Saddle { place, energy, curvature, direction });
        }
        let step = step(stiff, ground.forces(), &mut climbing).ok_or(Outcome::NoSaddle)?;
        let length = longest(&step);
        if !length.is_finite() {
            return Err(Outcome::NoSaddle);
        }
        place = moved(&place, &step, if length > REACH { REACH / length } else { 1.0 });
    }
    Err(Outcome::NoSaddle)
}

/// A shift, and how many eigenvalues lie below it if one and no more is a direction to climb.
type Climbing = (f64, usize);

/// The step from where the forces are `forces`; `climbing` is what served for the last one.
fn step(stiff: &Stiffness, forces: &[[f64; 2]], climbing: &mut Option<Climbing>) -> Option<Field> {
    let factorize = |shift: f64| stiff.matrix.factorize(shift).ok();
    let below = |shift: f64| Some(factorize(shift)?.negative_pivots());
    let factors = factorize(-ZERO)?;
    let negative = factors.negative_pivots();
    if negative == 1 {
        return stiff.solve(&factors, &[forces]).pop();
    }
    // Below a positive shift the translations lie too.
    let wanted = if negative == 0 { below(ZERO)? + 1 } else { 1 };
    let serves = |&(shift, count): &Climbing| {
        (shift > 0.0) == (negative == 0) && count == wanted && below(shift) == Some(wanted)
    };
    if !climbing.as_ref().is_some_and(serves) {
        let norm = stiff.matrix.norm();
        let shift = match negative {
            0 => interval(ZERO, norm, |shift| Some(below(shift)?.cmp(&wanted)))?,
            _ => -interval(ZERO, norm, |depth| Some(wanted.cmp(&below(-depth)?)))?,
        };
        *climbing = Some((shift, wanted));
    }
    let (shift, _) = (*climbing)?;
    stiff.solve(&factorize(shift)?, &[forces]).pop()
}

/// A number between `low` and `high`, both positive, at which `compare` says equal; it grows.
fn interval(mut low: f64, mut high: f64, compare: impl Fn(f64) -> Option<std::cmp::Ordering>) -> Option<f64> {
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        match compare(middle)? {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The one negative eigenvalue and its vector, by inverse iteration from just below it; `None` if there is not one.
fn descent_direction(stiff: &Stiffness) -> Option<(f64, Field)> {
    let below = |shift: f64| stiff.matrix.factorize(shift).ok().map(|factors| factors.negative_pivots());
    if below(-ZERO)? != 1 {
        return None;
    }
    // From 0 to −depth there is the eigenvalue, above there is not.
    let (mut shallow, mut deep) = (ZERO, stiff.matrix.norm());
    while deep > 2.0 * shallow {
        let middle = (shallow * deep).sqrt();
        if below(-middle)? == 0 { deep = middle } else { shallow = middle }
    }
    // Any start will do that no symmetry makes orthogonal.
    let particles = stiff.matrix.size() / 2;
    let mut vector: Field =
        (0..particles).map(|i| [((i * 37 + 11) % 101) as f64 - 50.0, ((i * 53 + 29) % 103) as f64 - 51.0]).collect();
    let mut shift = -deep;
    let mut curvature = f64::NAN;
    for iterations in ITERATIONS {
        let factors = stiff.matrix.factorize(shift).ok()?;
        for _ in 0..iterations {
            vector = stiff.solve(&factors, &[&vector]).pop()?;
            let length = norm(&vector);
            vector.as_flattened_mut().iter_mut().for_each(|x| *x /= length);
        }
        curvature = stiff.along(&vector);
        shift = (1.0 + NEARNESS) * curvature;
    }
    (curvature < 0.0 && (dot(&vector, &vector) - 1.0).abs() < 1e-9).then_some((curvature, vector))
}
