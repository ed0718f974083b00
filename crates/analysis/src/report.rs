//! The report: one page that opens without a network, the figures and the data behind them.
//!
//! `index.html` carries its figures inside; beside it lie each figure as SVG and as CSV, and
//! `summary.json` with every number on the page.

mod compared;
mod destination;
mod html;
mod numbers;
mod page;
pub mod paper;
mod searched;
mod tables;
mod theory;
mod verdict;

pub use destination::Destination;
pub use theory::write_theory;

use crate::ensemble::{Ensemble, distinct_labels};
use crate::figures::convert::ConvertError;
use crate::figures::{self, Figure};
use crate::measures::Measures;
use crate::measures::comparison::{Contrast, differences};
use crate::selection::{Selection, WiderThanArchive};
use crate::shell_word::readable_word;
use archive::ArchiveError;
use durable::DurableError;
use serde::Serialize;
use std::path::PathBuf;
use thiserror::Error;

/// Seed of all resampling in a report: the same archive gives the same numbers.
pub const SEED: u64 = 1;

/// Every number of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Version of the program that wrote it.
    pub software_version: &'static str,
    /// What was selected.
    pub selection: Selection,
    /// One entry an archive.
    pub ensembles: Vec<Measures>,
    /// All but the first ensemble against the first.
    pub differences: Vec<Contrast>,
    /// The paper's numbers.
    pub paper: paper::Paper,
    /// Figures, by the names of their files.
    pub figures: Vec<Figure>,
}

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// An archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A thin archive lacks what was selected.
    #[error(transparent)]
    Wider(#[from] WiderThanArchive),
    /// A figure cannot be written as the kind of file that was asked for.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// A page of something else stands where ours would.
    #[error("{}: is there, and is no page of glassmodes; name another folder", .0.display())]
    Foreign(PathBuf),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] DurableError),
    /// The summary cannot be put into JSON.
    #[error("summary.json: {0}")]
    Json(#[from] serde_json::Error),
}

/// Reports on the archives at `paths`, one after the other, into the folder `out`. Memory holds the tables
/// of one archive at a time.
///
/// # Errors
/// [`ReportError`].
pub fn report(paths: &[PathBuf], selection: &Selection, out: impl Into<Destination>) -> Result<Summary, ReportError> {
    let out = out.into();
    out.check()?;
    let mut measures = Vec::new();
    for path in paths {
        let ensemble = Ensemble::open(path)?;
        selection.check(&ensemble)?;
        tracing::info!(archive = %path.display(), realizations = ensemble.len(), "measuring");
        measures.push(Measures::of(&ensemble, selection, SEED)?);
    }
    let names = paths.iter().map(|path| readable_word(path)).collect();
    write_measures(measures, names, selection, &out)
}

/// Draws and writes what was measured in the archives of these names.
fn write_measures(
    mut measures: Vec<Measures>,
    archives: Vec<String>,
    selection: &Selection,
    out: &Destination,
) -> Result<Summary, ReportError> {
    let named: Vec<_> = measures.iter().map(|m| (m.label.clone(), m.about.clone())).collect();
    for (measures, label) in measures.iter_mut().zip(distinct_labels(&named)) {
        measures.label = label;
    }
    let several = measures.len() > 1;
    let mut of_ensembles = Vec::new();
    for (k, measures) in measures.iter().enumerate() {
        let mut figures = figures::of_ensemble(measures, selection);
        if several {
            let slug = html::slug(&measures.label, k);
            figures.iter_mut().for_each(|figure| figure.name = format!("{slug}-{}", figure.name));
        }
        of_ensembles.push(figures);
    }
    let comparison = if several {
        vec![
            figures::comparison::density(&measures),
            figures::comparison::exponents(&measures),
            figures::comparison::beta(&measures),
            figures::comparison::fractions(&measures),
        ]
    } else {
        Vec::new()
    };
    let differences = differences(&measures);
    let page = page::page(&page::Material {
        measures: &measures,
        differences: &differences,
        selection,
        figures: &of_ensembles,
        comparison: &comparison,
        archives: &archives,
        kinds: &out.kinds,
    });
    let summary = Summary {
        software_version: env!("CARGO_PKG_VERSION"),
        selection: *selection,
        differences,
        paper: paper::Paper::numbers(),
        figures: comparison.into_iter().chain(of_ensembles.into_iter().flatten()).collect(),
        ensembles: measures,
    };
    out.write(&page, &summary.figures, &serde_json::to_string_pretty(&summary)?)?;
    Ok(summary)
}
