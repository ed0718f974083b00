//! Interacting pairs of a configuration, by a cell grid.

use crate::configuration::Configuration;
use crate::interaction::{Mixing, PairScale, Potential};
use crate::periodic::PeriodicBox;
use crate::space::{cube_root, minus, square};

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
pub fn interacting_pairs<const D: usize>(
    configuration: &Configuration<D>,
    potential: &Potential,
    skin: f64,
) -> Vec<Pair> {
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let mut pairs = Vec::with_capacity(4 * positions.len());
    visit_pairs(side, positions, diameters, potential, skin, |i, j, _| pairs.push(pair(i, j)));
    pairs
}

/// Calls `visit` with i, j, and σ_ij and ε_ij, of each of these pairs, in this order; `positions` lie in the box.
pub(crate) fn visit_pairs<const D: usize>(
    side: PeriodicBox<D>,
    positions: &[[f64; D]],
    diameters: &[f64],
    potential: &Potential,
    skin: f64,
    visit: impl FnMut(usize, usize, PairScale),
) {
    let (cutoff, reach) = (potential.cutoff(), potential.range(diameters) + skin);
    // One loop for each way of mixing: it is the innermost.
    match potential.mixing() {
        &Mixing::NonAdditive(non_additivity) => {
            let scale = |first: f64, second: f64| Mixing::NonAdditive(non_additivity).scale(first, second);
            visit_mixed(side, positions, diameters, Reach { cutoff, skin, reach, scale }, visit);
        }
        Mixing::Species(species) => {
            let scale = |first: f64, second: f64| species.scale(first, second);
            visit_mixed(side, positions, diameters, Reach { cutoff, skin, reach, scale }, visit);
        }
    }
}

/// How far two particles may be apart.
struct Reach<Scale> {
    cutoff: f64,
    skin: f64,
    /// Of the farthest pairs.
    reach: f64,
    scale: Scale,
}

fn visit_mixed<const D: usize, Scale: Fn(f64, f64) -> PairScale>(
    side: PeriodicBox<D>,
    positions: &[[f64; D]],
    diameters: &[f64],
    reach: Reach<Scale>,
    mut visit: impl FnMut(usize, usize, PairScale),
) {
    let Some(grid) = CellGrid::new(side, positions, diameters, reach.reach) else {
        for i in 0..positions.len() {
            let first = Member::new(i, positions, diameters);
            for j in i + 1..positions.len() {
                let second = Member::new(j, positions, diameters);
                let apart = side.separation_inside(first.position, second.position);
                if let (true, scale) = reach.within(apart, &first, &second) {
                    visit(i, j, scale);
                }
            }
        }
        return;
    };
    let mut partners = vec![0u32; positions.len()];
    for i in 0..positions.len() {
        let first = Member::new(i, positions, diameters);
        let mut found = 0;
        grid.for_each_around(first.position, |second, image| {
            let mut apart = minus(second.position, first.position);
            for axis in 0..D {
                apart[axis] += image[axis];
            }
            let (near, _) = reach.within(apart, &first, second);
            // Written in any case and kept if it counts: a branch here is mispredicted half the time.
            partners[found] = second.particle;
            found += usize::from(near & (second.particle > first.particle));
        });
        let partners = &mut partners[..found];
        partners.sort_unstable();
        for &j in partners.iter() {
            visit(i, j as usize, (reach.scale)(first.diameter, diameters[j as usize]));
        }
    }
}

impl<Scale: Fn(f64, f64) -> PairScale> Reach<Scale> {
    /// Whether r < x_c σ_ij + skin, and the scale of the pair.
    #[inline(always)]
    fn within<const D: usize>(&self, apart: [f64; D], first: &Member<D>, second: &Member<D>) -> (bool, PairScale) {
        let scale = (self.scale)(first.diameter, second.diameter);
        let range = self.cutoff * scale.diameter + self.skin;
        (square(apart) < range * range, scale)
    }
}

/// The pairs within x_c σ_ij + skin of a reference configuration, kept until a particle has moved so
/// far that a pair not listed might interact.
#[derive(Debug, Clone)]
pub struct PairList<const D: usize = 2> {
    side: PeriodicBox<D>,
    skin: f64,
    /// Positions when the list was made.
    reference: Vec<[f64; D]>,
    /// Where the partners of each particle begin; one more entry than particles.
    starts: Vec<u32>,
    /// Partners with a higher index, ascending.
    partners: Vec<u32>,
    /// 1/σ_ij² of each pair.
    inverse_diameter_squared: Vec<f64>,
    /// ε_ij of each pair of a mixture; none where all are 1.
    energies: Vec<f64>,
}

impl<const D: usize> PairList<D> {
    /// The list for `positions` in the box.
    pub fn new(
        side: PeriodicBox<D>,
        positions: &[[f64; D]],
        diameters: &[f64],
        potential: &Potential,
        skin: f64,
    ) -> Self {
        let mut list = PairList {
            side,
            skin,
            reference: Vec::new(),
            starts: Vec::new(),
            partners: Vec::new(),
            inverse_diameter_squared: Vec::new(),
            energies: Vec::new(),
        };
        list.rebuild(positions, diameters, potential);
        list
    }

    /// Whether every pair that interacts at `positions` is listed: no particle has moved by half the
    /// skin since the list was made.
    pub fn covers(&self, positions: &[[f64; D]]) -> bool {
        // A little less than half, so that rounding cannot decide.
        let allowed = 0.499 * self.skin;
        let moved = |(&now, &then)| square(self.side.separation_inside(then, now));
        positions.iter().zip(&self.reference).map(moved).all(|distance_squared| distance_squared < allowed * allowed)
    }

    /// Makes the list anew unless it covers `positions`.
    pub fn update(&mut self, positions: &[[f64; D]], diameters: &[f64], potential: &Potential) {
        if !self.covers(positions) {
            self.rebuild(positions, diameters, potential);
        }
    }

    fn rebuild(&mut self, positions: &[[f64; D]], diameters: &[f64], potential: &Potential) {
        self.reference.clear();
        self.reference.extend_from_slice(positions);
        self.partners.clear();
        self.inverse_diameter_squared.clear();
        self.energies.clear();
        self.starts.clear();
        let mixture = matches!(potential.mixing(), Mixing::Species(_));
        let energies = &mut self.energies;
        let (starts, partners, inverse) = (&mut self.starts, &mut self.partners, &mut self.inverse_diameter_squared);
        visit_pairs(self.side, positions, diameters, potential, self.skin, |i, j, scale| {
            starts.resize(i + 1, partners.len() as u32);
            partners.push(j as u32);
            inverse.push(1.0 / (scale.diameter * scale.diameter));
            if mixture {
                energies.push(scale.energy);
            }
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

    /// ε_ij of each pair of a mixture; empty where all are 1.
    pub fn energies(&self) -> &[f64] {
        &self.energies
    }
}

fn pair(first: usize, second: usize) -> Pair {
    Pair { first: first as u32, second: second as u32 }
}

/// A particle in its cell.
#[derive(Debug, Clone, Copy)]
struct Member<const D: usize> {
    position: [f64; D],
    diameter: f64,
    particle: u32,
}

impl<const D: usize> Member<D> {
    fn new(particle: usize, positions: &[[f64; D]], diameters: &[f64]) -> Self {
        Member { position: positions[particle], diameter: diameters[particle], particle: particle as u32 }
    }
}

/// Particles sorted into cells at least as wide as the reach.
struct CellGrid<const D: usize> {
    /// How many along each axis.
    cells: [usize; D],
    lengths: [f64; D],
    per_length: [f64; D],
    /// Start of each cell in `members`, x running fastest; one more entry than cells.
    starts: Vec<u32>,
    members: Vec<Member<D>>,
}

impl<const D: usize> CellGrid<D> {
    /// `None` when fewer than four cells fit along a side: then all pairs are as quick.
    fn new(side: PeriodicBox<D>, positions: &[[f64; D]], diameters: &[f64], reach: f64) -> Option<Self> {
        // A little wider than the reach, so that rounding a cell's number cannot matter.
        let fit = side.sides().map(|length| (length / (reach * (1.0 + 1e-9))).floor() as usize);
        // A nearly empty box does not take more cells than a few for each particle.
        let along = if D == 3 { cube_root(positions.len() as f64) as usize } else { positions.len().isqrt() };
        let cells = fit.map(|fit| fit.min(4 + 2 * along));
        if cells.iter().any(|cells| *cells < 4) {
            return None;
        }
        let lengths = side.sides();
        let mut grid = CellGrid {
            cells,
            lengths,
            per_length: std::array::from_fn(|axis| cells[axis] as f64 / lengths[axis]),
            starts: vec![0; cells.iter().product::<usize>() + 1],
            members: vec![Member::new(0, positions, diameters); positions.len()],
        };
        for &position in positions {
            let cell = grid.cell(position);
            grid.starts[cell + 1] += 1;
        }
        for cell in 0..grid.starts.len() - 1 {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        let mut next = grid.starts.clone();
        for (i, &position) in positions.iter().enumerate() {
            let cell = grid.cell(position);
            grid.members[next[cell] as usize] = Member::new(i, positions, diameters);
            next[cell] += 1;
        }
        Some(grid)
    }

    fn places(&self, position: [f64; D]) -> [usize; D] {
        std::array::from_fn(|axis| ((position[axis] * self.per_length[axis]) as usize).min(self.cells[axis] - 1))
    }

    fn cell(&self, position: [f64; D]) -> usize {
        let places = self.places(position);
        (0..D).rev().fold(0, |cell, axis| cell * self.cells[axis] + places[axis])
    }

    /// Calls `visit` with the members of the 3 × 3 (× 3) cells around `position` and with what must be added
    /// to a member's position for its nearest image.
    #[inline(always)]
    fn for_each_around(&self, position: [f64; D], mut visit: impl FnMut(&Member<D>, [f64; D])) {
        let (places, lengths) = (self.places(position), self.lengths);
        let (column, last) = (places[0], self.cells[0] - 1);
        // Cells side by side hold consecutive members: one run, or two where the box ends.
        let columns = match column {
            0 => [(0, 2, 0.0), (last, 1, -lengths[0])],
            _ if column == last => [(last - 1, 2, 0.0), (0, 1, lengths[0])],
            _ => [(column - 1, 3, 0.0), (0, 0, 0.0)],
        };
        let around: [[(usize, f64); 3]; D] = std::array::from_fn(|axis| {
            let (place, last) = (places[axis], self.cells[axis] - 1);
            let below = if place == 0 { (last, -lengths[axis]) } else { (place - 1, 0.0) };
            let above = if place == last { (0, lengths[axis]) } else { (place + 1, 0.0) };
            [below, (place, 0.0), above]
        });
        // All rows of cells along x: the other places count in threes.
        for row in 0..3usize.pow(D as u32 - 1) {
            let (mut cell, mut image) = (0, [0.0; D]);
            for axis in (1..D).rev() {
                let (place, shift) = around[axis][row / 3usize.pow(axis as u32 - 1) % 3];
                cell = (cell + place) * self.cells[axis - 1];
                image[axis] = shift;
            }
            for (column, count, across) in columns {
                image[0] = across;
                let run = self.starts[cell + column] as usize..self.starts[cell + column + count] as usize;
                for member in &self.members[run] {
                    visit(member, image);
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
        let potential = Potential::new(2).expect("valid");
        let mut list = PairList::new(start.periodic_box(), start.positions(), start.diameters(), &potential, 0.3);
        let pairs = |list: &PairList| -> Vec<Pair> {
            (0..256)
                .flat_map(|i| list.row(i).map(move |k| (i, k)))
                .map(|(i, k)| pair(i, list.partners()[k] as usize))
                .collect()
        };
        assert_eq!(pairs(&list), interacting_pairs(&start, &potential, 0.3));
        // Everything moves to and fro by just less than half the skin: all that interact are listed.
        let moved: Vec<[f64; 2]> = (0..256).map(|i| if i % 2 == 0 { [0.149, 0.0] } else { [0.0, -0.149] }).collect();
        let near = start.displaced(&moved, 1.0);
        assert!(list.covers(near.positions()));
        let listed = pairs(&list);
        assert!(interacting_pairs(&near, &potential, 0.0).iter().all(|p| listed.contains(p)));
        let mut one = vec![[0.0; 2]; 256];
        one[77] = [0.12, 0.12];
        let far = start.displaced(&one, 1.0);
        assert!(!list.covers(far.positions()));
        list.update(far.positions(), far.diameters(), &potential);
        assert_eq!(pairs(&list), interacting_pairs(&far, &potential, 0.3));
    }

    #[test]
    fn the_grid_finds_what_a_double_loop_finds() {
        finds_what_a_double_loop_finds::<2>([20, 60, 256, 1000]);
        finds_what_a_double_loop_finds::<3>([70, 300, 700, 1500]);
    }

    fn finds_what_a_double_loop_finds<const D: usize>(sizes: [usize; 4]) {
        let potential = Potential::new(2).expect("valid");
        for (index, particles) in sizes.into_iter().enumerate() {
            let seed = Seed::of_realization(5, index as u64);
            let even = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
            // The same density in a box of different sides, where it is not too narrow.
            let stretch: [f64; D] = std::array::from_fn(|axis| [1.25, 0.8, 1.0][axis]);
            let sides = std::array::from_fn(|axis| stretch[axis] * even.periodic_box().sides()[axis]);
            let stretched = even.positions().iter().map(|r| std::array::from_fn(|axis| stretch[axis] * r[axis]));
            let side = PeriodicBox::of_sides(sides).expect("positive");
            let oblong = Configuration::new(side, stretched.collect(), even.diameters().to_vec()).expect("valid");
            let oblong = Some(oblong).filter(|oblong| potential.check(oblong).is_ok());
            assert!(oblong.is_some() || index == 0, "{particles} particles");
            for (configuration, skin) in
                [Some(&even), oblong.as_ref()].into_iter().flatten().flat_map(|glass| [(glass, 0.0), (glass, 0.3)])
            {
                let mut expected = Vec::new();
                for i in 0..particles {
                    for j in i + 1..particles {
                        let apart = configuration
                            .periodic_box()
                            .separation(configuration.positions()[i], configuration.positions()[j]);
                        let (first, second) = (configuration.diameters()[i], configuration.diameters()[j]);
                        let range = potential.cutoff() * potential.scale(first, second).diameter + skin;
                        if square(apart) < range * range {
                            expected.push(pair(i, j));
                        }
                    }
                }
                assert_eq!(interacting_pairs(configuration, &potential, skin), expected);
            }
        }
    }
}
