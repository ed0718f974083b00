//! The `glassmodes` program: arguments, configuration, one realization end to end, printing.
pub mod extended_xyz;
