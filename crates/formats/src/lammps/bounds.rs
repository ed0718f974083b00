//! Where the box of a file begins, and how long it is.

use crate::text::Wrong;
use realization::particles::FoundBox;

/// What is said of a box that leans.
pub(super) const TRICLINIC: &str = "the box is triclinic; boxes along the axes are read";

/// What rounding leaves of a component across an axis, relative to the one along it.
const ROUNDING: f64 = 1e-12;

/// The box along one axis.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    pub(super) lower: f64,
    pub(super) length: f64,
}

/// The box along x, y, z, as far as it was said.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) axes: [Option<Extent>; 3],
    /// Whether the box is said to be something else than periodic along z.
    pub(super) open_along_z: bool,
}

impl Bounds {
    /// Takes both ends of the box along an axis.
    pub(super) fn add_ends(&mut self, axis: usize, [lower, upper]: [f64; 2]) {
        self.axes[axis] = Some(Extent { lower, length: upper - lower });
    }

    /// Takes the vector that spans the box along an axis, as general triclinic boxes are written.
    ///
    /// # Errors
    /// What is wrong, in words, if it does not lie along that axis.
    pub(super) fn add_vector(&mut self, axis: usize, vector: [f64; 3]) -> Result<(), String> {
        let length = vector[axis];
        let lies = (0..3).all(|other| other == axis || vector[other].abs() <= ROUNDING * length.abs());
        let lower = self.axes[axis].map_or(0.0, |extent| extent.lower);
        self.axes[axis] = Some(Extent { lower, length });
        if lies { Ok(()) } else { Err(TRICLINIC.to_owned()) }
    }

    /// Takes where the box begins along an axis, before or after the vector that spans it.
    pub(super) fn add_origin(&mut self, axis: usize, lower: f64) {
        self.axes[axis].get_or_insert_default().lower = lower;
    }

    /// The box that they make.
    pub(super) fn found_box(&self) -> Result<FoundBox, Wrong> {
        let side = |axis: usize, name: &str| {
            let missing = || (1, format!("the bounds of the box along {name} are missing"));
            self.axes[axis].map(|extent| extent.length).ok_or_else(missing)
        };
        let sides: Vec<f64> = [side(0, "x")?, side(1, "y")?].into_iter().chain(side(2, "z").ok()).collect();
        let found_box = FoundBox::of_sides(&sides).map_err(|what| (1, what))?;
        Ok(if self.open_along_z { found_box.open_along_z() } else { found_box })
    }
}
