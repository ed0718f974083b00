//! How many sweeps equilibrium needs: e(t), the inherent-structure energy and C_σ against sweeps, over many
//! seeds. The measurement behind the default of `thermalize.sweeps` (docs/physics.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example equilibration -- \
//!     SEEDS PARTICLES SWEEPS uniform|lifted TABLE.csv [FIGURE.svg [TEMPERATURE]]
//! ```
//!
//! With a TEMPERATURE the glasses are those of config/three-dimensions.toml there, otherwise the paper's at T = 0.1.
//!
//! Writes one line a seed and time to TABLE.csv as seeds finish; seeds that are there already are not followed
//! again, so that an interrupted study goes on. Then prints the ensemble means and draws them. Differences
//! from the plateau (the mean over the last factor of three in time) are taken seed by seed, because
//! compositions differ much more in energy than ageing changes it.
#![expect(clippy::print_stdout, reason = "a program")]

use analysis::figures::ageing::{self, AgeingPoint};
use analysis::statistics::{Distribution, Estimate};
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::random::Stage;
use glass::thermalize::evidence::diameter_correlation;
use glass::thermalize::{Chain, Composition, Sampler, SwapProposal, ThermalizeSettings, Trials};
use glass::{InstructionSet, Potential, Seed};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::{OpenOptions, read_to_string};
use std::io::Write;
use std::sync::Mutex;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const HEADER: &str = "seed,sweeps,energy,inherent_energy,diameter_correlation";

/// What one seed shows at one time: e, e_inherent, C_σ.
type Sample = [f64; 3];

/// By sweeps.
type History = BTreeMap<u64, Sample>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some([seeds, particles, sweeps, swap, table]), figure) = (arguments.first_chunk(), arguments.get(5)) else {
        let usage = "equilibration SEEDS PARTICLES SWEEPS uniform|lifted TABLE.csv [FIGURE.svg [TEMPERATURE]]";
        return Err(format!("usage: {usage}").into());
    };
    let in_space: Option<f64> = arguments.get(6).map(|temperature| temperature.parse()).transpose()?;
    let (seeds, particles, sweeps): (u64, usize, u64) = (seeds.parse()?, particles.parse()?, sweeps.parse()?);

    // What campaigns with these swaps ask for, marked in the figure.
    let (swap, default_sweeps) = match swap.as_str() {
        "uniform" => (SwapProposal::Uniform, 30_000),
        "lifted" => (SwapProposal::LIFTED, 20_000),
        other => return Err(format!("swaps are uniform or lifted, not {other}").into()),
    };

    let mut histories = read(table)?;
    histories.retain(|_, history| times(sweeps).iter().all(|time| history.contains_key(time)));
    let file = Mutex::new(OpenOptions::new().create(true).append(true).open(table)?);
    let begun = read_to_string(table)?;
    let opening = if begun.is_empty() { HEADER } else { "" };
    if !begun.ends_with('\n') {
        writeln!(file.lock().map_err(|_| "poisoned")?, "{opening}")?;
    }
    let missing: Vec<u64> = (0..seeds).filter(|seed| !histories.contains_key(seed)).collect();
    let followed = missing.into_par_iter().map(|index| {
        let seed = Seed::of_realization(2026, index);
        let history = match in_space {
            None => follow::<2>(seed, [particles as f64, 1.0, 0.1], sweeps, swap)?,
            Some(temperature) => follow::<3>(seed, [particles as f64, 1.02, temperature], sweeps, swap)?,
        };
        let mut lines = String::new();
        for (time, [energy, inherent, correlation]) in &history {
            lines += &format!("{index},{time},{energy},{inherent},{correlation}\n");
        }
        file.lock().map_err(|_| "poisoned")?.write_all(lines.as_bytes())?;
        Ok((index, history))
    });
    histories.extend(followed.collect::<Result<Vec<_>, Failure>>()?);

    let points = means(&histories, sweeps);
    println!(
        "{} seeds, N = {particles}; differences from each seed's mean over sweeps >= {}",
        histories.len(),
        sweeps / 3
    );
    println!("{:>7} {:>24} {:>24} {:>9}", "sweeps", "e - plateau", "e_inherent - plateau", "C_sigma");
    let shown = |e: Estimate| format!("{:+.5} ± {:.5}", e.value, (e.high - e.low) / (2.0 * NORMAL_95));
    for point in &points {
        let (energy, inherent) = (shown(point.energy), shown(point.inherent_energy));
        println!("{:>7} {energy:>24} {inherent:>24} {:>9.4}", point.sweeps, point.diameter_correlation.value);
    }
    if let Some(figure) = figure {
        std::fs::write(
            figure,
            ageing::draw(&points, default_sweeps).svg(&analysis::Format::default()).unwrap_or_default(),
        )?;
    }
    Ok(())
}

/// What an earlier run has written; the half-written last line of a killed one is left out.
fn read(table: &str) -> Result<BTreeMap<u64, History>, Failure> {
    let mut histories: BTreeMap<u64, History> = BTreeMap::new();
    let text = match read_to_string(table) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    for line in text.lines().skip(1) {
        let numbers: Vec<f64> = line.split(',').filter_map(|field| field.parse().ok()).collect();
        if let [seed, time, energy, inherent, correlation] = numbers[..] {
            histories.entry(seed as u64).or_default().insert(time as u64, [energy, inherent, correlation]);
        }
    }
    Ok(histories)
}

/// e, e_inherent and C_σ of one seed at four times a decade, from the end of the hot start on; N, ρ and T are given.
fn follow<const D: usize>(
    seed: Seed,
    [particles, density, temperature]: [f64; 3],
    sweeps: u64,
    swap: SwapProposal,
) -> Result<History, Failure> {
    let potential = Potential::new(2)?;
    let particles = particles as usize;
    let composition =
        Composition { particles, density, diameters: DiameterChoice::Random, potential: potential.clone() };
    let settings = ThermalizeSettings { temperature, sweeps: 1, swap_fraction: 0.2, max_displacement: 0.12, swap };
    let start = Chain::<D>::begin(seed, &composition, &settings, InstructionSet::detect())?.go_on(1, &|| true)?;
    let diameters = start.configuration().diameters().to_vec();
    // Streams of its own: those of the stage have been drawn from.
    let streams = Seed::of_realization(seed.bits(), 0).eight_streams(Stage::Thermalize);
    let mut sampler = Sampler::new(start.configuration(), &potential, settings.temperature, settings.moves(), streams)?;
    let (mut history, mut made) = (History::new(), 0);
    for time in times(sweeps) {
        sampler.run(time - made);
        made = time;
        let configuration = sampler.configuration()?;
        let inherent = quench(&configuration, &potential, &QuenchSettings::default())?;
        let correlation = diameter_correlation(&diameters, configuration.diameters());
        history.insert(time, [sampler.energy(), inherent.energy(), correlation]);
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

/// Two-sided 95 % point of the normal distribution.
const NORMAL_95: f64 = 1.959964;

/// Means over seeds of the differences from each seed's own plateau, and of C_σ.
fn means(histories: &BTreeMap<u64, History>, sweeps: u64) -> Vec<AgeingPoint> {
    let estimate = |value: &dyn Fn(&History) -> f64| {
        let over_seeds = Distribution::of(histories.values().map(value));
        let half = NORMAL_95 * over_seeds.standard_error;
        Estimate { value: over_seeds.mean, low: over_seeds.mean - half, high: over_seeds.mean + half }
    };
    let plateau = |history: &History, k: usize| {
        let late: Vec<f64> = history.range(sweeps / 3..).map(|(_, sample)| sample[k]).collect();
        late.iter().sum::<f64>() / late.len() as f64
    };
    times(sweeps)
        .into_iter()
        .map(|time| AgeingPoint {
            sweeps: time,
            energy: estimate(&|history| history[&time][0] - plateau(history, 0)),
            inherent_energy: estimate(&|history| history[&time][1] - plateau(history, 1)),
            diameter_correlation: estimate(&|history| history[&time][2]),
        })
        .collect()
}
