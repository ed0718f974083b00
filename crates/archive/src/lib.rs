//! The HDF5 archive of a campaign: schema, segments, merge, verification, provenance.
//!
//! ```text
//! Record ─► rows of columns ─► segment ─┐
//!                              segment ─┼─ merge ─► archive ─► tables, spectra, snapshots
//!                              segment ─┘
//! ```
//!
//! The only crate that knows HDF5. HDF5 prints nothing here: its errors come back as
//! [`ArchiveError`], which names file and dataset.

// In the order of the flow.
pub mod provenance;
pub use realization::record;

pub mod group;
pub mod schema;

mod checked;
mod columns;
mod rows;
mod scalars;

mod durable;
mod h5md;
mod image;
mod storage;
pub mod writer;

pub mod merge;
pub mod segments;

pub mod reader;
pub mod tables;

mod h5md_reader;

pub mod diff;
pub mod verify;

mod indices;
pub mod synthetic;

mod error;

pub use diff::{Difference, compare_records, differences, identical_but_for_timings};
pub use error::{ArchiveError, RecordProblem};
pub use h5md_reader::read_h5md;
pub use indices::index_ranges;
pub use merge::{MergeOptions, MergeReport, merge};
pub use provenance::Provenance;
pub use reader::Archive;
pub use record::Record;
pub use segments::SegmentStore;
pub use storage::{WriteStyle, hdf5_version};
pub use tables::{FailureRow, ModeTable, RealizationTable};
pub use verify::{VerifyOptions, VerifyReport, verify};
pub use writer::write_archive;

// What the columns carry, for those who read archives and know no other crate of the flow.
pub use glass::diameters;
pub use glass::thermalize::ThermalizeEvidence;
pub use modes::Group;
