//! β, b₂, b₃ and b₄ of the selected modes, by group.

use super::GROUPS;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::selection::classes::is_single_particle;
use crate::statistics::{Distribution, Histogram};
use archive::Group;
use serde::Serialize;

/// |β| is counted up to here; what lies beyond is counted outside.
pub const BETA_MAX: f64 = 2.0;

/// Shapes by group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shape {
    /// In the order A, A-double, B, unbounded.
    pub groups: Vec<GroupShape>,
    /// |β| of all bounded modes: the sign is that of an arbitrary eigenvector sign.
    #[serde(skip)]
    pub beta: Histogram,
    /// Those with |β| > [`BETA_MAX`].
    pub beta_beyond: u64,
    /// (ω, PR) of every described mode of the glasses that count, by group as `groups`, selected or not.
    #[serde(skip)]
    pub described: [Vec<(f64, f64)>; 4],
    /// The same of the modes of one nearly free particle, whatever their group; they are in `described` too.
    #[serde(skip)]
    pub single_particles: Vec<(f64, f64)>,
}

/// Shape of the modes of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupShape {
    /// Name of the group.
    pub group: &'static str,
    /// ω.
    pub omega: Distribution,
    /// Participation ratio.
    pub participation: Distribution,
    /// |β|.
    pub beta: Distribution,
    /// b₂.
    pub b2: Distribution,
    /// |b₃|.
    pub b3: Distribution,
    /// b₄.
    pub b4: Distribution,
    /// |b₃| of each mode.
    #[serde(skip)]
    pub b3_values: Vec<f64>,
}

impl Shape {
    /// Of the selected modes.
    pub fn of(ensemble: &Ensemble, selected: &Selected) -> Shape {
        let table = &ensemble.modes;
        let groups = GROUPS.map(|group| {
            let rows: Vec<usize> =
                selected.rows.iter().map(|&row| row as usize).filter(|&row| table.group[row] == group).collect();
            let of = |column: &[f64]| Distribution::of(rows.iter().map(|&row| column[row].abs()));
            GroupShape {
                group: archive::group::name(group),
                omega: of(&table.omega),
                participation: of(&table.participation),
                beta: of(&table.beta),
                b2: of(&table.b2),
                b3: of(&table.b3),
                // The sign of b₄ matters.
                b4: Distribution::of(rows.iter().map(|&row| table.b4[row])),
                b3_values: rows.iter().map(|&row| table.b3[row].abs()).collect(),
            }
        });
        let mut beta = Histogram::linear(0.0, BETA_MAX, 40);
        let mut beta_beyond = 0;
        for &row in &selected.rows {
            if table.group[row as usize] != Group::Unbounded {
                let value = table.beta[row as usize].abs();
                beta.add(value);
                beta_beyond += u64::from(value > BETA_MAX);
            }
        }
        let (mut described, mut single_particles) = ([const { Vec::new() }; 4], Vec::new());
        for row in 0..table.omega.len() {
            let glass = selected.realization_of[row] as usize;
            if selected.described.get(glass).is_some_and(|end| !end.is_nan()) {
                let at = (table.omega[row], table.participation[row]);
                described[table.group[row] as usize].push(at);
                if is_single_particle(ensemble, row, glass) {
                    single_particles.push(at);
                }
            }
        }
        Shape { groups: groups.into(), beta, beta_beyond, described, single_particles }
    }
}
