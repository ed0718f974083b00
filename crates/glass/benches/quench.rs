//! From a glass at T = 0.1 to its inherent structure, and one evaluation of the forces.
//!
//! `cargo bench -p glassmodes-glass --bench quench`

use divan::{Bencher, main};
use glass::diameters::DiameterChoice;
use glass::energy::ForceField;
use glass::quench::{QuenchSettings, quench};
use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings, thermalize};
use glass::{Configuration, InstructionSet, Potential, Seed};
use std::sync::OnceLock;

fn potential() -> Potential {
    Potential::new(2).expect("a smoothness")
}

/// A glass of 4000 particles, made once.
fn glass() -> &'static Configuration {
    static GLASS: OnceLock<Configuration> = OnceLock::new();
    GLASS.get_or_init(|| {
        let composition =
            Composition { particles: 4000, density: 1.0, diameters: DiameterChoice::Random, potential: potential() };
        let settings = ThermalizeSettings {
            temperature: 0.1,
            sweeps: 3000,
            swap_fraction: 0.2,
            max_displacement: 0.12,
            swap: SwapProposal::Uniform,
        };
        thermalize::<2>(Seed::of_realization(1, 0), &composition, &settings).expect("a glass").configuration().clone()
    })
}

/// Conjugate gradient, then Newton to a largest force of 10⁻¹².
#[divan::bench(args = InstructionSet::available(), sample_count = 10, sample_size = 1)]
fn quench_4000(bencher: Bencher, set: InstructionSet) {
    let start = glass();
    bencher.bench_local(|| {
        set.only(|| quench(start, &potential(), &QuenchSettings::default()).expect("a minimum").iterations())
    });
}

/// U and forces from a pair list that is kept.
#[divan::bench(args = InstructionSet::available())]
fn forces_4000(bencher: Bencher, set: InstructionSet) {
    let (start, potential) = (glass(), potential());
    let mut field = ForceField::with(start, &potential, set, 0.3);
    let mut forces = vec![[0.0; 2]; start.particles()];
    bencher.bench_local(|| field.evaluate(start.positions(), &mut forces));
}
