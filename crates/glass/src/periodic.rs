//! The periodic box: a square in two dimensions, a cube in three.

use crate::space::{cube_root, minus};
use thiserror::Error;

/// A periodic square or cube of side `length`, lengths in the model's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodicBox {
    length: f64,
}

/// What rounding leaves of a length, relative to the box: sides written by other programs may differ by so much, and
/// what shall lie along an axis may be off it.
const SHAPE_ROUNDING: f64 = 1e-12;

/// A box side that is not a positive finite number.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[error("box side {0} is not a positive finite length")]
pub struct InvalidBox(pub f64);

impl PeriodicBox {
    /// A box of the given side.
    ///
    /// # Errors
    /// [`InvalidBox`] unless `length` is positive and finite.
    pub fn new(length: f64) -> Result<Self, InvalidBox> {
        if length.is_finite() && length > 0.0 { Ok(PeriodicBox { length }) } else { Err(InvalidBox(length)) }
    }

    /// The box spanned by two vectors or by three, if they are a square or a cube along the axes, but for rounding by
    /// 10⁻¹² of its side. Two vectors may have three components.
    pub fn of_vectors(vectors: &[&[f64]]) -> Option<Self> {
        let spanned = Self::new(*vectors.first()?.first()?).ok()?;
        let along = |axis: usize, vector: &[f64]| {
            vector.len() >= vectors.len()
                && vector.iter().enumerate().all(|(other, &component)| {
                    let expected = if other == axis { spanned.length } else { 0.0 };
                    (component - expected).abs() <= SHAPE_ROUNDING * spanned.length
                })
        };
        vectors.iter().enumerate().all(|(axis, vector)| along(axis, vector)).then_some(spanned)
    }

    /// Whether a height is zero, but for rounding by 10⁻¹² of the box's side.
    pub fn is_in_plane(self, z: f64) -> bool {
        z.abs() <= SHAPE_ROUNDING * self.length
    }

    /// Side L.
    #[inline]
    pub fn length(self) -> f64 {
        self.length
    }

    /// The box of so many dimensions whose L² or L³ is `measure`.
    ///
    /// # Errors
    /// [`InvalidBox`] unless that is positive and finite.
    pub fn of_measure(measure: f64, dimension: usize) -> Result<Self, InvalidBox> {
        Self::new(if dimension == 3 { cube_root(measure) } else { measure.sqrt() })
    }

    /// Area L² in two dimensions, volume L³ in three.
    pub fn measure(self, dimension: usize) -> f64 {
        (1..dimension).fold(self.length, |measure, _| measure * self.length)
    }

    /// The separation component nearest to zero among the periodic images, in [−L/2, L/2].
    #[inline]
    pub fn minimum_image(self, separation: f64) -> f64 {
        separation - self.length * (separation / self.length).round()
    }

    /// [`PeriodicBox::minimum_image`] of a separation between two coordinates in [0, L): without the
    /// division, so that it vectorizes.
    #[inline(always)]
    pub fn minimum_image_inside(self, separation: f64) -> f64 {
        let half = 0.5 * self.length;
        let lowered = if separation > half { separation - self.length } else { separation };
        if lowered < -half { lowered + self.length } else { lowered }
    }

    /// The image of a coordinate in [0, L).
    #[inline]
    pub fn wrap(self, coordinate: f64) -> f64 {
        let wrapped = coordinate - self.length * (coordinate / self.length).floor();
        if wrapped >= self.length || wrapped < 0.0 { 0.0 } else { wrapped }
    }

    /// Minimum-image vector from `from` to `to`.
    #[inline]
    pub fn separation<const D: usize>(self, from: [f64; D], to: [f64; D]) -> [f64; D] {
        minus(to, from).map(|component| self.minimum_image(component))
    }

    /// [`PeriodicBox::separation`] of two positions in [0, L), without divisions.
    #[inline(always)]
    pub fn separation_inside<const D: usize>(self, from: [f64; D], to: [f64; D]) -> [f64; D] {
        minus(to, from).map(|component| self.minimum_image_inside(component))
    }

    /// The image of a position in [0, L).
    #[inline]
    pub fn wrapped<const D: usize>(self, position: [f64; D]) -> [f64; D] {
        position.map(|coordinate| self.wrap(coordinate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_stay_in_the_box() {
        let side = PeriodicBox::new(3.0).expect("positive");
        assert_eq!(side.minimum_image(2.0), -1.0);
        for separation in [-2.9, -1.6, -1.4, 0.0, 0.3, 1.4, 1.6, 2.9] {
            assert_eq!(side.minimum_image_inside(separation), side.minimum_image(separation));
        }
        assert_eq!(side.wrap(-0.5), 2.5);
        assert_eq!(side.wrap(-1e-20), 0.0);
        assert_eq!(side.wrap(3.0), 0.0);
        assert!(PeriodicBox::new(f64::NAN).is_err());
        assert!(PeriodicBox::new(0.0).is_err());
        assert_eq!((side.measure(2), side.measure(3)), (9.0, 27.0));
        assert_eq!(PeriodicBox::of_measure(9.0, 2), Ok(side));
        assert!((PeriodicBox::of_measure(27.0, 3).expect("positive").length() - 3.0).abs() < 1e-15);
        assert!(PeriodicBox::of_measure(f64::NAN, 3).is_err() && PeriodicBox::of_measure(0.0, 3).is_err());
        assert_eq!(PeriodicBox::of_vectors(&[&[3.0, 1e-13], &[0.0, 3.0]]), Some(side));
        assert_eq!(PeriodicBox::of_vectors(&[&[3.0, 0.0, 0.0], &[0.0, 3.0, 0.0]]), Some(side));
        assert_eq!(PeriodicBox::of_vectors(&[&[3.0, 0.0, 0.0], &[0.0, 3.0, 0.0], &[0.0, 0.0, 3.0]]), Some(side));
        assert_eq!(PeriodicBox::of_vectors(&[&[3.0, 0.0, 0.0], &[0.0, 3.0, 0.0], &[0.0, 0.1, 3.0]]), None);
        assert_eq!(PeriodicBox::of_vectors(&[&[3.0, 0.0], &[0.0, 3.1]]), None);
        let (from, to) = ([0.2, 2.9, 1.0], [2.8, 0.1, 1.5]);
        assert_eq!(side.separation_inside(from, to), side.separation(from, to));
    }
}
