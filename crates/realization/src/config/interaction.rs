//! `[potential]`: which shape, with which of its numbers.

use super::error::ConfigError;
use super::ranges::Ranges;
use super::raw::{PotentialKind, RawPotential, RawSpecies};
use glass::Potential;
use glass::interaction::inverse_power::{self, InvalidInversePower, InversePower};
use glass::interaction::lennard_jones::{self, InvalidLennardJones, LennardJones};
use glass::interaction::mixing::{Mixing, NON_ADDITIVITY, NON_ADDITIVITY_MAX, PairScale};
use glass::interaction::species::Species;
use glass::interaction::{Family, Harmonic, Hertzian, wca};

/// q where none is asked for.
const SMOOTHNESS: u32 = 2;

/// Keys of one shape, whose others are refused.
struct Keys {
    exponent: bool,
    smoothness: bool,
    cutoff: bool,
}

impl PotentialKind {
    fn keys(self) -> Keys {
        match self {
            PotentialKind::InversePower => Keys { exponent: true, smoothness: true, cutoff: true },
            PotentialKind::LennardJones => Keys { exponent: false, smoothness: true, cutoff: true },
            PotentialKind::Wca | PotentialKind::Harmonic | PotentialKind::Hertzian => {
                Keys { exponent: false, smoothness: false, cutoff: false }
            }
        }
    }

    /// η where none is asked for: what the literature of the shape has.
    fn non_additivity(self) -> f64 {
        if self == PotentialKind::InversePower { NON_ADDITIVITY } else { 0.0 }
    }
}

/// The potential that `raw` describes.
pub(super) fn potential(raw: &RawPotential, ranges: &Ranges<'_>) -> Result<Potential, ConfigError> {
    let kind = raw.kind.unwrap_or_default();
    let keys = kind.keys();
    for (key, value, known) in [
        ("potential.exponent", raw.exponent.map(|value| value.to_string()), keys.exponent),
        ("potential.smoothness", raw.smoothness.map(|value| value.to_string()), keys.smoothness),
        ("potential.cutoff", raw.cutoff.map(|value| value.to_string()), keys.cutoff),
    ] {
        if let (Some(value), false) = (value, known) {
            return Err(ranges.refuse(
                key,
                value,
                "a potential of this kind has no such number; accepted: no such key",
            ));
        }
    }
    let smoothness = raw.smoothness.unwrap_or(SMOOTHNESS);
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
    };
    if let Some(mixture) = &raw.species {
        if let Some(non_additivity) = raw.non_additivity {
            let accepted = "a mixture has its sigma from potential.species; accepted: no such key";
            return Err(ranges.refuse("potential.non_additivity", non_additivity, accepted));
        }
        return Ok(Potential::of(family, Mixing::Species(species(mixture, ranges)?.into())));
    }
    let non_additivity = raw.non_additivity.unwrap_or(kind.non_additivity());
    let non_additivity = ranges.between("potential.non_additivity", non_additivity, 0.0, NON_ADDITIVITY_MAX)?;
    Ok(Potential::of(family, Mixing::NonAdditive(non_additivity)))
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

/// The keys of `potential`, all that its kind has; `names` are those of its species.
pub(super) fn to_raw(potential: &Potential, names: &[String]) -> RawPotential {
    let (kind, exponent) = match potential.family() {
        Family::InversePower12(shape) => (PotentialKind::InversePower, Some(shape.exponent())),
        Family::InversePower(shape) => (PotentialKind::InversePower, Some(shape.exponent())),
        Family::LennardJones(_) => (PotentialKind::LennardJones, None),
        Family::Wca(_) => (PotentialKind::Wca, None),
        Family::Harmonic(_) => (PotentialKind::Harmonic, None),
        Family::Hertzian(_) => (PotentialKind::Hertzian, None),
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
        species,
    }
}
