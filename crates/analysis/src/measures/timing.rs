//! CPU seconds of the stages.

use crate::ensemble::Ensemble;
use crate::statistics::Distribution;
use serde::Serialize;

/// CPU seconds of each stage, over realizations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Timing {
    /// Swap Monte Carlo.
    pub thermalize: Distribution,
    /// Quench.
    pub quench: Distribution,
    /// Eigenpairs.
    pub spectrum: Distribution,
    /// Descriptors and moduli.
    pub modes: Distribution,
    /// All four.
    pub total: Distribution,
    /// Of the whole archive.
    pub core_hours: f64,
}

impl Timing {
    /// Of all realizations.
    pub fn of(ensemble: &Ensemble) -> Timing {
        let table = &ensemble.realizations;
        let stages = [&table.seconds_thermalize, &table.seconds_quench, &table.seconds_spectrum, &table.seconds_modes];
        let [thermalize, quench, spectrum, modes] =
            stages.map(|column| Distribution::of_glasses(ensemble.by_chain(column)));
        let totals: Vec<f64> =
            (0..ensemble.len()).map(|row| stages.iter().map(|column| column[row]).sum::<f64>()).collect();
        let total = Distribution::of_glasses(ensemble.by_chain(&totals));
        let core_hours = if total.count == 0 { 0.0 } else { total.mean * total.count as f64 / 3600.0 };
        Timing { thermalize, quench, spectrum, modes, total, core_hours }
    }

    /// The stages with their names, in the order of the flow.
    pub fn stages(&self) -> [(&'static str, &Distribution); 5] {
        [
            ("thermalize", &self.thermalize),
            ("quench", &self.quench),
            ("spectrum", &self.spectrum),
            ("modes", &self.modes),
            ("together", &self.total),
        ]
    }
}
