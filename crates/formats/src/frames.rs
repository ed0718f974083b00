//! Which frames of a file are meant: `--frames A:B:S`.

use std::ops::Range;
use std::str::FromStr;
use thiserror::Error;

/// The frames A, A + S, A + 2S, … below B, counted from 0, as Python's slices are: what is left out is the begin, the
/// end, and 1; what is negative is counted from the end. One number alone is one frame.
///
/// ```
/// let every_tenth: formats::FrameRange = "5::10".parse()?;
/// assert_eq!(every_tenth.numbers(30).collect::<Vec<_>>(), [5, 15, 25]);
/// let last: formats::FrameRange = "-1".parse()?;
/// assert_eq!(last.numbers(30).collect::<Vec<_>>(), [29]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameRange {
    first: i64,
    end: Option<i64>,
    step: usize,
}

/// A text that names no frames.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("accepted: FIRST:END:STEP of whole numbers, any of them left out, or one number, for example 100::10 or -1")]
pub struct InvalidFrameRange;

impl Default for FrameRange {
    fn default() -> Self {
        FrameRange { first: 0, end: None, step: 1 }
    }
}

impl FromStr for FrameRange {
    type Err = InvalidFrameRange;

    fn from_str(text: &str) -> Result<Self, InvalidFrameRange> {
        let number = |text: &str| match text.trim() {
            "" => Ok(None),
            digits => digits.parse::<i64>().map(Some).map_err(|_| InvalidFrameRange),
        };
        let parts = text.split(':').map(number).collect::<Result<Vec<_>, _>>()?;
        let (first, end, step) = match parts[..] {
            // The one after the last frame has no number.
            [Some(one)] => (Some(one), one.checked_add(1).filter(|&end| end != 0), None),
            [first, end] => (first, end, None),
            [first, end, step] => (first, end, step),
            _ => return Err(InvalidFrameRange),
        };
        let step = usize::try_from(step.unwrap_or(1)).ok().filter(|&step| step > 0).ok_or(InvalidFrameRange)?;
        Ok(FrameRange { first: first.unwrap_or(0), end, step })
    }
}

impl FrameRange {
    /// The numbers of these frames, of a file that has `count`.
    pub fn numbers(self, count: usize) -> impl Iterator<Item = usize> {
        let place = |number: i64| match usize::try_from(number) {
            Ok(number) => number.min(count),
            Err(_) => count.saturating_sub(usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX)),
        };
        let range: Range<usize> = place(self.first)..self.end.map_or(count, place);
        range.step_by(self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_as_in_python() {
        for (text, expected) in [
            ("", &[0, 1, 2, 3, 4][..]),
            (":", &[0, 1, 2, 3, 4]),
            ("::2", &[0, 2, 4]),
            ("1:4:2", &[1, 3]),
            ("-2:", &[3, 4]),
            (":-3", &[0, 1]),
            ("-1", &[4]),
            ("0", &[0]),
            ("-99:99", &[0, 1, 2, 3, 4]),
            ("7", &[]),
            ("3:1", &[]),
            ("-9223372036854775808:9223372036854775807:9223372036854775807", &[0]),
        ] {
            let text = if text.is_empty() { "::" } else { text };
            let range: FrameRange = text.parse().expect(text);
            assert_eq!(range.numbers(5).collect::<Vec<_>>(), expected, "{text}");
        }
        for text in ["", "a", "1:2:0", "1:2:-1", "1:2:3:4", "1.5", "99999999999999999999"] {
            assert_eq!(text.parse::<FrameRange>(), Err(InvalidFrameRange), "{text}");
        }
    }
}
