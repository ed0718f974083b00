//! A glass as a data file of atom style sphere, for `read_data`.

use std::io::{self, Write};

/// Writes it with all its digits; every disc has mass 1, and a density accordingly.
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths differ.
pub fn write_data(
    out: &mut impl Write,
    box_length: f64,
    positions: &[[f64; 2]],
    diameters: &[f64],
    comment: &str,
) -> io::Result<()> {
    assert_eq!(positions.len(), diameters.len());
    writeln!(out, "LAMMPS data file by glassmodes: {comment}\n")?;
    writeln!(out, "{} atoms\n1 atom types\n", positions.len())?;
    for axis in ["x", "y"] {
        writeln!(out, "0 {box_length} {axis}lo {axis}hi")?;
    }
    writeln!(out, "-0.5 0.5 zlo zhi\n\nAtoms # sphere\n")?;
    for (i, (position, diameter)) in positions.iter().zip(diameters).enumerate() {
        let density = 6.0 / (std::f64::consts::PI * diameter * diameter * diameter);
        writeln!(out, "{} 1 {diameter} {density} {} {} 0", i + 1, position[0], position[1])?;
    }
    Ok(())
}
