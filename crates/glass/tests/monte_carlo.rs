//! Swap Monte Carlo samples exp(−U/T): against numerical integration for two and three particles, by the
//! configurational temperature for a thousand, and from a hot and a cold start.
//!
//! Seeds are fixed. A chi-square passes at p > 0.01.

use glass::diameters::DiameterChoice;
use glass::random::Stage;
use glass::thermalize::{
    Chain, Composition, ForceStatistics, Moves, Sampler, SwapProposal, ThermalizeSettings, Trials, thermalize,
};
use glass::{Configuration, InstructionSet, PeriodicBox, Potential, Seed};
use std::sync::OnceLock;

glass::test_on_each_instruction_set! {
    two_particles_follow_the_boltzmann_distribution,
    three_particles_follow_the_boltzmann_distribution,
    the_configurational_temperature_is_the_temperature,
    hot_and_cold_starts_reach_the_same_energy,
    uniform_and_lifted_swaps_have_the_same_means,
    two_particles_in_space_follow_the_boltzmann_distribution,
    three_particles_in_space_follow_the_boltzmann_distribution,
    the_configurational_temperature_in_space_is_the_temperature,
    uniform_and_lifted_swaps_in_space_have_the_same_means,
}

const MOVES: Moves = Moves { swap_fraction: 0.2, max_displacement: 0.35, swap: SwapProposal::Uniform };
const LIFTED: Moves = Moves { swap: SwapProposal::Lifted { range: 0.7 }, ..MOVES };
const BINS: usize = 10;

/// Distance of a displacement in the box by its largest component, in bins up to L/2: each bin is a whole
/// number of cells of the integration grid.
fn bin<const D: usize>(side: PeriodicBox<D>, apart: [f64; D]) -> usize {
    let largest = apart.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    ((largest / (0.5 * side.longest()) * BINS as f64) as usize).min(BINS - 1)
}

/// Counts of two particles by (which has the larger diameter, their distance), `sweeps` sweeps apart.
fn sampled_pairs<const D: usize>(mut sampler: impl Trials<D>, samples: usize, sweeps: u64) -> Vec<f64> {
    sampler.run(1000);
    let mut observed = vec![0.0; 2 * BINS];
    for _ in 0..samples {
        sampler.run(sweeps);
        let now = sampler.configuration().expect("valid");
        let larger = usize::from(now.diameters()[1] > now.diameters()[0]);
        let apart = now.periodic_box().separation(now.positions()[0], now.positions()[1]);
        observed[larger * BINS + bin(now.periodic_box(), apart)] += 1.0;
    }
    observed
}

/// Mean configurational temperature of sixty configurations, ten sweeps apart.
fn mean_configurational_temperature<const D: usize>(mut sampler: impl Trials<D>, potential: &Potential) -> f64 {
    let samples = 60;
    let temperatures = (0..samples).map(|_| {
        sampler.run(10);
        ForceStatistics::of(&sampler.configuration().expect("valid"), potential).temperature()
    });
    temperatures.sum::<f64>() / f64::from(samples)
}

/// z-score of a chi-square with so many degrees of freedom (Wilson and Hilferty); 2.326 is p = 0.01.
fn chi_square_score(observed: &[f64], expected: &[f64]) -> f64 {
    let kept: Vec<(f64, f64)> =
        observed.iter().copied().zip(expected.iter().copied()).filter(|(_, expected)| *expected >= 5.0).collect();
    let degrees = (kept.len() - 1) as f64;
    let chi_square: f64 = kept.iter().map(|(o, e)| (o - e) * (o - e) / e).sum();
    let width = 2.0 / (9.0 * degrees);
    ((chi_square / degrees).cbrt() - (1.0 - width)) / width.sqrt()
}

/// Counts by (which of the two has the larger diameter, their distance), sampled and expected, of two
/// particles. Alone in the box, whichever is larger, they see the same energy: so both halves are equal.
fn two_particles(moves: Moves, temperature: f64, samples: usize) -> (Vec<f64>, Vec<f64>) {
    let diameters = [0.8, 1.25];
    let side = PeriodicBox::new(3.2).expect("positive");
    let potential = Potential::new(2).expect("valid");
    let start = Configuration::new(side, vec![[0.0, 0.0], [1.6, 0.0]], diameters.to_vec()).expect("valid");
    let streams = Seed::of_realization(77, 2).eight_streams(Stage::Thermalize);
    let sampler = Sampler::new(&start, &potential, temperature, moves, streams).expect("samples");
    let observed = sampled_pairs(sampler, samples, 100);

    let points = 400;
    let at = |k: usize| side.minimum_image(0, (k as f64 + 0.5) / points as f64 * side.longest());
    let sigma = potential.scale(diameters[0], diameters[1]).diameter;
    let mut weights = vec![0.0; 2 * BINS];
    for (x, y) in (0..points * points).map(|k| (at(k % points), at(k / points))) {
        let weight = (-potential.value((x * x + y * y) / (sigma * sigma)) / temperature).exp();
        weights[bin(side, [x, y])] += weight;
        weights[BINS + bin(side, [x, y])] += weight;
    }
    let total: f64 = weights.iter().sum();
    (observed, weights.into_iter().map(|weight| weight / total * samples as f64).collect())
}

fn two_particles_follow_the_boltzmann_distribution() {
    for moves in [MOVES, LIFTED] {
        let (observed, expected) = two_particles(moves, 0.1, 40_000);
        let score = chi_square_score(&observed, &expected);
        assert!(score < 2.326, "{moves:?}: z = {score}\n{observed:?}\n{expected:?}");
        // At half as high a temperature again, the same counts do not pass.
        let (_, other) = two_particles(moves, 0.15, 1);
        let other: Vec<f64> = other.iter().map(|weight| weight * 40_000.0).collect();
        let other = chi_square_score(&observed, &other);
        assert!(other > 4.0, "z = {other}");
    }
}

/// Counts of three particles by (the class of the diameters of the first two, their distance).
fn sampled_triples<const D: usize>(
    mut sampler: impl Trials<D>,
    samples: usize,
    class: impl Fn(f64, f64) -> usize,
) -> Vec<f64> {
    sampler.run(1000);
    let mut observed = vec![0.0; 3 * BINS];
    for _ in 0..samples {
        // Long enough for successive samples to be independent.
        sampler.run(100);
        let now = sampler.configuration().expect("valid");
        let apart = now.periodic_box().separation(now.positions()[0], now.positions()[1]);
        observed[class(now.diameters()[0], now.diameters()[1]) * BINS + bin(now.periodic_box(), apart)] += 1.0;
    }
    observed
}

/// Counts by (diameters of particles 0 and 1, their distance), sampled and expected, of three particles
/// of different diameters. Distances and diameter assignments are tested at once.
fn three_particles(moves: Moves, temperature: f64, samples: usize) -> (Vec<f64>, Vec<f64>) {
    let diameters = [0.8, 1.0, 1.25];
    let side = PeriodicBox::new(3.2).expect("positive");
    let potential = Potential::new(2).expect("valid");
    let class = |first: f64, second: f64| {
        // Of three diameters, the one that is missing names the pair.
        let missing = diameters.iter().position(|d| *d != first && *d != second);
        missing.expect("two of three")
    };

    let start = Configuration::new(side, vec![[0.0, 0.0], [1.6, 0.0], [0.0, 1.6]], diameters.to_vec()).expect("valid");
    let streams = Seed::of_realization(77, 3).eight_streams(Stage::Thermalize);
    let sampler = Sampler::new(&start, &potential, temperature, moves, streams).expect("samples");
    let observed = sampled_triples(sampler, samples, class);

    // Particle 0 at the origin; midpoints for the other two; all six assignments of the diameters.
    let points = 40;
    let at = |k: usize| side.minimum_image(0, (k as f64 + 0.5) / points as f64 * side.longest());
    let phi = |x: f64, y: f64, sigma: f64| {
        let (x, y) = (side.minimum_image(0, x), side.minimum_image(0, y));
        potential.value((x * x + y * y) / (sigma * sigma))
    };
    let mut weights = vec![0.0; 3 * BINS];
    for [a, b, c] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let [s01, s02, s12] =
            [(a, b), (a, c), (b, c)].map(|(i, j): (usize, usize)| potential.scale(diameters[i], diameters[j]).diameter);
        // Energies of one pair on the grid, used many times.
        let table = |sigma: f64| -> Vec<f64> {
            (0..points * points).map(|k| (-phi(at(k % points), at(k / points), sigma) / temperature).exp()).collect()
        };
        let (factor01, factor02) = (table(s01), table(s02));
        for first in 0..points * points {
            if factor01[first] < 1e-12 {
                continue;
            }
            let (x1, y1) = (at(first % points), at(first / points));
            let mut sum = 0.0;
            for second in 0..points * points {
                if factor02[second] < 1e-12 {
                    continue;
                }
                let (x2, y2) = (at(second % points), at(second / points));
                sum += factor02[second] * (-phi(x2 - x1, y2 - y1, s12) / temperature).exp();
            }
            weights[class(diameters[a], diameters[b]) * BINS + bin(side, [x1, y1])] += factor01[first] * sum;
        }
    }
    let total: f64 = weights.iter().sum();
    (observed, weights.into_iter().map(|weight| weight / total * samples as f64).collect())
}

fn three_particles_follow_the_boltzmann_distribution() {
    for moves in [MOVES, LIFTED] {
        let (observed, expected) = three_particles(moves, 0.1, 40_000);
        let score = chi_square_score(&observed, &expected);
        assert!(score < 2.326, "{moves:?}: z = {score}\n{observed:?}\n{expected:?}");
        // The test can tell: at half as high a temperature again, the same counts do not pass.
        let (_, other) = three_particles(moves, 0.15, 1);
        let other: Vec<f64> = other.iter().map(|weight| weight * 40_000.0).collect();
        let other = chi_square_score(&observed, &other);
        assert!(other > 4.0, "z = {other}");
    }
}

fn the_configurational_temperature_is_the_temperature() {
    let potential = Potential::new(2).expect("valid");
    for temperature in [0.1, 0.5] {
        let composition = Composition {
            particles: 1000,
            density: 1.0,
            diameters: DiameterChoice::Random,
            potential: potential.clone(),
        };
        let settings = ThermalizeSettings {
            temperature,
            sweeps: 300,
            swap_fraction: 0.2,
            max_displacement: 0.12,
            swap: SwapProposal::Uniform,
        };
        let glass = thermalize::<2>(Seed::of_realization(9, 9), &composition, &settings).expect("a glass");
        let streams = Seed::of_realization(9, 10).eight_streams(Stage::Thermalize);
        let sampler =
            Sampler::new(glass.configuration(), &potential, temperature, settings.moves(), streams).expect("samples");
        let mean = mean_configurational_temperature(sampler, &potential);
        // One sample of a thousand particles scatters by 4 %, the mean of sixty by 0.5 %: four of these.
        assert!((mean / temperature - 1.0).abs() < 0.02, "T = {temperature}, configurational {mean}");
    }
}

fn hot_and_cold_starts_reach_the_same_energy() {
    let potential = Potential::new(2).expect("valid");
    let temperature = 0.2;
    let composition =
        Composition { particles: 200, density: 1.0, diameters: DiameterChoice::Quantile, potential: potential.clone() };
    let energy_after = |start_temperature: f64, seed: u64| {
        let settings = ThermalizeSettings {
            temperature: start_temperature,
            sweeps: 4000,
            swap_fraction: 0.2,
            max_displacement: 0.12,
            swap: SwapProposal::Uniform,
        };
        let glass = thermalize::<2>(Seed::of_realization(12, seed), &composition, &settings).expect("a glass");
        let streams = Seed::of_realization(13, seed).eight_streams(Stage::Thermalize);
        let mut sampler =
            Sampler::new(glass.configuration(), &potential, temperature, settings.moves(), streams).expect("samples");
        sampler.run(4000);
        let blocks = 20;
        let energies: Vec<f64> = (0..blocks)
            .map(|_| {
                sampler.run(400);
                sampler.energy()
            })
            .collect();
        energies.iter().sum::<f64>() / f64::from(blocks)
    };
    // Independent seeds give the error of a mean honestly, whatever the correlation within one run.
    let seeds = 8;
    let mean = |start: f64, first: u64| {
        let values: Vec<f64> = (first..first + seeds).map(|seed| energy_after(start, seed)).collect();
        let mean = values.iter().sum::<f64>() / seeds as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (seeds - 1) as f64;
        (mean, variance / seeds as f64)
    };
    let (hot, cold) = (mean(2.0, 0), mean(0.08, 100));
    let difference = (hot.0 - cold.0).abs();
    let error = (hot.1 + cold.1).sqrt();
    assert!(difference < 3.0 * error, "hot {hot:?}, cold {cold:?}");
    assert!(error < 0.01 * hot.0, "the comparison is sharp: {error} of {}", hot.0);
}

/// Mean energy at two temperatures, by uniform and by lifted swaps: eight independent seeds each.
fn uniform_and_lifted_swaps_have_the_same_means() {
    for (temperature, sweeps) in [(0.3, 4000), (0.6, 3000)] {
        have_the_same_means::<2>(1.0, temperature, sweeps);
    }
}

fn uniform_and_lifted_swaps_in_space_have_the_same_means() {
    have_the_same_means::<3>(1.02, 0.3, 2000);
}

fn have_the_same_means<const D: usize>(density: f64, temperature: f64, sweeps: u64) {
    let potential = Potential::new(2).expect("valid");
    let composition =
        Composition { particles: 200, density, diameters: DiameterChoice::Quantile, potential: potential.clone() };
    let mean_of = |swap: SwapProposal, stream: u64| {
        let settings =
            ThermalizeSettings { temperature, sweeps: 2000, swap_fraction: 0.2, max_displacement: 0.12, swap };
        let seeds = 8;
        let energies: Vec<f64> = (0..seeds)
            .map(|seed| {
                let seed = Seed::of_realization(stream, seed);
                let mut chain =
                    Chain::<D>::begin(seed, &composition, &settings, InstructionSet::detect()).expect("a liquid");
                let glass = chain.go_on(settings.sweeps, &|| true).expect("a glass");
                let streams = Seed::of_realization(seed.bits(), 1).eight_streams(Stage::Thermalize);
                let moves = settings.moves();
                let mut sampler =
                    Sampler::new(glass.configuration(), &potential, temperature, moves, streams).expect("samples");
                let blocks = 40;
                let block = |_| {
                    sampler.run(sweeps / blocks);
                    sampler.energy()
                };
                (0..blocks).map(block).sum::<f64>() / blocks as f64
            })
            .collect();
        let mean = energies.iter().sum::<f64>() / seeds as f64;
        let variance = energies.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (seeds - 1) as f64;
        (mean, variance / seeds as f64)
    };
    let (uniform, lifted) = (mean_of(SwapProposal::Uniform, 21), mean_of(SwapProposal::Lifted { range: 0.1 }, 22));
    let (difference, error) = ((uniform.0 - lifted.0).abs(), (uniform.1 + lifted.1).sqrt());
    // t of 14 degrees of freedom: p = 0.001 at 4.14.
    assert!(difference < 4.14 * error, "T = {temperature}: uniform {uniform:?}, lifted {lifted:?}");
    assert!(error < 0.004 * uniform.0, "the comparison is sharp: {error} of {}", uniform.0);
}

/// Two particles in space, as in the plane.
fn two_particles_in_space_follow_the_boltzmann_distribution() {
    let (diameters, temperature, samples) = ([0.8, 1.25], 0.1, 20_000);
    let side = PeriodicBox::new(3.2).expect("positive");
    let potential = Potential::new(2).expect("valid");
    let sigma = potential.scale(diameters[0], diameters[1]).diameter;
    let points = 120;
    let at = |k: usize| side.minimum_image(0, (k as f64 + 0.5) / points as f64 * side.longest());
    let expected = |temperature: f64| {
        let mut weights = vec![0.0; 2 * BINS];
        for k in 0..points * points * points {
            let apart = [at(k % points), at(k / points % points), at(k / points / points)];
            let square = apart.iter().map(|x| x * x).sum::<f64>();
            let weight = (-potential.value(square / (sigma * sigma)) / temperature).exp();
            weights[bin(side, apart)] += weight;
            weights[BINS + bin(side, apart)] += weight;
        }
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / total * samples as f64).collect::<Vec<f64>>()
    };
    for moves in [MOVES, LIFTED] {
        let start = Configuration::new(side, vec![[0.0; 3], [1.6, 0.0, 0.0]], diameters.to_vec()).expect("valid");
        let streams = Seed::of_realization(77, 4).eight_streams(Stage::Thermalize);
        let sampler = Sampler::new(&start, &potential, temperature, moves, streams).expect("samples");
        let observed = sampled_pairs(sampler, samples, 60);
        let score = chi_square_score(&observed, &expected(temperature));
        assert!(score < 2.326, "{moves:?}: z = {score}\n{observed:?}");
        // At three times the temperature, the same counts do not pass.
        let other = chi_square_score(&observed, &expected(3.0 * temperature));
        assert!(other > 4.0, "z = {other}");
    }
}

const THREE_DIAMETERS: [f64; 3] = [0.8, 1.0, 1.25];

/// Which of the three diameters is missing in a pair.
fn missing(first: f64, second: f64) -> usize {
    THREE_DIAMETERS.iter().position(|d| *d != first && *d != second).expect("two of three")
}

/// The part of each (diameters of particles 0 and 1, their distance) in a cube of side 3.2. By symmetry particle 0 stays at
/// the origin and particle 1 in one of 48 parts of the cube; the third is summed over, its energies read from tables.
fn three_particles_in_space(temperature: f64) -> Vec<f64> {
    let side = PeriodicBox::new(3.2).expect("positive");
    let potential = Potential::new(2).expect("valid");
    let points = 40;
    let step = side.longest() / points as f64;
    // Boltzmann factors of two particles the point (x, y, z) of a grid apart that begins at `from`.
    let table = |i: usize, j: usize, from: f64| -> Vec<f64> {
        let sigma = potential.scale(THREE_DIAMETERS[i], THREE_DIAMETERS[j]).diameter;
        let at = |k: usize| side.minimum_image(0, (k as f64 + from) * step);
        (0..points * points * points)
            .map(|k| [at(k % points), at(k / points % points), at(k / points / points)])
            .map(|apart| apart.iter().map(|x| x * x).sum::<f64>() / (sigma * sigma))
            .map(|x_squared| (-potential.value(x_squared) / temperature).exp())
            .collect()
    };
    let mut weights = vec![0.0; 3 * BINS];
    for [a, b, c] in [[0, 1, 2], [0, 2, 1], [1, 2, 0]] {
        // Both of the others lie at midpoints: their difference at points of the grid.
        let (factor01, factor02, factor12) = (table(a, b, 0.5), table(a, c, 0.5), table(b, c, 0.0));
        for z in 0..points / 2 {
            for y in 0..=z {
                for x in 0..=y {
                    let mut sum = 0.0;
                    for (third_z, third_y) in (0..points * points).map(|k| (k / points, k % points)) {
                        let row = points * (third_y + points * third_z);
                        let apart = |third: usize, second: usize| (third + points - second) % points;
                        let row12 = points * (apart(third_y, y) + points * apart(third_z, z));
                        for third_x in 0..points {
                            sum += factor02[row + third_x] * factor12[row12 + apart(third_x, x)];
                        }
                    }
                    let alike = [x == y, y == z].into_iter().filter(|&equal| equal).count();
                    let orders = [6.0, 3.0, 1.0][alike];
                    let apart = [x, y, z].map(|k| (k as f64 + 0.5) * step);
                    let place = missing(THREE_DIAMETERS[a], THREE_DIAMETERS[b]) * BINS + bin(side, apart);
                    weights[place] += orders * factor01[x + points * (y + points * z)] * sum;
                }
            }
        }
    }
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// Three particles in space, as in the plane.
fn three_particles_in_space_follow_the_boltzmann_distribution() {
    // Summed once for all instruction sets.
    static PARTS: OnceLock<[Vec<f64>; 2]> = OnceLock::new();
    let (temperature, samples) = (0.1, 20_000);
    let parts = PARTS.get_or_init(|| [temperature, 2.0 * temperature].map(three_particles_in_space));
    let [expected, other] =
        parts.each_ref().map(|parts| parts.iter().map(|part| part * samples as f64).collect::<Vec<f64>>());
    let side = PeriodicBox::new(3.2).expect("positive");
    let potential = Potential::new(2).expect("valid");
    for moves in [MOVES, LIFTED] {
        let positions = vec![[0.0; 3], [1.6, 0.0, 0.0], [0.0, 1.6, 0.0]];
        let start = Configuration::new(side, positions, THREE_DIAMETERS.to_vec()).expect("valid");
        let streams = Seed::of_realization(77, 5).eight_streams(Stage::Thermalize);
        let sampler = Sampler::new(&start, &potential, temperature, moves, streams).expect("samples");
        let observed = sampled_triples(sampler, samples, missing);
        let score = chi_square_score(&observed, &expected);
        assert!(score < 2.326, "{moves:?}: z = {score}\n{observed:?}\n{expected:?}");
        // At twice the temperature, the same counts do not pass.
        let other = chi_square_score(&observed, &other);
        assert!(other > 4.0, "z = {other}");
    }
}

fn the_configurational_temperature_in_space_is_the_temperature() {
    let potential = Potential::new(2).expect("valid");
    for (temperature, swap) in [(0.2, SwapProposal::LIFTED), (0.6, SwapProposal::Uniform)] {
        let (particles, diameters) = (300, DiameterChoice::Random);
        let composition = Composition { particles, density: 1.02, diameters, potential: potential.clone() };
        let settings =
            ThermalizeSettings { temperature, sweeps: 200, swap_fraction: 0.2, max_displacement: 0.12, swap };
        let glass = || thermalize::<3>(Seed::of_realization(9, 9), &composition, &settings);
        let (glass, again) = (glass().expect("a glass"), glass().expect("a glass"));
        assert_eq!(glass.configuration(), again.configuration());
        assert!((0.05..0.6).contains(&glass.evidence().acceptance_displacement));
        assert!((0.02..0.6).contains(&glass.evidence().acceptance_swap));
        let streams = Seed::of_realization(9, 10).eight_streams(Stage::Thermalize);
        let sampler =
            Sampler::new(glass.configuration(), &potential, temperature, settings.moves(), streams).expect("samples");
        let mean = mean_configurational_temperature(sampler, &potential);
        // One sample of 900 coordinates scatters by 6 %, the mean of sixty by 0.8 %: four of these.
        assert!((mean / temperature - 1.0).abs() < 0.033, "T = {temperature}, configurational {mean}");
    }
}
