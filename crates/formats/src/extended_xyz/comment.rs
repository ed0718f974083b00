//! The comment line of a frame: `key=value` pairs, separated by blanks.
//!
//! | value | is |
//! |---|---|
//! | `word` | the word, up to the next blank |
//! | `"a b"`, `'a b'` | a text, or an old-style array; `\` escapes the next character, `\n` is a new line |
//! | `{a b}` | an old-style array |
//! | `[a, b]` | an array |
//! | `[[a, b], [c, d]]` | an array of two dimensions |
//!
//! Keys may be quoted, too; blanks around `=` belong to neither side. Words without `=` are skipped, as other
//! readers do.

use crate::text::Wrong;

/// One word of a value; `column` is where it begins, in characters, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) column: usize,
    pub(super) text: String,
}

/// One `key=value` of a comment line; `column` is where the value begins, in characters, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyValue {
    pub(super) key: String,
    pub(super) column: usize,
    /// As written, without quotes or braces around it, escapes undone.
    pub(super) text: String,
    /// The elements of an array; the words of a text.
    pub(super) words: Vec<Word>,
    /// How many elements each row has; empty unless the array has two dimensions.
    pub(super) rows: Vec<usize>,
}

/// All entries of `line`.
///
/// # Errors
/// The column of a quote, brace or bracket that is never closed.
pub(super) fn entries(line: &str) -> Result<Vec<KeyValue>, Wrong> {
    let mut scanner = Scanner { characters: line.chars().collect(), at: 0 };
    let mut found = Vec::new();
    loop {
        scanner.skip_blanks();
        match scanner.peek() {
            None => return Ok(found),
            Some('=') => scanner.at += 1,
            Some(_) => found.extend(scanner.entry()?),
        }
    }
}

/// A place in a line.
struct Scanner {
    characters: Vec<char>,
    at: usize,
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn column(&self) -> usize {
        self.at + 1
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// What stands before the first character that `ends` it.
    fn until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(|character| !ends(character)) {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    /// A key and its value; nothing for a word without `=`.
    fn entry(&mut self) -> Result<Option<KeyValue>, Wrong> {
        let key = match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?.iter().map(|&(_, character)| character).collect(),
            _ => self.until(|c| c == '=' || c.is_whitespace()),
        };
        let after_key = self.at;
        self.skip_blanks();
        if self.peek() != Some('=') {
            self.at = after_key;
            return Ok(None);
        }
        self.at += 1;
        let after_equals = self.at;
        self.skip_blanks();
        if self.at > after_equals && self.is_next_key() {
            // `comment= Lattice="…"`: an empty value, as some writers leave it.
            self.at = after_equals;
            return Ok(Some(KeyValue { key, column: self.column(), text: String::new(), words: vec![], rows: vec![] }));
        }
        self.value(key).map(Some)
    }

    /// Whether a bare word follows that an `=` follows at once.
    fn is_next_key(&self) -> bool {
        let rest = &self.characters[self.at..];
        let length = rest.iter().take_while(|c| !c.is_whitespace() && !"=\"'{}[],".contains(**c)).count();
        length > 0 && rest.get(length) == Some(&'=')
    }

    fn value(&mut self, key: String) -> Result<KeyValue, Wrong> {
        let column = self.column();
        let entry = |column: usize, text: String, words: Vec<Word>, rows: Vec<usize>| KeyValue {
            key,
            column,
            text,
            words,
            rows,
        };
        Ok(match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                let inside = self.quoted(quote)?;
                entry(column + 1, text_of(&inside), words_of(&inside), vec![])
            }
            Some('{') => {
                let inside = self.braced()?;
                entry(column + 1, text_of(&inside), words_of(&inside), vec![])
            }
            Some('[') => {
                let start = self.at;
                let (words, rows) = self.array()?;
                entry(column, self.characters[start..self.at].iter().collect(), words, rows)
            }
            _ => {
                let text = self.until(char::is_whitespace);
                let words = if text.is_empty() { vec![] } else { vec![Word { column, text: text.clone() }] };
                entry(column, text, words, vec![])
            }
        })
    }

    /// The characters between two quotes, with their columns.
    fn quoted(&mut self, quote: char) -> Result<Vec<(usize, char)>, Wrong> {
        let opened = self.column();
        self.at += 1;
        let mut inside = Vec::new();
        loop {
            let column = self.column();
            match self.next_unescaped().ok_or_else(|| (opened, "a quote is never closed".to_owned()))? {
                (character, false) if character == quote => return Ok(inside),
                (character, _) => inside.push((column, character)),
            }
        }
    }

    /// The characters between two braces, quotes inside them removed.
    fn braced(&mut self) -> Result<Vec<(usize, char)>, Wrong> {
        let opened = self.column();
        self.at += 1;
        let mut inside = Vec::new();
        let mut depth = 1;
        loop {
            let column = self.column();
            match self.next_unescaped().ok_or_else(|| (opened, "a brace is never closed".to_owned()))? {
                ('}', false) if depth == 1 => return Ok(inside),
                ('"' | '\'', false) => {}
                (character, escaped) => {
                    match (character, escaped) {
                        ('{', false) => depth += 1,
                        ('}', false) => depth -= 1,
                        _ => {}
                    }
                    inside.push((column, character));
                }
            }
        }
    }

    /// The next character, and whether a backslash made it an ordinary one.
    fn next_unescaped(&mut self) -> Option<(char, bool)> {
        let character = self.peek()?;
        self.at += 1;
        if character != '\\' {
            return Some((character, false));
        }
        let escaped = self.peek()?;
        self.at += 1;
        Some((if escaped == 'n' { '\n' } else { escaped }, true))
    }

    /// `[…]`: the elements, and how many each row has if they stand in rows.
    fn array(&mut self) -> Result<(Vec<Word>, Vec<usize>), Wrong> {
        let opened = self.column();
        let never_closed = || (opened, "a bracket is never closed".to_owned());
        let (mut words, mut rows, mut depth) = (Vec::new(), Vec::new(), 0);
        loop {
            let column = self.column();
            match self.peek().ok_or_else(never_closed)? {
                '[' if depth == 2 => return Err((column, "an array has more than two dimensions".to_owned())),
                '[' => {
                    depth += 1;
                    self.at += 1;
                    if depth == 2 {
                        rows.push(0);
                    }
                }
                ']' => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Ok((words, rows));
                    }
                }
                ',' => self.at += 1,
                blank if blank.is_whitespace() => self.at += 1,
                start => {
                    let text = match start {
                        '"' | '\'' => text_of(&self.quoted(start)?),
                        _ => self.until(|c| c.is_whitespace() || "[],".contains(c)),
                    };
                    words.push(Word { column, text });
                    match (depth, rows.last_mut()) {
                        (2, Some(row)) => *row += 1,
                        (1, Some(_)) => {
                            return Err((column, "an element stands outside the rows of its array".to_owned()));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn text_of(characters: &[(usize, char)]) -> String {
    characters.iter().map(|&(_, character)| character).collect()
}

fn words_of(characters: &[(usize, char)]) -> Vec<Word> {
    characters
        .split(|(_, character)| character.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(|word| Word { column: word[0].0, text: text_of(word) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(line: &str) -> KeyValue {
        let mut found = entries(line).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        found.remove(0)
    }

    /// The forms of the specification: key and value, the value's words, and the lengths of its rows.
    #[test]
    fn forms_of_the_specification() {
        let table: [(&str, &str, &[&str], &[usize]); 27] = [
            ("a=1", "a", &["1"], &[]),
            ("a = 1", "a", &["1"], &[]),
            ("a =1", "a", &["1"], &[]),
            ("a= 1", "a", &["1"], &[]),
            ("  a\t=\t1  ", "a", &["1"], &[]),
            ("\"a b\"=1", "a b", &["1"], &[]),
            ("\"a=b\" = 1", "a=b", &["1"], &[]),
            ("a=1.3k7", "a", &["1.3k7"], &[]),
            ("a=x=y", "a", &["x=y"], &[]),
            ("a=\"one two\"", "a", &["one", "two"], &[]),
            ("a=\"\"", "a", &[], &[]),
            (r#"a="say \"x\"""#, "a", &["say", "\"x\""], &[]),
            (r#"a="back\\slash""#, "a", &["back\\slash"], &[]),
            (r#"a="one\ntwo""#, "a", &["one", "two"], &[]),
            ("a='1 2'", "a", &["1", "2"], &[]),
            ("a={1 2 3}", "a", &["1", "2", "3"], &[]),
            ("a={T}", "a", &["T"], &[]),
            ("a={x \"y\" z}", "a", &["x", "y", "z"], &[]),
            ("a=[1,2,3]", "a", &["1", "2", "3"], &[]),
            ("a = [ T, F, bob ]", "a", &["T", "F", "bob"], &[]),
            ("a=[\"x, y\", \"z]\"]", "a", &["x, y", "z]"], &[]),
            ("a=[x]", "a", &["x"], &[]),
            ("a=[[1, 2], [3, 4]]", "a", &["1", "2", "3", "4"], &[2, 2]),
            ("a=[[1]]", "a", &["1"], &[1]),
            ("a=[ [1,2] , [3] ]", "a", &["1", "2", "3"], &[2, 1]),
            ("bare key a=1 more", "a", &["1"], &[]),
            ("a=", "a", &[], &[]),
        ];
        for (line, key, words, rows) in table {
            // `bare key a=1` has a key before the bare ones.
            let entry = only(line);
            assert_eq!(entry.key, key, "{line}");
            assert_eq!(entry.words.iter().map(|word| &*word.text).collect::<Vec<_>>(), words, "{line}");
            assert_eq!(entry.rows, rows, "{line}");
        }
    }

    #[test]
    fn values_are_found_with_their_columns() {
        let line = r#"Lattice="4 0 0  0 4 0" comment Properties=pos:R:2 pbc = [T, F]"#;
        let found = entries(line).expect("well formed");
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].column, &*found[0].text), (10, "4 0 0  0 4 0"));
        assert_eq!(found[0].words[3], Word { column: 17, text: "0".into() });
        assert_eq!(found[1].text, "pos:R:2");
        assert_eq!(found[2].words[1], Word { column: 61, text: "F".into() });
        assert_eq!(entries("größe=1 pbc=T").expect("well formed")[1].column, 13);
    }

    #[test]
    fn an_empty_value_does_not_swallow_the_next_key() {
        let found = entries("comment= Lattice=\"4\" pbc= T").expect("well formed");
        assert_eq!(found.iter().map(|entry| &*entry.key).collect::<Vec<_>>(), ["comment", "Lattice", "pbc"]);
        assert_eq!((&*found[0].text, &*found[2].text), ("", "T"));
    }

    #[test]
    fn what_is_never_closed_is_named_where_it_opens() {
        for (line, column, words) in [
            (r#"Lattice="4 0"#, 9, "quote"),
            (r#"a="x\""#, 3, "quote"),
            ("x a={1 2", 5, "brace"),
            ("a={1 {2}", 3, "brace"),
            ("a=[1, 2", 3, "bracket"),
            ("a=[[1, 2]", 3, "bracket"),
            ("a=[[[1]]]", 5, "more than two dimensions"),
            ("a=[[1], 2]", 9, "outside the rows"),
            ("a=[\"x]", 4, "quote"),
            ("\"a=1", 1, "quote"),
        ] {
            let (at, what) = entries(line).expect_err(line);
            assert!(at == column && what.contains(words), "{line}: {at}: {what}");
        }
    }
}
