//! How large figures are drawn, and as what they are written.

use std::fmt;

/// Size of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Format {
    /// Width in millimetres, such as that of a paper's column; each figure's own if absent.
    pub millimetres: Option<f64>,
    /// Font size in points.
    pub points: f64,
}

impl Default for Format {
    fn default() -> Format {
        Format { millimetres: None, points: 9.75 }
    }
}

impl Format {
    /// Font size in pixels of 1/96 inch.
    pub(crate) fn font(&self) -> f64 {
        self.points * 96.0 / 72.0
    }

    /// Width in pixels.
    pub(crate) fn width(&self) -> Option<f64> {
        self.millimetres.map(|wide| wide * 96.0 / 25.4)
    }
}

/// A kind of file that a figure is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Scalable, for pages and for editing.
    Svg,
    /// Pixels, three to one of the page.
    Png,
    /// For LaTeX.
    Pdf,
}

impl FileKind {
    /// All of them.
    pub const EACH: [FileKind; 3] = [FileKind::Svg, FileKind::Png, FileKind::Pdf];

    /// Ending of the name of such a file.
    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Svg => "svg",
            FileKind::Png => "png",
            FileKind::Pdf => "pdf",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.extension())
    }
}
