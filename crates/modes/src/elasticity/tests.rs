use super::*;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::{Configuration, PeriodicBox, Potential, Seed};

glass::test_on_each_instruction_set! {
    shear_moduli_are_slopes_of_the_stress_plus_pressure,
    the_bulk_modulus_is_minus_the_slope_of_the_pressure_by_the_area,
    a_triangular_crystal_has_its_lattice_sums_and_is_isotropic,
}

fn inherent<const D: usize>(index: u64, particles: usize, smoothness: u32) -> InherentStructure<D> {
    let seed = Seed::of_realization(31, index);
    let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
    quench(&start, &Potential::new(smoothness).expect("valid"), &QuenchSettings::default()).expect("converges")
}

/// Shear stress V⁻¹ dU/dγ in the box deformed by F(γ) = `deformation`, particles relaxed there, where
/// `rate` = (dF/dγ) F⁻¹. All pairs, a dense Hessian: nothing of what is tested is used.
fn relaxed_stress<const D: usize>(inherent: &InherentStructure<D>, deformation: Block<D>, rate: Block<D>) -> f64 {
    let apply = |m: Block<D>, v: [f64; D]| m.map(|row| dot(row, v));
    let configuration = inherent.configuration();
    let (side, start, diameters) = (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let particles = start.len();
    let mut moved = vec![[0.0; D]; particles];
    for _ in 0..8 {
        let mut gradient = Mat::<f64>::zeros(D * particles, 1);
        // The shift stands in for the translations.
        let mut hessian = Mat::from_fn(D * particles, D * particles, |i, j| if i == j { 1e-9 } else { 0.0 });
        let mut stress = 0.0;
        for i in 0..particles {
            for j in i + 1..particles {
                // The images are those of the undeformed box, carried along; displacements are real ones.
                let carried = apply(deformation, side.separation(start[i], start[j]));
                let r: [f64; D] = std::array::from_fn(|a| carried[a] + moved[j][a] - moved[i][a]);
                let distance = square(r).sqrt();
                let potential = inherent.potential();
                let d = potential.derivatives(distance, potential.scale(diameters[i], diameters[j]));
                let (transverse, n) = (d.first / distance, r.map(|component| component / distance));
                stress += transverse * dot(r, apply(rate, r)) / side.measure();
                for a in 0..D {
                    gradient[(D * i + a, 0)] -= transverse * r[a];
                    gradient[(D * j + a, 0)] += transverse * r[a];
                    for b in 0..D {
                        let block = (d.second - transverse) * n[a] * n[b] + if a == b { transverse } else { 0.0 };
                        hessian[(D * i + a, D * i + b)] += block;
                        hessian[(D * j + a, D * j + b)] += block;
                        hessian[(D * i + a, D * j + b)] -= block;
                        hessian[(D * j + a, D * i + b)] -= block;
                    }
                }
            }
        }
        if gradient.norm_max() < 1e-11 {
            return stress;
        }
        let step = hessian.llt(Side::Lower).expect("a minimum").solve(&gradient);
        for k in 0..D * particles {
            moved[k / D][k % D] -= step[(k, 0)];
        }
    }
    panic!("not relaxed");
}

fn shear_moduli_are_slopes_of_the_stress_plus_pressure() {
    are_slopes_of_the_stress_plus_pressure::<2>([(0, 2), (1, 3), (2, 4)]);
    are_slopes_of_the_stress_plus_pressure::<3>([(0, 2)]);
}

fn are_slopes_of_the_stress_plus_pressure<const D: usize>(systems: impl IntoIterator<Item = (u64, u32)>) {
    for (index, smoothness) in systems {
        let inherent = inherent::<D>(index, 100, smoothness);
        let (moduli, pressure) = (moduli(&inherent).expect("a minimum"), inherent.pressure());
        let shears = &moduli[..moduli.len() - 1];
        assert_eq!(shears.len(), (D - 1) * (D + 2) / 2);
        let strain = 2e-6;
        let slope = |stress: &dyn Fn(f64) -> f64| (stress(strain) - stress(-strain)) / (2.0 * strain);
        let unit = |a: usize, b: usize| if a == b { 1.0 } else { 0.0 };
        for (e, &modulus) in strains::<D>().iter().zip(shears) {
            assert!((e.as_flattened().iter().map(|x| x * x).sum::<f64>() - 0.5).abs() < 1e-15);
            let found = match (0..D).flat_map(|a| (a + 1..D).map(move |b| (a, b))).find(|&(a, b)| e[a][b] != 0.0) {
                // A simple shear along a meets C_abab + σ_bb, one along b C_abab + σ_aa: together C_abab + their mean,
                // also where the box holds a shear stress.
                Some((a, b)) => {
                    let along = |from: usize, to: usize| {
                        let rate: Block<D> = std::array::from_fn(|i| {
                            std::array::from_fn(|j| if (i, j) == (from, to) { 1.0 } else { 0.0 })
                        });
                        let deformed = |g: f64| -> Block<D> {
                            std::array::from_fn(|i| std::array::from_fn(|j| unit(i, j) + g * rate[i][j]))
                        };
                        slope(&|g| relaxed_stress(&inherent, deformed(g), rate))
                    };
                    0.5 * (along(a, b) + along(b, a))
                }
                None => {
                    let stretched = |g: f64| -> Block<D> {
                        std::array::from_fn(|i| std::array::from_fn(|j| unit(i, j) * (g * e[i][i]).exp()))
                    };
                    slope(&|g| relaxed_stress(&inherent, stretched(g), *e))
                }
            };
            // −P where all normal stresses are alike, as they are not quite in a box that is not sheared to its minimum.
            let stress = normal_stress(&inherent, e);
            assert!((modulus + stress - found).abs() < 1e-4 * modulus.abs().max(1.0), "{modulus} {stress} {found}");
        }
        let constants = ElasticConstants::compute(&inherent).expect("a minimum");
        let mean = shears.iter().sum::<f64>() / shears.len() as f64;
        assert!((constants.shear_modulus - mean).abs() < 1e-13 * mean.abs() && pressure > 0.0);
    }
}

/// 2 Σ_a σ_aa (e²)_aa: what the stress adds to the slope; −P if it is a pressure.
fn normal_stress<const D: usize>(inherent: &InherentStructure<D>, e: &Block<D>) -> f64 {
    let still: Block<D> = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 }));
    (0..D)
        .map(|a| {
            let rate: Block<D> =
                std::array::from_fn(|i| std::array::from_fn(|j| if i == a && j == a { 1.0 } else { 0.0 }));
            2.0 * dot(e[a], e[a]) * relaxed_stress(inherent, still, rate)
        })
        .sum()
}

fn the_bulk_modulus_is_minus_the_slope_of_the_pressure_by_the_area() {
    is_minus_the_slope_of_the_pressure::<2>();
    is_minus_the_slope_of_the_pressure::<3>();
}

fn is_minus_the_slope_of_the_pressure<const D: usize>() {
    for (index, smoothness) in [(3, 2), (4, 3), (5, 4)] {
        let inherent = inherent::<D>(index, 200, smoothness);
        let pressure_at = |dilation: f64| {
            let configuration = inherent.configuration();
            let scale = dilation.powf(1.0 / D as f64);
            let side = PeriodicBox::new(scale * configuration.periodic_box().longest()).expect("positive");
            let positions = configuration.positions().iter().map(|r| r.map(|x| scale * x)).collect();
            let scaled = Configuration::<D>::new(side, positions, configuration.diameters().to_vec()).expect("valid");
            let settings = QuenchSettings::default();
            InherentStructure::polish(scaled, inherent.potential(), &settings).expect("near").0.pressure()
        };
        let strain: f64 = 2e-6;
        let slope = -(pressure_at(strain.exp()) - pressure_at((-strain).exp())) / (2.0 * strain);
        let bulk = ElasticConstants::compute(&inherent).expect("a minimum").bulk_modulus;
        assert!((bulk - slope).abs() < 1e-4 * bulk, "{bulk} {slope}");
    }
}

fn a_triangular_crystal_has_its_lattice_sums_and_is_isotropic() {
    let (columns, rows) = (14, 16);
    let height = 0.75f64.sqrt();
    let side = PeriodicBox::of_sides([14.0, 16.0 * height]).expect("positive");
    let positions = (0..rows * columns)
        .map(|k| {
            let (column, row) = (f64::from(k % columns), f64::from(k / columns));
            [column + 0.5 * (row % 2.0), height * row]
        })
        .collect();
    let count = (rows * columns) as usize;
    let crystal = Configuration::new(side, positions, vec![1.0; count]).expect("valid");
    let potential = Potential::new(2).expect("valid");
    let inherent = InherentStructure::accept(crystal, &potential, 1e-10).expect("a minimum");
    let moduli = moduli(&inherent).expect("a minimum");
    let [simple, pure, bulk] = [0, 1, 2].map(|strain| moduli[strain]);
    // Each particle is a centre of symmetry, so displacements are affine and the Born term is all. Six
    // neighbours at distance 1, three pairs a particle: ⟨n_x²n_y²⟩ = 1/8, ⟨(n·n)²⟩/4 = 1/4.
    let d = potential.derivatives(1.0, potential.scale(1.0, 1.0));
    let per_area = 3.0 * inherent.configuration().density() * (d.second - d.first);
    for (modulus, expected) in [(simple, per_area / 8.0), (pure, per_area / 8.0), (bulk, per_area / 4.0)] {
        assert!((modulus / expected - 1.0).abs() < 1e-9, "{modulus} {expected}");
    }
}
