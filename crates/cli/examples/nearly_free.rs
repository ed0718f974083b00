//! How stiffly single particles are held, over many glasses, and which localized modes are one such particle: the
//! measurement behind `modes::own_stiffness::NEARLY_FREE` and `analysis::selection::classes::SINGLE_PARTICLE`.
//!
//! ```text
//! cargo run --release -p glassmodes --example nearly_free -- GLASSES PARTICLES SMOOTHNESS SWEEPS
//! ```
//!
//! Prints how many particles there are in each quarter of a decade of κ/median, and the localized modes (PR < 0.27 below
//! ω = 0.6) with the fewest participating particles: glass, ω, N·PR, κ/median of the particle that moves most, its
//! weight.
#![expect(clippy::print_stdout, reason = "a program")]

use glass::Potential;
use glass::Seed;
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings, thermalize};
use modes::own_stiffness::OwnStiffness;
use modes::{Spectrum, SpectrumMethod, SpectrumSettings};
use rayon::prelude::*;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is looked at below.
const OMEGA_MAX: f64 = 0.6;
const PARTICIPATION_MAX: f64 = 0.27;

/// Modes printed.
const SHOWN: usize = 40;

/// κ/median of all particles, and the localized modes.
struct Found {
    stiffness: Vec<f64>,
    modes: Vec<Localized>,
}

struct Localized {
    glass: u64,
    omega: f64,
    participating: f64,
    stiffness: f64,
    weight: f64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some([glasses, particles, smoothness, sweeps]) = arguments.first_chunk() else {
        return Err("usage: nearly_free GLASSES PARTICLES SMOOTHNESS SWEEPS".into());
    };
    let (glasses, particles): (u64, usize) = (glasses.parse()?, particles.parse()?);
    let potential = Potential::new(smoothness.parse()?)?;
    let composition = Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential };
    let settings = ThermalizeSettings {
        temperature: 0.1,
        sweeps: sweeps.parse()?,
        swap_fraction: 0.2,
        max_displacement: 0.12,
        swap: SwapProposal::Uniform,
    };
    let found: Result<Vec<Found>, Failure> =
        (0..glasses).into_par_iter().map(|glass| look(glass, &composition, &settings)).collect();
    tell(&found?);
    Ok(())
}

fn look(glass: u64, composition: &Composition, settings: &ThermalizeSettings) -> Result<Found, Failure> {
    let seed = Seed::of_realization(5, glass);
    let liquid = thermalize::<2>(seed, composition, settings)?;
    let minimum = quench(liquid.configuration(), &composition.potential, &QuenchSettings::default())?;
    let own = OwnStiffness::of(minimum.hessian());
    let stiffness: Vec<f64> = own.of_particle().iter().map(|kappa| kappa / own.typical()).collect();
    let asked = SpectrumSettings {
        method: SpectrumMethod::Low,
        omega_max: OMEGA_MAX,
        omega_vectors: OMEGA_MAX,
        ..SpectrumSettings::default()
    };
    let spectrum = Spectrum::compute(&minimum, seed, &asked)?;
    let mut modes = Vec::new();
    for k in spectrum.negative_modes() + spectrum.zero_modes()..spectrum.vectors_kept() {
        let (omega, participation) = (spectrum.eigenvalues()[k].sqrt(), spectrum.participation()[k]);
        let Some(vector) = spectrum.vector(k).filter(|_| omega < OMEGA_MAX && participation < PARTICIPATION_MAX) else {
            continue;
        };
        let weights = vector.iter().map(|[x, y]| x * x + y * y).enumerate();
        let Some((most, weight)) = weights.max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        let participating = participation * composition.particles as f64;
        modes.push(Localized { glass, omega, participating, stiffness: stiffness[most], weight });
    }
    Ok(Found { stiffness, modes })
}

fn tell(found: &[Found]) {
    let mut all: Vec<f64> = found.iter().flat_map(|found| found.stiffness.iter().copied()).collect();
    all.sort_unstable_by(f64::total_cmp);
    let below = |x: f64| all.partition_point(|value| *value < x);
    println!("{} particles of {} glasses; kappa/median from, particles", all.len(), found.len());
    println!("less      {}", below(1e-6));
    for quarter in -24..4 {
        let [low, high] = [quarter, quarter + 1].map(|k| 10f64.powf(f64::from(k) / 4.0));
        println!("{low:.2e}  {}", below(high) - below(low));
    }
    let mut modes: Vec<&Localized> = found.iter().flat_map(|found| &found.modes).collect();
    modes.sort_by(|a, b| a.participating.total_cmp(&b.participating));
    println!("glass   omega   N PR   kappa/median   weight");
    for m in modes.iter().take(SHOWN) {
        println!("{:>5} {:>7.4} {:>6.2} {:>14.3e} {:>8.3}", m.glass, m.omega, m.participating, m.stiffness, m.weight);
    }
}
