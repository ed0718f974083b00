//! `[potential]`: which shape, with which of its numbers.

use super::error::ConfigError;
use super::numbers_file::NumbersFile;
use super::ranges::Ranges;
use super::raw::{PotentialKind, RawPotential, RawSpecies};
use super::table::table;
use glass::Potential;
use glass::interaction::inverse_power::{self, InvalidInversePower, InversePower};
use glass::interaction::lennard_jones::{self, InvalidLennardJones, LennardJones};
use glass::interaction::mixing::{Mixing, NON_ADDITIVITY, NON_ADDITIVITY_MAX};
use glass::interaction::species::Species;
use glass::interaction::{Family, Harmonic, Hertzian, PairScale, wca};

/// q where none is asked for.
const SMOOTHNESS: u32 = 2;

/// Keys of one shape, whose others are refused.
struct Keys {
    exponent: bool,
    smoothness: bool,
    cutoff: bool,
    table: bool,
}

impl Keys {
    const NONE: Keys = Keys { exponent: false, smoothness: false, cutoff: false, table: false };
}

impl PotentialKind {
    /// As the configuration has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            PotentialKind::InversePower => "inverse-power",
            PotentialKind::LennardJones => "lennard-jones",
            PotentialKind::Wca => "wca",
            PotentialKind::Harmonic => "harmonic",
            PotentialKind::Hertzian => "hertzian",
            PotentialKind::Table => "table",
        }
    }

    fn keys(self) -> Keys {
        match self {
            PotentialKind::InversePower => Keys { exponent: true, smoothness: true, cutoff: true, ..Keys::NONE },
            PotentialKind::LennardJones => Keys { smoothness: true, cutoff: true, ..Keys::NONE },
            PotentialKind::Wca | PotentialKind::Harmonic | PotentialKind::Hertzian => Keys::NONE,
            PotentialKind::Table => Keys { table: true, ..Keys::NONE },
        }
    }

    /// η where none is asked for: what the literature of the shape has.
    fn non_additivity(self) -> f64 {
        if self == PotentialKind::InversePower { NON_ADDITIVITY } else { 0.0 }
    }
}

/// The potential that `raw` describes, and the file it is read from, if it is a table.
pub(super) fn potential(
    raw: &RawPotential,
    ranges: &Ranges<'_>,
) -> Result<(Potential, Option<NumbersFile>), ConfigError> {
    let kind = raw.kind.unwrap_or_default();
    let keys = kind.keys();
    for (key, value, known) in [
        ("potential.exponent", raw.exponent.map(|value| value.to_string()), keys.exponent),
        ("potential.smoothness", raw.smoothness.map(|value| value.to_string()), keys.smoothness),
        ("potential.cutoff", raw.cutoff.map(|value| value.to_string()), keys.cutoff),
        ("potential.table", raw.table.clone(), keys.table),
        ("potential.table_sha256", raw.table_sha256.clone(), keys.table),
    ] {
        if let (Some(value), false) = (value, known) {
            return Err(ranges.refuse(
                key,
                value,
                format!("a potential of kind \"{}\" has no such key; accepted: no such key", kind.name()),
            ));
        }
    }
    let smoothness = raw.smoothness.unwrap_or(SMOOTHNESS);
    let mut file = None;
    let family = match kind {
        PotentialKind::InversePower => {
            let exponent = raw.exponent.unwrap_or(inverse_power::EXPONENT);
            let cutoff = raw.cutoff.unwrap_or(inverse_power::CUTOFF);
            let shape = InversePower::new(exponent, smoothness, cutoff).map_err(|invalid| match invalid {
                InvalidInversePower::Smoothness(q) => ranges.refuse("potential.smoothness", q, "accepted: 2, 3 or 4"),
                InvalidInversePower::Exponent(k) => {
                    ranges.refuse("potential.exponent", k, "accepted: an even number from 4 to 36")
                }
                InvalidInversePower::Cutoff(x) => ranges.refuse("potential.cutoff", x, "accepted: 1 to 4"),
            })?;
            Family::inverse_power(shape)
        }
        PotentialKind::LennardJones => {
            let cutoff = raw.cutoff.unwrap_or(lennard_jones::CUTOFF);
            Family::LennardJones(LennardJones::new(smoothness, cutoff).map_err(|invalid| match invalid {
                InvalidLennardJones::Smoothness(q) => ranges.refuse("potential.smoothness", q, "accepted: 2, 3 or 4"),
                InvalidLennardJones::Cutoff(x) => ranges.refuse("potential.cutoff", x, "accepted: 1.2 to 5"),
            })?)
        }
        PotentialKind::Wca => Family::Wca(wca::WCA),
        PotentialKind::Harmonic => Family::Harmonic(Harmonic),
        PotentialKind::Hertzian => Family::Hertzian(Hertzian),
        PotentialKind::Table => {
            let (table, read_from) = table(raw, ranges)?;
            file = Some(read_from);
            Family::Table(table)
        }
    };
    if let Some(mixture) = &raw.species {
        if let Some(non_additivity) = raw.non_additivity {
            let accepted = "a mixture has its sigma from potential.species; accepted: no such key";
            return Err(ranges.refuse("potential.non_additivity", non_additivity, accepted));
        }
        return Ok((Potential::of(family, Mixing::Species(species(mixture, ranges)?.into())), file));
    }
    let non_additivity = raw.non_additivity.unwrap_or(kind.non_additivity());
    let non_additivity = ranges.between("potential.non_additivity", non_additivity, 0.0, NON_ADDITIVITY_MAX)?;
    Ok((Potential::of(family, Mixing::NonAdditive(non_additivity)), file))
}

fn species(raw: &RawSpecies, ranges: &Ranges<'_>) -> Result<Species, ConfigError> {
    const KEY: &str = "potential.species";
    let mut names = raw.names.clone();
    names.sort_unstable();
    names.dedup();
    if names.len() != raw.sigma.len() || raw.names.len() != names.len() {
        let accepted = "accepted: a name for each row of sigma, no name twice";
        return Err(ranges.refuse(KEY, format!("{:?}", raw.names), accepted));
    }
    Species::new(&raw.sigma, &raw.epsilon).map_err(|invalid| {
        let accepted = "accepted: symmetric tables of positive numbers, each sigma of a species with itself another";
        ranges.refuse(KEY, format!("{:?}", raw.names), format!("{invalid}; {accepted}"))
    })
}

/// The keys of `potential`, all that its kind has; `names` are those of its species, `file` is where its table is.
pub(super) fn to_raw(potential: &Potential, names: &[String], file: Option<&NumbersFile>) -> RawPotential {
    let (kind, exponent) = match potential.family() {
        Family::InversePower12(shape) => (PotentialKind::InversePower, Some(shape.exponent())),
        Family::InversePower(shape) => (PotentialKind::InversePower, Some(shape.exponent())),
        Family::LennardJones(_) => (PotentialKind::LennardJones, None),
        Family::Wca(_) => (PotentialKind::Wca, None),
        Family::Harmonic(_) => (PotentialKind::Harmonic, None),
        Family::Hertzian(_) => (PotentialKind::Hertzian, None),
        Family::Table(_) => (PotentialKind::Table, None),
    };
    let keys = kind.keys();
    let (non_additivity, species) = match potential.mixing() {
        Mixing::NonAdditive(non_additivity) => (Some(*non_additivity), None),
        Mixing::Species(species) => {
            let count = species.diameters().len();
            let table = |number: fn(PairScale) -> f64| {
                (0..count).map(|a| (0..count).map(|b| number(species.table(a, b))).collect()).collect()
            };
            let (sigma, epsilon) = (table(|scale| scale.diameter), table(|scale| scale.energy));
            (None, Some(RawSpecies { names: names.to_vec(), sigma, epsilon }))
        }
    };
    RawPotential {
        kind: Some(kind),
        exponent,
        smoothness: keys.smoothness.then(|| potential.smoothness()),
        cutoff: keys.cutoff.then(|| potential.cutoff()),
        non_additivity,
        table: file.map(|file| file.path.clone()),
        table_sha256: file.map(|file| file.sha256.clone()),
        species,
    }
}
