//! Reference positions sorted into square or cubic cells, to find new neighbours.
//!
//! The reference of a particle is the position its neighbours were last searched around. It moves
//! seldom, so the cells change seldom. Cells hold copies, eight to a block, as the neighbour slots
//! do; blocks are added when a cell needs more.

use super::images::image;
use super::pair_kernel::PairKernel;
use super::sampled::Sampled;
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Lanes};
use std::ops::RangeInclusive;

/// Coordinates of an empty place: beyond every range.
const FAR: f64 = 1e9;

/// Aimed width of a cell: about six particles at density 1. In the plane that is a fifth faster to search than cells as wide
/// as the range (measured); in three dimensions other widths were not compared.
const fn width(dimension: usize) -> f64 {
    if dimension == 3 { 1.8 } else { 2.4 }
}

#[derive(Debug, Clone)]
#[repr(C, align(64))]
struct CellBlock<const D: usize> {
    /// Coordinates along each axis.
    position: [Eight; D],
    /// Largest diameter for which the particle's neighbours are complete.
    reach: Eight,
    particle: [u32; 8],
}

impl<const D: usize> CellBlock<D> {
    const EMPTY: CellBlock<D> =
        CellBlock { position: [Eight([FAR; 8]); D], reach: Eight([1.0; 8]), particle: [u32::MAX; 8] };
}

/// What the neighbours of a particle were searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reference<const D: usize> {
    /// In [0, L).
    pub(super) position: [f64; D],
    /// The neighbours are complete up to this diameter of the particle.
    pub(super) reach: f64,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    cell: u32,
    slot: u32,
}

/// References of all particles, and the cells they are in.
#[derive(Debug, Clone)]
pub(super) struct ReferenceCells<const D: usize> {
    length: f64,
    /// Cells along one side.
    side: i32,
    per_length: f64,
    skin: f64,
    /// No reach exceeds this.
    reach_max: f64,
    references: Vec<Reference<D>>,
    places: Vec<Place>,
    filled: Vec<u32>,
    /// Block b of cell c at b · cells + c.
    blocks: Vec<CellBlock<D>>,
}

impl<const D: usize> ReferenceCells<D> {
    /// Cells for `references`; two particles are neighbours if their references are closer than
    /// x_c σ_ij + `skin`, σ_ij from their reaches, none of which ever exceeds `reach_max`.
    pub(super) fn new(length: f64, skin: f64, reach_max: f64, references: Vec<Reference<D>>) -> Self {
        let side = ((length / width(D)) as i32).max(1);
        let cells = side.pow(D as u32) as usize;
        let mut grid = ReferenceCells {
            length,
            side,
            per_length: f64::from(side) / length,
            skin,
            reach_max,
            places: vec![Place { cell: 0, slot: 0 }; references.len()],
            references: Vec::new(),
            filled: vec![0; cells],
            blocks: vec![CellBlock::EMPTY; cells],
        };
        for (particle, reference) in references.iter().enumerate() {
            grid.insert(particle, *reference);
        }
        grid.references = references;
        grid
    }

    /// What the neighbours of `particle` were searched for.
    #[inline(always)]
    pub(super) fn reference(&self, particle: usize) -> &Reference<D> {
        &self.references[particle]
    }

    /// Gives `particle` another reference.
    pub(super) fn replace(&mut self, particle: usize, reference: Reference<D>) {
        self.references[particle] = reference;
        let Place { cell, slot } = self.places[particle];
        if self.cell(reference.position) == cell {
            self.write(particle, reference, cell, slot);
        } else {
            self.remove(particle);
            self.insert(particle, reference);
        }
    }

    fn cell(&self, position: [f64; D]) -> u32 {
        self.at(position.map(|coordinate| ((coordinate * self.per_length) as i32).min(self.side - 1)))
    }

    /// The cell at these places along the axes, x running fastest.
    #[inline(always)]
    fn at(&self, places: [i32; D]) -> u32 {
        let mut cell = places[D - 1];
        for axis in (0..D - 1).rev() {
            cell = cell * self.side + places[axis];
        }
        cell as u32
    }

    fn index(&self, cell: u32, slot: u32) -> usize {
        (slot / 8) as usize * self.filled.len() + cell as usize
    }

    fn write(&mut self, particle: usize, reference: Reference<D>, cell: u32, slot: u32) {
        let index = self.index(cell, slot);
        let (block, lane) = (&mut self.blocks[index], slot as usize % 8);
        for axis in 0..D {
            block.position[axis].0[lane] = reference.position[axis];
        }
        block.reach.0[lane] = reference.reach;
        block.particle[lane] = particle as u32;
        self.places[particle] = Place { cell, slot };
    }

    fn insert(&mut self, particle: usize, reference: Reference<D>) {
        let cell = self.cell(reference.position);
        let slot = self.filled[cell as usize];
        if self.index(cell, slot) >= self.blocks.len() {
            self.blocks.resize(self.blocks.len() + self.filled.len(), CellBlock::EMPTY);
        }
        self.filled[cell as usize] += 1;
        self.write(particle, reference, cell, slot);
    }

    /// Empties the place of `particle` by moving the last of the cell into it.
    fn remove(&mut self, particle: usize) {
        let Place { cell, slot } = self.places[particle];
        self.filled[cell as usize] -= 1;
        let last = self.filled[cell as usize];
        let (block, lane) = (self.index(cell, last), last as usize % 8);
        let block = &mut self.blocks[block];
        let position = std::array::from_fn(|axis| block.position[axis].0[lane]);
        let moved = Reference { position, reach: block.reach.0[lane] };
        let other = block.particle[lane] as usize;
        for axis in 0..D {
            block.position[axis].0[lane] = FAR;
        }
        block.particle[lane] = u32::MAX;
        if slot != last {
            self.write(other, moved, cell, slot);
        }
    }

    /// The neighbours `particle` would have with `reference`, each with the image near it, in an
    /// order given by the cells.
    #[inline(always)]
    pub(super) fn search<I: Instructions, S: Shape>(
        &self,
        kernel: &PairKernel<I, S>,
        sampled: &Sampled,
        particle: usize,
        reference: Reference<D>,
        found: &mut Vec<(u32, u8)>,
    ) {
        found.clear();
        let farthest = sampled.cutoff * sampled.diameter(reference.reach, self.reach_max) + self.skin;
        let instructions = kernel.instructions;
        let middle = reference.position.map(|coordinate| instructions.splat(coordinate));
        let (reach, skin) = (instructions.splat(reference.reach), instructions.splat(self.skin));
        let spans = reference.position.map(|coordinate| {
            let cell = |coordinate: f64| (coordinate * self.per_length).floor() as i32;
            cell(coordinate - farthest)..=cell(coordinate + farthest)
        });
        let mut places = Some(spans.each_ref().map(|span| *span.start()));
        while let Some(unwrapped) = places {
            let (boxes, cell) = self.wrapped(unwrapped);
            let from: [I::Vector; D] =
                std::array::from_fn(|axis| middle[axis] - instructions.splat(f64::from(boxes[axis]) * self.length));
            let blocks = self.filled[cell].div_ceil(8) as usize;
            for block in 0..blocks {
                let block = &self.blocks[block * self.filled.len() + cell];
                let apart = |axis: usize| instructions.load(&block.position[axis]) - from[axis];
                let x = apart(0);
                let mut distance_squared = x * x;
                for axis in 1..D {
                    let along = apart(axis);
                    distance_squared = distance_squared + along * along;
                }
                let range = kernel.cutoff * kernel.mixed_diameters(reach, instructions.load(&block.reach)) + skin;
                let mut mask = distance_squared.below(range * range);
                while mask != 0 {
                    let other = block.particle[mask.trailing_zeros() as usize];
                    mask &= mask - 1;
                    if other as usize != particle {
                        found.push((other, image(boxes)));
                    }
                }
            }
            places = next(unwrapped, &spans);
        }
    }

    /// The boxes that a cell is away along each axis, and which it is there. Ranges are shorter than the box, so only
    /// the next box on either side occurs.
    #[inline(always)]
    fn wrapped(&self, places: [i32; D]) -> ([i32; D], usize) {
        let boxes = places.map(|place| i32::from(place >= self.side) - i32::from(place < 0));
        (boxes, self.at(std::array::from_fn(|axis| places[axis] - boxes[axis] * self.side)) as usize)
    }
}

/// The places after these within `spans`, x running fastest; `None` after the last.
#[inline(always)]
fn next<const D: usize>(mut places: [i32; D], spans: &[RangeInclusive<i32>; D]) -> Option<[i32; D]> {
    for axis in 0..D {
        places[axis] += 1;
        if places[axis] <= *spans[axis].end() {
            return Some(places);
        }
        places[axis] = *spans[axis].start();
    }
    None
}
