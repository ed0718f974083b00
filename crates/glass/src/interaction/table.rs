//! A table of φ: a quintic spline through its points, with four continuous derivatives, which ends with φ = φ′ = φ″ = 0 at
//! the cutoff, the last point. Of points with φ = 0 at the end only the first counts.
//!
//! ```text
//! φ        parabola            spline                      0
//!      ├─────────────┼──────┼──────┼── … ──┼──────┼─────────────────► x
//!      0            x₁     x₂     x₃           x_c
//! ```
//!
//! Between two points the spline is the polynomial of degree five with these values, slopes and curvatures at both. Slopes
//! and curvatures at the inner points make φ‴ and φ⁗ continuous; at the first point they are those of the polynomial
//! through the first six. Nearer than the first point φ goes on as the parabola of value, slope and curvature there.

use super::shape::{PairDerivatives, Shape, ShapeOver};
use crate::lanes::Number;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// The fewest points.
pub const POINTS_MIN: usize = 8;

/// The most points.
pub const POINTS_MAX: usize = 100_000;

/// Cutoffs a table may have, in diameters.
pub const CUTOFFS: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// φ has ended when the parts of its last points that are linear and quadratic in the distance to the end are less than
/// this part of it.
const END: f64 = 0.05;

/// A spline through points that are nowhere negative may undershoot zero by this part of the largest; the table is still
/// called repulsive.
const UNDERSHOOT: f64 = 1e-9;

/// A table of φ.
#[derive(Clone, PartialEq)]
pub struct Table {
    /// Shared by all kernels.
    spline: Arc<Spline>,
    /// Its least value.
    deepest: f64,
}

/// A polynomial between each two points.
#[derive(Debug, Clone, PartialEq)]
struct Spline {
    /// x of each point, ascending.
    points: Vec<f64>,
    /// φ at each.
    values: Vec<f64>,
    /// Between point i and the next φ = Σ aₖ(x − xᵢ)ᵏ.
    pieces: Vec<[f64; 6]>,
}

/// A table that makes no potential.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum InvalidTable {
    /// Too few or too many points.
    #[error("{0} points, the first of the zeros at its end being the last; accepted: {POINTS_MIN} to {POINTS_MAX}")]
    Count(usize),
    /// Not ascending, or negative.
    #[error(
        "point {0}, counted from 1, has an x that is negative or not above that of the point before; accepted: ascending x from 0 on"
    )]
    Order(usize),
    /// Not finite.
    #[error("point {0}, counted from 1, is not finite")]
    NotFinite(usize),
    /// The last x.
    #[error("the last x, the cutoff, is {0}; accepted: {min} to {max}", min = CUTOFFS.start(), max = CUTOFFS.end())]
    Cutoff(f64),
    /// The last value.
    #[error("the last value is {0}, which would be a step at the cutoff; accepted: 0 (subtract it from all of them)")]
    Step(f64),
    /// The last slope or curvature.
    #[error(
        "it reaches zero at x = {x} with a slope of {slope:.3e} and a curvature of {curvature:.3e}, and the Hessian would \
         jump at the cutoff; accepted: a table whose first two derivatives vanish where it ends (smooth it there)"
    )]
    Kink {
        /// Of the last point.
        x: f64,
        /// φ′.
        slope: f64,
        /// φ″.
        curvature: f64,
    },
    /// Nearer than the first point the parabola would attract.
    #[error(
        "at its first point, x = {x}, it has the slope {slope:.3e} and the curvature {curvature:.3e}, and nearer than \
         that nothing is known; accepted: a table from x = 0 on, or from where it repels, with a slope below and a \
         curvature above 0"
    )]
    Inside {
        /// Of the first point.
        x: f64,
        /// φ′.
        slope: f64,
        /// φ″.
        curvature: f64,
    },
}

impl Table {
    /// The potential through `points`, x = r/σ_ij and φ in units of ε_ij; the last x is the cutoff, of several points with
    /// φ = 0 at the end the first.
    ///
    /// # Errors
    /// [`InvalidTable`] for points out of order or not finite, for too few, or for a φ that does not end smoothly or does
    /// not repel where the table begins.
    pub fn new(points: &[(f64, f64)]) -> Result<Self, InvalidTable> {
        if !(POINTS_MIN..=POINTS_MAX).contains(&points.len()) {
            return Err(InvalidTable::Count(points.len()));
        }
        if let Some(at) = points.iter().position(|(x, value)| !x.is_finite() || !value.is_finite()) {
            return Err(InvalidTable::NotFinite(at + 1));
        }
        let mut before = -f64::MIN_POSITIVE;
        for (at, &(x, _)) in points.iter().enumerate() {
            // Minus zero is no negative number.
            if x < 0.0 || x <= before {
                return Err(InvalidTable::Order(at + 1));
            }
            before = x;
        }
        // Zeros behind the end would hide how it ends, and are beyond the cutoff.
        let zeros = points.iter().rev().take_while(|(_, value)| *value == 0.0).count();
        let points = &points[..points.len() - zeros.saturating_sub(1)];
        if points.len() < POINTS_MIN {
            return Err(InvalidTable::Count(points.len()));
        }
        let (xs, values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let last = points.len() - 1;
        if !CUTOFFS.contains(&xs[last]) {
            return Err(InvalidTable::Cutoff(xs[last]));
        }
        if values[last] != 0.0 {
            return Err(InvalidTable::Step(values[last]));
        }
        ends_smoothly(&xs[last - 5..], &values[last - 5..])?;
        let start = slope_and_curvature(&xs[..6], &values[..6], 0);
        let [slope, curvature] = start;
        if xs[0] > 0.0 && !(slope < 0.0 && curvature > 0.0) {
            return Err(InvalidTable::Inside { x: xs[0], slope, curvature });
        }
        let pieces = pieces(&xs, &values, start);
        let spline = Spline { points: xs, values, pieces };
        let deepest = spline.least();
        Ok(Table { spline: Arc::new(spline), deepest })
    }

    /// Its points, (x, φ).
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.spline.points.iter().copied().zip(self.spline.values.iter().copied())
    }
}

/// Without its thousands of numbers.
impl fmt::Debug for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = &self.spline.points;
        write!(formatter, "Table of {} points from {} to {}", points.len(), points[0], self.cutoff())
    }
}

impl Spline {
    /// The polynomial in force at x, below the cutoff, and x measured from where it begins.
    #[inline]
    fn piece(&self, x: f64) -> ([f64; 6], f64) {
        match self.points.partition_point(|&point| point <= x) {
            0 => {
                let [value, slope, half_curvature, ..] = self.pieces[0];
                ([value, slope, half_curvature, 0.0, 0.0, 0.0], x - self.points[0])
            }
            above => {
                let at = (above - 1).min(self.pieces.len() - 1);
                (self.pieces[at], x - self.points[at])
            }
        }
    }

    fn value(&self, x: f64) -> f64 {
        let (a, t) = self.piece(x);
        a[0] + t * (a[1] + t * (a[2] + t * (a[3] + t * (a[4] + t * a[5]))))
    }

    fn slope(&self, x: f64) -> f64 {
        let (a, t) = self.piece(x);
        a[1] + t * (2.0 * a[2] + t * (3.0 * a[3] + t * (4.0 * a[4] + t * 5.0 * a[5])))
    }

    /// φ in its deepest minimum: where between sixteenths of the pieces the slope turns from falling to rising, by bisection.
    fn least(&self) -> f64 {
        const PARTS: usize = 16;
        let mut least = 0.0f64;
        for at in 0..self.pieces.len() {
            let (from, to) = (self.points[at], self.points[at + 1]);
            let between = |part: usize| from + (to - from) * part as f64 / PARTS as f64;
            for part in 0..PARTS {
                let (mut falling, mut rising) = (between(part), between(part + 1));
                least = least.min(self.value(falling));
                if self.slope(falling) < 0.0 && self.slope(rising) > 0.0 {
                    for _ in 0..60 {
                        let middle = 0.5 * (falling + rising);
                        if self.slope(middle) < 0.0 { falling = middle } else { rising = middle }
                    }
                    least = least.min(self.value(falling));
                }
            }
        }
        let largest = self.values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        let repulsive = self.values.iter().all(|&value| value >= 0.0) && least >= -UNDERSHOOT * largest;
        if repulsive { 0.0 } else { least }
    }
}

/// Whether φ, at its last six points, ends with neither slope nor curvature.
fn ends_smoothly(xs: &[f64], values: &[f64]) -> Result<(), InvalidTable> {
    let last = xs.len() - 1;
    let [slope, curvature] = slope_and_curvature(xs, values, last);
    let width = xs[last] - xs[0];
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    if (slope * width).abs().max((0.5 * curvature * width * width).abs()) > END * largest {
        return Err(InvalidTable::Kink { x: xs[last], slope, curvature });
    }
    Ok(())
}

/// First and second derivative at point `at` of the polynomial through all `xs`.
fn slope_and_curvature(xs: &[f64], values: &[f64], at: usize) -> [f64; 2] {
    // Newton's form: Σ dₖ Π_{j<k} (x − xⱼ), with divided differences dₖ.
    let mut differences = values.to_vec();
    for order in 1..xs.len() {
        for k in (order..xs.len()).rev() {
            differences[k] = (differences[k] - differences[k - 1]) / (xs[k] - xs[k - order]);
        }
    }
    let (mut value, mut slope, mut curvature) = (0.0, 0.0, 0.0);
    for k in (0..xs.len()).rev() {
        let from = xs[at] - xs[k];
        curvature = curvature * from + 2.0 * slope;
        slope = slope * from + value;
        value = value * from + differences[k];
    }
    [slope, curvature]
}

/// The polynomial of each interval: φ‴ and φ⁗ agree at the inner points, with `start` = (φ′, φ″) at the first point and
/// zero at the last.
///
/// With u = (φ′, φ″) at a point, each inner point gives two equations in its own u and those of both neighbours,
/// L uᵢ₋₁ + M uᵢ + R uᵢ₊₁ = g, which are eliminated forwards and substituted backwards, two by two.
fn pieces(xs: &[f64], values: &[f64], start: [f64; 2]) -> Vec<[f64; 6]> {
    let intervals = xs.len() - 1;
    let width = |i: usize| xs[i + 1] - xs[i];
    let rise = |i: usize| (values[i + 1] - values[i]) / width(i);
    // After elimination uᵢ = cᵢ − Kᵢ uᵢ₊₁.
    let mut eliminated = vec![([[0.0; 2]; 2], start)];
    for i in 1..intervals {
        let (h, k) = (width(i - 1), width(i));
        let (left, own, right, given) = continuity(h, k, rise(i - 1), rise(i));
        let (previous, constant) = eliminated[i - 1];
        let pivot = inverse(minus(own, product(left, previous)));
        let rest = applied(left, constant);
        let given = [given[0] - rest[0], given[1] - rest[1]];
        eliminated.push((product(pivot, right), applied(pivot, given)));
    }
    let mut ends = vec![[0.0; 2]; intervals + 1];
    for i in (0..intervals).rev() {
        let (matrix, constant) = eliminated[i];
        let rest = applied(matrix, ends[i + 1]);
        ends[i] = [constant[0] - rest[0], constant[1] - rest[1]];
    }
    (0..intervals).map(|i| hermite(width(i), [values[i], values[i + 1]], [ends[i], ends[i + 1]])).collect()
}

type Matrix = [[f64; 2]; 2];

/// The equations of an inner point between intervals of widths `h` and `k`, where φ rises by `p` and `q` times the width:
/// φ‴ and φ⁗ of both polynomials agree.
fn continuity(h: f64, k: f64, p: f64, q: f64) -> (Matrix, Matrix, Matrix, [f64; 2]) {
    // Left of the point, at the right end of the polynomial of width h,
    //   φ‴ = 60p/h² − (24 φ′₀ + 36 φ′)/h² − 3 φ″₀/h + 9 φ″/h,
    //   φ⁗ = 360p/h³ − (168 φ′₀ + 192 φ′)/h³ − 24 φ″₀/h² + 36 φ″/h²;
    // right of it, at the left end of that of width k,
    //   φ‴ = 60q/k² − (36 φ′ + 24 φ′₁)/k² − 9 φ″/k + 3 φ″₁/k,
    //   φ⁗ = −360q/k³ + (192 φ′ + 168 φ′₁)/k³ + 36 φ″/k² − 24 φ″₁/k².
    let (h2, k2) = (h * h, k * k);
    let (h3, k3) = (h2 * h, k2 * k);
    let left = [[-24.0 / h2, -3.0 / h], [-168.0 / h3, -24.0 / h2]];
    let own = [[-36.0 / h2 + 36.0 / k2, 9.0 / h + 9.0 / k], [-192.0 / h3 - 192.0 / k3, 36.0 / h2 - 36.0 / k2]];
    let right = [[24.0 / k2, -3.0 / k], [-168.0 / k3, 24.0 / k2]];
    let given = [60.0 * q / k2 - 60.0 * p / h2, -360.0 * q / k3 - 360.0 * p / h3];
    (left, own, right, given)
}

/// The polynomial of degree five over a width with these values, slopes and curvatures at both ends.
fn hermite(width: f64, values: [f64; 2], [left, right]: [[f64; 2]; 2]) -> [f64; 6] {
    let (h, [slope, curvature]) = (width, left);
    let value = values[1] - values[0] - h * (slope + 0.5 * h * curvature);
    let first = right[0] - slope - h * curvature;
    let second = right[1] - curvature;
    [
        values[0],
        slope,
        0.5 * curvature,
        (10.0 * value - 4.0 * first * h + 0.5 * second * h * h) / (h * h * h),
        (-15.0 * value + 7.0 * first * h - second * h * h) / (h * h * h * h),
        (6.0 * value - 3.0 * first * h + 0.5 * second * h * h) / (h * h * h * h * h),
    ]
}

fn product(a: Matrix, b: Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

fn minus(a: Matrix, b: Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][j] - b[i][j]))
}

fn applied(a: Matrix, u: [f64; 2]) -> [f64; 2] {
    std::array::from_fn(|i| a[i][0] * u[0] + a[i][1] * u[1])
}

fn inverse([[a, b], [c, d]]: Matrix) -> Matrix {
    let determinant = a * d - b * c;
    [[d / determinant, -b / determinant], [-c / determinant, a / determinant]]
}

impl Shape for Table {
    type Over<N: Number> = TableOver;

    #[inline(always)]
    fn over<N: Number>(&self, _: impl Fn(f64) -> N) -> TableOver {
        TableOver(Arc::clone(&self.spline))
    }

    fn cutoff(&self) -> f64 {
        self.spline.points[self.spline.points.len() - 1]
    }

    fn smoothness(&self) -> u32 {
        2
    }

    fn deepest(&self) -> f64 {
        self.deepest
    }

    fn has_hard_core(&self) -> bool {
        false
    }

    // Without a count of who shares the spline.
    #[inline(always)]
    fn value(&self, x_squared: f64) -> f64 {
        self.spline.value(x_squared.sqrt())
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: f64) -> (f64, f64) {
        let x = x_squared.sqrt();
        (self.spline.value(x), self.spline.slope(x) / x)
    }

    fn derivatives(&self, x: f64) -> PairDerivatives {
        let (a, t) = self.spline.piece(x);
        PairDerivatives {
            value: self.spline.value(x),
            first: self.spline.slope(x),
            second: 2.0 * a[2] + t * (6.0 * a[3] + t * (12.0 * a[4] + t * 20.0 * a[5])),
            third: 6.0 * a[3] + t * (24.0 * a[4] + t * 60.0 * a[5]),
            fourth: 24.0 * a[4] + t * 120.0 * a[5],
        }
    }
}

/// A table for any kind of numbers, which it looks up one by one.
#[derive(Debug, Clone)]
pub struct TableOver(Arc<Spline>);

impl<N: Number> ShapeOver<N> for TableOver {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        x_squared.square_root().each(|x| self.0.value(x))
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        let x = x_squared.square_root();
        (x.each(|x| self.0.value(x)), x.each(|x| self.0.slope(x)) / x)
    }
}

#[cfg(test)]
mod tests;
