//! How large figures are drawn: the same options wherever there are any.

use super::values::between;
use analysis::Format;
use clap::Args;

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
