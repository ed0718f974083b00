//! What equilibrium costs, proposal by proposal: e(t), the inherent-structure energy, C_σ and core-seconds against sweeps.
//! The measurement behind `thermalize.swap` and `thermalize.sweeps` of the campaigns for papers (docs/physics.md).
//!
//! ```text
//! cargo run --release -p glassmodes --example relaxation -- SEEDS PARTICLES SWEEPS PLATEAU_SEEDS FRACTION:RANGE:RAMP...
//! ```
//!
//! RANGE 0 stands for uniform swaps. RAMP sweeps are spent on cooling from T = 0.2 to 0.1, and count; 0 for none. One
//! composition (the quantiles) serves all, so that one plateau does: the mean of PLATEAU_SEEDS chains of lifted swaps from
//! 30 000 to 60 000 sweeps. Proposals take turns, seed by seed, so that their core-seconds compare.
#![expect(clippy::print_stdout, reason = "a program")]

use analysis::statistics::Distribution;
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::random::{EightStreams, Stage};
use glass::thermalize::evidence::diameter_correlation;
use glass::thermalize::{Composition, Moves, Sampler, SwapProposal, ThermalizeSettings, Trials, thermalize};
use glass::{Configuration, Potential, Seed};
use rayon::prelude::*;
use realization::stage_clock::StageClock;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// T of the glass.
const COLD: f64 = 0.1;
/// T at which a ramp begins, and how many temperatures it passes.
const WARM: f64 = 0.2;
const RAMP_STAGES: u64 = 25;
/// Sweeps between two looks; over the last ones before a look the energy is averaged, a few at a time.
const INTERVAL: u64 = 3000;
const AVERAGED: u64 = 300;
const APART: u64 = 50;
/// First seed of the chains of the plateau, and where they are taken for it.
const PLATEAU_SEED: u64 = 1000;
const PLATEAU: std::ops::RangeInclusive<u64> = 30_000..=60_000;

/// A way of sampling.
#[derive(Clone, Copy)]
struct Proposal {
    moves: Moves,
    ramp: u64,
}

/// What one chain shows at one time.
#[derive(Clone, Copy)]
struct Look {
    sweeps: u64,
    energy: f64,
    inherent: f64,
    correlation: f64,
    seconds: f64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seeds, particles, sweeps, plateau_seeds, proposals @ ..] = arguments.as_slice() else {
        return Err("usage: relaxation SEEDS PARTICLES SWEEPS PLATEAU_SEEDS FRACTION:RANGE:RAMP...".into());
    };
    let (seeds, particles, sweeps): (u64, usize, u64) = (seeds.parse()?, particles.parse()?, sweeps.parse()?);
    let chosen = proposals.iter().map(|text| read(text)).collect::<Result<Vec<Proposal>, Failure>>()?;

    let plateau_seeds: u64 = plateau_seeds.parse()?;
    let reference = Proposal { moves: moves(0.2, SwapProposal::LIFTED), ramp: 0 };
    let long = (0..plateau_seeds).into_par_iter().map(|seed| {
        let looks = follow(PLATEAU_SEED + seed, particles, *PLATEAU.end(), reference)?;
        Ok(looks.into_iter().filter(|look| PLATEAU.contains(&look.sweeps)).collect::<Vec<_>>())
    });
    let long: Vec<Look> = long.collect::<Result<Vec<_>, Failure>>()?.concat();
    let plateau =
        [|look: &Look| look.energy, |look: &Look| look.inherent].map(|of| Distribution::of(long.iter().map(of)));
    for (name, plateau) in ["e", "e_inherent"].iter().zip(&plateau) {
        println!("plateau of {name}: {:.5} ± {:.5}", plateau.mean, plateau.standard_error);
    }

    let chains = (0..seeds).into_par_iter().map(|seed| {
        chosen.iter().map(|&proposal| follow(seed, particles, sweeps, proposal)).collect::<Result<Vec<_>, Failure>>()
    });
    let chains: Vec<Vec<Vec<Look>>> = chains.collect::<Result<_, Failure>>()?;
    for (position, text) in proposals.iter().enumerate() {
        println!("{text}\n  sweeps        e - plateau       e_inherent - plateau        C_sigma      core-s");
        for time in 0..chains.first().map_or(0, |chain| chain[position].len()) {
            let over_seeds =
                |of: fn(&Look) -> f64| Distribution::of(chains.iter().map(|chain| of(&chain[position][time])));
            let (energy, inherent) = (over_seeds(|look| look.energy), over_seeds(|look| look.inherent));
            let (correlation, seconds) = (over_seeds(|look| look.correlation), over_seeds(|look| look.seconds));
            println!(
                "{:>8}  {:+.5} ± {:.5}  {:+.5} ± {:.5}  {:.4} ± {:.4}  {:.2}",
                chains[0][position][time].sweeps,
                energy.mean - plateau[0].mean,
                energy.standard_error,
                inherent.mean - plateau[1].mean,
                inherent.standard_error,
                correlation.mean,
                correlation.standard_error,
                seconds.mean
            );
        }
    }
    Ok(())
}

fn moves(swap_fraction: f64, swap: SwapProposal) -> Moves {
    Moves { swap_fraction, max_displacement: 0.12, swap }
}

fn read(text: &str) -> Result<Proposal, Failure> {
    let numbers = text.split(':').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [fraction, range, ramp] = numbers[..] else { return Err(text.into()) };
    let swap = if range > 0.0 { SwapProposal::Lifted { range } } else { SwapProposal::Uniform };
    Ok(Proposal { moves: moves(fraction, swap), ramp: ramp as u64 })
}

/// One chain from the end of the hot start on, looked at every [`INTERVAL`] sweeps.
fn follow(seed: u64, particles: usize, sweeps: u64, proposal: Proposal) -> Result<Vec<Look>, Failure> {
    let potential = Potential::new(2)?;
    let composition =
        Composition { particles, density: 1.0, diameters: DiameterChoice::Quantile, potential: potential.clone() };
    let Moves { swap_fraction, max_displacement, .. } = proposal.moves;
    let temperature = if proposal.ramp > 0 { WARM } else { COLD };
    let begin =
        ThermalizeSettings { temperature, sweeps: 1, swap_fraction, max_displacement, swap: SwapProposal::Uniform };
    let start = thermalize::<2>(Seed::of_realization(2031, seed), &composition, &begin)?.configuration().clone();
    let streams = Seed::of_realization(2032, seed).eight_streams(Stage::Thermalize);

    let (mut clock, mut seconds) = (StageClock::start(), 0.0);
    let (cold, streams) = cool(start.clone(), &potential, proposal, streams)?;
    let mut sampler = Sampler::new(&cold, &potential, COLD, proposal.moves, streams)?;
    let (mut made, mut looks) = (proposal.ramp, Vec::new());
    for time in (INTERVAL..=sweeps).step_by(INTERVAL as usize).filter(|&time| time >= proposal.ramp + AVERAGED) {
        sampler.run(time - AVERAGED - made);
        let energy = (0..AVERAGED / APART).map(|_| {
            sampler.run(APART);
            sampler.energy()
        });
        let energy = Distribution::of(energy.collect::<Vec<_>>()).mean;
        made = time;
        seconds += clock.lap();
        let now = sampler.configuration()?;
        let inherent = quench(&now, &potential, &QuenchSettings::default())?.energy();
        let correlation = diameter_correlation(start.diameters(), now.diameters());
        looks.push(Look { sweeps: time, energy, inherent, correlation, seconds });
        clock.lap();
    }
    Ok(looks)
}

/// From [`WARM`] to [`COLD`], geometrically.
fn cool(
    mut configuration: Configuration,
    potential: &Potential,
    Proposal { moves, ramp }: Proposal,
    mut streams: EightStreams,
) -> Result<(Configuration, EightStreams), Failure> {
    for stage in 0..if ramp > 0 { RAMP_STAGES } else { 0 } {
        let temperature = WARM * (COLD / WARM).powf((stage as f64 + 0.5) / RAMP_STAGES as f64);
        let mut sampler = Sampler::new(&configuration, potential, temperature, moves, streams)?;
        sampler.run(ramp / RAMP_STAGES);
        configuration = sampler.configuration()?;
        streams = sampler.into_streams();
    }
    Ok((configuration, streams))
}
