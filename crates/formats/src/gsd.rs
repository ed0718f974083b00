//! GSD, the format of HOOMD-blue: the container (`container`) and its schema of particles (`schema`). Specification:
//! gsd.readthedocs.io, file layer 1 and 2, schema hoomd 1.

mod container;
mod schema;
mod writer;

pub(crate) use container::MAGIC;
pub(crate) use schema::frames;
pub use writer::Frames;

/// Name of the schema, as the header has it.
const SCHEMA: &str = "hoomd";

/// Bytes of the header, of an entry of the index, and of a place in the list of names.
const HEADER_BYTES: usize = 256;
const ENTRY_BYTES: usize = 32;
const NAME_BYTES: usize = 64;
