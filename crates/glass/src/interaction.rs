//! The interaction of a pair: a shape φ(x) of x = r/σ_ij, and how σ_ij and ε_ij follow from the particles.
//!
//! ```text
//! Potential = Family (one file a shape: φ, its derivatives, cutoff, depth, core)
//!           × Mixing (σ_ij, ε_ij)
//! ```
//!
//! A kernel is generic over the [`Shape`], and compiled for the paper's and for any ([`family`]).

pub mod family;
pub mod harmonic;
pub mod hertzian;
pub mod inverse_power;
pub mod lennard_jones;
pub mod mixing;
pub mod pair_scale;
pub mod shape;
pub mod species;
pub mod table;
pub mod wca;

pub use family::Family;
pub use harmonic::Harmonic;
pub use hertzian::Hertzian;
pub use inverse_power::{InvalidInversePower, InversePower};
pub use lennard_jones::{InvalidLennardJones, LennardJones};
pub use mixing::Mixing;
pub use pair_scale::PairScale;
pub use shape::{PairDerivatives, Shape, ShapeOver};
pub use table::{InvalidTable, Table};

use crate::configuration::{Configuration, InvalidConfiguration};
use crate::for_shape;
use std::fmt;

/// A pair potential: zero for r ≥ x_c σ_ij.
#[derive(Debug, Clone, PartialEq)]
pub struct Potential {
    family: Family,
    mixing: Mixing,
}

impl Potential {
    /// The paper's potential with q = `smoothness` (2, 3 or 4) derivatives continuous at the cutoff: exponent 12, cutoff
    /// 1.25, non-additivity 0.2.
    ///
    /// # Errors
    /// [`InvalidInversePower`] for any other q.
    pub fn new(smoothness: u32) -> Result<Self, InvalidInversePower> {
        let shape = InversePower::new(inverse_power::EXPONENT, smoothness, inverse_power::CUTOFF)?;
        Ok(Potential::of(Family::inverse_power(shape), Mixing::NonAdditive(mixing::NON_ADDITIVITY)))
    }

    /// The potential of this shape and mixing.
    pub fn of(family: Family, mixing: Mixing) -> Self {
        Potential { family, mixing }
    }

    /// Its shape.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// How σ_ij and ε_ij follow from the particles.
    pub fn mixing(&self) -> &Mixing {
        &self.mixing
    }

    /// x_c: the potential is zero for r ≥ x_c σ_ij.
    pub fn cutoff(&self) -> f64 {
        self.family.cutoff()
    }

    /// q: this many derivatives are continuous at the cutoff.
    pub fn smoothness(&self) -> u32 {
        self.family.smoothness()
    }

    /// The least value of φ, in units of ε_ij; 0 for a purely repulsive shape.
    pub fn deepest(&self) -> f64 {
        self.family.deepest()
    }

    /// Whether φ grows beyond all bounds as r → 0.
    pub fn has_hard_core(&self) -> bool {
        self.family.has_hard_core()
    }

    /// The largest distance at which two of the particles of these diameters may interact.
    pub fn range(&self, diameters: &[f64]) -> f64 {
        self.cutoff() * self.mixing.largest(diameters)
    }

    /// Whether the particles of `configuration` can interact so, each with one image of another at most.
    ///
    /// # Errors
    /// [`InvalidConfiguration::BoxTooSmall`], [`InvalidConfiguration::NoSpecies`], and
    /// [`InvalidConfiguration::PairDiameter`] where a mixed diameter would not be positive.
    pub fn check<const D: usize>(&self, configuration: &Configuration<D>) -> Result<(), InvalidConfiguration> {
        let diameters = configuration.diameters();
        match &self.mixing {
            Mixing::NonAdditive(non_additivity) => {
                let (smallest, largest) = extremes(diameters);
                // No other pair differs as much.
                if self.scale(smallest, largest).diameter <= 0.0 {
                    let non_additivity = *non_additivity;
                    return Err(InvalidConfiguration::PairDiameter { smallest, largest, non_additivity });
                }
            }
            Mixing::Species(species) => {
                let stranger = diameters.iter().position(|&diameter| species.of(diameter).is_none());
                if let Some(particle) = stranger {
                    let (diameter, accepted) = (diameters[particle], species.diameters().to_vec());
                    return Err(InvalidConfiguration::NoSpecies { particle, diameter, accepted });
                }
            }
        }
        let length = configuration.periodic_box().shortest();
        let cutoff = self.range(diameters);
        if length < 2.0 * cutoff { Err(InvalidConfiguration::BoxTooSmall { length, cutoff }) } else { Ok(()) }
    }

    /// σ_ij and ε_ij of particles of these diameters.
    #[inline]
    pub fn scale(&self, first: f64, second: f64) -> PairScale {
        self.mixing.scale(first, second)
    }

    /// φ/ε_ij as a function of x² = (r/σ_ij)²; zero from the cutoff on.
    #[inline]
    pub fn value(&self, x_squared: f64) -> f64 {
        for_shape!(self, shape => {
            let cutoff = shape.cutoff();
            if x_squared >= cutoff * cutoff { 0.0 } else { shape.value(x_squared) }
        })
    }

    /// φ′(r)/r at squared distance r²; zero from the cutoff on. The force on i from j is −(φ′/r)(r_i − r_j).
    #[inline]
    pub fn slope_over_distance(&self, distance_squared: f64, scale: PairScale) -> f64 {
        let inverse = 1.0 / (scale.diameter * scale.diameter);
        let x_squared = distance_squared * inverse;
        for_shape!(self, shape => {
            let cutoff = shape.cutoff();
            if x_squared >= cutoff * cutoff {
                0.0
            } else {
                shape.value_and_slope(x_squared).1 * inverse * scale.energy
            }
        })
    }

    /// φ, φ′, φ″, φ‴, φ⁗ at separation `distance` of a pair; all zero from the cutoff on.
    pub fn derivatives(&self, distance: f64, scale: PairScale) -> PairDerivatives {
        let x = distance / scale.diameter;
        for_shape!(self, shape => {
            if x >= shape.cutoff() { PairDerivatives::ZERO } else { shape.derivatives(x).scaled(scale) }
        })
    }
}

/// The smallest and the largest of them.
fn extremes(diameters: &[f64]) -> (f64, f64) {
    diameters.iter().fold((f64::INFINITY, 0.0), |(smallest, largest), &one| (one.min(smallest), one.max(largest)))
}

impl fmt::Display for Potential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.family {
            Family::InversePower12(_) => write!(formatter, "inverse-power potential of exponent 12, ")?,
            Family::InversePower(shape) => {
                write!(formatter, "inverse-power potential of exponent {}, ", shape.exponent())?;
            }
            Family::LennardJones(_) => write!(formatter, "Lennard-Jones potential of ")?,
            Family::Wca(_) => return write!(formatter, "Weeks-Chandler-Andersen potential"),
            Family::Harmonic(_) => return write!(formatter, "potential of harmonic spheres"),
            Family::Hertzian(_) => return write!(formatter, "potential of Hertzian spheres"),
            Family::Table(_) => write!(formatter, "potential of a table, ")?,
        }
        write!(formatter, "cutoff {}, smoothness {}", self.cutoff(), self.smoothness())
    }
}

#[cfg(test)]
mod tests;
