//! What full spectra of glasses made elsewhere will need, said before hours or more memory than there is are spent on it.

use super::calibration::{FULL_SPECTRUM_PARTICLES, growth, time_full_spectrum};
use crate::terminal::duration;
use archive::memory_available;
use glass::space::Dimension;
use glass::thermalize::ThermalizeSettings;
use modes::SpectrumMethod;
use realization::config::Plan;

/// A calibration that costs more than this part of the work is not worth it.
const CALIBRATIONS: f64 = 200.0;

/// What takes less needs no word.
const LONG_SECONDS: f64 = 3600.0;

/// Most of the memory that the system would still give; the rest is for the glasses and for others.
const SHARE_OF_MEMORY: f64 = 0.9;

/// What to do instead.
const REMEDY: &str = "--set spectrum.method=low finds the soft modes alone, with far less of both";

/// Full spectra, whose cost grows much faster than the number of particles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FullSpectrum {
    method: SpectrumMethod,
    dimension: Dimension,
    particles: usize,
}

impl FullSpectrum {
    /// Of a plan, if it asks for them.
    pub fn of(plan: &Plan) -> Option<Self> {
        let (method, particles) = (plan.spectrum.method, plan.composition.particles);
        (method != SpectrumMethod::Low).then_some(FullSpectrum { method, dimension: plan.dimension, particles })
    }

    /// How many can be computed at once in `processes` of this machine, each, at most `wanted`.
    ///
    /// # Errors
    /// Words for a person if there is not even room for one.
    pub fn fit(&self, wanted: usize, processes: u32) -> Result<usize, String> {
        self.fit_into(SHARE_OF_MEMORY * memory_available() as f64, wanted, processes)
    }

    fn fit_into(&self, memory: f64, wanted: usize, processes: u32) -> Result<usize, String> {
        let bytes = self.method.matrix_bytes(self.particles, self.dimension.axes());
        let fit = (memory / (bytes.max(1.0) * f64::from(processes.max(1)))) as usize;
        if fit > 0 {
            return Ok(fit.min(wanted));
        }
        let at_once = match processes {
            0 | 1 => String::new(),
            processes => format!(", at once in {processes} processes"),
        };
        let (needed, there) = (gigabytes(bytes), gigabytes(memory));
        let particles = self.particles;
        Err(format!(
            "spectrum.method = \"dense\": {particles} particles take {needed}{at_once}, and {there} are to be had; \
             accepted: --set spectrum.method=low (the soft modes alone) or sliced (all eigenvalues)"
        ))
    }

    /// How much memory one takes, in words.
    pub fn memory(&self) -> String {
        format!(
            "a dense spectrum of {} particles takes {}",
            self.particles,
            gigabytes(self.method.matrix_bytes(self.particles, self.dimension.axes()))
        )
    }

    /// Seconds that one takes on a core of this machine, from the spectrum of a smaller glass, if `glasses` of them are
    /// so much work that this is worth while.
    fn seconds(&self, plan: &Plan, glasses: u64) -> Option<f64> {
        let growth = growth(self.method, self.particles);
        if glasses as f64 * growth < CALIBRATIONS {
            return None;
        }
        // A glass of ours: only its size matters.
        let mut ours = plan.clone();
        ours.composition.density = 1.0;
        ours.thermalize = ThermalizeSettings { temperature: 0.1, ..ours.thermalize };
        ours.spectrum.parallel_windows = false;
        let (_, seconds) = time_full_spectrum(&ours).ok()?;
        Some(seconds * growth)
    }

    /// How long `glasses` will take, `at_once` of them, in words, if that is long.
    pub fn forecast(&self, plan: &Plan, glasses: u64, at_once: u64) -> Option<String> {
        let seconds = self.seconds(plan, glasses)?;
        let rounds = glasses.div_ceil(at_once.max(1));
        let all = rounds as f64 * seconds;
        if all < LONG_SECONDS {
            return None;
        }
        let (one, all) = (duration(seconds), duration(all));
        let particles = self.particles;
        Some(format!(
            "forecast: about {all} for {glasses} glasses, {at_once} at once (a full spectrum of {particles} particles takes \
             about {one}, scaled from {FULL_SPECTRUM_PARTICLES}); {REMEDY}"
        ))
    }
}

fn gigabytes(bytes: f64) -> String {
    format!("{:.1} GB of memory", bytes / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_at_once_than_memory_has_room_for() {
        let dense = FullSpectrum { method: SpectrumMethod::Dense, dimension: Dimension::Two, particles: 4000 };
        // 2.05 GB each.
        assert_eq!(dense.fit_into(20e9, 64, 1), Ok(9));
        assert_eq!(dense.fit_into(20e9, 4, 1), Ok(4));
        assert_eq!(dense.fit_into(20e9, 64, 4), Ok(2));
        let refused = dense.fit_into(20e9, 64, 10).expect_err("20.5 GB");
        assert!(refused.contains("4000 particles take 2.0 GB of memory, at once in 10 processes"), "{refused}");
        let large = FullSpectrum { particles: 16_384, ..dense };
        let refused = large.fit_into(24e9, 1, 1).expect_err("34 GB");
        assert!(refused.contains("34.4 GB") && refused.contains("spectrum.method=low"), "{refused}");
        let sliced = FullSpectrum { method: SpectrumMethod::Sliced, ..large };
        assert_eq!(sliced.fit_into(24e9, 8, 1), Ok(8));
    }
}
