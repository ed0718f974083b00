//! Random streams: a function of (campaign seed, realization index, stage) alone, by hashing.
//!
//! Hashing, never adding: streams of neighbouring realizations share nothing, and a realization
//! draws the same numbers whoever computes it, in whatever order.

mod eight_streams;

pub use eight_streams::EightStreams;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// The generator of every stage: xoshiro256++ (Blackman and Vigna, doi:10.1145/3460772).
pub type Stream = Xoshiro256PlusPlus;

/// What a stream is drawn for. Each stage has its own, so that a change in one leaves the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Diameters of the particles.
    Diameters,
    /// Random start positions.
    Positions,
    /// Swap Monte Carlo.
    Thermalize,
    /// Start vectors of the eigensolver.
    Spectrum,
}

impl Stage {
    /// Part of the stream's definition: changing a tag changes every glass.
    fn tag(self) -> &'static [u8] {
        match self {
            Stage::Diameters => b"diameters",
            Stage::Positions => b"positions",
            Stage::Thermalize => b"thermalize",
            Stage::Spectrum => b"spectrum",
        }
    }
}

/// The seed of one realization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed of realization `index` of the campaign with seed `campaign_seed`.
    pub fn of_realization(campaign_seed: u64, index: u64) -> Self {
        let digest = Sha256::new()
            .chain_update(b"glassmodes realization 1")
            .chain_update(campaign_seed.to_le_bytes())
            .chain_update(index.to_le_bytes())
            .finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Seed(u64::from_le_bytes(first))
    }

    /// A seed as stored in an archive.
    pub fn from_bits(bits: u64) -> Self {
        Seed(bits)
    }

    /// The 64 bits that an archive stores.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The random stream of one stage of this realization.
    pub fn stream(self, stage: Stage) -> Stream {
        Xoshiro256PlusPlus::from_seed(self.digest(stage).finalize().into())
    }

    /// The eight random streams of one stage of this realization.
    pub fn eight_streams(self, stage: Stage) -> EightStreams {
        EightStreams::from_seeds(std::array::from_fn(|k| self.digest(stage).chain_update([k as u8]).finalize().into()))
    }

    fn digest(self, stage: Stage) -> Sha256 {
        Sha256::new().chain_update(b"glassmodes stream 1").chain_update(self.0.to_le_bytes()).chain_update(stage.tag())
    }
}

/// A uniform number in [0, 1), a multiple of 2⁻⁵³.
#[inline]
pub fn uniform(stream: &mut Stream) -> f64 {
    (stream.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_realization_and_stage_and_repeat() {
        let draw = |campaign, index, stage| {
            let mut stream = Seed::of_realization(campaign, index).stream(stage);
            stream.next_u64()
        };
        let reference = draw(1, 0, Stage::Thermalize);
        assert_eq!(reference, draw(1, 0, Stage::Thermalize));
        assert_ne!(reference, draw(2, 0, Stage::Thermalize));
        assert_ne!(reference, draw(1, 1, Stage::Thermalize));
        assert_ne!(reference, draw(1, 0, Stage::Positions));
    }

    #[test]
    fn uniform_numbers_fill_the_unit_interval() {
        let mut stream = Seed::of_realization(7, 3).stream(Stage::Positions);
        let draws = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..draws {
            let u = uniform(&mut stream);
            assert!((0.0..1.0).contains(&u));
            sum += u;
            squares += u * u;
        }
        // Standard error of the mean 1/√(12 n) = 9.1e-4, of the mean square 9.4e-4: four sigma.
        assert!((sum / draws as f64 - 0.5).abs() < 3.7e-3);
        assert!((squares / draws as f64 - 1.0 / 3.0).abs() < 3.8e-3);
    }
}
