//! The layout of an archive, format version 3, as one table.
//!
//! Writer, reader, merge, verification and comparison walk through [`SCHEMA`]. The columns of one number a row
//! come from [`crate::tables`], where each is tied to its field of the record; all others stand here.

pub(crate) mod dataset;

pub use dataset::{Axis, Dataset, Element, NAME_BYTES, TEXT_BYTES, Table};

pub(crate) use dataset::unit;

use crate::tables::{OF_MODE, OF_NONLINEAR, OF_REALIZATION, OF_TRANSITION};
use unit::{ENERGY, FREQUENCY, LENGTH, NUMBER, STIFFNESS, SWEEPS};

/// HDF5 refuses attributes of 64 kB and more; some room is left for its own header.
pub(crate) const CONFIG_BYTES_MAX: usize = 64_000;

/// The format version that this crate writes, and the newest it reads.
pub const FORMAT_VERSION: u32 = 3;

/// Key of [`Table::Realizations`].
pub const INDEX: &str = Table::Realizations.key();
/// Key of [`Table::Modes`].
pub const MODE_REALIZATION: &str = Table::Modes.key();
/// Key of [`Table::Snapshots`].
pub const SNAPSHOT_REALIZATION: &str = Table::Snapshots.key();
/// Key of [`Table::Frames`].
pub const POSITION_STEP: &str = Table::Frames.key();
/// Key of [`Table::Nonlinear`].
pub const NONLINEAR_REALIZATION: &str = Table::Nonlinear.key();
/// Key of [`Table::Transitions`].
pub const TRANSITION_REALIZATION: &str = Table::Transitions.key();
/// Key of [`Table::Failures`].
pub const FAILURE_INDEX: &str = Table::Failures.key();

pub(crate) const CHAIN: &str = "/realizations/chain";
pub(crate) const INSTRUCTION_CLASS: &str = "/realizations/instruction_class";
pub(crate) const SERIES_SWEEPS: &str = "/realizations/series_sweeps";
pub(crate) const SERIES_ENERGY: &str = "/realizations/series_energy";
pub(crate) const SERIES_CORRELATION: &str = "/realizations/series_diameter_correlation";
pub(crate) const SERIES_TEMPERATURE: &str = "/realizations/series_configurational_temperature";
pub(crate) const EIGENVALUES: &str = "/spectrum/eigenvalues";
pub(crate) const PARTICIPATION: &str = "/spectrum/participation";
pub(crate) const STAIRCASE_OMEGA: &str = "/spectrum/staircase/omega";
pub(crate) const STAIRCASE_COUNT: &str = "/spectrum/staircase/count";
pub(crate) const OMEGA_COMPLETE: &str = "/spectrum/omega_complete";
pub(crate) const STAIRCASE_SUM: &str = Table::Staircase.key();
pub(crate) const STAIRCASE_SUM_OMEGA: &str = "/spectrum/staircase_sum_omega";
pub(crate) const STAIRCASE_SUM_GLASSES: &str = "/spectrum/staircase_sum_glasses";
pub(crate) const STAIRCASE_SUM_SQUARES: &str = "/spectrum/staircase_sum_squares";
pub(crate) const SERIES_SUM_SWEEPS: &str = Table::Series.key();
pub(crate) const SERIES_SUM_GLASSES: &str = "/realizations/series_sum_glasses";
pub(crate) const SERIES_SUM: &str = "/realizations/series_sum";
pub(crate) const SERIES_SUM_SQUARES: &str = "/realizations/series_sum_squares";
pub(crate) const MODE_OMEGA: &str = "/modes/omega";
pub(crate) const MODE_PARTICIPATION: &str = "/modes/participation";
pub(crate) const MODE_GROUP: &str = "/modes/group";
pub(crate) const MODE_SNAPSHOT: &str = "/modes/snapshot";
pub(crate) const SNAPSHOT_MODE: &str = "/snapshots/mode";
pub(crate) const SNAPSHOT_VECTOR: &str = "/snapshots/vector";
pub(crate) const PROFILE_S: &str = "/snapshots/profile_s";
pub(crate) const PROFILE_ENERGY: &str = "/snapshots/profile_energy";
pub(crate) const BOX_EDGES: &str = "/particles/glass/box/edges/value";
pub(crate) const POSITIONS: &str = "/particles/glass/position/value";
pub(crate) const DIAMETERS: &str = "/particles/glass/diameter/value";
pub(crate) const NONLINEAR_SOURCE: &str = "/nonlinear/source";
pub(crate) const NONLINEAR_KIND: &str = "/nonlinear/kind";
pub(crate) const NONLINEAR_VECTOR: &str = "/nonlinear/vector";
pub(crate) const TRANSITION_SOURCE: &str = "/transitions/source";
pub(crate) const TRANSITION_DIRECTION: &str = "/transitions/direction";
pub(crate) const NONLINEAR_GROUP: &str = "/nonlinear/group";
pub(crate) const FAILURE_ATTEMPTS: &str = "/failures/attempts";
pub(crate) const FAILURE_REASON: &str = "/failures/reason";

/// Columns of several numbers a realization.
#[rustfmt::skip]
const ROWS_OF_REALIZATION: &[Dataset] = {
    use Axis::{Samples, Shifts, Spectrum};
    use Element::{F64, U64};
    const fn row(path: &'static str, element: Element, axis: &'static [Axis], unit: &'static str, meaning: &'static str) -> Dataset {
        Dataset::new(Table::Realizations, path, element, unit, meaning).with_axes(axis)
    }
    &[
        row(SERIES_SWEEPS, F64, &[Samples], SWEEPS, "sweeps at T after which the series were sampled, ascending; NaN pads"),
        row(SERIES_ENERGY, F64, &[Samples], ENERGY, "potential energy per particle then"),
        row(SERIES_CORRELATION, F64, &[Samples], NUMBER, "diameter autocorrelation C_sigma then"),
        row(SERIES_TEMPERATURE, F64, &[Samples], ENERGY, "configurational temperature then, k_B = 1"),
        row(EIGENVALUES, F64, &[Spectrum], STIFFNESS, "eigenvalues lambda = omega^2 (mass 1) of the Hessian, ascending, Goldstone modes included; NaN pads"),
        row(PARTICIPATION, F64, &[Spectrum], NUMBER, "participation ratio of each eigenvector"),
        row(STAIRCASE_OMEGA, F64, &[Shifts], FREQUENCY, "shifts of the inertia counts, ascending; NaN pads"),
        row(STAIRCASE_COUNT, U64, &[Shifts], NUMBER, "number of modes below each shift"),
    ]
};

const MODE_KEY: &[Dataset] =
    &[Dataset::new(Table::Modes, MODE_REALIZATION, Element::U64, NUMBER, "index of the mode's realization")];

#[rustfmt::skip]
const MODE_CLASS_AND_SNAPSHOT: &[Dataset] = &[
    Dataset::new(Table::Modes, MODE_GROUP, Element::Group, NUMBER, "A: |beta| <= sqrt(8/9); A-double: up to 1; B: above 1; unbounded: b4 <= 0"),
    Dataset::new(Table::Modes, MODE_SNAPSHOT, Element::I64, NUMBER, "row in /snapshots, -1 if the vector is not kept"),
];

/// Mode vectors, glasses, failures.
#[rustfmt::skip]
const OTHER_TABLES: &[Dataset] = {
    use Axis::{Particles, Points, Space};
    use Element::{F64, Text, U32, U64};
    use Table::{Failures, Frames, Snapshots};
    &[
        Dataset::new(Snapshots, SNAPSHOT_REALIZATION, U64, NUMBER, "index of the realization"),
        Dataset::new(Snapshots, SNAPSHOT_MODE, U32, NUMBER, "position in the spectrum of its realization, from 0"),
        Dataset::new(Snapshots, SNAPSHOT_VECTOR, F64, NUMBER, "mode vector, unit norm").with_axes(&[Particles, Space]),
        Dataset::new(Snapshots, PROFILE_S, F64, LENGTH, "displacements s along the mode at which the energy was sampled; NaN pads").with_axes(&[Points]),
        Dataset::new(Snapshots, PROFILE_ENERGY, F64, ENERGY, "actual energy U(q0 + s psi) - U(q0) there; NaN pads").with_axes(&[Points]),

        Dataset::new(Frames, POSITION_STEP, U64, NUMBER, "index of the realization (H5MD step)"),
        Dataset::new(Frames, BOX_EDGES, F64, LENGTH, "sides of the periodic box").with_axes(&[Space]),
        Dataset::new(Frames, POSITIONS, F64, LENGTH, "positions at the minimum, in [0, L)").with_axes(&[Particles, Space]),
        Dataset::new(Frames, DIAMETERS, F64, LENGTH, "diameters").with_axes(&[Particles]),

        Dataset::new(Failures, FAILURE_INDEX, U64, NUMBER, "index of the quarantined realization"),
        Dataset::new(Failures, FAILURE_ATTEMPTS, U32, NUMBER, "how often it was started").of_circumstance(),
        Dataset::new(Failures, FAILURE_REASON, Text, NUMBER, "why it was given up"),
    ]
};

/// What thin archives have instead of one staircase and one series a realization.
#[rustfmt::skip]
const SUMS: &[Dataset] = {
    use Axis::Quantities;
    use Element::{F64, I64, U64};
    use Table::{Series, Staircase};
    &[
        Dataset::new(Staircase, STAIRCASE_SUM, U64, NUMBER, "number of modes below the shift, summed over glasses").optional_since(2),
        Dataset::new(Staircase, STAIRCASE_SUM_OMEGA, F64, FREQUENCY, "the shift").optional_since(2),
        Dataset::new(Staircase, STAIRCASE_SUM_GLASSES, U64, NUMBER, "number of glasses summed over").optional_since(2),
        Dataset::new(Staircase, STAIRCASE_SUM_SQUARES, U64, NUMBER, "square of the number of modes of a glass below the shift, summed over glasses").optional_since(2),
        Dataset::new(Series, SERIES_SUM_SWEEPS, U64, SWEEPS, "sweeps at T after which glasses were sampled, ascending").optional_since(2),
        Dataset::new(Series, SERIES_SUM_GLASSES, U64, NUMBER, "number of glasses summed over, for energy, C_sigma, configurational temperature and e(end) - e(t)").with_axes(&[Quantities]).optional_since(2),
        Dataset::new(Series, SERIES_SUM, I64, NUMBER, "those quantities summed over glasses, in units of 2^-40; 2^63 - 1 if the sum is larger").with_axes(&[Quantities]).optional_since(2),
        Dataset::new(Series, SERIES_SUM_SQUARES, I64, NUMBER, "their squares summed over glasses, likewise").with_axes(&[Quantities]).optional_since(2),
    ]
};

#[rustfmt::skip]
const NONLINEAR_KEYS: &[Dataset] = &[
    Dataset::new(Table::Nonlinear, NONLINEAR_REALIZATION, Element::U64, NUMBER, "index of the realization").optional_since(2),
    Dataset::new(Table::Nonlinear, NONLINEAR_SOURCE, Element::I64, NUMBER, "row in /modes of the harmonic mode that the search started from, -1 if a thin archive has left it out").optional_since(2),
    Dataset::new(Table::Nonlinear, NONLINEAR_KIND, Element::Kind, NUMBER, "cost that the direction minimizes").optional_since(2),
    Dataset::new(Table::Nonlinear, NONLINEAR_GROUP, Element::Group, NUMBER, "class of the quartic along it, as /modes/group; unbounded also where the search was given up").optional_since(2),
    Dataset::new(Table::Nonlinear, NONLINEAR_VECTOR, Element::F64, NUMBER, "its direction, unit norm, if kept, else NaN").with_axes(&[Axis::NonlinearParticles, Axis::Space]).optional_since(3),
];

#[rustfmt::skip]
const TRANSITION_KEYS: &[Dataset] = &[
    Dataset::new(Table::Transitions, TRANSITION_REALIZATION, Element::U64, NUMBER, "index of the realization").optional_since(2),
    Dataset::new(Table::Transitions, TRANSITION_SOURCE, Element::I64, NUMBER, "row in /modes of the harmonic mode it was found along, directly or by a nonlinear mode searched from it, -1 if a thin archive has left it out").optional_since(2),
    Dataset::new(Table::Transitions, TRANSITION_DIRECTION, Element::I8, NUMBER, "+1 along the direction, -1 against it").optional_since(2),
];

/// A dataset whose numbers are rows of another table, or −1.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) path: &'static str,
    pub(crate) from: Table,
    pub(crate) to: Table,
    /// The other table in words.
    pub(crate) meaning: &'static str,
}

/// All of them. They count from the first row of their archive, and move when rows move.
pub(crate) static REFERENCES: [Reference; 3] = [
    Reference { path: MODE_SNAPSHOT, from: Table::Modes, to: Table::Snapshots, meaning: "a row of /snapshots" },
    Reference { path: NONLINEAR_SOURCE, from: Table::Nonlinear, to: Table::Modes, meaning: "a row of /modes" },
    Reference { path: TRANSITION_SOURCE, from: Table::Transitions, to: Table::Modes, meaning: "a row of /modes" },
];

/// Datasets of the classes of quartics.
pub(crate) const GROUPS: [&str; 2] = [MODE_GROUP, NONLINEAR_GROUP];

const PARTS: &[&[Dataset]] = &[
    OF_REALIZATION.datasets,
    ROWS_OF_REALIZATION,
    MODE_KEY,
    OF_MODE.datasets,
    MODE_CLASS_AND_SNAPSHOT,
    OTHER_TABLES,
    SUMS,
    NONLINEAR_KEYS,
    OF_NONLINEAR.datasets,
    TRANSITION_KEYS,
    OF_TRANSITION.datasets,
];

/// Every dataset of the format, grouped by table.
pub static SCHEMA: &[Dataset] = &joined::<{ count(PARTS) }>(PARTS);

const fn count(parts: &[&[Dataset]]) -> usize {
    let (mut part, mut sum) = (0, 0);
    while part < parts.len() {
        sum += parts[part].len();
        part += 1;
    }
    sum
}

const fn joined<const COUNT: usize>(parts: &[&[Dataset]]) -> [Dataset; COUNT] {
    let mut all = [parts[0][0]; COUNT];
    let (mut part, mut next) = (0, 0);
    while part < parts.len() {
        let mut within = 0;
        while within < parts[part].len() {
            all[next] = parts[part][within];
            within += 1;
            next += 1;
        }
        part += 1;
    }
    all
}

/// Position of a path in [`SCHEMA`].
pub(crate) fn position(path: &str) -> Option<usize> {
    SCHEMA.iter().position(|dataset| dataset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn paths_are_unique_and_every_table_has_its_key() {
        let paths: BTreeSet<&str> = SCHEMA.iter().map(|dataset| dataset.path).collect();
        assert_eq!(paths.len(), SCHEMA.len());
        for table in Table::ALL {
            let key = SCHEMA[position(table.key()).expect("in the schema")];
            assert_eq!((key.table, key.element, key.inner.len()), (table, Element::U64, 0));
        }
    }

    #[test]
    fn the_format_version_is_that_of_the_latest_dataset() {
        assert_eq!(SCHEMA.iter().map(|dataset| dataset.since).max(), Some(FORMAT_VERSION));
        // What every table is found by is there from the beginning, or the whole table came later.
        for dataset in SCHEMA {
            let key = SCHEMA[position(dataset.table.key()).expect("in the schema")];
            assert!(key.since <= dataset.since, "{}", dataset.path);
        }
    }

    #[test]
    fn only_floats_and_counts_have_inner_axes_to_pad() {
        let padded = |axis: &Axis| !matches!(axis, Axis::Space | Axis::Quantities);
        for dataset in SCHEMA.iter().filter(|dataset| dataset.inner.iter().any(padded)) {
            assert!(matches!(dataset.element, Element::F64 | Element::U64), "{}", dataset.path);
        }
    }
}
