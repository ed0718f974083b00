//! Total energy, forces and pressure.
//!
//! U = Σ_{i<j} φ(r_ij), F_i = −∂U/∂r_i, P = −Σ φ′ r / (D V) (D dimensions, area or volume V, T = 0).

mod kernel;

use crate::configuration::Configuration;
use crate::for_shape;
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::pairs::{Pair, PairList};
use crate::periodic::PeriodicBox;
use crate::space::{longest, minus, square};
use kernel::{PairTerms, pair_forces};

/// Extra range of the pair list. A wider list is made anew less often but costs at every evaluation;
/// 0.2 to 0.4 make no difference that can be measured (`cargo bench -p glassmodes-glass --bench quench`).
const SKIN: f64 = 0.3;

/// Energy and forces of one configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation<const D: usize = 2> {
    /// U, of all particles together.
    pub energy: f64,
    /// F_i, N × D.
    pub forces: Vec<[f64; D]>,
}

/// U and the forces at `configuration`.
pub fn evaluate<const D: usize>(configuration: &Configuration<D>, potential: &Potential) -> Evaluation<D> {
    let mut field = ForceField::with(configuration, potential, InstructionSet::detect(), 0.0);
    let mut forces = vec![[0.0; D]; configuration.particles()];
    let energy = field.sum(configuration.positions(), &mut forces);
    Evaluation { energy, forces }
}

/// Pressure −Σ φ′ r / (D V) over the interacting `pairs`.
pub fn pressure<const D: usize>(configuration: &Configuration<D>, potential: &Potential, pairs: &[Pair]) -> f64 {
    let side = configuration.periodic_box();
    let (positions, diameters) = (configuration.positions(), configuration.diameters());
    let mut virial = 0.0;
    for pair in pairs {
        let (i, j) = (pair.first as usize, pair.second as usize);
        let distance_squared = square(side.separation(positions[i], positions[j]));
        let scale = potential.scale(diameters[i], diameters[j]);
        virial += potential.slope_over_distance(distance_squared, scale) * distance_squared;
    }
    -virial / (D as f64 * side.measure())
}

/// Largest |F_i|.
pub fn force_max<const D: usize>(forces: &[[f64; D]]) -> f64 {
    longest(forces)
}

/// Energies and forces of many configurations of the same particles in the same box.
///
/// What [`ForceField::evaluate`] returns depends on the positions alone, to the last bit: not on the
/// instruction set, nor on what was evaluated before. Pairs that are listed but beyond their cutoff
/// add zeros to sums whose order is that of the particles.
#[derive(Debug, Clone)]
pub struct ForceField<const D: usize = 2> {
    side: PeriodicBox<D>,
    diameters: Vec<f64>,
    potential: Potential,
    instructions: InstructionSet,
    list: PairList<D>,
    /// For each listed pair: separation, then force on the first.
    vectors: Vec<[f64; D]>,
    /// φ of each listed pair.
    energies: Vec<f64>,
}

impl<const D: usize> ForceField<D> {
    /// The field of the particles and the box of `configuration`.
    pub fn new(configuration: &Configuration<D>, potential: &Potential) -> Self {
        ForceField::with(configuration, potential, InstructionSet::detect(), SKIN)
    }

    /// The same with given vector instructions and extra range of the pair list: neither changes a
    /// result.
    ///
    /// # Panics
    /// At the first evaluation, if this machine has not these instructions.
    pub fn with(
        configuration: &Configuration<D>,
        potential: &Potential,
        instructions: InstructionSet,
        skin: f64,
    ) -> Self {
        let (side, diameters) = (configuration.periodic_box(), configuration.diameters().to_vec());
        let list = PairList::new(side, configuration.positions(), &diameters, potential, skin);
        let (vectors, energies) = (Vec::new(), Vec::new());
        ForceField { side, diameters, potential: potential.clone(), instructions, list, vectors, energies }
    }

    /// Diameters of the particles.
    pub fn diameters(&self) -> &[f64] {
        &self.diameters
    }

    /// The potential.
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// U at `positions` (each in [0, L)); the forces go to `forces`. Where two particles coincide,
    /// the energy is not finite.
    ///
    /// # Panics
    /// If there are not as many positions or forces as particles.
    pub fn evaluate(&mut self, positions: &[[f64; D]], forces: &mut [[f64; D]]) -> f64 {
        assert!(positions.len() == self.diameters.len() && forces.len() == positions.len());
        self.list.update(positions, &self.diameters, &self.potential);
        self.sum(positions, forces)
    }

    fn sum(&mut self, positions: &[[f64; D]], forces: &mut [[f64; D]]) -> f64 {
        self.vectors.resize(self.list.len(), [0.0; D]);
        self.energies.resize(self.list.len(), 0.0);
        for (i, &own) in positions.iter().enumerate() {
            let row = self.list.row(i);
            for (&j, vector) in self.list.partners()[row.clone()].iter().zip(&mut self.vectors[row]) {
                *vector = minus(positions[j as usize], own);
            }
        }
        let terms = PairTerms {
            vectors: &mut self.vectors,
            energy: &mut self.energies,
            inverse_diameter_squared: self.list.inverse_diameter_squared(),
        };
        for_shape!(self.potential, shape => pair_forces(self.instructions, terms, self.side, shape));
        for ((vector, energy), scale) in self.vectors.iter_mut().zip(&mut self.energies).zip(self.list.energies()) {
            *vector = vector.map(|component| component * scale);
            *energy *= scale;
        }
        forces.fill([0.0; D]);
        let mut total = 0.0;
        for i in 0..positions.len() {
            let row = self.list.row(i);
            let mut own = forces[i];
            let mut energy = 0.0;
            let terms = self.vectors[row.clone()].iter().zip(&self.energies[row.clone()]);
            for (&j, (force, pair_energy)) in self.list.partners()[row].iter().zip(terms) {
                energy += pair_energy;
                let other = &mut forces[j as usize];
                for axis in 0..D {
                    own[axis] += force[axis];
                    other[axis] -= force[axis];
                }
            }
            forces[i] = own;
            total += energy;
        }
        total
    }
}

#[cfg(test)]
mod tests;
