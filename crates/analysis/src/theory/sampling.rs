//! Soft minima of random quartics.
//!
//! A plain draw of (a₁, a₂, a₃, a₄) has a minimum with ω < 0.3 about once in 3000 times. So for each drawn
//! (a₂, a₃, a₄) not one tilt a₁ is drawn but a Poisson number of mean [`TILTS`], and of those only the
//! ones that make a soft minimum: the range of such a₁ is known (U″ is a parabola in s, and a₁ = −(2a₂s +
//! 3a₃s² + 4a₄s³) is monotonic where U″ > 0), the number that fall there is Poisson again, and within the
//! range they follow their own distribution. This is the plain draw with what cannot count left out; the
//! minimum itself and its b₂ come from solving the quartic.
//!
//! The minima of one (a₂, a₃, a₄) are not independent: errors are taken over these, as over the
//! realizations of an ensemble.

use super::distributions::{Coefficients, Shape};
use super::quartic::{Minimum, Quartic};
use crate::random::{Stream, poisson, stream, uniform};
use rayon::prelude::*;

/// Mean number of tilts a₁ for each (a₂, a₃, a₄).
pub const TILTS: f64 = 2000.0;

/// Draws of one random stream.
const BLOCK: u64 = 1 << 12;

/// A soft minimum of a drawn quartic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnMode {
    /// Number of the draw of (a₂, a₃, a₄).
    pub draw: u64,
    /// ω = √b₂.
    pub omega: f64,
    /// b₃/√(3b₂b₄).
    pub beta: f64,
}

/// The minima with ω < `omega_max` of `draws` × [`TILTS`] quartics, in the order of the draws. Depends on
/// the arguments alone, not on the number of threads.
pub fn soft_minima(coefficients: Coefficients, draws: u64, omega_max: f64, seed: u64) -> Vec<DrawnMode> {
    let blocks: Vec<Vec<DrawnMode>> = (0..draws.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut stream = stream(seed ^ coefficients.tag(), block);
            let mut modes = Vec::new();
            for draw in block * BLOCK..draws.min((block + 1) * BLOCK) {
                let shape = coefficients.draw(&mut stream);
                for range in soft_ranges(&shape, omega_max * omega_max).into_iter().flatten() {
                    modes.extend(
                        minima_within(&shape, range, TILTS, &mut stream)
                            .map(|minimum| (minimum.b2.sqrt(), minimum.beta()))
                            .filter(|(omega, _)| *omega < omega_max)
                            .map(|(omega, beta)| DrawnMode { draw, omega, beta }),
                    );
                }
            }
            modes
        })
        .collect();
    blocks.concat()
}

/// Where 0 < U″(s) < `b2_max`: up to two ranges of s.
fn soft_ranges(shape: &Shape, b2_max: f64) -> [Option<(f64, f64)>; 2] {
    let Shape { a2, a3, a4, .. } = *shape;
    // 12a₄s² + 6a₃s + 2a₂ = c at s = (−3a₃ ± √(9a₃² − 12a₄(2a₂ − c)))/(12a₄).
    let root = |c: f64| {
        let discriminant = 9.0 * a3 * a3 - 12.0 * a4 * (2.0 * a2 - c);
        (discriminant > 0.0).then(|| discriminant.sqrt() / (12.0 * a4))
    };
    let centre = -3.0 * a3 / (12.0 * a4);
    match (root(0.0), root(b2_max)) {
        (Some(inner), Some(outer)) => [Some((centre - outer, centre - inner)), Some((centre + inner, centre + outer))],
        (None, Some(outer)) => [Some((centre - outer, centre + outer)), None],
        _ => [None, None],
    }
}

/// The minima within a range of s that a Poisson number of tilts, `tilts` on average, makes.
fn minima_within(
    shape: &Shape,
    (low, high): (f64, f64),
    tilts: f64,
    stream: &mut Stream,
) -> impl Iterator<Item = Minimum> {
    let Shape { a2, a3, a4, tilt } = *shape;
    let tilt_at = |s: f64| -s * (2.0 * a2 + s * (3.0 * a3 + s * 4.0 * a4));
    let (first, last) = (tilt.probability(tilt_at(high)), tilt.probability(tilt_at(low)));
    let count = poisson(stream, tilts * (last - first).max(0.0));
    (0..count).filter_map(move |_| {
        let a1 = tilt.quantile(first + (last - first) * uniform(stream));
        let nearest = |minimum: &Minimum| (minimum.s - 0.5 * (low + high)).abs();
        Quartic { a: [a1, a2, a3, a4] }.minima().min_by(|a, b| nearest(a).total_cmp(&nearest(b)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_minima_are_as_many_as_plain_draws_have() {
        // A twin without shortcuts: every tilt drawn, every quartic solved.
        let (coefficients, omega_max, plain) = (Coefficients::Gaussian, 0.8, 400_000);
        let mut random = stream(77, 0);
        let (mut all, mut lower) = (0.0, 0.0);
        for _ in 0..plain {
            let Shape { a2, a3, a4, tilt } = coefficients.draw(&mut random);
            let a1 = tilt.quantile(uniform(&mut random));
            for minimum in (Quartic { a: [a1, a2, a3, a4] }).minima().filter(|m| m.b2.sqrt() < omega_max) {
                all += 1.0;
                lower += f64::from(u8::from(minimum.beta().abs() <= 1.0));
            }
        }
        let draws = 20_000;
        let modes = soft_minima(coefficients, draws, omega_max, 5);
        let scale = plain as f64 / (draws as f64 * TILTS);
        let expected_all = modes.len() as f64 * scale;
        let expected_lower = modes.iter().filter(|mode| mode.beta.abs() <= 1.0).count() as f64 * scale;
        // Plain counts are Poisson; the other side's error, over 20 000 draws, is about 2 %.
        for (counted, expected) in [(all, expected_all), (lower, expected_lower)] {
            let error = (expected + (0.02 * expected).powi(2)).sqrt();
            assert!((counted - expected).abs() < 3.5 * error, "{counted} plain, {expected} expected ± {error}");
        }
    }

    #[test]
    fn draws_do_not_depend_on_threads() {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| soft_minima(Coefficients::Logistic, 20_000, 0.3, 3))
        };
        assert_eq!(run(1), run(3));
    }
}
