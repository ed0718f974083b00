//! Text dumps: `dump atom`, and `dump custom` with at least x, y (as such, scaled or unwrapped) and diameter, radius or type.
//!
//! ```text
//! ITEM: TIMESTEP
//! 100
//! ITEM: NUMBER OF ATOMS
//! 2
//! ITEM: BOX BOUNDS pp pp pp
//! 0 4
//! 0 4
//! -0.5 0.5
//! ITEM: ATOMS id type x y z diameter
//! 1 1 0.5 1.5 0 1.0
//! 2 2 2.5 1.0 0 1.4
//! ```

use super::atoms::{Atoms, Columns, Coordinate};
use super::bounds::{Bounds, TRICLINIC};
use crate::ReadOptions;
use crate::masses::Masses;
use crate::sizes;
use crate::text::{Fault, Lines, Wrong, count, finite, words};
use archive::record::Particles;
use realization::config::excerpt;
use std::iter::Enumerate;

/// How a dump begins.
pub(crate) const BEGIN: &str = "ITEM:";

type Rows<'a> = Enumerate<Lines<'a>>;

/// What was said of a frame before its atoms.
#[derive(Default)]
struct Head {
    count: Option<usize>,
    bounds: Option<(usize, Bounds)>,
}

/// All frames of a dump.
pub(crate) fn parse(text: &str, options: &ReadOptions, masses: &mut Masses) -> Result<Vec<Particles>, Fault> {
    let mut rows = Lines::of(text).enumerate();
    let mut frames = Vec::new();
    let mut head = Head::default();
    let mut begun = None;
    while let Some((row, line)) = rows.next() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: String| Fault::in_row(row, (1, what));
        let Some(item) = line.trim().strip_prefix(BEGIN).map(str::trim) else {
            return Err(wrong(format!("`{}` where a line `ITEM: …` is expected", excerpt(line))));
        };
        begun.get_or_insert(row);
        match item {
            "NUMBER OF ATOMS" => {
                let (row, line) = next(&mut rows, row, "the number of atoms")?;
                head.count = Some(count(line).map_err(|wrong| Fault::in_row(row, wrong))?);
            }
            "TIMESTEP" | "UNITS" | "TIME" => drop(next(&mut rows, row, "its value")?),
            _ => match (item.strip_prefix("BOX BOUNDS"), item.strip_prefix("ATOMS")) {
                (Some(kinds), _) => head.bounds = Some((row, bounds(kinds, &mut rows, row)?)),
                (_, Some(names)) => {
                    frames.push(atoms(std::mem::take(&mut head), names, &mut rows, row, (options, masses))?);
                    begun = None;
                }
                _ => return Err(wrong(format!("`{}` is no item of a text dump", excerpt(item)))),
            },
        }
    }
    match begun {
        Some(row) => Err(Fault::in_row(row, (1, "the frame that begins here has no ITEM: ATOMS".to_owned()))),
        None => Ok(frames),
    }
}

/// The next line, which must be there.
fn next<'a>(rows: &mut Rows<'a>, row: usize, what: &str) -> Result<(usize, &'a str), Fault> {
    rows.next().ok_or_else(|| Fault::in_row(row + 1, (1, format!("the file ends where {what} should stand"))))
}

fn bounds(kinds: &str, rows: &mut Rows<'_>, row: usize) -> Result<Bounds, Fault> {
    let kinds: Vec<&str> = kinds.split_whitespace().collect();
    let (shape, flags) = match kinds[..] {
        ["xy", "xz", "yz", ..] => (Shape::Tilted, &kinds[3..]),
        ["abc", "origin", ..] => (Shape::Vectors, &kinds[2..]),
        _ => (Shape::Ends, &kinds[..]),
    };
    if let Some(flag) = flags.iter().take(2).find(|flag| **flag != "pp") {
        let what = format!("boundary `{}`: the glass must be periodic (pp) along x and y", excerpt(flag));
        return Err(Fault::in_row(row, (1, what)));
    }
    let open_along_z = flags.get(2).is_some_and(|flag| *flag != "pp");
    let mut found = Bounds { open_along_z, ..Bounds::default() };
    for axis in 0..3 {
        let (row, line) = next(rows, row + axis, "the bounds of the box")?;
        add_bound(&mut found, axis, shape, line).map_err(|wrong| Fault::in_row(row, wrong))?;
    }
    Ok(found)
}

/// How a box is written: by both ends; with a tilt; as a vector with the origin.
#[derive(Clone, Copy)]
enum Shape {
    Ends,
    Tilted,
    Vectors,
}

fn add_bound(bounds: &mut Bounds, axis: usize, shape: Shape, line: &str) -> Result<(), Wrong> {
    let words = words(line);
    let number = |word: usize| finite(words[word], "the bound");
    match (shape, words.len()) {
        (Shape::Ends, 2) => bounds.add_ends(axis, [number(0)?, number(1)?]),
        (Shape::Tilted, 3) if number(2)? != 0.0 => return Err((words[2].0, TRICLINIC.to_owned())),
        (Shape::Tilted, 3) => bounds.add_ends(axis, [number(0)?, number(1)?]),
        (Shape::Vectors, 4) => {
            bounds.add_origin(axis, number(3)?);
            bounds.add_vector(axis, [number(0)?, number(1)?, number(2)?]).map_err(|what| (1, what))?;
        }
        _ => return Err((1, format!("`{}` are not the bounds of the box", excerpt(line)))),
    }
    Ok(())
}

fn atoms(
    head: Head,
    names: &str,
    rows: &mut Rows<'_>,
    row: usize,
    (options, masses): (&ReadOptions, &mut Masses),
) -> Result<Particles, Fault> {
    let here = |what: &str| Fault::in_row(row, (1, what.to_owned()));
    let count = head.count.ok_or_else(|| here("ITEM: NUMBER OF ATOMS is missing before it"))?;
    let (at, bounds) = head.bounds.ok_or_else(|| here("ITEM: BOX BOUNDS is missing before it"))?;
    let found_box = bounds.found_box().map_err(|wrong| Fault::in_row(at, wrong))?;
    let columns = columns(names, &bounds, options).map_err(|what| here(&what))?;
    let mass = names.split_whitespace().position(|name| name == "mass");
    let mut atoms = Atoms::within(found_box);
    while atoms.len() < count {
        let line = rows.next().filter(|(_, line)| !line.starts_with(BEGIN));
        let (row, line) = line.ok_or_else(|| {
            let what = format!("the frame ends after {} of {count} atoms", atoms.len());
            Fault::in_row(row + 1 + atoms.len(), (1, what))
        })?;
        atoms.add(row, line, &columns)?;
        masses.add_word(mass.and_then(|column| line.split_whitespace().nth(column)));
    }
    atoms.particles()
}

fn columns<'a>(names: &str, bounds: &Bounds, options: &'a ReadOptions) -> Result<Columns<'a>, String> {
    let names: Vec<&str> = names.split_whitespace().collect();
    let column = |name: &str| names.iter().position(|known| *known == name);
    // As such or unwrapped; or scaled by the box.
    let coordinate = |axis: usize, name: &str| {
        let plain = column(name).or_else(|| column(&format!("{name}u"))).map(Coordinate::plain);
        let scaled = || column(&format!("{name}s")).or_else(|| column(&format!("{name}su")));
        let extent = bounds.axes[axis].unwrap_or_default();
        plain.or_else(|| scaled().map(|column| Coordinate { column, extent }))
    };
    let needed = |axis: usize, name: &str| {
        coordinate(axis, name).ok_or_else(|| format!("ITEM: ATOMS has none of {name}, {name}s, {name}u, {name}su"))
    };
    let places = [column("diameter"), column("radius"), column("type").or_else(|| column("element"))];
    Ok(Columns {
        count: names.len(),
        flags: 0,
        id: column("id"),
        position: [needed(0, "x")?, needed(1, "y")?],
        height: coordinate(2, "z"),
        size: sizes::choose(places, options.diameters.as_ref()).map_err(|what| format!("ITEM: ATOMS has {what}"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp ff\n-2 2\n-2 2\n-0.5 0.5\n";

    fn parse(text: &str, options: &ReadOptions) -> Result<Vec<Particles>, Fault> {
        super::parse(text, options, &mut Masses::default())
    }

    fn read(text: &str) -> Result<Vec<Particles>, Fault> {
        parse(text, &ReadOptions::default())
    }

    #[test]
    fn coordinates_of_every_kind_say_the_same() {
        for (names, first, second) in [
            ("id x y z diameter", "1 -1.5 0.5 0", "2 1 0 0"),
            ("id xu yu diameter", "1 -1.5 0.5", "2 1 0"),
            ("id xs ys zs diameter", "1 0.125 0.625 0.5", "2 0.75 0.5 0.5"),
            ("id xsu ysu diameter", "1 0.125 0.625", "2 0.75 0.5"),
        ] {
            // In whatever order.
            let text = format!(
                "{HEAD}ITEM: ATOMS {names}\n{second} 1.25\n{first} 1\n\n{HEAD}ITEM: ATOMS id x y radius\n\
                                1 0 0 1\n2 1 1 1\n"
            );
            let frames = read(&text).unwrap_or_else(|fault| panic!("{names}: {fault:?}"));
            let expected =
                Particles { box_sides: vec![4.0; 2], positions: vec![-1.5, 0.5, 1.0, 0.0], diameters: vec![1.0, 1.25] };
            assert_eq!(frames[0], expected, "{names}");
            assert_eq!(frames[1].diameters, [2.0, 2.0]);
        }
    }

    #[test]
    fn masses_that_differ_are_noticed() {
        for (second, differ) in [("1", false), ("2.5", true)] {
            let mut masses = Masses::default();
            let text = format!("{HEAD}ITEM: ATOMS x y mass radius\n0 0 1 1\n1 1 {second} 1\n");
            assert!(super::parse(&text, &ReadOptions::default(), &mut masses).is_ok());
            assert_eq!(masses.differ(), differ, "{second}");
        }
    }

    #[test]
    fn boxes_of_every_kind_are_the_same() {
        let ends = "pp pp ff\n-2 2\n-2 2\n-0.5 0.5\n";
        let text = format!("{HEAD}ITEM: ATOMS xs ys radius\n0.125 0.625 1\n0 0 1\n");
        for form in [
            "\n-2 2\n-2 2\n-0.5 0.5\n",
            "xy xz yz pp pp pp\n-2 2 0\n-2 2 0.0\n-0.5 0.5 0\n",
            "abc origin pp pp pp\n4 0 0 -2\n0 4 0 -2\n0 0 1 -0.5\n",
        ] {
            assert_eq!(read(&text.replace(ends, form)), read(&text), "{form}");
        }
    }

    #[test]
    fn atoms_of_different_height_are_those_of_three_dimensions() {
        let head = HEAD.replace("pp pp ff", "pp pp pp").replace("-0.5 0.5", "1 7");
        for (names, first, second) in [
            ("id x y z diameter", "1 -1.5 0.5 2.5", "2 1 0 4"),
            ("id xu yu zu diameter", "1 -1.5 0.5 2.5", "2 1 0 4"),
            ("id xs ys zs diameter", "1 0.125 0.625 0.25", "2 0.75 0.5 0.5"),
        ] {
            let text = format!("{head}ITEM: ATOMS {names}\n{second} 1.25\n{first} 1\n");
            let found = read(&text).unwrap_or_else(|fault| panic!("{names}: {fault:?}"));
            assert_eq!(found[0].points::<3>(), [[-1.5, 0.5, 2.5], [1.0, 0.0, 4.0]], "{names}");
            assert_eq!(
                (&found[0].box_sides[..], &found[0].diameters[..]),
                (&[4.0, 4.0, 6.0][..], &[1.0, 1.25][..]),
                "{names}"
            );
        }
    }

    #[test]
    fn types_are_given_diameters() {
        let options = ReadOptions { diameters: "1=1,2=1.5".parse().ok(), ..ReadOptions::default() };
        let text = format!("{HEAD}ITEM: ATOMS type x y\n2 0 0\n1 1 1\n");
        assert_eq!(parse(&text, &options).expect("well formed")[0].diameters, [1.5, 1.0]);
        let fault = parse(&text.replace("\n1 1 1", "\n3 1 1"), &options).expect_err("no third type");
        assert_eq!((fault.line, fault.column), (11, 1));
        assert!(fault.what.contains("type 3 has no diameter in --diameters 1=1,2=1.5"), "{}", fault.what);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let atoms = "ITEM: ATOMS id x y z diameter\n";
        let whole = format!("{HEAD}{atoms}1 0 0 0 1\n2 1 1 0 1\n");
        let changed = |from: &str, to: &str| whole.replacen(from, to, 1);
        for (text, line, column, what) in [
            ("ITEM: TIMESTEP\n".to_owned(), 2, 1, "the file ends where its value"),
            ("ITEM: TIMESTEP\n7\n".to_owned(), 1, 1, "has no ITEM: ATOMS"),
            (changed("ITEM: TIMESTEP\n7", "ITEM: SPIN\n7"), 1, 1, "`SPIN` is no item"),
            (changed("7\n", "7\n8\n"), 3, 1, "`8` where a line `ITEM: …` is expected"),
            (changed("ATOMS\n2", "ATOMS\n-2"), 4, 1, "`-2` is not a number of particles"),
            (changed("pp pp ff", "pp fs pp"), 5, 1, "boundary `fs`: the glass must be periodic"),
            (changed("pp pp ff", "xy xz yz pp pp pp"), 6, 1, "are not the bounds"),
            (changed("pp pp ff\n-2 2", "xy xz yz pp pp pp\n-2 2 0.1"), 6, 6, "the box is triclinic"),
            (changed("pp pp ff", "abc origin pp pp pp"), 6, 1, "are not the bounds"),
            (changed("pp pp ff\n-2 2", "abc origin pp pp pp\n4 0.1 0 -2"), 6, 1, "the box is triclinic"),
            (changed("-2 2\n", "-2 -2\n"), 5, 1, "the box is 0 by 4"),
            (changed("-2 2\n", "-2 x\n"), 6, 4, "the bound `x` is not a finite number"),
            (changed("-2 2\n", "2 -2\n"), 5, 1, "not of positive sides"),
            (changed(atoms, "ITEM: ATOMS id x z diameter\n"), 9, 1, "none of y, ys, yu, ysu"),
            (changed(atoms, "ITEM: ATOMS id x y z vx\n"), 9, 1, "ITEM: ATOMS has neither diameters, radii nor types"),
            (changed(atoms, "ITEM: ATOMS type x y z vx\n"), 9, 1, "give the diameter of each type, as in --diameters"),
            (changed("1 0 0 0 1", "1 0 0 0"), 10, 8, "4 columns where 5 are expected"),
            (changed("1 0 0 0 1", "1 0 0 0 1 9"), 10, 11, "6 columns where 5 are expected"),
            (changed("1 0 0 0 1", "1 nan 0 0 1"), 10, 3, "x `nan` is not a finite number"),
            (changed("1 0 0 0 1", "1 0 0 0 0"), 10, 9, "the size of a particle is 0, not positive"),
            (changed("1 0 0 0 1", "1.5 0 0 0 1"), 10, 1, "the id `1.5` is not a whole number"),
            (changed("1 0 0 0 1", "0 0 0 0 1"), 10, 1, "the id 0 is not above 0"),
            (changed("2 1 1 0 1", "1 1 1 0 1"), 11, 1, "the id 1 a second time, after line 10"),
            (changed("2 1 1 0 1", "2 1 1 0.4 1"), 11, 7, "three dimensions, but its box is not periodic along z"),
            (
                changed("2 1 1 0 1", "2 1 1 0.4 1").replace("pp pp ff", "pp pp pp").replace("-0.5 0.5", "0 0"),
                11,
                7,
                "three dimensions, but its box is 4 by 4 by 0",
            ),
            (changed("2 1 1 0 1\n", ""), 11, 1, "the frame ends after 1 of 2 atoms"),
            (changed("2 1 1 0 1", "ITEM: TIMESTEP"), 11, 1, "the frame ends after 1 of 2 atoms"),
            (changed("ITEM: NUMBER OF ATOMS\n2\n", ""), 7, 1, "ITEM: NUMBER OF ATOMS is missing"),
        ] {
            let fault = read(&text).expect_err(what);
            assert!(fault.what.contains(what), "{fault:?} for {what}");
            assert_eq!((fault.line, fault.column), (line, column), "{fault:?}");
        }
    }
}
