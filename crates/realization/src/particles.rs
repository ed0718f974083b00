//! Particles of a glass as a file holds them, and in how many dimensions they lie.
//!
//! Files of others have room for three coordinates where two are meant. A glass whose particles all have the same third
//! coordinate, or none, lies in a plane, whatever the third side of its box; any other is one of three dimensions, whose
//! box must be periodic along all axes. [`FoundBox`] and [`Points`] hold this rule for every format.

use glass::configuration::InvalidConfiguration;
use glass::space::Dimension;
use glass::{Configuration, PeriodicBox};
use serde::{Deserialize, Serialize};

/// Particles in two or three dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Particles {
    /// Sides of the periodic box along the axes, d.
    pub box_sides: Vec<f64>,
    /// d coordinates a particle, one particle after the other.
    pub positions: Vec<f64>,
    /// N.
    pub diameters: Vec<f64>,
}

impl Particles {
    /// Those of `configuration`.
    pub fn of<const D: usize>(configuration: &Configuration<D>) -> Self {
        Particles {
            box_sides: configuration.periodic_box().sides().to_vec(),
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

    /// The D sides of the box. What was read has as many as its points have coordinates; any further would be no number.
    pub fn sides<const D: usize>(&self) -> [f64; D] {
        std::array::from_fn(|axis| self.box_sides.get(axis).copied().unwrap_or(f64::NAN))
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
        Configuration::new(PeriodicBox::of_sides(self.sides())?, self.points().to_vec(), self.diameters.clone())
    }
}

/// The box that a file has: its sides along x and y, and along z, or why it has none there.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBox {
    plane: PeriodicBox,
    /// Or why there is none, in words that follow "its box".
    space: Result<PeriodicBox<3>, String>,
}

impl FoundBox {
    /// The box of sides along x, y and, where there is one, z; one side holds for all axes.
    ///
    /// # Errors
    /// What is wrong, in words, if the first two are not positive.
    pub fn of_sides(sides: &[f64]) -> Result<Self, String> {
        let cube;
        let sides = match *sides {
            [side] => {
                cube = [side; 3];
                &cube[..]
            }
            _ => sides,
        };
        let vectors: Vec<Vec<f64>> = (0..sides.len())
            .map(|axis| (0..sides.len()).map(|other| if other == axis { sides[axis] } else { 0.0 }).collect())
            .collect();
        Self::of_vectors(&vectors).ok_or_else(|| format!("the box is {}, not of positive sides", by(sides)))
    }

    /// The box that two or three vectors span, if the first two lie along x and y.
    pub fn of_vectors(vectors: &[Vec<f64>]) -> Option<Self> {
        let vectors: Vec<&[f64]> = vectors.iter().map(Vec::as_slice).collect();
        let plane = PeriodicBox::of_vectors(*vectors.first_chunk()?)?;
        let [x, y] = plane.sides();
        let space = match *vectors {
            [_, _] => Err("has two sides only".to_owned()),
            [first, second, third] => PeriodicBox::of_vectors([first, second, third]).ok_or_else(|| match *third {
                [0.0, 0.0, height] => format!("is {}", by(&[x, y, height])),
                _ => format!("is spanned along z by {third:?}, so it leans"),
            }),
            _ => return None,
        };
        Some(FoundBox { plane, space })
    }

    /// The same box, if it is not periodic along z.
    pub fn open_along_z(self) -> Self {
        FoundBox { space: Err("is not periodic along z".to_owned()), ..self }
    }
}

/// Sides as words.
fn by(sides: &[f64]) -> String {
    let word = |side: &f64| Some(side.to_string()).filter(|digits| digits.len() < 25).unwrap_or(format!("{side:e}"));
    sides.iter().map(word).collect::<Vec<_>>().join(" by ")
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
    /// What is wrong with z, in words: it is another than before, and the box is not periodic along z.
    pub fn add(&mut self, [x, y]: [f64; 2], z: Option<f64>) -> Result<(), String> {
        let z = z.unwrap_or(0.0);
        let height = *self.height.get_or_insert(z);
        if !self.found_box.plane.is_in_plane(z - height) {
            if let Err(why) = &self.found_box.space {
                return Err(format!(
                    "z is {z} where others have {height}: the glass has three dimensions, but its box {why}; \
                     accepted: a box along the axes that is periodic along z too, or the same z for all particles"
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
        match self.found_box.space.ok().filter(|_| self.in_space) {
            Some(space) => {
                Particles { box_sides: space.sides().to_vec(), positions: self.positions.into_flattened(), diameters }
            }
            None => {
                let positions = self.positions.iter().flat_map(|&[x, y, _]| [x, y]).collect();
                Particles { box_sides: self.found_box.plane.sides().to_vec(), positions, diameters }
            }
        }
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
        let flat = || FoundBox::of_sides(&[4.0, 4.0, 0.0]).expect("a square");
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
            (flat(), "its box is 4 by 4 by 0; accepted"),
            (bare(), "its box has two sides only; accepted"),
            (cube().open_along_z(), "its box is not periodic along z; accepted"),
        ] {
            let refused = particles(found_box, space).expect_err(words);
            assert!(refused.starts_with("z is 3.5 where others have 0: the glass has three dimensions"), "{refused}");
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn boxes_lie_along_the_axes() {
        let cuboid = FoundBox::of_sides(&[4.0, 5.0, 6.0]).expect("a cuboid");
        let space = particles(cuboid.clone(), [Some(0.0), Some(3.5)]).expect("periodic along z");
        let flat = particles(cuboid, [Some(2.0); 2]).expect("periodic in the plane");
        assert_eq!((space.box_sides, flat.box_sides), (vec![4.0, 5.0, 6.0], vec![4.0, 5.0]));
        assert_eq!(FoundBox::of_sides(&[4.0]), FoundBox::of_sides(&[4.0; 3]));
        let wrong = FoundBox::of_sides(&[4.0, -5.0, 4.0]).expect_err("a negative side");
        assert_eq!(wrong, "the box is 4 by -5 by 4, not of positive sides");
        let wrong = FoundBox::of_sides(&[-1e300, 0.1 + 0.2]).expect_err("a negative side");
        assert_eq!(wrong, "the box is -1e300 by 0.30000000000000004, not of positive sides");
        let leaning = |third: [f64; 3]| FoundBox::of_vectors(&[vec![4.0, 0.0, 0.0], vec![0.0, 4.0, 0.0], third.into()]);
        assert_eq!(leaning([0.0, 0.0, 4.0]), FoundBox::of_sides(&[4.0; 3]).ok());
        let words = leaning([1.0, 0.0, 4.0]).expect("a square along x and y").space;
        assert_eq!(words.expect_err("leaning"), "is spanned along z by [1.0, 0.0, 4.0], so it leans");
        assert_eq!(FoundBox::of_vectors(&[vec![4.0, 1.0], vec![0.0, 4.0]]), None);
        assert_eq!(FoundBox::of_vectors(&[vec![4.0, 0.0]]), None);
    }
}
