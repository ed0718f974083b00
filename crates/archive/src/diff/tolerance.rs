//! What is the same on every machine, and how well the rest must agree across instruction classes.
//!
//! A glass (index, seed, sampling, quench, particles) is the same to the last bit everywhere. Spectra and what
//! follows from them come out of faer, which rounds differently in each class. This is the one place that says
//! how differently.

use crate::schema::{Dataset, Element, Table};

/// Relative difference of two numbers that may come from different instruction classes. An error of 10⁻¹³ of the
/// Hessian becomes this much in the vector of a mode whose neighbour is 10⁻⁶ away, and in what is made of it.
pub const RELATIVE: f64 = 1e-6;

/// The same, absolutely, for numbers around zero: zero modes, components of vectors, a b₃ that cancels.
pub const ABSOLUTE: f64 = 1e-8;

/// How two numbers of a dataset must agree when their machines are of different classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To the last bit.
    Bits,
    /// Within [`RELATIVE`] or [`ABSOLUTE`].
    Close,
    /// Not at all: it measures the rounding.
    Any,
}

/// Datasets of [`Table::Realizations`] that a factorization made.
const OF_A_FACTORIZATION: [&str; 3] =
    ["/realizations/shear_modulus", "/realizations/bulk_modulus", "/realizations/omega_phonon"];

/// What the solver says of its own rounding.
const OF_ROUNDING: [&str; 5] = [
    "/spectrum/residual_max",
    "/spectrum/orthogonality_max",
    "/nonlinear/residual",
    "/nonlinear/iterations",
    "/transitions/splitting_change",
];

pub(super) fn asked(dataset: &Dataset) -> Asked {
    let of_glass = match dataset.table {
        Table::Realizations => {
            dataset.path.starts_with("/realizations/") && !OF_A_FACTORIZATION.contains(&dataset.path)
        }
        Table::Frames | Table::Failures => true,
        _ => false,
    };
    match dataset.element {
        _ if OF_ROUNDING.contains(&dataset.path) => Asked::Any,
        Element::F64 if !of_glass => Asked::Close,
        _ => Asked::Bits,
    }
}

/// Whether two numbers agree as [`Asked::Close`] asks; NaN agrees with NaN.
pub(super) fn close(a: f64, b: f64) -> bool {
    let (difference, size) = ((a - b).abs(), a.abs().max(b.abs()));
    (a.is_nan() && b.is_nan()) || a == b || (size.is_finite() && difference <= ABSOLUTE.max(RELATIVE * size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::SCHEMA;

    #[test]
    fn glasses_are_compared_by_bits_and_spectra_within_tolerances() {
        let of = |path: &str| {
            let dataset = SCHEMA.iter().find(|dataset| dataset.path == path).expect("in the schema");
            asked(dataset)
        };
        for path in ["/realizations/energy_inherent", "/realizations/series_energy", "/particles/glass/position/value"]
        {
            assert_eq!(of(path), Asked::Bits, "{path}");
        }
        for path in ["/realizations/shear_modulus", "/spectrum/eigenvalues", "/modes/b4", "/snapshots/vector"] {
            assert_eq!(of(path), Asked::Close, "{path}");
        }
        assert_eq!((of("/spectrum/residual_max"), of("/modes/group")), (Asked::Any, Asked::Bits));
        for path in OF_A_FACTORIZATION.into_iter().chain(OF_ROUNDING) {
            of(path);
        }
    }

    #[test]
    fn close_is_relative_for_large_numbers_and_absolute_for_small_ones() {
        assert!(close(1000.0, 1000.0005) && !close(1000.0, 1000.002));
        assert!(close(1e-9, -1e-9) && !close(1e-7, 0.0));
        assert!(close(f64::NAN, f64::NAN) && !close(f64::NAN, 1.0) && close(f64::INFINITY, f64::INFINITY));
        assert!(!close(f64::INFINITY, 1.0));
    }
}
