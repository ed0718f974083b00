//! True wells: the minima next to the glasses, and which of the ways there are two-level systems.

use super::density::below_one_cut_where;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::interval::{fraction, poisson};
use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::special::normal_quantile;
use crate::statistics::{Distribution, Estimate, PowerLawFit};
use archive::{Group, Outcome};
use serde::Serialize;
use std::collections::BTreeSet;

/// ħ̃ and ε/k_B in kelvin of the materials that the temperature of a two-level system is stated for.
const MATERIALS: [(&str, f64, f64); 2] = [("argon", 0.030, 119.8), ("a Ni-P metallic glass", 0.013, 934.0)];

/// A splitting this near to that of the lower well alone is an excitation within it: not both minima are involved.
const WITHIN_ONE_WELL: f64 = 0.9;

/// Ways found in glasses that count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wells {
    /// ħ̃ of the splittings.
    pub hbar: f64,
    /// The material with the nearest ħ̃.
    pub material: &'static str,
    /// k_B · 1 K of that material, in ε: a splitting below it makes a two-level system.
    pub temperature: f64,
    /// Glasses that count.
    pub glasses: u64,
    /// How many searches ended how: outcome and number.
    pub outcomes: Vec<(&'static str, u64)>,
    /// Adjacent minima found, per glass; no interval of one chain.
    pub neighbours: Estimate,
    /// Two-level systems.
    pub systems: u64,
    /// The same per glass.
    pub systems_per_glass: Estimate,
    /// The same per particle.
    pub systems_per_particle: Estimate,
    /// Part of the adjacent minima whose energy is lower than the glass's.
    pub deeper: Estimate,
    /// Barriers seen from the glass.
    pub barrier: Distribution,
    /// Lengths of the ways.
    pub path_length: Distribution,
    /// Participation ratios of the displacements.
    pub participation: Distribution,
    /// Splittings.
    pub splitting: Distribution,
    /// Overlap of the two-level systems with the direction they were found along.
    pub overlap_of_systems: Distribution,
    /// By the direction it was found along: name, ways found, two-level systems.
    pub by_direction: Vec<(String, u64, u64)>,
    /// By the group of the harmonic mode behind it: name, selected modes, with an adjacent minimum, with a two-level
    /// system.
    pub by_group: Vec<(&'static str, u64, u64, u64)>,
    /// Exponent of D(ω), below one ω_c for all glasses, of the localized modes from which a way was found, if there are
    /// enough.
    pub exponent_with_way: Option<PowerLawFit>,
    /// The same of those from which none was.
    pub exponent_without_way: Option<PowerLawFit>,
    /// Each way: ω of its mode, what the quartic along that mode says of a barrier, the way itself.
    #[serde(skip)]
    pub ways: Vec<Way>,
}

/// Adjacent minima a glass, with an interval from the scatter of chains: glasses differ by more than chance.
fn neighbours(ensemble: &Ensemble, selected: &Selected, found: &[usize]) -> Estimate {
    let index = &ensemble.realizations.index;
    let mut of_glass = vec![0.0; index.len()];
    for &row in found {
        if let Ok(glass) = index.binary_search(&ensemble.transitions.realization[row]) {
            of_glass[glass] += 1.0;
        }
    }
    let sound = ensemble.by_chain(&of_glass).zip(&selected.cut).filter(|(_, cut)| !cut.is_nan());
    let found = Distribution::of_glasses(sound.map(|(glass, _)| glass));
    let half = normal_quantile(0.975) * found.standard_error;
    Estimate { value: found.mean, low: found.mean - half, high: found.mean + half }
}

/// One way, for figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Index of the glass.
    pub realization: u64,
    /// ω of the harmonic mode behind it; NaN if it is not there.
    pub omega: f64,
    /// Barrier of the quartic along that mode; NaN without one.
    pub quartic_barrier: f64,
    /// True barrier, seen from the glass.
    pub barrier: f64,
    /// Energy of the adjacent minimum.
    pub energy_difference: f64,
    /// Length.
    pub path_length: f64,
    /// E₁ − E₀.
    pub splitting: f64,
    /// With the direction.
    pub overlap: f64,
    /// Whether it is a two-level system.
    pub is_system: bool,
}

impl Wells {
    /// Of an ensemble whose wells were searched; none of any other.
    pub fn of(ensemble: &Ensemble, selected: &Selected, seed: u64) -> Option<Wells> {
        let hbar = ensemble.about.hbar?;
        let table = &ensemble.transitions;
        let nearest = |material: &&(&str, f64, f64)| (material.1 / hbar).ln().abs();
        let (material, _, kelvin) = *MATERIALS.iter().min_by(|a, b| nearest(a).total_cmp(&nearest(b)))?;
        let temperature = 1.0 / kelvin;
        let counts = |row: &usize| {
            let realization = ensemble.realizations.index.binary_search(&table.realization[*row]);
            realization.is_ok_and(|realization| !selected.cut[realization].is_nan())
        };
        let rows: Vec<usize> = (0..table.realization.len()).filter(counts).collect();
        let found: Vec<usize> =
            rows.iter().copied().filter(|&row| table.outcome[row] == Outcome::Found.name()).collect();
        let is_system = |row: usize| {
            let lower =
                if table.energy_difference[row] < 0.0 { table.curvature_end[row] } else { table.curvature_start[row] };
            let quantum = hbar * lower.sqrt();
            // The excited level lies above the higher minimum, and is no excitation of the lower well alone.
            table.splitting[row] < temperature
                && table.splitting[row] < WITHIN_ONE_WELL * quantum
                && table.energy_difference[row].abs() < table.splitting[row] + 0.5 * quantum
        };
        let source = |row: usize| usize::try_from(table.source[row]).ok();
        let way = |&row: &usize| {
            let of_mode = |column: &[f64]| source(row).and_then(|mode| column.get(mode)).copied().unwrap_or(f64::NAN);
            Way {
                realization: table.realization[row],
                omega: of_mode(&ensemble.modes.omega),
                quartic_barrier: of_mode(&ensemble.modes.barrier),
                barrier: table.barrier_forward[row],
                energy_difference: table.energy_difference[row],
                path_length: table.path_length[row],
                splitting: table.splitting[row],
                overlap: table.overlap[row],
                is_system: is_system(row),
            }
        };
        let ways: Vec<Way> = found.iter().map(way).collect();
        let systems = ways.iter().filter(|way| way.is_system).count() as u64;
        let glasses = selected.census.sound;
        let per_glass = |count: u64| {
            Estimate::new(count as f64, poisson(count)).scaled(if glasses > 0 {
                1.0 / glasses as f64
            } else {
                f64::NAN
            })
        };
        let of = |column: &[f64]| Distribution::of(found.iter().map(|&row| column[row]));
        let outcomes = Outcome::ALL.map(|outcome| {
            (outcome.name(), rows.iter().filter(|&&row| table.outcome[row] == outcome.name()).count() as u64)
        });
        let mut names: Vec<&String> = found.iter().map(|&row| &table.along[row]).collect();
        names.sort();
        names.dedup();
        let by_direction = names.into_iter().map(|name| {
            let along = || found.iter().filter(|&&row| table.along[row] == *name);
            (name.clone(), along().count() as u64, along().filter(|&&row| is_system(row)).count() as u64)
        });
        let with_way: BTreeSet<usize> = found.iter().filter_map(|&row| source(row)).collect();
        let with_system: BTreeSet<usize> =
            found.iter().filter(|&&row| is_system(row)).filter_map(|&row| source(row)).collect();
        let by_group = crate::measures::GROUPS.map(|group: Group| {
            let of_group = || {
                let rows = selected.rows.iter().map(|&row| row as usize);
                rows.filter(|&row| ensemble.modes.group[row] == group)
            };
            let among = |some: &BTreeSet<usize>| of_group().filter(|row| some.contains(row)).count() as u64;
            (archive::group::name(group), of_group().count() as u64, among(&with_way), among(&with_system))
        });
        let cut = selected.omega_cut();
        let exponent = |has_way: bool| {
            let sample = below_one_cut_where(ensemble, selected, cut, |row| with_way.contains(&row) == has_way);
            (sample.events() >= EVENTS_MIN).then(|| sample.fit(seed))
        };
        Some(Wells {
            hbar,
            material,
            temperature,
            glasses,
            outcomes: outcomes.into(),
            neighbours: neighbours(ensemble, selected, &found),
            systems,
            systems_per_glass: per_glass(systems),
            systems_per_particle: per_glass(systems)
                .scaled(ensemble.about.particles.map_or(f64::NAN, |particles| 1.0 / particles as f64)),
            deeper: fraction(ways.iter().filter(|way| way.energy_difference < 0.0).count() as u64, ways.len() as u64),
            barrier: of(&table.barrier_forward),
            path_length: of(&table.path_length),
            participation: of(&table.participation),
            splitting: of(&table.splitting),
            overlap_of_systems: Distribution::of(ways.iter().filter(|way| way.is_system).map(|way| way.overlap)),
            by_direction: by_direction.collect(),
            by_group: by_group.into(),
            exponent_with_way: exponent(true),
            exponent_without_way: exponent(false),
            ways,
        })
    }
}
