//! Modes and realizations as tables.

use analysis::selection::Rule;
use analysis::{Ensemble, Selection};
use archive::{Archive, ArchiveError, Column, Dimension, group};
use std::io::{self, Write};

/// What a table says of each realization beside its own columns.
pub(super) struct Glasses {
    /// Whether no rule of a report leaves it out.
    sound: Vec<bool>,
    /// N; unknown where the configuration does not say it.
    particles: Option<u64>,
    /// The longest side of the box where the glass is kept; else that of a square or cube of its density, if it was made here.
    box_length: Vec<f64>,
}

impl Glasses {
    /// Of an ensemble and its archive.
    pub(super) fn of(ensemble: &Ensemble, archive: &Archive) -> Result<Glasses, ArchiveError> {
        let (table, about) = (&ensemble.realizations, &ensemble.about);
        let force_max = Selection::default().force_max;
        let sound = (0..table.index.len()).map(|row| Rule::none_applies(table, row, force_max)).collect();
        // Of glasses made elsewhere the configuration has the density of the first, and their boxes may differ.
        let density = about.density.filter(|_| !archive.provenance().made_elsewhere());
        let planned = match (about.particles, density) {
            (Some(particles), Some(density)) => match about.dimension {
                Dimension::Two => (particles as f64 / density).sqrt(),
                Dimension::Three => (particles as f64 / density).cbrt(),
            },
            _ => f64::NAN,
        };
        let mut box_length = Vec::with_capacity(table.index.len());
        for &index in &table.index {
            box_length.push(
                archive.frame(index)?.map_or(planned, |frame| frame.box_sides.iter().copied().fold(0.0, f64::max)),
            );
        }
        Ok(Glasses { sound, particles: about.particles, box_length })
    }

    fn cells(&self, row: usize) -> String {
        let particles = self.particles.map_or_else(String::new, |particles| particles.to_string());
        format!("{},{particles},{}", self.sound[row], Column::F64(&self.box_length).cell(row))
    }
}

/// One line a mode of these `rows`.
pub(super) fn modes(out: &mut impl Write, ensemble: &Ensemble, glasses: &Glasses, rows: &[usize]) -> io::Result<()> {
    let (modes, table) = (&ensemble.modes, &ensemble.realizations);
    write!(out, "realization,mode,group")?;
    // The position in the spectrum stands first.
    let columns: Vec<_> = modes.columns().into_iter().filter(|(name, _)| *name != "mode").collect();
    for (name, _) in &columns {
        write!(out, ",{name}")?;
    }
    writeln!(out, ",snapshot,row,sound,particles,box_length,omega_phonon,zero_modes,negative_modes")?;
    for &row in rows {
        write!(out, "{},{},{}", modes.realization[row], modes.mode[row], group::name(modes.group[row]))?;
        for (_, column) in &columns {
            write!(out, ",{}", column.cell(row))?;
        }
        write!(out, ",{},{row}", modes.snapshot[row])?;
        match table.index.binary_search(&modes.realization[row]) {
            Ok(glass) => {
                let omega_phonon = Column::F64(&table.omega_phonon).cell(glass);
                let (zero, negative) = (table.zero_modes[glass], table.negative_modes[glass]);
                writeln!(out, ",{},{omega_phonon},{zero},{negative}", glasses.cells(glass))?;
            }
            // Of a damaged archive.
            Err(_) => writeln!(out, ",false,,,,,")?,
        }
    }
    out.flush()
}

/// One line a realization.
pub(super) fn realizations(out: &mut impl Write, ensemble: &Ensemble, glasses: &Glasses) -> io::Result<()> {
    let columns = ensemble.realizations.columns();
    for (name, _) in &columns {
        write!(out, "{name},")?;
    }
    writeln!(out, "sound,particles,box_length")?;
    for row in 0..ensemble.len() {
        for (_, column) in &columns {
            write!(out, "{},", column.cell(row))?;
        }
        writeln!(out, "{}", glasses.cells(row))?;
    }
    out.flush()
}
