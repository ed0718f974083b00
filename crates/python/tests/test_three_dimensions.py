"""What holds in two dimensions holds in three: definitions, the bits of the program, its archives."""

import json

import numpy as np
import pytest
from test_physics import pair_energy

import glassmodes
from glassmodes import plot

KEYS = {"dimension": 3, "particles": 120, "temperature": 0.3, "sweeps": 30, "seed": 3}


@pytest.fixture(scope="module")
def cube():
    return glassmodes.make_glass(**KEYS).quench()


@pytest.fixture(scope="module")
def archive_of_cubes(campaign):
    return campaign(realizations=40, glass="dimension = 3\nparticles = 120")


def test_forces_hessian_and_moduli_are_those_of_the_pair_potential(cube):
    n = len(cube.diameters)
    assert cube.positions.shape == cube.forces().shape == (n, 3)

    def energy(positions, stretch=1.0):
        return pair_energy(positions * stretch, cube.diameters, cube.box * stretch)

    assert abs(energy(cube.positions) / n - cube.energy()) < 1e-12
    assert np.linalg.norm(cube.forces(), axis=1).max() == pytest.approx(cube.force_max) and cube.force_max <= 1e-12
    hessian = cube.hessian()
    assert hessian.shape == (3 * n, 3 * n) and abs(hessian - hessian.T).max() == 0.0
    direction = np.random.default_rng(1).normal(size=(n, 3))
    direction /= np.linalg.norm(direction)
    step = 1e-4
    above, below = (energy(cube.positions + s * direction) for s in (step, -step))
    curvature = (above + below - 2 * energy(cube.positions)) / step**2
    flat = direction.ravel()
    assert abs(curvature - flat @ (hessian @ flat)) < 1e-4 * curvature
    # P = −dU/dV.
    volume = cube.box**3 * ((1 + step) ** 3 - (1 - step) ** 3)
    pressure = -(energy(cube.positions, 1 + step) - energy(cube.positions, 1 - step)) / volume
    assert pressure == pytest.approx(cube.pressure(), rel=1e-5)
    elastic = cube.elastic_constants()
    assert elastic.bulk_modulus > elastic.shear_modulus > 0


def test_modes_are_eigenvectors_and_none_is_missing(cube):
    modes = glassmodes.soft_modes(cube, omega_max=4.0)
    n = len(cube.diameters)
    eigenvalues = np.linalg.eigvalsh(cube.hessian().toarray())
    assert modes.zero_modes == 3 and len(modes) == (eigenvalues[3:] < 16.0).sum() > 0
    assert modes.vectors.shape == (len(modes), n, 3)
    np.testing.assert_allclose(modes.eigenvalues, eigenvalues[: len(modes.eigenvalues)], atol=1e-9)
    vectors = modes.vectors.reshape(len(modes), -1)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(modes)), atol=1e-9)
    residuals = np.linalg.norm(cube.hessian() @ vectors.T - vectors.T * modes.omega**2, axis=0)
    np.testing.assert_allclose(modes.residuals, residuals, atol=1e-11)
    norms = (modes.vectors**2).sum(axis=2)
    np.testing.assert_allclose(modes.participation, 1 / (n * (norms**2).sum(axis=1)), rtol=1e-12)
    omega, count = modes.dos(shifts=50)
    np.testing.assert_array_equal(count, [(eigenvalues < w * w).sum() for w in omega])
    assert count[-1] == 3 * n
    s, energy = modes.true_profile(0)
    start = pair_energy(cube.positions, cube.diameters, cube.box)
    for at, expected in list(zip(s, energy, strict=True))[::8]:
        displaced = cube.positions + at * modes.vectors[0]
        assert abs(pair_energy(displaced, cube.diameters, cube.box) - start - expected) < 1e-9
    assert plot.density_of_states(modes).get_xlabel()


def test_a_quench_of_arrays_is_that_of_the_glass(cube):
    glass = glassmodes.make_glass(**KEYS)
    again = glassmodes.quench(glass.positions, glass.diameters, glass.box)
    np.testing.assert_array_equal(again.positions, cube.positions)
    taken = glassmodes.inherent_structure(cube.positions, cube.diameters, cube.box)
    np.testing.assert_array_equal(taken.positions, cube.positions)
    assert taken.energy() == cube.energy()


def test_glass_modes_and_archive_are_those_of_the_command_line(archive_of_cubes, cube):
    ensemble = glassmodes.open(archive_of_cubes)
    assert ensemble.dimension == 3
    first = ensemble.glass(0)
    np.testing.assert_array_equal(first.positions, cube.positions)
    np.testing.assert_array_equal(first.diameters, cube.diameters)
    about = ensemble.realizations.loc[0]
    assert (cube.energy(), cube.pressure()) == (about["energy_inherent"], about["pressure"])
    elastic = cube.elastic_constants()
    assert (elastic.shear_modulus, elastic.bulk_modulus) == (about["shear_modulus"], about["bulk_modulus"])
    modes = glassmodes.soft_modes(cube, omega_max=2.0)
    table = ensemble.modes[ensemble.modes["realization"] == 0]
    np.testing.assert_array_equal(modes.omega, table["omega"])
    np.testing.assert_array_equal(modes.b4, table["b4"])
    for k, (label, row) in enumerate(table.iterrows()):
        if row["snapshot"] >= 0:
            np.testing.assert_array_equal(ensemble.vector(label), modes.vectors[k])
            np.testing.assert_array_equal(ensemble.true_profile(label), modes.true_profile(k))


def test_counts_and_exponents_are_those_of_report(archive_of_cubes, program, tmp_path):
    program("report", archive_of_cubes, "--out", tmp_path / "report", "--pr-max", 0.6, "--omega-max", 2.0)
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())["ensembles"][0]
    selection = glassmodes.open(archive_of_cubes).select(pr_max=0.6, omega_max=2.0)
    assert {name: summary["census"][name] for name in selection.census} == selection.census
    assert selection.census["sound"] > 20 and selection.census["selected"] > 5
    assert selection.exponent("all").value == pytest.approx(
        summary["density"]["families"][2]["fit"]["exponent"]["value"], rel=1e-9
    )
    assert plot.density_of_states(selection).get_xlabel()


def test_ase_gets_cubes_and_pictures_are_refused(cube):
    pytest.importorskip("ase")
    atoms = cube.to_ase({"mode": cube.forces()})
    np.testing.assert_array_equal(atoms.positions, cube.positions)
    np.testing.assert_array_equal(atoms.get_array("mode"), cube.forces())
    assert atoms.pbc.all() and atoms.cell.volume == pytest.approx(cube.box**3)
    with pytest.raises(ValueError, match="it has three dimensions; pictures show two"):
        plot.mode(cube, cube.forces())


def test_archives_of_different_dimension_are_opened_apart(archive_of_cubes, archive):
    with pytest.raises(ValueError, match="have 2 dimensions, those of .* 3; open them apart"):
        glassmodes.open(archive_of_cubes, archive)


def test_what_is_wrong_is_named(cube):
    positions = cube.positions.copy()
    positions[5, 2] = -0.1
    with pytest.raises(ValueError, match=r"particle 5: z = -0\.1 is outside the box"):
        glassmodes.quench(positions, cube.diameters, cube.box)
    positions[5, 2] = np.nan
    with pytest.raises(ValueError, match="particle 5: z is NaN"):
        glassmodes.quench(positions, cube.diameters, cube.box)
    with pytest.raises(ValueError, match="119 positions but 120 diameters"):
        glassmodes.quench(cube.positions[:-1], cube.diameters, cube.box)
    with pytest.raises(ValueError, match="less than twice the largest cutoff"):
        glassmodes.quench(np.array([[0.5, 0.5, 0.5], [1.5, 1.5, 1.5]]), np.ones(2), 2.0)
    with pytest.raises(ValueError, match=r"glass\.particles = 20: the potential's range"):
        glassmodes.make_glass(**{**KEYS, "particles": 20})
