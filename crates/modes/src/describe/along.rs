//! The actual potential along a mode: U(q₀ + sΨ) − U(q₀) and its slope, for many s.
//!
//! Along a straight line the squared distance of a pair is a parabola in s, x² = (r/σ_ij)² =
//! A + Bs + Cs² with A = |R|²/σ², B = 2R·δ/σ², C = |δ|²/σ², R the separation at s = 0 and
//! δ = Ψ_j − Ψ_i. So a pair costs two multiplications and φ(x²), and nothing is looked up again.

use glass::configuration::Configuration;
use glass::interaction::{Shape, ShapeOver};
use glass::pairs::{Pair, interacting_pairs};
use glass::space::{dot, minus, square};
use glass::{InstructionSet, Potential, for_shape};

/// No particle is moved further along a mode than this: half a mean diameter, beyond which an
/// expansion about q₀ says nothing and neighbours begin to change places.
pub const DISPLACEMENT_MAX: f64 = 0.5;

/// Pairs are summed in this many lanes, so that the order of additions is the same on every machine.
const LANES: usize = 8;

/// Every pair that may interact while no particle moves by more than [`Neighbourhood::displacement_max`].
#[derive(Debug, Clone)]
pub struct Neighbourhood<const D: usize = 2> {
    potential: Potential,
    particles: usize,
    displacement_max: f64,
    neighbours: Vec<Neighbour<D>>,
}

#[derive(Debug, Clone, Copy)]
struct Neighbour<const D: usize> {
    pair: Pair,
    /// From the first to the second.
    separation: [f64; D],
    inverse_diameter_squared: f64,
    /// ε_ij.
    energy: f64,
}

impl<const D: usize> Neighbourhood<D> {
    /// The pairs around q₀ = `configuration`.
    ///
    /// In a small box the displacements are limited further, to half of what is left between the
    /// largest cutoff and half of the shortest side: then only the image of a pair that is nearest at q₀ ever interacts.
    pub fn new(configuration: &Configuration<D>, potential: &Potential) -> Self {
        let side = configuration.periodic_box();
        let cutoff = potential.range(configuration.diameters());
        let displacement_max = DISPLACEMENT_MAX.min(0.5 * (0.5 * side.shortest() - cutoff).max(0.0));
        let neighbours = interacting_pairs(configuration, potential, 2.0 * displacement_max)
            .into_iter()
            .map(|pair| {
                let (i, j) = (pair.first as usize, pair.second as usize);
                let scale = potential.scale(configuration.diameters()[i], configuration.diameters()[j]);
                Neighbour {
                    pair,
                    separation: side.separation(configuration.positions()[i], configuration.positions()[j]),
                    inverse_diameter_squared: 1.0 / (scale.diameter * scale.diameter),
                    energy: scale.energy,
                }
            })
            .collect();
        Neighbourhood {
            potential: potential.clone(),
            particles: configuration.particles(),
            displacement_max,
            neighbours,
        }
    }

    /// Largest displacement of a particle for which the pairs are complete.
    pub fn displacement_max(&self) -> f64 {
        self.displacement_max
    }

    /// The energy along `mode` (N × D) for |s| ≤ `reach`, or as far as [`Neighbourhood::displacement_max`]
    /// lets the particle that moves most.
    ///
    /// # Panics
    /// If `mode` has not one vector for each particle.
    pub fn along(&self, mode: &[[f64; D]], reach: f64) -> EnergyAlong {
        assert_eq!(mode.len(), self.particles);
        let largest = mode.iter().map(|&v| square(v)).fold(0.0, f64::max).sqrt();
        let reach = if reach * largest > self.displacement_max { self.displacement_max / largest } else { reach };
        let instruction_set = InstructionSet::detect();
        let cutoff_squared = self.potential.cutoff() * self.potential.cutoff();
        let mut line = EnergyAlong { instruction_set, reach, potential: self.potential.clone(), blocks: Vec::new() };
        let empty = PairBlock::empty(cutoff_squared);
        let mut block = empty;
        let mut filled = 0;
        for neighbour in &self.neighbours {
            let (from, to) = (mode[neighbour.pair.first as usize], mode[neighbour.pair.second as usize]);
            let delta = minus(to, from);
            let scale = neighbour.inverse_diameter_squared;
            let constant = square(neighbour.separation) * scale;
            let linear = 2.0 * dot(neighbour.separation, delta) * scale;
            let square = square(delta) * scale;
            // The parabola is lowest at −B/2C, or at an end when that lies outside.
            let lowest = if linear.abs() < 2.0 * square * reach { linear.abs() / (2.0 * square) } else { reach };
            if constant - lowest * (linear.abs() - square * lowest) >= cutoff_squared {
                continue;
            }
            block.constant[filled] = constant;
            block.linear[filled] = linear;
            block.square[filled] = square;
            block.initial[filled] = self.potential.value(constant);
            block.energy[filled] = neighbour.energy;
            filled += 1;
            if filled == LANES {
                line.blocks.push(block);
                (block, filled) = (empty, 0);
            }
        }
        if filled > 0 {
            line.blocks.push(block);
        }
        line
    }
}

/// U(q₀ + sΨ) − U(q₀) as a function of s.
#[derive(Debug, Clone)]
pub struct EnergyAlong {
    instruction_set: InstructionSet,
    reach: f64,
    potential: Potential,
    blocks: Vec<PairBlock>,
}

/// [`LANES`] pairs: x² = constant + linear·s + square·s², φ/ε_ij at s = 0, and ε_ij.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct PairBlock {
    constant: [f64; LANES],
    linear: [f64; LANES],
    square: [f64; LANES],
    initial: [f64; LANES],
    energy: [f64; LANES],
}

impl PairBlock {
    /// Pairs that never interact.
    fn empty(cutoff_squared: f64) -> PairBlock {
        PairBlock {
            constant: [2.0 * cutoff_squared; LANES],
            linear: [0.0; LANES],
            square: [0.0; LANES],
            initial: [0.0; LANES],
            energy: [1.0; LANES],
        }
    }
}

impl EnergyAlong {
    /// The largest |s| at which it may be asked.
    pub fn reach(&self) -> f64 {
        self.reach
    }

    /// U(q₀ + sΨ) − U(q₀), summed over the differences of pairs, so that small values keep their
    /// digits. Beyond the reach pairs may be missing.
    pub fn energy(&self, s: f64) -> f64 {
        for_shape!(self.potential, shape => match self.instruction_set {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `EnergyAlong` is only made with an instruction set that this machine has.
            InstructionSet::Avx512 => unsafe { energy_avx512(&self.blocks, shape, s) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            InstructionSet::Avx2 => unsafe { energy_avx2(&self.blocks, shape, s) },
            _ => energy(&self.blocks, shape, s),
        })
    }

    /// dU/ds = −F·Ψ at s.
    pub fn slope(&self, s: f64) -> f64 {
        for_shape!(self.potential, shape => match self.instruction_set {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            InstructionSet::Avx512 => unsafe { slope_avx512(&self.blocks, shape, s) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            InstructionSet::Avx2 => unsafe { slope_avx2(&self.blocks, shape, s) },
            _ => slope(&self.blocks, shape, s),
        })
    }
}

/// Σ φ(x²(s)) − φ(x²(0)).
#[inline(always)]
fn energy<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    let cutoff_squared = shape.cutoff() * shape.cutoff();
    let shape = shape.over(|constant: f64| constant);
    let mut sums = [0.0; LANES];
    for block in blocks {
        for lane in 0..LANES {
            let x2 = block.constant[lane] + s * (block.linear[lane] + s * block.square[lane]);
            let value = shape.value(x2);
            let value = if x2 < cutoff_squared { value } else { 0.0 };
            sums[lane] += block.energy[lane] * (value - block.initial[lane]);
        }
    }
    sums.iter().sum()
}

/// Σ dφ/d(x²) d(x²)/ds.
#[inline(always)]
fn slope<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    let cutoff_squared = shape.cutoff() * shape.cutoff();
    let shape = shape.over(|constant: f64| constant);
    let mut sums = [0.0; LANES];
    for block in blocks {
        for lane in 0..LANES {
            let x2 = block.constant[lane] + s * (block.linear[lane] + s * block.square[lane]);
            let derivative = 0.5 * block.energy[lane] * shape.value_and_slope(x2).1;
            let slope = derivative * (block.linear[lane] + 2.0 * s * block.square[lane]);
            sums[lane] += if x2 < cutoff_squared { slope } else { 0.0 };
        }
    }
    sums.iter().sum()
}

// The same loops, compiled for more lanes at once: the same operations in the same order.

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn energy_avx2<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    energy(blocks, shape, s)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn energy_avx512<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    energy(blocks, shape, s)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn slope_avx2<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    slope(blocks, shape, s)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn slope_avx512<S: Shape>(blocks: &[PairBlock], shape: &S, s: f64) -> f64 {
    slope(blocks, shape, s)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{all_pairs, energy, minimum, minimum_in, modes};
    use super::*;
    use glass::PeriodicBox;

    glass::test_on_each_instruction_set! {
        energy_and_slope_agree_with_double_loops,
        the_reach_is_what_the_fastest_particle_allows,
    }

    fn energy_and_slope_agree_with_double_loops() {
        agree_with_double_loops::<2>([(20, 64, 2), (21, 64, 3), (22, 100, 4)]);
        agree_with_double_loops::<3>([(20, 100, 2), (21, 120, 3), (22, 150, 4)]);
    }

    fn agree_with_double_loops<const D: usize>(systems: [(u64, usize, u32); 3]) {
        for (index, particles, q) in systems {
            let minimum = minimum_in::<D>(index, particles, q);
            let (configuration, potential) = (minimum.configuration(), minimum.potential());
            let neighbourhood = Neighbourhood::new(configuration, potential);
            let at_rest = energy(configuration, potential);
            for mode in modes(&minimum).iter().step_by(17) {
                let line = neighbourhood.along(&mode.vector, f64::INFINITY);
                let pairs = all_pairs(configuration, &mode.vector);
                for fraction in [-1.0, -0.4, -0.01, 0.0, 0.2, 0.7, 1.0] {
                    let s = fraction * line.reach();
                    let moved = energy(&configuration.displaced(&mode.vector, s), potential);
                    // The double loop subtracts two totals. Where particles are pushed into each other
                    // (up to 10¹⁶ ε at full reach) the rounding of positions counts, twelvefold over r.
                    let bound = 1e-12 * at_rest + 1e-10 * (moved - at_rest).abs();
                    assert!((line.energy(s) - (moved - at_rest)).abs() < bound, "{} {moved} {at_rest}", line.energy(s));

                    let (mut slope, mut magnitude) = (0.0, 0.0);
                    for pair in &pairs {
                        let r = pair.distance(s);
                        let radial =
                            (0..D).map(|a| (pair.separation[a] + s * pair.change[a]) * pair.change[a]).sum::<f64>() / r;
                        let term = potential.derivatives(r, pair.scale).first * radial;
                        slope += term;
                        magnitude += term.abs();
                    }
                    assert!((line.slope(s) - slope).abs() < 1e-11 * magnitude.max(1e-3), "{} {slope}", line.slope(s));
                }
                assert_eq!(line.energy(0.0), 0.0);
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let minimum = minimum(24, 100, 4);
        let neighbourhood = Neighbourhood::new(minimum.configuration(), minimum.potential());
        let portable = InstructionSet::Portable;
        let plain = EnergyAlong { instruction_set: portable, ..neighbourhood.along(&modes(&minimum)[2].vector, 1.0) };
        for instruction_set in InstructionSet::available() {
            let line = EnergyAlong { instruction_set, ..plain.clone() };
            for k in -50..=50 {
                let s = f64::from(k) / 50.0 * line.reach();
                assert_eq!(line.energy(s).to_bits(), plain.energy(s).to_bits(), "{instruction_set}");
                assert_eq!(line.slope(s).to_bits(), plain.slope(s).to_bits(), "{instruction_set}");
            }
        }
    }

    fn the_reach_is_what_the_fastest_particle_allows() {
        let minimum = minimum(23, 64, 2);
        let neighbourhood = Neighbourhood::new(minimum.configuration(), minimum.potential());
        assert_eq!(neighbourhood.displacement_max(), DISPLACEMENT_MAX);
        let mut mode = vec![[0.0; 2]; 64];
        mode[7] = [0.6, -0.8];
        assert!((neighbourhood.along(&mode, f64::INFINITY).reach() - DISPLACEMENT_MAX).abs() < 1e-15);
        assert_eq!(neighbourhood.along(&mode, 0.1).reach(), 0.1);
        // L/2 = 2.2 leaves (2.2 − 1.25)/2 for particles of diameter 1.
        let small =
            Configuration::new(PeriodicBox::new(4.4).expect("positive"), vec![[0.0, 0.0], [1.1, 0.0]], vec![1.0; 2])
                .expect("valid");
        let potential = Potential::new(2).expect("valid");
        assert!((Neighbourhood::new(&small, &potential).displacement_max() - 0.475).abs() < 1e-15);
    }
}
