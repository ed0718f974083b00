//! From an archive to densities of states, exponents, distributions and figures.
//!
//! ```text
//! archive ─► Ensemble ─► Selected ─► Measures ─┬─► figures (SVG, CSV) ─┬─► report
//!           (tables)    (selection) (numbers)  └─► summary.json        ─┘
//! random quartics ─► TheoryResult ─► figures, page
//! ```

// In the order of the flow.
pub mod ensemble;
pub mod selection;

pub mod random;
pub mod statistics;

pub mod measures;
pub mod theory;

pub mod figures;
pub mod picture;
pub mod report;
pub mod shell_word;

pub use ensemble::{About, Ensemble};
pub use figures::format::{FileKind, Format};
pub use measures::Measures;
pub use picture::{PictureError, picture};
pub use report::{Destination, ReportError, Summary, report, write_theory};
pub use selection::{Counted, FrequencyCut, Selection, WiderThanArchive};
