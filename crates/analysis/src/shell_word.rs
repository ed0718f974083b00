//! Any bytes as one word of bash: in job scripts, and in the commands that a page shows.

use std::path::Path;

/// `bytes` so written that bash takes them for one word, just these bytes, whatever they are.
pub fn shell_word(bytes: &[u8]) -> String {
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

/// `path` as people write it in a command: quoted only where it must be.
pub fn readable_word(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,:@%".contains(byte);
    if !bytes.is_empty() && bytes.iter().all(plain) { path.display().to_string() } else { shell_word(bytes) }
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
        let words = ["a/b-1.h5", "my archive.h5", "~/a.h5"].map(|path| readable_word(Path::new(path)));
        assert_eq!(words, ["a/b-1.h5", "'my archive.h5'", "'~/a.h5'"]);
    }
}
