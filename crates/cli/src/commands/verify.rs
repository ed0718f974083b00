//! `glassmodes verify`: is an archive what it claims to be?

use super::exit::{CommandFailure, Exit};
use crate::arguments::VerifyArguments;
use crate::own_glass::MARKER;
use crate::terminal::say;
use crate::version;
use archive::verify::Severity;
use archive::{
    Archive, Difference, Provenance, Record, VerifyOptions, VerifyReport, compare_records, differences, index_ranges,
};
use glass::quench::QuenchFailure;
use glass::random::Seed;
use glass::{Configuration, InherentStructure, PeriodicBox};
use rayon::prelude::*;
use realization::config::{self, ConfigError, Plan};
use realization::{RealizationFailure, examine, realize};
use serde::Serialize;

/// Checks structure and physics, recomputes a sample, compares with another archive if one is named, and
/// says what is wrong with what.
///
/// # Errors
/// [`CommandFailure`] if an archive is not there, or the one to compare with cannot be read. The archive to
/// verify, if it cannot be read, is described, with exit code 1.
pub fn verify(arguments: &VerifyArguments) -> Result<Exit, CommandFailure> {
    for path in std::iter::once(&arguments.archive).chain(&arguments.same_as) {
        std::fs::metadata(path).map_err(|cause| CommandFailure::File { path: path.clone(), cause })?;
    }
    let plan = Archive::open(&arguments.archive).ok().map(|archive| plan_of(archive.provenance()));
    let options = match &plan {
        Some(Ok(plan)) => VerifyOptions { force_tolerance: plan.quench.force_tolerance },
        _ => VerifyOptions::default(),
    };
    let report = archive::verify(&arguments.archive, &options);
    let sample = match &plan {
        Some(Ok(plan)) if report.is_sound() => recompute(arguments, plan)?,
        _ => Vec::new(),
    };
    let misunderstood = plan.and_then(Result::err);
    let differences = match &arguments.same_as {
        Some(other) if report.is_sound() => differences(&arguments.archive, other)?,
        _ => Vec::new(),
    };
    let verdict = Verdict::of(&report, misunderstood.as_ref(), &sample, &differences);
    if arguments.json {
        say(serde_json::to_string(&verdict).unwrap_or_default());
    } else {
        verdict.tell(&report);
        if let Some(other) = arguments.same_as.as_ref().filter(|_| verdict.sound) {
            say(format_args!("the same results as {}, bit by bit", other.display()));
        }
    }
    Ok(if verdict.sound { Exit::Complete } else { Exit::Failed })
}

/// The plan an archive was computed with, or why this program does not understand it.
fn plan_of(provenance: &Provenance) -> Result<Plan, ConfigError> {
    let (text, file) = (&provenance.config, "its configuration");
    if made_elsewhere(provenance) {
        config::parse_for_own_glasses(text, file, &[], None)
    } else {
        config::parse(text, file, &[])
    }
}

fn made_elsewhere(provenance: &Provenance) -> bool {
    provenance.config.starts_with(MARKER)
}

/// One realization computed again.
struct Recomputed {
    index: u64,
    /// `None` if the archive does not hold what it takes.
    outcome: Option<Result<Vec<Difference>, String>>,
}

/// A sample spread over the archive, computed again: from their seeds, or from the stored particles
/// when the glasses were made elsewhere.
fn recompute(arguments: &VerifyArguments, plan: &Plan) -> Result<Vec<Recomputed>, CommandFailure> {
    let archive = Archive::open(&arguments.archive)?;
    let elsewhere = made_elsewhere(archive.provenance());
    let count = archive.len()?;
    let sample = arguments.recompute.min(count);
    let rows = (0..sample).map(|k| (2 * k + 1) * count / (2 * sample));
    let stored = rows.map(|row| archive.record(row)).collect::<Result<Vec<Record>, _>>()?;
    Ok(stored
        .par_iter()
        .map(|stored| {
            let again = if elsewhere { from_particles(plan, stored) } else { Some(realize(plan, stored.index)) };
            let compare = |again: Record| compare_records(stored, &again);
            let outcome = again.map(|again| again.map(compare).map_err(|failure| failure.to_string()));
            Recomputed { index: stored.index, outcome }
        })
        .collect())
}

/// The record of the particles that `stored` keeps; `None` if it keeps none.
fn from_particles(plan: &Plan, stored: &Record) -> Option<Result<Record, RealizationFailure>> {
    let frame = stored.frame.as_ref()?;
    let not_finite = || RealizationFailure::Quench(QuenchFailure::NotFinite { iterations: 0 });
    let again = PeriodicBox::new(frame.box_length)
        .map_err(|_| not_finite())
        .and_then(|side| {
            Configuration::new(side, frame.positions.clone(), frame.diameters.clone()).map_err(|_| not_finite())
        })
        .and_then(|particles| {
            let tolerance = plan.quench.force_tolerance;
            Ok(InherentStructure::accept(particles, &plan.composition.potential, tolerance)?)
        })
        .and_then(|inherent| examine(plan, stored.index, Seed::from_bits(stored.seed), &inherent))
        // How it came to its minimum is not to be had from there.
        .map(|mut again| {
            again.inherent.iterations = stored.inherent.iterations;
            again
        });
    Some(again)
}

/// What is said of an archive.
#[derive(Debug, Serialize)]
struct Verdict {
    sound: bool,
    complete: bool,
    realizations: usize,
    missing: usize,
    quarantined: usize,
    faults: Vec<String>,
    remarks: Vec<String>,
    /// Indices of the realizations recomputed to the same bits.
    recomputed: Vec<u64>,
}

impl Verdict {
    fn of(
        report: &VerifyReport,
        misunderstood: Option<&ConfigError>,
        sample: &[Recomputed],
        others: &[Difference],
    ) -> Verdict {
        let of = |severity: Severity| {
            let findings = report.findings.iter().filter(move |finding| finding.severity == severity);
            findings.map(ToString::to_string).collect::<Vec<_>>()
        };
        let (mut faults, mut remarks) = (of(Severity::Fault), of(Severity::Remark));
        if let Some(provenance) = &report.provenance {
            if let Some(error) = misunderstood {
                remarks.push(format!("nothing was recomputed, as its configuration is not understood: {error}"));
            }
            if provenance.git_commit != version::COMMIT {
                remarks.push(format!("computed by commit {}, this is {}", provenance.git_commit, version::COMMIT));
            }
        }
        faults.extend(others.iter().map(|difference| format!("not the same as the other archive: {difference}")));
        let mut recomputed = Vec::new();
        for Recomputed { index, outcome } in sample {
            match outcome {
                None => remarks.push(format!(
                    "realization {index} was made elsewhere and its particles are not kept, so it was not recomputed"
                )),
                Some(Ok(differences)) if differences.is_empty() => recomputed.push(*index),
                Some(Ok(differences)) => {
                    let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
                    faults.push(format!("realization {index}, recomputed, differs: {}", shown.join("; ")));
                }
                Some(Err(failure)) => faults.push(format!("realization {index} cannot be recomputed: {failure}")),
            }
        }
        Verdict {
            sound: faults.is_empty(),
            complete: report.is_complete(),
            realizations: report.realizations,
            missing: report.missing.len(),
            quarantined: report.quarantined.len(),
            faults,
            remarks,
            recomputed,
        }
    }

    fn tell(&self, report: &VerifyReport) {
        for finding in &self.faults {
            say(format_args!("FAULT   {finding}"));
        }
        if !self.faults.is_empty() {
            let whole = report.datasets.iter().filter(|dataset| dataset.sound).count();
            say(format_args!("{whole} of {} datasets can be read", report.datasets.len()));
        }
        for remark in &self.remarks {
            say(format_args!("remark  {remark}"));
        }
        if !report.missing.is_empty() {
            say(format_args!("missing {} realizations: {}", self.missing, index_ranges(&report.missing)));
        }
        if !self.recomputed.is_empty() {
            say(format_args!("recomputed to the same bits: realizations {}", index_ranges(&self.recomputed)));
        }
        say(format_args!(
            "{}: {}, {}, {} realizations, {} quarantined",
            report.path.display(),
            if self.sound { "sound" } else { "NOT sound" },
            if self.complete { "complete" } else { "incomplete" },
            self.realizations,
            self.quarantined
        ));
    }
}
