//! Where a report goes: its folder, what earlier reports have left there, and as what figures are written.

use super::{ReportError, html};
use crate::figures::Figure;
use crate::figures::convert::convert;
use crate::figures::format::{FileKind, Format};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder, and how figures are written into it.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The folder.
    pub folder: PathBuf,
    /// Kinds of files of each figure.
    pub kinds: Vec<FileKind>,
    /// Size of the figures beside the page; those on it have their own.
    pub format: Format,
}

impl<P: AsRef<Path>> From<P> for Destination {
    /// Figures as SVG, of their own size.
    fn from(folder: P) -> Destination {
        Destination { folder: folder.as_ref().to_owned(), kinds: vec![FileKind::Svg], format: Format::default() }
    }
}

/// Titles of pages that were written before pages had a mark.
const TITLES: [&str; 2] = ["<title>Quasi-localized modes", "<title>Soft potentials"];

impl Destination {
    /// Refuses a folder whose `index.html` is not ours.
    pub(super) fn check(&self) -> Result<(), ReportError> {
        let page = self.folder.join("index.html");
        let Ok(text) = fs::read(&page) else { return Ok(()) };
        let text = String::from_utf8_lossy(&text);
        let ours = text.contains(html::MARK) || TITLES.iter().any(|title| text.contains(title));
        if ours { Ok(()) } else { Err(ReportError::Foreign(page)) }
    }

    /// Writes `index.html`, the figures and `summary.json`, each of them whole or not at all, and removes the figures
    /// that the report before had and this one has not.
    pub(super) fn write(&self, page: &str, figures: &[Figure], summary: &str) -> Result<(), ReportError> {
        durable::make_folder(&self.folder)?;
        let before = self.files_before();
        let mut written = BTreeSet::new();
        let mut write = |name: String, bytes: &[u8]| {
            durable::write(&self.folder.join(&name), bytes)?;
            written.insert(name);
            Ok::<(), ReportError>(())
        };
        for figure in figures {
            if let Some(svg) = figure.svg(&self.format) {
                for &kind in &self.kinds {
                    write(format!("{}.{kind}", figure.name), &convert(&svg, kind)?)?;
                }
            }
            write(format!("{}.csv", figure.name), figure.csv.as_bytes())?;
        }
        write("summary.json".to_owned(), summary.as_bytes())?;
        write("index.html".to_owned(), page.as_bytes())?;
        for name in before.difference(&written) {
            // Gone is as good as removed.
            let _ = fs::remove_file(self.folder.join(name));
        }
        Ok(())
    }

    /// Files of the figures that `summary.json` of the report before names.
    fn files_before(&self) -> BTreeSet<String> {
        let text = fs::read(self.folder.join("summary.json")).unwrap_or_default();
        let summary: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let figures = summary["figures"].as_array().cloned().unwrap_or_default();
        let names = figures.iter().filter_map(|figure| figure["name"].as_str().map(str::to_owned));
        // Names as we make them: none leads out of the folder.
        let plain = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        names
            .filter(plain)
            .flat_map(|name| ["svg", "png", "pdf", "csv"].map(|kind| format!("{name}.{kind}")))
            .filter(|name| self.folder.join(name).is_file())
            .collect()
    }
}
