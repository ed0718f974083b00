//! Which glasses are left out of everything: one rule each, printed with its count and its effect.

use super::classes;
use archive::RealizationTable;
use serde::Serialize;

/// Why a glass does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Negative eigenvalues: no minimum.
    Saddle,
    /// Zero modes that neither translations nor nearly free particles explain.
    ZeroModes,
    /// The largest force is above the bound, or not a number.
    Unconverged,
}

impl Rule {
    /// All of them, in the order in which they are asked.
    pub const EACH: [Rule; 3] = [Rule::Saddle, Rule::ZeroModes, Rule::Unconverged];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Saddle => "saddle",
            Rule::ZeroModes => "zero modes beside translations and those of nearly free particles",
            Rule::Unconverged => "not converged",
        }
    }

    /// Whether it leaves out the glass in `row`.
    pub fn applies(self, table: &RealizationTable, row: usize, force_max: f64) -> bool {
        match self {
            Rule::Saddle => table.negative_modes[row] > 0,
            Rule::ZeroModes => {
                let (zero, free) = (u64::from(table.zero_modes[row]), u64::from(classes::nearly_free(table, row)));
                let axes = table.dimension.axes() as u64;
                !(axes..=axes * (1 + free)).contains(&zero)
            }
            Rule::Unconverged => table.force_max[row].is_nan() || table.force_max[row] > force_max,
        }
    }

    /// Whether no rule leaves out the glass in `row`: it is sound.
    pub fn none_applies(table: &RealizationTable, row: usize, force_max: f64) -> bool {
        Rule::first(table, row, force_max, None).is_none()
    }

    /// The first rule that leaves out the glass in `row`, `excepted` not asked.
    pub(super) fn first(table: &RealizationTable, row: usize, force_max: f64, excepted: Option<Rule>) -> Option<Rule> {
        Rule::EACH.into_iter().find(|rule| Some(*rule) != excepted && rule.applies(table, row, force_max))
    }
}
