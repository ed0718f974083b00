//! What each choice of ω_max finds, beside what the paper found with a cut that it does not state: how many modes, the
//! fraction of group B, and the largest barrier of B.

use super::Family;
use super::counts::{PAPER_GROUP_B, PAPER_LARGEST_BARRIER, PAPER_MODES, PAPER_PARTICLES, PAPER_REALIZATIONS};
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::Estimate;
use crate::statistics::interval::{fraction, poisson};
use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::two_samples::{equal_fractions, equal_rates, exceedances};
use serde::Serialize;

/// Below this p a choice of ω_max and the paper disagree.
pub const DISAGREES: f64 = 0.05;

/// Cuts lie at modes 1, 2, … of the softest, later at every so-much-th part further.
const STEP: f64 = 0.05;

/// All choices of ω_max, ascending.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainstCut {
    /// One entry a cut, each at a localized mode; empty where N is unknown, or only one group is selected.
    pub points: Vec<CutPoint>,
    /// Cuts that find as many modes a particle as the paper.
    pub count_agrees: Vec<(f64, f64)>,
    /// Cuts that find the paper's fraction of B.
    pub fraction_agrees: Vec<(f64, f64)>,
    /// Cuts that find its largest barrier.
    pub barrier_agrees: Vec<(f64, f64)>,
    /// Cuts that find all three.
    pub all_agree: Vec<(f64, f64)>,
}

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CutPoint {
    /// ω_max.
    pub omega_max: f64,
    /// Localized modes up to it.
    pub modes: u64,
    /// Of these, in group B.
    pub group_b: u64,
    /// As many a particle, in 60 000 glasses of 4000.
    pub per_paper: Estimate,
    /// Part in group B.
    pub fraction_b: Estimate,
    /// Largest barrier of the quartics in group B; NaN without any.
    pub barrier_largest: f64,
    /// Two-sided p that the paper's 403 come from this density of modes; as the others, NaN below eight modes.
    pub p_count: f64,
    /// Two-sided p that the paper's 125 of 403 come from this fraction.
    pub p_fraction: f64,
    /// Two-sided p that as many barriers lie above the paper's largest by chance.
    pub p_barrier: f64,
}

impl CutPoint {
    /// Whether `p` does not speak against agreement; what cannot be compared does not agree.
    fn agrees(p: f64) -> bool {
        p >= DISAGREES
    }
}

impl AgainstCut {
    /// Of the localized modes of sound glasses, up to where all of them are described.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> AgainstCut {
        let table = &ensemble.modes;
        let end = selected.described.iter().copied().filter(|end| !end.is_nan()).fold(f64::INFINITY, f64::min);
        let mut rows: Vec<usize> = selected.localized.iter().map(|&row| row as usize).collect();
        rows.retain(|&row| table.omega[row] <= end);
        rows.sort_unstable_by(|&a, &b| table.omega[a].total_cmp(&table.omega[b]));
        // The paper's numbers are of all groups.
        let particles = ensemble.about.particles.filter(|_| selected.selection.group.is_none());
        let glasses = particles.map(|particles| selected.census.sound as f64 * particles as f64);
        let points = glasses.map_or_else(Vec::new, |particles| {
            let modes: Vec<Mode> = rows
                .iter()
                .map(|&row| Mode {
                    omega: table.omega[row],
                    barrier: Family::B.has(table.group[row]).then_some(table.barrier[row]),
                })
                .collect();
            points(&modes, particles)
        });
        let runs = |of: fn(&CutPoint) -> bool| runs(&points, of);
        AgainstCut {
            count_agrees: runs(|point| CutPoint::agrees(point.p_count)),
            fraction_agrees: runs(|point| CutPoint::agrees(point.p_fraction)),
            barrier_agrees: runs(|point| CutPoint::agrees(point.p_barrier)),
            all_agree: runs(|point| {
                [point.p_count, point.p_fraction, point.p_barrier].into_iter().all(CutPoint::agrees)
            }),
            points,
        }
    }
}

/// What is asked of a mode here.
struct Mode {
    omega: f64,
    /// Of group B only.
    barrier: Option<f64>,
}

/// The cuts at some of `modes`, which ascend in ω, of glasses with `particles` particles together.
fn points(modes: &[Mode], particles: f64) -> Vec<CutPoint> {
    let paper_particles = (PAPER_REALIZATIONS * PAPER_PARTICLES) as f64;
    let mut points = Vec::new();
    let (mut group_b, mut above, mut barrier_largest) = (0u64, 0u64, f64::NAN);
    let mut next = 1;
    for (mode, count) in modes.iter().zip(1u64..) {
        if let Some(barrier) = mode.barrier {
            group_b += 1;
            above += u64::from(barrier > PAPER_LARGEST_BARRIER);
            barrier_largest = barrier.max(barrier_largest);
        }
        if count < next && count < modes.len() as u64 {
            continue;
        }
        next = count + ((STEP * count as f64) as u64).max(1);
        let scale = paper_particles / particles;
        // A few modes agree with anything.
        let compared = |p: f64| if count < EVENTS_MIN { f64::NAN } else { p };
        points.push(CutPoint {
            omega_max: mode.omega,
            modes: count,
            group_b,
            per_paper: Estimate::new(count as f64 * scale, poisson(count).scaled(scale)),
            fraction_b: fraction(group_b, count),
            barrier_largest,
            p_count: compared(equal_rates((count, particles), (PAPER_MODES, paper_particles))),
            p_fraction: compared(equal_fractions((group_b, count), (PAPER_GROUP_B, PAPER_MODES))),
            p_barrier: compared(exceedances(above, group_b, PAPER_GROUP_B)),
        });
    }
    points
}

/// From the first to the last of each run of neighbouring cuts that agree.
fn runs(points: &[CutPoint], agrees: fn(&CutPoint) -> bool) -> Vec<(f64, f64)> {
    points
        .chunk_by(|a, b| agrees(a) == agrees(b))
        .filter(|run| agrees(&run[0]))
        .map(|run| (run[0].omega_max, run[run.len() - 1].omega_max))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modes as the paper's would be if its cut were 0.13: as many a particle, every third in B, barriers that grow
    /// with ω.
    fn modes() -> Vec<Mode> {
        let mode = |k: u32| {
            let omega = 0.13 * (f64::from(k) / 403.0).powf(0.2);
            let barrier = 4.0e-4 * (omega / 0.13).powi(8);
            Mode { omega, barrier: k.is_multiple_of(3).then_some(barrier) }
        };
        (1..=2000).map(mode).collect()
    }

    #[test]
    fn a_cut_that_was_made_is_found_again() {
        let points = points(&modes(), 60_000.0 * 4000.0);
        let at = |omega: f64| {
            points.iter().min_by(|a, b| (a.omega_max - omega).abs().total_cmp(&(b.omega_max - omega).abs()))
        };
        let cut = at(0.13).expect("a cut");
        assert!(cut.p_count > 0.5 && cut.p_fraction > 0.2 && cut.p_barrier > 0.05, "{cut:?}");
        assert!((cut.barrier_largest / 4.0e-4 - 1.0).abs() < 0.2, "{cut:?}");
        // Far below there are too few, far above too many, with barriers too large.
        let (low, high) = (at(0.1).expect("a cut"), at(0.17).expect("a cut"));
        assert!(low.p_count < 1e-3 && high.p_count < 1e-3 && high.p_barrier < 0.05, "{low:?} {high:?}");
        let found = runs(&points, |point| CutPoint::agrees(point.p_count));
        assert_eq!(found.len(), 1);
        assert!(found[0].0 > 0.12 && found[0].0 < 0.13 && found[0].1 > 0.13 && found[0].1 < 0.14, "{found:?}");
    }

    #[test]
    fn a_few_modes_agree_with_nothing() {
        let points = points(&modes()[..20], 60_000.0 * 4000.0);
        assert!(points.iter().all(|point| point.p_fraction.is_nan() == (point.modes < EVENTS_MIN)), "{points:?}");
    }

    #[test]
    fn counts_are_a_particle_and_cuts_are_few() {
        let half = points(&modes(), 30_000.0 * 4000.0);
        let whole = points(&modes(), 60_000.0 * 4000.0);
        assert!((half[9].per_paper.value - 2.0 * whole[9].per_paper.value).abs() < 1e-9);
        assert_eq!((whole[0].modes, whole.last().map(|point| point.modes)), (1, Some(2000)));
        assert!(whole.len() < 150, "{}", whole.len());
        assert!(points(&[], 1.0).is_empty());
    }
}
