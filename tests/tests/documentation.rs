//! The commands and the Python of the documents, run as a newcomer would, in an empty folder.

#![expect(clippy::print_stderr, reason = "says when it skips")]

use glassmodes_tests::{Running, binary, pythons, root};
use std::path::Path;
use std::process::Command;

/// A block of a document and the language it is in.
struct Block {
    language: String,
    text: String,
}

/// Blocks of a document between ```sh or ```python and ```.
fn blocks(document: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(document).expect("readable");
    let mut blocks = Vec::new();
    let mut block: Option<Block> = None;
    for line in text.lines() {
        match (&mut block, line) {
            (None, "```sh" | "```python") => {
                block = Some(Block { language: line[3..].to_owned(), text: String::new() })
            }
            (Some(_), "```") => blocks.extend(block.take()),
            (Some(block), line) => block.text += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    blocks
}

/// How a block is run; `None` for Python where there is none with its modules.
fn command(block: &Block) -> Option<Command> {
    if block.language == "sh" {
        let mut shell = Command::new("bash");
        shell.args(["-eu", "-o", "pipefail", "-c", &block.text]);
        return Some(shell);
    }
    let imports = block.text.lines().filter_map(|line| line.strip_prefix("import "));
    let modules: Vec<&str> = imports.filter_map(|rest| rest.split_whitespace().next()).collect();
    let mut python = Command::new(pythons(&modules).first()?);
    python.args(["-c", &block.text]);
    Some(python)
}

/// Runs the blocks one after the other in an empty folder, with the program on the path.
fn execute(document: &str, seconds: u64) {
    let blocks = blocks(&root().join(document));
    for language in ["sh", "python"] {
        assert!(blocks.iter().any(|block| block.language == language), "{document} has no ```{language} block");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let programs = binary().parent().expect("a folder").display().to_string();
    for block in blocks {
        let Some(mut command) = command(&block) else {
            eprintln!("{document}: no Python for\n{}", block.text);
            continue;
        };
        command.current_dir(folder.path());
        command.env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap_or_default()));
        command.env("GLASSMODES_SOURCE", root());
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command.env("OMPI_MCA_rmaps_base_oversubscribe", "1");
        let finished = Running::start(&mut command).wait(seconds);
        assert_eq!(
            finished.code,
            Some(0),
            "{document}:\n{}\n--- out\n{}\n--- err\n{}",
            block.text,
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
