//! Extended XYZ: glasses in, modes out (OVITO, ASE).
//!
//! A frame is a line with the number of particles, a comment line with `Lattice="…"` and
//! `Properties=name:type:columns:…`, and one line a particle. Positions may have two columns, or three
//! with z = 0; the size of a particle is a `diameter` or a `radius` column.

mod comment;
mod reader;
mod writer;

pub use reader::{ExtendedXyzError, Glass, read_glasses};
pub use writer::write_frame;
