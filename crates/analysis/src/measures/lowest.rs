//! The lowest localized mode of each glass.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::WeibullFit;
use crate::statistics::moments::quantile;
use crate::statistics::weibull::{Lowest, cumulative_hazard};
use serde::Serialize;

/// Lowest frequencies against Weibull's law.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LowestFrequency {
    /// Fit with glasses censored at one ω_c for all, the median of their cuts, as the exponents of D(ω) are; `None` with
    /// fewer than two modes.
    pub fit: Option<WeibullFit>,
    /// (ω, −ln S(ω)) by Nelson and Aalen.
    #[serde(skip)]
    pub hazard: Vec<(f64, f64)>,
}

impl LowestFrequency {
    /// Of the localized modes below the median of the cuts.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> LowestFrequency {
        let mut cuts: Vec<f64> = selected.cut.iter().copied().filter(|cut| cut.is_finite()).collect();
        cuts.sort_unstable_by(f64::total_cmp);
        let omega_cut = quantile(&cuts, 0.5);
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
        LowestFrequency { fit: WeibullFit::of(&lowest), hazard: cumulative_hazard(&lowest) }
    }
}
