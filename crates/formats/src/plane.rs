//! What lies in a plane, of files that have room for three dimensions.
//!
//! Glasses of two dimensions are read: a square box, whatever its third side, and particles of one height. Here is what
//! a third dimension would change for all formats.

use glass::PeriodicBox;

/// The box of these sides along x and y.
///
/// # Errors
/// What is wrong, in words, if they are no square.
pub(crate) fn square(sides: [f64; 2]) -> Result<PeriodicBox, String> {
    PeriodicBox::of_vectors(&[sides[0], 0.0], &[0.0, sides[1]])
        .ok_or_else(|| format!("the box is {} by {}, not a square of positive side", sides[0], sides[1]))
}

/// A position or vector with all its three components, z = 0 in the plane.
pub(crate) fn in_space<const D: usize>(vector: &[f64; D]) -> [f64; 3] {
    std::array::from_fn(|axis| vector.get(axis).copied().unwrap_or(0.0))
}

/// The plane of a glass: that of its first particle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    side: PeriodicBox,
    height: Option<f64>,
}

impl Plane {
    pub(crate) fn of(side: PeriodicBox) -> Self {
        Plane { side, height: None }
    }

    /// Takes the height of a further particle.
    ///
    /// # Errors
    /// What is wrong, in words, if it is not that of the others.
    pub(crate) fn add(&mut self, z: f64) -> Result<(), String> {
        let height = *self.height.get_or_insert(z);
        match self.side.is_in_plane(z - height) {
            true => Ok(()),
            false => Err(format!(
                "z is {z} where others have {height}: the glass has three dimensions; glasses of two are read, with the \
                 same z for all particles"
            )),
        }
    }
}
