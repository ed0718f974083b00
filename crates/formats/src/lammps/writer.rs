//! A glass as a data file of atom style sphere, for `read_data`.

use glass::space::{AXES, in_space};
use std::io::{self, Write};

/// Writes it with all its digits; every particle has mass 1, and a density accordingly.
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths differ.
pub fn write_data<const D: usize>(
    out: &mut impl Write,
    box_sides: [f64; D],
    positions: &[[f64; D]],
    diameters: &[f64],
    comment: &str,
) -> io::Result<()> {
    assert_eq!(positions.len(), diameters.len());
    writeln!(out, "LAMMPS data file by glassmodes: {comment}\n")?;
    writeln!(out, "{} atoms\n1 atom types\n", positions.len())?;
    for (axis, side) in AXES.iter().zip(box_sides) {
        writeln!(out, "0 {side} {axis}lo {axis}hi")?;
    }
    if D == 2 {
        writeln!(out, "-0.5 0.5 zlo zhi")?;
    }
    writeln!(out, "\nAtoms # sphere\n")?;
    for (i, (position, diameter)) in positions.iter().zip(diameters).enumerate() {
        let density = 6.0 / (std::f64::consts::PI * diameter * diameter * diameter);
        let [x, y, z] = in_space(position);
        writeln!(out, "{} 1 {diameter} {density} {x} {y} {z}", i + 1)?;
    }
    Ok(())
}
