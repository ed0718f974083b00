//! The tunnel splitting of a double well: E₁ − E₀ of −(ħ̃²/2) d²ψ/ds² + V(s)ψ = Eψ.
//!
//! The line is divided into cells, in each of which V is its mean, and ψ is carried across a cell exactly
//! (Ixaru, Numerical Methods for Differential Equations, 1984; Pruess, doi:10.1137/0710008). So a potential
//! of steps is solved without error, and a smooth one to order h²; halving the cells three times and
//! extrapolating takes the orders h², h⁴ and h⁶ out. Levels are found by counting the nodes of ψ, which no
//! small splitting can confuse: below E there are as many levels as ψ(E) has nodes.

use thiserror::Error;

/// Cells of the coarsest grid; the finest has eight times as many.
const CELLS: usize = 250;

/// Levels are bisected to this part of the range of energies looked at, which rounding allows.
const RESOLUTION: f64 = 1e-15;

/// The two lowest levels of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// E₀.
    pub ground: f64,
    /// E₁ − E₀.
    pub splitting: f64,
    /// What the last halving of the cells changed in E₁ − E₀ after extrapolation: an estimate of its error.
    pub change: f64,
}

/// Why a line has no levels.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum SplittingFailure {
    /// The line does not rise at its ends, or is not a number somewhere.
    #[error("the potential along the path is not finite, or does not confine a particle between {low} and {high}")]
    Unconfined {
        /// Where the line begins.
        low: f64,
        /// Where it ends.
        high: f64,
    },
}

/// The two lowest levels of `potential` between hard walls at `low` and `high`, for ħ̃ = `hbar`.
///
/// Put the walls where ψ has died out; `potential` is asked for in between, at the ends and middle of cells.
/// Steps of the potential at multiples of (high − low)/250 are met exactly.
///
/// # Errors
/// [`SplittingFailure::Unconfined`] when the potential is not finite or the walls are no interval.
pub fn levels(potential: impl Fn(f64) -> f64, low: f64, high: f64, hbar: f64) -> Result<Levels, SplittingFailure> {
    let unconfined = SplittingFailure::Unconfined { low, high };
    if !(low < high && hbar > 0.0) {
        return Err(unconfined);
    }
    // Rows of Richardson's table: E₀ and E₁ for ever finer cells, order after order.
    let mut rows: Vec<Vec<[f64; 2]>> = Vec::new();
    for refinement in 0..4 {
        let line = Line::new(&potential, low, high, CELLS << refinement, hbar).ok_or(unconfined)?;
        let mut row = vec![[line.level(0), line.level(1)]];
        if let Some(coarser) = rows.last() {
            for (order, before) in coarser.iter().enumerate() {
                let factor = f64::from(4u32.pow(order as u32 + 1));
                let here = row[order];
                row.push([0, 1].map(|level| (factor * here[level] - before[level]) / (factor - 1.0)));
            }
        }
        rows.push(row);
    }
    let splitting_of = |[ground, excited]: [f64; 2]| excited - ground;
    let [.., before, last] = rows.as_slice() else { return Err(unconfined) };
    let (coarser, best) = (before[before.len() - 1], last[last.len() - 1]);
    Ok(Levels {
        ground: best[0],
        splitting: splitting_of(best),
        change: (splitting_of(best) - splitting_of(coarser)).abs(),
    })
}

/// Cells of equal width with the mean potential of each.
struct Line {
    width: f64,
    means: Vec<f64>,
    /// 2/ħ̃².
    factor: f64,
}

impl Line {
    fn new(potential: impl Fn(f64) -> f64, low: f64, high: f64, cells: usize, hbar: f64) -> Option<Line> {
        let width = (high - low) / cells as f64;
        // Gauss's rule of two points: a step at a border of cells is not touched.
        let aside = 0.5 * width / 3f64.sqrt();
        let mean = |cell: usize| {
            let middle = low + (cell as f64 + 0.5) * width;
            0.5 * (potential(middle - aside) + potential(middle + aside))
        };
        let means: Vec<f64> = (0..cells).map(mean).collect();
        means.iter().all(|mean| mean.is_finite()).then_some(Line { width, means, factor: 2.0 / (hbar * hbar) })
    }

    /// Level `number` from 0: the energy at which ψ gets one node more than that.
    fn level(&self, number: usize) -> f64 {
        let lowest = self.means.iter().copied().fold(f64::INFINITY, f64::min);
        // A box as wide as the line lies above each level when the highest cell is added.
        let highest = self.means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let length = self.width * self.means.len() as f64;
        let box_level = ((number + 1) as f64 * std::f64::consts::PI / length).powi(2) / self.factor;
        let (mut below, mut above) = (lowest, highest + 1.01 * box_level);
        // Doubling from below first: levels lie near the bottom, far below the walls.
        let mut step = box_level;
        while lowest + step < above {
            if self.nodes(lowest + step) > number {
                above = lowest + step;
                break;
            }
            below = lowest + step;
            step *= 2.0;
        }
        while above - below > RESOLUTION * (above - lowest) {
            let middle = 0.5 * (below + above);
            if middle <= below || middle >= above {
                break;
            }
            if self.nodes(middle) > number { above = middle } else { below = middle }
        }
        0.5 * (below + above)
    }

    /// Nodes of the solution that vanishes at the lower wall, the upper wall included: levels below `energy`.
    fn nodes(&self, energy: f64) -> usize {
        let (mut value, mut slope) = (0.0, 1.0);
        let mut nodes = 0;
        for &mean in &self.means {
            let square = self.factor * (energy - mean);
            let k = square.abs().sqrt();
            let angle = k * self.width;
            let (next, rise) = if angle < 1e-5 {
                (value + slope * self.width, slope - square * value * self.width)
            } else if square > 0.0 {
                // Whole half waves inside one cell.
                let phase = (k * value).atan2(slope);
                let turns = ((phase + angle) / std::f64::consts::PI).floor() - (phase / std::f64::consts::PI).floor();
                nodes += turns.max(0.0) as usize;
                let (sine, cosine) = angle.sin_cos();
                (value * cosine + slope * sine / k, slope * cosine - value * k * sine)
            } else {
                // Without the growing factor, which no sign depends on.
                let decay = (-2.0 * angle).exp();
                let (sine, cosine) = (0.5 * (1.0 - decay), 0.5 * (1.0 + decay));
                (value * cosine + slope * sine / k, slope * cosine + value * k * sine)
            };
            if square <= 0.0 || angle < 1e-5 {
                nodes += usize::from((next < 0.0 && value > 0.0) || (next > 0.0 && value < 0.0));
            }
            let size = next.abs() + rise.abs() * self.width;
            (value, slope) = (next / size, rise / size);
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faer::{Mat, Side};
    use std::f64::consts::PI;

    /// The two lowest levels of a polynomial Σ c_k x^k by the basis of a harmonic oscillator: the slow twin.
    fn by_basis(coefficients: &[f64], hbar: f64, frequency: f64, size: usize) -> [f64; 2] {
        // x in the basis, a larger one so that its powers are exact where they are used.
        let large = size + 2 * coefficients.len();
        let length = (hbar / frequency).sqrt();
        let x =
            Mat::from_fn(
                large,
                large,
                |i, j| {
                    if i.abs_diff(j) == 1 { length * (i.max(j) as f64 / 2.0).sqrt() } else { 0.0 }
                },
            );
        let mut power = Mat::<f64>::identity(large, large);
        let mut matrix = Mat::<f64>::zeros(large, large);
        for &c in coefficients {
            matrix += faer::Scale(c) * &power;
            power = &power * &x;
        }
        for i in 0..large {
            // p²/2 = ħω(n + ½)/2 on the diagonal, and two steps off it.
            matrix[(i, i)] += 0.5 * hbar * frequency * (i as f64 + 0.5);
            if i + 2 < large {
                let off = -0.25 * hbar * frequency * (((i + 1) * (i + 2)) as f64).sqrt();
                matrix[(i, i + 2)] += off;
                matrix[(i + 2, i)] += off;
            }
        }
        let eigen = matrix.submatrix(0, 0, size, size).to_owned().self_adjoint_eigen(Side::Lower).expect("converges");
        [eigen.S()[0], eigen.S()[1]]
    }

    #[test]
    fn the_harmonic_oscillator_has_equal_steps() {
        for hbar in [0.03f64, 0.5] {
            let found = levels(|s| 2.0 * s * s, -9.0 * hbar.sqrt(), 9.0 * hbar.sqrt(), hbar).expect("confined");
            // ω = 2.
            assert!((found.ground - hbar).abs() < 1e-10 * hbar, "{found:?}");
            assert!((found.splitting - 2.0 * hbar).abs() < 1e-10 * hbar, "{found:?}");
        }
    }

    #[test]
    fn quartic_double_wells_agree_with_a_basis() {
        // V = (x² − 1)²/4 + bias · x, symmetric and biased, from shallow to deep against ħ̃.
        for (hbar, bias) in [(0.3, 0.0), (0.15, 0.0), (0.1, 0.0), (0.15, 0.02), (0.1, 1e-3)] {
            let coefficients = [0.25, bias, -0.5, 0.0, 0.25];
            let value = |x: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
            let found = levels(value, -3.0, 3.0, hbar).expect("confined");
            let [ground, excited] = by_basis(&coefficients, hbar, 1.4, 160);
            assert!((found.ground - ground).abs() < 1e-9 * ground, "{hbar} {bias}: {found:?}, {ground}");
            let splitting = excited - ground;
            assert!((found.splitting - splitting).abs() < 1e-6 * splitting, "{hbar} {bias}: {found:?}, {splitting}");
            assert!(found.change < 1e-5 * splitting, "{found:?}");
        }
    }

    /// Two square wells of width 1 with a wall of width ½ between, hard walls outside; the right one is
    /// lifted by `bias`. Levels of the matching conditions, by bisection.
    fn square_wells(height: f64, bias: f64, hbar: f64) -> [f64; 2] {
        let mismatch = |energy: f64| {
            let [left, right] = [energy, energy - bias].map(|e| (2.0 * e).sqrt() / hbar);
            let wall = (2.0 * (height - energy)).sqrt() / hbar;
            // ψ and ψ′ at the far side of the wall, over cosh of its thickness, must fit the right well.
            let (value, slope, tanh) = (left.sin(), left * left.cos(), (0.5 * wall).tanh());
            wall * (slope + wall * tanh * value) * right.sin() + (wall * value + slope * tanh) * right * right.cos()
        };
        let top = (PI * hbar).powi(2) / 2.0 + bias;
        let steps = 200_000;
        let mut found = Vec::new();
        let energy = |k: usize| bias + 1e-12 + (top - bias - 1e-12) * k as f64 / steps as f64;
        for k in 0..steps {
            let (mut low, mut high) = (energy(k), energy(k + 1));
            let (start, end) = (mismatch(low), mismatch(high));
            if start * end >= 0.0 {
                continue;
            }
            for _ in 0..200 {
                let middle = 0.5 * (low + high);
                if mismatch(middle) * start > 0.0 { low = middle } else { high = middle }
            }
            found.push(0.5 * (low + high));
        }
        [found[0], found[1]]
    }

    #[test]
    fn square_double_wells_agree_with_their_matching_conditions() {
        for (height, bias, hbar) in [(1.0, 0.0, 0.2), (1.0, 0.01, 0.2), (2.0, 0.0, 0.2)] {
            let value = |s: f64| match s {
                s if s < 1.0 => 0.0,
                s if s < 1.5 => height,
                _ => bias,
            };
            let [ground, excited] = square_wells(height, bias, hbar);
            let found = levels(value, 0.0, 2.5, hbar).expect("confined");
            let splitting = excited - ground;
            assert!((found.ground - ground).abs() < 1e-6 * ground, "{found:?} {ground}");
            assert!((found.splitting - splitting).abs() < 1e-6 * splitting, "{found:?} {splitting}");
        }
    }

    #[test]
    fn what_confines_nothing_is_refused() {
        for (low, high) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0)] {
            assert!(levels(|s| s * s, low, high, 0.1).is_err());
        }
        assert!(levels(|s| 1.0 / s, -1.0, 1.0, 0.0).is_err());
        assert!(levels(|_| f64::NAN, -1.0, 1.0, 0.1).is_err());
    }
}
