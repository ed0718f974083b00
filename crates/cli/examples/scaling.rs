//! How the cost of every stage grows with N: a table with fitted exponents (docs/performance.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example scaling [-- LARGEST_N [LARGEST_N_DENSE [DIMENSION]]]
//! ```
//!
//! One thread; CPU seconds, the least of three measurements (of one, where it takes more than two
//! seconds). Each glass is made by `thermalize` from a random start: down from T = 4 in steps, 20
//! sweeps each, then 200 sweeps at T = 0.1. That is not equilibrium, but the structure, and so the
//! cost, is nearly that of an equilibrated glass.
#![expect(clippy::print_stdout, reason = "a program")]

use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::random::Stage;
use glass::thermalize::{Chain, Composition, Sampler, SwapProposal, ThermalizeSettings, Trials};
use glass::{Glass, Hessian, InstructionSet, Potential, Seed};
use modes::{ElasticConstants, ModeSettings, Spectrum, SpectrumMethod, SpectrumSettings, describe};
use realization::stage_clock::StageClock;
use std::error::Error;

const SIZES: [usize; 5] = [256, 1024, 4096, 16384, 65536];

/// The modes of the row "low": so many above zero.
const LOWEST: usize = 30;

/// Largest force left by the quench: in the largest box the positions themselves are not finer than
/// some 10⁻¹⁴, the forces not than some 10⁻¹¹.
const FORCE_TOLERANCE: f64 = 1e-10;

/// Shifts of the row "staircase".
const SHIFTS: usize = 64;

/// What is measured, in the order of the flow.
const STAGES: [&str; 7] = [
    "swap Monte Carlo, one sweep",
    "quench to 10⁻¹⁰",
    "low: the 30 lowest modes",
    "staircase: 64 shifts",
    "sliced: all modes",
    "dense: all modes",
    "modes: the 30 lowest described, and the moduli",
];

fn main() -> Result<(), Box<dyn Error>> {
    let limits: Vec<usize> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let largest = limits.first().copied().unwrap_or(65536);
    let largest_dense = limits.get(1).copied().unwrap_or(4096);
    let in_space = match limits.get(2) {
        None | Some(2) => false,
        Some(3) => true,
        Some(other) => return Err(format!("there are two or three dimensions, not {other}").into()),
    };
    let sizes: Vec<usize> = SIZES.into_iter().filter(|&size| size <= largest).collect();
    let mut seconds = [const { Vec::new() }; STAGES.len()];
    for &particles in &sizes {
        let all_modes = particles <= largest_dense;
        let measured =
            if in_space { measure::<3>(particles, 1.02, all_modes)? } else { measure::<2>(particles, 1.0, all_modes)? };
        for (column, value) in seconds.iter_mut().zip(measured) {
            column.extend(value.map(|value| (particles as f64, value)));
        }
    }
    print!("| CPU seconds |");
    sizes.iter().for_each(|size| print!(" N = {size} |"));
    println!(" exponent |\n|---|{}---|", "---|".repeat(sizes.len()));
    for (stage, measured) in STAGES.iter().zip(&seconds) {
        print!("| {stage} |");
        measured.iter().for_each(|(_, value)| print!(" {} |", three_digits(*value)));
        println!("{} {:.2} |", " — |".repeat(sizes.len() - measured.len()), exponent(measured));
    }
    Ok(())
}

/// CPU seconds of each stage at one size; `None` for what is not measured there.
fn measure<const D: usize>(
    particles: usize,
    density: f64,
    all_modes: bool,
) -> Result<[Option<f64>; STAGES.len()], Box<dyn Error>> {
    let seed = Seed::of_realization(4, particles as u64);
    let potential = Potential::new(2)?;
    let composition =
        Composition { particles, density, diameters: DiameterChoice::Random, potential: potential.clone() };
    let settings = ThermalizeSettings {
        temperature: 0.1,
        sweeps: 200,
        swap_fraction: 0.2,
        max_displacement: 0.12,
        swap: SwapProposal::Uniform,
    };
    let mut chain = Chain::<D>::begin(seed, &composition, &settings, InstructionSet::detect())?;
    let glass = chain.go_on(settings.sweeps, &|| true)?;

    let sweeps = (4_000_000 / particles as u64).max(1);
    let streams = seed.eight_streams(Stage::Positions);
    let mut sampler = Sampler::new(glass.configuration(), &potential, settings.temperature, settings.moves(), streams)?;
    let sweep = least(|| sampler.run(sweeps)) / sweeps as f64;

    let quench_settings = QuenchSettings { force_tolerance: FORCE_TOLERANCE, ..QuenchSettings::default() };
    let minimize = |glass: &Glass<D>| quench(glass.configuration(), &potential, &quench_settings);
    let inherent = minimize(&glass)?;
    let hessian = inherent.hessian();
    let quenched = least(|| drop(minimize(&glass)));

    let few = SpectrumSettings { omega_max: 0.0, lowest_vectors: 1, ..SpectrumSettings::default() };
    let spectrum = |settings: SpectrumSettings| -> Result<f64, Box<dyn Error>> {
        Spectrum::of_hessian(hessian, seed, &settings)?;
        Ok(least(|| drop(Spectrum::of_hessian(hessian, seed, &settings))))
    };
    let all = |method| -> Result<Option<f64>, Box<dyn Error>> {
        all_modes.then(|| once(hessian, seed, SpectrumSettings { method, ..SpectrumSettings::default() })).transpose()
    };
    let lowest = SpectrumSettings { lowest_vectors: LOWEST, ..few };
    let low = spectrum(lowest)?;
    let staircase = spectrum(SpectrumSettings { staircase_shifts: SHIFTS, ..few })? - spectrum(few)?;
    let (sliced, dense) = (all(SpectrumMethod::Sliced)?, all(SpectrumMethod::Dense)?);

    let found = Spectrum::compute(&inherent, seed, &lowest)?;
    let mode_settings =
        ModeSettings { omega_max: 0.0, lowest: LOWEST, snapshot_participation_max: 0.0, quench: quench_settings };
    let look = || -> Result<(), Box<dyn Error>> {
        describe(&inherent, &found, &mode_settings)?;
        ElasticConstants::compute(&inherent)?;
        Ok(())
    };
    look()?;
    let described = least(|| drop(look()));
    Ok([Some(sweep), Some(quenched), Some(low), Some(staircase), sliced, dense, Some(described)])
}

/// One measurement of a whole spectrum.
fn once<const D: usize>(hessian: &Hessian<D>, seed: Seed, settings: SpectrumSettings) -> Result<f64, Box<dyn Error>> {
    let mut clock = StageClock::start();
    Spectrum::of_hessian(hessian, seed, &settings)?;
    Ok(clock.lap())
}

/// The least CPU seconds of `work` in three goes, or in one if that takes more than two seconds.
fn least(mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        let mut clock = StageClock::start();
        work();
        least = least.min(clock.lap());
        if least > 2.0 {
            break;
        }
    }
    least
}

/// Slope of ln t against ln N by least squares.
fn exponent(measured: &[(f64, f64)]) -> f64 {
    let count = measured.len() as f64;
    let (mean_x, mean_y) =
        measured.iter().fold((0.0, 0.0), |(x, y), (size, time)| (x + size.ln() / count, y + time.ln() / count));
    let (mut covariance, mut variance) = (0.0, 0.0);
    for (size, time) in measured {
        covariance += (size.ln() - mean_x) * (time.ln() - mean_y);
        variance += (size.ln() - mean_x).powi(2);
    }
    covariance / variance
}

fn three_digits(value: f64) -> String {
    let digits = (2 - value.log10().floor() as i32).clamp(0, 7) as usize;
    format!("{value:.digits$}")
}
