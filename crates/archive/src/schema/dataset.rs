//! What a dataset is: its rows, its axes, the type and the unit of its numbers.

/// What one row of a dataset belongs to. Rows of every table ascend in its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// One row a realization (R).
    Realizations,
    /// One row a described mode (Q).
    Modes,
    /// One row a kept mode vector (V), in the order of their modes.
    Snapshots,
    /// One row a kept glass (S).
    Frames,
    /// One row a quarantined realization (F).
    Failures,
    /// One row a step of the summed staircase (C), in thin archives.
    Staircase,
    /// One row a time of the summed series (E), in thin archives.
    Series,
    /// One row a nonlinear mode, or search for one that was given up (Z), where any were searched.
    Nonlinear,
    /// One row a way to an adjacent minimum, or search for one that failed (W), where wells were searched.
    Transitions,
}

impl Table {
    /// All tables, in the order of [`SCHEMA`](super::SCHEMA).
    pub const ALL: [Table; 9] = [
        Table::Realizations,
        Table::Modes,
        Table::Snapshots,
        Table::Frames,
        Table::Failures,
        Table::Staircase,
        Table::Series,
        Table::Nonlinear,
        Table::Transitions,
    ];

    /// Whether its rows belong to realizations, and its key says to which.
    pub fn is_by_realization(self) -> bool {
        !matches!(self, Table::Staircase | Table::Series)
    }

    /// Whether archives go without it when nothing of it was computed.
    pub(crate) const fn is_optional(self) -> bool {
        matches!(self, Table::Nonlinear | Table::Transitions)
    }

    /// The dataset that says which realization a row belongs to, or, if to none, how many rows there are.
    pub const fn key(self) -> &'static str {
        match self {
            Table::Realizations => "/realizations/index",
            Table::Modes => "/modes/realization",
            Table::Snapshots => "/snapshots/realization",
            Table::Frames => "/particles/glass/position/step",
            Table::Failures => "/failures/index",
            Table::Staircase => "/spectrum/staircase_sum",
            Table::Series => "/realizations/series_sum_sweeps",
            Table::Nonlinear => "/nonlinear/realization",
            Table::Transitions => "/transitions/realization",
        }
    }

    /// Symbol of its number of rows in the documentation.
    pub fn symbol(self) -> &'static str {
        match self {
            Table::Realizations => "R",
            Table::Modes => "Q",
            Table::Snapshots => "V",
            Table::Frames => "S",
            Table::Failures => "F",
            Table::Staircase => "C",
            Table::Series => "E",
            Table::Nonlinear => "Z",
            Table::Transitions => "W",
        }
    }

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Table::Realizations => "realizations",
            Table::Modes => "modes",
            Table::Snapshots => "snapshots",
            Table::Frames => "frames",
            Table::Failures => "failures",
            Table::Staircase => "steps of the staircase",
            Table::Series => "times of the series",
            Table::Nonlinear => "nonlinear modes",
            Table::Transitions => "transitions",
        }
    }
}

/// An axis within a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// M: eigenvalues of the longest spectrum.
    Spectrum,
    /// T: shifts of the longest staircase.
    Shifts,
    /// K: samples of the longest thermalization series.
    Samples,
    /// N: particles, the same in all realizations of an archive.
    Particles,
    /// N′: N where vectors of nonlinear modes are kept, else 0.
    NonlinearParticles,
    /// P: points of the longest profile.
    Points,
    /// d: the dimension of space.
    Space,
    /// The four quantities of a summed series.
    Quantities,
}

impl Axis {
    /// Symbol in the documentation.
    pub fn symbol(self) -> &'static str {
        match self {
            Axis::Spectrum => "M",
            Axis::Shifts => "T",
            Axis::Samples => "K",
            Axis::Particles => "N",
            Axis::NonlinearParticles => "N′",
            Axis::Points => "P",
            Axis::Space => "d",
            Axis::Quantities => "4",
        }
    }
}

/// Bytes of a text in a dataset; longer ones are cut.
pub const TEXT_BYTES: usize = 1024;

/// Bytes of a name in a dataset.
pub const NAME_BYTES: usize = 16;

/// Type of the numbers of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// 64-bit float; NaN pads short rows.
    F64,
    /// 64-bit unsigned; 0 pads short rows.
    U64,
    /// 32-bit unsigned.
    U32,
    /// 64-bit signed.
    I64,
    /// 8-bit signed.
    I8,
    /// HDF5 enumeration on an unsigned byte: A, A-double, B, unbounded.
    Group,
    /// HDF5 enumeration on an unsigned byte: pseudo-harmonic, cubic, quartic.
    Kind,
    /// UTF-8 string of up to [`NAME_BYTES`] bytes, zero-padded.
    Name,
    /// UTF-8 string of up to [`TEXT_BYTES`] bytes, zero-padded.
    Text,
}

impl Element {
    /// Name in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Element::F64 => "f64",
            Element::U64 => "u64",
            Element::U32 => "u32",
            Element::I64 => "i64",
            Element::I8 => "i8",
            Element::Group | Element::Kind => "enum u8",
            Element::Name | Element::Text => "string",
        }
    }

    /// Bytes of one number, or one string.
    pub fn bytes(self) -> usize {
        match self {
            Element::F64 | Element::U64 | Element::I64 => 8,
            Element::U32 => 4,
            Element::I8 | Element::Group | Element::Kind => 1,
            Element::Name => NAME_BYTES,
            Element::Text => TEXT_BYTES,
        }
    }
}

/// One dataset of the archive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dataset {
    /// Absolute path in the file.
    pub path: &'static str,
    /// What a row is.
    pub table: Table,
    /// Axes after the rows.
    pub inner: &'static [Axis],
    /// Type.
    pub element: Element,
    /// Attribute `unit`; "1" for pure numbers.
    pub unit: &'static str,
    /// Attribute `description`.
    pub meaning: &'static str,
    /// Whether it depends on the course of the campaign (timings, attempts, machines), not on the seed alone.
    pub circumstance: bool,
    /// First format version that has it. Archives of earlier ones are read as if nothing of it had been
    /// computed: NaN, 0 or an empty name in every row, no rows in a table without its key.
    pub since: u32,
    /// Whether an archive may go without it: it is written when it has something to hold, and read like one
    /// that came later.
    pub optional: bool,
}

impl Dataset {
    /// A dataset of format version 1, with one number a row, that follows from the seed and that every
    /// archive has.
    pub(crate) const fn new(
        table: Table,
        path: &'static str,
        element: Element,
        unit: &'static str,
        meaning: &'static str,
    ) -> Dataset {
        let (inner, circumstance, since, optional) = (&[], false, 1, false);
        Dataset { path, table, inner, element, unit, meaning, circumstance, since, optional }
    }

    /// The same with these axes after its rows.
    pub(crate) const fn with_axes(self, inner: &'static [Axis]) -> Dataset {
        Dataset { inner, ..self }
    }

    /// The same, but from this format version on, and only where there is something to hold.
    pub(crate) const fn optional_since(self, since: u32) -> Dataset {
        Dataset { since, optional: true, ..self }
    }

    /// The same, but depending on the course of the campaign.
    pub(crate) const fn of_circumstance(self) -> Dataset {
        Dataset { circumstance: true, ..self }
    }

    /// Shape in symbols, as "R × M".
    pub fn shape(&self) -> String {
        let mut shape = self.table.symbol().to_owned();
        for axis in self.inner {
            shape.push_str(" × ");
            shape.push_str(axis.symbol());
        }
        shape
    }
}

/// Units.
pub(crate) mod unit {
    pub(crate) const NUMBER: &str = "1";
    pub(crate) const SECONDS: &str = "s";
    pub(crate) const SWEEPS: &str = "sweep";
    pub(crate) const LENGTH: &str = "length";
    pub(crate) const ENERGY: &str = "epsilon";
    pub(crate) const FORCE: &str = "epsilon/length";
    pub(crate) const STIFFNESS: &str = "epsilon/length^2";
    pub(crate) const CUBIC: &str = "epsilon/length^3";
    pub(crate) const QUARTIC: &str = "epsilon/length^4";
    pub(crate) const FREQUENCY: &str = "sqrt(epsilon/mass)/length";
}
