//! Barriers: what the quartic says, and what the true profile along the mode says.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::Distribution;
use archive::Group;
use serde::Serialize;

/// Barriers of modes with a second minimum in the quartic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Barriers {
    /// Of the quartic, A-double.
    pub quartic_a_double: Distribution,
    /// Of the quartic, B.
    pub quartic_b: Distribution,
    /// Of the true profile, A-double, where it has one.
    pub true_a_double: Distribution,
    /// Of the true profile, B, where it has one.
    pub true_b: Distribution,
    /// true/quartic where both exist.
    pub ratio: Distribution,
    /// Each such mode.
    #[serde(skip)]
    pub pairs: Vec<BarrierPair>,
}

/// One mode with a second minimum in the quartic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BarrierPair {
    /// Realization.
    pub realization: u64,
    /// ω.
    pub omega: f64,
    /// A-double or B.
    pub group: Group,
    /// Of the quartic.
    pub quartic: f64,
    /// Of the true profile; NaN without one.
    pub actual: f64,
}

impl Barriers {
    /// Of the selected modes.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> Barriers {
        let table = &ensemble.modes;
        let pairs: Vec<BarrierPair> = selected
            .rows
            .iter()
            .map(|&row| row as usize)
            .filter(|&row| table.barrier[row].is_finite())
            .map(|row| BarrierPair {
                realization: table.realization[row],
                omega: table.omega[row],
                group: table.group[row],
                quartic: table.barrier[row],
                actual: table.true_barrier[row],
            })
            .collect();
        let of = |group: Group, value: fn(&BarrierPair) -> f64| {
            Distribution::of(pairs.iter().filter(|pair| pair.group == group).map(value))
        };
        Barriers {
            quartic_a_double: of(Group::ADouble, |pair| pair.quartic),
            quartic_b: of(Group::B, |pair| pair.quartic),
            true_a_double: of(Group::ADouble, |pair| pair.actual),
            true_b: of(Group::B, |pair| pair.actual),
            ratio: Distribution::of(pairs.iter().map(|pair| pair.actual / pair.quartic)),
            pairs,
        }
    }
}
