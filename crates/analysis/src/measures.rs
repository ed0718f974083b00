//! Numbers from an ensemble: everything that figures draw, tables print and `summary.json` holds.

pub mod counts;
pub mod density;
pub mod lowest;

pub mod barriers;
pub mod classes;
pub mod portraits;
pub mod reality;
pub mod shape;

pub mod directions;
pub mod wells;

pub mod against_cut;
pub mod beyond_debye;
pub mod count_map;
pub mod phonons;
pub mod spectrum;
mod staircases;

pub mod equilibrium;
pub mod timing;

pub mod comparison;

use crate::ensemble::Ensemble;
use crate::selection::{Census, Selected, Selection};
use crate::{About, statistics::Distribution};
use archive::{ArchiveError, Group};
use serde::Serialize;

/// Groups of modes as densities and fits take them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Family {
    /// |β| ≤ 1, the paper's group A: A and A-double.
    A,
    /// |β| > 1, the paper's group B.
    B,
    /// Every selected mode, unbounded ones too.
    All,
}

impl Family {
    /// The three, in the order of tables.
    pub const EACH: [Family; 3] = [Family::A, Family::B, Family::All];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Family::A => "A (|β| ≤ 1)",
            Family::B => "B (|β| > 1)",
            Family::All => "all",
        }
    }

    /// Whether modes of `group` belong to it.
    pub fn has(self, group: Group) -> bool {
        match self {
            Family::A => matches!(group, Group::A | Group::ADouble),
            Family::B => group == Group::B,
            Family::All => true,
        }
    }
}

/// The four groups, in the order of the archive's codes.
pub const GROUPS: [Group; 4] = [Group::A, Group::ADouble, Group::B, Group::Unbounded];

/// Everything measured in one ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// Its label.
    pub label: String,
    /// What it is.
    pub about: About,
    /// What was selected and left out.
    pub census: Census,
    /// Fractions of the groups.
    pub fractions: counts::Fractions,
    /// The same with and without nearly free particles.
    pub classes: classes::Classes,
    /// Moduli, energies and the like, over sound realizations.
    pub bulk: Bulk,
    /// D(ω) and its exponents.
    pub density: density::Density,
    /// Lowest frequency of each glass.
    pub lowest: lowest::LowestFrequency,
    /// β, b₂, b₃, b₄ by group.
    pub shape: shape::Shape,
    /// Barriers of the quartic and of the true profile.
    pub barriers: barriers::Barriers,
    /// Whether second minima are real.
    pub reality: reality::Reality,
    /// The quartic along other directions, where these were searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directions: Option<directions::Directions>,
    /// True wells, where these were searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wells: Option<wells::Wells>,
    /// N(ω_max, PR_max).
    pub count_map: count_map::CountMap,
    /// What each ω_max finds, beside the paper.
    pub against_cut: against_cut::AgainstCut,
    /// ω against the phonon bands.
    pub phonons: phonons::Phonons,
    /// All modes: PR against ω, integrated density of states.
    pub spectrum: spectrum::WholeSpectrum,
    /// D(ω) of all modes beyond Debye's.
    pub beyond_debye: beyond_debye::BeyondDebye,
    /// Evidence of equilibrium.
    pub equilibrium: equilibrium::Equilibrium,
    /// CPU seconds.
    pub timing: timing::Timing,
    /// Examples of U(s).
    pub portraits: Vec<portraits::Portrait>,
}

/// Properties of the sound glasses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bulk {
    /// Energy per particle at T, last sampled.
    pub energy_thermal: Distribution,
    /// Energy per particle of the inherent structure.
    pub energy_inherent: Distribution,
    /// Pressure of the inherent structure.
    pub pressure: Distribution,
    /// G.
    pub shear_modulus: Distribution,
    /// K.
    pub bulk_modulus: Distribution,
    /// First transverse phonon.
    pub omega_phonon: Distribution,
    /// Largest force left.
    pub force_max: Distribution,
    /// Largest residual ‖Hv − λv‖.
    pub residual_max: Distribution,
}

impl Measures {
    /// Measures `ensemble`; `seed` decides the resampling.
    ///
    /// # Errors
    /// [`ArchiveError`] when spectra, series or profiles cannot be read.
    pub fn of(ensemble: &Ensemble, selection: &Selection, seed: u64) -> Result<Measures, ArchiveError> {
        let selected = selection.select(ensemble);
        let bulk = Bulk::of(ensemble, &selected);
        let spectrum = spectrum::WholeSpectrum::of(ensemble)?;
        Ok(Measures {
            label: ensemble.label.clone(),
            about: ensemble.about.clone(),
            census: selected.census,
            fractions: counts::Fractions::of(&selected.census, ensemble.about.particles),
            classes: classes::Classes::of(ensemble, selection, &selected, seed),
            bulk,
            density: density::Density::of(ensemble, &selected, seed),
            lowest: lowest::LowestFrequency::of(ensemble, &selected, seed),
            shape: shape::Shape::of(ensemble, &selected),
            barriers: barriers::Barriers::of(ensemble, &selected),
            reality: reality::Reality::of(ensemble, &selected),
            directions: directions::Directions::of(ensemble, &selected, seed),
            wells: wells::Wells::of(ensemble, &selected, seed),
            count_map: count_map::CountMap::of(ensemble, &selected),
            against_cut: against_cut::AgainstCut::of(ensemble, &selected),
            phonons: phonons::Phonons::of(ensemble, &selected),
            beyond_debye: beyond_debye::BeyondDebye::of(ensemble, &selected, &spectrum, &bulk),
            spectrum,
            equilibrium: equilibrium::Equilibrium::of(ensemble)?,
            timing: timing::Timing::of(ensemble),
            portraits: portraits::choose(ensemble, &selected)?,
        })
    }
}

impl Bulk {
    fn of(ensemble: &Ensemble, selected: &Selected) -> Bulk {
        let of = |column: &[f64]| {
            let sound = ensemble.by_chain(column).zip(&selected.cut).filter(|(_, cut)| !cut.is_nan());
            Distribution::of_glasses(sound.map(|(glass, _)| glass))
        };
        let table = &ensemble.realizations;
        Bulk {
            energy_thermal: of(&table.energy_thermal),
            energy_inherent: of(&table.energy_inherent),
            pressure: of(&table.pressure),
            shear_modulus: of(&table.shear_modulus),
            bulk_modulus: of(&table.bulk_modulus),
            omega_phonon: of(&table.omega_phonon),
            force_max: of(&table.force_max),
            residual_max: of(&table.residual_max),
        }
    }
}
