//! Which of the described modes count as quasi-localized, and what was left out.
//!
//! PR < 0.27 alone is no selection: of all modes one in five (N = 400, 22 %) to one in three passes it, most at high
//! ω. A cut in ω is needed too, and what it is decides how many modes there are; so it is made here, not when glasses
//! are made. No glass and no mode is left out but by a rule, and what each leaves out is counted.

pub mod census;
pub mod classes;
pub mod rules;
mod wider;

pub use census::Census;
pub use classes::Counted;
pub use rules::Rule;
pub use wider::WiderThanArchive;

use crate::ensemble::Ensemble;
use crate::statistics::moments::quantile;
use archive::{Group, ROUNDING_FORCE_MAX};
use serde::Serialize;
use std::fmt;

/// The upper end ω_c of the frequencies looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrequencyCut {
    /// The same for all realizations.
    Omega(f64),
    /// This fraction of each realization's first transverse phonon.
    OfPhonon(f64),
}

impl fmt::Display for FrequencyCut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrequencyCut::Omega(omega) => write!(formatter, "ω ≤ {omega}"),
            FrequencyCut::OfPhonon(fraction) => write!(formatter, "ω ≤ {fraction} ω_phonon of each glass"),
        }
    }
}

/// What a mode must be to count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Selection {
    /// Participation ratio below this (the paper: 0.27).
    pub participation_max: f64,
    /// Frequency up to this.
    pub omega_max: FrequencyCut,
    /// Of each realization only the lowest mode that passes.
    pub lowest_only: bool,
    /// Largest force of a realization that counts as converged.
    pub force_max: f64,
    /// Whether modes and glasses with nearly free particles count.
    pub counted: Counted,
    /// Only modes of this group.
    pub group: Option<Group>,
}

impl Default for Selection {
    /// PR < 0.27 below the first transverse phonon of each glass, where localized modes do not mix with
    /// phonons.
    fn default() -> Self {
        Selection {
            participation_max: 0.27,
            omega_max: FrequencyCut::OfPhonon(1.0),
            lowest_only: false,
            force_max: ROUNDING_FORCE_MAX,
            counted: Counted::All,
            group: None,
        }
    }
}

impl Selection {
    /// What it takes of each glass and group beside the cuts, in words after a comma; empty if all.
    pub fn further(&self) -> String {
        let group =
            self.group.map_or_else(String::new, |group| format!(", only group {}", archive::group::name(group)));
        let lowest = if self.lowest_only { ", of each glass only the lowest" } else { "" };
        format!("{lowest}{group}")
    }

    /// The options of `glassmodes report` that ask for it.
    pub fn options(&self) -> String {
        let cut = match self.omega_max {
            FrequencyCut::Omega(omega) => format!("--omega-max {omega}"),
            FrequencyCut::OfPhonon(fraction) => format!("--omega-max-phonon {fraction}"),
        };
        let lowest = if self.lowest_only { " --lowest" } else { "" };
        let group = self.group.map_or_else(String::new, |group| format!(" --group {}", archive::group::name(group)));
        format!("--pr-max {} {cut}{lowest}{group}", self.participation_max)
    }
}

/// The modes that count, as rows of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// What was asked for.
    pub selection: Selection,
    /// Counts.
    pub census: Census,
    /// Rows of the mode table that count.
    pub rows: Vec<u32>,
    /// Rows of localized modes of sound realizations up to the end of the description, cut or not.
    pub localized: Vec<u32>,
    /// Row in the realization table of each mode; `u32::MAX` if its realization is not there.
    pub realization_of: Vec<u32>,
    /// For each realization, the ω up to which it was searched; NaN when it is left out.
    pub cut: Vec<f64>,
    /// For each realization, the ω up to which every mode is described; NaN when it is left out.
    pub described: Vec<f64>,
}

impl Selected {
    /// One ω_c for all glasses: the median of their cuts; NaN without any.
    pub fn omega_cut(&self) -> f64 {
        median(self.cut.iter().copied())
    }
}

/// The median of the finite ones of `values`; NaN without any.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut finite: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    finite.sort_unstable_by(f64::total_cmp);
    quantile(&finite, 0.5)
}

impl Selection {
    /// Applies it.
    pub fn select(&self, ensemble: &Ensemble) -> Selected {
        self.select_despite(ensemble, None)
    }

    /// Applies it but for the rule `excepted`: what the rule leaves out, it then takes in.
    pub fn select_despite(&self, ensemble: &Ensemble, excepted: Option<Rule>) -> Selected {
        let mut census = Census {
            planned: ensemble.about.planned,
            realizations: ensemble.len() as u64,
            failed: ensemble.failures.len() as u64,
            described: ensemble.modes.omega.len() as u64,
            ..Census::default()
        };
        let (cut, described) = self.ranges(ensemble, excepted, &mut census);
        let table = &ensemble.modes;
        let realization_of = realization_rows(ensemble);
        let (mut rows, mut localized) = (Vec::new(), Vec::new());
        let mut previous = u32::MAX;
        for mode in 0..table.omega.len() {
            let realization = realization_of[mode];
            let limit = described.get(realization as usize).copied().unwrap_or(f64::NAN);
            let (omega, participation) = (table.omega[mode], table.participation[mode]);
            if limit.is_nan() {
                census.in_unsound += 1;
            } else if !(omega > 0.0 && participation > 0.0 && table.b2[mode].is_finite()) {
                census.invalid += 1;
            } else if participation >= self.participation_max {
                census.extended += 1;
            } else if self.group.is_some_and(|group| group != table.group[mode]) {
                census.other_group += 1;
            } else {
                let single = classes::is_single_particle(ensemble, mode, realization as usize);
                if single && self.counted == Counted::WithoutSingleParticles {
                    census.single_particle_left_out += 1;
                    continue;
                }
                if omega <= limit {
                    localized.push(mode as u32);
                }
                if omega > cut[realization as usize] {
                    census.above_cut += 1;
                } else if self.lowest_only && previous == realization {
                    census.not_lowest += 1;
                } else {
                    // Modes ascend in ω within a realization: the first that passes is the lowest.
                    previous = realization;
                    rows.push(mode as u32);
                    census.select(table.group[mode]);
                    census.single_particle += u64::from(single);
                }
            }
        }
        census.chains = chains(ensemble, &described);
        Selected { selection: *self, census, rows, localized, realization_of, cut, described }
    }

    /// For each realization the cut and the end of the description.
    fn ranges(&self, ensemble: &Ensemble, excepted: Option<Rule>, census: &mut Census) -> (Vec<f64>, Vec<f64>) {
        let table = &ensemble.realizations;
        let described_everywhere = ensemble.about.described_omega_max.unwrap_or(f64::INFINITY);
        let left_out = |row: usize| Rule::first(table, row, self.force_max, excepted);
        // A glass softer against shear than its own pressure (G < P) has no phonon, and may well have the softest
        // modes of all: its cut is the median of the others'.
        let own_cut = |row: usize| match self.omega_max {
            FrequencyCut::Omega(omega) => omega,
            FrequencyCut::OfPhonon(fraction) => fraction * table.omega_phonon[row],
        };
        let usable = |cut: f64| cut.is_finite() && cut > 0.0;
        let others = (0..table.index.len()).filter(|&row| left_out(row).is_none()).map(own_cut);
        let substitute = median(others.filter(|&cut| usable(cut)));
        let (mut cuts, mut ends) = (Vec::with_capacity(table.index.len()), Vec::with_capacity(table.index.len()));
        for row in 0..table.index.len() {
            let free = classes::nearly_free(table, row) > 0;
            let has_phonon = usable(own_cut(row));
            let asked = if has_phonon { own_cut(row) } else { substitute };
            let left_out = left_out(row);
            if let Some(rule) = left_out {
                census.leave_out(rule);
            } else if free && self.counted == Counted::WithoutNearlyFreeGlasses {
                census.nearly_free_left_out += 1;
            } else if !usable(asked) {
                census.without_cut += 1;
            } else {
                let end = described_everywhere.min(table.omega_complete[row]);
                census.sound += 1;
                census.with_nearly_free += u64::from(free);
                census.without_phonon += u64::from(!has_phonon);
                census.cut_by_description += u64::from(end < asked);
                cuts.push(asked.min(end));
                ends.push(end);
                continue;
            }
            cuts.push(f64::NAN);
            ends.push(f64::NAN);
        }
        (cuts, ends)
    }
}

/// Chains with a realization that is not left out; they ascend with the realizations.
fn chains(ensemble: &Ensemble, described: &[f64]) -> u64 {
    let sound = ensemble.realizations.chain.iter().zip(described).filter(|(_, end)| !end.is_nan());
    let mut chains: Vec<u64> = sound.map(|(&chain, _)| chain).collect();
    chains.dedup();
    chains.len() as u64
}

/// Row in the realization table of each mode; both tables ascend.
fn realization_rows(ensemble: &Ensemble) -> Vec<u32> {
    let index = &ensemble.realizations.index;
    let mut row = 0;
    ensemble
        .modes
        .realization
        .iter()
        .map(|&realization| {
            while row < index.len() && index[row] < realization {
                row += 1;
            }
            if index.get(row) == Some(&realization) { row as u32 } else { u32::MAX }
        })
        .collect()
}
