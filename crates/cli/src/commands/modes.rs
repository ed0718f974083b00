//! `glassmodes modes`: the modes of glasses made elsewhere.
//!
//! A campaign for one archive (`Unfinished`), whose realization 0, 1, … is the first, second, … frame of the files in
//! the order given.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use super::run::{in_session, settings};
use super::unfinished::{Ending, Unfinished};
use crate::arguments::ModesArguments;
use crate::folder::{CampaignFolder, Part};
use crate::forecast::FullSpectrum;
use crate::own_glass::{self, Arrival, GlassList, OwnGlass, OwnGlassError};
use crate::progress::{ProgressLines, Unit};
use crate::provenance;
use crate::store::{RecordStore, failed};
use crate::terminal::{note, say, several};
use archive::{Archive, Provenance, Record};
use campaign::{Launch, Session, Settings, Store, StoreError, TaskFailure, Tasks};
use formats::ReadOptions;
use glass::random::Seed;
use glass::space::Dimension;
use realization::config::Plan;
use realization::examine;
use realization::stage_clock::StageClock;
use std::path::PathBuf;
use std::sync::Arc;

/// Joins the other processes if there are any, examines the glasses, leaves.
///
/// # Errors
/// [`CommandFailure`] when the processes do not find one another.
pub fn modes(arguments: &ModesArguments) -> Result<Exit, CommandFailure> {
    in_session(|session| batch(arguments, session))
}

fn batch(arguments: &ModesArguments, session: &mut Session) -> Result<Exit, CommandFailure> {
    let inputs: Vec<PathBuf> = arguments.glasses.iter().chain(&arguments.config).cloned().collect();
    let output = Output::out(&arguments.out);
    output.check_archive(&inputs)?;
    let options = ReadOptions {
        group: arguments.group.clone(),
        diameters: arguments.diameters.clone(),
        periodic_box: arguments.periodic_box.clone(),
        frames: arguments.frames,
    };
    let list = Arc::new(GlassList::read(&arguments.glasses, &options, arguments.quench)?);
    let plan = plan(arguments, &list)?;
    let unfinished = Unfinished::of(output.followed());
    let (folder, count) = (unfinished.folder(), list.len());
    let origin = |created: &str| {
        let plain = provenance::of(&plan, created);
        Provenance { config: list.header() + &plain.config, ..plain }
    };
    if let Some(left_out) = unfinished.done_before(&origin(""), 0..count as u64) {
        if session.is_coordinator() {
            left_out.iter().for_each(|row| note(format_args!("quarantined: glass {}: {}", row.index, row.reason)));
            say(format_args!(
                "{}, done before and left alone: {}",
                several(count, "glass", "glasses"),
                arguments.out.display()
            ));
        }
        return Ok(if left_out.is_empty() { Exit::Complete } else { Exit::LeftOut });
    }

    let tasks = Tasks::from(0..count as u64);
    let mut settings = settings(folder, tasks, &plan, list.agreement(), &arguments.workers, session);
    let full = FullSpectrum::of(&plan);
    if let Some(full) = full {
        settings = fitting(full, settings, session.is_coordinator())?;
    }
    if session.is_coordinator() {
        list.notes().for_each(note);
        CampaignFolder::check(folder, &plan, Part::Glasses(&list))?;
    }
    share_threads(&plan, arguments);
    let mut progress = ProgressLines::start(settings.tasks.count(), Unit::Realization);
    let task = {
        let (plan, list, speaker) = (plan.clone(), Arc::clone(&list), progress.speaker());
        move |index: u64| {
            let own = list.get(index).map_err(TaskFailure::certain)?;
            let examined = match plan.dimension {
                Dimension::Two => record::<2>(&plan, index, own, list.quenched),
                Dimension::Three => record::<3>(&plan, index, own, list.quenched),
            };
            let (record, arrival) = examined.map_err(|failure| TaskFailure::certain(failure.to_string()))?;
            speaker.line(sentence(own, &record, arrival));
            postcard::to_allocvec(&record).map_err(|error| TaskFailure::certain(error.to_string()))
        }
    };
    let at_once = settings.threads as u64 * u64::from(session.ranks());
    let speaker = progress.speaker();
    let open_store = || -> Result<Box<dyn Store>, StoreError> {
        // Not before the session runs, as other processes that wait are answered now.
        if let Some(words) = full.and_then(|full| full.forecast(&plan, count as u64, at_once)) {
            speaker.line(words);
        }
        let folder = CampaignFolder::prepare(folder, &plan, Part::Glasses(&list), &provenance::now())
            .map_err(|error| failed("begin", error))?;
        let origin = origin(folder.created());
        Ok(Box::new(RecordStore::new(folder, origin, move |index| tasks.contains(index))))
    };
    let outcome = session.run(&settings, task, open_store, &mut progress);
    progress.finish();
    match unfinished.end(&outcome?, count, |index| format!("glass {index}"))? {
        Ending::Exit(exit) => Ok(exit),
        Ending::Archive { left_out, exit } => {
            let described = Archive::open(unfinished.out())?.modes()?.omega.len();
            let all = several(count, "glass", "glasses");
            let kept = if left_out == 0 { all } else { format!("{} of {all}", count - left_out) };
            let described = several(described, "mode", "modes");
            say(format_args!("{kept}, {described} described: {}", arguments.out.display()));
            Ok(exit)
        }
    }
}

/// The plan of these glasses.
fn plan(arguments: &ModesArguments, list: &GlassList) -> Result<Plan, CommandFailure> {
    let Some(first) = list.glasses().next() else {
        let reasons: Vec<&str> = list.reasons().collect();
        return Err(CommandFailure::NoGlass(reasons.join("\n")));
    };
    let size = |glass: &OwnGlass| (glass.found.particles, glass.found.dimension.axes());
    let (particles, axes) = size(first);
    if let Some(other) = list.glasses().find(|glass| size(glass) != (particles, axes)) {
        let (others, axes_of_other) = size(other);
        return Err(CommandFailure::Usage(format!(
            "{}, frame {}, has {others} particles in {axes_of_other} dimensions, {} has {particles} in {axes}; put glasses \
             of different size or dimension into different archives",
            other.path.display(),
            other.frame,
            first.path.display()
        )));
    }
    let mut plan = own_glass::plan(arguments, first.found)?;
    plan.campaign.realizations = list.len() as u64;
    // One glass alone: its slices are solved on all threads, with the same bits.
    plan.spectrum.parallel_windows = list.len() == 1;
    Ok(plan)
}

/// The settings with no more at once than the memory of this machine has room for. Whether there is room for any at all
/// is the coordinator's to say: another process on its own goes on with one, as the others are waiting for it.
fn fitting(full: FullSpectrum, settings: Settings, coordinates: bool) -> Result<Settings, CommandFailure> {
    let wanted = settings.threads;
    let threads = match full.fit(wanted, Launch::ranks_here()) {
        Ok(threads) => threads,
        Err(words) if coordinates => return Err(CommandFailure::Usage(words)),
        Err(_) => 1,
    };
    if threads < wanted {
        note(format_args!("{threads} at once instead of {wanted}: {}", full.memory()));
    }
    Ok(Settings { threads, ..settings })
}

/// Where one glass is solved on all threads, these are as many as `--threads` says.
fn share_threads(plan: &Plan, arguments: &ModesArguments) {
    if let Some(threads) = arguments.workers.threads.filter(|_| plan.spectrum.parallel_windows) {
        // A second pool in one process, as in tests, is no harm: bits do not depend on it.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
}

fn record<const D: usize>(
    plan: &Plan,
    index: u64,
    own: &OwnGlass,
    quench: bool,
) -> Result<(Record, Arrival), OwnGlassError> {
    let (inherent, arrival) = own_glass::minimum::<D>(own, plan, quench)?;
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let mut clock = StageClock::of_process();
    let mut record = examine(plan, index, seed, &inherent).map_err(|cause| OwnGlassError::Examination {
        path: own.path.clone(),
        frame: own.frame,
        cause,
    })?;
    if plan.spectrum.parallel_windows {
        // Other threads had their share in the spectrum.
        record.seconds.spectrum = clock.lap() - record.seconds.modes;
    }
    Ok((record, arrival))
}

fn sentence(own: &OwnGlass, record: &Record, arrival: Arrival) -> String {
    format!(
        "{}, frame {}: {arrival}; largest force {:.1e}, {} described",
        own.path.display(),
        own.frame,
        record.inherent.force_max,
        several(record.modes.len(), "mode", "modes")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_limits_every_process_and_the_coordinator_refuses() {
        let mut plan = realization::config::parse(PLAN, "plan.toml", &[]).expect("a plan");
        // 128 TB.
        plan.composition.particles = 1_000_000;
        let full = FullSpectrum::of(&plan).expect("dense");
        let settings = || Settings { threads: 8, ..Settings::new("own.h5.unfinished", 0..9) };
        assert_eq!(fitting(full, settings(), false).expect("with one").threads, 1);
        let refused = fitting(full, settings(), true).expect_err("no room").to_string();
        assert!(refused.contains("1000000 particles take 128000.0 GB"), "{refused}");
    }

    const PLAN: &str = "[campaign]\nname = \"dense\"\nrealizations = 9\nseed = 1\n[glass]\nparticles = 64\n\
                        [thermalize]\ntemperature = 0.1\nsweeps = 10\n[spectrum]\nmethod = \"dense\"\n\
                        [modes]\nomega_max = 2.5\n";
}
