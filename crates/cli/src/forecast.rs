//! What a campaign will need: foreseen from a short calibration on this machine.

pub mod job_script;

use crate::config::Plan;
use crate::realization::stage_clock::StageClock;
use crate::realization::{RealizationFailure, examine};
use glass::quench::quench;
use glass::random::Seed;
use glass::thermalize::{Glass, ThermalizeSettings, thermalize};
use modes::{Spectrum, SpectrumMethod};

/// Sweeps of the two calibrating runs; their difference is the cost of sweeps alone.
const SWEEPS: [u64; 2] = [100, 500];

/// Beyond so many particles full spectra are timed on so many and scaled.
const FULL_SPECTRUM_PARTICLES: usize = 1000;

/// Shuffle and deflate save about a quarter of noisy numbers.
const COMPRESSION: f64 = 0.77;

/// What one realization costs on this machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// CPU seconds of the Monte Carlo,
    pub thermalize: f64,
    /// of the quench,
    pub quench: f64,
    /// of the spectrum,
    pub spectrum: f64,
    /// of descriptors and moduli.
    pub modes: f64,
    /// Peak memory of a process that computes one at a time, in bytes.
    pub memory_bytes: f64,
    /// Bytes of a realization before compression.
    pub record_bytes: f64,
    /// Whether the spectrum was timed on fewer particles and scaled.
    pub scaled: bool,
}

impl Calibration {
    /// CPU seconds of a realization.
    pub fn seconds(&self) -> f64 {
        self.thermalize + self.quench + self.spectrum + self.modes
    }
}

/// Times one realization of `plan`, with few sweeps and, if large, with its full spectrum on fewer
/// particles.
///
/// # Errors
/// [`RealizationFailure`] when even that realization fails.
pub fn calibrate(plan: &Plan) -> Result<Calibration, RealizationFailure> {
    let seed = Seed::of_realization(plan.campaign.seed, 0);
    let (glass, seconds_thermalize) = time_thermalize(plan, seed)?;
    let mut clock = StageClock::start();
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let seconds_quench = clock.lap();

    let particles = plan.composition.particles;
    let full = plan.spectrum.method != SpectrumMethod::Low;
    let scaled = full && particles > FULL_SPECTRUM_PARTICLES;
    let mut examined = plan.clone();
    if scaled {
        examined.spectrum.method = SpectrumMethod::Low;
        examined.spectrum.omega_max = plan.modes.omega_max;
    }
    let record = examine(&examined, 0, seed, &inherent)?;
    let mut record_bytes = postcard::to_allocvec(&record).map_or(0, |bytes| bytes.len()) as f64;
    let (mut seconds_spectrum, mut memory_bytes) = (record.seconds.spectrum, peak_memory());
    if scaled {
        let before = peak_memory();
        seconds_spectrum = time_full_spectrum(plan)? * growth(plan.spectrum.method, particles);
        let ratio = particles as f64 / FULL_SPECTRUM_PARTICLES as f64;
        memory_bytes = before + (peak_memory() - before) * ratio * ratio;
        // Eigenvalue and participation ratio of every mode, instead of the soft ones.
        record_bytes += 16.0 * (2 * particles - record.spectrum.eigenvalues.len()) as f64;
    }
    Ok(Calibration {
        thermalize: seconds_thermalize,
        quench: seconds_quench,
        spectrum: seconds_spectrum,
        modes: record.seconds.modes,
        memory_bytes,
        record_bytes,
        scaled,
    })
}

/// Seconds for all sweeps, from two short runs; and the longer one's glass.
fn time_thermalize(plan: &Plan, seed: Seed) -> Result<(Glass, f64), RealizationFailure> {
    let time = |sweeps: u64| -> Result<(Glass, f64), RealizationFailure> {
        let mut clock = StageClock::start();
        let settings = ThermalizeSettings { sweeps, ..plan.thermalize };
        let glass = thermalize(seed, &plan.composition, &settings)?;
        Ok((glass, clock.lap()))
    };
    if plan.thermalize.sweeps <= SWEEPS[1] {
        return time(plan.thermalize.sweeps);
    }
    let (_, short) = time(SWEEPS[0])?;
    let (glass, long) = time(SWEEPS[1])?;
    let a_sweep = (long - short).max(0.0) / (SWEEPS[1] - SWEEPS[0]) as f64;
    Ok((glass, short + a_sweep * (plan.thermalize.sweeps - SWEEPS[0]) as f64))
}

fn time_full_spectrum(plan: &Plan) -> Result<f64, RealizationFailure> {
    let seed = Seed::of_realization(plan.campaign.seed, 0);
    let mut composition = plan.composition;
    composition.particles = FULL_SPECTRUM_PARTICLES;
    let glass = thermalize(seed, &composition, &ThermalizeSettings { sweeps: SWEEPS[1], ..plan.thermalize })?;
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let mut clock = StageClock::start();
    Spectrum::compute(&inherent, seed, &plan.spectrum)?;
    Ok(clock.lap())
}

/// How much longer a full spectrum takes than that of the calibration: a dense matrix costs its third
/// power, slices of a sparse one about the second (each has so many modes, and there are so many).
fn growth(method: SpectrumMethod, particles: usize) -> f64 {
    let ratio = particles as f64 / FULL_SPECTRUM_PARTICLES as f64;
    match method {
        SpectrumMethod::Dense => ratio.powi(3),
        SpectrumMethod::Sliced => ratio.powi(2),
        SpectrumMethod::Low => ratio,
    }
}

/// Peak memory of this process so far, in bytes; zero where the system does not say.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    1024.0 * kilobytes.unwrap_or(0.0)
}

/// How a campaign is best laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Processes, all slices together.
    pub ranks: u32,
    /// Slices, each with its own coordinator.
    pub slices: u32,
    /// Hours until all is done.
    pub hours: f64,
    /// Time limit to ask for, in half hours; at most a day.
    pub limit_hours: f64,
    /// Jobs one after the other that this takes.
    pub links: u32,
}

/// One coordinator serves so many processes with ease.
const RANKS_OF_A_COORDINATOR: u32 = 1024;

/// What most clusters grant without asking.
const LIMIT_HOURS: f64 = 24.0;

/// Hours that a campaign should take unless said otherwise.
const COMFORTABLE_HOURS: f64 = 12.0;

impl Layout {
    /// The layout of `realizations` of `seconds` each on `ranks` processes, or on as many as finish
    /// over night.
    pub fn of(realizations: u64, seconds: f64, ranks: Option<u32>) -> Layout {
        let work = realizations as f64 * seconds / 3600.0;
        let ranks = ranks.unwrap_or_else(|| {
            let needed = (work / COMFORTABLE_HOURS).ceil().clamp(1.0, 65_536.0) as u32;
            needed.next_power_of_two().min(realizations.min(65_536) as u32).max(1)
        });
        // The last realizations run on while other processes have nothing left.
        let rounds = (realizations as f64 / f64::from(ranks)).ceil();
        let hours = rounds * seconds / 3600.0;
        let wanted = (2.0 * 1.25 * hours).ceil() / 2.0;
        Layout {
            ranks,
            slices: ranks.div_ceil(RANKS_OF_A_COORDINATOR),
            hours,
            limit_hours: wanted.clamp(0.5, LIMIT_HOURS),
            links: (wanted / LIMIT_HOURS).ceil().max(1.0) as u32,
        }
    }
}

/// Bytes on disk of `realizations`: (segments, archive).
pub fn disk_bytes(realizations: u64, record_bytes: f64) -> (f64, f64) {
    let raw = realizations as f64 * record_bytes;
    (raw, COMPRESSION * raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_fits_its_work() {
        // The paper's campaign in 60 core-hours.
        let night = Layout::of(60_000, 3.6, None);
        assert_eq!((night.ranks, night.slices, night.links), (8, 1, 1));
        assert!((night.hours - 7.5).abs() < 0.01 && night.limit_hours == 9.5);
        let many = Layout::of(60_000, 200.0, Some(4096));
        assert_eq!((many.slices, many.links), (4, 1));
        assert!((many.hours - 15.0 * 200.0 / 3600.0).abs() < 1e-12);
        let chain = Layout::of(60_000, 200.0, Some(32));
        assert_eq!((chain.limit_hours, chain.links), (24.0, 6));
        let one = Layout::of(1, 3.0, None);
        assert_eq!((one.ranks, one.limit_hours), (1, 0.5));
    }
}
