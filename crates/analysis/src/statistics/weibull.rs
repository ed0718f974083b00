//! The lowest frequency of each glass: Weibull's distribution, with glasses that show none below the cut.
//!
//! When modes are independent with D(ω) ∝ ω^α, the lowest of many has the survival function
//! S(ω) = exp[−(ω/ω₀)^k] with k = α + 1 (Weibull, doi:10.1115/1.4010337). A glass without a mode below
//! its cut ω_c is censored there: it adds S(ω_c) to the likelihood, and leaving it out would bias k.

use super::interval::{CONFIDENCE, Estimate};
use super::special::gamma_quantile;
use serde::Serialize;

/// One glass: its lowest frequency, or that it has none below ω.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lowest {
    /// The lowest frequency, or the cut when none was seen.
    pub omega: f64,
    /// Whether one was seen.
    pub observed: bool,
}

/// Shape and scale by maximum likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeibullFit {
    /// Glasses with a mode.
    pub observed: u64,
    /// Glasses without one below the cut.
    pub censored: u64,
    /// k = α + 1, with the interval where 2 ln L falls by χ²₁(95 %).
    pub shape: Estimate,
    /// ω₀.
    pub scale: f64,
}

impl WeibullFit {
    /// Fits `glasses`; `None` below two different observed frequencies.
    pub fn of(glasses: &[Lowest]) -> Option<Self> {
        // In units of the largest frequency no power overflows.
        let unit = glasses.iter().map(|g| g.omega).fold(0.0, f64::max);
        let logarithms: Vec<f64> = glasses.iter().map(|g| (g.omega / unit).ln()).collect();
        let seen: Vec<f64> = logarithms.iter().zip(glasses).filter(|(_, g)| g.observed).map(|(x, _)| *x).collect();
        let observed = seen.len() as f64;
        let different = seen.iter().any(|x| *x != seen[0]);
        if !different || !unit.is_finite() || logarithms.iter().any(|x| !x.is_finite()) {
            return None;
        }
        let seen_sum: f64 = seen.iter().sum();
        let power_sum = |k: f64| logarithms.iter().map(|x| (k * x).exp()).sum::<f64>();
        // The scale is at its best for each k: ω₀ᵏ = Σ ωᵏ/d.
        let profile = |k: f64| observed * (k.ln() - power_sum(k).ln()) + k * seen_sum;
        let slope = |k: f64| {
            let (mut weighted, mut sum) = (0.0, 0.0);
            for x in &logarithms {
                let power = (k * x).exp();
                weighted += power * x;
                sum += power;
            }
            observed / k - observed * weighted / sum + seen_sum
        };
        let shape = bisect(1e-3, 1e3, slope)?;
        let fall = gamma_quantile(0.5, CONFIDENCE);
        let target = profile(shape) - fall;
        let low = bisect(1e-4, shape, |k| target - profile(k)).unwrap_or(0.0);
        let high = bisect(shape, 1e4, |k| profile(k) - target).unwrap_or(f64::INFINITY);
        Some(WeibullFit {
            observed: seen.len() as u64,
            censored: (glasses.len() - seen.len()) as u64,
            shape: Estimate { value: shape, low, high },
            scale: unit * (power_sum(shape) / observed).powf(1.0 / shape),
        })
    }

    /// −ln S(ω) = (ω/ω₀)ᵏ.
    pub fn cumulative_hazard(&self, omega: f64) -> f64 {
        (omega / self.scale).powf(self.shape.value)
    }
}

/// The zero of a function positive at `low` and negative at `high`.
fn bisect(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> Option<f64> {
    if !(function(low) >= 0.0 && function(high) <= 0.0) {
        return None;
    }
    for _ in 0..60 {
        let middle = (low * high).sqrt();
        if function(middle) > 0.0 { low = middle } else { high = middle }
    }
    Some((low * high).sqrt())
}

/// −ln S(ω) at each observed frequency, without a model: Nelson and Aalen's sum of 1/(glasses at risk)
/// (doi:10.1214/aos/1176344247). Pairs (ω, −ln S), ascending.
pub fn cumulative_hazard(glasses: &[Lowest]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<Lowest> = glasses.iter().copied().filter(|g| g.omega.is_finite()).collect();
    // At one frequency the observed come first: the censored were still at risk.
    sorted.sort_by(|a, b| a.omega.total_cmp(&b.omega).then(b.observed.cmp(&a.observed)));
    let mut hazard = 0.0;
    let mut steps = Vec::new();
    for (k, glass) in sorted.iter().enumerate() {
        if glass.observed {
            hazard += 1.0 / (sorted.len() - k) as f64;
            steps.push((glass.omega, hazard));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{exponential, stream};

    fn glasses(seed: u64, count: usize, shape: f64, cut: f64) -> Vec<Lowest> {
        let mut stream = stream(seed, 0);
        (0..count)
            .map(|_| {
                let omega = 0.3 * exponential(&mut stream).powf(1.0 / shape);
                if omega < cut { Lowest { omega, observed: true } } else { Lowest { omega: cut, observed: false } }
            })
            .collect()
    }

    #[test]
    fn shape_and_scale_of_a_censored_sample_are_found() {
        let fit = WeibullFit::of(&glasses(1, 20_000, 5.0, 0.25)).expect("a fit");
        assert!(fit.censored > 10_000);
        assert!(fit.shape.interval().contains(5.0), "{fit:?}");
        assert!(fit.shape.high - fit.shape.low < 0.3);
        assert!((fit.scale - 0.3).abs() < 0.003);
    }

    #[test]
    fn interval_of_the_shape_covers_the_truth() {
        let covered = (0..1000)
            .filter(|&repetition| {
                WeibullFit::of(&glasses(100 + repetition, 100, 5.0, 0.28))
                    .expect("a fit")
                    .shape
                    .interval()
                    .contains(5.0)
            })
            .count();
        assert!((930..=970).contains(&covered), "{covered} of 1000");
    }

    #[test]
    fn hazard_follows_the_law_it_was_drawn_from() {
        let sample = glasses(2, 5000, 4.0, 0.3);
        let (omega, hazard) = cumulative_hazard(&sample)[2000];
        // The relative error of the 2000th step is 1/√2000 = 2.2 %.
        assert!((hazard / (omega / 0.3f64).powi(4) - 1.0).abs() < 0.07);
    }

    #[test]
    fn too_little_is_no_fit() {
        assert!(WeibullFit::of(&[]).is_none());
        assert!(WeibullFit::of(&[Lowest { omega: 0.2, observed: true }]).is_none());
        assert!(WeibullFit::of(&[Lowest { omega: 0.2, observed: false }; 9]).is_none());
        assert!(cumulative_hazard(&[]).is_empty());
    }
}
