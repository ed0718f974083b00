//! Which trials equilibrate a glass for the least core-seconds: a scan over swap fraction, range and
//! displacement. The measurement behind the defaults of `[thermalize]` (docs/physics.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example proposals -- SEEDS PARTICLES SWEEPS ENERGY CORRELATION FRACTION:RANGE:DISPLACEMENT...
//! ```
//!
//! RANGE 0 stands for uniform swaps. Each line: core-seconds of 1000 sweeps; acceptances; e (mean over the last
//! interval) and C_σ at SWEEPS; then the sweeps and core-seconds at which e falls below ENERGY and C_σ below
//! CORRELATION. One composition (the quantiles) and the same seeds serve all lines, so that they compare.
#![expect(clippy::print_stdout, reason = "a program")]

use glass::diameters::DiameterChoice;
use glass::random::Stage;
use glass::thermalize::evidence::diameter_correlation;
use glass::thermalize::{Composition, Sampler, SwapProposal, ThermalizeSettings, Trials, thermalize};
use glass::{Potential, Seed};
use realization::stage_clock::StageClock;

type Failure = Box<dyn std::error::Error>;

/// Ratio of one time to the next.
const STEP: f64 = 1.2589254117941673;

/// Looks between two times, over which the energy is averaged.
const LOOKS: u64 = 10;

/// Means over seeds at one time.
#[derive(Clone, Copy, Default)]
struct Point {
    sweeps: u64,
    energy: f64,
    correlation: f64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seeds, particles, sweeps, energy, correlation, proposals @ ..] = arguments.as_slice() else {
        return Err("usage: proposals SEEDS PARTICLES SWEEPS ENERGY CORRELATION FRACTION:RANGE:DISPLACEMENT...".into());
    };
    let (seeds, particles, sweeps): (u64, usize, u64) = (seeds.parse()?, particles.parse()?, sweeps.parse()?);
    let (energy, correlation): (f64, f64) = (energy.parse()?, correlation.parse()?);
    println!("fraction:range:step   s/1000  displ.  swaps        e  C_sigma    sweeps to e, s    sweeps to C, s");
    for proposal in proposals {
        let numbers = proposal.split(':').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let [swap_fraction, range, max_displacement] = numbers[..] else { return Err(proposal.clone().into()) };
        let swap = if range > 0.0 { SwapProposal::Lifted { range } } else { SwapProposal::Uniform };
        let settings = ThermalizeSettings { temperature: 0.1, sweeps: 1, swap_fraction, max_displacement, swap };
        let (mut points, mut seconds, mut accepted) = (vec![Point::default(); times(sweeps).len()], 0.0, [0.0; 2]);
        for index in 0..seeds {
            follow(index, particles, &settings, &times(sweeps), &mut points, &mut seconds, &mut accepted)?;
        }
        let each = 1.0 / seeds as f64;
        points
            .iter_mut()
            .for_each(|point| (point.energy, point.correlation) = (point.energy * each, point.correlation * each));
        let a_sweep = seconds * each / sweeps as f64;
        let last = points[points.len() - 1];
        let reached = |value: fn(&Point) -> f64, level: f64| match crossing(&points, value, level) {
            Some(sweeps) => format!("{sweeps:>8.0} {:>8.3}", sweeps * a_sweep),
            None => format!("{:>8} {:>8}", "-", "-"),
        };
        println!(
            "{proposal:<20} {:>7.4} {:>7.3} {:>6.3} {:>8.5} {:>8.4}  {}  {}",
            1000.0 * a_sweep,
            accepted[0] * each,
            accepted[1] * each,
            last.energy,
            last.correlation,
            reached(|point| point.energy, energy),
            reached(|point| point.correlation, correlation)
        );
    }
    Ok(())
}

fn times(sweeps: u64) -> Vec<u64> {
    let mut times: Vec<u64> =
        (0..).map(|k| (100.0 * STEP.powi(k)).round() as u64).take_while(|&time| time < sweeps).collect();
    times.push(sweeps);
    times
}

fn follow(
    index: u64,
    particles: usize,
    settings: &ThermalizeSettings,
    times: &[u64],
    points: &mut [Point],
    seconds: &mut f64,
    accepted: &mut [f64; 2],
) -> Result<(), Failure> {
    let potential = Potential::new(2)?;
    let composition =
        Composition { particles, density: 1.0, diameters: DiameterChoice::Quantile, potential: potential.clone() };
    let start = thermalize::<2>(Seed::of_realization(2027, index), &composition, settings)?;
    let diameters = start.configuration().diameters().to_vec();
    let streams = Seed::of_realization(2028, index).eight_streams(Stage::Thermalize);
    let mut sampler = Sampler::new(start.configuration(), &potential, settings.temperature, settings.moves(), streams)?;
    let (mut made, mut clock) = (0, StageClock::start());
    for (&time, point) in times.iter().zip(points) {
        let (begin, mut energy) = (made, 0.0);
        for look in 1..=LOOKS {
            let next = begin + (time - begin) * look / LOOKS;
            sampler.run(next - made);
            made = next;
            energy += sampler.energy() / LOOKS as f64;
        }
        point.sweeps = time;
        point.energy += energy;
        point.correlation += diameter_correlation(&diameters, &sampler.diameters());
    }
    *seconds += clock.lap();
    accepted[0] += sampler.acceptance().of_displacements();
    accepted[1] += sampler.acceptance().of_swaps();
    Ok(())
}

/// Where a falling mean crosses `level`, interpolated in ln(sweeps).
fn crossing(points: &[Point], value: fn(&Point) -> f64, level: f64) -> Option<f64> {
    let after = points.iter().position(|point| value(point) < level)?;
    let (end, begin) = (points[after], points[after.checked_sub(1)?]);
    let part = (value(&begin) - level) / (value(&begin) - value(&end));
    Some((begin.sweeps as f64) * (end.sweeps as f64 / begin.sweeps as f64).powf(part))
}
