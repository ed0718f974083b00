//! Reference positions sorted into square cells, to find new neighbours.
//!
//! The reference of a particle is the position its neighbours were last searched around. It moves
//! seldom, so the cells change seldom. Cells hold copies, eight to a block, as the neighbour slots
//! do; blocks are added when a cell needs more.

use super::images::image;
use super::pair_kernel::PairKernel;
use super::system::Sampled;
use crate::interaction::Shape;
use crate::lanes::{Eight, Instructions, Lanes};

/// Coordinates of an empty place: beyond every range.
const FAR: f64 = 1e9;

/// Aimed width of a cell: about three particles at density 1 (measured: a fifth faster to search
/// than cells as wide as the range).
const WIDTH: f64 = 2.4;

#[derive(Debug, Clone)]
#[repr(C, align(64))]
struct Block {
    x: Eight,
    y: Eight,
    /// Largest diameter for which the particle's neighbours are complete.
    reach: Eight,
    particle: [u32; 8],
}

const EMPTY: Block = Block { x: Eight([FAR; 8]), y: Eight([FAR; 8]), reach: Eight([1.0; 8]), particle: [u32::MAX; 8] };

/// What the neighbours of a particle were searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reference {
    /// In [0, L).
    pub(super) position: [f64; 2],
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
pub(super) struct ReferenceCells {
    length: f64,
    /// Cells along one side.
    side: i32,
    per_length: f64,
    skin: f64,
    /// No reach exceeds this.
    reach_max: f64,
    references: Vec<Reference>,
    places: Vec<Place>,
    filled: Vec<u32>,
    /// Block b of cell c at b · cells + c.
    blocks: Vec<Block>,
}

impl ReferenceCells {
    /// Cells for `references`; two particles are neighbours if their references are closer than
    /// x_c σ_ij + `skin`, σ_ij from their reaches, none of which ever exceeds `reach_max`.
    pub(super) fn new(length: f64, skin: f64, reach_max: f64, references: Vec<Reference>) -> Self {
        let side = ((length / WIDTH) as i32).max(1);
        let cells = (side * side) as usize;
        let mut grid = ReferenceCells {
            length,
            side,
            per_length: f64::from(side) / length,
            skin,
            reach_max,
            places: vec![Place { cell: 0, slot: 0 }; references.len()],
            references: Vec::new(),
            filled: vec![0; cells],
            blocks: vec![EMPTY; cells],
        };
        for (particle, reference) in references.iter().enumerate() {
            grid.insert(particle, *reference);
        }
        grid.references = references;
        grid
    }

    /// What the neighbours of `particle` were searched for.
    #[inline(always)]
    pub(super) fn reference(&self, particle: usize) -> &Reference {
        &self.references[particle]
    }

    /// Gives `particle` another reference.
    pub(super) fn replace(&mut self, particle: usize, reference: Reference) {
        self.references[particle] = reference;
        let Place { cell, slot } = self.places[particle];
        if self.cell(reference.position) == cell {
            self.write(particle, reference, cell, slot);
        } else {
            self.remove(particle);
            self.insert(particle, reference);
        }
    }

    fn cell(&self, position: [f64; 2]) -> u32 {
        let [column, row] = position.map(|coordinate| ((coordinate * self.per_length) as i32).min(self.side - 1));
        (row * self.side + column) as u32
    }

    fn index(&self, cell: u32, slot: u32) -> usize {
        (slot / 8) as usize * self.filled.len() + cell as usize
    }

    fn write(&mut self, particle: usize, reference: Reference, cell: u32, slot: u32) {
        let index = self.index(cell, slot);
        let (block, lane) = (&mut self.blocks[index], slot as usize % 8);
        block.x.0[lane] = reference.position[0];
        block.y.0[lane] = reference.position[1];
        block.reach.0[lane] = reference.reach;
        block.particle[lane] = particle as u32;
        self.places[particle] = Place { cell, slot };
    }

    fn insert(&mut self, particle: usize, reference: Reference) {
        let cell = self.cell(reference.position);
        let slot = self.filled[cell as usize];
        if self.index(cell, slot) >= self.blocks.len() {
            self.blocks.resize(self.blocks.len() + self.filled.len(), EMPTY);
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
        let moved = Reference { position: [block.x.0[lane], block.y.0[lane]], reach: block.reach.0[lane] };
        let other = block.particle[lane] as usize;
        (block.x.0[lane], block.y.0[lane], block.particle[lane]) = (FAR, FAR, u32::MAX);
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
        reference: Reference,
        found: &mut Vec<(u32, u8)>,
    ) {
        found.clear();
        let [x, y] = reference.position;
        let farthest = sampled.cutoff * sampled.diameter(reference.reach, self.reach_max) + self.skin;
        let instructions = kernel.instructions;
        let (at_x, at_y) = (instructions.splat(x), instructions.splat(y));
        let (reach, skin) = (instructions.splat(reference.reach), instructions.splat(self.skin));
        let span = |middle: f64| {
            let cell = |coordinate: f64| (coordinate * self.per_length).floor() as i32;
            cell(middle - farthest)..=cell(middle + farthest)
        };
        for row in span(y) {
            let (up, row) = self.wrapped(row);
            let from_y = at_y - instructions.splat(f64::from(up) * self.length);
            for column in span(x) {
                let (across, column) = self.wrapped(column);
                let from_x = at_x - instructions.splat(f64::from(across) * self.length);
                let cell = (row * self.side + column) as usize;
                let blocks = self.filled[cell].div_ceil(8) as usize;
                for block in 0..blocks {
                    let block = &self.blocks[block * self.filled.len() + cell];
                    let (dx, dy) = (instructions.load(&block.x) - from_x, instructions.load(&block.y) - from_y);
                    let range = kernel.cutoff * kernel.mixed_diameters(reach, instructions.load(&block.reach)) + skin;
                    let mut mask = (dx * dx + dy * dy).below(range * range);
                    while mask != 0 {
                        let other = block.particle[mask.trailing_zeros() as usize];
                        mask &= mask - 1;
                        if other as usize != particle {
                            found.push((other, image(across, up)));
                        }
                    }
                }
            }
        }
    }

    /// The box a cell is in, and its column or row there. Ranges are shorter than the box, so only
    /// the next box on either side occurs.
    #[inline(always)]
    fn wrapped(&self, cell: i32) -> (i32, i32) {
        if cell < 0 {
            (-1, cell + self.side)
        } else if cell >= self.side {
            (1, cell - self.side)
        } else {
            (0, cell)
        }
    }
}
