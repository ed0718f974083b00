//! What nonlinear modes and wells cost, how their searches end, and each way that was found: what docs/performance.md
//! compares before and after a change.
//!
//! ```text
//! cargo run --release -p glassmodes-realization --example wells -- CONFIG REALIZATIONS [KEY=VALUE ...]
//! ```
#![expect(clippy::print_stdout, reason = "a program")]

use glass::quench::quench;
use glass::random::Seed;
use glass::space::Dimension;
use glass::thermalize::thermalize;
use modes::Spectrum;
use modes::describe::describe;
use modes::nonlinear::nonlinear_modes;
use modes::wells::{Outcome, Transition, transitions};
use realization::config::Plan;
use realization::stage_clock::StageClock;
use std::collections::BTreeMap;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [config, realizations, sets @ ..] = words.as_slice() else {
        return Err("usage: wells CONFIG REALIZATIONS [KEY=VALUE ...]".into());
    };
    let plan = realization::config::load(config.as_ref(), sets)?;
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut seconds_nonlinear, mut seconds_wells) = (0.0, 0.0);
    let count: u64 = realizations.parse()?;
    for index in 0..count {
        let Searched { modes, nonlinear, ways, of_nonlinear, of_wells } = match plan.dimension {
            Dimension::Two => searched::<2>(&plan, index)?,
            Dimension::Three => searched::<3>(&plan, index)?,
        };
        seconds_nonlinear += of_nonlinear;
        seconds_wells += of_wells;
        let mut here: BTreeMap<&str, usize> = BTreeMap::new();
        for way in &ways {
            *here.entry(way.outcome.name()).or_default() += 1;
            *outcomes.entry(way.outcome.name()).or_default() += 1;
        }
        println!(
            "{index}: {} modes, {} nonlinear, {of_nonlinear:.2} s; wells {of_wells:.2} s, {here:?}",
            modes, nonlinear
        );
        for way in ways.iter().filter(|way| way.outcome == Outcome::Found) {
            println!(
                "   {:2} {:15} {:+} dE {:+.6} barrier {:.6} length {:.4} splitting {:.3e} overlap {:.3}",
                way.source,
                way.along.name(),
                way.direction,
                way.energy_difference,
                way.barrier_forward,
                way.path_length,
                way.splitting,
                way.overlap
            );
        }
    }
    let mean = |seconds: f64| seconds / count as f64;
    println!("nonlinear {:.2} s, wells {:.2} s a glass; {outcomes:?}", mean(seconds_nonlinear), mean(seconds_wells));
    Ok(())
}

/// What was found in one glass, and in how many seconds.
struct Searched {
    modes: usize,
    nonlinear: usize,
    ways: Vec<Transition>,
    of_nonlinear: f64,
    of_wells: f64,
}

fn searched<const D: usize>(plan: &Plan, index: u64) -> Result<Searched, Failure> {
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let glass = thermalize::<D>(seed, &plan.composition, &plan.thermalize)?;
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let spectrum = Spectrum::compute(&inherent, seed, &plan.spectrum)?;
    let modes = describe(&inherent, &spectrum, &plan.modes)?;
    let mut clock = StageClock::start();
    let nonlinear = nonlinear_modes(&inherent, &spectrum, &modes, &plan.nonlinear)?.into_rows();
    let of_nonlinear = clock.lap();
    let ways = transitions(&inherent, &spectrum, &modes, &nonlinear, &plan.wells)?;
    let of_wells = clock.lap();
    Ok(Searched { modes: modes.len(), nonlinear: nonlinear.len(), ways, of_nonlinear, of_wells })
}
