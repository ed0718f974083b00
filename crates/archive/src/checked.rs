//! Records that rows can hold, in the order of their rows.

use crate::columns::{AxisLengths, Rows};
use crate::error::{ArchiveError, RecordProblem};
use crate::record::Record;
use crate::schema::Table;

/// Records of different realizations, ascending, each consistent in itself and of one number of particles.
pub(crate) struct CheckedRecords<'a> {
    sorted: Vec<&'a Record>,
    lengths: AxisLengths,
}

impl<'a> CheckedRecords<'a> {
    /// Checks `records`, which come in any order.
    ///
    /// # Errors
    /// [`ArchiveError::Record`] names a record that rows cannot hold.
    pub(crate) fn new(records: &'a [Record]) -> Result<CheckedRecords<'a>, ArchiveError> {
        let mut sorted: Vec<&Record> = records.iter().collect();
        sorted.sort_by_key(|record| record.index);
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].index == pair[1].index) {
            return Err(ArchiveError::Record { index: pair[0].index, problem: RecordProblem::Duplicate });
        }
        let mut lengths = AxisLengths::default();
        for record in &sorted {
            let of_record = check(record).and_then(|of_record| same_particles(lengths, of_record));
            let of_record = of_record.map_err(|problem| ArchiveError::Record { index: record.index, problem })?;
            lengths = lengths.union(of_record);
        }
        Ok(CheckedRecords { sorted, lengths })
    }

    /// The records, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a Record> {
        self.sorted.iter().copied()
    }

    /// Lengths of axes that hold every record.
    pub(crate) fn lengths(&self) -> AxisLengths {
        self.lengths
    }

    /// Numbers of rows that the records make.
    pub(crate) fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for record in self.iter() {
            rows.add(Table::Realizations, 1);
            rows.add(Table::Modes, record.modes.len());
            rows.add(Table::Snapshots, record.modes.iter().filter(|mode| mode.vector.is_some()).count());
            rows.add(Table::Frames, usize::from(record.frame.is_some()));
            rows.add(Table::Nonlinear, record.nonlinear.len());
            rows.add(Table::Transitions, record.transitions.len());
        }
        rows
    }
}

/// Lengths of the axes of one record, if rows can hold it.
fn check(record: &Record) -> Result<AxisLengths, RecordProblem> {
    let Record { thermalize: series, spectrum, .. } = record;
    let axes = record.dimension.axes();
    equal("sweeps", series.sweeps.len(), "energy", series.energy.len())?;
    equal("sweeps", series.sweeps.len(), "diameter correlation", series.diameter_correlation.len())?;
    equal("sweeps", series.sweeps.len(), "configurational temperature", series.configurational_temperature.len())?;
    equal("eigenvalues", spectrum.eigenvalues.len(), "participation", spectrum.participation.len())?;
    equal("staircase shifts", spectrum.staircase_omega.len(), "staircase counts", spectrum.staircase_count.len())?;
    all_numbers("eigenvalue", &spectrum.eigenvalues)?;
    all_numbers("staircase shift", &spectrum.staircase_omega)?;
    let mut lengths = AxisLengths {
        spectrum: spectrum.eigenvalues.len(),
        shifts: spectrum.staircase_omega.len(),
        samples: series.sweeps.len(),
        dimension: record.dimension,
        particles: 0,
        nonlinear_particles: 0,
        points: 0,
    };
    if let Some(frame) = &record.frame {
        equal("positions", frame.positions.len() / axes, "diameters", frame.diameters.len())?;
        lengths.particles = frame.diameters.len();
    }
    for mode in &record.modes {
        equal("profile displacements", mode.profile_s.len(), "profile energies", mode.profile_energy.len())?;
        all_numbers("profile displacement", &mode.profile_s)?;
        match &mode.vector {
            None if !mode.profile_s.is_empty() => {
                return Err(RecordProblem::ProfileWithoutVector { mode: mode.index });
            }
            None => {}
            Some(vector) => {
                let of_mode = AxisLengths { particles: vector.len() / axes, points: mode.profile_s.len(), ..lengths };
                lengths = lengths.union(same_particles(lengths, of_mode)?);
            }
        }
    }
    for vector in record.nonlinear.iter().filter_map(|search| search.mode.vector.as_ref()) {
        let particles = vector.len() / axes;
        let of_search = AxisLengths { particles, nonlinear_particles: particles, ..lengths };
        lengths = lengths.union(same_particles(lengths, of_search)?);
    }
    let sources = record.nonlinear.iter().map(|search| search.source);
    let sources = sources.chain(record.transitions.iter().map(|transition| transition.source));
    if let Some(source) = sources.max().filter(|source| *source >= record.modes.len()) {
        return Err(RecordProblem::NoSuchMode { source_mode: source, modes: record.modes.len() });
    }
    Ok(lengths)
}

fn equal(
    first: &'static str,
    first_count: usize,
    second: &'static str,
    second_count: usize,
) -> Result<(), RecordProblem> {
    if first_count == second_count {
        return Ok(());
    }
    Err(RecordProblem::Lengths { first, first_count, second, second_count })
}

fn all_numbers(what: &'static str, values: &[f64]) -> Result<(), RecordProblem> {
    match values.iter().position(|value| value.is_nan()) {
        None => Ok(()),
        Some(position) => Err(RecordProblem::NotANumber { what, position }),
    }
}

/// `second`, if its number of particles is that of `first` or one of them has none.
fn same_particles(first: AxisLengths, second: AxisLengths) -> Result<AxisLengths, RecordProblem> {
    if first.particles == 0 || second.particles == 0 || first.particles == second.particles {
        return Ok(second);
    }
    Err(RecordProblem::Particles { found: second.particles, expected: first.particles })
}
