//! A glass with mode vectors as an extended XYZ frame.

use glass::space::in_space;
use std::io::{self, Write};

/// Writes one frame: species (X, which ASE takes for no element), position, radius and diameter, then three columns
/// `mode_K` for each vector; in two dimensions every z is 0. Numbers are written so that reading returns the same bits.
///
/// `modes` are (position in the spectrum, ω, N × D vector); `comment` holds further `key=value` words.
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths differ.
pub fn write_frame<const D: usize>(
    out: &mut impl Write,
    box_sides: [f64; D],
    positions: &[[f64; D]],
    diameters: &[f64],
    modes: &[(u32, f64, &[[f64; D]])],
    comment: &str,
) -> io::Result<()> {
    assert_eq!(positions.len(), diameters.len());
    assert!(modes.iter().all(|(_, _, vector)| vector.len() == positions.len()));
    writeln!(out, "{}", positions.len())?;
    let (height, periodic) = box_sides.get(2).map_or((1.0, 'F'), |height| (*height, 'T'));
    let [x, y] = [box_sides[0], box_sides[1]];
    write!(out, "Lattice=\"{x} 0 0 0 {y} 0 0 0 {height}\" pbc=\"T T {periodic}\" ")?;
    write!(out, "Properties=species:S:1:pos:R:3:radius:R:1:diameter:R:1")?;
    for (position, _, _) in modes {
        write!(out, ":mode_{position}:R:3")?;
    }
    for (position, omega, _) in modes {
        write!(out, " omega_{position}={omega}")?;
    }
    if !comment.is_empty() {
        write!(out, " {comment}")?;
    }
    writeln!(out)?;
    for (i, (position, diameter)) in positions.iter().zip(diameters).enumerate() {
        let [x, y, z] = in_space(position);
        write!(out, "X {x} {y} {z} {} {diameter}", 0.5 * diameter)?;
        for (_, _, vector) in modes {
            let [x, y, z] = in_space(&vector[i]);
            write!(out, " {x} {y} {z}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_to_the_same_bits() {
        let (positions, diameters) = (vec![[0.1 + 0.2, 1.0 / 3.0], [2.0, 1e-17]], vec![1.1, 0.7300000000000001]);
        let vector = vec![[0.6, 0.0], [0.0, -0.8]];
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("glass.xyz");
        let mut file = std::fs::File::create(&path).expect("writable");
        write_frame(&mut file, [5.1, 6.2], &positions, &diameters, &[(2, 0.3, &vector)], "realization=7")
            .expect("written");
        let glasses = crate::read(&path, &crate::ReadOptions::default()).expect("well formed");
        assert_eq!(glasses.len(), 1);
        assert_eq!(
            (&glasses[0].frame.box_sides[..], glasses[0].frame.points::<2>(), &glasses[0].frame.diameters),
            (&[5.1, 6.2][..], &positions[..], &diameters)
        );
        let text = std::fs::read_to_string(&path).expect("readable");
        assert!(text.contains("mode_2:R:3") && text.contains("omega_2=0.3") && text.contains(" 0.6 0 0"));
    }

    #[test]
    fn a_glass_in_space_has_a_box_and_vectors_of_three() {
        let mut text = Vec::new();
        let (positions, vector) = ([[0.5, 1.5, 2.25]], [[0.0, 0.6, -0.8]]);
        write_frame(&mut text, [4.0; 3], &positions, &[1.25], &[(3, 0.5, &vector)], "realization=7").expect("written");
        let text = String::from_utf8(text).expect("text");
        assert!(text.contains("Lattice=\"4 0 0 0 4 0 0 0 4\" pbc=\"T T T\""), "{text}");
        assert!(text.ends_with("X 0.5 1.5 2.25 0.625 1.25 0 0.6 -0.8\n"), "{text}");
    }
}
