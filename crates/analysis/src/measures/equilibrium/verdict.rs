//! Whether the glasses of an ensemble are equilibrated, in a word and a sentence.

use super::{Change, Drift, Equilibrium};
use serde::Serialize;

/// Beyond this many standard errors it is no chance: 3 of 1000 cases on a plateau.
const SURE: f64 = 3.0;

/// Beyond this many it may be: 5 of 100 cases.
const DOUBTFUL: f64 = 2.0;

/// The word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Equilibrated {
    /// The energy lies on its plateau, and the start is forgotten.
    Yes,
    /// One of the signs would be seen in 5 of 100 equilibrated ensembles.
    Doubtful,
    /// One of them in 3 of 1000, or diameters that remember the start.
    No,
    /// The archive keeps nothing that would tell.
    Unknown,
}

/// The word, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether.
    pub equilibrated: Equilibrated,
    /// What speaks against it; what was looked at, where nothing does.
    pub reasons: Vec<String>,
}

impl Equilibrium {
    /// Judges by the drift of the energy in the last half and the last three quarters of the sweeps, or from the earlier to
    /// the later glasses of each chain where there are several; by the configurational temperature; and by whether the
    /// diameters have lost the memory of their start.
    pub fn verdict(&self) -> Verdict {
        let mut found = Vec::new();
        let mut worst = Equilibrated::Unknown;
        let mut hear = |z: f64, words: String| {
            if z.is_finite() {
                let says = match z.abs() {
                    z if z > SURE => Equilibrated::No,
                    z if z > DOUBTFUL => Equilibrated::Doubtful,
                    _ => Equilibrated::Yes,
                };
                worst = if worst == Equilibrated::Unknown { says } else { worst.max(says) };
                found.push((says, words));
            }
        };
        let moved = |z: f64, energy: &str| match z {
            z if z < -DOUBTFUL => format!("{energy} still fell"),
            z if z > DOUBTFUL => format!("{energy} still rose"),
            _ => format!("no drift of {energy}"),
        };
        if let Some(halves) = self.halves {
            for (energy, Change { z, .. }) in
                [("the energy", halves.energy_thermal), ("the inherent energy", halves.energy_inherent)]
            {
                hear(
                    z,
                    format!(
                        "{} from the first to the second half of each chain's glasses (z = {z:.1})",
                        moved(z, energy)
                    ),
                );
            }
        } else {
            for Drift { z, from_sweeps, .. } in [self.drift_quarter, self.drift_half] {
                hear(z, format!("{} after {from_sweeps} sweeps (z = {z:.1})", moved(z, "the energy")));
            }
        }
        let z = self.configurational_temperature_z;
        hear(
            z,
            format!("configurational temperature {} T (z = {z:.1})", if z.abs() > DOUBTFUL { "is not" } else { "is" }),
        );
        let correlation = self.diameter_correlation;
        if !self.series.is_empty() && correlation.mean.is_finite() {
            // Beyond 1/e by three standard errors, to z = 0 at 1/e.
            let z = (correlation.mean - (-1.0f64).exp()) / correlation.standard_error.max(1e-9);
            let what =
                if z > DOUBTFUL { "diameters remember their start" } else { "diameters have forgotten their start" };
            hear(z.max(0.0), format!("{what} (C_σ = {:.2} at the end)", correlation.mean));
        }
        let against: Vec<String> =
            found.iter().filter(|(says, _)| *says > Equilibrated::Yes).map(|(_, words)| words.clone()).collect();
        let reasons = if against.is_empty() { found.into_iter().map(|(_, words)| words).collect() } else { against };
        Verdict { equilibrated: worst, reasons }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Halves;
    use super::*;
    use crate::ensemble::Ensemble;
    use crate::statistics::moments::Running;
    use archive::synthetic::SyntheticCampaign;
    use archive::{WriteStyle, write_archive};

    #[test]
    fn a_falling_energy_is_no_equilibrium_and_the_sentence_says_so() {
        let campaign = SyntheticCampaign { samples: 8, ..SyntheticCampaign::low(100) };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.h5");
        write_archive(&path, &campaign.provenance(9), &campaign.records(0..9), &[], WriteStyle::Segment)
            .expect("written");
        let measured = Equilibrium::of(&Ensemble::open(&path).expect("an archive")).expect("measured");
        let with = |z: f64| {
            let drift = Drift { z, ..measured.drift_half };
            let diameter_correlation = crate::statistics::Distribution::of([0.1, 0.12]);
            Equilibrium {
                drift_half: drift,
                drift_quarter: Drift { z: 0.0, ..drift },
                configurational_temperature_z: f64::NAN,
                diameter_correlation,
                ..measured.clone()
            }
            .verdict()
        };
        assert_eq!(with(0.5).equilibrated, Equilibrated::Yes);
        assert_eq!(with(2.5).equilibrated, Equilibrated::Doubtful);
        let falls = with(-4.8);
        assert_eq!(falls.equilibrated, Equilibrated::No);
        assert!(
            falls.reasons[0].starts_with("the energy still fell") && falls.reasons[0].contains("z = -4.8"),
            "{falls:?}"
        );
        // Of several glasses a chain, these are what counts, and not what the energy did before the first.
        let of = |z: f64| Change { z, ..Change::of(&Running::default()) };
        let halves = Some(Halves { chains: 9, energy_thermal: of(0.3), energy_inherent: of(2.5) });
        let harvested =
            Equilibrium { halves, drift_half: Drift { z: -4.8, ..measured.drift_half }, ..measured.clone() };
        let diameter_correlation = crate::statistics::Distribution::of([0.1, 0.12]);
        let harvested =
            Equilibrium { configurational_temperature_z: f64::NAN, diameter_correlation, ..harvested }.verdict();
        assert_eq!(harvested.equilibrated, Equilibrated::Doubtful);
        assert_eq!(
            harvested.reasons,
            ["the inherent energy still rose from the first to the second half of each chain's glasses (z = 2.5)"]
        );
        let nothing = Equilibrium { series: Vec::new(), ..measured.clone() };
        let drift = Drift { z: f64::NAN, ..measured.drift_half };
        let nothing =
            Equilibrium { drift_half: drift, drift_quarter: drift, configurational_temperature_z: f64::NAN, ..nothing };
        assert_eq!(nothing.verdict().equilibrated, Equilibrated::Unknown);
    }
}
