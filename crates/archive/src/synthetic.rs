//! Records of the real shape for tests and benchmarks: made up, but consistent.
//!
//! Everything that [`verify`](crate::verify::verify) checks holds: two zero modes, b₂ = λ = ω², unit vectors,
//! participation ratios of those vectors, groups by β. Frequencies follow the ω⁴ law below the phonons.

use crate::provenance::Provenance;
use crate::record::{InherentSummary, Particles, Record, SpectrumSummary, StageSeconds};
use glass::Seed;
use glass::random::{Stage, Stream, uniform};
use glass::space::Dimension;
use glass::thermalize::ThermalizeEvidence;
use modes::nonlinear::{Kind, NonlinearMode};
use modes::wells::{Along, Outcome, Transition};
use modes::{ElasticConstants, Group, InstructionClass, Mode};

/// Typical stiffness of a single particle.
const OWN_STIFFNESS: f64 = 300.0;

/// What kind of records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SyntheticCampaign {
    /// Seed of the campaign.
    pub seed: u64,
    /// Particles N.
    pub particles: usize,
    /// Eigenvalues a record, the two Goldstone modes included; 2N is a full spectrum.
    pub eigenvalues: usize,
    /// Described modes a record, on average; each record has between none and twice as many.
    pub described: usize,
    /// Mode vectors kept, of the described ones from the lowest.
    pub snapshots: usize,
    /// Samples of the thermalization series.
    pub samples: usize,
    /// Shifts of the staircase.
    pub shifts: usize,
    /// Points of a profile.
    pub points: usize,
    /// Whether there are nonlinear modes, one of each kind from each described mode but the first, from which the
    /// cubic search was given up; and a transition along each mode, of which the first failed.
    pub searched: bool,
}

impl SyntheticCampaign {
    /// Full spectra of N particles, as the paper has them.
    pub fn dense(particles: usize) -> SyntheticCampaign {
        SyntheticCampaign {
            seed: 1,
            particles,
            eigenvalues: 2 * particles,
            described: 4,
            snapshots: 1,
            samples: 25,
            shifts: 0,
            points: 201,
            searched: false,
        }
    }

    /// The lowest modes of N particles, with a staircase.
    pub fn low(particles: usize) -> SyntheticCampaign {
        SyntheticCampaign { eigenvalues: 32, shifts: 200, ..SyntheticCampaign::dense(particles) }
    }

    /// Records small enough for tests by the hundred: N = 12.
    pub fn tiny() -> SyntheticCampaign {
        SyntheticCampaign { samples: 5, shifts: 4, points: 7, ..SyntheticCampaign::dense(12) }
    }

    /// Provenance of such a campaign.
    pub fn provenance(&self, realizations: u64) -> Provenance {
        Provenance {
            software_version: env!("CARGO_PKG_VERSION").to_owned(),
            git_commit: "0000000".to_owned(),
            created: "2025-01-01T00:00:00Z".to_owned(),
            author: String::new(),
            config: format!(
                "[campaign]\nname = \"synthetic\"\nrealizations = {realizations}\nseed = {}\n\n[glass]\nparticles = {}\n",
                self.seed, self.particles
            ),
            config_hash: format!("synthetic-{}-{}-{realizations}", self.seed, self.particles),
            realizations,
            instruction_class: InstructionClass::Avx2.name().to_owned(),
            ..Provenance::default()
        }
    }

    /// The records of some indices.
    pub fn records(&self, indices: impl IntoIterator<Item = u64>) -> Vec<Record> {
        indices.into_iter().map(|index| self.record(index)).collect()
    }

    /// The record of realization `index`, a function of the seed and the index alone.
    pub fn record(&self, index: u64) -> Record {
        let seed = Seed::of_realization(self.seed, index);
        let mut random = Random { stream: seed.stream(Stage::Thermalize) };
        let box_length = (self.particles as f64).sqrt();
        let (shear_modulus, pressure) = (random.between(12.0, 16.0), random.between(3.0, 5.0));
        let described = (random.unit() * (2 * self.described + 1) as f64) as usize;
        let described = described.min(self.eigenvalues.saturating_sub(2));
        let mut spectrum = self.spectrum(&mut random);
        let modes: Vec<Mode> = (0..described).map(|k| self.mode(k, &mut spectrum, &mut random)).collect();
        let frame = modes.iter().any(|mode| mode.vector.is_some()).then(|| self.frame(box_length, &mut random));
        Record {
            index,
            chain: index,
            seed: seed.bits(),
            dimension: Dimension::Two,
            attempts: 1,
            thermalize: self.series(&mut random),
            inherent: InherentSummary {
                energy: random.between(0.14, 0.18),
                pressure,
                force_max: random.between(1e-14, 9e-13),
                iterations: 900 + (random.unit() * 400.0) as u32,
            },
            elastic: ElasticConstants {
                shear_modulus,
                bulk_modulus: random.between(60.0, 70.0),
                omega_phonon: std::f64::consts::TAU / box_length * (shear_modulus - pressure).sqrt(),
            },
            spectrum,
            nonlinear: if self.searched { nonlinear(&modes) } else { Vec::new() },
            transitions: if self.searched { transitions(&modes) } else { Vec::new() },
            modes,
            frame,
            seconds: StageSeconds {
                thermalize: random.between(2.0, 3.0),
                quench: random.between(0.2, 0.3),
                spectrum: random.between(0.1, 0.2),
                modes: random.between(0.05, 0.1),
            },
            instruction_class: InstructionClass::Avx2,
        }
    }

    fn series(&self, random: &mut Random) -> ThermalizeEvidence {
        let composition = random.between(-0.015, 0.015);
        let sweeps: Vec<u64> = (0..self.samples as u64).map(|sample| (sample + 1).pow(3)).collect();
        let relaxed = |sweeps: &u64| 1.0 - (-(*sweeps as f64) / 3000.0).exp();
        ThermalizeEvidence {
            energy: sweeps
                .iter()
                .map(|s| 0.30 - 0.026 * relaxed(s) + composition + random.between(-0.002, 0.002))
                .collect(),
            diameter_correlation: sweeps.iter().map(|s| 1.0 - relaxed(s) + random.between(-0.02, 0.02)).collect(),
            configurational_temperature: sweeps.iter().map(|_| random.between(0.095, 0.105)).collect(),
            sweeps,
            acceptance_displacement: random.between(0.21, 0.22),
            acceptance_swap: random.between(0.135, 0.145),
        }
    }

    fn spectrum(&self, random: &mut Random) -> SpectrumSummary {
        let (lowest, highest) = (0.2, 40.0);
        let found = self.eigenvalues.saturating_sub(2);
        let mut frequencies: Vec<f64> = (0..found)
            .map(|k| {
                let place = (k as f64 + random.unit()) / (2 * self.particles) as f64;
                lowest + (highest - lowest) * place * place.sqrt()
            })
            .collect();
        if let Some(first) = frequencies.first_mut() {
            // P(ω_min ≤ ω) ∝ ω⁵, as the ω⁴ law has it.
            *first = 0.45 * random.unit().powf(0.2);
        }
        frequencies.sort_by(f64::total_cmp);
        let goldstone = [-3e-16, 2e-16].into_iter().take(self.eigenvalues);
        let eigenvalues: Vec<f64> = goldstone.chain(frequencies.iter().map(|omega| omega * omega)).collect();
        let participation =
            (0..eigenvalues.len()).map(|k| if k < 2 { 1.0 } else { random.between(0.02, 0.65) }).collect();
        let full = self.eigenvalues == 2 * self.particles;
        let last = frequencies.last().copied().unwrap_or(0.0);
        let staircase_omega: Vec<f64> =
            (1..=self.shifts).map(|shift| last * shift as f64 / self.shifts as f64).collect();
        let below = |omega: &f64| 2 + frequencies.partition_point(|frequency| frequency < omega) as u64;
        SpectrumSummary {
            eigenvalues,
            participation,
            omega_complete: if full { f64::INFINITY } else { last },
            zero_modes: 2,
            negative_modes: 0,
            // One glass in a thousand.
            rattlers: u32::from(random.unit() > 0.999),
            own_stiffness_typical: OWN_STIFFNESS,
            nearly_free: 0,
            residual_max: random.between(1e-13, 1e-12),
            orthogonality_max: random.between(1e-14, 1e-13),
            staircase_count: staircase_omega.iter().map(below).collect(),
            staircase_omega,
        }
    }

    /// Described mode number `k`; its participation ratio is put into the spectrum as well.
    fn mode(&self, k: usize, spectrum: &mut SpectrumSummary, random: &mut Random) -> Mode {
        let index = k + 2;
        let b2 = spectrum.eigenvalues[index];
        let vector = (k < self.snapshots).then(|| localized(self.particles, random));
        if let Some(vector) = &vector {
            spectrum.participation[index] = participation_ratio(vector);
        }
        let b4 = if random.unit() < 0.02 { random.between(-500.0, -1.0) } else { random.between(50.0, 3000.0) };
        // |β| piles up below 1, and a few modes lie beyond.
        let beta = random.between(-1.0, 1.0).cbrt() * 1.03;
        let b3 = if b4 > 0.0 { beta * (3.0 * b2 * b4).sqrt() } else { random.between(-10.0, 10.0) };
        let beta = if b4 > 0.0 { b3 / (3.0 * b2 * b4).sqrt() } else { f64::NAN };
        let [barrier, depth, separation] = second_minimum(b2, b3, b4);
        let profile_s: Vec<f64> = match vector {
            Some(_) => (0..self.points).map(|point| -3.0 + 6.0 * point as f64 / self.points as f64).collect(),
            None => Vec::new(),
        };
        let quartic = |s: &f64| s * s * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0));
        let mode = Mode {
            index: index as u32,
            omega: b2.sqrt(),
            participation: spectrum.participation[index],
            b2,
            b3,
            b4,
            beta,
            group: group_of(beta, b4),
            barrier,
            depth,
            separation,
            true_barrier: barrier * random.between(0.7, 1.1),
            true_depth: depth * random.between(0.7, 1.1),
            true_separation: separation * random.between(0.9, 1.1),
            cutoff_share_b3: random.unit().powi(4),
            cutoff_share_b4: random.unit().powi(4),
            b3_inside: f64::NAN,
            b4_inside: f64::NAN,
            own_stiffness: OWN_STIFFNESS,
            landing_energy: depth * random.between(1.0, 3.0),
            landing_distance: separation * random.between(1.0, 1.5),
            profile_energy: profile_s.iter().map(quartic).collect(),
            profile_s,
            vector,
        };
        Mode { b3_inside: b3 * (1.0 - mode.cutoff_share_b3), b4_inside: b4 * (1.0 - mode.cutoff_share_b4), ..mode }
    }

    fn frame(&self, box_length: f64, random: &mut Random) -> Particles {
        let mut coordinate = || box_length * random.unit();
        let positions = (0..2 * self.particles).map(|_| coordinate()).collect();
        let diameters = (0..self.particles).map(|_| random.between(0.73, 1.61)).collect();
        Particles { box_sides: vec![box_length; 2], positions, diameters }
    }
}

/// Directions as soft and as anharmonic as the modes they started from.
fn nonlinear(modes: &[Mode]) -> Vec<NonlinearMode> {
    let of_kind = |kind: Kind| {
        modes.iter().enumerate().map(move |(source, mode)| {
            let given_up = kind == Kind::Cubic && source == 0;
            let described = Mode { profile_s: Vec::new(), profile_energy: Vec::new(), ..mode.clone() };
            NonlinearMode {
                kind,
                source,
                mode: if given_up { Mode::unknown() } else { described },
                overlap: if given_up { f64::NAN } else { 0.9 },
                iterations: if given_up { 1000 } else { 20 },
                residual: if given_up { 1e-3 } else { 1e-11 },
            }
        })
    };
    Kind::ALL.into_iter().flat_map(of_kind).collect()
}

/// One along each mode, with numbers that agree.
fn transitions(modes: &[Mode]) -> Vec<Transition> {
    let along = |(source, mode): (usize, &Mode)| {
        let (barrier, step) = (0.02 * mode.omega, 0.01 * mode.omega);
        let direction = if source.is_multiple_of(2) { 1 } else { -1 };
        let failed = Transition {
            direction,
            outcome: Outcome::NoSaddle,
            ..Transition::unknown(source, Along::ALL[source % Along::ALL.len()])
        };
        let found = Transition {
            outcome: Outcome::Found,
            energy_difference: step,
            barrier_forward: barrier,
            barrier_backward: barrier - step,
            path_length: 0.8,
            distance: 0.7,
            participation: mode.participation,
            saddle_omega: mode.omega,
            curvature_start: mode.b2,
            curvature_end: mode.b2,
            splitting: step,
            splitting_change: 1e-12,
            overlap: 0.6,
            ..failed.clone()
        };
        if source == 0 { failed } else { found }
    };
    modes.iter().enumerate().map(along).collect()
}

struct Random {
    stream: Stream,
}

impl Random {
    fn unit(&mut self) -> f64 {
        uniform(&mut self.stream)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// A unit vector with most of its weight on a few particles.
fn localized(particles: usize, random: &mut Random) -> Vec<f64> {
    let mut vector: Vec<[f64; 2]> = (0..particles)
        .map(|i| {
            let size = 1.0 / (1.0 + i as f64).powi(2) + 1e-3;
            [size * random.between(-1.0, 1.0), size * random.between(-1.0, 1.0)]
        })
        .collect();
    let norm = vector.as_flattened().iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.as_flattened_mut().iter_mut().for_each(|x| *x /= norm);
    vector.into_flattened()
}

/// PR = 1/[N Σ_i (Ψ_i·Ψ_i)²] of a unit vector.
pub(crate) fn participation_ratio(vector: &[f64]) -> f64 {
    let fourth: f64 = vector.as_chunks().0.iter().map(|[x, y]| (x * x + y * y).powi(2)).sum();
    2.0 / (vector.len() as f64 * fourth)
}

/// The class of a quartic by β and b₄ (paper, eq. 8).
pub(crate) fn group_of(beta: f64, b4: f64) -> Group {
    match beta.abs() {
        _ if b4 <= 0.0 => Group::Unbounded,
        beta if beta > 1.0 => Group::B,
        beta if beta > (8.0f64 / 9.0).sqrt() => Group::ADouble,
        _ => Group::A,
    }
}

/// Barrier, depth and distance of the second minimum of b₂s²/2 + b₃s³/6 + b₄s⁴/24; NaN without one.
fn second_minimum(b2: f64, b3: f64, b4: f64) -> [f64; 3] {
    let discriminant = 9.0 * b3 * b3 - 24.0 * b2 * b4;
    if b4 <= 0.0 || discriminant <= 0.0 {
        return [f64::NAN; 3];
    }
    let root = |sign: f64| (-3.0 * b3 + sign * discriminant.sqrt()) / (2.0 * b4);
    let energy = |s: f64| s * s * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0));
    let (near, far) = if b3 < 0.0 { (root(-1.0), root(1.0)) } else { (root(1.0), root(-1.0)) };
    [energy(near), energy(far), far.abs()]
}
