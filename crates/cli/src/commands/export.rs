//! `glassmodes export`: realizations for OVITO, or modes and realizations as tables.

mod glasses;
mod searched;
mod table;

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::ExportArguments;
use crate::terminal::{note, several};
use analysis::Ensemble;
use archive::Archive;
use std::io;
use std::path::Path;

/// Writes what was asked for.
///
/// # Errors
/// [`CommandFailure`] when the archive cannot be read, has no such realization or no particles of
/// it, no mode is selected, or a file cannot be written.
pub fn export(arguments: &ExportArguments) -> Result<Exit, CommandFailure> {
    if !arguments.has_glasses() && !arguments.has_table() {
        return Err(CommandFailure::Usage(
            "nothing to export: name --realization <I>, modes (--group B, --softest 10, ...), or a table \
             (--csv, --realizations-csv, --nonlinear-csv, --transitions-csv)"
                .to_owned(),
        ));
    }
    let mut taken = vec![arguments.archive.clone()];
    let files = [
        ("--csv", &arguments.csv),
        ("--realizations-csv", &arguments.realizations_csv),
        ("--nonlinear-csv", &arguments.nonlinear_csv),
        ("--transitions-csv", &arguments.transitions_csv),
        ("--out", &arguments.out),
    ];
    for (option, path) in files {
        if let Some(path) = path {
            Output { option, path }.check_text(&taken)?;
            taken.push(path.clone());
        }
    }
    let archive = Archive::open(&arguments.archive)?;
    if arguments.csv.is_some() || arguments.realizations_csv.is_some() || arguments.selects() {
        let ensemble = Ensemble::open(&arguments.archive)?;
        let rows = selected_rows(arguments, &ensemble)?;
        // Reads the box of every glass, which only tables say.
        let about = || table::Glasses::of(&ensemble, &archive);
        if let Some(path) = &arguments.csv {
            let about = about()?;
            to_file(path, |out| table::modes(out, &ensemble, &about, &rows))?;
            note(format_args!("{}: {}", several(rows.len(), "mode", "modes"), path.display()));
        }
        if let Some(path) = &arguments.realizations_csv {
            let about = about()?;
            to_file(path, |out| table::realizations(out, &ensemble, &about))?;
            note(format_args!("{}: {}", several(ensemble.len(), "realization", "realizations"), path.display()));
        }
        if arguments.has_glasses() {
            glasses::write(arguments, &archive, &ensemble.modes, &rows)?;
        }
    } else if arguments.has_glasses() {
        let modes = archive.modes()?;
        let rows: Vec<usize> = (0..modes.realization.len()).collect();
        glasses::write(arguments, &archive, &modes, &rows)?;
    }
    if let Some(path) = &arguments.nonlinear_csv {
        let table = archive.nonlinear()?;
        to_file(path, |out| searched::nonlinear(out, &table))?;
        let count =
            several(table.kind.len(), "nonlinear mode or search given up", "nonlinear modes and searches given up");
        note(format_args!("{count}: {}", path.display()));
    }
    if let Some(path) = &arguments.transitions_csv {
        let table = archive.transitions()?;
        to_file(path, |out| searched::transitions(out, &table))?;
        let count = several(table.outcome.len(), "way or search that failed", "ways and searches that failed");
        note(format_args!("{count}: {}", path.display()));
    }
    Ok(Exit::Complete)
}

/// Rows of the selected modes, in the order of the archive; all of them where nothing is selected.
fn selected_rows(arguments: &ExportArguments, ensemble: &Ensemble) -> Result<Vec<usize>, CommandFailure> {
    if !arguments.selects() {
        return Ok((0..ensemble.modes.omega.len()).collect());
    }
    let selection = arguments.selection.selection();
    selection.check(ensemble).map_err(|wider| CommandFailure::Usage(wider.to_string()))?;
    let mut rows: Vec<usize> = selection.select(ensemble).rows.iter().map(|&row| row as usize).collect();
    if let Some(realizations) = &arguments.realization {
        rows.retain(|&row| realizations.contains(ensemble.modes.realization[row]));
    }
    if let Some(count) = arguments.softest {
        rows.sort_by(|&a, &b| ensemble.modes.omega[a].total_cmp(&ensemble.modes.omega[b]));
        rows.truncate(count);
        rows.sort_unstable();
    }
    if rows.is_empty() {
        return Err(CommandFailure::Usage(format!(
            "{}: no mode is selected; widen the selection (--pr-max, --omega-max, --omega-max-phonon, --group)",
            arguments.archive.display()
        )));
    }
    Ok(rows)
}

fn to_file(path: &Path, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<(), CommandFailure> {
    let mut text = Vec::new();
    write(&mut text).map_err(CommandFailure::file(path))?;
    Ok(durable::write(path, &text)?)
}
