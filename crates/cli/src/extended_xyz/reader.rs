//! Frames of an extended XYZ file as glasses; what is wrong is named by line and column.

use super::comment::{Entry, entries};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Particles of one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Glass {
    /// Side L of the periodic square.
    pub box_length: f64,
    /// N × 2.
    pub positions: Vec<[f64; 2]>,
    /// N.
    pub diameters: Vec<f64>,
}

/// Why a file is not a list of glasses.
#[derive(Debug, Error)]
pub enum ExtendedXyzError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Read {
        /// File.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Something in it is not as the format says.
    #[error("{}:{line}:{column}: {what}", path.display())]
    Malformed {
        /// File.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong and what would be accepted.
        what: String,
    },
}

/// All frames of the file at `path`.
///
/// # Errors
/// [`ExtendedXyzError`] when the file cannot be read, or with the line and column of what is wrong.
pub fn read_glasses(path: &Path) -> Result<Vec<Glass>, ExtendedXyzError> {
    let bytes = std::fs::read(path).map_err(|cause| ExtendedXyzError::Read { path: path.to_owned(), cause })?;
    text(&bytes).and_then(parse).map_err(|Fault { line, column, what }| ExtendedXyzError::Malformed {
        path: path.to_owned(),
        line,
        column,
        what,
    })
}

/// Where the text is wrong, and how.
#[derive(Debug, PartialEq)]
struct Fault {
    line: usize,
    column: usize,
    what: String,
}

/// The bytes of a file as text; a mark of the byte order at its begin is skipped.
fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        let what = "not text (UTF-8); accepted: extended XYZ, H5MD, or an archive of this program".to_owned();
        Fault { line: before.matches('\n').count() + 1, column, what }
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

fn parse(text: &str) -> Result<Vec<Glass>, Fault> {
    let lines: Vec<&str> = text.lines().collect();
    let mut glasses = Vec::new();
    let mut next = 0;
    while next < lines.len() {
        if lines[next].trim().is_empty() {
            next += 1;
            continue;
        }
        let fault = |line: usize, column: usize, what: String| Fault { line: line + 1, column, what };
        let count = lines[next]
            .trim()
            .parse::<usize>()
            .ok()
            .filter(|&count| count > 0)
            .ok_or_else(|| fault(next, 1, format!("`{}` is not a number of particles", lines[next].trim())))?;
        let comment = *lines
            .get(next + 1)
            .ok_or_else(|| fault(next + 1, 1, "the comment line with Lattice and Properties is missing".into()))?;
        let header = Header::parse(comment).map_err(|(column, what)| fault(next + 1, column, what))?;
        let mut glass = Glass {
            box_length: header.box_length,
            positions: Vec::with_capacity(count.min(lines.len())),
            diameters: Vec::with_capacity(count.min(lines.len())),
        };
        for particle in 0..count {
            let row = next + 2 + particle;
            let line = *lines
                .get(row)
                .ok_or_else(|| fault(row, 1, format!("the file ends after {particle} of {count} particles")))?;
            let (position, diameter) = header.particle(line).map_err(|(column, what)| fault(row, column, what))?;
            glass.positions.push(position);
            glass.diameters.push(diameter);
        }
        glasses.push(glass);
        next += 2 + count;
    }
    if glasses.is_empty() {
        return Err(Fault { line: 1, column: 1, what: "the file has no frame".into() });
    }
    Ok(glasses)
}

/// What the comment line says of a frame.
struct Header {
    box_length: f64,
    /// First column of the position, from 0, and how many it has.
    position: (usize, usize),
    /// Column of the size, from 0, and the factor that makes it a diameter.
    size: (usize, f64),
    columns: usize,
}

impl Header {
    fn parse(comment: &str) -> Result<Header, (usize, String)> {
        let found = entries(comment).map_err(|column| (column, "a quote is never closed".to_owned()))?;
        let entry = |key: &str| found.iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
        let lattice = entry("Lattice").ok_or_else(|| {
            (1, "no Lattice: expected Lattice=\"L 0 0 0 L 0 0 0 1\" with the side L of the periodic square".to_owned())
        })?;
        let properties = entry("Properties").ok_or_else(|| {
            (1, "no Properties: expected for example Properties=species:S:1:pos:R:3:diameter:R:1".to_owned())
        })?;
        let box_length = square_side(lattice)?;
        if let Some(pbc) = entry("pbc") {
            let periodic = |flag: &str| matches!(flag, "T" | "True" | "true" | "1");
            if !pbc.value.split_whitespace().take(2).all(periodic) {
                return Err((pbc.column, format!("pbc `{}`: the glass must be periodic along x and y", pbc.value)));
            }
        }
        let (mut position, mut size, mut columns) = (None, None, 0);
        let fields: Vec<&str> = properties.value.split(':').collect();
        if !fields.len().is_multiple_of(3) {
            return Err((
                properties.column,
                format!("Properties has {} fields, not triples name:type:columns", fields.len()),
            ));
        }
        for field in fields.chunks_exact(3) {
            let width: usize = field[2].parse().ok().filter(|&width| width > 0).ok_or_else(|| {
                (properties.column, format!("Properties: `{}` of {} is not a number of columns", field[2], field[0]))
            })?;
            match field[0].to_ascii_lowercase().as_str() {
                "pos" | "position" if width == 2 || width == 3 => position = Some((columns, width)),
                "pos" | "position" => {
                    return Err((
                        properties.column,
                        format!("positions have {width} columns; 2, or 3 with z = 0, are accepted"),
                    ));
                }
                "diameter" if width == 1 => size = Some((columns, 1.0)),
                "radius" if width == 1 && size.is_none() => size = Some((columns, 2.0)),
                _ => {}
            }
            columns += width;
        }
        let position =
            position.ok_or_else(|| (properties.column, "Properties has no pos:R:2 or pos:R:3".to_owned()))?;
        let size =
            size.ok_or_else(|| (properties.column, "Properties has neither diameter:R:1 nor radius:R:1".to_owned()))?;
        Ok(Header { box_length, position, size, columns })
    }

    fn particle(&self, line: &str) -> Result<([f64; 2], f64), (usize, String)> {
        let words = words(line);
        if words.len() != self.columns {
            // Where the first superfluous one stands, or where the next would.
            let column = words.get(self.columns).map_or(line.chars().count() + 1, |&(column, _)| column);
            return Err((column, format!("{} columns where Properties has {}", words.len(), self.columns)));
        }
        let number = |column: usize, what: &str| {
            let (at, word) = words[column];
            word.parse::<f64>()
                .ok()
                .filter(|value| value.is_finite())
                .ok_or_else(|| (at, format!("{what} `{word}` is not a finite number")))
        };
        let (first, width) = self.position;
        let position = [number(first, "x")?, number(first + 1, "y")?];
        if width == 3 && number(first + 2, "z")? != 0.0 {
            let (at, word) = words[first + 2];
            return Err((at, format!("z is {word}; the glass must lie in the plane z = 0")));
        }
        let (column, factor) = self.size;
        let size = number(column, "the size of a particle")?;
        if size <= 0.0 {
            return Err((words[column].0, format!("the size of a particle is {size}, not positive")));
        }
        Ok((position, factor * size))
    }
}

/// L of a lattice (L, 0, …), (0, L, …).
fn square_side(lattice: &Entry<'_>) -> Result<f64, (usize, String)> {
    let numbers: Vec<f64> = words(lattice.value)
        .into_iter()
        .map(|(at, word)| {
            word.parse::<f64>().map_err(|_| (lattice.column + at - 1, format!("Lattice: `{word}` is not a number")))
        })
        .collect::<Result<_, _>>()?;
    let (a, b): (&[f64], &[f64]) = match numbers.len() {
        4 => (&numbers[0..2], &numbers[2..4]),
        9 => (&numbers[0..3], &numbers[3..6]),
        count => return Err((lattice.column, format!("Lattice has {count} numbers, not 9 (or 4 in two dimensions)"))),
    };
    let side = a[0];
    let straight =
        a[1] == 0.0 && b[0] == 0.0 && a.get(2).is_none_or(|&z| z == 0.0) && b.get(2).is_none_or(|&z| z == 0.0);
    if !straight || b[1] != side || !side.is_finite() || side <= 0.0 {
        return Err((lattice.column, format!("Lattice `{}` is not a square of positive side", lattice.value)));
    }
    Ok(side)
}

/// Words of a line with the column (in characters, from 1) where each begins.
fn words(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (column, (byte, character)) in line.char_indices().chain([(line.len(), ' ')]).enumerate() {
        match (character.is_whitespace(), start) {
            (false, None) => start = Some((column + 1, byte)),
            (true, Some((at, begin))) => {
                found.push((at, &line[begin..byte]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_FRAMES: &str = "2\nLattice=\"5 0 0 0 5 0 0 0 1\" Properties=species:S:1:pos:R:3:radius:R:1\n\
        A 0.5 1.5 0 0.5\nB 2.5 1e0 0.0 0.6\n\n1\nProperties=pos:R:2:diameter:R:1 Lattice=\"4 0 0 4\"\n1 2 1.25\n";

    #[test]
    fn frames_with_radius_or_diameter_and_two_or_three_columns() {
        let glasses = parse(TWO_FRAMES).expect("well formed");
        assert_eq!(glasses.len(), 2);
        assert_eq!(
            glasses[0],
            Glass { box_length: 5.0, positions: vec![[0.5, 1.5], [2.5, 1.0]], diameters: vec![1.0, 1.2] }
        );
        assert_eq!(glasses[1], Glass { box_length: 4.0, positions: vec![[1.0, 2.0]], diameters: vec![1.25] });
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let cases = [
            ("", 1, 1, "no frame"),
            (" \n\n", 1, 1, "no frame"),
            ("two\n", 1, 1, "not a number of particles"),
            ("0\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n", 1, 1, "`0` is not a number of particles"),
            ("-3\n", 1, 1, "`-3` is not a number of particles"),
            ("1e3\n", 1, 1, "`1e3` is not a number of particles"),
            ("99999999999999999999999\n", 1, 1, "not a number of particles"),
            ("1\nplain words\n1 2 1\n", 2, 1, "no Lattice"),
            ("1\nLattice=\"4 0 0 4\"\n1 2 1\n", 2, 1, "no Properties"),
            ("1\nLattice=\"4 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "has 3 numbers"),
            ("1\nLattice=\"4 1 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square"),
            ("1\nLattice=\"-4 0 0 -4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square of positive side"),
            ("1\nLattice=\"inf 0 0 inf\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square of positive side"),
            ("1\nLattice=\"4 0 0 4\" pbc=\"F F F\" Properties=pos:R:2:diameter:R:1\n", 2, 24, "must be periodic"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R\n", 2, 30, "has 5 fields"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:x:diameter:R:1\n", 2, 30, "`x` of pos"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:4:diameter:R:1\n", 2, 30, "positions have 4 columns"),
            ("1\nLattice=\"4 0 0 4\" Properties=species:S:1:diameter:R:1\n", 2, 30, "no pos:R:2"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:2\n", 2, 30, "neither diameter"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 nan 1\n", 3, 3, "`nan` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2,5 1\n", 3, 3, "`2,5` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 0\n", 3, 5, "not positive"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1 7\n", 3, 7, "4 columns where"),
            (
                "1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1\nrest\n",
                4,
                1,
                "`rest` is not a number of",
            ),
            ("1\n", 2, 1, "comment line"),
            ("1\nProperties=pos:R:2:diameter:R:1\n", 2, 1, "no Lattice"),
            ("1\nLattice=\"4 0 0 5\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square"),
            ("1\nLattice=\"4 0 x 4\" Properties=pos:R:2:diameter:R:1\n", 2, 14, "`x` is not a number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2\n1 2\n", 2, 30, "neither diameter"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1e\n", 3, 5, "`1e` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:3:diameter:R:1\n1 2 3 1\n", 3, 5, "z is 3"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2\n", 3, 4, "2 columns where"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 -1\n", 3, 5, "not positive"),
            ("2\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1\n", 4, 1, "ends after 1 of 2"),
            ("1\nLattice=\"4 0 0 4 Properties=pos:R:2:diameter:R:1\n1 2 1\n", 2, 9, "quote"),
        ];
        for (text, line, column, what) in cases {
            let fault = parse(text).expect_err(what);
            assert!(fault.what.contains(what), "{fault:?} for {what}");
            assert_eq!((fault.line, fault.column), (line, column), "{fault:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_named_by_its_first_wrong_byte() {
        let fault = text(b"1\nLattice \xff").expect_err("not UTF-8");
        assert_eq!((fault.line, fault.column), (2, 9));
        assert_eq!(text(b"\xef\xbb\xbf1\n").expect("a mark is skipped"), "1\n");
        // Line ends of Windows.
        let glasses = parse(&TWO_FRAMES.replace('\n', "\r\n")).expect("well formed");
        assert_eq!(glasses.len(), 2);
    }
}
