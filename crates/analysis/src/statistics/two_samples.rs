//! Whether two samples can be of one kind: counts, fractions, and a largest value, each compared exactly.

use super::special::ln_gamma;

/// Two-sided p of two Poisson counts with equal rates per exposure: given their sum, the first is binomial
/// (Przyborowski and Wilenski 1940, doi:10.1093/biomet/31.3-4.313). The smaller tail counts twice.
pub fn equal_rates(first: (u64, f64), second: (u64, f64)) -> f64 {
    let share = first.1 / (first.1 + second.1);
    if !(share > 0.0 && share < 1.0) {
        return f64::NAN;
    }
    let total = first.0 + second.0;
    let (in_logs, out_logs) = (share.ln(), (1.0 - share).ln());
    let ln_probability = |k: u64| ln_choose(total, k) + k as f64 * in_logs + (total - k) as f64 * out_logs;
    two_sided(first.0, 0, total, ln_probability)
}

/// Two-sided p of two fractions that are equal: given the margins the first count is hypergeometric (Fisher's exact
/// test). The smaller tail counts twice.
pub fn equal_fractions(first: (u64, u64), second: (u64, u64)) -> f64 {
    let (successes, trials) = (first.0 + second.0, first.1 + second.1);
    if first.1 == 0 || second.1 == 0 {
        return f64::NAN;
    }
    let low = successes.saturating_sub(second.1);
    let high = successes.min(first.1);
    let all = ln_choose(trials, successes);
    let ln_probability = |k: u64| ln_choose(first.1, k) + ln_choose(second.1, successes - k) - all;
    two_sided(first.0, low, high, ln_probability)
}

/// Two-sided p that `above` of `count` values lie above the largest of `others` values of the same distribution. Ranks
/// decide alone: at least k lie above with probability Π_{i<k} (n − i)/(n + m − i). The smaller tail counts twice.
pub fn exceedances(above: u64, count: u64, others: u64) -> f64 {
    if count == 0 || others == 0 {
        return f64::NAN;
    }
    let at_least = |k: u64| -> f64 {
        if k > count {
            return 0.0;
        }
        (0..k).map(|i| (count - i) as f64 / (count + others - i) as f64).product()
    };
    (2.0 * at_least(above).min(1.0 - at_least(above + 1))).min(1.0)
}

/// Twice the smaller tail at `observed` of a distribution on `low..=high`.
fn two_sided(observed: u64, low: u64, high: u64, ln_probability: impl Fn(u64) -> f64) -> f64 {
    let tail = |range: std::ops::RangeInclusive<u64>| range.map(|k| ln_probability(k).exp()).sum::<f64>();
    (2.0 * tail(low..=observed).min(tail(observed..=high))).min(1.0)
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{binomial, stream};
    use rand_core::Rng as _;

    #[test]
    fn small_tables_are_counted_by_hand() {
        // 8 of one kind and 2 of the other, equal exposures: 2 (1 + 10 + 45)/2¹⁰.
        assert!((equal_rates((2, 1.0), (8, 1.0)) - 112.0 / 1024.0).abs() < 1e-12);
        // Fisher's lady: three of four right has 17/70 in the tail.
        assert!((equal_fractions((3, 4), (1, 4)) - 34.0 / 70.0).abs() < 1e-12);
        // One of two above the largest of three: ranks of five.
        let (at_least_1, at_least_2) = (2.0 / 5.0, 2.0 / 5.0 * 1.0 / 4.0);
        assert!((exceedances(2, 2, 3) - 2.0 * at_least_2).abs() < 1e-12);
        assert_eq!(exceedances(1, 2, 3), (2.0f64 * at_least_1).min(1.0));
    }

    #[test]
    fn what_is_equal_is_refused_at_most_as_often_as_said() {
        let mut random = stream(11, 0);
        let trials = 2000;
        let mut refused = [0; 3];
        for _ in 0..trials {
            let counts = (binomial(&mut random, 4000, 0.01), binomial(&mut random, 8000, 0.01));
            refused[0] += u32::from(equal_rates((counts.0, 1.0), (counts.1, 2.0)) < 0.05);
            let successes = (binomial(&mut random, 90, 0.3), binomial(&mut random, 403, 0.3));
            refused[1] += u32::from(equal_fractions((successes.0, 90), (successes.1, 403)) < 0.05);
            let largest = (0..125).map(|_| random.next_u64()).max().unwrap_or(0);
            let above = (0..400).filter(|_| random.next_u64() > largest).count() as u64;
            refused[2] += u32::from(exceedances(above, 400, 125) < 0.05);
        }
        // Discrete: at most 5 %; three standard errors of 2000 trials are 1.5 %.
        for count in refused {
            assert!((20..=130).contains(&count), "{refused:?} of {trials}");
        }
    }

    #[test]
    fn nothing_is_compared_with_nothing() {
        assert!(equal_rates((0, 0.0), (1, 1.0)).is_nan());
        assert!(equal_fractions((0, 0), (1, 2)).is_nan());
        assert!(exceedances(0, 0, 125).is_nan());
    }
}
