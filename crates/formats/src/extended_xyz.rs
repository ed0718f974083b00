//! Extended XYZ: glasses in, modes out (OVITO, ASE). Specification: that of libAtoms/extxyz.
//!
//! A frame is a line with the number of particles, a comment line with `Lattice="…"` and
//! `Properties=name:type:columns:…`, and one line a particle. Positions may have two columns, or three
//! with z = 0; the size of a particle is a `diameter` or a `radius` column.

mod comment;
mod header;
mod number;
mod reader;
mod writer;

pub use reader::Fault;
pub(crate) use reader::parse;
pub use writer::write_frame;
