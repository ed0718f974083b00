//! Columns of one number a row: from one line of [`crate::tables`] the dataset, the field of the analysis
//! table, and the way between them and a record.

use crate::schema::dataset::Dataset;
use modes::InstructionClass;
use modes::wells::{Along, Outcome};

/// Columns of the rows of one kind, the datasets beside the ways to fill them.
pub(crate) struct Scalars<Row: 'static, Columns: 'static> {
    pub(crate) datasets: &'static [Dataset],
    pub(crate) ways: &'static [AnyScalar<Row, Columns>],
}

impl<Row, Columns> Scalars<Row, Columns> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Dataset, &'static AnyScalar<Row, Columns>)> {
        self.datasets.iter().zip(self.ways)
    }
}

/// How to take a number from a row, put it back, and where the table has it.
pub(crate) struct Scalar<Row, Columns, T> {
    pub(crate) get: fn(&Row) -> T,
    pub(crate) set: fn(&mut Row, T),
    pub(crate) column: fn(&mut Columns) -> &mut Vec<T>,
}

pub(crate) enum AnyScalar<Row, Columns> {
    F64(Scalar<Row, Columns, f64>),
    U64(Scalar<Row, Columns, u64>),
    U32(Scalar<Row, Columns, u32>),
    Name(Scalar<Row, Columns, String>),
}

impl<Row: Default, Columns> Scalars<Row, Columns> {
    /// A row of which nothing is known: floats are NaN.
    pub(crate) fn blank(&self) -> Row {
        let mut row = Row::default();
        for way in self.ways {
            if let AnyScalar::F64(scalar) = way {
                (scalar.set)(&mut row, f64::NAN);
            }
        }
        row
    }
}

/// What stands in an archive by its name.
pub(crate) trait Named {
    fn name(&self) -> &'static str;
    /// What has this name; the default for a name of a damaged file.
    fn of_name(name: &str) -> Self;
}

impl Named for InstructionClass {
    fn name(&self) -> &'static str {
        InstructionClass::name(*self)
    }

    fn of_name(name: &str) -> Self {
        InstructionClass::of_name(name)
    }
}

impl Named for Along {
    fn name(&self) -> &'static str {
        Along::name(*self)
    }

    fn of_name(name: &str) -> Self {
        Along::ALL.into_iter().find(|along| along.name() == name).unwrap_or_default()
    }
}

impl Named for Outcome {
    fn name(&self) -> &'static str {
        Outcome::name(*self)
    }

    fn of_name(name: &str) -> Self {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name).unwrap_or_default()
    }
}

/// One column of an analysis table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Column<'a> {
    /// Floats; NaN where nothing was computed.
    F64(&'a [f64]),
    /// Counts and indices.
    U64(&'a [u64]),
    /// Small counts.
    U32(&'a [u32]),
    /// Names; empty where nothing was recorded.
    Name(&'a [String]),
}

impl Column<'_> {
    /// The cell of a row as text; empty for what was not computed, which is what readers of tables take for it.
    pub fn cell(&self, row: usize) -> String {
        match self {
            Column::F64(values) if values[row].is_nan() => String::new(),
            Column::F64(values) => values[row].to_string(),
            Column::U64(values) => values[row].to_string(),
            Column::U32(values) => values[row].to_string(),
            Column::Name(values) => values[row].clone(),
        }
    }
}

/// Declares an analysis table: what is filled by hand, and then one line a scalar,
///
/// ```text
/// column: TYPE [unit], way(field of the row), "/path/of/dataset" since VERSION, "meaning";
/// ```
///
/// where the way is `field`, `last` (of a series, which the series itself restores) or `name`; a line ends in
/// `, circumstance` if the number depends on the course of the campaign.
macro_rules! analysis_table {
    (
        $(#[$doc:meta])*
        $table:ident, $list:ident: $kind:ident of $row:ty;
        by hand { $($(#[$hand_doc:meta])* $hand:ident: $hand_type:ty,)* }
        $(
            $column:ident: $element:ident [$unit:ident], $way:ident($($field:ident).+),
            $path:literal since $since:literal, $meaning:literal $(, $circumstance:ident)?;
        )*
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $table {
            $($(#[$hand_doc])* pub $hand: $hand_type,)*
            $(#[doc = concat!("`", $path, "`: ", $meaning, ".")] pub $column: Vec<$crate::scalars::number!($element)>,)*
        }

        impl $table {
            /// Its scalar columns with their names, in the order of the archive.
            pub fn columns(&self) -> Vec<(&'static str, $crate::scalars::Column<'_>)> {
                vec![$((stringify!($column), $crate::scalars::Column::$element(&self.$column)),)*]
            }
        }

        pub(crate) static $list: $crate::scalars::Scalars<$row, $table> = {
            use $crate::scalars::{AnyScalar, Scalar, Scalars};
            use $crate::schema::dataset::{Dataset, Element, Table};
            const DATASETS: &[Dataset] = &[$(Dataset {
                since: $since,
                circumstance: $crate::scalars::is_circumstance!($($circumstance)?),
                optional: Table::$kind.is_optional(),
                ..Dataset::new(Table::$kind, $path, Element::$element, $crate::schema::dataset::unit::$unit, $meaning)
            },)*];
            const WAYS: &[AnyScalar<$row, $table>] = &[$(
                AnyScalar::$element($crate::scalars::$way!($column, $($field).+)),
            )*];
            Scalars { datasets: DATASETS, ways: WAYS }
        };
    };
}

macro_rules! number {
    (F64) => {
        f64
    };
    (U64) => {
        u64
    };
    (U32) => {
        u32
    };
    (Name) => {
        String
    };
}

macro_rules! is_circumstance {
    () => {
        false
    };
    (circumstance) => {
        true
    };
}

macro_rules! field {
    ($column:ident, $($field:ident).+) => {
        Scalar {
            get: |row| row.$($field).+,
            set: |row, value| row.$($field).+ = value,
            column: |table| &mut table.$column,
        }
    };
}

macro_rules! last {
    ($column:ident, $($field:ident).+) => {
        Scalar {
            get: |row| row.$($field).+.last().copied().unwrap_or(f64::NAN),
            set: |_, _| {},
            column: |table| &mut table.$column,
        }
    };
}

macro_rules! name {
    ($column:ident, $($field:ident).+) => {
        Scalar {
            get: |row| $crate::scalars::Named::name(&row.$($field).+).to_owned(),
            set: |row, value| row.$($field).+ = $crate::scalars::Named::of_name(&value),
            column: |table| &mut table.$column,
        }
    };
}

pub(crate) use {analysis_table, field, is_circumstance, last, name, number};
