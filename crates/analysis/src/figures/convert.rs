//! SVG becomes PNG or PDF, by resvg and svg2pdf, with the fonts of this machine.

use super::format::FileKind;
use std::sync::{Arc, OnceLock};
use svg2pdf::usvg;
use thiserror::Error;
use usvg::fontdb;

/// Pixels of a PNG for one of the SVG.
const PIXELS: f32 = 3.0;

/// Why a picture cannot be converted.
#[derive(Debug, Error)]
pub enum ConvertError {
    /// No font, or none with the letters.
    #[error(
        "{kind} needs a font, and this machine has none: install one (fonts-dejavu-core, for example), or ask for svg"
    )]
    NoFont {
        /// What was asked for.
        kind: FileKind,
    },
    /// The picture is too large for memory, or the converter gave up.
    #[error("cannot be written as {kind}: {cause}")]
    Failed {
        /// What was asked for.
        kind: FileKind,
        /// What the converter said.
        cause: String,
    },
}

/// The file of `kind` that shows what `svg` does.
///
/// # Errors
/// [`ConvertError`].
pub fn convert(svg: &str, kind: FileKind) -> Result<Vec<u8>, ConvertError> {
    let failed = |cause: String| ConvertError::Failed { kind, cause };
    if kind == FileKind::Svg {
        return Ok(svg.as_bytes().to_vec());
    }
    let fontdb = fonts();
    if fontdb.is_empty() {
        return Err(ConvertError::NoFont { kind });
    }
    let options = usvg::Options { fontdb, font_family: "DejaVu Sans".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|cause| failed(cause.to_string()))?;
    match kind {
        FileKind::Pdf => svg2pdf::to_pdf(&tree, svg2pdf::ConversionOptions::default(), svg2pdf::PageOptions::default())
            .map_err(|cause| failed(cause.to_string())),
        _ => {
            let [width, height] = [tree.size().width(), tree.size().height()].map(|side| (side * PIXELS).ceil() as u32);
            let mut pixels = resvg::tiny_skia::Pixmap::new(width, height)
                .ok_or_else(|| failed(format!("{width} by {height} pixels")))?;
            let scale = resvg::tiny_skia::Transform::from_scale(PIXELS, PIXELS);
            resvg::render(&tree, scale, &mut pixels.as_mut());
            pixels.encode_png().map_err(|cause| failed(cause.to_string()))
        }
    }
}

/// All fonts of this machine: looking for them takes a while, so once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let found = FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        Arc::new(fonts)
    });
    Arc::clone(found)
}
