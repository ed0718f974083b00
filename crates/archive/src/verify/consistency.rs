//! The tables agree with one another, and with what was planned.

use super::{Check, Offenders, Severity, VerifyReport};
use crate::columns::Values;
use crate::indices::IndexRanges;
use crate::reader::Archive;
use crate::schema::{
    self, MODE_REALIZATION, MODE_SNAPSHOT, NONLINEAR_SOURCE, SNAPSHOT_MODE, SNAPSHOT_REALIZATION, TRANSITION_SOURCE,
    Table,
};
use std::collections::BTreeSet;

const CHECK: Check = Check::Consistency;

pub(super) fn check(archive: &Archive, report: &mut VerifyReport) {
    let mut keys = Vec::new();
    for table in Table::ALL {
        match archive.key(table) {
            Ok(key) => keys.push(key),
            Err(error) => {
                if report.can_read(&[table.key()]) {
                    report.fault(CHECK, table.key(), error.to_string());
                }
                keys.push(&[]);
            }
        }
    }
    let [indices, modes, snapshots, frames, failures, _, _, nonlinear, transitions] = keys[..] else {
        unreachable!("as many as tables")
    };
    if !report.can_read(&[schema::INDEX]) {
        return;
    }
    report.realizations = indices.len();
    report.quarantined = failures.to_vec();
    for (table, key) in [(Table::Realizations, indices), (Table::Frames, frames), (Table::Failures, failures)] {
        let mut twice = Offenders::new(Severity::Fault, CHECK, table.key(), "the same index twice");
        key.windows(2).for_each(|pair| twice.note(pair[0], pair[0] == pair[1]));
        report.findings.extend(twice.finding());
    }
    let of_realizations = [
        (Table::Modes, modes),
        (Table::Snapshots, snapshots),
        (Table::Frames, frames),
        (Table::Nonlinear, nonlinear),
        (Table::Transitions, transitions),
    ];
    for (table, key) in of_realizations {
        let mut unknown = Offenders::new(Severity::Fault, CHECK, table.key(), "rows without a realization");
        key.iter().for_each(|index| unknown.note(*index, indices.binary_search(index).is_err()));
        report.findings.extend(unknown.finding());
    }
    let mut both = Offenders::new(Severity::Fault, CHECK, schema::FAILURE_INDEX, "both finished and quarantined");
    failures.iter().for_each(|index| both.note(*index, indices.binary_search(index).is_ok()));
    report.findings.extend(both.finding());
    let mut frameless = Offenders::new(Severity::Fault, CHECK, schema::POSITION_STEP, "mode vectors but no particles");
    snapshots.iter().for_each(|index| frameless.note(*index, frames.binary_search(index).is_err()));
    report.findings.extend(frameless.finding());
    check_completeness(archive, indices, failures, report);
    check_chains(archive, indices, report);
    check_snapshots(archive, report);
    check_sources(archive, NONLINEAR_SOURCE, Table::Nonlinear, report);
    check_sources(archive, TRANSITION_SOURCE, Table::Transitions, report);
}

/// What started from a mode belongs to the realization of that mode.
fn check_sources(archive: &Archive, path: &'static str, table: Table, report: &mut VerifyReport) {
    if !report.can_read(&[MODE_REALIZATION, path, table.key()]) {
        return;
    }
    let (Ok(modes), Ok(key)) = (archive.key(Table::Modes), archive.key(table)) else { return };
    let Ok(Values::I64(sources)) = archive.values(path, 0..key.len()) else { return };
    let may_be_left_out = archive.provenance().thin.is_some();
    let mut wrong = Offenders::new(Severity::Fault, CHECK, path, "names no mode of its realization");
    for (source, index) in sources.iter().zip(key) {
        let of_mode = usize::try_from(*source).ok().and_then(|row| modes.get(row));
        wrong.note(*index, of_mode != Some(index) && !(may_be_left_out && *source == -1));
    }
    report.findings.extend(wrong.finding());
}

fn check_completeness(archive: &Archive, indices: &[u64], failures: &[u64], report: &mut VerifyReport) {
    let planned = archive.provenance().realizations;
    // A damaged attribute may claim any number: nothing here grows with it.
    let present: BTreeSet<u64> = indices.iter().chain(failures).copied().collect();
    report.missing = IndexRanges::below_without(planned, present);
    let mut beyond = Offenders::new(Severity::Fault, CHECK, schema::INDEX, "index beyond the campaign");
    indices.iter().for_each(|index| beyond.note(*index, *index >= planned));
    report.findings.extend(beyond.finding());
}

/// Chains ascend with the realizations taken from them, each of at least one.
fn check_chains(archive: &Archive, indices: &[u64], report: &mut VerifyReport) {
    if !report.can_read(&[schema::CHAIN]) {
        return;
    }
    let Ok(Values::U64(chains)) = archive.values(schema::CHAIN, 0..indices.len()) else { return };
    let mut wrong =
        Offenders::new(Severity::Fault, CHECK, schema::CHAIN, "of no chain that this realization can be of");
    for (row, (&chain, &index)) in chains.iter().zip(indices).enumerate() {
        wrong.note(index, chain > index || row > 0 && chain < chains[row - 1]);
    }
    report.findings.extend(wrong.finding());
}

/// `/modes/snapshot` numbers the rows of `/snapshots` one by one, and these name the same modes.
fn check_snapshots(archive: &Archive, report: &mut VerifyReport) {
    let paths = [MODE_REALIZATION, "/modes/mode", MODE_SNAPSHOT, SNAPSHOT_REALIZATION, SNAPSHOT_MODE];
    if !report.can_read(&paths) {
        return;
    }
    let (Ok(modes), Ok(snapshots)) = (archive.key(Table::Modes), archive.key(Table::Snapshots)) else { return };
    let read = |path, rows| archive.values(path, 0..rows);
    let (Ok(Values::U32(positions)), Ok(Values::I64(rows)), Ok(Values::U32(snapshot_positions))) =
        (read("/modes/mode", modes.len()), read(MODE_SNAPSHOT, modes.len()), read(SNAPSHOT_MODE, snapshots.len()))
    else {
        return;
    };
    let mut wrong = Offenders::new(Severity::Fault, CHECK, MODE_SNAPSHOT, "points to the row of another mode");
    let mut expected = 0;
    for (mode, &row) in rows.iter().enumerate().filter(|(_, row)| **row != -1) {
        let belongs = row == expected as i64
            && snapshots.get(expected) == Some(&modes[mode])
            && snapshot_positions.get(expected) == Some(&positions[mode]);
        wrong.note(modes[mode], !belongs);
        expected += 1;
    }
    report.findings.extend(wrong.finding());
    if expected != snapshots.len() {
        let message = format!("{} rows, but {expected} modes have one", snapshots.len());
        report.fault(CHECK, SNAPSHOT_REALIZATION, message);
    }
}
