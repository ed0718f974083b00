//! From an archive to densities of states, exponents, distributions and figures.

pub mod random;
pub mod statistics;

pub mod theory;
