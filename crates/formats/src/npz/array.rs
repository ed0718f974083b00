//! One array as NumPy writes it, NPY: a header, a literal of Python, then the elements. Specification: numpy.lib.format.

use crate::part::{WrongPart, wrong};
use realization::config::excerpt;
use std::io::Read;

const MAGIC: &[u8] = b"\x93NUMPY";

/// A header has about 100 bytes; NumPy itself refuses more than this.
const HEADER_MAX: u32 = 10_000;

/// Most dimensions of an array that is of use here.
const DIMENSIONS_MAX: usize = 3;

/// An array, row by row whatever order it had in its file.
pub(super) struct Array {
    name: &'static str,
    pub(super) shape: Vec<usize>,
    elements: Elements,
}

enum Elements {
    Numbers(Vec<f64>),
    Names(Vec<String>),
}

/// What a header says.
struct Header {
    element: Element,
    /// Columns first, as in Fortran.
    by_columns: bool,
    shape: Vec<usize>,
}

/// The type of the elements, as `<f8` says.
struct Element {
    big_endian: bool,
    kind: char,
    bytes: usize,
}

impl Array {
    /// The array that `file` holds, if it is no larger than `memory`.
    ///
    /// # Errors
    /// What is wrong, in words that follow its name.
    pub(super) fn read(name: &'static str, file: impl Read, memory: u64) -> Result<Array, String> {
        let mut file = file.take(memory);
        let header = Header::read(&mut file)?;
        let count = header.shape.iter().try_fold(1usize, |count, &length| count.checked_mul(length));
        let bytes = count.and_then(|count| count.checked_mul(header.element.bytes));
        let Some(bytes) = bytes.filter(|&bytes| (bytes as u64) < memory) else {
            return Err(format!("has the shape {:?}, more than memory has room for", header.shape));
        };
        let mut data = Vec::new();
        file.read_to_end(&mut data).map_err(|cause| format!("cannot be read: {}", excerpt(&cause.to_string())))?;
        if data.len() != bytes {
            return Err(format!("has {} bytes where its shape {:?} needs {bytes}", data.len(), header.shape));
        }
        // An element of no bytes, an empty text, has none to be cut into.
        let elements = header.element.elements(&data, bytes.checked_div(header.element.bytes).unwrap_or(0))?;
        let elements = match header.by_columns {
            true => elements.by_rows(&header.shape),
            false => elements,
        };
        Ok(Array { name, shape: header.shape, elements })
    }

    /// Where it is, for messages.
    pub(super) fn place(&self) -> String {
        format!("the array {}", self.name)
    }

    /// That its shape is not as `expected`.
    pub(super) fn unlike(&self, expected: &str) -> WrongPart {
        wrong(self.place(), format!("has the shape {:?}; accepted: {expected}", self.shape))
    }

    /// Its numbers.
    pub(super) fn numbers(&self) -> Result<&[f64], WrongPart> {
        match &self.elements {
            Elements::Numbers(numbers) => Ok(numbers),
            Elements::Names(_) => Err(wrong(self.place(), "holds texts, not numbers")),
        }
    }

    /// Its texts; numbers as they are written.
    pub(super) fn names(&self) -> Result<Vec<String>, WrongPart> {
        match &self.elements {
            Elements::Names(names) => Ok(names.clone()),
            Elements::Numbers(numbers) => Ok(numbers.iter().map(f64::to_string).collect()),
        }
    }
}

impl Header {
    fn read(file: &mut impl Read) -> Result<Header, String> {
        let mut begin = [0; 8];
        file.read_exact(&mut begin).map_err(cut_short)?;
        if !begin.starts_with(MAGIC) {
            return Err("is no NPY file".to_owned());
        }
        let length = match begin[6] {
            1 => {
                let mut length = [0; 2];
                file.read_exact(&mut length).map_err(cut_short)?;
                u32::from(u16::from_le_bytes(length))
            }
            2 | 3 => {
                let mut length = [0; 4];
                file.read_exact(&mut length).map_err(cut_short)?;
                u32::from_le_bytes(length)
            }
            version => return Err(format!("is NPY of version {version}; 1 to 3 are read")),
        };
        if length > HEADER_MAX {
            return Err(format!("has a header of {length} bytes, more than {HEADER_MAX}"));
        }
        let mut text = vec![0; length as usize];
        file.read_exact(&mut text).map_err(cut_short)?;
        let text = String::from_utf8_lossy(&text).replace('"', "'");
        Header::parse(&text).ok_or_else(|| {
            format!("has the header {}, which is none of an array of numbers or texts", excerpt(text.trim()))
        })
    }

    /// `{'descr': '<f8', 'fortran_order': False, 'shape': (16, 2), }`
    fn parse(text: &str) -> Option<Header> {
        let value = |key: &str| Some(text.split_once(&format!("'{key}':"))?.1.trim_start());
        let element = Element::parse(value("descr")?.strip_prefix('\'')?.split_once('\'')?.0)?;
        let order = value("fortran_order")?;
        let by_columns = order.starts_with("True");
        let lengths = value("shape")?.strip_prefix('(')?.split_once(')')?.0;
        let lengths = lengths.split(',').map(str::trim).filter(|length| !length.is_empty());
        let shape: Vec<usize> = lengths.map(|length| length.parse().ok()).collect::<Option<_>>()?;
        let known = (by_columns || order.starts_with("False")) && shape.len() <= DIMENSIONS_MAX;
        known.then_some(Header { element, by_columns, shape })
    }
}

fn cut_short(cause: std::io::Error) -> String {
    format!("is cut short: {}", excerpt(&cause.to_string()))
}

impl Element {
    fn parse(text: &str) -> Option<Element> {
        let mut characters = text.chars();
        let big_endian = match characters.next()? {
            '<' | '|' => false,
            '>' => true,
            _ => return None,
        };
        let kind = characters.next()?;
        let size: usize = characters.as_str().parse().ok()?;
        // A character is a number of four bytes.
        let bytes = if kind == 'U' { size.checked_mul(4)? } else { size };
        let known = match kind {
            'f' => matches!(size, 4 | 8),
            'i' | 'u' => matches!(size, 1 | 2 | 4 | 8),
            'U' | 'S' => true,
            _ => false,
        };
        known.then_some(Element { big_endian, kind, bytes })
    }

    fn elements(&self, data: &[u8], count: usize) -> Result<Elements, String> {
        if count == 0 {
            return Ok(Elements::Numbers(Vec::new()));
        }
        let cells = data.chunks_exact(self.bytes);
        Ok(match self.kind {
            'S' => Elements::Names(
                cells.map(|cell| String::from_utf8_lossy(cell).trim_end_matches('\0').to_owned()).collect(),
            ),
            'U' => Elements::Names(cells.map(|cell| self.text(cell)).collect()),
            _ => Elements::Numbers(cells.map(|cell| self.number(cell)).collect()),
        })
    }

    /// The bytes of a number, or of a character, lowest first; zeros beyond.
    fn low_first(&self, cell: &[u8]) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..cell.len()].copy_from_slice(cell);
        if self.big_endian {
            bytes[..cell.len()].reverse();
        }
        bytes
    }

    fn text(&self, cell: &[u8]) -> String {
        let characters = cell.chunks_exact(4).map(|character| u64::from_le_bytes(self.low_first(character)) as u32);
        characters.take_while(|&code| code != 0).map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect()
    }

    fn number(&self, cell: &[u8]) -> f64 {
        let bytes = self.low_first(cell);
        let whole = u64::from_le_bytes(bytes);
        match (self.kind, self.bytes) {
            ('f', 8) => f64::from_le_bytes(bytes),
            ('f', _) => f64::from(f32::from_bits(whole as u32)),
            ('u', _) => whole as f64,
            (_, 8) => whole as i64 as f64,
            (_, size) => {
                let unused = 64 - 8 * size as u32;
                ((whole << unused) as i64 >> unused) as f64
            }
        }
    }
}

impl Elements {
    /// Elements that stood column by column.
    fn by_rows(self, shape: &[usize]) -> Elements {
        fn moved<T: Clone>(from: &[T], shape: &[usize]) -> Vec<T> {
            let place = |mut row_major: usize| {
                let (mut index, mut stride) = (0, from.len());
                for &length in shape.iter().rev() {
                    stride /= length;
                    index += row_major % length * stride;
                    row_major /= length;
                }
                index
            };
            (0..from.len()).map(|row_major| from[place(row_major)].clone()).collect()
        }
        match self {
            Elements::Numbers(numbers) => Elements::Numbers(moved(&numbers, shape)),
            Elements::Names(names) => Elements::Names(moved(&names, shape)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(header: &str, data: &[u8]) -> Vec<u8> {
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
    }

    fn read(header: &str, data: &[u8]) -> Result<Array, String> {
        Array::read("positions", &npy(header, data)[..], 1 << 20)
    }

    #[test]
    fn numbers_of_every_type_are_read_in_either_order() {
        let header = |descr: &str, order: &str, shape: &str| {
            format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}")
        };
        let numbers = |descr: &str, data: &[u8]| {
            read(&header(descr, "False", "(2,)"), data).expect("well formed").numbers().expect("numbers").to_vec()
        };
        assert_eq!(numbers("<f4", &[1.5f32.to_le_bytes(), (-2.0f32).to_le_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(numbers(">f8", &[1.5f64.to_be_bytes(), (-2.0f64).to_be_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(numbers("|i1", &[0xff, 3]), [-1.0, 3.0]);
        assert_eq!(numbers(">i2", &[0xff, 0xfe, 0, 1]), [-2.0, 1.0]);
        assert_eq!(numbers("<u4", &[0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]), [4294967295.0, 1.0]);
        // 0 1 2 / 3 4 5, column by column.
        let columns = read(&header("|u1", "True", "(2, 3)"), &[0, 3, 1, 4, 2, 5]).expect("well formed");
        assert_eq!(columns.numbers().expect("numbers"), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let names = read(&header("<U2", "False", "(2,)"), &[b'N', 0, 0, 0, b'i', 0, 0, 0, b'P', 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(names.expect("well formed").names().expect("names"), ["Ni", "P"]);
        assert!(read(&header("<f8", "False", "()"), &4.0f64.to_le_bytes()).expect("a scalar").shape.is_empty());
    }

    #[test]
    fn what_is_no_array_is_refused_by_what_is_wrong_with_it() {
        let refused = |header: &str, data: &[u8], expected: &str| {
            let error = read(header, data).err().expect("malformed");
            assert!(error.contains(expected), "{error}");
        };
        let header =
            |descr: &str, shape: &str| format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}");
        refused(&header("'<f8'", "(2,)"), &[0; 15], "has 15 bytes where its shape [2] needs 16");
        refused(&header("'<f8'", "(18446744073709551615, 2)"), &[], "more than memory has room for");
        refused(&header("'<f8'", "(99999999, 2)"), &[], "more than memory has room for");
        refused(&header("'|O'", "(2,)"), &[], "none of an array of numbers or texts");
        refused(&header("[('x', '<f8')]", "(2,)"), &[], "none of an array of numbers or texts");
        refused(&header("'<f8'", "(1, 1, 1, 1)"), &[0; 8], "none of an array of numbers or texts");
        assert!(Array::read("box", &b"\x93NUMPY\x01"[..], 99).err().expect("short").contains("is cut short"));
        assert!(Array::read("box", &b"no array at all"[..], 99).err().expect("other").contains("is no NPY file"));
        assert!(
            Array::read("box", &b"\x93NUMPY\x02\0\xff\xff\xff\xff"[..], 99).err().expect("long").contains("header of")
        );
    }
}
