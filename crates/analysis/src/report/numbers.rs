//! Numbers as people read them.

use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::{Distribution, Estimate, Interval, PowerLawFit};

/// Four significant digits; a dash for what is not known.
pub(super) fn number(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let exponent = value.abs().log10().floor() as i32;
    let text = if (-4..7).contains(&exponent) {
        let decimals = (3 - exponent).max(0) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        let mantissa = value / 10f64.powi(exponent);
        format!("{mantissa:.2}·10{}", crate::figures::axis::superscript(exponent))
    };
    text.replace('-', "−")
}

/// An integer with thin spaces between thousands.
pub(super) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A value with its interval.
pub(super) fn estimate(estimate: Estimate) -> String {
    if estimate.value.is_nan() {
        return "–".to_owned();
    }
    format!("{} {}", number(estimate.value), interval(estimate.interval()))
}

/// A part as people say it: in percent, with its interval.
pub(super) fn part(estimate: Estimate) -> String {
    if estimate.value.is_nan() {
        return "–".to_owned();
    }
    format!("{} %, {} to {} %", percent(estimate.value), percent(estimate.low), percent(estimate.high))
}

/// How many, and which part that is.
pub(super) fn count_and_part(value: u64, estimate: Estimate) -> String {
    if estimate.value.is_nan() { count(value) } else { format!("{} ({})", count(value), part(estimate)) }
}

/// Two digits, and no more than whole percents above ten.
fn percent(value: f64) -> String {
    let percents = 100.0 * value;
    match percents {
        0.0 => "0".to_owned(),
        9.95.. => format!("{percents:.0}"),
        0.995.. => format!("{percents:.1}"),
        _ => number(two_significant(percents)),
    }
}

fn two_significant(value: f64) -> f64 {
    let scale = 10f64.powi(1 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

/// "1 glass", "2 glasses".
pub(super) fn several(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// An exponent with its interval by resampling glasses; of fewer than eight modes none.
pub(super) fn exponent(fit: &PowerLawFit) -> String {
    if fit.events < EVENTS_MIN {
        return format!("– (of {} no exponent)", several(fit.events, "mode", "modes"));
    }
    format!("{} {}", number(fit.exponent.value), interval(fit.bootstrap))
}

/// An interval.
pub(super) fn interval(interval: Interval) -> String {
    if interval.low.is_nan() || interval.high.is_nan() {
        return "[–]".to_owned();
    }
    format!("[{}, {}]", number(interval.low), number(interval.high))
}

/// A mean with its standard error.
pub(super) fn mean(distribution: &Distribution) -> String {
    match (distribution.mean.is_nan(), distribution.standard_error.is_nan()) {
        (true, _) => "–".to_owned(),
        (_, true) => number(distribution.mean),
        _ => format!("{} ± {}", number(distribution.mean), two_digits(distribution.standard_error)),
    }
}

/// Smallest to largest.
pub(super) fn range(distribution: &Distribution) -> String {
    if distribution.count == 0 {
        return "–".to_owned();
    }
    format!("{} … {}", number(distribution.minimum), number(distribution.maximum))
}

/// A probability, or that it is very small.
pub(super) fn probability(value: f64) -> String {
    if value < 1e-4 { "&lt; 10⁻⁴".to_owned() } else { two_digits(value) }
}

fn two_digits(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return number(value);
    }
    let exponent = value.abs().log10().floor() as i32;
    if exponent < -6 {
        return number(value);
    }
    let decimals = (1 - exponent).max(0) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_and_unknown_ones_a_dash() {
        assert_eq!(number(2.14159), "2.142");
        assert_eq!(number(-0.012345), "−0.01235");
        assert_eq!(number(1.5e-12), "1.50·10⁻¹²");
        assert_eq!(number(250.0), "250");
        assert_eq!(number(f64::NAN), "–");
        assert_eq!(count(1234567), "1\u{202f}234\u{202f}567");
        assert_eq!(estimate(Estimate::NONE), "–");
        let whole = Estimate { value: 1.0, low: 0.8157, high: 1.0 };
        assert_eq!(count_and_part(17, whole), "17 (100 %, 82 to 100 %)");
        assert_eq!(part(Estimate { value: 0.031, low: 0.000_42, high: 0.0991 }), "3.1 %, 0.042 to 9.9 %");
        assert_eq!(part(Estimate::NONE), "–");
        assert_eq!((several(1, "mode", "modes"), several(0, "mode", "modes")), ("1 mode".into(), "0 modes".into()));
    }
}
