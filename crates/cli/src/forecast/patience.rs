//! How long a realization, or a chain of several, may take before anybody knows how long they take.

use modes::SpectrumMethod;
use realization::config::Plan;
use std::time::Duration;

/// Nothing is given up sooner.
const LEAST: Duration = Duration::from_secs(6 * 3600);

/// Some hundred times what a trial takes (docs/performance.md): a core may be shared by many, or emulated.
const SECONDS_A_TRIAL: f64 = 10e-6;

/// Times the third power of the coordinates: some sixty times what a dense spectrum takes (docs/performance.md).
const SECONDS_OF_SPECTRUM: f64 = 10e-9;

/// The deadline of a task of `plan` until a few have finished; a task is a chain at most.
pub fn patience(plan: &Plan) -> Duration {
    let later = plan.harvest.map_or(0.0, |harvest| (harvest.count - 1) as f64 * harvest.sweeps as f64);
    let sweeps = plan.thermalize.sweeps as f64 + later;
    let particles = plan.composition.particles as f64;
    let spectrum = match plan.spectrum.method {
        SpectrumMethod::Low => 0.0,
        SpectrumMethod::Dense | SpectrumMethod::Sliced => {
            SECONDS_OF_SPECTRUM * (plan.dimension.axes() as f64 * particles).powi(3)
        }
    };
    let seconds = SECONDS_A_TRIAL * sweeps * particles + plan.chain_length() as f64 * spectrum;
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "[campaign]\nname = \"long\"\nrealizations = 60\nseed = 1\n[glass]\nparticles = 4000\n\
                        [thermalize]\ntemperature = 0.1\nsweeps = 1000\n[spectrum]\nmethod = \"low\"\nomega_max = 0.5\n\
                        [modes]\nomega_max = 0.5\n";

    fn hours(sets: &[&str]) -> f64 {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        patience(&realization::config::parse(PLAN, "plan.toml", &sets).expect("a plan")).as_secs_f64() / 3600.0
    }

    #[test]
    fn what_takes_longer_by_plan_is_waited_for_longer() {
        assert_eq!(hours(&[]), 6.0);
        let long = ["thermalize.sweeps=100_000_000"];
        assert!((hours(&long) - 4e6 / 3600.0).abs() < 1e-6);
        let harvest = ["thermalize.harvest={ count = 6, sweeps = 1_000_000 }"];
        assert!((hours(&harvest) - (5e6 + 1e3) * 0.04 / 3600.0).abs() < 1e-6);
        let dense = ["spectrum.method=dense", "glass.particles=16000"];
        assert!((hours(&dense) - (10e-9 * 32e3f64.powi(3) + 160.0) / 3600.0).abs() < 1e-6);
        assert!(hours(&["thermalize.sweeps=1_000_000_000_000", "glass.particles=1_000_000"]) > 1e9);
    }
}
