//! A thin archive keeps nothing beyond its cuts, and its sums are sums over its glasses.

use super::{Check, Offenders, Severity, VerifyReport};
use crate::columns::QUANTITIES;
use crate::error::ArchiveError;
use crate::reader::Archive;
use crate::schema::{self, Table};
use crate::thin::{SeriesSum, StaircaseSum, SummedStep, ThinCuts};
use std::collections::BTreeMap;

/// Rows whose spectra are read at a time.
const BLOCK: usize = 256;

/// Datasets of what is summed.
const SUMS: [&str; 8] = [
    schema::STAIRCASE_SUM,
    schema::STAIRCASE_SUM_OMEGA,
    schema::STAIRCASE_SUM_GLASSES,
    schema::STAIRCASE_SUM_SQUARES,
    schema::SERIES_SUM_SWEEPS,
    schema::SERIES_SUM_GLASSES,
    schema::SERIES_SUM,
    schema::SERIES_SUM_SQUARES,
];

/// Datasets that obey the cuts, or that the sums are compared with.
const KEPT: [&str; 5] = [
    schema::EIGENVALUES,
    schema::PARTICIPATION,
    schema::OMEGA_COMPLETE,
    schema::MODE_OMEGA,
    schema::MODE_PARTICIPATION,
];

pub(super) fn check(archive: &Archive, report: &mut VerifyReport) {
    let Some(cuts) = archive.provenance().thin else { return };
    if !(cuts.modes_below > 0.0 && cuts.participation_below > 0.0) {
        report.fault(Check::Structure, "attributes thin_modes_below, thin_participation_below", "are no cuts");
        return;
    }
    if !report.can_read(&SUMS) || !report.can_read(&KEPT) {
        return;
    }
    let checked = check_cuts(archive, &cuts, report).and_then(|()| check_sums(archive, report));
    if let Err(error) = checked {
        report.fault(Check::Consistency, "/", error.to_string());
    }
}

fn check_cuts(archive: &Archive, cuts: &ThinCuts, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let fault = |object, rule| Offenders::new(Severity::Fault, Check::Consistency, object, rule);
    let mut modes_beyond = fault(schema::MODE_OMEGA, "a mode beyond the cuts of this thin archive");
    let modes = archive.modes()?;
    for (row, index) in modes.realization.iter().enumerate() {
        modes_beyond.note(*index, !cuts.keep(modes.omega[row], modes.participation[row]));
    }
    let mut eigenvalues_beyond = fault(schema::EIGENVALUES, "an eigenvalue beyond the cut of this thin archive");
    let mut complete_beyond = fault(schema::OMEGA_COMPLETE, "is beyond the cut of this thin archive");
    let table = archive.realizations()?;
    for start in (0..table.index.len()).step_by(BLOCK) {
        let rows = start..(start + BLOCK).min(table.index.len());
        for (row, (eigenvalues, _)) in rows.clone().zip(archive.spectra(rows)?) {
            eigenvalues_beyond.note(table.index[row], cuts.eigenvalues(&eigenvalues) < eigenvalues.len());
            complete_beyond.note(table.index[row], table.omega_complete[row] > cuts.modes_below);
        }
    }
    let all = [modes_beyond, eigenvalues_beyond, complete_beyond];
    report.findings.extend(all.iter().filter_map(Offenders::finding));
    Ok(())
}

fn check_sums(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let glasses = archive.len()? as u64;
    let steps = StaircaseSum::take(&archive.some_columns(&SUMS[..4], 0..archive.key(Table::Staircase)?.len())?);
    let ascend = steps.is_sorted_by(|a, b| a.omega < b.omega);
    let possible = |step: &SummedStep| {
        let square = u128::from(step.count) * u128::from(step.count);
        step.omega.is_finite()
            && step.glasses <= glasses
            && square <= u128::from(step.squares) * u128::from(step.glasses)
    };
    if !(ascend && steps.iter().all(possible)) {
        report.fault(Check::Consistency, schema::STAIRCASE_SUM, "is no sum of staircases of these glasses");
    } else if !agree_with_eigenvalues(archive, &steps)? {
        report.fault(Check::Consistency, schema::STAIRCASE_SUM, "disagrees with the eigenvalues below it");
    }
    let columns = archive.some_columns(&SUMS[4..], 0..archive.key(Table::Series)?.len())?;
    let sweeps = columns.u64s(schema::SERIES_SUM_SWEEPS);
    let counts = columns.u64s(schema::SERIES_SUM_GLASSES);
    let possible = counts.iter().all(|&count| count <= glasses) && counts.len() == QUANTITIES * sweeps.len();
    let squares_possible = SeriesSum::take(&columns).samples().iter().all(|sample| {
        let all = [sample.energy, sample.diameter_correlation, sample.configurational_temperature, sample.drift];
        // Each value is rounded to 2⁻⁴⁰, and NaN stands for what did not fit.
        all.iter().all(|of| of.squares.is_nan() || of.squares >= 0.0)
    });
    if !(possible && squares_possible && sweeps.is_sorted_by(|a, b| a < b)) {
        report.fault(Check::Consistency, schema::SERIES_SUM, "is no sum of series of these glasses");
    }
    Ok(())
}

/// Whether each sum can be one over as many glasses as it says, by their eigenvalues, where these are complete.
fn agree_with_eigenvalues(archive: &Archive, steps: &[SummedStep]) -> Result<bool, ArchiveError> {
    let complete = archive.realizations()?.omega_complete.into_iter().fold(f64::INFINITY, f64::min);
    let mut bounds: Vec<(&SummedStep, Counts, Counts)> =
        steps.iter().filter(|step| step.omega < complete).map(|step| (step, Counts::new(), Counts::new())).collect();
    for start in (0..archive.len()?).step_by(BLOCK) {
        for (eigenvalues, _) in archive.spectra(start..(start + BLOCK).min(archive.len()?))? {
            let below = |lambda: f64| eigenvalues.partition_point(|&eigenvalue| eigenvalue < lambda) as u64;
            for (step, least, most) in &mut bounds {
                // A shift within the accuracy of an eigenvalue may fall on either side of it.
                let lambda = step.omega * step.omega;
                let margin = 1e-8 * (1.0 + lambda);
                *least.entry(below(lambda - margin)).or_default() += 1;
                *most.entry(below(lambda + margin)).or_default() += 1;
            }
        }
    }
    let possible = |(step, least, most): &(&SummedStep, Counts, Counts)| {
        (sum_of(step.glasses, least.iter())..=sum_of(step.glasses, most.iter().rev())).contains(&step.count)
    };
    Ok(bounds.iter().all(possible))
}

/// Glasses by their number of modes below a shift.
type Counts = BTreeMap<u64, u64>;

/// The sum over the first so many glasses.
fn sum_of<'a>(mut glasses: u64, counts: impl Iterator<Item = (&'a u64, &'a u64)>) -> u64 {
    let mut sum = 0;
    for (count, of) in counts {
        let taken = glasses.min(*of);
        sum += count * taken;
        glasses -= taken;
    }
    sum
}
