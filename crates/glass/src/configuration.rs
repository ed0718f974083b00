//! Positions and diameters of the particles in their box.

use crate::diameters::{DiameterChoice, choose_diameters};
use crate::periodic::{InvalidBox, PeriodicBox};
use crate::random::{Seed, Stage, uniform};
use crate::space::{AXES, Dimension, plus};
use thiserror::Error;

/// Where the particles are, in D dimensions, and how large.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration<const D: usize = 2> {
    periodic_box: PeriodicBox<D>,
    positions: Vec<[f64; D]>,
    diameters: Vec<f64>,
}

/// Why positions and diameters do not make a configuration.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum InvalidConfiguration {
    /// No particle at all.
    #[error("a configuration needs at least one particle")]
    Empty,
    /// One diameter for each position.
    #[error("{positions} positions but {diameters} diameters")]
    Lengths {
        /// Number of positions.
        positions: usize,
        /// Number of diameters.
        diameters: usize,
    },
    /// A coordinate or diameter that is not a usable number.
    #[error("particle {particle}: {what} is {value}")]
    Value {
        /// Index of the particle, from 0.
        particle: usize,
        /// "x", "y", "z" or "diameter".
        what: &'static str,
        /// The offending value.
        value: f64,
    },
    /// The number density is not positive.
    #[error("density {0} is not positive and finite")]
    Density(f64),
    /// Box side.
    #[error(transparent)]
    Box(#[from] InvalidBox),
    /// Diameters so different that the non-additive mixed one is not positive.
    #[error(
        "diameters from {smallest} to {largest}: with potential.non_additivity = {non_additivity} the mixed diameter of \
         such a pair is not positive; set it to what they were made with (0: additive), or scale positions, box and \
         diameters, which are about 1 in the model's unit"
    )]
    PairDiameter {
        /// Smallest diameter.
        smallest: f64,
        /// Largest diameter.
        largest: f64,
        /// η of the potential.
        non_additivity: f64,
    },
    /// A particle of a mixture that is of no species.
    #[error(
        "particle {particle} has diameter {diameter}, which is that of no species of potential.species; accepted: \
         {accepted:?}"
    )]
    NoSpecies {
        /// Index of the particle, from 0.
        particle: usize,
        /// Its diameter.
        diameter: f64,
        /// Those of the species.
        accepted: Vec<f64>,
    },
    /// A particle would interact with two images of another.
    #[error(
        "box side {length:.4} is less than twice the largest cutoff {cutoff:.4}: use more particles, or check the box"
    )]
    BoxTooSmall {
        /// The shortest side.
        length: f64,
        /// x_c times the largest mixed diameter.
        cutoff: f64,
    },
}

impl<const D: usize> Configuration<D> {
    /// A configuration; coordinates are wrapped into the box.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] names what is wrong: lengths, non-finite numbers, or diameters that are not positive.
    /// Whether the particles can interact is asked of their potential ([`Potential::check`](crate::Potential::check)).
    pub fn new(
        periodic_box: PeriodicBox<D>,
        mut positions: Vec<[f64; D]>,
        diameters: Vec<f64>,
    ) -> Result<Self, InvalidConfiguration> {
        const { assert!(Dimension::of(D).is_some(), "a glass has two or three dimensions") };
        if positions.is_empty() {
            return Err(InvalidConfiguration::Empty);
        }
        if positions.len() != diameters.len() {
            return Err(InvalidConfiguration::Lengths { positions: positions.len(), diameters: diameters.len() });
        }
        for particle in 0..positions.len() {
            let invalid = |what, value| Err(InvalidConfiguration::Value { particle, what, value });
            for (what, value) in AXES.into_iter().zip(positions[particle]) {
                if !value.is_finite() {
                    return invalid(what, value);
                }
            }
            let diameter = diameters[particle];
            if !(diameter.is_finite() && diameter > 0.0) {
                return invalid("diameter", diameter);
            }
        }
        for position in &mut positions {
            *position = periodic_box.wrapped(*position);
        }
        Ok(Configuration { periodic_box, positions, diameters })
    }

    /// A random start in D dimensions: `particles` at number density `density`, uniformly placed, with diameters by
    /// `choice`, from the streams of `seed`.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] if the box would be empty, or if other than `particles` diameters are given.
    pub fn scattered(
        seed: Seed,
        particles: usize,
        density: f64,
        choice: DiameterChoice,
    ) -> Result<Self, InvalidConfiguration> {
        if !(density.is_finite() && density > 0.0) {
            return Err(InvalidConfiguration::Density(density));
        }
        if particles == 0 {
            return Err(InvalidConfiguration::Empty);
        }
        let periodic_box = PeriodicBox::<D>::of_measure(particles as f64 / density)?;
        let length = periodic_box.shortest();
        let diameters = choose_diameters(particles, &choice, D, &mut seed.stream(Stage::Diameters));
        let mut stream = seed.stream(Stage::Positions);
        let mut coordinate = || periodic_box.wrap(0, uniform(&mut stream) * length);
        let mut positions: Vec<[f64; D]> = (0..particles).map(|_| [(); D].map(|()| coordinate())).collect();
        // Numbered along a space-filling curve, so that neighbours are near in memory all the way down.
        positions.sort_by_cached_key(|&position| z_order(position, length));
        Configuration::new(periodic_box, positions, diameters)
    }

    /// Number of particles N.
    pub fn particles(&self) -> usize {
        self.positions.len()
    }

    /// The periodic box.
    pub fn periodic_box(&self) -> PeriodicBox<D> {
        self.periodic_box
    }

    /// Positions, N × D, in the box.
    pub fn positions(&self) -> &[[f64; D]] {
        &self.positions
    }

    /// Diameters, N.
    pub fn diameters(&self) -> &[f64] {
        &self.diameters
    }

    /// Number density, particles over area or volume.
    pub fn density(&self) -> f64 {
        self.particles() as f64 / self.periodic_box.measure()
    }

    /// The same particles displaced: r_i + scale · displacement_i, wrapped.
    ///
    /// # Panics
    /// If `displacement` has not one vector for each particle.
    pub fn displaced(&self, displacement: &[[f64; D]], scale: f64) -> Self {
        assert_eq!(displacement.len(), self.particles());
        let positions = self
            .positions
            .iter()
            .zip(displacement)
            .map(|(&r, &d)| self.periodic_box.wrapped(plus(r, scale, d)))
            .collect();
        Configuration { periodic_box: self.periodic_box, positions, diameters: self.diameters.clone() }
    }
}

impl Configuration {
    /// A random start in the plane: [`Configuration::scattered`] where nothing else says in how many dimensions.
    ///
    /// # Errors
    /// As [`Configuration::scattered`].
    pub fn random(
        seed: Seed,
        particles: usize,
        density: f64,
        choice: DiameterChoice,
    ) -> Result<Self, InvalidConfiguration> {
        Self::scattered(seed, particles, density, choice)
    }
}

/// Place of a position along Morton's space-filling curve: its coordinates, in units of L/2¹⁶, with their bits
/// interleaved.
fn z_order<const D: usize>(position: [f64; D], length: f64) -> u64 {
    let spread = |coordinate: f64| {
        let cell = (coordinate / length * 65536.0) as u64;
        (0..16).fold(0, |code, bit| code | (cell >> bit & 1) << (D * bit))
    };
    (0..D).fold(0, |code, axis| code | spread(position[axis]) << axis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::square;

    #[test]
    fn a_random_start_has_the_density_and_repeats() {
        let seed = Seed::of_realization(1, 2);
        let glass = Configuration::random(seed, 256, 1.0, DiameterChoice::Random).expect("valid");
        assert_eq!(glass.particles(), 256);
        assert!((glass.density() - 1.0).abs() < 1e-14);
        assert_eq!(glass, Configuration::random(seed, 256, 1.0, DiameterChoice::Random).expect("valid"));
    }

    #[test]
    fn a_random_start_in_three_dimensions_has_the_density_and_numbers_neighbours_alike() {
        let seed = Seed::of_realization(1, 2);
        let glass = Configuration::<3>::scattered(seed, 4096, 1.02, DiameterChoice::Random).expect("valid");
        assert!((glass.density() - 1.02).abs() < 1e-13);
        let side = glass.periodic_box();
        let steps = glass.positions().windows(2).map(|pair| square(side.separation(pair[0], pair[1])).sqrt());
        // Random numbering would give 0.48 L = 7.6.
        assert!(steps.sum::<f64>() / 4095.0 < 2.5);
        assert!(matches!(
            Configuration::<3>::new(side, vec![[0.0, 0.0, f64::INFINITY]], vec![1.0]),
            Err(InvalidConfiguration::Value { particle: 0, what: "z", .. })
        ));
    }

    #[test]
    fn neighbours_in_number_are_neighbours_in_space() {
        let glass =
            Configuration::random(Seed::of_realization(1, 2), 4096, 1.0, DiameterChoice::Random).expect("valid");
        let side = glass.periodic_box();
        let length = |[x, y]: [f64; 2]| x.hypot(y);
        let steps = glass.positions().windows(2).map(|pair| length(side.separation(pair[0], pair[1])));
        // Random numbering would give 0.38 L = 24.
        assert!(steps.sum::<f64>() / 4095.0 < 2.0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let side = PeriodicBox::new(10.0).expect("positive");
        assert_eq!(Configuration::<2>::new(side, vec![], vec![]), Err(InvalidConfiguration::Empty));
        assert_eq!(
            Configuration::new(side, vec![[0.0; 2]; 2], vec![1.0]),
            Err(InvalidConfiguration::Lengths { positions: 2, diameters: 1 })
        );
        assert!(matches!(
            Configuration::new(side, vec![[0.0, f64::NAN]], vec![1.0]),
            Err(InvalidConfiguration::Value { particle: 0, what: "y", .. })
        ));
    }
}
