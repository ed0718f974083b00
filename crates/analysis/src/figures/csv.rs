//! Comma-separated values behind each figure.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A table with a header line; numbers in the shortest form that reads back to the same bits, what is not a
/// number empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Csv {
    text: String,
    columns: usize,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Field {
    Number(f64),
    Text(String),
}

impl From<f64> for Field {
    fn from(value: f64) -> Field {
        Field::Number(value)
    }
}

impl From<u64> for Field {
    fn from(value: u64) -> Field {
        Field::Text(value.to_string())
    }
}

impl From<&str> for Field {
    fn from(value: &str) -> Field {
        Field::Text(value.to_owned())
    }
}

impl Csv {
    /// An empty table with these columns.
    pub(crate) fn new(header: &[&str]) -> Csv {
        let mut text = header.join(",");
        text.push('\n');
        Csv { text, columns: header.len() }
    }

    /// One line.
    pub(crate) fn row<const N: usize>(&mut self, fields: [Field; N]) {
        debug_assert_eq!(N, self.columns);
        for (k, field) in fields.iter().enumerate() {
            if k > 0 {
                self.text.push(',');
            }
            // Writing to a String cannot fail.
            let _ = match field {
                Field::Number(value) if !value.is_finite() => Ok(()),
                Field::Number(value) if *value != 0.0 && !(1e-4..1e9).contains(&value.abs()) => {
                    write!(self.text, "{value:e}")
                }
                Field::Number(value) => write!(self.text, "{value}"),
                Field::Text(text) => {
                    let text = harmless(text);
                    if text.contains([',', '"', '\n', '\r']) {
                        write!(self.text, "\"{}\"", text.replace('"', "\"\""))
                    } else {
                        write!(self.text, "{text}")
                    }
                }
            };
        }
        self.text.push('\n');
    }

    /// The file.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// Text that no spreadsheet takes for a formula: what begins like one gets an apostrophe.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_text_is_quoted() {
        let mut csv = Csv::new(&["a", "b", "c"]);
        csv.row([0.1.into(), f64::NAN.into(), "x, \"y\"".into()]);
        csv.row([1.5e-12.into(), 3u64.into(), "plain".into()]);
        csv.row([(-1.0).into(), "=1+2".into(), "@SUM(A1,B1)".into()]);
        assert_eq!(csv.into_text(), "a,b,c\n0.1,,\"x, \"\"y\"\"\"\n1.5e-12,3,plain\n-1,'=1+2,\"'@SUM(A1,B1)\"\n");
    }
}
