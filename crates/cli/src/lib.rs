//! The `glassmodes` program: arguments, commands, printing.

// In the order of the flow.
pub mod arguments;

pub mod extended_xyz;
pub mod own_glass;

pub mod folder;
pub mod provenance;
pub mod store;

pub mod coordinator_alive;
pub mod failures_of;
pub mod findings;
pub mod forecast;
pub mod progress;

pub mod commands;

pub mod terminal;
pub mod version;
