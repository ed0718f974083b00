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
//!
//! ```
//! use archive::synthetic::SyntheticCampaign;
//! use archive::{Archive, WriteStyle, write_archive};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("archive.h5");
//! let campaign = SyntheticCampaign::tiny();
//! let records = campaign.records(0..3);
//! write_archive(&path, &campaign.provenance(3), &records, &[], WriteStyle::Archive)?;
//! let archive = Archive::open(&path)?;
//! assert_eq!(archive.indices()?, [0, 1, 2]);
//! assert_eq!(archive.record(2)?.modes.len(), records[2].modes.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
pub mod provenance;
pub use realization::record;

pub mod group;
mod kind;
mod scalars;
pub mod tables;

pub mod schema;

mod checked;
mod columns;
mod rows;

mod h5md;
mod image;
mod read_back;
mod storage;
pub mod writer;

pub mod merge;
pub mod segments;
pub mod thin;

pub mod present;
pub mod reader;

mod h5md_reader;

pub mod diff;
pub mod verify;

mod conflict;
mod difference;
mod indices;
mod memory;
pub mod synthetic;

mod error;

pub use conflict::Conflict;
pub use diff::{Agreement, compare_records, differences, identical_but_for_timings};
pub use difference::Difference;
pub use error::{ArchiveError, RecordProblem};
pub use group::of_quartic as group_of_quartic;
pub use h5md_reader::{DiameterOfSpecies, H5mdGlasses, read_h5md};
pub use indices::{IndexRanges, index_ranges};
pub use memory::memory_available;
pub use merge::{MergeOptions, MergeReport, merge};
pub use present::{Present, read_if_present};
pub use provenance::{MADE_ELSEWHERE, Provenance};
pub use reader::Archive;
pub use record::Record;
pub use scalars::Column;
pub use segments::{SegmentStore, open_segment};
pub use storage::{WriteStyle, hdf5_version};
pub use tables::{FailureRow, ModeTable, NonlinearTable, RealizationTable, TransitionTable};
pub use thin::{SampleMoments, SummedSample, SummedStep, ThinCuts};
pub use verify::{VerifyOptions, VerifyReport, read_through, verify, verify_open};
pub use writer::write_archive;

// What the columns carry, for those who read archives and know no other crate of the flow.
pub use glass::diameters;
pub use glass::quench::ROUNDING_FORCE_MAX;
pub use glass::space::Dimension;
pub use glass::thermalize::ThermalizeEvidence;
pub use modes::nonlinear::Kind;
pub use modes::own_stiffness::NEARLY_FREE;
pub use modes::wells::{Along, Outcome};
pub use modes::{Group, InstructionClass};
