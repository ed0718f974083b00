//! `ci/campaign.sh`: takes the next slice, stops cleanly, goes on, and commits nothing but parts, and only when asked.
//!
//! A program that only pretends stands in for the release's; everything happens in a folder of the test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Writes down how it was called; `run` takes a minute the first time, unless it is told to stop.
const PRETENDER: &str = "#!/bin/bash
echo \"$*\" >> calls
case $1 in
  run)
    trap 'exit 75' TERM
    if mkdir -p \"$4\" && mkdir \"$4/begun\" 2>/dev/null && [ -e slow ]; then
      for _ in $(seq 600); do sleep 0.1; done
    fi
    ;;
  merge) echo thin > \"$4\" ;;
esac
";

/// A repository with the script and the pretender.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    fs::create_dir(folder.path().join("ci")).expect("made");
    fs::copy(root.join("ci/campaign.sh"), folder.path().join("ci/campaign.sh")).expect("copied");
    let program = folder.path().join("pretender");
    fs::write(&program, PRETENDER).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
    for arguments in [&["init", "--quiet"][..], &["config", "user.name", "test"], &["config", "user.email", "t@t"]] {
        let done = Command::new("git").args(arguments).current_dir(folder.path()).status().expect("git");
        assert!(done.success());
    }
    folder
}

fn script(folder: &Path, arguments: &[&str]) -> Command {
    // Where these tests themselves run in the background, ^C is ignored, and bash would go on ignoring it.
    let mut command = Command::new("env");
    command.args(["--default-signal=INT", "bash", "ci/campaign.sh"]).args(arguments).current_dir(folder);
    command.env("CAMPAIGN_PROGRAM", folder.join("pretender")).env("CAMPAIGN_SLICES", "3");
    command.env("CAMPAIGN_FOLDER", "work").env("CAMPAIGN_PARTS", "parts");
    command
}

fn code(mut command: Command) -> Option<i32> {
    command.status().expect("bash").code()
}

fn parts(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.join("parts"))
        .expect("the parts")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn calls(folder: &Path) -> String {
    fs::read_to_string(folder.join("calls")).unwrap_or_default()
}

/// Waits until the pretender has begun a slice.
fn wait_for(path: &Path, child: &mut Child) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60) && child.try_wait().expect("a child").is_none());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn slices_that_are_there_are_not_made_again() {
    let folder = repository();
    fs::create_dir(folder.path().join("parts")).expect("made");
    fs::write(folder.path().join("parts/part-002.h5"), "there").expect("written");
    assert_eq!(code(script(folder.path(), &["--slices", "1"])), Some(0));
    assert_eq!(parts(folder.path()), ["part-001.h5", "part-002.h5"]);
    assert_eq!(code(script(folder.path(), &[])), Some(0));
    assert_eq!(parts(folder.path()), ["part-001.h5", "part-002.h5", "part-003.h5"]);
    let calls = calls(folder.path());
    assert!(
        calls.contains("--slice 1/3") && !calls.contains("--slice 2/3") && calls.contains("--slice 3/3"),
        "{calls}"
    );
    assert!(calls.contains("--thin --modes-below 0.3 --participation-below 0.3"), "{calls}");
    fs::remove_file(folder.path().join("parts/part-003.h5")).expect("there");
    let mut uncut = script(folder.path(), &[]);
    uncut.env("CAMPAIGN_CUTS", "");
    assert_eq!(code(uncut), Some(0));
    let calls = self::calls(folder.path());
    assert!(
        calls.lines().rfind(|call| call.starts_with("merge")).is_some_and(|call| call.ends_with("--thin")),
        "{calls}"
    );
    // Nothing is left of a finished slice, and nothing is committed unasked.
    assert!(!folder.path().join("work/slice-1").exists());
    let log = Command::new("git").args(["log", "--oneline"]).current_dir(folder.path()).output().expect("git");
    assert!(log.stdout.is_empty());
    assert_eq!(code(script(folder.path(), &["--slices", "none"])), Some(2));
}

#[test]
fn a_signal_stops_it_cleanly_and_the_same_command_goes_on() {
    let folder = repository();
    fs::write(folder.path().join("slow"), "").expect("written");
    for signal in ["-TERM", "-INT"] {
        let slice = if signal == "-TERM" { 1 } else { 2 };
        let mut child = script(folder.path(), &[]).spawn().expect("bash");
        wait_for(&folder.path().join(format!("work/slice-{slice}/begun")), &mut child);
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        assert_eq!(child.wait().expect("a child").code(), Some(75), "{signal}");
        assert_eq!(parts(folder.path()).len(), slice - 1, "{signal}");
        assert_eq!(code(script(folder.path(), &["--slices", "1"])), Some(0), "{signal}");
        assert_eq!(parts(folder.path()).len(), slice, "{signal}");
    }
}

#[test]
fn what_it_commits_is_the_part_alone() {
    let folder = repository();
    fs::write(folder.path().join("mine"), "not committed").expect("written");
    let added = Command::new("git").args(["add", "mine"]).current_dir(folder.path()).status().expect("git");
    assert!(added.success());
    assert_eq!(code(script(folder.path(), &["--slices", "1", "--commit"])), Some(0));
    let show = ["show", "--name-only", "--format=%s"];
    let shown = Command::new("git").args(show).current_dir(folder.path()).output().expect("git");
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Add slice 1 of paper-ensemble", "parts/part-001.h5"]);
}
