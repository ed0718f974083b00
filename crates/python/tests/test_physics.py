"""What is returned obeys the definitions, by scipy and numpy alone."""

import numpy as np
import pytest

import glassmodes


def pair_energy(positions, diameters, box):
    """U of the paper's potential, pair by pair: the slow, obvious way."""
    c = (-28 / 1.25**12, 48 / 1.25**14, -21 / 1.25**16)
    total = 0.0
    for i in range(len(positions)):
        separation = positions[i + 1 :] - positions[i]
        separation -= box * np.round(separation / box)
        first, others = diameters[i], diameters[i + 1 :]
        sigma = 0.5 * (first + others) * (1 - 0.2 * np.abs(first - others))
        x2 = (separation**2).sum(axis=1) / sigma**2
        x2 = x2[x2 < 1.25**2]
        total += (x2**-6 + c[0] + c[1] * x2 + c[2] * x2**2).sum()
    return total


def test_energy_and_hessian_are_those_of_the_pair_potential(minimum):
    def energy(positions):
        return pair_energy(positions, minimum.diameters, minimum.box)

    n = len(minimum.diameters)
    assert abs(energy(minimum.positions) / n - minimum.energy()) < 1e-12
    assert np.abs(minimum.forces()).max() <= minimum.force_max <= 1e-12
    hessian = minimum.hessian()
    assert hessian.format == "csr" and hessian.shape == (2 * n, 2 * n)
    assert abs(hessian - hessian.T).max() == 0.0
    direction = np.random.default_rng(1).normal(size=(n, 2))
    direction /= np.linalg.norm(direction)
    step = 1e-4
    above, below = (energy(minimum.positions + s * direction) for s in (step, -step))
    curvature = (above + below - 2 * energy(minimum.positions)) / step**2
    flat = direction.ravel()
    assert abs(curvature - flat @ (hessian @ flat)) < 1e-4 * curvature


def test_modes_are_eigenvectors_and_none_is_missing(minimum, modes):
    eigenvalues = np.linalg.eigvalsh(minimum.hessian().toarray())
    np.testing.assert_allclose(modes.eigenvalues, eigenvalues[: len(modes.eigenvalues)], atol=1e-9)
    assert (eigenvalues < modes.complete_below**2).sum() == len(modes.eigenvalues)
    assert len(modes) == (eigenvalues[2:] < 4.0).sum() > 0
    vectors = modes.vectors.reshape(len(modes), -1)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(modes)), atol=1e-9)
    residuals = np.linalg.norm(minimum.hessian() @ vectors.T - vectors.T * modes.omega**2, axis=0)
    np.testing.assert_allclose(modes.residuals, residuals, atol=1e-11)
    np.testing.assert_allclose(modes.b2, modes.omega**2, rtol=1e-6)
    norms = (modes.vectors**2).sum(axis=2)
    np.testing.assert_allclose(modes.participation, 1 / (len(minimum.diameters) * (norms**2).sum(axis=1)), rtol=1e-12)


def test_the_true_profile_is_the_energy_along_the_mode(minimum, modes):
    s, energy = modes.true_profile(0)
    start = pair_energy(minimum.positions, minimum.diameters, minimum.box)
    for at, expected in list(zip(s, energy, strict=True))[::8]:
        displaced = minimum.positions + at * modes.vectors[0]
        assert abs(pair_energy(displaced, minimum.diameters, minimum.box) - start - expected) < 1e-9


def test_the_density_of_states_counts_every_mode(minimum, modes):
    omega, count = modes.dos(shifts=50)
    eigenvalues = np.linalg.eigvalsh(minimum.hessian().toarray())
    np.testing.assert_array_equal(count, [(eigenvalues < w * w).sum() for w in omega])
    assert count[-1] == 200


def test_the_lowest_are_found_whatever_their_frequency(minimum, modes):
    three = glassmodes.soft_modes(minimum, lowest=3)
    np.testing.assert_allclose(three.omega, modes.omega[:3], rtol=1e-9)
    assert len(three.to_pandas()) == 3


def test_a_table_is_the_potential_whose_points_it_holds(minimum, tmp_path):
    # The paper's potential, by points 0.002 apart.
    c = (-28 / 1.25**12, 48 / 1.25**14, -21 / 1.25**16)
    x = np.linspace(0.65, 1.25, 301)
    value = x**-12.0 + c[0] + c[1] * x**2 + c[2] * x**4
    value[-1] = 0.0
    path = tmp_path / "table.txt"
    np.savetxt(path, np.column_stack([x, value]))
    table = glassmodes.Table(str(path), non_additivity=0.2)
    same = glassmodes.quench(minimum.positions, minimum.diameters, minimum.box, table)
    assert abs(same.energy() - minimum.energy()) < 1e-10
    moved = same.positions - minimum.positions
    assert np.abs(moved - minimum.box * np.round(moved / minimum.box)).max() < 1e-6
    assert abs(same.hessian() - minimum.hessian()).max() < 1e-4 * abs(minimum.hessian()).max()


def test_a_box_may_have_different_sides():
    sides = (14.0, 9.5)
    places = np.random.default_rng(4)
    positions = places.uniform(0.0, 1.0, (120, 2)) * sides
    minimum = glassmodes.quench(positions, places.uniform(0.8, 1.3, 120), sides)
    assert minimum.box == sides and "14 × 9.5" in repr(minimum)
    energy = pair_energy(minimum.positions, minimum.diameters, np.array(sides))
    assert abs(energy / 120 - minimum.energy()) < 1e-12
    eigenvalues = np.linalg.eigvalsh(minimum.hessian().toarray())
    modes = glassmodes.soft_modes(minimum, omega_max=2.0)
    np.testing.assert_allclose(modes.eigenvalues, eigenvalues[: len(modes.eigenvalues)], atol=1e-9)
    elastic = minimum.elastic_constants()
    wave_speed = np.sqrt((elastic.shear_modulus - minimum.pressure()) * 14.0 * 9.5 / 120)
    assert elastic.omega_phonon == pytest.approx(2 * np.pi / 14.0 * wave_speed, nan_ok=True)
    again = glassmodes.inherent_structure(minimum.positions, minimum.diameters, minimum.box)
    assert again.energy() == minimum.energy()
    with pytest.raises(ValueError, match=r"box has 3 sides, positions have 2 columns; accepted: one side, or 2"):
        glassmodes.quench(positions, minimum.diameters, (14.0, 9.5, 3.0))
