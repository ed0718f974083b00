//! The configuration as written: sections and keys, all that has a default optional.

use glass::diameters::DiameterChoice;
use modes::SpectrumMethod;
use serde::{Deserialize, Serialize};

/// One TOML file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawConfig {
    /// `[campaign]`
    pub campaign: RawCampaign,
    /// `[glass]`
    pub glass: RawGlass,
    /// `[potential]`
    #[serde(default)]
    pub potential: RawPotential,
    /// `[thermalize]`
    pub thermalize: RawThermalize,
    /// `[quench]`
    #[serde(default)]
    pub quench: RawQuench,
    /// `[spectrum]`
    pub spectrum: RawSpectrum,
    /// `[modes]`
    pub modes: RawModes,
}

/// How many realizations, from which seed, and how they are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCampaign {
    /// Text.
    pub name: String,
    /// Count.
    pub realizations: u64,
    /// Seed of the campaign.
    pub seed: u64,
    /// Realizations a segment.
    pub segment_records: Option<u64>,
    /// Seconds a segment.
    pub segment_seconds: Option<f64>,
    /// Attempts before quarantine.
    pub attempts_max: Option<u32>,
}

/// What the glass is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGlass {
    /// N.
    pub particles: u64,
    /// ρ.
    pub density: Option<f64>,
    /// Random or quantile.
    pub diameters: Option<DiameterChoice>,
}

/// The pair potential.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPotential {
    /// q.
    pub smoothness: Option<u32>,
}

/// Swap Monte Carlo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawThermalize {
    /// T.
    pub temperature: f64,
    /// Sweeps at T.
    pub sweeps: u64,
    /// Fraction of swap trials.
    pub swap_fraction: Option<f64>,
    /// Largest displacement along each axis.
    pub max_displacement: Option<f64>,
}

/// Descent to the inherent structure.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawQuench {
    /// Largest force left.
    pub force_tolerance: Option<f64>,
    /// Most force evaluations.
    pub evaluations_max: Option<u32>,
}

/// Normal modes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSpectrum {
    /// Dense, sliced or low.
    pub method: SpectrumMethod,
    /// `low` finds every mode below.
    pub omega_max: Option<f64>,
    /// Shifts of the integrated density of states.
    pub staircase_shifts: Option<u64>,
}

/// Which modes are described.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawModes {
    /// Every mode below.
    pub omega_max: f64,
    /// And so many of the lowest.
    pub lowest: Option<u64>,
    /// Vectors are kept up to this participation ratio.
    pub snapshot_participation_max: Option<f64>,
}
