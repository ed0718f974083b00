//! A few modes to look at: where each moves the particles, the quartic and the true profile along it.

use super::GROUPS;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::selection::classes::is_single_particle;
use archive::Dimension;
use archive::record::Particles;
use archive::{ArchiveError, Group};
use serde::Serialize;

/// Portraits of each group.
const EACH: usize = 3;

/// One mode.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portrait {
    /// Its group.
    #[serde(serialize_with = "by_name")]
    pub group: Group,
    /// Row of /modes.
    pub row: u64,
    /// Realization.
    pub realization: u64,
    /// Seed of the realization.
    pub seed: u64,
    /// Position in its spectrum.
    pub mode: u32,
    /// ω.
    pub omega: f64,
    /// Participation ratio.
    pub participation: f64,
    /// Whether it is one nearly free particle.
    pub single_particle: bool,
    /// β.
    pub beta: f64,
    /// b₂, b₃, b₄.
    pub b: [f64; 3],
    /// Barrier of the quartic; NaN without a second minimum.
    pub barrier: f64,
    /// Barrier of the true profile; NaN without a second minimum.
    pub true_barrier: f64,
    /// s of the true profile; empty where it is not kept.
    #[serde(skip)]
    pub profile_s: Vec<f64>,
    /// U(q₀ + sΨ) − U(q₀) there.
    #[serde(skip)]
    pub profile_energy: Vec<f64>,
    /// The glass, and the mode's unit vector in it; none in three dimensions, which no picture shows.
    #[serde(skip)]
    pub glass: Option<(Particles, Vec<[f64; 2]>)>,
}

fn by_name<S: serde::Serializer>(group: &Group, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(archive::group::name(*group))
}

impl Portrait {
    /// The mode in `row` of /modes.
    ///
    /// # Errors
    /// [`ArchiveError`] when what is kept of it cannot be read.
    pub fn of(ensemble: &Ensemble, row: usize) -> Result<Portrait, ArchiveError> {
        let (table, archive) = (&ensemble.modes, &ensemble.archive);
        let index = table.realization[row];
        let realization = ensemble.realizations.index.binary_search(&index).ok();
        let snapshot = usize::try_from(table.snapshot[row]).ok();
        let (profile_s, profile_energy) = snapshot.map(|k| archive.profile(k)).transpose()?.unwrap_or_default();
        let in_the_plane = archive.dimension() == Dimension::Two;
        let frame = if snapshot.is_some() && in_the_plane { archive.frame(index)? } else { None };
        let glass = match (frame, snapshot) {
            (Some(frame), Some(snapshot)) => Some((frame, archive.snapshot(snapshot)?.as_chunks().0.to_vec())),
            _ => None,
        };
        Ok(Portrait {
            group: table.group[row],
            row: row as u64,
            realization: index,
            seed: realization.map_or(0, |k| ensemble.realizations.seed[k]),
            mode: table.mode[row],
            omega: table.omega[row],
            participation: table.participation[row],
            single_particle: realization.is_some_and(|k| is_single_particle(ensemble, row, k)),
            beta: table.beta[row],
            b: [table.b2[row], table.b3[row], table.b4[row]],
            barrier: table.barrier[row],
            true_barrier: table.true_barrier[row],
            profile_s,
            profile_energy,
            glass,
        })
    }

    /// U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24.
    pub fn quartic(&self, s: f64) -> f64 {
        let [b2, b3, b4] = self.b;
        s * s * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0))
    }

    /// Where the quartic is stationary besides at 0: the nearer place first.
    pub fn stationary(&self) -> Option<[f64; 2]> {
        let [b2, b3, b4] = self.b;
        let discriminant = 9.0 * b3 * b3 - 24.0 * b2 * b4;
        let at = |sign: f64| (-3.0 * b3 + sign * discriminant.sqrt()) / (2.0 * b4);
        let [one, other] = [at(1.0), at(-1.0)];
        (discriminant > 0.0 && b4 > 0.0).then_some(if one.abs() < other.abs() { [one, other] } else { [other, one] })
    }
}

/// The softest selected modes of each group of which something is kept to look at.
///
/// # Errors
/// [`ArchiveError`] when it cannot be read.
pub fn choose(ensemble: &Ensemble, selected: &Selected) -> Result<Vec<Portrait>, ArchiveError> {
    let table = &ensemble.modes;
    let mut portraits = Vec::new();
    for group in GROUPS {
        let of_group = selected.rows.iter().map(|&row| row as usize).filter(|&row| table.group[row] == group);
        let mut rows: Vec<usize> = of_group.filter(|&row| table.snapshot[row] >= 0).collect();
        rows.sort_by(|&a, &b| table.omega[a].total_cmp(&table.omega[b]));
        for row in rows.into_iter().take(EACH) {
            portraits.push(Portrait::of(ensemble, row)?);
        }
    }
    Ok(portraits)
}
