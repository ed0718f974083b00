//! What nearly free particles do to the groups: the same numbers with and without them, side by side.

use super::density::below_one_cut;
use super::{Family, GROUPS};
use crate::ensemble::Ensemble;
use crate::selection::{Counted, Rule, Selected, Selection};
use crate::statistics::interval::fraction;
use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::{Distribution, Estimate, PowerLawFit};
use archive::{Group, group_of_quartic};
use serde::Serialize;

/// Frequencies up to which the fraction of group B is followed.
const FRACTION_POINTS: usize = 24;

/// Fewest localized modes below the smallest of them.
const FRACTION_MODES_MIN: usize = 5;

/// The three ways of counting, the rules that leave glasses out, and group B without the cutoff region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes {
    /// Whether the archive knows the stiffness of single particles; else N·PR and contacts alone decide.
    pub stiffness_known: bool,
    /// The one ω_c of all fits.
    pub omega_cut: f64,
    /// As [`Counted::EACH`].
    pub ways: Vec<Way>,
    /// As [`Rule::EACH`], and the glasses without a phonon's frequency.
    pub rules: Vec<RuleEffect>,
    /// The groups of the selected modes, as they are and without pairs near the cutoff.
    pub inside: Inside,
}

/// One way of counting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Way {
    /// Which.
    pub counted: Counted,
    /// Glasses that count.
    pub glasses: u64,
    /// Selected modes.
    pub selected: u64,
    /// Of these, of group B.
    pub group_b: u64,
    /// As a fraction, with Wilson's interval.
    pub fraction_b: Estimate,
    /// Fits on (0, ω_c], as [`Family::EACH`].
    pub fits: Vec<PowerLawFit>,
    /// Quartic barriers of the selected modes of group B.
    pub barriers: Distribution,
    /// Each of them.
    #[serde(skip)]
    pub barrier_values: Vec<f64>,
    /// The fraction of group B among all localized modes up to some ω: (ω, modes, fraction).
    pub fraction_below: Vec<(f64, u64, Estimate)>,
}

/// What a rule does to the exponents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleEffect {
    /// In words.
    pub rule: &'static str,
    /// What is done with such glasses.
    pub treatment: &'static str,
    /// Glasses.
    pub glasses: u64,
    /// α of A and of B, done otherwise; none where there are no such glasses.
    pub otherwise: Option<[Estimate; 2]>,
}

/// Groups of modes by the whole b₃ and b₄ (rows) and by those without pairs beyond 0.98 x_c (columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Inside {
    /// `modes[group][group inside]`, in the order A, A-double, B, unbounded.
    pub modes: [[u64; 4]; 4],
    /// Selected modes of which the archive does not know b₃ and b₄ inside.
    pub unknown: u64,
}

impl Classes {
    /// Of the modes that `selection` finds, which `selected` already holds for its own way of counting.
    pub fn of(ensemble: &Ensemble, selection: &Selection, selected: &Selected, seed: u64) -> Classes {
        let omega_cut = selected.omega_cut();
        let ways = Counted::EACH
            .map(|counted| Way::of(ensemble, &Selection { counted, ..*selection }.select(ensemble), omega_cut, seed));
        Classes {
            stiffness_known: !ensemble.realizations.own_stiffness_typical.iter().all(|typical| typical.is_nan()),
            omega_cut,
            ways: ways.into(),
            rules: effects(ensemble, selection, selected, omega_cut),
            inside: Inside::of(ensemble, selected),
        }
    }
}

impl Way {
    fn of(ensemble: &Ensemble, selected: &Selected, omega_cut: f64, seed: u64) -> Way {
        let table = &ensemble.modes;
        let of_b = selected.rows.iter().map(|&row| row as usize).filter(|&row| table.group[row] == Group::B);
        let barrier_values: Vec<f64> = of_b.map(|row| table.barrier[row]).collect();
        Way {
            counted: selected.selection.counted,
            glasses: selected.census.sound,
            selected: selected.census.selected,
            group_b: selected.census.group_b,
            fraction_b: fraction(selected.census.group_b, selected.census.selected),
            fits: Family::EACH.map(|family| below_one_cut(family, ensemble, selected, omega_cut).fit(seed)).into(),
            barriers: Distribution::of(barrier_values.iter().copied()),
            barrier_values,
            fraction_below: fraction_below(ensemble, selected),
        }
    }
}

fn fraction_below(ensemble: &Ensemble, selected: &Selected) -> Vec<(f64, u64, Estimate)> {
    let table = &ensemble.modes;
    let mut modes: Vec<(f64, bool)> = selected
        .localized
        .iter()
        .map(|&row| (table.omega[row as usize], table.group[row as usize] == Group::B))
        .collect();
    modes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(first), Some(last)) = (modes.get(FRACTION_MODES_MIN - 1), modes.last()) else { return Vec::new() };
    let end = last.0 / first.0;
    (0..FRACTION_POINTS)
        .map(|k| first.0 * end.powf(k as f64 / (FRACTION_POINTS - 1) as f64))
        .map(|omega| {
            // The last frequency, to rounding.
            let below = modes.partition_point(|mode| mode.0 <= omega * (1.0 + 1e-12));
            let of_b = modes[..below].iter().filter(|mode| mode.1).count() as u64;
            (omega, below as u64, fraction(of_b, below as u64))
        })
        .collect()
}

fn effects(ensemble: &Ensemble, selection: &Selection, selected: &Selected, omega_cut: f64) -> Vec<RuleEffect> {
    let exponents = |otherwise: &Selected| {
        [Family::A, Family::B].map(|family| {
            let sample = below_one_cut(family, ensemble, otherwise, omega_cut);
            if sample.events() < EVENTS_MIN {
                return Estimate::NONE;
            }
            Estimate::new(sample.exponent().value, sample.exponent().interval())
        })
    };
    let effect = |rule, treatment, glasses: u64, otherwise: &dyn Fn() -> Selected| RuleEffect {
        rule,
        treatment,
        glasses,
        otherwise: (glasses > 0).then(|| exponents(&otherwise())),
    };
    let mut effects: Vec<RuleEffect> = Rule::EACH
        .into_iter()
        .map(|rule| {
            let count = selected.census.left_out_by(rule);
            effect(rule.name(), "left out", count, &|| selection.select_despite(ensemble, Some(rule)))
        })
        .collect();
    let without_phonon = selected.census.without_phonon;
    effects.push(effect("no phonon, G < P", "kept; cut at the median", without_phonon, &|| {
        let mut without = selected.clone();
        let has = |row: u32| ensemble.realizations.omega_phonon[selected.realization_of[row as usize] as usize] > 0.0;
        without.rows.retain(|&row| has(row));
        without.localized.retain(|&row| has(row));
        without.census.sound -= without_phonon;
        without
    }));
    effects
}

impl Inside {
    fn of(ensemble: &Ensemble, selected: &Selected) -> Inside {
        let table = &ensemble.modes;
        let mut inside = Inside { modes: [[0; 4]; 4], unknown: 0 };
        for row in selected.rows.iter().map(|&row| row as usize) {
            match group_of_quartic(table.b2[row], table.b3_inside[row], table.b4_inside[row]) {
                Some(group) => inside.modes[table.group[row] as usize][group as usize] += 1,
                None => inside.unknown += 1,
            }
        }
        inside
    }

    /// Modes of `group`, and how many of them stay in it.
    pub fn staying(&self, group: Group) -> (u64, u64) {
        let row = self.modes[group as usize];
        (row.iter().sum(), row[group as usize])
    }

    /// The groups in the order of rows and columns.
    pub fn groups() -> [&'static str; 4] {
        GROUPS.map(archive::group::name)
    }
}
