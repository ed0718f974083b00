//! Text of others in messages: short, and on one line.

/// Most characters of a foreign text that a message shows.
const CHARACTERS_MAX: usize = 60;

/// The begin of `text` with its control characters escaped, and how long it is if that is not all of it.
///
/// ```
/// assert_eq!(realization::config::excerpt("16.0 x\t\u{1b}[31m"), r"16.0 x\t\u{1b}[31m");
/// assert!(realization::config::excerpt(&"7".repeat(3_000_000)).ends_with("777… (3000000 characters)"));
/// ```
pub fn excerpt(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(CHARACTERS_MAX) {
        visible(character, &mut shown);
    }
    match characters.count() {
        0 => shown,
        more => format!("{shown}… ({} characters)", CHARACTERS_MAX + more),
    }
}

/// `text` with its control characters, and those that turn the direction of writing, escaped.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        visible(character, &mut shown);
    }
    shown
}

fn visible(character: char, shown: &mut String) {
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || character.is_control() {
        shown.extend(character.escape_default());
    } else {
        shown.push(character);
    }
}
