//! The lowest localized mode of each glass.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::WeibullFit;
use crate::statistics::weibull::{Lowest, cumulative_hazard};
use serde::Serialize;

/// Lowest frequencies against Weibull's law.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LowestFrequency {
    /// Fit with glasses censored at their cut; `None` with fewer than two modes.
    pub fit: Option<WeibullFit>,
    /// (ω, −ln S(ω)) by Nelson and Aalen.
    #[serde(skip)]
    pub hazard: Vec<(f64, f64)>,
}

impl LowestFrequency {
    /// Of the selected modes.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> LowestFrequency {
        let mut lowest: Vec<Lowest> = selected.cut.iter().map(|&cut| Lowest { omega: cut, observed: false }).collect();
        // Rows ascend in (realization, ω): from behind, the lowest one stays.
        for &row in selected.rows.iter().rev() {
            lowest[selected.realization_of[row as usize] as usize] =
                Lowest { omega: ensemble.modes.omega[row as usize], observed: true };
        }
        lowest.retain(|glass| glass.omega.is_finite());
        LowestFrequency { fit: WeibullFit::of(&lowest), hazard: cumulative_hazard(&lowest) }
    }
}
