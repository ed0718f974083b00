//! The command line as a person meets it: help, versions, exit codes, errors that say what to do.

use glassmodes_tests::{assert_same_results, glassmodes, root, run, small_campaign, write};

#[test]
fn help_has_examples_and_every_command_explains_itself() {
    let help = run(glassmodes(["--help"])).expect_code(0).out;
    for words in ["Examples:", "mpirun", "Exit codes:", "75"] {
        assert!(help.contains(words), "{words}");
    }
    let commands =
        ["run", "status", "plan", "merge", "verify", "report", "modes", "export", "theory", "completions", "man"];
    for command in commands {
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
    let of_run = |more: &[&'static str]| [&["run", "c.toml", "--out", "d"], more].concat();
    let of_report = |more: &[&'static str]| [&["report", "a.h5", "--out", "d"], more].concat();
    let (threads, above_0) = ("accepted: a whole number, 1 to 4096", "accepted: above 0");
    let (slice, time, whole) = ("1 <= K <= OF, such as 3/16", "accepted: [DAYS-]HH:MM:SS", "accepted: a whole number");
    let set = "expected SECTION.KEY=VALUE, for example --set campaign.seed=7";
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec![], "Usage: glassmodes"),
        (vec!["frobnicate"], "unrecognized subcommand"),
        (vec!["run"], "<CONFIG|DIR>"),
        (vec!["run", "c.toml"], "--out DIR is missing: the campaign's folder"),
        (of_run(&["--slice", "5/4"]), slice),
        (of_run(&["--slice", "0/4"]), slice),
        (of_run(&["--slice", "1/0"]), slice),
        (of_run(&["--slice=-1/4"]), slice),
        (of_run(&["--slice", "1/99999999999999999999"]), slice),
        (of_run(&["--slice", "half"]), slice),
        (of_run(&["--threads", "0"]), threads),
        (of_run(&["--threads", "-1"]), threads),
        (of_run(&["--threads", "4097"]), threads),
        (of_run(&["--threads", "99999999999999999999"]), threads),
        (of_run(&["--threads", "two"]), threads),
        (of_run(&["--walltime", "soon"]), time),
        (of_run(&["--walltime", "1:75:00"]), time),
        (of_run(&["--walltime", "0"]), time),
        (of_run(&["--walltime", "99999999999:00:00"]), time),
        (of_run(&["--set", "campaign.seed"]), "c.toml: cannot be read"),
        (vec!["run", ".", "--out", "d"], ". is a folder: leave out --out to go on there, or name a configuration"),
        (vec!["run", "no-such.toml", "--out", "d"], "no-such.toml: cannot be read: No such file"),
        (vec!["plan", "c.toml", "--ranks", "0"], "accepted: a whole number, 1 to 1000000"),
        (vec!["plan", "c.toml", "--ranks", "-3"], "accepted: a whole number, 1 to 1000000"),
        (vec!["verify", "a.h5", "--recompute", "-1"], whole),
        (vec!["verify", "a.h5", "--recompute", "all"], whole),
        (vec!["merge", "--out", "x.h5"], "<DIR|ARCHIVE>..."),
        (vec!["merge", "a.h5", "--out", "."], "is a folder; name a file"),
        (vec!["merge", "a.h5", "--out", "no/x.h5"], "its folder is not there; make it first"),
        (vec!["export", "a.h5"], "name --realization <I>"),
        (vec!["export", "a.h5", "--realization", "-1"], "for example 17, 0-5 or 0-5,9"),
        (vec!["export", "a.h5", "--realization", "1e3"], "for example 17, 0-5 or 0-5,9"),
        (of_report(&["--pr-max", "0"]), above_0),
        (of_report(&["--pr-max", "-0.2"]), above_0),
        (of_report(&["--pr-max", "much"]), above_0),
        (of_report(&["--omega-max", "nan"]), above_0),
        (of_report(&["--omega-max-phonon", "inf"]), above_0),
        (of_report(&["--omega-max", "1", "--omega-max-phonon", "1"]), "cannot be used with"),
        (vec!["theory", "--out", "d", "--samples", "0"], "accepted: a whole number, 1 to 20000000"),
        (vec!["theory", "--out", "d", "--samples", "18446744073709551615"], "accepted: a whole number, 1 to 20000000"),
        (vec!["theory", "--out", "d", "--seed", "-1"], whole),
        (vec!["completions", "tcsh"], "[possible values: bash"),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (words, expected) in cases {
        let mut command = glassmodes(&words);
        command.current_dir(folder.path());
        let said = run(command);
        assert!(said.code == Some(2) && said.err.contains(expected), "{words:?}: {:?} {}", said.code, said.err);
    }
    let config = root().join("config/quick.toml").display().to_string();
    for (argument, expected) in [
        ("seed=7", set),
        ("campaign.seed", set),
        ("=3", set),
        ("glass=5", set),
        ("campaign.seed=-1", "campaign.seed: wrong value: integer `-1`, expected a whole number, 0 or more"),
        ("campaign.seed=1e400", "campaign.seed: wrong type"),
        ("campaign.seed=99999999999999999999", "expected a whole number"),
        ("glass.density=nan", "glass.density = NaN: accepted: 0.01 to 2"),
        ("thermalize.sweeps=[1,2]", "thermalize.sweeps: wrong type: sequence, expected a whole number"),
    ] {
        let out = folder.path().join("d").display().to_string();
        run(glassmodes(["run", &config, "--out", &out, "--set", argument]))
            .expect_code(2)
            .expect_error(&format!("--set {argument}: "))
            .expect_error(expected);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0, "nothing was made");
}

#[test]
fn names_that_are_no_text_are_refused_and_files_that_are_none_described() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(2));
    let odd = folder.path().join(OsStr::from_bytes(b"\xff-campaign"));
    run(glassmodes([&"run".into(), &config, &"--out".into(), &odd])).expect_code(2).expect_error("is not UTF-8");
    assert!(!odd.exists());
    run(glassmodes([&"modes".into(), &config, &"--out".into(), &odd])).expect_code(2).expect_error("is not UTF-8");
    let set = OsStr::from_bytes(b"campaign.name=\xff");
    run(glassmodes([
        OsStr::new("run"),
        config.as_os_str(),
        OsStr::new("--out"),
        OsStr::new("d"),
        OsStr::new("--set"),
        set,
    ]))
    .expect_code(2)
    .expect_error("invalid UTF-8");

    let binary = folder.path().join("binary.toml");
    std::fs::write(&binary, b"[campaign]\nname = \"\xff\"").expect("writable");
    let out = folder.path().join("d").display().to_string();
    let of = |config: &std::path::Path| run(glassmodes(["run", &config.display().to_string(), "--out", &out]));
    of(&binary).expect_code(2).expect_error("binary.toml: cannot be read: it is no text");
    of(&write(folder.path(), "empty.toml", "")).expect_code(2).expect_error("missing section `campaign`");

    let text = config.display().to_string();
    run(glassmodes(["report", &text, "--out", &out])).expect_code(1).expect_error("it is no HDF5 file");
    let here = folder.path().display().to_string();
    run(glassmodes(["report", &here, "--out", &out])).expect_code(1).expect_error("the archive.h5 in it");
    run(glassmodes(["status", &here])).expect_code(2).expect_error("no campaign (there is no ledger.jsonl");
    run(glassmodes(["man", "--out", &text])).expect_code(2).expect_error("is a file; name a folder");
    run(glassmodes(["theory", "--out", &text])).expect_code(2).expect_error("is a file; name a folder");
    run(glassmodes(["report", "a.h5", "--out", &text])).expect_code(2).expect_error("is a file; name a folder");
    run(glassmodes(["run", &text, "--out", &format!("{text}/d")])).expect_code(1).expect_error("Not a directory");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(3));
    let out = folder.path().join("campaign");
    run(glassmodes([&"run".into(), &config, &"--out".into(), &out])).expect_code(0);
    // One that never reads, one that reads a line, and a ledger that never ends being watched.
    let open = std::fs::read_to_string(out.join("ledger.jsonl")).expect("readable");
    let first = open.lines().next().expect("a line");
    std::fs::create_dir(folder.path().join("begun")).expect("writable");
    write(&folder.path().join("begun"), "ledger.jsonl", &format!("{first}\n"));
    let script = r#"
        for words in "status campaign" "status campaign --json" "verify campaign/archive.h5" "completions bash" \
                     "run --help" "export campaign/archive.h5 --realization 0" "status begun --watch"; do
          for reader in true "head -1"; do
            "$GLASSMODES" $words 2>err | $reader > out
            code=${PIPESTATUS[0]}
            [ "$code" = 0 ] && [ ! -s err ] || { echo "$words | $reader: $code"; cat err; exit 1; }
          done
        done"#;
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", script]).current_dir(folder.path()).env("GLASSMODES", glassmodes_tests::binary());
    run(shell).expect_code(0);
}

#[test]
fn what_is_piped_is_quiet_and_without_colour() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(3));
    let out = folder.path().join("campaign");
    let said = run(glassmodes([&"run".into(), &config, &"--out".into(), &out])).expect_code(0);
    // Nothing but the result: no bar, no log.
    assert_eq!(said.err, "");
    assert!(said.out.starts_with("3 of 3 realizations") && !said.out.contains('\x1b'), "{}", said.out);
    assert!(!run(glassmodes(["run", "--help"])).out.contains('\x1b'));

    // On a terminal there is colour, unless NO_COLOR is set.
    let on_a_terminal = |environment: &str| {
        let line = format!("{environment} {} run --help", glassmodes_tests::binary().display());
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm-256color").env_remove("NO_COLOR");
        run(command).expect_code(0).out
    };
    assert!(on_a_terminal("").contains('\x1b'));
    assert!(!on_a_terminal("NO_COLOR=1").contains('\x1b'));
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
