//! Modes described: what must not matter does not, and what is no mode is refused.

use super::samples::{double_well, minimum, minimum_in, modes};
use super::*;
use crate::spectrum::{SpectrumMethod, SpectrumSettings};
use glass::quench::quench;
use glass::{Configuration, Seed};

glass::test_on_each_instruction_set! {
    translation_and_permutation_change_nothing,
    the_sign_of_the_eigenvector_does_not_matter,
    what_is_no_eigenpair_is_refused,
    a_solver_may_round_however_soft_the_mode,
    the_selection_is_every_mode_below_and_the_lowest,
    a_spectrum_is_described_as_far_as_asked_and_no_further,
    a_vector_that_was_not_kept_is_named,
    low_and_dense_spectra_are_described_alike,
    a_spectrum_that_ends_too_early_is_refused,
    every_mode_is_described_where_more_is_asked_than_there_is,
    the_mode_of_a_particle_hardly_held_is_that_particle_alone,
    low_and_dense_spectra_are_described_alike_in_space,
    a_glass_beside_itself_is_the_same_glass,
}

fn settings() -> ModeSettings {
    let quench = QuenchSettings::default();
    ModeSettings { omega_max: 1.0, lowest: 2, snapshot_participation_max: 0.3, quench }
}

/// The spectrum below `omega` and of the `lowest` lowest, with their vectors.
fn spectrum<const D: usize>(
    minimum: &InherentStructure<D>,
    method: SpectrumMethod,
    omega: f64,
    lowest: usize,
) -> Spectrum<D> {
    let settings = SpectrumSettings {
        method,
        omega_max: omega,
        omega_vectors: omega,
        lowest_vectors: lowest,
        ..SpectrumSettings::default()
    };
    Spectrum::compute(minimum, Seed::of_realization(1, 1), &settings).expect("computes")
}

/// Every mode of `minimum`, kept whole.
fn described(minimum: &InherentStructure) -> Vec<Mode> {
    let describer = Describer::new(minimum, &QuenchSettings::default());
    modes(minimum).into_iter().map(|mode| describer.describe(mode, true).expect("an eigenpair")).collect()
}

/// All numbers but the vector. Energies of the whole system carry 10⁻¹³ of rounding, and a b₃ that
/// cancels passes its error on to β, so that 10⁻⁷ is what can be asked.
fn assert_same(one: &Mode, other: &Mode) {
    assert_eq!((one.index, one.group), (other.index, other.group));
    let numbers = |m: &Mode| {
        let mut all = vec![m.omega, m.participation, m.b2, m.b3, m.b4, m.beta, m.barrier, m.depth, m.separation];
        all.extend([m.true_barrier, m.true_depth, m.true_separation, m.landing_energy, m.landing_distance]);
        all.extend([m.cutoff_share_b3, m.cutoff_share_b4, m.b3_inside, m.b4_inside, m.own_stiffness]);
        all.extend(m.profile_s.iter().chain(&m.profile_energy));
        all
    };
    for (position, (a, b)) in numbers(one).into_iter().zip(numbers(other)).enumerate() {
        let same = (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-7 * a.abs().max(1e-2);
        assert!(same, "mode {}, number {position}: {a} {b}", one.index);
    }
}

fn translation_and_permutation_change_nothing() {
    let here = double_well();
    let reference = described(&here);
    assert!(reference[0].landing_distance > 0.1, "the lowest mode is a double well");
    let configuration = here.configuration();
    let particles = configuration.particles();

    let moved = configuration.displaced(&vec![[1.7, -3.1]; particles], 1.0);
    let moved = described(&quench(&moved, here.potential(), &QuenchSettings::default()).expect("converges"));
    let order: Vec<usize> = (0..particles).map(|i| (i * 37 + 11) % particles).collect();
    let shuffled = Configuration::new(
        configuration.periodic_box(),
        order.iter().map(|&i| configuration.positions()[i]).collect(),
        order.iter().map(|&i| configuration.diameters()[i]).collect(),
    )
    .expect("valid");
    let shuffled = described(&quench(&shuffled, here.potential(), &QuenchSettings::default()).expect("converges"));

    for ((mode, moved), shuffled) in reference.iter().zip(&moved).zip(&shuffled).take(20) {
        assert_same(mode, moved);
        assert_same(mode, shuffled);
        let (vector, permuted) =
            (mode.displacements::<2>().expect("kept"), shuffled.displacements::<2>().expect("kept"));
        for (k, &i) in order.iter().enumerate() {
            assert!((0..2).all(|a| (permuted[k][a] - vector[i][a]).abs() < 1e-7));
        }
    }
}

fn the_sign_of_the_eigenvector_does_not_matter() {
    let minimum = minimum(50, 64, 2);
    let describer = Describer::new(&minimum, &QuenchSettings::default());
    for mut mode in modes(&minimum).into_iter().take(10) {
        let one = describer.describe(mode.clone(), true).expect("an eigenpair");
        mode.vector.as_flattened_mut().iter_mut().for_each(|v| *v = -*v);
        let other = describer.describe(mode, true).expect("an eigenpair");
        // Debug, because NaN is not equal to itself.
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}

fn what_is_no_eigenpair_is_refused() {
    let minimum = minimum(51, 64, 2);
    let describer = Describer::new(&minimum, &QuenchSettings::default());
    let mode = modes(&minimum).remove(3);
    let index = mode.index;

    let mut wrong = mode.clone();
    wrong.eigenvalue *= 1.0 + 2e-6;
    assert!(matches!(describer.describe(wrong, false), Err(DescribeFailure::Curvature { index: i, .. }) if i == index));
    let mut wrong = mode.clone();
    wrong.vector[0][0] += 0.01;
    assert!(matches!(describer.describe(wrong, false), Err(DescribeFailure::Curvature { .. })));
    let mut wrong = mode.clone();
    wrong.vector.pop();
    let failure = DescribeFailure::Length { index, particles: 64, found: 63 };
    assert_eq!(describer.describe(wrong, false), Err(failure));
    let translation = Eigenpair { index: 0, eigenvalue: 0.0, participation: 1.0, vector: vec![[0.125, 0.0]; 64] };
    assert!(matches!(describer.describe(translation, false), Err(DescribeFailure::Expansion { index: 0, .. })));
}

/// λ of a solver is off by some ε‖H‖; of a mode as soft as a nearly free particle's, that is much.
fn a_solver_may_round_however_soft_the_mode() {
    let minimum = minimum(51, 64, 2);
    let describer = Describer::new(&minimum, &QuenchSettings::default());
    let mut mode = modes(&minimum).remove(0);
    // All but a translation.
    for component in &mut mode.vector {
        *component = [0.125 + 1e-5 * component[0], 1e-5 * component[1]];
    }
    let stiffness = describer.contacts.stiffness();
    let b2 = describer.contacts.expand(&mode.vector).b2;
    assert!(b2 > 0.0 && 1e-6 * b2 < 0.1 * f64::EPSILON * stiffness, "{b2:e} {stiffness}");
    mode.eigenvalue = b2 + 8.0 * f64::EPSILON * stiffness;
    assert!(describer.describe(mode.clone(), false).is_ok());
    mode.eigenvalue = b2 + 1e-13 * stiffness;
    assert!(matches!(describer.describe(mode, false), Err(DescribeFailure::Curvature { .. })));
}

fn the_selection_is_every_mode_below_and_the_lowest() {
    let eigenvalues = [-0.1, 0.0, 1e-17, 0.25, 0.5, 0.81, 1.0, 2.0];
    let select =
        |omega_max: f64, lowest: usize| selection(&eigenvalues, 3, &ModeSettings { omega_max, lowest, ..settings() });
    assert_eq!(select(1.0, 1), 3..6);
    assert_eq!(select(1.01, 1), 3..7);
    assert_eq!(select(0.1, 2), 3..5);
    assert_eq!(select(0.1, 0), 3..3);
    assert_eq!(select(9.0, 1), 3..8);
    assert_eq!(select(0.1, 99), 3..8);
    assert_eq!(selection(&[], 0, &settings()), 0..0);
}

fn a_spectrum_is_described_as_far_as_asked_and_no_further() {
    let minimum = minimum(52, 64, 2);
    let spectrum = spectrum(&minimum, SpectrumMethod::Dense, settings().omega_max, settings().lowest);
    let described = describe(&minimum, &spectrum, &settings()).expect("describes");
    let expected = modes(&minimum).into_iter().filter(|mode| mode.eigenvalue < 1.0).count().max(2);
    assert_eq!(described.len(), expected);
    for (position, mode) in described.iter().enumerate() {
        assert_eq!(mode.index as usize, 2 + position);
        let kept = position < settings().lowest || mode.participation <= settings().snapshot_participation_max;
        assert_eq!(mode.vector.is_some(), kept);
        assert_eq!(mode.profile_s.is_empty(), !kept);
        assert_eq!(mode.profile_s.len(), mode.profile_energy.len());
    }
}

fn a_vector_that_was_not_kept_is_named() {
    let minimum = minimum(52, 64, 2);
    let spectrum = spectrum(&minimum, SpectrumMethod::Dense, 0.1, 1);
    let failure = DescribeFailure::VectorMissing { index: 3 };
    assert_eq!(describe(&minimum, &spectrum, &settings()), Err(failure));
}

fn low_and_dense_spectra_are_described_alike() {
    are_described_alike(&double_well(), &settings());
}

fn low_and_dense_spectra_are_described_alike_in_space() {
    let settings = ModeSettings { omega_max: 3.5, lowest: 4, ..settings() };
    are_described_alike(&minimum_in::<3>(53, 150, 2), &settings);
}

fn are_described_alike<const D: usize>(minimum: &InherentStructure<D>, settings: &ModeSettings) {
    let [dense, low] = [SpectrumMethod::Dense, SpectrumMethod::Low].map(|method| {
        let spectrum = spectrum(minimum, method, settings.omega_max, settings.lowest);
        describe(minimum, &spectrum, settings).expect("describes")
    });
    assert_eq!(dense.len(), low.len());
    for (one, other) in dense.iter().zip(&low) {
        assert_same(one, other);
    }
}

fn a_spectrum_that_ends_too_early_is_refused() {
    let minimum = double_well();
    let spectrum = spectrum(&minimum, SpectrumMethod::Low, 0.5, 1);
    assert!(matches!(
        describe(&minimum, &spectrum, &settings()),
        Err(DescribeFailure::Incomplete { wanted: 1.0, complete }) if complete < 1.0
    ));
}

fn every_mode_is_described_where_more_is_asked_than_there_is() {
    let minimum = minimum(52, 64, 2);
    let settings = ModeSettings { omega_max: 1000.0, ..settings() };
    let spectrum = spectrum(&minimum, SpectrumMethod::Low, settings.omega_max, settings.lowest);
    assert_eq!((spectrum.eigenvalues().len(), spectrum.omega_complete()), (128, f64::INFINITY));
    assert_eq!(describe(&minimum, &spectrum, &settings).expect("describes").len(), 126);
}

fn the_mode_of_a_particle_hardly_held_is_that_particle_alone() {
    let minimum = samples::hardly_held(1e-3, 2);
    let particles = minimum.configuration().particles() as f64;
    let typical = OwnStiffness::of(minimum.hessian()).typical();
    let described = described(&minimum);
    let softest = &described[0];
    assert!(softest.participation * particles < 1.1, "{}", softest.participation * particles);
    assert!(softest.own_stiffness < 1e-2 * typical, "{} {typical}", softest.own_stiffness);
    // All others at rest is an upper bound, and no other particle moves.
    assert!((softest.b2 / softest.own_stiffness - 1.0).abs() < 0.1, "{} {}", softest.b2, softest.own_stiffness);
    // What it is made of is the cutoff region: next to nothing is inside.
    assert!(softest.b4_inside.abs() < 0.1 * softest.b4.abs(), "{} of {}", softest.b4_inside, softest.b4);
    // The modes of the crystal move particles that are held as all are.
    let last = described.last().expect("a mode");
    assert!(last.own_stiffness > 0.3 * typical, "{} {typical}", last.own_stiffness);
}

/// Two copies in a box of twice the width: a box of different sides whose answers are known.
fn a_glass_beside_itself_is_the_same_glass() {
    is_the_same_beside_itself::<2>(64);
    is_the_same_beside_itself::<3>(100);
}

fn is_the_same_beside_itself<const D: usize>(particles: usize) {
    // Next to itself a glass may be unstable.
    let beside = |one: InherentStructure<D>| {
        let (configuration, potential) = (one.configuration(), one.potential());
        let mut sides = configuration.periodic_box().sides();
        let width = sides[1];
        sides[1] *= 2.0;
        let copy = configuration.positions().iter().map(|&r| std::array::from_fn(|a| r[a] + [0.0, width, 0.0][a]));
        let positions = configuration.positions().iter().copied().chain(copy).collect();
        let side = glass::PeriodicBox::of_sides(sides).expect("positive");
        let both = Configuration::new(side, positions, configuration.diameters().repeat(2)).expect("valid");
        InherentStructure::accept(both, potential, 1e-9).ok().map(|two| (one, two))
    };
    let mut glasses = (60..70).map(|index| minimum_in::<D>(index, particles, 2));
    let (one, two) = glasses.find_map(beside).expect("one of ten is stable");
    assert!((two.energy() / one.energy() - 1.0).abs() < 1e-12 && (two.pressure() / one.pressure() - 1.0).abs() < 1e-12);
    let [of_one, of_two] = [&one, &two].map(|minimum| crate::ElasticConstants::compute(minimum).expect("a minimum"));
    for (ratio, expected) in [
        (of_two.shear_modulus / of_one.shear_modulus, 1.0),
        (of_two.bulk_modulus / of_one.bulk_modulus, 1.0),
        (of_two.omega_phonon / of_one.omega_phonon, 0.5),
    ] {
        assert!((ratio - expected).abs() < 1e-6 || of_one.omega_phonon.is_nan(), "{ratio} {expected}");
    }
    let spectrum = two.hessian().to_dense().self_adjoint_eigenvalues(faer::Side::Lower).expect("converges");
    let (few, many) = (Contacts::of(&one), Contacts::of(&two));
    for mode in modes(&one).into_iter().take(20) {
        assert!(spectrum.iter().any(|other| (other / mode.eigenvalue - 1.0).abs() < 1e-8), "{}", mode.eigenvalue);
        let both: Vec<[f64; D]> = mode.vector.repeat(2).iter().map(|v| v.map(|x| x / 2f64.sqrt())).collect();
        let (a, b) = (few.expand(&mode.vector), many.expand(&both));
        assert!((b.b2 / a.b2 - 1.0).abs() < 1e-8);
        assert!((b.b3 * 2f64.sqrt() - a.b3).abs() < 1e-7 * a.b3.abs().max(1.0), "{} {}", a.b3, b.b3);
        assert!((b.b4 * 2.0 - a.b4).abs() < 1e-7 * a.b4.abs().max(1.0), "{} {}", a.b4, b.b4);
        let along = |minimum: &InherentStructure<D>, mode: &[[f64; D]], s: f64| {
            Neighbourhood::new(minimum.configuration(), minimum.potential()).along(mode, s.abs()).energy(s)
        };
        let (once, twice) = (along(&one, &mode.vector, 0.3), along(&two, &both, 0.3 * 2f64.sqrt()));
        assert!((twice / once - 2.0).abs() < 1e-9, "{once} {twice}");
    }
    // Shaken, both fall back.
    let shake = |i: usize, axis: usize| 1e-3 * ((37 * i + 11 * axis) % 23) as f64 / 23.0;
    let shaken: Vec<[f64; D]> = (0..2 * particles).map(|i| std::array::from_fn(|axis| shake(i, axis))).collect();
    let back = quench(&two.configuration().displaced(&shaken, 1.0), two.potential(), &QuenchSettings::default());
    assert!((back.expect("converges").energy() - two.energy()).abs() < 1e-9);
}
