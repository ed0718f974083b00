//! `glassmodes export`: one realization for OVITO, or all modes or realizations as a table.

mod searched;
mod table;

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::ExportArguments;
use crate::terminal::{note, several};
use analysis::Ensemble;
use archive::{Archive, ModeTable};
use formats::extended_xyz::write_frame;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes what was asked for.
///
/// # Errors
/// [`CommandFailure`] when the archive cannot be read, has no such realization or no particles of
/// it, or a file cannot be written.
pub fn export(arguments: &ExportArguments) -> Result<Exit, CommandFailure> {
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
    let modes = archive.modes()?;
    if arguments.csv.is_some() || arguments.realizations_csv.is_some() {
        let ensemble = Ensemble::open(&arguments.archive)?;
        let glasses = table::Glasses::of(&ensemble, &archive)?;
        if let Some(path) = &arguments.csv {
            to_file(path, |out| table::modes(out, &ensemble, &glasses))?;
            note(format_args!("{}: {}", several(ensemble.modes.omega.len(), "mode", "modes"), path.display()));
        }
        if let Some(path) = &arguments.realizations_csv {
            to_file(path, |out| table::realizations(out, &ensemble, &glasses))?;
            note(format_args!("{}: {}", several(ensemble.len(), "realization", "realizations"), path.display()));
        }
    }
    if let Some(path) = &arguments.nonlinear_csv {
        let table = archive.nonlinear()?;
        to_file(path, |out| searched::nonlinear(out, &table))?;
        note(format_args!("{} nonlinear modes and searches given up: {}", table.kind.len(), path.display()));
    }
    if let Some(path) = &arguments.transitions_csv {
        let table = archive.transitions()?;
        to_file(path, |out| searched::transitions(out, &table))?;
        note(format_args!("{} ways and searches that failed: {}", table.outcome.len(), path.display()));
    }
    if let Some(realization) = arguments.realization {
        match &arguments.out {
            Some(path) => {
                let kept = glass_with_modes(&archive, &modes, realization)?;
                to_file(path, |out| kept.write(out, realization))?;
                note(format_args!(
                    "realization {realization} with {}: {}",
                    several(kept.vectors.len(), "mode vector", "mode vectors"),
                    path.display()
                ));
            }
            None => {
                let kept = glass_with_modes(&archive, &modes, realization)?;
                // A reader that has left is no failure.
                match kept.write(&mut BufWriter::new(io::stdout().lock()), realization) {
                    Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                        return Err(CommandFailure::file(Path::new("standard output"))(cause));
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(Exit::Complete)
}

/// A glass and the vectors kept of its modes.
struct Kept {
    frame: archive::record::Frame,
    /// Position in the spectrum, ω, vector.
    vectors: Vec<(u32, f64, Vec<[f64; 2]>)>,
}

impl Kept {
    fn write(&self, out: &mut impl Write, realization: u64) -> io::Result<()> {
        let modes: Vec<(u32, f64, &[[f64; 2]])> =
            self.vectors.iter().map(|(position, omega, vector)| (*position, *omega, vector.as_slice())).collect();
        let frame = &self.frame;
        let comment = format!("realization={realization}");
        write_frame(out, frame.box_length, &frame.positions, &frame.diameters, &modes, &comment)?;
        out.flush()
    }
}

fn glass_with_modes(archive: &Archive, modes: &ModeTable, realization: u64) -> Result<Kept, CommandFailure> {
    let path = archive.path().display();
    if archive.row_of(realization)?.is_none() {
        let indices = archive.indices()?;
        let range = match (indices.first(), indices.last()) {
            (Some(first), Some(last)) => format!("it has {} from {first} to {last}", indices.len()),
            _ => "it has none".to_owned(),
        };
        return Err(CommandFailure::Usage(format!("{path}: no realization {realization}; {range}")));
    }
    if archive.provenance().thin.is_some() {
        return Err(CommandFailure::Usage(format!(
            "{path}: is thin and keeps no particles and no mode vectors; glassmodes revisit makes the realizations of \
             selected modes again, in full"
        )));
    }
    let frame = archive.frame(realization)?.ok_or_else(|| {
        CommandFailure::Usage(format!(
            "{path}: the particles of realization {realization} were not kept, as no mode vector of it was \
             (keys modes.lowest and modes.snapshot_participation_max)"
        ))
    })?;
    let mut vectors = Vec::new();
    for row in (0..modes.realization.len()).filter(|&row| modes.realization[row] == realization) {
        if let Ok(snapshot) = usize::try_from(modes.snapshot[row]) {
            vectors.push((modes.mode[row], modes.omega[row], archive.snapshot(snapshot)?));
        }
    }
    Ok(Kept { frame, vectors })
}

fn to_file(path: &Path, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<(), CommandFailure> {
    let mut text = Vec::new();
    write(&mut text).map_err(CommandFailure::file(path))?;
    Ok(durable::write(path, &text)?)
}
