//! `glassmodes report`: figures, tables and one page from archives.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::ReportArguments;
use crate::terminal::{note, say, several};
use analysis::measures::Measures;
use analysis::{Destination, Selection};

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
    for ensemble in &summary.ensembles {
        what_to_know(ensemble, &selection)
            .into_iter()
            .for_each(|line| note(format_args!("{}: {line}", ensemble.label)));
    }
    say(format_args!(
        "{} of {}, selected {}: {}",
        several(summary.figures.len(), "figure", "figures"),
        several(arguments.archives.len(), "archive", "archives"),
        selection.omega_max,
        arguments.out.join("index.html").display()
    ));
    Ok(Exit::Complete)
}

/// What of a selection would surprise: that it is empty, or that glasses are not described so far.
fn what_to_know(of: &Measures, selection: &Selection) -> Vec<String> {
    let census = &of.census;
    let mut lines = Vec::new();
    if census.cut_by_description > 0 {
        let end = of.about.described_omega_max.map_or_else(String::new, |omega| format!(", up to omega = {omega}"));
        lines.push(format!(
            "{} of {} are not described as far as the selection reaches{end}; they count as far as they are",
            census.cut_by_description,
            several(census.sound, "glass", "glasses")
        ));
    }
    if census.selected == 0 {
        lines.push(format!(
            "no mode is selected: of {} described, {} have a participation ratio of {} or more and {} a frequency \
             above the cut ({}); {} sound of {}",
            census.described,
            census.extended,
            selection.participation_max,
            census.above_cut,
            selection.omega_max,
            census.sound,
            several(census.realizations, "glass", "glasses")
        ));
    }
    lines
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
