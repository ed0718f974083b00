//! Whether the glasses of an ensemble are equilibrated, in a word and a sentence.

use super::{Change, Drift, Equilibrium};
use serde::Serialize;

/// Beyond this many standard errors it is no chance: 3 of 1000 cases on a plateau.
const SURE: f64 = 3.0;

/// Beyond this many it may be: 5 of 100 cases.
const DOUBTFUL: f64 = 2.0;

/// The halves of a chain's glasses tell of ageing if they are apart by this part of the sweeps before the first.
const FAR_APART: f64 = 0.5;

/// Of fewer chains errors are hardly known, and nothing that they say is evidence of equilibrium.
const CHAINS_MIN: u64 = 8;

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
    /// The archive keeps nothing that would tell, or too little.
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
    /// Judges by the drift of the energy in the last half and the last three quarters of the sweeps before the (first)
    /// glass, or from the earlier to the later glasses of each chain where these are about as far apart; by the
    /// configurational temperature; and by whether the diameters have lost the memory of their start.
    pub fn verdict(&self) -> Verdict {
        let mut heard = Heard { degrees_of_freedom: self.chains.saturating_sub(1) as f64, signs: Vec::new() };
        let moved = |z: f64, energy: &str| match z {
            z if z < -DOUBTFUL => format!("{energy} still fell"),
            z if z > DOUBTFUL => format!("{energy} still rose"),
            _ => format!("no drift of {energy}"),
        };
        if let Some(halves) = self.halves {
            for (energy, Change { z, .. }) in
                [("the energy", halves.energy_thermal), ("the inherent energy", halves.energy_inherent)]
            {
                let what = moved(z, energy);
                heard.sign(z, format!("{what} from the first to the second half of each chain's glasses (z = {z:.1})"));
            }
        }
        // Glasses a few sweeps apart are alike whether they age or not.
        let far_apart = self.halves.is_some_and(|halves| halves.sweeps_apart >= FAR_APART * self.sweeps_before);
        if !far_apart {
            for Drift { z, from_sweeps, .. } in [self.drift_quarter, self.drift_half] {
                let first = if self.halves.is_some() { " to the first glass" } else { "" };
                heard.sign(z, format!("{} after {from_sweeps} sweeps{first} (z = {z:.1})", moved(z, "the energy")));
            }
        }
        let of_energies = heard.signs.len();
        let z = self.configurational_temperature_z;
        let is = if z.abs() > DOUBTFUL { "is not" } else { "is" };
        heard.sign(z, format!("configurational temperature {is} T (z = {z:.1})"));
        let correlation = self.diameter_correlation;
        if !self.series.is_empty() && correlation.standard_error.is_finite() {
            // Beyond 1/e by three standard errors, to z = 0 at 1/e.
            let z = ((correlation.mean - (-1.0f64).exp()) / correlation.standard_error.max(1e-9)).max(0.0);
            let have = if z > DOUBTFUL { "remember" } else { "have forgotten" };
            heard.sign(z, format!("diameters {have} their start (C_σ = {:.2} at the end)", correlation.mean));
        }
        let signs = heard.signs;
        let against: Vec<String> =
            signs.iter().filter(|(says, _)| *says > Equilibrated::Yes).map(|(_, words)| words.clone()).collect();
        if let (Some((worst, _)), false) = (signs.iter().max_by_key(|(says, _)| *says), against.is_empty()) {
            return Verdict { equilibrated: *worst, reasons: against };
        }
        let missing = if self.series.is_empty() && signs.is_empty() {
            Some("the archive keeps no evidence".to_owned())
        } else if self.chains < CHAINS_MIN {
            let of_what = if self.halves.is_some() { "chains" } else { "glasses" };
            Some(format!("too few {of_what} to tell ({} of at least {CHAINS_MIN})", self.chains))
        } else if of_energies == 0 {
            Some("nothing is known of a drift of the energy".to_owned())
        } else {
            None
        };
        match missing {
            Some(missing) => Verdict { equilibrated: Equilibrated::Unknown, reasons: vec![missing] },
            None => Verdict {
                equilibrated: Equilibrated::Yes,
                reasons: signs.into_iter().map(|(_, words)| words).collect(),
            },
        }
    }
}

/// What was looked at, and what each says.
struct Heard {
    degrees_of_freedom: f64,
    signs: Vec<(Equilibrated, String)>,
}

impl Heard {
    /// Of a deviation in standard errors that were themselves estimated from the scatter of few; one that is not known
    /// says nothing.
    fn sign(&mut self, z: f64, words: String) {
        let says = match normal_score(z, self.degrees_of_freedom) {
            z if !z.is_finite() => return,
            z if z > SURE => Equilibrated::No,
            z if z > DOUBTFUL => Equilibrated::Doubtful,
            _ => Equilibrated::Yes,
        };
        self.signs.push((says, words));
    }
}

/// The |z| that a normal variable exceeds as often as Student's t exceeds |t|, to 0.05 from two degrees of freedom on and
/// for |z| up to 3: Wallace, Ann. Math. Stat. 30, 1121 (1959).
fn normal_score(t: f64, degrees_of_freedom: f64) -> f64 {
    let n = degrees_of_freedom;
    (8.0 * n + 1.0) / (8.0 * n + 3.0) * (n * (t * t / n).ln_1p()).sqrt()
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
        let diameter_correlation = crate::statistics::Distribution::of([0.1, 0.12]);
        let harvested = |sweeps_apart: f64, z: f64, chains: u64| {
            Equilibrium {
                halves: Some(Halves { chains, sweeps_apart, energy_thermal: of(0.3), energy_inherent: of(z) }),
                sweeps_before: 2000.0,
                chains,
                drift_half: Drift { z: -4.8, ..measured.drift_half },
                drift_quarter: Drift { z: f64::NAN, ..measured.drift_quarter },
                configurational_temperature_z: f64::NAN,
                diameter_correlation,
                ..measured.clone()
            }
            .verdict()
        };
        let far = harvested(1000.0, 2.5, 9);
        assert_eq!(far.equilibrated, Equilibrated::Doubtful);
        assert_eq!(
            far.reasons,
            ["the inherent energy still rose from the first to the second half of each chain's glasses (z = 2.5)"]
        );
        // Unless they are too near to each other to tell.
        for near in [10.0, f64::NAN] {
            let near = harvested(near, 0.1, 9);
            assert_eq!(near.equilibrated, Equilibrated::No);
            assert!(near.reasons[0].ends_with("to the first glass (z = -4.8)"), "{near:?}");
        }
        assert_eq!(harvested(1000.0, 0.1, 9).equilibrated, Equilibrated::Yes);
        // Errors that come from few chains are hardly known.
        for chains in [1, 2, 7] {
            let few = harvested(1000.0, 2.05, chains);
            assert_eq!(few.equilibrated, Equilibrated::Unknown, "{few:?}");
            assert_eq!(few.reasons, [format!("too few chains to tell ({chains} of at least 8)")]);
        }
        let nothing = Equilibrium { series: Vec::new(), ..measured.clone() };
        let drift = Drift { z: f64::NAN, ..measured.drift_half };
        let nothing =
            Equilibrium { drift_half: drift, drift_quarter: drift, configurational_temperature_z: f64::NAN, ..nothing };
        assert_eq!(nothing.verdict().equilibrated, Equilibrated::Unknown);
    }

    #[test]
    fn student_t_of_few_is_a_smaller_deviation_of_a_normal_variable() {
        // |t| exceeded in 5 of 100 cases, from tables.
        for (degrees_of_freedom, t) in [(2.0, 4.303), (3.0, 3.182), (7.0, 2.365), (30.0, 2.042), (1000.0, 1.962)] {
            let z = normal_score(t, degrees_of_freedom);
            assert!((z - 1.960).abs() < 0.05, "{degrees_of_freedom}: {z}");
            assert_eq!(z, normal_score(-t, degrees_of_freedom));
        }
        assert!((normal_score(235.8, 1.0) - 3.0).abs() < 0.35);
        assert!(normal_score(2.0, 0.0).is_nan());
    }
}
