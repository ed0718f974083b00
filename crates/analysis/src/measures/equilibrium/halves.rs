//! Whether the later glasses of a chain differ from its earlier ones.

use crate::ensemble::{Ensemble, Harvest};
use crate::statistics::moments::Running;
use crate::statistics::{Estimate, special::normal_quantile};
use serde::Serialize;
use std::collections::BTreeMap;

/// The second half of each chain's glasses less the first, in the mean over chains: the plateau test where several
/// glasses were taken from each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Halves {
    /// Chains with two glasses or more.
    pub chains: u64,
    /// Sweeps from the mean time of the first half to that of the second, in the mean over chains; NaN if not known.
    pub sweeps_apart: f64,
    /// Of the energy per particle at T.
    pub energy_thermal: Change,
    /// Of that of the inherent structures, which the motion at T does not blur.
    pub energy_inherent: Change,
}

/// A change of a mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// With its 95 % interval.
    pub change: Estimate,
    /// In standard errors; a plateau has |z| < 2 in 95 of 100 cases.
    pub z: f64,
}

impl Change {
    pub(super) fn of(changes: &Running) -> Change {
        let (value, error) = (changes.mean(), changes.standard_error());
        let half = normal_quantile(0.975) * error;
        Change { change: Estimate { value, low: value - half, high: value + half }, z: value / error }
    }
}

impl Halves {
    /// Of the glasses in the order in which they were taken; absent where every chain has one.
    pub fn of(ensemble: &Ensemble) -> Option<Halves> {
        let table = &ensemble.realizations;
        let mut chains: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (row, &chain) in table.chain.iter().enumerate() {
            chains.entry(chain).or_default().push(row);
        }
        chains.retain(|_, rows| rows.len() > 1);
        if chains.is_empty() {
            return None;
        }
        let of = |column: &[f64]| {
            let mean = |rows: &[usize]| rows.iter().map(|&row| column[row]).sum::<f64>() / rows.len() as f64;
            let mut changes = Running::default();
            for rows in chains.values() {
                // The glass in the middle of an odd number is in neither half.
                let half = rows.len() / 2;
                changes.add(mean(&rows[rows.len() - half..]) - mean(&rows[..half]));
            }
            Change::of(&changes)
        };
        let sweeps_apart = ensemble.about.harvest.map_or(f64::NAN, |Harvest { count, sweeps }| {
            let places: Vec<f64> = table.index.iter().map(|&index| (index % count.max(1) * sweeps) as f64).collect();
            of(&places).change.value
        });
        Some(Halves {
            chains: chains.len() as u64,
            sweeps_apart,
            energy_thermal: of(&table.energy_thermal),
            energy_inherent: of(&table.energy_inherent),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archive::synthetic::SyntheticCampaign;
    use archive::{Record, WriteStyle, write_archive};

    /// Of nine chains of `each` glasses, after `change` of every record at its place in its chain.
    fn halves(each: u64, change: impl Fn(&mut Record, f64)) -> Option<Halves> {
        let campaign = SyntheticCampaign::tiny();
        let mut records = campaign.records(0..9 * each);
        for record in &mut records {
            record.chain = record.index / each * each;
            change(record, (record.index % each) as f64);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.h5");
        write_archive(&path, &campaign.provenance(9 * each), &records, &[], WriteStyle::Segment).expect("written");
        Halves::of(&Ensemble::open(&path).expect("an archive"))
    }

    #[test]
    fn a_chain_is_compared_with_itself() {
        let ageing = |record: &mut Record, place: f64| {
            // Chains differ much more than their glasses do.
            record.inherent.energy = 0.2 + 0.1 * record.chain as f64 - 1e-3 * place - 1e-5 * (record.index % 3) as f64;
        };
        let found = halves(5, ageing).expect("several glasses a chain");
        let inherent = found.energy_inherent;
        assert_eq!((found.chains, found.sweeps_apart.is_nan()), (9, true));
        // Places 3 and 4 less 0 and 1.
        assert!((inherent.change.value + 3e-3).abs() < 2e-5 && inherent.z < -50.0, "{inherent:?}");
        assert!(inherent.change.low < inherent.change.value && inherent.change.value < inherent.change.high);
        assert!(found.energy_thermal.z.abs() < 5.0, "{found:?}");
    }

    #[test]
    fn one_glass_a_chain_has_no_halves() {
        assert_eq!(halves(1, |_, _| ()), None);
    }
}
