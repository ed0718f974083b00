//! The periodic box: a rectangle in two dimensions, a cuboid in three, its sides along the axes.

use crate::space::{cube_root, minus};
use thiserror::Error;

/// A periodic rectangle or cuboid, lengths in the model's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodicBox<const D: usize = 2> {
    sides: [f64; D],
}

/// What rounding leaves of a length, relative to the box: sides written by other programs may differ by so much, and
/// what shall lie along an axis may be off it.
const SHAPE_ROUNDING: f64 = 1e-12;

/// A box side that is not a positive finite number.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[error("box side {0} is not a positive finite length")]
pub struct InvalidBox(pub f64);

impl<const D: usize> PeriodicBox<D> {
    /// The square or cube of side `length`.
    ///
    /// # Errors
    /// [`InvalidBox`] unless `length` is positive and finite.
    pub fn new(length: f64) -> Result<Self, InvalidBox> {
        Self::of_sides([length; D])
    }

    /// The box with these sides along the axes.
    ///
    /// # Errors
    /// [`InvalidBox`] unless all are positive and finite.
    pub fn of_sides(sides: [f64; D]) -> Result<Self, InvalidBox> {
        match sides.into_iter().find(|side| !(side.is_finite() && *side > 0.0)) {
            Some(side) => Err(InvalidBox(side)),
            None => Ok(PeriodicBox { sides }),
        }
    }

    /// The box spanned by D vectors, if each lies along its axis, but for rounding by 10⁻¹² of its length. Sides that
    /// differ by no more than that are the same. Vectors may have more than D components.
    pub fn of_vectors(vectors: [&[f64]; D]) -> Option<Self> {
        let mut sides = [0.0; D];
        for (axis, vector) in vectors.into_iter().enumerate() {
            sides[axis] = *vector.get(axis)?;
            let across = vector.iter().enumerate().filter(|(other, _)| *other != axis);
            if vector.len() < D || !across.clone().all(|(_, across)| across.abs() <= SHAPE_ROUNDING * sides[axis].abs())
            {
                return None;
            }
        }
        let equal = sides.iter().all(|side| (side - sides[0]).abs() <= SHAPE_ROUNDING * sides[0].abs());
        Self::of_sides(if equal { [sides[0]; D] } else { sides }).ok()
    }

    /// Whether a height is zero, but for rounding by 10⁻¹² of the box's longest side.
    pub fn is_in_plane(self, z: f64) -> bool {
        z.abs() <= SHAPE_ROUNDING * self.longest()
    }

    /// Sides along the axes, D.
    #[inline]
    pub fn sides(self) -> [f64; D] {
        self.sides
    }

    /// The longest side: L of a square or cube.
    #[inline]
    pub fn longest(self) -> f64 {
        self.sides[1..].iter().fold(self.sides[0], |longest, side| longest.max(*side))
    }

    /// The shortest side: L of a square or cube.
    #[inline]
    pub fn shortest(self) -> f64 {
        self.sides[1..].iter().fold(self.sides[0], |shortest, side| shortest.min(*side))
    }

    /// Whether all sides are the same.
    pub fn is_equilateral(self) -> bool {
        self.sides == [self.sides[0]; D]
    }

    /// The square or cube whose L² or L³ is `measure`.
    ///
    /// # Errors
    /// [`InvalidBox`] unless that is positive and finite.
    pub fn of_measure(measure: f64) -> Result<Self, InvalidBox> {
        Self::new(if D == 3 { cube_root(measure) } else { measure.sqrt() })
    }

    /// Area in two dimensions, volume in three.
    pub fn measure(self) -> f64 {
        self.sides[1..].iter().fold(self.sides[0], |measure, side| measure * side)
    }

    /// The separation along an axis nearest to zero among the periodic images, in [−L/2, L/2].
    #[inline]
    pub fn minimum_image(self, axis: usize, separation: f64) -> f64 {
        let length = self.sides[axis];
        separation - length * (separation / length).round()
    }

    /// [`PeriodicBox::minimum_image`] of a separation between two coordinates in [0, L): without the
    /// division, so that it vectorizes.
    #[inline(always)]
    pub fn minimum_image_inside(self, axis: usize, separation: f64) -> f64 {
        let length = self.sides[axis];
        let half = 0.5 * length;
        let lowered = if separation > half { separation - length } else { separation };
        if lowered < -half { lowered + length } else { lowered }
    }

    /// The image of a coordinate along an axis in [0, L).
    #[inline]
    pub fn wrap(self, axis: usize, coordinate: f64) -> f64 {
        let length = self.sides[axis];
        let wrapped = coordinate - length * (coordinate / length).floor();
        if wrapped >= length || wrapped < 0.0 { 0.0 } else { wrapped }
    }

    /// Minimum-image vector from `from` to `to`.
    #[inline]
    pub fn separation(self, from: [f64; D], to: [f64; D]) -> [f64; D] {
        let apart = minus(to, from);
        std::array::from_fn(|axis| self.minimum_image(axis, apart[axis]))
    }

    /// [`PeriodicBox::separation`] of two positions in the box, without divisions.
    #[inline(always)]
    pub fn separation_inside(self, from: [f64; D], to: [f64; D]) -> [f64; D] {
        let apart = minus(to, from);
        std::array::from_fn(|axis| self.minimum_image_inside(axis, apart[axis]))
    }

    /// The image of a position in the box, each coordinate in [0, L).
    #[inline]
    pub fn wrapped(self, position: [f64; D]) -> [f64; D] {
        std::array::from_fn(|axis| self.wrap(axis, position[axis]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_stay_in_the_box() {
        let side = PeriodicBox::<2>::of_sides([3.0, 5.0]).expect("positive");
        assert_eq!((side.minimum_image(0, 2.0), side.minimum_image(1, 2.0)), (-1.0, 2.0));
        for separation in [-2.9, -1.6, -1.4, 0.0, 0.3, 1.4, 1.6, 2.9] {
            for axis in [0, 1] {
                assert_eq!(side.minimum_image_inside(axis, separation), side.minimum_image(axis, separation));
            }
        }
        assert_eq!([-0.5, -1e-20, 3.0].map(|x| side.wrap(0, x)), [2.5, 0.0, 0.0]);
        assert_eq!([-0.5, -1e-20, 3.0, 5.0].map(|y| side.wrap(1, y)), [4.5, 0.0, 3.0, 0.0]);
        assert_eq!(side.wrapped([3.5, 3.5]), [0.5, 3.5]);
        let (from, to) = ([0.2, 2.9], [2.8, 0.1]);
        assert_eq!(side.separation_inside(from, to), side.separation(from, to));
        assert!((side.separation(from, to)[1] - 2.2).abs() < 1e-15);
    }

    #[test]
    fn sides_are_positive_and_measure_the_box() {
        assert!(PeriodicBox::<2>::new(f64::NAN).is_err() && PeriodicBox::<3>::new(0.0).is_err());
        assert_eq!(PeriodicBox::of_sides([1.0, -2.0]), Err(InvalidBox(-2.0)));
        let (square, oblong) = (PeriodicBox::<2>::new(3.0).expect("positive"), PeriodicBox::of_sides([3.0, 2.0, 5.0]));
        let oblong = oblong.expect("positive");
        assert_eq!((square.measure(), oblong.measure()), (9.0, 30.0));
        assert_eq!((oblong.shortest(), oblong.longest(), square.longest()), (2.0, 5.0, 3.0));
        assert!(square.is_equilateral() && !oblong.is_equilateral());
        assert_eq!(PeriodicBox::<2>::of_measure(9.0), Ok(square));
        assert!((PeriodicBox::<3>::of_measure(27.0).expect("positive").longest() - 3.0).abs() < 1e-15);
        assert!(PeriodicBox::<3>::of_measure(f64::NAN).is_err() && PeriodicBox::<3>::of_measure(0.0).is_err());
    }

    #[test]
    fn vectors_along_the_axes_span_a_box() {
        let square = PeriodicBox::new(3.0).ok();
        assert_eq!(PeriodicBox::of_vectors([&[3.0, 1e-13], &[0.0, 3.0]]), square);
        assert_eq!(PeriodicBox::of_vectors([&[3.0, 0.0, 0.0], &[0.0, 3.0 + 1e-13, 0.0]]), square);
        assert_eq!(PeriodicBox::of_vectors([&[3.0, 0.0], &[0.0, 3.1]]), PeriodicBox::of_sides([3.0, 3.1]).ok());
        let cuboid = |third: &[f64]| PeriodicBox::of_vectors([&[3.0, 0.0, 0.0], &[0.0, 3.0, 0.0], third]);
        assert_eq!(cuboid(&[0.0, 0.0, 3.0]), PeriodicBox::new(3.0).ok());
        assert_eq!(cuboid(&[0.0, 0.0, 4.0]), PeriodicBox::of_sides([3.0, 3.0, 4.0]).ok());
        for third in [&[0.0, 0.1, 3.0][..], &[0.0, 0.0, -3.0], &[0.0, 0.0, f64::NAN], &[0.0, 3.0]] {
            assert_eq!(cuboid(third), None, "{third:?}");
        }
    }
}
