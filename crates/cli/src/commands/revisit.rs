//! `glassmodes revisit`: selected realizations of an archive made again from their seeds, and described in full.
//!
//! A campaign for one archive (`Unfinished`).

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use super::run::{in_session, settings};
use super::unfinished::{Ending, Unfinished};
use crate::arguments::RevisitArguments;
use crate::folder::{CampaignFolder, Part};
use crate::listed_store::ListedStore;
use crate::progress::{ProgressLines, Unit};
use crate::provenance;
use crate::same_realization::SameRealization;
use crate::store::{RecordStore, failed};
use crate::terminal::{note, say, several};
use analysis::{Ensemble, Selection};
use archive::{Archive, Provenance};
use campaign::{Session, Store, StoreError, TaskFailure, Tasks};
use realization::config::Plan;
use realization::config::compare::deciding_differences;
use realization::realize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Sections whose keys may differ from those of the archive: none of them makes another glass.
const OPEN_SECTIONS: [&str; 4] = ["spectrum.", "modes.", "nonlinear.", "wells."];

/// Joins the other processes if there are any, makes the realizations again, leaves.
///
/// # Errors
/// [`CommandFailure`] when the processes do not find one another.
pub fn revisit(arguments: &RevisitArguments) -> Result<Exit, CommandFailure> {
    in_session(|session| again(arguments, session))
}

fn again(arguments: &RevisitArguments, session: &mut Session) -> Result<Exit, CommandFailure> {
    let output = Output::out(&arguments.out);
    output.check_archive(std::slice::from_ref(&arguments.archive))?;
    let plan = plan(arguments)?;
    let ensemble = Ensemble::open(&arguments.archive)?;
    let selection = arguments.selection.selection();
    selection.check(&ensemble).map_err(|wider| CommandFailure::Usage(wider.to_string()))?;
    let indices = chosen(&ensemble, &selection);
    let Some(&first) = indices.first() else {
        return Err(CommandFailure::Usage(format!(
            "{}: no mode is selected; widen the selection (--pr-max, --omega-max, --omega-max-phonon, --group)",
            arguments.archive.display()
        )));
    };
    let same = Arc::new(SameRealization::of(&ensemble, &arguments.archive, &Archive::open(&arguments.archive)?));

    let origin = {
        let (plan, selected_by) = (plan.clone(), selected_by(&ensemble, &selection, indices.len()));
        move |created: &str| Provenance { selected_by: selected_by.clone(), ..provenance::of(&plan, created) }
    };

    let unfinished = Unfinished::of(output.followed());
    let folder = unfinished.folder();
    if let Some(left_out) = unfinished.done_before(&origin(""), indices.iter().copied()) {
        if session.is_coordinator() {
            left_out
                .iter()
                .for_each(|row| note(format_args!("quarantined: realization {}: {}", row.index, row.reason)));
            say(format_args!(
                "{} realizations, made again before and left alone: {}",
                indices.len(),
                arguments.out.display()
            ));
        }
        return Ok(if left_out.is_empty() { Exit::Complete } else { Exit::LeftOut });
    }
    if session.is_coordinator() {
        CampaignFolder::check(folder, &plan, Part::Listed(&indices))?;
    }
    let given = [
        ("the archive".to_owned(), arguments.archive.display().to_string()),
        (
            "the selection".to_owned(),
            format!("{} ({})", selection.options(), several(indices.len(), "realization", "realizations")),
        ),
    ];
    let tasks = Tasks::from(0..indices.len() as u64);
    let settings = settings(folder, tasks, &plan, given, &arguments.workers, session);
    let task = {
        let (plan, indices, same) = (plan.clone(), indices.clone(), Arc::clone(&same));
        move |position: u64| {
            let index = indices[position as usize];
            let record = realize(&plan, index).map_err(|failure| TaskFailure::certain(failure.to_string()))?;
            same.check(&record).map_err(TaskFailure::certain)?;
            postcard::to_allocvec(&record).map_err(|error| TaskFailure::certain(error.to_string()))
        }
    };
    let mut progress = ProgressLines::start(settings.tasks.count(), Unit::Realization).of_listed(&indices);
    let speaker = progress.speaker();
    let open_store = || -> Result<Box<dyn Store>, StoreError> {
        // Before hours are spent: does this program make the same bits at all? Not before the session runs, as other
        // processes that wait are answered now.
        let first = realize(&plan, first).map_err(|failure| CommandFailure::Realization { index: first, failure });
        let checked = first.and_then(|record| same.check(&record).map_err(CommandFailure::NotTheSame));
        checked.map_err(|failure| failed("make them again", failure))?;
        speaker.line(format!(
            "{} made again, the first gave the same bits",
            several(indices.len(), "realization", "realizations")
        ));
        let folder = CampaignFolder::prepare(folder, &plan, Part::Listed(&indices), &provenance::now())
            .map_err(|error| failed("begin", error))?;
        let origin = origin(folder.created());
        let store = {
            let indices = indices.clone();
            RecordStore::new(folder, origin, move |index| indices.binary_search(&index).is_ok())
        };
        Ok(Box::new(ListedStore::new(&indices, store)))
    };
    let outcome = session.run(&settings, task, open_store, &mut progress);
    progress.finish();
    let wanted = indices.len();
    let named = |position: u64| format!("realization {}", indices.get(position as usize).copied().unwrap_or(u64::MAX));
    match unfinished.end(&outcome?, wanted, named)? {
        Ending::Exit(exit) => Ok(exit),
        Ending::Archive { left_out, exit } => {
            say(format_args!(
                "{} of {wanted} realizations made again: {}",
                wanted - left_out,
                unfinished.out().display()
            ));
            Ok(exit)
        }
    }
}

/// The plan of the archive with the changes asked for, none of which may make another glass.
fn plan(arguments: &RevisitArguments) -> Result<Plan, CommandFailure> {
    let archive = Archive::open(&arguments.archive)?;
    let stored = archive.provenance();
    let path = arguments.archive.display();
    if stored.made_elsewhere() {
        return Err(CommandFailure::Usage(format!(
            "{path}: its glasses were made elsewhere, not from seeds, and cannot be made again; glassmodes modes \
             describes them again"
        )));
    }
    let before = provenance::plan_of(stored, &[])?;
    let after = provenance::plan_of(stored, &arguments.overrides.sets)?;
    let other = deciding_differences(&before.to_toml(), &after.to_toml())
        .into_iter()
        .find(|difference| !OPEN_SECTIONS.iter().any(|section| difference.key.starts_with(section)));
    match other {
        None => Ok(after),
        Some(difference) => Err(CommandFailure::Usage(format!(
            "{difference}: that would be another glass; accepted: keys of [spectrum], [modes], [nonlinear] \
             and [wells]"
        ))),
    }
}

/// What decided which of the realizations of `ensemble` are made again, if not all of a whole ensemble are.
fn selected_by(ensemble: &Ensemble, selection: &Selection, chosen: usize) -> Option<String> {
    let before = ensemble.about.selected_by.iter().cloned();
    let now = (chosen < ensemble.len()).then(|| selection.options());
    let selections: Vec<String> = before.chain(now).collect();
    (!selections.is_empty()).then(|| selections.join("; "))
}

/// Realizations with a selected mode, ascending.
fn chosen(ensemble: &Ensemble, selection: &Selection) -> Vec<u64> {
    let rows = selection.select(ensemble).rows;
    let indices: BTreeSet<u64> = rows.iter().map(|&row| ensemble.modes.realization[row as usize]).collect();
    indices.into_iter().collect()
}
