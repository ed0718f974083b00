//! The command line: `--help`, completions and man pages all come from these definitions.

mod export;
mod figures;
mod modes;
mod plan;
mod selection;
pub mod values;

pub use export::ExportArguments;
pub use figures::{FigureSize, PictureArguments, ReportArguments};
pub use modes::ModesArguments;
pub use plan::{InitArguments, PlanArguments};
pub use selection::SelectionArguments;

use crate::version;
use campaign::Slice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Args, Parser, Subcommand};
use std::path::PathBuf;
use values::{Walltime, positive, ratio, whole};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default());

/// Which quasi-localized modes does a glass have, and what do they look like?
///
/// Makes an ensemble of independent computer glasses, finds the soft modes of each, describes every
/// one of them, and gathers the descriptors into one HDF5 archive.
#[derive(Debug, Parser)]
#[command(name = "glassmodes", version = version::SHORT, long_version = version::long(), styles = STYLES)]
#[command(after_long_help = "\
Examples:
  glassmodes run config/quick.toml --out quick       64 small glasses, under a minute
  glassmodes report quick/archive.h5 --out report    figures; open report/index.html
  mpirun -n 64 glassmodes run config/paper-fast.toml --out campaign

Exit codes:
  0   complete
  1   failed
  2   wrong arguments or configuration
  3   complete, but for quarantined realizations or glasses (see /failures in the archive) or damaged segments that were left out
  75  stopped early; run the same command again to resume")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Log more: -v what happens, -vv every detail (to standard error)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// One subcommand each.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a configuration to begin with
    Init(InitArguments),
    /// Compute a campaign, or go on with one, on threads or under mpirun
    Run(RunArguments),
    /// Try the quarantined realizations of a campaign again
    Retry(RetryArguments),
    /// Make selected realizations of an archive again, and describe them in full
    Revisit(RevisitArguments),
    /// Say how far a campaign is, from its ledger alone
    Status(StatusArguments),
    /// Foresee core-hours, memory and output of a campaign from a short calibration here
    Plan(PlanArguments),
    /// Join archives, segments and slices into one archive
    Merge(MergeArguments),
    /// Remove what a campaign's verified archive makes superfluous
    Clean(CleanArguments),
    /// Check an archive: structure, physics, and a sample recomputed from its seeds
    Verify(VerifyArguments),
    /// Make figures, tables and one page from archives
    Report(ReportArguments),
    /// Draw one mode: particles, arrows, and the energy along it
    Picture(PictureArguments),
    /// Find the modes of your own glasses
    Modes(ModesArguments),
    /// Write one realization for OVITO, or all modes as a table
    Export(ExportArguments),
    /// Sample the soft-potential theory behind the densities of states
    Theory(TheoryArguments),
    /// Write shell completions to standard output
    Completions(CompletionsArguments),
    /// Write the man pages into a folder
    Man(ManArguments),
}

/// `--set`, wherever a configuration is read.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Override any key of the configuration, e.g. --set campaign.seed=7 (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
}

/// What a campaign is computed with.
#[derive(Debug, Clone, Args)]
pub struct Workers {
    /// Realizations computed at once by this process [default: all cores; 1 under MPI]
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole::<u16, 1, 4096>)]
    pub threads: Option<u16>,
    /// Start nothing that cannot finish within this time
    #[arg(long, value_name = "HH:MM:SS")]
    pub walltime: Option<Walltime>,
    /// Whether the coordinating process computes too [default: with up to 16 processes]
    #[arg(long, value_name = "YES", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub coordinator_works: Option<bool>,
}

/// `glassmodes run`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes run config/quick.toml --out quick
  glassmodes run config/laptop.toml --out laptop --threads 4 --set campaign.seed=7
  mpirun -n 64 glassmodes run config/paper-fast.toml --out campaign --walltime 11:50:00
  glassmodes run config/paper-fast.toml --out campaign/slice-3 --slice 3/100
  glassmodes run laptop                              goes on, from the folder alone
  glassmodes run laptop --set campaign.realizations=4000

The same command again goes on where it stopped: after ^C, a lost node, or the end of an allocation.
`touch DIR/stop` stops it, and holds until that file is removed, also for what is queued.

DIR holds segments/ (what is finished), ledger.jsonl (what happened), config.toml (as resolved) and, when
complete, archive.h5.")]
pub struct RunArguments {
    /// Campaign as TOML (every key is explained in config/README.md), or the folder of one that was begun
    #[arg(value_name = "CONFIG|DIR")]
    pub config: PathBuf,
    /// Folder of the campaign: new, empty, or its own from before
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Only this part of the campaign, e.g. 3/100 (for job arrays; merge the parts afterwards)
    #[arg(long, value_name = "K/OF")]
    pub slice: Option<Slice>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub workers: Workers,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub overrides: Overrides,
}

/// `glassmodes retry`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes retry campaign
  glassmodes retry campaign --set campaign.attempts_max=5

What a realization gives follows from its seed, so that one which did not converge will not do so now. Worth
another try is what a lost node, a deadline or a fault of the program that was mended since has ended.")]
pub struct RetryArguments {
    /// Folder of the campaign
    pub campaign: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub overrides: Overrides,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub workers: Workers,
}

/// `glassmodes status`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes status campaign
  glassmodes status campaign --watch
  glassmodes status campaign --json | jq .done")]
pub struct StatusArguments {
    /// Folder of a campaign, or of its slices
    pub campaign: PathBuf,
    /// Show again every two seconds until nobody works on it any more
    #[arg(long)]
    pub watch: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `glassmodes merge`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes merge campaign/slice-* --out campaign/archive.h5
  glassmodes merge campaign --out so-far.h5        what is finished of a campaign that still runs
  glassmodes merge campaign --out thin.h5 --thin --modes-below 0.3 --participation-below 0.3")]
pub struct MergeArguments {
    /// Folders of campaigns or slices, or archives
    #[arg(required = true, value_name = "DIR|ARCHIVE")]
    pub sources: Vec<PathBuf>,
    /// The archive to write (replaced if it exists and holds nothing that the sources lack)
    #[arg(long, value_name = "ARCHIVE")]
    pub out: PathBuf,
    /// Replace an archive even by one that lacks realizations of it, or keeps less of each
    #[arg(long)]
    pub force: bool,
    /// Leave out vectors, profiles and particles, and sum series and staircases over the glasses: a few hundred bytes a
    /// glass, and all that a report needs
    #[arg(long)]
    pub thin: bool,
    /// With --thin, keep eigenvalues and modes below this omega only
    #[arg(long, value_name = "OMEGA", requires = "thin", value_parser = positive)]
    pub modes_below: Option<f64>,
    /// With --thin, keep modes with participation ratios below this only
    #[arg(long, value_name = "PR", requires = "thin", value_parser = ratio)]
    pub participation_below: Option<f64>,
}

/// `glassmodes clean`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes clean campaign

Verifies DIR/archive.h5 first, and that it holds whatever the segments hold; then removes the segments and what
interrupted runs have left. The campaign can be raised and gone on with afterwards: the archive counts.")]
pub struct CleanArguments {
    /// Folder of the campaign
    pub campaign: PathBuf,
}

/// `glassmodes verify`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes verify campaign/archive.h5
  glassmodes verify campaign/archive.h5 --recompute 10
  glassmodes verify mine/archive.h5 --same-as theirs/archive.h5")]
pub struct VerifyArguments {
    /// The archive
    pub archive: PathBuf,
    /// How many realizations, spread over the archive, to recompute from their seeds and compare bit by bit
    #[arg(
        long,
        value_name = "K",
        default_value_t = 1,
        allow_negative_numbers = true,
        value_parser = whole::<usize, 0, { u64::MAX }>
    )]
    pub recompute: usize,
    /// Another archive that must hold the same results bit by bit, timings and attempts aside
    #[arg(long, value_name = "ARCHIVE")]
    pub same_as: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `glassmodes revisit`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes revisit campaign/archive.h5 --out soft.h5 --pr-max 0.27 --omega-max 0.145
  glassmodes revisit thin.h5 --out b.h5 --omega-max 0.2 --group B --set modes.snapshot_participation_max=1
  mpirun -n 16 glassmodes revisit thin.h5 --out b.h5 --group B

Makes the realizations that have a selected mode again, from their seeds, to the same bits, and describes all
their modes: vectors, glasses, and whatever this program describes that the archive does not have. Stopped early,
the same command goes on; what is unfinished lies in ARCHIVE.unfinished beside the archive to write.")]
pub struct RevisitArguments {
    /// The archive to select from; a thin one will do
    pub archive: PathBuf,
    /// The archive to write (replaced if it exists)
    #[arg(long, value_name = "ARCHIVE")]
    pub out: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub selection: SelectionArguments,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub workers: Workers,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub overrides: Overrides,
}

/// `glassmodes theory`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes theory --out theory
  glassmodes theory --out theory --samples 2000000 --seed 7")]
pub struct TheoryArguments {
    /// Folder of the figures and numbers
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Potentials drawn from each input distribution
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 100_000,
        allow_negative_numbers = true,
        value_parser = whole::<u64, 1, 20_000_000>
    )]
    pub samples: u64,
    /// Seed of the samples
    #[arg(
        long,
        value_name = "SEED",
        default_value_t = 1,
        allow_negative_numbers = true,
        value_parser = whole::<u64, 0, { u64::MAX }>
    )]
    pub seed: u64,
}

/// `glassmodes completions`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes completions bash > ~/.local/share/bash-completion/completions/glassmodes
  glassmodes completions zsh > ~/.zfunc/_glassmodes")]
pub struct CompletionsArguments {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `glassmodes man`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes man --out ~/.local/share/man/man1 && man glassmodes-run")]
pub struct ManArguments {
    /// Folder for glassmodes.1, glassmodes-run.1, ...
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_fixed_command_lines_are_accepted() {
        for line in [
            "run c.toml --out d --slice 2/4 --threads 3 --set campaign.seed=7 --set a.b=c --walltime 01:02:03",
            "run d",
            "retry d",
            "clean d",
            "status d --watch --json",
            "init",
            "init quick --out c.toml",
            "plan c.toml --ranks 64 --json",
            "merge a b.h5 --out c.h5",
            "verify a.h5",
            "report a.h5 b.h5 --out d",
            "revisit a.h5 --out b.h5 --pr-max 0.27 --omega-max 0.2 --group B --lowest --set modes.lowest=3 --threads 2",
            "report a.h5 --out d --format svg,png,pdf --width-mm 86 --font-size 8",
            "picture a.h5 --mode 3 --out m.svg",
            "modes g.xyz --out a.h5",
            "export a.h5 --realization 3",
            "export a.h5 --realization 0-5,9 --out g.xyz",
            "export a.h5 --group B --softest 10 --csv m.csv",
            "theory --out d",
        ] {
            let words = std::iter::once("glassmodes").chain(line.split(' '));
            assert!(Arguments::try_parse_from(words).is_ok(), "{line}");
        }
    }
}
