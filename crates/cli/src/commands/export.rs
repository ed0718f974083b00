//! `glassmodes export`: one realization for OVITO, or all modes as a table.

use super::exit::{CommandFailure, Exit};
use crate::arguments::ExportArguments;
use crate::extended_xyz::write_frame;
use crate::terminal::note;
use archive::{Archive, ModeTable, group};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Columns of the table, in the order of `/modes`.
const COLUMNS: [(&str, fn(&ModeTable, usize) -> f64); 17] = [
    ("omega", |modes, row| modes.omega[row]),
    ("participation", |modes, row| modes.participation[row]),
    ("b2", |modes, row| modes.b2[row]),
    ("b3", |modes, row| modes.b3[row]),
    ("b4", |modes, row| modes.b4[row]),
    ("beta", |modes, row| modes.beta[row]),
    ("barrier", |modes, row| modes.barrier[row]),
    ("depth", |modes, row| modes.depth[row]),
    ("separation", |modes, row| modes.separation[row]),
    ("true_barrier", |modes, row| modes.true_barrier[row]),
    ("true_depth", |modes, row| modes.true_depth[row]),
    ("true_separation", |modes, row| modes.true_separation[row]),
    ("cutoff_share_b3", |modes, row| modes.cutoff_share_b3[row]),
    ("cutoff_share_b4", |modes, row| modes.cutoff_share_b4[row]),
    ("landing_energy", |modes, row| modes.landing_energy[row]),
    ("landing_distance", |modes, row| modes.landing_distance[row]),
    ("snapshot", |modes, row| modes.snapshot[row] as f64),
];

/// Writes what was asked for.
///
/// # Errors
/// [`CommandFailure`] when the archive cannot be read, has no such realization or no particles of
/// it, or a file cannot be written.
pub fn export(arguments: &ExportArguments) -> Result<Exit, CommandFailure> {
    let archive = Archive::open(&arguments.archive)?;
    let modes = archive.modes()?;
    if let Some(path) = &arguments.csv {
        let rows = modes.omega.len();
        to_file(path, |out| write_table(out, &modes))?;
        note(format_args!("{rows} modes: {}", path.display()));
    }
    if let Some(realization) = arguments.realization {
        match &arguments.out {
            Some(path) => {
                let kept = glass_with_modes(&archive, &modes, realization)?;
                to_file(path, |out| kept.write(out, realization))?;
                note(format_args!(
                    "realization {realization} with {} mode vectors: {}",
                    kept.vectors.len(),
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

fn write_table(out: &mut impl Write, modes: &ModeTable) -> io::Result<()> {
    write!(out, "realization,mode,group")?;
    for (name, _) in COLUMNS {
        write!(out, ",{name}")?;
    }
    writeln!(out)?;
    for row in 0..modes.realization.len() {
        write!(out, "{},{},{}", modes.realization[row], modes.mode[row], group::name(modes.group[row]))?;
        for (_, column) in COLUMNS {
            let value = column(modes, row);
            // An empty cell is what table readers take for "not there".
            if value.is_nan() { write!(out, ",")? } else { write!(out, ",{value}")? }
        }
        writeln!(out)?;
    }
    out.flush()
}

fn to_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), CommandFailure> {
    File::create(path).and_then(|file| write(&mut BufWriter::new(file))).map_err(CommandFailure::file(path))
}
