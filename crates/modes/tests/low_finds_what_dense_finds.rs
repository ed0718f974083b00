//! The modes of `low` are the modes of `dense`, one by one, with all that is said of them; and both
//! modes of pairs that nearly coincide.
//!
//! The gate compares a few small glasses. `GLASSMODES_SPECTRA=100,5 cargo test -p glassmodes-modes
//! --test low_finds_what_dense_finds -- --nocapture` compares 100 of 1000 and 5 of 4000 particles,
//! for about a quarter of an hour.

#![expect(clippy::print_stdout, reason = "the nightly run reads the counts")]

use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::random::{Stage, uniform};
use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings, thermalize};
use glass::{Configuration, Hessian, InherentStructure, PeriodicBox, Potential, Seed};
use modes::{Mode, ModeSettings, Spectrum, SpectrumMethod, SpectrumSettings, describe};

/// Modes closer than this in λ are compared as the space that they span.
const NEARLY_EQUAL: f64 = 1e-5;

fn potential() -> Potential {
    Potential::new(2).expect("a smoothness")
}

/// An inherent structure of a glass at T = 0.1.
fn inherent_structure(particles: usize, index: u64, sweeps: u64) -> InherentStructure {
    let composition =
        Composition { particles, density: 1.0, diameters: DiameterChoice::Random, potential: potential() };
    let settings = ThermalizeSettings {
        temperature: 0.1,
        sweeps,
        swap_fraction: 0.2,
        max_displacement: 0.12,
        swap: SwapProposal::Uniform,
    };
    let glass = thermalize::<2>(Seed::of_realization(31, index), &composition, &settings).expect("a glass");
    quench(glass.configuration(), &potential(), &QuenchSettings::default()).expect("a minimum")
}

/// Asserts that `low` has exactly the reference's modes up to where it says it is complete, each with
/// the same λ, participation ratio and direction; returns how many there are.
fn assert_same_modes(low: &Spectrum, dense: &Spectrum) -> usize {
    let all = dense.eigenvalues();
    let largest = all.last().copied().expect("a mode");
    let complete = low.omega_complete().powi(2);
    let found = low.eigenvalues();
    assert_eq!(found.len(), all.iter().filter(|&&value| value < complete).count());
    assert!(dense.vectors_kept() >= found.len(), "the reference must reach as far");
    for k in 0..found.len() {
        assert!((found[k] - all[k]).abs() < 1e-12 * largest, "mode {k}: {} {}", found[k], all[k]);
        let vector = low.vector(k).expect("kept");
        let close: Vec<usize> = (0..dense.vectors_kept()).filter(|&j| (all[j] - all[k]).abs() < NEARLY_EQUAL).collect();
        let inside: f64 = close.iter().map(|&j| dot(&dense.vector(j).expect("kept"), &vector).powi(2)).sum();
        assert!((inside - 1.0).abs() < 1e-8, "mode {k}: {inside} of it among {close:?}");
        if close.len() == 1 {
            let (participation, expected) = (low.participation()[k], dense.participation()[k]);
            assert!((participation - expected).abs() < 1e-5 * expected, "mode {k}: {participation} {expected}");
        }
    }
    found.len()
}

fn dot(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(x, y)| x * y).sum()
}

/// The same descriptors, but for the sign of a mode.
fn assert_same_descriptors(found: &[Mode], expected: &[Mode]) {
    assert_eq!(found.len(), expected.len());
    for (mode, reference) in found.iter().zip(expected) {
        let k = mode.index;
        assert_eq!((k, mode.group), (reference.index, reference.group));
        for (number, exact, scale) in [
            (mode.omega, reference.omega, reference.omega),
            (mode.b2, reference.b2, reference.b2),
            (mode.b3.abs(), reference.b3.abs(), reference.b3.abs().max(reference.b2)),
            (mode.b4, reference.b4, reference.b4),
            (mode.beta.abs(), reference.beta.abs(), 1.0),
        ] {
            let same = (number - exact).abs() < 1e-4 * scale || (number.is_nan() && exact.is_nan());
            assert!(same, "mode {k}: {number} {exact}");
        }
    }
}

/// By both methods; returns (modes compared, described modes compared).
fn compare(structure: &InherentStructure, seed: Seed, omega_max: f64) -> (usize, usize) {
    let compute = |method| {
        let omega_vectors = 1.2 * omega_max;
        let settings = SpectrumSettings { method, omega_max, omega_vectors, ..SpectrumSettings::default() };
        Spectrum::compute(structure, seed, &settings).expect("solved")
    };
    let (low, dense) = (compute(SpectrumMethod::Low), compute(SpectrumMethod::Dense));
    let compared = assert_same_modes(&low, &dense);
    let settings =
        ModeSettings { omega_max, lowest: 1, snapshot_participation_max: 0.3, quench: QuenchSettings::default() };
    let found = describe(structure, &low, &settings).expect("described");
    let expected = describe(structure, &dense, &settings).expect("described");
    assert_same_descriptors(&found, &expected);
    (compared, found.len())
}

/// How many glasses of 1000 and of 4000 particles: by the environment, or few.
fn counts() -> [u64; 2] {
    let Ok(given) = std::env::var("GLASSMODES_SPECTRA") else { return [1, 0] };
    let numbers: Vec<u64> = given.split(',').map(|count| count.parse().expect("two counts, as in 100,5")).collect();
    numbers.try_into().expect("two counts, as in 100,5")
}

#[test]
fn the_modes_of_equilibrated_glasses() {
    let [of_1000, of_4000] = counts();
    for (particles, count, omega_max, sweeps) in
        [(256, 4, 2.0, 4000), (1000, of_1000, 1.0, 2000), (4000, of_4000, 0.6, 2000)]
    {
        let (mut compared, mut described) = (0, 0);
        for index in 0..count {
            let structure = inherent_structure(particles, index, sweeps);
            let (modes, described_here) = compare(&structure, Seed::of_realization(31, index), omega_max);
            compared += modes;
            described += described_here;
        }
        assert!(compared as u64 >= 3 * count);
        println!("N = {particles}: {count} glasses, {compared} modes the same, {described} of them described");
    }
}

/// Nine copies of a small glass, three by three, are a periodic solid: its modes of wave vectors k and −k
/// are equal. Noise of `size` on the positions splits each pair a little.
fn nearly_degenerate(index: u64, size: f64) -> Hessian {
    let cell = inherent_structure(111, index, 2000);
    let cell = cell.configuration();
    let (side, mut stream) = (cell.periodic_box().longest(), Seed::of_realization(32, index).stream(Stage::Positions));
    let (mut positions, mut diameters) = (Vec::new(), Vec::new());
    for copy in 0..9 {
        let corner = [side * f64::from(copy % 3), side * f64::from(copy / 3)];
        for (position, &diameter) in cell.positions().iter().zip(cell.diameters()) {
            positions.push([0, 1].map(|axis| position[axis] + corner[axis] + size * (uniform(&mut stream) - 0.5)));
            diameters.push(diameter);
        }
    }
    let tiled = Configuration::new(PeriodicBox::new(3.0 * side).expect("a side"), positions, diameters).expect("valid");
    Hessian::new(&tiled, &potential())
}

#[test]
fn both_modes_of_nearly_degenerate_pairs() {
    for (index, size) in [(0, 1e-6), (1, 1e-9)] {
        let hessian = nearly_degenerate(index, size);
        let compute = |method| {
            let settings =
                SpectrumSettings { method, omega_max: 1.0, omega_vectors: 1.3, ..SpectrumSettings::default() };
            Spectrum::of_hessian(&hessian, Seed::of_realization(32, index), &settings).expect("solved")
        };
        let (low, dense) = (compute(SpectrumMethod::Low), compute(SpectrumMethod::Dense));
        let compared = assert_same_modes(&low, &dense);
        let split = |pair: &[f64]| pair[1] - pair[0];
        let pairs = low.eigenvalues()[2..].windows(2).filter(|pair| split(pair) < 2.0 * size).count();
        assert!(pairs >= 2, "{pairs} pairs split by less than {:e}", 2.0 * size);
        println!("noise {size:e}: {compared} modes the same, {pairs} pairs among them");
    }
}
