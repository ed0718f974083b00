//! The mean number of modes below ω from staircases summed over glasses.
//!
//! The shifts of a glass are the n-th parts of the first whole number above all its modes: glasses are of a few kinds, each
//! with shifts of its own, some of which it shares with another.

use crate::statistics::moments::Running;
use archive::SummedStep;
use std::collections::BTreeMap;

/// Part of the shifts of a kind that must be there: where a factorization was unsound a glass has another nearby.
const PRESENT: f64 = 0.8;

/// The numbers of modes below some ω, ascending, of all glasses of every kind together, at the shifts of the commonest; of
/// the others between theirs, linear as for single glasses. `steps` ascend in ω, each staircase has `shifts` of them.
/// Empty where no kind is found.
pub(super) fn combined(steps: &[SummedStep], shifts: u64) -> Vec<(f64, Running)> {
    let kinds = kinds(steps, shifts);
    let Some(commonest) = kinds.iter().max_by_key(|kind| kind.glasses) else { return Vec::new() };
    // Below the first shift of one of them nothing is known of it.
    let first = kinds.iter().filter_map(|kind| kind.alone.first()).map(|step| step.omega).fold(0.0, f64::max);
    let grid = steps.iter().filter(|step| step.omega >= first && is_shift(step.omega, commonest.top, shifts));
    grid.map(|step| {
        let mut sums = Sums { glasses: step.glasses as f64, count: step.count as f64, squares: step.squares as f64 };
        for kind in kinds.iter().filter(|kind| !is_shift(step.omega, kind.top, shifts)) {
            sums.add(kind.at(step.omega));
        }
        (step.omega, Running::of_sums(sums.glasses.round() as u64, sums.count, sums.squares))
    })
    .collect()
}

/// Glasses whose modes all lie below the same whole number.
struct Kind {
    top: u64,
    glasses: u64,
    /// The steps that no other kind has.
    alone: Vec<SummedStep>,
}

#[derive(Clone, Copy)]
struct Sums {
    glasses: f64,
    count: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.glasses += other.glasses;
        self.count += other.count;
        self.squares += other.squares;
    }
}

impl Kind {
    /// Its sums at ω, of all its glasses, between its own steps; above the last all modes are below.
    fn at(&self, omega: f64) -> Sums {
        let glasses = self.glasses as f64;
        let of = |step: &SummedStep| [step.count, step.squares].map(|sum| sum as f64 / step.glasses as f64 * glasses);
        let above = self.alone.partition_point(|step| step.omega < omega);
        let [count, squares] = match (above.checked_sub(1).and_then(|k| self.alone.get(k)), self.alone.get(above)) {
            (Some(low), Some(high)) => {
                let part = (omega - low.omega) / (high.omega - low.omega);
                let (low, high) = (of(low), of(high));
                [0, 1].map(|k| low[k] + part * (high[k] - low[k]))
            }
            (Some(end), None) | (None, Some(end)) => of(end),
            (None, None) => [f64::NAN; 2],
        };
        Sums { glasses, count, squares }
    }
}

/// Whether ω is a whole number of n-th parts of `top`.
fn is_shift(omega: f64, top: u64, shifts: u64) -> bool {
    let parts = omega * shifts as f64 / top as f64;
    parts <= shifts as f64 + 0.5 && (parts - parts.round()).abs() < 1e-6 && parts.round() >= 1.0
}

fn kinds(steps: &[SummedStep], shifts: u64) -> Vec<Kind> {
    let whole = steps.iter().map(|step| step.omega).filter(|omega| omega.fract() == 0.0 && *omega >= 1.0);
    let tops: Vec<u64> = whole.map(|omega| omega as u64).collect();
    let there = |top: u64| steps.iter().filter(|step| is_shift(step.omega, top, shifts)).count() as f64;
    let tops: Vec<u64> = tops.into_iter().filter(|&top| there(top) >= PRESENT * shifts as f64).collect();
    let mut alone: BTreeMap<u64, Vec<SummedStep>> = BTreeMap::new();
    for step in steps {
        let mut of = tops.iter().filter(|&&top| is_shift(step.omega, top, shifts));
        if let (Some(&top), None) = (of.next(), of.next()) {
            alone.entry(top).or_default().push(*step);
        }
    }
    let kind = |(top, alone): (u64, Vec<SummedStep>)| {
        let glasses = alone.iter().map(|step| step.glasses).max().unwrap_or(0);
        Kind { top, glasses, alone }
    };
    alone.into_iter().map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modes below ω of a glass: some a ω², and all of them at its top.
    fn below(omega: f64, top: f64, glass: u64) -> u64 {
        if omega >= top { 2000 } else { (omega * omega * (3.0 + 0.01 * (glass % 7) as f64)).round() as u64 }
    }

    fn summed(glasses: &[(u64, u64)], shifts: u64) -> Vec<SummedStep> {
        let mut steps: BTreeMap<u64, SummedStep> = BTreeMap::new();
        for &(glass, top) in glasses {
            for k in 1..=shifts {
                let omega = top as f64 * k as f64 / shifts as f64;
                let count = below(omega, top as f64, glass);
                let step = steps.entry(omega.to_bits());
                let step = step.or_insert(SummedStep { omega, count: 0, squares: 0, glasses: 0 });
                step.count += count;
                step.squares += count * count;
                step.glasses += 1;
            }
        }
        steps.into_values().collect()
    }

    #[test]
    fn glasses_of_one_kind_are_as_they_were_summed() {
        let glasses: Vec<(u64, u64)> = (0..40).map(|glass| (glass, 18)).collect();
        let steps = summed(&glasses, 100);
        let found = combined(&steps, 100);
        assert_eq!(found.len(), 100);
        for ((omega, running), step) in found.iter().zip(&steps) {
            assert_eq!((*omega, running.count()), (step.omega, 40));
            assert!((running.mean() - step.count as f64 / 40.0).abs() < 1e-9);
        }
    }

    #[test]
    fn glasses_of_several_kinds_count_together_wherever_the_commonest_has_a_shift() {
        let glasses: Vec<(u64, u64)> =
            (0..60).map(|glass| (glass, [18, 18, 19, 18, 19, 17][glass as usize % 6])).collect();
        let found = combined(&summed(&glasses, 100), 100);
        // From the first shift of the others on, at all of the kind of 18.
        assert_eq!(found.len(), 99);
        for (omega, running) in found {
            assert_eq!(running.count(), 60);
            let counts: Vec<f64> = glasses.iter().map(|&(glass, top)| below(omega, top as f64, glass) as f64).collect();
            let mean = counts.iter().sum::<f64>() / 60.0;
            // Between shifts the curve is not quite straight; the last step leads to all modes.
            let close = if omega > 16.8 { 150.0 } else { 0.5 };
            assert!((running.mean() - mean).abs() < close, "{omega}: {} {mean}", running.mean());
        }
    }

    #[test]
    fn a_half_of_the_shifts_of_one_kind_makes_no_other() {
        let tops: Vec<u64> = kinds(&summed(&[(0, 18), (1, 18)], 100), 100).iter().map(|kind| kind.top).collect();
        assert_eq!(tops, [18]);
        assert!(combined(&[], 100).is_empty());
    }
}
