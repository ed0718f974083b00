//! Which modes a thin archive keeps.

/// Which modes a thin archive keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThinCuts {
    /// Eigenvalues and modes with ω below this are kept.
    pub modes_below: f64,
    /// Modes with participation ratios below this are kept.
    pub participation_below: f64,
}

impl Default for ThinCuts {
    /// All of them.
    fn default() -> Self {
        ThinCuts { modes_below: f64::INFINITY, participation_below: f64::INFINITY }
    }
}

impl ThinCuts {
    /// What is left by both.
    pub fn and(self, other: ThinCuts) -> ThinCuts {
        ThinCuts {
            modes_below: self.modes_below.min(other.modes_below),
            participation_below: self.participation_below.min(other.participation_below),
        }
    }

    /// Whether modes that `other` keeps are not kept.
    pub fn narrower_than(&self, other: &ThinCuts) -> bool {
        self.modes_below < other.modes_below || self.participation_below < other.participation_below
    }

    /// Whether a mode is kept.
    pub fn keep(&self, omega: f64, participation: f64) -> bool {
        omega < self.modes_below && participation < self.participation_below
    }

    /// Eigenvalues of one spectrum, padded or not, that are kept.
    pub(crate) fn eigenvalues(&self, spectrum: &[f64]) -> usize {
        // As the modes are judged, by ω: λ against a square would round differently.
        let below = |eigenvalue: &f64| *eigenvalue <= 0.0 || eigenvalue.sqrt() < self.modes_below;
        spectrum.iter().take_while(|eigenvalue| below(eigenvalue)).count()
    }
}
