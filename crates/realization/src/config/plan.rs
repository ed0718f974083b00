//! The resolved configuration: every value present and checked, once.

use super::diameters::{QUANTILE, RANDOM, diameters};
use super::error::{ConfigError, Origin};
use super::glasses::Glasses;
use super::harvest::{Harvest, harvest};
use super::interaction;
use super::numbers_file::NumbersFile;
use super::ranges::Ranges;
use super::raw::{
    RawCampaign, RawConfig, RawGlass, RawHarvest, RawModes, RawNonlinear, RawQuench, RawSpectrum, RawThermalize,
    RawWells, SwapChoice,
};
use glass::diameters::DiameterChoice;
use glass::quench::QuenchSettings;
use glass::space::Dimension;
use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings};
use glass::{PeriodicBox, Potential};
use modes::describe::ModeSettings;
use modes::nonlinear::{Kind, NonlinearSettings};
use modes::wells::WellSettings;
use modes::{SpectrumMethod, SpectrumSettings};

/// A campaign as it will be run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many, from which seed, kept how.
    pub campaign: CampaignSettings,
    /// Dimension of space.
    pub dimension: Dimension,
    /// What is thermalized.
    pub composition: Composition,
    /// What the species of a mixture are called, in the order of its table.
    pub species: Vec<String>,
    /// Where its diameters come from, if they are given.
    pub diameters_file: Option<NumbersFile>,
    /// Where its potential comes from, if it is a table.
    pub table_file: Option<NumbersFile>,
    /// How it is thermalized.
    pub thermalize: ThermalizeSettings,
    /// How further glasses are taken from its chain, if they are.
    pub harvest: Option<Harvest>,
    /// How it is quenched.
    pub quench: QuenchSettings,
    /// Which normal modes are found, and how.
    pub spectrum: SpectrumSettings,
    /// Which modes are described.
    pub modes: ModeSettings,
    /// Which nonlinear modes are searched from them.
    pub nonlinear: NonlinearSettings,
    /// Whether the record keeps the vectors of those that are localized enough.
    pub nonlinear_vectors: bool,
    /// Whether the wells next to the minimum are searched along both.
    pub wells: WellSettings,
}

/// The campaign around the realizations; none of it but `seed` changes a realization.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignSettings {
    /// Its name.
    pub name: String,
    /// Number of realizations.
    pub realizations: u64,
    /// Seed of the campaign.
    pub seed: u64,
    /// A segment is written when so many records wait,
    pub segment_records: u64,
    /// or when the oldest has waited so many seconds.
    pub segment_seconds: f64,
    /// Attempts at a realization before it is quarantined.
    pub attempts_max: u32,
}

impl Plan {
    /// Glasses taken from each chain.
    pub fn chain_length(&self) -> u64 {
        self.harvest.map_or(1, |harvest| harvest.count)
    }

    /// Chains of the campaign.
    pub fn chains(&self) -> u64 {
        self.campaign.realizations / self.chain_length()
    }

    /// The whole configuration, every key present, as TOML in the order of the flow.
    pub fn to_toml(&self) -> String {
        // Plain numbers and short texts: there is nothing in it that TOML cannot hold.
        toml::to_string(&self.to_raw()).unwrap_or_default()
    }

    /// Every key present.
    pub fn to_raw(&self) -> RawConfig {
        RawConfig {
            campaign: RawCampaign {
                name: self.campaign.name.clone(),
                realizations: self.campaign.realizations,
                seed: self.campaign.seed,
                segment_records: Some(self.campaign.segment_records),
                segment_seconds: Some(self.campaign.segment_seconds),
                attempts_max: Some(self.campaign.attempts_max),
            },
            glass: RawGlass {
                dimension: Some(self.dimension.axes() as u64),
                particles: self.composition.particles as u64,
                density: Some(self.composition.density),
                diameters: Some(match &self.diameters_file {
                    Some(file) => file.path.clone(),
                    None if self.composition.diameters == DiameterChoice::Quantile => QUANTILE.to_owned(),
                    None => RANDOM.to_owned(),
                }),
                diameters_sha256: self.diameters_file.as_ref().map(|file| file.sha256.clone()),
            },
            potential: interaction::to_raw(&self.composition.potential, &self.species, self.table_file.as_ref()),
            thermalize: RawThermalize {
                temperature: self.thermalize.temperature,
                sweeps: self.thermalize.sweeps,
                swap_fraction: Some(self.thermalize.swap_fraction),
                max_displacement: Some(self.thermalize.max_displacement),
                swap: Some(match self.thermalize.swap {
                    SwapProposal::Uniform => SwapChoice::Uniform,
                    SwapProposal::Lifted { .. } => SwapChoice::Lifted,
                }),
                swap_range: match self.thermalize.swap {
                    SwapProposal::Uniform => None,
                    SwapProposal::Lifted { range } => Some(range),
                },
                harvest: self.harvest.map(|Harvest { count, sweeps }| RawHarvest { count, sweeps }),
            },
            quench: RawQuench {
                force_tolerance: Some(self.quench.force_tolerance),
                evaluations_max: Some(self.quench.evaluations_max),
            },
            spectrum: RawSpectrum {
                method: self.spectrum.method,
                omega_max: Some(self.spectrum.omega_max),
                staircase_shifts: Some(self.spectrum.staircase_shifts as u64),
            },
            modes: RawModes {
                omega_max: self.modes.omega_max,
                lowest: Some(self.modes.lowest as u64),
                snapshot_participation_max: Some(self.modes.snapshot_participation_max),
            },
            nonlinear: RawNonlinear { kinds: self.nonlinear.kinds.clone(), vectors: self.nonlinear_vectors },
            wells: RawWells { search: self.wells.search, hbar: Some(self.wells.hbar) },
        }
    }
}

/// Defaults filled in, every value checked, values checked against each other.
pub(super) fn resolve(raw: &RawConfig, glasses: Glasses, origin: &Origin) -> Result<Plan, ConfigError> {
    let ranges = Ranges { origin };
    let (diameters, diameters_file) = diameters(&raw.glass, glasses, &ranges)?;
    let dimension = dimension(raw, &ranges)?;
    let (potential, table_file) = interaction::potential(&raw.potential, &ranges)?;
    let composition = composition(raw, glasses, (diameters, potential), dimension, &ranges)?;
    let quench = quench(&raw.quench, &ranges)?;
    let vibrations = dimension.axes() * (composition.particles - 1);
    let modes = modes(&raw.modes, vibrations, quench, &ranges)?;
    let spectrum = spectrum(&raw.spectrum, composition.particles, dimension, &modes, &ranges)?;
    Ok(Plan {
        campaign: campaign(&raw.campaign, &ranges)?,
        harvest: harvest(raw, glasses, (spectrum.method, dimension.axes() * composition.particles), &ranges)?,
        dimension,
        composition,
        species: raw.potential.species.as_ref().map(|species| species.names.clone()).unwrap_or_default(),
        diameters_file,
        table_file,
        thermalize: thermalize(&raw.thermalize, &ranges)?,
        quench,
        spectrum,
        modes,
        nonlinear: nonlinear(&raw.nonlinear, quench, &ranges)?,
        // Without a search there are none, and it is not kept.
        nonlinear_vectors: raw.nonlinear.vectors && !raw.nonlinear.kinds.is_empty(),
        wells: wells(&raw.wells, quench, &ranges)?,
    })
}

fn campaign(raw: &RawCampaign, ranges: &Ranges<'_>) -> Result<CampaignSettings, ConfigError> {
    let name = raw.name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(ranges.refuse(
            "campaign.name",
            format!("{:?}", raw.name),
            "accepted: 1 to 200 printable characters",
        ));
    }
    Ok(CampaignSettings {
        name: name.to_owned(),
        realizations: ranges.whole("campaign.realizations", raw.realizations, 1, 1_000_000_000)?,
        // What TOML can write back.
        seed: ranges.whole("campaign.seed", raw.seed, 0, i64::MAX as u64)?,
        segment_records: ranges.whole("campaign.segment_records", raw.segment_records.unwrap_or(1000), 1, 100_000)?,
        segment_seconds: ranges.positive("campaign.segment_seconds", raw.segment_seconds.unwrap_or(30.0), 86_400.0)?,
        attempts_max: ranges.whole("campaign.attempts_max", u64::from(raw.attempts_max.unwrap_or(2)), 1, 100)? as u32,
    })
}

/// In how many dimensions.
fn dimension(raw: &RawConfig, ranges: &Ranges<'_>) -> Result<Dimension, ConfigError> {
    let axes = raw.glass.dimension.unwrap_or(Dimension::default().axes() as u64);
    let dimension = usize::try_from(axes).ok().and_then(Dimension::of);
    dimension.ok_or_else(|| ranges.refuse("glass.dimension", axes, "accepted: 2 or 3"))
}

fn composition(
    raw: &RawConfig,
    glasses: Glasses,
    (diameters, potential): (DiameterChoice, Potential),
    dimension: Dimension,
    ranges: &Ranges<'_>,
) -> Result<Composition, ConfigError> {
    let here = glasses == Glasses::MadeHere;
    let particles = ranges.whole("glass.particles", raw.glass.particles, 1, 1_000_000)? as usize;
    let density = raw.glass.density.unwrap_or(1.0);
    let density = if here {
        // Far below 1 nothing is a glass, and cells of the empty box would take all memory.
        ranges.between("glass.density", density, 0.01, 2.0)?
    } else {
        ranges.positive("glass.density", density, f64::MAX)?
    };
    if here && raw.potential.species.is_some() {
        let accepted = "swap Monte Carlo samples no table of species; accepted: no such key, or give glasses made \
                        elsewhere to `glassmodes modes`";
        return Err(ranges.refuse("potential.species", "a mixture", accepted));
    }
    if here && potential.deepest() < 0.0 {
        return Err(ranges.refuse(
            "potential.kind",
            format!("\"{}\"", raw.potential.kind.unwrap_or_default().name()),
            "swap Monte Carlo samples purely repulsive potentials only, and this one is attractive; accepted: \
             \"inverse-power\", \"wca\", \"harmonic\", \"hertzian\" or a \"table\" that is nowhere negative, or give glasses made elsewhere to `glassmodes modes`",
        ));
    }
    let axes = dimension.axes();
    let reach = potential.range(&[diameters.largest(axes)]);
    let measure = particles as f64 / density;
    let length = match dimension {
        Dimension::Two => PeriodicBox::<2>::of_measure(measure).map(PeriodicBox::longest),
        Dimension::Three => PeriodicBox::<3>::of_measure(measure).map(PeriodicBox::longest),
    };
    let length = length.unwrap_or(0.0);
    if here && length < 2.0 * reach {
        let enough = ((2.0 * reach).powi(axes as i32) * density).ceil();
        return Err(ranges.refuse(
            "glass.particles",
            particles,
            format!(
                "the potential's range {reach:.3} is more than half the box side {length:.3}; \
                 accepted: at least {enough} particles at density {density}"
            ),
        ));
    }
    Ok(Composition { particles, density, diameters, potential })
}

fn thermalize(raw: &RawThermalize, ranges: &Ranges<'_>) -> Result<ThermalizeSettings, ConfigError> {
    let swap_fraction = raw.swap_fraction.unwrap_or(0.2);
    if !(0.0..1.0).contains(&swap_fraction) {
        return Err(ranges.refuse(
            "thermalize.swap_fraction",
            swap_fraction,
            "accepted: 0 or more and below 1 (some trials must displace particles)",
        ));
    }
    Ok(ThermalizeSettings {
        temperature: ranges.positive("thermalize.temperature", raw.temperature, 10.0)?,
        sweeps: ranges.whole("thermalize.sweeps", raw.sweeps, 1, 1_000_000_000_000)?,
        swap_fraction,
        max_displacement: ranges.positive("thermalize.max_displacement", raw.max_displacement.unwrap_or(0.12), 0.5)?,
        swap: swap(raw, ranges)?,
    })
}

fn swap(raw: &RawThermalize, ranges: &Ranges<'_>) -> Result<SwapProposal, ConfigError> {
    match (raw.swap, raw.swap_range) {
        (Some(SwapChoice::Lifted), None) => Ok(SwapProposal::LIFTED),
        (Some(SwapChoice::Lifted), Some(range)) => {
            Ok(SwapProposal::Lifted { range: ranges.positive("thermalize.swap_range", range, 1.0)? })
        }
        (_, None) => Ok(SwapProposal::Uniform),
        (_, Some(range)) => Err(ranges.refuse(
            "thermalize.swap_range",
            range,
            "uniform swaps have no range; accepted: no such key, or thermalize.swap = \"lifted\"",
        )),
    }
}

fn quench(raw: &RawQuench, ranges: &Ranges<'_>) -> Result<QuenchSettings, ConfigError> {
    Ok(QuenchSettings {
        // Below, rounding of the forces themselves is in the way; above, the modes are not those of a minimum.
        force_tolerance: ranges.between("quench.force_tolerance", raw.force_tolerance.unwrap_or(1e-12), 1e-13, 1e-8)?,
        evaluations_max: ranges.whole(
            "quench.evaluations_max",
            u64::from(raw.evaluations_max.unwrap_or(100_000)),
            1,
            u64::from(u32::MAX),
        )? as u32,
    })
}

fn modes(
    raw: &RawModes,
    vibrations: usize,
    quench: QuenchSettings,
    ranges: &Ranges<'_>,
) -> Result<ModeSettings, ConfigError> {
    Ok(ModeSettings {
        omega_max: ranges.positive("modes.omega_max", raw.omega_max, 100.0)?,
        lowest: ranges.whole("modes.lowest", raw.lowest.unwrap_or(1), 0, vibrations as u64)? as usize,
        snapshot_participation_max: ranges.between(
            "modes.snapshot_participation_max",
            raw.snapshot_participation_max.unwrap_or(0.3),
            0.0,
            1.0,
        )?,
        quench,
    })
}

/// ħ/(σ√(mε)) of argon: σ = 0.3405 nm, m = 39.95 u, ε/k_B = 119.8 K.
const HBAR_OF_ARGON: f64 = 0.030;

fn wells(raw: &RawWells, quench: QuenchSettings, ranges: &Ranges<'_>) -> Result<WellSettings, ConfigError> {
    let hbar = ranges.between("wells.hbar", raw.hbar.unwrap_or(HBAR_OF_ARGON), 1e-4, 1.0)?;
    // Without a search it decides nothing, and is not kept.
    Ok(WellSettings { search: raw.search, hbar: if raw.search { hbar } else { HBAR_OF_ARGON }, quench })
}

/// Iterations after which a search for a nonlinear mode is given up; 7 to 98 are usual.
const NONLINEAR_ITERATIONS_MAX: u32 = 1000;

fn nonlinear(
    raw: &RawNonlinear,
    quench: QuenchSettings,
    ranges: &Ranges<'_>,
) -> Result<NonlinearSettings, ConfigError> {
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| raw.kinds.contains(kind)).collect();
    if kinds.len() != raw.kinds.len() {
        let given: Vec<&str> = raw.kinds.iter().map(|kind| kind.name()).collect();
        return Err(ranges.refuse(
            "nonlinear.kinds",
            format!("{given:?}"),
            "accepted: each of \"pseudo-harmonic\", \"cubic\" and \"quartic\" once, or [] for none",
        ));
    }
    Ok(NonlinearSettings {
        kinds,
        iterations_max: NONLINEAR_ITERATIONS_MAX,
        // Wells are searched along the vectors, which are not kept in the record.
        snapshot_participation_max: f64::INFINITY,
        quench,
    })
}

/// Most coordinates whose dense matrix of 8 bytes an entry is worth trying: 12.8 GB.
const DENSE_COORDINATES_MAX: usize = 40_000;

fn spectrum(
    raw: &RawSpectrum,
    particles: usize,
    dimension: Dimension,
    modes: &ModeSettings,
    ranges: &Ranges<'_>,
) -> Result<SpectrumSettings, ConfigError> {
    let particles_max = DENSE_COORDINATES_MAX / dimension.axes();
    if raw.method == SpectrumMethod::Dense && particles > particles_max {
        return Err(ranges.refuse(
            "spectrum.method",
            "\"dense\"",
            format!(
                "a dense matrix of {particles} particles does not fit; accepted: \"low\" or \"sliced\", or at most \
                 {particles_max} particles"
            ),
        ));
    }
    if raw.method == SpectrumMethod::Low && raw.omega_max.is_none() {
        return Err(ranges.refuse(
            "spectrum.omega_max",
            "(missing)",
            "method \"low\" finds every mode below spectrum.omega_max; accepted: above 0, for example 0.45",
        ));
    }
    let omega_max = ranges.positive("spectrum.omega_max", raw.omega_max.unwrap_or(0.45), 100.0)?;
    if raw.method == SpectrumMethod::Low && modes.omega_max > omega_max {
        return Err(ranges.refuse(
            "modes.omega_max",
            modes.omega_max,
            format!("method \"low\" finds modes below spectrum.omega_max = {omega_max} only; accepted: at most that"),
        ));
    }
    Ok(SpectrumSettings {
        method: raw.method,
        omega_max,
        omega_vectors: modes.omega_max,
        lowest_vectors: modes.lowest,
        staircase_shifts: ranges.whole("spectrum.staircase_shifts", raw.staircase_shifts.unwrap_or(0), 0, 10_000)?
            as usize,
        ..SpectrumSettings::default()
    })
}
