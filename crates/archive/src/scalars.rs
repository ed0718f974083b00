//! Columns of one number a row: where a record and an analysis table keep each.

use crate::record::Record;
use crate::tables::{ModeTable, RealizationTable};
use modes::Mode;

/// One column: how to take its number from a row, put it back, and where the table has it.
pub(crate) struct Scalar<Row, Columns, T> {
    pub(crate) path: &'static str,
    pub(crate) get: fn(&Row) -> T,
    pub(crate) set: fn(&mut Row, T),
    pub(crate) column: fn(&mut Columns) -> &mut Vec<T>,
}

pub(crate) enum AnyScalar<Row, Columns> {
    F64(Scalar<Row, Columns, f64>),
    U64(Scalar<Row, Columns, u64>),
    U32(Scalar<Row, Columns, u32>),
}

/// `scalar!(type path, field of the row => column of the table)`.
macro_rules! scalar {
    ($kind:ident $path:literal, $($field:ident).+ => $column:ident) => {
        AnyScalar::$kind(Scalar {
            path: $path,
            get: |row| row.$($field).+,
            set: |row, value| row.$($field).+ = value,
            column: |table| &mut table.$column,
        })
    };
}

/// Last number of a series, which the series itself restores.
macro_rules! last_of {
    ($path:literal, $series:ident => $column:ident) => {
        AnyScalar::F64(Scalar {
            path: $path,
            get: |row| row.thermalize.$series.last().copied().unwrap_or(f64::NAN),
            set: |_, _| {},
            column: |table| &mut table.$column,
        })
    };
}

/// Scalars of a realization.
pub(crate) static OF_REALIZATION: &[AnyScalar<Record, RealizationTable>] = &[
    scalar!(U64 "/realizations/index", index => index),
    scalar!(U64 "/realizations/seed", seed => seed),
    last_of!("/realizations/energy_thermal", energy => energy_thermal),
    scalar!(F64 "/realizations/energy_inherent", inherent.energy => energy_inherent),
    scalar!(F64 "/realizations/pressure", inherent.pressure => pressure),
    scalar!(F64 "/realizations/force_max", inherent.force_max => force_max),
    scalar!(F64 "/realizations/shear_modulus", elastic.shear_modulus => shear_modulus),
    scalar!(F64 "/realizations/bulk_modulus", elastic.bulk_modulus => bulk_modulus),
    scalar!(F64 "/realizations/omega_phonon", elastic.omega_phonon => omega_phonon),
    scalar!(F64 "/realizations/acceptance_displacement", thermalize.acceptance_displacement => acceptance_displacement),
    scalar!(F64 "/realizations/acceptance_swap", thermalize.acceptance_swap => acceptance_swap),
    last_of!("/realizations/diameter_correlation", diameter_correlation => diameter_correlation),
    last_of!("/realizations/configurational_temperature", configurational_temperature => configurational_temperature),
    scalar!(U32 "/realizations/quench_iterations", inherent.iterations => quench_iterations),
    scalar!(U32 "/realizations/attempts", attempts => attempts),
    scalar!(F64 "/realizations/seconds_thermalize", seconds.thermalize => seconds_thermalize),
    scalar!(F64 "/realizations/seconds_quench", seconds.quench => seconds_quench),
    scalar!(F64 "/realizations/seconds_spectrum", seconds.spectrum => seconds_spectrum),
    scalar!(F64 "/realizations/seconds_modes", seconds.modes => seconds_modes),
    scalar!(F64 "/spectrum/omega_complete", spectrum.omega_complete => omega_complete),
    scalar!(U32 "/spectrum/zero_modes", spectrum.zero_modes => zero_modes),
    scalar!(U32 "/spectrum/negative_modes", spectrum.negative_modes => negative_modes),
    scalar!(U32 "/spectrum/rattlers", spectrum.rattlers => rattlers),
    scalar!(F64 "/spectrum/residual_max", spectrum.residual_max => residual_max),
    scalar!(F64 "/spectrum/orthogonality_max", spectrum.orthogonality_max => orthogonality_max),
];

/// Scalars of a mode, but for its realization, group and snapshot.
pub(crate) static OF_MODE: &[AnyScalar<Mode, ModeTable>] = &[
    scalar!(U32 "/modes/mode", index => mode),
    scalar!(F64 "/modes/omega", omega => omega),
    scalar!(F64 "/modes/participation", participation => participation),
    scalar!(F64 "/modes/b2", b2 => b2),
    scalar!(F64 "/modes/b3", b3 => b3),
    scalar!(F64 "/modes/b4", b4 => b4),
    scalar!(F64 "/modes/beta", beta => beta),
    scalar!(F64 "/modes/barrier", barrier => barrier),
    scalar!(F64 "/modes/depth", depth => depth),
    scalar!(F64 "/modes/separation", separation => separation),
    scalar!(F64 "/modes/true_barrier", true_barrier => true_barrier),
    scalar!(F64 "/modes/true_depth", true_depth => true_depth),
    scalar!(F64 "/modes/true_separation", true_separation => true_separation),
    scalar!(F64 "/modes/cutoff_share_b3", cutoff_share_b3 => cutoff_share_b3),
    scalar!(F64 "/modes/cutoff_share_b4", cutoff_share_b4 => cutoff_share_b4),
    scalar!(F64 "/modes/landing_energy", landing_energy => landing_energy),
    scalar!(F64 "/modes/landing_distance", landing_distance => landing_distance),
];

impl<Row, Columns> AnyScalar<Row, Columns> {
    pub(crate) fn path(&self) -> &'static str {
        match self {
            AnyScalar::F64(scalar) => scalar.path,
            AnyScalar::U64(scalar) => scalar.path,
            AnyScalar::U32(scalar) => scalar.path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{self, Element, SCHEMA, Table};
    use std::collections::BTreeSet;

    fn element<Row, Columns>(scalar: &AnyScalar<Row, Columns>) -> Element {
        match scalar {
            AnyScalar::F64(_) => Element::F64,
            AnyScalar::U64(_) => Element::U64,
            AnyScalar::U32(_) => Element::U32,
        }
    }

    #[test]
    fn every_scalar_dataset_has_one_field_of_its_type() {
        let here: Vec<(&str, Element)> = OF_REALIZATION
            .iter()
            .map(|scalar| (scalar.path(), element(scalar)))
            .chain(OF_MODE.iter().map(|scalar| (scalar.path(), element(scalar))))
            .collect();
        assert_eq!(here.iter().map(|(path, _)| path).collect::<BTreeSet<_>>().len(), here.len());
        let by_hand = [schema::MODE_REALIZATION, schema::MODE_GROUP, schema::MODE_SNAPSHOT];
        let in_schema = SCHEMA
            .iter()
            .filter(|dataset| matches!(dataset.table, Table::Realizations | Table::Modes))
            .filter(|dataset| dataset.inner.is_empty() && !by_hand.contains(&dataset.path))
            .map(|dataset| (dataset.path, dataset.element));
        assert_eq!(in_schema.collect::<Vec<_>>(), here);
    }
}
