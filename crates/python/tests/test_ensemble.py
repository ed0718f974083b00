"""Archives as tables: the rule and the numbers of ``report``."""

import json
import shutil

import h5py
import numpy as np
import pytest

import glassmodes
from glassmodes.selection import FAMILIES

SELECTIONS = [
    ({}, []),
    ({"pr_max": 0.4, "omega_max": 1.3}, ["--pr-max", 0.4, "--omega-max", 1.3]),
    ({"pr_max": 0.5, "omega_max_phonon": 0.9}, ["--pr-max", 0.5, "--omega-max-phonon", 0.9]),
    ({"pr_max": 0.5, "omega_max": 5.0, "lowest": True}, ["--pr-max", 0.5, "--omega-max", 5.0, "--lowest"]),
    (
        {"pr_max": 0.5, "omega_max": 5.0, "lowest": True, "group": "A"},
        ["--pr-max", 0.5, "--omega-max", 5.0, "--lowest", "--group", "A"],
    ),
]


@pytest.mark.parametrize(("arguments", "options"), SELECTIONS)
def test_counts_and_exponents_are_those_of_report(archive, program, tmp_path, arguments, options):
    program("report", archive, "--out", tmp_path / "report", *options)
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())["ensembles"][0]
    selection = glassmodes.open(archive).select(**arguments)
    assert {name: summary["census"][name] for name in selection.census} == selection.census
    assert selection.census["selected"] > 10 and selection.census["sound"] > 30
    for family, reported in zip(FAMILIES, summary["density"]["families"], strict=True):
        fit = selection.exponent(family)
        assert fit.events == reported["fit"]["events"]
        exponent = reported["fit"]["exponent"]
        for ours, theirs in zip(fit[:3], (exponent["value"], exponent["low"], exponent["high"]), strict=True):
            theirs = np.nan if theirs is None else theirs
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_what_is_left_out_is_what_report_leaves_out(archive, program, tmp_path):
    h5py = pytest.importorskip("h5py")
    unsound = tmp_path / "unsound.h5"
    unsound.write_bytes(archive.read_bytes())
    with h5py.File(unsound, "r+") as file:
        for dataset, row, value in [
            ("spectrum/negative_modes", 1, 1),
            ("spectrum/zero_modes", 2, 4),
            ("spectrum/rattlers", 3, 1),
            ("spectrum/rattlers", 2, 1),
            ("realizations/force_max", 4, 1e-9),
            ("realizations/force_max", 5, np.nan),
            ("realizations/omega_phonon", 6, np.nan),
            ("spectrum/omega_complete", 7, 0.6),
            ("modes/b2", 30, np.nan),
        ]:
            file[dataset][row] = value
    arguments, options = SELECTIONS[2]
    program("report", unsound, "--out", tmp_path / "report", *options)
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())["ensembles"][0]
    census = glassmodes.open(unsound).select(**arguments).census
    assert {name: summary["census"][name] for name in census} == census
    assert census["sound"] == census["realizations"] - 4 and census["unconverged"] == 2
    assert census["without_phonon"] >= 1


def test_every_realization_and_mode_is_counted_once(archive):
    ensemble = glassmodes.open(archive)
    for arguments, _ in SELECTIONS:
        census = ensemble.select(**arguments).census
        left_out = ("saddles", "extra_zero_modes", "unconverged", "nearly_free_left_out", "without_cut")
        assert census["sound"] + sum(census[name] for name in left_out) == census["realizations"]
        others = (
            *("in_unsound", "invalid", "extended", "other_group", "single_particle_left_out"),
            *("above_cut", "not_lowest", "selected"),
        )
        assert sum(census[name] for name in others) == census["described"] == len(ensemble.modes)


def test_a_group_alone_is_a_part_of_the_selection(archive):
    ensemble = glassmodes.open(archive)
    whole = ensemble.select(pr_max=0.5, omega_max=2.0)
    parts = [ensemble.select(pr_max=0.5, omega_max=2.0, group=group) for group in glassmodes.GROUPS]
    assert sum(len(part.modes) for part in parts) == len(whole.modes)
    assert set(parts[2].modes["group"]) <= {"B"}


def test_with_and_without_nearly_free_particles_as_report_does(archive, program, tmp_path):
    h5py = pytest.importorskip("h5py")
    changed = tmp_path / "nearly-free.h5"
    changed.write_bytes(archive.read_bytes())
    with h5py.File(changed, "r+") as file:
        modes = file["modes"]
        localized = np.flatnonzero(modes["participation"][:] < 0.3)[:6]
        rows = np.searchsorted(file["realizations/index"][:], modes["realization"][:][localized])
        for mode, row in zip(localized, rows, strict=True):
            modes["participation"][mode] = 0.01
            modes["own_stiffness"][mode] = 1e-4 * file["spectrum/own_stiffness_typical"][row]
            file["spectrum/nearly_free"][row] = 1
    program("report", changed, "--out", tmp_path / "report", "--pr-max", 0.4, "--omega-max", 5.0)
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())["ensembles"][0]
    ensemble = glassmodes.open(changed)
    counts = []
    for way in summary["classes"]["ways"]:
        census = ensemble.select(pr_max=0.4, omega_max=5.0, counted=way["counted"]).census
        assert (census["sound"], census["selected"]) == (way["glasses"], way["selected"])
        assert census["group_b"] == way["group_b"]
        counts.append(census["selected"])
    assert counts[0] > counts[1] > counts[2]


def test_vectors_glasses_and_profiles_belong_together(archive):
    ensemble = glassmodes.open(archive)
    mode = ensemble.modes.index[ensemble.modes["snapshot"] >= 0][0]
    row = ensemble.modes.loc[mode]
    vector, glass = ensemble.vector(mode), ensemble.glass(row["realization"])
    assert abs((vector**2).sum() - 1) < 1e-12
    product = (glass.hessian() @ vector.ravel()).reshape(-1, 2)
    np.testing.assert_allclose(product, row["omega"] ** 2 * vector, atol=1e-9)
    s, energy = ensemble.true_profile(mode)
    _, promised = ensemble.quartic_profile(mode)
    near = np.abs(s) < 0.1 * s.max()
    np.testing.assert_allclose(energy[near], promised[near], atol=0.05 * np.abs(energy).max())
    eigenvalues, _ = ensemble.spectrum(row["realization"])
    assert eigenvalues[row["mode"]] == pytest.approx(row["omega"] ** 2, rel=1e-12)


def test_several_archives_are_one_ensemble(archive, campaign):
    other = campaign(seed=4, realizations=20)
    one, two, both = glassmodes.open(archive), glassmodes.open(other), glassmodes.open(archive, other)
    assert len(both.realizations) == 80 and both.particles == 100
    counts = [ensemble.select(pr_max=0.5, omega_max=1.5).census for ensemble in (one, two, both)]
    assert counts[2] == {name: counts[0][name] + counts[1][name] for name in counts[0]}
    last = both.modes.index[both.modes["snapshot"] >= 0][-1]
    np.testing.assert_array_equal(both.vector(last), two.vector(last - len(one.modes)))
    realization = both.modes.loc[last, "realization"]
    np.testing.assert_array_equal(both.glass(realization, 1).positions, two.glass(realization).positions)


def test_no_glass_counts_twice(archive, tmp_path):
    part = tmp_path / "part.h5"
    shutil.copy(archive, part)
    with pytest.raises(ValueError, match=r"part\.h5: realization 0 is also in .*, and would count twice"):
        glassmodes.open(archive, part)


def test_an_archive_of_selected_glasses_says_so(archive, tmp_path):
    assert glassmodes.open(archive).archives[0].selected_by is None
    part = tmp_path / "part.h5"
    shutil.copy(archive, part)
    with h5py.File(part, "r+") as file:
        file.attrs["selected_by"] = np.bytes_("--group B")
    assert glassmodes.open(part).archives[0].selected_by == "--group B"
    assert repr(glassmodes.open(part)).endswith("part.h5, selected by --group B>")


def test_other_programs_get_particles_and_modes(archive):
    ase = pytest.importorskip("ase")
    ensemble = glassmodes.open(archive)
    mode = ensemble.modes.index[ensemble.modes["snapshot"] >= 0][0]
    row = ensemble.modes.loc[mode]
    atoms = ensemble.to_ase(row["realization"])
    assert isinstance(atoms, ase.Atoms)
    glass = ensemble.glass(row["realization"])
    np.testing.assert_array_equal(atoms.positions[:, :2], glass.positions)
    np.testing.assert_array_equal(atoms.arrays["diameter"], glass.diameters)
    np.testing.assert_array_equal(atoms.arrays[f"mode_{row['mode']}"][:, :2], ensemble.vector(mode))


def test_ovito_gets_particles_and_modes(archive):
    pytest.importorskip("ovito")
    ensemble = glassmodes.open(archive)
    mode = ensemble.modes.index[ensemble.modes["snapshot"] >= 0][0]
    row = ensemble.modes.loc[mode]
    data = ensemble.to_ovito(row["realization"])
    np.testing.assert_array_equal(data.particles[f"mode_{row['mode']}"][:, :2], ensemble.vector(mode))
    assert data.cell.is2D


def test_what_is_no_archive_or_not_in_it_is_named(archive, tmp_path):
    h5py = pytest.importorskip("h5py")
    with pytest.raises(OSError, match="nowhere"):
        glassmodes.open(tmp_path / "nowhere.h5")
    with h5py.File(tmp_path / "other.h5", "w"):
        pass
    with pytest.raises(ValueError, match="no archive of glassmodes"):
        glassmodes.open(tmp_path / "other.h5")
    ensemble = glassmodes.open(archive)
    with pytest.raises(ValueError, match="keeps no particles of realization 1000000"):
        ensemble.glass(10**6)
    with pytest.raises(ValueError, match="mode = 1000000: accepted"):
        ensemble.vector(10**6)
    with pytest.raises(ValueError, match="give one"):
        ensemble.select(omega_max=1.0, omega_max_phonon=1.0)
    with pytest.raises(ValueError, match="group = 'C'"):
        ensemble.select(group="C")


def test_a_thin_archive_has_what_it_keeps_and_says_what_it_lacks(archive, program, tmp_path):
    thin = tmp_path / "thin.h5"
    program("merge", archive, "--out", thin, "--thin", "--modes-below", 1.5, "--participation-below", 0.5)
    whole, kept = glassmodes.open(archive), glassmodes.open(thin)
    assert whole.archives[0].thin is None
    assert (kept.archives[0].thin.modes_below, kept.archives[0].thin.participation_below) == (1.5, 0.5)
    assert kept.realizations.drop(columns="omega_complete").equals(whole.realizations.drop(columns="omega_complete"))
    arguments = {"pr_max": 0.5, "omega_max": 1.5}
    census, expected = (ensemble.select(**arguments).census for ensemble in (kept, whole))
    assert census["selected"] == expected["selected"] > 10 and census["group_b"] == expected["group_b"]
    eigenvalues, _ = kept.spectrum(3)
    np.testing.assert_array_equal(eigenvalues, whole.spectrum(3)[0][: len(eigenvalues)])
    assert eigenvalues[-1] < 1.5**2
    for words, call in [
        ("thin", lambda: kept.vector(0)),
        ("thin", lambda: kept.glass(0)),
        ("participation ratios below 0.5", lambda: kept.select(pr_max=0.6, omega_max=1.0)),
        ("below 1.5 only", lambda: kept.select(pr_max=0.4, omega_max=1.6)),
        ("below 1.5 only", lambda: kept.select(pr_max=0.4, omega_max_phonon=1.0)),
    ]:
        with pytest.raises(ValueError, match=words):
            call()
