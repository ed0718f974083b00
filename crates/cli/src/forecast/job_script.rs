//! A SLURM job script, filled in.

use super::Layout;
use std::fmt::Write;
use std::path::Path;

/// Room beside what was measured: other libraries, larger realizations.
const MEMORY_MARGIN: f64 = 1.5;

/// The script that runs the campaign of `config`, so laid out.
pub fn job_script(name: &str, config: &Path, layout: &Layout, memory_bytes: f64) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let minutes = (60.0 * layout.limit_hours).round() as u64;
    let megabytes = (MEMORY_MARGIN * memory_bytes / 1e6 / 100.0).ceil().max(5.0) * 100.0;
    let array = layout.slices > 1;
    let mut script = String::new();
    let mut line = |text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(script, "{text}");
    };
    line("#!/usr/bin/env bash".into());
    line(format!("# Written by `glassmodes plan {}`; look it over, then: sbatch THIS-FILE", config.display()));
    if layout.links > 1 {
        line(format!("# It takes about {} jobs in a row; each puts itself back into the queue.", layout.links));
    }
    line(format!("#SBATCH --job-name={name}"));
    if array {
        line(format!("#SBATCH --array=1-{}", layout.slices));
    }
    line(format!("#SBATCH --ntasks={}", layout.ranks.div_ceil(layout.slices)));
    line("#SBATCH --cpus-per-task=1".into());
    line(format!("#SBATCH --mem-per-cpu={megabytes}M"));
    line(format!("#SBATCH --time={:02}:{:02}:00", minutes / 60, minutes % 60));
    line(format!("#SBATCH --output={name}-%j.log"));
    line("#SBATCH --open-mode=append".into());
    line("#SBATCH --requeue".into());
    line("#SBATCH --signal=B:USR1@300".into());
    line("".into());
    line("set -u".into());
    line("# module load openmpi hdf5        # what glassmodes was built with".into());
    line("# A folder that all nodes see.".into());
    line(format!("CAMPAIGN=${{CAMPAIGN:-{name}}}"));
    line("MPIRUN=${MPIRUN:-mpirun --mca orte_abort_on_non_zero_status 0}   # the option is Open MPI's".into());
    line("".into());
    let (out, slice) = if array {
        let slice = format!(" --slice \"$SLURM_ARRAY_TASK_ID/{}\"", layout.slices);
        ("$CAMPAIGN/slice-$SLURM_ARRAY_TASK_ID", slice)
    } else {
        ("$CAMPAIGN", String::new())
    };
    line(format!("out={out}"));
    line("rm -f \"$out/outcome\"".into());
    line(format!("$MPIRUN glassmodes run '{}' --out \"$out\"{slice} &", config.display()));
    line(REST.trim_start().to_owned());
    script
}

/// Five minutes before the end mpirun is told; the program stops in time (75) and the job is queued again.
const REST: &str = r#"
launcher=$!
trap 'kill -USR1 "$launcher" 2>/dev/null' USR1
while kill -0 "$launcher" 2>/dev/null; do wait "$launcher"; done
wait "$launcher"; status=$?
# mpirun's own status does not tell (with that option it is 0); how the campaign ended is in its folder.
if [ -r "$out/outcome" ]; then read -r status _ < "$out/outcome"; elif [ "$status" = 0 ]; then status=1; fi
[ "$status" = 75 ] && scontrol requeue "$SLURM_JOB_ID"
exit "$status""#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_what_was_planned() {
        let layout = Layout { ranks: 2000, slices: 2, hours: 1.0, limit_hours: 1.5, links: 1 };
        let script = job_script("my run", Path::new("c.toml"), &layout, 1.2e9);
        for words in [
            "--array=1-2",
            "--ntasks=1000",
            "--mem-per-cpu=1800M",
            "--time=01:30:00",
            "--slice \"$SLURM_ARRAY_TASK_ID/2\"",
        ] {
            assert!(script.contains(words), "{words} in\n{script}");
        }
        let layout = Layout { slices: 1, ..layout };
        assert!(!job_script("x", Path::new("c.toml"), &layout, 1e6).contains("array"));
    }
}
