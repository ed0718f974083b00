//! H5MD of others: whatever h5py writes is read, and what is no glass is refused by what is wrong with it.

use crate::own_glass::{assert_same_modes, campaign, modes, record};
use glassmodes_tests::{pythons, root, run_python};

/// H5MD files as others write them, with the glasses of campaign/archive.h5.
const WRITE_H5MD: &str = r#"
import h5py, numpy, os, sys
glass = h5py.File("campaign/archive.h5")["particles/glass"]
positions, diameters = glass["position/value"][:], glass["diameter/value"][:]
side = float(glass["box/edges/value"][0, 0])

def h5md(name, libver=None):
    f = h5py.File(name, "w", libver=libver)
    f.create_group("h5md").attrs["version"] = [1, 1]
    box = f.create_group("particles/ours/box")
    box.attrs["dimension"], box.attrs["boundary"] = 2, ["periodic", "periodic"]
    return f, f["particles/ours"]

def element(group, name, value, **options):
    made = group.create_group(name)
    made.create_dataset("value", data=value, **options)
    made["step"] = numpy.arange(len(value))
"#;

#[test]
fn h5md_written_by_h5py_is_read_whatever_its_version() {
    let program = r#"
f, g = h5md("fixed.h5")                       # one glass, sizes and box constant in time
element(g, "position", positions[1:2]); g["diameter"] = diameters[1]; g["box"].attrs["edges"] = [side, side]
g["mass"] = 1.0 + numpy.arange(64)
f.close()
f, g = h5md("moving.h5")                      # three glasses, all of it varying, compressed
element(g, "position", positions, compression="gzip", shuffle=True, chunks=(1, 64, 2))
element(g, "diameter", diameters); element(g["box"], "edges", numpy.full((3, 2), side))
f.close()
f, g = h5md("radius.h5", "latest")            # radii, a third dimension, a matrix of edges, another library's format
element(g, "position", numpy.concatenate([positions, numpy.zeros((3, 64, 1))], axis=2))
element(g, "radius", 0.5 * diameters); g["box"]["edges"] = numpy.diag([side, side, 1.0])
f.close()
f, g = h5md("single.h5")                      # single precision
element(g, "position", positions.astype("f4")); element(g, "diameter", diameters); g["box"].attrs["edges"] = [side, side]
f.close()
f, g = h5md("newest.h5", "latest")            # whatever this h5py can
element(g, "position", positions, compression="gzip"); element(g, "diameter", diameters)
g["box"].attrs["edges"] = [side, side]
f.close()
"#;
    let (campaign, _) = campaign();
    let original = campaign.archive("campaign");
    for python in pythons(&["h5py", "numpy"]) {
        run_python(&python, &campaign.path(""), &format!("{WRITE_H5MD}{program}"));
        let read = |name: &str| modes(&campaign, &campaign.path(name), &[]);
        let said = read("fixed.h5").expect_code(0).expect_out("1 glass, ");
        said.expect_error("fixed.h5: its particles have different masses, which are not used: all are taken as 1");
        assert_same_modes(&record(&original, 1), &record(&campaign.path("own.h5"), 0));
        for name in ["moving.h5", "radius.h5"] {
            read(name).expect_code(0).expect_out("3 glasses");
            for row in 0..3 {
                assert_same_modes(&record(&original, row), &record(&campaign.path("own.h5"), row));
            }
        }
        read("single.h5").expect_code(0).expect_error("polished by Newton steps, largest displacement");
        let said = read("newest.h5");
        if said.code != Some(0) {
            // Only a library older than the format may refuse it, and it says what to do.
            said.expect_code(1)
                .expect_error("is in a format later than HDF5 ")
                .expect_error("libver=(\"earliest\", \"v110\")");
        }
    }
}

#[test]
fn h5md_that_is_no_glass_is_refused_by_what_is_wrong_with_it() {
    let program = r#"
def case(name, position=positions, size=diameters, edges=[side, side], size_name="diameter"):
    f, g = h5md(name)
    if position is not None: element(g, "position", position)
    if size is not None: element(g, size_name, size)
    if edges is not None: g["box"].attrs["edges"] = edges
    f.close()
case("positionless.h5", position=None)
case("sizeless.h5", size=None)
case("boxless.h5", edges=None)
case("oblong.h5", edges=[side, -side - 1])
case("skew.h5", edges=numpy.array([[side, 1.0], [0.0, side]]))
case("hilly.h5", position=numpy.concatenate([positions, positions[:, :, :1]], axis=2))
case("flat.h5", position=positions[:, :, 0])
case("fewer.h5", size=diameters[:, :60])
case("uneven.h5", size=diameters[:2])
bad = positions.copy(); bad[2, 7, 1] = numpy.nan
case("nan.h5", position=bad)
h5py.File("foreign.h5", "w").close()
def bounded(name, boundary):
    f, g = h5md(name); element(g, "position", positions); element(g, "diameter", diameters)
    g["box"].attrs["edges"] = [side, side]; g["box"].attrs["boundary"] = boundary
    f.close()
bounded("none.h5", ["none", "none"]); bounded("wall.h5", numpy.array([b"periodic", b"none"], dtype="S8"))
def two(name, with_box):
    f, g = h5md(name); element(g, "position", positions); element(g, "diameter", diameters)
    g["box"].attrs["edges"] = [side, side]
    f.copy("particles/ours", "particles/mine")
    if not with_box: del f["particles/mine/box"].attrs["edges"]
    f.close()
two("two.h5", True); two("hidden.h5", False)
def claims(name, shape, **options):
    f, g = h5md(name); g["box"].attrs["edges"] = [side, side]
    g.create_dataset("position", shape + (2,), "f8", **options); g.create_dataset("diameter", shape, "f8", **options)
    f.close()
claims("huge.h5", (10**12,)); claims("chunks.h5", (10**12,), chunks=True); claims("product.h5", (2**62,), chunks=True)
f, g = h5md("virtual.h5"); g["box"].attrs["edges"] = [side, side]; g["diameter"] = diameters[0]
layout = h5py.VirtualLayout((64, 2), "f8"); layout[:] = h5py.VirtualSource("virtual.h5", "/particles/ours/position", (64, 2))
g.create_virtual_dataset("position", layout); f.close()
f, g = h5md("words.h5"); g["box"].attrs["edges"] = [side, side]; g["diameter"] = diameters[0]
g["position"] = [["a", "b"]]; f.close()
f, g = h5md("unclosed.h5"); element(g, "position", positions)
sys.stdout.flush()
os._exit(0)
"#;
    let (campaign, _) = campaign();
    for python in pythons(&["h5py", "numpy"]) {
        run_python(&python, &campaign.path(""), &format!("{WRITE_H5MD}{program}"));
        for (name, expected) in [
            ("positionless.h5", "/particles has no group with positions"),
            ("sizeless.h5", "/particles/ours/diameter is missing, and so is radius"),
            ("boxless.h5", "/particles/ours/box/edges is missing"),
            ("oblong.h5", "/particles/ours/box/edges is [8.0, -9.0], not positive sides"),
            ("skew.h5", "no box of positive sides along x and y"),
            ("hilly.h5", "the glass has three dimensions, but its box has two sides only"),
            ("flat.h5", "/particles/ours/position has shape [3, 64], expected 3 axes"),
            ("fewer.h5", "/particles/ours/diameter has 60 values for 64 positions"),
            ("uneven.h5", "/particles/ours/diameter has 2 frames where others have 3"),
            ("nan.h5", "nan.h5, frame 2: particle 7: y is NaN"),
            ("foreign.h5", "/particles is missing"),
            ("none.h5", "/particles/ours/box/boundary is [none, none]: the glass must be periodic along x and y"),
            ("wall.h5", "boundary is [periodic, none]: the glass must be periodic"),
            ("two.h5", "/particles has 2 groups: mine, ours; choose one with --group"),
            ("huge.h5", "position has the shape [1000000000000, 2], of which the file holds 0 bytes"),
            ("chunks.h5", "position has the shape [1000000000000, 2], of which the file holds 0 bytes"),
            ("product.h5", "position has the shape [4611686018427387904, 2]"),
            ("virtual.h5", "position is a virtual dataset"),
            ("words.h5", "position is no number"),
            ("unclosed.h5", "has not closed it"),
        ] {
            // A frame that is none leaves the others.
            let code = if name == "nan.h5" { 3 } else { 1 };
            let said = modes(&campaign, &campaign.path(name), &[]).expect_code(code);
            said.expect_error(name).expect_error(expected);
        }
        modes(&campaign, &campaign.path("hidden.h5"), &[]).expect_code(0).expect_out("3 glasses");
        modes(&campaign, &campaign.path("two.h5"), &["--group", "mine"]).expect_code(0).expect_out("3 glasses");
        for (name, group, expected) in [
            ("two.h5", "yours", "has no group yours with positions; it has mine, ours"),
            ("glass.xyz", "ours", "is no HDF5, and has no groups"),
        ] {
            modes(&campaign, &campaign.path(name), &["--group", group]).expect_code(1).expect_error(expected);
        }
    }
    // An archive cut short, as by a full disk.
    let archive = root().join("tests/old-archives/version-1.h5");
    let bytes = std::fs::read(archive).expect("readable");
    std::fs::write(campaign.path("cut.h5"), &bytes[..bytes.len() / 2]).expect("writable");
    modes(&campaign, &campaign.path("cut.h5"), &[]).expect_code(1).expect_error("cut.h5: / cannot be opened: its end");
}
