//! From an archive to densities of states, exponents, distributions and figures.
//!
//! ```text
//! archive ─► Ensemble ─► Selected ─► Measures ─┬─► figures (SVG, CSV) ─┬─► report
//!           (tables)    (selection) (numbers)  └─► summary.json        ─┘
//! random quartics ─► TheoryResult ─► figures, page
//! ```
//!
//! ```
//! use analysis::{Selection, report};
//! use archive::synthetic::SyntheticCampaign;
//! use archive::{WriteStyle, write_archive};
//!
//! let folder = tempfile::tempdir()?;
//! let (path, page) = (folder.path().join("archive.h5"), folder.path().join("page"));
//! let campaign = SyntheticCampaign::tiny();
//! write_archive(&path, &campaign.provenance(40), &campaign.records(0..40), &[], WriteStyle::Archive)?;
//! let summary = report(&[path], &Selection::default(), &page)?;
//! assert_eq!(summary.ensembles.len(), 1);
//! assert!(page.join("index.html").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
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
