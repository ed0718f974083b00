//! `glassmodes completions` and `glassmodes man`: both from the argument definitions.

use super::exit::{CommandFailure, Exit};
use super::output::check_folder_path;
use crate::arguments::{Arguments, CompletionsArguments, ManArguments};
use crate::terminal::say;
use clap::CommandFactory;

/// Shell completions to standard output.
///
/// # Errors
/// None; the signature is that of every command.
pub fn completions(arguments: &CompletionsArguments) -> Result<Exit, CommandFailure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "glassmodes", &mut script);
    say(String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Complete)
}

/// One man page a command into a folder.
///
/// # Errors
/// [`CommandFailure::File`] when it cannot be written.
pub fn man_pages(arguments: &ManArguments) -> Result<Exit, CommandFailure> {
    check_folder_path(&arguments.out)?;
    std::fs::create_dir_all(&arguments.out).map_err(CommandFailure::file(&arguments.out))?;
    clap_mangen::generate_to(Arguments::command(), &arguments.out).map_err(CommandFailure::file(&arguments.out))?;
    say(format_args!("man pages: {}/glassmodes.1 and one a command", arguments.out.display()));
    Ok(Exit::Complete)
}
