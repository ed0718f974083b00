//! Plain XYZ: the number of particles, a comment, and one line `species x y` or `species x y z` a particle. The box
//! (`--box`) and the diameter of each species (`--diameters`) must be said.

use crate::sizes::Diameters;
use crate::text::{Fault, Lines, Wrong, count, finite, words};
use archive::record::Particles;
use realization::particles::{FoundBox, Points};

/// Whether a text is XYZ whose first comment says nothing of a box.
pub(crate) fn is_plain(text: &str) -> bool {
    let mut lines = Lines::of(text).skip_while(|line| line.trim().is_empty());
    let comment = lines.next().and_then(|_| lines.next()).unwrap_or_default().to_ascii_lowercase();
    !comment.contains("lattice") && !comment.contains("properties")
}

/// All frames of a text.
pub(crate) fn parse(text: &str, found_box: &FoundBox, given: Option<&Diameters>) -> Result<Vec<Particles>, Fault> {
    let mut rows = Lines::of(text).enumerate();
    let mut frames = Vec::new();
    while let Some((first, line)) = rows.next() {
        if line.trim().is_empty() {
            continue;
        }
        let count = count(line).map_err(|wrong| Fault::in_row(first, wrong))?;
        let untold =
            "plain XYZ says nothing of sizes; give the diameter of each species, as in --diameters A=1.0,B=1.4";
        let given = given.ok_or_else(|| Fault::in_row(first, (1, untold.to_owned())))?;
        rows.next();
        // Grown as lines come: how many there are is only claimed.
        let (mut points, mut diameters) = (Points::within(found_box.clone()), Vec::new());
        for particle in 0..count {
            let (row, line) = rows.next().ok_or_else(|| {
                let what = format!("the file ends after {particle} of {count} particles");
                Fault::in_row(first + 2 + particle, (1, what))
            })?;
            let diameter = self::particle(line, &mut points, given).map_err(|wrong| Fault::in_row(row, wrong))?;
            diameters.push(diameter);
        }
        frames.push(points.particles(diameters));
    }
    match frames.is_empty() {
        true => Err(Fault::in_row(0, (1, "the file has no frame".to_owned()))),
        false => Ok(frames),
    }
}

/// Adds the position of the particle that a line describes to `points`, and returns its diameter.
fn particle(line: &str, points: &mut Points, given: &Diameters) -> Result<f64, Wrong> {
    let words = words(line);
    let (&(at, species), x, y, z) = match &words[..] {
        [species, x, y] => (species, x, y, None),
        [species, x, y, z] => (species, x, y, Some(z)),
        _ => return Err((1, format!("{} columns where `species x y` or `species x y z` is expected", words.len()))),
    };
    let height = z.map(|&z| finite(z, "z")).transpose()?;
    let at_z = z.map_or(1, |&(column, _)| column);
    points.add([finite(*x, "x")?, finite(*y, "y")?], height).map_err(|what| (at_z, what))?;
    given.of(species).map_err(|what| (at, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use glass::space::Dimension;

    const TEXT: &str = "2\nby hand\nA 0.5 1.5 0\nB 1e0 2 0.0\n\n1\n\nA -0.5 1.5\n";

    #[test]
    fn frames_have_the_box_and_the_diameters_that_are_given() {
        let side = &FoundBox::of_sides(&[4.0]).expect("positive");
        let given: Diameters = "A=1,B=1.4".parse().expect("well formed");
        assert!(is_plain(TEXT) && !is_plain("1\nLattice=\"4 0 0 4\" Properties=pos:R:2\n1 2\n"));
        let frames = parse(TEXT, side, Some(&given)).expect("well formed");
        let first =
            Particles { box_sides: vec![4.0; 2], positions: vec![0.5, 1.5, 1.0, 2.0], diameters: vec![1.0, 1.4] };
        assert_eq!((frames.len(), &frames[0]), (2, &first));
        assert_eq!(frames[1].positions, [-0.5, 1.5]);
        let space = parse(&TEXT.replacen("2 0.0", "2 0.5", 1), side, Some(&given)).expect("a cube");
        assert_eq!(space[0].points::<3>(), [[0.5, 1.5, 0.0], [1.0, 2.0, 0.5]]);
        assert_eq!(space[1].dimension(), Dimension::Two);
        for (from, to, line, column, what) in [
            ("2\nby", "x\nby", 1, 1, "`x` is not a number of particles"),
            ("2\nby", "3\nby", 5, 1, "0 columns where"),
            ("1\n\nA", "2\n\nA", 9, 1, "the file ends after 1 of 2"),
            ("1.5 0\n", "1.5 0 7\n", 3, 1, "5 columns where `species x y`"),
            ("A 0.5", "C 0.5", 3, 1, "type C has no diameter"),
            ("2 0.0", "2 inf", 4, 9, "z `inf` is not a finite number"),
            ("1e0", "nan", 4, 3, "x `nan` is not a finite number"),
        ] {
            let text = TEXT.replacen(from, to, 1);
            let fault = parse(&text, side, Some(&given)).expect_err(what);
            assert!(fault.what.contains(what), "{fault:?}");
            assert_eq!((fault.line, fault.column), (line, column), "{fault:?}");
        }
        assert!(parse(TEXT, side, None).expect_err("no sizes").what.contains("--diameters A=1.0"));
    }
}
