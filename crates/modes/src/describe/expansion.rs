//! The energy along a mode to fourth order: b₂, b₃, b₄, and how much of it hangs on the cutoff.
//!
//! A pair with unit vector n from i to j, distance r, moves along a mode Ψ by δ = Ψ_j − Ψ_i. With
//! a = n·δ along the pair and t = |n × δ| across it, the derivatives of φ(|r n + s δ|) at s = 0 are
//!
//! - b₂: φ″a² + (φ′/r)t²
//! - b₃: φ‴a³ + 3(φ″/r − φ′/r²)a t²
//! - b₄: φ⁗a⁴ + 6(φ‴/r − 2φ″/r² + 2φ′/r³)a²t² + 3(φ″/r² − φ′/r³)t⁴
//!
//! and those of U are their sums over pairs, always in the ascending order of the pairs.

use glass::configuration::Configuration;
use glass::pairs::{Pair, interacting_pairs};
use glass::space::{dot, minus, square};
use glass::{InherentStructure, Potential};

/// A pair counts towards the cutoff share when r > this times x_c σ_ij.
pub const NEAR_CUTOFF: f64 = 0.98;

/// A sum below this times the sum of the absolute values of its terms is rounding, not a number.
const ROUNDING: f64 = 1e-13;

/// Derivatives of U along one mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expansion {
    /// d²U/ds² at s = 0; equals the eigenvalue λ.
    pub b2: f64,
    /// d³U/ds³.
    pub b3: f64,
    /// d⁴U/ds⁴.
    pub b4: f64,
    /// b₃ without pairs with r > [`NEAR_CUTOFF`] x_c σ_ij.
    pub b3_inside: f64,
    /// The same of b₄.
    pub b4_inside: f64,
    /// Part of b₃ from pairs with r > [`NEAR_CUTOFF`] x_c σ_ij, over b₃. Terms have both signs, so it
    /// may be negative or exceed 1. NaN when b₃ vanishes to rounding: then no part of it is a number.
    pub cutoff_share_b3: f64,
    /// The same of b₄.
    pub cutoff_share_b4: f64,
    /// Σ|terms| of b₂: b₂ is known to about 10⁻¹⁶ of this.
    pub b2_magnitude: f64,
}

/// What the expansion needs of one interacting pair, whatever the mode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact<const D: usize = 2> {
    pub(crate) pair: Pair,
    /// Unit vector from the first to the second.
    pub(crate) normal: [f64; D],
    /// Factors of a², t².
    second: [f64; 2],
    /// Factors of a³, a t².
    pub(crate) third: [f64; 2],
    /// Factors of a⁴, a²t², t⁴.
    pub(crate) fourth: [f64; 3],
    near_cutoff: bool,
}

/// All interacting pairs of a configuration with their derivatives, to expand many modes.
#[derive(Debug, Clone)]
pub struct Contacts<const D: usize = 2> {
    particles: usize,
    contacts: Vec<Contact<D>>,
    stiffness: f64,
}

impl<const D: usize> Contacts<D> {
    /// The interacting pairs of `configuration`.
    pub fn new(configuration: &Configuration<D>, potential: &Potential) -> Self {
        Contacts::between(&interacting_pairs(configuration, potential, 0.0), configuration, potential)
    }

    /// Those of a minimum, which its Hessian knows.
    pub fn of(minimum: &InherentStructure<D>) -> Self {
        Contacts::between(minimum.hessian().pairs(), minimum.configuration(), minimum.potential())
    }

    fn between(pairs: &[Pair], configuration: &Configuration<D>, potential: &Potential) -> Self {
        let near_cutoff = NEAR_CUTOFF * potential.cutoff();
        let contacts: Vec<Contact<D>> = pairs
            .iter()
            .map(|&pair| {
                let (i, j) = (pair.first as usize, pair.second as usize);
                let apart =
                    configuration.periodic_box().separation(configuration.positions()[i], configuration.positions()[j]);
                let r = square(apart).sqrt();
                let scale = potential.scale(configuration.diameters()[i], configuration.diameters()[j]);
                let d = potential.derivatives(r, scale);
                let (r2, r3) = (r * r, r * r * r);
                Contact {
                    pair,
                    normal: apart.map(|component| component / r),
                    second: [d.second, d.first / r],
                    third: [d.third, 3.0 * (d.second / r - d.first / r2)],
                    fourth: [
                        d.fourth,
                        6.0 * (d.third / r - 2.0 * d.second / r2 + 2.0 * d.first / r3),
                        3.0 * (d.second / r2 - d.first / r3),
                    ],
                    near_cutoff: r > near_cutoff * scale.diameter,
                }
            })
            .collect();
        let mut stiffnesses = vec![0.0; configuration.particles()];
        for Contact { pair, second, .. } in &contacts {
            for particle in [pair.first, pair.second] {
                stiffnesses[particle as usize] += 2.0 * (second[0].abs() + second[1].abs());
            }
        }
        let stiffness = stiffnesses.into_iter().fold(0.0, f64::max);
        Contacts { particles: configuration.particles(), contacts, stiffness }
    }

    /// A bound of every |λ|: twice the largest Σ_j (|φ″| + |φ′|/r) of a particle.
    pub fn stiffness(&self) -> f64 {
        self.stiffness
    }

    /// Number of interacting pairs.
    pub fn count(&self) -> usize {
        self.contacts.len()
    }

    /// The interacting pairs, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Contact<D>> {
        self.contacts.iter()
    }

    /// The derivatives of U along `mode` (N × D, unit norm).
    ///
    /// # Panics
    /// If `mode` has not one vector for each particle.
    pub fn expand(&self, mode: &[[f64; D]]) -> Expansion {
        assert_eq!(mode.len(), self.particles);
        let mut second = Sum::default();
        let (mut third, mut fourth) = (Sum::default(), Sum::default());
        let (mut third_near, mut fourth_near) = (0.0, 0.0);
        let (mut third_inside, mut fourth_inside) = (0.0, 0.0);
        for contact in &self.contacts {
            let (from, to) = (mode[contact.pair.first as usize], mode[contact.pair.second as usize]);
            let delta = minus(to, from);
            let along = dot(contact.normal, delta);
            let (a2, t2) = (along * along, across_squared(contact.normal, delta));
            second.add(contact.second[0] * a2 + contact.second[1] * t2);
            let cubic = along * (contact.third[0] * a2 + contact.third[1] * t2);
            let quartic = contact.fourth[0] * (a2 * a2) + contact.fourth[1] * (a2 * t2) + contact.fourth[2] * (t2 * t2);
            third.add(cubic);
            fourth.add(quartic);
            if contact.near_cutoff {
                third_near += cubic;
                fourth_near += quartic;
            } else {
                third_inside += cubic;
                fourth_inside += quartic;
            }
        }
        Expansion {
            b2: second.total,
            b3: third.total,
            b4: fourth.total,
            b3_inside: third_inside,
            b4_inside: fourth_inside,
            cutoff_share_b3: third.share(third_near),
            cutoff_share_b4: fourth.share(fourth_near),
            b2_magnitude: second.magnitude,
        }
    }
}

/// |n × δ|², by the components of n × δ: where δ lies along n, nothing large cancels.
fn across_squared<const D: usize>(normal: [f64; D], delta: [f64; D]) -> f64 {
    let mut sum = 0.0;
    for a in 0..D {
        for b in a + 1..D {
            let across = normal[a] * delta[b] - normal[b] * delta[a];
            sum += across * across;
        }
    }
    sum
}

/// A sum that knows how much cancelled in it.
#[derive(Default)]
struct Sum {
    total: f64,
    magnitude: f64,
}

impl Sum {
    fn add(&mut self, term: f64) {
        self.total += term;
        self.magnitude += term.abs();
    }

    fn share(&self, part: f64) -> f64 {
        if self.total.abs() <= ROUNDING * self.magnitude { f64::NAN } else { part / self.total }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{MovingPair, all_pairs, minimum_in, modes};
    use super::*;
    use glass::PeriodicBox;
    use glass::interaction::Family;

    /// U(s) − U(0) by a double loop.
    fn energy_along<const D: usize>(pairs: &[MovingPair<D>], potential: &Potential, s: f64) -> f64 {
        let value = |pair: &MovingPair<D>, s| potential.derivatives(pair.distance(s), pair.scale).value;
        pairs.iter().map(|pair| value(pair, s) - value(pair, 0.0)).sum()
    }

    /// Second, third and fourth derivative of `function` at 0 by central differences over nine
    /// points (errors of order step⁸, step⁶, step⁶).
    fn differences(function: impl Fn(f64) -> f64, step: f64) -> [f64; 3] {
        let values: Vec<f64> = (-4..=4).map(|k| function(f64::from(k) * step)).collect();
        let apply = |weights: [f64; 9], order: i32| -> f64 {
            weights.iter().zip(&values).map(|(w, v)| w * v).sum::<f64>() / step.powi(order)
        };
        let even = |a: f64, b: f64, c: f64, d: f64, e: f64| [a, b, c, d, e, d, c, b, a];
        [
            apply(even(-1.0 / 560.0, 8.0 / 315.0, -1.0 / 5.0, 8.0 / 5.0, -205.0 / 72.0), 2),
            apply(
                [
                    -7.0 / 240.0,
                    3.0 / 10.0,
                    -169.0 / 120.0,
                    61.0 / 30.0,
                    0.0,
                    -61.0 / 30.0,
                    169.0 / 120.0,
                    -3.0 / 10.0,
                    7.0 / 240.0,
                ],
                3,
            ),
            apply(even(7.0 / 240.0, -2.0 / 5.0, 169.0 / 60.0, -122.0 / 15.0, 91.0 / 8.0), 4),
        ]
    }

    #[test]
    fn the_curvature_is_the_eigenvalue() {
        is_the_eigenvalue::<2>(64);
        is_the_eigenvalue::<3>(80);
    }

    fn is_the_eigenvalue<const D: usize>(particles: usize) {
        for (index, q) in [(0, 2), (1, 3), (2, 4)] {
            let minimum = minimum_in::<D>(index, particles, q);
            let contacts = Contacts::of(&minimum);
            assert_eq!(contacts.count(), minimum.hessian().pairs().len());
            for mode in modes(&minimum) {
                let b2 = contacts.expand(&mode.vector).b2;
                assert!((b2 - mode.eigenvalue).abs() < 1e-10 * mode.eigenvalue, "{b2:e} {:e}", mode.eigenvalue);
            }
        }
    }

    /// b₂, b₃, b₄ against differences of U to 10⁻⁶ (plus 10⁻⁹ of Σ|terms|, for sums that happen to
    /// cancel). Modes along which a pair passes its cutoff inside
    /// the nine points are left out: there the fifth or, for q = 2, already the third derivative of U
    /// jumps, differences mix the values from both sides of the jump, and b₃ and b₄, which are the
    /// derivatives at s = 0 itself, are no limit of them at a finite step. Small systems have few
    /// pairs near the cutoff, so that most modes remain.
    #[test]
    fn derivatives_agree_with_differences_of_the_energy() {
        agree_with_differences_of_the_energy::<2>(20, 4, 20);
        // In three dimensions a small box is full of pairs near the cutoff: few modes remain.
        agree_with_differences_of_the_energy::<3>(70, 4, 3);
    }

    fn agree_with_differences_of_the_energy<const D: usize>(particles: usize, systems: u64, least: usize) {
        for q in [2, 3, 4] {
            let (mut compared, mut excluded) = (0, 0);
            for index in 0..systems {
                let minimum = minimum_in::<D>(10 + index, particles, q);
                let contacts = Contacts::of(&minimum);
                for mode in modes(&minimum) {
                    let pairs = all_pairs(minimum.configuration(), &mode.vector);
                    // The pair that moves most moves by this much a step. Rounding falls with the step, the
                    // error of the differences grows with its sixth power, and how fast depends on the
                    // mode: the best of three steps counts, as a limit would.
                    let fastest = pairs.iter().map(|p| square(p.change).sqrt()).fold(0.0, f64::max);
                    let steps = [0.003, 0.005, 0.008].map(|distance| distance / fastest);
                    let inside =
                        |p: &MovingPair<D>, s: f64| p.distance(s) < minimum.potential().cutoff() * p.scale.diameter;
                    let crosses = |p: &MovingPair<D>| {
                        (-4..=4).any(|k| steps.iter().any(|step| inside(p, f64::from(k) * step) != inside(p, 0.0)))
                    };
                    if pairs.iter().any(crosses) {
                        excluded += 1;
                        continue;
                    }
                    compared += 1;
                    let e = contacts.expand(&mode.vector);
                    let [third, fourth] = contracted(&minimum, &mode.vector);
                    let magnitudes = [e.b2_magnitude, third[1], fourth[1]];
                    for (order, exact) in [e.b2, e.b3, e.b4].into_iter().enumerate() {
                        let along = |s| energy_along(&pairs, minimum.potential(), s);
                        let numerical = steps
                            .map(|step| differences(along, step)[order])
                            .into_iter()
                            .min_by(|a, b| (a - exact).abs().total_cmp(&(b - exact).abs()))
                            .expect("three steps");
                        assert!(
                            (numerical - exact).abs() < 1e-6 * exact.abs() + 1e-9 * magnitudes[order],
                            "q = {q}, mode {}, b{}: {exact} but differences give {numerical}",
                            mode.index,
                            order + 2
                        );
                    }
                }
            }
            assert!(compared > least, "q = {q}: only {compared} modes compared, {excluded} excluded");
        }
    }

    /// Derivatives of f(u) = φ(√u), u = r²: f′ to f⁗, by powers of u.
    fn derivatives_in_square(potential: &Potential, u: f64, sigma: f64) -> [f64; 4] {
        let Family::InversePower12(shape) = potential.family() else { panic!("the paper's") };
        let (x2, c) = (u / (sigma * sigma), shape.coefficients());
        [1, 2, 3, 4].map(|order: i32| {
            // d^k x^{2m}/d(x²)^k = m(m−1)…(m−k+1) x^{2(m−k)}, also for m = −6.
            let falling = |m: i32| (0..order).map(|k| f64::from(m - k)).product::<f64>();
            let repulsion = falling(-6) * x2.powi(-6 - order);
            let smoothing: f64 = (1..5).map(|m: i32| c[m as usize] * falling(m) * x2.powi((m - order).max(0))).sum();
            (repulsion + smoothing) / sigma.powi(2 * order)
        })
    }

    /// The slow twin: the full tensors ∂³φ/∂r_a∂r_b∂r_c and ∂⁴φ/∂r_a∂r_b∂r_c∂r_d of every pair over
    /// its four coordinates, from derivatives with respect to r² instead of r, contracted with the
    /// mode. Returns [sum, Σ|terms|, part of the pairs near the cutoff] of b₃ and of b₄.
    fn contracted<const D: usize>(minimum: &InherentStructure<D>, mode: &[[f64; D]]) -> [[f64; 3]; 2] {
        let (configuration, potential) = (minimum.configuration(), minimum.potential());
        let mut sums = [[0.0; 3]; 2];
        let same = |a: usize, b: usize| if a % D == b % D { 1.0 } else { 0.0 };
        // Coordinates x_i, y_i, …, x_j, y_j, …: R = r_j − r_i changes by −1 with those of i.
        let sign = |a: usize| if a < D { -1.0 } else { 1.0 };
        for pair in interacting_pairs(configuration, potential, 0.0) {
            let (i, j) = (pair.first as usize, pair.second as usize);
            let r = configuration.periodic_box().separation(configuration.positions()[i], configuration.positions()[j]);
            let sigma = potential.scale(configuration.diameters()[i], configuration.diameters()[j]).diameter;
            let u = square(r);
            let [_, f2, f3, f4] = derivatives_in_square(potential, u, sigma);
            let moves = [mode[i], mode[j]].concat();
            let (mut third, mut fourth) = (0.0, 0.0);
            for a in 0..2 * D {
                for b in 0..2 * D {
                    for c in 0..2 * D {
                        let [ra, rb, rc] = [r[a % D], r[b % D], r[c % D]];
                        let tensor =
                            8.0 * f3 * ra * rb * rc + 4.0 * f2 * (same(a, b) * rc + same(a, c) * rb + same(b, c) * ra);
                        third += tensor * sign(a) * sign(b) * sign(c) * moves[a] * moves[b] * moves[c];
                        for d in 0..2 * D {
                            let rd = r[d % D];
                            let twos = same(a, b) * rc * rd
                                + same(a, c) * rb * rd
                                + same(a, d) * rb * rc
                                + same(b, c) * ra * rd
                                + same(b, d) * ra * rc
                                + same(c, d) * ra * rb;
                            let fours = same(a, b) * same(c, d) + same(a, c) * same(b, d) + same(a, d) * same(b, c);
                            let tensor = 16.0 * f4 * ra * rb * rc * rd + 8.0 * f3 * twos + 4.0 * f2 * fours;
                            fourth += tensor
                                * (sign(a) * sign(b) * sign(c) * sign(d))
                                * (moves[a] * moves[b] * moves[c] * moves[d]);
                        }
                    }
                }
            }
            let near = u.sqrt() > 0.98 * 1.25 * sigma;
            for (sum, term) in sums.iter_mut().zip([third, fourth]) {
                *sum = [sum[0] + term, sum[1] + term.abs(), sum[2] + if near { term } else { 0.0 }];
            }
        }
        sums
    }

    #[test]
    fn third_and_fourth_derivatives_are_the_contracted_tensors() {
        are_the_contracted_tensors::<2>(64, 4);
        are_the_contracted_tensors::<3>(80, 16);
    }

    fn are_the_contracted_tensors<const D: usize>(particles: usize, step: usize) {
        for (index, q) in [(3, 2), (4, 3), (5, 4)] {
            let minimum = minimum_in::<D>(index, particles, q);
            let contacts = Contacts::of(&minimum);
            let mut shares = 0;
            for mode in modes(&minimum).iter().step_by(step) {
                let e = contacts.expand(&mode.vector);
                let twin = contracted(&minimum, &mode.vector);
                for (fast, inside, share, [slow, magnitude, near]) in
                    [(e.b3, e.b3_inside, e.cutoff_share_b3, twin[0]), (e.b4, e.b4_inside, e.cutoff_share_b4, twin[1])]
                {
                    assert!((fast - slow).abs() < 1e-12 * magnitude, "{fast} {slow}");
                    assert!((inside - (slow - near)).abs() < 1e-12 * magnitude, "{inside} {slow} {near}");
                    assert!((share * fast - near).abs() < 1e-12 * magnitude, "{share} {near}");
                    shares += usize::from(share.abs() > 1e-3);
                }
            }
            assert!(shares > 0, "no mode with a pair near the cutoff: the share is not tested");
        }
    }

    #[test]
    fn two_particles_reproduce_the_pair_potential() {
        let potential = Potential::new(2).expect("valid");
        let root = 0.5f64.sqrt();
        for (r, share) in [(1.1, 0.0), (1.24, 1.0)] {
            let configuration = Configuration::new(
                PeriodicBox::new(10.0).expect("positive"),
                vec![[9.5, 3.0], [9.5 + r - 10.0, 3.0]],
                vec![1.0; 2],
            )
            .expect("valid");
            let contacts = Contacts::new(&configuration, &potential);
            let d = potential.derivatives(r, potential.scale(1.0, 1.0));
            let close = |value: f64, expected: f64| {
                assert!((value - expected).abs() < 1e-11 * expected.abs().max(1.0), "{value} {expected}");
            };
            // Stretching by √2 s: U = φ(r + √2 s).
            let stretched = contacts.expand(&[[-root, 0.0], [root, 0.0]]);
            close(stretched.b2, 2.0 * d.second);
            close(stretched.b3, 2.0f64.powf(1.5) * d.third);
            close(stretched.b4, 4.0 * d.fourth);
            assert_eq!((stretched.cutoff_share_b3, stretched.cutoff_share_b4), (share, share));
            // One pair alone is inside the cutoff region or in it.
            close(stretched.b3_inside, (1.0 - share) * stretched.b3);
            close(stretched.b4_inside, (1.0 - share) * stretched.b4);
            // Turning: U = φ(√(r² + 2s²)), which is even in s.
            let turned = contacts.expand(&[[0.0, -root], [0.0, root]]);
            close(turned.b2, 2.0 * d.first / r);
            assert_eq!(turned.b3, 0.0);
            assert!(turned.cutoff_share_b3.is_nan());
            close(turned.b4, 12.0 * (d.second / (r * r) - d.first / (r * r * r)));
            // Moving together costs nothing.
            let moved = contacts.expand(&[[root, 0.0], [root, 0.0]]);
            assert_eq!((moved.b2, moved.b3, moved.b4), (0.0, 0.0, 0.0));
        }
    }
}
