//! One suite for all shapes: a new one is a line in [`families`].

use super::inverse_power::CUTOFF;
use super::mixing::NON_ADDITIVITY;
use super::*;
use crate::lanes::{Eight, Instructions, Lanes, Portable};

fn inverse_power(exponent: u32, smoothness: u32, cutoff: f64) -> Family {
    Family::inverse_power(InversePower::new(exponent, smoothness, cutoff).expect("valid"))
}

/// A shape at so many distances from `first` on that they are about `step` from each other.
pub(super) fn tabulated(family: &Family, first: f64, step: f64) -> Table {
    let potential = Potential::of(family.clone(), Mixing::NonAdditive(0.0));
    let steps = ((potential.cutoff() - first) / step).ceil();
    let x = |k: f64| first + (potential.cutoff() - first) * k / steps;
    let points: Vec<(f64, f64)> =
        (0..steps as usize).map(|k| (x(k as f64), potential.value(x(k as f64).powi(2)))).collect();
    Table::new(&[points, vec![(potential.cutoff(), 0.0)]].concat()).expect("a table")
}

/// Every family, with the parameters that differ in kind.
fn families() -> Vec<Potential> {
    let shapes = vec![
        inverse_power(12, 2, CUTOFF),
        inverse_power(12, 3, CUTOFF),
        inverse_power(12, 4, CUTOFF),
        inverse_power(10, 3, 1.48),
        inverse_power(6, 2, 2.0),
        Family::LennardJones(LennardJones::new(2, 2.5).expect("valid")),
        Family::LennardJones(LennardJones::new(4, 2.0).expect("valid")),
        Family::Wca(wca::WCA),
        Family::Harmonic(Harmonic),
        Family::Hertzian(Hertzian),
        Family::Table(tabulated(&inverse_power(12, 2, CUTOFF), 0.6, 0.00513)),
    ];
    shapes.into_iter().map(|family| Potential::of(family, Mixing::NonAdditive(NON_ADDITIVITY))).collect()
}

const UNIT: PairScale = PairScale { diameter: 1.0, energy: 1.0 };

fn orders(d: PairDerivatives) -> [f64; 5] {
    [d.value, d.first, d.second, d.third, d.fourth]
}

#[test]
fn derivatives_are_those_of_the_value() {
    for potential in families() {
        for scale in [UNIT, PairScale { diameter: 1.3, energy: 0.7 }] {
            for fraction in [0.72, 0.83, 0.95] {
                let distance = fraction * potential.cutoff() * scale.diameter;
                let step = 1e-5;
                let at = |r: f64| orders(potential.derivatives(r, scale));
                let (below, here, above) = (at(distance - step), at(distance), at(distance + step));
                for order in 0..4 {
                    let (difference, exact) = ((above[order] - below[order]) / (2.0 * step), here[order + 1]);
                    assert!(
                        (difference - exact).abs() < 1e-6 * exact.abs().max(1.0),
                        "{potential:?}: {difference} {exact}"
                    );
                }
            }
        }
    }
}

#[test]
fn kernels_compute_what_the_derivatives_say() {
    for potential in families() {
        for scale in [UNIT, PairScale { diameter: 1.3, energy: 0.7 }] {
            for k in 0..40 {
                let distance = scale.diameter * potential.cutoff() * (0.6 + 0.0125 * f64::from(k));
                let d = potential.derivatives(distance, scale);
                let x = distance / scale.diameter;
                let value = potential.value(x * x) * scale.energy;
                let slope = potential.slope_over_distance(distance * distance, scale) * distance;
                // Values are differences of terms of order one, or of the repulsion at contact.
                assert!(
                    (value - d.value).abs() < 1e-13 * d.value.abs().max(10.0),
                    "{potential:?} at {x}: {value} {d:?}"
                );
                assert!(
                    (slope - d.first).abs() < 1e-12 * d.first.abs().max(10.0),
                    "{potential:?} at {x}: {slope} {d:?}"
                );
                if x < potential.cutoff() {
                    let sampled = for_shape!(potential, shape => {
                        let shape = shape.over(|constant| Portable.splat(constant));
                        let mut lanes = Eight([0.0; 8]);
                        shape.value_sampled(Portable.splat(x * x)).store(&mut lanes);
                        lanes.0[3]
                    });
                    assert!(
                        (sampled * scale.energy - d.value).abs() < 1e-13 * d.value.abs().max(10.0),
                        "{potential:?}"
                    );
                }
            }
        }
    }
}

/// The derivatives up to q vanish at the cutoff, and the next does not.
#[test]
fn smooth_at_the_cutoff_to_q_and_not_beyond() {
    for potential in families() {
        // Just inside, so that the branch for x ≥ x_c is not what is tested. Measured against a little further inside,
        // where terms of order one or of the repulsion at contact cancel; φ″ of Hertzian spheres is 1.5 √10⁻¹⁶ there.
        let (inside, q) = (potential.cutoff().next_down(), potential.smoothness() as usize);
        let (at, within) = (orders(potential.derivatives(inside, UNIT)), orders(potential.derivatives(0.8, UNIT)));
        for order in 0..=q {
            assert!(at[order].abs() < 1e-7 * within[order].abs().max(1.0), "{potential:?}, {order}: {}", at[order]);
        }
        if q < 4 {
            assert!(at[q + 1].abs() > 1e-2, "{potential:?}: {at:?}");
        }
        assert_eq!(potential.derivatives(potential.cutoff(), UNIT), PairDerivatives::ZERO);
        assert_eq!(potential.value(potential.cutoff() * potential.cutoff()), 0.0);
    }
}

#[test]
fn the_depth_and_the_core_are_as_said() {
    for potential in families() {
        let values = (1..4000).map(|k| potential.value((f64::from(k) / 4000.0 * potential.cutoff()).powi(2)));
        let least = values.fold(f64::INFINITY, f64::min);
        assert!(potential.deepest() <= least + 1e-12 && least < potential.deepest() + 1e-4, "{potential:?}: {least}");
        assert_eq!(potential.value(1e-6) > 1e6, potential.has_hard_core(), "{potential:?}");
    }
}

/// Energies, forces, Hessian and its derivatives of a handful of particles against differences of U.
#[test]
fn forces_and_hessian_are_derivatives_of_the_energy() {
    use crate::{Hessian, PeriodicBox, energy::evaluate};
    for potential in families() {
        let side = PeriodicBox::new(12.0).expect("positive");
        let scattered =
            |i: usize| [1.0 + 0.93 * (i % 4) as f64 + 0.07 * (i * 5 % 7) as f64, 1.0 + 0.95 * (i / 4) as f64];
        let diameters = (0..12).map(|i| 0.9 + 0.02 * f64::from(i)).collect();
        let configuration = Configuration::new(side, (0..12).map(scattered).collect(), diameters).expect("valid");
        let forces = evaluate(&configuration, &potential).forces;
        let dense = Hessian::new(&configuration, &potential).to_dense();
        let step = 1e-6;
        for column in 0..24 {
            let mut unit = vec![[0.0; 2]; 12];
            unit[column / 2][column % 2] = 1.0;
            let moved = |by: f64| evaluate(&configuration.displaced(&unit, by), &potential);
            let (above, below) = (moved(step), moved(-step));
            let force = -(above.energy - below.energy) / (2.0 * step);
            let exact = forces[column / 2][column % 2];
            assert!((force - exact).abs() < 1e-6 * exact.abs().max(10.0), "{potential:?}: {force} {exact}");
            for row in 0..24 {
                let difference = -(above.forces[row / 2][row % 2] - below.forces[row / 2][row % 2]) / (2.0 * step);
                let exact: f64 = dense[(row, column)];
                assert!(
                    (difference - exact).abs() < 1e-6 * exact.abs().max(10.0),
                    "{potential:?}: {difference} {exact}"
                );
            }
        }
    }
}

/// Two particles of these diameters in a square of this side.
fn two(side: f64, diameters: [f64; 2]) -> Configuration {
    let side = crate::PeriodicBox::new(side).expect("positive");
    Configuration::new(side, vec![[0.0; 2], [1.0; 2]], diameters.into()).expect("valid")
}

#[test]
fn a_potential_asks_of_a_glass_what_it_needs_itself_and_no_more() {
    let additive = |family| Potential::of(family, Mixing::NonAdditive(0.0));
    let inverse_power = Family::inverse_power(InversePower::new(12, 2, CUTOFF).expect("valid"));
    // In units where diameters are far from 1.
    let large = two(40.0, [10.0, 15.0]);
    assert_eq!(additive(inverse_power.clone()).check(&large), Ok(()));
    let refused = Potential::new(2).expect("valid").check(&large).expect_err("not positive");
    assert_eq!(
        refused,
        InvalidConfiguration::PairDiameter { smallest: 10.0, largest: 15.0, non_additivity: NON_ADDITIVITY }
    );
    assert!(refused.to_string().contains("potential.non_additivity = 0.2"), "{refused}");
    // Twice the range of spheres that end where they touch, and less than twice that of others.
    let narrow = two(2.0, [1.0; 2]);
    for family in [Family::Harmonic(Harmonic), Family::Hertzian(Hertzian)] {
        assert_eq!(additive(family.clone()).check(&narrow), Ok(()));
        let small = InvalidConfiguration::BoxTooSmall { length: 1.9, cutoff: 1.0 };
        assert_eq!(additive(family).check(&two(1.9, [1.0; 2])), Err(small));
    }
    let small = InvalidConfiguration::BoxTooSmall { length: 2.0, cutoff: 1.25 };
    assert_eq!(additive(inverse_power).check(&narrow), Err(small));
}
