//! The lowest frequency of each glass: Weibull's distribution, with glasses that show none below the cut.
//!
//! When modes are independent with D(ω) ∝ ω^α, the lowest of many has the survival function
//! S(ω) = exp[−(ω/ω₀)^k] with k = α + 1 (Weibull, doi:10.1115/1.4010337). A glass without a mode below
//! its cut ω_c is censored there: it adds S(ω_c) to the likelihood, and leaving it out would bias k.

use super::interval::{CONFIDENCE, Estimate};
use super::special::gamma_quantile;
use crate::random::{exponential, stream};
use rayon::prelude::*;
use serde::Serialize;

/// Samples drawn from the law.
const NULL_SAMPLES: u64 = 200;

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
    /// ω₀ at both ends of the interval of k.
    pub scale_at_ends: [f64; 2],
}

impl WeibullFit {
    /// Fits `glasses`; `None` below two different observed frequencies.
    pub fn of(glasses: &[Lowest]) -> Option<Self> {
        // In units of the largest frequency no power overflows.
        let unit = glasses.iter().map(|g| g.omega).fold(0.0, f64::max);
        let logarithm = |glass: &Lowest| (glass.omega / unit).ln();
        let seen: Vec<f64> = glasses.iter().filter(|g| g.observed).map(logarithm).collect();
        // Most glasses are censored at one cut: equal logarithms are one, with their number.
        let mut sorted: Vec<f64> = glasses.iter().map(logarithm).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut logarithms: Vec<(f64, f64)> = Vec::new();
        for x in sorted {
            match logarithms.last_mut() {
                Some((known, count)) if *known == x => *count += 1.0,
                _ => logarithms.push((x, 1.0)),
            }
        }
        let observed = seen.len() as f64;
        let different = seen.iter().any(|x| *x != seen[0]);
        if !different || !unit.is_finite() || logarithms.iter().any(|(x, _)| !x.is_finite()) {
            return None;
        }
        let seen_sum: f64 = seen.iter().sum();
        let power_sum = |k: f64| logarithms.iter().map(|(x, count)| count * (k * x).exp()).sum::<f64>();
        // The scale is at its best for each k: ω₀ᵏ = Σ ωᵏ/d.
        let profile = |k: f64| observed * (k.ln() - power_sum(k).ln()) + k * seen_sum;
        let slope = |k: f64| {
            let (mut weighted, mut sum) = (0.0, 0.0);
            for (x, count) in &logarithms {
                let power = count * (k * x).exp();
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
        let scale = |k: f64| unit * (power_sum(k) / observed).powf(1.0 / k);
        Some(WeibullFit {
            observed: seen.len() as u64,
            censored: (glasses.len() - seen.len()) as u64,
            shape: Estimate { value: shape, low, high },
            scale: scale(shape),
            scale_at_ends: [low, high].map(scale),
        })
    }

    /// −ln S(ω) = (ω/ω₀)ᵏ.
    pub fn cumulative_hazard(&self, omega: f64) -> f64 {
        (omega / self.scale).powf(self.shape.value)
    }

    /// Smallest and largest −ln S(ω) of the fits at both ends of the interval of k.
    pub fn hazard_band(&self, omega: f64) -> (f64, f64) {
        let ends = [self.shape.low, self.shape.high];
        let [one, other] = [0, 1].map(|k| (omega / self.scale_at_ends[k]).powf(ends[k]));
        (one.min(other), one.max(other))
    }

    /// How often glasses that follow the law, searched as `glasses` up to `cut`, lie as far from their own fit as
    /// `glasses` from this one: Kolmogorov and Smirnov's distance of the observed frequencies, given that they lie below
    /// the cut, against samples drawn from the fit.
    pub fn p_value(&self, glasses: &[Lowest], cut: f64, seed: u64) -> f64 {
        let own = self.distance(glasses, cut);
        let larger = (0..NULL_SAMPLES)
            .into_par_iter()
            .filter(|&sample| {
                let mut stream = stream(seed, sample);
                let drawn: Vec<Lowest> = glasses
                    .iter()
                    .map(|glass| {
                        let end = if glass.observed { cut } else { glass.omega };
                        let omega = self.scale * exponential(&mut stream).powf(1.0 / self.shape.value);
                        Lowest { omega: omega.min(end), observed: omega <= end }
                    })
                    .collect();
                WeibullFit::of(&drawn).is_none_or(|fit| fit.distance(&drawn, cut) >= own)
            })
            .count();
        (larger as f64 + 1.0) / (NULL_SAMPLES as f64 + 1.0)
    }

    fn distance(&self, glasses: &[Lowest], cut: f64) -> f64 {
        let mut seen: Vec<f64> = glasses.iter().filter(|glass| glass.observed).map(|glass| glass.omega).collect();
        seen.sort_unstable_by(f64::total_cmp);
        let below = |omega: f64| -(-self.cumulative_hazard(omega)).exp_m1();
        let n = seen.len() as f64;
        seen.iter().enumerate().fold(0.0, |largest: f64, (k, omega)| {
            let expected = below(*omega) / below(cut);
            largest.max((k as f64 + 1.0) / n - expected).max(expected - k as f64 / n)
        })
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
    fn the_law_is_refuted_as_often_as_stated_and_another_one_always() {
        let p_value = |glasses: &[Lowest]| WeibullFit::of(glasses).expect("a fit").p_value(glasses, 0.28, 7);
        let rejected = (0..200).filter(|&k| p_value(&glasses(500 + k, 60, 5.0, 0.28)) < 0.05).count();
        // 10 of 200 are expected; 2 to 20 with a probability of 99.9 %.
        assert!((2..=20).contains(&rejected), "{rejected} of 200");
        // Half of the glasses follow ω⁰, half ω¹¹: no power law. Of 1200 glasses the test tells it without doubt: p is
        // the smallest there is, 1/(NULL_SAMPLES + 1).
        let mut mixed = glasses(1, 600, 1.0, 0.28);
        mixed.extend(glasses(2, 600, 12.0, 0.28));
        assert!(p_value(&mixed) < 0.005);
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
