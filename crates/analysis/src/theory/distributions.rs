//! Smooth distributions of the coefficients a₁ … a₄, as different as they come.

use crate::random::{Stream, exponential, normal, uniform};
use crate::statistics::special::{normal_cdf, normal_quantile};
use serde::Serialize;

/// A distribution of (a₁, a₂, a₃, a₄) with a₄ > 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coefficients {
    /// Standard normal, a₄ its absolute value.
    Gaussian,
    /// Uniform on [−1, 1], a₄ on (0, 1].
    Uniform,
    /// Logistic, not centred, a₄ exponential.
    Logistic,
    /// Student's t with 3 degrees of freedom and correlated, a₄ gamma of shape 2: heavy tails.
    Student,
}

impl Coefficients {
    /// All of them.
    pub const EACH: [Coefficients; 4] =
        [Coefficients::Gaussian, Coefficients::Uniform, Coefficients::Logistic, Coefficients::Student];

    /// Short name.
    pub fn name(self) -> &'static str {
        match self {
            Coefficients::Gaussian => "Gaussian",
            Coefficients::Uniform => "uniform",
            Coefficients::Logistic => "logistic",
            Coefficients::Student => "Student",
        }
    }

    /// In words.
    pub fn description(self) -> &'static str {
        match self {
            Coefficients::Gaussian => "a₁, a₂, a₃ standard normal; a₄ = |standard normal|",
            Coefficients::Uniform => "a₁, a₂, a₃ uniform on [−1, 1]; a₄ uniform on (0, 1]",
            Coefficients::Logistic => "a₁, a₂, a₃ logistic of scale ½ about 0.2, 0.5, −0.3; a₄ exponential of mean 1",
            Coefficients::Student => {
                "a₁, a₂, a₃ Student's t (3 degrees of freedom) of one common denominator; a₄ gamma of shape 2"
            }
        }
    }

    /// Keeps the streams of different distributions apart.
    pub(super) fn tag(self) -> u64 {
        match self {
            Coefficients::Gaussian => 0x6761_7573,
            Coefficients::Uniform => 0x756e_6966,
            Coefficients::Logistic => 0x6c6f_6769,
            Coefficients::Student => 0x7374_7564,
        }
    }

    /// All of one quartic but its tilt.
    pub fn draw(self, stream: &mut Stream) -> Shape {
        match self {
            Coefficients::Gaussian => Shape {
                a2: normal(stream),
                a3: normal(stream),
                a4: normal(stream).abs(),
                tilt: Tilt::Normal { deviation: 1.0 },
            },
            Coefficients::Uniform => Shape {
                a2: 2.0 * uniform(stream) - 1.0,
                a3: 2.0 * uniform(stream) - 1.0,
                a4: uniform(stream),
                tilt: Tilt::Uniform,
            },
            Coefficients::Logistic => {
                let tilt = |mean| Tilt::Logistic { mean, scale: 0.5 };
                Shape {
                    a2: tilt(0.5).quantile(uniform(stream)),
                    a3: tilt(-0.3).quantile(uniform(stream)),
                    a4: exponential(stream),
                    tilt: tilt(0.2),
                }
            }
            Coefficients::Student => {
                let squares: f64 = (0..3).map(|_| normal(stream).powi(2)).sum();
                let deviation = (3.0 / squares).sqrt();
                Shape {
                    a2: normal(stream) * deviation,
                    a3: normal(stream) * deviation,
                    a4: exponential(stream) + exponential(stream),
                    tilt: Tilt::Normal { deviation },
                }
            }
        }
    }
}

/// a₂, a₃, a₄ and the distribution of a₁ that goes with them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// a₂.
    pub a2: f64,
    /// a₃.
    pub a3: f64,
    /// a₄ > 0.
    pub a4: f64,
    /// Distribution of a₁.
    pub tilt: Tilt,
}

/// Distribution of the tilt a₁ at fixed a₂, a₃, a₄.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tilt {
    /// Normal about 0.
    Normal {
        /// Standard deviation.
        deviation: f64,
    },
    /// Uniform on [−1, 1].
    Uniform,
    /// Logistic.
    Logistic {
        /// Mean.
        mean: f64,
        /// Scale.
        scale: f64,
    },
}

impl Tilt {
    /// Probability of a tilt below `a1`.
    pub fn probability(self, a1: f64) -> f64 {
        match self {
            Tilt::Normal { deviation } => normal_cdf(a1 / deviation),
            Tilt::Uniform => (0.5 * (a1 + 1.0)).clamp(0.0, 1.0),
            Tilt::Logistic { mean, scale } => 1.0 / (1.0 + (-(a1 - mean) / scale).exp()),
        }
    }

    /// The tilt below which the fraction `probability` lies.
    pub fn quantile(self, probability: f64) -> f64 {
        match self {
            Tilt::Normal { deviation } => deviation * normal_quantile(probability),
            Tilt::Uniform => 2.0 * probability - 1.0,
            Tilt::Logistic { mean, scale } => mean + scale * (probability / (1.0 - probability)).ln(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_probabilities() {
        let tilts = [Tilt::Normal { deviation: 2.5 }, Tilt::Uniform, Tilt::Logistic { mean: 0.2, scale: 0.5 }];
        for tilt in tilts {
            for p in [0.003, 0.4, 0.97] {
                assert!((tilt.probability(tilt.quantile(p)) - p).abs() < 1e-12, "{tilt:?}");
            }
        }
    }
}
