//! Which trials a sampling makes, and how many were accepted.

/// Kinds and sizes of the trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moves {
    /// Fraction of the trials that exchange the diameters of two particles; the others displace one.
    pub swap_fraction: f64,
    /// Largest displacement along each axis.
    pub max_displacement: f64,
}

/// Trials made and accepted, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// Displacements tried.
    pub displacements: u64,
    /// Displacements accepted.
    pub displacements_accepted: u64,
    /// Swaps tried.
    pub swaps: u64,
    /// Swaps accepted.
    pub swaps_accepted: u64,
}

impl Acceptance {
    /// Fraction of displacements accepted; 0 if none was tried.
    pub fn of_displacements(&self) -> f64 {
        fraction(self.displacements_accepted, self.displacements)
    }

    /// Fraction of swaps accepted; 0 if none was tried.
    pub fn of_swaps(&self) -> f64 {
        fraction(self.swaps_accepted, self.swaps)
    }
}

fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
