//! A part of the spectrum between two borders.

/// Eigenvalues in (`low`, `high`]: `count` of them, after `below` lower ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) below: usize,
    pub(crate) count: usize,
    /// There are eigenvalues below `low`, and above `high`.
    pub(crate) neighbours: [bool; 2],
}
