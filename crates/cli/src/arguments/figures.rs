//! Commands that draw, and how large: the same options wherever there are figures.

use super::SelectionArguments;
use super::values::{between, file_kind, whole};
use analysis::{FileKind, Format};
use clap::Args;
use std::path::PathBuf;

/// How large figures are drawn.
#[derive(Debug, Clone, Args)]
pub struct FigureSize {
    /// Width of each figure's file, such as 86 for a paper's column [default: as large as it needs]
    #[arg(long, value_name = "MM", allow_negative_numbers = true, value_parser = between::<30, 500>)]
    pub width_mm: Option<f64>,
    /// Size of its letters, in points
    #[arg(
        long,
        value_name = "POINTS",
        default_value_t = 9.75,
        allow_negative_numbers = true,
        value_parser = between::<4, 40>
    )]
    pub font_size: f64,
}

impl FigureSize {
    /// As analysis takes it.
    pub fn format(&self) -> Format {
        Format { millimetres: self.width_mm, points: self.font_size }
    }
}

/// `glassmodes report`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes report campaign/archive.h5 --out report
  glassmodes report campaign/archive.h5 --out lowest --omega-max-phonon 0.8 --lowest
  glassmodes report q2.h5 q4.h5 --out comparison --pr-max 0.27 --omega-max 0.25
  glassmodes report campaign/archive.h5 --out paper --format svg,pdf --width-mm 86 --font-size 8

The selection is made here, not in the run: every mode below modes.omega_max is in the archive. Saddles and
unconverged realizations never count, and are counted; modes of nearly free particles count, and everything is
reported with and without them.")]
pub struct ReportArguments {
    /// Archives; several are compared
    #[arg(required = true, value_name = "ARCHIVE")]
    pub archives: Vec<PathBuf>,
    /// Folder of the report
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Kinds of files of each figure, with commas between them: svg, png, pdf
    #[arg(long, value_name = "KINDS", value_delimiter = ',', default_value = "svg", value_parser = file_kind)]
    pub format: Vec<FileKind>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub size: FigureSize,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub selection: SelectionArguments,
}

/// `glassmodes picture`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes picture campaign/archive.h5 --mode 17 --out mode-17.svg
  glassmodes picture campaign/archive.h5 --mode 17 --out mode-17.pdf --width-mm 86 --font-size 8

Left: the glass around the core of the mode, particles to scale and coloured by how much they move, arrows along the
mode. Right: the energy along it, of the quartic and of the potential itself. The report names the command of each
picture that it shows. SVG needs no font; PNG and PDF take one of this machine.")]
pub struct PictureArguments {
    /// The archive
    pub archive: PathBuf,
    /// Which mode: its row in /modes, counted from 0, which is column `row` of `export --csv`
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub mode: u64,
    /// The picture; its name ends in .svg, .png or .pdf
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub size: FigureSize,
}
