//! One file a command.

pub mod exit;
pub mod shell;

use crate::arguments::{Arguments, Command};
use crate::terminal;
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

/// The program: arguments in, exit code out.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::start_logs(arguments.verbose);
    let outcome = match &arguments.command {
        Command::Completions(arguments) => shell::completions(arguments),
        Command::Man(arguments) => shell::man_pages(arguments),
        _ => Ok(exit::Exit::Failed),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal::note(format_args!("error: {failure}"));
            failure.exit().into()
        }
    }
}
