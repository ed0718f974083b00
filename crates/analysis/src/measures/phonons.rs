//! Frequencies of the described modes in units of each glass's first transverse phonon.
//!
//! In a periodic square the transverse phonons of an isotropic medium lie at ω_phonon √(n² + m²), in a cube at
//! ω_phonon √(n² + m² + l²): bands at 1, √2, (√3,) 2, √5, … Between the bands localized modes stand alone; within them
//! they mix.

use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::{Distribution, Histogram};
use archive::Dimension;
use serde::Serialize;

/// Squares of the frequencies of the first transverse bands, in units of the first: n² + m², and in a cube + l².
pub fn bands(dimension: Dimension) -> &'static [f64] {
    match dimension {
        Dimension::Two => &[1.0, 2.0, 4.0, 5.0, 8.0, 9.0],
        Dimension::Three => &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0],
    }
}

/// ω/ω_phonon, of localized and of extended modes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Phonons {
    /// Localized modes (PR below the selection's) counted.
    pub localized_count: u64,
    /// Extended modes counted.
    pub extended_count: u64,
    /// ω_phonon of glasses with a localized mode below the median cut.
    pub omega_phonon_with: Distribution,
    /// Of sound glasses without one: a soft spot softens its glass.
    pub omega_phonon_without: Distribution,
    /// Localized.
    #[serde(skip)]
    pub localized: Histogram,
    /// Extended.
    #[serde(skip)]
    pub extended: Histogram,
    /// Of each bin of both, the glasses whose modes are described there, those in part as a part.
    #[serde(skip)]
    pub glasses: Vec<f64>,
}

impl Phonons {
    /// Of all described modes of sound realizations.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> Phonons {
        let table = &ensemble.modes;
        let ratios = (0..table.omega.len()).filter_map(|row| {
            let realization = selected.realization_of[row] as usize;
            let end = *selected.described.get(realization)?;
            let ratio = table.omega[row] / ensemble.realizations.omega_phonon[realization];
            (table.omega[row] <= end && ratio.is_finite() && ratio > 0.0)
                .then_some((ratio, table.participation[row] < selected.selection.participation_max))
        });
        let ratios: Vec<(f64, bool)> = ratios.collect();
        let highest = ratios.iter().map(|(ratio, _)| *ratio).fold(0.0, f64::max).clamp(1.2, 3.2);
        let mut localized = Histogram::linear(0.0, highest, 64);
        let mut extended = localized.clone();
        for (ratio, is_localized) in ratios {
            if is_localized { localized.add(ratio) } else { extended.add(ratio) }
        }
        let glasses = (0..localized.bins()).map(|bin| glasses_described(ensemble, selected, localized.edges(bin)));
        let [without, with] = by_soft_mode(ensemble, selected);
        Phonons {
            localized_count: localized.total(),
            extended_count: extended.total(),
            omega_phonon_with: Distribution::of_glasses(with),
            omega_phonon_without: Distribution::of_glasses(without),
            glasses: glasses.collect(),
            localized,
            extended,
        }
    }
}

/// Sound glasses with a phonon whose modes are described between two ratios ω/ω_phonon.
fn glasses_described(ensemble: &Ensemble, selected: &Selected, (low, high): (f64, f64)) -> f64 {
    let ends = selected.described.iter().zip(&ensemble.realizations.omega_phonon);
    let parts = ends.map(|(end, phonon)| ((end / phonon).min(high) - low) / (high - low));
    parts.filter(|part| *part > 0.0).sum()
}

/// ω_phonon of the sound glasses without and with a localized mode below the median of their cuts. One ω for all:
/// with a fraction of each glass's phonon the comparison would be with itself.
fn by_soft_mode(ensemble: &Ensemble, selected: &Selected) -> [Vec<(u64, f64)>; 2] {
    let omega_cut = selected.omega_cut();
    let mut has = vec![false; ensemble.len()];
    for &row in &selected.localized {
        if ensemble.modes.omega[row as usize] <= omega_cut {
            has[selected.realization_of[row as usize] as usize] = true;
        }
    }
    let mut phonons = [Vec::new(), Vec::new()];
    let glasses = ensemble.by_chain(&ensemble.realizations.omega_phonon).zip(&selected.cut).zip(has);
    for ((glass, _), has) in glasses.filter(|((_, cut), _)| cut.is_finite()) {
        phonons[usize::from(has)].push(glass);
    }
    phonons
}
