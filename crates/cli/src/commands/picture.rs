//! `glassmodes picture`: one mode, for a talk or a paper.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::PictureArguments;
use crate::terminal::note;
use analysis::FileKind;

/// Draws it.
///
/// # Errors
/// [`CommandFailure`] when the archive cannot be read or has no such mode, or the file cannot be written.
pub fn picture(arguments: &PictureArguments) -> Result<Exit, CommandFailure> {
    let out = &arguments.out;
    let ending = out.extension().and_then(|ending| ending.to_str());
    let kind = FileKind::EACH.into_iter().find(|kind| Some(kind.extension()) == ending).ok_or_else(|| {
        CommandFailure::Usage(format!("--out {}: the name of a picture ends in .svg, .png or .pdf", out.display()))
    })?;
    Output::out(out).check_text(std::slice::from_ref(&arguments.archive))?;
    let bytes = analysis::picture(&arguments.archive, arguments.mode, kind, &arguments.size.format())?;
    durable::write(out, &bytes)?;
    note(format_args!("mode {}: {}", arguments.mode, out.display()));
    Ok(Exit::Complete)
}
