//! Every scalar that is kept is a number a realization or a mode can have.

use super::padding::LARGEST;
use super::{Check, Offenders, Severity, VerifyReport};
use crate::columns::Values;
use crate::error::ArchiveError;
use crate::reader::Archive;
use crate::scalars::Column;
use crate::schema::{self, Dataset, SCHEMA, Table};
use crate::tables::{
    ModeTable, NonlinearTable, OF_MODE, OF_NONLINEAR, OF_REALIZATION, OF_TRANSITION, RealizationTable, TransitionTable,
};
use modes::describe::is_curvature;
use modes::describe::quartic::{Quartic, SecondMinimum};
use modes::wells::{Along, Outcome};

/// Rows whose series are read at a time.
const BLOCK: usize = 256;

/// Relative difference of what follows from b₂, b₃ and b₄, near |β| = 1 of the larger of barrier and depth.
const OF_THE_QUARTIC: f64 = 1e-6;

/// Numbers that may be infinite: the end of a whole spectrum.
const INFINITE: [&str; 1] = ["/spectrum/omega_complete"];

/// Numbers of version 1 that may be NaN, each for a reason that is checked where it can be.
const NOT_A_NUMBER: [&str; 13] = [
    "/realizations/energy_thermal",
    "/realizations/diameter_correlation",
    "/realizations/configurational_temperature",
    "/realizations/omega_phonon",
    "/modes/beta",
    "/modes/barrier",
    "/modes/depth",
    "/modes/separation",
    "/modes/true_barrier",
    "/modes/true_depth",
    "/modes/true_separation",
    "/modes/landing_energy",
    "/modes/landing_distance",
];

/// As [`NOT_A_NUMBER`]: shares of a sum that vanishes.
const SHARES: [&str; 2] = ["/modes/cutoff_share_b3", "/modes/cutoff_share_b4"];

pub(super) fn check(archive: &Archive, report: &mut VerifyReport) {
    for table in [Table::Realizations, Table::Modes, Table::Nonlinear, Table::Transitions] {
        let paths = SCHEMA.iter().filter(|dataset| dataset.table == table).map(|dataset| dataset.path);
        if !report.can_read(&paths.collect::<Vec<_>>()) {
            return;
        }
    }
    if let Err(error) = check_tables(archive, report).and_then(|()| check_boxes(archive, report)) {
        report.fault(Check::Consistency, "/", error.to_string());
    }
}

fn check_tables(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let (realizations, modes, nonlinear) = (archive.realizations()?, archive.modes()?, archive.nonlinear()?);
    in_bounds(OF_REALIZATION.datasets, &realizations.columns(), &realizations.index, report);
    in_bounds(OF_MODE.datasets, &modes.columns(), &modes.realization, report);
    check_realizations(&realizations, report);
    check_modes(&modes, report);
    in_bounds(OF_NONLINEAR.datasets, &nonlinear.columns(), &nonlinear.realization, report);
    check_nonlinear(&nonlinear, report);
    let transitions = archive.transitions()?;
    in_bounds(OF_TRANSITION.datasets, &transitions.columns(), &transitions.realization, report);
    check_transitions(&transitions, report);
    check_evidence(archive, &realizations, report)
}

fn fault(object: &'static str, rule: &'static str) -> Offenders {
    Offenders::new(Severity::Fault, Check::Physics, object, rule)
}

fn in_bounds(datasets: &[Dataset], columns: &[(&'static str, Column)], of: &[u64], report: &mut VerifyReport) {
    for (dataset, (_, column)) in datasets.iter().zip(columns) {
        let Column::F64(values) = column else { continue };
        let may_be_nan = dataset.since > 1 || NOT_A_NUMBER.contains(&dataset.path) || SHARES.contains(&dataset.path);
        let may_be_infinite = INFINITE.contains(&dataset.path);
        let mut wrong = fault(dataset.path, "no number it can be");
        for (value, index) in values.iter().zip(of) {
            let infinite = may_be_infinite && *value == f64::INFINITY;
            let possible = infinite || value.abs() <= LARGEST || (may_be_nan && value.is_nan());
            wrong.note(*index, !possible);
        }
        report.findings.extend(wrong.finding());
    }
}

fn check_realizations(table: &RealizationTable, report: &mut VerifyReport) {
    let mut fraction = fault("/realizations/acceptance_displacement", "an acceptance is no fraction");
    let mut negative = fault("/realizations/seconds_thermalize", "a time is negative");
    let mut residual = fault("/spectrum/residual_max", "a residual is negative");
    let mut phonon = fault("/realizations/omega_phonon", "is not positive, or not a number although G > P");
    for (row, &index) in table.index.iter().enumerate() {
        let accepted = [table.acceptance_displacement[row], table.acceptance_swap[row]];
        fraction.note(index, accepted.iter().any(|share| !(0.0..=1.0).contains(share)));
        let seconds = [&table.seconds_thermalize, &table.seconds_quench, &table.seconds_spectrum, &table.seconds_modes];
        negative.note(index, seconds.iter().any(|column| column[row] < 0.0));
        residual.note(index, table.residual_max[row] < 0.0 || table.orthogonality_max[row] < 0.0);
        let omega = table.omega_phonon[row];
        let impossible = omega.is_nan() && table.shear_modulus[row] > table.pressure[row];
        phonon.note(index, omega <= 0.0 || impossible);
    }
    report.findings.extend([fraction, negative, residual, phonon].iter().filter_map(Offenders::finding));
}

fn check_modes(table: &ModeTable, report: &mut VerifyReport) {
    let mut quartic = fault("/modes/barrier", "is not that of the quartic, or depth or separation are not");
    let mut profile = fault("/modes/true_barrier", "a second minimum without barrier, energy or distance");
    let mut landing = fault("/modes/landing_energy", "a minimum without energy or distance");
    let mut participation = fault("/modes/participation", "not between 0 and 1");
    for (row, &index) in table.realization.iter().enumerate() {
        let claimed = [table.barrier[row], table.depth[row], table.separation[row]];
        let expected = Quartic::new(table.b2[row], table.b3[row], table.b4[row]).ok();
        quartic.note(index, expected.is_some_and(|expected| !of_quartic(claimed, expected)));
        let found = [table.true_barrier[row], table.true_depth[row], table.true_separation[row]];
        let whole = found.iter().all(|number| number.is_finite()) && found[0] >= 0.0 && found[2] > 0.0;
        profile.note(index, !whole && !found.iter().all(|number| number.is_nan()));
        let (energy, distance) = (table.landing_energy[row], table.landing_distance[row]);
        landing.note(index, energy.is_nan() != distance.is_nan() || distance < 0.0);
        participation.note(index, !(table.participation[row] > 0.0 && table.participation[row] <= 1.0 + 1e-9));
    }
    report.findings.extend([quartic, profile, landing, participation].iter().filter_map(Offenders::finding));
}

fn check_nonlinear(table: &NonlinearTable, report: &mut VerifyReport) {
    let mut frequency = fault("/nonlinear/omega", "is not the root of a positive curvature, or that is not b2");
    let mut quartic = fault("/nonlinear/barrier", "is not that of the quartic, or depth or separation are not");
    let mut fraction = fault("/nonlinear/participation", "a participation ratio or an overlap is no fraction");
    for (row, &index) in table.realization.iter().enumerate() {
        let (kappa, omega) = (table.kappa[row], table.omega[row]);
        if kappa.is_nan() {
            frequency.note(index, !omega.is_nan());
            continue;
        }
        let agrees = is_curvature(kappa, omega * omega) && kappa.to_bits() == table.b2[row].to_bits();
        frequency.note(index, !(kappa > 0.0 && omega > 0.0 && agrees));
        let claimed = [table.barrier[row], table.depth[row], table.separation[row]];
        let expected = Quartic::new(table.b2[row], table.b3[row], table.b4[row]).ok();
        quartic.note(index, expected.is_some_and(|expected| !of_quartic(claimed, expected)));
        let possible = |share: f64| share > 0.0 && share <= 1.0 + 1e-9;
        fraction.note(index, !possible(table.participation[row]) || !(0.0..=1.0 + 1e-9).contains(&table.overlap[row]));
    }
    report.findings.extend([frequency, quartic, fraction].iter().filter_map(Offenders::finding));
}

/// What follows from stored energies by one subtraction agrees this well, ε.
const OF_ENERGIES: f64 = 1e-9;

fn check_transitions(table: &TransitionTable, report: &mut VerifyReport) {
    let mut names = fault("/transitions/outcome", "is none there is, or along or direction is none");
    let mut barriers = fault("/transitions/barrier_forward", "barriers and energies of the minima disagree");
    let mut lengths = fault("/transitions/path_length", "is shorter than the distance, or that is not positive");
    let mut levels = fault("/transitions/splitting", "is not positive");
    for (row, &index) in table.realization.iter().enumerate() {
        let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == table.outcome[row]);
        let along = Along::ALL.iter().any(|along| along.name() == table.along[row]);
        names.note(index, outcome.is_none() || !along || !matches!(table.direction[row], -1 | 1));
        let (forward, backward) = (table.barrier_forward[row], table.barrier_backward[row]);
        let difference = table.energy_difference[row];
        if outcome != Some(Outcome::Found) {
            barriers.note(index, !(forward.is_nan() && backward.is_nan() && difference.is_nan()));
            continue;
        }
        let agree = (forward - backward - difference).abs() <= OF_ENERGIES * (1.0 + forward.abs() + backward.abs());
        barriers.note(index, !(agree && forward > -OF_ENERGIES && backward > -OF_ENERGIES));
        let (path, distance) = (table.path_length[row], table.distance[row]);
        lengths.note(index, !(distance > 0.0 && path >= distance * (1.0 - OF_ENERGIES)));
        levels.note(index, table.splitting[row] <= 0.0);
    }
    report.findings.extend([names, barriers, lengths, levels].iter().filter_map(Offenders::finding));
}

/// Whether barrier, depth and separation are those of `quartic`; at the border of the classes rounding decides.
fn of_quartic(claimed: [f64; 3], quartic: Quartic) -> bool {
    let border = (quartic.beta().abs() - (8.0f64 / 9.0).sqrt()).abs() < 1e-6;
    match quartic.second_minimum() {
        Some(SecondMinimum { barrier, energy, at, .. }) => {
            let scale = barrier.abs().max(energy.abs());
            let agree = |claimed: f64, expected: f64, scale: f64| (claimed - expected).abs() <= OF_THE_QUARTIC * scale;
            let all = agree(claimed[0], barrier, scale)
                && agree(claimed[1], energy, scale)
                && agree(claimed[2], at.abs(), at.abs());
            all || (border && claimed.iter().all(|number| number.is_nan()))
        }
        None => border || claimed.iter().all(|number| number.is_nan()),
    }
}

/// Boxes have positive sides.
fn check_boxes(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    if !report.can_read(&[schema::BOX_EDGES, Table::Frames.key()]) {
        return Ok(());
    }
    let key = archive.key(Table::Frames)?;
    let mut wrong = fault(schema::BOX_EDGES, "the sides of a box are not positive");
    if let Values::F64(edges) = archive.values(schema::BOX_EDGES, 0..key.len())? {
        for (sides, index) in edges.chunks_exact(archive.dimension().axes()).zip(key) {
            let positive = sides.iter().all(|side| *side > 0.0 && *side <= LARGEST);
            wrong.note(*index, !positive);
        }
    }
    report.findings.extend(wrong.finding());
    Ok(())
}

/// The last numbers of the series stand in the scalars. A thin archive has no series.
fn check_evidence(archive: &Archive, table: &RealizationTable, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    if !archive.holds(schema::SERIES_SWEEPS)? {
        return Ok(());
    }
    let mut order = fault("/realizations/series_sweeps", "sweeps do not ascend");
    let mut last = fault("/realizations/energy_thermal", "evidence of equilibration is not the last of its series");
    for start in (0..table.index.len()).step_by(BLOCK) {
        let rows = start..(start + BLOCK).min(table.index.len());
        for (row, series) in rows.clone().zip(archive.series(rows)?) {
            let index = table.index[row];
            let sampled = [&series.energy, &series.diameter_correlation, &series.configurational_temperature];
            order.note(index, !series.sweeps.is_sorted_by(|a, b| a < b));
            let kept =
                [table.energy_thermal[row], table.diameter_correlation[row], table.configurational_temperature[row]];
            let differs = sampled.iter().zip(kept).any(|(column, kept)| {
                let expected = column.last().copied().unwrap_or(f64::NAN);
                expected.to_bits() != kept.to_bits() && !(expected.is_nan() && kept.is_nan())
            });
            last.note(index, differs);
        }
    }
    report.findings.extend([order, last].iter().filter_map(Offenders::finding));
    Ok(())
}
