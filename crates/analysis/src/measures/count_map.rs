//! N(ω_max, PR_max): how many modes each choice of the two cuts selects.

use super::counts::{PAPER_MODES, PAPER_PARTICIPATION_MAX, PAPER_PARTICLES, PAPER_REALIZATIONS};
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use serde::Serialize;

/// Columns of the map.
const OMEGA_STEPS: usize = 40;

/// Rows of the map: PR_max = 0.05, 0.07, … 0.65.
const PARTICIPATION_STEPS: usize = 31;

/// Modes of all sound realizations below both cuts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CountMap {
    /// ω_max of the columns, ascending; empty without modes.
    pub omega_max: Vec<f64>,
    /// PR_max of the rows, ascending.
    pub participation_max: Vec<f64>,
    /// `counts[row][column]`.
    pub counts: Vec<Vec<u64>>,
    /// (ω_max, PR_max) at which there are the paper's 403 per 60 000; only where at least one mode of this
    /// ensemble lies below.
    pub paper_line: Vec<(f64, f64)>,
    /// The same with as many modes a particle as the paper has; empty unless N differs from its 4000.
    pub paper_line_per_particle: Vec<(f64, f64)>,
    /// ω_max at which PR < 0.27 selects the paper's 403 per 60 000.
    pub paper_omega_max: Option<f64>,
    /// ω_max at which PR < 0.27 selects as many modes a particle as the paper has.
    pub paper_omega_max_per_particle: Option<f64>,
}

impl CountMap {
    /// Of all described modes of sound realizations, whatever the selection.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> CountMap {
        let table = &ensemble.modes;
        let mut modes: Vec<(f64, f64)> = (0..table.omega.len())
            .filter(|&row| {
                let realization = selected.realization_of[row] as usize;
                selected.described.get(realization).is_some_and(|end| table.omega[row] <= *end)
            })
            .map(|row| (table.omega[row], table.participation[row]))
            .filter(|(omega, participation)| *omega > 0.0 && participation.is_finite())
            .collect();
        modes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let all: Vec<f64> = (0..PARTICIPATION_STEPS).map(|k| 0.05 + 0.02 * k as f64).collect();
        // Of a thin archive as far as it has all modes.
        let kept = ensemble.about.thin.map_or(f64::INFINITY, |kept| kept.participation_below);
        let participation_max: Vec<f64> = all.iter().copied().filter(|limit| *limit <= kept + 1e-9).collect();
        let (Some(first), Some(last), true) = (modes.first(), modes.last(), participation_max.len() > 1) else {
            return CountMap {
                omega_max: Vec::new(),
                participation_max: all,
                counts: Vec::new(),
                paper_line: Vec::new(),
                paper_line_per_particle: Vec::new(),
                paper_omega_max: None,
                paper_omega_max_per_particle: None,
            };
        };
        let omega_max: Vec<f64> =
            (1..=OMEGA_STEPS).map(|k| first.0 + (last.0 - first.0) * k as f64 / OMEGA_STEPS as f64).collect();
        let scale = PAPER_REALIZATIONS as f64 / selected.census.sound as f64;
        let wanted = PAPER_MODES as f64 / scale;
        // Localized modes are as many as there is glass: a smaller one has fewer.
        let size = ensemble.about.particles.map_or(f64::NAN, |n| n as f64 / PAPER_PARTICLES as f64);
        let below = |limit: f64| modes.iter().filter(move |mode| mode.1 < limit).map(|mode| mode.0);
        let omega_of = |wanted: f64, limit: f64| {
            let last = (wanted >= 1.0 && limit <= kept + 1e-9).then(|| wanted.round() as usize - 1)?;
            below(limit).nth(last)
        };
        let counts = participation_max
            .iter()
            .map(|&limit| {
                let omega: Vec<f64> = below(limit).collect();
                omega_max.iter().map(|&cut| omega.partition_point(|o| *o <= cut) as u64).collect()
            })
            .collect();
        let line = |wanted: f64| -> Vec<(f64, f64)> {
            participation_max.iter().filter_map(|&limit| Some((omega_of(wanted, limit)?, limit))).collect()
        };
        let per_particle = size != 1.0;
        CountMap {
            paper_line: line(wanted),
            paper_line_per_particle: if per_particle { line(wanted * size) } else { Vec::new() },
            paper_omega_max: omega_of(wanted, PAPER_PARTICIPATION_MAX),
            paper_omega_max_per_particle: omega_of(wanted * size, PAPER_PARTICIPATION_MAX),
            omega_max,
            participation_max,
            counts,
        }
    }
}
