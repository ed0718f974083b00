//! Is an archive what it should be? Structure, checksums, consistency, completeness, physics.
//!
//! Nothing here stops at the first fault: a damaged archive is described dataset by dataset, and what
//! can still be checked is checked.

mod consistency;
mod numbers;
mod padding;
mod physics;
mod structure;
mod thin;

use crate::error::ArchiveError;
use crate::indices::IndexRanges;
use crate::provenance::Provenance;
use crate::reader::Archive;
use crate::segments::open_segment;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// What is accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VerifyOptions {
    /// Largest |F_i| at a minimum: `quench.force_tolerance` of the campaign.
    pub force_tolerance: f64,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        VerifyOptions { force_tolerance: 1e-12 }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyReport {
    /// The file.
    pub path: PathBuf,
    /// Where it comes from, if that much can be read.
    pub provenance: Option<Provenance>,
    /// Every dataset of the format, in the order of the schema.
    pub datasets: Vec<DatasetReport>,
    /// Realizations in it.
    pub realizations: usize,
    /// Planned realizations that are neither here nor quarantined, ascending.
    pub missing: IndexRanges,
    /// Quarantined realizations.
    pub quarantined: Vec<u64>,
    /// Faults and remarks, in the order of the checks.
    pub findings: Vec<Finding>,
}

impl VerifyReport {
    /// What there is to say of a file that cannot be opened.
    pub fn unreadable(path: &Path, error: &ArchiveError) -> VerifyReport {
        let mut report = VerifyReport::empty(path);
        report.fault(Check::Structure, "/", error.to_string());
        report
    }

    fn empty(path: &Path) -> VerifyReport {
        VerifyReport {
            path: path.to_owned(),
            provenance: None,
            datasets: Vec::new(),
            realizations: 0,
            missing: IndexRanges::default(),
            quarantined: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Whether there is no fault. A sound archive may be partial, and may hold a saddle: that is
    /// remarked.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Remark)
    }

    /// Whether every planned realization is here or quarantined.
    pub fn is_complete(&self) -> bool {
        self.provenance.is_some() && self.missing.is_empty()
    }
}

/// One dataset as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetReport {
    /// Its path.
    pub path: &'static str,
    /// Its shape, if it is there and can be told.
    pub shape: Option<Vec<usize>>,
    /// Whether it is not there and need not be, or is there, of the right type, shape and unit, and every number of it could be read
    /// and agreed with its checksum.
    pub sound: bool,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Which check found it.
    pub check: Check,
    /// Dataset, group or attribute; "/" for the file.
    pub object: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.object, self.message)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The archive is not what it claims to be.
    Fault,
    /// Worth knowing; the archive is as it was computed.
    Remark,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Datasets, types, shapes, units, checksums.
    Structure,
    /// Tables agree with one another.
    Consistency,
    /// Numbers obey what they should.
    Physics,
}

/// Checks the archive or segment at `path`. Whatever is wrong with it is in the report.
pub fn verify(path: &Path, options: &VerifyOptions) -> VerifyReport {
    match open_segment(path) {
        Ok(archive) => verify_open(&archive, options),
        Err(error) => VerifyReport::unreadable(path, &error),
    }
}

/// Checks an archive that is open, so that what it claims decides about the options.
pub fn verify_open(archive: &Archive, options: &VerifyOptions) -> VerifyReport {
    let mut report =
        VerifyReport { provenance: Some(archive.provenance().clone()), ..VerifyReport::empty(archive.path()) };
    structure::check(archive, &mut report);
    consistency::check(archive, &mut report);
    padding::check(archive, &mut report);
    numbers::check(archive, &mut report);
    physics::check(archive, options, &mut report);
    thin::check(archive, &mut report);
    report
}

/// Reads every number of an archive that is open and compares it with its checksum: what [`verify_open`] does first.
///
/// # Errors
/// [`ArchiveError::Unsound`] with the first fault.
pub fn read_through(archive: &Archive) -> Result<(), ArchiveError> {
    let mut report = VerifyReport::empty(archive.path());
    structure::check(archive, &mut report);
    let first = report.findings.into_iter().find(|finding| finding.severity == Severity::Fault);
    first.map_or(Ok(()), |fault| {
        Err(ArchiveError::Unsound { path: archive.path().to_owned(), object: fault.object, problem: fault.message })
    })
}

impl VerifyReport {
    /// Whether all these datasets could be read.
    fn can_read(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.datasets.iter().any(|dataset| dataset.path == *path && dataset.sound))
    }

    fn fault(&mut self, check: Check, object: &str, message: impl Into<String>) {
        self.findings.push(fault(check, object, message.into()));
    }
}

fn fault(check: Check, object: &str, message: String) -> Finding {
    Finding { severity: Severity::Fault, check, object: object.to_owned(), message }
}

/// Realizations that break one rule.
struct Offenders {
    severity: Severity,
    check: Check,
    object: &'static str,
    rule: &'static str,
    indices: BTreeSet<u64>,
}

impl Offenders {
    fn new(severity: Severity, check: Check, object: &'static str, rule: &'static str) -> Offenders {
        Offenders { severity, check, object, rule, indices: BTreeSet::new() }
    }

    fn note(&mut self, index: u64, offends: bool) {
        if offends {
            self.indices.insert(index);
        }
    }

    /// One finding for all of them; the first few are named.
    fn finding(&self) -> Option<Finding> {
        const NAMED: usize = 8;
        let count = self.indices.len();
        let named: Vec<String> = self.indices.iter().take(NAMED).map(u64::to_string).collect();
        let more = if count > NAMED { ", …" } else { "" };
        let plural = if count == 1 { "realization" } else { "realizations" };
        (count > 0).then(|| Finding {
            severity: self.severity,
            check: self.check,
            object: self.object.to_owned(),
            message: format!("{} in {count} {plural}: {}{more}", self.rule, named.join(", ")),
        })
    }
}
