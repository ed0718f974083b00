//! The commands of the documents, run as a newcomer would, in an empty folder.

use glassmodes_tests::{Running, binary, root};
use std::path::Path;
use std::process::Command;

/// Blocks of a document between ```sh and ```.
fn shell_blocks(document: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(document).expect("readable");
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        match (&mut block, line) {
            (None, "```sh") => block = Some(String::new()),
            (Some(_), "```") => blocks.extend(block.take()),
            (Some(lines), line) => {
                lines.push_str(line);
                lines.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// Runs the blocks one after the other in an empty folder, with the program on the path.
fn execute(document: &str, seconds: u64) {
    let blocks = shell_blocks(&root().join(document));
    assert!(!blocks.is_empty(), "{document} has no ```sh block");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let programs = binary().parent().expect("a folder").display().to_string();
    for block in blocks {
        let mut shell = Command::new("bash");
        shell.args(["-eu", "-o", "pipefail", "-c", &block]).current_dir(folder.path());
        shell.env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap_or_default()));
        shell.env("GLASSMODES_SOURCE", root());
        shell.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        shell.env("OMPI_MCA_rmaps_base_oversubscribe", "1");
        let finished = Running::start(&mut shell).wait(seconds);
        assert_eq!(
            finished.code,
            Some(0),
            "{document}:\n{block}\n--- out\n{}\n--- err\n{}",
            finished.out,
            finished.err
        );
    }
}

#[test]
fn the_commands_of_the_guide_work() {
    execute("docs/guide.md", 300);
}

#[test]
fn the_commands_of_the_readme_work() {
    execute("README.md", 300);
}
