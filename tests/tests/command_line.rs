//! The command line as a person meets it: help, versions, exit codes, errors that say what to do.

use glassmodes_tests::{assert_same_results, glassmodes, root, run, small_campaign, write};

#[test]
fn help_has_examples_and_every_command_explains_itself() {
    let help = run(glassmodes(["--help"])).expect_code(0).out;
    for words in ["Examples:", "mpirun", "Exit codes:", "75"] {
        assert!(help.contains(words), "{words}");
    }
    for command in ["run", "status", "plan", "merge", "verify", "report", "modes", "export", "theory"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        let help = run(glassmodes([command, "--help"])).expect_code(0).out;
        assert!(help.contains("Examples:") && help.contains(&format!("glassmodes {command} ")), "{command}");
    }
}

#[test]
fn the_version_names_commit_and_libraries() {
    let short = run(glassmodes(["-V"])).expect_code(0).out;
    assert_eq!(short.trim(), format!("glassmodes {}", env!("CARGO_PKG_VERSION")));
    let long = run(glassmodes(["--version"])).expect_code(0).out;
    for words in ["commit ", "HDF5 ", "MPI"] {
        assert!(long.contains(words), "{words} in {long}");
    }
}

#[test]
fn completions_and_man_pages_come_from_the_definitions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(glassmodes(["completions", shell])).expect_code(0).out;
        assert!(script.contains("glassmodes") && script.contains("coordinator-works"), "{shell}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("man1");
    run(glassmodes([&"man".into(), &"--out".into(), &pages])).expect_code(0);
    let page = std::fs::read_to_string(pages.join("glassmodes-run.1")).expect("a page a command");
    assert!(page.contains(".TH glassmodes-run") && page.contains("KEY=VALUE"), "{page}");
}

#[test]
fn wrong_arguments_end_with_2_and_say_what_is_accepted() {
    run(glassmodes(["frobnicate"])).expect_code(2).expect_error("unrecognized subcommand");
    run(glassmodes(["run"])).expect_code(2).expect_error("--out <DIR>");
    run(glassmodes(["run", "c.toml", "--out", "d", "--slice", "5/4"])).expect_code(2).expect_error("3/1");
    run(glassmodes(["run", "c.toml", "--out", "d", "--walltime", "soon"])).expect_code(2).expect_error("HH:MM:SS");
    run(glassmodes(["run", "c.toml", "--out", "d", "--threads", "0"])).expect_code(2).expect_error("1..=4096");
    run(glassmodes(["run", "no-such.toml", "--out", "d"])).expect_code(2).expect_error("no-such.toml: cannot be read");
    run(glassmodes(["export", "a.h5"])).expect_code(2).expect_error("--realization");
}

#[test]
fn bad_configurations_end_with_2_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("campaign");
    let config = root().join("tests/config/bad/box-too-small.toml");
    run(glassmodes([&"run".into(), &config, &"--out".into(), &out]))
        .expect_code(2)
        .expect_error("at least 17 particles");
    assert!(!out.exists());
    let config = root().join("config/quick.toml");
    run(glassmodes([&"run".into(), &config, &"--out".into(), &out, &"--set".into(), &"glass.particles=few".into()]))
        .expect_code(2)
        .expect_error("--set glass.particles=few: glass.particles: wrong type");
    assert!(!out.exists());
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(2));
    let foreign = folder.path().join("thesis");
    std::fs::create_dir(&foreign).expect("writable");
    write(&foreign, "chapter-1.tex", "precious");
    run(glassmodes([&"run".into(), &config, &"--out".into(), &foreign]))
        .expect_code(2)
        .expect_error("holds chapter-1.tex and no config.toml");
    let entries = std::fs::read_dir(&foreign).expect("readable").count();
    assert_eq!(entries, 1);
    assert_eq!(std::fs::read_to_string(foreign.join("chapter-1.tex")).expect("readable"), "precious");

    let file = write(folder.path(), "a-file", "text");
    run(glassmodes([&"run".into(), &config, &"--out".into(), &file])).expect_code(2).expect_error("is not a folder");
}

#[test]
fn a_changed_configuration_is_refused_with_the_differing_keys() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(3));
    let out = folder.path().join("campaign");
    let with = |sets: &[&str]| {
        let mut words = vec!["run", config.to_str().expect("UTF-8"), "--out", out.to_str().expect("UTF-8")];
        for set in sets {
            words.extend(["--set", set]);
        }
        run(glassmodes(words))
    };
    with(&[]).expect_code(0);
    let archive = std::fs::read(out.join("archive.h5")).expect("complete");
    with(&["thermalize.temperature=0.2", "potential.smoothness=3"])
        .expect_code(2)
        .expect_error("potential.smoothness: 2 before, 3 now; thermalize.temperature: 0.1 before, 0.2 now");
    with(&["campaign.realizations=2"]).expect_code(2).expect_error("it can only be raised");
    assert_eq!(archive, std::fs::read(out.join("archive.h5")).expect("untouched"));
    // Nothing of this decides a result.
    with(&["campaign.name=renamed", "campaign.segment_records=1"]).expect_code(0);
}

#[test]
fn a_campaign_can_be_extended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(4));
    let (grown, whole) = (folder.path().join("grown"), folder.path().join("whole"));
    let words = |out: &std::path::Path, realizations: &str| {
        let out = out.to_str().expect("UTF-8").to_owned();
        let config = config.to_str().expect("UTF-8").to_owned();
        run(glassmodes(["run".to_owned(), config, "--out".into(), out, "--set".into(), realizations.to_owned()]))
    };
    words(&grown, "campaign.realizations=4").expect_code(0);
    words(&grown, "campaign.realizations=7").expect_code(0);
    words(&whole, "campaign.realizations=7").expect_code(0);
    assert_same_results(&grown.join("archive.h5"), &whole.join("archive.h5"));
}
