//! `glassmodes run`: a campaign from its configuration to its archive, on threads or MPI.

use super::exit::{CommandFailure, Exit};
use crate::arguments::RunArguments;
use crate::findings::Findings;
use crate::folder::CampaignFolder;
use crate::progress::ProgressLines;
use crate::provenance;
use crate::store::RecordStore;
use crate::terminal::{note, say};
use crate::version;
use archive::Archive;
use campaign::{Launch, Outcome, Rules, SegmentSettings, Session, Settings, Slice, Store, TaskFailure};
use realization::config::{self, Plan};
use realization::realize;
use std::path::Path;
use std::thread::available_parallelism;
use std::time::Duration;

/// Joins the other processes if there are any, runs the campaign, leaves.
///
/// # Errors
/// [`CommandFailure`] when the processes do not find one another; what goes wrong later is said here,
/// as leaving may end this process.
pub fn run(arguments: &RunArguments) -> Result<Exit, CommandFailure> {
    let mut session = Session::start(Launch::detect())?;
    let ended = campaign(arguments, &mut session);
    let exit = match ended {
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

fn campaign(arguments: &RunArguments, session: &mut Session) -> Result<Exit, CommandFailure> {
    let plan = config::load(&arguments.config, &arguments.overrides.sets)?;
    let settings = settings(arguments, &plan, session);
    let task = {
        let plan = plan.clone();
        move |index: u64| {
            let record = realize(&plan, index).map_err(|failure| TaskFailure::certain(failure.to_string()))?;
            postcard::to_allocvec(&record).map_err(|error| TaskFailure::certain(error.to_string()))
        }
    };
    let slice = arguments.slice.unwrap_or(Slice::WHOLE);
    if session.is_coordinator() {
        CampaignFolder::check(&arguments.out, &plan, slice)?;
    }
    let open_store = || -> Result<Box<dyn Store>, campaign::StoreError> {
        let folder = CampaignFolder::prepare(&arguments.out, &plan, slice, &provenance::now())
            .map_err(|error| crate::store::failed("begin", error))?;
        let origin = provenance::of(&plan, folder.created());
        Ok(Box::new(RecordStore::new(folder, origin, &settings.indices)))
    };
    let mut progress = ProgressLines::start(settings.indices.len() as u64);
    let outcome = session.run(&settings, task, open_store, &mut progress);
    progress.finish();
    tell(&arguments.out, &outcome?)
}

fn settings(arguments: &RunArguments, plan: &Plan, session: &Session) -> Settings {
    let slice = arguments.slice.unwrap_or(Slice::WHOLE);
    let alone = session.ranks() == 1;
    let default_threads = if alone { available_parallelism().map_or(1, usize::from) } else { 1 };
    let defaults = Settings::new(&arguments.out, slice.range(plan.campaign.realizations).collect());
    Settings {
        config_hash: plan.hash(),
        version: version::SHORT.to_owned(),
        threads: arguments.threads.map_or(default_threads, usize::from),
        coordinator_works: arguments.coordinator_works,
        walltime: arguments.walltime.map(|walltime| walltime.0),
        rules: Rules { attempts_max: plan.campaign.attempts_max, ..defaults.rules },
        segments: SegmentSettings {
            records: plan.campaign.segment_records as usize,
            age: Duration::from_secs_f64(plan.campaign.segment_seconds),
            ..defaults.segments
        },
        ..defaults
    }
}

/// Says how it ended and, when it is complete, what was found.
fn tell(folder: &Path, outcome: &Outcome) -> Result<Exit, CommandFailure> {
    let archive = CampaignFolder::archive_in(folder);
    match outcome {
        Outcome::Complete | Outcome::CompleteWithQuarantined(_) => {
            say(Findings::of(&Archive::open(&archive)?)?);
            say(format_args!("archive: {}", archive.display()));
        }
        Outcome::StoppedEarly(reason) => {
            note(format_args!("stopped early ({reason}); run the same command again to go on"));
        }
        Outcome::Worker => {}
    }
    Ok(match outcome {
        Outcome::Complete | Outcome::Worker => Exit::Complete,
        Outcome::CompleteWithQuarantined(_) => Exit::Quarantined,
        Outcome::StoppedEarly(_) => Exit::Stopped,
    })
}
