//! What one realization costs on this machine.

use archive::Record;
use archive::record::StageSeconds;
use glass::quench::quench;
use glass::random::Seed;
use glass::space::Dimension;
use glass::thermalize::{Glass, ThermalizeSettings, thermalize};
use modes::{Spectrum, SpectrumMethod};
use realization::config::Plan;
use realization::stage_clock::StageClock;
use realization::{RealizationFailure, examine, realize_chain};

/// Sweeps of the two calibrating runs; their difference is the cost of sweeps alone.
const SWEEPS: [u64; 2] = [100, 500];

/// Beyond so many particles full spectra are timed on so many and scaled.
pub(super) const FULL_SPECTRUM_PARTICLES: usize = 1000;

/// Realizations that take less are computed whole,
const QUICK_SECONDS: f64 = 1.5;

/// so many of them, as no two are alike.
const QUICK_REALIZATIONS: u64 = 8;

/// What one realization costs on this machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// CPU seconds of each stage, on average.
    pub seconds: StageSeconds,
    /// Peak memory of a process that computes one at a time, in bytes.
    pub memory_bytes: f64,
    /// What was computed, the size of what the campaign's will be.
    pub records: Vec<Record>,
    /// Whether the spectrum was timed on fewer particles and scaled.
    pub scaled: bool,
}

/// What a record keeps of the modes of a smaller glass.
pub(super) struct SpectrumSample {
    eigenvalues: Vec<f64>,
    participation: Vec<f64>,
}

impl Calibration {
    /// CPU seconds of a realization.
    pub fn total_seconds(&self) -> f64 {
        total(&self.seconds)
    }
}

fn total(seconds: &StageSeconds) -> f64 {
    seconds.thermalize + seconds.quench + seconds.spectrum + seconds.modes
}

/// Times realizations of `plan`: several, whole, if they are quick; otherwise two, with few sweeps and, if
/// they are large, with the full spectrum of a smaller one.
///
/// # Errors
/// [`RealizationFailure`] when even these fail.
pub fn calibrate(plan: &Plan) -> Result<Calibration, RealizationFailure> {
    let realizations = plan.campaign.realizations;
    let sample = match plan.dimension {
        Dimension::Two => sample::<2>,
        Dimension::Three => sample::<3>,
    };
    let mut records = (0..realizations.min(2)).map(|index| sample(plan, index)).collect::<Result<Vec<_>, _>>()?;
    let mut memory_bytes = peak_memory();
    let scaled = is_scaled(plan);
    if scaled {
        let (spectrum, seconds) = time_full_spectrum(plan)?;
        let particles = plan.composition.particles;
        let ratio = particles as f64 / FULL_SPECTRUM_PARTICLES as f64;
        memory_bytes += (peak_memory() - memory_bytes) * ratio * ratio;
        for record in &mut records {
            record.seconds.spectrum = seconds * growth(plan.spectrum.method, particles);
            fill(record, &spectrum, plan.dimension.axes() * particles);
        }
    }
    let whole = 0..(QUICK_REALIZATIONS / plan.chain_length()).min(plan.chains());
    if total(&mean(&records)) < QUICK_SECONDS && !whole.is_empty() {
        records = whole.map(|chain| realize_chain(plan, chain)).collect::<Result<Vec<_>, _>>()?.concat();
        memory_bytes = peak_memory();
    }
    Ok(Calibration { seconds: mean(&records), memory_bytes, records, scaled })
}

fn mean(records: &[Record]) -> StageSeconds {
    let mean = |of: fn(&StageSeconds) -> f64| {
        records.iter().map(|record| of(&record.seconds)).sum::<f64>() / records.len() as f64
    };
    StageSeconds {
        thermalize: mean(|seconds| seconds.thermalize),
        quench: mean(|seconds| seconds.quench),
        spectrum: mean(|seconds| seconds.spectrum),
        modes: mean(|seconds| seconds.modes),
    }
}

/// Whether the full spectrum is too much for a calibration.
fn is_scaled(plan: &Plan) -> bool {
    plan.spectrum.method != SpectrumMethod::Low && plan.composition.particles > FULL_SPECTRUM_PARTICLES
}

/// Seconds of so many sweeps, from those of [`SWEEPS`].
fn extrapolated(short: f64, long: f64, sweeps: u64) -> f64 {
    short + a_sweep(short, long) * (sweeps - SWEEPS[0]) as f64
}

/// Seconds of one more sweep.
fn a_sweep(short: f64, long: f64) -> f64 {
    (long - short).max(0.0) / (SWEEPS[1] - SWEEPS[0]) as f64
}

/// A realization after few sweeps, if large with its soft modes alone; its seconds are those of a whole one.
fn sample<const D: usize>(plan: &Plan, index: u64) -> Result<Record, RealizationFailure> {
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let (glass, seconds_thermalize) = time_thermalize::<D>(plan, seed)?;
    let mut clock = StageClock::start();
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let seconds_quench = clock.lap();

    let mut examined = plan.clone();
    if is_scaled(plan) {
        examined.spectrum.method = SpectrumMethod::Low;
        examined.spectrum.omega_max = plan.modes.omega_max;
    }
    let mut record = examine(&examined, index, seed, &inherent)?;
    record.thermalize = glass.evidence().clone();
    record.seconds = StageSeconds { thermalize: seconds_thermalize, quench: seconds_quench, ..record.seconds };
    Ok(record)
}

/// Seconds for the sweeps of a realization, on average over its chain, from two short runs; and the longer one's glass.
fn time_thermalize<const D: usize>(plan: &Plan, seed: Seed) -> Result<(Glass<D>, f64), RealizationFailure> {
    let time = |sweeps: u64| -> Result<(Glass<D>, f64), RealizationFailure> {
        let mut clock = StageClock::start();
        let settings = ThermalizeSettings { sweeps, ..plan.thermalize };
        let glass = thermalize(seed, &plan.composition, &settings)?;
        Ok((glass, clock.lap()))
    };
    let sweeps = plan.thermalize.sweeps;
    let (glass, first, a_sweep) = if sweeps <= SWEEPS[1] {
        let (glass, all) = time(sweeps)?;
        (glass, all, all / sweeps as f64)
    } else {
        let (_, short) = time(SWEEPS[0])?;
        let (glass, long) = time(SWEEPS[1])?;
        (glass, extrapolated(short, long, sweeps), a_sweep(short, long))
    };
    let later = plan.harvest.map_or(0.0, |harvest| a_sweep * ((harvest.count - 1) * harvest.sweeps) as f64);
    Ok((glass, (first + later) / plan.chain_length() as f64))
}

/// Eigenvalues and participation ratios of a glass of fewer particles, and the seconds they took.
pub(super) fn time_full_spectrum(plan: &Plan) -> Result<(SpectrumSample, f64), RealizationFailure> {
    match plan.dimension {
        Dimension::Two => time_full_spectrum_in::<2>(plan),
        Dimension::Three => time_full_spectrum_in::<3>(plan),
    }
}

fn time_full_spectrum_in<const D: usize>(plan: &Plan) -> Result<(SpectrumSample, f64), RealizationFailure> {
    let seed = Seed::of_realization(plan.campaign.seed, 0);
    let mut composition = plan.composition.clone();
    composition.particles = FULL_SPECTRUM_PARTICLES;
    let settings = ThermalizeSettings { sweeps: SWEEPS[1], ..plan.thermalize };
    let glass = thermalize::<D>(seed, &composition, &settings)?;
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let mut clock = StageClock::start();
    let spectrum = Spectrum::compute(&inherent, seed, &plan.spectrum)?;
    let seconds = clock.lap();
    let (eigenvalues, participation) = (spectrum.eigenvalues().to_vec(), spectrum.participation().to_vec());
    Ok((SpectrumSample { eigenvalues, participation }, seconds))
}

/// How much longer a full spectrum takes than that of the calibration: a dense matrix costs its third
/// power, slices of a sparse one about the second (each has so many modes, and there are so many).
pub(super) fn growth(method: SpectrumMethod, particles: usize) -> f64 {
    let ratio = particles as f64 / FULL_SPECTRUM_PARTICLES as f64;
    match method {
        SpectrumMethod::Dense => ratio.powi(3),
        SpectrumMethod::Sliced => ratio.powi(2),
        SpectrumMethod::Low => ratio,
    }
}

/// Gives `record` as many eigenvalues as the full spectrum will have, so that it takes as many bytes:
/// those of the smaller one, each copy a little different, as no two numbers of a spectrum are alike.
fn fill(record: &mut Record, smaller: &SpectrumSample, count: usize) {
    let first = 1.0 + 1e-4 * record.index as f64;
    let values = |of: &[f64]| {
        let copies = (0..).flat_map(|copy| of.iter().map(move |value| value * (first + 1e-3 * f64::from(copy))));
        copies.take(count).collect::<Vec<f64>>()
    };
    record.spectrum.eigenvalues = values(&smaller.eigenvalues);
    record.spectrum.eigenvalues.sort_by(f64::total_cmp);
    record.spectrum.participation = values(&smaller.participation);
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
