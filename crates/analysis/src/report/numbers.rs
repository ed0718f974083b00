//! Numbers as people read them.

use crate::statistics::{Distribution, Estimate, Interval};

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
    }
}
