//! What stands before a campaign: a configuration, and what it will need.

use super::Overrides;
use super::values::whole;
use clap::Args;
use std::path::PathBuf;

/// `glassmodes init`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes init                                    what there is
  glassmodes init quick                              writes quick.toml
  glassmodes init paper-fast --out campaign.toml")]
pub struct InitArguments {
    /// Which one; without it, they are listed
    pub name: Option<String>,
    /// The file to write, which must not be there yet [default: NAME.toml]
    #[arg(long, value_name = "FILE", requires = "name")]
    pub out: Option<PathBuf>,
}

/// `glassmodes plan`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes plan config/paper-fast.toml
  glassmodes plan config/paper-fast.toml --ranks 256 --emit-script campaign.slurm
  glassmodes plan config/paper-fast.toml --json | jq .core_hours")]
pub struct PlanArguments {
    /// Campaign as TOML
    pub config: PathBuf,
    /// Processes the campaign will run on
    #[arg(long, value_name = "R", allow_negative_numbers = true, value_parser = whole::<u32, 1, 1_000_000>)]
    pub ranks: Option<u32>,
    /// Write a filled-in SLURM job script
    #[arg(long, value_name = "FILE")]
    pub emit_script: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub overrides: Overrides,
}
