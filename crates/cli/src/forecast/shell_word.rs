//! Any bytes as one word of a bash script.

/// `bytes` so written that bash takes them for one word, just these bytes, whatever they are.
pub(super) fn shell_word(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => {
            let escaped = bytes.iter().map(|&byte| match byte {
                b'\'' | b'\\' => format!("\\{}", char::from(byte)),
                b' '..=b'~' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted() {
        for (bytes, word) in [
            (&b"config/paper.toml"[..], "'config/paper.toml'"),
            (b"", "''"),
            (b"it's", r"'it'\''s'"),
            (b"$(x) `y` \\ \"z\"", "'$(x) `y` \\ \"z\"'"),
            (b"a\nb'\\", r"$'a\x0ab\'\\'"),
            (b"\xff", r"$'\xff'"),
            ("größe".as_bytes(), "'größe'"),
        ] {
            assert_eq!(shell_word(bytes), word);
        }
    }
}
