//! A SLURM job script, filled in.

use super::Layout;
use analysis::shell_word::shell_word;
use realization::config::printable;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Room beside what was measured: other libraries, larger realizations.
const MEMORY_MARGIN: f64 = 1.5;

/// The script that runs the campaign `name` of the file `config` with these `--set` arguments, so laid out.
pub fn job_script(name: &str, config: &Path, sets: &[String], layout: &Layout, memory_bytes: f64) -> String {
    let name = plain_word(name);
    let sets: String = sets.iter().map(|set| format!(" --set={}", shell_word(set.as_bytes()))).collect();
    let config_word = shell_word(config.as_os_str().as_bytes());
    let minutes = (60.0 * layout.limit_hours).round() as u64;
    let megabytes = (MEMORY_MARGIN * memory_bytes / 1e6 / 100.0).ceil().max(5.0) * 100.0;
    let array = layout.slices > 1;
    let mut script = String::new();
    let mut line = |text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(script, "{text}");
    };
    line("#!/usr/bin/env bash".into());
    line(String::from("# Written by `glassmodes plan`; look it over, then: sbatch THIS-FILE"));
    line(format!("# Configuration: {}", printable(&config.to_string_lossy())));
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
        let slice = format!(" --slice=\"$SLURM_ARRAY_TASK_ID/{}\"", layout.slices);
        ("$CAMPAIGN/slice-$SLURM_ARRAY_TASK_ID", slice)
    } else {
        ("$CAMPAIGN", String::new())
    };
    line(format!("out={out}"));
    line("rm -f -- \"$out/outcome\"".into());
    line(format!("$MPIRUN glassmodes run --out=\"$out\"{slice}{sets} -- {config_word} &"));
    line(REST.trim_start().to_owned());
    script
}

/// A name of letters, digits and dashes that no program takes for an option.
fn plain_word(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    match word.trim_matches('-') {
        "" => "campaign".to_owned(),
        word => word.to_owned(),
    }
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
        let script = job_script("my run", Path::new("c.toml"), &[], &layout, 1.2e9);
        for words in [
            "--array=1-2",
            "--ntasks=1000",
            "--mem-per-cpu=1800M",
            "--time=01:30:00",
            "--slice=\"$SLURM_ARRAY_TASK_ID/2\"",
        ] {
            assert!(script.contains(words), "{words} in\n{script}");
        }
        let layout = Layout { slices: 1, ..layout };
        assert!(!job_script("x", Path::new("c.toml"), &[], &layout, 1e6).contains("array"));
    }

    /// Runs a script under bash with a program in place of glassmodes that notes its arguments.
    fn arguments_under_bash(script: &str) -> Vec<Vec<u8>> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = folder.path().join("glassmodes");
        std::fs::write(&program, "#!/bin/bash\nprintf '%s\\0' \"$@\" > arguments\n").expect("writable");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("ours");
        std::fs::write(folder.path().join("job.slurm"), script).expect("writable");
        let path = std::env::var("PATH").unwrap_or_default();
        let ended = std::process::Command::new("bash")
            .arg("job.slurm")
            .current_dir(folder.path())
            .env("PATH", format!("{}:{path}", folder.path().display()))
            .env("MPIRUN", "env")
            .output()
            .expect("bash runs");
        assert!(ended.stderr.is_empty(), "{}\n{script}", String::from_utf8_lossy(&ended.stderr));
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .expect("readable")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(left, ["arguments", "glassmodes", "job.slurm"], "{script}");
        let noted = std::fs::read(folder.path().join("arguments")).expect("the program ran");
        noted.strip_suffix(b"\0").unwrap_or(&noted).split(|&byte| byte == 0).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn hostile_names_are_words_to_bash() {
        use std::ffi::OsStr;
        let layout = Layout { ranks: 2, slices: 1, hours: 1.0, limit_hours: 1.5, links: 1 };
        let hostile: [&[u8]; 14] = [
            b"c.toml",
            b"'; touch PWNED; '",
            b"it's.toml",
            b"a\ntouch PWNED\n.toml",
            b"$(touch PWNED).toml",
            b"`touch PWNED`",
            b"-rf",
            b"--help",
            "größe 玻璃.toml".as_bytes(),
            b"a b\t*.toml",
            b"back\\slash\\",
            b"\"; touch PWNED; \"",
            b"\xff\xfe'\r.toml",
            b"${PATH}!!&|;#",
        ];
        for name in hostile {
            let set = String::from_utf8_lossy(name).into_owned();
            let config = Path::new(OsStr::from_bytes(name));
            let script = job_script(&set, config, &[set.clone(), "a.b=1".into()], &layout, 1e9);
            let arguments = arguments_under_bash(&script);
            let expected_sets = [format!("--set={set}").into_bytes(), b"--set=a.b=1".to_vec()];
            assert_eq!(arguments[0], b"run", "{script}");
            assert_eq!(arguments[2..4], expected_sets, "{script}");
            assert_eq!(arguments[4..], [b"--".to_vec(), name.to_vec()], "{script}");
        }
    }
}
