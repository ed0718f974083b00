//! Swap Monte Carlo: trials per second by instruction set and size, and of the plain twin; in the plane, and in space at
//! T = 0.2.
//!
//! `cargo bench -p glassmodes-glass --bench thermalize`

use divan::counter::ItemsCount;
use divan::{Bencher, main};
use glass::InstructionSet;
use glass::Potential;
use glass::configuration::Configuration;
use glass::diameters::DiameterChoice;
use glass::random::{Seed, Stage};
use glass::thermalize::plain::PlainSampler;
use glass::thermalize::{Chain, Composition, ListMargins, Moves, Sampler, SwapProposal, ThermalizeSettings, Trials};
use std::sync::OnceLock;

const TEMPERATURE: f64 = 0.1;
const MOVES: Moves = Moves { swap_fraction: 0.2, max_displacement: 0.12, swap: SwapProposal::Uniform };
const SIZES: [usize; 5] = [256, 1024, 4000, 16384, 65536];

fn potential() -> Potential {
    Potential::new(2).expect("a smoothness")
}

/// A glass of each size, made once.
fn glass(particles: usize) -> &'static Configuration {
    static GLASSES: [OnceLock<Configuration>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let size = SIZES.iter().position(|&size| size == particles).expect("one of the sizes");
    GLASSES[size].get_or_init(|| equilibrated(particles, 1.0, TEMPERATURE, 2_000_000))
}

/// A glass in D dimensions after about `trials` at T = `temperature`.
fn equilibrated<const D: usize>(particles: usize, density: f64, temperature: f64, trials: u64) -> Configuration<D> {
    let composition = Composition { particles, density, diameters: DiameterChoice::Random, potential: potential() };
    let sweeps = trials / particles as u64;
    let Moves { swap_fraction, max_displacement, swap } = MOVES;
    let settings = ThermalizeSettings { temperature, sweeps, swap_fraction, max_displacement, swap };
    let seed = Seed::of_realization(1, particles as u64);
    let mut chain = Chain::begin(seed, &composition, &settings, InstructionSet::detect()).expect("a liquid");
    chain.go_on(sweeps, &|| true).expect("a glass").configuration().clone()
}

fn sampler(particles: usize, moves: Moves, set: InstructionSet, margins: ListMargins) -> Sampler {
    let streams = Seed::of_realization(2, 2).eight_streams(Stage::Thermalize);
    Sampler::with(glass(particles), &potential(), TEMPERATURE, moves, streams, set, margins).expect("valid settings")
}

/// Runs about 4·10⁵ trials an iteration.
fn measure<const D: usize>(bencher: Bencher, particles: usize, mut sampler: Sampler<D>) {
    let sweeps = (400_000 / particles as u64).max(1);
    bencher.counter(ItemsCount::new(sweeps as usize * particles)).bench_local(|| sampler.run(sweeps));
}

#[divan::bench(args = InstructionSet::available())]
fn instruction_set(bencher: Bencher, set: InstructionSet) {
    measure(bencher, 4000, sampler(4000, MOVES, set, ListMargins::default()));
}

#[divan::bench(args = SIZES)]
fn particles(bencher: Bencher, particles: usize) {
    measure(bencher, particles, sampler(particles, MOVES, InstructionSet::detect(), ListMargins::default()));
}

#[divan::bench(args = [0.0, 1.0])]
fn swap_fraction(bencher: Bencher, swap_fraction: f64) {
    let moves = Moves { swap_fraction, ..MOVES };
    measure(bencher, 4000, sampler(4000, moves, InstructionSet::detect(), ListMargins::default()));
}

#[divan::bench(args = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])]
fn skin(bencher: Bencher, skin: f64) {
    let margins = ListMargins { skin, ..ListMargins::default() };
    measure(bencher, 4000, sampler(4000, MOVES, InstructionSet::detect(), margins));
}

#[divan::bench(args = [0.01, 0.02, 0.05, 0.1, 0.2])]
fn growth(bencher: Bencher, growth: f64) {
    let margins = ListMargins { growth, ..ListMargins::default() };
    measure(bencher, 4000, sampler(4000, MOVES, InstructionSet::detect(), margins));
}

#[divan::bench]
fn plain_twin(bencher: Bencher) {
    let streams = Seed::of_realization(2, 2).eight_streams(Stage::Thermalize);
    let mut sampler =
        PlainSampler::new(glass(4000), &potential(), TEMPERATURE, MOVES, streams).expect("valid settings");
    bencher.counter(ItemsCount::new(4000usize)).bench_local(|| sampler.run(1));
}

mod in_space {
    use super::*;

    const TEMPERATURE: f64 = 0.2;
    const SIZES: [usize; 3] = [500, 1500, 12000];

    /// A glass of each size, made once.
    fn glass(particles: usize) -> &'static Configuration<3> {
        static GLASSES: [OnceLock<Configuration<3>>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
        let size = SIZES.iter().position(|&size| size == particles).expect("one of the sizes");
        GLASSES[size].get_or_init(|| equilibrated(particles, 1.02, TEMPERATURE, 1_000_000))
    }

    fn sampler(particles: usize, moves: Moves, set: InstructionSet, margins: ListMargins) -> Sampler<3> {
        let streams = Seed::of_realization(2, 2).eight_streams(Stage::Thermalize);
        Sampler::with(glass(particles), &potential(), TEMPERATURE, moves, streams, set, margins)
            .expect("valid settings")
    }

    #[divan::bench(args = InstructionSet::available())]
    fn instruction_set(bencher: Bencher, set: InstructionSet) {
        measure(bencher, 1500, sampler(1500, MOVES, set, ListMargins::default()));
    }

    #[divan::bench(args = SIZES)]
    fn particles(bencher: Bencher, particles: usize) {
        measure(bencher, particles, sampler(particles, MOVES, InstructionSet::detect(), ListMargins::default()));
    }

    #[divan::bench(args = [0.0, 1.0])]
    fn swap_fraction(bencher: Bencher, swap_fraction: f64) {
        let moves = Moves { swap_fraction, ..MOVES };
        measure(bencher, 1500, sampler(1500, moves, InstructionSet::detect(), ListMargins::default()));
    }

    #[divan::bench(args = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4])]
    fn skin(bencher: Bencher, skin: f64) {
        let margins = ListMargins { skin, ..ListMargins::default() };
        measure(bencher, 1500, sampler(1500, MOVES, InstructionSet::detect(), margins));
    }

    #[divan::bench(args = [0.02, 0.05, 0.1, 0.2])]
    fn growth(bencher: Bencher, growth: f64) {
        let margins = ListMargins { growth, ..ListMargins::default() };
        measure(bencher, 1500, sampler(1500, MOVES, InstructionSet::detect(), margins));
    }

    #[divan::bench]
    fn plain_twin(bencher: Bencher) {
        let streams = Seed::of_realization(2, 2).eight_streams(Stage::Thermalize);
        let mut sampler =
            PlainSampler::new(glass(1500), &potential(), TEMPERATURE, MOVES, streams).expect("valid settings");
        bencher.counter(ItemsCount::new(1500usize)).bench_local(|| sampler.run(1));
    }
}
