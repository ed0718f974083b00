//! The lowest localized mode of each glass.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::power_law::{EVENTS_MIN, SIGNIFICANCE};
use crate::statistics::weibull::{Lowest, cumulative_hazard};
use crate::statistics::{WeibullFit, moments::quantile};
use serde::Serialize;

/// Parts of the observed frequencies up to which the law is tried, one after the other.
const PARTS: [f64; 5] = [1.0, 0.75, 0.5, 0.35, 0.25];

/// Lowest frequencies against Weibull's law.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LowestFrequency {
    /// The fit, if there are two modes.
    pub fit: Option<Holding>,
    /// (ω, −ln S(ω)) by Nelson and Aalen.
    #[serde(skip)]
    pub hazard: Vec<(f64, f64)>,
}

/// A fit on (0, ω_c], and whether the law holds there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Holding {
    /// The fit, glasses censored at ω_c.
    #[serde(flatten)]
    pub law: WeibullFit,
    /// ω_c: the median of the cuts, as of the exponents of D(ω), or as much lower as it takes for the law not to be
    /// refuted. It is a law for ω → 0; further up, modes of a glass repel each other and D(ω) is no power.
    pub omega_cut: f64,
    /// How often chance alone makes a larger distance between law and glasses. Where ω_c was lowered, this is no test any
    /// more: ω_c was chosen by it.
    pub p_value: f64,
    /// Whether ω_c was lowered.
    pub lowered: bool,
}

impl LowestFrequency {
    /// Of the localized modes below the median of the cuts; `seed` decides the resampling.
    pub fn of(ensemble: &Ensemble, selected: &Selected, seed: u64) -> LowestFrequency {
        let omega_cut = selected.omega_cut();
        // A glass that was left out has no end of its description, and `min` would forget that.
        let end = |end: f64| if end.is_nan() { f64::NAN } else { end.min(omega_cut) };
        let mut lowest: Vec<Lowest> =
            selected.described.iter().map(|&described| Lowest { omega: end(described), observed: false }).collect();
        // Rows ascend in (realization, ω): from behind, the lowest one stays.
        for &row in selected.localized.iter().rev() {
            let (glass, omega) = (selected.realization_of[row as usize] as usize, ensemble.modes.omega[row as usize]);
            if omega <= end(selected.described[glass]) {
                lowest[glass] = Lowest { omega, observed: true };
            }
        }
        lowest.retain(|glass| glass.omega.is_finite());
        LowestFrequency { fit: fit_where_it_holds(&lowest, omega_cut, seed), hazard: cumulative_hazard(&lowest) }
    }
}

/// The fit up to the largest of the tried cuts at which the law is not refuted; up to the last one tried if it is at all.
fn fit_where_it_holds(glasses: &[Lowest], omega_cut: f64, seed: u64) -> Option<Holding> {
    let mut seen: Vec<f64> = glasses.iter().filter(|glass| glass.observed).map(|glass| glass.omega).collect();
    seen.sort_unstable_by(f64::total_cmp);
    let mut found = None;
    for part in PARTS {
        let lowered = part < 1.0;
        if lowered && (part * seen.len() as f64) < EVENTS_MIN as f64 {
            break;
        }
        let cut = if lowered { quantile(&seen, part) } else { omega_cut };
        let searched: Vec<Lowest> = glasses
            .iter()
            .map(|glass| Lowest { omega: glass.omega.min(cut), observed: glass.observed && glass.omega <= cut })
            .collect();
        let Some(law) = WeibullFit::of(&searched) else { break };
        let p_value = law.p_value(&searched, cut, seed);
        found = Some(Holding { law, omega_cut: cut, p_value, lowered });
        if p_value >= SIGNIFICANCE {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{exponential, stream, uniform};

    #[test]
    fn the_law_is_fitted_where_it_holds() {
        // Each glass has a mode of the law k = 5, ω₀ = 0.9, and one of a bump above 0.9: below the bump the lowest follows
        // the law, and a cut above it must be refused. The median is 0.9 (ln 2)^0.2 = 0.84.
        let mut stream = stream(3, 0);
        let glasses: Vec<Lowest> = (0..400)
            .map(|_| {
                let (law, bump) = (0.9 * exponential(&mut stream).powf(0.2), 0.9 + 0.02 * uniform(&mut stream));
                Lowest { omega: law.min(bump), observed: true }
            })
            .collect();
        let fit = fit_where_it_holds(&glasses, 1.0, 1).expect("a fit");
        assert!(fit.lowered && fit.omega_cut < 0.9 && fit.p_value >= SIGNIFICANCE, "{fit:?}");
        // Three standard errors, k/√d: of 1000 seeds 3 fail.
        let error = 5.0 / (fit.law.observed as f64).sqrt();
        assert!((fit.law.shape.value - 5.0).abs() < 3.0 * error, "{fit:?}");
        // Where the law holds throughout, nothing is lowered unless chance refutes it.
        let pure: Vec<Lowest> =
            (0..400).map(|_| Lowest { omega: exponential(&mut stream).powf(0.2), observed: true }).collect();
        let fit = fit_where_it_holds(&pure, 2.0, 1).expect("a fit");
        assert!(!fit.lowered && fit.omega_cut == 2.0, "{fit:?}");
        assert!(fit_where_it_holds(&glasses[..1], 1.0, 1).is_none());
    }
}
