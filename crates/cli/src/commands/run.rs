//! `glassmodes run`: a campaign from its configuration to its archive, on threads or MPI.

use super::exit::{CommandFailure, Exit};
use crate::arguments::{RetryArguments, RunArguments, Workers};
use crate::chains::{self, ChainStore, Chains};
use crate::findings::Findings;
use crate::folder::{Begun, CampaignFolder, Part};
use crate::forecast::patience;
use crate::progress::{ProgressLines, Unit};
use crate::provenance;
use crate::store::RecordStore;
use crate::terminal::{note, say};
use crate::version;
use archive::Archive;
use campaign::{
    Agreement, Launch, Outcome, Rules, STOP_NAME, SegmentSettings, Session, Settings, Slice, StopReason, Store, Tasks,
};
use realization::config::{self, Plan};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

/// Joins the other processes if there are any, runs the campaign, leaves.
///
/// # Errors
/// [`CommandFailure`] when the processes do not find one another; what goes wrong later is said here,
/// as leaving may end this process.
pub fn run(arguments: &RunArguments) -> Result<Exit, CommandFailure> {
    in_session(|session| campaign(&Assignment::of(arguments)?, session))
}

/// The same for what is quarantined in a campaign that was begun.
///
/// # Errors
/// As [`run`].
pub fn retry(arguments: &RetryArguments) -> Result<Exit, CommandFailure> {
    in_session(|session| {
        let Begun { plan, slice, .. } = Begun::of(&arguments.campaign, &arguments.overrides.sets)?;
        let (folder, workers) = (arguments.campaign.clone(), &arguments.workers);
        campaign(&Assignment { plan, folder, slice, workers, retry: true }, session)
    })
}

/// What a process was told to do.
struct Assignment<'a> {
    plan: Plan,
    folder: PathBuf,
    slice: Slice,
    workers: &'a Workers,
    retry: bool,
}

impl<'a> Assignment<'a> {
    /// From a configuration and a folder, or from the folder of a campaign alone.
    fn of(arguments: &'a RunArguments) -> Result<Self, CommandFailure> {
        let RunArguments { config, out, overrides, workers, .. } = arguments;
        let (plan, folder, slice) = match out {
            None if config.is_dir() => {
                let begun = Begun::of(config, &overrides.sets)?;
                (begun.plan, config.clone(), begun.slice)
            }
            Some(_) if config.is_dir() => {
                let words = "is a folder: leave out --out to go on there, or name a configuration";
                return Err(CommandFailure::Usage(format!("{} {words}", config.display())));
            }
            Some(out) => (config::load(config, &overrides.sets)?, out.clone(), Slice::WHOLE),
            None => return Err(CommandFailure::Usage("--out DIR is missing: the campaign's folder".to_owned())),
        };
        Ok(Assignment { plan, folder, slice: arguments.slice.unwrap_or(slice), workers, retry: false })
    }
}

/// Joins the other processes if there are any, does `work`, says what went wrong with it, leaves.
///
/// # Errors
/// [`CommandFailure`] when the processes do not find one another.
pub(super) fn in_session(
    work: impl FnOnce(&mut Session) -> Result<Exit, CommandFailure>,
) -> Result<Exit, CommandFailure> {
    let mut session = Session::start(Launch::detect())?;
    let exit = match work(&mut session) {
        Ok(exit) => exit,
        Err(failure) => {
            // Every process reads the same configuration; one of them says what is wrong with it.
            if session.is_coordinator() || failure.exit() != Exit::Usage {
                note(format_args!("error: {failure}"));
            }
            failure.exit()
        }
    };
    session.leave(exit as u8);
    Ok(exit)
}

fn campaign(assignment: &Assignment<'_>, session: &mut Session) -> Result<Exit, CommandFailure> {
    let Assignment { plan, folder: out, slice, workers, retry } = assignment;
    let given = [("--slice".to_owned(), slice.to_string())];
    let chains = Chains::of(plan, *slice);
    let mut settings = Settings { retry: *retry, ..settings(out, chains.tasks, plan, given, workers, session) };
    settings.segments.records = (settings.segments.records / chains.length as usize).max(1);
    let task = {
        let plan = plan.clone();
        move |chain: u64| chains::compute(&plan, chain)
    };
    if session.is_coordinator() {
        CampaignFolder::check(out, plan, Part::Slice(*slice))?;
    }
    let open_store = || -> Result<Box<dyn Store>, campaign::StoreError> {
        let folder = CampaignFolder::prepare(out, plan, Part::Slice(*slice), &provenance::now())
            .map_err(|error| crate::store::failed("begin", error))?;
        let origin = provenance::of(plan, folder.created());
        let store = RecordStore::new(folder, origin, move |index| chains.hold(index));
        Ok(Box::new(ChainStore::new(chains, store)))
    };
    let mut progress = ProgressLines::start(chains.tasks.count(), Unit::of(plan));
    let outcome = session.run(&settings, task, open_store, &mut progress);
    progress.finish();
    tell(out, &outcome?)
}

/// How `tasks` of `plan` are computed in the folder `out`; `given` is what else all processes must have been given alike.
pub(super) fn settings(
    out: &Path,
    tasks: Tasks,
    plan: &Plan,
    given: impl IntoIterator<Item = (String, String)>,
    workers: &Workers,
    session: &Session,
) -> Settings {
    let alone = session.ranks() == 1;
    let default_threads = if alone { available_parallelism().map_or(1, usize::from) } else { 1 };
    let defaults = Settings::new(out, tasks);
    Settings {
        agreement: agreement(out, plan, given),
        config_hash: plan.hash(),
        version: version::SHORT.to_owned(),
        threads: workers.threads.map_or(default_threads, usize::from),
        coordinator_works: workers.coordinator_works,
        walltime: workers.walltime.map(|walltime| walltime.0),
        rules: Rules { attempts_max: plan.campaign.attempts_max, deadline_first: patience(plan), ..defaults.rules },
        segments: SegmentSettings {
            records: plan.campaign.segment_records as usize,
            age: Duration::from_secs_f64(plan.campaign.segment_seconds),
            ..defaults.segments
        },
        ..defaults
    }
}

/// What all processes must have been given alike: the configuration key by key, the folder, the program, and `given`.
fn agreement(out: &Path, plan: &Plan, given: impl IntoIterator<Item = (String, String)>) -> Agreement {
    let always = [
        ("--out".to_owned(), out.display().to_string()),
        ("the program".to_owned(), format!("{} ({})", version::SHORT, version::COMMIT)),
    ];
    plan.values().into_iter().chain(always).chain(given).collect()
}

/// Says how it ended and, when it is complete, what was found.
fn tell(folder: &Path, outcome: &Outcome) -> Result<Exit, CommandFailure> {
    let archive = CampaignFolder::archive_in(folder);
    match outcome {
        Outcome::Complete | Outcome::CompleteWithQuarantined(_) => {
            say(Findings::of(&Archive::open(&archive)?)?);
            say(format_args!("archive: {}", archive.display()));
        }
        Outcome::StoppedEarly(reason) => return Ok(stopped(folder, *reason)),
        Outcome::Worker => {}
    }
    Ok(match outcome {
        Outcome::CompleteWithQuarantined(_) => Exit::LeftOut,
        _ => Exit::Complete,
    })
}

/// Says how a campaign that was stopped early goes on.
pub(super) fn stopped(folder: &Path, reason: StopReason) -> Exit {
    match reason {
        StopReason::StopFile => {
            let stop = folder.join(STOP_NAME);
            note(format_args!("stopped early: remove {} and run the same command again to go on", stop.display()));
        }
        reason => note(format_args!("stopped early ({reason}); run the same command again to go on")),
    }
    Exit::Stopped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_of_long_realizations_is_given_the_time_that_they_take() {
        let text = "[campaign]\nname = \"long\"\nrealizations = 1\nseed = 1\n[glass]\nparticles = 4000\n[thermalize]\n\
                    temperature = 0.1\nsweeps = 1_000_000_000\n[spectrum]\nmethod = \"dense\"\n[modes]\nomega_max = 1\n";
        let plan = config::parse(text, "plan.toml", &[]).expect("a plan");
        let workers = Workers { threads: Some(1), walltime: None, coordinator_works: None };
        let session = Session::start(Launch::Alone).expect("a session");
        let settings = settings(Path::new("out"), Tasks::from(0..1), &plan, [], &workers, &session);
        assert_eq!(settings.rules.deadline_first, patience(&plan));
        assert!(settings.rules.deadline_first > 100 * Rules::default().deadline_first);
    }
}
