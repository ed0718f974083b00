//! What the tests of this folder share: small minima, their modes, and slow obvious twins.

#![expect(clippy::expect_used, reason = "tests")]

use super::Eigenpair;
use super::quartic::SecondMinimum;
use faer::Side;
use glass::diameters::DiameterChoice;
use glass::interaction::inverse_power::CUTOFF;
use glass::interaction::mixing::NON_ADDITIVITY;
use glass::interaction::{Mixing, PairScale};
use glass::quench::{QuenchSettings, quench};
use glass::{Configuration, InherentStructure, PeriodicBox, Potential, Seed};

/// The minimum below a random start, the first of a few that can be quenched to the tolerance.
pub(crate) fn minimum(index: u64, particles: usize, smoothness: u32) -> InherentStructure {
    minimum_in(index, particles, smoothness)
}

/// The same in D dimensions.
pub(crate) fn minimum_in<const D: usize>(index: u64, particles: usize, smoothness: u32) -> InherentStructure<D> {
    let potential = Potential::new(smoothness).expect("valid");
    let below = |attempt: u64| {
        let seed = Seed::of_realization(20210212 + attempt, index);
        let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
        quench(&start, &potential, &QuenchSettings::default()).ok()
    };
    (0..5).find_map(below).expect("one of five converges")
}

/// A minimum of 64 particles (q = 2) found among 1500 quenches of random starts: along its lowest
/// mode the actual potential has a second, deeper well. Stored so that it does not depend on how the
/// minimizer of the day falls; the quench only restores the digits beyond the ninth.
pub(crate) fn double_well() -> InherentStructure {
    let rows: Vec<[f64; 3]> = include_str!("double_well.txt")
        .lines()
        .map(|line| {
            let mut numbers = line.split(' ').map(|word| word.parse().expect("a number"));
            [0; 3].map(|_| numbers.next().expect("three columns"))
        })
        .collect();
    let configuration = Configuration::new(
        PeriodicBox::new((rows.len() as f64).sqrt()).expect("positive"),
        rows.iter().map(|row| [row[0], row[1]]).collect(),
        rows.iter().map(|row| row[2]).collect(),
    )
    .expect("valid");
    quench(&configuration, &Potential::new(2).expect("valid"), &QuenchSettings::default()).expect("converges")
}

/// The modes of a minimum with λ > 10⁻⁶, by the dense solver.
pub(crate) fn modes<const D: usize>(minimum: &InherentStructure<D>) -> Vec<Eigenpair<D>> {
    let particles = minimum.configuration().particles();
    let eigen = minimum.hessian().to_dense().self_adjoint_eigen(Side::Lower).expect("converges");
    (0..D * particles)
        .filter(|&index| eigen.S()[index] > 1e-6)
        .map(|index| {
            let column = eigen.U().col(index);
            let vector: Vec<[f64; D]> =
                (0..particles).map(|i| std::array::from_fn(|axis| column[D * i + axis])).collect();
            let fourth: f64 = vector.iter().map(|v| v.iter().map(|x| x * x).sum::<f64>().powi(2)).sum();
            let participation = 1.0 / (particles as f64 * fourth);
            Eigenpair { index, eigenvalue: eigen.S()[index], participation, vector }
        })
        .collect()
}

/// One pair of the double loop: separation from the lower to the higher index at s = 0, its change
/// with s, and its scale.
pub(crate) struct MovingPair<const D: usize = 2> {
    pub(crate) separation: [f64; D],
    pub(crate) change: [f64; D],
    pub(crate) scale: PairScale,
}

impl<const D: usize> MovingPair<D> {
    pub(crate) fn distance(&self, s: f64) -> f64 {
        let moved = (0..D).map(|axis| self.separation[axis] + s * self.change[axis]);
        moved.map(|component| component * component).sum::<f64>().sqrt()
    }
}

/// Every pair of particles, by a double loop.
pub(crate) fn all_pairs<const D: usize>(configuration: &Configuration<D>, mode: &[[f64; D]]) -> Vec<MovingPair<D>> {
    let mut pairs = Vec::new();
    for i in 0..mode.len() {
        for j in i + 1..mode.len() {
            pairs.push(MovingPair {
                separation: configuration
                    .periodic_box()
                    .separation(configuration.positions()[i], configuration.positions()[j]),
                change: std::array::from_fn(|axis| mode[j][axis] - mode[i][axis]),
                scale: Mixing::NonAdditive(NON_ADDITIVITY)
                    .scale(configuration.diameters()[i], configuration.diameters()[j]),
            });
        }
    }
    pairs
}

/// U of a configuration by a double loop.
pub(crate) fn energy<const D: usize>(configuration: &Configuration<D>, potential: &Potential) -> f64 {
    let still = vec![[0.0; D]; configuration.particles()];
    all_pairs(configuration, &still).iter().map(|p| potential.derivatives(p.distance(0.0), p.scale).value).sum()
}

/// A particle of diameter 1 that can pass a gate of two at ±`width`, with a stop at ±`stop` on either
/// side: particle 0 at `height` above the middle of the gate; U is even in it.
pub(crate) fn gate(width: f64, stop: f64, height: f64) -> Configuration {
    let middle = 5.0;
    Configuration::new(
        PeriodicBox::new(10.0).expect("positive"),
        vec![
            [middle, middle + height],
            [middle - width, middle],
            [middle + width, middle],
            [middle, middle - stop],
            [middle, middle + stop],
        ],
        vec![1.0; 5],
    )
    .expect("valid")
}

/// The first barrier and the minimum beyond it, towards `side`, by a scan of `energy`.
pub(crate) fn scan(energy: impl Fn(f64) -> f64, side: f64, range: f64, points: usize) -> Option<SecondMinimum> {
    let at = |k: usize| side * range * k as f64 / points as f64;
    let energies: Vec<f64> = (0..=points).map(|k| energy(at(k))).collect();
    let top = (1..points).find(|&k| energies[k] > energies[k - 1] && energies[k] >= energies[k + 1])?;
    let bottom = (top + 1..points).find(|&k| energies[k] <= energies[k - 1] && energies[k] < energies[k + 1])?;
    Some(SecondMinimum { barrier_at: at(top), barrier: energies[top], at: at(bottom), energy: energies[bottom] })
}

/// A triangular crystal of particles of diameter 1, and last a small one in the middle of three of them, whose
/// contacts overlap by the fraction `overlap` of the cutoff.
pub(crate) fn hardly_held(overlap: f64, smoothness: u32) -> InherentStructure {
    let (columns, rows, spacing) = (7, 8, 1.05);
    let side = columns as f64 * spacing;
    let height = side / rows as f64;
    let site = |column: usize, row: usize| [spacing * (column as f64 + 0.5 * (row % 2) as f64), height * row as f64];
    let mut positions: Vec<[f64; 2]> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| site(column, row))).collect();
    // As far from the two neighbours below as from the one above.
    let above = (height * height - 0.25 * spacing * spacing) / (2.0 * height);
    positions.push([1.5 * spacing, above]);
    let pair = (height - above) / ((1.0 - overlap) * CUTOFF);
    // The diameter σ whose mixed diameter with 1 is that: ½(1 + σ)(1 − 0.2(1 − σ)).
    let diameter = (1.0 - 0.8 * (0.8 - 2.0 * pair)).sqrt() / 0.4 - 2.5;
    let mut diameters = vec![1.0; columns * rows];
    diameters.push(diameter);
    let start = Configuration::new(PeriodicBox::new(side).expect("positive"), positions, diameters).expect("valid");
    quench(&start, &Potential::new(smoothness).expect("valid"), &QuenchSettings::default()).expect("converges")
}
