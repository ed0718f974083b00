//! The landscape around one inherent structure, in displacements from it.

use crate::describe::landing::distance;
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

    /// Energies and forces near another place: with a list of pairs of its own.
    pub(super) fn another_field(&self) -> ForceField {
        self.field.clone()
    }

    /// Works with `other`'s list of pairs, and lends it what it had.
    pub(super) fn swap_field(&mut self, other: &mut ForceField) {
        std::mem::swap(&mut self.field, other);
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
    pub(super) fn hessian(&self, place: &[[f64; 2]]) -> Hessian {
        Hessian::new(&self.configuration(place), self.minimum.potential())
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
