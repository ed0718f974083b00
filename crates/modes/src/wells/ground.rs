//! The landscape around one inherent structure, in displacements from it: of all its particles, or of a patch of them
//! while the others stand still.

use glass::energy::ForceField;
use glass::space::{minus, plus, square};
use glass::{Configuration, Hessian, InherentStructure, InstructionSet};

/// Displacements of the free particles from the inherent structure, n × D; their mean is zero where all are free.
pub(super) type Field<const D: usize> = Vec<[f64; D]>;

/// Two minima are the same if their energies differ by no more than this,
pub(super) const SAME_ENERGY: f64 = 1e-9;

/// and their places by no more than this, or so little that nothing is felt on the straight way (particles that hardly
/// touch their neighbours).
pub(super) const SAME_PLACE: f64 = 1e-6;

/// Such particles move by no more than this, and on so many places of the way energies are compared.
const SAME_HOLLOW: f64 = 0.5;
const PLACES_OF_WAY: usize = 8;

/// Particles of a patch are free to move this far before they might meet one that was left out.
const ROOM: f64 = 0.5;

/// The list of pairs serves until a particle has moved by half this.
const SKIN: f64 = 0.5;

/// A surface that places fall on, with a minimum at the origin.
pub(super) trait Surface<const D: usize> {
    /// The energy at `place` above the origin; the forces are [`Surface::forces`] then.
    fn evaluate(&mut self, place: &[[f64; D]]) -> f64;

    /// Forces at the place evaluated last.
    fn forces(&self) -> &[[f64; D]];

    /// H·`place`, with H the Hessian at the origin.
    fn pull(&self, place: &[[f64; D]]) -> Field<D>;

    /// No eigenvalue of H is larger.
    fn stiffness(&self) -> f64;
}

/// Energies and forces around one inherent structure.
pub(super) struct Ground<'a, const D: usize> {
    minimum: &'a InherentStructure<D>,
    /// Which particles are free, ascending.
    members: Vec<usize>,
    /// The free particles, then those around them that stand still.
    configuration: Configuration<D>,
    field: ForceField<D>,
    positions: Field<D>,
    forces: Field<D>,
    /// Total energy at the origin.
    energy: f64,
    /// There, of the free particles and those around them.
    hessian: Hessian<D>,
    /// No eigenvalue of it is larger.
    stiffness: f64,
}

impl<'a, const D: usize> Ground<'a, D> {
    /// All particles free.
    pub(super) fn new(minimum: &'a InherentStructure<D>) -> Self {
        let members = (0..minimum.configuration().particles()).collect();
        Ground::of(minimum, members, minimum.configuration().clone())
    }

    /// The particles `members`, ascending, free; those around them stand still. All are free if the patch is nearly the
    /// whole glass.
    pub(super) fn around(minimum: &'a InherentStructure<D>, members: Vec<usize>) -> Self {
        let whole = minimum.configuration();
        let reach = minimum.potential().range(whole.diameters()) + ROOM;
        let mut is_member = vec![false; whole.particles()];
        members.iter().for_each(|&i| is_member[i] = true);
        let positions = whole.positions();
        let is_near = |&i: &usize| {
            let apart = |j: usize| square(whole.periodic_box().separation(positions[i], positions[j]));
            !is_member[i] && members.iter().any(|&j| apart(j) < reach * reach)
        };
        let near = (0..whole.particles()).filter(is_near);
        let particles: Vec<usize> = members.iter().copied().chain(near).collect();
        let of = |i: &usize| (positions[*i], whole.diameters()[*i]);
        let (positions, diameters) = particles.iter().map(of).unzip();
        match Configuration::new(whole.periodic_box(), positions, diameters) {
            Ok(configuration) if 10 * members.len() < 9 * whole.particles() => {
                Ground::of(minimum, members, configuration)
            }
            _ => Ground::new(minimum),
        }
    }

    fn of(minimum: &'a InherentStructure<D>, members: Vec<usize>, configuration: Configuration<D>) -> Self {
        let mut field = ForceField::with(&configuration, minimum.potential(), InstructionSet::detect(), SKIN);
        let positions = configuration.positions().to_vec();
        let mut forces = vec![[0.0; D]; positions.len()];
        let energy = field.evaluate(&positions, &mut forces);
        let hessian = Hessian::new(&configuration, minimum.potential());
        let stiffness = bound(&hessian);
        Ground { minimum, members, configuration, field, positions, forces, energy, hessian, stiffness }
    }

    pub(super) fn minimum(&self) -> &'a InherentStructure<D> {
        self.minimum
    }

    /// Number of free particles.
    pub(super) fn particles(&self) -> usize {
        self.members.len()
    }

    /// Whether all particles are free.
    pub(super) fn is_whole(&self) -> bool {
        self.members.len() == self.minimum.configuration().particles()
    }

    /// Nothing displaced.
    pub(super) fn origin(&self) -> Field<D> {
        vec![[0.0; D]; self.particles()]
    }

    /// What the free particles do in `field`, one vector a particle of the glass.
    pub(super) fn cut(&self, field: &[[f64; D]]) -> Field<D> {
        self.members.iter().map(|&i| field[i]).collect()
    }

    /// All particles of the glass, displaced as the free ones are at `place`.
    pub(super) fn lifted(&self, place: &[[f64; D]]) -> Field<D> {
        let mut field = vec![[0.0; D]; self.minimum.configuration().particles()];
        self.members.iter().zip(place).for_each(|(&i, &d)| field[i] = d);
        crate::nonlinear::without_translation(&mut field);
        field
    }

    /// Takes the mean displacement out where that costs nothing.
    pub(super) fn without_translation(&self, field: &mut [[f64; D]]) {
        if self.is_whole() {
            crate::nonlinear::without_translation(field);
        }
    }

    /// The free particles displaced, and those around them.
    pub(super) fn configuration(&self, place: &[[f64; D]]) -> Configuration<D> {
        let mut displacement = place.to_vec();
        displacement.resize(self.configuration.particles(), [0.0; D]);
        self.configuration.displaced(&displacement, 1.0)
    }

    /// The displacements of all particles that lead to `configuration`, translation removed.
    pub(super) fn place(&self, configuration: &Configuration<D>) -> Field<D> {
        let side = configuration.periodic_box();
        let positions = self.minimum.configuration().positions().iter().zip(configuration.positions());
        let mut place: Field<D> = positions.map(|(&from, &to)| side.separation(from, to)).collect();
        crate::nonlinear::without_translation(&mut place);
        place
    }

    /// The Hessian at `place`, of the free particles first.
    pub(super) fn hessian(&self, place: &[[f64; D]]) -> Hessian<D> {
        Hessian::new(&self.configuration(place), self.minimum.potential())
    }

    /// Whether the minima at two places are the same.
    pub(super) fn is_same(&mut self, first: &[[f64; D]], second: &[[f64; D]]) -> bool {
        let distance = apart(first, second);
        if distance > SAME_HOLLOW {
            return false;
        }
        let energy = self.evaluate(first);
        if (self.evaluate(second) - energy).abs() > SAME_ENERGY {
            return false;
        }
        let way = difference(second, first);
        let mut at = |place: usize| self.evaluate(&moved(first, &way, place as f64 / PLACES_OF_WAY as f64));
        distance <= SAME_PLACE || (1..PLACES_OF_WAY).all(|place| at(place) - energy <= SAME_ENERGY)
    }
}

impl<const D: usize> Surface<D> for Ground<'_, D> {
    fn evaluate(&mut self, place: &[[f64; D]]) -> f64 {
        let side = self.configuration.periodic_box();
        let moves = self.configuration.positions().iter().zip(place);
        for (position, (&from, &by)) in self.positions.iter_mut().zip(moves) {
            *position = side.wrapped(plus(from, 1.0, by));
        }
        self.field.evaluate(&self.positions, &mut self.forces) - self.energy
    }

    fn forces(&self) -> &[[f64; D]] {
        &self.forces[..self.members.len()]
    }

    fn pull(&self, place: &[[f64; D]]) -> Field<D> {
        let mut moves = place.to_vec();
        moves.resize(self.configuration.particles(), [0.0; D]);
        let mut pull = vec![[0.0; D]; moves.len()];
        self.hessian.apply(moves.as_flattened(), pull.as_flattened_mut());
        pull.truncate(self.members.len());
        pull
    }

    fn stiffness(&self) -> f64 {
        self.stiffness
    }
}

/// ‖H‖_∞.
fn bound<const D: usize>(hessian: &Hessian<D>) -> f64 {
    let mut sums = vec![[0.0f64; 2]; hessian.particles()];
    let mut add = |i: usize, block: &[[f64; D]; D]| {
        for (sum, row) in sums[i].iter_mut().zip(block) {
            *sum += row[1..].iter().fold(row[0].abs(), |sum, entry| sum + entry.abs());
        }
    };
    hessian.diagonal_blocks().iter().enumerate().for_each(|(i, block)| add(i, block));
    for (pair, block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
        add(pair.first as usize, block);
        add(pair.second as usize, block);
    }
    sums.as_flattened().iter().copied().fold(1e-280, f64::max)
}

/// Particles around those that move most in `vector`, about `count` of them, ascending: within `radius` of the most-moved
/// particle, then of the next, until there are enough.
pub(super) fn around_most_moved<const D: usize>(
    configuration: &Configuration<D>,
    vector: &[[f64; D]],
    radius: f64,
    count: usize,
) -> Vec<usize> {
    let positions = configuration.positions();
    let side = configuration.periodic_box();
    let mut order: Vec<usize> = (0..vector.len()).collect();
    order.sort_by(|&i, &j| square(vector[j]).total_cmp(&square(vector[i])));
    let mut is_member = vec![false; vector.len()];
    let mut members = 0;
    for center in order {
        for (i, member) in is_member.iter_mut().enumerate() {
            if !*member && square(side.separation(positions[center], positions[i])) <= radius * radius {
                *member = true;
                members += 1;
            }
        }
        if members >= count {
            break;
        }
    }
    (0..vector.len()).filter(|&i| is_member[i]).collect()
}

pub(super) fn dot<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> f64 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(x, y)| x * y).sum()
}

pub(super) fn norm<const D: usize>(a: &[[f64; D]]) -> f64 {
    dot(a, a).sqrt()
}

/// `a` − `b`.
pub(super) fn difference<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> Field<D> {
    a.iter().zip(b).map(|(&a, &b)| minus(a, b)).collect()
}

/// |`a` − `b`|.
pub(super) fn apart<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| square(minus(a, b))).sum::<f64>().sqrt()
}

/// `place` + `scale` · `step`.
pub(super) fn moved<const D: usize>(place: &[[f64; D]], step: &[[f64; D]], scale: f64) -> Field<D> {
    place.iter().zip(step).map(|(&r, &d)| plus(r, scale, d)).collect()
}

/// Of one vector.
pub(super) fn length<const D: usize>(vector: [f64; D]) -> f64 {
    vector[1..].iter().fold(vector[0].abs(), |length, component| length.hypot(*component))
}
