//! Numbers obey what minima, spectra and modes obey.

use super::{Check, Finding, Offenders, Severity, VerifyOptions, VerifyReport};
use crate::reader::Archive;
use crate::record::Record;
use crate::schema::{SCHEMA, Table};
use glass::quench::ROUNDING_FORCE_MAX;
use modes::describe::is_curvature;
use modes::{Group, Mode};

/// What follows from stored numbers by a few operations agrees this well, relatively.
const ROUNDING: f64 = 1e-10;

/// Realizations read at a time.
const BLOCK: usize = 32;

pub(super) fn check(archive: &Archive, options: &VerifyOptions, report: &mut VerifyReport) {
    // Rows become records only if all their datasets can be read.
    let others = [Table::Failures, Table::Staircase, Table::Series];
    let needed = SCHEMA.iter().filter(|dataset| !others.contains(&dataset.table)).map(|dataset| dataset.path);
    if !report.can_read(&needed.collect::<Vec<_>>()) {
        return;
    }
    let mut rules = Rules::new();
    for start in (0..report.realizations).step_by(BLOCK) {
        match archive.records(start..(start + BLOCK).min(report.realizations)) {
            Ok(records) => records.iter().for_each(|record| rules.judge(record, options)),
            Err(error) => {
                report.fault(Check::Consistency, "/", error.to_string());
                break;
            }
        }
    }
    report.findings.extend(rules.findings());
}

struct Rules {
    not_finite: Offenders,
    force: Offenders,
    rounding: Offenders,
    zero_modes: Offenders,
    saddle: Offenders,
    disorder: Offenders,
    uncertified: Offenders,
    staircase: Offenders,
    position: Offenders,
    curvature: Offenders,
    frequency: Offenders,
    participation: Offenders,
    beta: Offenders,
    group: Offenders,
    norm: Offenders,
    vector_participation: Offenders,
    direction: Offenders,
    oblong: Offenders,
    outside: Offenders,
    size: Offenders,
    ratio: Offenders,
}

impl Rules {
    fn new() -> Rules {
        let fault = |object, rule| Offenders::new(Severity::Fault, Check::Physics, object, rule);
        let remark = |object, rule| Offenders::new(Severity::Remark, Check::Physics, object, rule);
        Rules {
            not_finite: fault("/realizations", "an energy, pressure or modulus is not a number"),
            force: fault("/realizations/force_max", "forces above the tolerance"),
            rounding: remark(
                "/realizations/force_max",
                "forces above the tolerance, as small as rounding of the positions may leave",
            ),
            zero_modes: remark("/spectrum/zero_modes", "other zero modes than the translations"),
            saddle: remark("/spectrum/negative_modes", "negative eigenvalues: a saddle"),
            disorder: fault("/spectrum/eigenvalues", "eigenvalues do not ascend"),
            uncertified: fault("/spectrum/omega_complete", "the spectrum ends before it is said to be complete"),
            staircase: fault("/spectrum/staircase/count", "disagrees with the eigenvalues below it"),
            position: fault("/modes/mode", "no such position in the spectrum"),
            curvature: fault("/modes/b2", "is not the eigenvalue of its mode"),
            frequency: fault("/modes/omega", "is not the root of its eigenvalue"),
            participation: fault("/modes/participation", "is not that of the spectrum"),
            beta: fault("/modes/beta", "is not b3/sqrt(3 b2 b4)"),
            group: fault("/modes/group", "is not the class of beta and b4"),
            norm: fault("/snapshots/vector", "not of unit norm"),
            vector_participation: fault("/snapshots/vector", "participation ratio is not that of the mode"),
            direction: fault("/nonlinear/vector", "not of unit norm, or of another participation ratio than its row"),
            oblong: fault(
                "/particles/glass/box/edges/value",
                "sides that differ, of a glass that was sampled in a square or cube",
            ),
            outside: fault("/particles/glass/position/value", "particles outside the box"),
            size: fault("/particles/glass/diameter/value", "a diameter that is not positive or larger than the box"),
            ratio: fault("/spectrum/participation", "a participation ratio that is not between 0 and 1"),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let all = [
            &self.not_finite,
            &self.force,
            &self.rounding,
            &self.zero_modes,
            &self.saddle,
            &self.disorder,
            &self.uncertified,
            &self.staircase,
            &self.position,
            &self.curvature,
            &self.frequency,
            &self.participation,
            &self.beta,
            &self.group,
            &self.norm,
            &self.vector_participation,
            &self.direction,
            &self.oblong,
            &self.outside,
            &self.size,
            &self.ratio,
        ];
        all.into_iter().filter_map(Offenders::finding).collect()
    }

    fn judge(&mut self, record: &Record, options: &VerifyOptions) {
        let index = record.index;
        let (inherent, elastic) = (&record.inherent, &record.elastic);
        let numbers =
            [inherent.energy, inherent.pressure, inherent.force_max, elastic.shear_modulus, elastic.bulk_modulus];
        self.not_finite.note(index, numbers.iter().any(|number| !number.is_finite()));
        let over = inherent.force_max > options.force_tolerance;
        let explained = inherent.force_max <= ROUNDING_FORCE_MAX;
        self.force.note(index, over && !explained);
        self.rounding.note(index, over && explained);
        self.zero_modes.note(index, record.spectrum.zero_modes as usize != record.dimension.axes());
        self.saddle.note(index, record.spectrum.negative_modes != 0);
        self.judge_spectrum(record);
        for mode in &record.modes {
            self.judge_mode(record, mode);
        }
        for search in &record.nonlinear {
            self.judge_direction(record, &search.mode);
        }
        if let Some(frame) = &record.frame {
            let mut places = frame.positions.iter().zip(frame.box_sides.iter().cycle());
            let shortest = frame.box_sides.iter().copied().fold(f64::INFINITY, f64::min);
            let size = |diameter: &f64| *diameter > 0.0 && *diameter < shortest;
            let sampled = !record.thermalize.sweeps.is_empty();
            self.oblong.note(index, sampled && frame.box_sides.iter().any(|side| *side != shortest));
            self.size.note(index, !frame.diameters.iter().all(size));
            self.outside.note(index, !places.all(|(x, side)| (0.0..=*side).contains(x)));
        }
    }

    fn judge_spectrum(&mut self, record: &Record) {
        let (index, spectrum) = (record.index, &record.spectrum);
        let ratio = |share: &f64| *share > 0.0 && *share <= 1.0 + ROUNDING;
        self.ratio.note(index, !spectrum.participation.iter().all(ratio));
        self.disorder.note(index, !spectrum.eigenvalues.is_sorted());
        let full = record.frame.as_ref().map(|frame| frame.positions.len());
        let short = match full {
            Some(full) if spectrum.omega_complete.is_infinite() => spectrum.eigenvalues.len() != full,
            _ => (spectrum.eigenvalues.len() as u64) < u64::from(spectrum.zero_modes + spectrum.negative_modes),
        };
        self.uncertified.note(index, short || spectrum.omega_complete.is_nan());
        // A shift within the accuracy of an eigenvalue may fall on either side of it.
        let below = |lambda: f64| spectrum.eigenvalues.partition_point(|&eigenvalue| eigenvalue < lambda) as u64;
        let disagrees = spectrum.staircase_omega.iter().zip(&spectrum.staircase_count).any(|(&omega, &count)| {
            let lambda = omega * omega;
            let margin = 1e-8 * (1.0 + lambda);
            omega < spectrum.omega_complete && !(below(lambda - margin)..=below(lambda + margin)).contains(&count)
        });
        self.staircase.note(index, disagrees || !spectrum.staircase_count.is_sorted());
    }

    fn judge_mode(&mut self, record: &Record, mode: &Mode) {
        let (index, position) = (record.index, mode.index as usize);
        let (Some(&lambda), Some(&participation)) =
            (record.spectrum.eigenvalues.get(position), record.spectrum.participation.get(position))
        else {
            return self.position.note(index, true);
        };
        self.curvature.note(index, !is_curvature(mode.b2, lambda));
        self.frequency.note(index, lambda > 0.0 && !close(mode.omega, lambda.sqrt()));
        self.participation.note(index, !close(mode.participation, participation));
        if mode.b2 > 0.0 && mode.b4 > 0.0 {
            self.beta.note(index, !close(mode.beta, mode.b3 / (3.0 * mode.b2 * mode.b4).sqrt()));
        }
        self.group.note(index, !group_is_possible(mode));
        if let Some(vector) = &mode.vector {
            let (norm, participation) = norm_and_participation(vector, record.dimension.axes());
            self.norm.note(index, !close(norm, 1.0));
            self.vector_participation.note(index, !close(mode.participation, participation));
        }
    }

    fn judge_direction(&mut self, record: &Record, mode: &Mode) {
        if let Some(vector) = &mode.vector {
            let (norm, participation) = norm_and_participation(vector, record.dimension.axes());
            let wrong = !close(norm, 1.0) || !close(mode.participation, participation);
            self.direction.note(record.index, wrong);
        }
    }
}

/// Σ_i |Ψ_i|² and the participation ratio of a vector with so many components a particle.
fn norm_and_participation(vector: &[f64], axes: usize) -> (f64, f64) {
    let squares = vector.chunks(axes).map(|psi| psi.iter().map(|x| x * x).sum::<f64>());
    let (norm, fourth) = squares.fold((0.0, 0.0), |(norm, fourth), square| (norm + square, fourth + square * square));
    (norm, axes as f64 / (vector.len() as f64 * fourth))
}

/// Groups by β and b₄ (eq. 8 of arXiv:2102.12368). At a border, rounding decides.
fn group_is_possible(mode: &Mode) -> bool {
    if mode.b4 <= 0.0 {
        return mode.group == Group::Unbounded;
    }
    let double = (8.0f64 / 9.0).sqrt();
    let size = mode.beta.abs();
    match mode.group {
        Group::A => size <= double + ROUNDING,
        Group::ADouble => (double - ROUNDING..=1.0 + ROUNDING).contains(&size),
        Group::B => size >= 1.0 - ROUNDING,
        Group::Unbounded => false,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROUNDING * a.abs().max(b.abs())
}
