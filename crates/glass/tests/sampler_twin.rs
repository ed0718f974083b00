//! The fast sampler against its plain twin: the same random numbers, the same decisions.

use glass::InstructionSet;
use glass::Potential;
use glass::configuration::Configuration;
use glass::diameters::DiameterChoice;
use glass::interaction::wca::WCA;
use glass::interaction::{Family, Harmonic, Hertzian, InversePower, LennardJones, Mixing};
use glass::random::{Seed, Stage};
use glass::thermalize::plain::PlainSampler;
use glass::thermalize::{ListMargins, Moves, Sampler, SwapProposal, Trials};

glass::test_on_each_instruction_set! {
    decides_as_the_plain_sampler_from_a_random_start_down_to_the_glass,
    decides_as_the_plain_sampler_for_a_hundred_thousand_trials_in_the_glass,
    decides_as_the_plain_sampler_in_the_smallest_boxes,
    decides_as_the_plain_sampler_with_one_kind_of_trial_and_large_displacements,
    decides_as_the_plain_sampler_when_swaps_are_lifted,
    decides_as_the_plain_sampler_for_every_repulsive_shape,
    decides_as_the_plain_sampler_in_space,
    decides_as_the_plain_sampler_in_the_smallest_cubes,
    list_margins_change_nothing_over_a_million_trials,
}

const MOVES: Moves = Moves { swap_fraction: 0.2, max_displacement: 0.12, swap: SwapProposal::Uniform };

fn seed_of(particles: usize) -> Seed {
    Seed::of_realization(77, particles as u64)
}

fn start_in_space(particles: usize) -> Configuration<3> {
    Configuration::scattered(seed_of(particles), particles, 1.02, DiameterChoice::Random)
        .expect("a random configuration")
}

fn start(particles: usize, smoothness: u32) -> (Configuration, Potential, Seed) {
    let seed = seed_of(particles);
    let configuration =
        Configuration::random(seed, particles, 1.0, DiameterChoice::Random).expect("a random configuration");
    (configuration, Potential::new(smoothness).expect("a smoothness"), seed)
}

/// Largest distance between the positions of two configurations.
fn largest_distance<const D: usize>(first: &Configuration<D>, second: &Configuration<D>) -> f64 {
    let side = first.periodic_box();
    first
        .positions()
        .iter()
        .zip(second.positions())
        .flat_map(|(&a, &b)| side.separation(a, b))
        .fold(0.0, |largest, along| largest.max(along.abs()))
}

/// Twin and sampler side by side from the same configuration: after every `sweeps` the acceptances
/// and diameters are equal, the positions to 1e-9 and the energies per particle to 1e-8.
fn compare(particles: usize, smoothness: u32, temperatures: &[f64], moves: Moves, sweeps: u64, rounds: u64) {
    let (configuration, potential, seed) = start(particles, smoothness);
    compare_from(configuration, &potential, seed, temperatures, moves, [sweeps, rounds]);
}

fn compare_from<const D: usize>(
    mut configuration: Configuration<D>,
    potential: &Potential,
    seed: Seed,
    temperatures: &[f64],
    moves: Moves,
    [sweeps, rounds]: [u64; 2],
) {
    let particles = configuration.particles();
    for &temperature in temperatures {
        let streams = || seed.eight_streams(Stage::Thermalize);
        let mut plain =
            PlainSampler::new(&configuration, potential, temperature, moves, streams()).expect("valid settings");
        let mut fast = Sampler::new(&configuration, potential, temperature, moves, streams()).expect("valid settings");
        for round in 0..rounds {
            plain.run(sweeps);
            fast.run(sweeps);
            let (expected, found) = (plain.configuration().expect("finite"), fast.configuration().expect("finite"));
            assert_eq!(plain.acceptance(), fast.acceptance(), "N = {particles}, T = {temperature}, round {round}");
            assert_eq!(expected.diameters(), found.diameters(), "N = {particles}, T = {temperature}, round {round}");
            assert!(largest_distance(&expected, &found) < 1e-9);
            let scale = plain.energy().max(1.0);
            assert!((plain.energy() - fast.energy()).abs() < 1e-8 * scale, "{} {}", plain.energy(), fast.energy());
        }
        configuration = plain.configuration().expect("finite");
    }
}

fn decides_as_the_plain_sampler_from_a_random_start_down_to_the_glass() {
    // 250 · 100 trials at each temperature.
    compare(250, 2, &[4.0, 1.0, 0.3, 0.1], MOVES, 10, 10);
}

fn decides_as_the_plain_sampler_for_a_hundred_thousand_trials_in_the_glass() {
    compare(400, 3, &[2.0, 0.1, 0.1], MOVES, 50, 6);
}

fn decides_as_the_plain_sampler_in_the_smallest_boxes() {
    for particles in [17, 20, 30, 47] {
        compare(particles, 2, &[5.0, 0.5, 0.1, 0.05], MOVES, 100, 10);
    }
}

fn decides_as_the_plain_sampler_with_one_kind_of_trial_and_large_displacements() {
    compare(
        120,
        4,
        &[5.0, 0.5],
        Moves { swap_fraction: 0.0, max_displacement: 0.4, swap: SwapProposal::Uniform },
        50,
        4,
    );
    compare(
        120,
        4,
        &[5.0, 0.5],
        Moves { swap_fraction: 1.0, max_displacement: 0.12, swap: SwapProposal::Uniform },
        50,
        4,
    );
    compare(
        400,
        2,
        &[5.0, 0.5],
        Moves { swap_fraction: 0.5, max_displacement: 1.5, swap: SwapProposal::Uniform },
        20,
        4,
    );
}

/// Lifted swaps of every range, alone and among displacements, in boxes down to the smallest: with fewer
/// particles than walkers in a batch and with several walkers on one particle.
fn decides_as_the_plain_sampler_when_swaps_are_lifted() {
    let lifted = |range| SwapProposal::Lifted { range };
    compare(250, 2, &[4.0, 1.0, 0.3, 0.1], Moves { swap: lifted(0.1), ..MOVES }, 10, 10);
    compare(400, 3, &[2.0, 0.1, 0.1], Moves { swap: lifted(0.02), swap_fraction: 0.5, ..MOVES }, 50, 4);
    compare(120, 4, &[5.0, 0.5], Moves { swap: lifted(1.0), swap_fraction: 1.0, ..MOVES }, 50, 4);
    for particles in [17, 20, 30, 47] {
        compare(particles, 2, &[5.0, 0.5, 0.1], Moves { swap: lifted(0.3), ..MOVES }, 100, 10);
    }
}

/// The same in space.
fn compare_in_space(particles: usize, smoothness: u32, temperatures: &[f64], moves: Moves, [sweeps, rounds]: [u64; 2]) {
    let potential = Potential::new(smoothness).expect("a smoothness");
    compare_from(start_in_space(particles), &potential, seed_of(particles), temperatures, moves, [sweeps, rounds]);
}

/// From a random start down to the glass; one kind of trial alone, and large displacements.
fn decides_as_the_plain_sampler_in_space() {
    let lifted = |range| SwapProposal::Lifted { range };
    compare_in_space(400, 2, &[4.0, 1.0, 0.3, 0.1], MOVES, [10, 5]);
    compare_in_space(400, 2, &[4.0, 1.0, 0.3, 0.1], Moves { swap: lifted(0.2), ..MOVES }, [10, 5]);
    compare_in_space(250, 3, &[2.0, 0.1], Moves { swap: lifted(0.02), swap_fraction: 0.5, ..MOVES }, [40, 3]);
    let large = Moves { swap_fraction: 0.5, max_displacement: 0.8, ..MOVES };
    for moves in [Moves { swap_fraction: 0.0, ..MOVES }, Moves { swap_fraction: 1.0, ..MOVES }, large] {
        compare_in_space(300, 4, &[5.0, 0.5], moves, [20, 3]);
    }
}

/// Every image counts here, and fewer particles than walkers are in a batch.
fn decides_as_the_plain_sampler_in_the_smallest_cubes() {
    for particles in [72, 90, 130] {
        for swap in [SwapProposal::Uniform, SwapProposal::Lifted { range: 0.3 }] {
            compare_in_space(particles, 2, &[5.0, 0.5, 0.1, 0.05], Moves { swap, ..MOVES }, [50, 6]);
        }
    }
}

fn repulsive() -> [Potential; 4] {
    let lerner = InversePower::new(10, 3, 1.48).expect("valid");
    [
        Potential::of(Family::inverse_power(lerner), Mixing::NonAdditive(0.1)),
        Potential::of(Family::Wca(WCA), Mixing::NonAdditive(0.2)),
        Potential::of(Family::Harmonic(Harmonic), Mixing::NonAdditive(0.0)),
        Potential::of(Family::Hertzian(Hertzian), Mixing::NonAdditive(0.0)),
    ]
}

fn decides_as_the_plain_sampler_for_every_repulsive_shape() {
    for potential in repulsive() {
        for swap in [SwapProposal::Uniform, SwapProposal::Lifted { range: 0.1 }] {
            let (configuration, _, seed) = start(100, 2);
            let moves = Moves { swap, ..MOVES };
            compare_from(configuration, &potential, seed, &[4.0, 0.1, 0.01], moves, [20, 4]);
            compare_from(start_in_space(150), &potential, seed, &[4.0, 0.1, 0.01], moves, [10, 2]);
        }
    }
}

#[test]
fn an_attractive_potential_is_refused() {
    let lennard_jones = Family::LennardJones(LennardJones::new(2, 2.5).expect("valid"));
    let potential = Potential::of(lennard_jones, Mixing::NonAdditive(0.0));
    let (configuration, _, seed) = start(100, 2);
    let refused = Sampler::new(&configuration, &potential, 0.1, MOVES, seed.eight_streams(Stage::Thermalize));
    let words = refused.expect_err("refused").to_string();
    assert!(words.contains("purely repulsive potentials only") && words.contains("glassmodes modes"), "{words}");
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let lifted = Moves { swap: SwapProposal::Lifted { range: 0.1 }, ..MOVES };
    let paper = Potential::new(2).expect("a smoothness");
    for (particles, moves) in [(80, MOVES), (333, lifted)] {
        are_the_same_bits(&start_in_space(particles), &paper, seed_of(particles), moves);
    }
    let papers = [(20, MOVES), (333, MOVES), (20, lifted), (333, lifted)]
        .map(|(particles, moves)| (particles, moves, Potential::new(2).expect("a smoothness")));
    let others = repulsive().map(|potential| (100, MOVES, potential));
    for (particles, moves, potential) in papers.into_iter().chain(others) {
        let (configuration, _, seed) = start(particles, 2);
        are_the_same_bits(&configuration, &potential, seed, moves);
    }
}

fn are_the_same_bits<const D: usize>(start: &Configuration<D>, potential: &Potential, seed: Seed, moves: Moves) {
    let mut expected = None;
    for set in InstructionSet::available() {
        let mut configuration = start.clone();
        for temperature in [4.0, 0.5, 0.1] {
            let streams = seed.eight_streams(Stage::Thermalize);
            let margins = ListMargins::default();
            let mut sampler =
                Sampler::with(&configuration, potential, temperature, moves, streams, set, margins).expect("valid");
            sampler.run(150);
            configuration = sampler.configuration().expect("finite");
            if temperature == 0.1 {
                let found = (configuration.clone(), sampler.energy().to_bits(), sampler.acceptance());
                assert_eq!(*expected.get_or_insert_with(|| found.clone()), found, "{set}");
            }
        }
    }
}

fn list_margins_change_nothing_over_a_million_trials() {
    let (configuration, potential, seed) = start(500, 2);
    let mut hot =
        Sampler::new(&configuration, &potential, 2.0, MOVES, seed.eight_streams(Stage::Thermalize)).expect("valid");
    hot.run(200);
    let configuration = hot.configuration().expect("finite");
    let mut expected = None;
    for (skin, growth) in [(0.25, 0.05), (0.02, 0.001), (0.1, 0.2), (0.6, 0.02)] {
        let streams = seed.eight_streams(Stage::Positions);
        let margins = ListMargins { skin, growth };
        let mut sampler =
            Sampler::with(&configuration, &potential, 0.1, MOVES, streams, InstructionSet::detect(), margins)
                .expect("valid settings");
        sampler.run(2000);
        let (configuration, energy, _) = expected
            .get_or_insert_with(|| (sampler.configuration().expect("finite"), sampler.energy(), sampler.acceptance()));
        let found = sampler.configuration().expect("finite");
        assert!((sampler.energy() / *energy - 1.0).abs() < 1e-8, "{margins:?}");
        assert_eq!(configuration.diameters(), found.diameters(), "{margins:?}");
        assert!(largest_distance(configuration, &found) < 1e-8, "{margins:?}");
    }
}
