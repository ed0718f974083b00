//! A few modes to look at: the quartic and the true profile along each.

use super::Family;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use archive::ArchiveError;
use serde::Serialize;

/// Portraits of each family.
const EACH: usize = 2;

/// One mode, its quartic and its true profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portrait {
    /// A or B.
    pub family: Family,
    /// Realization.
    pub realization: u64,
    /// Position in its spectrum.
    pub mode: u32,
    /// ω.
    pub omega: f64,
    /// β.
    pub beta: f64,
    /// b₂, b₃, b₄.
    pub b: [f64; 3],
    /// s of the true profile.
    #[serde(skip)]
    pub profile_s: Vec<f64>,
    /// U(q₀ + sΨ) − U(q₀) there.
    #[serde(skip)]
    pub profile_energy: Vec<f64>,
}

impl Portrait {
    /// U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24.
    pub fn quartic(&self, s: f64) -> f64 {
        let [b2, b3, b4] = self.b;
        s * s * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0))
    }
}

/// The two softest selected modes of A and of B whose profile is kept.
///
/// # Errors
/// [`ArchiveError`] when a profile cannot be read.
pub fn choose(ensemble: &Ensemble, selected: &Selected) -> Result<Vec<Portrait>, ArchiveError> {
    let table = &ensemble.modes;
    let mut portraits = Vec::new();
    for family in [Family::A, Family::B] {
        let mut rows: Vec<usize> = selected
            .rows
            .iter()
            .map(|&row| row as usize)
            .filter(|&row| family.has(table.group[row]) && table.snapshot[row] >= 0)
            .collect();
        rows.sort_by(|&a, &b| table.omega[a].total_cmp(&table.omega[b]));
        let mut found = 0;
        for row in rows {
            if found == EACH {
                break;
            }
            let (profile_s, profile_energy) = ensemble.archive.profile(table.snapshot[row] as usize)?;
            if profile_s.is_empty() {
                continue;
            }
            found += 1;
            portraits.push(Portrait {
                family,
                realization: table.realization[row],
                mode: table.mode[row],
                omega: table.omega[row],
                beta: table.beta[row],
                b: [table.b2[row], table.b3[row], table.b4[row]],
                profile_s,
                profile_energy,
            });
        }
    }
    Ok(portraits)
}
