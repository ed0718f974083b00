//! How many sweeps equilibrium needs: e(t) and the inherent-structure energy against sweeps, over many
//! seeds. The measurement behind the default of `thermalize.sweeps` (docs/physics.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example equilibration -- SEEDS PARTICLES SWEEPS OUT.csv
//! ```
//!
//! Writes one line a seed and time to OUT.csv as seeds finish, and prints the ensemble means. Differences
//! from the plateau (the mean over the last factor of three in time) are taken seed by seed, because
//! compositions differ much more in energy than ageing changes it.
#![expect(clippy::print_stdout, reason = "a program")]

use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::random::Stage;
use glass::thermalize::evidence::diameter_correlation;
use glass::thermalize::{Composition, Sampler, ThermalizeSettings, thermalize};
use glass::{Potential, Seed};
use rayon::prelude::*;
use std::io::Write;
use std::sync::Mutex;

/// What one seed shows at one time.
#[derive(Clone, Copy)]
struct Sample {
    sweeps: u64,
    energy: f64,
    inherent: f64,
    correlation: f64,
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seeds, particles, sweeps, out] = arguments.as_slice() else {
        return Err("usage: equilibration SEEDS PARTICLES SWEEPS OUT.csv".into());
    };
    let (seeds, particles, sweeps): (u64, usize, u64) = (seeds.parse()?, particles.parse()?, sweeps.parse()?);
    let table = Mutex::new(std::fs::File::create(out)?);
    writeln!(table.lock().map_err(|_| "poisoned")?, "seed,sweeps,energy,inherent_energy,diameter_correlation")?;

    let histories: Vec<Vec<Sample>> = (0..seeds)
        .into_par_iter()
        .map(|index| {
            let history = follow(Seed::of_realization(2026, index), particles, sweeps)?;
            let mut table = table.lock().map_err(|_| "poisoned")?;
            for s in &history {
                writeln!(table, "{index},{},{},{},{}", s.sweeps, s.energy, s.inherent, s.correlation)?;
            }
            Ok(history)
        })
        .collect::<Result<_, Box<dyn std::error::Error + Send + Sync>>>()?;

    println!("{seeds} seeds, N = {particles}; differences from each seed's mean over sweeps >= {}", sweeps / 3);
    println!("sweeps      <e>        e - plateau            <e_inherent> e_inherent - plateau   C_sigma");
    for k in 0..histories[0].len() {
        let column = |value: fn(&Sample) -> f64| histories.iter().map(|history| value(&history[k])).collect::<Vec<_>>();
        let difference = |value: fn(&Sample) -> f64| {
            histories.iter().map(|history| value(&history[k]) - plateau(history, sweeps / 3, value)).collect::<Vec<_>>()
        };
        let (energy, ageing) = (mean(&column(|s| s.energy)), mean(&difference(|s| s.energy)));
        let (inherent, deepening) = (mean(&column(|s| s.inherent)), mean(&difference(|s| s.inherent)));
        println!(
            "{:>7} {:>9.5} {:>+11.6} ± {:.6} {:>10.5} {:>+11.6} ± {:.6} {:>8.4}",
            histories[0][k].sweeps,
            energy.0,
            ageing.0,
            ageing.1,
            inherent.0,
            deepening.0,
            deepening.1,
            mean(&column(|s| s.correlation)).0
        );
    }
    Ok(())
}

/// e, e_inherent and C_σ of one seed at four times a decade, from the end of the hot start on.
fn follow(seed: Seed, particles: usize, sweeps: u64) -> Result<Vec<Sample>, Box<dyn std::error::Error + Send + Sync>> {
    let potential = Potential::new(2)?;
    let composition = Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential };
    let settings = ThermalizeSettings { temperature: 0.1, sweeps: 1, swap_fraction: 0.2, max_displacement: 0.12 };
    let start = thermalize(seed, &composition, &settings)?;
    let diameters = start.configuration().diameters().to_vec();
    // A stream of its own: the one of the stage has been drawn from.
    let stream = Seed::of_realization(seed.bits(), 0).stream(Stage::Thermalize);
    let mut sampler = Sampler::new(start.configuration(), &potential, settings.temperature, settings.moves(), stream)?;
    let (mut history, mut made) = (Vec::new(), 0);
    for time in times(sweeps) {
        sampler.run(time - made);
        made = time;
        let configuration = sampler.configuration()?;
        history.push(Sample {
            sweeps: time,
            energy: sampler.energy(),
            inherent: quench(&configuration, &potential, &QuenchSettings::default())?.energy(),
            correlation: diameter_correlation(&diameters, configuration.diameters()),
        });
    }
    Ok(history)
}

/// 1, 2, 3, 6, 10, 20, 30, 60, … up to `sweeps`.
fn times(sweeps: u64) -> Vec<u64> {
    let mut times: Vec<u64> =
        (0..12).flat_map(|decade| [1, 2, 3, 6].map(|k| k * 10u64.pow(decade))).filter(|&t| t < sweeps).collect();
    times.push(sweeps);
    times
}

fn plateau(history: &[Sample], from: u64, value: fn(&Sample) -> f64) -> f64 {
    let late: Vec<f64> = history.iter().filter(|s| s.sweeps >= from).map(value).collect();
    mean(&late).0
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, (variance / n).sqrt())
}
