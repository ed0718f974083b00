//! Where two results differ.

use std::fmt;

/// One dataset in which two results differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Dataset or attribute.
    pub object: String,
    /// Position of the first difference, rows flattened; `None` if shapes or attributes differ.
    pub position: Option<usize>,
    /// One value.
    pub first: String,
    /// The other.
    pub second: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(formatter, "{}[{position}]: {} and {}", self.object, self.first, self.second),
            None => write!(formatter, "{}: {} and {}", self.object, self.first, self.second),
        }
    }
}
