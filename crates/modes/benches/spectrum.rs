//! The spectrum of glasses made at T = 0.1: the lowest modes, the staircase, everything.
//!
//! `cargo bench -p glassmodes-modes --bench spectrum`. (The whole spectrum of 4096 particles is in the
//! example `scaling` of the program.)

use divan::{Bencher, main};
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings, thermalize};
use glass::{Hessian, InstructionSet, Potential, Seed};
use modes::{Spectrum, SpectrumMethod, SpectrumSettings};
use std::sync::OnceLock;

const SIZES: [usize; 2] = [1000, 4000];

/// The Hessian of a glass of each size, made once.
fn hessian(particles: usize) -> &'static Hessian {
    static HESSIANS: [OnceLock<Hessian>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let size = SIZES.iter().position(|&size| size == particles).expect("one of the sizes");
    HESSIANS[size].get_or_init(|| {
        let potential = Potential::new(2).expect("a smoothness");
        let composition =
            Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential: potential.clone() };
        let settings = ThermalizeSettings {
            temperature: 0.1,
            sweeps: 3000,
            swap_fraction: 0.2,
            max_displacement: 0.12,
            swap: SwapProposal::Uniform,
        };
        let glass = thermalize::<2>(Seed::of_realization(1, 0), &composition, &settings).expect("a glass");
        quench(glass.configuration(), &potential, &QuenchSettings::default()).expect("a minimum").hessian().clone()
    })
}

fn measure(bencher: Bencher, particles: usize, settings: SpectrumSettings) {
    let hessian = hessian(particles);
    bencher.bench(|| Spectrum::of_hessian(hessian, Seed::of_realization(1, 0), &settings).expect("solved"));
}

/// At least so many of the lowest modes of N = 4000.
#[divan::bench(args = [1, 30, 100, 300], sample_count = 5, sample_size = 1)]
fn lowest_of_4000(bencher: Bencher, lowest_vectors: usize) {
    measure(bencher, 4000, SpectrumSettings { omega_max: 0.0, lowest_vectors, ..SpectrumSettings::default() });
}

/// All modes below ω = 0.45.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn below_045(bencher: Bencher, particles: usize) {
    measure(bencher, particles, SpectrumSettings { omega_max: 0.45, ..SpectrumSettings::default() });
}

/// The lowest mode, and the count of all modes at 200 shifts.
#[divan::bench(args = InstructionSet::available(), sample_count = 3, sample_size = 1)]
fn staircase_of_4000(bencher: Bencher, set: InstructionSet) {
    let (hessian, seed) = (hessian(4000), Seed::of_realization(1, 0));
    let settings = SpectrumSettings { omega_max: 0.0, staircase_shifts: 200, ..SpectrumSettings::default() };
    bencher.bench_local(|| set.only(|| Spectrum::of_hessian(hessian, seed, &settings).expect("solved")));
}

#[divan::bench(args = [SpectrumMethod::Dense, SpectrumMethod::Sliced], sample_count = 3, sample_size = 1)]
fn whole_of_1000(bencher: Bencher, method: &SpectrumMethod) {
    measure(bencher, 1000, SpectrumSettings { method: *method, ..SpectrumSettings::default() });
}
