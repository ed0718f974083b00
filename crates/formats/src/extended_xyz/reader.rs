//! Frames of an extended XYZ text as glasses; what is wrong is named by line and column.

use super::header::Header;
use crate::error::FormatError;
use archive::record::Frame;
use realization::config::excerpt;
use std::path::Path;

/// Where a text is wrong, and how.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what would be accepted.
    pub what: String,
}

impl Fault {
    pub(crate) fn in_file(self, path: &Path) -> FormatError {
        let Fault { line, column, what } = self;
        FormatError::Malformed { path: path.to_owned(), line, column, what }
    }
}

/// All frames of the text that `bytes` are.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Frame>, Fault> {
    frames(text(bytes)?)
}

/// The bytes of a file as text; a mark of the byte order at its begin is skipped.
fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes);
    let valid = text.as_ref().map_or_else(std::str::Utf8Error::valid_up_to, |text| text.len());
    // A zero byte is valid UTF-8, and in no text.
    let valid = bytes[..valid].iter().position(|&byte| byte == 0).unwrap_or(valid);
    match text {
        Ok(text) if valid == bytes.len() => Ok(text.trim_start_matches('\u{feff}')),
        _ => {
            let before = String::from_utf8_lossy(&bytes[..valid]);
            let what = "not text (UTF-8); accepted: extended XYZ, H5MD, or an archive of this program".to_owned();
            let last = Lines::of(&before).last().unwrap_or_default();
            let (line, column) = match before.ends_with(['\n', '\r']) {
                true => (Lines::of(&before).count() + 1, 1),
                false => (Lines::of(&before).count().max(1), last.chars().count() + 1),
            };
            Err(Fault { line, column, what })
        }
    }
}

/// Lines of a text, whether they end as on Unix, on Windows, or with carriage returns alone.
struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Lines { rest: text }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix("\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        Some(line)
    }
}

fn frames(text: &str) -> Result<Vec<Frame>, Fault> {
    let fault = |line: usize, column: usize, what: String| Fault { line: line + 1, column, what };
    let mut lines = Lines::of(text).enumerate();
    let mut frames = Vec::new();
    while let Some((first, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let count = line
            .parse::<usize>()
            .ok()
            .filter(|&count| count > 0)
            .ok_or_else(|| fault(first, 1, format!("`{}` is not a number of particles", excerpt(line))))?;
        let (row, comment) = lines
            .next()
            .ok_or_else(|| fault(first + 1, 1, "the comment line with Lattice and Properties is missing".into()))?;
        let header = Header::parse(comment).map_err(|(column, what)| fault(row, column, what))?;
        // Grown as lines come: how many there are is only claimed.
        let mut frame = Frame { box_length: header.side.length(), positions: vec![], diameters: vec![] };
        for particle in 0..count {
            let (row, line) = lines.next().ok_or_else(|| {
                fault(first + 2 + particle, 1, format!("the file ends after {particle} of {count} particles"))
            })?;
            let (position, diameter) = header.particle(line).map_err(|(column, what)| fault(row, column, what))?;
            frame.positions.push(position);
            frame.diameters.push(diameter);
        }
        frames.push(frame);
    }
    if frames.is_empty() {
        return Err(fault(0, 1, "the file has no frame".into()));
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_FRAMES: &str = "2\nLattice=\"5 0 0 0 5 0 0 0 1\" Properties=species:S:1:pos:R:3:radius:R:1\n\
        A 0.5 1.5 0 0.5\nB 2.5 1e0 0.0 0.6\n\n1\nProperties=pos:R:2:diameter:R:1 Lattice=\"4 0 0 4\"\n1 2 1.25\n";

    #[test]
    fn frames_with_radius_or_diameter_and_two_or_three_columns() {
        let glasses = frames(TWO_FRAMES).expect("well formed");
        assert_eq!(glasses.len(), 2);
        assert_eq!(
            glasses[0],
            Frame { box_length: 5.0, positions: vec![[0.5, 1.5], [2.5, 1.0]], diameters: vec![1.0, 1.2] }
        );
        assert_eq!(glasses[1], Frame { box_length: 4.0, positions: vec![[1.0, 2.0]], diameters: vec![1.25] });
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
            ("1\nLattice=\"4 0 4 0 1\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "has 5 numbers"),
            ("1\nLattice=\"4 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square"),
            ("1\nLattice=[[4, 0, 0], [0, 4, 0]] Properties=pos:R:2:diameter:R:1\n", 2, 9, "has 2 rows, not 3 of 3"),
            ("1\nLattice=\"4 0 0 4\" Lattice=\"5 0 0 5\" Properties=pos:R:2:diameter:R:1\n", 2, 28, "a second time"),
            ("1\nLattice=\"4 0 0 4\" pbc=[T] Properties=pos:R:2:pos:R:2\n", 2, 38, "Properties has pos twice"),
            ("1\nLattice=\"4 0 0 4\" pbc=\"yes no\" Properties=pos:R:2\n", 2, 24, "`yes` is neither T nor F"),
            ("1\nLattice=\"4 0 0 4\" pbc=F Properties=pos:R:2\n", 2, 23, "must be periodic"),
            ("1\nLattice=\"4 0 0 4\" pbc=\"T T T T\" Properties=pos:R:2\n", 2, 24, "each of the three axes"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:X:2\n", 2, 30, "`X` of pos is none of the types"),
            (
                "1\nLattice=\"4 0 0 4\" Properties=x:R:18446744073709551614:pos:R:3:diameter:R:1\n",
                2,
                30,
                "more than 1000000 columns",
            ),
            ("1\ncolumns: x y diameter cell: 4 4\n", 2, 1, "is plain text; write box and columns there"),
            ("\u{1b}[31m5\n", 1, 1, r"`\u{1b}[31m5` is not a number"),
            ("1\nLattice=\"4 1 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square"),
            ("1\nLattice=\"-4 0 0 -4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "not a square of positive side"),
            ("1\nLattice=\"inf 0 0 inf\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "`inf` is not a finite number"),
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
            ("1\nLattice=\"4 0 x 4\" Properties=pos:R:2:diameter:R:1\n", 2, 14, "`x` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2\n1 2\n", 2, 30, "neither diameter"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1e\n", 3, 5, "`1e` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:3:diameter:R:1\n1 2 3 1\n", 3, 5, "z is 3"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2\n", 3, 4, "2 columns where"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 -1\n", 3, 5, "not positive"),
            ("2\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1\n", 4, 1, "ends after 1 of 2"),
            ("1\nLattice=\"4 0 0 4 Properties=pos:R:2:diameter:R:1\n1 2 1\n", 2, 9, "quote"),
        ];
        for (text, line, column, what) in cases {
            let fault = frames(text).expect_err(what);
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
        let glasses = frames(&TWO_FRAMES.replace('\n', "\r\n")).expect("well formed");
        assert_eq!(glasses.len(), 2);
        // And of very old computers.
        assert_eq!(frames(&TWO_FRAMES.replace('\n', "\r")).expect("well formed"), glasses);
        let fault = text(b"1\rLattice \0").expect_err("a zero byte");
        assert_eq!((fault.line, fault.column), (2, 9));
    }

    /// One glass, however its header is written.
    #[test]
    fn forms_of_a_header_that_say_the_same() {
        let properties = "Properties=species:S:1:pos:R:3:diameter:R:1";
        let lattice = "Lattice=\"16.0 0 0 0 16.0 0 0 0 1\"";
        let mut headers: Vec<String> = [
            "Lattice=\"16 0 0 0 16 0 0 0 16\"",
            "lattice='16 0 0 16'",
            "Lattice={16.0 0.0 0.0 0.0 16.0 0.0 0.0 0.0 1.0}",
            "Lattice=[16, 0, 0, 0, 16, 0, 0, 0, 1]",
            "Lattice=[[16.0, 0.0, 0.0], [0.0, 16.0, 0.0], [0.0, 0.0, 1.0]]",
            "Lattice = [[16, 0], [0, 16]]",
            "Lattice=\"1.6D+01 0 0 0 1.6d1 0 0 0 1\"",
            "Lattice=\"16 16 1\"",
            "Lattice = \"16.0 0 0 9.797174393178826e-16 16.0 0 0 0 1\"",
            "Lattice=\"16.0 1e-15 1e-17 0 16.000000000000004 0 0 0 1\"",
            "Lattice=\"16.0 -0.0 0 -0.0 15.999999999999998 0 0 0 1\"",
        ]
        .map(|lattice| format!("{lattice} {properties}"))
        .into();
        for pbc in [
            "\"T T F\"",
            "[T, T, F]",
            "{T T F}",
            "\"TRUE TRUE FALSE\"",
            "\"True True False\"",
            "[true,true,false]",
            "\"1 1 0\"",
            "T",
            "\"T T\"",
            "'T T T'",
        ] {
            headers.push(format!("{lattice} pbc={pbc} {properties}"));
            headers.push(format!("{lattice} pbc = {pbc} {properties}"));
        }
        for properties in [
            "Properties = species:S:1:pos:R:3:diameter:R:1",
            "Properties=\"species:S:1:pos:R:3:diameter:R:1\"",
            "properties='species:S:1:pos:R:3:diameter:R:1'",
            "Properties={id:I:1:position:R:3:Diameter:R:1}",
        ] {
            headers.push(format!("{lattice} {properties}"));
            headers.push(format!("note=\"a \\\"b\\\" = {{c}}\" {properties} step=1 bare energy=-1.5D0 x= {lattice}"));
        }
        for header in headers {
            let text = format!("1\n{header}\n1 1.0D+00 2.5 1e-17 1.25\n");
            let found = frames(&text).unwrap_or_else(|fault| panic!("{header}: {fault:?}"));
            assert_eq!((found[0].box_length, found[0].positions[0], found[0].diameters[0]), (16.0, [1.0, 2.5], 1.25));
        }
    }
}
