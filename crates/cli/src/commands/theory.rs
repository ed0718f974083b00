//! `glassmodes theory`: the soft-potential theory behind ω³ and ω⁴, sampled.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::TheoryArguments;
use crate::terminal::{note, say};
use analysis::{theory, write_theory};

/// Samples and writes the page.
///
/// # Errors
/// [`CommandFailure`] when the folder cannot be written.
pub fn theory(arguments: &TheoryArguments) -> Result<Exit, CommandFailure> {
    Output::out(&arguments.out).check_folder(&[])?;
    let result = theory::run(arguments.samples, arguments.seed, &mut |number, parts, what| {
        note(format_args!("{number} of {parts}: {what}"));
    });
    write_theory(&result, &arguments.out)?;
    say(format_args!("{}", arguments.out.join("index.html").display()));
    Ok(Exit::Complete)
}
