//! Extended XYZ: glasses in, modes out (OVITO, ASE). Specification: that of libAtoms/extxyz.
//!
//! A frame is a line with the number of particles, a comment line with `Lattice="…"` and
//! `Properties=name:type:columns:…`, and one line a particle. Positions have two columns or three; the size of a particle
//! is a `diameter` or a `radius` column, or follows from its species.

mod comment;
mod header;
mod reader;
mod writer;

pub(crate) use reader::parse;
pub use writer::write_frame;
