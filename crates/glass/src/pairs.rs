//! Interacting pairs of a configuration, by a cell grid.

use crate::configuration::Configuration;
use crate::periodic::PeriodicBox;
use crate::potential::{CUTOFF, pair_diameter};

/// Two particles, `first < second`, within x_c σ_ij (plus the skin asked for) of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Lower index.
    pub first: u32,
    /// Higher index.
    pub second: u32,
}

/// All pairs with r_ij < x_c σ_ij + `skin`, ascending in (first, second): the order does not depend
/// on how they were found, so sums over pairs repeat to the last bit.
pub fn interacting_pairs(configuration: &Configuration, skin: f64) -> Vec<Pair> {
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let reach = CUTOFF * diameters.iter().copied().fold(0.0, f64::max) + skin;
    let within = |i: usize, j: usize| {
        let [x, y] = side.separation(positions[i], positions[j]);
        let range = CUTOFF * pair_diameter(diameters[i], diameters[j]) + skin;
        x * x + y * y < range * range
    };
    let mut pairs = Vec::with_capacity(4 * positions.len());
    match CellGrid::new(side, positions, reach) {
        Some(grid) => {
            let mut candidates = Vec::new();
            for i in 0..positions.len() {
                grid.above(i, positions[i], &mut candidates);
                pairs.extend(candidates.iter().filter(|&&j| within(i, j as usize)).map(|&j| pair(i, j as usize)));
            }
        }
        None => {
            for i in 0..positions.len() {
                pairs.extend((i + 1..positions.len()).filter(|&j| within(i, j)).map(|j| pair(i, j)));
            }
        }
    }
    pairs
}

fn pair(first: usize, second: usize) -> Pair {
    Pair { first: first as u32, second: second as u32 }
}

/// Particles sorted into square cells at least as wide as the reach.
struct CellGrid {
    cells: usize,
    width: f64,
    /// Start of each cell in `members`; one more entry than cells.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl CellGrid {
    /// `None` when fewer than four cells fit along a side: then all pairs are as quick.
    fn new(side: PeriodicBox, positions: &[[f64; 2]], reach: f64) -> Option<Self> {
        let cells = ((side.length() / reach).floor() as usize).min(positions.len());
        if cells < 4 {
            return None;
        }
        let mut grid = CellGrid {
            cells,
            width: side.length() / cells as f64,
            starts: vec![0; cells * cells + 1],
            members: vec![0; positions.len()],
        };
        for &position in positions {
            let cell = grid.cell(position);
            grid.starts[cell + 1] += 1;
        }
        for cell in 0..cells * cells {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        let mut next = grid.starts.clone();
        for (i, &position) in positions.iter().enumerate() {
            let cell = grid.cell(position);
            grid.members[next[cell] as usize] = i as u32;
            next[cell] += 1;
        }
        Some(grid)
    }

    fn column(&self, coordinate: f64) -> usize {
        ((coordinate / self.width) as usize).min(self.cells - 1)
    }

    fn cell(&self, position: [f64; 2]) -> usize {
        self.column(position[1]) * self.cells + self.column(position[0])
    }

    /// Members of the 3 × 3 cells around `position` with an index above `particle`, ascending.
    fn above(&self, particle: usize, position: [f64; 2], candidates: &mut Vec<u32>) {
        candidates.clear();
        let (column, row) = (self.column(position[0]), self.column(position[1]));
        for down in [self.cells - 1, 0, 1] {
            for across in [self.cells - 1, 0, 1] {
                let cell = (row + down) % self.cells * self.cells + (column + across) % self.cells;
                let members = &self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize];
                candidates.extend(members.iter().filter(|&&j| j as usize > particle));
            }
        }
        candidates.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    #[test]
    fn the_grid_finds_what_a_double_loop_finds() {
        for (index, particles) in [(0, 20), (1, 60), (2, 256), (3, 1000)] {
            let seed = Seed::of_realization(5, index);
            let configuration = Configuration::random(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
            for skin in [0.0, 0.3] {
                let mut expected = Vec::new();
                for i in 0..particles {
                    for j in i + 1..particles {
                        let [x, y] = configuration
                            .periodic_box()
                            .separation(configuration.positions()[i], configuration.positions()[j]);
                        let range =
                            CUTOFF * pair_diameter(configuration.diameters()[i], configuration.diameters()[j]) + skin;
                        if x * x + y * y < range * range {
                            expected.push(pair(i, j));
                        }
                    }
                }
                assert_eq!(interacting_pairs(&configuration, skin), expected);
            }
        }
    }
}
