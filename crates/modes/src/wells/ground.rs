//! The landscape around one inherent structure, in displacements from it.

use crate::describe::landing::distance;
use crate::spectrum::SpectrumFailure;
use crate::spectrum::factorization::{Factorization, LANES, OrderedMatrix, Row};
use glass::energy::ForceField;
use glass::{Configuration, Hessian, InherentStructure};

/// Displacements of the particles from the inherent structure, N × 2, their mean zero.
pub(super) type Field = Vec<[f64; 2]>;

/// Two minima are the same if their energies differ by no more than this,
const SAME_ENERGY: f64 = 1e-9;

/// and their places by no more than this.
const SAME_PLACE: f64 = 1e-6;

/// Energies and forces around one inherent structure.
pub(super) struct Ground<'a> {
    minimum: &'a InherentStructure,
    field: ForceField,
    forces: Field,
    /// Total energy at the origin.
    energy: f64,
}

impl<'a> Ground<'a> {
    pub(super) fn new(minimum: &'a InherentStructure) -> Self {
        let configuration = minimum.configuration();
        let mut field = ForceField::new(configuration, minimum.potential());
        let mut forces = vec![[0.0; 2]; configuration.particles()];
        let energy = field.evaluate(configuration.positions(), &mut forces);
        Ground { minimum, field, forces, energy }
    }

    pub(super) fn minimum(&self) -> &InherentStructure {
        self.minimum
    }

    pub(super) fn particles(&self) -> usize {
        self.minimum.configuration().particles()
    }

    /// Nothing displaced.
    pub(super) fn origin(&self) -> Field {
        vec![[0.0; 2]; self.particles()]
    }

    pub(super) fn configuration(&self, place: &[[f64; 2]]) -> Configuration {
        self.minimum.configuration().displaced(place, 1.0)
    }

    /// The displacements that lead to `configuration`, translation removed.
    pub(super) fn place(&self, configuration: &Configuration) -> Field {
        let side = configuration.periodic_box();
        let positions = self.minimum.configuration().positions().iter().zip(configuration.positions());
        let mut place: Field = positions.map(|(&from, &to)| side.separation(from, to)).collect();
        without_translation(&mut place);
        place
    }

    /// Total energy above the origin; the forces are [`Ground::forces`] then.
    pub(super) fn evaluate(&mut self, place: &[[f64; 2]]) -> f64 {
        let configuration = self.configuration(place);
        self.field.evaluate(configuration.positions(), &mut self.forces) - self.energy
    }

    /// Forces at the place evaluated last.
    pub(super) fn forces(&self) -> &[[f64; 2]] {
        &self.forces
    }

    /// The Hessian at `place`.
    pub(super) fn stiffness(&self, place: &[[f64; 2]]) -> Result<Stiffness, SpectrumFailure> {
        let hessian = Hessian::new(&self.configuration(place), self.minimum.potential());
        Ok(Stiffness { matrix: OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(hessian.positions()))? })
    }

    /// Whether a minimum, by the energy and the place of its configuration, is this one.
    pub(super) fn is_origin(&self, other: &InherentStructure) -> bool {
        let particles = self.particles() as f64;
        (other.energy() - self.minimum.energy()).abs() * particles <= SAME_ENERGY
            && distance(self.minimum.configuration(), other.configuration()) <= SAME_PLACE
    }
}

/// Whether the minimum at `place` is one of `known`.
pub(super) fn is_among(ground: &mut Ground<'_>, place: &[[f64; 2]], known: &[Field]) -> bool {
    let mut energy = |place: &[[f64; 2]]| ground.evaluate(place);
    let here = energy(place);
    known
        .iter()
        .any(|other| norm(&difference(place, other)) <= SAME_PLACE && (energy(other) - here).abs() <= SAME_ENERGY)
}

/// A Hessian that can be factorized at shifts.
pub(super) struct Stiffness {
    pub(super) matrix: OrderedMatrix,
}

impl Stiffness {
    /// (H − σ)⁻¹ applied to up to [`LANES`] force fields, whose translations are left out.
    pub(super) fn solve(&self, factorization: &Factorization<'_>, fields: &[&[[f64; 2]]]) -> Vec<Field> {
        debug_assert!(fields.len() <= LANES);
        let mut rows: Vec<Row> = vec![[0.0; LANES]; self.matrix.size()];
        for (row, &original) in rows.iter_mut().zip(self.matrix.order()) {
            for (lane, field) in row.iter_mut().zip(fields) {
                *lane = field[original / 2][original % 2];
            }
        }
        factorization.solve(&mut rows);
        let mut solutions = vec![vec![[0.0; 2]; self.matrix.size() / 2]; fields.len()];
        for (row, &original) in rows.iter().zip(self.matrix.order()) {
            for (lane, solution) in row.iter().zip(&mut solutions) {
                solution[original / 2][original % 2] = *lane;
            }
        }
        solutions.iter_mut().for_each(|solution| without_translation(solution));
        solutions
    }

    /// `vector`·H·`vector`.
    pub(super) fn along(&self, vector: &[[f64; 2]]) -> f64 {
        let mut rows: Vec<Row> = vec![[0.0; LANES]; self.matrix.size()];
        for (row, &original) in rows.iter_mut().zip(self.matrix.order()) {
            row[0] = vector[original / 2][original % 2];
        }
        let mut product = rows.clone();
        self.matrix.apply(&rows, &mut product);
        rows.iter().zip(&product).map(|(row, product)| row[0] * product[0]).sum()
    }
}

pub(super) fn dot(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(x, y)| x * y).sum()
}

pub(super) fn norm(a: &[[f64; 2]]) -> f64 {
    dot(a, a).sqrt()
}

/// `a` − `b`.
pub(super) fn difference(a: &[[f64; 2]], b: &[[f64; 2]]) -> Field {
    a.iter().zip(b).map(|(a, b)| [a[0] - b[0], a[1] - b[1]]).collect()
}

/// `place` + `scale` · `step`.
pub(super) fn moved(place: &[[f64; 2]], step: &[[f64; 2]], scale: f64) -> Field {
    place.iter().zip(step).map(|(r, d)| [r[0] + scale * d[0], r[1] + scale * d[1]]).collect()
}

/// Length of the longest of the vectors.
pub(super) fn longest(field: &[[f64; 2]]) -> f64 {
    // What is not a number is the longest.
    field.iter().map(|v| v[0] * v[0] + v[1] * v[1]).fold(0.0, |a, b| if b <= a { a } else { b }).sqrt()
}

/// Takes the mean displacement out.
pub(super) fn without_translation(field: &mut [[f64; 2]]) {
    crate::nonlinear::without_translation(field);
}
