//! Contractions against differences of H, searches against what a minimum of their cost must be.

#![expect(clippy::expect_used, reason = "tests")]

use super::contraction::contraction;
use super::search::{Landscape, Search, Stationarity, dot};
use super::*;
use crate::describe::samples::{minimum, minimum_in, modes};
use crate::describe::{ModeSettings, describe};
use crate::spectrum::{SpectrumMethod, SpectrumSettings};
use glass::{Configuration, Hessian, Seed};

const KINDS: [Kind; 3] = Kind::ALL;

fn landscape<'a, const D: usize>(hessian: &'a Hessian<D>, contacts: &'a Contacts<D>) -> Landscape<'a, D> {
    Landscape { hessian, contacts, rounding: 0.0 }
}

/// What the mode minimizes.
fn cost<const D: usize>(here: &Stationarity<D>, kind: Kind, z: &[[f64; D]]) -> f64 {
    let denominator = dot(z, &here.gradient);
    match kind {
        Kind::PseudoHarmonic | Kind::Quartic => here.curvature.powi(2) / denominator.abs(),
        Kind::Cubic => here.curvature.powi(3) / denominator.powi(2),
    }
}

fn settings() -> NonlinearSettings {
    let quench = QuenchSettings::default();
    NonlinearSettings { kinds: KINDS.to_vec(), iterations_max: 1000, snapshot_participation_max: 1.0, quench }
}

/// The minimum, its whole spectrum, and its modes below ω = 1.5.
fn described_minimum<const D: usize>(
    index: u64,
    particles: usize,
    smoothness: u32,
) -> (InherentStructure<D>, Spectrum<D>, Vec<Mode>) {
    let minimum = minimum_in(index, particles, smoothness);
    let spectrum_settings =
        SpectrumSettings { method: SpectrumMethod::Dense, omega_vectors: 1.5, lowest_vectors: 4, ..Default::default() };
    let spectrum = Spectrum::compute(&minimum, Seed::of_realization(1, 1), &spectrum_settings).expect("computes");
    let quench = QuenchSettings::default();
    let mode_settings = ModeSettings { omega_max: 1.5, lowest: 4, snapshot_participation_max: 0.0, quench };
    let modes = describe(&minimum, &spectrum, &mode_settings).expect("described");
    (minimum, spectrum, modes)
}

#[test]
fn contractions_along_the_direction_are_the_derivatives() {
    [2, 3, 4].into_iter().for_each(contract_to_the_derivatives::<2>);
    [2, 3, 4].into_iter().for_each(contract_to_the_derivatives::<3>);
}

fn contract_to_the_derivatives<const D: usize>(smoothness: u32) {
    let minimum = minimum_in::<D>(3, [64, 150][D - 2], smoothness);
    let contacts = Contacts::of(&minimum);
    for mode in modes(&minimum).iter().take(20) {
        let expansion = contacts.expand(&mode.vector);
        let of = |kind| contraction(&contacts, kind, &mode.vector);
        // Their terms may cancel: 1e-12 of what is summed.
        let sizes = [Kind::Cubic, Kind::Quartic].map(|kind| {
            let terms =
                mode.vector.as_flattened().iter().zip(of(kind).as_flattened()).map(|(z, g)| (z * g).abs()).sum::<f64>();
            terms.max(1.0)
        });
        assert!((dot(&mode.vector, &of(Kind::Cubic)) - expansion.b3).abs() < 1e-12 * sizes[0]);
        assert!((dot(&mode.vector, &of(Kind::Quartic)) - expansion.b4).abs() < 1e-12 * sizes[1]);
    }
}

#[test]
fn the_participation_term_is_a_gradient() {
    let minimum = minimum(4, 64, 2);
    let contacts = Contacts::of(&minimum);
    let sum = |z: &[[f64; 2]]| -> f64 {
        let square = |pair: &glass::pairs::Pair| {
            let (a, b) = (z[pair.first as usize], z[pair.second as usize]);
            (b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2)
        };
        minimum.hessian().pairs().iter().map(|pair| square(pair).powi(2)).sum()
    };
    let z = modes(&minimum).swap_remove(2).vector;
    let gradient = contraction(&contacts, Kind::PseudoHarmonic, &z);
    assert!((dot(&z, &gradient) - sum(&z)).abs() < 1e-13 * sum(&z));
    for component in [0, 17, 63, 100] {
        let moved = |step: f64| {
            let mut moved = z.clone();
            moved[component / 2][component % 2] += step;
            sum(&moved)
        };
        let numerical = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((numerical - 4.0 * gradient[component / 2][component % 2]).abs() < 1e-8);
    }
}

/// d(Hz)/ds and d²(Hz)/ds² by central differences of the Hessian itself, moved along z. With q = 4 all
/// that enters is continuous at the cutoff, so that no direction needs to be left out.
#[test]
fn contractions_agree_with_differences_of_the_hessian() {
    contractions_are_differences(&minimum_in::<2>(5, 40, 4));
    contractions_are_differences(&minimum_in::<3>(5, 150, 4));
}

fn contractions_are_differences<const D: usize>(minimum: &InherentStructure<D>) {
    let (configuration, potential) = (minimum.configuration(), minimum.potential());
    let contacts = Contacts::new(configuration, potential);
    for mode in modes(minimum).iter().take(12) {
        let z = &mode.vector;
        let product = |s: f64| {
            let moved: Configuration<D> = configuration.displaced(z, s);
            let mut product = vec![[0.0; D]; z.len()];
            Hessian::new(&moved, potential).apply(z.as_flattened(), product.as_flattened_mut());
            product
        };
        let step = 2e-4;
        let values = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| product(k * step));
        for (kind, weights) in [
            (Kind::Cubic, [1.0, -8.0, 0.0, 8.0, -1.0].map(|w| w / (12.0 * step))),
            (Kind::Quartic, [-1.0, 16.0, -30.0, 16.0, -1.0].map(|w| w / (12.0 * step * step))),
        ] {
            let exact = contraction(&contacts, kind, z);
            let size = dot(&exact, &exact).sqrt();
            for i in 0..z.len() {
                for axis in 0..D {
                    let numerical: f64 = weights.iter().zip(&values).map(|(w, value)| w * value[i][axis]).sum();
                    let off = (numerical - exact[i][axis]).abs();
                    assert!(off < 3e-5 * size, "{kind:?}, mode {}: {numerical} {}", mode.index, exact[i][axis]);
                }
            }
        }
    }
}

#[test]
fn searches_end_in_minima_of_their_cost() {
    let mut found = [0; 3];
    for index in 0..4 {
        let (minimum, spectrum, modes) = described_minimum::<2>(index, 64, 3);
        let (hessian, contacts) = (minimum.hessian(), Contacts::of(&minimum));
        let landscape = landscape(hessian, &contacts);
        let softest = spectrum.eigenvalues()[spectrum.negative_modes() + spectrum.zero_modes()];
        let nonlinear = nonlinear_modes(&minimum, &spectrum, &modes, &settings()).expect("factorizes");
        for mode in &nonlinear.found {
            found[mode.kind as usize] += 1;
            assert!(mode.residual <= TOLERANCE, "{:?}: {:e}", mode.kind, mode.residual);
            assert!(mode.mode.b2 >= softest * (1.0 - 1e-9), "{} below {softest}", mode.mode.b2);
            assert!((0.0..=1.0 + 1e-12).contains(&mode.overlap));
            let z = mode.mode.displacements::<2>().expect("kept");
            assert!((dot(z, z) - 1.0).abs() < 1e-12);
            // A step along any other harmonic mode raises the cost.
            let least = cost(&Stationarity::of(&landscape, mode.kind, z), mode.kind, z);
            for other in crate::describe::samples::modes(&minimum).iter().step_by(7) {
                for step in [-3e-4, 3e-4] {
                    let mut moved: Vec<[f64; 2]> =
                        z.iter().zip(&other.vector).map(|(z, o)| [z[0] + step * o[0], z[1] + step * o[1]]).collect();
                    let length = dot(&moved, &moved).sqrt();
                    moved.as_flattened_mut().iter_mut().for_each(|x| *x /= length);
                    let there = cost(&Stationarity::of(&landscape, mode.kind, &moved), mode.kind, &moved);
                    assert!(there >= least * (1.0 - 1e-9), "{:?}: {there:e} below {least:e}", mode.kind);
                }
            }
        }
        let searches = KINDS.len() * modes.len();
        assert!(nonlinear.unconverged.len() * 10 <= searches, "{} of {searches}", nonlinear.unconverged.len());
    }
    assert!(found.iter().all(|&count| count >= 4), "{found:?}");
}

/// One search by hand, with the dense inverse: the slow twin, and the cost on its way.
#[test]
fn a_search_agrees_with_its_slow_twin_and_never_raises_the_cost_once_close() {
    agrees_with_its_slow_twin(&described_minimum::<2>(2, 64, 2));
    agrees_with_its_slow_twin(&described_minimum::<3>(2, 150, 2));
}

fn agrees_with_its_slow_twin<const D: usize>(
    (minimum, spectrum, modes): &(InherentStructure<D>, Spectrum<D>, Vec<Mode>),
) {
    use faer::linalg::solvers::Solve;
    let (hessian, contacts) = (minimum.hessian(), Contacts::of(minimum));
    let landscape = landscape(hessian, &contacts);
    let size = D * hessian.particles();
    // Translations get a stiffness of their own, and so do not move.
    let mut dense = hessian.to_dense();
    for i in 0..size {
        for j in 0..size {
            if i % D == j % D {
                dense[(i, j)] += 100.0 / hessian.particles() as f64;
            }
        }
    }
    let inverse = dense.partial_piv_lu();
    let start = spectrum.vector(modes[0].index as usize).expect("kept");
    for kind in KINDS {
        let mut z = start.clone();
        let mut costs = Vec::new();
        let mut residual = f64::INFINITY;
        while residual > TOLERANCE && costs.len() < 1000 {
            let here = Stationarity::of(&landscape, kind, &z);
            residual = here.residual;
            costs.push((residual, cost(&here, kind, &z)));
            let mut right = faer::Col::from_fn(size, |k| here.gradient.as_flattened()[k]);
            inverse.solve_in_place(right.as_mut());
            let length = right.norm_l2();
            z.as_flattened_mut().iter_mut().enumerate().for_each(|(k, x)| *x = right[k] / length);
        }
        assert!(residual <= TOLERANCE, "{kind:?}: {residual:e}");
        let close: Vec<f64> = costs.iter().filter(|(residual, _)| *residual < 1e-3).map(|&(_, cost)| cost).collect();
        assert!(close.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-12)), "{kind:?}: {close:?}");

        let search = Search { kind, source: 0, start: start.clone() };
        let ended = search::run(hessian, &contacts, vec![search], 1000).expect("factorizes");
        let converged = ended.into_iter().next().expect("one search").expect("converges");
        assert!((overlap(&converged.vector, &z) - 1.0).abs() < 1e-12, "{kind:?}");
    }
}

#[test]
fn companions_change_no_bit_of_a_search() {
    let (minimum, spectrum, modes) = described_minimum::<2>(1, 64, 2);
    let (hessian, contacts) = (minimum.hessian(), Contacts::of(&minimum));
    let searches = || {
        KINDS.into_iter().flat_map(|kind| (0..modes.len().min(5)).map(move |source| (kind, source))).map(
            |(kind, source)| {
                let start = spectrum.vector(modes[source].index as usize).expect("kept");
                Search { kind, source, start }
            },
        )
    };
    let together = search::run(hessian, &contacts, searches().collect(), 300).expect("factorizes");
    assert!(together.len() > 8, "more searches than lanes");
    for (search, together) in searches().zip(together) {
        let alone = search::run(hessian, &contacts, vec![search], 300).expect("factorizes").swap_remove(0);
        assert_eq!(alone.ok(), together.ok());
    }
}

#[test]
fn a_search_without_time_is_listed_and_no_kind_means_no_search() {
    let (minimum, spectrum, modes) = described_minimum::<2>(0, 64, 2);
    let short = NonlinearSettings { iterations_max: 1, ..settings() };
    let nonlinear = nonlinear_modes(&minimum, &spectrum, &modes, &short).expect("factorizes");
    assert_eq!(nonlinear.unconverged.len() + nonlinear.found.len(), 3 * modes.len());
    assert!(nonlinear.unconverged.iter().all(|end| end.iterations == 1 && end.residual > TOLERANCE));
    let none = NonlinearSettings { kinds: Vec::new(), ..settings() };
    assert_eq!(nonlinear_modes(&minimum, &spectrum, &modes, &none), Ok(NonlinearModes::default()));
}
