//! Which realizations the positions of a list stand for: kept in the first line of a folder in which `revisit` works.

use std::ops::RangeInclusive;

/// Start of that line.
pub const MARKER: &str = "# glassmodes revisit: realizations ";

/// The line for ascending `indices`.
pub fn header(indices: &[u64]) -> String {
    let ranges = indices.chunk_by(|a, b| a.checked_add(1) == Some(*b)).map(|range| match range {
        [one] => one.to_string(),
        _ => format!("{}-{}", range[0], range[range.len() - 1]),
    });
    format!("{MARKER}{}\n", ranges.collect::<Vec<String>>().join(", "))
}

/// The realization of each position, as such a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    ranges: Vec<RangeInclusive<u64>>,
}

impl Places {
    /// Those of a configuration that begins with such a line.
    pub fn of(text: &str) -> Option<Places> {
        let range = |words: &str| -> Option<RangeInclusive<u64>> {
            let (first, last) = words.split_once('-').unwrap_or((words, words));
            Some(first.parse().ok()?..=last.parse().ok()?)
        };
        let list = text.lines().next()?.strip_prefix(MARKER)?;
        Some(Places { ranges: list.split(", ").map(range).collect::<Option<_>>()? })
    }

    /// The realization at a position.
    pub fn index(&self, position: u64) -> Option<u64> {
        let mut left = position;
        for range in self.ranges.iter().filter(|range| !range.is_empty()) {
            let beyond = range.end() - range.start();
            if left <= beyond {
                return Some(range.start() + left);
            }
            left -= beyond + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_back_from_its_line() {
        let indices = [0, 3, 4, 5, 9, 40, 41];
        let line = header(&indices);
        assert_eq!(line, "# glassmodes revisit: realizations 0, 3-5, 9, 40-41\n");
        let places = Places::of(&format!("{line}[campaign]\n")).expect("a list");
        let read: Vec<u64> = (0..).map_while(|position| places.index(position)).collect();
        assert_eq!(read, indices);
        let whole = Places::of(&format!("{MARKER}0-{}", u64::MAX)).expect("a list");
        assert_eq!((whole.index(7), whole.index(u64::MAX)), (Some(7), Some(u64::MAX)));
        for other in ["", "# glassmodes run --slice 1/1\n", "# glassmodes revisit: realizations 3;4"] {
            assert_eq!(Places::of(other), None, "{other}");
        }
    }
}
