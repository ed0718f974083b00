//! `glassmodes report`: figures, tables and one page from archives.

use super::exit::{CommandFailure, Exit};
use super::output::check_folder_path;
use crate::arguments::ReportArguments;
use crate::terminal::say;
use analysis::{FrequencyCut, Selection};

/// Writes the report.
///
/// # Errors
/// [`CommandFailure`] when an archive cannot be read, or the folder cannot be written.
pub fn report(arguments: &ReportArguments) -> Result<Exit, CommandFailure> {
    check_folder_path(&arguments.out)?;
    let selection = selection(arguments);
    let summary = analysis::report(&arguments.archives, &selection, &arguments.out)?;
    say(format_args!(
        "{} figures of {} archives, selected {}: {}",
        summary.figures.len(),
        arguments.archives.len(),
        selection.omega_max,
        arguments.out.join("index.html").display()
    ));
    Ok(Exit::Complete)
}

fn selection(arguments: &ReportArguments) -> Selection {
    let defaults = Selection::default();
    let omega_max = match (arguments.omega_max, arguments.omega_max_phonon) {
        (Some(omega), _) => FrequencyCut::Omega(omega),
        (None, Some(fraction)) => FrequencyCut::OfPhonon(fraction),
        (None, None) => defaults.omega_max,
    };
    Selection { participation_max: arguments.pr_max, omega_max, lowest_only: arguments.lowest, ..defaults }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Arguments, Command};
    use clap::Parser;

    #[test]
    fn the_options_on_the_page_ask_for_the_same_selection() {
        for omega_max in [FrequencyCut::Omega(0.25), FrequencyCut::OfPhonon(0.8)] {
            for lowest_only in [false, true] {
                let wanted = Selection { participation_max: 0.3, omega_max, lowest_only, ..Selection::default() };
                let line = format!("glassmodes report a.h5 --out d {}", wanted.options());
                let Ok(Arguments { command: Command::Report(arguments), .. }) =
                    Arguments::try_parse_from(line.split(' '))
                else {
                    panic!("{line}")
                };
                assert_eq!(selection(&arguments), wanted);
            }
        }
    }
}
