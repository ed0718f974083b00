//! Disks that fail one call: what is left is whole and right, or not there, and the program says so.
//!
//! Each trial makes one call of the program fail: a write, sync, rename or close with ENOSPC, EIO or EDQUOT; an open or
//! read with EIO, EMFILE, ENOMEM, ESTALE or EACCES. `GLASSMODES_FAILURES` is how many calls of each command are tried with each
//! error, spread evenly over them; `all` tries every one.

#![expect(clippy::print_stderr, reason = "counts the trials")]

use glassmodes_tests::{Finished, Running, glassmodes, root, run, segments, small_campaign, write};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WRITE_ERRORS: [i32; 3] = [28, 5, 122];
const READ_ERRORS: [i32; 5] = [5, 24, 12, 116, 13];

/// How an output is compared with that of an undisturbed run.
#[derive(Clone, Copy)]
enum Compare {
    Bytes,
    /// A sound archive of the same results, timings aside. After a write that failed and was made again HDF5 may lay out
    /// the same content in other places.
    Results,
}

/// One command on files of its own.
struct Scenario {
    name: &'static str,
    /// Which calls fail.
    calls: &'static str,
    words: &'static [&'static str],
    outputs: &'static [(&'static str, Compare)],
    /// Whether the same command completes after a failure.
    goes_on: bool,
    /// Whether what it says is all it makes.
    says_all: bool,
    /// What there is before, made from a finished campaign.
    prepare: fn(&Path, &Path),
}

const SCENARIOS: [Scenario; 9] = [
    Scenario {
        name: "run",
        calls: "write",
        words: &["run", "small.toml", "--out", "campaign", "--threads", "1"],
        outputs: &[("campaign/archive.h5", Compare::Results)],
        goes_on: true,
        says_all: false,
        prepare: |_, _| {},
    },
    Scenario {
        name: "merge",
        calls: "write",
        words: &["merge", "campaign", "--out", "merged.h5"],
        outputs: &[("merged.h5", Compare::Results)],
        goes_on: true,
        says_all: false,
        prepare: with_campaign,
    },
    Scenario {
        name: "modes",
        calls: "write",
        words: &["modes", "glass.xyz", "--out", "modes.h5"],
        outputs: &[("modes.h5", Compare::Results)],
        goes_on: true,
        says_all: false,
        prepare: |from, to| copy(&from.join("glass.xyz"), &to.join("glass.xyz")),
    },
    Scenario {
        name: "export",
        calls: "write",
        words: &["export", "campaign/archive.h5", "--csv", "modes.csv", "--realization", "1", "--out", "one.xyz"],
        outputs: &[("modes.csv", Compare::Bytes), ("one.xyz", Compare::Bytes)],
        goes_on: true,
        says_all: false,
        prepare: with_campaign,
    },
    Scenario {
        name: "run, resumed",
        calls: "read",
        words: &["run", "small.toml", "--out", "campaign", "--threads", "1"],
        outputs: &[("campaign/archive.h5", Compare::Results)],
        goes_on: true,
        says_all: false,
        prepare: |from, to| {
            with_campaign(from, to);
            fs::remove_file(to.join("campaign/archive.h5")).expect("there");
            fs::remove_file(&segments(&to.join("campaign"))[1]).expect("there");
        },
    },
    Scenario {
        name: "merge",
        calls: "read",
        words: &["merge", "campaign", "--out", "merged.h5"],
        outputs: &[("merged.h5", Compare::Results)],
        goes_on: true,
        says_all: false,
        prepare: with_campaign,
    },
    Scenario {
        name: "verify",
        calls: "read",
        words: &["verify", "campaign/archive.h5", "--recompute", "1"],
        outputs: &[],
        goes_on: true,
        says_all: true,
        prepare: with_campaign,
    },
    Scenario {
        name: "report",
        calls: "write",
        words: &["report", "campaign/archive.h5", "--out", "page"],
        outputs: &[("page/index.html", Compare::Bytes), ("page/summary.json", Compare::Bytes)],
        goes_on: true,
        says_all: false,
        prepare: with_campaign,
    },
    Scenario {
        name: "report",
        calls: "read",
        words: &["report", "campaign/archive.h5", "--out", "page"],
        outputs: &[("page/index.html", Compare::Bytes), ("page/summary.json", Compare::Bytes)],
        goes_on: true,
        says_all: false,
        prepare: with_campaign,
    },
];

fn with_campaign(from: &Path, to: &Path) {
    copy(&from.join("campaign"), &to.join("campaign"));
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").arg(from).arg(to).status().expect("cp runs");
    assert!(copied.success());
}

/// The folders of the trials.
struct Stage {
    folder: tempfile::TempDir,
    shim: PathBuf,
}

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let shim = folder.path().join("failing_files.so");
        let source = root().join("tests/src/failing_files.c");
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).arg("-ldl").status();
        assert!(built.expect("a C compiler").success());
        let stage = Stage { folder, shim };
        let origin = stage.path("origin");
        fs::create_dir(&origin).expect("writable");
        let text = small_campaign(6).replace("segment_records = 3", "segment_records = 1\nsegment_seconds = 0.001");
        write(&origin, "small.toml", &text.replace("sweeps = 200", "sweeps = 20"));
        let done = |words: &[&str]| {
            let mut command = glassmodes(words);
            command.current_dir(&origin);
            run(command).expect_code(0);
        };
        done(&["run", "small.toml", "--out", "campaign", "--threads", "1"]);
        assert!(segments(&origin.join("campaign")).len() > 1);
        done(&["export", "campaign/archive.h5", "--realization", "0", "--out", "glass.xyz"]);
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn prepare(&self, scenario: &Scenario) {
        let work = self.path("work");
        let _ = fs::remove_dir_all(&work);
        fs::create_dir(&work).expect("writable");
        copy(&self.path("origin/small.toml"), &work.join("small.toml"));
        (scenario.prepare)(&self.path("origin"), &work);
    }

    /// Runs the command of a scenario; call number `at` of those that count fails.
    fn run(&self, scenario: &Scenario, at: u64, errno: i32) -> Finished {
        let mut command = glassmodes(scenario.words);
        let work = self.path("work");
        command.current_dir(&work).env("LD_PRELOAD", &self.shim).env("FAIL_BELOW", &work);
        command.env("FAIL_CALLS", scenario.calls).env("FAIL_COUNT", self.path("count"));
        command.env("FAIL_AT", at.to_string()).env("FAIL_WITH", errno.to_string());
        Running::start(&mut command).wait(60)
    }

    /// What an undisturbed run makes, in `expected`, and how many calls it takes.
    fn undisturbed(&self, scenario: &Scenario) -> (Finished, u64) {
        let _ = fs::remove_file(self.path("count"));
        self.prepare(scenario);
        let finished = self.run(scenario, 0, 0).expect_code(0);
        let calls = fs::metadata(self.path("count")).expect("counted").len();
        let _ = fs::remove_dir_all(self.path("expected"));
        copy(&self.path("work"), &self.path("expected"));
        (finished, calls)
    }

    /// What is wrong after a run that may have failed.
    fn fault(&self, scenario: &Scenario, undisturbed: &Finished, finished: &Finished) -> Option<String> {
        let code = match finished.code {
            Some(code) if !finished.err.contains("panicked") => code,
            _ => return Some("crashed".to_owned()),
        };
        if code == 0 && scenario.says_all && finished.out != undisturbed.out {
            return Some("says something else with exit code 0".to_owned());
        }
        for (output, compare) in scenario.outputs {
            let (found, expected) = (self.path("work").join(output), self.path("expected").join(output));
            if !found.exists() {
                if code == 0 {
                    return Some(format!("{output} is missing with exit code 0"));
                }
                continue;
            }
            let same = match compare {
                Compare::Bytes => fs::read(&found).ok() == fs::read(&expected).ok(),
                Compare::Results => {
                    archive::identical_but_for_timings(&found, &expected).unwrap_or(false)
                        && archive::verify(&found, &archive::VerifyOptions::default()).is_sound()
                }
            };
            if !same {
                return Some(format!("{output} is wrong with exit code {code}"));
            }
        }
        let segments = fs::read_dir(self.path("work/campaign/segments")).into_iter().flatten();
        let aside = segments.flatten().find(|entry| entry.file_name().to_string_lossy().ends_with(".damaged"));
        aside.map(|segment| format!("{:?} was put aside", segment.file_name()))
    }

    /// One trial; what is wrong, and whether the failure was noticed.
    fn trial(&self, scenario: &Scenario, undisturbed: &Finished, at: u64, errno: i32) -> (Option<String>, bool) {
        self.prepare(scenario);
        let finished = self.run(scenario, at, errno);
        let fault = self.fault(scenario, undisturbed, &finished);
        let failed = finished.code != Some(0);
        if fault.is_some() || !failed || !scenario.goes_on {
            return (fault.map(|fault| format!("{fault}\n{}", finished.err)), failed);
        }
        let again = self.run(scenario, 0, 0);
        let fault = match again.code {
            Some(0) => self.fault(scenario, undisturbed, &again).or_else(|| self.remnant()),
            _ => Some("cannot be done again".to_owned()),
        };
        (fault.map(|fault| format!("again: {fault}\n{}\n{}", finished.err, again.err)), failed)
    }

    fn remnant(&self) -> Option<String> {
        ["work", "work/campaign", "work/campaign/segments"]
            .iter()
            .flat_map(|folder| fs::read_dir(self.path(folder)).into_iter().flatten().flatten())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .find(|name| durable::is_temporary(name))
            .map(|name| format!("{name} is left"))
    }
}

#[test]
fn one_failing_call_gives_no_wrong_file() {
    let asked = std::env::var("GLASSMODES_FAILURES").unwrap_or_else(|_| "4".to_owned());
    let most: u64 = if asked == "all" { u64::MAX } else { asked.parse().expect("a number of calls, or all") };
    let stage = Stage::new();
    let mut wrong = Vec::new();
    let mut trials = 0;
    for scenario in &SCENARIOS {
        let (undisturbed, calls) = stage.undisturbed(scenario);
        let errors: &[i32] = if scenario.calls == "write" { &WRITE_ERRORS } else { &READ_ERRORS };
        let sample = calls.min(most);
        let (before, mut noticed) = (trials, 0);
        for (number, &errno) in errors.iter().enumerate() {
            for k in 0..sample {
                // Another part of the calls for each error, where not all are tried.
                let at = 1 + (k * calls + number as u64 * calls / errors.len() as u64) / sample % calls;
                let (fault, failed) = stage.trial(scenario, &undisturbed, at, errno);
                trials += 1;
                noticed += u64::from(failed);
                if let Some(fault) = fault {
                    let words = format!("{} ({}), call {at} of {calls}, errno {errno}", scenario.name, scenario.calls);
                    eprintln!("wrong: {words}: {fault}");
                    wrong.push(words);
                }
            }
        }
        eprintln!(
            "{} ({}): {calls} calls, {} failed one by one, {noticed} of them told by the exit code",
            scenario.name,
            scenario.calls,
            trials - before
        );
    }
    eprintln!("{trials} failing calls, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn file_systems_that_cannot_sync_folders_do() {
    let stage = Stage::new();
    let source = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <errno.h>\n#include <sys/stat.h>\n\
        int fsync(int file) {\n  struct stat status;\n  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, \"fsync\");\n\
        \x20 if (fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) { errno = EINVAL; return -1; }\n\
        \x20 return real(file);\n}\n";
    let source = write(stage.folder.path(), "no_folders.c", source);
    let shim = stage.path("no_folders.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&shim).arg(source).arg("-ldl").status();
    assert!(built.expect("a C compiler").success());
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.calls == "write") {
        stage.prepare(scenario);
        let mut command = glassmodes(scenario.words);
        command.current_dir(stage.path("work")).env("LD_PRELOAD", &shim);
        run(command).expect_code(0);
        for (output, _) in scenario.outputs {
            assert!(stage.path("work").join(output).is_file(), "{output}");
        }
    }
}
