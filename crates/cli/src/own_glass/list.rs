//! The glasses of one command: which file and frame each index stands for, and whether they are still the same.

use super::{OwnGlass, OwnGlassError};
use archive::MADE_ELSEWHERE;
use formats::{FormatError, NumberedFrame, ReadOptions};
use realization::config::{GlassesFound, printable};
use realization::particles::Particles;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Bytes of the list that an archive keeps beside its configuration, which together must stay below 64 kB.
const LISTED_BYTES_MAX: usize = 40_000;

/// Start of the lines of an inventory.
const FILE: &str = "# file ";

/// All glasses of a command, in the order given, and how they come to their minimum.
#[derive(Debug)]
pub struct GlassList {
    files: Vec<GlassFile>,
    /// By index; of what is no glass, why.
    glasses: Vec<Result<OwnGlass, String>>,
    /// Whether each is quenched; otherwise it must be a minimum.
    pub quenched: bool,
}

#[derive(Debug)]
struct GlassFile {
    path: PathBuf,
    frames: usize,
    /// Of the numbers, however they are written down; of what is no glass, of the reason.
    sha256: String,
    /// Whether it gives particles different masses.
    masses_differ: bool,
}

impl GlassList {
    /// Every frame of every file is a glass, and a file that holds none counts as one that failed.
    ///
    /// # Errors
    /// [`OwnGlassError::Format`] for a file that cannot be read now: that says nothing of its glasses.
    pub fn read(paths: &[PathBuf], options: &ReadOptions, quenched: bool) -> Result<Self, OwnGlassError> {
        let mut list = GlassList { files: Vec::new(), glasses: Vec::new(), quenched };
        for path in paths {
            let mut hash = Sha256::new();
            let before = list.glasses.len();
            let mut masses_differ = false;
            match frames(path, options)? {
                Ok(frames) => {
                    frames.iter().for_each(|read| add(&mut hash, &read.frame));
                    masses_differ = frames.iter().any(|read| read.masses_differ);
                    list.glasses.extend(frames.into_iter().map(|read| glass(path, read)));
                }
                Err(reason) => {
                    hash.update(reason.as_bytes());
                    list.glasses.push(Err(reason));
                }
            }
            let frames = list.glasses.len() - before;
            list.files.push(GlassFile { path: path.clone(), frames, sha256: hexadecimal(hash), masses_differ });
        }
        Ok(list)
    }

    /// How many indices there are.
    pub fn len(&self) -> usize {
        self.glasses.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.glasses.is_empty()
    }

    /// What index `index` stands for; of what is no glass, why.
    pub fn get(&self, index: u64) -> Result<&OwnGlass, &str> {
        match self.glasses.get(index as usize) {
            Some(glass) => glass.as_ref().map_err(String::as_str),
            None => Err("there is no such glass"),
        }
    }

    /// Those that are glasses.
    pub fn glasses(&self) -> impl Iterator<Item = &OwnGlass> {
        self.glasses.iter().flatten()
    }

    /// Why the others are none.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.glasses.iter().filter_map(|glass| glass.as_ref().err().map(String::as_str))
    }

    /// What is to be said of files of which something is not used.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        self.files.iter().filter(|file| file.masses_differ).map(|file| {
            format!("{}: its particles have different masses, which are not used: all are taken as 1", name(&file.path))
        })
    }

    /// What stands before the configuration in an archive of these glasses: a line that says that they were made
    /// elsewhere, with the SHA-256 of their numbers, and one a file with its indices, as many as there is room for.
    pub fn header(&self) -> String {
        let mut text = self.first_line();
        let mut first = 0;
        for (number, file) in self.files.iter().enumerate() {
            let line = format!("# realizations {}: {}\n", range(first, file.frames), name(&file.path));
            if text.len() + line.len() > LISTED_BYTES_MAX {
                text.push_str(&format!("# realizations from {first} on: {} more files\n", self.files.len() - number));
                break;
            }
            text.push_str(&line);
            first += file.frames;
        }
        text
    }

    /// What stands before the configuration in a folder in which they are examined, but for `middle` after the first
    /// line: one line a file with the SHA-256 of its numbers.
    pub fn inventory(&self, middle: &str) -> String {
        let lines = self.files.iter().map(|file| {
            let GlassFile { path, frames, sha256, .. } = file;
            format!("{FILE}{sha256} {frames} {}\n", name(path))
        });
        format!("{}{middle}{}", self.first_line(), lines.collect::<String>())
    }

    /// The first file that does not hold what it did when `inventory` was written.
    pub fn first_change(&self, inventory: &str) -> Option<String> {
        let identity = |line: &str| line.splitn(3, ' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        let mut lines = inventory.lines().filter_map(|line| line.strip_prefix(FILE));
        for file in &self.files {
            match lines.next() {
                Some(line) if identity(line) == [file.sha256.clone(), file.frames.to_string()] => {}
                Some(_) => return Some(format!("{}: holds other glasses than before", name(&file.path))),
                None => return Some(format!("{}: was not among the files before", name(&file.path))),
            }
        }
        if let Some(line) = lines.next() {
            return Some(format!("{}: is not among the files now", line.splitn(3, ' ').nth(2).unwrap_or_default()));
        }
        (!inventory.starts_with(&self.first_line())).then(|| "--quench: was given before or now, not both".to_owned())
    }

    /// What every process must have read alike.
    pub fn agreement(&self) -> Vec<(String, String)> {
        let named = self.files.iter().enumerate().map(|(number, file)| {
            let GlassFile { path, frames, sha256, .. } = file;
            (format!("file {number} ({})", name(path)), format!("{frames} frames, SHA-256 {sha256}"))
        });
        named.chain([("--quench".to_owned(), self.quenched.to_string())]).collect()
    }

    fn first_line(&self) -> String {
        let mut hash = Sha256::new();
        self.files.iter().for_each(|file| hash.update(file.sha256.as_bytes()));
        let (count, files) = (self.glasses.len(), self.files.len());
        let how = if self.quenched { "quenched here" } else { "as they are" };
        format!("{MADE_ELSEWHERE} {count} of {files} files, {how}, SHA-256 {}\n", hexadecimal(hash))
    }
}

/// The frames of a file, or why it holds no glasses. It is called so only if reading fails twice, with all its bytes read
/// between.
fn frames(path: &Path, options: &ReadOptions) -> Result<Result<Vec<NumberedFrame>, String>, OwnGlassError> {
    let fault = match formats::read(path, options) {
        Ok(frames) => return Ok(Ok(frames)),
        Err(fault) if is_of_the_moment(&fault) => return Err(fault.into()),
        Err(fault) => fault,
    };
    if !path.is_file() {
        return Ok(Err(fault.to_string()));
    }
    let read = File::open(path).and_then(|mut file| io::copy(&mut file, &mut io::sink()));
    read.map_err(|cause| FormatError::Read { path: path.to_owned(), cause })?;
    match formats::read(path, options) {
        Ok(frames) => Ok(Ok(frames)),
        Err(fault) if is_of_the_moment(&fault) => Err(fault.into()),
        Err(fault) => Ok(Err(fault.to_string())),
    }
}

/// Whether the fault lies with the command, the system or the moment, and not with what the file holds.
fn is_of_the_moment(fault: &FormatError) -> bool {
    match fault {
        // What gunzip says of a file that is cut short or damaged.
        FormatError::Read { cause, .. } => {
            !matches!(cause.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput)
        }
        FormatError::NotSeekable { .. } | FormatError::TooLarge { .. } => true,
        FormatError::NoGroups(_) | FormatError::HasBox(_) | FormatError::NoFrames(_) => true,
        FormatError::Archive(archive::ArchiveError::Io { .. }) => true,
        FormatError::Malformed { .. } | FormatError::Part { .. } => false,
        FormatError::Archive(_) | FormatError::NoParticles(_) => false,
    }
}

fn glass(
    path: &Path,
    NumberedFrame { number: frame, frame: particles, .. }: NumberedFrame,
) -> Result<OwnGlass, String> {
    GlassesFound::of(&particles)
        .map(|found| OwnGlass { path: path.to_owned(), frame, particles, found })
        .map_err(|cause| OwnGlassError::Invalid { path: path.to_owned(), frame, cause }.to_string())
}

fn add(hash: &mut Sha256, particles: &Particles) {
    hash.update((particles.diameters.len() as u64).to_le_bytes());
    let sides = &particles.box_sides;
    // One side stands for all where they are the same, as it did when they had to be.
    let equal = sides.iter().all(|side| *side == sides[0]);
    let sides = if equal { &sides[..1] } else { sides };
    let numbers = sides.iter().chain(&particles.positions).chain(&particles.diameters);
    numbers.for_each(|number| hash.update(number.to_bits().to_le_bytes()));
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn range(first: usize, count: usize) -> String {
    match count {
        1 => first.to_string(),
        _ => format!("{first}-{}", first + count - 1),
    }
}

/// A path on one line.
fn name(path: &Path) -> String {
    printable(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(x: f64) -> String {
        format!("1\nLattice=\"4 0 0 4\" Properties=pos:R:2:diameter:R:1\n{x} 2 1.5\n")
    }

    fn list(folder: &Path, files: &[(&str, String)], quenched: bool) -> GlassList {
        let write = |(file, text): &(&str, String)| {
            std::fs::write(folder.join(file), text).expect("writable");
            folder.join(file)
        };
        let paths: Vec<PathBuf> = files.iter().map(write).collect();
        GlassList::read(&paths, &ReadOptions::default(), quenched).expect("readable")
    }

    #[test]
    fn every_index_has_its_file_and_frame() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let two = frame(1.0) + &frame(2.0);
        let list = list(folder.path(), &[("two", two), ("bad", "2\n".into()), ("one", frame(3.0))], false);
        let of = |index| list.get(index).map(|glass| (glass.path.file_name().expect("a file").to_owned(), glass.frame));
        assert_eq!(list.len(), 4);
        assert_eq!(of(1), Ok(("two".into(), 1)));
        assert!(of(2).expect_err("malformed").contains("bad:2:1: the comment line"));
        assert_eq!(of(3), Ok(("one".into(), 0)));
        assert!(of(4).is_err());
        let header = list.header();
        assert!(header.starts_with("# glasses made elsewhere: 4 of 3 files, as they are, SHA-256 "), "{header}");
        for words in ["# realizations 0-1: ", "# realizations 2: ", "# realizations 3: "] {
            assert!(header.contains(words), "{header}");
        }
    }

    #[test]
    fn what_has_changed_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = [("a", frame(1.0)), ("b", frame(2.0))];
        let before = list(folder.path(), &files, false).inventory("# begun then\n");
        let change = |files: &[(&str, String)], quenched| list(folder.path(), files, quenched).first_change(&before);
        assert_eq!(change(&files, false), None);
        // How the numbers are written down, and what the file is called, does not matter.
        assert_eq!(change(&[("c", frame(1.0).replace("1.5", "15e-1")), ("b", frame(2.0))], false), None);
        for (files, quenched, words) in [
            (vec![("a", frame(1.0)), ("b", frame(2.5))], false, "b: holds other glasses than before"),
            (vec![("a", frame(1.0) + &frame(1.0)), ("b", frame(2.0))], false, "a: holds other glasses"),
            (vec![("a", frame(1.0))], false, "b: is not among the files now"),
            (vec![("a", frame(1.0)), ("b", frame(2.0)), ("d", frame(2.0))], false, "d: was not among the files before"),
            (files.to_vec(), true, "--quench"),
        ] {
            let found = change(&files, quenched).expect(words);
            assert!(found.contains(words), "{found} for {words}");
        }
    }

    #[test]
    fn masses_that_differ_are_said_by_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let two = |second: f64| {
            format!("2\nLattice=\"4 0 0 4\" Properties=pos:R:2:mass:R:1:diameter:R:1\n1 2 1 1.5\n3 2 {second} 1.5\n")
        };
        let files = [("alike", two(1.0)), ("unlike", two(3.0)), ("without", frame(1.0))];
        let notes: Vec<String> = list(folder.path(), &files, false).notes().collect();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("unlike: its particles have different masses"), "{notes:?}");
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let glasses = (0..3000).map(|_| Err(String::new())).collect();
        let file = |number| GlassFile {
            path: format!("glass-{number}.xyz").into(),
            frames: 1,
            sha256: String::new(),
            masses_differ: false,
        };
        let list = GlassList { files: (0..3000).map(file).collect(), glasses, quenched: false };
        let header = list.header();
        let last = header.lines().last().expect("a line");
        let listed = header.lines().count() - 2;
        assert!(header.len() < LISTED_BYTES_MAX + 100 && listed > 900, "{listed}");
        assert_eq!(last, format!("# realizations from {listed} on: {} more files", 3000 - listed));
    }
}
