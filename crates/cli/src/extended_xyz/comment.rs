//! The comment line of a frame: `key=value` and `key="quoted value"`, separated by blanks.

/// One `key=value` of a comment line; `column` is where the value begins, in characters, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    pub(super) column: usize,
}

/// All entries of `line`; words without `=` are skipped, as other readers do.
///
/// # Errors
/// The column of a quote that is never closed.
pub(super) fn entries(line: &str) -> Result<Vec<Entry<'_>>, usize> {
    let mut found = Vec::new();
    let mut rest = 0;
    let column = |byte: usize| line[..byte].chars().count() + 1;
    while let Some(start) = line[rest..].find(|c: char| !c.is_whitespace()).map(|offset| rest + offset) {
        let key_end = line[start..].find(|c: char| c == '=' || c.is_whitespace()).map_or(line.len(), |o| start + o);
        if !line[key_end..].starts_with('=') {
            rest = key_end;
            continue;
        }
        let (value_start, value_end, next) = match line[key_end + 1..].chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let begin = key_end + 2;
                let length = line[begin..].find(quote).ok_or_else(|| column(key_end + 1))?;
                (begin, begin + length, begin + length + 1)
            }
            _ => {
                let begin = key_end + 1;
                let end = line[begin..].find(char::is_whitespace).map_or(line.len(), |o| begin + o);
                (begin, end, end)
            }
        };
        let value = &line[value_start..value_end];
        found.push(Entry { key: &line[start..key_end], value, column: column(value_start) });
        rest = next;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_bare_values_are_found_with_their_columns() {
        let line = r#"Lattice="4 0 0  0 4 0" comment Properties=pos:R:2 pbc='T T F'"#;
        let found = entries(line).expect("well formed");
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], Entry { key: "Lattice", value: "4 0 0  0 4 0", column: 10 });
        assert_eq!(found[1].value, "pos:R:2");
        assert_eq!(found[2].value, "T T F");
        assert_eq!(entries(r#"Lattice="4 0"#), Err(9));
        assert_eq!(entries("größe=1 pbc=T").expect("well formed")[1].column, 13);
    }
}
