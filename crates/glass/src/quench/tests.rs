use super::*;
use crate::diameters::DiameterChoice;
use crate::energy::{evaluate, force_max};
use crate::instruction_set::InstructionSet;
use crate::periodic::PeriodicBox;
use crate::random::{Seed, Stage, uniform};
use crate::thermalize::{Composition, Sampler, SwapProposal, ThermalizeSettings, Trials, thermalize};

crate::test_on_each_instruction_set! {
    random_starts_with_huge_overlaps_converge,
    large_boxes_reach_the_tolerance_although_rounding_alone_would_not,
    the_energy_never_rises,
    a_shaken_minimum_returns_to_itself,
    the_same_start_gives_the_same_bits,
    a_minimum_is_accepted_as_it_is_and_nothing_else,
    single_precision_is_polished_away,
    what_is_not_near_a_minimum_is_not_polished,
    what_settles_elsewhere_in_the_box_has_not_moved,
    a_saddle_is_no_inherent_structure,
    failures_carry_evidence,
    particles_that_hardly_touch_their_neighbours_converge,
    a_soft_particle_is_not_lost_among_rounding,
}

fn random(index: u64, particles: usize) -> Configuration {
    Configuration::random(Seed::of_realization(3, index), particles, 1.0, DiameterChoice::Random).expect("valid")
}

fn smooth(q: u32) -> Potential {
    Potential::new(q).expect("valid")
}

/// Independent displacements, uniform in ±`size` along each axis.
fn noise<const D: usize>(index: u64, particles: usize, size: f64) -> Vec<[f64; D]> {
    let mut stream = Seed::of_realization(4, index).stream(Stage::Positions);
    let mut coordinate = || size * (2.0 * uniform(&mut stream) - 1.0);
    (0..particles).map(|_| [(); D].map(|()| coordinate())).collect()
}

/// Largest distance between the same particle in both, the mean displacement taken out.
fn distance<const D: usize>(a: &Configuration<D>, b: &Configuration<D>) -> f64 {
    let mut moved: Vec<[f64; D]> =
        a.positions().iter().zip(b.positions()).map(|(&p, &q)| a.periodic_box().separation(p, q)).collect();
    vectors::remove_translation(&mut moved);
    vectors::length_max(&moved)
}

fn random_starts_with_huge_overlaps_converge() {
    converge::<2>(&[64, 128, 256, 512, 1000]);
    converge::<3>(&[70, 150, 400]);
}

fn converge<const D: usize>(sizes: &[usize]) {
    for (index, (particles, q)) in sizes.iter().flat_map(|&n| [2, 3, 4].map(|q| (n, q))).enumerate() {
        let seed = Seed::of_realization(3, index as u64);
        let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
        let minimum = quench(&start, &smooth(q), &QuenchSettings::default());
        let minimum = minimum.unwrap_or_else(|failure| panic!("N = {particles}, q = {q}: {failure}"));
        assert!(minimum.force_max() <= 1e-12);
        // What it says of itself is so.
        let evaluation = evaluate(minimum.configuration(), minimum.potential());
        assert_eq!(force_max(&evaluation.forces), minimum.force_max());
        assert_eq!(evaluation.energy / particles as f64, minimum.energy());
        // No negative mode but for rounding, and the translations.
        let modes = minimum.hessian().to_dense().self_adjoint_eigenvalues(faer::Side::Lower).expect("converges");
        let zero = modes.iter().filter(|value| value.abs() < 1e-9).count();
        assert!(modes[0] > -1e-9 && zero >= D, "{modes:?}");
    }
}

fn large_boxes_reach_the_tolerance_although_rounding_alone_would_not() {
    // L = 63: positions are multiples of 7·10⁻¹⁵, forces of 10⁻¹² or so.
    let minimum = quench(&random(20, 4000), &smooth(2), &QuenchSettings::default()).expect("converges");
    assert!(minimum.force_max() <= 1e-12);
}

fn the_energy_never_rises() {
    for index in 0..4 {
        let start = random(30 + index, 256);
        let mut descent = Descent::new(&start, &smooth(2), &QuenchSettings::default()).expect("finite");
        let mut gradient = None;
        let mut last = descent.energy;
        for goal in (-20..400).rev().map(|k| 10f64.powf(0.1 * f64::from(k))) {
            if goal > 1e3 {
                separate_overlaps(&mut descent, goal).expect("descends");
            } else {
                let gradient = gradient.get_or_insert_with(|| ConjugateGradient::new(&descent));
                gradient.descend(&mut descent, goal).expect("descends");
            }
            assert!(descent.energy <= last * (1.0 + 1e-14), "{} after {last}", descent.energy);
            last = descent.energy;
        }
        let mut goal = 1e-2;
        while newton(&mut descent, NEWTON_REACH, &mut 0).expect("evaluates").is_err() {
            goal *= 0.1;
            ConjugateGradient::new(&descent).descend(&mut descent, goal).expect("descends");
        }
        assert!(descent.energy <= last * (1.0 + 1e-14));
    }
}

fn a_shaken_minimum_returns_to_itself() {
    returns_to_itself::<2>();
    returns_to_itself::<3>();
}

fn returns_to_itself<const D: usize>() {
    for (index, q) in [2, 3, 4].into_iter().enumerate() {
        let seed = Seed::of_realization(3, 40 + index as u64);
        let start = Configuration::<D>::scattered(seed, 200, 1.0, DiameterChoice::Random).expect("valid");
        let minimum = quench(&start, &smooth(q), &QuenchSettings::default()).expect("converges");
        let shaken = minimum.configuration().displaced(&noise(index as u64, 200, 0.01), 1.0);
        let again = quench(&shaken, &smooth(q), &QuenchSettings::default()).expect("converges");
        assert!(distance(minimum.configuration(), again.configuration()) < 1e-9);
        assert!((minimum.energy() - again.energy()).abs() < 1e-13);
    }
}

fn the_same_start_gives_the_same_bits() {
    let run = || quench(&random(50, 300), &smooth(2), &QuenchSettings::default()).expect("converges");
    let (first, second) = (run(), run());
    assert_eq!(first.configuration(), second.configuration());
    assert_eq!((first.iterations(), first.newton_steps()), (second.iterations(), second.newton_steps()));
}

fn a_minimum_is_accepted_as_it_is_and_nothing_else() {
    let minimum = quench(&random(60, 128), &smooth(2), &QuenchSettings::default()).expect("converges");
    let accepted = InherentStructure::accept(minimum.configuration().clone(), &smooth(2), 1e-12).expect("a minimum");
    assert_eq!(accepted.configuration(), minimum.configuration());
    assert_eq!(accepted.energy(), minimum.energy());
    let shaken = minimum.configuration().displaced(&noise(1, 128, 1e-9), 1.0);
    let refused = InherentStructure::accept(shaken.clone(), &smooth(2), 1e-12);
    let force = force_max(&evaluate(&shaken, &smooth(2)).forces);
    match refused {
        Err(failure @ QuenchFailure::NotConverged { force_max, tolerance: 1e-12, iterations: 0, .. }) => {
            assert!(force_max == force && !failure.is_rounding() && !failure.to_string().contains("rounding"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_rounding_leaves_of_a_dense_glass_is_accepted() {
    let start = Configuration::random(Seed::of_realization(62, 0), 256, 1.5, DiameterChoice::Random).expect("valid");
    let minimum = quench(&start, &smooth(2), &QuenchSettings::default()).expect("what rounding leaves is accepted");
    let rounding = rounding::force_of_rounding(minimum.hessian(), start.periodic_box().longest());
    assert!(minimum.force_max() > 1e-12 && minimum.force_max() <= rounding, "{}", minimum.force_max());
    let again = InherentStructure::accept(minimum.configuration().clone(), &smooth(2), 1e-12).expect("the same rule");
    assert_eq!(again.force_max(), minimum.force_max());
    // Moved by hundreds of times the spacing of its coordinates, it is refused.
    let shaken = minimum.configuration().displaced(&noise(3, 256, 1e-12), 1.0);
    assert!(force_max(&evaluate(&shaken, &smooth(2)).forces) > rounding);
    let refused = InherentStructure::accept(shaken, &smooth(2), 1e-12);
    assert!(matches!(refused, Err(QuenchFailure::NotConverged { .. })), "{refused:?}");
}

fn single_precision_is_polished_away() {
    let minimum = quench(&random(70, 512), &smooth(2), &QuenchSettings::default()).expect("converges");
    let rounded = minimum.configuration().positions().iter().map(|r| r.map(|x| f64::from(x as f32))).collect();
    let diameters = minimum.configuration().diameters().to_vec();
    let stored = Configuration::new(minimum.configuration().periodic_box(), rounded, diameters).expect("valid");
    let (polished, moved) = InherentStructure::polish(stored, &smooth(2), &QuenchSettings::default()).expect("near");
    assert!(polished.force_max() <= 1e-12 && polished.iterations() == 0 && polished.newton_steps() > 0);
    assert!(moved > 0.0 && moved < 1e-4, "{moved}");
    assert!(distance(minimum.configuration(), polished.configuration()) < 1e-9);
}

fn what_is_not_near_a_minimum_is_not_polished() {
    let settings = QuenchSettings::default();
    let minimum = quench(&random(80, 512), &smooth(2), &settings).expect("converges");
    let shaken = minimum.configuration().displaced(&noise(2, 512, 0.2), 1.0);
    let force = force_max(&evaluate(&shaken, &smooth(2)).forces);
    match InherentStructure::polish(shaken, &smooth(2), &settings) {
        Err(QuenchFailure::NotNearMinimum { force_max, .. }) => assert_eq!(force_max, force),
        other => panic!("{other:?}"),
    }
}

fn what_settles_elsewhere_in_the_box_has_not_moved() {
    let minimum = quench(&random(71, 256), &smooth(2), &QuenchSettings::default()).expect("converges");
    let rounded = minimum.configuration().positions().iter().map(|r| r.map(|x| f64::from(x as f32))).collect();
    let diameters = minimum.configuration().diameters().to_vec();
    let stored = Configuration::new(minimum.configuration().periodic_box(), rounded, diameters).expect("valid");
    // Less than rounding of the positions leaves anywhere, so that place after place is tried.
    let settings = QuenchSettings { force_tolerance: 1e-16, ..QuenchSettings::default() };
    let (polished, moved) = InherentStructure::polish(stored.clone(), &smooth(2), &settings).expect("near");
    let side = stored.periodic_box();
    let apart = side.separation(stored.positions()[0], polished.configuration().positions()[0]);
    assert!(crate::space::square(apart) > 1.0, "{apart:?}");
    assert!(moved > 0.0 && moved < 1e-4, "{moved}");

    let mut descent = Descent::new(minimum.configuration(), &smooth(2), &settings).expect("finite");
    descent.translate([8.0, -8.0]);
    assert!(descent.displacement_max(minimum.configuration().positions()) < 1e-13);
}

fn a_saddle_is_no_inherent_structure() {
    // Four particles in a square lattice just under pressure: forces vanish by symmetry, shear does not cost.
    let side = PeriodicBox::new(6.0).expect("positive");
    let positions = (0..36).map(|k| [0.5 + f64::from(k % 6), 0.5 + f64::from(k / 6)]).collect();
    let square = Configuration::new(side, positions, vec![1.0; 36]).expect("valid");
    assert!(force_max(&evaluate(&square, &smooth(2)).forces) < 1e-12);
    for result in [
        InherentStructure::accept(square.clone(), &smooth(2), 1e-12),
        quench(&square, &smooth(2), &QuenchSettings::default()),
    ] {
        assert!(matches!(result, Err(QuenchFailure::Saddle { .. })), "{result:?}");
    }
}

#[test]
fn where_rounding_is_in_the_way_a_tolerance_is_named() {
    let failure =
        |force_max, rounding| QuenchFailure::NotConverged { force_max, tolerance: 1e-12, rounding, iterations: 9 };
    let message = failure(2.6e-12, 4.3e-12).to_string();
    assert!(message.ends_with("ask for quench.force_tolerance = 1e-11"), "{message}");
    assert!(!failure(2.6e-2, 4.3e-12).is_rounding() && !failure(2.6e-12, 3e-13).is_rounding());
    // What the estimate says of a glass of 256 particles lets 1e-12 be reached.
    let minimum = quench(&random(61, 256), &smooth(2), &QuenchSettings::default()).expect("converges");
    let rounding = rounding::force_of_rounding(minimum.hessian(), 16.0);
    assert!((1e-14..1e-12).contains(&rounding), "{rounding}");
}

fn failures_carry_evidence() {
    let few = QuenchSettings { evaluations_max: 20, ..QuenchSettings::default() };
    match quench(&random(90, 128), &smooth(2), &few) {
        Err(QuenchFailure::NotConverged { force_max, iterations: 20, .. }) => assert!(force_max > 1e-12),
        other => panic!("{other:?}"),
    }
    let side = PeriodicBox::new(6.0).expect("positive");
    let same = Configuration::new(side, vec![[1.0, 1.0], [1.0, 1.0]], vec![1.0, 1.0]).expect("valid");
    assert_eq!(
        quench(&same, &smooth(2), &QuenchSettings::default()).err(),
        Some(QuenchFailure::Coincident { first: 0, second: 1 })
    );
}

fn particles_that_hardly_touch_their_neighbours_converge() {
    // Found among 400 starts of 36 particles: at the end one particle slides out of its last contact,
    // where for q = 4 force and stiffness vanish like the fourth and third power of the distance left.
    for index in [122, 160, 230] {
        let start = Configuration::random(Seed::of_realization(77, index), 36, 1.0, DiameterChoice::Random);
        let minimum = quench(&start.expect("valid"), &smooth(4), &QuenchSettings::default()).expect("converges");
        assert!(minimum.force_max() <= 1e-12);
    }
}

fn sampling(temperature: f64, sweeps: u64, swap: SwapProposal) -> ThermalizeSettings {
    ThermalizeSettings { temperature, sweeps, swap_fraction: 0.2, max_displacement: 0.12, swap }
}

fn a_soft_particle_is_not_lost_among_rounding() {
    // Found among 950 liquids: each Newton step halves the distance of one particle from its last contact, down to
    // where its force, still ten times the tolerance, is less than the sum of what rounding leaves of all others.
    let (seed, potential) = (Seed::of_realization(2026, 48), smooth(2));
    let composition =
        Composition { particles: 4000, density: 1.0, diameters: DiameterChoice::Random, potential: potential.clone() };
    let settings = sampling(0.1, 1, SwapProposal::Uniform);
    let start = thermalize::<2>(seed, &composition, &settings).expect("a liquid");
    let streams = Seed::of_realization(seed.bits(), 0).eight_streams(Stage::Thermalize);
    let mut sampler = Sampler::new(start.configuration(), &potential, settings.temperature, settings.moves(), streams)
        .expect("valid");
    sampler.run(60);
    let liquid = sampler.configuration().expect("finite");
    let minimum = quench(&liquid, &potential, &QuenchSettings::default()).expect("converges");
    assert!(minimum.force_max() <= 1e-12);
}

#[test]
fn a_particle_that_slides_along_its_last_contacts_converges() {
    // One of 6000 glasses with q = 4 (config/cutoff/q4-colder.toml, realization 6951): its softest particle is held by
    // 3·10⁻¹⁰ along its last contacts, where it must go 10⁻³ and Newton's equation holds over a tenth of that.
    let potential = smooth(4);
    let composition = Composition {
        particles: 1024,
        density: 1.0,
        diameters: DiameterChoice::Quantile,
        potential: potential.clone(),
    };
    let settings = sampling(0.0475, 31_000, SwapProposal::Lifted { range: 0.2 });
    let liquid = thermalize::<2>(Seed::of_realization(1_024_004, 347), &composition, &settings).expect("a glass");
    let minimum = quench(liquid.configuration(), &potential, &QuenchSettings::default()).expect("converges");
    assert!(minimum.force_max() <= 1e-12);
}

#[test]
fn rounding_ends_when_its_looks_are_used_up() {
    let minimum = quench(&random(40, 64), &smooth(2), &QuenchSettings::default()).expect("converges");
    let hessian = minimum.hessian();
    let mut positions = minimum.configuration().positions().to_vec();
    let forces = evaluate(minimum.configuration(), minimum.potential()).forces;
    let side = minimum.configuration().periodic_box();
    // No rounding of positions near 8 has forces of 10⁻¹⁷: it would go on as long as anything gets better.
    let mut looks = 5;
    assert!(rounding::improve_rounding(&mut positions, &forces, hessian, side, 1e-17, &mut looks));
    assert_eq!(looks, 0);
    assert!(!rounding::improve_rounding(&mut positions, &forces, hessian, side, 1e-17, &mut looks));
}

#[test]
fn a_minimum_in_space_is_the_same_bits_on_every_instruction_set() {
    let run = || {
        let seed = Seed::of_realization(3, 7);
        let start = Configuration::<3>::scattered(seed, 300, 1.02, DiameterChoice::Random).expect("valid");
        quench(&start, &smooth(2), &QuenchSettings::default()).expect("converges")
    };
    let expected = run();
    for set in InstructionSet::available() {
        let found = set.only(run).expect("available");
        assert_eq!(found.configuration(), expected.configuration(), "{set}");
    }
}
