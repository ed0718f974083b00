//! Which of the described modes count as quasi-localized, and what was left out.
//!
//! PR < 0.27 alone is no selection: about a third of all modes, most at high ω, pass it. A cut in ω is
//! needed too, and what it is decides how many modes there are; so it is made here, not when glasses are
//! made, and everything it leaves out is counted.

use crate::ensemble::Ensemble;
use archive::Group;
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
}

impl Default for Selection {
    /// PR < 0.27 below the first transverse phonon of each glass, where localized modes do not mix with
    /// phonons.
    fn default() -> Self {
        Selection {
            participation_max: 0.27,
            omega_max: FrequencyCut::OfPhonon(1.0),
            lowest_only: false,
            force_max: 1e-10,
        }
    }
}

impl Selection {
    /// The options of `glassmodes report` that ask for it.
    pub fn options(&self) -> String {
        let cut = match self.omega_max {
            FrequencyCut::Omega(omega) => format!("--omega-max {omega}"),
            FrequencyCut::OfPhonon(fraction) => format!("--omega-max-phonon {fraction}"),
        };
        let lowest = if self.lowest_only { " --lowest" } else { "" };
        format!("--pr-max {} {cut}{lowest}", self.participation_max)
    }
}

/// What the selection found and left out. Every realization and every mode is in exactly one of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Census {
    /// Realizations planned in the campaign.
    pub planned: u64,
    /// Realizations in the archive.
    pub realizations: u64,
    /// Realizations given up, with their reasons under /failures.
    pub failed: u64,
    /// Left out: negative eigenvalues, a saddle.
    pub saddles: u64,
    /// Left out: not exactly the two zero modes of translation.
    pub extra_zero_modes: u64,
    /// Left out: rattlers. A particle that is hardly held has modes of its own, of any frequency; they are
    /// as localized as can be, but none of the glass.
    pub with_rattlers: u64,
    /// Left out: largest force above the bound, or not a number.
    pub unconverged: u64,
    /// Left out: no frequency of the first phonon, but the cut asks for it.
    pub without_phonon: u64,
    /// Realizations that count.
    pub sound: u64,
    /// Of these, realizations whose cut is the end of what was described, below the one asked for.
    pub cut_by_description: u64,
    /// Described modes.
    pub described: u64,
    /// Of realizations left out.
    pub in_unsound: u64,
    /// ω, PR or b₂ is not a number.
    pub invalid: u64,
    /// PR too large.
    pub extended: u64,
    /// Localized, above the cut.
    pub above_cut: u64,
    /// Localized, below the cut, but not the lowest.
    pub not_lowest: u64,
    /// Modes that count.
    pub selected: u64,
    /// Of these, group A without a second minimum.
    pub group_a: u64,
    /// Group A with a second, higher minimum.
    pub group_a_double: u64,
    /// Group B.
    pub group_b: u64,
    /// b₄ ≤ 0.
    pub unbounded: u64,
}

impl Census {
    /// Selected modes of `group`.
    pub fn of(&self, group: Group) -> u64 {
        match group {
            Group::A => self.group_a,
            Group::ADouble => self.group_a_double,
            Group::B => self.group_b,
            Group::Unbounded => self.unbounded,
        }
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

impl Selection {
    /// Applies it.
    pub fn select(&self, ensemble: &Ensemble) -> Selected {
        let mut census = Census {
            planned: ensemble.about.planned,
            realizations: ensemble.len() as u64,
            failed: ensemble.failures.len() as u64,
            described: ensemble.modes.omega.len() as u64,
            ..Census::default()
        };
        let (cut, described) = self.ranges(ensemble, &mut census);
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
            } else {
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
                    match table.group[mode] {
                        Group::A => census.group_a += 1,
                        Group::ADouble => census.group_a_double += 1,
                        Group::B => census.group_b += 1,
                        Group::Unbounded => census.unbounded += 1,
                    }
                }
            }
        }
        census.selected = rows.len() as u64;
        Selected { selection: *self, census, rows, localized, realization_of, cut, described }
    }

    /// For each realization the cut and the end of the description.
    fn ranges(&self, ensemble: &Ensemble, census: &mut Census) -> (Vec<f64>, Vec<f64>) {
        let table = &ensemble.realizations;
        let described_everywhere = ensemble.about.described_omega_max.unwrap_or(f64::INFINITY);
        let (mut cuts, mut ends) = (Vec::with_capacity(table.index.len()), Vec::with_capacity(table.index.len()));
        for row in 0..table.index.len() {
            let asked = match self.omega_max {
                FrequencyCut::Omega(omega) => omega,
                FrequencyCut::OfPhonon(fraction) => fraction * table.omega_phonon[row],
            };
            let left_out = if table.negative_modes[row] > 0 {
                Some(&mut census.saddles)
            } else if table.zero_modes[row] != 2 {
                Some(&mut census.extra_zero_modes)
            } else if table.rattlers[row] > 0 {
                Some(&mut census.with_rattlers)
            } else if table.force_max[row].is_nan() || table.force_max[row] > self.force_max {
                Some(&mut census.unconverged)
            } else if !(asked.is_finite() && asked > 0.0) {
                Some(&mut census.without_phonon)
            } else {
                None
            };
            if let Some(count) = left_out {
                *count += 1;
                cuts.push(f64::NAN);
                ends.push(f64::NAN);
                continue;
            }
            let end = described_everywhere.min(table.omega_complete[row]);
            census.sound += 1;
            census.cut_by_description += u64::from(end < asked);
            cuts.push(asked.min(end));
            ends.push(end);
        }
        (cuts, ends)
    }
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
