//! Is group B real? For each mode with a second minimum in the quartic, what the potential itself says.
//!
//! Three witnesses, none of which knows the others: the true profile along the mode; the inherent
//! structure that a quench from the quartic's second minimum reaches; the part of b₃ that comes from pairs
//! within 2 % of the cutoff, where with small q the derivatives that b₃ and b₄ use jump.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::interval::fraction;
use crate::statistics::{Distribution, Estimate};
use archive::Group;
use serde::Serialize;

/// An inherent structure nearer than this to the one it started from is the same one.
pub const SAME_STRUCTURE: f64 = 1e-4;

/// A mode with a larger part of b₃ from pairs near the cutoff is dominated by them.
pub const SHARE_LARGE: f64 = 0.5;

/// Verdicts on the second minima.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reality {
    /// Group A with a second, higher minimum.
    pub a_double: Verdict,
    /// Group B.
    pub b: Verdict,
    /// More than half of b₃ from pairs near the cutoff, by group A, A-double, B, unbounded: also where nothing is said of
    /// a second minimum, for comparison.
    pub cutoff_dominated: [Estimate; 4],
    /// |cutoff share of b₃| of all selected modes, by group A, A-double, B, unbounded.
    #[serde(skip)]
    pub share_b3: [Vec<f64>; 4],
    /// The same of b₄.
    #[serde(skip)]
    pub share_b4: [Vec<f64>; 4],
    /// Each mode with a second minimum.
    #[serde(skip)]
    pub modes: Vec<SecondMinimum>,
}

/// What became of the second minima of one group; fractions of its modes, with Wilson's intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Verdict {
    /// Modes.
    pub modes: u64,
    /// The true profile has a second minimum.
    pub true_minimum: Estimate,
    /// The true profile has one, and it is deeper.
    pub true_deeper: Estimate,
    /// Quenches from the second minimum that converged.
    pub landings: u64,
    /// Of these, in another inherent structure.
    pub landed_elsewhere: Estimate,
    /// Of these, in another inherent structure of lower energy.
    pub landed_lower: Estimate,
    /// More than half of b₃ from pairs near the cutoff.
    pub cutoff_dominated: Estimate,
    /// A true, deeper second minimum, another inherent structure, and b₃ not from the cutoff.
    pub confirmed: Estimate,
    /// Energy of the other inherent structures, relative.
    pub landing_energy: Distribution,
    /// Their distance.
    pub landing_distance: Distribution,
}

/// One mode with a second minimum in its quartic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondMinimum {
    /// Realization.
    pub realization: u64,
    /// Position in the spectrum.
    pub mode: u32,
    /// A-double or B.
    pub group: Group,
    /// ω.
    pub omega: f64,
    /// β.
    pub beta: f64,
    /// Quartic: energy of the second minimum.
    pub depth: f64,
    /// True profile: energy of the second minimum; NaN without one.
    pub true_depth: f64,
    /// Energy of the inherent structure reached; NaN if none.
    pub landing_energy: f64,
    /// Its distance.
    pub landing_distance: f64,
    /// Part of b₃ from pairs near the cutoff.
    pub share_b3: f64,
    /// Part of b₄.
    pub share_b4: f64,
}

impl SecondMinimum {
    fn landed_elsewhere(&self) -> bool {
        self.landing_distance > SAME_STRUCTURE
    }

    fn confirmed(&self) -> bool {
        self.true_depth < 0.0 && self.landed_elsewhere() && self.share_b3.abs() <= SHARE_LARGE
    }
}

impl Reality {
    /// Of the selected modes.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> Reality {
        let table = &ensemble.modes;
        let (mut share_b3, mut share_b4) = ([const { Vec::new() }; 4], [const { Vec::new() }; 4]);
        let mut modes = Vec::new();
        for row in selected.rows.iter().map(|&row| row as usize) {
            let group = table.group[row];
            share_b3[group as usize].push(table.cutoff_share_b3[row].abs());
            share_b4[group as usize].push(table.cutoff_share_b4[row].abs());
            if matches!(group, Group::ADouble | Group::B) {
                modes.push(SecondMinimum {
                    realization: table.realization[row],
                    mode: table.mode[row],
                    group,
                    omega: table.omega[row],
                    beta: table.beta[row],
                    depth: table.depth[row],
                    true_depth: table.true_depth[row],
                    landing_energy: table.landing_energy[row],
                    landing_distance: table.landing_distance[row],
                    share_b3: table.cutoff_share_b3[row],
                    share_b4: table.cutoff_share_b4[row],
                });
            }
        }
        Reality {
            a_double: Verdict::on(&modes, Group::ADouble),
            b: Verdict::on(&modes, Group::B),
            cutoff_dominated: [0, 1, 2, 3].map(|group| dominated(&share_b3[group])),
            share_b3,
            share_b4,
            modes,
        }
    }
}

/// The fraction of `shares` that are large.
fn dominated(shares: &[f64]) -> Estimate {
    fraction(shares.iter().filter(|share| **share > SHARE_LARGE).count() as u64, shares.len() as u64)
}

impl Verdict {
    fn on(modes: &[SecondMinimum], group: Group) -> Verdict {
        let modes: Vec<&SecondMinimum> = modes.iter().filter(|mode| mode.group == group).collect();
        let count = |test: &dyn Fn(&SecondMinimum) -> bool| modes.iter().filter(|mode| test(mode)).count() as u64;
        let all = modes.len() as u64;
        let landings = count(&|mode| mode.landing_distance.is_finite());
        let elsewhere = || modes.iter().filter(|mode| mode.landed_elsewhere());
        Verdict {
            modes: all,
            true_minimum: fraction(count(&|mode| mode.true_depth.is_finite()), all),
            true_deeper: fraction(count(&|mode| mode.true_depth < 0.0), all),
            landings,
            landed_elsewhere: fraction(count(&SecondMinimum::landed_elsewhere), landings),
            landed_lower: fraction(count(&|mode| mode.landed_elsewhere() && mode.landing_energy < 0.0), landings),
            cutoff_dominated: fraction(count(&|mode| mode.share_b3.abs() > SHARE_LARGE), all),
            confirmed: fraction(count(&SecondMinimum::confirmed), all),
            landing_energy: Distribution::of(elsewhere().map(|mode| mode.landing_energy)),
            landing_distance: Distribution::of(elsewhere().map(|mode| mode.landing_distance)),
        }
    }
}
