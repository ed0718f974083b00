//! The archive seen by programs that know nothing of this project: h5dump, h5py, pyh5md.

use archive::schema::{Dataset, FORMAT_VERSION, SCHEMA};
use glassmodes_tests::{Campaign, pythons, run_python, small_campaign};
use std::process::Command;

fn finished() -> Campaign {
    let campaign = Campaign::new(&small_campaign(4));
    campaign.run("campaign", &[]).expect_code(0);
    campaign
}

/// The datasets that no archive goes without.
fn in_every_archive() -> impl Iterator<Item = &'static Dataset> {
    SCHEMA.iter().filter(|dataset| !dataset.optional)
}

#[test]
fn h5dump_shows_every_dataset() {
    let campaign = finished();
    let output = Command::new("h5dump").arg("-n").arg(campaign.archive("campaign")).output().expect("h5dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    for dataset in in_every_archive() {
        assert!(listed.lines().any(|line| line.split_whitespace().nth(1) == Some(dataset.path)), "{}", dataset.path);
    }
    // All of it can be read, too.
    let status = Command::new("h5dump").arg("-o").arg("/dev/null").arg(campaign.archive("campaign")).output();
    assert!(status.expect("h5dump runs").status.success());
}

#[test]
fn h5py_reads_every_dataset_with_unit_and_description() {
    let campaign = finished();
    let program = r#"
import h5py
with h5py.File("campaign/archive.h5") as archive:
    for name in ["format", "software_version", "git_commit", "created", "config", "config_hash"]:
        assert len(archive.attrs[name].decode()) > 0, name
    assert archive.attrs["format"] == b"glassmodes" and archive.attrs["format_version"] == VERSION
    assert archive.attrs["realizations"] == 4 and "particles = 64" in archive.attrs["config"].decode()
    def visit(name, it):
        if isinstance(it, h5py.Dataset):
            it[()]
            print("/" + name, it.attrs["unit"].decode(), len(it.attrs["description"].decode()) > 5, sep="\t")
    archive.visititems(visit)
"#
    .replace("VERSION", &FORMAT_VERSION.to_string());
    for python in pythons(&["h5py"]) {
        let said = run_python(&python, &campaign.path(""), &program);
        let seen: Vec<Vec<&str>> = said.lines().map(|line| line.split('\t').collect()).collect();
        // The steps have several names, of which h5py visits one.
        for dataset in in_every_archive().filter(|dataset| !dataset.path.ends_with("/position/step")) {
            assert!(seen.contains(&vec![dataset.path, dataset.unit, "True"]), "{} in {said}", dataset.path);
        }
        assert!(seen.len() >= in_every_archive().count());
    }
}

#[test]
fn pyh5md_reads_the_particles_of_a_campaign() {
    let campaign = finished();
    let program = r#"
import h5py, numpy, pyh5md
with pyh5md.File("campaign/archive.h5", "r") as file:
    glass = file.particles_group("glass")
    position, diameter = pyh5md.element(glass, "position"), pyh5md.element(glass, "diameter")
    edges = pyh5md.element(glass["box"], "edges")
    steps, places, sizes, sides = position.step[:], position.value[:], diameter.value[:], edges.value[:]
assert list(steps) == [0, 1, 2, 3] and places.shape == (4, 64, 2) and sizes.shape == (4, 64)
assert (sides == 8).all() and (places >= 0).all() and (places < 8).all() and (0.7 < sizes).all() and (sizes < 1.7).all()
print("read")
"#;
    for python in pythons(&["h5py", "pyh5md"]) {
        assert_eq!(run_python(&python, &campaign.path(""), program).trim(), "read");
    }
}
