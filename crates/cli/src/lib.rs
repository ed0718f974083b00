//! The `glassmodes` program: arguments, commands, printing.
//!
//! ```text
//! words ─► Arguments ─► a command, one file each ─► Exit, or why not
//! ```
//!
//! A command is a function of its arguments. This one writes a configuration to begin with:
//!
//! ```
//! use clap::Parser;
//! use glassmodes::arguments::{Arguments, Command};
//! use glassmodes::commands::{exit::Exit, init::init};
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("first.toml").display().to_string();
//! let Command::Init(arguments) = Arguments::try_parse_from(["glassmodes", "init", "quick", "--out", &file])?.command
//! else { panic!("another command") };
//! assert_eq!(init(&arguments)?, Exit::Complete);
//! assert_eq!(realization::config::load(file.as_ref(), &[])?.campaign.realizations, 64);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
pub mod arguments;

pub mod own_glass;

pub mod chains;
pub mod listed;

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
