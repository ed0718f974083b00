//! Lists of realizations in words.

use std::fmt::Write;

/// Ascending indices as a short text: "3, 7–12, 40"; "none" if there are none.
pub fn index_ranges(indices: &[u64]) -> String {
    let mut text = String::new();
    let mut start = 0;
    for end in 1..=indices.len() {
        if end < indices.len() && indices[end] == indices[end - 1] + 1 {
            continue;
        }
        let separator = if start == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = match end - start {
            1 => write!(text, "{separator}{}", indices[start]),
            2 => write!(text, "{separator}{}, {}", indices[start], indices[end - 1]),
            _ => write!(text, "{separator}{}–{}", indices[start], indices[end - 1]),
        };
        start = end;
    }
    if indices.is_empty() { "none".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_drawn_together() {
        for (indices, text) in [
            (vec![], "none"),
            (vec![4], "4"),
            (vec![4, 5], "4, 5"),
            (vec![0, 1, 2], "0–2"),
            (vec![3, 7, 8, 9, 10, 40, 41], "3, 7–10, 40, 41"),
            (vec![u64::MAX - 1, u64::MAX], "18446744073709551614, 18446744073709551615"),
        ] {
            assert_eq!(index_ranges(&indices), text);
        }
    }
}
