//! One file a command.

pub mod exit;
mod output;
mod unfinished;

pub mod init;
pub mod plan;

pub mod clean;
pub mod revisit;
pub mod run;
pub mod status;

pub mod merge;
pub mod verify;

pub mod picture;
pub mod report;

pub mod export;
pub mod modes;
pub mod theory;

pub mod shell;

use crate::arguments::{Arguments, Command};
use crate::terminal;
use clap::Parser;
use std::process::ExitCode;

/// The program: arguments in, exit code out.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::start_logs(arguments.verbose);
    // Bits must not depend on the number of threads: linear algebra stays sequential inside a realization.
    faer::set_global_parallelism(faer::Par::Seq);
    let outcome = match &arguments.command {
        Command::Init(arguments) => init::init(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Retry(arguments) => run::retry(arguments),
        Command::Clean(arguments) => clean::clean(arguments),
        Command::Revisit(arguments) => revisit::revisit(arguments),
        Command::Plan(arguments) => plan::plan(arguments),
        Command::Status(arguments) => status::status(arguments),
        Command::Merge(arguments) => merge::merge(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Picture(arguments) => picture::picture(arguments),
        Command::Modes(arguments) => modes::modes(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Theory(arguments) => theory::theory(arguments),
        Command::Completions(arguments) => shell::completions(arguments),
        Command::Man(arguments) => shell::man_pages(arguments),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal::note(format_args!("error: {failure}"));
            failure.exit().into()
        }
    }
}
