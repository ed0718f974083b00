//! How much glasses of one chain resemble each other: the most localized of the softest modes, C_σ and core-seconds
//! against the sweeps between.
//! The measurement behind what is said of `thermalize.harvest` (docs/physics.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example decorrelation -- CHAINS PARTICLES SWEEPS
//! ```
//!
//! Each chain of lifted swaps, T = 0.1, begins with SWEEPS sweeps; from the glass there on it is looked at after 10, 30, …
//! 30 000 more. Printed are, as means over the chains with standard errors: the overlap |Ψ(0)·Ψ(t)| of the most localized of
//! the MODES softest modes of each, and the largest of that of the first with any of the MODES later, so that a mode that is
//! still there counts when another is more localized; C_σ between the two glasses; the correlation over the chains of its
//! ln ω; and the core-seconds a glass of sampling since the look before, of quench, and of spectrum. (The softest mode of all
//! is often the first phonon, which all glasses have.)
#![expect(clippy::print_stdout, reason = "a program")]

use analysis::statistics::Distribution;
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::thermalize::evidence::diameter_correlation;
use glass::thermalize::{Chain, Composition, Glass, SwapProposal, ThermalizeSettings};
use glass::{InstructionSet, Potential, Seed};
use modes::{Spectrum, SpectrumSettings};
use rayon::prelude::*;
use realization::stage_clock::StageClock;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Softest modes of each glass.
const MODES: usize = 40;

/// Sweeps after the first glass.
const TIMES: [u64; 8] = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000];

/// What is kept of a glass.
struct Look {
    diameters: Vec<f64>,
    /// N × 2 each.
    vectors: Vec<Vec<[f64; 2]>>,
    /// Which of them is the most localized one, and its ω.
    localized: usize,
    omega: f64,
    /// Of sampling, quench and spectrum.
    seconds: [f64; 3],
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [chains, particles, sweeps] = arguments.as_slice() else {
        return Err("usage: decorrelation CHAINS PARTICLES SWEEPS".into());
    };
    let (chains, particles, sweeps): (u64, usize, u64) = (chains.parse()?, particles.parse()?, sweeps.parse()?);
    let followed = (0..chains).into_par_iter().map(|chain| follow(chain, particles, sweeps));
    let followed: Vec<Vec<Look>> = followed.collect::<Result<_, Failure>>()?;

    println!("{chains} chains, N = {particles}, from {sweeps} sweeps on");
    println!(
        "  sweeps   localized to localized  to any of all     C_sigma     ln omega    core-s: sampling, quench, spectrum"
    );
    for (k, sweeps) in std::iter::once(0).chain(TIMES).enumerate() {
        let mean = |of: &dyn Fn(&[Look]) -> f64| Distribution::of(followed.iter().map(|looks| of(looks)));
        let first = |looks: &[Look]| looks[0].vectors[looks[0].localized].clone();
        let localized = mean(&|looks| overlap(&first(looks), &looks[k].vectors[looks[k].localized]));
        let any = mean(&|looks| {
            let first = first(looks);
            looks[k].vectors.iter().map(|later| overlap(&first, later)).fold(0.0, f64::max)
        });
        let correlation = mean(&|looks| diameter_correlation(&looks[0].diameters, &looks[k].diameters));
        let of_omega = pearson(followed.iter().map(|looks| (looks[0].omega.ln(), looks[k].omega.ln())));
        let [sampling, quenching, spectrum] = [0, 1, 2].map(|stage| mean(&|looks| looks[k].seconds[stage]).mean);
        println!(
            "{sweeps:>8}  {:.3} ± {:.3}  {:.3} ± {:.3}  {:.3} ± {:.3}  {of_omega:+.2}  {sampling:.3} {quenching:.3} {spectrum:.3}",
            localized.mean,
            localized.standard_error,
            any.mean,
            any.standard_error,
            correlation.mean,
            correlation.standard_error
        );
    }
    Ok(())
}

fn follow(chain: u64, particles: usize, sweeps: u64) -> Result<Vec<Look>, Failure> {
    let potential = Potential::new(2)?;
    let composition = Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential };
    let settings = ThermalizeSettings {
        temperature: 0.1,
        sweeps,
        swap_fraction: 0.2,
        max_displacement: 0.12,
        swap: SwapProposal::LIFTED,
    };
    let seed = Seed::of_realization(2033, chain);
    let mut clock = StageClock::start();
    let mut chain = Chain::begin(seed, &composition, &settings, InstructionSet::detect())?;
    let mut looks = vec![look(&chain.go_on(sweeps, &|| true)?, seed, &mut clock)?];
    let mut made = 0;
    for time in TIMES {
        looks.push(look(&chain.go_on(time - made, &|| true)?, seed, &mut clock)?);
        made = time;
    }
    Ok(looks)
}

fn look(glass: &Glass, seed: Seed, clock: &mut StageClock) -> Result<Look, Failure> {
    let sampling = clock.lap();
    let minimum = quench(glass.configuration(), glass.potential(), &QuenchSettings::default())?;
    let quenching = clock.lap();
    let asked = SpectrumSettings { omega_max: 0.0, lowest_vectors: MODES, ..SpectrumSettings::default() };
    let spectrum = Spectrum::compute(&minimum, seed, &asked)?;
    let first = spectrum.negative_modes() + spectrum.zero_modes();
    let vectors = (first..first + MODES).map(|k| spectrum.vector(k).ok_or("a vector is missing".into()));
    let participation = |k: &usize| spectrum.participation()[*k];
    let soft = (first..first + MODES).min_by(|a, b| participation(a).total_cmp(&participation(b)));
    let localized = soft.ok_or("no mode")?;
    Ok(Look {
        diameters: glass.configuration().diameters().to_vec(),
        vectors: vectors.collect::<Result<_, Failure>>()?,
        localized: localized - first,
        omega: spectrum.eigenvalues()[localized].sqrt(),
        seconds: [sampling, quenching, clock.lap()],
    })
}

/// |a·b|.
fn overlap(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a[0] * b[0] + a[1] * b[1]).sum::<f64>().abs()
}

fn pearson(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.unzip();
    let (of_a, of_b) = (Distribution::of(a.iter().copied()), Distribution::of(b.iter().copied()));
    let together: f64 = a.iter().zip(&b).map(|(a, b)| (a - of_a.mean) * (b - of_b.mean)).sum();
    together / (a.len() - 1) as f64 / (of_a.standard_deviation * of_b.standard_deviation)
}
