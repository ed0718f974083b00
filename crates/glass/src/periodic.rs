//! The periodic square box.

use thiserror::Error;

/// A periodic square of side `length`, lengths in the model's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodicBox {
    length: f64,
}

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

    /// Side L.
    #[inline]
    pub fn length(self) -> f64 {
        self.length
    }

    /// Area L².
    pub fn area(self) -> f64 {
        self.length * self.length
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
    pub fn separation(self, from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
        [self.minimum_image(to[0] - from[0]), self.minimum_image(to[1] - from[1])]
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
    }
}
