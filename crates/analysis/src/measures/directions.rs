//! The quartic along four directions: harmonic modes, and the nonlinear ones searched from them.

use super::density::below_one_cut_where;
use super::shape::BETA_MAX;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::interval::fraction;
use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::{Distribution, Estimate, Histogram, PowerLawFit, PowerLawSample};
use archive::{Group, Kind, NonlinearTable};
use serde::Serialize;

/// Bins of |β|: nonlinear modes are fewer than harmonic ones.
const BINS: usize = 20;

/// The table A and B for each direction; only where nonlinear modes were searched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Directions {
    /// Harmonic first, then the kinds that were searched.
    pub each: Vec<Direction>,
}

/// Directions of one kind, in glasses that count, with ω and PR within the selection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Direction {
    /// "harmonic" or the name of the kind.
    pub name: &'static str,
    /// How many are selected.
    pub selected: u64,
    /// Part of them with |β| > 1.
    pub group_b: Estimate,
    /// Part with a second minimum of the quartic, A-double and B.
    pub double: Estimate,
    /// Part with b₄ ≤ 0.
    pub unbounded: Estimate,
    /// |β|.
    #[serde(skip)]
    pub beta: Histogram,
    /// |β| in numbers.
    pub beta_distribution: Distribution,
    /// κ/λ, the curvature along it over that of the mode the search started from.
    pub softening: Distribution,
    /// ω of the direction and κ/λ, for the figure.
    #[serde(skip)]
    pub against_omega: Vec<(f64, f64)>,
    /// Exponent of D(ω) below one ω_c for all glasses, the median cut of the selection, if there are enough.
    pub exponent: Option<PowerLawFit>,
    /// Searches that were given up, of all glasses.
    pub given_up: u64,
}

/// One selected direction.
struct Row {
    omega: f64,
    beta: f64,
    group: Group,
    softening: f64,
}

impl Directions {
    /// Of an ensemble with nonlinear modes; none without.
    pub fn of(ensemble: &Ensemble, selected: &Selected, seed: u64) -> Option<Directions> {
        let table = &ensemble.nonlinear;
        if table.kind.is_empty() {
            return None;
        }
        let modes = &ensemble.modes;
        let harmonic = selected.rows.iter().map(|&row| {
            let row = row as usize;
            Row { omega: modes.omega[row], beta: modes.beta[row], group: modes.group[row], softening: 1.0 }
        });
        let omega_cut = selected.omega_cut();
        let below_one_cut = below_one_cut_where(ensemble, selected, omega_cut, |_| true);
        let mut each = vec![Direction::of("harmonic", harmonic.collect(), 0, &below_one_cut, seed)];
        for kind in Kind::ALL {
            let rows = (0..table.kind.len()).filter(|&row| table.kind[row] == kind);
            if rows.clone().next().is_none() {
                continue;
            }
            let given_up = rows.clone().filter(|&row| table.kappa[row].is_nan()).count() as u64;
            let below_one_cut = rows.clone().filter_map(|row| {
                let realization = localized(ensemble, table, selected, row)?;
                let end = omega_cut.min(selected.described[realization]);
                Some((ensemble.realizations.chain[realization], (end / table.omega[row]).ln()))
            });
            let below_one_cut = PowerLawSample::new(selected.census.chains, below_one_cut);
            let rows = rows.filter_map(|row| nonlinear(ensemble, table, selected, row));
            each.push(Direction::of(kind.name(), rows.collect(), given_up, &below_one_cut, seed));
        }
        Some(Directions { each })
    }
}

/// The glass of a nonlinear mode, as a row of its table, if that counts and the mode is within the selection by its PR
/// and group.
fn localized(ensemble: &Ensemble, table: &NonlinearTable, selected: &Selected, row: usize) -> Option<usize> {
    let realization = ensemble.realizations.index.binary_search(&table.realization[row]).ok()?;
    let selection = &selected.selection;
    let fits = !selected.cut[realization].is_nan()
        && table.participation[row] < selection.participation_max
        && selection.group.is_none_or(|group| group == table.group[row]);
    fits.then_some(realization)
}

/// A nonlinear mode, if it is within the selection by its own ω, too.
fn nonlinear(ensemble: &Ensemble, table: &NonlinearTable, selected: &Selected, row: usize) -> Option<Row> {
    let realization = localized(ensemble, table, selected, row)?;
    let within = table.omega[row] <= selected.cut[realization];
    if !within {
        return None;
    }
    let source = usize::try_from(table.source[row]).ok().and_then(|source| ensemble.modes.b2.get(source));
    Some(Row {
        omega: table.omega[row],
        beta: table.beta[row],
        group: table.group[row],
        softening: source.map_or(f64::NAN, |lambda| table.kappa[row] / lambda),
    })
}

impl Direction {
    fn of(name: &'static str, rows: Vec<Row>, given_up: u64, sample: &PowerLawSample, seed: u64) -> Direction {
        let count = |wanted: &[Group]| rows.iter().filter(|row| wanted.contains(&row.group)).count() as u64;
        let all = rows.len() as u64;
        let mut beta = Histogram::linear(0.0, BETA_MAX, BINS);
        beta.extend(rows.iter().map(|row| row.beta.abs()));
        Direction {
            name,
            selected: all,
            group_b: fraction(count(&[Group::B]), all),
            double: fraction(count(&[Group::ADouble, Group::B]), all),
            unbounded: fraction(count(&[Group::Unbounded]), all),
            beta_distribution: Distribution::of(rows.iter().map(|row| row.beta.abs())),
            beta,
            softening: Distribution::of(rows.iter().map(|row| row.softening)),
            against_omega: rows.iter().map(|row| (row.omega, row.softening)).collect(),
            exponent: (sample.events() >= EVENTS_MIN).then(|| sample.fit(seed)),
            given_up,
        }
    }
}
