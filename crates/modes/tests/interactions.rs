//! The expansion along a mode for every interaction: b₂, b₃, b₄ against differences of U, U against a double loop.

use glass::diameters::DiameterChoice;
use glass::energy::evaluate;
use glass::interaction::species::Species;
use glass::interaction::wca::WCA;
use glass::interaction::{Family, Harmonic, Hertzian, InversePower, LennardJones, Mixing, Table};
use glass::quench::{QuenchSettings, quench};
use glass::{Configuration, InherentStructure, PeriodicBox, Potential, Seed};
use modes::describe::along::Neighbourhood;
use modes::describe::expansion::Contacts;
use modes::{ElasticConstants, ModeSettings, Spectrum, SpectrumFailure, SpectrumMethod, SpectrumSettings, describe};
use std::sync::Arc;

fn interactions() -> Vec<Potential> {
    let shapes = [
        Family::inverse_power(InversePower::new(12, 2, 1.25).expect("valid")),
        Family::inverse_power(InversePower::new(10, 3, 1.48).expect("valid")),
        Family::LennardJones(LennardJones::new(2, 2.5).expect("valid")),
        Family::Wca(WCA),
        Family::Harmonic(Harmonic),
        Family::Hertzian(Hertzian),
        Family::Table(gaussian_core()),
    ];
    let mixture = Potential::of(Family::LennardJones(LennardJones::new(3, 2.0).expect("valid")), kob_andersen());
    shapes.into_iter().map(|family| Potential::of(family, Mixing::NonAdditive(0.1))).chain([mixture]).collect()
}

/// A soft core with a smooth end at 1.5, as no other shape has it.
fn gaussian_core() -> Table {
    let value = |x: f64| 20.0 * (-x * x).exp() * (1.5 - x).powi(3);
    let points: Vec<(f64, f64)> = (0..=600).map(|k| 0.0025 * f64::from(k)).map(|x| (x, value(x))).collect();
    Table::new(&points).expect("a table")
}

fn kob_andersen() -> Mixing {
    let (sigma, epsilon) = ([vec![1.0, 0.8], vec![0.8, 0.88]], [vec![1.0, 1.5], vec![1.5, 0.5]]);
    Mixing::Species(Arc::new(Species::new(&sigma, &epsilon).expect("valid")))
}

/// A cluster in which no pair is within 0.03 of its cutoff: the widest such square.
fn cluster(potential: &Potential) -> Configuration {
    let side = PeriodicBox::new(14.0).expect("positive");
    let diameter = |k: u32| match potential.mixing() {
        Mixing::NonAdditive(_) => 1.0 + 0.01 * f64::from(k * 4 % 9),
        Mixing::Species(species) => species.diameters()[usize::from(k % 3 == 1)],
    };
    let of_edge = |edge: f64| {
        let positions =
            (0..9).map(|k| [3.0 + edge * (k % 3) as f64 + 0.02 * (k % 2) as f64, 3.0 + edge * (k / 3) as f64]);
        Configuration::new(side, positions.collect(), (0..9).map(diameter).collect()).expect("valid")
    };
    let clear = |cluster: &Configuration| {
        pairs().all(|(i, j)| {
            let [x, y] = side.separation(cluster.positions()[i], cluster.positions()[j]);
            let sigma = potential.scale(cluster.diameters()[i], cluster.diameters()[j]).diameter;
            (x.hypot(y) - potential.cutoff() * sigma).abs() > 0.03
        })
    };
    let widest = potential.cutoff().min(1.3);
    (0..30).map(|k| of_edge((0.95 - 0.01 * f64::from(k)) * widest)).find(clear).expect("one of thirty")
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..9).flat_map(|i| (i + 1..9).map(move |j| (i, j)))
}

/// φ summed over all pairs.
fn energy(configuration: &Configuration, potential: &Potential) -> f64 {
    let (positions, diameters) = (configuration.positions(), configuration.diameters());
    let pair = |i: usize, j: usize| {
        let [x, y] = configuration.periodic_box().separation(positions[i], positions[j]);
        potential.derivatives(x.hypot(y), potential.scale(diameters[i], diameters[j])).value
    };
    pairs().map(|(i, j)| pair(i, j)).sum()
}

#[test]
fn the_expansion_is_that_of_the_energy() {
    for potential in interactions() {
        let configuration = cluster(&potential);
        let component = |k: usize| ((k * 37 % 19) as f64 - 9.0) / 45.0;
        let mode: Vec<[f64; 2]> = (0..9).map(|i| [component(2 * i), component(2 * i + 1)]).collect();
        let e = Contacts::new(&configuration, &potential).expand(&mode);
        let line = Neighbourhood::new(&configuration, &potential).along(&mode, 1.0);
        let at_rest = energy(&configuration, &potential);
        let evaluation = evaluate(&configuration, &potential);
        assert!((evaluation.energy - at_rest).abs() < 1e-12 * at_rest.abs().max(10.0), "{potential}: {at_rest}");
        let along: f64 = evaluation.forces.iter().zip(&mode).map(|(f, v)| f[0] * v[0] + f[1] * v[1]).sum();
        assert!((along + line.slope(0.0)).abs() < 1e-11 * along.abs().max(10.0), "{potential}: {along}");
        for s in [-0.1, -0.02, 0.05] {
            let direct = energy(&configuration.displaced(&mode, s), &potential) - at_rest;
            assert!((line.energy(s) - direct).abs() < 1e-11 * at_rest.abs().max(10.0), "{potential}: {direct}");
            let slope = (line.energy(s + 1e-6) - line.energy(s - 1e-6)) / 2e-6;
            assert!((line.slope(s) - slope).abs() < 1e-6 * slope.abs().max(10.0), "{potential}: {slope}");
        }
        // Slopes are exact, so b₂, b₃, b₄ are their first three derivatives, by differences over seven points.
        let step = 0.004;
        let u: Vec<f64> = (-3..=3).map(|k| line.slope(f64::from(k) * step)).collect();
        let first = (u[6] - u[0]) / 60.0 - 3.0 * (u[5] - u[1]) / 20.0 + 3.0 * (u[4] - u[2]) / 4.0;
        let second = (u[6] + u[0]) / 90.0 - 3.0 * (u[5] + u[1]) / 20.0 + 1.5 * (u[4] + u[2]) - 49.0 / 18.0 * u[3];
        let third = -(u[6] - u[0]) / 8.0 + (u[5] - u[1]) - 13.0 * (u[4] - u[2]) / 8.0;
        for (name, exact, numerical) in
            [("b2", e.b2, first / step), ("b3", e.b3, second / step.powi(2)), ("b4", e.b4, third / step.powi(3))]
        {
            let bound = 1e-4 * exact.abs() + 1e-7 * e.b2_magnitude;
            assert!((numerical - exact).abs() < bound, "{potential}, {name}: {exact} {numerical}");
        }
    }
}

/// The minimum below a random start.
fn minimum(potential: &Potential, density: f64) -> InherentStructure {
    let (seed, particles) = (Seed::of_realization(14, 0), 144);
    let random = Configuration::random(seed, particles, density, DiameterChoice::Random).expect("valid");
    let diameters = match potential.mixing() {
        Mixing::NonAdditive(_) => random.diameters().to_vec(),
        Mixing::Species(species) => (0..particles).map(|i| species.diameters()[usize::from(i % 20 >= 13)]).collect(),
    };
    let start = Configuration::new(random.periodic_box(), random.positions().to_vec(), diameters).expect("valid");
    let settings = QuenchSettings { force_tolerance: 1e-11, ..QuenchSettings::default() };
    quench(&start, potential, &settings).unwrap_or_else(|failure| panic!("{potential}: {failure}"))
}

/// The three lowest modes.
fn lowest(minimum: &InherentStructure) -> Result<Spectrum, SpectrumFailure> {
    let settings = SpectrumSettings {
        method: SpectrumMethod::Sliced,
        omega_vectors: 0.1,
        lowest_vectors: 3,
        ..SpectrumSettings::default()
    };
    Spectrum::compute(minimum, Seed::of_realization(14, 0), &settings)
}

/// From a random start, dense enough to be jammed: a minimum that is accepted as it is, the lowest modes, whose b₂ is
/// their eigenvalue, and moduli.
#[test]
fn every_interaction_has_minima_modes_and_moduli() {
    for potential in interactions() {
        let minimum = minimum(&potential, 1.25);
        assert!(InherentStructure::accept(minimum.configuration().clone(), &potential, 1e-11).is_ok(), "{potential}");

        let spectrum = lowest(&minimum).unwrap_or_else(|failure| panic!("{potential}: {failure}"));
        assert_eq!(spectrum.negative_modes(), 0, "{potential}");
        let settings = ModeSettings {
            omega_max: 0.1,
            lowest: 3,
            snapshot_participation_max: 0.0,
            quench: QuenchSettings::default(),
        };
        for mode in describe(&minimum, &spectrum, &settings).unwrap_or_else(|f| panic!("{potential}: {f}")) {
            assert!((mode.b2 / (mode.omega * mode.omega) - 1.0).abs() < 1e-6, "{potential}: {mode:?}");
        }
        let elastic = ElasticConstants::compute(&minimum).expect("moduli");
        // A box that was not sheared to its minimum may have a negative shear modulus.
        assert!(elastic.bulk_modulus > 0.0 && elastic.shear_modulus.is_finite(), "{potential}: {elastic:?}");
    }
}

/// Attraction holds a glass together under tension; repulsive particles without pressure are none.
#[test]
fn a_glass_may_be_under_tension_where_particles_attract_each_other() {
    let attractive = Potential::of(Family::LennardJones(LennardJones::new(2, 2.5).expect("valid")), kob_andersen());
    let stretched = [1.2, 1.15, 1.1, 1.05, 1.0].into_iter().map(|density| minimum(&attractive, density));
    let stretched = stretched.into_iter().find(|minimum| minimum.pressure() < -0.1).expect("one of five");
    let spectrum = lowest(&stretched).expect("a glass");
    assert_eq!((spectrum.negative_modes(), spectrum.zero_modes()), (0, 2));
    let dense = SpectrumSettings { method: SpectrumMethod::Dense, ..SpectrumSettings::default() };
    let dense = Spectrum::compute(&stretched, Seed::of_realization(14, 0), &dense).expect("a glass");
    for (sliced, dense) in spectrum.eigenvalues().iter().zip(dense.eigenvalues()) {
        assert!((sliced - dense).abs() < 1e-9 * dense.abs().max(1.0), "{sliced} {dense}");
    }
    let loose = minimum(&Potential::of(Family::Harmonic(Harmonic), Mixing::NonAdditive(0.0)), 0.6);
    assert!(matches!(lowest(&loose), Err(SpectrumFailure::NotJammed { .. })), "pressure {}", loose.pressure());
}
