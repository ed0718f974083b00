//! Frames of an extended XYZ text as glasses; what is wrong is named by line and column.

use super::header::Header;
use crate::ReadOptions;
use crate::masses::Masses;
use crate::text::{Fault, Lines, count};
use archive::record::Particles;
use realization::particles::Points;

/// All frames of a text.
pub(crate) fn parse(text: &str, options: &ReadOptions, masses: &mut Masses) -> Result<Vec<Particles>, Fault> {
    let fault = |line: usize, column: usize, what: String| Fault { line: line + 1, column, what };
    let mut lines = Lines::of(text).enumerate();
    let mut frames = Vec::new();
    while let Some((first, line)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let count = count(line).map_err(|wrong| Fault::in_row(first, wrong))?;
        let (row, comment) = lines
            .next()
            .ok_or_else(|| fault(first + 1, 1, "the comment line with Lattice and Properties is missing".into()))?;
        let header = Header::parse(comment, options).map_err(|wrong| Fault::in_row(row, wrong))?;
        // Grown as lines come: how many there are is only claimed.
        let (mut points, mut diameters) = (Points::within(header.found_box.clone()), Vec::new());
        for particle in 0..count {
            let (row, line) = lines.next().ok_or_else(|| {
                fault(first + 2 + particle, 1, format!("the file ends after {particle} of {count} particles"))
            })?;
            let diameter = header.particle(line, &mut points);
            diameters.push(diameter.map_err(|wrong| Fault::in_row(row, wrong))?);
            masses.add_word(header.mass.and_then(|column| line.split_whitespace().nth(column)));
        }
        frames.push(points.particles(diameters));
    }
    if frames.is_empty() {
        return Err(fault(0, 1, "the file has no frame".into()));
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, options: &ReadOptions) -> Result<Vec<Particles>, Fault> {
        super::parse(text, options, &mut Masses::default())
    }

    fn frames(text: &str) -> Result<Vec<Particles>, Fault> {
        parse(text, &ReadOptions::default())
    }

    #[test]
    fn masses_that_differ_are_noticed() {
        for (name, second, differ) in [("mass", "1.0", false), ("mass", "2", true), ("Masses", "2", true)] {
            let mut masses = Masses::default();
            let header = format!("Lattice=\"5 0 0 5\" Properties=pos:R:2:{name}:R:1:diameter:R:1");
            let text = format!("2\n{header}\n1 2 1 1\n3 4 {second} 1\n");
            assert!(super::parse(&text, &ReadOptions::default(), &mut masses).is_ok());
            assert_eq!(masses.differ(), differ, "{name} {second}");
        }
    }

    const TWO_FRAMES: &str = "2\nLattice=\"5 0 0 0 5 0 0 0 1\" Properties=species:S:1:pos:R:3:radius:R:1\n\
        A 0.5 1.5 0 0.5\nB 2.5 1e0 0.0 0.6\n\n1\nProperties=pos:R:2:diameter:R:1 Lattice=\"4 0 0 4\"\n1 2 1.25\n";

    #[test]
    fn frames_with_radius_or_diameter_and_two_or_three_columns() {
        let glasses = frames(TWO_FRAMES).expect("well formed");
        assert_eq!(glasses.len(), 2);
        assert_eq!(
            glasses[0],
            Particles { box_sides: vec![5.0; 2], positions: vec![0.5, 1.5, 2.5, 1.0], diameters: vec![1.0, 1.2] }
        );
        assert_eq!(glasses[1], Particles { box_sides: vec![4.0; 2], positions: vec![1.0, 2.0], diameters: vec![1.25] });
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
            ("1\nLattice=\"4 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "no box of positive sides"),
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
            ("1\nLattice=\"4 1 0 4\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "no box of positive sides"),
            (
                "1\nLattice=\"-4 0 0 -4\" Properties=pos:R:2:diameter:R:1\n",
                2,
                10,
                "no box of positive sides along x and y",
            ),
            ("1\nLattice=\"inf 0 0 inf\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "`inf` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" pbc=\"F F F\" Properties=pos:R:2:diameter:R:1\n", 2, 24, "must be periodic"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R\n", 2, 30, "has 5 fields"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:x:diameter:R:1\n", 2, 30, "`x` of pos"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:4:diameter:R:1\n", 2, 30, "positions have 4 columns"),
            ("1\nLattice=\"4 0 0 4\" Properties=species:S:1:diameter:R:1\n", 2, 30, "no pos:R:2"),
            (
                "1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:2\n",
                2,
                30,
                "has neither diameters, radii nor types",
            ),
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
            ("1\nLattice=\"4 0 1 5\" Properties=pos:R:2:diameter:R:1\n", 2, 10, "no box of positive sides"),
            ("1\nLattice=\"4 0 x 4\" Properties=pos:R:2:diameter:R:1\n", 2, 14, "`x` is not a finite number"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2\n1 2\n", 2, 30, "has neither diameters, radii nor types"),
            ("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n1 2 1e\n", 3, 5, "`1e` is not a finite number"),
            (
                "2\nLattice=\"4 0 0 4\" Properties=pos:R:3:diameter:R:1\n1 2 3 1\n1 2 4 1\n",
                4,
                5,
                "z is 4 where others have 3",
            ),
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
    fn lines_end_as_on_any_system() {
        let glasses = frames(TWO_FRAMES).expect("well formed");
        for end in ["\r\n", "\r"] {
            assert_eq!(frames(&TWO_FRAMES.replace('\n', end)).expect("well formed"), glasses);
        }
    }

    #[test]
    fn species_are_given_diameters() {
        let options = ReadOptions { diameters: "A=1,B=1.5".parse().ok(), ..ReadOptions::default() };
        let text = "2\nLattice=\"5 0 0 5\" Properties=species:S:1:pos:R:2\nB 1 2\nA 3 4\n";
        assert_eq!(parse(text, &options).expect("well formed")[0].diameters, [1.5, 1.0]);
        let fault = parse(&text.replace("B 1", "C 1"), &options).expect_err("no such species");
        assert_eq!((fault.line, fault.column), (3, 1));
        assert!(fault.what.contains("type C has no diameter"), "{}", fault.what);
    }

    #[test]
    fn coordinates_of_different_height_are_three() {
        let text =
            "2\nLattice=\"4 0 0 0 4 0 0 0 4\" pbc=\"T T T\" Properties=pos:R:3:diameter:R:1\n1 2 3 1\n2 1 0.5 1.5\n";
        let found = frames(text).expect("a cube");
        assert_eq!(found[0].points::<3>(), [[1.0, 2.0, 3.0], [2.0, 1.0, 0.5]]);
        for pbc in ["T", "[T, T, T]"] {
            assert_eq!(frames(&text.replace("\"T T T\"", pbc)), Ok(found.clone()), "{pbc}");
        }
        for lattice in ["4 4 4", "4 0 0 0 4 0 1e-15 0 4.000000000000001"] {
            assert_eq!(frames(&text.replace("4 0 0 0 4 0 0 0 4", lattice)), Ok(found.clone()), "{lattice}");
        }
        for (from, to, line, column, what) in [
            ("0 0 4\"", "0 0 0\"", 4, 5, "its box is 4 by 4 by 0; accepted: a box along the axes"),
            ("0 0 4\"", "0 1 4\"", 4, 5, "its box is spanned along z by [0.0, 1.0, 4.0]"),
            ("4 0 0 0 4 0 0 0 4", "4 0 0 4", 4, 5, "its box has two sides only"),
            ("T T T", "T T F", 4, 5, "its box is not periodic along z"),
            ("T T T", "T T", 4, 5, "its box is not periodic along z"),
            ("T T T", "T F T", 2, 34, "must be periodic along x and y"),
            ("1 0.5", "1 nan", 4, 5, "z `nan` is not a finite number"),
        ] {
            let fault = frames(&text.replacen(from, to, 1)).expect_err(what);
            assert!(fault.what.contains(what), "{fault:?} for {what}");
            assert_eq!((fault.line, fault.column), (line, column), "{fault:?}");
        }
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
            assert_eq!(
                (&found[0].box_sides[..], &found[0].positions[..], found[0].diameters[0]),
                (&[16.0; 2][..], &[1.0, 2.5][..], 1.25)
            );
        }
    }
}
