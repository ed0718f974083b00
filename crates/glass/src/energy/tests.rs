use super::*;
use crate::diameters::DiameterChoice;
use crate::pairs::interacting_pairs;
use crate::random::{Seed, Stage, uniform};

crate::test_on_each_instruction_set! {
    agrees_with_the_double_loop,
    forces_are_minus_the_gradient,
    pressure_is_minus_the_derivative_by_volume,
    a_translation_changes_nothing_but_rounding,
    coinciding_particles_have_no_finite_energy_and_force,
}

/// A dense configuration with forces of ordinary size: a minimum, shaken by ±0.05.
fn shaken<const D: usize>(particles: usize, smoothness: u32) -> (Configuration<D>, Potential) {
    let seed = Seed::of_realization(21, particles as u64 + u64::from(smoothness));
    let potential = Potential::new(smoothness).expect("valid");
    let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
    let minimum = crate::quench::quench(&start, &potential, &Default::default()).expect("converges");
    let mut stream = seed.stream(Stage::Positions);
    let mut coordinate = || 0.1 * (uniform(&mut stream) - 0.5);
    let shake: Vec<[f64; D]> = (0..particles).map(|_| [(); D].map(|()| coordinate())).collect();
    (minimum.configuration().displaced(&shake, 1.0), potential)
}

/// The slow obvious twin: all pairs, energies and forces from the textbook derivatives; and P.
fn by_double_loop<const D: usize>(configuration: &Configuration<D>, potential: &Potential) -> (Evaluation<D>, f64) {
    let (positions, diameters) = (configuration.positions(), configuration.diameters());
    let mut forces = vec![[0.0; D]; positions.len()];
    let (mut energy, mut virial) = (0.0, 0.0);
    for i in 0..positions.len() {
        for j in 0..positions.len() {
            if i == j {
                continue;
            }
            let apart = configuration.periodic_box().separation(positions[i], positions[j]);
            let distance = apart.iter().map(|x| x * x).sum::<f64>().sqrt();
            let d = potential.derivatives(distance, potential.scale(diameters[i], diameters[j]));
            energy += 0.5 * d.value;
            virial += 0.5 * d.first * distance;
            for axis in 0..D {
                forces[i][axis] += d.first * apart[axis] / distance;
            }
        }
    }
    let pressure = -virial / (D as f64 * configuration.periodic_box().longest().powi(D as i32));
    (Evaluation { energy, forces }, pressure)
}

fn agrees_with_the_double_loop() {
    agrees::<2>([(30, 2), (64, 3), (300, 4)]);
    agrees::<3>([(70, 2), (100, 3), (300, 4)]);
}

fn agrees<const D: usize>(systems: [(usize, u32); 3]) {
    for (particles, smoothness) in systems {
        let (configuration, potential) = shaken::<D>(particles, smoothness);
        let fast = evaluate(&configuration, &potential);
        let (slow, slow_pressure) = by_double_loop(&configuration, &potential);
        assert!((fast.energy - slow.energy).abs() <= 1e-13 * slow.energy);
        let largest = force_max(&slow.forces);
        for (&f, &s) in fast.forces.iter().zip(&slow.forces) {
            assert!(minus(f, s).iter().map(|x| x.abs()).sum::<f64>() < 1e-12 * largest);
        }
        let pairs = interacting_pairs(&configuration, &potential, 0.0);
        assert!((pressure(&configuration, &potential, &pairs) - slow_pressure).abs() < 1e-13 * slow_pressure);
    }
}

fn forces_are_minus_the_gradient() {
    are_minus_the_gradient::<2>();
    are_minus_the_gradient::<3>();
}

fn are_minus_the_gradient<const D: usize>() {
    for smoothness in 2..=4 {
        let (configuration, potential) = shaken::<D>(70, smoothness);
        let forces = evaluate(&configuration, &potential).forces;
        let step = 1e-5;
        for i in 0..70 {
            for axis in 0..D {
                let mut unit = vec![[0.0; D]; 70];
                unit[i][axis] = 1.0;
                let energy = |scale| evaluate(&configuration.displaced(&unit, scale), &potential).energy;
                let difference = -(energy(step) - energy(-step)) / (2.0 * step);
                let exact = forces[i][axis];
                assert!((difference - exact).abs() < 1e-6 * exact.abs().max(1.0), "{difference} {exact}");
            }
        }
    }
}

fn pressure_is_minus_the_derivative_by_volume() {
    is_minus_the_derivative_by_volume::<2>();
    is_minus_the_derivative_by_volume::<3>();
}

fn is_minus_the_derivative_by_volume<const D: usize>() {
    let (configuration, potential) = shaken::<D>(100, 2);
    let energy = |strain: f64| {
        let side = PeriodicBox::new(configuration.periodic_box().longest() * (1.0 + strain)).expect("positive");
        let positions = configuration.positions().iter().map(|r| r.map(|x| x * (1.0 + strain))).collect();
        let scaled = Configuration::<D>::new(side, positions, configuration.diameters().to_vec()).expect("valid");
        evaluate(&scaled, &potential).energy
    };
    let step = 1e-6;
    // dV = D V dε.
    let volume = configuration.periodic_box().measure();
    let difference = -(energy(step) - energy(-step)) / (2.0 * D as f64 * step * volume);
    let exact = pressure(&configuration, &potential, &interacting_pairs(&configuration, &potential, 0.0));
    assert!((difference - exact).abs() < 1e-6 * exact, "{difference} {exact}");
}

#[test]
fn neither_instructions_nor_the_list_nor_the_past_change_a_bit() {
    nothing_else_changes_a_bit::<2>([40, 333, 1000]);
    nothing_else_changes_a_bit::<3>([80, 333, 500]);
}

fn nothing_else_changes_a_bit<const D: usize>(sizes: [usize; 3]) {
    for particles in sizes {
        let (configuration, potential) = shaken::<D>(particles, 2);
        let reference = evaluate(&configuration, &potential);
        let mut forces = vec![[0.0; D]; particles];
        for instructions in InstructionSet::available() {
            for skin in [0.0, 0.1, 0.35] {
                let mut field = ForceField::with(&configuration, &potential, instructions, skin);
                // Elsewhere first, so that the list is an old one.
                let away = configuration.displaced(&vec![[0.03; D]; particles], -1.0);
                field.evaluate(away.positions(), &mut forces);
                let energy = field.evaluate(configuration.positions(), &mut forces);
                assert_eq!(energy.to_bits(), reference.energy.to_bits(), "{instructions} {skin}");
                assert_eq!(forces, reference.forces, "{instructions} {skin}");
            }
        }
    }
}

fn a_translation_changes_nothing_but_rounding() {
    let (configuration, potential) = shaken::<2>(200, 2);
    let here = evaluate(&configuration, &potential);
    let there = evaluate(&configuration.displaced(&vec![[5.3, -3.7]; 200], 1.0), &potential);
    assert!((here.energy - there.energy).abs() < 1e-12 * here.energy);
    for (f, g) in here.forces.iter().zip(&there.forces) {
        assert!((f[0] - g[0]).abs() + (f[1] - g[1]).abs() < 1e-11);
    }
}

fn coinciding_particles_have_no_finite_energy_and_force() {
    let side = PeriodicBox::new(6.0).expect("positive");
    let configuration = Configuration::new(side, vec![[1.0, 1.0], [1.0, 1.0]], vec![1.0, 1.0]).expect("valid");
    let evaluation = evaluate(&configuration, &Potential::new(2).expect("valid"));
    assert!(!evaluation.energy.is_finite());
    assert!(!force_max(&evaluation.forces).is_finite());
}
