//! Numbers and words of a line.

/// The finite number that `word` is; exponents are marked by e, E, or, as Fortran does, d, D.
pub(crate) fn number(word: &str) -> Option<f64> {
    if !word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' | b'd' | b'D')) {
        return None;
    }
    let value = if word.contains(['d', 'D']) { word.replace(['d', 'D'], "e").parse() } else { word.parse::<f64>() };
    value.ok().filter(|value| value.is_finite())
}

/// Words of a line with the column (in characters, from 1) where each begins.
pub(crate) fn words(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (column, (byte, character)) in line.char_indices().chain([(line.len(), ' ')]).enumerate() {
        match (character.is_whitespace(), start) {
            (false, None) => start = Some((column + 1, byte)),
            (true, Some((at, begin))) => {
                found.push((at, &line[begin..byte]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_specification() {
        for main in ["12.0", "012.0", "12", "012", "0.12", "00.12", "0.012", "12.", ".5"] {
            for exponent in ["", "e0", "E+2", "d-2", "D12"] {
                for sign in ["", "+", "-"] {
                    let word = format!("{sign}{main}{exponent}");
                    let expected: f64 = word.replace(['d', 'D'], "e").parse().expect("a number");
                    assert_eq!(number(&word), Some(expected), "{word}");
                }
            }
        }
        for word in ["", ".", "nan", "inf", "-infinity", "1e", "1e400", "1_0", "0x1", "1,5", "1d2d3", "+-1", "１"] {
            assert_eq!(number(word), None, "{word}");
        }
    }
}
