//! Thermalization series summed over glasses, time by time.
//!
//! The sums are whole numbers of 2⁻⁴⁰, so that they do not depend on the order or on the parts in which glasses are
//! added, not in their last bit.

use crate::columns::{Columns, QUANTITIES, Values};
use crate::schema;
use glass::thermalize::ThermalizeEvidence;
use std::collections::BTreeMap;

/// 2⁴⁰.
const UNITS: f64 = (1u64 << 40) as f64;

/// Larger values are in no sum; nothing in units of the model comes near.
const LARGEST: f64 = 1e12;

/// Moments of one quantity over glasses; NaN where a sum is too large to be kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleMoments {
    /// Glasses in the sums.
    pub glasses: u64,
    /// Sum of the values.
    pub sum: f64,
    /// Sum of their squares.
    pub squares: f64,
}

/// The samples of all glasses at one time, summed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummedSample {
    /// Sweeps at T.
    pub sweeps: u64,
    /// Potential energy per particle.
    pub energy: SampleMoments,
    /// Diameter autocorrelation C_σ.
    pub diameter_correlation: SampleMoments,
    /// Configurational temperature.
    pub configurational_temperature: SampleMoments,
    /// Change of the energy per particle still to come, e(end) − e(t) of each glass.
    pub drift: SampleMoments,
}

/// One quantity; sums are none when they fit no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sum {
    glasses: u64,
    sum: Option<i64>,
    squares: Option<i64>,
}

impl Default for Sum {
    fn default() -> Self {
        Sum { glasses: 0, sum: Some(0), squares: Some(0) }
    }
}

impl Sum {
    fn of(value: f64) -> Sum {
        if !value.is_finite() || value.abs() > LARGEST {
            return Sum::default();
        }
        let units = |value: f64| {
            let units = (value * UNITS).round();
            (units.abs() < i64::MAX as f64).then_some(units as i64)
        };
        Sum { glasses: 1, sum: units(value), squares: units(value * value) }
    }

    fn add(&mut self, other: Sum) {
        let add = |a: Option<i64>, b: Option<i64>| a?.checked_add(b?);
        self.glasses = self.glasses.saturating_add(other.glasses);
        (self.sum, self.squares) = (add(self.sum, other.sum), add(self.squares, other.squares));
    }

    fn moments(self) -> SampleMoments {
        let value = |units: Option<i64>| units.map_or(f64::NAN, |units| units as f64 / UNITS);
        SampleMoments { glasses: self.glasses, sum: value(self.sum), squares: value(self.squares) }
    }
}

/// Series summed over glasses.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeriesSum {
    /// By the number of sweeps; quantities in the order of [`SummedSample`].
    times: BTreeMap<u64, [Sum; QUANTITIES]>,
}

impl SeriesSum {
    pub(crate) fn add_series(&mut self, series: &ThermalizeEvidence) {
        let last = series.energy.last().copied().unwrap_or(f64::NAN);
        let value = |column: &[f64], k: usize| column.get(k).copied().unwrap_or(f64::NAN);
        for (k, &sweeps) in series.sweeps.iter().enumerate() {
            let energy = value(&series.energy, k);
            let values = [
                energy,
                value(&series.diameter_correlation, k),
                value(&series.configurational_temperature, k),
                last - energy,
            ];
            self.add_at(sweeps, values.map(Sum::of));
        }
    }

    pub(crate) fn add(&mut self, other: &SeriesSum) {
        other.times.iter().for_each(|(&sweeps, sums)| self.add_at(sweeps, *sums));
    }

    fn add_at(&mut self, sweeps: u64, sums: [Sum; QUANTITIES]) {
        let here = self.times.entry(sweeps).or_default();
        here.iter_mut().zip(sums).for_each(|(here, more)| here.add(more));
    }

    pub(crate) fn len(&self) -> usize {
        self.times.len()
    }

    pub(crate) fn samples(&self) -> Vec<SummedSample> {
        let sample = |(&sweeps, sums): (&u64, &[Sum; QUANTITIES])| {
            let [energy, diameter_correlation, configurational_temperature, drift] = sums.map(Sum::moments);
            SummedSample { sweeps, energy, diameter_correlation, configurational_temperature, drift }
        };
        self.times.iter().map(sample).collect()
    }

    pub(super) fn fill(&self, columns: &mut Columns) {
        let whole = |sum: Option<i64>| sum.unwrap_or(i64::MAX);
        for (&sweeps, sums) in &self.times {
            columns.u64s_mut(schema::SERIES_SUM_SWEEPS).push(sweeps);
            columns.u64s_mut(schema::SERIES_SUM_GLASSES).extend(sums.iter().map(|sum| sum.glasses));
            i64s_mut(columns, schema::SERIES_SUM).extend(sums.iter().map(|sum| whole(sum.sum)));
            i64s_mut(columns, schema::SERIES_SUM_SQUARES).extend(sums.iter().map(|sum| whole(sum.squares)));
        }
    }

    /// The sums that an archive keeps.
    pub(crate) fn take(columns: &Columns) -> SeriesSum {
        let whole = |&sum: &i64| (sum != i64::MAX).then_some(sum);
        let glasses = columns.u64s(schema::SERIES_SUM_GLASSES);
        let (sums, squares) = (i64s(columns, schema::SERIES_SUM), i64s(columns, schema::SERIES_SUM_SQUARES));
        let mut sum = SeriesSum::default();
        for (row, &sweeps) in columns.u64s(schema::SERIES_SUM_SWEEPS).iter().enumerate() {
            let one = |quantity: usize| {
                let place = row * QUANTITIES + quantity;
                Sum { glasses: glasses[place], sum: whole(&sums[place]), squares: whole(&squares[place]) }
            };
            sum.add_at(sweeps, std::array::from_fn(one));
        }
        sum
    }
}

fn i64s<'a>(columns: &'a Columns, path: &str) -> &'a [i64] {
    match columns.get(path) {
        Values::I64(values) => values,
        _ => unreachable!("{path} holds i64"),
    }
}

fn i64s_mut<'a>(columns: &'a mut Columns, path: &str) -> &'a mut Vec<i64> {
    match columns.get_mut(path) {
        Values::I64(values) => values,
        _ => unreachable!("{path} holds i64"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_the_order_and_say_when_they_fit_no_more() {
        let values = [0.1, -3.7e5, 0.3 + 1e-13, f64::NAN, 2.0, -0.1];
        let sum = |values: &mut dyn Iterator<Item = f64>| {
            let mut sum = Sum::default();
            values.for_each(|value| sum.add(Sum::of(value)));
            sum
        };
        let forward = sum(&mut values.into_iter());
        assert_eq!(forward, sum(&mut values.into_iter().rev()));
        assert_eq!(forward.glasses, 5);
        let exact: f64 = values.iter().filter(|value| value.is_finite()).sum();
        assert!((forward.moments().sum - exact).abs() < 1e-10 * exact.abs());
        // 3.7e5² · 2⁴⁰ is more than an i64 holds.
        assert!(forward.moments().squares.is_nan());
    }
}
