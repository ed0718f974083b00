//! Particles of a glass as a file holds them, and in how many dimensions they lie.
//!
//! Files of others have room for three coordinates where two are meant. A glass whose particles all have the same third
//! coordinate, or none, lies in a plane, whatever the third side of its box; any other is one of three dimensions, whose
//! box must be a periodic cube. [`FoundBox`] and [`Points`] hold this rule for every format.

use glass::configuration::InvalidConfiguration;
use glass::space::Dimension;
use glass::{Configuration, PeriodicBox};
use serde::{Deserialize, Serialize};

/// Particles in two or three dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Particles {
    /// Side of the periodic box.
    pub box_length: f64,
    /// d coordinates a particle, one particle after the other.
    pub positions: Vec<f64>,
    /// N.
    pub diameters: Vec<f64>,
}

impl Particles {
    /// Those of `configuration`.
    pub fn of<const D: usize>(configuration: &Configuration<D>) -> Self {
        Particles {
            box_length: configuration.periodic_box().length(),
            positions: configuration.positions().as_flattened().to_vec(),
            diameters: configuration.diameters().to_vec(),
        }
    }

    /// In how many dimensions they lie: as many as each has coordinates.
    pub fn dimension(&self) -> Dimension {
        match self.positions.len() == 3 * self.diameters.len() {
            true => Dimension::Three,
            false => Dimension::Two,
        }
    }

    /// One position of D components a particle.
    pub fn points<const D: usize>(&self) -> &[[f64; D]] {
        self.positions.as_chunks::<D>().0
    }

    /// The configuration in D dimensions, those of [`Particles::dimension`].
    ///
    /// # Errors
    /// As [`Configuration::new`].
    pub fn configuration<const D: usize>(&self) -> Result<Configuration<D>, InvalidConfiguration> {
        Configuration::new(PeriodicBox::new(self.box_length)?, self.points().to_vec(), self.diameters.clone())
    }
}

/// The box that a file has: a square along x and y, and a cube or not.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBox {
    square: PeriodicBox,
    /// Why it is no periodic cube, in words that follow "its box".
    no_cube: Option<String>,
}

impl FoundBox {
    /// The box of the one side that holds for all axes.
    pub fn of_side(side: PeriodicBox) -> Self {
        FoundBox { square: side, no_cube: None }
    }

    /// The box of sides along x, y and, where there is one, z.
    ///
    /// # Errors
    /// What is wrong, in words, if the first two are no square.
    pub fn of_sides(sides: &[f64]) -> Result<Self, String> {
        let vectors: Vec<Vec<f64>> = (0..sides.len())
            .map(|axis| (0..sides.len()).map(|other| if other == axis { sides[axis] } else { 0.0 }).collect())
            .collect();
        let shape = || sides.iter().take(2).map(f64::to_string).collect::<Vec<_>>().join(" by ");
        Self::of_vectors(&vectors).ok_or_else(|| format!("the box is {}, not a square of positive side", shape()))
    }

    /// The box that two or three vectors span, if the first two are a square along x and y.
    pub fn of_vectors(vectors: &[Vec<f64>]) -> Option<Self> {
        let vectors: Vec<&[f64]> = vectors.iter().map(Vec::as_slice).collect();
        let square = PeriodicBox::of_vectors(vectors.get(..2)?)?;
        let no_cube = match vectors[..] {
            [_, _] => Some("has two sides only".to_owned()),
            [_, _, third] if PeriodicBox::of_vectors(&vectors).is_none() => {
                let side = square.length();
                Some(match third[..] {
                    [0.0, 0.0, height] => format!("is {side} by {side} by {height}, not a cube"),
                    _ => format!("is spanned along z by {third:?}, so it is no cube of side {side}"),
                })
            }
            _ => None,
        };
        Some(FoundBox { square, no_cube })
    }

    /// The same box, if it is not periodic along z.
    pub fn open_along_z(self) -> Self {
        FoundBox { no_cube: Some("is not periodic along z".to_owned()), ..self }
    }
}

/// Positions as a file gives them, one after the other.
#[derive(Debug, Clone)]
pub struct Points {
    found_box: FoundBox,
    /// z of the first.
    height: Option<f64>,
    in_space: bool,
    positions: Vec<[f64; 3]>,
}

impl Points {
    /// None yet.
    pub fn within(found_box: FoundBox) -> Self {
        Points { found_box, height: None, in_space: false, positions: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Takes a further one; `z` where the file has one.
    ///
    /// # Errors
    /// What is wrong with z, in words: it is another than before, and the box is no cube.
    pub fn add(&mut self, [x, y]: [f64; 2], z: Option<f64>) -> Result<(), String> {
        let z = z.unwrap_or(0.0);
        let height = *self.height.get_or_insert(z);
        if !self.found_box.square.is_in_plane(z - height) {
            if let Some(no_cube) = &self.found_box.no_cube {
                return Err(format!(
                    "z is {z} where others have {height}: the glass has three dimensions, but its box {no_cube}; \
                     accepted: a periodic cube, or the same z for all particles"
                ));
            }
            self.in_space = true;
        }
        self.positions.push([x, y, z]);
        Ok(())
    }

    /// The same ones in another order: first the one of index `order[0]`, and so on.
    pub fn in_order(self, order: impl Iterator<Item = usize>) -> Self {
        let positions = order.filter_map(|index| self.positions.get(index).copied()).collect();
        Points { positions, ..self }
    }

    /// The particles at these positions, of these diameters.
    pub fn particles(self, diameters: Vec<f64>) -> Particles {
        let positions = match self.in_space {
            true => self.positions.into_flattened(),
            false => self.positions.iter().flat_map(|&[x, y, _]| [x, y]).collect(),
        };
        Particles { box_length: self.found_box.square.length(), positions, diameters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn particles(found_box: FoundBox, heights: [Option<f64>; 2]) -> Result<Particles, String> {
        let mut points = Points::within(found_box);
        points.add([1.0, 2.0], heights[0])?;
        points.add([3.0, 0.5], heights[1])?;
        Ok(points.particles(vec![1.0; 2]))
    }

    #[test]
    fn the_dimension_is_that_of_the_coordinates_that_differ() {
        let cube = || FoundBox::of_sides(&[4.0; 3]).expect("a cube");
        let flat = || FoundBox::of_sides(&[4.0, 4.0, 1.0]).expect("a square");
        let bare = || FoundBox::of_sides(&[4.0; 2]).expect("a square");
        for found_box in [cube(), flat(), bare(), flat().open_along_z()] {
            for heights in [[None; 2], [Some(0.0); 2], [Some(3.0), Some(3.0 + 1e-12)]] {
                let found = particles(found_box.clone(), heights).expect("flat");
                assert_eq!((found.dimension(), &found.positions[..]), (Dimension::Two, &[1.0, 2.0, 3.0, 0.5][..]));
            }
        }
        let space = [Some(0.0), Some(3.5)];
        let found = particles(cube(), space).expect("a cube");
        assert_eq!(
            (found.dimension(), found.points::<3>()),
            (Dimension::Three, &[[1.0, 2.0, 0.0], [3.0, 0.5, 3.5]][..])
        );
        for (found_box, words) in [
            (flat(), "its box is 4 by 4 by 1, not a cube; accepted"),
            (bare(), "its box has two sides only; accepted"),
            (cube().open_along_z(), "its box is not periodic along z; accepted"),
        ] {
            let refused = particles(found_box, space).expect_err(words);
            assert!(refused.starts_with("z is 3.5 where others have 0: the glass has three dimensions"), "{refused}");
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn boxes_are_squares_at_least() {
        let wrong = FoundBox::of_sides(&[4.0, 5.0, 4.0]).expect_err("oblong");
        assert_eq!(wrong, "the box is 4 by 5, not a square of positive side");
        let leaning = |third: [f64; 3]| FoundBox::of_vectors(&[vec![4.0, 0.0, 0.0], vec![0.0, 4.0, 0.0], third.into()]);
        assert_eq!(leaning([0.0, 0.0, 4.0]), FoundBox::of_sides(&[4.0; 3]).ok());
        let words = leaning([1.0, 0.0, 4.0]).expect("a square along x and y").no_cube;
        assert_eq!(words.expect("no cube"), "is spanned along z by [1.0, 0.0, 4.0], so it is no cube of side 4");
        assert_eq!(FoundBox::of_vectors(&[vec![4.0, 1.0], vec![0.0, 4.0]]), None);
        assert_eq!(FoundBox::of_vectors(&[vec![4.0, 0.0]]), None);
    }
}
