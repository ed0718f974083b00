//! One realization and its nonlinear modes with their vectors, as text that another program reads: what
//! ci/softspot-test.sh compares.
//!
//! ```text
//! cargo run --release -p glassmodes-realization --example nonlinear -- CONFIG [KEY=VALUE ...]
//! ```
//!
//! Lines of words: `side L`, then `particle x y diameter` for each, then `mode kind source kappa overlap z…` for each mode
//! that was found, with 2N components of z, and `given-up kind source` for each search without one.
#![expect(clippy::print_stdout, reason = "a program")]

use glass::quench::quench;
use glass::random::Seed;
use glass::thermalize::thermalize;
use modes::Spectrum;
use modes::describe::describe;
use modes::nonlinear::nonlinear_modes;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [config, sets @ ..] = words.as_slice() else {
        return Err("usage: nonlinear CONFIG [KEY=VALUE ...]".into());
    };
    let mut plan = realization::config::load(config.as_ref(), sets)?;
    plan.nonlinear.snapshot_participation_max = 1.0;
    let seed = Seed::of_realization(plan.campaign.seed, 0);
    let glass = thermalize(seed, &plan.composition, &plan.thermalize)?;
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let spectrum = Spectrum::compute(&inherent, seed, &plan.spectrum)?;
    let modes = describe(&inherent, &spectrum, &plan.modes)?;
    let nonlinear = nonlinear_modes(&inherent, &spectrum, &modes, &plan.nonlinear)?;

    let configuration = inherent.configuration();
    println!("side {}", configuration.periodic_box().longest());
    for ([x, y], diameter) in configuration.positions().iter().zip(configuration.diameters()) {
        println!("particle {x} {y} {diameter}");
    }
    for found in &nonlinear.found {
        let components = found.mode.vector.iter().flatten().map(|component| format!(" {component}"));
        let components: String = components.collect();
        println!("mode {} {} {} {}{components}", found.kind.name(), found.source, found.mode.b2, found.overlap);
    }
    for search in &nonlinear.unconverged {
        println!("given-up {} {}", search.kind.name(), search.source);
    }
    Ok(())
}
