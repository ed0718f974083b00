//! The description of the format is the format's: its table is the schema, its Python runs.

use archive::schema::SCHEMA;
use archive::synthetic::SyntheticCampaign;
use archive::{Record, WriteStyle, write_archive};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set to 1 where Python with h5py, or with pyh5md, must be there, as in the gate.
const REQUIRE_PYTHON: &str = "GLASSMODES_REQUIRE_PYTHON";
const REQUIRE_PYH5MD: &str = "GLASSMODES_REQUIRE_PYH5MD";

fn text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/archive-format.md");
    fs::read_to_string(path).expect("the description of the format")
}

#[test]
fn the_table_of_datasets_is_the_schema() {
    let line = |d: &archive::schema::Dataset| {
        let since = if d.since == 1 { String::new() } else { format!(" (since version {})", d.since) };
        let meaning = d.meaning.replace('|', "\\|");
        format!("| `{}` | {} | {} | {} | {meaning}{since} |", d.path, d.shape(), d.element.name(), d.unit)
    };
    let expected: Vec<String> = SCHEMA.iter().map(line).collect();
    let text = text();
    let found: Vec<&str> = text.lines().filter(|line| line.starts_with("| `/")).collect();
    assert!(found == expected, "docs/archive-format.md should have\n{}", expected.join("\n"));
}

/// A Python that has these modules: the one that `GLASSMODES_PYTHON` names, the first in the path, the
/// system's. None is an error only where `required` is set to 1.
fn python(modules: &str, required: &str) -> Option<PathBuf> {
    let named = std::env::var_os("GLASSMODES_PYTHON").map(PathBuf::from);
    let candidates = named.into_iter().chain(["python3".into(), "/usr/bin/python3".into()]);
    let works = |python: &PathBuf| {
        let output = Command::new(python).args(["-c", &format!("import {modules}")]).output();
        output.is_ok_and(|output| output.status.success())
    };
    let found = candidates.into_iter().find(works);
    let is_required = std::env::var(required).is_ok_and(|value| value == "1");
    assert!(found.is_some() || !is_required, "no python3 with {modules}, and {required} is 1");
    found
}

fn run(python: &Path, folder: &Path, program: &str) -> String {
    let output = Command::new(python).arg("-c").arg(program).current_dir(folder).output().expect("python");
    assert!(output.status.success(), "{}\n{program}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn written(records: &[Record], planned: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("archive.h5");
    let provenance = SyntheticCampaign::tiny().provenance(planned);
    write_archive(&path, &provenance, records, &[], WriteStyle::Archive).expect("written");
    folder
}

#[test]
fn the_python_of_the_description_reads_an_archive() {
    let Some(python) = python("h5py, numpy", REQUIRE_PYTHON) else { return };
    let text = text();
    let program = text.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let records = SyntheticCampaign::tiny().records(0..40);
    let output = run(&python, written(&records, 50).path(), program);
    let chosen = records.iter().flat_map(|record| &record.modes).filter(|m| m.participation < 0.27 && m.omega < 0.4);
    let mut expected = vec!["40 of 50 realizations".to_owned()];
    let groups: Vec<_> = chosen.map(|mode| mode.group).collect();
    for (group, name) in archive::group::GROUPS {
        expected.push(format!("{name}: {}", groups.iter().filter(|g| **g == group).count()));
    }
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[..5], expected[..]);
    let ends = ["24 eigenvalues", "norm 1.000000000000, 12 particles", "sqrt(epsilon/mass)/length"];
    assert_eq!(lines[lines.len() - 3..], ends);
    // The same for an archive of nothing.
    let output = run(&python, written(&[], 50).path(), program);
    assert!(output.starts_with("0 of 50 realizations\nA: 0\n"), "{output}");
}

/// The structure that the H5MD 1.1 specification demands, seen by another program.
#[test]
fn the_particles_are_h5md() {
    let Some(python) = python("h5py, numpy", REQUIRE_PYTHON) else { return };
    let records = SyntheticCampaign::tiny().records(0..10);
    let program = r#"
import h5py, json
f = h5py.File("archive.h5")
assert list(f["h5md"].attrs["version"]) == [1, 1]
assert f["h5md/author"].attrs["name"] == "unknown"
assert f["h5md/creator"].attrs["name"] == "glassmodes" and f["h5md/creator"].attrs["version"]
box = f["particles/glass/box"]
assert box.attrs["dimension"] == 2 and list(box.attrs["boundary"]) == ["periodic", "periodic"]
for element in ["position", "diameter", "box/edges"]:
    group = f["particles/glass"][element]
    assert set(group) == {"step", "value"}, set(group)
    assert group["step"].shape[0] == group["value"].shape[0]
    assert group["step"][:].tolist() == f["particles/glass/position/step"][:].tolist()
    assert (group["step"][1:] > group["step"][:-1]).all()
assert f["particles/glass/box/edges/value"].shape[1:] == (2,)
print(json.dumps([f["particles/glass/position/step"][:].tolist(), f["particles/glass/position/value"][-1].tolist(),
                  f["particles/glass/diameter/value"][-1].tolist()]))
"#;
    let output = run(&python, written(&records, 10).path(), program);
    let frames: Vec<&Record> = records.iter().filter(|record| record.frame.is_some()).collect();
    let steps: Vec<u64> = frames.iter().map(|record| record.index).collect();
    let last = frames.last().and_then(|record| record.frame.as_ref()).expect("a frame");
    let compact = |text: String| text.split_whitespace().collect::<String>();
    let expected = format!("[{steps:?},{:?},{:?}]", last.points::<2>(), last.diameters);
    assert_eq!(compact(output), compact(expected));
}

/// An H5MD reader that knows nothing of this project. (MDAnalysis reads three-dimensional boxes only.)
#[test]
fn pyh5md_reads_the_particles() {
    let Some(python) = python("pyh5md", REQUIRE_PYH5MD) else { return };
    let records = SyntheticCampaign::tiny().records(0..10);
    let program = r#"
import pyh5md
f = pyh5md.File("archive.h5", "r")
glass = f.particles_group("glass")
position, diameter = pyh5md.element(glass, "position"), pyh5md.element(glass, "diameter")
edges = pyh5md.element(glass["box"], "edges")
print(position.value.shape, diameter.value.shape, edges.value.shape, position.step[-1])
"#;
    let output = run(&python, written(&records, 10).path(), program);
    let frames: Vec<&Record> = records.iter().filter(|record| record.frame.is_some()).collect();
    let (count, last) = (frames.len(), frames.last().expect("a frame").index);
    assert_eq!(output.trim(), format!("({count}, 12, 2) ({count}, 12) ({count}, 2) {last}"));
}
