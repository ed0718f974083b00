//! `glassmodes report`: figures, tables and one page from archives.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::ReportArguments;
use crate::terminal::say;
use analysis::Destination;

/// Writes the report.
///
/// # Errors
/// [`CommandFailure`] when an archive cannot be read, or the folder cannot be written.
pub fn report(arguments: &ReportArguments) -> Result<Exit, CommandFailure> {
    Output::out(&arguments.out).check_folder(&arguments.archives)?;
    let selection = arguments.selection.selection();
    let mut kinds = arguments.format.clone();
    kinds.sort_unstable();
    kinds.dedup();
    let destination = Destination { folder: arguments.out.clone(), kinds, format: arguments.size.format() };
    let summary = analysis::report(&arguments.archives, &selection, destination)?;
    let archives = arguments.archives.len();
    say(format_args!(
        "{} figures of {archives} {}, selected {}: {}",
        summary.figures.len(),
        if archives == 1 { "archive" } else { "archives" },
        selection.omega_max,
        arguments.out.join("index.html").display()
    ));
    Ok(Exit::Complete)
}

#[cfg(test)]
mod tests {
    use crate::arguments::{Arguments, Command};
    use analysis::{FrequencyCut, Selection};
    use archive::Group;
    use clap::Parser;

    #[test]
    fn the_options_on_the_page_ask_for_the_same_selection() {
        for omega_max in [FrequencyCut::Omega(0.25), FrequencyCut::OfPhonon(0.8)] {
            for (lowest_only, group) in [(false, None), (true, None), (false, Some(Group::ADouble))] {
                let wanted =
                    Selection { participation_max: 0.3, omega_max, lowest_only, group, ..Selection::default() };
                let line = format!("glassmodes report a.h5 --out d {}", wanted.options());
                let Ok(Arguments { command: Command::Report(arguments), .. }) =
                    Arguments::try_parse_from(line.split(' '))
                else {
                    panic!("{line}")
                };
                assert_eq!(arguments.selection.selection(), wanted);
            }
        }
    }
}
