//! D(ω) of the localized modes, by family, and its exponents.

use super::Family;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::histogram::logarithmic_slope;
use crate::statistics::power_law::{EVENTS_MIN, prefactor};
use crate::statistics::{Estimate, Histogram, Interval, PowerLawFit, PowerLawSample, interval};
use serde::Serialize;

/// Bins with fewer modes do not enter the slope of the histogram: the logarithm of a small count is biased.
const SLOPE_COUNT_MIN: u64 = 5;

/// Cuts ω_c of the scan.
const SCAN_POINTS: usize = 14;

/// D(ω): modes per realization, per degree of freedom (2N) and per unit of ω.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Density {
    /// The one ω_c of the fits to all glasses alike: the median of the cuts of the selection.
    pub omega_cut: f64,
    /// Whether each glass has a cut of its own.
    pub cuts_differ: bool,
    /// As [`Family::EACH`].
    pub families: Vec<FamilyDensity>,
}

/// One family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyDensity {
    /// Which.
    pub family: Family,
    /// Maximum likelihood on (0, ω_c], one ω_c for all glasses.
    pub fit: PowerLawFit,
    /// Maximum likelihood with the cut of each glass's own.
    ///
    /// A soft spot softens its glass, hence lowers the glass's phonon and a cut at a fraction of it: such cuts know
    /// of the modes below them, and this exponent is too large.
    pub fit_own_cuts: PowerLawFit,
    /// A_g at α̂.
    pub prefactor_fit: Estimate,
    /// A_g when α = 3.
    pub prefactor_3: Estimate,
    /// A_g when α = 4.
    pub prefactor_4: Estimate,
    /// Slope of the log-binned histogram below ω_c, if three bins have enough modes.
    pub histogram_slope: Option<Estimate>,
    /// Localized modes in log bins, up to the end of the description.
    pub bins: Vec<DensityBin>,
    /// The exponent for other ω_c.
    pub scan: Vec<ScanPoint>,
}

/// One bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DensityBin {
    /// Lower edge.
    pub low: f64,
    /// Upper edge.
    pub high: f64,
    /// Geometric middle.
    pub omega: f64,
    /// Modes.
    pub count: u64,
    /// D with the Poisson interval of the count.
    pub density: Estimate,
}

/// The exponent on (0, ω_c].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScanPoint {
    /// ω_c.
    pub omega_cut: f64,
    /// Modes below it.
    pub events: u64,
    /// α̂, exact interval.
    pub exponent: Estimate,
    /// Interval by the bootstrap over realizations.
    pub bootstrap: Interval,
    /// ln L(4) − ln L(3).
    pub log_likelihood_ratio_4_over_3: f64,
}

impl Density {
    /// Of the selected modes; `seed` decides the resampling.
    pub fn of(ensemble: &Ensemble, selected: &Selected, seed: u64) -> Density {
        let omega_cut = selected.omega_cut();
        let families = Family::EACH.map(|family| FamilyDensity::of(family, ensemble, selected, omega_cut, seed));
        let cuts_differ = selected.cut.iter().any(|cut| cut.is_finite() && *cut != omega_cut);
        Density { omega_cut, cuts_differ, families: families.into() }
    }
}

/// The modes of `family` below one ω_c for all glasses, of glasses that count.
pub(super) fn below_one_cut(
    family: Family,
    ensemble: &Ensemble,
    selected: &Selected,
    omega_cut: f64,
) -> PowerLawSample {
    below_one_cut_where(ensemble, selected, omega_cut, |row| family.has(ensemble.modes.group[row]))
}

/// The same of modes in such rows of the table: all localized ones, or of each glass only the lowest.
///
/// Those within the cuts of the selection would not do: where each glass has its own, the lower ones leave out what lies
/// below ω_c, and the exponent comes out too small.
pub(super) fn below_one_cut_where(
    ensemble: &Ensemble,
    selected: &Selected,
    omega_cut: f64,
    wanted: impl Fn(usize) -> bool,
) -> PowerLawSample {
    let mut rows = selected.localized.clone();
    if selected.selection.lowest_only {
        // They ascend in realization, then in ω.
        rows.dedup_by_key(|row| selected.realization_of[*row as usize]);
    }
    rows.retain(|&row| wanted(row as usize));
    sample(&rows, ensemble, selected, &|realization| omega_cut.min(selected.described[realization]))
}

fn members(family: Family, ensemble: &Ensemble, rows: &[u32]) -> Vec<u32> {
    rows.iter().copied().filter(|&row| family.has(ensemble.modes.group[row as usize])).collect()
}

fn sample(rows: &[u32], ensemble: &Ensemble, selected: &Selected, cut: &dyn Fn(usize) -> f64) -> PowerLawSample {
    let events = rows.iter().map(|&row| {
        let realization = selected.realization_of[row as usize] as usize;
        let chain = ensemble.realizations.chain[realization];
        (chain, (cut(realization) / ensemble.modes.omega[row as usize]).ln())
    });
    PowerLawSample::new(selected.census.chains, events)
}

impl FamilyDensity {
    fn of(family: Family, ensemble: &Ensemble, selected: &Selected, omega_cut: f64, seed: u64) -> FamilyDensity {
        let sample = |rows: &[u32], cut: &dyn Fn(usize) -> f64| sample(rows, ensemble, selected, cut);
        let degrees_of_freedom = ensemble.about.degrees_of_freedom();
        let rows = members(family, ensemble, &selected.rows);
        let localized = members(family, ensemble, &selected.localized);
        let fit_own_cuts = sample(&rows, &|realization| selected.cut[realization]).fit(seed);
        let fit = below_one_cut(family, ensemble, selected, omega_cut).fit(seed);
        let described = selected.described.iter().filter(|end| !end.is_nan() && omega_cut.is_finite());
        let cuts: Vec<f64> = described.map(|end| end.min(omega_cut)).collect();
        let bins = bins(ensemble, selected, &localized, degrees_of_freedom);
        let below_cut = bins.iter().filter(|bin| bin.high <= omega_cut * (1.0 + 1e-9));
        let histogram_slope =
            logarithmic_slope(below_cut.map(|bin| (bin.omega, bin.density.value, bin.count)), SLOPE_COUNT_MIN);
        let scan = scan_cuts(ensemble, selected, &localized)
            .into_iter()
            .map(|omega_cut| {
                let sample = sample(&localized, &|realization| omega_cut.min(selected.described[realization]));
                ScanPoint {
                    omega_cut,
                    events: sample.events(),
                    exponent: sample.exponent(),
                    bootstrap: sample.bootstrap(seed).interval(),
                    log_likelihood_ratio_4_over_3: sample.log_likelihood_ratio(4.0, 3.0),
                }
            })
            .collect();
        FamilyDensity {
            family,
            prefactor_fit: prefactor(fit.events, fit.exponent.value, cuts.iter().copied(), degrees_of_freedom),
            prefactor_3: prefactor(fit.events, 3.0, cuts.iter().copied(), degrees_of_freedom),
            prefactor_4: prefactor(fit.events, 4.0, cuts.iter().copied(), degrees_of_freedom),
            fit,
            fit_own_cuts,
            histogram_slope,
            bins,
            scan,
        }
    }
}

/// Log bins from the softest localized mode of any family to the end of the description.
fn bins(ensemble: &Ensemble, selected: &Selected, rows: &[u32], degrees_of_freedom: f64) -> Vec<DensityBin> {
    let omega = |row: &u32| ensemble.modes.omega[*row as usize];
    let lowest = selected.localized.iter().map(omega).fold(f64::INFINITY, f64::min);
    let highest = selected.localized.iter().map(omega).fold(0.0, f64::max);
    if selected.localized.is_empty() || lowest >= highest {
        return Vec::new();
    }
    let count = ((selected.localized.len() as f64).sqrt() as usize).clamp(5, 24);
    // A little beyond both ends, so that the extremes fall inside.
    let mut histogram = Histogram::logarithmic(lowest * 0.999, highest * 1.001, count);
    histogram.extend(rows.iter().map(omega));
    (0..histogram.bins())
        .map(|bin| {
            let (low, high) = histogram.edges(bin);
            // Only realizations described that far were searched there.
            let searched: f64 = selected
                .described
                .iter()
                .filter(|end| !end.is_nan())
                .map(|end| (end.min(high) - low).max(0.0))
                .sum::<f64>()
                * degrees_of_freedom;
            let count = histogram.count(bin);
            let density = Estimate::new(count as f64 / searched, interval::poisson(count).scaled(1.0 / searched));
            DensityBin { low, high, omega: histogram.centre(bin), count, density }
        })
        .collect()
}

/// Cuts from where a few modes lie below to the end of the description, log-spaced. The first lies midway between two
/// modes: one at the cut itself would count with x = 0.
fn scan_cuts(ensemble: &Ensemble, selected: &Selected, localized: &[u32]) -> Vec<f64> {
    let mut omega: Vec<f64> = localized.iter().map(|&row| ensemble.modes.omega[row as usize]).collect();
    omega.sort_unstable_by(f64::total_cmp);
    let end = selected.described.iter().copied().filter(|end| end.is_finite()).fold(0.0, f64::max);
    let end = if end > 0.0 { end } else { omega.last().copied().unwrap_or(0.0) };
    let few = EVENTS_MIN as usize;
    match (omega.get(few - 1), omega.get(few)) {
        (Some(&last), next) if last < end => {
            let first = (last * next.copied().unwrap_or(end).min(end)).sqrt();
            (0..SCAN_POINTS).map(|k| first * (end / first).powf(k as f64 / (SCAN_POINTS - 1) as f64)).collect()
        }
        _ => Vec::new(),
    }
}
