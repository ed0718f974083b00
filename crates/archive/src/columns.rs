//! Rows of all tables in memory, column by column: what is written to and read from a file at once.

use crate::group::GroupCode;
use crate::kind::KindCode;
use crate::schema::{self, Axis, Dataset, Element, Reference, SCHEMA, Table};
use glass::space::Dimension;
use modes::Group;
use modes::nonlinear::Kind;
use std::ops::Range;

/// Numbers of one dataset, rows one after the other.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    F64(Vec<f64>),
    U64(Vec<u64>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    I8(Vec<i8>),
    Group(Vec<GroupCode>),
    Kind(Vec<KindCode>),
    Text(Vec<String>),
}

impl Values {
    pub(crate) fn empty(element: Element) -> Values {
        match element {
            Element::F64 => Values::F64(Vec::new()),
            Element::U64 => Values::U64(Vec::new()),
            Element::U32 => Values::U32(Vec::new()),
            Element::I64 => Values::I64(Vec::new()),
            Element::I8 => Values::I8(Vec::new()),
            Element::Group => Values::Group(Vec::new()),
            Element::Kind => Values::Kind(Vec::new()),
            Element::Name | Element::Text => Values::Text(Vec::new()),
        }
    }

    /// What stands for `count` numbers that were not computed.
    pub(crate) fn blank(element: Element, count: usize) -> Values {
        match element {
            Element::F64 => Values::F64(vec![f64::NAN; count]),
            Element::U64 => Values::U64(vec![0; count]),
            Element::U32 => Values::U32(vec![0; count]),
            Element::I64 => Values::I64(vec![-1; count]),
            Element::I8 => Values::I8(vec![0; count]),
            Element::Group => Values::Group(vec![GroupCode::of(Group::default()); count]),
            Element::Kind => Values::Kind(vec![KindCode::of(Kind::default()); count]),
            Element::Name | Element::Text => Values::Text(vec![String::new(); count]),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Values::F64(values) => values.len(),
            Values::U64(values) => values.len(),
            Values::U32(values) => values.len(),
            Values::I64(values) => values.len(),
            Values::I8(values) => values.len(),
            Values::Group(values) => values.len(),
            Values::Kind(values) => values.len(),
            Values::Text(values) => values.len(),
        }
    }

    fn clear(&mut self) {
        match self {
            Values::F64(values) => values.clear(),
            Values::U64(values) => values.clear(),
            Values::U32(values) => values.clear(),
            Values::I64(values) => values.clear(),
            Values::I8(values) => values.clear(),
            Values::Group(values) => values.clear(),
            Values::Kind(values) => values.clear(),
            Values::Text(values) => values.clear(),
        }
    }

    /// Appends `rows` of `other`, whose rows have `from` numbers, as rows of `to` ≥ `from` numbers.
    pub(crate) fn append(&mut self, other: &Values, rows: Range<usize>, from: usize, to: usize) {
        match (self, other) {
            (Values::F64(here), Values::F64(there)) => append_padded(here, there, rows, from, to, f64::NAN),
            (Values::U64(here), Values::U64(there)) => append_padded(here, there, rows, from, to, 0),
            (Values::U32(here), Values::U32(there)) => append_padded(here, there, rows, from, to, 0),
            (Values::I64(here), Values::I64(there)) => append_padded(here, there, rows, from, to, 0),
            (Values::I8(here), Values::I8(there)) => here.extend_from_slice(&there[rows]),
            (Values::Group(here), Values::Group(there)) => here.extend_from_slice(&there[rows]),
            (Values::Kind(here), Values::Kind(there)) => here.extend_from_slice(&there[rows]),
            (Values::Text(here), Values::Text(there)) => here.extend_from_slice(&there[rows]),
            _ => unreachable!("columns of one dataset have one type"),
        }
    }

    /// The number at `position` in words.
    pub(crate) fn show(&self, position: usize) -> String {
        match self {
            Values::F64(values) => format!("{:?}", values[position]),
            Values::U64(values) => values[position].to_string(),
            Values::U32(values) => values[position].to_string(),
            Values::I64(values) => values[position].to_string(),
            Values::I8(values) => values[position].to_string(),
            Values::Group(values) => values[position].to_string(),
            Values::Kind(values) => values[position].to_string(),
            Values::Text(values) => format!("{:?}", values[position]),
        }
    }

    /// First position at which the bits differ; NaN equals NaN. A missing number differs.
    pub(crate) fn first_difference(&self, other: &Values) -> Option<usize> {
        fn first<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> Option<usize> {
            let differing = a.iter().zip(b).position(|(a, b)| !same(a, b));
            differing.or_else(|| (a.len() != b.len()).then_some(a.len().min(b.len())))
        }
        match (self, other) {
            (Values::F64(a), Values::F64(b)) => {
                first(a, b, |a, b| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
            }
            (Values::U64(a), Values::U64(b)) => first(a, b, PartialEq::eq),
            (Values::U32(a), Values::U32(b)) => first(a, b, PartialEq::eq),
            (Values::I64(a), Values::I64(b)) => first(a, b, PartialEq::eq),
            (Values::I8(a), Values::I8(b)) => first(a, b, PartialEq::eq),
            (Values::Group(a), Values::Group(b)) => first(a, b, PartialEq::eq),
            (Values::Kind(a), Values::Kind(b)) => first(a, b, PartialEq::eq),
            (Values::Text(a), Values::Text(b)) => first(a, b, PartialEq::eq),
            _ => Some(0),
        }
    }
}

fn append_padded<T: Copy>(here: &mut Vec<T>, there: &[T], rows: Range<usize>, from: usize, to: usize, padding: T) {
    if from == to {
        here.extend_from_slice(&there[rows.start * from..rows.end * from]);
        return;
    }
    for row in rows {
        here.extend_from_slice(&there[row * from..(row + 1) * from]);
        here.resize(here.len() + to - from, padding);
    }
}

/// Quantities of a summed series: energy, C_σ, configurational temperature, change of the energy still to come.
pub(crate) const QUANTITIES: usize = 4;

/// Lengths of the axes within rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AxisLengths {
    pub(crate) dimension: Dimension,
    pub(crate) spectrum: usize,
    pub(crate) shifts: usize,
    pub(crate) samples: usize,
    pub(crate) particles: usize,
    pub(crate) nonlinear_particles: usize,
    pub(crate) points: usize,
}

impl AxisLengths {
    pub(crate) fn of(&self, axis: Axis) -> usize {
        match axis {
            Axis::Spectrum => self.spectrum,
            Axis::Shifts => self.shifts,
            Axis::Samples => self.samples,
            Axis::Particles => self.particles,
            Axis::NonlinearParticles => self.nonlinear_particles,
            Axis::Points => self.points,
            Axis::Space => self.dimension.axes(),
            Axis::Quantities => QUANTITIES,
        }
    }

    pub(crate) fn set(&mut self, axis: Axis, length: usize) {
        match axis {
            Axis::Spectrum => self.spectrum = length,
            Axis::Shifts => self.shifts = length,
            Axis::Samples => self.samples = length,
            Axis::Particles => self.particles = length,
            Axis::NonlinearParticles => self.nonlinear_particles = length,
            Axis::Points => self.points = length,
            // Of others an archive is refused.
            Axis::Space => self.dimension = Dimension::of(length).unwrap_or(self.dimension),
            Axis::Quantities => {}
        }
    }

    /// Long enough for the rows of both.
    pub(crate) fn union(self, other: AxisLengths) -> AxisLengths {
        AxisLengths {
            dimension: if other.dimension == Dimension::default() { self.dimension } else { other.dimension },
            spectrum: self.spectrum.max(other.spectrum),
            shifts: self.shifts.max(other.shifts),
            samples: self.samples.max(other.samples),
            particles: self.particles.max(other.particles),
            nonlinear_particles: self.nonlinear_particles.max(other.nonlinear_particles),
            points: self.points.max(other.points),
        }
    }

    /// Numbers in one row of a dataset.
    pub(crate) fn width(&self, dataset: &Dataset) -> usize {
        dataset.inner.iter().map(|axis| self.of(*axis)).product()
    }

    /// Shape of a dataset with so many rows.
    pub(crate) fn shape(&self, dataset: &Dataset, rows: usize) -> Vec<usize> {
        let mut shape = vec![rows];
        shape.extend(dataset.inner.iter().map(|axis| self.of(*axis)));
        shape
    }
}

/// Numbers of rows of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rows {
    counts: [usize; Table::ALL.len()],
}

impl Rows {
    pub(crate) fn of(&self, table: Table) -> usize {
        self.counts[table as usize]
    }

    pub(crate) fn add(&mut self, table: Table, rows: usize) {
        self.counts[table as usize] += rows;
    }
}

/// Rows of every table, one column for each dataset of the schema.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) lengths: AxisLengths,
    /// As [`SCHEMA`].
    values: Vec<Values>,
}

impl Columns {
    pub(crate) fn empty(lengths: AxisLengths) -> Columns {
        Columns { lengths, values: SCHEMA.iter().map(|dataset| Values::empty(dataset.element)).collect() }
    }

    /// Forgets all rows, and keeps their memory for others.
    pub(crate) fn clear(&mut self) {
        self.values.iter_mut().for_each(Values::clear);
    }

    /// Bytes of all rows on disk.
    pub(crate) fn bytes(&self) -> usize {
        self.iter().map(|(dataset, values)| values.len() * dataset.element.bytes()).sum()
    }

    /// The column of a dataset of the schema.
    pub(crate) fn get(&self, path: &str) -> &Values {
        &self.values[schema::position(path).expect("a path of the schema")]
    }

    pub(crate) fn get_mut(&mut self, path: &str) -> &mut Values {
        &mut self.values[schema::position(path).expect("a path of the schema")]
    }

    /// All columns beside their datasets.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Dataset, &Values)> {
        SCHEMA.iter().zip(&self.values)
    }

    pub(crate) fn f64s(&self, path: &str) -> &[f64] {
        match self.get(path) {
            Values::F64(values) => values,
            _ => unreachable!("{path} holds f64"),
        }
    }

    pub(crate) fn f64s_mut(&mut self, path: &str) -> &mut Vec<f64> {
        match self.get_mut(path) {
            Values::F64(values) => values,
            _ => unreachable!("{path} holds f64"),
        }
    }

    pub(crate) fn u64s(&self, path: &str) -> &[u64] {
        match self.get(path) {
            Values::U64(values) => values,
            _ => unreachable!("{path} holds u64"),
        }
    }

    pub(crate) fn u64s_mut(&mut self, path: &str) -> &mut Vec<u64> {
        match self.get_mut(path) {
            Values::U64(values) => values,
            _ => unreachable!("{path} holds u64"),
        }
    }

    /// Row `row` of a dataset of floats.
    pub(crate) fn f64_row(&self, path: &str, row: usize) -> &[f64] {
        let width = self.width(path);
        &self.f64s(path)[row * width..(row + 1) * width]
    }

    /// Row `row` of a dataset of counts.
    pub(crate) fn u64_row(&self, path: &str, row: usize) -> &[u64] {
        let width = self.width(path);
        &self.u64s(path)[row * width..(row + 1) * width]
    }

    /// Numbers in a row of a dataset.
    pub(crate) fn width(&self, path: &str) -> usize {
        self.lengths.width(&SCHEMA[schema::position(path).expect("a path of the schema")])
    }

    /// Number of rows of a table.
    pub(crate) fn rows(&self, table: Table) -> usize {
        self.u64s(table.key()).len()
    }

    /// Numbers of rows of all tables.
    pub(crate) fn table_rows(&self) -> Rows {
        let mut rows = Rows::default();
        for table in Table::ALL {
            rows.add(table, self.rows(table));
        }
        rows
    }

    /// Rows of a table that belong to realization `index`.
    pub(crate) fn rows_of(&self, table: Table, index: u64) -> Range<usize> {
        range_of(self.u64s(table.key()), index)
    }

    /// Appends all that `other` holds of realization `index`. The axes here are at least as long.
    pub(crate) fn append_realization(&mut self, other: &Columns, index: u64) {
        let before = self.table_rows();
        let lengths = self.lengths;
        for table in Table::ALL.into_iter().filter(|table| table.is_by_realization()) {
            let rows = other.rows_of(table, index);
            for (here, (dataset, there)) in self.values.iter_mut().zip(other.iter()) {
                if dataset.table == table {
                    here.append(there, rows.clone(), other.lengths.width(dataset), lengths.width(dataset));
                }
            }
        }
        for reference in &schema::REFERENCES {
            let there = other.rows_of(reference.to, index).start as i64;
            self.shift(reference, before.of(reference.from), before.of(reference.to) as i64 - there);
        }
    }

    /// Adds `offset` to the rows that a dataset refers to, from its row `first` on, where it refers to any.
    pub(crate) fn shift(&mut self, reference: &Reference, first: usize, offset: i64) {
        if let Values::I64(rows) = self.get_mut(reference.path) {
            rows[first..].iter_mut().filter(|row| **row >= 0).for_each(|row| *row += offset);
        }
    }
}

/// Where an ascending key equals `index`.
pub(crate) fn range_of(keys: &[u64], index: u64) -> Range<usize> {
    let start = keys.partition_point(|&key| key < index);
    start..start + keys[start..].partition_point(|&key| key == index)
}
