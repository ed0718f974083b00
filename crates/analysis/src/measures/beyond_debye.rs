//! The density of states beyond Debye's, D_G(ω) = D(ω) − D_Debye(ω), from how many modes of all kinds lie below each ω.
//!
//! D_Debye is Weyl's law for both sound waves in d dimensions, D_Debye(ω) = v_d [(d − 1)/ω_T^d + 1/ω_L^d] dω^(d−1)/(dN),
//! v_2 = π and v_3 = 4π/3, with the frequencies of the first transverse and longitudinal phonon of each glass,
//! ω_T² = (2π/L)²(G − P)/ρ and ω_L² = (2π/L)²(K + 2(d − 1)/d (G − P))/ρ, averaged over glasses, times V/L^d where the
//! sides of the box differ and L is the longest. It is smooth where a finite glass has bands: below the first few of them
//! the difference says nothing.

use super::Bulk;
use super::spectrum::WholeSpectrum;
use crate::ensemble::Ensemble;
use crate::selection::Selected;
use crate::statistics::moments::Running;
use crate::statistics::{Estimate, histogram::logarithmic_slope};
use archive::Dimension;
use serde::Serialize;
use std::f64::consts::PI;

/// Below so many times ω_T the bands of phonons stand alone.
const BANDS_END: f64 = 2.3;

/// Log bins of ω over which differences of the counts are taken.
const BINS: usize = 40;

/// D beyond Debye's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BeyondDebye {
    /// Ascending in ω; empty without counts, moduli or N.
    pub points: Vec<BeyondPoint>,
    /// From here on the exponent is taken: above the first bands of phonons.
    pub omega_low: f64,
    /// Up to here: where D_G/ω is largest.
    pub omega_high: f64,
    /// Slope of ln D_G against ln ω between both, by least squares, with the interval that it has if modes are
    /// independent; levels repel each other, so that it is rather too wide.
    pub exponent: Option<Estimate>,
    /// V/L^d of the longest side L of the box, which ω_phonon is of: 1 in squares and cubes.
    #[serde(skip)]
    pub box_ratio: f64,
}

/// One bin of ω.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BeyondPoint {
    /// Geometric middle.
    pub omega: f64,
    /// D(ω), of all modes, per degree of freedom.
    pub density: f64,
    /// D_Debye(ω).
    pub debye: f64,
    /// D − D_Debye.
    pub beyond: f64,
    /// How many modes make it up: (D_G/σ)² of independent modes; 0 where there is none at all.
    pub weight: u64,
}

impl BeyondDebye {
    /// Of the counts in `spectrum`.
    pub fn of(ensemble: &Ensemble, selected: &Selected, spectrum: &WholeSpectrum, bulk: &Bulk) -> BeyondDebye {
        let (axes, mut inverse) = (ensemble.about.dimension.axes() as i32, Running::default());
        let mut ratios = Running::default();
        let branches = f64::from(axes - 1);
        let table = &ensemble.realizations;
        for row in (0..ensemble.len()).filter(|&row| !selected.cut[row].is_nan()) {
            let transverse = table.shear_modulus[row] - table.pressure[row];
            let longitudinal = 2.0 * branches / f64::from(axes) * transverse + table.bulk_modulus[row];
            let slower = (transverse / longitudinal).powf(0.5 * f64::from(axes));
            let ratio = box_ratio(ensemble, transverse, table.omega_phonon[row]);
            ratios.add(ratio);
            inverse.add(ratio * (branches + slower) / table.omega_phonon[row].powi(axes));
        }
        let degrees_of_freedom = ensemble.about.degrees_of_freedom();
        let debye = Debye { axes, part: unit_ball(ensemble.about.dimension) * inverse.mean() / degrees_of_freedom };
        let counts: Vec<(f64, f64)> = spectrum.integrated.iter().map(|point| (point.omega, point.fraction)).collect();
        let modes = degrees_of_freedom * spectrum.counted as f64;
        let found = Self::from_counts(&counts, modes, debye, BANDS_END * bulk.omega_phonon.mean);
        BeyondDebye { box_ratio: ratios.mean(), ..found }
    }

    /// From the part of `modes` modes below each ω, with Debye's law and bands up to `omega_low`.
    fn from_counts(counts: &[(f64, f64)], modes: f64, law: Debye, omega_low: f64) -> BeyondDebye {
        let points = if law.part.is_finite() { densities(counts, modes, law) } else { Vec::new() };
        // A band of phonons below would be the largest.
        let above_bands = points.iter().filter(|point| point.omega >= omega_low);
        let peak = above_bands.max_by(|a, b| (a.beyond / a.omega).total_cmp(&(b.beyond / b.omega)));
        let omega_high = peak.map_or(f64::NAN, |point| point.omega);
        let between = points.iter().filter(|p| p.omega >= omega_low && p.omega <= omega_high && p.beyond > 0.0);
        let exponent = logarithmic_slope(between.map(|point| (point.omega, point.beyond, point.weight)), 1);
        BeyondDebye { points, omega_low, omega_high, exponent, box_ratio: 1.0 }
    }
}

/// V/L^d of a glass, whose longest side follows from its sound, c² = (G − P)/ρ, and ω_phonon = 2πc/L.
fn box_ratio(ensemble: &Ensemble, transverse: f64, omega_phonon: f64) -> f64 {
    match (ensemble.about.particles, ensemble.about.density) {
        (Some(particles), Some(density)) => {
            let longest = 2.0 * PI * (transverse / density).sqrt() / omega_phonon;
            particles as f64 / density / longest.powi(ensemble.about.dimension.axes() as i32)
        }
        _ => 1.0,
    }
}

/// Debye's law: the part of the modes below ω is `part` ω^d.
#[derive(Debug, Clone, Copy)]
struct Debye {
    axes: i32,
    part: f64,
}

impl Debye {
    /// D_Debye, averaged from one ω to another: (high^d − low^d)/(high − low) without its cancellation.
    fn between(self, low: f64, high: f64) -> f64 {
        (0..self.axes).map(|power| low.powi(power) * high.powi(self.axes - 1 - power)).sum::<f64>() * self.part
    }
}

/// Area of the unit disc, volume of the unit ball.
pub fn unit_ball(dimension: Dimension) -> f64 {
    match dimension {
        Dimension::Two => PI,
        Dimension::Three => 4.0 / 3.0 * PI,
    }
}

/// Differences of the counts over log bins.
fn densities(counts: &[(f64, f64)], modes: f64, law: Debye) -> Vec<BeyondPoint> {
    let known: Vec<(f64, f64)> =
        counts.iter().copied().filter(|(omega, part)| *omega > 0.0 && part.is_finite()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Vec::new() };
    let ratio = (last.0 / first.0).powf(1.0 / BINS as f64);
    let mut points = Vec::new();
    let mut low = *first;
    for &high in &known[1..] {
        if high.0 < low.0 * ratio * (1.0 - 1e-9) {
            continue;
        }
        let density = (high.1 - low.1) / (high.0 - low.0);
        // Debye's number over the bin, not at its middle.
        let debye = law.between(low.0, high.0);
        let beyond = density - debye;
        let weight =
            if density > 0.0 { (modes * (high.0 - low.0) * beyond * beyond / density).round() as u64 } else { 0 };
        points.push(BeyondPoint { omega: (low.0 * high.0).sqrt(), density, debye, beyond, weight });
        low = high;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_to_debye_is_found_with_its_exponent() {
        // N(ω) = 0.05 ω² + 0.01 ω⁴, so D_Debye = 0.1 ω and D_G = 0.04 ω³, up to ω = 1.
        let counts: Vec<(f64, f64)> = (1..=200)
            .map(|k| f64::from(k) / 200.0)
            .map(|omega| (omega, 0.05 * omega * omega + 0.01 * omega.powi(4)))
            .collect();
        let debye = Debye { axes: 2, part: 0.05 };
        let found = BeyondDebye::from_counts(&counts, 1e6, debye, 0.2);
        let exponent = found.exponent.expect("an exponent");
        assert!((exponent.value - 3.0).abs() < 0.02, "{exponent:?}");
        assert!(exponent.low < exponent.value && exponent.high - exponent.low < 1.0, "{exponent:?}");
        // A band of phonons at ω = 0.1 that is sharper than all above it changes nothing.
        let band = |&(omega, part): &(f64, f64)| (omega, part + if omega < 0.1 { 0.0 } else { 0.01 });
        let with_band: Vec<(f64, f64)> = counts.iter().map(band).collect();
        let again = BeyondDebye::from_counts(&with_band, 1e6, debye, 0.2);
        assert!(again.points.iter().any(|point| point.omega < 0.2 && point.beyond / point.omega > 0.1));
        assert_eq!(again.exponent.expect("an exponent").value.to_bits() >> 20, exponent.value.to_bits() >> 20);
        let point = found.points.last().expect("points");
        assert!((point.beyond / (0.04 * point.omega.powi(3)) - 1.0).abs() < 0.02, "{point:?}");
        assert!(BeyondDebye::from_counts(&[], 1e6, debye, 0.2).points.is_empty());
        let none = BeyondDebye::from_counts(&[(0.1, 0.0), (0.2, 0.0), (0.3, 0.001)], 1e6, debye, 0.2).points;
        assert_eq!((none[0].density, none[0].weight), (0.0, 0));
        let unknown = Debye { part: f64::NAN, ..debye };
        assert!(BeyondDebye::from_counts(&counts, 1e6, unknown, 0.2).exponent.is_none());
        // d ω^d/dω over a bin, in three dimensions.
        let cubic = Debye { axes: 3, part: 0.5 };
        assert!((cubic.between(1.0, 3.0) - 0.5 * 26.0 / 2.0).abs() < 1e-14);
    }
}
