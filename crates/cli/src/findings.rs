//! What an archive holds, in a few lines.

use crate::terminal::several;
use analysis::Selection;
use analysis::selection::Rule;
use archive::{Archive, ArchiveError, FailureRow, ModeTable, RealizationTable};
use modes::Group;
use std::collections::BTreeSet;
use std::fmt;

/// Modes below this participation ratio are what is usually called quasi-localized (arXiv:2102.12368).
const LOCALIZED: f64 = 0.27;

/// The groups in the order of their table.
const GROUPS: [(Group, &str); 4] =
    [(Group::A, "A"), (Group::ADouble, "A-double"), (Group::B, "B"), (Group::Unbounded, "unbounded")];

/// What an archive holds.
pub struct Findings {
    planned: u64,
    realizations: RealizationTable,
    modes: ModeTable,
    failures: Vec<FailureRow>,
}

impl Findings {
    /// Reads the tables of `archive`.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read.
    pub fn of(archive: &Archive) -> Result<Findings, ArchiveError> {
        Ok(Findings {
            planned: archive.provenance().realizations,
            realizations: archive.realizations()?,
            modes: archive.modes()?,
            failures: archive.failures()?,
        })
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (table, modes) = (&self.realizations, &self.modes);
        let count = table.index.len();
        write!(out, "{count} of {}", several(self.planned, "realization", "realizations"))?;
        if !self.failures.is_empty() {
            write!(out, ", {} quarantined", self.failures.len())?;
        }
        if count == 0 {
            return Ok(());
        }
        writeln!(out, ", {} described", several(modes.omega.len(), "mode", "modes"))?;
        let (sound, unsound): (Vec<usize>, Vec<usize>) = (0..count).partition(|&row| self.is_sound(row));
        // A box that a shear would deform by itself has no phonon frequency.
        let mean = |values: &[f64]| {
            let known: Vec<f64> = sound.iter().map(|&row| values[row]).filter(|value| !value.is_nan()).collect();
            known.iter().sum::<f64>() / known.len() as f64
        };
        if !unsound.is_empty() {
            writeln!(
                out,
                "{} of them left out below: at a saddle, with unexplained zero modes, or not converged",
                unsound.len()
            )?;
        }
        if sound.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "energy per particle {:.5} at T, {:.5} at the minimum; first transverse phonon at omega = {:.3}",
            mean(&table.energy_thermal),
            mean(&table.energy_inherent),
            mean(&table.omega_phonon)
        )?;
        let seconds = |values: &[f64]| values.iter().sum::<f64>() / count as f64;
        writeln!(
            out,
            "core-seconds a realization: thermalize {:.2}, quench {:.2}, spectrum {:.2}, modes {:.2}",
            seconds(&table.seconds_thermalize),
            seconds(&table.seconds_quench),
            seconds(&table.seconds_spectrum),
            seconds(&table.seconds_modes)
        )?;
        let unsound: BTreeSet<u64> = unsound.into_iter().map(|row| table.index[row]).collect();
        let rows: Vec<usize> =
            (0..modes.omega.len()).filter(|&row| !unsound.contains(&modes.realization[row])).collect();
        self.groups(&rows, out)?;
        self.lowest(rows, out)
    }
}

impl Findings {
    /// Whether a report counts the glass in this row of the realizations.
    fn is_sound(&self, row: usize) -> bool {
        Rule::none_applies(&self.realizations, row, Selection::default().force_max)
    }

    /// How many modes, of these rows, are in each group.
    fn groups(&self, modes_of_sound: &[usize], out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modes = &self.modes;
        writeln!(out, "group       modes   PR < {LOCALIZED}   lowest omega")?;
        for (group, name) in GROUPS {
            let rows: Vec<usize> = modes_of_sound.iter().copied().filter(|&row| modes.group[row] == group).collect();
            let localized = rows.iter().filter(|&&row| modes.participation[row] < LOCALIZED).count();
            let lowest = rows.iter().map(|&row| modes.omega[row]).fold(f64::INFINITY, f64::min);
            let lowest = if rows.is_empty() { "-".to_owned() } else { format!("{lowest:.4}") };
            writeln!(out, "{name:<10} {:>6} {localized:>11}   {lowest:>12}", rows.len())?;
        }
        Ok(())
    }

    /// The softest modes of these rows.
    fn lowest(&self, mut rows: Vec<usize>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modes = &self.modes;
        rows.sort_by(|&a, &b| modes.omega[a].total_cmp(&modes.omega[b]));
        write!(out, "the softest: realization     omega       PR     beta   barrier (quartic, true)")?;
        for &row in rows.iter().take(5) {
            let or_none = |value: f64| if value.is_nan() { "-".to_owned() } else { format!("{value:.2e}") };
            write!(
                out,
                "\n            {:>12} {:>9.4} {:>8.3} {:>8.3}   {} {}",
                modes.realization[row],
                modes.omega[row],
                modes.participation[row],
                modes.beta[row],
                or_none(modes.barrier[row]),
                or_none(modes.true_barrier[row])
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archive::synthetic::SyntheticCampaign;
    use archive::{WriteStyle, write_archive};

    #[test]
    fn glasses_that_are_left_out_are_in_no_number_below() {
        let campaign = SyntheticCampaign { described: 3, samples: 5, ..SyntheticCampaign::low(50) };
        let mut records = campaign.records(0..5);
        for (k, record) in records.iter_mut().enumerate() {
            record.spectrum.zero_modes = if k == 1 { 3 } else { 2 };
            record.spectrum.negative_modes = u32::from(k == 2);
            record.inherent.energy = if k == 1 || k == 2 { 100.0 } else { 0.25 };
            record.elastic.omega_phonon = if k == 3 { f64::NAN } else { 0.75 };
            for mode in &mut record.modes {
                mode.omega = if k == 1 { 1e-3 } else { 0.5 };
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("archive.h5");
        write_archive(&path, &campaign.provenance(5), &records, &[], WriteStyle::Segment).expect("written");
        let said = Findings::of(&Archive::open(&path).expect("an archive")).expect("readable").to_string();
        assert!(said.contains("\n2 of them left out below: at a saddle, with unexplained zero modes"), "{said}");
        assert!(said.contains("0.25000 at the minimum; first transverse phonon at omega = 0.750"), "{said}");
        assert!(!said.contains("0.0010"), "{said}");
    }
}
