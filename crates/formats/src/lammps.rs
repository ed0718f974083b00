//! LAMMPS: text dumps (`dump atom`, `dump custom`) and data files (`write_data`).
//!
//! Particles come in the order of their id, where they have one, because LAMMPS writes them in any. Image flags and
//! unwrapped coordinates say nothing of a periodic glass, and are read away.

mod atoms;
mod bounds;
pub(crate) mod data;
pub(crate) mod dump;
mod writer;

pub use writer::write_data;
