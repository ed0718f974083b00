//! The state that trials change: particles, their neighbours, their cached energies.
//!
//! Invariants, on which the speed rests:
//!
//! 1. Two particles whose references are closer than x_c σ_ij + skin, σ_ij from their reaches, are
//!    neighbours: each has a slot for the other.
//! 2. No particle is farther than skin/2 from its reference or larger than its reach.
//! 3. So every interacting pair is a pair of neighbours. For a *trial* position or diameter beyond
//!    these limits the neighbours may be incomplete; their energy, as φ ≥ 0, is still a lower bound,
//!    enough to reject. Only what would be accepted is searched for, and then 1 and 2 are restored.
//! 4. The energy of each particle, Σ_j φ_ij, is kept up to date by every accepted trial.

use super::images::moved;
use super::ladder::Ladder;
use super::moves::SwapProposal;
use super::neighbour_slots::{Copied, NeighbourSlots};
use super::pair_kernel::PairKernel;
use super::reference_cells::{Reference, ReferenceCells};
use super::sampled::Sampled;
use super::watch::Watch;
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::for_shape;
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Portable};
use crate::periodic::PeriodicBox;
use crate::space::{minus, plus, square};

/// How far beyond the cutoff neighbours are listed. Any choice gives the same sampling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListMargins {
    /// A particle may be displaced by half of this before its neighbours are searched again.
    pub skin: f64,
    /// A particle may grow by this much.
    pub growth: f64,
}

impl Default for ListMargins {
    /// The fastest at N = 4000, T = 0.1 (measured with the bench `thermalize`).
    fn default() -> Self {
        ListMargins { skin: 0.3, growth: 0.1 }
    }
}

/// One particle.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(32))]
pub(super) struct Particle<const D: usize> {
    /// Not wrapped: it stays near its reference, which is.
    pub(super) position: [f64; D],
    pub(super) diameter: f64,
    /// Σ_j φ_ij.
    pub(super) energy: f64,
}

/// What a trial makes of the pairs of a particle with the neighbours of a block: kept for the case that it is
/// accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrialBlock {
    /// φ.
    pub(super) energies: Eight,
    /// 1/σ_ij², if a diameter changes.
    pub(super) inverses: Eight,
}

impl TrialBlock {
    const NONE: TrialBlock = TrialBlock { energies: Eight([0.0; 8]), inverses: Eight([0.0; 8]) };
}

/// What a search around a new reference changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    found: Vec<(u32, u8)>,
    /// Found, but not yet neighbours; with 1/σ_ij² and φ at the trial.
    fresh: Vec<Fresh>,
    /// Slots of neighbours not found, descending.
    gone: Vec<u16>,
}

#[derive(Debug, Clone, Copy)]
struct Fresh {
    neighbour: u32,
    image: u8,
    inverse: f64,
    energy: f64,
}

/// A trial that changed one particle, as a search sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changed<const D: usize> {
    pub(super) particle: usize,
    pub(super) position: [f64; D],
    pub(super) diameter: f64,
    /// Boxes along each axis that the position was moved by, to stay in the box.
    pub(super) boxes: [i32; D],
    /// A particle whose 1/σ_ij² with this one stays as it is (the partner in a swap).
    pub(super) partner: Option<usize>,
}

/// Particles, neighbours, energies.
#[derive(Debug, Clone)]
pub(super) struct System<const D: usize> {
    /// A square or cube.
    pub(super) side: PeriodicBox<D>,
    pub(super) sampled: Sampled,
    pub(super) particles: Vec<Particle<D>>,
    pub(super) slots: NeighbourSlots<D>,
    pub(super) cells: ReferenceCells<D>,
    pub(super) growth: f64,
    /// (skin/2)².
    pub(super) drift_squared_max: f64,
    /// Particles farther apart are not neighbours.
    pub(super) neighbour_distance_max: f64,
    /// By block, of the particle that is displaced, or of the two that exchange their diameters.
    pub(super) trials: Vec<[TrialBlock; 2]>,
    pub(super) search: Search,
    pub(super) watch: Watch,
    pub(super) ladder: Ladder,
}

impl<const D: usize> System<D> {
    /// L.
    #[inline]
    pub(super) fn length(&self) -> f64 {
        self.side.sides()[0]
    }

    pub(super) fn new(
        configuration: &Configuration<D>,
        sampled: Sampled,
        proposal: SwapProposal,
        margins: ListMargins,
    ) -> Self {
        let side = configuration.periodic_box();
        let diameters = configuration.diameters();
        let largest = diameters.iter().copied().fold(0.0, f64::max);
        // In the smallest boxes both margins shrink, so that no range spans the box.
        let slack = side.longest() - sampled.cutoff * largest;
        let (skin, growth) = (margins.skin.min(slack / 4.0), margins.growth.min(slack / 4.0));
        let references: Vec<Reference<D>> = configuration
            .positions()
            .iter()
            .zip(diameters)
            .map(|(&position, &diameter)| Reference { position, reach: diameter + growth })
            .collect();
        let mut system = System {
            side,
            particles: configuration
                .positions()
                .iter()
                .zip(diameters)
                .map(|(&position, &diameter)| Particle { position, diameter, energy: 0.0 })
                .collect(),
            slots: NeighbourSlots::new(diameters.len(), side.longest()),
            cells: ReferenceCells::new(side.longest(), skin, largest + growth, references),
            growth,
            drift_squared_max: 0.25 * skin * skin,
            neighbour_distance_max: sampled.cutoff * (largest + growth) + 2.0 * skin,
            sampled,
            trials: Vec::new(),
            search: Search::default(),
            watch: Watch::new(diameters.len()),
            ladder: Ladder::new(diameters, proposal),
        };
        let potential = system.sampled.potential.clone();
        for_shape!(potential, shape => system.link_all(&PairKernel::new(Portable, shape, &system.sampled)));
        system.trials.resize(system.slots.blocks_max(), [TrialBlock::NONE; 2]);
        system
    }

    /// Makes neighbours of all that are near, and sums their energies.
    fn link_all<I: Instructions, S: Shape>(&mut self, kernel: &PairKernel<I, S>) {
        let mut found = Vec::new();
        for i in 0..self.particles.len() {
            self.cells.search(kernel, &self.sampled, i, *self.cells.reference(i), &mut found);
            for &(j, image) in found.iter().filter(|(j, _)| *j as usize > i) {
                let (own, other) = (self.copied(i), self.copied(j as usize));
                let inverse = self.sampled.inverse_square(own.diameter, other.diameter);
                let energy = self.pair(own.position, j as usize, image, inverse);
                self.slots.link(own, other, image, inverse);
                self.particles[i].energy += energy;
                self.particles[j as usize].energy += energy;
            }
        }
    }

    /// φ between a particle at `position` and an image of particle `other`.
    fn pair(&self, position: [f64; D], other: usize, image: u8, inverse: f64) -> f64 {
        let seen = plus(self.particles[other].position, 1.0, self.slots.shift(image));
        self.sampled.energy(square(minus(seen, position)) * inverse)
    }

    fn copied(&self, particle: usize) -> Copied<D> {
        let Particle { position, diameter, .. } = self.particles[particle];
        Copied { particle, position, diameter }
    }

    /// Squared distance of a position from the reference of `particle`.
    #[inline(always)]
    pub(super) fn drift_squared(&self, particle: usize, position: [f64; D]) -> f64 {
        square(minus(position, self.cells.reference(particle).position))
    }

    /// Finds what `reference` would change in the neighbours of a changed particle, and returns
    /// its energy with those it does not have yet.
    #[inline(always)]
    pub(super) fn search<I: Instructions, S: Shape>(
        &mut self,
        kernel: &PairKernel<I, S>,
        changed: Changed<D>,
        reference: Reference<D>,
    ) -> f64 {
        let mut search = std::mem::take(&mut self.search);
        self.cells.search(kernel, &self.sampled, changed.particle, reference, &mut search.found);
        let energy = self.compare(changed, &mut search);
        self.search = search;
        energy
    }

    fn compare(&self, changed: Changed<D>, search: &mut Search) -> f64 {
        search.fresh.clear();
        search.gone.clear();
        for slot in (0..self.slots.filled(changed.particle)).rev() {
            let (neighbour, image) = self.slots.seen(changed.particle, slot);
            let seen = (neighbour, moved(image, changed.boxes));
            match search.found.iter().position(|&found| found == seen) {
                Some(place) => {
                    search.found.swap_remove(place);
                }
                None => search.gone.push(slot as u16),
            }
        }
        let mut sum = 0.0;
        for &(neighbour, image) in &search.found {
            let j = neighbour as usize;
            let own =
                if changed.partner == Some(j) { self.particles[changed.particle].diameter } else { changed.diameter };
            let inverse = self.sampled.inverse_square(own, self.particles[j].diameter);
            let energy = self.pair(changed.position, j, image, inverse);
            sum += energy;
            search.fresh.push(Fresh { neighbour, image, inverse, energy });
        }
        sum
    }

    /// Makes the neighbours of `particle`, already changed, what the last search found.
    pub(super) fn relink(&mut self, particle: usize, reference: Reference<D>) {
        self.cells.replace(particle, reference);
        for k in 0..self.search.gone.len() {
            self.slots.unlink(particle, usize::from(self.search.gone[k]));
        }
        for k in 0..self.search.fresh.len() {
            let Fresh { neighbour, image, inverse, energy } = self.search.fresh[k];
            let j = neighbour as usize;
            self.particles[j].energy += energy;
            self.watch.touch(j);
            self.slots.link(self.copied(particle), self.copied(j), image, inverse);
        }
        if self.trials.len() < self.slots.blocks_max() {
            self.trials.resize(self.slots.blocks_max(), [TrialBlock::NONE; 2]);
        }
    }

    /// Potential energy per particle, from the cached energies.
    pub(super) fn energy(&self) -> f64 {
        0.5 * self.particles.iter().map(|particle| particle.energy).sum::<f64>() / self.particles.len() as f64
    }

    pub(super) fn configuration(&self) -> Result<Configuration<D>, InvalidConfiguration> {
        Configuration::new(
            self.side,
            self.particles.iter().map(|particle| particle.position).collect(),
            self.particles.iter().map(|particle| particle.diameter).collect(),
        )
    }
}
