//! Data files: what `write_data` writes, and what `read_data` reads.
//!
//! ```text
//! the first line is a comment
//!
//! 2 atoms
//! 2 atom types
//! 0 4 xlo xhi
//! 0 4 ylo yhi
//! -0.5 0.5 zlo zhi
//!
//! Atoms # sphere
//!
//! 1 1 1.0 1 0.5 1.5 0 0 0 0
//! 2 2 1.4 1 2.5 1.0 0 0 -1 0
//! ```
//!
//! The word behind `Atoms #` is the atom style, which says what the columns are. Without it only five columns have one
//! meaning (atomic).

use super::atoms::{Atoms, Columns, Coordinate};
use super::bounds::{Bounds, TRICLINIC};
use crate::ReadOptions;
use crate::masses::Masses;
use crate::sizes;
use crate::text::{Fault, Lines, Wrong, count, finite, words};
use archive::record::Particles;
use realization::config::excerpt;
use std::iter::Peekable;

/// Lines among which the begin of a data file is recognized.
const HEAD_LINES: usize = 100;

/// Columns of a style before the coordinates: id, type and diameter, where it has one, and where x stands.
const STYLES: [(&str, usize, Option<usize>, usize); 7] = [
    ("atomic", 1, None, 2),
    ("charge", 1, None, 3),
    ("sphere", 1, Some(2), 4),
    ("molecular", 2, None, 3),
    ("bond", 2, None, 3),
    ("angle", 2, None, 3),
    ("full", 2, None, 4),
];

/// Whether a text begins as a data file does.
pub(crate) fn is_data(text: &str) -> bool {
    Lines::of(text).take(HEAD_LINES).skip(1).any(|line| {
        let words: Vec<&str> = line.split_whitespace().take(4).collect();
        matches!(words[..], [number, "atoms", ..] if number.parse::<u64>().is_ok())
            || matches!(words[..], [_, _, "xlo", "xhi"] | [_, _, _, "avec"])
    })
}

/// What stands before the sections.
#[derive(Default)]
struct Head {
    count: Option<usize>,
    bounds: Bounds,
}

impl Head {
    /// Takes a line of the head; those that say nothing of atoms and box are read away.
    fn add(&mut self, line: &str) -> Result<(), Wrong> {
        let words = words(line);
        let texts: Vec<&str> = words.iter().map(|&(_, word)| word).collect();
        match texts[..] {
            [_, "atoms"] => self.count = Some(count(texts[0])?),
            [_, _, "xlo", "xhi"] => self.bounds.add_ends(0, bound_numbers(&words)?),
            [_, _, "ylo", "yhi"] => self.bounds.add_ends(1, bound_numbers(&words)?),
            [_, _, "zlo", "zhi"] => self.bounds.add_ends(2, bound_numbers(&words)?),
            [_, _, _, "xy", "xz", "yz"] => {
                let tilts: [f64; 3] = bound_numbers(&words)?;
                return if tilts == [0.0; 3] { Ok(()) } else { Err((1, TRICLINIC.to_owned())) };
            }
            [_, _, _, name @ ("avec" | "bvec" | "cvec")] => {
                let axis = ["avec", "bvec", "cvec"].iter().position(|known| *known == name).unwrap_or_default();
                self.bounds.add_vector(axis, bound_numbers(&words)?).map_err(|what| (1, what))?;
            }
            [_, _, _, "abc", "origin"] => {
                let origin: [f64; 3] = bound_numbers(&words)?;
                origin.into_iter().enumerate().for_each(|(axis, lower)| self.bounds.add_origin(axis, lower));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The numbers at the begin of a line about the box.
fn bound_numbers<const COUNT: usize>(words: &[(usize, &str)]) -> Result<[f64; COUNT], Wrong> {
    let mut numbers = [0.0; COUNT];
    for (number, &word) in numbers.iter_mut().zip(words) {
        *number = finite(word, "the bound")?;
    }
    Ok(numbers)
}

/// The frame of a data file; of the masses of its types only whether they differ is of use.
pub(crate) fn parse(text: &str, options: &ReadOptions, masses: &mut Masses) -> Result<Vec<Particles>, Fault> {
    let mut rows = Lines::of(text).enumerate().skip(1).peekable();
    let mut head = Head::default();
    let mut in_head = true;
    let mut last = 0;
    let (mut section, mut frame) = ("", None);
    while let Some((row, line)) = rows.next() {
        last = row;
        let (content, comment) = line.split_once('#').unwrap_or((line, ""));
        in_head &= !is_heading(content);
        if in_head {
            head.add(content).map_err(|wrong| Fault::in_row(row, wrong))?;
        } else if is_heading(content) {
            section = content.trim();
            if section == "Atoms" && frame.is_none() {
                frame = Some(atoms(&head, comment.trim(), &mut rows, row, options)?);
            }
        } else if section == "Masses" {
            masses.add_word(content.split_whitespace().nth(1));
        }
    }
    let missing = || Fault::in_row(last + 1, (1, "the file has no section Atoms".to_owned()));
    Ok(vec![frame.ok_or_else(missing)?])
}

/// Sections begin with a word, all other lines with a number.
fn is_heading(content: &str) -> bool {
    content.trim_start().starts_with(|first: char| first.is_alphabetic())
}

fn atoms<'a>(
    head: &Head,
    style: &str,
    rows: &mut Peekable<impl Iterator<Item = (usize, &'a str)>>,
    row: usize,
    options: &ReadOptions,
) -> Result<Particles, Fault> {
    let here = |wrong: Wrong| Fault::in_row(row, wrong);
    let count = head.count.ok_or_else(|| here((1, "the number of atoms is missing before it".to_owned())))?;
    let mut atoms = Atoms::within(head.bounds.found_box().map_err(here)?);
    let mut columns = None;
    let mut last = row;
    while atoms.len() < count {
        let next = rows.next_if(|(_, line)| !is_heading(line));
        let ends =
            || Fault::in_row(last + 1, (1, format!("the section Atoms ends after {} of {count} atoms", atoms.len())));
        let (row, line) = next.ok_or_else(ends)?;
        last = row;
        let line = line.split_once('#').map_or(line, |(content, _)| content);
        if line.trim().is_empty() {
            continue;
        }
        let columns = match &mut columns {
            Some(columns) => columns,
            columns => columns
                .insert(columns_of(style, line.split_whitespace().count(), options).map_err(|what| here((1, what)))?),
        };
        atoms.add(row, line.trim_end(), columns)?;
    }
    atoms.particles()
}

/// The columns of an atom style, or of the only one that has so few.
fn columns_of<'a>(style: &str, found: usize, options: &'a ReadOptions) -> Result<Columns<'a>, String> {
    let known = STYLES.map(|(name, ..)| name).join(", ");
    let style = match (style, found) {
        ("", 5) => "atomic",
        ("", _) => {
            return Err(format!(
                "the {found} columns of Atoms may mean several things; name their atom style, as in `Atoms # sphere` \
                 ({known})"
            ));
        }
        (style, _) => style,
    };
    let named = STYLES.into_iter().find(|(name, ..)| *name == style);
    let (_, kind, diameter, x) =
        named.ok_or_else(|| format!("the atom style {} is not read; accepted: {known}", excerpt(style)))?;
    let size = sizes::choose([diameter, None, Some(kind)], options.diameters.as_ref());
    Ok(Columns {
        count: x + 3,
        flags: 3,
        id: Some(0),
        position: [Coordinate::plain(x), Coordinate::plain(x + 1)],
        height: Some(Coordinate::plain(x + 2)),
        size: size.map_err(|what| format!("the atom style {style} has {what}"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, options: &ReadOptions) -> Result<Vec<Particles>, Fault> {
        super::parse(text, options, &mut Masses::default())
    }

    const SPHERES: &str = "made by hand\n\n2 atoms\n2 atom types\n\n-2 2 xlo xhi\n-2 2 ylo yhi # sides\n-0.5 0.5 zlo zhi\n\n\
        Masses\n\n1 1\n2 1\n\nAtoms # sphere\n\n2 2 1.4 1 1 0 0\n1 1 1.0 1 -1.5 0.5 0 # the first\n\nVelocities\n\n1 0 0 0\n2 0 0 0\n";

    fn expected(diameters: [f64; 2]) -> Vec<Particles> {
        vec![Particles { box_sides: vec![4.0; 2], positions: vec![-1.5, 0.5, 1.0, 0.0], diameters: diameters.into() }]
    }

    #[test]
    fn atoms_of_every_style_are_the_same_glass() {
        assert!(is_data(SPHERES));
        assert_eq!(parse(SPHERES, &ReadOptions::default()), Ok(expected([1.0, 1.4])));
        let options = ReadOptions { diameters: "1=2,2=3".parse().ok(), ..ReadOptions::default() };
        assert_eq!(parse(SPHERES, &options), Ok(expected([2.0, 3.0])));
        for (style, first, second) in [
            ("# atomic", "1 1", "2 2"),
            ("", "1 1", "2 2"),
            ("# charge", "1 1 0", "2 2 0.5"),
            ("#molecular", "1 0 1", "2 0 2"),
            ("# full", "1 0 1 0", "2 0 2 0"),
        ] {
            let text = SPHERES.replace("# sphere", style).replace("1 1 1.0 1", first).replace("2 2 1.4 1", second);
            assert_eq!(parse(&text, &options), Ok(expected([2.0, 3.0])), "{style}");
            let fault = parse(&text, &ReadOptions::default()).expect_err("no sizes");
            assert!(fault.what.contains("give the diameter of each type, as in --diameters"), "{}", fault.what);
        }
    }

    #[test]
    fn masses_that_differ_are_noticed_wherever_they_stand() {
        let differ = |text: &str| {
            let mut masses = Masses::default();
            assert_eq!(super::parse(text, &ReadOptions::default(), &mut masses), Ok(expected([1.0, 1.4])));
            masses.differ()
        };
        assert!(!differ(SPHERES) && differ(&SPHERES.replace("1 1\n2 1\n", "1 1 # light\n2 2.5\n")));
        assert!(differ(&(SPHERES.replace("Masses\n\n1 1\n2 1\n\n", "") + "\nMasses\n\n1 1\n2 2.5\n")));
    }

    #[test]
    fn boxes_of_every_kind_are_the_same() {
        let ends = "-2 2 xlo xhi\n-2 2 ylo yhi # sides\n-0.5 0.5 zlo zhi\n";
        for form in [
            format!("{ends}0 0 0.0 xy xz yz\n"),
            "4 0 0 avec\n0 4 0 bvec\n0 0 1 cvec\n-2 -2 -0.5 abc origin\n".to_owned(),
        ] {
            let text = SPHERES.replace(ends, &form);
            assert!(is_data(&text));
            assert_eq!(parse(&text, &ReadOptions::default()), Ok(expected([1.0, 1.4])), "{form}");
        }
    }

    #[test]
    fn atoms_of_different_height_are_those_of_three_dimensions() {
        let text = SPHERES.replace("-0.5 0.5 zlo zhi", "-3 1 zlo zhi").replace("1 1 0 0", "1 1 0 0.25 -1 2 0");
        let found = parse(&text, &ReadOptions::default()).expect("a cube");
        assert_eq!(found[0].points::<3>(), [[-1.5, 0.5, 0.0], [1.0, 0.0, 0.25]]);
        assert_eq!(found[0].box_sides, [4.0; 3]);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let changed = |from: &str, to: &str| SPHERES.replacen(from, to, 1);
        for (text, line, column, what) in [
            (changed("2 atoms", "-2 atoms"), 3, 1, "`-2` is not a number"),
            (changed("2 atoms", "3 atoms"), 20, 1, "the section Atoms ends after 2 of 3 atoms"),
            (changed("2 atoms\n", "\n"), 15, 1, "the number of atoms is missing"),
            (changed("-2 2 ylo yhi", "-2 2 zlo zhi"), 15, 1, "the bounds of the box along y are missing"),
            (changed("-2 2 ylo", "2 -3 ylo"), 15, 1, "the box is 4 by -5"),
            (changed("-2 2 ylo", "-2 inf ylo"), 7, 4, "the bound `inf` is not a finite number"),
            (changed("\nMasses", "0.5 0 0 xy xz yz\n\nMasses"), 9, 1, "the box is triclinic"),
            (changed("\nMasses", "1 0.1 0 avec\n\nMasses"), 9, 1, "the box is triclinic"),
            (
                changed("# sphere", "# ellipsoid"),
                15,
                1,
                "the atom style ellipsoid is not read; accepted: atomic, charge",
            ),
            (changed("# sphere", ""), 15, 1, "the 7 columns of Atoms may mean several things"),
            (changed("Atoms", "Atom"), 24, 1, "the file has no section Atoms"),
            (changed("2 2 1.4 1 1 0 0", "2 2 1.4 1 1 0 0 0"), 17, 18, "8 columns where 7 or 10 are expected"),
            (changed("2 2 1.4 1 1 0 0", "2 2 1.4 1 1 0 0 0 0.5 0"), 17, 19, "the image flag `0.5` is not a whole"),
            (
                changed("2 2 1.4 1 1 0 0", "2 2 1.4 1 1 0 1").replacen("-0.5 0.5 zlo", "0.5 0.5 zlo", 1),
                18,
                20,
                "three dimensions, but its box is 4 by 4 by 0; accepted",
            ),
            (
                changed("-0.5 0.5 zlo zhi", "").replacen("1 1 0 0", "1 1 0 1", 1),
                18,
                20,
                "three dimensions, but its box has two sides only",
            ),
            (changed("2 2 1.4 1 1 0 0", "2 2 0.0 1 1 0 0"), 17, 5, "the size of a particle is 0, not positive"),
            (changed("2 2 1.4 1 1 0 0", "1 2 1.4 1 1 0 0"), 18, 1, "the id 1 a second time, after line 17"),
        ] {
            let fault = parse(&text, &ReadOptions::default()).expect_err(what);
            assert!(fault.what.contains(what), "{fault:?} for {what}");
            assert_eq!((fault.line, fault.column), (line, column), "{fault:?}");
        }
    }
}
