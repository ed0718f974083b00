//! What a sampling leaves as evidence that it reached equilibrium.

use crate::configuration::Configuration;
use crate::interaction::Potential;
use crate::pairs::interacting_pairs;
use crate::space::square;
use serde::{Deserialize, Serialize};

/// What the sampling of one glass leaves as evidence that it equilibrated.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ThermalizeEvidence {
    /// Sweeps after which the three following were taken, log-spaced, the last = all sweeps.
    pub sweeps: Vec<u64>,
    /// Potential energy per particle.
    pub energy: Vec<f64>,
    /// Autocorrelation C_σ(t) = ⟨δσ_i(0) δσ_i(t)⟩/⟨δσ²⟩ since the start of the sampling at T.
    pub diameter_correlation: Vec<f64>,
    /// Configurational temperature ⟨|∇U|²⟩/⟨∇²U⟩ of the configuration at that time.
    pub configurational_temperature: Vec<f64>,
    /// Fraction of displacement trials accepted at T; 0 without such trials.
    pub acceptance_displacement: f64,
    /// Fraction of swap trials accepted at T; 0 without such trials.
    pub acceptance_swap: f64,
}

/// Eight times a decade from 1 to `sweeps`, both included; only 0 for no sweep at all.
///
/// The numbers are the integers next to 10^{k/8}, so runs of different lengths share them.
pub fn log_spaced(sweeps: u64) -> Vec<u64> {
    // 10^{k/8}, written out: `powf` may differ in its last bit between libraries.
    const FRACTIONS: [f64; 8] =
        [1.0, 1.33352143, 1.77827941, 2.37137371, 3.16227766, 4.21696503, 5.62341325, 7.49894209];
    if sweeps == 0 {
        return vec![0];
    }
    let mut times = Vec::new();
    let mut decade = 1.0;
    while decade <= sweeps as f64 {
        times.extend(FRACTIONS.map(|fraction| (fraction * decade).round() as u64));
        decade *= 10.0;
    }
    times.retain(|&time| time < sweeps);
    times.push(sweeps);
    times.dedup();
    times
}

/// Autocorrelation of the diameters a particle carries, Σ δσ_i(0) δσ_i(t) / Σ δσ_i(0)²; 1 if all
/// diameters are equal.
pub fn diameter_correlation(start: &[f64], now: &[f64]) -> f64 {
    let mean = start.iter().sum::<f64>() / start.len() as f64;
    let product: f64 = start.iter().zip(now).map(|(a, b)| (a - mean) * (b - mean)).sum();
    let square: f64 = start.iter().map(|a| (a - mean) * (a - mean)).sum();
    if square > 0.0 { product / square } else { 1.0 }
}

/// Potential energy per particle, by a sum over the pairs of `configuration`.
pub fn energy_per_particle<const D: usize>(configuration: &Configuration<D>, potential: &Potential) -> f64 {
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let energy: f64 = interacting_pairs(configuration, potential, 0.0)
        .iter()
        .map(|pair| {
            let (i, j) = (pair.first as usize, pair.second as usize);
            let distance_squared = square(side.separation(positions[i], positions[j]));
            let scale = potential.scale(diameters[i], diameters[j]);
            potential.value(distance_squared / (scale.diameter * scale.diameter)) * scale.energy
        })
        .sum();
    energy / configuration.particles() as f64
}

/// Σ_i |∇_i U|² and Σ_i ∇_i² U of one configuration. In equilibrium ⟨first⟩ = T ⟨second⟩ (Rugh,
/// doi:10.1103/PhysRevLett.78.772; Butler, Ayton, Jepps, Evans, doi:10.1063/1.477301).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ForceStatistics {
    /// Σ_i |∇_i U|², in ε² per length².
    pub force_squared: f64,
    /// Σ_i ∇_i² U, in ε per length².
    pub laplacian: f64,
}

impl ForceStatistics {
    /// Of `configuration`, by a sum over its pairs: φ″ + (D − 1)φ′/r for each end of a pair.
    pub fn of<const D: usize>(configuration: &Configuration<D>, potential: &Potential) -> Self {
        let (side, positions, diameters) =
            (configuration.periodic_box(), configuration.positions(), configuration.diameters());
        let mut gradient = vec![[0.0; D]; positions.len()];
        let mut laplacian = 0.0;
        for pair in interacting_pairs(configuration, potential, 0.0) {
            let (i, j) = (pair.first as usize, pair.second as usize);
            let apart = side.separation(positions[i], positions[j]);
            let distance = square(apart).sqrt();
            let derivatives = potential.derivatives(distance, potential.scale(diameters[i], diameters[j]));
            let slope = derivatives.first / distance;
            laplacian += 2.0 * (derivatives.second + (D as f64 - 1.0) * slope);
            for (axis, component) in apart.into_iter().enumerate() {
                gradient[i][axis] -= slope * component;
                gradient[j][axis] += slope * component;
            }
        }
        ForceStatistics { force_squared: gradient.into_iter().map(square).sum(), laplacian }
    }

    /// Configurational temperature Σ|∇U|²/Σ∇²U of this configuration; 0 if no pair interacts.
    pub fn temperature(&self) -> f64 {
        if self.laplacian == 0.0 { 0.0 } else { self.force_squared / self.laplacian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::periodic::PeriodicBox;

    #[test]
    fn times_are_log_spaced_and_end_with_all_sweeps() {
        assert_eq!(log_spaced(0), [0]);
        assert_eq!(log_spaced(1), [1]);
        assert_eq!(log_spaced(10), [1, 2, 3, 4, 6, 7, 10]);
        let long = log_spaced(20_000);
        assert_eq!((long.len(), long[long.len() - 1]), (34, 20_000));
        assert!(long.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_correlation_is_one_at_start_and_averages_to_zero_when_shuffled() {
        let start = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(diameter_correlation(&start, &start), 1.0);
        assert_eq!(diameter_correlation(&start, &[4.0, 3.0, 2.0, 1.0]), -1.0);
        assert_eq!(diameter_correlation(&[1.0, 1.0], &[1.0, 1.0]), 1.0);
    }

    #[test]
    fn two_particles_have_the_textbook_gradient_and_laplacian() {
        let side = PeriodicBox::new(5.0).expect("positive");
        let configuration =
            Configuration::new(side, vec![[0.2, 0.1], [4.6, 0.9]], vec![1.0, 1.1]).expect("a configuration");
        let potential = Potential::new(3).expect("valid");
        let statistics = ForceStatistics::of(&configuration, &potential);
        let d = potential.derivatives((0.36f64 + 0.64).sqrt(), potential.scale(1.0, 1.1));
        assert!((statistics.force_squared / (2.0 * d.first * d.first) - 1.0).abs() < 1e-10);
        assert!((statistics.laplacian / (2.0 * (d.second + d.first)) - 1.0).abs() < 1e-10);
    }
}
