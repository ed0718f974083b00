//! The layout of an archive, format version 1, as one table.
//!
//! Writer, reader, merge, verification and comparison walk through [`SCHEMA`]; the columns of one
//! number a row are tied to their field of the record in `scalars`.

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
}

impl Table {
    /// All tables, in the order of [`SCHEMA`].
    pub const ALL: [Table; 5] = [Table::Realizations, Table::Modes, Table::Snapshots, Table::Frames, Table::Failures];

    /// The dataset that says which realization a row belongs to.
    pub fn key(self) -> &'static str {
        match self {
            Table::Realizations => INDEX,
            Table::Modes => MODE_REALIZATION,
            Table::Snapshots => SNAPSHOT_REALIZATION,
            Table::Frames => POSITION_STEP,
            Table::Failures => FAILURE_INDEX,
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
    /// P: points of the longest profile.
    Points,
    /// 2: x and y.
    Plane,
}

impl Axis {
    /// Symbol in the documentation.
    pub fn symbol(self) -> &'static str {
        match self {
            Axis::Spectrum => "M",
            Axis::Shifts => "T",
            Axis::Samples => "K",
            Axis::Particles => "N",
            Axis::Points => "P",
            Axis::Plane => "2",
        }
    }
}

/// Bytes of a string in a dataset; longer ones are cut.
pub const TEXT_BYTES: usize = 1024;

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
    /// HDF5 enumeration on an unsigned byte: A, A-double, B, unbounded.
    Group,
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
            Element::Group => "enum u8",
            Element::Text => "string",
        }
    }

    /// Bytes of one number, or one string.
    pub fn bytes(self) -> usize {
        match self {
            Element::F64 | Element::U64 | Element::I64 => 8,
            Element::U32 => 4,
            Element::Group => 1,
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
    /// Whether it depends on the course of the campaign (timings, attempts), not on the seed alone.
    pub circumstance: bool,
}

impl Dataset {
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

/// Key of [`Table::Realizations`].
pub const INDEX: &str = "/realizations/index";
/// Key of [`Table::Modes`].
pub const MODE_REALIZATION: &str = "/modes/realization";
/// Key of [`Table::Snapshots`].
pub const SNAPSHOT_REALIZATION: &str = "/snapshots/realization";
/// Key of [`Table::Frames`].
pub const POSITION_STEP: &str = "/particles/glass/position/step";
/// Key of [`Table::Failures`].
pub const FAILURE_INDEX: &str = "/failures/index";

pub(crate) const SERIES_SWEEPS: &str = "/realizations/series_sweeps";
pub(crate) const SERIES_ENERGY: &str = "/realizations/series_energy";
pub(crate) const SERIES_CORRELATION: &str = "/realizations/series_diameter_correlation";
pub(crate) const SERIES_TEMPERATURE: &str = "/realizations/series_configurational_temperature";
pub(crate) const EIGENVALUES: &str = "/spectrum/eigenvalues";
pub(crate) const PARTICIPATION: &str = "/spectrum/participation";
pub(crate) const STAIRCASE_OMEGA: &str = "/spectrum/staircase/omega";
pub(crate) const STAIRCASE_COUNT: &str = "/spectrum/staircase/count";
pub(crate) const MODE_GROUP: &str = "/modes/group";
pub(crate) const MODE_SNAPSHOT: &str = "/modes/snapshot";
pub(crate) const SNAPSHOT_MODE: &str = "/snapshots/mode";
pub(crate) const SNAPSHOT_VECTOR: &str = "/snapshots/vector";
pub(crate) const PROFILE_S: &str = "/snapshots/profile_s";
pub(crate) const PROFILE_ENERGY: &str = "/snapshots/profile_energy";
pub(crate) const BOX_EDGES: &str = "/particles/glass/box/edges/value";
pub(crate) const POSITIONS: &str = "/particles/glass/position/value";
pub(crate) const DIAMETERS: &str = "/particles/glass/diameter/value";
pub(crate) const FAILURE_ATTEMPTS: &str = "/failures/attempts";
pub(crate) const FAILURE_REASON: &str = "/failures/reason";

const NUMBER: &str = "1";
const SECONDS: &str = "s";
const SWEEPS: &str = "sweep";
const LENGTH: &str = "length";
const ENERGY: &str = "epsilon";
const FORCE: &str = "epsilon/length";
const STIFFNESS: &str = "epsilon/length^2";
const FREQUENCY: &str = "sqrt(epsilon/mass)/length";

const fn dataset(
    table: Table,
    path: &'static str,
    element: Element,
    inner: &'static [Axis],
    unit: &'static str,
    meaning: &'static str,
) -> Dataset {
    Dataset { path, table, inner, element, unit, meaning, circumstance: false }
}

const fn realization(path: &'static str, element: Element, unit: &'static str, meaning: &'static str) -> Dataset {
    dataset(Table::Realizations, path, element, &[], unit, meaning)
}

const fn mode(path: &'static str, element: Element, unit: &'static str, meaning: &'static str) -> Dataset {
    dataset(Table::Modes, path, element, &[], unit, meaning)
}

const fn circumstance(path: &'static str, element: Element, unit: &'static str, meaning: &'static str) -> Dataset {
    Dataset { path, table: Table::Realizations, inner: &[], element, unit, meaning, circumstance: true }
}

/// Every dataset of format version 1, grouped by table.
#[rustfmt::skip]
pub static SCHEMA: &[Dataset] = {
    use Axis::{Particles, Plane, Points, Samples, Shifts, Spectrum};
    use Element::{F64, Group, I64, Text, U32, U64};
    &[
        realization(INDEX, U64, NUMBER, "index of the realization in the campaign"),
        realization("/realizations/seed", U64, NUMBER, "seed derived from the campaign's seed and the index"),
        realization("/realizations/energy_thermal", F64, ENERGY, "potential energy per particle, last sample at T"),
        realization("/realizations/energy_inherent", F64, ENERGY, "potential energy per particle at the minimum"),
        realization("/realizations/pressure", F64, STIFFNESS, "pressure at the minimum"),
        realization("/realizations/force_max", F64, FORCE, "largest force on a particle at the minimum"),
        realization("/realizations/shear_modulus", F64, STIFFNESS, "shear modulus G, Born minus non-affine"),
        realization("/realizations/bulk_modulus", F64, STIFFNESS, "bulk modulus K, Born minus non-affine"),
        realization("/realizations/omega_phonon", F64, FREQUENCY, "first transverse phonon, (2 pi/L) sqrt((G - P)/rho)"),
        realization("/realizations/acceptance_displacement", F64, NUMBER, "fraction of displacement trials accepted at T"),
        realization("/realizations/acceptance_swap", F64, NUMBER, "fraction of swap trials accepted at T"),
        realization("/realizations/diameter_correlation", F64, NUMBER, "diameter autocorrelation C_sigma after the last sweep"),
        realization("/realizations/configurational_temperature", F64, ENERGY, "configurational temperature after the last sweep, k_B = 1"),
        realization("/realizations/quench_iterations", U32, NUMBER, "force evaluations of the gradient stage of the quench"),
        circumstance("/realizations/attempts", U32, NUMBER, "how often the realization was started"),
        circumstance("/realizations/seconds_thermalize", F64, SECONDS, "CPU seconds of the sampling"),
        circumstance("/realizations/seconds_quench", F64, SECONDS, "CPU seconds of the quench"),
        circumstance("/realizations/seconds_spectrum", F64, SECONDS, "CPU seconds of the eigenpairs"),
        circumstance("/realizations/seconds_modes", F64, SECONDS, "CPU seconds of the descriptors and moduli"),
        dataset(Table::Realizations, SERIES_SWEEPS, F64, &[Samples], SWEEPS, "sweeps at T after which the series were sampled, ascending; NaN pads"),
        dataset(Table::Realizations, SERIES_ENERGY, F64, &[Samples], ENERGY, "potential energy per particle then"),
        dataset(Table::Realizations, SERIES_CORRELATION, F64, &[Samples], NUMBER, "diameter autocorrelation C_sigma then"),
        dataset(Table::Realizations, SERIES_TEMPERATURE, F64, &[Samples], ENERGY, "configurational temperature then, k_B = 1"),

        dataset(Table::Realizations, EIGENVALUES, F64, &[Spectrum], STIFFNESS, "eigenvalues lambda = omega^2 (mass 1) of the Hessian, ascending, Goldstone modes included; NaN pads"),
        dataset(Table::Realizations, PARTICIPATION, F64, &[Spectrum], NUMBER, "participation ratio of each eigenvector"),
        realization("/spectrum/omega_complete", F64, FREQUENCY, "every mode below this is in the spectrum; inf if all are"),
        realization("/spectrum/zero_modes", U32, NUMBER, "zero modes, the two Goldstone modes included"),
        realization("/spectrum/negative_modes", U32, NUMBER, "negative eigenvalues (0 at a minimum)"),
        realization("/spectrum/rattlers", U32, NUMBER, "particles without enough contacts"),
        realization("/spectrum/residual_max", F64, STIFFNESS, "largest |H v - lambda v| of the eigenpairs checked"),
        realization("/spectrum/orthogonality_max", F64, NUMBER, "largest element of |V^T V - 1| of the vectors checked"),
        dataset(Table::Realizations, STAIRCASE_OMEGA, F64, &[Shifts], FREQUENCY, "shifts of the inertia counts, ascending; NaN pads"),
        dataset(Table::Realizations, STAIRCASE_COUNT, U64, &[Shifts], NUMBER, "number of modes below each shift"),

        mode(MODE_REALIZATION, U64, NUMBER, "index of the mode's realization"),
        mode("/modes/mode", U32, NUMBER, "position in the spectrum of its realization, from 0"),
        mode("/modes/omega", F64, FREQUENCY, "frequency omega = sqrt(lambda)"),
        mode("/modes/participation", F64, NUMBER, "participation ratio 1/(N sum |psi_i|^4)"),
        mode("/modes/b2", F64, STIFFNESS, "second derivative of the energy along the mode"),
        mode("/modes/b3", F64, "epsilon/length^3", "third derivative of the energy along the mode"),
        mode("/modes/b4", F64, "epsilon/length^4", "fourth derivative of the energy along the mode"),
        mode("/modes/beta", F64, NUMBER, "b3/sqrt(3 b2 b4), with the sign of the mode vector; NaN if b4 <= 0"),
        mode(MODE_GROUP, Group, NUMBER, "A: |beta| <= sqrt(8/9); A-double: up to 1; B: above 1; unbounded: b4 <= 0"),
        mode("/modes/barrier", F64, ENERGY, "barrier of the quartic; NaN without a second minimum"),
        mode("/modes/depth", F64, ENERGY, "energy of the second minimum of the quartic, negative if deeper; NaN without one"),
        mode("/modes/separation", F64, LENGTH, "distance of the second minimum of the quartic; NaN without one"),
        mode("/modes/true_barrier", F64, ENERGY, "barrier of the actual energy along the mode; NaN without a second minimum"),
        mode("/modes/true_depth", F64, ENERGY, "energy of the second minimum of the actual energy along the mode; NaN without one"),
        mode("/modes/true_separation", F64, LENGTH, "distance of that minimum; NaN without one"),
        mode("/modes/cutoff_share_b3", F64, NUMBER, "part of b3 from pairs within 2 % of the cutoff; NaN if b3 vanishes"),
        mode("/modes/cutoff_share_b4", F64, NUMBER, "part of b4 from pairs within 2 % of the cutoff; NaN if b4 vanishes"),
        mode("/modes/landing_energy", F64, ENERGY, "total energy, against the start, of the minimum reached by quenching from the second minimum; NaN without one"),
        mode("/modes/landing_distance", F64, LENGTH, "Euclidean distance of that minimum, translation removed; NaN without one"),
        mode(MODE_SNAPSHOT, I64, NUMBER, "row in /snapshots, -1 if the vector is not kept"),

        dataset(Table::Snapshots, SNAPSHOT_REALIZATION, U64, &[], NUMBER, "index of the realization"),
        dataset(Table::Snapshots, SNAPSHOT_MODE, U32, &[], NUMBER, "position in the spectrum of its realization, from 0"),
        dataset(Table::Snapshots, SNAPSHOT_VECTOR, F64, &[Particles, Plane], NUMBER, "mode vector, unit norm"),
        dataset(Table::Snapshots, PROFILE_S, F64, &[Points], LENGTH, "displacements s along the mode at which the energy was sampled; NaN pads"),
        dataset(Table::Snapshots, PROFILE_ENERGY, F64, &[Points], ENERGY, "actual energy U(q0 + s psi) - U(q0) there; NaN pads"),

        dataset(Table::Frames, POSITION_STEP, U64, &[], NUMBER, "index of the realization (H5MD step)"),
        dataset(Table::Frames, BOX_EDGES, F64, &[Plane], LENGTH, "sides of the periodic box"),
        dataset(Table::Frames, POSITIONS, F64, &[Particles, Plane], LENGTH, "positions at the minimum, in [0, L)"),
        dataset(Table::Frames, DIAMETERS, F64, &[Particles], LENGTH, "diameters"),

        dataset(Table::Failures, FAILURE_INDEX, U64, &[], NUMBER, "index of the quarantined realization"),
        Dataset { circumstance: true, ..dataset(Table::Failures, FAILURE_ATTEMPTS, U32, &[], NUMBER, "how often it was started") },
        dataset(Table::Failures, FAILURE_REASON, Text, &[], NUMBER, "why it was given up"),
    ]
};

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
    fn only_floats_and_counts_have_inner_axes_to_pad() {
        for dataset in SCHEMA.iter().filter(|dataset| !dataset.inner.is_empty()) {
            assert!(matches!(dataset.element, Element::F64 | Element::U64), "{}", dataset.path);
        }
    }
}
