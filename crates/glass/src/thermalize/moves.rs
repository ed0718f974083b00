//! Which trials a sampling makes, and how many were accepted.

/// Whom a trial swap exchanges the diameter of a particle with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SwapProposal {
    /// Any other particle, with equal probability.
    Uniform,
    /// The next larger ones, by lifted swaps.
    Lifted {
        /// The largest step in size rank, as a fraction of N; at least one rank, and fewer than N.
        range: f64,
    },
}

impl Default for SwapProposal {
    /// Lifted, with the range that brought the energy down for the fewest core-seconds among those tried at
    /// N = 1000, T = 0.1, as far as noise lets one say (docs/physics.md).
    fn default() -> Self {
        SwapProposal::Lifted { range: 0.2 }
    }
}

/// Kinds and sizes of the trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moves {
    /// Fraction of the trials that exchange the diameters of two particles; the others displace one.
    pub swap_fraction: f64,
    /// Largest displacement along each axis.
    pub max_displacement: f64,
    /// Whom swaps are tried with.
    pub swap: SwapProposal,
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
