//! What of an archive is written for other programs.

use super::SelectionArguments;
use super::values::{Indices, whole};
use clap::Args;
use std::path::PathBuf;

/// `glassmodes export`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes export campaign/archive.h5 --realization 17 --out glass-17.xyz
  glassmodes export campaign/archive.h5 --realization 0-5 --out first.xyz
  glassmodes export campaign/archive.h5 --group B --softest 10 --out softest-b.xyz
  glassmodes export campaign/archive.h5 --realization 17 --out glass-17.data
  glassmodes export campaign/archive.h5 --csv modes.csv

What is written follows from the name: *.gsd is GSD (single precision; vectors as logged quantities), *.data, *.lmp and
*.lammps are LAMMPS data of atom style sphere (one glass, without vectors), all others are extended XYZ.

Selection options choose modes, as those of report do: the glasses that have them are written, with their vectors as
columns and no others, and tables of modes have their lines only. Without any, all modes count.

In Python:
  import pandas
  modes = pandas.read_csv(\"modes.csv\")
  print(modes[modes.sound & (modes.group == \"B\")].omega.describe())")]
pub struct ExportArguments {
    /// The archive
    pub archive: PathBuf,
    /// Realizations (by their indices) to write, a frame each, their kept mode vectors as columns: 17,
    /// 0-5 or 0-5,9
    #[arg(long, value_name = "I", allow_negative_numbers = true)]
    pub realization: Option<Indices>,
    /// Only the softest of the selected modes
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = whole::<usize, 1, 1_000_000_000>)]
    pub softest: Option<usize>,
    /// Where to write the realizations [default: standard output, as extended XYZ]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the described modes as a table; column `sound` says whether the glass counts in reports
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write all realizations as a table
    #[arg(long, value_name = "FILE")]
    pub realizations_csv: Option<PathBuf>,
    /// Write all nonlinear modes as a table
    #[arg(long, value_name = "FILE")]
    pub nonlinear_csv: Option<PathBuf>,
    /// Write all ways to adjacent minima as a table
    #[arg(long, value_name = "FILE")]
    pub transitions_csv: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub selection: SelectionArguments,
}

impl ExportArguments {
    /// Whether modes are selected, not all taken.
    pub fn selects(&self) -> bool {
        self.softest.is_some() || self.selection.is_given()
    }

    /// Whether tables are asked for.
    pub fn has_table(&self) -> bool {
        [&self.csv, &self.realizations_csv, &self.nonlinear_csv, &self.transitions_csv].into_iter().any(Option::is_some)
    }

    /// Whether glasses are: by their indices, a file for them, or a selection and nothing else.
    pub fn has_glasses(&self) -> bool {
        self.realization.is_some() || self.out.is_some() || (self.selects() && !self.has_table())
    }
}
