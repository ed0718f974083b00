//! Configurations, good and bad: each bad one states the error it must give.

use glass::diameters::DiameterChoice;
use realization::config::raw::{RawNonlinear, RawWells};
use realization::config::{self, FREE_KEYS};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What gives a plan the keys that go with lifted swaps, and those of what is off by default.
const ALL_KEYS: [&str; 5] = [
    "thermalize.swap=lifted",
    "thermalize.harvest={count=2,sweeps=10}",
    "nonlinear.kinds=['cubic']",
    "nonlinear.vectors=true",
    "wells.search=true",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn bad_configurations_give_the_error_they_state() {
    let files = files("tests/config/bad");
    assert!(files.len() >= 25);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let expected = text.lines().next().and_then(|line| line.strip_prefix("# error: ")).expect("an expected error");
        match config::load(&path, &[]) {
            Ok(_) => panic!("{} was accepted", path.display()),
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains(expected), "{}:\n  expected {expected}\n  but got  {message}", path.display());
                assert!(message.starts_with(&path.display().to_string()), "{message} does not name the file first");
                let says_what_to_do = ["accepted: ", "expected ", "missing ", "not valid TOML: "];
                assert!(says_what_to_do.iter().any(|words| message.contains(words)), "{message} says not what to do");
            }
        }
    }
}

#[test]
fn good_and_shipped_configurations_resolve_and_resolve_again_to_the_same() {
    for path in files("tests/config/good").into_iter().chain(files("config")) {
        let plan = config::load(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
        let again = config::parse(&plan.to_toml(), "again", &[]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(plan, again, "{}", path.display());
        assert_eq!(plan.hash(), again.hash());
    }
}

/// The plan of a shipped configuration for glasses made elsewhere.
fn own_glasses(name: &str) -> config::Plan {
    let text = std::fs::read_to_string(root().join("config/own-glasses").join(name)).expect("readable");
    config::parse_for_own_glasses(&text, name, &[], None).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn configurations_for_own_glasses_resolve_and_resolve_again_to_the_same() {
    let plan = own_glasses("kob-andersen.toml");
    assert_eq!(plan.composition.potential.scale(1.0, 0.88).energy, 1.5);
    let again = config::parse_for_own_glasses(&plan.to_toml(), "again", &[], None).expect("valid");
    assert_eq!((&plan, plan.hash()), (&again, again.hash()));
}

#[test]
fn the_shipped_campaigns_are_what_their_names_say() {
    let shipped = |name: &str| config::load(&root().join("config").join(name), &[]).expect("valid");
    for (name, particles, realizations) in [
        ("quick.toml", 256, 64),
        ("laptop.toml", 1024, 2000),
        ("wells.toml", 1024, 2000),
        ("wells-hot.toml", 1024, 300),
        ("three-dimensions-quick.toml", 500, 128),
        ("three-dimensions.toml", 1500, 1000),
        ("three-dimensions-hot.toml", 1500, 1000),
        ("three-dimensions-cold.toml", 1500, 1000),
        ("paper.toml", 4000, 60_000),
        ("paper-fast.toml", 4000, 60_000),
        ("paper-ensemble.toml", 4000, 60_000),
    ] {
        let plan = shipped(name);
        assert_eq!((plan.composition.particles, plan.campaign.realizations), (particles, realizations), "{name}");
    }
    // The same glasses: they differ in the method only.
    let differing: BTreeSet<String> =
        config::compare::deciding_differences(&shipped("paper.toml").to_toml(), &shipped("paper-fast.toml").to_toml())
            .into_iter()
            .map(|difference| difference.key)
            .collect();
    assert!(differing.iter().all(|key| key.starts_with("spectrum.")), "{differing:?}");
}

#[test]
fn the_ensembles_that_ask_what_the_cutoff_does_differ_in_how_the_potential_ends_and_in_temperature_only() {
    let cutoff = |name: &str| config::load(&root().join("config/cutoff").join(name), &[]).expect("valid");
    let q2 = cutoff("q2.toml").to_toml();
    for (name, allowed) in [
        ("q3-colder.toml", &["campaign.seed", "potential.smoothness", "thermalize.temperature"][..]),
        ("q4-colder.toml", &["campaign.seed", "potential.smoothness", "thermalize.temperature"]),
        ("q3-wider.toml", &["campaign.seed", "potential.smoothness", "potential.cutoff"]),
        ("q4-wider.toml", &["campaign.seed", "potential.smoothness", "potential.cutoff"]),
        ("q2-n400.toml", &["campaign.seed", "glass.particles", "spectrum.omega_max", "modes.omega_max"]),
    ] {
        let differing: BTreeSet<String> = config::compare::deciding_differences(&q2, &cutoff(name).to_toml())
            .into_iter()
            .map(|difference| difference.key)
            .collect();
        assert_eq!(differing, allowed.iter().map(|key| (*key).to_owned()).collect(), "{name}");
    }
}

#[test]
fn every_key_is_documented_and_every_documented_key_exists() {
    let readme = std::fs::read_to_string(root().join("config/README.md")).expect("readable");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")).collect::<Vec<_>>();
    let documented: BTreeSet<String> = rows.iter().filter_map(|row| row.split('`').next()).map(str::to_owned).collect();
    let plan = config::load(&root().join("config/quick.toml"), &ALL_KEYS.map(str::to_owned)).expect("valid");
    // A mixture, which has no non-additivity, is of glasses made elsewhere.
    let mixture = own_glasses("kob-andersen.toml").keys();
    // So is a table's path; the numbers' hash is not for people to write.
    let mut table = config::load(&root().join("tests/config/good/table.toml"), &[]).expect("valid").keys();
    table.retain(|key| key != "potential.table_sha256");
    assert_eq!(documented, plan.keys().into_iter().chain(mixture).chain(table).collect());
    let free: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row.split('|').next().is_some_and(|key| key.contains('°')))
        .filter_map(|row| row.split('`').next())
        .collect();
    assert_eq!(free, FREE_KEYS.into_iter().collect());
}

#[test]
fn documented_defaults_are_those_of_the_program() {
    let readme = std::fs::read_to_string(root().join("config/README.md")).expect("readable");
    let resolved = |set: &[String]| -> toml::Table {
        let least = config::load(&root().join("tests/config/good/least.toml"), set).expect("valid");
        least.to_toml().parse().expect("TOML")
    };
    let (mut resolved, all) = (resolved(&[]), resolved(&ALL_KEYS.map(str::to_owned)));
    // Sections that are off are not there.
    let nonlinear = toml::Value::try_from(RawNonlinear::default()).expect("TOML");
    let wells = toml::Value::try_from(RawWells::default()).expect("TOML");
    assert_eq!(resolved.insert("nonlinear".to_owned(), nonlinear), None);
    assert_eq!(resolved.insert("wells".to_owned(), wells), None);
    let mut compared = 0;
    for row in readme.lines().filter_map(|line| line.strip_prefix("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let key = cells[0].split('`').next().expect("a key");
        if cells[2] == "—" {
            continue;
        }
        let (section, name) = key.split_once('.').expect("a dotted key");
        let documented: toml::Table = format!("value = {}", cells[2]).parse().expect("a TOML value");
        let value = resolved[section].get(name).unwrap_or_else(|| &all[section][name]);
        let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|whole| whole as f64));
        match number(value) {
            Some(number_resolved) => assert_eq!(Some(number_resolved), number(&documented["value"]), "{key}"),
            None => assert_eq!(value, &documented["value"], "{key}"),
        }
        compared += 1;
    }
    assert!(compared > 10);
}

#[test]
fn overrides_are_blamed_for_what_they_break() {
    let path = root().join("config/quick.toml");
    for (set, expected) in [
        ("glass.particles=0", "--set glass.particles=0: glass.particles = 0: accepted"),
        ("glass.partciles=5", "--set glass.partciles=5: unknown key `partciles`"),
        ("spectrum.method=lanczos", "--set spectrum.method=lanczos: spectrum.method: unknown choice"),
        ("seed=5", "--set seed=5: expected SECTION.KEY=VALUE"),
        ("nonsense.key=5", "unknown section `nonsense`"),
    ] {
        let message = config::load(&path, &[set.to_owned()]).expect_err(set).to_string();
        assert!(message.starts_with(expected) || message.contains("nonsense"), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    let plan = config::load(&path, &["campaign.seed=7".into(), "glass.diameters=quantile".into()]).expect("valid");
    assert_eq!(plan.campaign.seed, 7);
    let missing = config::load(&root().join("config/no-such.toml"), &[]).expect_err("no such file").to_string();
    assert!(missing.contains("no-such.toml: cannot be read"), "{missing}");
}

#[test]
fn a_file_of_diameters_is_known_by_its_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(root().join("tests/config/good/least.toml")).expect("readable");
    let config = folder.path().join("campaign.toml");
    std::fs::write(&config, text.replace("particles = 64", "particles = 64\ndiameters = \"sizes/one.txt\""))
        .expect("written");
    let sizes = folder.path().join("sizes");
    std::fs::create_dir(&sizes).expect("made");
    let numbers: Vec<String> = (0..64).map(|k| (0.75 + 0.01 * f64::from(k)).to_string()).collect();
    std::fs::write(sizes.join("one.txt"), numbers.join("\n")).expect("written");

    // Beside the configuration, wherever one stands; resolved, it is found from anywhere.
    let plan = config::load(&config, &[]).expect("valid");
    let DiameterChoice::Given(given) = &plan.composition.diameters else { panic!("{:?}", plan.composition) };
    assert_eq!((given.len(), given[63]), (64, 1.38));
    let resolved = plan.to_toml();
    assert_eq!(config::parse(&resolved, "its configuration", &[]).expect("valid"), plan);
    let random = config::load(&config, &["glass.diameters=random".to_owned()]).expect("valid");
    assert_ne!(random.hash(), plan.hash());

    // Moved, the resolved configuration says what is missing, and takes a copy for the same.
    let copy = folder.path().join("copy.txt");
    std::fs::rename(sizes.join("one.txt"), &copy).expect("moved");
    let missing = config::parse(&resolved, "its configuration", &[]).expect_err("missing").to_string();
    let sha256 = plan.diameters_file.as_ref().expect("a file").sha256.clone();
    assert!(missing.contains("sizes/one.txt") && missing.contains(&sha256) && missing.contains("--set"), "{missing}");
    let named = [format!("glass.diameters={}", copy.display())];
    let again = config::parse(&resolved, "its configuration", &named).expect("the same numbers");
    assert_eq!((again.hash(), &again.composition), (plan.hash(), &plan.composition));
    assert!(config::compare::deciding_differences(&resolved, &again.to_toml()).is_empty());

    // Other numbers are other glasses.
    std::fs::write(&copy, numbers.join("\n").replace("1.38", "1.39")).expect("written");
    let changed = config::parse(&resolved, "its configuration", &named).expect_err("changed").to_string();
    assert!(changed.contains("other diameters") && changed.contains(&sha256), "{changed}");
}

#[test]
fn a_table_is_known_by_its_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = root().join("tests/config/good/table.toml");
    let plan = config::load(&good, &[]).expect("valid");
    let resolved = plan.to_toml();
    assert_eq!(config::parse(&resolved, "its configuration", &[]).expect("valid"), plan);
    let file = plan.table_file.as_ref().expect("a file");

    // A copy with other words and the same numbers is the same potential.
    let text = std::fs::read_to_string(&file.path).expect("readable");
    let copy = folder.path().join("copy.txt");
    std::fs::write(&copy, format!("# a copy\n{}", text.replace(' ', "\t"))).expect("written");
    let named = [format!("potential.table={}", copy.display())];
    let again = config::parse(&resolved, "its configuration", &named).expect("the same numbers");
    assert_eq!((again.hash(), &again.composition), (plan.hash(), &plan.composition));
    assert!(config::compare::deciding_differences(&resolved, &again.to_toml()).is_empty());

    // What is wrong is named with file and line.
    for (from, to, expected) in [
        ("0.9 ", "0.9 1 ", "has 3 words; accepted: two numbers"),
        ("0.9 ", "0.9x ", "\"0.9x\"; accepted: a number"),
        ("0.9 ", "0.7 ", "accepted: ascending x"),
        ("1.5 0", "1.5 0.1", "would be a step at the cutoff"),
    ] {
        std::fs::write(&copy, text.replace(from, to)).expect("written");
        let set = [format!("potential.table={}", copy.display())];
        let message = config::load(&good, &set).expect_err(expected).to_string();
        assert!(message.contains("copy.txt") && message.contains(expected), "{message}");
        let changed = config::parse(&resolved, "its configuration", &named).expect_err("changed").to_string();
        assert!(changed.contains("copy.txt"), "{changed}");
    }
    std::fs::write(&copy, text.replace("0.0 67.5", "0.0 67.6")).expect("written");
    let changed = config::parse(&resolved, "its configuration", &named).expect_err("changed").to_string();
    assert!(changed.contains("other numbers") && changed.contains(&file.sha256), "{changed}");
}
