//! Where glasses come from.

/// Where the glasses of a configuration come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glasses {
    /// Made here, of the model's diameters.
    MadeHere,
    /// Made elsewhere: their boxes, densities and diameters are what they are.
    MadeElsewhere,
}
