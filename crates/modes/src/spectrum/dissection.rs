//! The elimination order: nested dissection by the positions of the particles.
//!
//! The particles are cut into two halves by a straight line or a plane (in a periodic box at first by two);
//! those that it touches, the separator, come last, and each half is cut in turn. What is
//! eliminated in one half never meets the other, so L fills in little. George (1973),
//! doi:10.1137/0710032.
//!
//! Of all cuts near the middle the one is taken that touches the fewest particles of one side; the
//! separator is then the smallest set of particles, of both sides, without which no bond crosses: a
//! minimum vertex cover, by a maximum matching (Kőnig's theorem).

use glass::space::minus;

/// Particles that are not cut any further.
const LEAF: usize = 4;

/// Part of the particles that a cut leaves on the smaller side at least.
const SMALLER_HALF: f64 = 0.44;

const NOBODY: u32 = u32::MAX;

/// Neighbours of each particle.
#[derive(Debug, Clone)]
pub(super) struct Bonds {
    /// The neighbours of particle i are `neighbours[starts[i]..starts[i + 1]]`.
    pub(super) starts: Vec<usize>,
    pub(super) neighbours: Vec<usize>,
}

impl Bonds {
    pub(super) fn particles(&self) -> usize {
        self.starts.len() - 1
    }

    fn of(&self, particle: u32) -> &[usize] {
        &self.neighbours[self.starts[particle as usize]..self.starts[particle as usize + 1]]
    }
}

/// The particles in elimination order. A function of the arguments alone.
pub(super) fn dissect<const D: usize>(bonds: &Bonds, positions: &[[f64; D]]) -> Vec<usize> {
    let particles = bonds.particles();
    let mut dissection = Dissection {
        bonds,
        positions,
        rank: vec![NOBODY; particles],
        mate: vec![NOBODY; particles],
        visit: vec![0; particles],
        visits: 0,
        order: Vec::with_capacity(particles),
    };
    dissection.order_part(&mut (0..particles as u32).collect::<Vec<u32>>());
    dissection.order
}

struct Dissection<'a, const D: usize> {
    bonds: &'a Bonds,
    positions: &'a [[f64; D]],
    /// Place along the axis of those that are being cut; [`NOBODY`] for all others.
    rank: Vec<u32>,
    /// Partner in the matching.
    mate: Vec<u32>,
    /// Number of the last search that came by.
    visit: Vec<u32>,
    visits: u32,
    order: Vec<usize>,
}

impl<const D: usize> Dissection<'_, D> {
    /// Appends the particles of `part` in their order.
    fn order_part(&mut self, part: &mut [u32]) {
        if part.len() <= LEAF {
            self.order.extend(part.iter().map(|&particle| particle as usize));
            return;
        }
        let axis = self.longest_axis(part);
        let along = |particle: u32, axis: usize| self.positions[particle as usize][axis];
        part.sort_unstable_by(|&a, &b| along(a, axis).total_cmp(&along(b, axis)).then(a.cmp(&b)));
        for (rank, &particle) in part.iter().enumerate() {
            self.rank[particle as usize] = rank as u32;
        }
        let cut = self.best_cut(part);
        let mut separator = self.separator(part, cut);
        for &particle in &separator {
            self.rank[particle as usize] = NOBODY;
        }
        let (low, high) = part.split_at(cut);
        let without_separator = |half: &[u32]| -> Vec<u32> {
            half.iter().copied().filter(|&particle| self.rank[particle as usize] != NOBODY).collect()
        };
        let (mut low, mut high) = (without_separator(low), without_separator(high));
        for &particle in &*part {
            self.rank[particle as usize] = NOBODY;
        }
        separator.sort_unstable_by(|&a, &b| {
            let along = |particle: u32| self.positions[particle as usize][(axis + 1) % D];
            along(a).total_cmp(&along(b)).then(a.cmp(&b))
        });
        self.order_part(&mut low);
        self.order_part(&mut high);
        self.order.extend(separator.into_iter().map(|particle| particle as usize));
    }

    fn longest_axis(&self, part: &[u32]) -> usize {
        let (mut least, mut most) = ([f64::INFINITY; D], [f64::NEG_INFINITY; D]);
        for &particle in part {
            for axis in 0..D {
                let coordinate = self.positions[particle as usize][axis];
                least[axis] = least[axis].min(coordinate);
                most[axis] = most[axis].max(coordinate);
            }
        }
        let extent = minus(most, least);
        (1..D).fold(0, |longest, axis| if extent[axis] > extent[longest] { axis } else { longest })
    }

    /// The number of particles below the cut that the fewest of them have bonds across.
    fn best_cut(&self, part: &[u32]) -> usize {
        // A particle has a bond across each cut above itself up to its highest neighbour.
        let mut change = vec![0i32; part.len() + 1];
        for (rank, &particle) in part.iter().enumerate() {
            let highest = self.inside(particle).map(|(_, rank)| rank as usize).max().unwrap_or(0);
            if highest > rank {
                change[rank + 1] += 1;
                change[highest + 1] -= 1;
            }
        }
        let least = ((SMALLER_HALF * part.len() as f64) as usize).max(1);
        let (mut across, mut best) = (0, (i32::MAX, part.len() / 2));
        for (cut, change) in change.into_iter().enumerate().take(part.len() - least + 1) {
            across += change;
            if cut >= least {
                best = best.min((across, cut));
            }
        }
        best.1
    }

    /// The neighbours of a particle in the part that is being cut, and their ranks.
    fn inside(&self, particle: u32) -> impl Iterator<Item = (u32, u32)> {
        let ranks = self.bonds.of(particle).iter().map(|&other| (other as u32, self.rank[other]));
        ranks.filter(|&(_, rank)| rank != NOBODY)
    }

    /// The smallest set without which nothing below the cut has a bond with anything above.
    fn separator(&mut self, part: &[u32], cut: usize) -> Vec<u32> {
        let (low, high) = part.split_at(cut);
        for &particle in part {
            self.mate[particle as usize] = NOBODY;
        }
        for &particle in low {
            self.visits += 1;
            self.match_or_move(particle, cut as u32);
        }
        // Reached from those without a mate, along bonds one way and matches the other: of them the
        // upper ones cover, of the others the lower ones that are matched.
        self.visits += 1;
        let mut reached: Vec<u32> =
            low.iter().copied().filter(|&particle| self.mate[particle as usize] == NOBODY).collect();
        for &particle in &reached {
            self.visit[particle as usize] = self.visits;
        }
        while let Some(particle) = reached.pop() {
            for k in self.bonds.starts[particle as usize]..self.bonds.starts[particle as usize + 1] {
                let other = self.bonds.neighbours[k];
                if !self.is_above(other, cut as u32) || self.visit[other] == self.visits {
                    continue;
                }
                self.visit[other] = self.visits;
                let mate = self.mate[other];
                if mate != NOBODY && self.visit[mate as usize] != self.visits {
                    self.visit[mate as usize] = self.visits;
                    reached.push(mate);
                }
            }
        }
        let is_reached = |particle: u32| self.visit[particle as usize] == self.visits;
        let lower = low.iter().filter(|&&particle| self.mate[particle as usize] != NOBODY && !is_reached(particle));
        let upper = high.iter().filter(|&&particle| is_reached(particle));
        lower.chain(upper).copied().collect()
    }

    fn is_above(&self, particle: usize, cut: u32) -> bool {
        self.rank[particle] != NOBODY && self.rank[particle] >= cut
    }

    /// Finds a mate above the cut for `particle`, if need be by giving others new ones; whether it did.
    fn match_or_move(&mut self, particle: u32, cut: u32) -> bool {
        for k in self.bonds.starts[particle as usize]..self.bonds.starts[particle as usize + 1] {
            let other = self.bonds.neighbours[k];
            if !self.is_above(other, cut) || self.visit[other] == self.visits {
                continue;
            }
            self.visit[other] = self.visits;
            if self.mate[other] == NOBODY || self.match_or_move(self.mate[other], cut) {
                self.mate[other] = particle;
                self.mate[particle as usize] = other as u32;
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::factorization::by_minimum_degree;
    use super::*;

    /// A lattice of `side` × `side` particles with six neighbours each in a periodic box.
    fn lattice(side: usize) -> (Bonds, Vec<[f64; 2]>) {
        let (mut starts, mut neighbours) = (vec![0], Vec::new());
        for i in 0..side * side {
            let (x, y) = (i % side, i / side);
            for (dx, dy) in [(1, 0), (0, 1), (side - 1, 0), (0, side - 1), (1, side - 1), (side - 1, 1)] {
                neighbours.push((y + dy) % side * side + (x + dx) % side);
            }
            neighbours[starts[i]..].sort_unstable();
            starts.push(neighbours.len());
        }
        let positions = (0..side * side).map(|i| [(i % side) as f64, (i / side) as f64]).collect();
        (Bonds { starts, neighbours }, positions)
    }

    /// Entries of L below the diagonal, by plain elimination.
    fn fill(bonds: &Bonds, order: &[usize]) -> usize {
        let particles = bonds.particles();
        let mut joined = vec![vec![false; particles]; particles];
        for i in 0..particles {
            for &j in bonds.of(i as u32) {
                joined[i][j] = true;
            }
        }
        let mut entries = 0;
        for (k, &i) in order.iter().enumerate() {
            let later: Vec<usize> = order[k + 1..].iter().copied().filter(|&j| joined[i][j]).collect();
            entries += later.len();
            for &a in &later {
                for &b in &later {
                    joined[a][b] = true;
                }
            }
        }
        entries
    }

    #[test]
    fn the_order_is_a_permutation_that_fills_less_than_minimum_degree() {
        let (bonds, positions) = lattice(40);
        let order = dissect(&bonds, &positions);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..40 * 40));
        let minimum_degree = by_minimum_degree(bonds.clone()).expect("ordered");
        let (dissected, other) = (fill(&bonds, &order), fill(&bonds, &minimum_degree));
        assert!(dissected < other, "{dissected} {other}");
    }

    #[test]
    fn a_separator_parts_the_halves_and_is_no_larger_than_a_side() {
        let (bonds, positions) = lattice(12);
        let mut dissection = Dissection {
            bonds: &bonds,
            positions: &positions,
            rank: (0..144).collect(),
            mate: vec![NOBODY; 144],
            visit: vec![0; 144],
            visits: 0,
            order: Vec::new(),
        };
        let part: Vec<u32> = (0..144).collect();
        for cut in [1, 5, 60, 72, 77, 143] {
            let separator = dissection.separator(&part, cut);
            // Two rows part the lattice, or all that is below a cut, or above.
            assert!(separator.len() <= 24.min(cut).min(144 - cut), "{cut}: {separator:?}");
            for below in (0..cut as u32).filter(|particle| !separator.contains(particle)) {
                let above = |other: &&usize| **other >= cut && !separator.contains(&(**other as u32));
                assert!(!bonds.of(below).iter().any(|other| above(&other)), "{cut}: {below}");
            }
        }
    }

    #[test]
    fn particles_without_bonds_and_in_one_place_are_ordered_too() {
        let bonds = Bonds { starts: vec![0; 21], neighbours: Vec::new() };
        for mut order in [dissect(&bonds, &[[1.0; 2]; 20]), dissect(&bonds, &[[1.0; 3]; 20])] {
            order.sort_unstable();
            assert!(order.into_iter().eq(0..20));
        }
        assert!(dissect::<2>(&Bonds { starts: vec![0], neighbours: Vec::new() }, &[]).is_empty());
    }
}
