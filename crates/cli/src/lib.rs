//! The `glassmodes` program: arguments, commands, printing.

// In the order of the flow.
pub mod arguments;

pub mod own_glass;

pub mod chains;
pub mod folder;
pub mod listed_store;
pub mod provenance;
pub mod same_realization;
pub mod store;

pub mod failures_of;
pub mod findings;
pub mod forecast;
pub mod progress;

pub mod commands;

pub mod terminal;
pub mod version;
