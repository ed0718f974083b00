//! Selections that ask for modes which a thin archive has left out: they would count too few in silence.

use super::{FrequencyCut, Rule, Selection};
use crate::ensemble::Ensemble;
use std::path::PathBuf;
use thiserror::Error;

/// Why a selection cannot be made from a thin archive.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WiderThanArchive {
    /// Participation ratios.
    #[error(
        "{} is thin and keeps modes with participation ratios below {kept} only, and those below {asked} are asked for: \
         give --pr-max {kept} at most, or the archive it was made of",
        path.display()
    )]
    Participation {
        /// The archive.
        path: PathBuf,
        /// PR_max of the selection.
        asked: f64,
        /// That of the archive.
        kept: f64,
    },
    /// Frequencies.
    #[error(
        "{} is thin and keeps modes with omega below {kept} only, and those up to {asked} are asked for: give --omega-max \
         {kept} at most, --omega-max-phonon {fraction} at most, or the archive it was made of",
        path.display()
    )]
    Frequency {
        /// The archive.
        path: PathBuf,
        /// Largest ω of the selection.
        asked: f64,
        /// That of the archive.
        kept: f64,
        /// As a fraction of the highest first phonon of any glass.
        fraction: f64,
    },
}

impl Selection {
    /// Refuses what reaches beyond the cuts of a thin archive. Where glasses were not described that far to begin with,
    /// the census counts them.
    ///
    /// # Errors
    /// [`WiderThanArchive`].
    pub fn check(&self, ensemble: &Ensemble) -> Result<(), WiderThanArchive> {
        let Some(kept) = ensemble.about.thin else { return Ok(()) };
        let path = || ensemble.archive.path().to_owned();
        if self.participation_max > kept.participation_below {
            let (asked, kept) = (self.participation_max, kept.participation_below);
            return Err(WiderThanArchive::Participation { path: path(), asked, kept });
        }
        let kept = kept.modes_below;
        let table = &ensemble.realizations;
        let ended_by_the_cut = |row: &usize| {
            table.omega_complete[*row] >= kept && Rule::first(table, *row, self.force_max, None).is_none()
        };
        let highest_phonon = (0..ensemble.len())
            .filter(ended_by_the_cut)
            .map(|row| table.omega_phonon[row])
            .filter(|omega| omega.is_finite())
            .fold(0.0, f64::max);
        let asked = match self.omega_max {
            FrequencyCut::Omega(omega) => omega,
            FrequencyCut::OfPhonon(fraction) => fraction * highest_phonon,
        };
        if asked <= kept || ensemble.about.described_omega_max.is_some_and(|described| described <= kept) {
            return Ok(());
        }
        let fraction = (1e3 * kept / highest_phonon).floor() / 1e3;
        Err(WiderThanArchive::Frequency { path: path(), asked, kept, fraction })
    }
}
