//! Histograms with counting errors, and the straight line through a double-logarithmic one.

use super::interval::{Interval, poisson};
use super::special::normal_quantile;
use super::{Estimate, interval::CONFIDENCE};

/// Counts in bins; what falls outside is counted too, so that densities stay normalized by all.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    edges: Vec<f64>,
    counts: Vec<u64>,
    below: u64,
    above: u64,
    logarithmic: bool,
}

impl Histogram {
    /// `bins` equal bins on [`low`, `high`).
    pub fn linear(low: f64, high: f64, bins: usize) -> Self {
        let bins = bins.max(1);
        let edges = (0..=bins).map(|k| low + (high - low) * k as f64 / bins as f64).collect();
        Histogram { edges, counts: vec![0; bins], below: 0, above: 0, logarithmic: false }
    }

    /// `bins` bins of equal ratio on [`low`, `high`), 0 < `low` < `high`.
    pub fn logarithmic(low: f64, high: f64, bins: usize) -> Self {
        let bins = bins.max(1);
        let ratio = (high / low).ln();
        let edges = (0..=bins).map(|k| low * (ratio * k as f64 / bins as f64).exp()).collect();
        Histogram { edges, counts: vec![0; bins], below: 0, above: 0, logarithmic: true }
    }

    /// Counts `value`; NaN is left out.
    pub fn add(&mut self, value: f64) {
        match self.bin_of(value) {
            Some(bin) => self.counts[bin] += 1,
            None if value < self.edges[0] => self.below += 1,
            None if value >= self.edges[0] => self.above += 1,
            None => {}
        }
    }

    /// The bin that `value` falls into; a value on an edge belongs to the bin on its right.
    pub fn bin_of(&self, value: f64) -> Option<usize> {
        let bin = self.edges.partition_point(|&edge| edge <= value).checked_sub(1)?;
        (bin < self.counts.len()).then_some(bin)
    }

    /// Counts all `values`.
    pub fn extend(&mut self, values: impl IntoIterator<Item = f64>) {
        values.into_iter().for_each(|value| self.add(value));
    }

    /// Number of bins.
    pub fn bins(&self) -> usize {
        self.counts.len()
    }

    /// Ends of a bin.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        (self.edges[bin], self.edges[bin + 1])
    }

    /// Middle of a bin: geometric when the bins are logarithmic.
    pub fn centre(&self, bin: usize) -> f64 {
        let (low, high) = self.edges(bin);
        if self.logarithmic { (low * high).sqrt() } else { 0.5 * (low + high) }
    }

    /// Values in a bin.
    pub fn count(&self, bin: usize) -> u64 {
        self.counts[bin]
    }

    /// All values added, inside the bins or not.
    pub fn total(&self) -> u64 {
        self.below + self.above + self.counts.iter().sum::<u64>()
    }

    /// Largest count of a bin.
    pub fn count_max(&self) -> u64 {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// Count per width and per `norm`, with the Poisson interval of the count. With
    /// `norm` = [`Histogram::total`] the densities times the widths sum to the fraction inside.
    pub fn density(&self, bin: usize, norm: f64) -> Estimate {
        let (low, high) = self.edges(bin);
        let scale = 1.0 / (norm * (high - low));
        let Interval { low, high } = poisson(self.counts[bin]).scaled(scale);
        Estimate { value: self.counts[bin] as f64 * scale, low, high }
    }

    /// [`logarithmic_slope`] of its densities.
    pub fn logarithmic_slope(&self, least: u64) -> Option<Estimate> {
        logarithmic_slope(
            (0..self.bins()).map(|bin| (self.centre(bin), self.density(bin, 1.0).value, self.count(bin))),
            least,
        )
    }
}

/// Slope of ln(density) against ln(x) through points (x, density, count) with at least `least` counts, each
/// weighted by its count (the inverse variance of ln n); `None` below three such points.
pub fn logarithmic_slope(points: impl IntoIterator<Item = (f64, f64, u64)>, least: u64) -> Option<Estimate> {
    let points: Vec<(f64, f64, f64)> = points
        .into_iter()
        .filter(|(_, _, count)| *count >= least.max(1))
        .map(|(x, density, count)| (x.ln(), density.ln(), count as f64))
        .collect();
    if points.len() < 3 {
        return None;
    }
    let weight: f64 = points.iter().map(|p| p.2).sum();
    let x = points.iter().map(|p| p.0 * p.2).sum::<f64>() / weight;
    let y = points.iter().map(|p| p.1 * p.2).sum::<f64>() / weight;
    let spread: f64 = points.iter().map(|p| p.2 * (p.0 - x).powi(2)).sum();
    let slope = points.iter().map(|p| p.2 * (p.0 - x) * (p.1 - y)).sum::<f64>() / spread;
    let half = normal_quantile(0.5 * (1.0 + CONFIDENCE)) / spread.sqrt();
    Some(Estimate { value: slope, low: slope - half, high: slope + half })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{stream, uniform};

    #[test]
    fn densities_are_normalized_whatever_the_bins() {
        let mut stream = stream(1, 0);
        let values: Vec<f64> = (0..5000).map(|_| uniform(&mut stream) * 2.0).collect();
        for mut histogram in [Histogram::linear(0.0, 2.0, 17), Histogram::logarithmic(1e-6, 2.0, 23)] {
            histogram.extend(values.iter().copied());
            let norm = histogram.total() as f64;
            let sum: f64 = (0..histogram.bins())
                .map(|bin| {
                    let (low, high) = histogram.edges(bin);
                    histogram.density(bin, norm).value * (high - low)
                })
                .sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
    }

    #[test]
    fn edges_and_outsiders_are_counted_once() {
        let mut histogram = Histogram::linear(0.0, 1.0, 2);
        histogram.extend([-0.1, 0.0, 0.5, 1.0, 7.0, f64::NAN]);
        assert_eq!((histogram.count(0), histogram.count(1), histogram.total()), (1, 1, 5));
    }

    #[test]
    fn slope_of_a_power_law_is_its_exponent() {
        let mut stream = stream(2, 0);
        let mut histogram = Histogram::logarithmic(0.1, 1.0, 12);
        histogram.extend((0..40_000).map(|_| uniform(&mut stream).powf(0.2)));
        let slope = histogram.logarithmic_slope(10).expect("enough bins");
        assert!(slope.interval().contains(4.0), "{slope:?}");
        assert!(slope.high - slope.low < 0.2);
        assert!(Histogram::linear(0.0, 1.0, 3).logarithmic_slope(1).is_none());
    }
}
