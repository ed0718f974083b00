//! The ladder of diameters, and the walkers that climb it: lifted swaps.
//!
//! A uniform swap exchanges the diameters of a particle and of any other, and most are so different that it
//! is rejected. A *lifted* swap (Nishikawa, Ghimenti, Berthier and van Wijland, arXiv:2501.09932) has a
//! memory: an active particle a, whose diameter is the r-th smallest. With k drawn uniformly from 1 … K, the
//! partner b is the particle of rank (r + k) mod N, and the exchange is accepted with probability
//! min(1, exp(−ΔU/T)). If it is accepted, a stays active and so climbs on; if it is rejected, b becomes
//! active. This is no detailed balance, but it leaves exp(−U/T) × (a uniform) as it is: what flows into a
//! state with a active is min(π′, π) from the state before the exchange and π − min(π′, π) from the rejected
//! one.
//!
//! Eight walkers, each with an active particle of its own, take turns. Each move leaves
//! exp(−U/T) × (all active particles uniform) as it is, so any order of them does; and since no walker's
//! next trial depends on the outcome of another's, eight trials are known before the first is decided.

use super::draws::EIGHT;
use super::moves::SwapProposal;

/// Ranks of all diameters, and where the walkers stand.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    /// Rank of each particle's diameter, from 0.
    ranks: Vec<u32>,
    /// The particle of each rank.
    holders: Vec<u32>,
    /// The active particle of each walker.
    active: [u32; EIGHT],
    /// K; 0 for uniform swaps, which climb nothing.
    steps: u64,
}

impl Ladder {
    /// The ladder of `diameters`, equal ones in the order of their particles. The walkers begin evenly
    /// spread over the particles.
    pub(super) fn new(diameters: &[f64], proposal: SwapProposal) -> Self {
        let particles = diameters.len();
        let SwapProposal::Lifted { range } = proposal else {
            return Ladder { ranks: Vec::new(), holders: Vec::new(), active: [0; EIGHT], steps: 0 };
        };
        let mut holders: Vec<u32> = (0..particles as u32).collect();
        holders.sort_by(|&a, &b| diameters[a as usize].total_cmp(&diameters[b as usize]));
        let mut ranks = vec![0; particles];
        for (rank, &holder) in holders.iter().enumerate() {
            ranks[holder as usize] = rank as u32;
        }
        let steps = ((range * particles as f64).round() as u64).clamp(1, particles as u64 - 1);
        Ladder { ranks, holders, active: std::array::from_fn(|walker| (walker * particles / EIGHT) as u32), steps }
    }

    /// K, the largest step of a lifted swap; `None` for uniform ones.
    #[inline(always)]
    pub(super) fn steps(&self) -> Option<u64> {
        (self.steps > 0).then_some(self.steps)
    }

    /// The active particle of `walker`, and the one `step` ranks above it, around the end.
    #[inline(always)]
    pub(super) fn pair(&self, walker: usize, step: usize) -> [usize; 2] {
        let active = self.active[walker] as usize;
        let above = self.ranks[active] as usize + step;
        let rank = if above < self.holders.len() { above } else { above - self.holders.len() };
        [active, self.holders[rank] as usize]
    }

    /// Two particles have exchanged their diameters.
    #[inline(always)]
    pub(super) fn exchange(&mut self, first: usize, second: usize) {
        self.ranks.swap(first, second);
        self.holders[self.ranks[first] as usize] = first as u32;
        self.holders[self.ranks[second] as usize] = second as u32;
    }

    /// `particle` becomes the active one of `walker`.
    #[inline(always)]
    pub(super) fn activate(&mut self, walker: usize, particle: usize) {
        self.active[walker] = particle as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_so_many_ranks_apart_around_the_end() {
        let mut ladder = Ladder::new(&[0.9, 1.2, 0.7, 1.0], SwapProposal::Lifted { range: 0.75 });
        assert_eq!(ladder.steps(), Some(3));
        ladder.activate(5, 0);
        // Ascending: 2, 0, 3, 1.
        assert_eq!([1, 2, 3].map(|step| ladder.pair(5, step)), [[0, 3], [0, 1], [0, 2]]);
        ladder.exchange(0, 3);
        assert_eq!([1, 2, 3].map(|step| ladder.pair(5, step)), [[0, 1], [0, 2], [0, 3]]);
    }

    #[test]
    fn a_range_is_at_least_a_rank_and_never_all_of_them() {
        let steps = |particles: usize, range| {
            let diameters = vec![1.0; particles];
            Ladder::new(&diameters, SwapProposal::Lifted { range }).steps()
        };
        assert_eq!(
            [steps(2, 1e-3), steps(2, 1.0), steps(1000, 0.1), steps(5, 1.0)].map(Option::unwrap),
            [1, 1, 100, 4]
        );
        assert_eq!(Ladder::new(&[1.0, 2.0], SwapProposal::Uniform).steps(), None);
    }

    /// Five particles of fixed positions, every assignment of five diameters and every active particle: the
    /// transition matrix of one lifted swap, built from what the ladder says, applied once to
    /// exp(−U/T) × uniform.
    #[test]
    fn a_lifted_swap_leaves_boltzmann_times_uniform_as_it_is() {
        let diameters = [0.8, 0.9, 1.0, 1.1, 1.25];
        let positions: [[f64; 2]; 5] = [[0.0, 0.0], [1.0, 0.1], [0.2, 1.1], [1.2, 1.0], [0.6, 0.5]];
        let potential = crate::Potential::new(2).expect("valid");
        let energy = |assigned: &[usize; 5]| {
            let mut sum = 0.0;
            for i in 0..5 {
                for j in i + 1..5 {
                    let (dx, dy) = (positions[i][0] - positions[j][0], positions[i][1] - positions[j][1]);
                    let sigma = potential.scale(diameters[assigned[i]], diameters[assigned[j]]).diameter;
                    sum += potential.value((dx * dx + dy * dy) / (sigma * sigma));
                }
            }
            sum
        };
        let mut assignments: Vec<[usize; 5]> = vec![[0; 5]];
        for place in 0..5 {
            let longer = assignments.iter().flat_map(|partial| {
                let free = (0..5).filter(|diameter| !partial[..place].contains(diameter));
                free.map(|diameter| {
                    let mut next = *partial;
                    next[place] = diameter;
                    next
                })
            });
            assignments = longer.collect();
        }
        assert_eq!(assignments.len(), 120);
        let temperature = 5.0;
        let weight = |assigned: &[usize; 5]| (-energy(assigned) / temperature).exp();
        let total: f64 = assignments.iter().map(weight).sum::<f64>() * 5.0;
        let place = |assigned: &[usize; 5]| assignments.iter().position(|a| a == assigned).expect("a permutation");
        for range in [0.2, 0.4, 0.8] {
            let mut after = vec![[0.0; 5]; 120];
            for assigned in &assignments {
                let held = assigned.map(|diameter| diameters[diameter]);
                let mut ladder = Ladder::new(&held, SwapProposal::Lifted { range });
                let steps = ladder.steps().expect("lifted") as usize;
                for active in 0..5 {
                    ladder.activate(0, active);
                    for step in 1..=steps {
                        let [a, b] = ladder.pair(0, step);
                        let mut exchanged = *assigned;
                        exchanged.swap(a, b);
                        let accepted = (weight(&exchanged) / weight(assigned)).min(1.0);
                        let part = weight(assigned) / total / steps as f64;
                        after[place(&exchanged)][a] += part * accepted;
                        after[place(assigned)][b] += part * (1.0 - accepted);
                    }
                }
            }
            for assigned in &assignments {
                for active in after[place(assigned)] {
                    assert!((active - weight(assigned) / total).abs() < 1e-16, "{range}: {active}");
                }
            }
        }
    }
}
