//! `glassmodes modes`: the modes of glasses made elsewhere.

use super::exit::{CommandFailure, Exit};
use super::output::check_archive_path;
use crate::arguments::ModesArguments;
use crate::own_glass::{self, Arrival, MARKER, OwnGlass};
use crate::provenance;
use crate::terminal::{note, say};
use archive::{Record, WriteStyle, write_archive};
use glass::random::Seed;
use rayon::prelude::*;
use realization::config::Plan;
use realization::examine;
use realization::stage_clock::StageClock;
use std::path::PathBuf;

/// Reads the glasses, finds their modes, writes one archive; a glass is realization 0, 1, ... in the
/// order given.
///
/// # Errors
/// [`CommandFailure`] for the first file, frame or setting that is wrong; nothing is written then.
pub fn modes(arguments: &ModesArguments) -> Result<Exit, CommandFailure> {
    refuse_out(arguments)?;
    let mut glasses = Vec::new();
    for path in &arguments.glasses {
        glasses.extend(own_glass::read(path)?);
    }
    let particles = same_number_of_particles(&glasses)?;
    let mut plan = own_glass::plan(arguments, particles, glasses[0].configuration.density())?;
    plan.campaign.realizations = glasses.len() as u64;
    // One glass alone: its slices are solved on all threads, with the same bits.
    plan.spectrum.parallel_windows = glasses.len() == 1;

    let records = glasses
        .par_iter()
        .enumerate()
        .map(|(index, glass)| record(&plan, index as u64, glass, arguments.quench))
        .collect::<Result<Vec<_>, _>>()?;
    tell(&glasses, &records);

    let (records, _): (Vec<Record>, Vec<Arrival>) = records.into_iter().unzip();
    let mut origin = provenance::of(&plan, &provenance::now());
    origin.config = format!("{MARKER} {}\n{}", file_names(&arguments.glasses), origin.config);
    write_archive(&arguments.out, &origin, &records, &[], WriteStyle::Archive)?;
    let described: usize = records.iter().map(|record| record.modes.len()).sum();
    say(format_args!("{} glasses, {described} modes described: {}", records.len(), arguments.out.display()));
    Ok(Exit::Complete)
}

/// The archive may replace an earlier one, but not its own sources.
fn refuse_out(arguments: &ModesArguments) -> Result<(), CommandFailure> {
    let out = &arguments.out;
    check_archive_path(out)?;
    let same = |glass: &PathBuf| matches!((glass.canonicalize(), out.canonicalize()), (Ok(a), Ok(b)) if a == b);
    match arguments.glasses.iter().any(same) {
        true => Err(CommandFailure::Usage(format!(
            "--out {}: is one of the glasses, and would be replaced; name another file",
            out.display()
        ))),
        false => Ok(()),
    }
}

fn record(plan: &Plan, index: u64, own: &OwnGlass, search: bool) -> Result<(Record, Arrival), CommandFailure> {
    let (inherent, arrival) = own_glass::minimum(own, plan, search)?;
    let seed = Seed::of_realization(plan.campaign.seed, index);
    let mut clock = StageClock::of_process();
    let mut record =
        examine(plan, index, seed, &inherent).map_err(|failure| CommandFailure::Realization { index, failure })?;
    if plan.spectrum.parallel_windows {
        // Other threads had their share in the spectrum.
        record.seconds.spectrum = clock.lap() - record.seconds.modes;
    }
    Ok((record, arrival))
}

fn tell(glasses: &[OwnGlass], records: &[(Record, Arrival)]) {
    for (own, (record, arrival)) in glasses.iter().zip(records) {
        let how = match arrival {
            Arrival::AsGiven => "a minimum as given".to_owned(),
            Arrival::Polished { displacement } => {
                format!("polished by Newton steps, largest displacement {displacement:.2e}")
            }
            Arrival::Quenched => format!("quenched in {} force evaluations", record.inherent.iterations),
        };
        note(format_args!(
            "{}, frame {}: {how}; largest force {:.1e}, {} modes described",
            own.path.display(),
            own.frame,
            record.inherent.force_max,
            record.modes.len()
        ));
    }
}

fn same_number_of_particles(glasses: &[OwnGlass]) -> Result<usize, CommandFailure> {
    let particles = glasses[0].configuration.particles();
    match glasses.iter().find(|glass| glass.configuration.particles() != particles) {
        None => Ok(particles),
        Some(other) => Err(CommandFailure::Usage(format!(
            "{}, frame {}, has {} particles, {} has {particles}; put glasses of different size into different archives",
            other.path.display(),
            other.frame,
            other.configuration.particles(),
            glasses[0].path.display()
        ))),
    }
}

fn file_names(paths: &[PathBuf]) -> String {
    let mut names: Vec<String> =
        paths.iter().take(20).map(|path| path.display().to_string().replace(char::is_control, "?")).collect();
    if paths.len() > 20 {
        names.push(format!("and {} more", paths.len() - 20));
    }
    names.join(", ")
}
