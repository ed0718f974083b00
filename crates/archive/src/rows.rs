//! Records become rows of columns, and rows become records again, bit by bit.

use crate::checked::CheckedRecords;
use crate::columns::{Columns, Values};
use crate::error::ArchiveError;
use crate::group::GroupCode;
use crate::kind::KindCode;
use crate::record::{Particles, Record, SpectrumSummary};
use crate::scalars::{AnyScalar, Scalars};
use crate::schema::{self, Table};
use crate::tables::{FailureRow, OF_MODE, OF_NONLINEAR, OF_REALIZATION, OF_TRANSITION};
use glass::thermalize::ThermalizeEvidence;
use modes::nonlinear::NonlinearMode;
use modes::wells::Transition;
use modes::{Group, Mode};

/// Columns of `records` (in any order) and `failures`.
///
/// # Errors
/// [`ArchiveError::Record`] names a record that rows cannot hold.
pub(crate) fn to_columns(records: &[Record], failures: &[FailureRow]) -> Result<Columns, ArchiveError> {
    let records = CheckedRecords::new(records)?;
    let mut columns = Columns::empty(records.lengths());
    for record in records.iter() {
        push_record(&mut columns, record);
    }
    let mut failures: Vec<&FailureRow> = failures.iter().collect();
    failures.sort_by_key(|failure| failure.index);
    for failure in failures {
        columns.u64s_mut(schema::FAILURE_INDEX).push(failure.index);
        u32s_mut(&mut columns, schema::FAILURE_ATTEMPTS).push(failure.attempts);
        if let Values::Text(reasons) = columns.get_mut(schema::FAILURE_REASON) {
            reasons.push(failure.reason.clone());
        }
    }
    Ok(columns)
}

/// Hands out the rows of `records` in blocks of about so many bytes, each in the memory of `block`.
pub(crate) fn in_blocks(
    records: &CheckedRecords,
    bytes: usize,
    block: &mut Columns,
    mut take: impl FnMut(&Columns) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    block.clear();
    block.lengths = records.lengths();
    for record in records.iter() {
        push_record(block, record);
        if block.bytes() >= bytes {
            take(block)?;
            block.clear();
        }
    }
    take(block)
}

/// Appends the rows of one record, whose axes are no longer than those of the columns.
fn push_record(columns: &mut Columns, record: &Record) {
    push_scalars(columns, &OF_REALIZATION, || std::iter::once(record));
    let first_mode = columns.rows(Table::Modes);
    push_scalars(columns, &OF_MODE, || record.modes.iter());
    push_series(columns, &record.thermalize);
    push_spectrum(columns, &record.spectrum);
    push_modes(columns, record);
    push_nonlinear(columns, record, first_mode);
    push_transitions(columns, record, first_mode);
    if let Some(frame) = &record.frame {
        push_frame(columns, record.index, frame);
    }
}

/// The record in realization row `row`.
pub(crate) fn to_record(columns: &Columns, row: usize) -> Record {
    let mut record = OF_REALIZATION.blank();
    fill_scalars(columns, &OF_REALIZATION, row, &mut record);
    record.dimension = columns.lengths.dimension;
    take_series(columns, row, &mut record.thermalize);
    take_spectrum(columns, row, &mut record.spectrum);
    record.modes = columns.rows_of(Table::Modes, record.index).map(|mode| take_mode(columns, mode)).collect();
    record.nonlinear = take_nonlinear(columns, &record);
    record.transitions = take_transitions(columns, &record);
    record.frame = columns.rows_of(Table::Frames, record.index).next().map(|frame| take_frame(columns, frame));
    record
}

/// The failures of `columns`.
pub(crate) fn to_failures(columns: &Columns) -> Vec<FailureRow> {
    let (Values::U32(attempts), Values::Text(reasons)) =
        (columns.get(schema::FAILURE_ATTEMPTS), columns.get(schema::FAILURE_REASON))
    else {
        unreachable!("types of the schema")
    };
    let indices = columns.u64s(schema::FAILURE_INDEX);
    (0..indices.len())
        .map(|row| FailureRow { index: indices[row], attempts: attempts[row], reason: reasons[row].clone() })
        .collect()
}

fn push_scalars<'a, Row: 'a, Table, Rows: Iterator<Item = &'a Row>>(
    columns: &mut Columns,
    scalars: &'static Scalars<Row, Table>,
    rows: impl Fn() -> Rows,
) {
    for (dataset, way) in scalars.iter() {
        match (way, columns.get_mut(dataset.path)) {
            (AnyScalar::F64(scalar), Values::F64(column)) => column.extend(rows().map(scalar.get)),
            (AnyScalar::U64(scalar), Values::U64(column)) => column.extend(rows().map(scalar.get)),
            (AnyScalar::U32(scalar), Values::U32(column)) => column.extend(rows().map(scalar.get)),
            (AnyScalar::Name(scalar), Values::Text(column)) => column.extend(rows().map(scalar.get)),
            _ => unreachable!("types of the schema"),
        }
    }
}

fn fill_scalars<Row, Table>(columns: &Columns, scalars: &'static Scalars<Row, Table>, row: usize, into: &mut Row) {
    for (dataset, way) in scalars.iter() {
        match (way, columns.get(dataset.path)) {
            (AnyScalar::F64(scalar), Values::F64(column)) => (scalar.set)(into, column[row]),
            (AnyScalar::U64(scalar), Values::U64(column)) => (scalar.set)(into, column[row]),
            (AnyScalar::U32(scalar), Values::U32(column)) => (scalar.set)(into, column[row]),
            (AnyScalar::Name(scalar), Values::Text(column)) => (scalar.set)(into, column[row].clone()),
            _ => unreachable!("types of the schema"),
        }
    }
}

fn push_series(columns: &mut Columns, series: &ThermalizeEvidence) {
    // Sweep counts are far below 2⁵³, so a float holds them exactly, and NaN can pad.
    push_padded(columns, schema::SERIES_SWEEPS, series.sweeps.iter().map(|&sweeps| sweeps as f64));
    push_padded(columns, schema::SERIES_ENERGY, series.energy.iter().copied());
    push_padded(columns, schema::SERIES_CORRELATION, series.diameter_correlation.iter().copied());
    push_padded(columns, schema::SERIES_TEMPERATURE, series.configurational_temperature.iter().copied());
}

pub(crate) fn take_series(columns: &Columns, row: usize, series: &mut ThermalizeEvidence) {
    let sweeps = without_padding(columns.f64_row(schema::SERIES_SWEEPS, row));
    let take = |path| columns.f64_row(path, row)[..sweeps.len()].to_vec();
    series.sweeps = sweeps.iter().map(|&sweeps| sweeps as u64).collect();
    series.energy = take(schema::SERIES_ENERGY);
    series.diameter_correlation = take(schema::SERIES_CORRELATION);
    series.configurational_temperature = take(schema::SERIES_TEMPERATURE);
}

fn push_spectrum(columns: &mut Columns, spectrum: &SpectrumSummary) {
    push_padded(columns, schema::EIGENVALUES, spectrum.eigenvalues.iter().copied());
    push_padded(columns, schema::PARTICIPATION, spectrum.participation.iter().copied());
    push_padded(columns, schema::STAIRCASE_OMEGA, spectrum.staircase_omega.iter().copied());
    let shifts = columns.lengths.shifts;
    let counts = columns.u64s_mut(schema::STAIRCASE_COUNT);
    counts.extend(&spectrum.staircase_count);
    counts.resize(counts.len() + shifts - spectrum.staircase_count.len(), 0);
}

fn take_spectrum(columns: &Columns, row: usize, spectrum: &mut SpectrumSummary) {
    let eigenvalues = without_padding(columns.f64_row(schema::EIGENVALUES, row));
    spectrum.eigenvalues = eigenvalues.to_vec();
    spectrum.participation = columns.f64_row(schema::PARTICIPATION, row)[..eigenvalues.len()].to_vec();
    let shifts = without_padding(columns.f64_row(schema::STAIRCASE_OMEGA, row));
    spectrum.staircase_omega = shifts.to_vec();
    spectrum.staircase_count = columns.u64_row(schema::STAIRCASE_COUNT, row)[..shifts.len()].to_vec();
}

fn push_modes(columns: &mut Columns, record: &Record) {
    for mode in &record.modes {
        let snapshot = if mode.vector.is_some() { columns.rows(Table::Snapshots) as i64 } else { -1 };
        columns.u64s_mut(schema::MODE_REALIZATION).push(record.index);
        if let Values::Group(groups) = columns.get_mut(schema::MODE_GROUP) {
            groups.push(GroupCode::of(mode.group));
        }
        if let Values::I64(snapshots) = columns.get_mut(schema::MODE_SNAPSHOT) {
            snapshots.push(snapshot);
        }
        if let Some(vector) = &mode.vector {
            columns.u64s_mut(schema::SNAPSHOT_REALIZATION).push(record.index);
            u32s_mut(columns, schema::SNAPSHOT_MODE).push(mode.index);
            columns.f64s_mut(schema::SNAPSHOT_VECTOR).extend(vector);
            push_padded(columns, schema::PROFILE_S, mode.profile_s.iter().copied());
            push_padded(columns, schema::PROFILE_ENERGY, mode.profile_energy.iter().copied());
        }
    }
}

fn take_mode(columns: &Columns, row: usize) -> Mode {
    let mut mode = OF_MODE.blank();
    fill_scalars(columns, &OF_MODE, row, &mut mode);
    let (Values::Group(groups), Values::I64(snapshots)) =
        (columns.get(schema::MODE_GROUP), columns.get(schema::MODE_SNAPSHOT))
    else {
        unreachable!("types of the schema")
    };
    // The reader has refused codes that stand for no group.
    mode.group = groups[row].group().unwrap_or(Group::Unbounded);
    if let Ok(snapshot) = usize::try_from(snapshots[row]) {
        mode.vector = Some(columns.f64_row(schema::SNAPSHOT_VECTOR, snapshot).to_vec());
        (mode.profile_s, mode.profile_energy) = take_profile(columns, snapshot);
    }
    mode
}

/// Rows of `/nonlinear` of a record whose modes begin at row `first_mode`.
fn push_nonlinear(columns: &mut Columns, record: &Record, first_mode: usize) {
    push_scalars(columns, &OF_NONLINEAR, || record.nonlinear.iter());
    for search in &record.nonlinear {
        columns.u64s_mut(schema::NONLINEAR_REALIZATION).push(record.index);
        if let Values::I64(sources) = columns.get_mut(schema::NONLINEAR_SOURCE) {
            sources.push((first_mode + search.source) as i64);
        }
        if let Values::Kind(kinds) = columns.get_mut(schema::NONLINEAR_KIND) {
            kinds.push(KindCode::of(search.kind));
        }
        if let Values::Group(groups) = columns.get_mut(schema::NONLINEAR_GROUP) {
            groups.push(GroupCode::of(search.mode.group));
        }
        push_padded(columns, schema::NONLINEAR_VECTOR, search.mode.vector.iter().flatten().copied());
    }
}

fn take_nonlinear(columns: &Columns, record: &Record) -> Vec<NonlinearMode> {
    let first_mode = columns.rows_of(Table::Modes, record.index).start;
    let (Values::I64(sources), Values::Kind(kinds), Values::Group(groups)) = (
        columns.get(schema::NONLINEAR_SOURCE),
        columns.get(schema::NONLINEAR_KIND),
        columns.get(schema::NONLINEAR_GROUP),
    ) else {
        unreachable!("types of the schema")
    };
    let take = |row: usize| {
        let mut search = OF_NONLINEAR.blank();
        fill_scalars(columns, &OF_NONLINEAR, row, &mut search);
        // The reader has refused codes that stand for nothing.
        search.kind = kinds[row].kind().unwrap_or_default();
        search.mode.group = groups[row].group().unwrap_or(Group::Unbounded);
        search.source = usize::try_from(sources[row]).map_or(0, |source| source.saturating_sub(first_mode));
        search.mode.vector = take_direction(columns, row);
        if search.is_converged()
            && let Some(mode) = record.modes.get(search.source)
        {
            search.mode.index = mode.index;
        }
        search
    };
    columns.rows_of(Table::Nonlinear, record.index).map(take).collect()
}

/// The vector of one nonlinear mode, if it is kept.
pub(crate) fn take_direction(columns: &Columns, row: usize) -> Option<Vec<f64>> {
    let vector = columns.f64_row(schema::NONLINEAR_VECTOR, row);
    vector.first().is_some_and(|component| !component.is_nan()).then(|| vector.to_vec())
}

/// As [`push_nonlinear`].
fn push_transitions(columns: &mut Columns, record: &Record, first_mode: usize) {
    push_scalars(columns, &OF_TRANSITION, || record.transitions.iter());
    for transition in &record.transitions {
        columns.u64s_mut(schema::TRANSITION_REALIZATION).push(record.index);
        if let Values::I64(sources) = columns.get_mut(schema::TRANSITION_SOURCE) {
            sources.push((first_mode + transition.source) as i64);
        }
        if let Values::I8(directions) = columns.get_mut(schema::TRANSITION_DIRECTION) {
            directions.push(transition.direction);
        }
    }
}

fn take_transitions(columns: &Columns, record: &Record) -> Vec<Transition> {
    let first_mode = columns.rows_of(Table::Modes, record.index).start;
    let (Values::I64(sources), Values::I8(directions)) =
        (columns.get(schema::TRANSITION_SOURCE), columns.get(schema::TRANSITION_DIRECTION))
    else {
        unreachable!("types of the schema")
    };
    let take = |row: usize| {
        let mut transition = OF_TRANSITION.blank();
        fill_scalars(columns, &OF_TRANSITION, row, &mut transition);
        transition.source = usize::try_from(sources[row]).map_or(0, |source| source.saturating_sub(first_mode));
        transition.direction = directions[row];
        transition
    };
    columns.rows_of(Table::Transitions, record.index).map(take).collect()
}

/// Displacements and energies of one profile.
pub(crate) fn take_profile(columns: &Columns, row: usize) -> (Vec<f64>, Vec<f64>) {
    let displacements = without_padding(columns.f64_row(schema::PROFILE_S, row));
    let energies = &columns.f64_row(schema::PROFILE_ENERGY, row)[..displacements.len()];
    (displacements.to_vec(), energies.to_vec())
}

fn push_frame(columns: &mut Columns, index: u64, frame: &Particles) {
    columns.u64s_mut(schema::POSITION_STEP).push(index);
    columns.f64s_mut(schema::BOX_EDGES).extend(&frame.box_sides);
    columns.f64s_mut(schema::POSITIONS).extend(&frame.positions);
    columns.f64s_mut(schema::DIAMETERS).extend(&frame.diameters);
}

/// The glass in frame row `row`.
pub(crate) fn take_frame(columns: &Columns, row: usize) -> Particles {
    Particles {
        box_sides: columns.f64_row(schema::BOX_EDGES, row).to_vec(),
        positions: columns.f64_row(schema::POSITIONS, row).to_vec(),
        diameters: columns.f64_row(schema::DIAMETERS, row).to_vec(),
    }
}

fn push_padded(columns: &mut Columns, path: &str, values: impl Iterator<Item = f64>) {
    let width = columns.width(path);
    let column = columns.f64s_mut(path);
    let end = column.len() + width;
    column.extend(values);
    column.resize(end, f64::NAN);
}

/// A row up to the first NaN.
pub(crate) fn without_padding(row: &[f64]) -> &[f64] {
    &row[..row.iter().position(|value| value.is_nan()).unwrap_or(row.len())]
}

fn u32s_mut<'a>(columns: &'a mut Columns, path: &str) -> &'a mut Vec<u32> {
    match columns.get_mut(path) {
        Values::U32(values) => values,
        _ => unreachable!("{path} holds u32"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::SyntheticCampaign;

    #[test]
    fn blocks_hold_the_rows_of_the_whole() {
        let records = SyntheticCampaign::tiny().records([7, 3, 0, 12, 5]);
        let whole = to_columns(&records, &[]).expect("consistent");
        let checked = CheckedRecords::new(&records).expect("consistent");
        assert_eq!(checked.rows(), whole.table_rows());
        // Rows of another length that the memory held before.
        let mut memory = to_columns(&SyntheticCampaign::dense(20).records([1, 2]), &[]).expect("consistent");
        for (bytes, blocks) in [(1, 6), (whole.bytes() / 2, 2), (usize::MAX, 1)] {
            let mut joined = Columns::empty(whole.lengths);
            let mut count = 0;
            in_blocks(&checked, bytes, &mut memory, |block| {
                count += 1;
                block.u64s(schema::INDEX).iter().for_each(|&index| joined.append_realization(block, index));
                Ok(())
            })
            .expect("nothing fails");
            assert_eq!(count, blocks);
            for ((dataset, values), (_, expected)) in joined.iter().zip(whole.iter()) {
                assert_eq!(values.first_difference(expected), None, "{} in blocks of {bytes}", dataset.path);
            }
        }
    }
}
