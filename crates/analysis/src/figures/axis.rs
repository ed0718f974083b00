//! Axes: range, scale and the ticks with their labels.

/// One axis of a chart. Positions along it are linear in the value, or in its logarithm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) label: String,
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Names at 0, 1, 2, …, if the axis has these instead of numbers.
    names: Vec<String>,
}

impl Axis {
    /// A linear axis; a range without extent is widened.
    pub(crate) fn linear(label: impl Into<String>, low: f64, high: f64) -> Axis {
        let (low, high) = if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
        let widen = if high > low { 0.0 } else { 0.5 * low.abs().max(1.0) };
        Axis {
            label: label.into(),
            low: low.min(high) - widen,
            high: high.max(low) + widen,
            logarithmic: false,
            names: Vec::new(),
        }
    }

    /// A logarithmic axis; a range without extent, or not positive, is replaced.
    pub(crate) fn logarithmic(label: impl Into<String>, low: f64, high: f64) -> Axis {
        let usable = low > 0.0 && high.is_finite() && high > 0.0;
        let (low, high) = if usable { (low.min(high), high.max(low)) } else { (0.1, 1.0) };
        let widen = if high > low * 1.01 { 1.0 } else { 2.0 };
        Axis { label: label.into(), low: low / widen, high: high * widen, logarithmic: true, names: Vec::new() }
    }

    /// An axis with `names` from top to bottom: the first at the highest position.
    pub(crate) fn rows<S: AsRef<str>>(label: impl Into<String>, names: &[S]) -> Axis {
        let names: Vec<String> = names.iter().rev().map(|name| name.as_ref().to_owned()).collect();
        Axis { label: label.into(), low: -0.6, high: names.len().max(1) as f64 - 0.4, logarithmic: false, names }
    }

    /// An axis of rows with the numbers 1 to `count` from top to bottom.
    pub(crate) fn numbers(count: usize) -> Axis {
        let names: Vec<String> = (1..=count).map(|k| k.to_string()).collect();
        Axis::rows("ensemble", &names)
    }

    /// A linear axis around `values`, with some room; `zero` begins it at zero.
    pub(crate) fn around(label: impl Into<String>, values: impl IntoIterator<Item = f64>, zero: bool) -> Axis {
        let (low, high) = extremes(values);
        let low = if zero { low.min(0.0) } else { low };
        let room = 0.06 * (high - low);
        Axis::linear(label, if zero && low == 0.0 { 0.0 } else { low - room }, high + room)
    }

    /// A logarithmic axis around the positive ones of `values`, with some room.
    pub(crate) fn log_around(label: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Axis {
        let (low, high) = extremes(values.into_iter().filter(|value| *value > 0.0));
        Axis::logarithmic(label, low / 1.25, high * 1.25)
    }

    /// Position of `value`; NaN or infinite where it has none.
    pub(crate) fn position(&self, value: f64) -> f64 {
        if self.logarithmic { value.log10() } else { value }
    }

    /// Positions of both ends.
    pub(crate) fn span(&self) -> (f64, f64) {
        (self.position(self.low), self.position(self.high))
    }

    /// Values of both ends.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Positions and labels of the ticks.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        if !self.names.is_empty() {
            return self.names.iter().enumerate().map(|(k, name)| (k as f64, name.clone())).collect();
        }
        if !self.logarithmic {
            let step = nice_step((self.high - self.low) / 5.0);
            let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
            let first = (self.low / step).ceil() as i64;
            return (first..)
                .map(|k| k as f64 * step)
                .take_while(|value| *value <= self.high * (1.0 + 1e-12) + 1e-300)
                .take(40)
                .map(|value| (value, linear_label(value, step, decimals)))
                .collect();
        }
        let (low, high) = self.span();
        let decades = high - low;
        let every = ((decades / 6.0).ceil() as i32).max(1);
        let multiples: &[f64] = match decades {
            d if d > 2.0 => &[1.0],
            d if d > 1.1 => &[1.0, 3.0],
            d if d > 0.5 => &[1.0, 2.0, 3.0, 5.0],
            _ => &[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
        };
        let mut ticks = Vec::new();
        for exponent in (low.floor() as i32 - 1)..=(high.ceil() as i32) {
            if multiples.len() == 1 && exponent.rem_euclid(every) != 0 {
                continue;
            }
            for multiple in multiples {
                let value = multiple * 10f64.powi(exponent);
                let position = value.log10();
                if position >= low - 1e-9 && position <= high + 1e-9 {
                    ticks.push((position, log_label(*multiple, exponent)));
                }
            }
        }
        ticks
    }
}

fn extremes(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// 1, 2 or 5 times a power of ten, not below `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let part = rough / power;
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| part <= factor * 1.000_001).unwrap_or(10.0);
    factor * power
}

fn linear_label(value: f64, step: f64, decimals: usize) -> String {
    // −0 is 0.
    let value = if value.abs() < 0.5 * step { 0.0 } else { value };
    if value == 0.0 && step < 1e-4 {
        return "0".to_owned();
    }
    if value != 0.0 && (step < 1e-4 || value.abs() >= 1e6) {
        let exponent = value.abs().log10().floor() as i32;
        let mantissa = value / 10f64.powi(exponent);
        let digits = usize::from((mantissa - mantissa.round()).abs() > 0.01);
        return format!("{}·10{}", minus(format!("{mantissa:.digits$}")), superscript(exponent));
    }
    minus(format!("{value:.decimals$}"))
}

fn log_label(multiple: f64, exponent: i32) -> String {
    if (-3..=4).contains(&exponent) && (multiple != 1.0 || (-2..=3).contains(&exponent)) {
        let value = multiple * 10f64.powi(exponent);
        let digits = if multiple.fract() > 0.0 { 1 } else { 0 };
        let decimals = (digits - exponent).max(0) as usize;
        return format!("{value:.decimals$}");
    }
    if multiple == 1.0 {
        format!("10{}", superscript(exponent))
    } else {
        format!("{multiple}·10{}", superscript(exponent))
    }
}

fn minus(text: String) -> String {
    text.replace('-', "−")
}

/// An exponent in superscript digits.
pub(crate) fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => char::from_u32('⁰' as u32 + (digit as u32 - '0' as u32)).unwrap_or(digit),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(labels(&Axis::linear("x", 0.0, 1.0)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&Axis::linear("x", -1.0, 1.2)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(&Axis::logarithmic("x", 1e-6, 1e2)), ["10⁻⁶", "10⁻⁴", "0.01", "1", "100"]);
        assert_eq!(labels(&Axis::logarithmic("x", 0.1, 0.5)), ["0.1", "0.2", "0.3", "0.5"]);
        assert_eq!(labels(&Axis::logarithmic("x", 0.22, 0.31)), ["0.25", "0.3"]);
    }

    #[test]
    fn ranges_that_are_none_still_make_an_axis() {
        for axis in [
            Axis::linear("x", f64::NAN, 1.0),
            Axis::linear("x", 2.0, 2.0),
            Axis::logarithmic("x", 0.0, 1.0),
            Axis::logarithmic("x", 3.0, 3.0),
            Axis::around("x", [], true),
            Axis::log_around("x", [0.0, -1.0]),
        ] {
            let (low, high) = axis.span();
            assert!(low.is_finite() && high.is_finite() && low < high, "{axis:?}");
            assert!((1..=12).contains(&axis.ticks().len()), "{axis:?}: {:?}", axis.ticks());
        }
    }

    #[test]
    fn small_and_large_numbers_are_written_as_powers() {
        assert_eq!(superscript(-120), "⁻¹²⁰");
        assert!(labels(&Axis::linear("x", 0.0, 5e-6)).contains(&"2·10⁻⁶".to_owned()));
    }
}
