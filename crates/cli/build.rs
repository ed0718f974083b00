//! Tells the program which commit it is built from: from git, or from the package's own record of it.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let commit = from_git().or_else(from_package).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=GLASSMODES_COMMIT={commit}");
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The commit of the work tree, `-modified` when its sources differ from it.
fn from_git() -> Option<String> {
    // A package unpacked inside somebody else's repository must not take that one's commit.
    let here = git(&["ls-files", "--full-name", "build.rs"])?;
    if here != "crates/cli/build.rs" {
        return None;
    }
    for path in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", path]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rerun-if-changed=..");
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let modified = git(&["status", "--porcelain", "--untracked-files=no", "--", ".."])?;
    Some(if modified.is_empty() { commit } else { format!("{commit}-modified") })
}

/// `.cargo_vcs_info.json`, which `cargo package` writes: {"git": {"sha1": "..."}}.
fn from_package() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, after) = text.split_once("\"sha1\"")?;
    let digits: String =
        after.chars().skip_while(|c| !c.is_ascii_hexdigit()).take_while(char::is_ascii_hexdigit).collect();
    (digits.len() >= 12).then(|| digits[..12].to_owned())
}
