//! `glassmodes verify`: is an archive what it claims to be?

use super::exit::{CommandFailure, Exit};
use crate::arguments::VerifyArguments;
use crate::provenance::plan_of;
use crate::terminal::{say, several};
use crate::version;
use archive::diff::tolerance;
use archive::verify::Severity;
use archive::{
    Agreement, Archive, ArchiveError, Difference, InstructionClass, Provenance, Record, VerifyOptions, VerifyReport,
    differences, index_ranges, open_segment, verify_open,
};
use glass::InherentStructure;
use glass::quench::QuenchFailure;
use glass::random::Seed;
use glass::space::Dimension;
use rayon::prelude::*;
use realization::config::{ConfigError, Plan};
use realization::particles::Particles;
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
    // Opened once: what cannot be opened now is not taken for sound because it can be a moment later.
    let opened = open_segment(&arguments.archive);
    let plan = opened.as_ref().ok().map(|archive| plan_of(archive.provenance(), &[]));
    let options = match &plan {
        Some(Ok(plan)) => VerifyOptions { force_tolerance: plan.quench.force_tolerance },
        _ => VerifyOptions::default(),
    };
    let report = match &opened {
        Ok(archive) => verify_open(archive, &options),
        Err(error) => VerifyReport::unreadable(&arguments.archive, error),
    };
    let sample = match (&opened, &plan) {
        (Ok(archive), Some(Ok(plan))) if report.is_sound() => recompute(archive, arguments.recompute, plan)?,
        _ => Vec::new(),
    };
    let configuration = plan.as_ref().zip(report.provenance.as_ref());
    let configuration = configuration.and_then(|(plan, provenance)| trouble_with_configuration(plan, provenance));
    let differences = match &arguments.same_as {
        Some(other) if report.is_sound() => differences(&arguments.archive, other)?,
        _ => Vec::new(),
    };
    let verdict = Verdict::of(&report, configuration, &sample, &differences);
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

/// What is wrong with the configuration an archive carries, if anything. One written by another program may mean
/// something else, so that it is no fault of the archive.
fn trouble_with_configuration(plan: &Result<Plan, ConfigError>, provenance: &Provenance) -> Option<Trouble> {
    let words = match plan {
        Err(error) => format!("nothing was recomputed, as its configuration is not understood: {error}"),
        Ok(plan) if plan.hash() != provenance.config_hash => {
            format!("attribute config_hash: is {:?}, its configuration has {:?}", provenance.config_hash, plan.hash())
        }
        Ok(_) => return None,
    };
    let ours = provenance.software_version == version::SHORT && provenance.git_commit == version::COMMIT;
    let no_configuration = matches!(plan, Err(ConfigError::Syntax { .. }));
    Some(if ours || no_configuration { Trouble::Fault(words) } else { Trouble::Remark(words) })
}

enum Trouble {
    Fault(String),
    Remark(String),
}

/// (√5 − 1)/2.
const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;

/// One realization computed again.
struct Recomputed {
    index: u64,
    /// `None` if the archive does not hold what it takes.
    outcome: Option<Result<Agreement, String>>,
}

/// A sample spread over the archive, computed again: from their seeds, or from the stored particles
/// when the glasses were made elsewhere.
fn recompute(archive: &Archive, sample: usize, plan: &Plan) -> Result<Vec<Recomputed>, CommandFailure> {
    let elsewhere = archive.provenance().made_elsewhere();
    let rows = spread(sample, archive.len()?);
    let stored =
        rows.into_iter().map(|row| Ok((row, archive.record(row)?))).collect::<Result<Vec<_>, ArchiveError>>()?;
    let made: Vec<_> = stored
        .par_iter()
        .map(|(_, stored)| if elsewhere { from_particles(plan, stored) } else { Some(realize(plan, stored.index)) })
        .collect();
    let compare = |((row, stored), made): ((usize, Record), Option<Result<Record, RealizationFailure>>)| {
        let outcome = match made {
            None => None,
            Some(Ok(again)) => Some(Ok(archive.agreement(row, &again)?)),
            Some(Err(failure)) => Some(Err(failure.to_string())),
        };
        Ok(Recomputed { index: stored.index, outcome })
    };
    stored.into_iter().zip(made).map(compare).collect()
}

/// `sample` of `count` rows, one of each of as many equal parts. Their places in the parts follow the golden ratio, not a
/// period: of an archive merged from slices, rows at one distance could all be of one slice.
fn spread(sample: usize, count: usize) -> Vec<usize> {
    let sample = sample.min(count);
    let row = |k: usize| {
        let (first, end) = (k * count / sample, (k + 1) * count / sample);
        let place = (0.5 + k as f64 * GOLDEN_RATIO).fract();
        first + (place * (end - first) as f64) as usize
    };
    (0..sample).map(row).collect()
}

/// The record of the particles that `stored` keeps; `None` if it keeps none.
fn from_particles(plan: &Plan, stored: &Record) -> Option<Result<Record, RealizationFailure>> {
    let particles = stored.frame.as_ref()?;
    let again = match stored.dimension {
        Dimension::Two => examined_again::<2>(plan, stored, particles),
        Dimension::Three => examined_again::<3>(plan, stored, particles),
    };
    // How it came to its minimum is not to be had from there.
    Some(again.map(|mut again| {
        again.inherent.iterations = stored.inherent.iterations;
        again
    }))
}

fn examined_again<const D: usize>(
    plan: &Plan,
    stored: &Record,
    particles: &Particles,
) -> Result<Record, RealizationFailure> {
    let not_finite = |_| RealizationFailure::Quench(QuenchFailure::NotFinite { iterations: 0 });
    let configuration = particles.configuration::<D>().map_err(not_finite)?;
    let tolerance = plan.quench.force_tolerance;
    let inherent = InherentStructure::accept(configuration, &plan.composition.potential, tolerance)?;
    examine(plan, stored.index, Seed::from_bits(stored.seed), &inherent)
}

/// What is said of an archive.
#[derive(Debug, Serialize)]
struct Verdict {
    sound: bool,
    complete: bool,
    realizations: usize,
    missing: u64,
    quarantined: usize,
    faults: Vec<String>,
    remarks: Vec<String>,
    /// Indices of the realizations recomputed to the same bits.
    recomputed: Vec<u64>,
    /// And of those whose glass has the same bits and whose spectrum is the same within the tolerances that hold
    /// across instruction classes.
    recomputed_across_classes: Vec<u64>,
}

impl Verdict {
    fn of(
        report: &VerifyReport,
        configuration: Option<Trouble>,
        sample: &[Recomputed],
        others: &[Difference],
    ) -> Verdict {
        let of = |severity: Severity| {
            let findings = report.findings.iter().filter(move |finding| finding.severity == severity);
            findings.map(ToString::to_string).collect::<Vec<_>>()
        };
        let (mut faults, mut remarks) = (of(Severity::Fault), of(Severity::Remark));
        match configuration {
            Some(Trouble::Fault(words)) => faults.push(words),
            Some(Trouble::Remark(words)) => remarks.push(words),
            None => {}
        }
        if let Some(provenance) = report.provenance.as_ref().filter(|of| of.git_commit != version::COMMIT) {
            remarks.push(format!("computed by commit {}, this is {}", provenance.git_commit, version::COMMIT));
        }
        faults.extend(others.iter().map(|difference| format!("not the same as the other archive: {difference}")));
        let (mut recomputed, mut recomputed_across_classes) = (Vec::new(), Vec::new());
        for Recomputed { index, outcome } in sample {
            match outcome {
                None => remarks.push(format!(
                    "realization {index} was made elsewhere and its particles are not kept, so it was not recomputed"
                )),
                Some(Ok(Agreement::Bits)) => recomputed.push(*index),
                Some(Ok(Agreement::AcrossClasses)) => recomputed_across_classes.push(*index),
                Some(Ok(Agreement::Differ(differences))) => {
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
            missing: report.missing.count(),
            quarantined: report.quarantined.len(),
            faults,
            remarks,
            recomputed,
            recomputed_across_classes,
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
            say(format_args!("missing {}: {}", several(self.missing, "realization", "realizations"), report.missing));
        }
        if !self.recomputed.is_empty() {
            say(format_args!("recomputed to the same bits: realizations {}", index_ranges(&self.recomputed)));
        }
        if !self.recomputed_across_classes.is_empty() {
            say(format_args!(
                "recomputed on another instruction class (this is {}): glasses to the same bits, spectra and modes to \
                 {:e} relatively or {:e}: realizations {}",
                InstructionClass::detect(),
                tolerance::RELATIVE,
                tolerance::ABSOLUTE,
                index_ranges(&self.recomputed_across_classes)
            ));
        }
        say(format_args!(
            "{}: {}, {}, {}, {} quarantined",
            report.path.display(),
            if self.sound { "sound" } else { "NOT sound" },
            if self.complete { "complete" } else { "incomplete" },
            several(self.realizations, "realization", "realizations"),
            self.quarantined
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::spread;
    use std::collections::BTreeSet;

    #[test]
    fn a_sample_has_each_row_once_and_is_of_all_slices() {
        for (sample, count) in [(0, 9), (1, 1), (1, 600), (7, 7), (9, 7), (7, 10), (60, 16_800)] {
            let rows = spread(sample, count);
            assert_eq!(rows.len(), sample.min(count));
            assert!(rows.windows(2).all(|pair| pair[0] < pair[1]) && rows.iter().all(|&row| row < count), "{rows:?}");
        }
        assert_eq!(spread(1, 600), [300]);
        // 28 slices of 20 glasses, chain after chain of each in turn.
        let slices: BTreeSet<usize> = spread(60, 16_800).into_iter().map(|row| row / 20 % 28).collect();
        assert!(slices.len() > 20, "{slices:?}");
    }
}
