//! The configuration as written: sections and keys, all that has a default optional.

use modes::SpectrumMethod;
use modes::nonlinear::Kind;
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
    /// `[nonlinear]`; absent where nothing is searched.
    #[serde(default, skip_serializing_if = "RawNonlinear::is_off")]
    pub nonlinear: RawNonlinear,
    /// `[wells]`; absent where none are searched.
    #[serde(default, skip_serializing_if = "RawWells::is_off")]
    pub wells: RawWells,
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
    /// d.
    pub dimension: Option<u64>,
    /// N.
    pub particles: u64,
    /// ρ.
    pub density: Option<f64>,
    /// Random, quantile, or the path of a file.
    pub diameters: Option<String>,
    /// SHA-256 of the diameters of that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diameters_sha256: Option<String>,
}

/// The pair potential.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPotential {
    /// Shape.
    pub kind: Option<PotentialKind>,
    /// k.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exponent: Option<u32>,
    /// q.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoothness: Option<u32>,
    /// x_c.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<f64>,
    /// η of the mixed diameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_additivity: Option<f64>,
    /// The path of the file of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// SHA-256 of its numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_sha256: Option<String>,
    /// The table of a mixture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub species: Option<RawSpecies>,
}

/// A mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSpecies {
    /// What the species are called.
    pub names: Vec<String>,
    /// σ_ab.
    pub sigma: Vec<Vec<f64>>,
    /// ε_ab.
    pub epsilon: Vec<Vec<f64>>,
}

/// The shapes of pair potentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PotentialKind {
    /// An inverse power, smoothed at the cutoff.
    #[default]
    InversePower,
    /// Lennard-Jones, smoothed at the cutoff.
    LennardJones,
    /// Weeks-Chandler-Andersen.
    Wca,
    /// Harmonic spheres.
    Harmonic,
    /// Hertzian spheres.
    Hertzian,
    /// A table of φ.
    Table,
}

/// Whom a trial swap exchanges a diameter with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SwapChoice {
    /// Any other particle.
    Uniform,
    /// One of the next larger ones, by lifted swaps.
    Lifted,
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
    /// Uniform or lifted.
    pub swap: Option<SwapChoice>,
    /// Largest step of a lifted swap in size rank, as a fraction of N.
    pub swap_range: Option<f64>,
    /// Several glasses of one chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harvest: Option<RawHarvest>,
}

/// Glasses taken from a chain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawHarvest {
    /// So many.
    pub count: u64,
    /// Sweeps from one to the next.
    pub sweeps: u64,
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

/// Which nonlinear modes are searched.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNonlinear {
    /// Kinds; none for no search.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Whether the vectors of localized ones are kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub vectors: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl RawNonlinear {
    /// Whether it is as if the section were not there: what archives without nonlinear modes say.
    pub fn is_off(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// Whether true wells are searched.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawWells {
    /// Whether.
    #[serde(default)]
    pub search: bool,
    /// ħ̃ = ħ/(σ√(mε)).
    pub hbar: Option<f64>,
}

impl RawWells {
    /// Whether it is as if the section were not there: without a search ħ̃ decides nothing.
    pub fn is_off(&self) -> bool {
        !self.search
    }
}
