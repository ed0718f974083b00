use super::*;
use crate::interaction::tests::tabulated;
use crate::interaction::{Family, Harmonic, InversePower, LennardJones};

fn inverse_power() -> Family {
    Family::InversePower(InversePower::new(12, 2, 1.25).expect("valid"))
}

fn derivatives(family: &Family, x: f64) -> [f64; 5] {
    let potential = crate::Potential::of(family.clone(), crate::interaction::Mixing::NonAdditive(0.0));
    let d = potential.derivatives(x, crate::interaction::PairScale { diameter: 1.0, energy: 1.0 });
    [d.value, d.first, d.second, d.third, d.fourth]
}

/// The largest error of each derivative between 0.8 and the cutoff, in units of the largest value of that derivative.
fn errors(family: &Family, table: &Table) -> [f64; 5] {
    let mut worst = [0.0f64; 5];
    let mut largest = [0.0f64; 5];
    for k in 0..4000 {
        let x = 0.8 + (table.cutoff() - 0.8) * f64::from(k) / 4000.0;
        let (exact, d) = (derivatives(family, x), derivatives(&Family::Table(table.clone()), x));
        for order in 0..5 {
            worst[order] = worst[order].max((d[order] - exact[order]).abs());
            largest[order] = largest[order].max(exact[order].abs());
        }
    }
    std::array::from_fn(|order| worst[order] / largest[order])
}

#[test]
fn a_finer_table_is_the_potential_to_the_sixth_order() {
    for family in [inverse_power(), Family::LennardJones(LennardJones::new(3, 2.5).expect("valid"))] {
        let (coarse, fine) =
            (errors(&family, &tabulated(&family, 0.7, 0.02)), errors(&family, &tabulated(&family, 0.7, 0.01)));
        // φ with h⁶, each derivative with one order less.
        for order in 0..5 {
            let gain = coarse[order] / fine[order];
            assert!(gain > 0.7 * 2f64.powi(6 - order as i32), "{family:?}, derivative {order}: {coarse:?} {fine:?}");
        }
        assert!(fine[0] < 1e-7 && fine[4] < 1e-2, "{fine:?}");
    }
}

#[test]
fn four_derivatives_are_continuous_at_every_point() {
    // At distances that are not even.
    let potential = crate::Potential::new(2).expect("valid");
    let xs = (0..60).map(|k| 0.7 + 0.55 * (f64::from(k) / 60.0 + 0.004 * f64::from(k * 7 % 5)));
    let mut points: Vec<(f64, f64)> = xs.map(|x| (x, potential.value(x * x))).collect();
    points.push((1.25, 0.0));
    let table = Table::new(&points).expect("a table");
    for (x, value) in &points[1..60] {
        let (below, above) = (table.derivatives(x.next_down()), table.derivatives(*x));
        assert!((above.value - value).abs() < 1e-13 * value.max(1.0));
        let pairs = [(below.third, above.third), (below.fourth, above.fourth), (below.second, above.second)];
        for (below, above) in pairs {
            assert!((below - above).abs() < 1e-6 * above.abs().max(1.0), "at {x}: {below} {above}");
        }
    }
}

#[test]
fn polynomials_of_degree_five_are_what_they_are() {
    // With no value, slope and curvature at the cutoff.
    let exact = |x: f64| (2.0 - x).powi(3) * (1.0 + 0.3 * x + 0.2 * x * x);
    let points: Vec<(f64, f64)> = (0..=20).map(|k| 0.1 * f64::from(k)).map(|x| (x, exact(x))).collect();
    let table = Table::new(&points).expect("a table");
    for k in 0..200 {
        let x = 0.01 * f64::from(k);
        assert!((table.value(x * x) - exact(x)).abs() < 1e-12, "{x}: {} {}", table.value(x * x), exact(x));
    }
    assert_eq!(table.deepest(), 0.0);
}

#[test]
fn nearer_than_the_first_point_it_is_a_parabola() {
    let table = tabulated(&inverse_power(), 0.7, 0.005);
    let (at, near) = (table.derivatives(0.7), table.derivatives(0.6));
    assert!(
        (near.value - (at.value - 0.1 * at.first + 0.005 * at.second)).abs() < 1e-9 * near.value,
        "{at:?} {near:?}"
    );
    assert_eq!((near.third, near.fourth), (0.0, 0.0));
}

#[test]
fn a_well_has_its_depth() {
    let family = Family::LennardJones(LennardJones::new(2, 2.5).expect("valid"));
    let table = tabulated(&family, 0.8, 0.01);
    let Family::LennardJones(exact) = family else { unreachable!("above") };
    assert!((table.deepest() - exact.deepest()).abs() < 1e-7, "{} {}", table.deepest(), exact.deepest());
}

#[test]
fn zeros_behind_the_end_change_nothing() {
    let table = tabulated(&inverse_power(), 0.8, 0.02);
    let points: Vec<(f64, f64)> = table.points().collect();
    let zeros = (1..20).map(|k| (table.cutoff() + 0.02 * f64::from(k), if k % 2 == 0 { 0.0 } else { -0.0 }));
    let padded = Table::new(&points.iter().copied().chain(zeros).collect::<Vec<_>>()).expect("a table");
    assert_eq!(padded, table);

    // Nor do they hide a kink.
    let spheres = (0..60).map(|k| 0.5 + 0.0125 * f64::from(k)).map(|x| (x, 0.5 * (1.0 - x).max(0.0).powi(2)));
    let refused = Table::new(&spheres.collect::<Vec<_>>());
    assert!(matches!(refused, Err(InvalidTable::Kink { x, .. }) if (x - 1.0).abs() < 1e-12), "{refused:?}");
    let nothing: Vec<(f64, f64)> = (0..20).map(|k| (0.1 * f64::from(k), 0.0)).collect();
    assert_eq!(Table::new(&nothing), Err(InvalidTable::Count(1)));
}

#[test]
fn tables_that_make_no_potential_are_refused() {
    let good: Vec<(f64, f64)> = tabulated(&inverse_power(), 0.8, 0.02).points().collect();
    let last = good.len() - 1;
    let changed = |at: usize, point: (f64, f64)| {
        let mut points = good.clone();
        points[at] = point;
        Table::new(&points).expect_err("refused")
    };
    assert_eq!(Table::new(&good[..7]), Err(InvalidTable::Count(7)));
    assert_eq!(changed(0, (-0.1, 15.0)), InvalidTable::Order(1));
    assert_eq!(changed(3, good[2]), InvalidTable::Order(4));
    assert_eq!(changed(4, (good[4].0, f64::NAN)), InvalidTable::NotFinite(5));
    assert_eq!(changed(last, (f64::INFINITY, 0.0)), InvalidTable::NotFinite(last + 1));
    assert_eq!(changed(last, (11.0, 0.0)), InvalidTable::Cutoff(11.0));
    assert_eq!(changed(last, (1.25, 1e-3)), InvalidTable::Step(1e-3));
    let negative: Vec<(f64, f64)> = good.iter().map(|(x, value)| (*x, -value)).collect();
    assert!(matches!(Table::new(&negative), Err(InvalidTable::Inside { .. })));

    // Harmonic spheres: the curvature is one where they touch; of a cut Lennard-Jones potential the slope remains.
    let points = |to: f64, value: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        (0..=40).map(|k| 0.5 + (to - 0.5) * f64::from(k) / 40.0).map(|x| (x, value(x))).collect()
    };
    let harmonic = derivatives(&Family::Harmonic(Harmonic), 0.9)[0];
    assert!((harmonic - 0.5 * 0.01).abs() < 1e-15);
    let spheres = points(1.0, &|x| 0.5 * (1.0 - x) * (1.0 - x));
    assert!(matches!(Table::new(&spheres), Err(InvalidTable::Kink { .. })), "{:?}", Table::new(&spheres));
    let cut = points(2.5, &|x| 4.0 * (x.powi(-12) - x.powi(-6)) - 4.0 * (2.5f64.powi(-12) - 2.5f64.powi(-6)));
    assert!(matches!(Table::new(&cut), Err(InvalidTable::Kink { .. })), "{:?}", Table::new(&cut));
}
