//! The HDF5 archive of a campaign: schema, segments, merge, verification, provenance.
//!
//! The only crate that knows HDF5.

pub mod record;
pub mod tables;

pub use record::Record;
pub use tables::{ModeTable, RealizationTable};
