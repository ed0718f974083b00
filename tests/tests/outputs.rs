//! Where results go: never over what was read, never in place of a device, a pipe or a link.

use glassmodes_tests::{Campaign, glassmodes, run, small_campaign, write};
use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A finished campaign, one of its glasses, and its configuration.
fn campaign() -> (Campaign, PathBuf, PathBuf, PathBuf) {
    let campaign = Campaign::new(&small_campaign(3));
    campaign.run("campaign", &[]).expect_code(0);
    let (archive, glass) = (campaign.path("archive.h5"), campaign.path("glass.xyz"));
    fs::copy(campaign.archive("campaign"), &archive).expect("readable");
    run(glassmodes(["export", &text(&archive), "--realization", "1", "--out", &text(&glass)])).expect_code(0);
    let config = campaign.path("campaign.toml");
    (campaign, archive, glass, config)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Every command with an output, its input and its output left open.
fn commands(campaign: &Campaign) -> Vec<(&'static str, Vec<String>)> {
    let config = text(&campaign.path("campaign.toml"));
    let words = |line: &str| line.replace("CONFIG", &config).split(' ').map(str::to_owned).collect::<Vec<_>>();
    vec![
        ("archive", words("merge archive.h5 --out OUT")),
        ("archive", words("modes archive.h5 --config CONFIG --out OUT")),
        ("archive", words("revisit archive.h5 --omega-max 2.5 --pr-max 1 --out OUT")),
        ("archive", words("export archive.h5 --csv OUT")),
        ("archive", words("export archive.h5 --realizations-csv OUT")),
        ("archive", words("export archive.h5 --realization 1 --out OUT")),
        ("glass", words("modes glass.xyz --config CONFIG --out OUT")),
        ("config", words("modes glass.xyz --config CONFIG --out OUT")),
        ("config", words("plan CONFIG --emit-script OUT")),
    ]
}

#[test]
fn no_command_writes_over_its_inputs_by_whatever_name() {
    let (campaign, archive, glass, config) = campaign();
    let (link, hard) = (campaign.path("link"), campaign.path("hard"));
    // The result of a merge holds what its sources hold, so that an archive may take up others.
    for (input, words) in commands(&campaign).into_iter().filter(|(_, words)| words[0] != "merge") {
        let input = match input {
            "archive" => &archive,
            "glass" => &glass,
            _ => &config,
        };
        let before = fs::read(input).expect("readable");
        symlink(input, &link).expect("a link");
        fs::hard_link(input, &hard).expect("a link");
        let roundabout = campaign.path("campaign/..").join(input.file_name().expect("a name"));
        for out in [input, &link, &hard, &roundabout] {
            let words: Vec<String> =
                words.iter().map(|word| if word == "OUT" { text(out) } else { word.clone() }).collect();
            let mut command = glassmodes(&words);
            command.current_dir(campaign.path(""));
            run(command).expect_code(2).expect_error("is one of the inputs").expect_error("name another file");
            assert!(fs::read(input).expect("readable") == before, "{words:?}");
        }
        fs::remove_file(&link).expect("ours");
        fs::remove_file(&hard).expect("ours");
    }
    // A campaign's own segments, and an archive that has the name of a figure.
    let segment = glassmodes_tests::segments(&campaign.path("campaign")).remove(0);
    let folder = text(&campaign.path("campaign"));
    run(glassmodes(["merge", &folder, "--out", &text(&segment)])).expect_code(2).expect_error("is one of the inputs");
    let report = campaign.path("report");
    fs::create_dir(&report).expect("writable");
    fs::hard_link(&archive, report.join("summary.json")).expect("a link");
    run(glassmodes(["report", &text(&archive), "--out", &text(&report)]))
        .expect_code(2)
        .expect_error("summary.json is one of the inputs");
    let both = text(&campaign.path("both"));
    fs::write(&both, "").expect("writable");
    run(glassmodes(["export", &text(&archive), "--csv", &both, "--realization", "1", "--out", &both]))
        .expect_code(2)
        .expect_error("is one of the inputs");
}

#[test]
fn pipes_and_sockets_stay_what_they_are() {
    let (campaign, ..) = campaign();
    let (pipe, socket) = (campaign.path("pipe"), campaign.path("socket"));
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let _listener = UnixListener::bind(&socket).expect("a socket");
    for (_, words) in commands(&campaign) {
        for out in [&pipe, &socket] {
            let is_text = words[0] == "export" || words[0] == "plan";
            if is_text && out == &pipe {
                continue;
            }
            let words: Vec<String> =
                words.iter().map(|word| if word == "OUT" { text(out) } else { word.clone() }).collect();
            let mut command = glassmodes(&words);
            command.current_dir(campaign.path(""));
            run(command).expect_code(2).expect_error("no regular file");
        }
    }
    assert!(fs::metadata(&socket).expect("there").file_type().is_socket());
    // A text goes through a pipe to its reader.
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read_to_string(pipe).expect("readable"))
    };
    run(glassmodes(["export", &text(&campaign.path("archive.h5")), "--csv", &text(&pipe)])).expect_code(0);
    assert!(reader.join().expect("read").starts_with("realization,mode,group"));
    assert!(fs::metadata(&pipe).expect("there").file_type().is_fifo());
}

#[test]
fn links_are_written_through() {
    let (campaign, archive, ..) = campaign();
    for (number, (_, words)) in commands(&campaign).into_iter().enumerate() {
        let (target, link) = (campaign.path(&format!("target-{number}")), campaign.path(&format!("link-{number}")));
        // Half of the targets are there, half are not yet.
        if number % 2 == 0 {
            fs::write(&target, "old").expect("writable");
        }
        symlink(target.file_name().expect("a name"), &link).expect("a link");
        let words: Vec<String> =
            words.iter().map(|word| if word == "OUT" { text(&link) } else { word.clone() }).collect();
        let mut command = glassmodes(&words);
        command.current_dir(campaign.path(""));
        run(command).expect_code(0);
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink(), "{words:?}");
        assert!(fs::metadata(&target).expect("there").len() > 100, "{words:?}");
    }
    assert!(archive.is_file());
}

#[test]
fn a_job_script_carries_the_settings_and_the_name() {
    let campaign = Campaign::new("");
    let config = write(&campaign.path(""), "it's.toml", &small_campaign(3));
    let script = campaign.path("job.slurm");
    let words = ["plan", &text(&config), "--set", "campaign.seed=12", "--emit-script", &text(&script)];
    run(glassmodes(words)).expect_code(0);
    let written = fs::read_to_string(&script).expect("readable");
    assert!(written.contains(" --set='campaign.seed=12' -- '") && written.contains(r"it'\''s.toml' &"), "{written}");
}
