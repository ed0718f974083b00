//! `glassmodes plan`: what a campaign will need, from a short calibration here.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::PlanArguments;
use crate::forecast::job_script::job_script;
use crate::forecast::{Calibration, Disk, Layout, calibrate};
use crate::terminal::{duration, note, say, several};
use realization::config::{self, Plan};
use serde::Serialize;

/// Calibrates and foresees; writes a job script if asked to.
///
/// # Errors
/// [`CommandFailure`] when the configuration is wrong, the calibrating realization fails, or the
/// script cannot be written.
pub fn plan(arguments: &PlanArguments) -> Result<Exit, CommandFailure> {
    if let Some(path) = &arguments.emit_script {
        Output { option: "--emit-script", path }.check_text(std::slice::from_ref(&arguments.config))?;
    }
    let plan = config::load(&arguments.config, &arguments.overrides.sets)?;
    let calibration = calibrate(&plan).map_err(|failure| CommandFailure::Realization { index: 0, failure })?;
    let seconds_of_a_chain = calibration.total_seconds() * plan.chain_length() as f64;
    let layout = Layout::of(plan.chains(), seconds_of_a_chain, arguments.ranks);
    let folder = tempfile::tempdir().map_err(CommandFailure::file(&std::env::temp_dir()))?;
    let disk = Disk::measure(&plan, &calibration.records, folder.path())?;
    let foreseen = Foreseen::of(&plan, &calibration, &layout, &disk);
    if arguments.json {
        say(serde_json::to_string(&foreseen).unwrap_or_default());
    } else {
        foreseen.tell();
    }
    if let Some(path) = &arguments.emit_script {
        let script = job_script(
            &plan.campaign.name,
            &arguments.config,
            &arguments.overrides.sets,
            &layout,
            calibration.memory_bytes,
        );
        durable::write(path, script.as_bytes())?;
        note(format_args!("job script: {}", path.display()));
    }
    Ok(Exit::Complete)
}

/// What a campaign will need.
#[derive(Debug, Serialize)]
struct Foreseen {
    name: String,
    realizations: u64,
    particles: usize,
    sweeps: u64,
    /// Core-seconds of one realization, and of its stages.
    core_seconds: f64,
    core_seconds_thermalize: f64,
    core_seconds_quench: f64,
    core_seconds_spectrum: f64,
    core_seconds_modes: f64,
    /// Whether the spectrum was timed on 1000 particles and scaled.
    spectrum_scaled: bool,
    core_hours: f64,
    memory_bytes_per_thread: f64,
    disk_bytes_segments: f64,
    disk_bytes_archive: f64,
    ranks: u32,
    slices: u32,
    hours: f64,
    /// To ask for: hours, in half hours.
    limit_hours: f64,
    /// Jobs one after the other.
    jobs: u32,
}

impl Foreseen {
    fn of(plan: &Plan, calibration: &Calibration, layout: &Layout, disk: &Disk) -> Foreseen {
        let (realizations, seconds) = (plan.campaign.realizations, calibration.seconds);
        let total = calibration.total_seconds();
        Foreseen {
            name: plan.campaign.name.clone(),
            realizations,
            particles: plan.composition.particles,
            sweeps: plan.thermalize.sweeps,
            core_seconds: total,
            core_seconds_thermalize: seconds.thermalize,
            core_seconds_quench: seconds.quench,
            core_seconds_spectrum: seconds.spectrum,
            core_seconds_modes: seconds.modes,
            spectrum_scaled: calibration.scaled,
            core_hours: realizations as f64 * total / 3600.0,
            memory_bytes_per_thread: calibration.memory_bytes,
            disk_bytes_segments: disk.segments(plan, layout),
            disk_bytes_archive: disk.archive(realizations),
            ranks: layout.ranks,
            slices: layout.slices,
            hours: layout.hours,
            limit_hours: layout.limit_hours,
            jobs: layout.links,
        }
    }

    fn tell(&self) {
        say(format_args!(
            "{}: {} of {} particles, {} sweeps",
            self.name,
            several(self.realizations, "realization", "realizations"),
            self.particles,
            self.sweeps
        ));
        say(format_args!(
            "core-seconds a realization: {:.2} (thermalize {:.2}, quench {:.2}, spectrum {:.2}{}, modes {:.2})",
            self.core_seconds,
            self.core_seconds_thermalize,
            self.core_seconds_quench,
            self.core_seconds_spectrum,
            if self.spectrum_scaled { " scaled from 1000 particles" } else { "" },
            self.core_seconds_modes
        ));
        say(format_args!("core-hours: {}", rounded(self.core_hours)));
        say(format_args!("memory of a process: {} for each of its threads", size(self.memory_bytes_per_thread)));
        say(format_args!(
            "disk: {} in segments, {} in the archive",
            size(self.disk_bytes_segments),
            size(self.disk_bytes_archive)
        ));
        say(format_args!(
            "on {}: {}{}; ask for {}",
            several(self.ranks, "process", "processes"),
            duration(3600.0 * self.hours),
            if self.slices > 1 { format!(", in {} slices", self.slices) } else { String::new() },
            limit(self.limit_hours)
        ));
        if self.jobs > 1 {
            say(format_args!("that is {} jobs in a row (jobscripts/chain.slurm)", self.jobs));
        }
    }
}

/// Two digits: a calibration of one realization knows no more.
fn rounded(value: f64) -> String {
    let exponent = value.abs().max(1e-3).log10().floor() as i32;
    let decimals = (1 - exponent).max(0) as usize;
    let unit = 10f64.powi(exponent - 1);
    format!("{:.decimals$}", (value / unit).round() * unit)
}

/// A time limit as SLURM and people write it.
fn limit(hours: f64) -> String {
    let minutes = (60.0 * hours).round() as u64;
    format!("{}:{:02}:00", minutes / 60, minutes % 60)
}

fn size(bytes: f64) -> String {
    match bytes {
        0.0..1e6 => format!("{:.0} kB", (bytes / 1e3).max(1.0)),
        1e6..1e9 => format!("{:.0} MB", bytes / 1e6),
        1e9..1e12 => format!("{:.1} GB", bytes / 1e9),
        _ => format!("{:.1} TB", bytes / 1e12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_foreseen_has_as_many_digits_as_are_known() {
        let pairs =
            [(1537.2, "1500"), (56.81, "57"), (1.239, "1.2"), (0.0123, "0.012"), (0.0, "0.0000"), (99.7, "100")];
        for (value, words) in pairs {
            assert_eq!(rounded(value), words);
        }
        assert_eq!((limit(0.5), limit(24.0)), ("0:30:00".to_owned(), "24:00:00".to_owned()));
        assert_eq!((size(12.0), size(3.4e8), size(2.31e9)), ("1 kB".into(), "340 MB".into(), "2.3 GB".into()));
    }
}
