//! Conjugate gradient, then Newton: a configuration becomes the inherent structure below it.

use crate::configuration::Configuration;
use crate::hessian::Hessian;
use crate::pairs::interacting_pairs;
use crate::potential::{Potential, pair_diameter};
use faer::linalg::solvers::Solve;
use faer::sparse::{SparseColMat, Triplet};
use thiserror::Error;

/// How a configuration is quenched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuenchSettings {
    /// Largest |F_i| accepted, in ε per length.
    pub force_tolerance: f64,
    /// Most force evaluations of the gradient stage.
    pub evaluations_max: u32,
}

impl Default for QuenchSettings {
    fn default() -> Self {
        QuenchSettings { force_tolerance: 1e-12, evaluations_max: 100_000 }
    }
}

/// A local minimum of the potential energy; only this module makes one.
#[derive(Debug, Clone)]
pub struct InherentStructure {
    configuration: Configuration,
    potential: Potential,
    energy: f64,
    pressure: f64,
    force_max: f64,
    iterations: u32,
    newton_steps: u32,
}

/// Why there is no inherent structure.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum QuenchFailure {
    /// The forces stayed above the tolerance.
    #[error("largest force {force_max:.3e} still above {tolerance:.1e} after {iterations} iterations")]
    NotConverged {
        /// Largest |F_i| reached.
        force_max: f64,
        /// What was asked for.
        tolerance: f64,
        /// Force evaluations made.
        iterations: u32,
    },
    /// Energy or force stopped being a number.
    #[error("energy or force is not finite after {iterations} iterations")]
    NotFinite {
        /// Force evaluations made.
        iterations: u32,
    },
}

impl InherentStructure {
    /// Positions (at the minimum) and diameters.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The potential it is a minimum of.
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// Potential energy per particle.
    pub fn energy(&self) -> f64 {
        self.energy
    }

    /// Pressure −Σ φ′ r / (2 L²).
    pub fn pressure(&self) -> f64 {
        self.pressure
    }

    /// Largest |F_i| left.
    pub fn force_max(&self) -> f64 {
        self.force_max
    }

    /// Force evaluations of the gradient stage.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Newton steps after it.
    pub fn newton_steps(&self) -> u32 {
        self.newton_steps
    }

    /// The Hessian at the minimum.
    pub fn hessian(&self) -> Hessian {
        Hessian::new(&self.configuration, &self.potential)
    }
}

/// The inherent structure below `start`.
///
/// # Errors
/// [`QuenchFailure`] when the forces do not reach the tolerance.
pub fn quench(
    start: &Configuration,
    potential: &Potential,
    settings: &QuenchSettings,
) -> Result<InherentStructure, QuenchFailure> {
    // FIRE, then Newton.
    let n = start.particles();
    let mut configuration = start.clone();
    let (mut step, mut mixing, mut positive) = (0.002, 0.1, 0);
    let mut velocity = vec![[0.0f64; 2]; n];
    let mut iterations = 0;
    let (mut forces, mut last) = evaluate(&configuration, potential);
    while last.force_max > 1e-6 {
        if iterations >= settings.evaluations_max {
            return Err(QuenchFailure::NotConverged {
                force_max: last.force_max,
                tolerance: settings.force_tolerance,
                iterations,
            });
        }
        let (mut power, mut f2, mut v2) = (0.0, 0.0, 0.0);
        for i in 0..n {
            for a in 0..2 {
                power += forces[i][a] * velocity[i][a];
                f2 += forces[i][a] * forces[i][a];
                v2 += velocity[i][a] * velocity[i][a];
            }
        }
        if power > 0.0 {
            positive += 1;
            let scale = mixing * (v2 / f2).sqrt();
            for i in 0..n {
                for a in 0..2 {
                    velocity[i][a] = (1.0 - mixing) * velocity[i][a] + scale * forces[i][a];
                }
            }
            if positive > 5 {
                step = f64::min(step * 1.1, 0.05);
                mixing *= 0.99;
            }
        } else {
            positive = 0;
            step *= 0.5;
            mixing = 0.1;
            velocity.fill([0.0; 2]);
        }
        let mut displacement = vec![[0.0; 2]; n];
        for i in 0..n {
            for a in 0..2 {
                velocity[i][a] += step * forces[i][a];
                displacement[i][a] = (step * velocity[i][a]).clamp(-0.05, 0.05);
            }
        }
        configuration = configuration.displaced(&displacement, 1.0);
        (forces, last) = evaluate(&configuration, potential);
        iterations += 1;
    }
    let mut newton_steps = 0;
    while last.force_max > settings.force_tolerance {
        if newton_steps >= 30 {
            return Err(QuenchFailure::NotConverged {
                force_max: last.force_max,
                tolerance: settings.force_tolerance,
                iterations,
            });
        }
        let hessian = Hessian::new(&configuration, potential).to_sparse();
        let mut entries: Vec<Triplet<usize, usize, f64>> =
            hessian.triplet_iter().map(|t| Triplet::new(t.row, t.col, *t.val)).collect();
        entries.extend((0..2 * n).map(|k| Triplet::new(k, k, 1e-8)));
        let shifted = SparseColMat::try_new_from_triplets(2 * n, 2 * n, &entries)
            .map_err(|_| QuenchFailure::NotFinite { iterations })?;
        let solver = shifted.sp_cholesky(faer::Side::Lower).map_err(|_| QuenchFailure::NotFinite { iterations })?;
        let right = faer::Mat::from_fn(2 * n, 1, |k, _| forces[k / 2][k % 2]);
        let solution = solver.solve(&right);
        let displacement: Vec<[f64; 2]> = (0..n).map(|i| [solution[(2 * i, 0)], solution[(2 * i + 1, 0)]]).collect();
        configuration = configuration.displaced(&displacement, 1.0);
        (forces, last) = evaluate(&configuration, potential);
        newton_steps += 1;
    }
    Ok(InherentStructure {
        configuration,
        potential: *potential,
        energy: last.energy / n as f64,
        pressure: last.pressure,
        force_max: last.force_max,
        iterations,
        newton_steps,
    })
}

struct Evaluation {
    energy: f64,
    pressure: f64,
    force_max: f64,
}

fn evaluate(configuration: &Configuration, potential: &Potential) -> (Vec<[f64; 2]>, Evaluation) {
    let mut forces = vec![[0.0; 2]; configuration.particles()];
    let (mut energy, mut virial) = (0.0, 0.0);
    for pair in interacting_pairs(configuration, 0.0) {
        let (i, j) = (pair.first as usize, pair.second as usize);
        let [x, y] =
            configuration.periodic_box().separation(configuration.positions()[i], configuration.positions()[j]);
        let r2 = x * x + y * y;
        let sigma = pair_diameter(configuration.diameters()[i], configuration.diameters()[j]);
        let inverse = 1.0 / (sigma * sigma);
        energy += potential.value(r2 * inverse);
        let slope = potential.slope_over_distance(r2 * inverse, inverse);
        virial += slope * r2;
        forces[i][0] += slope * x;
        forces[i][1] += slope * y;
        forces[j][0] -= slope * x;
        forces[j][1] -= slope * y;
    }
    let force_max = forces.iter().map(|f| (f[0] * f[0] + f[1] * f[1]).sqrt()).fold(0.0, f64::max);
    let pressure = -virial / (2.0 * configuration.periodic_box().area());
    (forces, Evaluation { energy, pressure, force_max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    #[test]
    fn forces_vanish_at_an_inherent_structure() {
        let seed = Seed::of_realization(3, 1);
        let start = Configuration::random(seed, 128, 1.0, DiameterChoice::Random).expect("valid");
        let minimum =
            quench(&start, &Potential::new(2).expect("valid"), &QuenchSettings::default()).expect("converges");
        assert!(minimum.force_max() <= 1e-12);
        assert!(minimum.energy() > 0.0 && minimum.pressure() > 0.0);
    }
}
