//! Glasses with mode vectors as columns, a frame each: in which format, the name of the file says.

use super::to_file;
use crate::arguments::ExportArguments;
use crate::commands::exit::CommandFailure;
use crate::terminal::{note, several};
use archive::{Archive, Dimension, ModeTable, index_ranges};
use formats::extended_xyz::write_frame;
use formats::{gsd, lammps};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes the realizations that were named, or those of the selected `rows` of `modes`.
pub(super) fn write(
    arguments: &ExportArguments,
    archive: &Archive,
    modes: &ModeTable,
    rows: &[usize],
) -> Result<(), CommandFailure> {
    let path = archive.path().display();
    if archive.provenance().thin.is_some() {
        return Err(CommandFailure::Usage(format!(
            "{path}: is thin and keeps no particles and no mode vectors; glassmodes revisit makes the realizations of \
             selected modes again, in full"
        )));
    }
    let wanted = wanted(arguments, archive, modes, rows)?;
    let (mut kept, mut without) = (Vec::new(), Vec::new());
    for &realization in &wanted {
        match glass_with_modes(archive, modes, rows, realization)? {
            Some(glass) => kept.push(glass),
            None => without.push(realization),
        }
    }
    if !without.is_empty() {
        let words = format!(
            "{path}: the particles of {} {} were not kept, as no mode vector was \
             (keys modes.lowest and modes.snapshot_participation_max)",
            if without.len() == 1 { "realization" } else { "realizations" },
            index_ranges(&without)
        );
        if kept.is_empty() {
            return Err(CommandFailure::Usage(words));
        }
        note(words);
    }
    let format = Format::of(arguments.out.as_deref());
    if format == Format::LammpsData && kept.len() > 1 {
        let out = arguments.out.as_deref().unwrap_or(Path::new(""));
        return Err(CommandFailure::Usage(format!(
            "--out {}: a LAMMPS data file holds one glass, not {}; name one --realization, or a file .xyz or .gsd",
            out.display(),
            kept.len()
        )));
    }
    let all = |mut out: &mut dyn Write| -> io::Result<()> {
        match format {
            Format::ExtendedXyz => kept.iter().try_for_each(|glass| glass.write(out))?,
            Format::LammpsData => kept.iter().try_for_each(|glass| glass.write_data(out))?,
            Format::Gsd => {
                let mut frames = gsd::Frames::default();
                kept.iter().for_each(|glass| glass.add_to(&mut frames));
                frames.write(&mut out)?;
            }
        }
        out.flush()
    };
    match &arguments.out {
        Some(path) => {
            to_file(path, |out| all(out))?;
            let vectors =
                several(kept.iter().map(|glass| glass.vectors.len()).sum::<usize>(), "mode vector", "mode vectors");
            let glasses = several(kept.len(), "realization", "realizations");
            match format {
                Format::ExtendedXyz => note(format_args!("{glasses} with {vectors}: {}", path.display())),
                Format::LammpsData => note(format_args!("{glasses} without mode vectors: {}", path.display())),
                Format::Gsd => note(format_args!(
                    "{glasses} in single precision, as GSD has it, with {vectors}: {}",
                    path.display()
                )),
            }
        }
        // A reader that has left is no failure.
        None => match all(&mut BufWriter::new(io::stdout().lock())) {
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                return Err(CommandFailure::file(Path::new("standard output"))(cause));
            }
            _ => {}
        },
    }
    Ok(())
}

/// What is written.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    ExtendedXyz,
    LammpsData,
    Gsd,
}

impl Format {
    /// The format that the ending of a file's name means; extended XYZ for all other names, and without.
    fn of(path: Option<&Path>) -> Self {
        let ending = path.and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
        match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("gsd") => Format::Gsd,
            Some("data" | "lmp" | "lammps") => Format::LammpsData,
            _ => Format::ExtendedXyz,
        }
    }
}

/// Realizations to write, ascending.
fn wanted(
    arguments: &ExportArguments,
    archive: &Archive,
    modes: &ModeTable,
    rows: &[usize],
) -> Result<Vec<u64>, CommandFailure> {
    let there = archive.indices()?;
    let missing = |what: &str| {
        let range = match (there.first(), there.last()) {
            (Some(first), Some(last)) => format!("it has {} from {first} to {last}", there.len()),
            _ => "it has none".to_owned(),
        };
        CommandFailure::Usage(format!("{}: no {what}; {range}", archive.path().display()))
    };
    match &arguments.realization {
        Some(named) if !arguments.selects() => {
            let found: Vec<u64> = there.iter().copied().filter(|&index| named.contains(index)).collect();
            match (found.is_empty(), named.alone()) {
                (true, Some(one)) => Err(missing(&format!("realization {one}"))),
                (true, None) => Err(missing("such realization")),
                _ => Ok(found),
            }
        }
        // The rows are of named realizations already.
        _ => {
            let mut selected: Vec<u64> = rows.iter().map(|&row| modes.realization[row]).collect();
            selected.sort_unstable();
            selected.dedup();
            Ok(selected)
        }
    }
}

/// A glass and the vectors kept of its modes.
struct Kept {
    realization: u64,
    dimension: Dimension,
    frame: archive::record::Particles,
    /// Position in the spectrum, ω, vector.
    vectors: Vec<(u32, f64, Vec<f64>)>,
}

impl Kept {
    fn modes<const D: usize>(&self) -> Vec<(u32, f64, &[[f64; D]])> {
        self.vectors.iter().map(|(position, omega, vector)| (*position, *omega, vector.as_chunks().0)).collect()
    }

    fn add_to(&self, frames: &mut gsd::Frames) {
        let Kept { frame, realization, .. } = self;
        match self.dimension {
            Dimension::Two => {
                frames.add(frame.sides::<2>(), frame.points(), &frame.diameters, &self.modes(), *realization);
            }
            Dimension::Three => {
                frames.add(frame.sides::<3>(), frame.points(), &frame.diameters, &self.modes(), *realization);
            }
        }
    }

    fn write_data(&self, mut out: &mut dyn Write) -> io::Result<()> {
        let frame = &self.frame;
        let comment = format!("realization {}", self.realization);
        match self.dimension {
            Dimension::Two => {
                lammps::write_data(&mut out, frame.sides::<2>(), frame.points(), &frame.diameters, &comment)
            }
            Dimension::Three => {
                lammps::write_data(&mut out, frame.sides::<3>(), frame.points(), &frame.diameters, &comment)
            }
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.dimension {
            Dimension::Two => self.write_in::<2>(out),
            Dimension::Three => self.write_in::<3>(out),
        }
    }

    fn write_in<const D: usize>(&self, mut out: &mut dyn Write) -> io::Result<()> {
        let (frame, modes) = (&self.frame, self.modes::<D>());
        let comment = format!("realization={}", self.realization);
        write_frame(&mut out, frame.sides(), frame.points(), &frame.diameters, &modes, &comment)
    }
}

/// The glass of a realization with the vectors that are kept of those of its modes that stand in `rows`; `None` if its
/// particles are not kept.
fn glass_with_modes(
    archive: &Archive,
    modes: &ModeTable,
    rows: &[usize],
    realization: u64,
) -> Result<Option<Kept>, CommandFailure> {
    let Some(frame) = archive.frame(realization)? else { return Ok(None) };
    let mut vectors = Vec::new();
    for &row in rows.iter().filter(|&&row| modes.realization[row] == realization) {
        if let Ok(snapshot) = usize::try_from(modes.snapshot[row]) {
            vectors.push((modes.mode[row], modes.omega[row], archive.snapshot(snapshot)?));
        }
    }
    Ok(Some(Kept { realization, dimension: archive.dimension(), frame, vectors }))
}
