//! Whether a realization made again is the one that an archive has.

use analysis::Ensemble;
use archive::{Archive, RealizationTable, Record};
use std::path::{Path, PathBuf};

/// Numbers of one glass, which are the same to the last bit on every machine: in the archive, and in a record.
const OF_THE_GLASS: [(&str, fn(&RealizationTable, usize) -> f64, fn(&Record) -> f64); 6] = [
    ("energy_thermal", |table, row| table.energy_thermal[row], |record| last(&record.thermalize.energy)),
    (
        "diameter_correlation",
        |table, row| table.diameter_correlation[row],
        |record| last(&record.thermalize.diameter_correlation),
    ),
    ("energy_inherent", |table, row| table.energy_inherent[row], |record| record.inherent.energy),
    ("pressure", |table, row| table.pressure[row], |record| record.inherent.pressure),
    ("force_max", |table, row| table.force_max[row], |record| record.inherent.force_max),
    (
        "quench_iterations",
        |table, row| f64::from(table.quench_iterations[row]),
        |record| f64::from(record.inherent.iterations),
    ),
];

/// Moduli come from a factorization, which rounds differently on other instruction sets.
const OF_THE_SPECTRUM: [(&str, fn(&RealizationTable, usize) -> f64, fn(&Record) -> f64); 2] = [
    ("shear_modulus", |table, row| table.shear_modulus[row], |record| record.elastic.shear_modulus),
    ("bulk_modulus", |table, row| table.bulk_modulus[row], |record| record.elastic.bulk_modulus),
];

/// By this they may differ, relatively.
const ROUNDING: f64 = 1e-9;

fn last(series: &[f64]) -> f64 {
    series.last().copied().unwrap_or(f64::NAN)
}

/// What an archive says of its realizations.
#[derive(Debug, Clone)]
pub struct SameRealization {
    path: PathBuf,
    table: RealizationTable,
    computed_by: String,
}

impl SameRealization {
    /// From the tables of the archive at `path`.
    pub fn of(ensemble: &Ensemble, path: &Path, archive: &Archive) -> SameRealization {
        let provenance = archive.provenance();
        SameRealization {
            path: path.to_owned(),
            table: ensemble.realizations.clone(),
            computed_by: format!("glassmodes {} (commit {})", provenance.software_version, provenance.git_commit),
        }
    }

    /// Whether `record` is the realization of its index in the archive.
    ///
    /// # Errors
    /// A sentence that names the first number that differs, and the program that makes the same.
    pub fn check(&self, record: &Record) -> Result<(), String> {
        let index = record.index;
        let path = self.path.display();
        let row = self.table.index.binary_search(&index).map_err(|_| format!("{path}: no realization {index}"))?;
        let differs = |name: &str, stored: &dyn std::fmt::Display, now: &dyn std::fmt::Display| {
            Err(format!(
                "realization {index}, made again, is not the one of {path}: {name} is {stored} there and {now} here; \
                 this program makes other bits than {}, use that one",
                self.computed_by
            ))
        };
        if self.table.seed[row] != record.seed {
            return differs("seed", &self.table.seed[row], &record.seed);
        }
        for (name, stored, made) in OF_THE_GLASS {
            let (stored, made) = (stored(&self.table, row), made(record));
            if stored.to_bits() != made.to_bits() && !(stored.is_nan() && made.is_nan()) {
                return differs(name, &stored, &made);
            }
        }
        for (name, stored, made) in OF_THE_SPECTRUM {
            let (stored, made) = (stored(&self.table, row), made(record));
            let close = (stored - made).abs() <= ROUNDING * stored.abs().max(1.0);
            if close || (stored.is_nan() && made.is_nan()) {
                continue;
            }
            return differs(name, &stored, &made);
        }
        Ok(())
    }
}
