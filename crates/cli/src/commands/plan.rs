//! `glassmodes plan`: what a campaign will need, from a short calibration here.

use super::exit::{CommandFailure, Exit};
use crate::arguments::PlanArguments;
use crate::forecast::job_script::job_script;
use crate::forecast::{Disk, Layout, calibrate};
use crate::terminal::{duration, say};
use realization::config;

/// Calibrates and foresees; writes a job script if asked to.
///
/// # Errors
/// [`CommandFailure`] when the configuration is wrong, the calibrating realization fails, or the
/// script cannot be written.
pub fn plan(arguments: &PlanArguments) -> Result<Exit, CommandFailure> {
    let plan = config::load(&arguments.config, &arguments.overrides.sets)?;
    let calibration = calibrate(&plan).map_err(|failure| CommandFailure::Realization { index: 0, failure })?;
    let realizations = plan.campaign.realizations;
    let (total, seconds) = (calibration.total_seconds(), calibration.seconds);
    let layout = Layout::of(realizations, total, arguments.ranks);
    let folder = tempfile::tempdir().map_err(CommandFailure::file(&std::env::temp_dir()))?;
    let disk = Disk::measure(&plan, &calibration.records, folder.path())?;

    say(format_args!(
        "{}: {realizations} realizations of {} particles, {} sweeps",
        plan.campaign.name, plan.composition.particles, plan.thermalize.sweeps
    ));
    say(format_args!(
        "core-seconds a realization: {:.2} (thermalize {:.2}, quench {:.2}, spectrum {:.2}{}, modes {:.2})",
        total,
        seconds.thermalize,
        seconds.quench,
        seconds.spectrum,
        if calibration.scaled { " scaled from 1000 particles" } else { "" },
        seconds.modes
    ));
    say(format_args!("core-hours: {:.3}", realizations as f64 * total / 3600.0));
    say(format_args!("memory of a process: {:.2} GB for each of its threads", calibration.memory_bytes / 1e9));
    say(format_args!(
        "disk: {} in segments, {} in the archive",
        size(disk.segments(&plan, &layout)),
        size(disk.archive(realizations))
    ));
    say(format_args!(
        "on {} processes: {}{}; ask for {:.1} h",
        layout.ranks,
        duration(3600.0 * layout.hours),
        if layout.slices > 1 { format!(", in {} slices", layout.slices) } else { String::new() },
        layout.limit_hours
    ));
    if layout.links > 1 {
        say(format_args!("that is {} jobs in a row (jobscripts/chain.slurm)", layout.links));
    }
    if let Some(path) = &arguments.emit_script {
        let script = job_script(&plan.campaign.name, &arguments.config, &layout, calibration.memory_bytes);
        std::fs::write(path, script).map_err(CommandFailure::file(path))?;
        say(format_args!("job script: {}", path.display()));
    }
    Ok(Exit::Complete)
}

fn size(bytes: f64) -> String {
    match bytes {
        0.0..1e9 => format!("{:.1} MB", bytes / 1e6),
        1e9..1e12 => format!("{:.1} GB", bytes / 1e9),
        _ => format!("{:.1} TB", bytes / 1e12),
    }
}
