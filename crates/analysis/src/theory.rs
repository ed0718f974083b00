//! Soft potentials: why ω³, and why ω⁴ (paper, eqs. 3 to 9).
//!
//! Along a soft direction the energy is a quartic with random coefficients (eq. 3),
//!
//! ```text
//! U(s) = a₁ s + a₂ s² + a₃ s³ + a₄ s⁴,   a₄ > 0,   p(a₁, a₂, a₃, a₄) smooth,
//! ```
//!
//! and a mode is the expansion about one of its minima s* (eq. 4), with
//!
//! ```text
//! b₂ = 2a₂ + 6a₃ s* + 12a₄ s*²,   b₃ = 6a₃ + 24a₄ s*,   b₄ = 24a₄,   ω = √b₂.
//! ```
//!
//! **Every minimum counts the same: ω³.** The density of minima at s with curvature b₂ is, by Kac and
//! Rice, E[δ(U′(s)) |U″(s)| δ(U″(s) − b₂)]. At fixed s, a₃, a₄ the two conditions are linear in a₁ and a₂:
//! U′(s) = 0 fixes a₁, U″(s) = b₂ fixes a₂, and the Jacobian of a₁ ↦ s* is da₁/ds* = −U″(s*), of size b₂. So
//!
//! ```text
//! P(b₂) ∝ b₂ ∫ds ∫da₃ da₄ p(a₁(s, b₂, a₃, a₄), a₂(s, b₂, a₃, a₄), a₃, a₄) = b₂ · [C + O(b₂)],
//! ```
//!
//! (eq. 7), for p that is smooth and does not vanish where b₂ = 0. With b₂ = ω², D(ω) = 2ω P(ω²) ∝ ω³: a
//! minimum is found with probability proportional to its curvature, since the range of tilts a₁ which
//! makes it a minimum near s* is that wide. The relative correction is O(ω²).
//!
//! **Only the lower of two minima: ω⁴.** U(s) = s²(b₂/2 + b₃s/6 + b₄s²/24) about a minimum has no lower
//! point when b₃² ≤ 3 b₂ b₄, |β| ≤ 1 (eq. 8). As b₂ → 0 that leaves a window |b₃| ≤ √(3b₂b₄) of a smooth
//! density of b₃, one more factor √b₂ = ω: P(b₂) ∝ b₂^{3/2}, D(ω) ∝ ω⁴ (eq. 9). The window is symmetric, so
//! what is odd in b₃ cancels and the correction is O(ω²) again.
//!
//! What remains, the higher minima (group B alone), is C ω³ − C′ ω⁴ + …: its correction is O(ω), its apparent
//! exponent approaches 3 from below slowly. That is worth remembering when an exponent is read off
//! measured group-B modes.
//!
//! [`sampling`] draws quartics and solves for their minima, [`crate::statistics::power_law`] fits the
//! exponents, and [`calibration`] shows that its intervals cover known ones.

pub mod distributions;
pub mod quartic;
pub mod sampling;

pub mod calibration;

use crate::statistics::interval::CONFIDENCE;
use crate::statistics::special::normal_quantile;
use crate::statistics::{Estimate, Histogram, PowerLawFit, PowerLawSample};
use calibration::Calibration;
use distributions::Coefficients;
use sampling::{DrawnMode, TILTS, soft_minima};
use serde::Serialize;

/// Modes above this ω are not drawn: the laws concern small ω, in units where the aₖ are of order 1.
pub const OMEGA_KEPT: f64 = 0.6;

/// The exponents are fitted on (0, `OMEGA_CUT`]. There the O(ω²) correction is smaller than the error bars;
/// the scan over ω_c shows how it grows.
pub const OMEGA_CUT: f64 = 0.15;

/// Which minima are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Minima {
    /// Every minimum once: ω³.
    All,
    /// |β| ≤ 1, the lower of two or the only one: ω⁴.
    Lower,
    /// |β| > 1, the higher of two: ω³ with a correction of relative order ω.
    Higher,
}

impl Minima {
    /// The three, in the order of figures and tables.
    pub const EACH: [Minima; 3] = [Minima::All, Minima::Lower, Minima::Higher];

    /// The exponent of D(ω) as ω → 0.
    pub fn exponent(self) -> f64 {
        match self {
            Minima::All | Minima::Higher => 3.0,
            Minima::Lower => 4.0,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Minima::All => "all minima",
            Minima::Lower => "lower minimum only, |β| ≤ 1",
            Minima::Higher => "higher minimum only, |β| > 1",
        }
    }

    fn has(self, mode: &DrawnMode) -> bool {
        match self {
            Minima::All => true,
            Minima::Lower => mode.beta.abs() <= 1.0,
            Minima::Higher => mode.beta.abs() > 1.0,
        }
    }
}

/// One way of choosing minima: density and exponents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MinimaResult {
    /// Which.
    pub minima: Minima,
    /// Expected exponent.
    pub expected: f64,
    /// Fit on (0, [`OMEGA_CUT`]].
    pub fit: PowerLawFit,
    /// α on (0, ω_c] for several ω_c, its interval by the bootstrap over draws.
    pub scan: Vec<(f64, Estimate)>,
    /// Histogram of ω, log bins.
    #[serde(skip)]
    pub histogram: Histogram,
}

/// What one distribution of the coefficients gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistributionResult {
    /// Distribution of a₁ … a₄.
    pub coefficients: Coefficients,
    /// In words.
    pub description: &'static str,
    /// Minima with ω < [`OMEGA_KEPT`].
    pub kept: u64,
    /// As [`Minima::EACH`].
    pub minima: Vec<MinimaResult>,
}

/// The exponent of one choice of minima, over all distributions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Combined {
    /// Which.
    pub minima: Minima,
    /// Expected exponent.
    pub expected: f64,
    /// Mean of the exponents of the distributions, weighted by their inverse variances.
    pub exponent: Estimate,
    /// In how many standard errors it lies off the expected one.
    pub z: f64,
}

/// All of `glassmodes theory`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TheoryResult {
    /// Draws of (a₂, a₃, a₄) from each distribution.
    pub samples: u64,
    /// Tilts a₁ for each of them, on average.
    pub tilts: f64,
    /// Seed of all streams.
    pub seed: u64,
    /// ω_c of the fits.
    pub omega_cut: f64,
    /// One entry a distribution.
    pub distributions: Vec<DistributionResult>,
    /// As [`Minima::EACH`].
    pub combined: Vec<Combined>,
    /// Coverage of the estimator's intervals on samples of known α.
    pub calibration: Vec<Calibration>,
}

/// Draws `samples` times (a₂, a₃, a₄), each with [`TILTS`] tilts a₁, from each distribution, fits the exponents and
/// calibrates the estimator.
/// Depends on `samples` and `seed` alone, not on the number of threads; `begins` hears of each part of the work, with its
/// number and how many there are.
pub fn run(samples: u64, seed: u64, begins: &mut dyn FnMut(usize, usize, &str)) -> TheoryResult {
    let parts = Coefficients::EACH.len() + 1;
    let mut distributions = Vec::new();
    for (number, coefficients) in (1..).zip(Coefficients::EACH) {
        begins(number, parts, coefficients.description());
        distributions.push(sample(coefficients, samples, seed));
    }
    begins(parts, parts, "calibration of the estimator");
    TheoryResult {
        samples,
        tilts: TILTS,
        seed,
        omega_cut: OMEGA_CUT,
        combined: (0..Minima::EACH.len()).map(|which| combine(&distributions, which)).collect(),
        distributions,
        calibration: calibration::run(seed),
    }
}

/// The standard error that belongs to the interval by the bootstrap.
fn standard_error(fit: &PowerLawFit) -> f64 {
    (fit.bootstrap.high - fit.bootstrap.low) / (2.0 * normal_quantile(0.5 * (1.0 + CONFIDENCE)))
}

/// The weighted mean over `distributions` for `Minima::EACH[which]`.
fn combine(distributions: &[DistributionResult], which: usize) -> Combined {
    let (mut weighted, mut weights) = (0.0, 0.0);
    for fit in distributions.iter().map(|distribution| &distribution.minima[which].fit) {
        let weight = standard_error(fit).powi(-2);
        if weight.is_finite() {
            weighted += weight * fit.exponent.value;
            weights += weight;
        }
    }
    let (minima, value, error) = (Minima::EACH[which], weighted / weights, weights.powf(-0.5));
    let half = normal_quantile(0.5 * (1.0 + CONFIDENCE)) * error;
    Combined {
        minima,
        expected: minima.exponent(),
        exponent: Estimate { value, low: value - half, high: value + half },
        z: (value - minima.exponent()) / error,
    }
}

/// Draws from one distribution.
fn sample(coefficients: Coefficients, samples: u64, seed: u64) -> DistributionResult {
    let modes = soft_minima(coefficients, samples, OMEGA_KEPT, seed);
    let minima = Minima::EACH.map(|minima| {
        let chosen: Vec<DrawnMode> = modes.iter().copied().filter(|mode| minima.has(mode)).collect();
        let below = |cut: f64| {
            let events = chosen.iter().filter(|m| m.omega <= cut).map(|m| (m.draw, (cut / m.omega).ln()));
            PowerLawSample::new(samples, events)
        };
        let mut histogram = Histogram::logarithmic(0.03, OMEGA_KEPT, 20);
        histogram.extend(chosen.iter().map(|mode| mode.omega));
        let scan = (0..9)
            .map(|k| OMEGA_KEPT * 0.5f64.powf(0.375 * f64::from(8 - k)))
            .map(|cut| (cut, Estimate::new(below(cut).exponent().value, below(cut).bootstrap(seed).interval())))
            .collect();
        MinimaResult { minima, expected: minima.exponent(), fit: below(OMEGA_CUT).fit(seed), scan, histogram }
    });
    DistributionResult {
        coefficients,
        description: coefficients.description(),
        kept: modes.len() as u64,
        minima: minima.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_minima_give_three_and_the_lower_ones_four_from_every_distribution() {
        let results = Coefficients::EACH.map(|coefficients| sample(coefficients, 100_000, 20));
        for (which, other) in [(0, 4.0), (1, 3.0)] {
            for result in &results {
                let MinimaResult { expected, fit, .. } = &result.minima[which];
                let deviation = (fit.exponent.value - expected) / standard_error(fit);
                // Eight numbers within 3 standard errors: p = 0.98.
                assert!(deviation.abs() < 3.0, "{:?}: {deviation} in {fit:?}", result.coefficients);
            }
            let Combined { expected, exponent, z, .. } = combine(&results, which);
            assert!(z.abs() < 2.5, "{exponent:?}");
            assert!((exponent.value - other).abs() > 5.0 * (exponent.value - expected).abs() / z.abs(), "{exponent:?}");
        }
    }

    #[test]
    fn the_higher_minima_alone_look_softer_the_larger_the_cut() {
        let result = sample(Coefficients::Uniform, 50_000, 21);
        let scan = &result.minima[2].scan;
        let (_, smallest) = scan[2];
        let (cut, largest) = scan[8];
        assert_eq!(cut, OMEGA_KEPT);
        assert!(largest.high < 2.8 && largest.value < smallest.value, "{scan:?}");
    }
}
