//! The `glassmodes` program: arguments, configuration, one realization end to end, printing.

// In the order of the flow.
pub mod arguments;
pub mod config;

pub mod extended_xyz;

pub mod commands;

pub mod terminal;
pub mod version;
