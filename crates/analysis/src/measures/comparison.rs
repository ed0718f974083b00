//! Ensembles against the first of them: what differs by more than chance.

use super::Measures;
use crate::statistics::Estimate;
use crate::statistics::interval::difference;
use serde::Serialize;

/// Fractions of one ensemble less those of the first, with Newcombe's intervals: where zero lies outside, they
/// differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contrast {
    /// Label of the ensemble.
    pub ensemble: String,
    /// Label of the one it is compared with.
    pub first: String,
    /// Fraction of group B among the selected modes.
    pub group_b: Estimate,
    /// Fraction of A-double.
    pub group_a_double: Estimate,
    /// Of group B: the true profile has a deeper second minimum.
    pub true_deeper: Estimate,
    /// Of group B: most of b₃ comes from pairs near the cutoff.
    pub cutoff_dominated: Estimate,
}

/// All but the first against the first.
pub fn differences(measures: &[Measures]) -> Vec<Contrast> {
    let Some((first, others)) = measures.split_first() else { return Vec::new() };
    let one = |other: &Measures| {
        let of = |part: fn(&Measures) -> Estimate| difference(part(other), part(first));
        Contrast {
            ensemble: other.label.clone(),
            first: first.label.clone(),
            group_b: of(|m| m.fractions.group_b),
            group_a_double: of(|m| m.fractions.group_a_double),
            true_deeper: of(|m| m.reality.b.true_deeper),
            cutoff_dominated: of(|m| m.reality.b.cutoff_dominated),
        }
    };
    others.iter().map(one).collect()
}
