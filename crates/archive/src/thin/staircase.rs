//! Staircases summed over glasses, shift by shift.

use crate::columns::Columns;
use crate::schema;
use std::collections::BTreeMap;

/// One step of the staircases, summed over glasses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummedStep {
    /// ω of the shift.
    pub omega: f64,
    /// Modes below it, of all these glasses together.
    pub count: u64,
    /// The squares of each glass's number of them, summed.
    pub squares: u64,
    /// How many glasses.
    pub glasses: u64,
}

/// Staircases summed over glasses, shift by shift.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaircaseSum {
    /// By the bits of ω, which ascend with it.
    steps: BTreeMap<u64, SummedStep>,
}

impl StaircaseSum {
    pub(crate) fn add(&mut self, step: SummedStep) {
        let omega = step.omega.abs();
        let sum = self.steps.entry(omega.to_bits()).or_insert(SummedStep { omega, count: 0, squares: 0, glasses: 0 });
        sum.count = sum.count.saturating_add(step.count);
        sum.squares = sum.squares.saturating_add(step.squares);
        sum.glasses = sum.glasses.saturating_add(step.glasses);
    }

    pub(crate) fn add_staircase(&mut self, staircase: &[(f64, u64)]) {
        for &(omega, count) in staircase {
            self.add(SummedStep { omega, count, squares: count.saturating_mul(count), glasses: 1 });
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(crate) fn steps(&self) -> Vec<SummedStep> {
        self.steps.values().copied().collect()
    }

    pub(super) fn fill(&self, columns: &mut Columns) {
        for step in self.steps.values() {
            columns.u64s_mut(schema::STAIRCASE_SUM).push(step.count);
            columns.u64s_mut(schema::STAIRCASE_SUM_SQUARES).push(step.squares);
            columns.f64s_mut(schema::STAIRCASE_SUM_OMEGA).push(step.omega);
            columns.u64s_mut(schema::STAIRCASE_SUM_GLASSES).push(step.glasses);
        }
    }

    /// The steps that an archive keeps.
    pub(crate) fn take(columns: &Columns) -> Vec<SummedStep> {
        let (omega, count) = (columns.f64s(schema::STAIRCASE_SUM_OMEGA), columns.u64s(schema::STAIRCASE_SUM));
        let squares = columns.u64s(schema::STAIRCASE_SUM_SQUARES);
        let glasses = columns.u64s(schema::STAIRCASE_SUM_GLASSES);
        let step =
            |row| SummedStep { omega: omega[row], count: count[row], squares: squares[row], glasses: glasses[row] };
        (0..count.len()).map(step).collect()
    }
}
