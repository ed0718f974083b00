//! A mixture of species: σ_ab and ε_ab from a table.
//!
//! A particle carries a diameter and no name, and in a mixture that tells its species: a, if it is σ_aa.

use super::pair_scale::PairScale;
use thiserror::Error;

/// Diameters may differ from σ_aa by this, relatively: what single precision leaves of them.
const TOLERANCE: f64 = 1e-6;

/// Most species.
pub const SPECIES_MAX: usize = 8;

/// σ_ab and ε_ab of each two species.
#[derive(Debug, Clone, PartialEq)]
pub struct Species {
    /// σ_aa.
    diameters: Vec<f64>,
    /// Row by row.
    scales: Vec<PairScale>,
}

/// A table that is none.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum InvalidSpecies {
    /// Not as many rows or columns as species.
    #[error("the tables of sigma and epsilon need a row and a column for each of 1 to 8 species")]
    Shape,
    /// Not the same from both sides.
    #[error("sigma and epsilon of {first} with {second} are not those of {second} with {first}, counted from 0")]
    NotSymmetric {
        /// Row.
        first: usize,
        /// Column.
        second: usize,
    },
    /// Not a positive number.
    #[error("{0} is not a positive number")]
    NotPositive(f64),
    /// Two species of one diameter could not be told from each other.
    #[error(
        "species {first} and {second}, counted from 0, have the same diameter and could not be told from each other"
    )]
    SameDiameter {
        /// One of them.
        first: usize,
        /// The other.
        second: usize,
    },
}

impl Species {
    /// The mixture with these σ_ab and ε_ab.
    ///
    /// # Errors
    /// [`InvalidSpecies`] for tables that are not square, symmetric and positive, or with σ_aa twice.
    pub fn new(sigma: &[Vec<f64>], epsilon: &[Vec<f64>]) -> Result<Self, InvalidSpecies> {
        let count = sigma.len();
        let square = |table: &[Vec<f64>]| table.len() == count && table.iter().all(|row| row.len() == count);
        if !(1..=SPECIES_MAX).contains(&count) || !square(sigma) || !square(epsilon) {
            return Err(InvalidSpecies::Shape);
        }
        for first in 0..count {
            for second in 0..count {
                for table in [sigma, epsilon] {
                    let value = table[first][second];
                    if !(value > 0.0 && value.is_finite()) {
                        return Err(InvalidSpecies::NotPositive(value));
                    }
                    if value != table[second][first] {
                        return Err(InvalidSpecies::NotSymmetric { first, second });
                    }
                }
                if first < second && same(sigma[first][first], sigma[second][second]) {
                    return Err(InvalidSpecies::SameDiameter { first, second });
                }
            }
        }
        let scale = |(a, b): (usize, usize)| PairScale { diameter: sigma[a][b], energy: epsilon[a][b] };
        Ok(Species {
            diameters: (0..count).map(|a| sigma[a][a]).collect(),
            scales: (0..count).flat_map(|a| (0..count).map(move |b| (a, b))).map(scale).collect(),
        })
    }

    /// σ_aa.
    pub fn diameters(&self) -> &[f64] {
        &self.diameters
    }

    /// σ_ab and ε_ab of species `first` and `second`.
    pub fn table(&self, first: usize, second: usize) -> PairScale {
        self.scales[first * self.diameters.len() + second]
    }

    /// The species of a particle of this diameter, if it is one.
    pub fn of(&self, diameter: f64) -> Option<usize> {
        self.diameters.iter().position(|&own| same(own, diameter))
    }

    /// σ_ij and ε_ij of particles of these diameters; no number for a particle of no species.
    #[inline]
    pub fn scale(&self, first: f64, second: f64) -> PairScale {
        match (self.of(first), self.of(second)) {
            (Some(first), Some(second)) => self.table(first, second),
            _ => PairScale { diameter: f64::NAN, energy: f64::NAN },
        }
    }

    /// The largest σ_ab.
    pub fn largest(&self) -> f64 {
        self.scales.iter().map(|scale| scale.diameter).fold(0.0, f64::max)
    }
}

fn same(first: f64, second: f64) -> bool {
    (first - second).abs() <= TOLERANCE * second.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn species_are_told_by_their_diameters() {
        let sigma = [vec![1.0, 0.8], vec![0.8, 0.88]];
        let epsilon = [vec![1.0, 1.5], vec![1.5, 0.5]];
        let mixture = Species::new(&sigma, &epsilon).expect("valid");
        assert_eq!(mixture.scale(1.0, f64::from(0.88f32)), PairScale { diameter: 0.8, energy: 1.5 });
        assert_eq!(mixture.scale(0.88, 0.88), PairScale { diameter: 0.88, energy: 0.5 });
        assert_eq!((mixture.of(0.9), mixture.largest()), (None, 1.0));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let new = |sigma: [[f64; 2]; 2]| {
            let table = sigma.map(|row| row.to_vec());
            Species::new(&table, &table).expect_err("refused")
        };
        assert_eq!(new([[1.0, 0.8], [0.9, 0.88]]), InvalidSpecies::NotSymmetric { first: 0, second: 1 });
        assert_eq!(new([[1.0, 0.8], [0.8, 1.0]]), InvalidSpecies::SameDiameter { first: 0, second: 1 });
        assert_eq!(new([[-1.0, 0.8], [0.8, 1.0]]), InvalidSpecies::NotPositive(-1.0));
        assert_eq!(Species::new(&[], &[]), Err(InvalidSpecies::Shape));
    }
}
