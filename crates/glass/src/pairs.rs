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
    let mut pairs = Vec::with_capacity(4 * positions.len());
    visit_pairs(side, positions, diameters, skin, |i, j, _| pairs.push(pair(i, j)));
    pairs
}

/// Calls `visit` with (i, j, σ_ij) of each of these pairs, in this order; `positions` lie in [0, L).
pub(crate) fn visit_pairs(
    side: PeriodicBox,
    positions: &[[f64; 2]],
    diameters: &[f64],
    skin: f64,
    mut visit: impl FnMut(usize, usize, f64),
) {
    let reach = CUTOFF * diameters.iter().copied().fold(0.0, f64::max) + skin;
    // The mixed diameter of a pair that is listed.
    let within = |i: usize, j: usize| {
        let x = side.minimum_image_inside(positions[j][0] - positions[i][0]);
        let y = side.minimum_image_inside(positions[j][1] - positions[i][1]);
        let diameter = pair_diameter(diameters[i], diameters[j]);
        let range = CUTOFF * diameter + skin;
        (x * x + y * y < range * range).then_some(diameter)
    };
    match CellGrid::new(side, positions, reach) {
        Some(grid) => {
            let mut partners: Vec<(u32, f64)> = Vec::new();
            for i in 0..positions.len() {
                partners.clear();
                grid.above(i, positions[i], |j| partners.extend(within(i, j as usize).map(|diameter| (j, diameter))));
                partners.sort_unstable_by_key(|partner| partner.0);
                for &(j, diameter) in &partners {
                    visit(i, j as usize, diameter);
                }
            }
        }
        None => {
            for i in 0..positions.len() {
                for j in i + 1..positions.len() {
                    if let Some(diameter) = within(i, j) {
                        visit(i, j, diameter);
                    }
                }
            }
        }
    }
}

/// The pairs within x_c σ_ij + skin of a reference configuration, kept until a particle has moved so
/// far that a pair not listed might interact.
#[derive(Debug, Clone)]
pub struct PairList {
    side: PeriodicBox,
    skin: f64,
    /// Positions when the list was made.
    reference: Vec<[f64; 2]>,
    /// Where the partners of each particle begin; one more entry than particles.
    starts: Vec<u32>,
    /// Partners with a higher index, ascending.
    partners: Vec<u32>,
    /// 1/σ_ij² of each pair.
    inverse_diameter_squared: Vec<f64>,
}

impl PairList {
    /// The list for `positions` in [0, L).
    pub fn new(side: PeriodicBox, positions: &[[f64; 2]], diameters: &[f64], skin: f64) -> Self {
        let mut list = PairList {
            side,
            skin,
            reference: Vec::new(),
            starts: Vec::new(),
            partners: Vec::new(),
            inverse_diameter_squared: Vec::new(),
        };
        list.rebuild(positions, diameters);
        list
    }

    /// Whether every pair that interacts at `positions` is listed: no particle has moved by half the
    /// skin since the list was made.
    pub fn covers(&self, positions: &[[f64; 2]]) -> bool {
        // A little less than half, so that rounding cannot decide.
        let allowed = 0.499 * self.skin;
        positions.iter().zip(&self.reference).all(|(now, then)| {
            let x = self.side.minimum_image_inside(now[0] - then[0]);
            let y = self.side.minimum_image_inside(now[1] - then[1]);
            x * x + y * y < allowed * allowed
        })
    }

    /// Makes the list anew unless it covers `positions`.
    pub fn update(&mut self, positions: &[[f64; 2]], diameters: &[f64]) {
        if !self.covers(positions) {
            self.rebuild(positions, diameters);
        }
    }

    fn rebuild(&mut self, positions: &[[f64; 2]], diameters: &[f64]) {
        self.reference.clear();
        self.reference.extend_from_slice(positions);
        self.partners.clear();
        self.inverse_diameter_squared.clear();
        self.starts.clear();
        let (starts, partners, inverse) = (&mut self.starts, &mut self.partners, &mut self.inverse_diameter_squared);
        visit_pairs(self.side, positions, diameters, self.skin, |i, j, diameter| {
            starts.resize(i + 1, partners.len() as u32);
            partners.push(j as u32);
            inverse.push(1.0 / (diameter * diameter));
        });
        starts.resize(positions.len() + 1, partners.len() as u32);
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.partners.len()
    }

    /// Whether no pair is listed.
    pub fn is_empty(&self) -> bool {
        self.partners.is_empty()
    }

    /// Positions in the list of the pairs whose first particle is `first`.
    pub fn row(&self, first: usize) -> std::ops::Range<usize> {
        self.starts[first] as usize..self.starts[first + 1] as usize
    }

    /// The second particle of each pair.
    pub fn partners(&self) -> &[u32] {
        &self.partners
    }

    /// 1/σ_ij² of each pair.
    pub fn inverse_diameter_squared(&self) -> &[f64] {
        &self.inverse_diameter_squared
    }
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

    /// Calls `visit` with the members of the 3 × 3 cells around `position` that have an index above
    /// `particle`.
    fn above(&self, particle: usize, position: [f64; 2], mut visit: impl FnMut(u32)) {
        let (column, row) = (self.column(position[0]), self.column(position[1]));
        for down in [self.cells - 1, 0, 1] {
            for across in [self.cells - 1, 0, 1] {
                let cell = (row + down) % self.cells * self.cells + (column + across) % self.cells;
                let members = &self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize];
                for &j in members.iter().filter(|&&j| j as usize > particle) {
                    visit(j);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    #[test]
    fn a_list_is_kept_until_half_its_skin_is_used_up() {
        let seed = Seed::of_realization(5, 4);
        let start = Configuration::random(seed, 256, 1.0, DiameterChoice::Random).expect("valid");
        let mut list = PairList::new(start.periodic_box(), start.positions(), start.diameters(), 0.3);
        let pairs = |list: &PairList| -> Vec<Pair> {
            (0..256)
                .flat_map(|i| list.row(i).map(move |k| (i, k)))
                .map(|(i, k)| pair(i, list.partners()[k] as usize))
                .collect()
        };
        assert_eq!(pairs(&list), interacting_pairs(&start, 0.3));
        // Everything moves to and fro by just less than half the skin: all that interact are listed.
        let moved: Vec<[f64; 2]> = (0..256).map(|i| if i % 2 == 0 { [0.149, 0.0] } else { [0.0, -0.149] }).collect();
        let near = start.displaced(&moved, 1.0);
        assert!(list.covers(near.positions()));
        let listed = pairs(&list);
        assert!(interacting_pairs(&near, 0.0).iter().all(|p| listed.contains(p)));
        let mut one = vec![[0.0; 2]; 256];
        one[77] = [0.12, 0.12];
        let far = start.displaced(&one, 1.0);
        assert!(!list.covers(far.positions()));
        list.update(far.positions(), far.diameters());
        assert_eq!(pairs(&list), interacting_pairs(&far, 0.3));
    }

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
