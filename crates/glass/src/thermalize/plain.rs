//! Swap Monte Carlo in its plainest form: the slow, obvious twin of [`super::Sampler`].
//!
//! Every energy is computed anew, from the cells around a particle, before and after each trial;
//! nothing is cached. It makes the same trials in the same order, so tests can hold the fast sampler
//! against it decision by decision, and benches can tell what the rest buys.

use super::draws::{BATCH, Displacement, DrawSettings, Draws, Kind, Swap};
use super::failure::ThermalizeFailure;
use super::ladder::Ladder;
use super::moves::{Acceptance, Moves};
use super::sampled::Sampled;
use super::settings::check_sampling;
use super::trials::Trials;
use crate::configuration::{Configuration, InvalidConfiguration};
use crate::instruction_set::InstructionSet;
use crate::interaction::Potential;
use crate::lanes::Portable;
use crate::periodic::PeriodicBox;
use crate::random::EightStreams;
use crate::space::{plus, square};

/// A plain Metropolis sampler in D dimensions.
#[derive(Debug, Clone)]
pub struct PlainSampler<const D: usize = 2> {
    side: PeriodicBox<D>,
    sampled: Sampled,
    positions: Vec<[f64; D]>,
    diameters: Vec<f64>,
    cells: Cells<D>,
    ladder: Ladder,
    draws: DrawSettings,
    streams: EightStreams,
    acceptance: Acceptance,
}

impl<const D: usize> PlainSampler<D> {
    /// A sampler that starts from `configuration`.
    ///
    /// # Errors
    /// As [`super::Sampler::new`].
    pub fn new(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
    ) -> Result<Self, ThermalizeFailure> {
        let sampled = check_sampling(configuration, potential, temperature, moves)?;
        let side = configuration.periodic_box();
        let largest = configuration.diameters().iter().copied().fold(0.0, f64::max);
        let mut cells = Cells::new(side, sampled.cutoff * largest);
        for (i, &position) in configuration.positions().iter().enumerate() {
            cells.insert(i, position);
        }
        Ok(PlainSampler {
            side,
            sampled,
            positions: configuration.positions().to_vec(),
            diameters: configuration.diameters().to_vec(),
            cells,
            ladder: Ladder::new(configuration.diameters(), moves.swap),
            draws: DrawSettings::new(configuration.particles(), temperature, moves),
            streams,
            acceptance: Acceptance::default(),
        })
    }

    /// Metropolis, doi:10.1063/1.1699114.
    fn displace(&mut self, trial: Displacement<D>) {
        let i = trial.particle;
        let old = self.positions[i];
        let new = self.side.wrapped(plus(old, 1.0, trial.by));
        let before = self.energy_of(i);
        self.positions[i] = new;
        let rise = self.energy_of(i) - before;
        self.acceptance.displacements += 1;
        if rise <= trial.allowance {
            self.acceptance.displacements_accepted += 1;
            self.cells.remove(i, old);
            self.cells.insert(i, new);
        } else {
            self.positions[i] = old;
        }
    }

    /// A lifted swap (`ladder.rs`).
    fn climb(&mut self, walker: usize, step: usize, allowance: f64) {
        let [active, partner] = self.ladder.pair(walker, step);
        if self.swap(active, partner, allowance) {
            self.ladder.exchange(active, partner);
        } else {
            self.ladder.activate(walker, partner);
        }
    }

    /// Exchanges two diameters if the energy rises by no more than `allowance`; whether it did.
    fn swap(&mut self, i: usize, j: usize, allowance: f64) -> bool {
        let before = self.energy_of(i) + self.energy_of(j) - self.energy_between(i, j);
        self.diameters.swap(i, j);
        let rise = self.energy_of(i) + self.energy_of(j) - self.energy_between(i, j) - before;
        self.acceptance.swaps += 1;
        let accepted = rise <= allowance;
        if accepted {
            self.acceptance.swaps_accepted += 1;
        } else {
            self.diameters.swap(i, j);
        }
        accepted
    }

    /// Σ_j φ_ij at the present positions and diameters.
    fn energy_of(&self, i: usize) -> f64 {
        let mut energy = 0.0;
        self.cells.visit_around(self.positions[i], |j| {
            if j != i {
                energy += self.energy_between(i, j);
            }
        });
        energy
    }

    fn energy_between(&self, i: usize, j: usize) -> f64 {
        let distance_squared = square(self.side.separation_inside(self.positions[i], self.positions[j]));
        let sigma = self.sampled.diameter(self.diameters[i], self.diameters[j]);
        self.sampled.energy(distance_squared / (sigma * sigma))
    }
}

impl<const D: usize> Trials<D> for PlainSampler<D> {
    /// It uses no vector instructions.
    fn start(
        configuration: &Configuration<D>,
        potential: &Potential,
        temperature: f64,
        moves: Moves,
        streams: EightStreams,
        _: InstructionSet,
    ) -> Result<Self, ThermalizeFailure> {
        PlainSampler::new(configuration, potential, temperature, moves, streams)
    }

    fn run(&mut self, sweeps: u64) {
        let mut draws = Draws::new();
        for _ in 0..sweeps {
            for begin in (0..self.positions.len()).step_by(BATCH) {
                draws.draw(Portable, &self.draws, &mut self.streams, begin, self.positions.len() - begin);
                for eight in 0..draws.eights() {
                    let mut made = 0;
                    while let Some(run) = draws.run(eight, made) {
                        for k in 0..run.count {
                            match run.kind {
                                Kind::Displacements => self.displace(draws.displacement(&run, k)),
                                Kind::Swaps => match self.ladder.steps() {
                                    None => {
                                        let Swap { first, second, allowance } = draws.swap(&run, k);
                                        self.swap(first, second, allowance);
                                    }
                                    Some(steps) => {
                                        let (step, allowance) = draws.climb(&run, k, steps);
                                        self.climb(run.first + k, step, allowance);
                                    }
                                },
                            }
                        }
                        made += run.count;
                    }
                }
            }
        }
    }

    fn energy(&self) -> f64 {
        (0..self.positions.len()).map(|i| 0.5 * self.energy_of(i)).sum::<f64>() / self.positions.len() as f64
    }

    fn acceptance(&self) -> Acceptance {
        self.acceptance
    }

    fn configuration(&self) -> Result<Configuration<D>, InvalidConfiguration> {
        Configuration::new(self.side, self.positions.clone(), self.diameters.clone())
    }

    fn into_streams(self) -> EightStreams {
        self.streams
    }
}

/// Particles sorted into square or cubic cells at least as wide as the largest cutoff.
#[derive(Debug, Clone)]
struct Cells<const D: usize> {
    /// Along one side; fewer than three fit into a small box, which then is one cell.
    count: usize,
    width: f64,
    members: Vec<Vec<u32>>,
}

impl<const D: usize> Cells<D> {
    fn new(side: PeriodicBox<D>, reach: f64) -> Self {
        let fit = (side.longest() / reach) as usize;
        let count = if fit < 3 { 1 } else { fit };
        Cells { count, width: side.longest() / count as f64, members: vec![Vec::new(); count.pow(D as u32)] }
    }

    fn places(&self, position: [f64; D]) -> [usize; D] {
        position.map(|coordinate| ((coordinate / self.width) as usize).min(self.count - 1))
    }

    /// The cell at these places along the axes; x runs fastest.
    fn at(&self, places: [usize; D]) -> usize {
        places.into_iter().rev().fold(0, |cell, place| cell * self.count + place)
    }

    fn insert(&mut self, particle: usize, position: [f64; D]) {
        let cell = self.at(self.places(position));
        self.members[cell].push(particle as u32);
    }

    fn remove(&mut self, particle: usize, position: [f64; D]) {
        let cell = self.at(self.places(position));
        self.members[cell].retain(|&member| member as usize != particle);
    }

    /// All particles in the cells around `position`, each once.
    fn visit_around(&self, position: [f64; D], mut visit: impl FnMut(usize)) {
        let middle = self.places(position);
        // From one cell before to one after, around the box; a single cell is its own neighbourhood.
        let span: usize = if self.count == 1 { 1 } else { 3 };
        for number in 0..span.pow(D as u32) {
            let mut places = middle;
            for axis in 0..D {
                let step = number / span.pow(axis as u32) % span;
                places[axis] = (middle[axis] + self.count + step - span / 2) % self.count;
            }
            for &member in &self.members[self.at(places)] {
                visit(member as usize);
            }
        }
    }
}
