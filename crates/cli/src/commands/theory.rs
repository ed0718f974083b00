//! `glassmodes theory`: the soft-potential theory behind ω³ and ω⁴, sampled.

use super::exit::{CommandFailure, Exit};
use super::output::check_folder_path;
use crate::arguments::TheoryArguments;
use crate::terminal::say;
use analysis::{theory, write_theory};

/// Samples and writes the page.
///
/// # Errors
/// [`CommandFailure`] when the folder cannot be written.
pub fn theory(arguments: &TheoryArguments) -> Result<Exit, CommandFailure> {
    check_folder_path(&arguments.out)?;
    let result = theory::run(arguments.samples, arguments.seed);
    write_theory(&result, &arguments.out)?;
    say(format_args!("{}", arguments.out.join("index.html").display()));
    Ok(Exit::Complete)
}
