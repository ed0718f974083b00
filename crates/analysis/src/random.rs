//! Random streams of the analysis: resampling and synthetic samples, the same bits on any thread.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator: xoshiro256++ (Blackman and Vigna, doi:10.1145/3460772).
pub type Stream = Xoshiro256PlusPlus;

/// The stream number `index` of `seed`. Each parallel unit of work (a resample, a block of draws) has
/// its own, so results do not depend on how many threads share the work.
pub fn stream(seed: u64, index: u64) -> Stream {
    Stream::seed_from_u64(mix(mix(seed) ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// The finalizer of SplitMix64: every bit of the input reaches every bit of the output.
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A uniform number in the open interval (0, 1).
#[inline]
pub fn uniform(stream: &mut Stream) -> f64 {
    ((stream.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}

/// A uniform integer in 0..`bound` (multiply and shift; the bias is below 2⁻³² for any bound here).
#[inline]
pub fn below(stream: &mut Stream, bound: usize) -> usize {
    ((u128::from(stream.next_u64()) * bound as u128) >> 64) as usize
}

/// An exponential number of mean 1.
#[inline]
pub fn exponential(stream: &mut Stream) -> f64 {
    -uniform(stream).ln()
}

/// A standard normal number (Box and Muller, doi:10.1214/aoms/1177706645).
#[inline]
pub fn normal(stream: &mut Stream) -> f64 {
    let radius = (2.0 * exponential(stream)).sqrt();
    radius * (std::f64::consts::TAU * uniform(stream)).cos()
}

/// A Poisson number of the given `mean` (arrivals counted one by one: meant for means up to thousands).
pub fn poisson(stream: &mut Stream, mean: f64) -> u64 {
    let (mut arrivals, mut time) = (0, exponential(stream));
    while time < mean {
        arrivals += 1;
        time += exponential(stream);
    }
    arrivals
}

/// How many of `trials` succeed with `probability` each, by jumping from success to success.
pub fn binomial(stream: &mut Stream, trials: u64, probability: f64) -> u64 {
    if probability >= 1.0 {
        return trials;
    }
    if probability <= 0.0 {
        return 0;
    }
    if probability > 0.5 {
        return trials - binomial(stream, trials, 1.0 - probability);
    }
    let scale = 1.0 / (-probability).ln_1p();
    let (mut successes, mut position) = (0, 0.0);
    loop {
        position += (uniform(stream).ln() * scale).floor() + 1.0;
        if position > trials as f64 {
            return successes;
        }
        successes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, index| stream(seed, index).next_u64();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(2, 1));
        assert_ne!(first(1, 2), first(1, 3));
    }

    #[test]
    fn binomial_numbers_have_the_right_mean_and_variance() {
        for probability in [0.01, 0.3, 0.8] {
            let (trials, draws) = (200, 20_000);
            let mut stream = stream(5, 0);
            let (mut sum, mut squares) = (0.0, 0.0);
            for _ in 0..draws {
                let k = binomial(&mut stream, trials, probability) as f64;
                sum += k;
                squares += k * k;
            }
            let mean = sum / draws as f64;
            let variance = squares / draws as f64 - mean * mean;
            let expected = trials as f64 * probability * (1.0 - probability);
            // Four standard errors of the mean; the variance within 5 % (relative error √(2/20000) = 1 %).
            assert!((mean - trials as f64 * probability).abs() < 4.0 * (expected / draws as f64).sqrt());
            assert!((variance / expected - 1.0).abs() < 0.05);
        }
    }

    #[test]
    fn poisson_numbers_have_equal_mean_and_variance() {
        for mean in [0.2, 7.0] {
            let draws = 20_000;
            let mut stream = stream(8, 0);
            let numbers: Vec<f64> = (0..draws).map(|_| poisson(&mut stream, mean) as f64).collect();
            let average = numbers.iter().sum::<f64>() / draws as f64;
            let variance = numbers.iter().map(|k| (k - average).powi(2)).sum::<f64>() / draws as f64;
            // Four standard errors; relative error of the variance √((2 + 1/mean)/n) is below 2 %.
            assert!((average - mean).abs() < 4.0 * (mean / draws as f64).sqrt());
            assert!((variance / mean - 1.0).abs() < 0.08);
        }
    }

    #[test]
    fn normal_numbers_have_unit_variance_and_the_right_kurtosis() {
        let mut stream = stream(11, 0);
        let draws = 200_000;
        let (mut second, mut fourth) = (0.0, 0.0);
        for _ in 0..draws {
            let x = normal(&mut stream);
            second += x * x;
            fourth += x * x * x * x;
        }
        // Standard errors √(2/n) = 0.0032 and √(96/n) = 0.022: four of each.
        assert!((second / draws as f64 - 1.0).abs() < 0.013);
        assert!((fourth / draws as f64 - 3.0).abs() < 0.088);
    }
}
